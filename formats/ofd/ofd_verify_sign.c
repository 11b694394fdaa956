/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One signature of the list: structure, references, then the value by its own kind, which
 * its bytes tell, and how value, list and seal file fit together.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/limits.h"
#include "core/base/mem.h"
#include "core/model/judge.h"
#include "formats/cms/cms.h"
#include "formats/cms/sigvalue.h"
#include "formats/ofd/ofd_verify_priv.h"
#include "formats/ses/ses.h"

/* A signature whose value is being judged. */
struct subject {
    struct ofd_case *at;
    const struct ofd_signature *signature;
    struct ofd_protected *protected;
    struct signature_report *report;
    struct span xml, value;
    const char *part; /* of the value */
};

static void fail(struct subject *s, const char *step, int finding)
{
    signature_step(s->report, step, STEP_FAILED, finding, SUB_FORMAT_FAILURE);
}

static void fail_structure(struct subject *s, const struct err *err)
{
    fail(s, "structure", findings_add_err(&s->at->out->findings, err));
    s->at->facts.structure_failed = true;
}

static bool is_listed_as(const struct ofd_signature *signature, const char *type)
{
    return signature->type && strcasecmp(signature->type, type) == 0;
}

static void check_type(struct subject *s, const char *kind, bool agrees)
{
    const struct ofd_signature *signature = s->signature;
    const char *type = signature->type ? signature->type : "Seal (by default)";
    struct place place = PLACE_PART(s->at->ofd->list_name);

    if (agrees) {
        signature_step(s->report, "type", STEP_PASSED, -1, SUB_NONE);
        return;
    }
    if (!signature
             ->type) { /* the default is Seal, but makers who leave it out mean nothing by it */
        int finding = findings_add(&s->at->out->findings, "OFD314", place, "id", signature->id,
                                   "type", type, "kind", kind, NULL);

        signature_step(s->report, "type", STEP_PASSED, finding, SUB_NONE);
        return;
    }
    fail(s, "type",
         findings_add(&s->at->out->findings, "OFD201", place, "id", signature->id, "type", type,
                      "kind", kind, NULL));
}

/* 32 octets, bare or once more as an OCTET STRING. */
static void keep_binding(struct subject *s, struct span value)
{
    static const unsigned char header[] = {0x04, SM3_LEN};

    if (value.len == SM3_LEN + sizeof(header) && memcmp(value.data, header, sizeof(header)) == 0) {
        value.data += sizeof(header);
        value.len -= sizeof(header);
    }
    if (value.len != SM3_LEN)
        return;
    memcpy(s->protected->binding, value.data, SM3_LEN);
    s->protected->binds = true;
}

/* GB/T 38540 and ofd-seals 2.3: the seal file must be the seal that signed, byte for byte. */
static void judge_seal_file(struct subject *s, const struct ses_signature *ses)
{
    const struct ofd_signature *signature = s->signature;
    struct ofd *ofd = s->at->ofd;
    struct span file = {NULL, 0};
    struct err err = ERR_INIT;

    if (!signature->seal_loc)
        return;
    if (signature->seal < 0) {
        fail(s, "seal-file",
             findings_add(&s->at->out->findings, "OFD203", PLACE_PART(signature->xml_name), "id",
                          signature->id, "name", signature->seal_loc, NULL));
        return;
    }
    if (zipfile_read(ofd->zip, (size_t)signature->seal, &file, &err) != RC_OK) {
        fail(s, "seal-file", findings_add_err(&s->at->out->findings, &err));
        return;
    }
    if (!span_equals(file, ses->seal.whole)) {
        fail(s, "seal-file",
             findings_add(&s->at->out->findings, "OFD202",
                          PLACE_PART(ofd_name(ofd, signature->seal)), "name",
                          ofd_name(ofd, signature->seal), NULL));
        return;
    }
    signature_step(s->report, "seal-file", STEP_PASSED, -1, SUB_NONE);
    s->protected->members[signature->seal] = true;
}

static const char *ses_format(enum ses_layout layout)
{
    switch (layout) {
    case SES_LAYOUT_1:
        return "SES-1";
    case SES_LAYOUT_4:
        return "SES-4";
    case SES_LAYOUT_5:
        return "SES-5";
    }
    return NULL;
}

/* propertyInfo holds the absolute path of Signature.xml, as all makers write it. */
static char *absolute(const char *name)
{
    char *out = mem_zero(strlen(name) + 2, 1);

    out[0] = '/';
    memcpy(out + 1, name, strlen(name));
    return out;
}

/* What kind of key a name or OID of a signature algorithm is for; NULL: nobody knows. */
static const char *family(const char *algorithm)
{
    static const struct {
        const char *begins, *family;
    } oids[] = {{"1.2.156.10197.1.504", "RSA"},
                {"1.2.156.10197.", "SM2"},
                {"1.2.840.113549.1.1.", "RSA"},
                {"1.2.840.10045.", "ECDSA"},
                {NULL, NULL}};

    if (!algorithm)
        return NULL;
    for (size_t i = 0; oids[i].begins; i++) {
        if (strncmp(algorithm, oids[i].begins, strlen(oids[i].begins)) == 0 ||
            strcasestr(algorithm, oids[i].family))
            return oids[i].family;
    }
    return NULL;
}

/* GB/T 33190 18.2: SignatureMethod is for reading; the value says itself what it is. */
static void note_method(struct subject *s, const char *algorithm)
{
    const char *named = family(s->signature->method), *used = family(algorithm);

    if (named && used && strcmp(named, used) != 0)
        findings_add(&s->at->out->findings, "SIG324", PLACE_PART(s->signature->xml_name), "actual",
                     s->signature->method, "expected", algorithm, NULL);
}

static void judge_ses(struct subject *s)
{
    const struct ses_judge judge = {.trust = s->at->judge->trust,
                                    .now = s->at->judge->now,
                                    .cache = s->at->judge->cache,
                                    .part = s->part,
                                    .level = s->at->judge->level};
    CLEANUP(ses_signature_clear) struct ses_signature ses = {0};
    CLEANUP(freep) char *property = NULL;
    const unsigned char *digest = NULL;
    struct span binding;
    size_t notes = s->at->out->findings.n;
    struct err err = ERR_INIT;

    s->report->is_seal = true;
    if (ses_signature_read(s->value, &ses, &s->at->out->findings, &err) != RC_OK) {
        (void)err_at(&err, "%s", s->part);
        fail_structure(s, &err);
        return;
    }
    judge_place_notes(&s->at->out->findings, notes, s->part);
    s->report->format = ses_format(ses.layout);
    if (ofd_sm3(s->at->ofd, s->signature->xml, &digest, &err) != RC_OK) {
        fail_structure(s, &err);
        return;
    }
    property = absolute(s->signature->xml_name);
    ses_signature_judge(&judge, &ses, digest, s->xml, property, s->report, &s->at->out->findings);
    note_method(s, ses.algorithm);
    check_type(s, "SES_Signature", is_listed_as(s->signature, "Seal"));
    judge_seal_file(s, &ses);
    if (ses_extension(&ses, LICENCE_DIGESTS_OID, &binding))
        keep_binding(s, binding);
}

static instant container_time(const struct ofd_signature *signature)
{
    struct err err = ERR_INIT;
    instant time = INSTANT_NONE;

    if (!signature->date_time || instant_parse(signature->date_time, &time, &err) != RC_OK)
        return INSTANT_NONE;
    return time;
}

static struct cms_judge cms_judge_of(const struct subject *s)
{
    return (struct cms_judge){.trust = s->at->judge->trust,
                              .now = s->at->judge->now,
                              .part = s->part,
                              .cache = s->at->judge->cache,
                              .container_time = container_time(s->signature),
                              .level = s->at->judge->level};
}

static void judge_cms(struct subject *s)
{
    const struct cms_judge judge = cms_judge_of(s);
    CLEANUP(cms_clear) struct cms cms = {0};
    struct der binding;
    struct err err = ERR_INIT;

    if (cms_read(s->value, &cms, &err) != RC_OK) {
        (void)err_at(&err, "%s", s->part);
        fail_structure(s, &err);
        return;
    }
    s->report->format = cms.is_gbt35275 ? "GBT35275" : "PKCS7";
    s->report->is_seal = false; /* whatever the list says, which nothing covers: no seal is in it */
    cms_judge(&judge, &cms, s->xml, s->report, &s->at->out->findings);
    if (cms.n_signers > 0)
        note_method(s, cms.signers[0].signature_oid);
    check_type(s, "SignedData", is_listed_as(s->signature, "Sign"));
    if (cms.n_signers > 0 && cms_attribute(&cms.signers[0], LICENCE_DIGESTS_OID, &binding))
        keep_binding(s, binding.body);
}

static void judge_raw(struct subject *s)
{
    const struct cms_judge judge = cms_judge_of(s);

    s->report->format = "RAW";
    s->report->is_seal = false;
    sigvalue_judge_raw(&judge, s->value, s->signature->method, NULL, s->xml, s->report,
                       &s->at->out->findings);
}

static void judge_bytes(struct subject *s)
{
    struct err err = ERR_INIT;

    switch (sigvalue_detect(s->value)) {
    case SIGVALUE_SES:
        judge_ses(s);
        return;
    case SIGVALUE_CMS:
        judge_cms(s);
        return;
    case SIGVALUE_RAW:
        judge_raw(s);
        return;
    case SIGVALUE_UNKNOWN:
        break;
    }
    (void)err_find(&err, "OFD003", RC_INPUT,
                   "GB/T 33190 18.3: neither a seal signature, nor SignedData, nor a bare value");
    (void)err_at(&err, "%s", s->part);
    fail_structure(s, &err);
}

static enum rc read_value(struct subject *s, struct err *err)
{
    const struct ofd_signature *signature = s->signature;
    struct zipfile *zip = s->at->ofd->zip;

    if (signature->fault.code != RC_OK) {
        *err = signature->fault;
        return err->code;
    }
    if (signature->value < 0) {
        (void)err_find(err, "OFD003", RC_INPUT, "GB/T 33190 18.2: SignedValue '%s' names no part",
                       signature->value_loc ? signature->value_loc : "");
        return err_at(err, "%s", signature->xml_name);
    }
    if (zipfile_size(zip, (size_t)signature->value) > LIMIT_SIGNED_VALUE)
        return err_find(err, "PKG003", RC_INPUT, "a signed value of more than %zu bytes",
                        LIMIT_SIGNED_VALUE);
    TRY(zipfile_read(zip, (size_t)signature->xml, &s->xml, err));
    return zipfile_read(zip, (size_t)signature->value, &s->value, err);
}

static void describe(const struct ofd_signature *signature, struct signature_report *report)
{
    report->id = mem_text(signature->id ? signature->id : "");
    report->is_seal = !is_listed_as(signature, "Sign");
    if (signature->n_stamps > 0) {
        const struct ofd_stamp_annot *stamp = &signature->stamps[0];

        report->page = stamp->page;
        report->box_um[0] = stamp->box.x;
        report->box_um[1] = stamp->box.y;
        report->box_um[2] = stamp->box.w;
        report->box_um[3] = stamp->box.h;
    }
}

void ofd_judge_signature(struct ofd_case *at, size_t i)
{
    struct subject s = {.at = at,
                        .signature = &at->ofd->signatures[i],
                        .protected = &at->protected[i],
                        .report = verification_add_signature(at->out)};
    struct err err = ERR_INIT;

    s.protected->members = mem_zero(zipfile_count(at->ofd->zip), sizeof(bool));
    s.protected->listed = mem_zero(zipfile_count(at->ofd->zip), sizeof(bool));
    describe(s.signature, s.report);
    if (read_value(&s, &err) != RC_OK) {
        fail_structure(&s, &err);
        if (s.signature->fault.code == RC_OK) /* the value is missing; the parts can be told */
            ofd_judge_references(at, i, s.report);
        return;
    }
    s.part = ofd_name(at->ofd, s.signature->value);
    signature_step(s.report, "structure", STEP_PASSED, -1, SUB_NONE);
    ofd_judge_references(at, i, s.report);
    judge_bytes(&s);
}

/* The signature that Relative names; -1: none, or itself. */
static long find_base(const struct ofd *ofd, size_t i)
{
    for (size_t k = 0; k < ofd->n_signatures; k++) {
        if (k != i && ofd->signatures[k].id &&
            strcmp(ofd->signatures[k].id, ofd->signatures[i].relative) == 0)
            return (long)k;
    }
    return -1;
}

/* GM/T 0099: what builds on a signature is no better than that one. */
void ofd_judge_bases(struct ofd_case *at)
{
    for (size_t i = 0; i < at->ofd->n_signatures; i++) {
        const struct ofd_signature *signature = &at->ofd->signatures[i];
        struct signature_report *report = &at->out->signatures[i];
        enum indication base = TOTAL_FAILED;
        long k;
        int finding;

        if (!signature->relative)
            continue;
        k = find_base(at->ofd, i);
        if (k >= 0)
            base = at->out->signatures[k].indication;
        if (base == TOTAL_PASSED) {
            signature_step(report, "base", STEP_PASSED, -1, SUB_NONE);
            continue;
        }
        finding = findings_add(&at->out->findings, base == TOTAL_FAILED ? "OFD205" : "OFD105",
                               PLACE_PART(at->ofd->list_name), "id", signature->id, "base",
                               signature->relative, NULL);
        signature_step(report, "base", base == TOTAL_FAILED ? STEP_FAILED : STEP_UNKNOWN, finding,
                       SUB_SIG_CONSTRAINTS_FAILURE);
    }
}
