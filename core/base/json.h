/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_BASE_JSON_H
#define CORE_BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/cleanup.h"

/*
 * A JSON value, over jansson.  Names start with js_ because json_ is the library's.
 *
 * Reading is strict: UTF-8 (RFC 8259), no duplicate keys, no trailing bytes,
 * bounded depth.  Objects keep the order in which keys were added.
 */
struct js;

enum js_kind { JS_NULL, JS_BOOL, JS_INTEGER, JS_REAL, JS_STRING, JS_ARRAY, JS_OBJECT };

/* What does not parse is RC_INPUT with where = ":line:column".  The caller frees *out. */
MUST_CHECK enum rc js_parse(struct span text, struct js **out, struct err *err);
void js_free(struct js *js);
CLEANUP_PTR(struct js, js_free);

enum js_kind js_kind(const struct js *js); /* JS_NULL for NULL too */

/* Borrowed from js.  The member or element that is not there, or of a value of another kind, is
 * NULL. */
const struct js *js_get(const struct js *object, const char *key);
const struct js *js_at(const struct js *array, size_t i);
size_t js_len(const struct js *array_or_object);
const char *js_text(const struct js *string); /* NUL-terminated UTF-8, without NUL inside */
int64_t js_integer(const struct js *integer); /* 0 for another kind */
bool js_bool(const struct js *boolean);       /* false for another kind */
const char *js_get_text(const struct js *object, const char *key);

/* Members in order: for (struct js_member m = js_first(o); m.key; m = js_next(m)) */
struct js_member {
    const char *key;
    const struct js *value;
    const struct js *object; /* private, as is iter */
    void *iter;
};
struct js_member js_first(const struct js *object);
struct js_member js_next(struct js_member member);

/* Building.  The makers cannot fail on valid UTF-8; js_string(NULL) makes null. */
struct js *js_object(void);
struct js *js_array(void);
struct js *js_string(const char *text);
struct js *js_string_n(const char *text, size_t n);
struct js *js_number(int64_t value);
struct js *js_real(double value); /* finite; printed with at most 15 digits */
struct js *js_boolean(bool value);
struct js *js_null(void);
struct js *js_copy(const struct js *js); /* deep */

/* Take the value, also when they fail, which a valid container never makes them. */
void js_set(struct js *object, const char *key, struct js *value);
void js_push(struct js *array, struct js *value);

/*
 * Canonical JSON of data-formats: keys sorted by bytes, no spaces, no newline.
 * RC_INPUT for a real number or a control character in a string.
 */
MUST_CHECK enum rc js_canonical(const struct js *js, struct buf *out, struct err *err);
/* The same of one text, which must be UTF-8. */
MUST_CHECK enum rc js_canonical_text(const char *text, struct buf *out, struct err *err);
/* The same of an array of such texts; NULL is null. */
MUST_CHECK enum rc js_canonical_texts(const char *const *texts, size_t n, struct buf *out,
                                      struct err *err);

/* In insertion order: on one line, or indented by two spaces.  No newline at the end. */
MUST_CHECK enum rc js_print(const struct js *js, bool pretty, struct buf *out, struct err *err);

#endif
