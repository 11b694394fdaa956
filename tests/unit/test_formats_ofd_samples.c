/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files of other makers, and hostile ones, against samples/EXPECTED.tsv of the folder
 * that ECERT_SHARED names (default ../shared).  They are third-party files and not part of
 * this project: where the folder is not there, the test says so and passes.
 *
 * The table of exceptions says what finding a row's verdict asks for, and explains each row
 * in which we and the two independent checkers (A: ofdrw, B: JavaScript) see the digests and
 * values differently.  That both checkers pass a file that ends in 1 or 4 here is no such
 * difference: they look at no chain, no validity in time and no coverage.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "core/base/cleanup.h"
#include "core/base/file.h"
#include "core/base/limits.h"
#include "core/base/sanitized.h"
#include "formats/ofd/ofd_verify.h"
#include "tests/unit/unit.h"

#define EXPIRED "TIM202" /* signed after the certificate had ended */
#define UNTRUSTED "CRT101"

static const struct {
    const char *file;
    const char *says[4]; /* findings that the verdict asks for */
    const char *why;     /* of a difference with a checker or with the column intact */
} rows[] = {
    {"ofdrw-999.ofd", {UNTRUSTED, "DIG102", "OFD309"}, NULL},
    {"ofdrw-allprotected.ofd", {UNTRUSTED, "OFD310"}, NULL},
    {"ofdrw-v4rideright.ofd", {UNTRUSTED}, NULL},
    {"ofdrw-h.ofd", {"DIG205", UNTRUSTED}, NULL},
    {"ofdrw-n-neutral.ofd", {"DIG104", "SIG201", "SIG202", "SIG203"}, NULL},
    {"ofdrw-sesv4signdoc.ofd", {EXPIRED, "SEA203", "OFD309"}, NULL},
    {"ofdrw-digitalsign.ofd",
     {"SIG111"},
     "the column counts the digests alone; the bare value is not checked by anybody without a "
     "certificate, so whether the file is intact stays unknown"},
    {"hbh-test3-scrubbed.ofd", {UNTRUSTED, "OFD101", "DIG101", "DIG102"}, NULL},
    {"hbh-test3-modify-scrubbed.ofd", {UNTRUSTED, "OFD101", "DIG101", "DIG102"}, NULL},
    {"hbh-parser-00101.ofd",
     {UNTRUSTED, "DIG102"},
     "A cannot decode a BIT STRING with unused bits; the layout is told by the items"},
    {"easyofdrust-gen13-riding-seal.ofd", {EXPIRED}, NULL},
    {"easyofdrust-gen14-digital-sign.ofd", {EXPIRED}, NULL},
    {"easyofdjava-image-seal.ofd",
     {UNTRUSTED, "SIG316", "SEA317"},
     "A refuses the content type in signatureAlgID; the value is right and the OID reported"},
    {"easyofdjava-image-signs.ofd", {UNTRUSTED}, "B cannot read indefinite lengths"},
    {"easyofdjava-image-signs-2.ofd", {UNTRUSTED}, "B cannot read indefinite lengths"},
    {"ofdrw24-ses-v1.ofd", {EXPIRED}, NULL},
    {"ofdrw24-ses-v5.ofd", {EXPIRED}, NULL},
    {"ofdrw24-gbt35275.ofd", {EXPIRED}, NULL},
    {"c5soft-6.2.001-normal-structure.ofd", {"OFD106", "OFD306"}, NULL},
    {"c5soft-6.2.006-useless-extra-files.ofd", {"OFD106", "OFD306"}, NULL},
    {"qaqtutu-font-foxit.ofd", {"OFD106", "STD301"}, NULL},
    {"ofdrw-areaholder.ofd", {"OFD106", "OFD306"}, NULL},
    {"w5wa-chinesedir-gbk.ofd", {"OFD106", "PKG301"}, NULL},
    {"ofdrw-hello-integrity.ofd", {"OFD106", "PKG302"}, NULL},
    {"ofdrw-ofda.ofd", {"OFD106", "STD303"}, NULL},
    {"ofdrw-namespace-no-std.ofd", {"OFD106", "STD301"}, NULL},
    {"easyofdrust-gen08-annotations.ofd", {"OFD106", "OFD307"}, NULL},
    {"mut-00-repacked.ofd", {EXPIRED}, NULL},
    {"mut-02-extra-file.ofd", {EXPIRED, "DIG103"}, NULL},
    {"mut-04-ref-deleted.ofd", {"DIG202"}, NULL},
    {"mut-06-esl-deleted.ofd", {"DIG202", "OFD203"}, NULL},
    {"mut-08-leading-slash.ofd", {"PKG005"}, NULL},
    {"mut-10-duplicate-first-bad.ofd",
     {"PKG004"},
     "A and B take the last of two members of one name; which one is shown depends on the reader"},
    {"mut-12-type-missing.ofd", {EXPIRED}, NULL},
    {"mut-14-type-sign.ofd", {"OFD201", "OFD309"}, "B does not look at Type"},
    {"mut-16-baseloc-dotslash.ofd", {EXPIRED}, NULL},
    {"mut-18-no-prefix.ofd", {EXPIRED}, NULL},
    {"mut-20-doctype.ofd", {"XML002"}, NULL},
    {"mut-22-sigxml-newline.ofd", {"SIG203"}, NULL},
    {"mut-24-junk-prefix.ofd", {"PKG010"}, NULL},
    {"mut-26-no-central-dir.ofd", {"PKG001"}, "A reads local headers as a stream, which no ZIP is"},
    {"mut-28-signature-unlisted.ofd", {"OFD103", "OFD106"}, NULL},
    {"mut-30-datadesc-deflate.ofd", {EXPIRED}, NULL},
    {"resigned-x00-control.ofd", {EXPIRED}, NULL},
    {"resigned-x02-checkmethod-oid.ofd", {EXPIRED}, NULL},
    {"resigned-x04-checkmethod-oid-401-1.ofd", {EXPIRED}, "A does not know the longer OID of SM3"},
    {"resigned-x06-no-signaturemethod.ofd", {EXPIRED}, NULL},
    {"resigned-x08-fileref-no-slash.ofd", {"DIG202"}, NULL},
    {"resigned-x10-no-seal-element.ofd", {EXPIRED}, NULL},
    {"resigned-x12-no-references.ofd", {"DIG203"}, NULL},
    {"resigned-x14-base64-newlines.ofd",
     {EXPIRED},
     "A stops at white space in base64, which XML Schema allows"},
    {"resigned-x20-raw-r-s.ofd", {EXPIRED, "SIG312"}, "A verifies SM2 values in DER alone"},
    {"resigned-x22-propertyinfo-utf8string.ofd",
     {EXPIRED, "SIG301"},
     "A refuses the string type; the signature covers its bytes whatever the type"},
    {"resigned-x24-timestamp-garbage.ofd", {EXPIRED, "TIM303"}, NULL},
    {"resigned-x26-datahash-octetstring.ofd", {"SIG002"}, NULL},
    {"resigned-x28-critical-omitted.ofd",
     {EXPIRED, "SIG314"},
     "A checks a re-encoding that lost the extension; we check the bytes received"},
    {"ofdrwnet-not-a-zip.ofd", {"PKG001"}, NULL},
};

/* The columns of a row that are looked at. */
struct expected {
    const char *path, *checker_a, *checker_b, *intact;
    int exit;
};

static bool split(char *line, struct expected *out)
{
    char *columns[12] = {NULL};
    size_t n = 0;

    if (*line == '#' || strncmp(line, "file\t", 5) == 0)
        return false;
    for (char *at = line; at && n < 12; n++)
        columns[n] = strsep(&at, "\t");
    if (n < 10)
        return false;
    *out = (struct expected){.path = columns[0],
                             .checker_a = columns[5],
                             .checker_b = columns[6],
                             .intact = columns[7],
                             .exit = (int)strtol(columns[8], NULL, 10)};
    return true;
}

/* A checker that failed, refused, or passed every signature. */
static bool passes(const char *checker)
{
    return strstr(checker, "PASS") && !strstr(checker, "FAIL") && !strstr(checker, "error");
}

static enum answer intact_column(const char *intact)
{
    return strcmp(intact, "yes") == 0                                  ? ANSWER_YES
           : strcmp(intact, "no") == 0 || strcmp(intact, "mixed") == 0 ? ANSWER_NO
                                                                       : ANSWER_UNKNOWN;
}

static void check_row(const struct expected *want, const struct verification *got)
{
    const char *name = strrchr(want->path, '/') + 1, *why = NULL;
    bool ours = got->intact == ANSWER_YES, listed = false;

    ck_assert_msg((int)got->rc == want->exit, "%s: want exit %d, got %d", name, want->exit,
                  (int)got->rc);
    for (int i = 0; i < N_OF(rows); i++) {
        if (strcmp(rows[i].file, name) != 0)
            continue;
        listed = true;
        why = rows[i].why;
        for (int k = 0; k < N_OF(rows[i].says) && rows[i].says[k]; k++)
            ck_assert_msg(findings_has(&got->findings, rows[i].says[k]), "%s: does not say %s",
                          name, rows[i].says[k]);
    }
    if (want->exit == RC_NOTHING)
        ck_assert_msg(findings_has(&got->findings, "OFD106"), "%s: does not say OFD106", name);
    else
        ck_assert_msg(listed, "%s: no row says what to expect", name);
    if (why)
        return;
    ck_assert_msg(got->intact == intact_column(want->intact), "%s: intact: want %s", name,
                  want->intact);
    ck_assert_msg(passes(want->checker_a) == ours, "%s: checker A differs, unexplained", name);
    ck_assert_msg(passes(want->checker_b) == ours, "%s: checker B differs, unexplained", name);
}

/* What any file may cost, hostile or not; the sanitizers take many times as much. */
#define SECONDS_MAX (IS_SANITIZED ? 20.0 : 1.0)
#define MEMORY_MAX (256L << 10) /* KiB, of the whole process */

static double seconds(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void check_cost(const char *path, double begun)
{
    struct rusage usage;

    ck_assert_msg(seconds() - begun < SECONDS_MAX, "%s: %.1f s", path, seconds() - begun);
    ck_assert_int_eq(getrusage(RUSAGE_SELF, &usage), 0);
    ck_assert_msg(IS_SANITIZED || usage.ru_maxrss < MEMORY_MAX, "%s: %ld KiB", path,
                  usage.ru_maxrss);
}

static size_t run_table(char *table, const char *folder)
{
    struct trust *trust = trust_new();
    struct judge_cache *cache = judge_cache_new();
    struct ofd_judge judge = {.trust = trust, .cache = cache};
    struct err err = ERR_INIT;
    size_t n = 0;

    CK_OK(instant_parse("2026-11-22T12:00:00Z", &judge.now, &err), &err);
    for (char *line; (line = strsep(&table, "\n"));) {
        CLEANUP(buf_clear) struct buf file = BUF_INIT(LIMIT_PACKAGE);
        CLEANUP(freep) char *path = NULL;
        CLEANUP(verification_clear) struct verification got = {0};
        struct expected want;
        double begun;

        if (!split(line, &want))
            continue;
        path = path_join(folder, want.path);
        CK_OK(file_read(path, &file, &err), &err);
        begun = seconds();
        ofd_verify(&judge, buf_span(&file), &got);
        check_cost(path, begun);
        check_row(&want, &got);
        n++;
    }
    judge_cache_free(cache);
    trust_free(trust);
    return n;
}

START_TEST(every_sample_gets_its_exit_status_in_time_and_says_why)
{
    const char *shared = getenv("ECERT_SHARED");
    CLEANUP(freep) char *folder = path_join(shared ? shared : "../shared", "samples");
    CLEANUP(freep) char *path = path_join(folder, "EXPECTED.tsv");
    CLEANUP(buf_clear) struct buf table = BUF_INIT((size_t)1 << 20);
    struct err err = ERR_INIT;

    CK_OK(crypto_init(&err), &err);
    if (!file_exists(path)) {
        printf("# skipped: no %s; set ECERT_SHARED to the folder with the samples\n", path);
        return;
    }
    CK_OK(file_read(path, &table, &err), &err);
    printf("# %zu samples judged\n", run_table(table.data, folder));
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, every_sample_gets_its_exit_status_in_time_and_says_why);
}
