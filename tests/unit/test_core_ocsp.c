/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/pem.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file.h"
#include "tests/unit/ocspkit.h"
#include "tests/unit/revkit.h"

static struct kit_single good(const struct pki *pki)
{
    return (struct kit_single){pki->signer.cert, pki->root.cert, .status = V_OCSP_CERTSTATUS_GOOD,
                               .reason = -1};
}

static struct kit_single revoked(const struct pki *pki, instant at, int reason)
{
    struct kit_single single = good(pki);

    single.status = V_OCSP_CERTSTATUS_REVOKED;
    single.at = at;
    single.reason = reason;
    return single;
}

/* Adds the answer of that responder, else of the root itself. */
static void add(struct pki *pki, const struct kit_single *single, const struct party *signer)
{
    struct kit_responder responder = {.signer = signer ? signer : &pki->root};
    CLEANUP(ocsp_freep) struct ocsp *ocsp = kit_ocsp(&responder, single, 1);

    trust_add_ocsp(pki->trust, ocsp);
}

static void add_list(struct pki *pki, const struct revoked *entry, instant from, long number)
{
    CLEANUP(buf_clear) struct buf pem = BUF_INIT((size_t)1 << 20);
    struct crl **list = NULL;
    struct err err = ERR_INIT;
    size_t n = 0;

    CK_OK(crl_issue(pki->root.cert, pki->root.key, entry, entry != NULL, number, from, from + DAY,
                    &pem, &err),
          &err);
    CK_OK(crls_parse(buf_span(&pem), &list, &n, &err), &err);
    trust_add_crl(pki->trust, list[0]);
    crls_free(list, n);
}

static const char *const kinds[] = {"SM2", "RSA", "P-256"};

START_TEST(an_issuer_answers_for_its_own_whatever_its_key)
{
    CLEANUP(pki_clear) struct pki pki = pki_new(kinds[_i]);
    struct kit_single yes = good(&pki), no = revoked(&pki, PKI_2026 - DAY, 4);

    ck_assert_int_eq(answer_of(&pki), REVOCATION_NONE);
    add(&pki, &yes, NULL);
    ck_assert_int_eq(answer_of(&pki), REVOCATION_GOOD);
    add(&pki, &no, NULL);
    ck_assert_int_eq(answer_of(&pki), REVOCATION_REVOKED);
    ck_assert_int_eq(pki.chain.revoked_at, PKI_2026 - DAY);
    ck_assert_int_eq(pki.chain.reason, 4);
}
END_TEST

START_TEST(a_delegate_of_any_key_answers_for_its_issuer)
{
    CLEANUP(pki_clear) struct pki pki = pki_new(kinds[_i % 3]);
    CLEANUP(party_clear)
    struct party delegate = kit_delegate(&pki.root, kinds[_i / 3], kit_may_answer);
    struct kit_responder responder = {.signer = &delegate, .by_key = _i % 2, .basic = _i % 2};
    struct kit_single yes = good(&pki);
    CLEANUP(ocsp_freep) struct ocsp *ocsp = kit_ocsp(&responder, &yes, 1);

    trust_add_ocsp(pki.trust, ocsp);
    ck_assert_int_eq(answer_of(&pki), REVOCATION_GOOD);
}
END_TEST

START_TEST(a_delegate_without_the_purpose_or_of_another_issuer_answers_for_nobody)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    CLEANUP(party_clear)
    struct party stranger = pki_party(CERT_PROFILE_ROOT, "别的根", "SM2", NULL);
    CLEANUP(party_clear) struct party twin = pki_party(CERT_PROFILE_ROOT, "根", "SM2", NULL);
    CLEANUP(party_clear) struct party ca = pki_party(CERT_PROFILE_CA, "下级", "SM2", &pki.root);
    CLEANUP(party_clear) struct party far = kit_delegate(&stranger, "SM2", kit_may_answer);
    CLEANUP(party_clear) struct party fake = kit_delegate(&twin, "SM2", kit_may_answer);
    CLEANUP(party_clear) struct party below = kit_delegate(&ca, "SM2", kit_may_answer);
    const struct party *const signers[] = {&pki.other, &stranger, &twin, &far, &fake, &below};
    struct kit_single yes = good(&pki), no = revoked(&pki, PKI_2026 - DAY, 4);

    add(&pki, _i % 2 ? &no : &yes, signers[_i / 2]);
    ck_assert_int_eq(answer_of(&pki), REVOCATION_BAD_OCSP);
    ck_assert_int_eq(answer_of(&pki), REVOCATION_BAD_OCSP); /* the answer that was remembered */
    add(&pki, &yes, NULL);
    ck_assert_int_eq(answer_of(&pki), REVOCATION_GOOD);
}
END_TEST

/* One bit of the value, and one of what is signed. */
START_TEST(a_changed_answer_says_nothing)
{
    CLEANUP(pki_clear) struct pki pki = pki_new(kinds[_i / 2]);
    struct kit_responder responder = {.signer = &pki.root, .alone = true};
    struct kit_single yes = good(&pki);
    CLEANUP(buf_clear) struct buf der = kit_ocsp_der(&responder, &yes, 1);
    CLEANUP(ocsp_freep) struct ocsp *ocsp = NULL;
    struct err err = ERR_INIT;
    char *time = memmem(der.data, der.len, "2026", 4);

    if (_i % 2)
        time[3] = '5'; /* producedAt: a year earlier */
    else
        der.data[der.len - 1] ^= 1;
    CK_OK(ocsp_parse(buf_span(&der), &ocsp, &err), &err);
    trust_add_ocsp(pki.trust, ocsp);
    ck_assert_int_eq(answer_of(&pki), REVOCATION_BAD_OCSP);
}
END_TEST

START_TEST(a_delegate_must_be_in_force_when_it_answers)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    CLEANUP(party_clear) struct party delegate = kit_delegate(&pki.root, "SM2", kit_may_answer);
    instant end = cert_not_after(delegate.cert);
    struct kit_responder responder = {.signer = &delegate, .produced_at = end + (_i ? 1 : 0)};
    struct kit_single yes = good(&pki);
    CLEANUP(ocsp_freep) struct ocsp *ocsp = kit_ocsp(&responder, &yes, 1);

    trust_add_ocsp(pki.trust, ocsp);
    ck_assert_int_eq(answer_of(&pki), _i ? REVOCATION_BAD_OCSP : REVOCATION_GOOD);
}
END_TEST

START_TEST(a_revoked_delegate_is_heard_only_with_nocheck)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    CLEANUP(party_clear)
    struct party delegate =
        kit_delegate(&pki.root, "SM2", _i ? kit_may_always_answer : kit_may_answer);
    struct kit_single yes = good(&pki);
    struct revoked entry = {delegate.cert, PKI_2026 - DAY, 4};

    entry.cert = delegate.cert;
    add(&pki, &yes, &delegate);
    ck_assert_int_eq(answer_of(&pki), REVOCATION_GOOD);
    add_list(&pki, &entry, PKI_2026 - 9 * DAY, 1); /* stale: of the signer it says nothing fresh */
    ck_assert_int_eq(answer_of(&pki), _i ? REVOCATION_GOOD : REVOCATION_STALE);
}
END_TEST

static const struct {
    const EVP_MD *(*md)(void);
    enum revocation want;
} hashes[] = {{EVP_sha1, REVOCATION_GOOD},
              {EVP_sha256, REVOCATION_GOOD},
              {EVP_sm3, REVOCATION_GOOD},
              {EVP_sha512, REVOCATION_GOOD},
              {EVP_md5, REVOCATION_NONE}};

START_TEST(a_certificate_is_known_by_hashes_of_its_issuer_and_its_number)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    CLEANUP(party_clear) struct party twin = pki_party(CERT_PROFILE_ROOT, "根", "SM2", NULL);
    struct kit_single yes = good(&pki), other = good(&pki), elsewhere = good(&pki);

    other.cert = pki.other.cert;
    elsewhere.issuer = twin.cert; /* the same name, another key */
    other.md = elsewhere.md = yes.md = hashes[_i].md();
    add(&pki, &other, NULL);
    add(&pki, &elsewhere, NULL);
    ck_assert_int_eq(answer_of(&pki), REVOCATION_NONE);
    add(&pki, &yes, NULL);
    ck_assert_int_eq(answer_of(&pki), hashes[_i].want);
}
END_TEST

START_TEST(one_response_answers_for_many)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    struct kit_single many[] = {good(&pki), good(&pki)};
    struct kit_responder responder = {.signer = &pki.root};
    CLEANUP(ocsp_freep) struct ocsp *ocsp = NULL;

    many[0].cert = pki.other.cert;
    many[0].status = V_OCSP_CERTSTATUS_REVOKED;
    many[0].at = PKI_2026 - DAY;
    ocsp = kit_ocsp(&responder, many, 2);
    trust_add_ocsp(pki.trust, ocsp);
    ck_assert_int_eq(answer_of(&pki), REVOCATION_GOOD);
    chain_clear(&pki.chain);
    chain_build(pki.trust, pki.other.cert, NULL, PKI_2026, PKI_2026, &pki.chain);
    ck_assert_int_eq(pki.chain.revocation, REVOCATION_REVOKED);
}
END_TEST

static const struct {
    instant from, until, now;
    enum revocation want;
} ages[] = {
    {PKI_2026, PKI_2026 + DAY, PKI_2026, REVOCATION_GOOD},
    {PKI_2026, PKI_2026 + DAY, PKI_2026 + DAY, REVOCATION_GOOD},
    {PKI_2026, PKI_2026 + DAY, PKI_2026 + DAY + 1, REVOCATION_STALE},
    {PKI_2026, 0, PKI_2026 + 7 * DAY, REVOCATION_GOOD},
    {PKI_2026, 0, PKI_2026 + 7 * DAY + 1, REVOCATION_STALE},
    {PKI_2026, PKI_2026 + DAY, PKI_2026 - 600, REVOCATION_GOOD},
    {PKI_2026, PKI_2026 + DAY, PKI_2026 - 601, REVOCATION_NOT_YET},
};

START_TEST(an_answer_has_its_time)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    struct kit_single yes = good(&pki);

    yes.this_update = ages[_i].from;
    yes.next_update = ages[_i].until;
    add(&pki, &yes, NULL);
    ck_assert_int_eq(answer_at(&pki, ages[_i].now), ages[_i].want);
}
END_TEST

/* An old answer still revokes; one from after the moment asked about only what was so by then. */
START_TEST(a_revocation_stands_whatever_its_age)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    struct kit_single no = revoked(&pki, PKI_2026 - DAY, 0);

    no.next_update = PKI_2026 + DAY;
    add(&pki, &no, NULL);
    ck_assert_int_eq(answer_at(&pki, PKI_2026 + 300 * DAY), REVOCATION_REVOKED);
    ck_assert_int_eq(answer_at(&pki, PKI_2026 - DAY), REVOCATION_REVOKED);
    ck_assert_int_eq(answer_at(&pki, PKI_2026 - DAY - 1), REVOCATION_NOT_YET);
}
END_TEST

static const struct {
    bool list_revokes, ocsp_revokes, list_is_fresh;
    enum revocation want;
    enum revocation_source source;
} pairs[] = {
    {false, false, true, REVOCATION_GOOD, SOURCE_CRL},
    {false, false, false, REVOCATION_GOOD, SOURCE_OCSP},
    {true, false, true, REVOCATION_REVOKED, SOURCE_CRL},
    {true, false, false, REVOCATION_REVOKED, SOURCE_CRL},
    {false, true, true, REVOCATION_REVOKED, SOURCE_OCSP},
    {true, true, true, REVOCATION_REVOKED, SOURCE_CRL}, /* the earlier */
};

START_TEST(of_lists_and_answers_the_revocation_counts_and_is_told_with_its_source)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    struct revoked entry = {pki.signer.cert, PKI_2026 - 30 * DAY, 4};
    struct kit_single single =
        pairs[_i].ocsp_revokes ? revoked(&pki, PKI_2026 - 20 * DAY, 0) : good(&pki);
    const struct revocation_fact *fact = &pki.chain.facts[0];
    instant from = pairs[_i].list_is_fresh ? PKI_2026 : PKI_2026 - 10 * DAY;

    add_list(&pki, pairs[_i].list_revokes ? &entry : NULL, from, 0x1234);
    add(&pki, &single, NULL);
    ck_assert_int_eq(answer_of(&pki), pairs[_i].want);
    ck_assert_uint_eq(pki.chain.n_facts, 1);
    ck_assert_int_eq(fact->status, pairs[_i].want);
    ck_assert_int_eq(fact->source, pairs[_i].source);
    ck_assert_str_eq(fact->number, fact->source == SOURCE_CRL ? "1234" : "");
    ck_assert_int_eq(fact->this_update, fact->source == SOURCE_CRL ? from : PKI_2026);
    ck_assert_int_eq(fact->next_update, fact->source == SOURCE_CRL ? from + DAY : INSTANT_NONE);
    ck_assert_int_eq(fact->produced_at, fact->this_update);
}
END_TEST

START_TEST(a_theft_that_one_source_knows_of_is_not_forgotten_for_an_earlier_date)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    struct revoked entry = {pki.signer.cert, PKI_2026 - 30 * DAY, _i ? 4 : 1};
    struct kit_single no = revoked(&pki, PKI_2026 - 20 * DAY, _i ? 1 : 4);

    add_list(&pki, &entry, PKI_2026, 1);
    add(&pki, &no, NULL);
    ck_assert_int_eq(answer_of(&pki), REVOCATION_REVOKED);
    ck_assert_int_eq(pki.chain.revoked_at, PKI_2026 - 30 * DAY);
    ck_assert_int_eq(pki.chain.reason, 1);
}
END_TEST

START_TEST(a_hold_ends_with_a_newer_answer)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    struct revoked entry = {pki.signer.cert, PKI_2026 - 5 * DAY, 6};
    struct kit_single older = good(&pki), newer = good(&pki);

    older.this_update = PKI_2026 - 2 * DAY;
    newer.this_update = PKI_2026 - DAY / 2;
    add_list(&pki, &entry, PKI_2026 - DAY, 1);
    add(&pki, &older, NULL);
    ck_assert_int_eq(answer_of(&pki), REVOCATION_REVOKED);
    ck_assert_int_eq(pki.chain.reason, REASON_HOLD);
    add(&pki, &newer, NULL);
    ck_assert_int_eq(answer_of(&pki), REVOCATION_GOOD);
}
END_TEST

START_TEST(who_was_never_issued_is_revoked_for_good)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    struct kit_single no = revoked(&pki, 0, 6);
    CLEANUP(ASN1_TIME_freep) ASN1_TIME *epoch = NULL;

    no.at = _i ? 1 : 0;
    if (!_i) { /* kit_single takes 0 for none */
        no.at = 86400;
        no.extension_nid = NID_invalidity_date;
        no.extension = "DER:180F31393730303130313030303030305A";
    }
    add(&pki, &no, NULL);
    ck_assert_int_eq(answer_of(&pki), REVOCATION_REVOKED);
    ck_assert_int_eq(pki.chain.reason, _i ? REASON_HOLD : 0);
}
END_TEST

static const struct {
    int nid;
    const char *value;
    enum revocation want;
} extensions[] = {
    {NID_id_pkix_OCSP_archiveCutoff, "DER:180F32303235303130313030303030305A", REVOCATION_GOOD},
    {NID_id_pkix_OCSP_CrlID, "critical,DER:3000", REVOCATION_GOOD},
    {NID_netscape_comment, "DER:0500", REVOCATION_GOOD},
    {NID_netscape_comment, "critical,DER:0500", REVOCATION_PARTIAL},
};

START_TEST(an_answer_is_read_with_its_extensions)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    struct kit_single yes = good(&pki);

    yes.extension_nid = extensions[_i].nid;
    yes.extension = extensions[_i].value;
    add(&pki, &yes, NULL);
    ck_assert_int_eq(answer_of(&pki), extensions[_i].want);
}
END_TEST

START_TEST(who_is_unknown_to_the_responder_is_not_good)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    struct kit_single unknown = good(&pki);

    unknown.status = V_OCSP_CERTSTATUS_UNKNOWN;
    add(&pki, &unknown, NULL);
    ck_assert_int_eq(answer_of(&pki), REVOCATION_UNKNOWN);
    add_list(&pki, NULL, PKI_2026, 1);
    ck_assert_int_eq(answer_of(&pki), REVOCATION_GOOD);
}
END_TEST

/* RFC 5280 3.3: what ended may be left out of later lists, unless these say since when not. */
START_TEST(after_the_end_of_a_certificate_silence_is_no_answer)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    instant end = cert_not_after(pki.signer.cert);
    struct kit_single yes = good(&pki), kept = good(&pki);

    yes.this_update = end + DAY;
    kept.this_update = end + DAY;
    kept.extension_nid = NID_id_pkix_OCSP_archiveCutoff;
    kept.extension = "DER:180F32303235303130313030303030305A";
    add_list(&pki, NULL, end + DAY, 1);
    add(&pki, &yes, NULL);
    ck_assert_int_eq(answer_at(&pki, end + DAY), REVOCATION_DROPPED);
    add(&pki, &kept, NULL);
    ck_assert_int_eq(answer_at(&pki, end + DAY), REVOCATION_GOOD);
}
END_TEST

START_TEST(a_weak_answer_proves_nothing)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    CLEANUP(party_clear) struct party delegate = kit_delegate(&pki.root, "RSA1024", kit_may_answer);
    struct kit_single yes = good(&pki);

    add(&pki, &yes, &delegate);
    ck_assert_int_eq(answer_of(&pki), REVOCATION_PARTIAL);
}
END_TEST

/* Each byte changed in turn: never a crash, and never an answer that is believed. */
START_TEST(no_changed_byte_makes_another_answer)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    struct kit_responder responder = {.signer = &pki.root, .alone = true};
    struct kit_single no = revoked(&pki, PKI_2026 - DAY, 4);
    CLEANUP(buf_clear) struct buf der = kit_ocsp_der(&responder, &no, 1);

    for (size_t i = 0; i < der.len; i++) {
        CLEANUP(trust_freep) struct trust *trust = trust_new();
        CLEANUP(chain_clear) struct chain chain = {0};
        CLEANUP(ocsp_freep) struct ocsp *ocsp = NULL;
        struct err err = ERR_INIT;

        der.data[i] ^= 4;
        trust_add_anchor(trust, pki.root.cert);
        if (ocsp_parse(buf_span(&der), &ocsp, &err) == RC_OK)
            trust_add_ocsp(trust, ocsp);
        else
            ck_assert_str_eq(err.finding, "CRT003");
        chain_build(trust, pki.signer.cert, NULL, PKI_2026, PKI_2026, &chain);
        ck_assert_int_ne(chain.revocation, REVOCATION_GOOD);
        der.data[i] ^= 4;
    }
}
END_TEST

static const struct {
    const char *bytes;
    size_t len;
    const char *says;
} unreadable[] = {
    {"", 0, "missing"},
    {"\x30\x03\x0a\x01\x03", 5, "gave no answer (3)"},
    {"\x30\x03\x0a\x01\x00", 5, "missing"},
    {"\x30\x00", 2, "tbsResponseData: missing"},
    {"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n", 59, "no OCSP response"},
};

START_TEST(what_is_no_response_is_refused_and_named)
{
    struct ocsp **list = NULL;
    struct err err = ERR_INIT;
    size_t n = 7;

    ck_assert_int_eq(
        ocsps_parse((struct span){(const unsigned char *)unreadable[_i].bytes, unreadable[_i].len},
                    &list, &n, &err),
        RC_INPUT);
    ck_assert_str_eq(err.finding, "CRT003");
    ck_assert_msg(strstr(err.text, unreadable[_i].says) != NULL, "%s", err.text);
    ck_assert_uint_eq(n, 0);
}
END_TEST

static char folder[] = "/tmp/ecert-ocsp-XXXXXX";

static void remove_folder(struct pki *pki)
{
    static const char *const names[] = {"anchors/a root.pem",
                                        "anchors/again.pem",
                                        "anchors/leaf.pem",
                                        "ocsp/an answer.pem",
                                        "ocsp/answer.der",
                                        "anchors",
                                        "ocsp"};

    rev_remove(folder, names, N_OF(names));
    pki_clear(pki);
}

static struct buf pem_of(const char *label, struct span der)
{
    CLEANUP(BIO_free_allp) BIO *bio = BIO_new(BIO_s_mem());
    struct buf out = BUF_INIT((size_t)1 << 20);
    struct err err = ERR_INIT;
    char *data;
    long len;

    ck_assert_int_gt(PEM_write_bio(bio, label, "", der.data, (long)der.len), 0);
    len = BIO_get_mem_data(bio, &data);
    CK_OK(buf_add(&out, data, (size_t)len, &err), &err);
    return out;
}

START_TEST(a_trust_folder_holds_answers_and_tells_what_it_holds)
{
    CLEANUP(remove_folder) struct pki pki = pki_new("SM2");
    CLEANUP(buf_clear) struct buf root = pem_of("CERTIFICATE", cert_der(pki.root.cert));
    CLEANUP(buf_clear) struct buf leaf = pem_of("CERTIFICATE", cert_der(pki.other.cert));
    struct kit_responder responder = {.signer = &pki.root};
    struct kit_single yes = good(&pki), no = revoked(&pki, PKI_2026 - DAY, 4);
    CLEANUP(buf_clear) struct buf der = kit_ocsp_der(&responder, &no, 1);
    CLEANUP(buf_clear) struct buf other = kit_ocsp_der(&responder, &yes, 1);
    CLEANUP(buf_clear) struct buf pem = pem_of("OCSP RESPONSE", buf_span(&other));
    struct trust_counts counts;
    struct err err = ERR_INIT;
    uint64_t before = trust_identity(pki.trust);

    ck_assert_ptr_nonnull(mkdtemp(folder));
    rev_put(folder, "anchors/a root.pem", buf_span(&root));
    rev_put(folder, "anchors/again.pem", buf_span(&root));
    rev_put(folder, "anchors/leaf.pem", buf_span(&leaf));
    rev_put(folder, "ocsp/an answer.pem", buf_span(&pem));
    trust_free(pki.trust);
    pki.trust = trust_new();
    CK_OK(trust_load(pki.trust, folder, &err), &err);
    ck_assert_uint_ne(trust_identity(pki.trust), before);
    counts = trust_count(pki.trust, cert_not_after(pki.root.cert) + 1);
    ck_assert_uint_eq(counts.anchors, 2);
    ck_assert_uint_eq(counts.not_ca, 1);
    ck_assert_uint_eq(counts.expired, 2);
    ck_assert_uint_eq(counts.ocsps, 1);
    ck_assert_uint_eq(counts.crls + counts.intermediates, 0);
    ck_assert_int_eq(answer_of(&pki), REVOCATION_GOOD);
    rev_put(folder, "ocsp/answer.der", buf_span(&der));
    CK_OK(trust_load(pki.trust, folder, &err), &err);
    ck_assert_int_eq(answer_of(&pki), REVOCATION_REVOKED);
    rev_put(folder, "ocsp/answer.der", span_of("rubbish"));
    ck_assert_int_eq(trust_load(pki.trust, folder, &err), RC_INPUT);
    ck_assert_ptr_nonnull(strstr(err.where, "ocsp/answer.der"));
    ck_assert_str_eq(err.finding, "CRT003");
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, an_issuer_answers_for_its_own_whatever_its_key, 0, N_OF(kinds));
    tcase_add_loop_test(tc, a_delegate_of_any_key_answers_for_its_issuer, 0, 9);
    tcase_add_loop_test(tc, a_delegate_without_the_purpose_or_of_another_issuer_answers_for_nobody,
                        0, 12);
    tcase_add_loop_test(tc, a_changed_answer_says_nothing, 0, 6);
    tcase_add_loop_test(tc, a_delegate_must_be_in_force_when_it_answers, 0, 2);
    tcase_add_loop_test(tc, a_revoked_delegate_is_heard_only_with_nocheck, 0, 2);
    tcase_add_loop_test(tc, a_certificate_is_known_by_hashes_of_its_issuer_and_its_number, 0,
                        N_OF(hashes));
    tcase_add_test(tc, one_response_answers_for_many);
    tcase_add_loop_test(tc, an_answer_has_its_time, 0, N_OF(ages));
    tcase_add_test(tc, a_revocation_stands_whatever_its_age);
    tcase_add_loop_test(tc, of_lists_and_answers_the_revocation_counts_and_is_told_with_its_source,
                        0, N_OF(pairs));
    tcase_add_loop_test(tc, a_theft_that_one_source_knows_of_is_not_forgotten_for_an_earlier_date,
                        0, 2);
    tcase_add_test(tc, a_hold_ends_with_a_newer_answer);
    tcase_add_loop_test(tc, who_was_never_issued_is_revoked_for_good, 0, 2);
    tcase_add_loop_test(tc, an_answer_is_read_with_its_extensions, 0, N_OF(extensions));
    tcase_add_test(tc, who_is_unknown_to_the_responder_is_not_good);
    tcase_add_test(tc, after_the_end_of_a_certificate_silence_is_no_answer);
    tcase_add_test(tc, a_weak_answer_proves_nothing);
    tcase_add_test(tc, no_changed_byte_makes_another_answer);
    tcase_add_loop_test(tc, what_is_no_response_is_refused_and_named, 0, N_OF(unreadable));
    tcase_add_test(tc, a_trust_folder_holds_answers_and_tells_what_it_holds);
}
