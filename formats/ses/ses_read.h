/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_SES_SES_READ_H
#define FORMATS_SES_SES_READ_H

#include "core/crypto/der_walk.h"
#include "formats/ses/ses.h"

/* What the readers of seals and of seal signatures share; private to formats/ses. */

/* A departure from the standard that is read all the same. */
enum ses_remark {
    REMARK_TYPE,           /* an item of another type */
    REMARK_EMPTY_ITEM,     /* in certList */
    REMARK_EXPLICIT_FALSE, /* critical FALSE written out */
    REMARK_BAD_TIME,       /* no readable time */
    REMARK_BAD_TEXT,       /* no UTF-8 */
    REMARK_TIMES,          /* out of order */
    REMARK_UNALIGNED,      /* unused bits in a BIT STRING of octets */
    REMARK_PICTURE,        /* of an unknown type */
    REMARK_VERSION,        /* does not fit the layout */
    REMARK_TEXT_TIME,      /* a time written as text */
    REMARK_EXTENSION,      /* one that nobody here knows */
    REMARK_TIME_FORM,      /* a time that is not written as DER wants it */
};

struct ses_reader {
    struct der_walk walk;
    struct findings *notes; /* may be NULL */
    bool of_seal;           /* else of a seal signature */
};

/* A reader for the items inside an element. */
struct ses_reader ses_into(const struct ses_reader *reader, const struct der *element);

void ses_note(const struct ses_reader *reader, enum ses_remark remark, const struct der *at,
              const char *item, const char *actual, const char *expected);

/* Notes an item whose type is not the expected one ("IA5String"). */
void ses_expect_type(const struct ses_reader *reader, const struct der *at, const char *item,
                     enum der_tag tag);

/* The next item, of a type that cannot be mistaken. */
MUST_CHECK enum rc ses_integer(struct ses_reader *reader, const char *item, int64_t *out,
                               struct err *err);
MUST_CHECK enum rc ses_oid(struct ses_reader *reader, const char *item, char out[64],
                           struct err *err);

/* Any string type; `tag` is the standard's.  The caller frees *out, which is valid UTF-8. */
MUST_CHECK enum rc ses_text(struct ses_reader *reader, const char *item, enum der_tag tag,
                            char **out, struct err *err);

/* UTCTime, GeneralizedTime or text; INSTANT_NONE and a note for one that is not readable. */
MUST_CHECK enum rc ses_time(struct ses_reader *reader, const char *item, enum der_tag tag,
                            instant *out, struct err *err);

/* A time of either type in any form; a form that is not that of DER is noted. */
bool ses_der_time(const struct ses_reader *reader, const struct der *element, const char *item,
                  instant *out);

/* A time written as text. */
bool ses_text_time(struct span text, instant *out);

/* A certificate in an OCTET STRING, or as it is. */
MUST_CHECK enum rc ses_cert(struct ses_reader *reader, const char *item, struct span *out,
                            struct err *err);

/* Octets of a BIT STRING; an OCTET STRING is taken with a note. */
MUST_CHECK enum rc ses_bits(struct ses_reader *reader, const char *item, struct span *out,
                            struct err *err);

/* [0] EXPLICIT BIT STRING of a timestamp, if it is there. */
MUST_CHECK enum rc ses_timestamp(struct ses_reader *reader, struct span *out, struct err *err);

/* Checks a SEQUENCE OF ExtData; *critical gets the first critical one that nobody knows. */
MUST_CHECK enum rc ses_extensions(const struct ses_reader *reader, const struct der *sequence,
                                  char critical[64], struct err *err);

#endif
