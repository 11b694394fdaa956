/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_OFD_DIAGNOSE_PRIV_H
#define FORMATS_OFD_DIAGNOSE_PRIV_H

#include "core/crypto/cert.h"
#include "formats/ofd/ofd.h"

/* What the trials of diagnose.c look at.  Private to formats/ofd. */
enum { HOW_MAX = 200 };

/*
 * What one file may cost: each byte is digested some hundred times, so that without a
 * bound a package made for it would keep us for hours.  What is over is said not to have
 * been tried.
 */
struct diagnosis_budget {
    size_t bytes, references, values; /* left */
};
#define DIAGNOSIS_BUDGET ((struct diagnosis_budget){(size_t)64 << 20, 1000, 64})

/* Takes so many bytes; false, and none left for others, where there are no more. */
bool diagnosis_affords(struct diagnosis_budget *budget, size_t bytes);
/* What the trials of a digest over so many bytes count for. */
size_t diagnosis_cost(size_t bytes);

/* A value that does not verify. */
struct suspect {
    struct cert *cert;          /* whose it should be; NULL: it does not say */
    const struct certs *others; /* further certificates that came with the file */
    const char *algorithm;      /* OID or name */
    struct span value;
    struct span message;    /* what the standard has signed; data NULL: unknown */
    struct span attributes; /* of SignedData, header included; empty if none */
    struct span file;       /* the file that is to be protected, Signature.xml; data NULL: none */
    struct span stated;     /* the digest of it that stands inside; empty if none */
    char how[HOW_MAX];      /* filled in by the trial that fits */
};

/* Would the value verify over these bytes, by the standard's rules? */
bool suspect_good(const struct suspect *s, struct span message);

/* Trials: each asks one deviation alone. */
bool value_empty_id(struct suspect *s);
bool value_other_id(struct suspect *s);
bool value_no_za(struct suspect *s);
bool value_swapped(struct suspect *s);
bool value_little_endian(struct suspect *s);
bool value_encoding(struct suspect *s);
bool value_other_hash(struct suspect *s);
bool value_other_cert(struct suspect *s);
bool value_other_layout(struct suspect *s);
bool value_encoded_again(struct suspect *s);
bool value_attributes(struct suspect *s);
bool value_of_file(struct suspect *s);
bool value_of_signed_info(struct suspect *s);
bool value_of_stated(struct suspect *s);
bool value_of_digest(struct suspect *s);
bool value_of_digest_text(struct suspect *s);

/* Forms that the same text takes; false where it is in that form already. */
bool form_without_bom(struct span text, struct buf *out);
bool form_with_bom(struct span text, struct buf *out);
bool form_lf(struct span text, struct buf *out);
bool form_crlf(struct span text, struct buf *out);
bool form_without_declaration(struct span text, struct buf *out);
bool form_with_declaration(struct span text, struct buf *out);
bool form_with_declaration_line(struct span text, struct buf *out);
bool form_declaration_line(struct span text, struct buf *out);
bool form_end_cut(struct span text, struct buf *out);
bool form_end_newline(struct span text, struct buf *out);
bool form_end_crlf(struct span text, struct buf *out);
bool form_c14n(struct span text, struct buf *out);
bool form_c14n_comments(struct span text, struct buf *out);
bool form_c14n_exclusive(struct span text, struct buf *out);
bool form_dump(struct span text, struct buf *out);
bool form_dump_cut(struct span text, struct buf *out);
bool form_indented_cut(struct span text, struct buf *out);
bool form_indented(struct span text, struct buf *out);
bool form_namespace(struct span text, struct buf *out);
bool form_signed_info(struct span text, struct buf *out);

/* A digest that differs. */
struct digest_suspect {
    struct span bytes;       /* what it should be of */
    struct span packed;      /* the same as it lies in the package, empty if it is not packed */
    const char *text;        /* CheckValue as written, or NULL */
    struct span want;        /* the octets that stand there; empty when the text is no base64 */
    enum hash_alg alg;       /* what it should be, or SM3 where nobody knows */
    bool alg_known;          /* else, or when weak, every algorithm is tried */
    bool whole;              /* want is no digest but the bytes themselves */
    const struct cert *cert; /* the signer's, or NULL */
    char how[HOW_MAX];
};

/* Is the digest of these bytes what stands there? */
bool digest_good(const struct digest_suspect *q, struct span bytes);

bool digest_other_hash(struct digest_suspect *q);
bool digest_as_text(struct digest_suspect *q);
bool digest_of_digest(struct digest_suspect *q);
bool digest_with_za(struct digest_suspect *q);
bool digest_of_packed(struct digest_suspect *q);
bool digest_reversed(struct digest_suspect *q);

/* ---- diagnose.c: the tables of trials ---- */

/* Adds the finding that says which deviation fits, or that none does. */
void diagnose_value(struct suspect *s, struct place place, struct findings *findings);

/* The code of the deviation that fits, NULL for none. */
const char *diagnose_digest(struct digest_suspect *q);

/* The same for one digest, as a finding about the file `name`. */
void diagnose_content(struct digest_suspect *q, const char *name, struct place place,
                      struct findings *findings);

/* ---- diagnose_refs.c ---- */

struct ofd_case;
/* References of signature i that differ; `cert` is its signer's, or NULL.  True if there are any.
 */
bool diagnose_references(struct ofd_case *at, size_t i, const struct cert *cert,
                         struct diagnosis_budget *budget);

#endif
