/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_PEOPLE_H
#define TESTS_UNIT_PEOPLE_H

#include <stdlib.h>
#include <unistd.h>

#include "core/crypto/cert_issue.h"
#include "core/crypto/signer.h"
#include "core/model/verification.h"
#include "tests/unit/unit.h"

/* A trial public key infrastructure for tests of values: one root, whoever it vouches for. */
#define DAY ((instant)86400)
#define NOW ((instant)1772323200) /* 2026-03-01T00:00:00Z */

struct person {
    struct cert *cert;
    struct signer *signer;
};

struct pki {
    struct key *root_key;
    struct cert *root;
    struct person maker, agency;
    struct trust *trust;
};

static inline struct cert *pki_cert(const struct pki *pki, const struct key *key, const char *name,
                                    enum cert_profile profile, instant from, instant to)
{
    struct cert_request request = {.profile = profile,
                                   .common_name = name,
                                   .organization = "TEST",
                                   .not_before = from,
                                   .not_after = to};
    struct cert *cert = NULL;
    struct err err = ERR_INIT;

    CK_OK(cert_issue(&request, key, pki->root, pki->root ? pki->root_key : key, &cert, &err), &err);
    return cert;
}

static inline struct person pki_person(const struct pki *pki, const char *name,
                                       enum cert_profile profile, instant from, instant to)
{
    struct person person = {0};
    struct key *key = NULL;
    struct err err = ERR_INIT;

    CK_OK(key_generate_sm2(&key, &err), &err);
    person.cert = pki_cert(pki, key, name, profile, from, to);
    CK_OK(signer_of_key(key, person.cert, &person.signer, &err), &err);
    return person;
}

static inline void person_clear(struct person *person)
{
    signer_free(person->signer);
    cert_free(person->cert);
    *person = (struct person){0};
}

/* Root, maker and agency valid for a year around NOW; the trust knows the root. */
static inline void pki_open(struct pki *pki)
{
    struct err err = ERR_INIT;

    *pki = (struct pki){0};
    CK_OK(crypto_init(&err), &err);
    CK_OK(key_generate_sm2(&pki->root_key, &err), &err);
    pki->root = pki_cert(pki, pki->root_key, "TEST root", CERT_PROFILE_ROOT, NOW - 1000 * DAY,
                         NOW + 1000 * DAY);
    pki->maker =
        pki_person(pki, "TEST seal maker", CERT_PROFILE_SIGNER, NOW - 200 * DAY, NOW + 200 * DAY);
    pki->agency =
        pki_person(pki, "TEST agency", CERT_PROFILE_SIGNER, NOW - 100 * DAY, NOW + 100 * DAY);
    pki->trust = trust_new();
    trust_add_anchor(pki->trust, pki->root);
}

static inline void pki_close(struct pki *pki)
{
    trust_free(pki->trust);
    person_clear(&pki->maker);
    person_clear(&pki->agency);
    cert_free(pki->root);
    key_free(pki->root_key);
}

/* Tells the trust that a certificate is revoked since `at`, or, with cert NULL, that none is. */
static inline void pki_revoke(struct pki *pki, const struct cert *cert, instant at)
{
    const struct revoked revoked = {cert, at, 0};
    CLEANUP(buf_clear) struct buf pem = BUF_INIT(1 << 16);
    char path[] = "/tmp/ecert-crl-XXXXXX";
    struct crl *crl = NULL;
    struct err err = ERR_INIT;
    int fd = mkstemp(path);

    ck_assert_int_ge(fd, 0);
    close(fd);
    CK_OK(crl_issue(pki->root, pki->root_key, &revoked, cert ? 1 : 0, 1, NOW - DAY, NOW + 300 * DAY,
                    &pem, &err),
          &err);
    CK_OK(file_write(path, buf_span(&pem), FILE_FORCE, &err), &err);
    CK_OK(crl_load(path, &crl, &err), &err);
    unlink(path);
    trust_add_crl(pki->trust, crl);
    crl_free(crl);
}

/* A judgement with an empty report. */
struct verdict_of {
    struct signature_report report;
    struct findings findings;
};

static inline void verdict_clear(struct verdict_of *v)
{
    findings_clear(&v->findings);
    signature_report_clear(&v->report);
    *v = (struct verdict_of){0};
}

static inline enum step_result step_of(const struct verdict_of *v, const char *id)
{
    for (size_t i = 0; i < v->report.n_steps; i++) {
        if (strcmp(v->report.steps[i].id, id) == 0)
            return v->report.steps[i].result;
    }
    ck_abort_msg("no step %s", id);
}

static inline void ck_verdict(const struct verdict_of *v, enum indication indication,
                              enum sub_indication sub, const char *code)
{
    ck_assert_str_eq(indication_name(v->report.indication), indication_name(indication));
    ck_assert_str_eq(sub_indication_name(v->report.sub), sub_indication_name(sub));
    if (code)
        ck_assert_msg(findings_has(&v->findings, code), "no finding %s", code);
}

#endif
