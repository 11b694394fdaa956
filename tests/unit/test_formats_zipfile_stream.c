/* SPDX-License-Identifier: Apache-2.0 */
/* Large members a piece at a time: the same bytes and the same refusals as when read whole. */
#include <stdlib.h>
#include <string.h>

#include "formats/zipfile.h"
#include "tests/unit/unit.h"

#define MAX ((size_t)64 << 20)
#define SIZE ((size_t)3 << 20)

static struct buf raw, file;

/* Text that deflates to a third, so that input and output come in several pieces. */
static void make(enum pack_level level)
{
    struct packed packed;
    struct zip_entry entry = {.name = "a", .packed = &packed};
    struct err err = ERR_INIT;
    char *text = malloc(SIZE);
    unsigned state = 1;

    raw = (struct buf)BUF_INIT(MAX);
    file = (struct buf)BUF_INIT(MAX);
    for (size_t i = 0; i < SIZE; i++) {
        state = state * 1664525 + 1013904223;
        text[i] = "0123456789,abcde"[state >> 28];
    }
    CK_OK(buf_add(&raw, text, SIZE, &err), &err);
    free(text);
    CK_OK(packed_make(buf_span(&raw), level, &packed, &err), &err);
    CK_OK(zipfile_write(&entry, 1, &file, &err), &err);
    packed_clear(&packed);
}

static void clear(void)
{
    buf_clear(&raw);
    buf_clear(&file);
}

static enum rc collect(void *context, struct span piece, struct err *err)
{
    return buf_add(context, piece.data, piece.len, err);
}

static enum rc stream(struct buf *out, struct err *err)
{
    CLEANUP(zipfile_freep) struct zipfile *zip = NULL;

    TRY(zipfile_open(buf_span(&file), &zip, err));
    return zipfile_stream(zip, 0, collect, out, err);
}

START_TEST(the_pieces_are_the_member)
{
    CLEANUP(buf_clear) struct buf out = BUF_INIT(MAX);
    struct err err = ERR_INIT;

    make(_i ? PACK_SMALL : PACK_STORE);
    CK_OK(stream(&out, &err), &err);
    ck_assert(span_equals(buf_span(&out), buf_span(&raw)));
    clear();
}
END_TEST

START_TEST(a_member_that_is_held_is_given_as_it_is)
{
    CLEANUP(zipfile_freep) struct zipfile *zip = NULL;
    CLEANUP(buf_clear) struct buf out = BUF_INIT(MAX);
    struct span whole = {NULL, 0};
    struct err err = ERR_INIT;

    make(_i ? PACK_SMALL : PACK_STORE);
    CK_OK(zipfile_open(buf_span(&file), &zip, &err), &err);
    CK_OK(zipfile_read(zip, 0, &whole, &err), &err);
    CK_OK(zipfile_stream(zip, 0, collect, &out, &err), &err);
    ck_assert(span_equals(buf_span(&out), whole));
    ck_assert(span_equals(buf_span(&raw), whole));
    clear();
}
END_TEST

/* One bit anywhere in the member, and each reader says no. */
START_TEST(what_is_damaged_is_refused_by_both_readers)
{
    make(_i % 2 ? PACK_SMALL : PACK_STORE);
    file.data[40 + (size_t)_i * 90001] ^= 4;
    for (int whole = 0; whole < 2; whole++) {
        CLEANUP(zipfile_freep) struct zipfile *zip = NULL;
        CLEANUP(buf_clear) struct buf out = BUF_INIT(MAX);
        struct span span = {NULL, 0};
        struct err err = ERR_INIT;

        CK_OK(zipfile_open(buf_span(&file), &zip, &err), &err);
        ck_assert_int_eq(whole ? zipfile_read(zip, 0, &span, &err)
                               : zipfile_stream(zip, 0, collect, &out, &err),
                         RC_INPUT);
        ck_assert_str_eq(err.finding, "PKG012");
    }
    clear();
}
END_TEST

/* Sizes as the headers tell them, in both places. */
static void tell_size(size_t size)
{
    unsigned char *p = (unsigned char *)file.data;
    size_t end = file.len - 22, central = p[end + 16] | (size_t)p[end + 17] << 8 |
                                          (size_t)p[end + 18] << 16 | (size_t)p[end + 19] << 24;

    for (int i = 0; i < 4; i++)
        p[22 + i] = p[central + 24 + (size_t)i] = (unsigned char)(size >> 8 * i);
}

START_TEST(a_member_of_another_size_than_told_is_refused)
{
    CLEANUP(buf_clear) struct buf out = BUF_INIT(MAX);
    struct err err = ERR_INIT;

    make(PACK_SMALL);
    tell_size(_i ? raw.len + 1 : raw.len - 1);
    ck_assert_int_eq(stream(&out, &err), RC_INPUT);
    ck_assert_str_eq(err.finding, "PKG012");
    ck_assert_uint_le(out.len, raw.len + 1);
    clear();
}
END_TEST

void unit_suite(TCase *t)
{
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, the_pieces_are_the_member, 0, 2);
    tcase_add_loop_test(t, a_member_that_is_held_is_given_as_it_is, 0, 2);
    tcase_add_loop_test(t, what_is_damaged_is_refused_by_both_readers, 0, 10);
    tcase_add_loop_test(t, a_member_of_another_size_than_told_is_refused, 0, 2);
}
