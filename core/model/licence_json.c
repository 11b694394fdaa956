/* SPDX-License-Identifier: Apache-2.0 */
/* licence.json, ecert.licence/1 of data-formats.md: writing and reading back. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/limits.h"
#include "core/base/mem.h"
#include "core/model/licence.h"

#define SCHEMA "ecert.licence/1"

/* ---- writing: canonical at once, so keys stand in the order of their bytes ---- */

/* What stands before a text, and the text or null. */
static enum rc put_text(struct buf *out, const char *before, const char *text, struct err *err)
{
    TRY(buf_puts(out, before, err));
    return text ? js_canonical_text(text, out, err) : buf_puts(out, "null", err);
}

static int by_name(const void *a, const void *b)
{
    const struct licence_field *const *x = a, *const *y = b;

    return strcmp((*x)->name, (*y)->name);
}

static enum rc put_fields(const struct licence *licence, struct buf *out, struct err *err)
{
    size_t n = licence->n_fields;
    CLEANUP(freep)
    const struct licence_field **sorted = mem_zero(n, sizeof(struct licence_field *));

    for (size_t i = 0; i < n; i++)
        sorted[i] = &licence->fields[i];
    qsort(sorted, n, sizeof(struct licence_field *), by_name);
    for (size_t i = 0; i < n; i++) {
        TRY(put_text(out, i ? "," : "", sorted[i]->name, err));
        TRY(buf_puts(out, ":{", err));
        if (sorted[i]->missing) {
            TRY(put_text(out, "\"missing\":", sorted[i]->missing, err));
            TRY(buf_puts(out, ",", err));
        }
        TRY(put_text(out, "\"short\":", sorted[i]->short_name, err));
        TRY(put_text(out, ",\"text\":", sorted[i]->text, err));
        TRY(put_text(out, ",\"value\":", sorted[i]->value, err));
        TRY(buf_puts(out, "}", err));
    }
    return RC_OK;
}

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct pair *)a)->key, ((const struct pair *)b)->key);
}

static enum rc put_metadata(const struct licence *licence, struct buf *out, struct err *err)
{
    size_t n = licence->n_metadata;
    CLEANUP(freep) struct pair *sorted = mem_copy(licence->metadata, n * sizeof(*sorted));

    qsort(sorted, n, sizeof(*sorted), by_key);
    for (size_t i = 0; i < n; i++) {
        TRY(put_text(out, i ? "," : "", sorted[i].key, err));
        TRY(put_text(out, ":", sorted[i].value, err));
    }
    return RC_OK;
}

static enum rc put_places(const struct licence *licence, struct buf *out, struct err *err)
{
    for (size_t i = 0; i < licence->n_seal_places; i++) {
        const struct seal_place *place = &licence->seal_places[i];
        const struct box *box = &place->box;

        TRY(buf_addf(
            out, err, "%s{\"box\":[%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 "],\"issuer\":",
            i ? "," : "", (int64_t)box->x, (int64_t)box->y, (int64_t)box->w, (int64_t)box->h));
        TRY(put_text(out, "", place->issuer, err));
        TRY(put_text(out, ",\"name\":", place->name, err));
        TRY(buf_addf(out, err, ",\"page\":%d,\"required\":%s,\"role\":", place->page,
                     place->required ? "true" : "false"));
        TRY(put_text(out, "", place->role, err));
        TRY(buf_puts(out, "}", err));
    }
    return RC_OK;
}

enum rc licence_json(const struct licence *licence, struct buf *out, struct err *err)
{
    TRY(buf_puts(out, "{\"fields\":{", err));
    TRY(put_fields(licence, out, err));
    TRY(put_text(out, "},\"identifier\":", licence->identifier, err));
    TRY(put_text(out, ",\"made\":", licence->made, err));
    TRY(buf_puts(out, ",\"metadata\":{", err));
    TRY(put_metadata(licence, out, err));
    TRY(put_text(out, "},\"origin\":", licence->origin, err));
    TRY(put_text(out, ",\"replaces\":", licence->replaces, err));
    TRY(buf_puts(out, ",\"schema\":\"" SCHEMA "\",\"seal_places\":[", err));
    TRY(put_places(licence, out, err));
    TRY(buf_addf(out, err, "],\"seals_required\":%d", licence->seals_required));
    TRY(put_text(out, ",\"template\":{\"id\":", licence->template_id, err));
    TRY(put_text(out, ",\"sm3\":", licence->template_sm3, err));
    TRY(put_text(out, "},\"type\":{\"code\":", licence->type_code, err));
    TRY(put_text(out, ",\"name\":", licence->type_name, err));
    return buf_puts(out, "}}", err);
}

/* ---- reading ---- */

static enum rc bad(struct err *err, const char *what)
{
    return err_find(err, "FLD004", RC_INPUT, "ecert.licence/1: %s: missing or of another kind",
                    what);
}

static enum rc need_text(const struct js *object, const char *key, char **out, struct err *err)
{
    const char *text = js_get_text(object, key);

    if (!text)
        return bad(err, key);
    *out = mem_text(text);
    return RC_OK;
}

static enum rc need_count(const struct js *object, const char *key, int *out, struct err *err)
{
    const struct js *value = js_get(object, key);

    if (js_kind(value) != JS_INTEGER || js_integer(value) < 0 || js_integer(value) > LIMIT_PAGES)
        return bad(err, key);
    *out = (int)js_integer(value);
    return RC_OK;
}

/* Canonical JSON sorts by bytes; metadata go back into the order of GB/T 36903. */
static enum rc read_metadata(const struct js *metadata, struct licence *licence, struct err *err)
{
    static const char *const order[] = {
        "ZZMC",   "ZZBS", "ZZLXDM", "ZZBH",     "ZZBFJG",     "ZZBFJGDM",  "ZZBFJGJB",
        "ZZBFRQ", "CZZT", "CZZTDM", "CZZTDMLX", "CZZTDMLXDM", "ZZYXQQSRQ", "ZZYXQJZRQ",
    };

    if (js_kind(metadata) != JS_OBJECT)
        return bad(err, "metadata");
    licence->metadata = mem_zero(sizeof(order) / sizeof(*order), sizeof(*licence->metadata));
    for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++) {
        const struct js *value = js_get(metadata, order[i]);

        if (!value)
            continue;
        if (!js_text(value))
            return bad(err, order[i]);
        licence->metadata[licence->n_metadata++] =
            (struct pair){.key = mem_text(order[i]), .value = mem_text(js_text(value))};
    }
    return RC_OK;
}

static enum rc read_fields(const struct js *fields, struct licence *licence, struct err *err)
{
    if (js_kind(fields) != JS_OBJECT || js_len(fields) > LIMIT_FIELDS)
        return bad(err, "fields");
    licence->fields = mem_zero(js_len(fields), sizeof(*licence->fields));
    for (struct js_member m = js_first(fields); m.key; m = js_next(m)) {
        struct licence_field *field = &licence->fields[licence->n_fields++];

        field->name = mem_text(m.key);
        TRY(need_text(m.value, "short", &field->short_name, err));
        TRY(need_text(m.value, "value", &field->value, err));
        TRY(need_text(m.value, "text", &field->text, err));
        field->missing = mem_text(js_get_text(m.value, "missing"));
    }
    return RC_OK;
}

static enum rc read_box(const struct js *box, struct box *out, struct err *err)
{
    um *const side[] = {&out->x, &out->y, &out->w, &out->h};

    if (js_len(box) != 4)
        return bad(err, "box");
    for (size_t i = 0; i < 4; i++) {
        const struct js *value = js_at(box, i);

        if (js_kind(value) != JS_INTEGER || js_integer(value) < 0 || js_integer(value) > INT32_MAX)
            return bad(err, "box");
        *side[i] = (um)js_integer(value);
    }
    return RC_OK;
}

static enum rc read_place(const struct js *js, struct seal_place *place, struct err *err)
{
    TRY(need_text(js, "name", &place->name, err));
    TRY(need_text(js, "role", &place->role, err));
    TRY(need_text(js, "issuer", &place->issuer, err));
    if (js_kind(js_get(js, "required")) != JS_BOOL)
        return bad(err, "required");
    place->required = js_bool(js_get(js, "required"));
    TRY(need_count(js, "page", &place->page, err));
    if (place->page == 0)
        return bad(err, "page");
    return read_box(js_get(js, "box"), &place->box, err);
}

static enum rc read_places(const struct js *places, struct licence *licence, struct err *err)
{
    if (js_kind(places) != JS_ARRAY || js_len(places) > LIMIT_FIELDS)
        return bad(err, "seal_places");
    licence->seal_places = mem_zero(js_len(places), sizeof(*licence->seal_places));
    for (size_t i = 0; i < js_len(places); i++) {
        licence->n_seal_places++;
        TRY(read_place(js_at(places, i), &licence->seal_places[i], err));
    }
    return RC_OK;
}

static enum rc read_made(const struct js *js, struct licence *licence, struct err *err)
{
    const char *made = js_get_text(js, "made");
    struct date date;

    if (!made || !date_parse(made, &date))
        return bad(err, "made");
    date_print(date, licence->made);
    return RC_OK;
}

static enum rc read_root(const struct js *js, struct licence *licence, struct err *err)
{
    const char *schema = js_get_text(js, "schema");
    const struct js *type = js_get(js, "type"), *template = js_get(js, "template");

    if (!schema || strcmp(schema, SCHEMA) != 0)
        return err_find(err, "FLD004", RC_INPUT, "schema: want '%s', got '%.40s'", SCHEMA,
                        schema ? schema : "");
    TRY(need_text(js, "identifier", &licence->identifier, err));
    TRY(need_text(type, "code", &licence->type_code, err));
    TRY(need_text(type, "name", &licence->type_name, err));
    TRY(need_text(template, "id", &licence->template_id, err));
    TRY(need_text(template, "sm3", &licence->template_sm3, err));
    TRY(read_metadata(js_get(js, "metadata"), licence, err));
    TRY(read_fields(js_get(js, "fields"), licence, err));
    TRY(read_places(js_get(js, "seal_places"), licence, err));
    TRY(need_count(js, "seals_required", &licence->seals_required, err));
    if (js_kind(js_get(js, "replaces")) != JS_NULL)
        TRY(need_text(js, "replaces", &licence->replaces, err));
    TRY(need_text(js, "origin", &licence->origin, err));
    return read_made(js, licence, err);
}

enum rc licence_parse(struct span json, struct licence **out, struct err *err)
{
    CLEANUP(licence_freep) struct licence *licence = mem_zero(1, sizeof(*licence));
    CLEANUP(js_freep) struct js *js = NULL;

    if (json.len > LIMIT_RECORD)
        return err_find(err, "FLD004", RC_INPUT, "larger than the limit of %zu bytes",
                        LIMIT_RECORD);
    TRY(js_parse(json, &js, err));
    TRY(read_root(js, licence, err));
    *out = MOVE(licence);
    return RC_OK;
}
