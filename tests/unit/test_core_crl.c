/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/conf.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/crypto/chain.h"
#include "core/crypto/pem.h"
#include "tests/unit/revkit.h"

/* A list from `from` on, for a day, with at most one entry. */
static struct crl *list_of(const struct party *issuer, const struct revoked *entry, instant from)
{
    CLEANUP(buf_clear) struct buf pem = BUF_INIT((size_t)1 << 20);
    CLEANUP(pem_clear) struct pem block = {.name = NULL};
    struct err err = ERR_INIT;
    struct crl *crl = NULL;
    struct span rest;

    CK_OK(
        crl_issue(issuer->cert, issuer->key, entry, entry != NULL, 7, from, from + DAY, &pem, &err),
        &err);
    rest = buf_span(&pem);
    ck_assert(pem_next(&rest, &block));
    CK_OK(crl_parse(block.der, &crl, &err), &err);
    return crl;
}

static void add_list(struct pki *pki, const struct revoked *entry, instant from)
{
    CLEANUP(crl_freep) struct crl *crl = list_of(&pki->root, entry, from);

    trust_add_crl(pki->trust, crl);
}

static const char *const kinds[] = {"SM2", "RSA", "P-256"};

START_TEST(without_a_list_nothing_is_known)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    CLEANUP(party_clear)
    struct party stranger = pki_party(CERT_PROFILE_ROOT, "别的根", "SM2", NULL);
    CLEANUP(crl_freep) struct crl *crl = list_of(&stranger, NULL, PKI_2026);

    ck_assert_int_eq(answer_of(&pki), REVOCATION_NONE);
    trust_add_crl(pki.trust, crl);
    ck_assert_int_eq(answer_of(&pki), REVOCATION_NONE);
}
END_TEST

START_TEST(who_is_listed_is_revoked_and_who_is_not_is_good)
{
    CLEANUP(pki_clear) struct pki pki = pki_new(kinds[_i]);
    struct revoked entry = {.cert = pki.signer.cert, .at = PKI_2026 - 3 * DAY, .reason = 1};

    add_list(&pki, &(struct revoked){pki.other.cert, PKI_2026 - DAY, 0}, PKI_2026 - 100);
    ck_assert_int_eq(answer_of(&pki), REVOCATION_GOOD);
    add_list(&pki, &entry, PKI_2026 - 50);
    ck_assert_int_eq(answer_of(&pki), REVOCATION_REVOKED);
    ck_assert_int_eq(pki.chain.revoked_at, PKI_2026 - 3 * DAY);
    ck_assert_int_eq(pki.chain.reason, 1);
}
END_TEST

START_TEST(a_list_grows_stale)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");

    add_list(&pki, NULL, PKI_2026);
    ck_assert_int_eq(answer_at(&pki, PKI_2026 + DAY), REVOCATION_GOOD);
    ck_assert_int_eq(answer_at(&pki, PKI_2026 + DAY + 1), REVOCATION_STALE);
    add_list(&pki, NULL, PKI_2026 + DAY);
    ck_assert_int_eq(answer_at(&pki, PKI_2026 + DAY + 1), REVOCATION_GOOD);
}
END_TEST

START_TEST(a_stale_list_still_revokes)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");

    add_list(&pki, &(struct revoked){pki.signer.cert, PKI_2026 - DAY, 4}, PKI_2026 - 10 * DAY);
    ck_assert_int_eq(answer_of(&pki), REVOCATION_REVOKED);
    ck_assert_int_eq(pki.chain.reason, 4);
}
END_TEST

START_TEST(a_list_from_later_tells_only_of_what_had_happened)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");

    add_list(&pki, &(struct revoked){pki.signer.cert, PKI_2026 + 5 * DAY, 1}, PKI_2026 + 6 * DAY);
    ck_assert_int_eq(answer_at(&pki, PKI_2026 + 4 * DAY), REVOCATION_GOOD);
    ck_assert_int_eq(answer_at(&pki, PKI_2026 + 5 * DAY), REVOCATION_REVOKED);
}
END_TEST

START_TEST(a_hold_ends_with_a_newer_list_and_a_revocation_does_not)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    int reason = _i ? 6 : 4;

    add_list(&pki, &(struct revoked){pki.signer.cert, PKI_2026 - 5 * DAY, reason},
             PKI_2026 - 5 * DAY);
    ck_assert_int_eq(answer_of(&pki), REVOCATION_REVOKED);
    add_list(&pki, NULL, PKI_2026 - 100);
    ck_assert_int_eq(answer_of(&pki), reason == 6 ? REVOCATION_GOOD : REVOCATION_REVOKED);
}
END_TEST

/* Twice in one list: taken off it, and revoked.  In either order the revocation counts. */
START_TEST(a_list_that_names_one_twice_revokes_it)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    CLEANUP(buf_clear) struct buf pem = BUF_INIT((size_t)1 << 20);
    CLEANUP(pem_clear) struct pem block = {.name = NULL};
    CLEANUP(crl_freep) struct crl *crl = NULL;
    struct revoked twice[] = {{pki.signer.cert, PKI_2026 - 3 * DAY, _i ? 8 : 4},
                              {pki.signer.cert, PKI_2026 - 2 * DAY, _i ? 4 : 8},
                              {pki.signer.cert, PKI_2026 - 9 * DAY, 6}};
    struct err err = ERR_INIT;
    struct span rest;

    CK_OK(crl_issue(pki.root.cert, pki.root.key, twice, 3, 7, PKI_2026, PKI_2026 + DAY, &pem, &err),
          &err);
    rest = buf_span(&pem);
    ck_assert(pem_next(&rest, &block));
    CK_OK(crl_parse(block.der, &crl, &err), &err);
    trust_add_crl(pki.trust, crl);
    ck_assert_int_eq(answer_of(&pki), REVOCATION_REVOKED);
    ck_assert(pki.chain.revoked_at == PKI_2026 - (_i ? 2 : 3) * DAY);
}
END_TEST

static struct crl *tampered(const struct party *issuer)
{
    CLEANUP(buf_clear) struct buf pem = BUF_INIT((size_t)1 << 20);
    CLEANUP(pem_clear) struct pem block = {.name = NULL};
    struct err err = ERR_INIT;
    struct crl *crl = NULL;
    struct span rest;

    CK_OK(crl_issue(issuer->cert, issuer->key, NULL, 0, 7, PKI_2026, PKI_2026 + DAY, &pem, &err),
          &err);
    rest = buf_span(&pem);
    ck_assert(pem_next(&rest, &block));
    block.bytes[block.der.len - 1] ^= 1;
    CK_OK(crl_parse(block.der, &crl, &err), &err);
    return crl;
}

START_TEST(a_list_whose_signature_is_wrong_says_nothing)
{
    CLEANUP(pki_clear) struct pki pki = pki_new(kinds[_i]);
    CLEANUP(crl_freep) struct crl *bad = tampered(&pki.root);

    trust_add_crl(pki.trust, bad);
    ck_assert_int_eq(answer_of(&pki), REVOCATION_BAD_CRL);
    ck_assert_int_eq(answer_of(&pki), REVOCATION_BAD_CRL); /* the answer that was remembered */
    add_list(&pki, NULL, PKI_2026);
    ck_assert_int_eq(answer_of(&pki), REVOCATION_GOOD);
}
END_TEST

START_TEST(a_list_made_with_another_key_of_the_name_is_none_of_ours)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    CLEANUP(party_clear) struct party twin = pki_party(CERT_PROFILE_ROOT, "根", "SM2", NULL);
    struct revoked entry = {.cert = pki.signer.cert, .at = PKI_2026 - DAY};
    CLEANUP(crl_freep) struct crl *crl = list_of(&twin, &entry, PKI_2026);

    trust_add_crl(pki.trust, crl);
    ck_assert_int_eq(answer_of(&pki), REVOCATION_NONE);
}
END_TEST

static void only_cert_sign(X509 *x509)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, NID_key_usage, "keyCertSign");

    X509_EXTENSION_free(X509_delete_ext(x509, X509_get_ext_by_NID(x509, NID_key_usage, -1)));
    ck_assert_int_eq(X509_add_ext(x509, extension, -1), 1);
    X509_EXTENSION_free(extension);
}

START_TEST(an_issuer_that_may_not_sign_lists_makes_none)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    CLEANUP(cert_freep)
    struct cert *root = pki_changed(pki.root.cert, pki.root.key, only_cert_sign);
    struct trust *trust = trust_new();

    add_list(&pki, NULL, PKI_2026);
    ck_assert_int_eq(answer_of(&pki), REVOCATION_GOOD);
    trust_free(pki.trust);
    pki.trust = trust;
    trust_add_anchor(trust, root);
    add_list(&pki, NULL, PKI_2026);
    ck_assert_int_eq(answer_of(&pki), REVOCATION_BAD_CRL);
}
END_TEST

static const struct {
    instant at;
    int reason;
    enum chain_status want;
} ca_revocations[] = {
    {PKI_2026 - DAY, 0, CHAIN_ISSUER_REVOKED},
    {PKI_2026, 4, CHAIN_ISSUER_REVOKED},
    {PKI_2026 + DAY, 4, CHAIN_OK},
    {PKI_2026 + DAY, 2, CHAIN_ISSUER_REVOKED},
};

START_TEST(a_ca_revoked_before_the_time_or_compromised_breaks_the_path)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    CLEANUP(party_clear) struct party ca = pki_party(CERT_PROFILE_CA, "CA", "SM2", &pki.root);
    CLEANUP(party_clear) struct party leaf = pki_party(CERT_PROFILE_SIGNER, "叶", "SM2", &ca);
    struct revoked entry = {ca.cert, ca_revocations[_i].at, ca_revocations[_i].reason};

    trust_add_intermediate(pki.trust, ca.cert);
    add_list(&pki, &entry, PKI_2026 + 2 * DAY);
    chain_build(pki.trust, leaf.cert, NULL, PKI_2026, PKI_2026 + 2 * DAY, &pki.chain);
    ck_assert_int_eq(pki.chain.status, ca_revocations[_i].want);
}
END_TEST

static inline void CONF_freep(CONF **conf)
{
    NCONF_free(*conf);
}

/* What x509v3.cnf(5) calls a section: the name of a point relative to the issuer's. */
static CONF *point_conf(void)
{
    static const char text[] = "[point]\nCN = one\n";
    CLEANUP(BIO_free_allp) BIO *bio = BIO_new_mem_buf(text, -1);
    CONF *conf = NCONF_new(NULL);
    long line;

    ck_assert_int_eq(NCONF_load_bio(conf, bio, &line), 1);
    return conf;
}

/* The list with this extension besides, signed again. */
static struct crl *list_with(X509_CRL *crl, const struct party *issuer, const char *name,
                             const char *value)
{
    CLEANUP(CONF_freep) CONF *conf = point_conf();
    CLEANUP(X509_EXTENSION_freep) X509_EXTENSION *extension = NULL;
    struct err err = ERR_INIT;
    unsigned char *der = NULL;
    struct crl *out = NULL;
    X509V3_CTX ctx;
    int len;

    X509V3_set_ctx(&ctx, NULL, NULL, NULL, NULL, 0);
    X509V3_set_nconf(&ctx, conf);
    extension = X509V3_EXT_nconf(conf, &ctx, name, value);
    ck_assert_ptr_nonnull(extension);
    X509_CRL_add_ext(crl, extension, -1);
    CK_OK(issue_sign_crl(crl, issuer->key, &err), &err);
    len = i2d_X509_CRL(crl, &der);
    CK_OK(crl_parse((struct span){der, (size_t)len}, &out, &err), &err);
    OPENSSL_free(der);
    return out;
}

/* A list with this extension in front of what it has. */
static struct crl *parse_with(const struct party *issuer, const struct revoked *entry,
                              const char *name, const char *value)
{
    CLEANUP(buf_clear) struct buf pem = BUF_INIT((size_t)1 << 20);
    CLEANUP(pem_clear) struct pem block = {.name = NULL};
    CLEANUP(X509_CRL_freep) X509_CRL *crl = NULL;
    struct err err = ERR_INIT;
    const unsigned char *p;
    struct span rest;

    CK_OK(crl_issue(issuer->cert, issuer->key, entry, entry != NULL, 7, PKI_2026, PKI_2026 + DAY,
                    &pem, &err),
          &err);
    rest = buf_span(&pem);
    ck_assert(pem_next(&rest, &block));
    p = block.der.data;
    crl = d2i_X509_CRL(NULL, &p, (long)block.der.len);
    return list_with(crl, issuer, name, value);
}

static const struct {
    const char *name, *value;
    enum revocation want, listed; /* of one that is not listed, and of one that is */
} scopes[] = {
    {"issuingDistributionPoint", "critical,onlyuser:TRUE", REVOCATION_GOOD, REVOCATION_REVOKED},
    {"issuingDistributionPoint", "critical,onlyCA:TRUE", REVOCATION_NONE, REVOCATION_REVOKED},
    {"issuingDistributionPoint", "critical,onlyAA:TRUE", REVOCATION_NONE, REVOCATION_REVOKED},
    {"issuingDistributionPoint", "critical,fullname:URI:http://example.org/1.crl", REVOCATION_NONE,
     REVOCATION_REVOKED},
    {"issuingDistributionPoint", "critical,relativename:point", REVOCATION_PARTIAL,
     REVOCATION_REVOKED},
    {"issuingDistributionPoint", "critical,indirectCRL:TRUE", REVOCATION_PARTIAL,
     REVOCATION_REVOKED},
    {"issuingDistributionPoint", "critical,onlysomereasons:keyCompromise", REVOCATION_PARTIAL,
     REVOCATION_REVOKED},
    {"deltaCRL", "critical,DER:020105", REVOCATION_PARTIAL, REVOCATION_REVOKED},
    {"deltaCRL", "DER:020105", REVOCATION_PARTIAL, REVOCATION_REVOKED},
    {"1.2.3.4.5.6.7", "critical,DER:0500", REVOCATION_PARTIAL, REVOCATION_PARTIAL},
    {"1.2.3.4.5.6.7", "DER:0500", REVOCATION_GOOD, REVOCATION_REVOKED},
};

/* A list that does not tell all is never taken for a complete one; what it names is revoked. */
START_TEST(a_list_speaks_of_what_its_extensions_say)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    struct revoked entry = {pki.signer.cert, PKI_2026 - DAY, 0};
    CLEANUP(crl_freep)
    struct crl *silent = parse_with(&pki.root, NULL, scopes[_i].name, scopes[_i].value);
    CLEANUP(crl_freep)
    struct crl *naming = parse_with(&pki.root, &entry, scopes[_i].name, scopes[_i].value);

    trust_add_crl(pki.trust, silent);
    ck_assert_int_eq(answer_of(&pki), scopes[_i].want);
    trust_add_crl(pki.trust, naming);
    ck_assert_int_eq(answer_of(&pki), scopes[_i].listed);
}
END_TEST

START_TEST(beside_a_complete_list_a_partial_one_takes_nothing_away)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    CLEANUP(crl_freep)
    struct crl *delta = parse_with(&pki.root, NULL, "deltaCRL", "critical,DER:020105");

    trust_add_crl(pki.trust, delta);
    ck_assert_int_eq(answer_of(&pki), REVOCATION_PARTIAL);
    add_list(&pki, NULL, PKI_2026);
    ck_assert_int_eq(answer_of(&pki), REVOCATION_GOOD);
}
END_TEST

static void at_point_1(X509 *x509)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, NID_crl_distribution_points,
                                                    "URI:http://example.org/1.crl");

    ck_assert_int_eq(X509_add_ext(x509, extension, -1), 1);
    X509_EXTENSION_free(extension);
}

START_TEST(a_list_of_one_point_speaks_for_the_certificates_of_that_point)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    CLEANUP(cert_freep)
    struct cert *placed = pki_changed(pki.signer.cert, pki.root.key, at_point_1);
    CLEANUP(crl_freep)
    struct crl *elsewhere = parse_with(&pki.root, NULL, "issuingDistributionPoint",
                                       "critical,fullname:URI:http://example.org/2.crl");
    CLEANUP(crl_freep)
    struct crl *here = parse_with(&pki.root, NULL, "issuingDistributionPoint",
                                  "critical,fullname:URI:http://example.org/1.crl");

    trust_add_crl(pki.trust, elsewhere);
    chain_build(pki.trust, placed, NULL, PKI_2026, PKI_2026, &pki.chain);
    ck_assert_int_eq(pki.chain.revocation, REVOCATION_NONE);
    trust_add_crl(pki.trust, here);
    chain_clear(&pki.chain);
    chain_build(pki.trust, placed, NULL, PKI_2026, PKI_2026, &pki.chain);
    ck_assert_int_eq(pki.chain.revocation, REVOCATION_GOOD);
}
END_TEST

START_TEST(among_many_entries_the_right_one_is_found)
{
    enum { N = 50 };
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    CLEANUP(buf_clear) struct buf pem = BUF_INIT((size_t)1 << 20);
    struct revoked entries[N];
    struct cert *certs[N];
    struct err err = ERR_INIT;
    struct crl *crl = NULL;
    CLEANUP(pem_clear) struct pem block = {.name = NULL};
    struct span rest;

    for (int i = 0; i < N; i++) {
        certs[i] = pki_issue(pki_request(CERT_PROFILE_SIGNER, "x"), pki.signer.key, &pki.root);
        entries[i] = (struct revoked){certs[i], PKI_2026 - i * DAY, i % 6};
    }
    CK_OK(
        crl_issue(pki.root.cert, pki.root.key, entries, N, 1, PKI_2026, PKI_2026 + DAY, &pem, &err),
        &err);
    rest = buf_span(&pem);
    ck_assert(pem_next(&rest, &block));
    CK_OK(crl_parse(block.der, &crl, &err), &err);
    trust_add_crl(pki.trust, crl);
    ck_assert_int_eq(answer_of(&pki), REVOCATION_GOOD);
    for (int i = 0; i < N; i++) {
        chain_clear(&pki.chain);
        chain_build(pki.trust, certs[i], NULL, PKI_2026, PKI_2026, &pki.chain);
        ck_assert_int_eq(pki.chain.revocation, REVOCATION_REVOKED);
        ck_assert_int_eq(pki.chain.revoked_at, PKI_2026 - i * DAY);
        ck_assert_int_eq(pki.chain.reason, i % 6);
        cert_free(certs[i]);
    }
    crl_free(crl);
}
END_TEST

/* What a thread of several does with one trust store. */
static void *judge_much(void *argument)
{
    struct pki *pki = argument;

    for (int i = 0; i < 50; i++) {
        CLEANUP(cert_freep) struct cert *again = NULL;
        CLEANUP(chain_clear) struct chain chain = {.status = CHAIN_NO_ANCHOR};
        struct err err = ERR_INIT;

        if (cert_parse(cert_der(i % 2 ? pki->signer.cert : pki->other.cert), &again, &err) != RC_OK)
            return argument;
        chain_build(pki->trust, again, NULL, PKI_2026, PKI_2026, &chain);
        if (chain.status != CHAIN_OK ||
            chain.revocation != (i % 2 ? REVOCATION_GOOD : REVOCATION_REVOKED))
            return argument;
    }
    return NULL;
}

START_TEST(several_threads_share_one_trust_store)
{
    CLEANUP(pki_clear) struct pki pki = pki_new("SM2");
    pthread_t threads[4];

    add_list(&pki, &(struct revoked){pki.other.cert, PKI_2026 - DAY, 1}, PKI_2026);
    for (int i = 0; i < N_OF(threads); i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, judge_much, &pki), 0);
    for (int i = 0; i < N_OF(threads); i++) {
        void *failed;

        ck_assert_int_eq(pthread_join(threads[i], &failed), 0);
        ck_assert_ptr_null(failed);
    }
}
END_TEST

static char folder[] = "/tmp/ecert-trust-XXXXXX";

static void remove_folder(struct pki *pki)
{
    static const char *const names[] = {"anchors/root.pem", "crls/list.pem", "anchors/bad",
                                        "anchors/.gitkeep", "anchors",       "crls"};

    rev_remove(folder, names, N_OF(names));
    pki_clear(pki);
}

START_TEST(a_trust_folder_is_read_and_its_faults_name_the_file)
{
    CLEANUP(remove_folder) struct pki pki = pki_new("SM2");
    CLEANUP(buf_clear) struct buf pem = BUF_INIT((size_t)1 << 20);
    CLEANUP(trust_freep) struct trust *trust = trust_new();
    CLEANUP(trust_freep) struct trust *other = trust_new();
    struct err err = ERR_INIT;

    ck_assert_ptr_nonnull(mkdtemp(folder));
    CK_OK(trust_load(trust, folder, &err), &err); /* an empty one is fine */
    ck_assert_uint_eq(trust_n_anchors(trust), 0);
    CK_OK(cert_pem(pki.root.cert, &pem, &err), &err);
    rev_put(folder, "anchors/root.pem", buf_span(&pem));
    rev_put(folder, "anchors/.gitkeep", span_of(""));
    buf_reset(&pem);
    CK_OK(crl_issue(pki.root.cert, pki.root.key, NULL, 0, 1, PKI_2026, PKI_2026 + DAY, &pem, &err),
          &err);
    rev_put(folder, "crls/list.pem", buf_span(&pem));
    CK_OK(trust_load(trust, folder, &err), &err);
    ck_assert_uint_eq(trust_n_anchors(trust), 1);
    chain_build(trust, pki.signer.cert, NULL, PKI_2026, PKI_2026, &pki.chain);
    ck_assert_int_eq(pki.chain.status, CHAIN_OK);
    ck_assert_int_eq(pki.chain.revocation, REVOCATION_GOOD);
    rev_put(folder, "anchors/bad", span_of("no certificate"));
    ck_assert_int_eq(trust_load(other, folder, &err), RC_INPUT);
    ck_assert_ptr_nonnull(strstr(err.where, "anchors/bad"));
    ck_assert_str_eq(err.finding, "CRT001");
}
END_TEST

START_TEST(a_trust_folder_that_is_not_there_is_a_wrong_call)
{
    CLEANUP(trust_freep) struct trust *trust = trust_new();
    struct err err = ERR_INIT;

    ck_assert_int_eq(trust_load(trust, "/nonexistent/trust", &err), RC_USAGE);
    ck_assert_str_eq(err.where, "/nonexistent/trust");
}
END_TEST

/* Made by the command line of OpenSSL: tests/fuzz/corpus/make_crypto.sh */
START_TEST(what_openssl_has_signed_holds)
{
    CLEANUP(certs_clear) struct certs root = {.n = 0};
    CLEANUP(certs_clear) struct certs signer = {.n = 0};
    CLEANUP(crl_freep) struct crl *crl = NULL;
    CLEANUP(trust_freep) struct trust *trust = trust_new();
    CLEANUP(chain_clear) struct chain chain = {.status = CHAIN_NO_ANCHOR};
    struct err err = ERR_INIT;

    CK_OK(certs_load("tests/fuzz/corpus/cert/root.der", &root, &err), &err);
    CK_OK(certs_load("tests/fuzz/corpus/cert/signer.der", &signer, &err), &err);
    CK_OK(crl_load("tests/fuzz/corpus/crl/empty.der", &crl, &err), &err);
    trust_add_anchor(trust, root.list[0]);
    trust_add_crl(trust, crl);
    chain_build(trust, signer.list[0], NULL, cert_not_before(signer.list[0]), crl_this_update(crl),
                &chain);
    ck_assert_int_eq(chain.status, CHAIN_OK);
    ck_assert_int_eq(chain.revocation, REVOCATION_GOOD);
}
END_TEST

static const char *const garbage[] = {"", "0", "hello", "\x30\x03\x02\x01\x01",
                                      "-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n"};

START_TEST(what_is_no_list_is_refused)
{
    struct err err = ERR_INIT;
    struct crl *crl = NULL;

    ck_assert_int_eq(crl_parse(span_of(garbage[_i]), &crl, &err), RC_INPUT);
    ck_assert_str_eq(err.finding, "CRT002");
    ck_assert_ptr_null(crl);
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, without_a_list_nothing_is_known);
    tcase_add_loop_test(tc, who_is_listed_is_revoked_and_who_is_not_is_good, 0, N_OF(kinds));
    tcase_add_test(tc, a_list_grows_stale);
    tcase_add_test(tc, a_stale_list_still_revokes);
    tcase_add_test(tc, a_list_from_later_tells_only_of_what_had_happened);
    tcase_add_loop_test(tc, a_list_that_names_one_twice_revokes_it, 0, 2);
    tcase_add_loop_test(tc, a_hold_ends_with_a_newer_list_and_a_revocation_does_not, 0, 2);
    tcase_add_loop_test(tc, a_list_whose_signature_is_wrong_says_nothing, 0, N_OF(kinds));
    tcase_add_test(tc, a_list_made_with_another_key_of_the_name_is_none_of_ours);
    tcase_add_test(tc, an_issuer_that_may_not_sign_lists_makes_none);
    tcase_add_loop_test(tc, a_ca_revoked_before_the_time_or_compromised_breaks_the_path, 0,
                        N_OF(ca_revocations));
    tcase_add_loop_test(tc, a_list_speaks_of_what_its_extensions_say, 0, N_OF(scopes));
    tcase_add_test(tc, beside_a_complete_list_a_partial_one_takes_nothing_away);
    tcase_add_test(tc, a_list_of_one_point_speaks_for_the_certificates_of_that_point);
    tcase_add_test(tc, among_many_entries_the_right_one_is_found);
    tcase_add_test(tc, a_trust_folder_is_read_and_its_faults_name_the_file);
    tcase_add_test(tc, a_trust_folder_that_is_not_there_is_a_wrong_call);
    tcase_add_test(tc, several_threads_share_one_trust_store);
    tcase_add_test(tc, what_openssl_has_signed_holds);
    tcase_add_loop_test(tc, what_is_no_list_is_refused, 0, N_OF(garbage));
}
