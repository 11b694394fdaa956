/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/chain.h"

#include <stdio.h>
#include <string.h>

#include "core/crypto/crl_priv.h"
#include "tests/unit/pki.h"

/* A root, a CA under it and a signer under that. */
struct pki {
    struct party root, ca, signer;
    struct trust *trust;
    struct certs extra;
    struct chain chain;
};

static struct pki pki_new(const char *kind)
{
    struct pki pki = {.trust = trust_new()};

    pki.root = pki_party(CERT_PROFILE_ROOT, "测试根", kind, NULL);
    pki.ca = pki_party(CERT_PROFILE_CA, "测试 CA", kind, &pki.root);
    pki.signer = pki_party(CERT_PROFILE_SIGNER, "签发机关", kind, &pki.ca);
    return pki;
}

static void pki_clear(struct pki *pki)
{
    party_clear(&pki->root);
    party_clear(&pki->ca);
    party_clear(&pki->signer);
    trust_free(pki->trust);
    certs_clear(&pki->extra);
    chain_clear(&pki->chain);
}

static enum chain_status status_at(struct pki *pki, struct cert *leaf, instant at)
{
    chain_clear(&pki->chain);
    chain_build(pki->trust, leaf, &pki->extra, at, at, &pki->chain);
    return pki->chain.status;
}

static enum chain_status status_of(struct pki *pki, struct cert *leaf)
{
    return status_at(pki, leaf, PKI_2026);
}

static const char *const kinds[] = {"SM2", "RSA", "P-256"};

START_TEST(a_good_path_of_three_holds_whatever_the_keys)
{
    CLEANUP(pki_clear) struct pki pki = pki_new(kinds[_i]);

    trust_add_anchor(pki.trust, pki.root.cert);
    certs_add(&pki.extra, pki.ca.cert);
    ck_assert_int_eq(status_of(&pki, pki.signer.cert), CHAIN_OK);
    ck_assert_uint_eq(pki.chain.path.n, 3);
    ck_assert(cert_equals(pki.chain.path.list[2], pki.root.cert));
    ck_assert_int_eq(pki.chain.revocation, REVOCATION_NONE);
}
END_TEST

START_TEST(an_sm2_leaf_under_an_rsa_root_holds)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("RSA");
    CLEANUP(party_clear) struct party mixed = pki_party(CERT_PROFILE_SIGNER, "x", "SM2", &pki.ca);

    trust_add_anchor(pki.trust, pki.root.cert);
    trust_add_intermediate(pki.trust, pki.ca.cert);
    ck_assert_int_eq(status_of(&pki, mixed.cert), CHAIN_OK);
}
END_TEST

START_TEST(without_an_anchor_the_missing_issuer_is_named)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");

    ck_assert_int_eq(status_of(&pki, pki.signer.cert), CHAIN_NO_ANCHOR);
    ck_assert_str_eq(pki.chain.missing, "CN=测试 CA,O=测试机构,C=CN");
    ck_assert_str_eq(pki.chain.missing_key_id, cert_authority_key_id(pki.signer.cert));
    /* What comes with the value is never trusted by itself. */
    certs_add(&pki.extra, pki.ca.cert);
    certs_add(&pki.extra, pki.root.cert);
    ck_assert_int_eq(status_of(&pki, pki.signer.cert), CHAIN_NO_ANCHOR);
    ck_assert_str_eq(pki.chain.missing, "CN=测试根,O=测试机构,C=CN");
    ck_assert_uint_eq(pki.chain.path.n, 3);
}
END_TEST

START_TEST(a_ca_chosen_as_anchor_ends_the_path)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");

    trust_add_anchor(pki.trust, pki.ca.cert);
    ck_assert_int_eq(status_of(&pki, pki.signer.cert), CHAIN_OK);
    ck_assert_uint_eq(pki.chain.path.n, 2);
}
END_TEST

START_TEST(a_leaf_that_is_an_anchor_is_a_path_of_one)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");

    trust_add_anchor(pki.trust, pki.signer.cert);
    ck_assert_int_eq(status_of(&pki, pki.signer.cert), CHAIN_OK);
    ck_assert_uint_eq(pki.chain.path.n, 1);
}
END_TEST

START_TEST(a_tampered_leaf_has_a_bad_signature)
{
    CLEANUP(pki_clear) struct pki pki = pki_new(kinds[_i]);
    CLEANUP(cert_freep) struct cert *bad = pki_tampered(pki.signer.cert);

    trust_add_anchor(pki.trust, pki.root.cert);
    trust_add_intermediate(pki.trust, pki.ca.cert);
    ck_assert_int_eq(status_of(&pki, bad), CHAIN_BAD_SIGNATURE);
}
END_TEST

START_TEST(a_tampered_ca_does_not_stand_in_for_the_true_one)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    CLEANUP(cert_freep) struct cert *bad = pki_tampered(pki.ca.cert);

    trust_add_anchor(pki.trust, pki.root.cert);
    certs_add(&pki.extra, bad);
    ck_assert_int_eq(status_of(&pki, pki.signer.cert), CHAIN_BAD_SIGNATURE);
    certs_add(&pki.extra, pki.ca.cert);
    ck_assert_int_eq(status_of(&pki, pki.signer.cert), CHAIN_OK);
}
END_TEST

START_TEST(an_issuer_of_the_same_name_with_another_key_is_not_the_issuer)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    CLEANUP(party_clear)
    struct party twin = pki_party(CERT_PROFILE_CA, "测试 CA", "SM2", &pki.root);

    trust_add_anchor(pki.trust, twin.cert);
    ck_assert_int_eq(status_of(&pki, pki.signer.cert), CHAIN_NO_ANCHOR);
    trust_add_anchor(pki.trust, pki.ca.cert);
    ck_assert_int_eq(status_of(&pki, pki.signer.cert), CHAIN_OK);
}
END_TEST

START_TEST(an_issuer_must_be_valid_at_the_time_asked_for)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");

    trust_add_anchor(pki.trust, pki.root.cert);
    trust_add_intermediate(pki.trust, pki.ca.cert);
    ck_assert_int_eq(status_at(&pki, pki.signer.cert, cert_not_after(pki.ca.cert)), CHAIN_OK);
    ck_assert_int_eq(status_at(&pki, pki.signer.cert, cert_not_after(pki.ca.cert) + 1),
                     CHAIN_ISSUER_EXPIRED);
    ck_assert_int_eq(status_at(&pki, pki.signer.cert, cert_not_before(pki.ca.cert)), CHAIN_OK);
    ck_assert_int_eq(status_at(&pki, pki.signer.cert, cert_not_before(pki.ca.cert) - 1),
                     CHAIN_ISSUER_EXPIRED);
}
END_TEST

START_TEST(a_renewed_ca_is_taken_where_the_old_one_has_expired)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    struct cert_request request = pki_request(CERT_PROFILE_CA, "测试 CA");
    CLEANUP(cert_freep) struct cert *renewed = NULL;

    request.not_after = PKI_2026 + 20 * PKI_YEAR;
    renewed = pki_issue(request, pki.ca.key, &pki.root);
    trust_add_anchor(pki.trust, renewed);
    certs_add(&pki.extra, pki.ca.cert);
    trust_add_anchor(pki.trust, pki.root.cert);
    ck_assert_int_eq(status_at(&pki, pki.signer.cert, PKI_2026 + 10 * PKI_YEAR), CHAIN_OK);
}
END_TEST

START_TEST(a_signer_may_not_issue)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    CLEANUP(party_clear)
    struct party child = pki_party(CERT_PROFILE_SIGNER, "x", "SM2", &pki.signer);

    trust_add_anchor(pki.trust, pki.root.cert);
    trust_add_intermediate(pki.trust, pki.ca.cert);
    certs_add(&pki.extra, pki.signer.cert);
    ck_assert_int_eq(status_of(&pki, child.cert), CHAIN_BAD_CA);
}
END_TEST

static void put_extension(X509 *x509, int nid, const char *value)
{
    CLEANUP(X509_EXTENSION_freep) X509_EXTENSION *extension = NULL;
    int at = X509_get_ext_by_NID(x509, nid, -1);

    if (at >= 0)
        X509_EXTENSION_free(X509_delete_ext(x509, at));
    extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
    ck_assert_ptr_nonnull(extension);
    ck_assert_int_eq(X509_add_ext(x509, extension, -1), 1);
}

static void no_key_cert_sign(X509 *x509)
{
    put_extension(x509, NID_key_usage, "critical,digitalSignature");
}

static void path_length_0(X509 *x509)
{
    put_extension(x509, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
}

static void name_constraints(X509 *x509)
{
    put_extension(x509, NID_name_constraints, "critical,permitted;DNS:example.org");
}

static void silent_constraints(X509 *x509)
{
    put_extension(x509, NID_name_constraints, "permitted;DNS:example.org");
}

static void policy_constraints(X509 *x509)
{
    put_extension(x509, NID_policy_constraints, "critical,requireExplicitPolicy:0");
}

static void policy_mappings(X509 *x509)
{
    put_extension(x509, NID_policy_mappings, "critical,1.2.3:1.2.4");
}

static void unknown_critical(X509 *x509)
{
    put_extension(x509, OBJ_create("1.2.3.4.5.6.7", "unknown", "unknown"), "critical,DER:0500");
}

static void unknown_harmless(X509 *x509)
{
    put_extension(x509, OBJ_create("1.2.3.4.5.6.8", "harmless", "harmless"), "DER:0500");
}

static void odd_extended_usage(X509 *x509)
{
    put_extension(x509, NID_ext_key_usage, "critical,serverAuth,emailProtection");
}

static void broken_constraints(X509 *x509)
{
    put_extension(x509, NID_basic_constraints, "critical,DER:0400");
}

static const struct {
    void (*change)(X509 *x509);
    bool of_root; /* the root is changed, else the CA */
    enum chain_status want;
} changes[] = {
    {no_key_cert_sign, false, CHAIN_BAD_CA},
    {no_key_cert_sign, true, CHAIN_BAD_CA},
    {path_length_0, false, CHAIN_OK},
    {path_length_0, true, CHAIN_BAD_CA},
    {silent_constraints, false, CHAIN_CRITICAL},
    {name_constraints, false, CHAIN_CRITICAL},
    {policy_constraints, false, CHAIN_CRITICAL},
    {policy_mappings, false, CHAIN_CRITICAL},
    {unknown_critical, false, CHAIN_CRITICAL},
    {unknown_critical, true, CHAIN_CRITICAL},
    {unknown_harmless, false, CHAIN_OK},
    {odd_extended_usage, false, CHAIN_OK},
    {broken_constraints, false, CHAIN_BAD_CA},
};

START_TEST(an_issuer_is_judged_by_its_extensions)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    bool of_root = changes[_i].of_root;
    CLEANUP(cert_freep)
    struct cert *changed =
        pki_changed(of_root ? pki.root.cert : pki.ca.cert, pki.root.key, changes[_i].change);

    trust_add_anchor(pki.trust, of_root ? changed : pki.root.cert);
    trust_add_intermediate(pki.trust, of_root ? pki.ca.cert : changed);
    ck_assert_int_eq(status_of(&pki, pki.signer.cert), changes[_i].want);
    if (changes[_i].want != CHAIN_OK)
        ck_assert_uint_eq(pki.chain.fault, of_root ? 2 : 1);
}
END_TEST

START_TEST(an_unknown_critical_extension_of_the_leaf_counts_too)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    CLEANUP(cert_freep)
    struct cert *leaf = pki_changed(pki.signer.cert, pki.ca.key, unknown_critical);
    CLEANUP(cert_freep)
    struct cert *odd = pki_changed(pki.signer.cert, pki.ca.key, odd_extended_usage);

    trust_add_anchor(pki.trust, pki.root.cert);
    trust_add_intermediate(pki.trust, pki.ca.cert);
    ck_assert_int_eq(status_of(&pki, leaf), CHAIN_CRITICAL);
    ck_assert_int_eq(status_of(&pki, odd), CHAIN_OK);
}
END_TEST

START_TEST(authorities_that_sign_each_other_end_the_search)
{
    CLEANUP(party_clear) struct party a = pki_party(CERT_PROFILE_ROOT, "A", "SM2", NULL);
    CLEANUP(party_clear) struct party b = pki_party(CERT_PROFILE_ROOT, "B", "SM2", NULL);
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    CLEANUP(cert_freep)
    struct cert *a_by_b = pki_issue(pki_request(CERT_PROFILE_CA, "A"), a.key, &b);
    CLEANUP(cert_freep)
    struct cert *b_by_a = pki_issue(pki_request(CERT_PROFILE_CA, "B"), b.key, &a);
    CLEANUP(party_clear) struct party leaf = pki_party(CERT_PROFILE_SIGNER, "leaf", "SM2", &a);

    certs_add(&pki.extra, a_by_b);
    certs_add(&pki.extra, b_by_a);
    trust_add_anchor(pki.trust, pki.root.cert);
    ck_assert_int_eq(status_of(&pki, leaf.cert), CHAIN_NO_ANCHOR);
    trust_add_anchor(pki.trust, b.cert);
    ck_assert_int_eq(status_of(&pki, leaf.cert), CHAIN_OK);
}
END_TEST

START_TEST(a_crowd_of_cross_certificates_is_given_up_in_bounded_time)
{
    enum { N = 6 };
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    struct party ca[N];
    CLEANUP(party_clear) struct party leaf = {.key = NULL};

    for (int i = 0; i < N; i++)
        ca[i] = pki_party(CERT_PROFILE_ROOT, (const char[]){(char)('A' + i), 0}, "SM2", NULL);
    for (int i = 0; i < N * N; i++) {
        struct cert_request request =
            pki_request(CERT_PROFILE_CA, (const char[]){(char)('A' + i / N), 0});
        CLEANUP(cert_freep) struct cert *cross = pki_issue(request, ca[i / N].key, &ca[i % N]);

        certs_add(&pki.extra, cross);
    }
    leaf = pki_party(CERT_PROFILE_SIGNER, "leaf", "SM2", &ca[0]);
    ck_assert_int_eq(status_of(&pki, leaf.cert), CHAIN_NO_ANCHOR);
    for (int i = 0; i < N; i++)
        party_clear(&ca[i]);
}
END_TEST

START_TEST(a_short_rsa_key_does_not_carry_a_path)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    CLEANUP(party_clear) struct party weak = pki_party(CERT_PROFILE_ROOT, "weak", "RSA1024", NULL);
    CLEANUP(party_clear) struct party leaf = pki_party(CERT_PROFILE_SIGNER, "x", "SM2", &weak);

    trust_add_anchor(pki.trust, weak.cert);
    ck_assert_int_eq(status_of(&pki, leaf.cert), CHAIN_UNSUPPORTED);
}
END_TEST

/* Root, CA and leaf each of another kind of key: every order of the three. */
START_TEST(keys_of_every_kind_meet_in_one_path)
{
    static const int orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                    {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    const int *order = orders[_i];
    CLEANUP(pki_clear) struct pki pki = {.trust = trust_new()};
    CLEANUP(cert_freep) struct cert *bad = NULL;

    pki.root = pki_party(CERT_PROFILE_ROOT, "测试根", kinds[order[0]], NULL);
    pki.ca = pki_party(CERT_PROFILE_CA, "测试 CA", kinds[order[1]], &pki.root);
    pki.signer = pki_party(CERT_PROFILE_SIGNER, "签发机关", kinds[order[2]], &pki.ca);
    bad = pki_tampered(pki.signer.cert);
    trust_add_anchor(pki.trust, pki.root.cert);
    trust_add_intermediate(pki.trust, pki.ca.cert);
    ck_assert_int_eq(status_of(&pki, pki.signer.cert), CHAIN_OK);
    ck_assert_int_eq(status_of(&pki, bad), CHAIN_BAD_SIGNATURE);
}
END_TEST

static void drop(X509 *x509, int nid)
{
    X509_EXTENSION_free(X509_delete_ext(x509, X509_get_ext_by_NID(x509, nid, -1)));
}

static void no_authority_key(X509 *x509)
{
    drop(x509, NID_authority_key_identifier);
}

static void no_subject_key(X509 *x509)
{
    drop(x509, NID_subject_key_identifier);
}

/*
 * A CA of one name with an old and a new key, in either order, where the leaf says which
 * (0, 1), does not say (2, 3), and where the CA certificates do not (4, 5).
 */
START_TEST(of_several_keys_of_one_name_the_right_one_is_found)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    CLEANUP(party_clear)
    struct party renewed = pki_party(CERT_PROFILE_CA, "测试 CA", "SM2", &pki.root);
    CLEANUP(cert_freep)
    struct cert *leaf = _i / 2 == 1 ? pki_changed(pki.signer.cert, pki.ca.key, no_authority_key)
                                    : cert_ref(pki.signer.cert);
    CLEANUP(cert_freep)
    struct cert *old = _i / 2 == 2 ? pki_changed(pki.ca.cert, pki.root.key, no_subject_key)
                                   : cert_ref(pki.ca.cert);
    CLEANUP(cert_freep)
    struct cert *new = _i / 2 == 2 ? pki_changed(renewed.cert, pki.root.key, no_subject_key)
                                   : cert_ref(renewed.cert);

    trust_add_anchor(pki.trust, pki.root.cert);
    trust_add_intermediate(pki.trust, _i % 2 ? old : new);
    trust_add_intermediate(pki.trust, _i % 2 ? new : old);
    ck_assert_int_eq(status_of(&pki, leaf), CHAIN_OK);
    ck_assert(cert_equals(pki.chain.path.list[1], old));
}
END_TEST

static void claim_other_key(X509 *x509)
{
    ASN1_OCTET_STRING *id = ASN1_OCTET_STRING_new();
    unsigned char digest[20];

    (void)X509_pubkey_digest(x509, EVP_sha1(), digest, NULL);
    digest[0] ^= 1;
    ASN1_OCTET_STRING_set(id, digest, sizeof(digest));
    drop(x509, NID_subject_key_identifier);
    ck_assert_int_eq(X509_add1_ext_i2d(x509, NID_subject_key_identifier, id, 0, 0), 1);
    ASN1_OCTET_STRING_free(id);
}

/* RFC 5280 leaves it to the issuer how it makes key identifiers: they are hints, no proof. */
START_TEST(a_key_identifier_that_does_not_fit_hides_no_issuer)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    CLEANUP(cert_freep) struct cert *odd = NULL;

    odd = pki_changed(pki.ca.cert, pki.root.key, claim_other_key);
    trust_add_anchor(pki.trust, pki.root.cert);
    trust_add_intermediate(pki.trust, odd);
    ck_assert_int_eq(status_of(&pki, pki.signer.cert), CHAIN_OK);
}
END_TEST

/* The old key certifies the new one, with the same name: that is no further step of a path. */
START_TEST(a_certificate_that_a_ca_made_for_its_own_new_key_is_not_counted)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    struct cert_request link = pki_request(CERT_PROFILE_CA, "测试根");
    CLEANUP(cert_freep) struct cert *short_root = NULL;
    CLEANUP(party_clear) struct party new = {.key = pki_key("SM2")};
    CLEANUP(party_clear) struct party leaf = {.key = NULL};
    CLEANUP(party_clear) struct party far = {.key = NULL};

    short_root = pki_changed(pki.root.cert, pki.root.key, path_length_0);
    new.cert = pki_issue(link, new.key, &pki.root);
    leaf = pki_party(CERT_PROFILE_SIGNER, "x", "SM2", &new);
    trust_add_anchor(pki.trust, short_root);
    certs_add(&pki.extra, new.cert);
    ck_assert_int_eq(status_of(&pki, leaf.cert), CHAIN_OK);
    ck_assert_uint_eq(pki.chain.path.n, 3);
    certs_add(&pki.extra, pki.ca.cert);
    ck_assert_int_eq(status_of(&pki, pki.signer.cert), CHAIN_BAD_CA);
}
END_TEST

START_TEST(a_path_has_its_length)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    struct party steps[CHAIN_PATH_MAX];
    int n = _i ? CHAIN_PATH_MAX - 1 : CHAIN_PATH_MAX; /* below the root */

    for (int i = 0; i < n; i++) {
        char name[16];

        (void)snprintf(name, sizeof(name), "CA %d", i);
        steps[i] = pki_party(i + 1 < n ? CERT_PROFILE_CA : CERT_PROFILE_SIGNER, name, "SM2",
                             i ? &steps[i - 1] : &pki.root);
        certs_add(&pki.extra, steps[i].cert);
    }
    trust_add_anchor(pki.trust, pki.root.cert);
    ck_assert_int_eq(status_of(&pki, steps[n - 1].cert), _i ? CHAIN_OK : CHAIN_NO_ANCHOR);
    for (int i = 0; i < n; i++)
        party_clear(&steps[i]);
}
END_TEST

static void add_list(struct pki *pki, const struct party *issuer, const struct cert *revoked)
{
    CLEANUP(buf_clear) struct buf pem = BUF_INIT((size_t)1 << 20);
    struct revoked entry = {revoked, PKI_2026 - 86400, 4};
    struct crl **list = NULL;
    struct err err = ERR_INIT;
    size_t n = 0;

    CK_OK(crl_issue(issuer->cert, issuer->key, &entry, revoked != NULL, 1, PKI_2026,
                    PKI_2026 + 86400, &pem, &err),
          &err);
    CK_OK(crls_parse(buf_span(&pem), &list, &n, &err), &err);
    trust_add_crl(pki->trust, list[0]);
    crls_free(list, n);
}

START_TEST(of_every_certificate_of_the_path_it_is_told_what_is_known)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");

    trust_add_anchor(pki.trust, pki.root.cert);
    trust_add_intermediate(pki.trust, pki.ca.cert);
    ck_assert_int_eq(status_of(&pki, pki.signer.cert), CHAIN_OK);
    ck_assert_uint_eq(pki.chain.n_facts, 2);
    ck_assert_int_eq(pki.chain.facts[0].status, REVOCATION_NONE);
    ck_assert_int_eq(pki.chain.facts[1].status, REVOCATION_NONE);
    ck_assert_int_eq(pki.chain.facts[1].source, SOURCE_NONE);
    add_list(&pki, &pki.ca, NULL);
    ck_assert_int_eq(status_of(&pki, pki.signer.cert), CHAIN_OK);
    ck_assert_int_eq(pki.chain.facts[0].status, REVOCATION_GOOD);
    ck_assert_int_eq(pki.chain.facts[1].status, REVOCATION_NONE);
    add_list(&pki, &pki.root, pki.ca.cert);
    ck_assert_int_eq(status_of(&pki, pki.signer.cert), CHAIN_ISSUER_REVOKED);
    ck_assert_int_eq(pki.chain.facts[1].status, REVOCATION_REVOKED);
    ck_assert_int_eq(pki.chain.facts[1].reason, 4);
    ck_assert_int_eq(pki.chain.revocation, REVOCATION_GOOD);
}
END_TEST

/* Without key identifiers another key of the issuer's name explains it as well: no forgery then. */
START_TEST(a_namesake_is_no_proof_of_forgery)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    CLEANUP(party_clear)
    struct party twin = pki_party(CERT_PROFILE_CA, "测试 CA", "SM2", &pki.root);
    CLEANUP(cert_freep)
    struct cert *leaf = pki_changed(pki.signer.cert, pki.ca.key, no_authority_key);
    CLEANUP(cert_freep) struct cert *bad = pki_tampered(pki.signer.cert);

    trust_add_anchor(pki.trust, pki.root.cert);
    trust_add_intermediate(pki.trust, twin.cert);
    ck_assert_int_eq(status_of(&pki, leaf), CHAIN_NO_ANCHOR);
    trust_add_intermediate(pki.trust, pki.ca.cert);
    ck_assert_int_eq(status_of(&pki, leaf), CHAIN_OK);
    ck_assert_int_eq(status_of(&pki, bad), CHAIN_BAD_SIGNATURE);
    ck_assert_uint_eq(pki.chain.fault, 0);
}
END_TEST

/* In turn: a new key under the same root, one that the old key vouches for, and a stranger's. */
START_TEST(the_new_key_of_a_ca_lists_what_its_old_key_issued)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    CLEANUP(party_clear) struct party other = pki_party(CERT_PROFILE_ROOT, "别的根", "SM2", NULL);
    const struct party *const above[] = {&pki.root, &pki.ca, &other};
    CLEANUP(party_clear)
    struct party renewed = pki_party(CERT_PROFILE_CA, "测试 CA", "SM2", above[_i]);

    trust_add_anchor(pki.trust, pki.root.cert);
    trust_add_anchor(pki.trust, other.cert);
    trust_add_intermediate(pki.trust, pki.ca.cert);
    add_list(&pki, &renewed, pki.signer.cert);
    ck_assert_int_eq(status_of(&pki, pki.signer.cert), CHAIN_OK);
    ck_assert_int_eq(pki.chain.revocation, REVOCATION_NONE);
    certs_add(&pki.extra, renewed.cert); /* who only comes with the value vouches for no list */
    ck_assert_int_eq(status_of(&pki, pki.signer.cert), CHAIN_OK);
    ck_assert_int_eq(pki.chain.revocation, REVOCATION_NONE);
    trust_add_intermediate(pki.trust, renewed.cert);
    ck_assert_int_eq(status_of(&pki, pki.signer.cert), CHAIN_OK);
    ck_assert_int_eq(pki.chain.revocation, _i < 2 ? REVOCATION_REVOKED : REVOCATION_NONE);
}
END_TEST

/* Of two certificates of one CA key the revoked one does not take the other along. */
START_TEST(a_way_around_a_revoked_certificate_is_taken)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    CLEANUP(cert_freep)
    struct cert *again = pki_issue(pki_request(CERT_PROFILE_CA, "测试 CA"), pki.ca.key, &pki.root);

    trust_add_anchor(pki.trust, pki.root.cert);
    trust_add_intermediate(pki.trust, pki.ca.cert);
    add_list(&pki, &pki.root, pki.ca.cert);
    ck_assert_int_eq(status_of(&pki, pki.signer.cert), CHAIN_ISSUER_REVOKED);
    trust_add_intermediate(pki.trust, again);
    ck_assert_int_eq(status_of(&pki, pki.signer.cert), CHAIN_OK);
    ck_assert(cert_equals(pki.chain.path.list[1], again));
}
END_TEST

/* A value may come with a crowd of certificates of the issuer's name; the trusted one is found. */
START_TEST(a_crowd_of_namesakes_hides_no_trusted_issuer)
{
    enum { N = 300 };
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    CLEANUP(party_clear) struct party twin = pki_party(CERT_PROFILE_CA, "测试 CA", "SM2", NULL);

    for (int i = 0; i < N; i++) {
        CLEANUP(cert_freep)
        struct cert *other = pki_issue(pki_request(CERT_PROFILE_CA, "测试 CA"), twin.key, &twin);

        certs_add(&pki.extra, other);
    }
    trust_add_anchor(pki.trust, pki.root.cert);
    ck_assert_int_ne(status_of(&pki, pki.signer.cert), CHAIN_OK);
    trust_add_intermediate(pki.trust, pki.ca.cert);
    ck_assert_int_eq(status_of(&pki, pki.signer.cert), CHAIN_OK);
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, a_good_path_of_three_holds_whatever_the_keys, 0, N_OF(kinds));
    tcase_add_test(tc, an_sm2_leaf_under_an_rsa_root_holds);
    tcase_add_test(tc, without_an_anchor_the_missing_issuer_is_named);
    tcase_add_test(tc, a_ca_chosen_as_anchor_ends_the_path);
    tcase_add_test(tc, a_leaf_that_is_an_anchor_is_a_path_of_one);
    tcase_add_loop_test(tc, a_tampered_leaf_has_a_bad_signature, 0, N_OF(kinds));
    tcase_add_test(tc, a_tampered_ca_does_not_stand_in_for_the_true_one);
    tcase_add_test(tc, an_issuer_of_the_same_name_with_another_key_is_not_the_issuer);
    tcase_add_test(tc, an_issuer_must_be_valid_at_the_time_asked_for);
    tcase_add_test(tc, a_renewed_ca_is_taken_where_the_old_one_has_expired);
    tcase_add_test(tc, a_signer_may_not_issue);
    tcase_add_loop_test(tc, an_issuer_is_judged_by_its_extensions, 0, N_OF(changes));
    tcase_add_test(tc, an_unknown_critical_extension_of_the_leaf_counts_too);
    tcase_add_test(tc, authorities_that_sign_each_other_end_the_search);
    tcase_add_test(tc, a_crowd_of_cross_certificates_is_given_up_in_bounded_time);
    tcase_add_test(tc, a_short_rsa_key_does_not_carry_a_path);
    tcase_add_loop_test(tc, keys_of_every_kind_meet_in_one_path, 0, 6);
    tcase_add_loop_test(tc, of_several_keys_of_one_name_the_right_one_is_found, 0, 6);
    tcase_add_test(tc, a_key_identifier_that_does_not_fit_hides_no_issuer);
    tcase_add_test(tc, a_certificate_that_a_ca_made_for_its_own_new_key_is_not_counted);
    tcase_add_loop_test(tc, a_path_has_its_length, 0, 2);
    tcase_add_test(tc, of_every_certificate_of_the_path_it_is_told_what_is_known);
    tcase_add_test(tc, a_namesake_is_no_proof_of_forgery);
    tcase_add_loop_test(tc, the_new_key_of_a_ca_lists_what_its_old_key_issued, 0, 3);
    tcase_add_test(tc, a_way_around_a_revoked_certificate_is_taken);
    tcase_add_test(tc, a_crowd_of_namesakes_hides_no_trusted_issuer);
}
