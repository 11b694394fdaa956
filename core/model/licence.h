/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_MODEL_LICENCE_H
#define CORE_MODEL_LICENCE_H

#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/crypto/hash.h"
#include "core/model/finding.h"
#include "core/model/template.h"

/* Metadata of GB/T 36903 by short name, as CustomDatas and licence.json carry them. */
struct pair {
    char *key, *value;
};

struct licence_field {
    char *name, *short_name;
    char *value;         /* canonical: dates yyyy-MM-dd, open end 长期; a picture's SM3 in hex */
    char *text;          /* what the face prints; "" where nothing */
    char *missing;       /* reason for which a value is missing, NULL for none */
    struct span picture; /* FIELD_IMAGE: the file, its own or borrowed from photo; else empty */
    unsigned char *picture_file; /* what picture points to, where it is its own */
};

struct seal_place {
    char *name, *role;
    char *issuer; /* "" where the record names none */
    bool required;
    int page; /* from 1 */
    struct box box;
};

/* What is issued, before it has a page or a package: data-formats "Inside a licence". */
struct licence {
    const struct template *template; /* borrowed; NULL for a licence read back */
    char *identifier;
    char *type_code, *type_name;
    char *template_id, *template_sm3;
    struct pair *metadata; /* in the order of licence-standards 2.1 */
    size_t n_metadata;
    struct licence_field *fields; /* one for each of the template's, in its order; may be empty */
    size_t n_fields;
    struct seal_place *seal_places;
    size_t n_seal_places;
    int seals_required;
    char *replaces; /* identifier of the version before, or NULL */
    char *origin;   /* "issued" or "converted" */
    char made[11];
};
void licence_free(struct licence *licence);
CLEANUP_PTR(struct licence, licence_free);

const char *licence_metadata(const struct licence *licence, const char *short_name); /* or NULL */

/* Is text a form in which a face may print that value: itself, a date, an amount, a list? */
bool licence_prints(const char *value, const char *text);

struct issue_options {
    const struct template_face *face; /* what is drawn; NULL: the template's first */
    const char
        *serial; /* NULL: by the template's rule; "auto": 20 random characters; else as given */
    int version; /* 1 for a first issue */
    instant issued_at; /* document date; the record's own dates win */
};

/*
 * Makes a licence of a record (a JSON object of field name → value).  A record that
 * breaks the template is RC_NO with one finding per field in findings; nothing is
 * made then.  photo: the picture for the template's image fields that the record
 * does not give, empty if none.
 */
MUST_CHECK enum rc licence_make(const struct template *template, const struct js *record,
                                struct span photo, const struct issue_options *options,
                                struct licence **out, struct findings *findings, struct err *err);

/* licence.json, canonical. */
MUST_CHECK enum rc licence_json(const struct licence *licence, struct buf *out, struct err *err);
/* Reads a licence.json back; unknown keys are kept out, a wrong schema is RC_INPUT (FLD…). */
MUST_CHECK enum rc licence_parse(struct span json, struct licence **out, struct err *err);

/*
 * digests.json and salts.json.  salt_key NULL: salts at random; else HMAC-SM3 of
 * identifier and name under that key, so that a run can be repeated.
 */
MUST_CHECK enum rc licence_digests(const struct licence *licence, const struct span *salt_key,
                                   struct buf *digests, struct buf *salts, struct err *err);

/* Does digests.json hold exactly the digests of licence's fields and salts?  Findings say what not.
 */
MUST_CHECK enum rc licence_check_digests(const struct licence *licence, struct span digests,
                                         struct span salts, struct findings *findings,
                                         struct err *err);

#endif
