/* SPDX-License-Identifier: Apache-2.0 */
/* Members met in earlier packages: believed when every packed byte is equal, and only then. */
#include <pthread.h>
#include <string.h>

#include "formats/ofd/ofd_seen.h"
#include "tests/unit/ofdkit.h"

static struct kit kit;
static struct ofd_seen *seen;

static void open_kit(void)
{
    kit_open(&kit);
    seen = ofd_seen_new((size_t)1 << 20);
    kit.judge.seen = seen;
}

static void close_kit(void)
{
    ofd_seen_free(seen);
    kit_close(&kit);
}

#define FONT "Doc_0/Res/f.ttf"
#define DOCUMENT "Doc_0/Document.xml"

static void seal_one(struct buf *file)
{
    kit_document(&kit, "");
    kit_seal(&kit, false, NULL);
    kit_write(&kit, file);
}

static void judge(struct span file, enum rc want, const char *code)
{
    CLEANUP(verification_clear) struct verification v = {0};

    ofd_verify(&kit.judge, file, &v);
    kit_expect(&v, want, code);
}

static struct ofd *open_file(struct span file, bool met)
{
    const struct ofd_opening how = {.seen = met ? seen : NULL};
    CLEANUP(findings_clear) struct findings findings = {0};
    struct lazy lazy = lazy_of(file);
    struct ofd *ofd = NULL;
    struct err err = ERR_INIT;

    CK_OK(ofd_open_with(&lazy, &how, &ofd, &findings, &err), &err);
    zipfile_settle(ofd->zip);
    return ofd;
}

static bool is_met(struct span file, const char *name)
{
    CLEANUP(ofd_freep) struct ofd *ofd = open_file(file, true);

    return ofd->parts[zipfile_find(ofd->zip, name)].met != NULL;
}

START_TEST(what_is_met_once_is_noted_twice_kept_and_then_not_unpacked_again)
{
    CLEANUP(buf_clear) struct buf file = BUF_INIT(KIT_LIMIT);
    CLEANUP(ofd_freep) struct ofd *third = NULL;
    CLEANUP(ofd_freep) struct ofd *fourth = NULL;
    long font, document;

    seal_one(&file);
    ck_assert(!is_met(buf_span(&file), FONT));
    judge(buf_span(&file), RC_OK, NULL);
    ck_assert(!is_met(buf_span(&file), FONT));
    judge(buf_span(&file), RC_OK, NULL);
    ck_assert(is_met(buf_span(&file), FONT));
    third = open_file(buf_span(&file), true);
    fourth = open_file(buf_span(&file), true);
    font = zipfile_find(third->zip, FONT);
    document = zipfile_find(third->zip, DOCUMENT);
    ck_assert(!zipfile_is_unpacked(fourth->zip, (size_t)font));
    ck_assert(!zipfile_is_unpacked(fourth->zip, (size_t)document));
    ck_assert_uint_eq(third->parsed, fourth->parsed); /* costs as if it were parsed again */
    judge(buf_span(&file), RC_OK, NULL);
}
END_TEST

START_TEST(a_verdict_is_the_same_with_and_without_what_was_met)
{
    static const struct {
        const char *name, *text, *code;
        enum rc rc;
    } changes[] = {
        {FONT, "no fond", "DIG201", RC_NO},
        {DOCUMENT, "<a/>", "XML004", RC_INPUT},
        {"Doc_0/Signs/Sign_0/Seal.esl", "another", "DIG201", RC_NO},
        {"Doc_0/x.xml", "no font", "DIG103", RC_UNDECIDED},
    };
    CLEANUP(buf_clear) struct buf file = BUF_INIT(KIT_LIMIT);
    CLEANUP(buf_clear) struct buf changed = BUF_INIT(KIT_LIMIT);

    seal_one(&file);
    kit_put(&kit, changes[_i].name, changes[_i].text);
    kit_write(&kit, &changed);
    for (int i = 0; i < 4; i++) {
        judge(buf_span(&file), RC_OK, NULL);
        judge(buf_span(&changed), changes[_i].rc, changes[_i].code);
    }
}
END_TEST

/* The key of a member is whatever its maker writes: it finds an entry and proves nothing. */
START_TEST(a_member_that_claims_the_crc_of_another_is_not_taken_for_it)
{
    CLEANUP(buf_clear) struct buf file = BUF_INIT(KIT_LIMIT);
    CLEANUP(buf_clear) struct buf liar = BUF_INIT(KIT_LIMIT);
    struct span font = span_of("no font");
    char *at;
    size_t n = 0;

    seal_one(&file);
    for (int i = 0; i < 3; i++)
        judge(buf_span(&file), RC_OK, NULL);
    ck_assert(is_met(buf_span(&file), FONT));
    kit_write(&kit, &liar);
    for (at = liar.data; at + font.len < liar.data + liar.len; at++) {
        if (memcmp(at, font.data, font.len) == 0) {
            at[font.len - 1] = 'd'; /* the headers still tell the CRC of the font */
            n++;
        }
    }
    ck_assert_uint_eq(n, 1);
    ck_assert(!is_met(buf_span(&liar), FONT));
    judge(buf_span(&liar), RC_INPUT, "PKG012");
    judge(buf_span(&file), RC_OK, NULL);
    /* Nor is it learnt, however often it comes. */
    for (int i = 0; i < 3; i++)
        judge(buf_span(&liar), RC_INPUT, "PKG012");
    judge(buf_span(&file), RC_OK, NULL);
}
END_TEST

START_TEST(memory_is_bounded_and_the_oldest_goes_first)
{
    CLEANUP(buf_clear) struct buf file = BUF_INIT(KIT_LIMIT);
    struct ofd_seen *small = ofd_seen_new(12000);

    kit.judge.seen = small;
    seal_one(&file);
    for (int i = 0; i < 5; i++)
        judge(buf_span(&file), RC_OK, NULL);
    ofd_seen_free(small);
    small = ofd_seen_new(0);
    kit.judge.seen = small;
    for (int i = 0; i < 3; i++)
        judge(buf_span(&file), RC_OK, NULL);
    ofd_seen_free(small);
}
END_TEST

static struct span shared_file, broken_file;

static void *judge_often(void *unused)
{
    (void)unused;
    for (int i = 0; i < 50; i++) {
        CLEANUP(verification_clear) struct verification good = {0};
        CLEANUP(verification_clear) struct verification bad = {0};

        ofd_verify(&kit.judge, shared_file, &good);
        ofd_verify(&kit.judge, broken_file, &bad);
        if (good.rc != RC_OK || bad.rc != RC_NO)
            return &kit;
    }
    return NULL;
}

START_TEST(threads_share_what_they_meet_while_it_is_pushed_out)
{
    CLEANUP(buf_clear) struct buf file = BUF_INIT(KIT_LIMIT);
    CLEANUP(buf_clear) struct buf broken = BUF_INIT(KIT_LIMIT);
    struct ofd_seen *small = ofd_seen_new(60000);
    pthread_t threads[4];

    kit.judge.seen = small;
    seal_one(&file);
    kit_put(&kit, FONT, "no fond");
    kit_write(&kit, &broken);
    shared_file = buf_span(&file);
    broken_file = buf_span(&broken);
    for (size_t i = 0; i < N_OF(threads); i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, judge_often, NULL), 0);
    for (size_t i = 0; i < N_OF(threads); i++) {
        void *said = NULL;

        (void)pthread_join(threads[i], &said);
        ck_assert_ptr_null(said);
    }
    ofd_seen_free(small);
}
END_TEST

void unit_suite(TCase *t)
{
    tcase_add_checked_fixture(t, open_kit, close_kit);
    tcase_add_test(t, what_is_met_once_is_noted_twice_kept_and_then_not_unpacked_again);
    tcase_add_loop_test(t, a_verdict_is_the_same_with_and_without_what_was_met, 0, 4);
    tcase_add_test(t, a_member_that_claims_the_crc_of_another_is_not_taken_for_it);
    tcase_add_test(t, memory_is_bounded_and_the_oldest_goes_first);
    tcase_add_test(t, threads_share_what_they_meet_while_it_is_pushed_out);
}
