/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "core/crypto/trust_priv.h"
#include "tests/unit/pki.h"

CLEANUP_PTR(GENERAL_NAMES, GENERAL_NAMES_free);

#define DAY ((instant)86400)

struct pki {
    struct party root, signer;
    struct trust *trust;
};

static struct pki pki_new(void)
{
    struct pki pki = {.trust = trust_new()};

    pki.root = pki_party(CERT_PROFILE_ROOT, "根", "SM2", NULL);
    pki.signer = pki_party(CERT_PROFILE_SIGNER, "签发机关", "SM2", &pki.root);
    return pki;
}

static void pki_clear(struct pki *pki)
{
    party_clear(&pki->root);
    party_clear(&pki->signer);
    trust_free(pki->trust);
}

/* A list to be made; what is 0 is left out. */
struct kit_list {
    instant from, until;
    long number;
    int reason; /* of the entry of the signer; -1: no entry */
    instant at, invalid_since;
    const struct cert *issuer; /* certificateIssuer of an entry in front of it */
    const char *delta, *expired, *entry_extension;
};

static void add_time(X509_REVOKED *entry, int nid, instant at)
{
    CLEANUP(ASN1_TIME_freep) ASN1_TIME *time = ASN1_GENERALIZEDTIME_set(NULL, (time_t)at);

    ck_assert_int_eq(X509_REVOKED_add1_ext_i2d(entry, nid, time, 0, 0), 1);
}

static void add_issuer(X509_REVOKED *entry, const struct cert *issuer)
{
    CLEANUP(GENERAL_NAMES_freep) GENERAL_NAMES *names = GENERAL_NAMES_new();
    GENERAL_NAME *name = GENERAL_NAME_new();

    GENERAL_NAME_set0_value(name, GEN_DIRNAME, X509_NAME_dup(X509_get_subject_name(issuer->x509)));
    ck_assert(sk_GENERAL_NAME_push(names, name));
    ck_assert_int_eq(X509_REVOKED_add1_ext_i2d(entry, NID_certificate_issuer, names, 1, 0), 1);
}

static void add_entry(X509_CRL *crl, const struct pki *pki, const struct kit_list *list)
{
    CLEANUP(ASN1_TIME_freep) ASN1_TIME *at = issue_time(list->at);
    CLEANUP(ASN1_ENUMERATED_freep) ASN1_ENUMERATED *reason = ASN1_ENUMERATED_new();
    X509_REVOKED *entry = X509_REVOKED_new();

    X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(pki->signer.cert->x509));
    X509_REVOKED_set_revocationDate(entry, at);
    ASN1_ENUMERATED_set(reason, list->reason);
    if (list->reason)
        X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, reason, 0, 0);
    if (list->invalid_since)
        add_time(entry, NID_invalidity_date, list->invalid_since);
    if (list->issuer)
        add_issuer(entry, list->issuer);
    if (list->entry_extension) {
        X509_EXTENSION *extension =
            X509V3_EXT_conf_nid(NULL, NULL, NID_netscape_comment, list->entry_extension);

        ck_assert_int_eq(X509_REVOKED_add_ext(entry, extension, -1), 1);
        X509_EXTENSION_free(extension);
    }
    ck_assert_int_eq(X509_CRL_add0_revoked(crl, entry), 1);
}

static void add_extension(X509_CRL *crl, const char *name, const char *value)
{
    X509_EXTENSION *extension = value ? X509V3_EXT_conf(NULL, NULL, name, value) : NULL;

    if (value)
        ck_assert_int_eq(X509_CRL_add_ext(crl, extension, -1), 1);
    X509_EXTENSION_free(extension);
}

static void add(struct pki *pki, const struct kit_list *list)
{
    CLEANUP(X509_CRL_freep) X509_CRL *x509 = X509_CRL_new();
    CLEANUP(ASN1_TIME_freep) ASN1_TIME *from = issue_time(list->from);
    CLEANUP(ASN1_TIME_freep) ASN1_TIME *until = list->until ? issue_time(list->until) : NULL;
    CLEANUP(ASN1_INTEGER_freep) ASN1_INTEGER *number = ASN1_INTEGER_new();
    CLEANUP(crl_freep) struct crl *crl = NULL;
    struct err err = ERR_INIT;
    unsigned char *der = NULL;
    int len;

    X509_CRL_set_version(x509, 1);
    X509_CRL_set_issuer_name(x509, X509_get_subject_name(pki->root.cert->x509));
    X509_CRL_set1_lastUpdate(x509, from);
    if (until)
        X509_CRL_set1_nextUpdate(x509, until);
    if (list->reason >= 0)
        add_entry(x509, pki, list);
    ASN1_INTEGER_set(number, list->number);
    if (list->number)
        X509_CRL_add1_ext_i2d(x509, NID_crl_number, number, 0, 0);
    add_extension(x509, "2.5.29.27", list->delta);
    add_extension(x509, "2.5.29.60", list->expired);
    CK_OK(issue_sign_crl(x509, pki->root.key, &err), &err);
    len = i2d_X509_CRL(x509, &der);
    CK_OK(crl_parse((struct span){der, (size_t)len}, &crl, &err), &err);
    trust_add_crl(pki->trust, crl);
    OPENSSL_free(der);
}

static struct revocation_fact ask(struct pki *pki, instant now)
{
    struct revocation_fact fact;

    trust_revocation(pki->trust, pki->signer.cert, pki->root.cert, now, &fact);
    return fact;
}

START_TEST(the_earlier_of_revocation_and_invalidity_counts)
{
    CLEANUP(pki_clear) struct pki pki = pki_new();
    struct revocation_fact fact;

    add(&pki, &(struct kit_list){.from = PKI_2026,
                                 .until = PKI_2026 + DAY,
                                 .reason = 1,
                                 .at = PKI_2026 - 5 * DAY,
                                 .invalid_since = PKI_2026 + (_i ? -9 : -2) * DAY});
    fact = ask(&pki, PKI_2026);
    ck_assert_int_eq(fact.status, REVOCATION_REVOKED);
    ck_assert_int_eq(fact.revoked_at, PKI_2026 - (_i ? 9 : 5) * DAY);
}
END_TEST

/* The clock may have been set back between two lists: their numbers tell which is the newer. */
START_TEST(of_two_lists_the_one_of_the_higher_number_is_newer)
{
    CLEANUP(pki_clear) struct pki pki = pki_new();

    add(&pki, &(struct kit_list){.from = PKI_2026 - DAY,
                                 .until = PKI_2026 + DAY,
                                 .number = 0x100,
                                 .reason = REASON_HOLD,
                                 .at = PKI_2026 - 5 * DAY});
    ck_assert_int_eq(ask(&pki, PKI_2026).status, REVOCATION_REVOKED);
    add(&pki,
        &(struct kit_list){
            .from = PKI_2026, .until = PKI_2026 + DAY, .number = _i ? 0x101 : 0xff, .reason = -1});
    ck_assert_int_eq(ask(&pki, PKI_2026).status, _i ? REVOCATION_GOOD : REVOCATION_REVOKED);
}
END_TEST

/* What a delta takes off the list: a hold may end so, a revocation never. */
START_TEST(a_delta_ends_a_hold_and_tells_nothing_else)
{
    CLEANUP(pki_clear) struct pki pki = pki_new();
    struct kit_list base = {.from = PKI_2026 - DAY,
                            .until = PKI_2026 + DAY,
                            .number = 5,
                            .reason = _i ? 4 : REASON_HOLD,
                            .at = PKI_2026 - 5 * DAY};
    struct kit_list delta = {.from = PKI_2026,
                             .until = PKI_2026 + DAY,
                             .number = 6,
                             .reason = REASON_REMOVE,
                             .at = PKI_2026,
                             .delta = "critical,DER:020105"};

    add(&pki, &base);
    ck_assert_int_eq(ask(&pki, PKI_2026).status, REVOCATION_REVOKED);
    add(&pki, &delta);
    ck_assert_int_eq(ask(&pki, PKI_2026).status, _i ? REVOCATION_REVOKED : REVOCATION_PARTIAL);
    add(&pki,
        &(struct kit_list){.from = PKI_2026, .until = PKI_2026 + DAY, .number = 7, .reason = -1});
    ck_assert_int_eq(ask(&pki, PKI_2026).status, _i ? REVOCATION_REVOKED : REVOCATION_GOOD);
}
END_TEST

START_TEST(an_entry_of_another_issuer_is_none_of_ours)
{
    CLEANUP(pki_clear) struct pki pki = pki_new();
    CLEANUP(party_clear) struct party other = pki_party(CERT_PROFILE_ROOT, "别的根", "SM2", NULL);

    add(&pki, &(struct kit_list){.from = PKI_2026,
                                 .until = PKI_2026 + DAY,
                                 .at = PKI_2026 - DAY,
                                 .issuer = _i ? pki.root.cert : other.cert});
    ck_assert_int_eq(ask(&pki, PKI_2026).status, _i ? REVOCATION_REVOKED : REVOCATION_PARTIAL);
}
END_TEST

START_TEST(an_entry_with_a_critical_extension_that_is_not_known_makes_the_list_unusable)
{
    CLEANUP(pki_clear) struct pki pki = pki_new();

    add(&pki, &(struct kit_list){.from = PKI_2026,
                                 .until = PKI_2026 + DAY,
                                 .at = PKI_2026 - DAY,
                                 .entry_extension = _i ? "critical,DER:0500" : "DER:0500"});
    ck_assert_int_eq(ask(&pki, PKI_2026).status, _i ? REVOCATION_PARTIAL : REVOCATION_REVOKED);
}
END_TEST

START_TEST(a_list_without_an_end_is_believed_for_a_week)
{
    CLEANUP(pki_clear) struct pki pki = pki_new();

    add(&pki, &(struct kit_list){.from = PKI_2026, .reason = -1});
    ck_assert_int_eq(ask(&pki, PKI_2026 + 7 * DAY).status, REVOCATION_GOOD);
    ck_assert_int_eq(ask(&pki, PKI_2026 + 7 * DAY + 1).status, REVOCATION_STALE);
}
END_TEST

START_TEST(a_list_from_after_the_end_speaks_of_those_that_ended_only_if_it_says_so)
{
    CLEANUP(pki_clear) struct pki pki = pki_new();
    instant end = cert_not_after(pki.signer.cert), from = _i == 0 ? end : end + 1;

    add(&pki,
        &(struct kit_list){.from = from,
                           .until = from + DAY,
                           .reason = -1,
                           .expired = _i == 2 ? "DER:180F32303235303130313030303030305A" : NULL});
    ck_assert_int_eq(ask(&pki, from).status, _i == 1 ? REVOCATION_DROPPED : REVOCATION_GOOD);
}
END_TEST

/* The newest good source is the one that is told. */
START_TEST(the_evidence_is_that_of_the_newest_source)
{
    CLEANUP(pki_clear) struct pki pki = pki_new();
    struct revocation_fact fact;

    add(&pki, &(struct kit_list){
                  .from = PKI_2026, .until = PKI_2026 + DAY, .number = 0x0a10, .reason = -1});
    add(&pki, &(struct kit_list){
                  .from = PKI_2026 - DAY, .until = PKI_2026 + DAY, .number = 0x0a0f, .reason = -1});
    fact = ask(&pki, PKI_2026);
    ck_assert_int_eq(fact.status, REVOCATION_GOOD);
    ck_assert_int_eq(fact.source, SOURCE_CRL);
    ck_assert_str_eq(fact.number, "0a10");
    ck_assert_int_eq(fact.this_update, PKI_2026);
    ck_assert_int_eq(fact.next_update, PKI_2026 + DAY);
    ck_assert_mem_eq(fact.sm3, pki.trust->crls[0]->sm3, SM3_LEN);
}
END_TEST

static void add_number(X509_CRL *crl, uint64_t number)
{
    CLEANUP(ASN1_TIME_freep) ASN1_TIME *at = issue_time(PKI_2026 - (instant)(number % 1000));
    CLEANUP(ASN1_INTEGER_freep) ASN1_INTEGER *serial = ASN1_INTEGER_new();
    X509_REVOKED *entry = X509_REVOKED_new();

    ck_assert_int_eq(ASN1_INTEGER_set_uint64(serial, number), 1);
    X509_REVOKED_set_serialNumber(entry, serial);
    X509_REVOKED_set_revocationDate(entry, at);
    ck_assert_int_eq(X509_CRL_add0_revoked(crl, entry), 1);
}

static void set_number(X509 *x509)
{
    ck_assert_int_eq(ASN1_INTEGER_set_uint64(X509_get_serialNumber(x509), 0x80ff), 1);
}

/* By date, as many issuers write it: the numbers come in any order, of one to eight bytes. */
START_TEST(in_a_long_list_in_any_order_each_is_found_and_nobody_else)
{
    enum { N = 5000 };
    CLEANUP(pki_clear) struct pki pki = pki_new();
    CLEANUP(X509_CRL_freep) X509_CRL *x509 = X509_CRL_new();
    CLEANUP(ASN1_TIME_freep) ASN1_TIME *from = issue_time(PKI_2026);
    CLEANUP(cert_freep) struct cert *low = pki_changed(pki.signer.cert, pki.root.key, set_number);
    CLEANUP(crl_freep) struct crl *crl = NULL;
    const struct crl_entry *found;
    struct err err = ERR_INIT;
    unsigned char *der = NULL;
    uint64_t number = 1;
    int len;

    X509_CRL_set_version(x509, 1);
    X509_CRL_set_issuer_name(x509, X509_get_subject_name(pki.root.cert->x509));
    X509_CRL_set1_lastUpdate(x509, from);
    for (int i = 0; i < N; i++) {
        number = number * 6364136223846793005U + 1442695040888963407U;
        add_number(x509, number >> (i % 8 * 8));
        if (i == N / 2 && _i)
            add_number(x509, 0x80ff);
    }
    CK_OK(issue_sign_crl(x509, pki.root.key, &err), &err);
    len = i2d_X509_CRL(x509, &der);
    CK_OK(crl_parse((struct span){der, (size_t)len}, &crl, &err), &err);
    OPENSSL_free(der);
    for (size_t i = 1; i < crl->n_entries; i++) {
        struct span a = crl_entry_serial(crl, &crl->entries[i - 1]);
        struct span b = crl_entry_serial(crl, &crl->entries[i]);

        ck_assert(a.len < b.len || (a.len == b.len && memcmp(a.data, b.data, a.len) < 0));
    }
    found = crl_find(crl, low);
    ck_assert_int_eq(found != NULL, _i);
    if (found)
        ck_assert_int_eq(found->at, PKI_2026 - 0x80ff % 1000);
    ck_assert_ptr_null(crl_find(crl, pki.signer.cert));
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_loop_test(tc, the_earlier_of_revocation_and_invalidity_counts, 0, 2);
    tcase_add_loop_test(tc, of_two_lists_the_one_of_the_higher_number_is_newer, 0, 2);
    tcase_add_loop_test(tc, a_delta_ends_a_hold_and_tells_nothing_else, 0, 2);
    tcase_add_loop_test(tc, an_entry_of_another_issuer_is_none_of_ours, 0, 2);
    tcase_add_loop_test(
        tc, an_entry_with_a_critical_extension_that_is_not_known_makes_the_list_unusable, 0, 2);
    tcase_add_test(tc, a_list_without_an_end_is_believed_for_a_week);
    tcase_add_loop_test(tc, a_list_from_after_the_end_speaks_of_those_that_ended_only_if_it_says_so,
                        0, 3);
    tcase_add_loop_test(tc, in_a_long_list_in_any_order_each_is_found_and_nobody_else, 0, 2);
    tcase_add_test(tc, the_evidence_is_that_of_the_newest_source);
}
