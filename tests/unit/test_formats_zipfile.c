/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/mem.h"
#include "core/crypto/hash.h"
#include "formats/zipfile.h"
#include "tests/unit/unit.h"

#define LIMIT ((size_t)4 << 20)

static const char long_text[] =
    "one two three four five six seven eight nine ten one two three four five six seven eight "
    "nine ten one two three four five six seven eight nine ten one two three four five six seven";

struct item {
    const char *name;
    const char *text;
    enum pack_level level;
};

/* Writes a package of these items. */
static void make(const struct item *items, size_t n, struct buf *out)
{
    struct packed *packed = mem_zero(n, sizeof(*packed));
    struct zip_entry *entries = mem_zero(n, sizeof(*entries));
    struct err err = ERR_INIT;

    CK_OK(crypto_init(&err), &err);
    for (size_t i = 0; i < n; i++) {
        CK_OK(packed_make(span_of(items[i].text), items[i].level, &packed[i], &err), &err);
        entries[i] = (struct zip_entry){.name = items[i].name, .packed = &packed[i]};
    }
    CK_OK(zipfile_write(entries, n, out, &err), &err);
    for (size_t i = 0; i < n; i++)
        packed_clear(&packed[i]);
    free(packed);
    free(entries);
}

static const struct item plain[] = {
    {"OFD.xml", long_text, PACK_SMALL},
    {"Doc_0/Document.xml", "short", PACK_STORE},
    {"Doc_0/空.xml", "", PACK_SMALL},
};

START_TEST(what_is_written_reads_back)
{
    CLEANUP(buf_clear) struct buf bytes = BUF_INIT(LIMIT);
    CLEANUP(zipfile_freep) struct zipfile *zip = NULL;
    struct err err = ERR_INIT;

    make(plain, N_OF(plain), &bytes);
    CK_OK(zipfile_open(buf_span(&bytes), &zip, &err), &err);
    ck_assert_uint_eq(zipfile_count(zip), N_OF(plain));
    for (int i = 0; i < N_OF(plain); i++) {
        long at = zipfile_find(zip, plain[i].name);
        struct span got = {NULL, 0};

        ck_assert_int_ge(at, 0);
        CK_OK(zipfile_read(zip, (size_t)at, &got, &err), &err);
        ck_assert(span_equals(got, span_of(plain[i].text)));
        ck_assert_uint_eq(zipfile_size(zip, (size_t)at), strlen(plain[i].text));
    }
}
END_TEST

START_TEST(a_name_is_found_in_its_own_letter_case_alone)
{
    CLEANUP(buf_clear) struct buf bytes = BUF_INIT(LIMIT);
    CLEANUP(zipfile_freep) struct zipfile *zip = NULL;
    struct err err = ERR_INIT;

    make(plain, N_OF(plain), &bytes);
    CK_OK(zipfile_open(buf_span(&bytes), &zip, &err), &err);
    ck_assert_int_eq(zipfile_find(zip, "ofd.xml"), -1);
    ck_assert_int_eq(zipfile_find_like(zip, "ofd.xml"), zipfile_find(zip, "OFD.xml"));
    ck_assert_int_eq(zipfile_find_like(zip, "none"), -1);
}
END_TEST

START_TEST(the_same_entries_give_the_same_bytes)
{
    CLEANUP(buf_clear) struct buf a = BUF_INIT(LIMIT);
    CLEANUP(buf_clear) struct buf b = BUF_INIT(LIMIT);

    make(plain, N_OF(plain), &a);
    setenv("TZ", "Asia/Shanghai", 1);
    make(plain, N_OF(plain), &b);
    ck_assert(span_equals(buf_span(&a), buf_span(&b)));
}
END_TEST

START_TEST(a_member_is_copied_to_another_package_unchanged)
{
    CLEANUP(buf_clear) struct buf bytes = BUF_INIT(LIMIT);
    CLEANUP(buf_clear) struct buf again = BUF_INIT(LIMIT);
    CLEANUP(zipfile_freep) struct zipfile *zip = NULL;
    struct packed packed[N_OF(plain)];
    struct zip_entry entries[N_OF(plain)];
    struct err err = ERR_INIT;

    make(plain, N_OF(plain), &bytes);
    CK_OK(zipfile_open(buf_span(&bytes), &zip, &err), &err);
    for (size_t i = 0; i < N_OF(plain); i++) {
        CK_OK(zipfile_packed(zip, i, &packed[i], &err), &err);
        ck_assert(zipfile_is_packed(zip, i, &packed[i]));
        ck_assert(!zipfile_is_packed(zip, (i + 1) % N_OF(plain), &packed[i]));
        entries[i] = (struct zip_entry){.name = zipfile_name(zip, i), .packed = &packed[i]};
    }
    CK_OK(zipfile_write(entries, N_OF(plain), &again, &err), &err);
    ck_assert(span_equals(buf_span(&bytes), buf_span(&again)));
    for (size_t i = 0; i < N_OF(plain); i++)
        packed_clear(&packed[i]);
}
END_TEST

START_TEST(a_member_packed_without_its_digest_has_the_same_one)
{
    struct packed stored = packed_store(span_of(long_text)), digested;
    unsigned char a[32], b[32];
    struct err err = ERR_INIT;

    CK_OK(crypto_init(&err), &err);
    CK_OK(packed_make(span_of(long_text), PACK_SMALL, &digested, &err), &err);
    ck_assert(digested.deflated && !stored.deflated);
    ck_assert_uint_eq(stored.crc, digested.crc);
    packed_sm3(&stored, a);
    packed_sm3(&digested, b);
    ck_assert_mem_eq(a, b, sizeof(a));
    stored.data[0] ^= 1;
    packed_sm3(&stored, a);
    ck_assert_mem_ne(a, b, sizeof(a));
    packed_clear(&stored);
    packed_clear(&digested);
}
END_TEST

static const struct {
    struct item items[2];
    const char *finding;
} names[] = {
    {{{"a", "1", PACK_FAST}, {"b", "2", PACK_FAST}}, ""},
    {{{"a", "1", PACK_FAST}, {"A", "2", PACK_FAST}}, "PKG004"},
    {{{"a", "1", PACK_FAST}, {"/b", "2", PACK_FAST}}, "PKG005"},
    {{{"a", "1", PACK_FAST}, {"b\\c", "2", PACK_FAST}}, "PKG005"},
    {{{"a", "1", PACK_FAST}, {"b/../../c", "2", PACK_FAST}}, "PKG005"},
    {{{"a", "1", PACK_FAST}, {"./c", "2", PACK_FAST}}, "PKG005"},
    {{{"a", "1", PACK_FAST}, {"b//c", "2", PACK_FAST}}, "PKG005"},
    {{{"a", "1", PACK_FAST}, {"C:b", "2", PACK_FAST}}, "PKG005"},
    {{{"a", "1", PACK_FAST}, {"b\nc", "2", PACK_FAST}}, "PKG005"},
    {{{"\xef\xbc\xa1", "1", PACK_FAST}, {"\xef\xbd\x81", "2", PACK_FAST}}, "PKG004"},
    {{{"d/", "1", PACK_FAST}, {"b", "2", PACK_FAST}}, "PKG011"},
};

START_TEST(an_unsafe_name_is_refused)
{
    CLEANUP(buf_clear) struct buf bytes = BUF_INIT(LIMIT);
    CLEANUP(zipfile_freep) struct zipfile *zip = NULL;
    struct err err = ERR_INIT;
    enum rc want = names[_i].finding[0] ? RC_INPUT : RC_OK;

    make(names[_i].items, 2, &bytes);
    ck_assert_int_eq(zipfile_open(buf_span(&bytes), &zip, &err), want);
    ck_assert_str_eq(err.finding, names[_i].finding);
}
END_TEST

/* Offsets of records in a package of `plain`: found by their signatures. */
static size_t record(const struct buf *bytes, const char *signature, int nth)
{
    for (size_t i = 0; i + 4 <= bytes->len; i++) {
        if (memcmp(bytes->data + i, signature, 4) == 0 && nth-- == 0)
            return i;
    }
    ck_abort_msg("no such record");
    return 0;
}

#define LOCAL "PK\x03\x04"
#define CENTRAL "PK\x01\x02"
#define END "PK\x05\x06"

static const struct {
    const char *what, *signature;
    int nth;
    size_t offset;
    unsigned char value;
    const char *finding;
} damage[] = {
    {"encrypted by flag", CENTRAL, 0, 8, 1, "PKG006"},
    {"strong encryption", CENTRAL, 0, 8, 0x40, "PKG006"},
    {"method bzip2", CENTRAL, 0, 10, 12, "PKG008"},
    {"a symbolic link", CENTRAL, 0, 41, 0xa1, "PKG011"},
    {"a device", CENTRAL, 0, 41, 0x21, "PKG011"},
    {"another name in the local header", LOCAL, 0, 30, 'X', "PKG009"},
    {"another method in the local header", LOCAL, 0, 8, 0, "PKG009"},
    {"another crc in the local header", LOCAL, 0, 14, 0x5a, "PKG009"},
    {"another size in the local header", LOCAL, 0, 22, 0x5a, "PKG009"},
    {"another packed size in the local header", LOCAL, 0, 18, 0x5a, "PKG009"},
    {"a descriptor that is not there", LOCAL, 0, 6, 8, "PKG009"},
    {"an offset outside", CENTRAL, 0, 44, 9, "PKG002"},
    {"an offset into the middle", CENTRAL, 1, 42, 3, "PKG002"},
    {"fewer members counted", END, 0, 10, 2, "PKG002"},
    {"a directory that begins elsewhere", END, 0, 16, 1, "PKG010"},
    {"an end record of another disk", END, 0, 4, 1, "PKG002"},
    {"a comment longer than the file", END, 0, 20, 7, "PKG010"},
};

START_TEST(a_damaged_record_is_refused)
{
    CLEANUP(buf_clear) struct buf bytes = BUF_INIT(LIMIT);
    CLEANUP(zipfile_freep) struct zipfile *zip = NULL;
    struct err err = ERR_INIT;

    make(plain, N_OF(plain), &bytes);
    bytes.data[record(&bytes, damage[_i].signature, damage[_i].nth) + damage[_i].offset] =
        (char)damage[_i].value;
    ck_assert_int_eq(zipfile_open(buf_span(&bytes), &zip, &err), RC_INPUT);
    ck_assert_msg(strcmp(err.finding, damage[_i].finding) == 0, "%s: %s %s", damage[_i].what,
                  err.finding, err.text);
}
END_TEST

START_TEST(a_package_cut_anywhere_is_refused)
{
    CLEANUP(buf_clear) struct buf bytes = BUF_INIT(LIMIT);

    make(plain, N_OF(plain), &bytes);
    for (size_t len = 0; len < bytes.len; len++) {
        CLEANUP(zipfile_freep) struct zipfile *zip = NULL;
        CLEANUP(freep) unsigned char *cut = mem_copy(bytes.data, len);
        struct err err = ERR_INIT;

        ck_assert_int_eq(zipfile_open((struct span){cut, len}, &zip, &err), RC_INPUT);
        ck_assert_str_ne(err.finding, "");
    }
}
END_TEST

START_TEST(bytes_that_belong_to_no_member_are_refused)
{
    static const struct {
        const char *before, *after, *finding;
    } cases[] = {{"", "", ""}, {"JUNK", "", "PKG010"}, {"", "x", "PKG010"}};
    CLEANUP(buf_clear) struct buf bytes = BUF_INIT(LIMIT);
    CLEANUP(buf_clear) struct buf all = BUF_INIT(LIMIT);
    CLEANUP(zipfile_freep) struct zipfile *zip = NULL;
    struct err err = ERR_INIT;

    ck_assert_int_lt(_i, N_OF(cases));
    make(plain, N_OF(plain), &bytes);
    CK_OK(buf_puts(&all, cases[_i].before, &err), &err);
    CK_OK(buf_add(&all, bytes.data, bytes.len, &err), &err);
    CK_OK(buf_puts(&all, cases[_i].after, &err), &err);
    (void)!zipfile_open(buf_span(&all), &zip, &err);
    ck_assert_str_eq(err.finding, cases[_i].finding);
}
END_TEST

/* Takes one entry out of the central directory: only a reader of local headers still sees it. */
START_TEST(a_member_without_directory_entry_is_refused)
{
    CLEANUP(buf_clear) struct buf bytes = BUF_INIT(LIMIT);
    CLEANUP(buf_clear) struct buf less = BUF_INIT(LIMIT);
    CLEANUP(zipfile_freep) struct zipfile *zip = NULL;
    struct err err = ERR_INIT;
    size_t first, second, end;
    unsigned len;

    make(plain, N_OF(plain), &bytes);
    first = record(&bytes, CENTRAL, 0);
    second = record(&bytes, CENTRAL, 1);
    end = record(&bytes, END, 0);
    bytes.data[end + 8] = bytes.data[end + 10] = (char)(N_OF(plain) - 1);
    len = (unsigned char)bytes.data[end + 12] - (unsigned)(second - first);
    bytes.data[end + 12] = (char)len;
    CK_OK(buf_add(&less, bytes.data, first, &err), &err);
    CK_OK(buf_add(&less, bytes.data + second, bytes.len - second, &err), &err);
    ck_assert_int_eq(zipfile_open(buf_span(&less), &zip, &err), RC_INPUT);
    ck_assert_str_eq(err.finding, "PKG010");
}
END_TEST

START_TEST(damaged_contents_are_refused_when_they_are_read)
{
    CLEANUP(buf_clear) struct buf bytes = BUF_INIT(LIMIT);
    CLEANUP(zipfile_freep) struct zipfile *zip = NULL;
    struct err err = ERR_INIT;
    struct span got;
    size_t at;

    make(plain, N_OF(plain), &bytes);
    at = record(&bytes, LOCAL, _i) + 30 + strlen(plain[_i].name) + 4;
    bytes.data[at] = (char)(bytes.data[at] ^ 1);
    CK_OK(zipfile_open(buf_span(&bytes), &zip, &err), &err);
    ck_assert_int_eq(zipfile_read(zip, (size_t)_i, &got, &err), RC_INPUT);
    ck_assert_str_eq(err.finding, "PKG012");
}
END_TEST

/* A member that claims to be larger than deflate can make of its bytes. */
START_TEST(a_bomb_is_refused_before_it_is_unpacked)
{
    CLEANUP(buf_clear) struct buf bytes = BUF_INIT(LIMIT);
    CLEANUP(zipfile_freep) struct zipfile *zip = NULL;
    struct err err = ERR_INIT;

    make(plain, N_OF(plain), &bytes);
    bytes.data[record(&bytes, LOCAL, 0) + 24] = 0x10;
    bytes.data[record(&bytes, CENTRAL, 0) + 26] = 0x10;
    ck_assert_int_eq(zipfile_open(buf_span(&bytes), &zip, &err), RC_INPUT);
    ck_assert_str_eq(err.finding, "PKG014");
}
END_TEST

/* Honest deflate of nothing but zeros: one is a blank scan, two of them are a bomb. */
START_TEST(members_that_are_bombs_together_are_refused)
{
    size_t half = (size_t)40 << 20;
    CLEANUP(freep) unsigned char *zeros = mem_zero(half, 1);
    CLEANUP(buf_clear) struct buf bytes = BUF_INIT(LIMIT);
    CLEANUP(zipfile_freep) struct zipfile *zip = NULL;
    CLEANUP(packed_clear) struct packed packed = {0};
    const struct zip_entry entries[] = {{"a.bmp", &packed}, {"b.bmp", &packed}};
    struct err err = ERR_INIT;

    CK_OK(crypto_init(&err), &err);
    CK_OK(packed_make((struct span){zeros, half}, PACK_FAST, &packed, &err), &err);
    CK_OK(zipfile_write(entries, (size_t)_i, &bytes, &err), &err);
    ck_assert_int_eq(zipfile_open(buf_span(&bytes), &zip, &err), _i == 1 ? RC_OK : RC_INPUT);
    ck_assert_str_eq(err.finding, _i == 1 ? "" : "PKG014");
}
END_TEST

START_TEST(names_in_gb18030_are_read)
{
    CLEANUP(buf_clear) struct buf bytes = BUF_INIT(LIMIT);
    CLEANUP(zipfile_freep) struct zipfile *zip = NULL;
    struct item item = {"abcd.txt", "1", PACK_STORE};
    struct err err = ERR_INIT;

    make(&item, 1, &bytes);
    memcpy(bytes.data + record(&bytes, LOCAL, 0) + 30, "\xd6\xa4\xd5\xd5", 4);
    memcpy(bytes.data + record(&bytes, CENTRAL, 0) + 46, "\xd6\xa4\xd5\xd5", 4);
    CK_OK(zipfile_open(buf_span(&bytes), &zip, &err), &err);
    ck_assert_str_eq(zipfile_name(zip, 0), "证照.txt");
    ck_assert(zipfile_notes(zip).gbk_names);
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_test(tc, what_is_written_reads_back);
    tcase_add_test(tc, a_name_is_found_in_its_own_letter_case_alone);
    tcase_add_test(tc, the_same_entries_give_the_same_bytes);
    tcase_add_test(tc, a_member_is_copied_to_another_package_unchanged);
    tcase_add_test(tc, a_member_packed_without_its_digest_has_the_same_one);
    tcase_add_loop_test(tc, an_unsafe_name_is_refused, 0, N_OF(names));
    tcase_add_loop_test(tc, a_damaged_record_is_refused, 0, N_OF(damage));
    tcase_add_test(tc, a_package_cut_anywhere_is_refused);
    tcase_add_loop_test(tc, bytes_that_belong_to_no_member_are_refused, 0, 3);
    tcase_add_test(tc, a_member_without_directory_entry_is_refused);
    tcase_add_loop_test(tc, damaged_contents_are_refused_when_they_are_read, 0, 2);
    tcase_add_test(tc, a_bomb_is_refused_before_it_is_unpacked);
    tcase_add_loop_test(tc, members_that_are_bombs_together_are_refused, 1, 3);
    tcase_add_test(tc, names_in_gb18030_are_read);
}
