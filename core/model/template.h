/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_MODEL_TEMPLATE_H
#define CORE_MODEL_TEMPLATE_H

#include <regex.h>
#include <stdbool.h>

#include "core/base/cleanup.h"
#include "core/model/page.h"

/*
 * A licence type, ecert.template/1: read from <folder>/template.yaml, immutable
 * afterwards, shared by threads.  All strings belong to the template; NULL where
 * the file is silent.
 */
enum field_type {
    FIELD_TEXT,
    FIELD_DATE,     /* value yyyy-MM-dd, text by date_form */
    FIELD_DATE_END, /* a date, or 长期 for an open end */
    FIELD_USCC,
    FIELD_CITIZEN_ID,
    FIELD_NUMBER, /* licence number by pattern */
    FIELD_CODE,   /* one of codes */
    FIELD_MONEY,  /* digits with optional fraction, then the unit */
    FIELD_IMAGE,
};

/* What a field means to GB/T 36903; each role at most once a template, but ROLE_NONE. */
enum field_role {
    ROLE_NONE,
    ROLE_NUMBER,      /* ZZBH */
    ROLE_HOLDER,      /* CZZT */
    ROLE_HOLDER_CODE, /* CZZTDM */
    ROLE_ISSUER,      /* ZZBFJG; several joined by ^ */
    ROLE_ISSUER_CODE, /* ZZBFJGDM */
    ROLE_ISSUED,      /* ZZBFRQ */
    ROLE_VALID_FROM,  /* ZZYXQQSRQ */
    ROLE_VALID_UNTIL, /* ZZYXQJZRQ */
};

/* No field of role number, or an empty one: the holder's code is the licence number (ZZBH). */

enum date_form { DATE_ISO, DATE_ARABIC /* 2026年3月1日 */, DATE_HAN /* 二〇二六年三月一日 */ };
enum money_form { MONEY_DIGITS /* 100万元 */, MONEY_HAN /* 壹佰万元整 */ };

struct template_field {
    char *name, *short_name;
    enum field_type type;
    enum field_role role;
    bool required;
    long min_length, max_length; /* characters; 0: no limit */
    char *pattern;               /* POSIX extended regular expression over the whole value */
    regex_t *regex;              /* the pattern, compiled; NULL without one */
    char **codes;                /* NULL-terminated; FIELD_CODE */
    char **missing;              /* reasons that excuse a required field, NULL-terminated */
    enum date_form date_form;
    enum money_form money_form;
    bool disclose;  /* may a disclosure copy show it alone */
    char *constant; /* value where the record is silent */
};

enum rule_kind { RULE_DATE_ORDER, RULE_BIRTH_ID, RULE_REGION, RULE_MAX_YEARS };
struct template_rule {
    enum rule_kind kind;
    int fields[4]; /* indexes, -1 unused */
    long years;
    char *message_en, *message_zh;
};

enum text_align { ALIGN_LEFT, ALIGN_CENTRE, ALIGN_RIGHT, ALIGN_JUSTIFY };
enum text_valign { VALIGN_TOP, VALIGN_MIDDLE, VALIGN_BOTTOM };
enum text_overflow { OVERFLOW_ERROR, OVERFLOW_SHRINK };

struct template_text {
    int field;   /* -1: label */
    char *label; /* text as it is; may hold {field name} */
    struct box box;
    char *font;        /* role: song, hei, kai, fangsong */
    um size, min_size; /* min_size == size: never shrunk */
    um line_height;    /* 0: 1.5 × size */
    um spacing;        /* between characters */
    bool wrap;         /* several lines */
    enum text_align align;
    enum text_valign valign;
    enum text_overflow overflow;
    struct colour colour;
    long line; /* in the YAML file, for messages */
};

struct template_image {
    int field;  /* -1: the file below */
    char *file; /* in the template's folder */
    struct box box;
    long line;
};

enum shape_kind { SHAPE_BORDER /* plain ornamental frame */, SHAPE_LINE, SHAPE_RECT };
struct template_shape {
    enum shape_kind kind;
    struct box box;
    um line_width;
    struct colour colour;
};

struct template_qr {
    char *prefix; /* before the identifier; "" if none */
    struct box box;
};

struct template_seal {
    char *name, *role;
    char *issuer;   /* a field's name or a literal; NULL: nth_issuer decides */
    int nth_issuer; /* of those that ^ joins in the field of role issuer, from 1 */
    bool required;  /* where the record names that issuer; else the place stays optional */
    struct box box;
};

struct template_page {
    um width, height;
    char *background; /* picture file, or NULL */
    struct template_text *texts;
    size_t n_texts;
    struct template_image *images;
    size_t n_images;
    struct template_shape *shapes;
    size_t n_shapes;
    struct template_qr *codes;
    size_t n_codes;
    struct template_seal *seals;
    size_t n_seals;
};

struct template_face {
    char *id;
    struct template_page *pages;
    size_t n_pages;
};

struct template
{
    char *folder, *id;
    unsigned char sm3[32]; /* of template.yaml */
    char *type_name, *type_code, *type_code_confidence;
    char *definer_name, *definer_uscc;
    char *standard, *holder_category, *validity, *level, *retention;
    char *holder_code_type; /* 001, 111 … of GB/T 36903 annex A */
    char *issuer_level;     /* 国家级 … */
    enum { SERIAL_NUMBER /* the licence number's [0-9A-Z] */, SERIAL_DIGEST } serial;
    struct template_field *fields;
    size_t n_fields;
    struct template_rule *rules;
    size_t n_rules;
    struct template_face *faces; /* at least one; the first is issued */
    size_t n_faces;
};

/* Every fault is RC_USAGE with where "path:line:col". */
MUST_CHECK enum rc template_load(const char *folder, struct template **out, struct err *err);
/* The same from bytes; folder is where pictures are looked for. */
MUST_CHECK enum rc template_parse(struct span yaml, const char *folder, struct template **out,
                                  struct err *err);
void template_free(struct template *template);
CLEANUP_PTR(struct template, template_free);

/*
 * Finds the template's folder by id in folders (in order), or takes id as a path
 * when it holds a slash.  RC_USAGE names where it looked and what it saw there.
 */
MUST_CHECK enum rc template_find(const char *id, const char *const *folders, struct template **out,
                                 struct err *err);

int template_field(const struct template *template, const char *name);    /* -1: none */
int template_role(const struct template *template, enum field_role role); /* -1: none */

#endif
