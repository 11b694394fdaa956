/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_BASE_LIMITS_H
#define CORE_BASE_LIMITS_H

/*
 * Every size that comes from an input meets one of these before memory is asked
 * for.  A licence is a page or two with fonts; the largest real OFD seen has
 * 1.5 MB, the largest scanned one some 20 MB.
 */
#define LIMIT_PACKAGE ((size_t)256 << 20)          /* one OFD file, as it lies on disk */
#define LIMIT_PACKAGE_MEMBERS 20000                /* files in a package */
#define LIMIT_PACKAGE_UNPACKED ((size_t)384 << 20) /* all members unpacked together */
#define LIMIT_MEMBER ((size_t)256 << 20)           /* one member unpacked */
#define LIMIT_MEMBER_RATIO 1100               /* deflate cannot do better than 1032:1 honestly */
#define LIMIT_PACKAGE_RATIO 100               /* all members to the file, beyond the next line */
#define LIMIT_PACKAGE_FREE ((size_t)64 << 20) /* this much may unpack from however little */
#define LIMIT_MEMBER_NAME 1024                /* bytes of a member's name */
#define LIMIT_XML ((size_t)64 << 20)          /* one XML part */
#define LIMIT_XML_TOTAL ((size_t)128 << 20)   /* all XML parsed of one package, repeats counted */
#define LIMIT_TAGGED ((size_t)16 << 20)       /* texts that fields take, repeats counted */
#define LIMIT_SCENE ((size_t)1 << 20)         /* drawn objects looked at in one file */
#define LIMIT_PAGE_TEMPLATES 16               /* template pages under one page */
#define LIMIT_XML_DEPTH 256                   /* libxml2's own default; OFD needs about 12 */
#define LIMIT_XML_NODES 2000000               /* elements of one part; a page of text has 2,000 */
#define LIMIT_XML_ATTRIBUTES 256              /* of one element; OFD has 20 at most */
#define LIMIT_XML_NAMESPACES 256              /* in force at one place; OFD needs two */
#define LIMIT_SIGNED_VALUE ((size_t)16 << 20) /* a seal with its picture is 20 to 300 kB */
#define LIMIT_SIGNATURES 200                  /* signatures in one package; two are usual */
#define LIMIT_DER_DEPTH 64                    /* nesting of a value or certificate */
#define LIMIT_CERT ((size_t)256 << 10)        /* one certificate */
#define LIMIT_CRL ((size_t)64 << 20)          /* one revocation list; 100,000 entries are 4 MB */
#define LIMIT_OCSP ((size_t)1 << 20)          /* one OCSP response; with certificates 2 to 5 kB */
#define LIMIT_KEY_FILE ((size_t)1 << 20)
#define LIMIT_PIN 1024
#define LIMIT_CONFIG ((size_t)1 << 20) /* YAML: configuration, template, mapping */
#define LIMIT_YAML_DEPTH 64
#define LIMIT_RECORD ((size_t)8 << 20) /* one JSON record */
#define LIMIT_JSON_DEPTH 64
#define LIMIT_FIELDS 1000                /* fields of a template or record */
#define LIMIT_PICTURE ((size_t)32 << 20) /* a picture file */
#define LIMIT_PICTURE_PIXELS ((size_t)100 << 20)
#define LIMIT_FONT ((size_t)128 << 20) /* a font file; Noto CJK is 19 to 28 MB */
#define LIMIT_PAGES 10000
#define LIMIT_FACTS ((size_t)64 << 20) /* ecert.facts/1: a line, with the name of every member */
#define LIMIT_LINE ((size_t)1 << 20)   /* a line of a journal or list of files */

#endif
