/* SPDX-License-Identifier: Apache-2.0 */
/* JSON over jansson >= 2.14, chosen because it refuses duplicate keys, bad UTF-8 and deep nesting.
 */
#include "core/base/json.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#include "core/base/limits.h"
#include "core/base/mem.h"
#include "core/base/utf8.h"

/* struct js is never defined: it is json_t under a name that the rest of the program may know. */
static json_t *open_js(const struct js *js)
{
    union {
        const struct js *outside;
        json_t *inside;
    } value = {.outside = js};

    return value.inside;
}

static struct js *close_js(json_t *value)
{
    if (!value)
        abort(); /* jansson answers NULL for bad UTF-8, which callers have refused, and out of
                    memory */
    return (struct js *)value;
}

/* jansson allows 2,048 levels; ours come from one header. */
static bool is_deeper(const json_t *value, int levels)
{
    const char *key;
    json_t *member;
    size_t i;

    if (levels == 0)
        return true;
    if (json_is_array(value)) {
        json_array_foreach(value, i, member) if (is_deeper(member, levels - 1)) return true;
    } else if (json_is_object(value)) {
        void *iter = json_object_iter(open_js((const struct js *)value));

        for (; iter; iter = json_object_iter_next(open_js((const struct js *)value), iter)) {
            key = json_object_iter_key(iter);
            if (key && is_deeper(json_object_iter_value(iter), levels - 1))
                return true;
        }
    }
    return false;
}

/* Excel and old systems write GB18030: say so, instead of naming a byte that nobody can see. */
static enum rc refuse_encoding(struct span text, size_t bad, struct err *err)
{
    int line = 1;

    for (size_t i = 0; i < bad; i++)
        line += text.data[i] == '\n';
    (void)err_find(err, "FLD001", RC_INPUT,
                   "RFC 8259 8.1: not UTF-8; a file in GB18030 is converted by: "
                   "iconv -f GB18030 -t UTF-8 FILE");
    return err_at(err, ":%d", line);
}

enum rc js_parse(struct span text, struct js **out, struct err *err)
{
    json_error_t fault;
    json_t *value = json_loadb((const char *)text.data, text.len,
                               JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &fault);

    if (!value) {
        size_t bad = utf8_check(text);

        if (bad < text.len)
            return refuse_encoding(text, bad, err);
        (void)err_find(err, "FLD001", RC_INPUT, "RFC 8259: not JSON: %s", fault.text);
        return err_at(err, ":%d:%d", fault.line, fault.column);
    }
    if (is_deeper(value, LIMIT_JSON_DEPTH)) {
        json_decref(value);
        return err_find(err, "FLD001", RC_INPUT, "JSON is nested deeper than %d", LIMIT_JSON_DEPTH);
    }
    *out = close_js(value);
    return RC_OK;
}

void js_free(struct js *js)
{
    json_decref((json_t *)js);
}

enum js_kind js_kind(const struct js *js)
{
    switch (js ? json_typeof(open_js(js)) : JSON_NULL) {
    case JSON_OBJECT:
        return JS_OBJECT;
    case JSON_ARRAY:
        return JS_ARRAY;
    case JSON_STRING:
        return JS_STRING;
    case JSON_INTEGER:
        return JS_INTEGER;
    case JSON_REAL:
        return JS_REAL;
    case JSON_TRUE:
    case JSON_FALSE:
        return JS_BOOL;
    case JSON_NULL:
        break;
    }
    return JS_NULL;
}

const struct js *js_get(const struct js *object, const char *key)
{
    return (const struct js *)(object ? json_object_get(open_js(object), key) : NULL);
}

const struct js *js_at(const struct js *array, size_t i)
{
    return (const struct js *)(array ? json_array_get(open_js(array), i) : NULL);
}

size_t js_len(const struct js *js)
{
    if (js_kind(js) == JS_OBJECT)
        return json_object_size(open_js(js));
    return js_kind(js) == JS_ARRAY ? json_array_size(open_js(js)) : 0;
}

const char *js_text(const struct js *string)
{
    return string ? json_string_value(open_js(string)) : NULL;
}

int64_t js_integer(const struct js *integer)
{
    return integer ? json_integer_value(open_js(integer)) : 0;
}

bool js_bool(const struct js *boolean)
{
    return boolean && json_is_true(open_js(boolean));
}

const char *js_get_text(const struct js *object, const char *key)
{
    return js_text(js_get(object, key));
}

static struct js_member member_of(const struct js *object, void *iter)
{
    if (!iter)
        return (struct js_member){.key = NULL};
    return (struct js_member){.key = json_object_iter_key(iter),
                              .value = (const struct js *)json_object_iter_value(iter),
                              .object = object,
                              .iter = iter};
}

struct js_member js_first(const struct js *object)
{
    return member_of(object,
                     js_kind(object) == JS_OBJECT ? json_object_iter(open_js(object)) : NULL);
}

struct js_member js_next(struct js_member member)
{
    return member_of(member.object, json_object_iter_next(open_js(member.object), member.iter));
}

struct js *js_object(void)
{
    return close_js(json_object());
}

struct js *js_array(void)
{
    return close_js(json_array());
}

struct js *js_string(const char *text)
{
    return text ? close_js(json_string(text)) : js_null();
}

struct js *js_string_n(const char *text, size_t n)
{
    return close_js(json_stringn(text, n));
}

struct js *js_number(int64_t value)
{
    return close_js(json_integer(value));
}

struct js *js_real(double value)
{
    return close_js(json_real(value));
}

struct js *js_boolean(bool value)
{
    return close_js(json_boolean(value));
}

struct js *js_null(void)
{
    return close_js(json_null());
}

struct js *js_copy(const struct js *js)
{
    return close_js(json_deep_copy(open_js(js)));
}

void js_set(struct js *object, const char *key, struct js *value)
{
    if (json_object_set_new((json_t *)object, key, (json_t *)value) != 0)
        abort();
}

void js_push(struct js *array, struct js *value)
{
    if (json_array_append_new((json_t *)array, (json_t *)value) != 0)
        abort();
}

struct sink {
    struct buf *out;
    struct err *err;
};

static int pour(const char *bytes, size_t n, void *sink)
{
    return buf_add(((struct sink *)sink)->out, bytes, n, ((struct sink *)sink)->err) == RC_OK ? 0
                                                                                              : -1;
}

static enum rc dump(const struct js *js, size_t flags, struct buf *out, struct err *err)
{
    struct sink sink = {out, err};

    if (json_dump_callback(open_js(js), pour, &sink, flags | JSON_ENCODE_ANY) != 0)
        return err->code != RC_OK ? err->code : err_set(err, RC_BUG, "cannot write JSON");
    return RC_OK;
}

enum rc js_print(const struct js *js, bool pretty, struct buf *out, struct err *err)
{
    return dump(js, (pretty ? JSON_INDENT(2) : JSON_COMPACT) | JSON_REAL_PRECISION(15), out, err);
}

/* ---- canonical: written by ourselves, for jansson's sorting and callbacks cost three times this
 */

static enum rc fail_canonical(struct err *err)
{
    return err_find(err, "FLD002", RC_INPUT,
                    "canonical JSON holds no control characters and no fractions");
}

static enum rc put_text(const char *text, size_t n, struct buf *out, struct err *err)
{
    size_t from = 0;

    TRY(buf_add(out, "\"", 1, err));
    for (size_t i = 0; i < n; i++) {
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            return fail_canonical(err);
        if (text[i] != '"' && text[i] != '\\')
            continue;
        TRY(buf_add(out, text + from, i - from, err));
        TRY(buf_add(out, "\\", 1, err));
        from = i;
    }
    TRY(buf_add(out, text + from, n - from, err));
    return buf_add(out, "\"", 1, err);
}

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct js_member *)a)->key, ((const struct js_member *)b)->key);
}

static enum rc put_object(const struct js *object, struct buf *out, struct err *err)
{
    CLEANUP(freep) struct js_member *members = mem_zero(js_len(object), sizeof(*members));
    size_t n = 0;

    for (struct js_member m = js_first(object); m.key; m = js_next(m))
        members[n++] = m;
    qsort(members, n, sizeof(*members), by_key);
    TRY(buf_add(out, "{", 1, err));
    for (size_t i = 0; i < n; i++) {
        if (i)
            TRY(buf_add(out, ",", 1, err));
        TRY(put_text(members[i].key, strlen(members[i].key), out, err));
        TRY(buf_add(out, ":", 1, err));
        TRY(js_canonical(members[i].value, out, err));
    }
    return buf_add(out, "}", 1, err);
}

static enum rc put_array(const struct js *array, struct buf *out, struct err *err)
{
    TRY(buf_add(out, "[", 1, err));
    for (size_t i = 0; i < js_len(array); i++) {
        if (i)
            TRY(buf_add(out, ",", 1, err));
        TRY(js_canonical(js_at(array, i), out, err));
    }
    return buf_add(out, "]", 1, err);
}

enum rc js_canonical(const struct js *js, struct buf *out, struct err *err)
{
    switch (js_kind(js)) {
    case JS_OBJECT:
        return put_object(js, out, err);
    case JS_ARRAY:
        return put_array(js, out, err);
    case JS_STRING:
        return put_text(js_text(js), json_string_length(open_js(js)), out, err);
    case JS_INTEGER:
        return buf_addf(out, err, "%" PRId64, js_integer(js));
    case JS_BOOL:
        return buf_puts(out, js_bool(js) ? "true" : "false", err);
    case JS_NULL:
        return buf_puts(out, "null", err);
    case JS_REAL:
        break;
    }
    return fail_canonical(err);
}

enum rc js_canonical_text(const char *text, struct buf *out, struct err *err)
{
    return put_text(text, strlen(text), out, err);
}

enum rc js_canonical_texts(const char *const *texts, size_t n, struct buf *out, struct err *err)
{
    for (size_t i = 0; i < n; i++) {
        TRY(buf_add(out, i ? "," : "[", 1, err));
        if (texts[i])
            TRY(js_canonical_text(texts[i], out, err));
        else
            TRY(buf_puts(out, "null", err));
    }
    return buf_puts(out, n ? "]" : "[]", err);
}
