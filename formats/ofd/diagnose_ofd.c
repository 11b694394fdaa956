/* SPDX-License-Identifier: Apache-2.0 */
/* What of a signature is put to the trials: its value, its seal, its digest, its references. */
#include <string.h>

#include "core/base/limits.h"
#include "core/crypto/der_write.h"
#include "formats/cms/cms_signer.h"
#include "formats/cms/sigvalue.h"
#include "formats/ofd/diagnose.h"
#include "formats/ofd/diagnose_priv.h"
#include "formats/ofd/ofd_verify_priv.h"
#include "formats/ses/ses.h"

/* A signature under diagnosis. */
struct patient {
    const struct signature_report *report;
    struct findings *findings;
    const char *part, *xml_name; /* of the value and of what it protects */
    struct span xml;
    const struct certs *others;
    struct diagnosis_budget *budget;
    bool found; /* something was wrong that trials can look at */
};

/* The n-th step of that name, from 0: several signers have several. */
static const struct step *find_step(const struct signature_report *report, const char *id, size_t n)
{
    for (size_t i = 0; i < report->n_steps; i++) {
        if (strcmp(report->steps[i].id, id) == 0 && n-- == 0)
            return &report->steps[i];
    }
    return NULL;
}

static bool is_open(const struct patient *p, const char *id, size_t n)
{
    const struct step *step = find_step(p->report, id, n);

    return step && (step->result == STEP_FAILED || step->result == STEP_UNKNOWN);
}

static struct place place_of(const struct patient *p, const char *field)
{
    struct place place = PLACE_PART(p->part);

    place.field = field;
    return place;
}

static void try_value(struct patient *p, struct suspect *s, const char *field)
{
    s->others = p->others;
    if (suspect_good(s, s->message)) /* weak, or a form that was read and remarked on */
        return;
    p->found = true;
    if (!p->budget->values || !diagnosis_affords(p->budget, 8 * (s->message.len + s->file.len))) {
        (void)findings_add(p->findings, "SIG348", place_of(p, field), NULL);
        return;
    }
    p->budget->values--;
    diagnose_value(s, place_of(p, field), p->findings);
}

static void try_content(struct patient *p, struct digest_suspect *q)
{
    struct place place = place_of(p, "data-hash");

    p->found = true;
    if (diagnosis_affords(p->budget, diagnosis_cost(q->bytes.len)))
        diagnose_content(q, p->xml_name, place, p->findings);
    else
        (void)findings_add(p->findings, "DIG350", place, "names", p->xml_name, "n", "1", NULL);
}

/* ---- seal signatures ---- */

static void try_seal(struct patient *p, const struct ses_signature *ses)
{
    CLEANUP(cert_freep) struct cert *maker = NULL;
    struct err ignored = ERR_INIT;
    struct suspect s = {.algorithm = ses->seal.algorithm,
                        .value = ses->seal.signature,
                        .message = ses->seal.signed_bytes};

    if (!is_open(p, "seal-signature", 0) ||
        cert_parse(ses->seal.maker_cert, &maker, &ignored) != RC_OK)
        return;
    s.cert = maker;
    try_value(p, &s, "seal-signature");
}

static void try_data_hash(struct patient *p, const struct ses_signature *ses,
                          const struct cert *signer)
{
    struct digest_suspect q = {.bytes = p->xml, .want = ses->data_hash, .cert = signer};

    if (!is_open(p, "data-hash", 0))
        return;
    q.alg_known = true;
    if (!cert_is_sm2(signer) && ses->data_hash.len != SM3_LEN)
        q.alg = HASH_SHA1;
    else if (!cert_is_sm2(signer))
        q.alg = HASH_SHA256;
    if (digest_good(&q, q.bytes))
        return;
    try_content(p, &q);
}

static void try_ses(struct patient *p, const struct ses_signature *ses, struct cert *signer)
{
    struct suspect s = {.cert = signer,
                        .algorithm = ses->algorithm,
                        .value = ses->signature,
                        .message = ses->to_sign,
                        .file = p->xml,
                        .stated = ses->data_hash};

    if (is_open(p, "value", 0))
        try_value(p, &s, "value");
    try_seal(p, ses);
    try_data_hash(p, ses, signer);
}

/* ---- SignedData ---- */

static void try_message_digest(struct patient *p, const struct cms *cms,
                               const struct cms_signer *signer, const struct cert *cert, size_t n)
{
    struct digest_suspect q = {.bytes = p->xml, .cert = cert, .alg_known = true};
    struct der stated;

    if (!is_open(p, "data-hash", n) || !p->xml.data)
        return;
    if (!hash_by_name(signer->digest_oid, &q.alg))
        q.alg_known = false;
    if (cms->has_content) {
        q.want = cms->content;
        q.whole = q.want.len > 64;
    } else if (cms_attribute(signer, "1.2.840.113549.1.9.4", &stated)) {
        q.want = stated.body;
    }
    if (!q.want.len || (q.alg_known && digest_good(&q, q.bytes)))
        return;
    try_content(p, &q);
}

/* PKCS #7 names RSA by the key alone: then the digest's OID says how. */
static const char *algorithm_of(const struct cms_signer *signer)
{
    return strcmp(signer->signature_oid, "1.2.840.113549.1.1.1") == 0 ||
                   strcmp(signer->signature_oid, "1.2.840.10045.2.1") == 0
               ? signer->digest_oid
               : signer->signature_oid;
}

static void try_signer(struct patient *p, const struct cms *cms, size_t n)
{
    const struct cms_signer *signer = &cms->signers[n];
    CLEANUP(buf_clear) struct buf set = BUF_INIT(LIMIT_SIGNED_VALUE);
    struct err ignored = ERR_INIT;
    struct suspect s = {.cert = cms_signer_cert(cms, signer),
                        .algorithm = algorithm_of(signer),
                        .value = signer->signature,
                        .message = cms->has_content ? cms->content : p->xml,
                        .attributes = signer->attributes,
                        .file = p->xml};
    struct der list, stated;

    if (cms->has_content && cms->content.len <= 64)
        s.stated = cms->content;
    if (signer->attributes.len && der_only(signer->attributes, &list, &ignored) == RC_OK &&
        der_put(&set, DER_ID_SET, list.body, &ignored) == RC_OK) {
        s.message = buf_span(&set);
        if (cms_attribute(signer, "1.2.840.113549.1.9.4", &stated))
            s.stated = stated.body;
    }
    if (is_open(p, "value", n))
        try_value(p, &s, "value");
    try_message_digest(p, cms, signer, s.cert, n);
}

void diagnose_cms(const struct cms *cms, struct span file, const char *part,
                  const struct signature_report *report, struct findings *findings)
{
    struct diagnosis_budget budget = DIAGNOSIS_BUDGET;
    struct patient p = {.report = report,
                        .findings = findings,
                        .budget = &budget,
                        .part = part,
                        .xml_name = part,
                        .xml = file,
                        .others = &cms->certs};

    for (size_t n = 0; n < cms->n_signers; n++)
        try_signer(&p, cms, n);
}

/* ---- packages ---- */

static void add_cert(struct certs *certs, struct span der)
{
    CLEANUP(cert_freep) struct cert *cert = NULL;
    struct err ignored = ERR_INIT;

    if (cert_parse(der, &cert, &ignored) == RC_OK)
        certs_add(certs, cert);
}

/* Every certificate in the values of the package: the signers', the makers', those of the lists. */
enum { CERTS_TRIED = 64 };
static void collect_certs(struct ofd *ofd, struct certs *out)
{
    for (size_t i = 0; i < ofd->n_signatures && out->n < CERTS_TRIED; i++) {
        CLEANUP(ses_signature_clear) struct ses_signature ses = {0};
        CLEANUP(cms_clear) struct cms cms = {0};
        struct err ignored = ERR_INIT;
        struct span value;

        if (ofd->signatures[i].value < 0 ||
            zipfile_read(ofd->zip, (size_t)ofd->signatures[i].value, &value, &ignored) != RC_OK)
            continue;
        if (ses_signature_read(value, &ses, NULL, &ignored) == RC_OK) {
            add_cert(out, ses.cert);
            add_cert(out, ses.seal.maker_cert);
            for (size_t k = 0; !ses.seal.digests && k < ses.seal.n_certs && k < CERTS_TRIED; k++)
                add_cert(out, ses.seal.cert_list[k]);
        } else if (cms_read(value, &cms, &ignored) == RC_OK) {
            for (size_t k = 0; k < cms.certs.n; k++)
                certs_add(out, cms.certs.list[k]);
        }
    }
}

static void try_raw(struct patient *p, const struct ofd_signature *signature, struct span value)
{
    struct suspect s = {
        .algorithm = signature->method, .value = value, .message = p->xml, .file = p->xml};

    if (is_open(p, "value", 0))
        try_value(p, &s, "value");
}

/* The value by its kind; returns the signer's certificate, counted, where it names one. */
static struct cert *try_by_kind(struct patient *p, const struct ofd_signature *signature,
                                struct span value)
{
    CLEANUP(ses_signature_clear) struct ses_signature ses = {0};
    CLEANUP(cert_freep) struct cert *signer = NULL;
    CLEANUP(cms_clear) struct cms cms = {0};
    struct err ignored = ERR_INIT;

    switch (sigvalue_detect(value)) {
    case SIGVALUE_SES:
        if (ses_signature_read(value, &ses, NULL, &ignored) == RC_OK &&
            cert_parse(ses.cert, &signer, &ignored) == RC_OK)
            try_ses(p, &ses, signer);
        break;
    case SIGVALUE_CMS:
        if (cms_read(value, &cms, &ignored) != RC_OK)
            break;
        for (size_t n = 0; n < cms.n_signers; n++)
            try_signer(p, &cms, n);
        if (cms.n_signers && cms_signer_cert(&cms, &cms.signers[0]))
            signer = cert_ref(cms_signer_cert(&cms, &cms.signers[0]));
        break;
    case SIGVALUE_RAW:
        try_raw(p, signature, value);
        break;
    case SIGVALUE_UNKNOWN:
        break;
    }
    return MOVE(signer);
}

static void diagnose_signature(struct ofd_case *at, size_t i, const struct certs *others,
                               struct diagnosis_budget *budget)
{
    const struct ofd_signature *signature = &at->ofd->signatures[i];
    struct patient p = {.report = &at->out->signatures[i],
                        .findings = &at->out->findings,
                        .part = ofd_name(at->ofd, signature->value),
                        .xml_name = ofd_name(at->ofd, signature->xml),
                        .others = others,
                        .budget = budget};
    CLEANUP(cert_freep) struct cert *signer = NULL;
    struct err ignored = ERR_INIT;
    struct span value;

    if (signature->fault.code != RC_OK || signature->xml < 0)
        return; /* there is nothing that could be tried */
    if (signature->value >= 0 &&
        zipfile_read(at->ofd->zip, (size_t)signature->xml, &p.xml, &ignored) == RC_OK &&
        zipfile_read(at->ofd->zip, (size_t)signature->value, &value, &ignored) == RC_OK)
        signer = try_by_kind(&p, signature, value);
    p.found |= diagnose_references(at, i, signer, budget);
    if (!p.found && p.report->indication != TOTAL_PASSED && signature->n_references > 0)
        (void)findings_add(p.findings, "SIG350", PLACE_PART(p.xml_name), "id", p.report->id, NULL);
}

void diagnose_ofd(struct ofd_case *at)
{
    CLEANUP(certs_clear) struct certs others = {0};
    struct diagnosis_budget budget = DIAGNOSIS_BUDGET;

    collect_certs(at->ofd, &others);
    for (size_t i = 0; i < at->ofd->n_signatures && i < at->out->n_signatures; i++)
        diagnose_signature(at, i, &others, &budget);
}
