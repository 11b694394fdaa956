/* SPDX-License-Identifier: Apache-2.0 */
/* What a SignedData says outside of what is signed is not believed where it contradicts. */
#include "core/model/judge.h"
#include "formats/cms/cms.h"
#include "tests/unit/people.h"

#define FILE_TEXT "the file that is signed"

#define BYTES(text)                                     \
    {                                                   \
        (const unsigned char *)(text), sizeof(text) - 1 \
    }

static struct pki pki;

static void open_pki(void)
{
    pki_open(&pki);
}

static void close_pki(void)
{
    pki_close(&pki);
}

/* The last byte of the first or last OID of these bytes is changed: what comes of it. */
static const struct {
    struct span oid;
    bool last;
    enum indication indication;
    const char *code;
} changes[] = {
    {{NULL, 0}, false, TOTAL_PASSED, NULL},
    /* digestAlgorithms: SM3, 1.2.156.10197.1.401 */
    {BYTES("\x2a\x81\x1c\xcf\x55\x01\x83\x11"), false, INDETERMINATE, "SIG114"},
    /* contentInfo.contentType: 1.2.156.10197.6.1.4.2.1, after that of the whole, ….2.2 */
    {BYTES("\x30\x0c\x06\x0a\x2a\x81\x1c\xcf\x55\x06\x01\x04\x02\x01"), false, INDETERMINATE,
     "SIG319"},
    /* digestEncryptionAlgorithm: 1.2.156.10197.1.301.1 */
    {BYTES("\x2a\x81\x1c\xcf\x55\x01\x82\x2d\x01"), true, INDETERMINATE, "SIG101"},
};

static char *find(struct buf *value, struct span bytes, bool last)
{
    char *at = value->data, *end = value->data + value->len, *found = NULL;

    while ((at = memmem(at, (size_t)(end - at), bytes.data, bytes.len)) && (!found || last))
        found = at++;
    ck_assert_ptr_nonnull(found);
    return found;
}

START_TEST(a_name_of_an_algorithm_outside_of_what_is_signed_must_agree)
{
    const struct cms_spec spec = {.gbt35275 = true, .time = NOW};
    const struct cms_judge question = {.trust = pki.trust, .now = NOW + DAY, .part = "x.p7s"};
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16);
    CLEANUP(verdict_clear) struct verdict_of v = {0};
    CLEANUP(cms_clear) struct cms cms = {0};
    struct err err = ERR_INIT;

    pki_revoke(&pki, NULL, NOW);
    CK_OK(cms_sign(&spec, span_of(FILE_TEXT), pki.agency.signer, &value, &err), &err);
    if (changes[_i].oid.len)
        find(&value, changes[_i].oid, changes[_i].last)[changes[_i].oid.len - 1] ^= 8;
    CK_OK(cms_read(buf_span(&value), &cms, &err), &err);
    cms_judge(&question, &cms, span_of(FILE_TEXT), &v.report, &v.findings);
    ck_assert_str_eq(indication_name(v.report.indication), indication_name(changes[_i].indication));
    ck_assert(!changes[_i].code || findings_has(&v.findings, changes[_i].code));
}
END_TEST

START_TEST(a_root_is_left_out_of_the_certificates)
{
    struct certs chain = {0};
    const struct cms_spec spec = {.gbt35275 = true, .time = NOW, .chain = &chain};
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16);
    CLEANUP(cms_clear) struct cms cms = {0};
    struct err err = ERR_INIT;

    certs_add(&chain, pki.root);
    certs_add(&chain, pki.maker.cert);
    CK_OK(cms_sign(&spec, span_of(FILE_TEXT), pki.agency.signer, &value, &err), &err);
    CK_OK(cms_read(buf_span(&value), &cms, &err), &err);
    ck_assert_uint_eq(cms.certs.n, 2);
    ck_assert(cert_equals(cms.certs.list[1], pki.maker.cert));
    certs_clear(&chain);
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_checked_fixture(tc, open_pki, close_pki);
    tcase_add_loop_test(tc, a_name_of_an_algorithm_outside_of_what_is_signed_must_agree, 0,
                        N_OF(changes));
    tcase_add_test(tc, a_root_is_left_out_of_the_certificates);
}
