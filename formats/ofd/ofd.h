/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_OFD_OFD_H
#define FORMATS_OFD_OFD_H

#include "core/crypto/hash.h"
#include "core/model/coverage.h"
#include "core/model/finding.h"
#include "core/model/licence.h"
#include "core/model/page.h"
#include "formats/zipfile.h"

/*
 * An OFD file (GB/T 33190-2016) as it was received: what verify, show, seal and the
 * converters ask about.  Everything is found by links and nothing by name, children
 * in any order, any namespace of OFD.  What a link names and the package lacks is
 * member -1.  Strings are the struct's own; NULL where the file is silent.
 */
#define OFD_NO_MEMBER (-1L)

struct ofd_text { /* a text object */
    unsigned id;  /* ST_ID, 0 for none */
    struct box box;
    um size;
    char *text; /* of all its TextCodes, line breaks removed */
    bool odd;   /* may not look as its text reads: hidden, see-through, clipped, other glyphs */
    bool named; /* a field refers to it */
};

struct ofd_page { /* a page or a template page */
    unsigned id;
    long member;
    struct box box;      /* PhysicalBox: its own, else the document's; w 0: none given */
    unsigned *templates; /* IDs of the template pages under it */
    size_t n_templates;
    struct ofd_text *texts; /* in document order */
    size_t n_texts;
    size_t *by_id;    /* indexes of texts, sorted by ID */
    unsigned *others; /* IDs of its pictures, paths and composite objects, sorted */
    size_t n_others;
    struct xmldoc *kept; /* Content.xml, only where the opening keeps */
    char *z_order;       /* of a template page; NULL: Background */
};

struct ofd_font {
    unsigned id;
    char *name, *family;
    bool embedded;
    long member;
};

struct ofd_media {
    unsigned id;
    char *type, *format;
    long member;
};

struct ofd_annotation {
    unsigned page_id;
    char *type, *subtype, *creator;
    long member; /* the part that holds it */
};

struct ofd_attachment {
    char *id, *name, *format;
    bool visible;
    long member;
};

/* A field of a custom tag file: an element whose ObjectRefs lead to text objects. */
struct ofd_field {
    char *name;
    char *text;        /* of all the objects, in reading order; "" if none was found */
    int page;          /* from 1, of the first object; 0: nowhere */
    struct box box;    /* of the first object */
    size_t n_objects;  /* found */
    size_t n_lost;     /* referred to, but not on the page */
    size_t n_elements; /* of that name in the tag file, that refer to something */
    unsigned picture;  /* the first object referred to that is no text; 0: none */
    int picture_page;  /* from 1 */
    char *own;         /* text that the element itself holds; NULL: none */
};

/* A part kept as it was parsed. */
struct ofd_kept {
    unsigned page_id; /* of annotations */
    long member;
    struct xmldoc *doc;
};

struct ofd_version {
    char *id, *index;
    bool current;
    long member;   /* DocVersion part */
    long document; /* what its DocRoot names */
};

struct ofd_reference {
    char *loc;  /* FileRef as written */
    char *name; /* resolved; NULL when it leaves the package */
    long member;
    char *check_value; /* base64; NULL when the element is missing */
    long line;
};

struct ofd_stamp_annot {
    char *id;
    unsigned page_id;
    int page; /* from 1; 0: no such page */
    struct box box, clip;
    bool clipped;
};

struct ofd_signature { /* an entry of Signatures.xml and its Signature.xml */
    char *id, *type, *relative, *base_loc;
    long xml;         /* member Signature.xml */
    char *xml_name;   /* what BaseLoc resolves to; NULL when it leaves the package */
    struct err fault; /* code RC_OK: Signature.xml was read */
    char *provider, *provider_version, *company, *method, *date_time;
    char *check_method; /* NULL: the attribute is missing (the schema's default is MD5) */
    bool has_references;
    struct ofd_reference *references;
    size_t n_references;
    struct ofd_stamp_annot *stamps;
    size_t n_stamps;
    char *seal_loc, *value_loc; /* as written; NULL: no such element */
    long seal, value;
};

/* What a member is to the document. */
enum ofd_use {
    OFD_UNUSED,    /* nothing links to it */
    OFD_USED,      /* the document is made of it, or could show it */
    OFD_LIST,      /* Signatures.xml */
    OFD_SIGNATURE, /* Signature.xml of a listed signature */
    OFD_VALUE,     /* its signed value */
    OFD_SEAL,      /* its Seal.esl */
    OFD_STRAY,     /* looks like part of a signature that no list names */
    OFD_ENTRIES,   /* OFDEntries.xml of GM/T 0099 and the value over it */
};

/* A member that was packed and checked before, to be known again by its packed bytes. */
struct ofd_known {
    const struct packed *packed;
    struct xmldoc *xml; /* what it says, where it is XML and was parsed; else NULL */
};

struct ofd_part {
    enum ofd_use use;
    const struct ofd_known *known; /* lies here just so; or NULL */
    bool has_sm3;
    unsigned char sm3[SM3_LEN];
    enum part_kind kind;
    struct ofd_met *met; /* met in an earlier package, held; or NULL */
};

struct ofd_seen;
struct ofd_met;

struct ofd {
    struct zipfile *zip;    /* own */
    struct ofd_part *parts; /* one for each member */
    char *version, *doc_type;
    char *doc_id, *title, *author, *subject, *abstract, *creator, *creator_version, *created,
        *modified;
    struct pair *custom; /* CustomDatas in file order */
    size_t n_custom;
    struct ofd_version *versions;
    size_t n_versions;
    long document; /* Document.xml, by DocRoot */
    long max_unit_id;
    struct box area; /* PhysicalBox of CommonData */
    struct ofd_page *pages;
    size_t n_pages;
    struct ofd_page *templates; /* by ID */
    size_t n_templates;
    struct ofd_font *fonts;
    size_t n_fonts;
    struct ofd_media *media;
    size_t n_media;
    struct ofd_annotation *annotations;
    size_t n_annotations;
    struct ofd_attachment *attachments;
    size_t n_attachments;
    struct ofd_field *fields;
    size_t n_fields;
    bool names_list; /* OFD.xml has an element Signatures */
    char *list_name; /* member it resolves to; NULL: none, or it leaves the package */
    long list;
    struct ofd_signature *signatures;
    size_t n_signatures;
    long max_sign_id;  /* largest number in MaxSignId, signature and stamp IDs; 0: none */
    bool encrypted;    /* Encryptions.xml of GM/T 0099 is there */
    size_t parsed;     /* bytes of XML and what they cost, against LIMIT_XML_TOTAL */
    size_t n_refs;     /* ObjectRefs of all tag files */
    size_t tagged;     /* bytes of the texts that fields took, against LIMIT_TAGGED */
    size_t *order;     /* indexes of pages, sorted by ID */
    enum rc damaged;   /* RC_INPUT: a part could not be read; findings say which */
    long declared_max; /* MaxSignId, the largest where there are several; -1: none */
    bool keeps;        /* ofd_opening.keeps: pages hold their XML, and these are filled */
    struct ofd_kept *resources, *annotation_parts;
    size_t n_resources, n_annotation_parts;
    struct ofd_seen *seen; /* what earlier packages held; borrowed, NULL: nothing is remembered */
};

/*
 * Opens a package and reads all that the document is made of.  bytes are borrowed
 * until ofd_free.  Refused (RC_INPUT) is what ofd cannot be judged at all: the
 * container, OFD.xml, more or less than one DocBody, Document.xml, the signature
 * list; other parts that cannot be read are findings and `damaged`.
 */
MUST_CHECK enum rc ofd_open(struct span bytes, struct ofd **out, struct findings *findings,
                            struct err *err);
/*
 * The same, where some members may be known: what lies in the package exactly as one
 * of these is neither unpacked nor parsed nor digested again.  All is borrowed until
 * ofd_free.  Used for the constant parts of a batch.
 */
struct ofd_opening {
    const struct ofd_known *known;
    size_t n_known;
    struct ofd_seen *seen; /* members of earlier packages, see ofd_seen.h; NULL: none */
    bool keeps; /* what pages, annotations and resources say is kept: to look at what is drawn */
};
MUST_CHECK enum rc ofd_open_with(struct lazy *file, const struct ofd_opening *how, struct ofd **out,
                                 struct findings *findings, struct err *err);
void ofd_free(struct ofd *ofd);
CLEANUP_PTR(struct ofd, ofd_free);

/*
 * Where an ST_Loc leads (GB/T 33190 7.3): a leading "/" is the package root, else it is
 * relative to the folder of the part `from` that holds it.  NULL when it is empty or
 * leaves the package.  The caller frees.
 */
char *ofd_resolve(const char *from, const char *loc);

const char *ofd_custom(const struct ofd *ofd, const char *name); /* a CustomData, or NULL */
const struct ofd_attachment *ofd_attachment(const struct ofd *ofd, const char *name);
const struct ofd_page *ofd_page_by_id(const struct ofd *ofd, unsigned id); /* NULL: none */
/* The first text object of that ID, right on the page; NULL: none. */
struct ofd_text *ofd_page_text(const struct ofd_page *page, unsigned id);
bool ofd_page_has_other(const struct ofd_page *page, unsigned id);
const struct ofd_page *ofd_template_by_id(const struct ofd *ofd, unsigned id); /* NULL: none */
int ofd_page_number(const struct ofd *ofd, unsigned id);                       /* from 1; 0: none */
const struct ofd_field *ofd_field(const struct ofd *ofd, const char *name);
const char *ofd_name(const struct ofd *ofd, long member); /* "" for OFD_NO_MEMBER */

/* The digest of a member's bytes; of a large one a piece at a time. */
MUST_CHECK enum rc ofd_digest(struct ofd *ofd, long member, enum hash_alg alg, struct hash *out,
                              struct err *err);
/* SM3 of a member's bytes, computed once. */
MUST_CHECK enum rc ofd_sm3(struct ofd *ofd, long member, const unsigned char **out,
                           struct err *err);

#endif
