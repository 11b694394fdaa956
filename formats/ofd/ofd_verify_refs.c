/* SPDX-License-Identifier: Apache-2.0 */
/* References of a Signature.xml, GB/T 33190-2016 18.2: digests over the raw bytes of members. */
#include <stdlib.h>
#include <string.h>

#include "core/base/codec.h"
#include "core/base/mem.h"
#include "formats/ofd/ofd_verify_priv.h"

#define SM3_KEYLESS "1.2.156.10197.1.401.1" /* the same digest by its longer name */

/* One signature's references under judgement. */
struct refs {
    struct ofd_case *at;
    const struct ofd_signature *signature;
    struct ofd_protected *protected;
    const char *part; /* Signature.xml, for findings */
    enum hash_alg alg;
    bool failed;
    int finding; /* the first */
};

/* The first that failed is the reason, before any remark: a policy may lower remarks. */
static void note(struct refs *refs, int finding, bool failed)
{
    if (refs->finding < 0 || (failed && !refs->failed))
        refs->finding = finding;
    refs->failed |= failed;
}

static enum rc digest_member(struct refs *refs, long member, struct span *out, struct err *err)
{
    struct ofd *ofd = refs->at->ofd;
    struct hash **digests = &refs->at->digests[refs->alg], *kept;

    if (refs->alg == HASH_SM3) {
        const unsigned char *bytes = NULL;

        TRY(ofd_sm3(ofd, member, &bytes, err));
        *out = (struct span){.data = bytes, .len = SM3_LEN};
        return RC_OK;
    }
    if (!*digests)
        *digests = mem_zero(zipfile_count(ofd->zip), sizeof(**digests));
    kept = &(*digests)[member];
    if (kept->len == 0)
        TRY(ofd_digest(ofd, member, refs->alg, kept, err));
    *out = (struct span){.data = kept->bytes, .len = kept->len};
    return RC_OK;
}

static int add_changed(struct refs *refs, const struct ofd_reference *ref, struct span actual,
                       struct span expected)
{
    struct verification *out = refs->at->out;
    bool is_list = ref->member == refs->at->ofd->list;
    struct place place = PLACE_PART(ref->name);
    char want[2 * 64 + 1], got[2 * 64 + 1];

    hex_encode(expected.data, expected.len, want);
    hex_encode(actual.data, actual.len, got);
    verification_add_changed_after(out, ref->name);
    return findings_add(&out->findings, is_list ? "DIG205" : "DIG201", place, "name", ref->name,
                        "id", refs->signature->id, "expected", want, "actual", got, NULL);
}

static void compare(struct refs *refs, const struct ofd_reference *ref, struct place place)
{
    struct findings *findings = &refs->at->out->findings;
    CLEANUP(buf_clear) struct buf want = BUF_INIT(1024);
    struct span actual = {NULL, 0};
    struct err err = ERR_INIT;

    if (digest_member(refs, ref->member, &actual, &err) != RC_OK) {
        note(refs, findings_add_err(findings, &err), true);
        refs->at->facts.unreadable = rc_worse(refs->at->facts.unreadable, err.code);
        return;
    }
    if (!ref->check_value)
        (void)err_set(&err, RC_INPUT, "CheckValue is missing");
    else if (base64_decode(ref->check_value, &want, &err) == RC_OK && want.len != actual.len)
        (void)err_set(&err, RC_INPUT, "want %zu bytes, got %zu", actual.len, want.len);
    if (err.code != RC_OK)
        note(refs,
             findings_add(findings, "DIG204", place, "name", ref->name, "detail", err.text, NULL),
             true);
    else if (!hash_equals(actual, buf_span(&want)))
        note(refs, add_changed(refs, ref, actual, buf_span(&want)), true);
    else
        refs->protected->members[ref->member] = true;
}

static void judge_reference(struct refs *refs, const struct ofd_reference *ref, bool comparable)
{
    struct findings *findings = &refs->at->out->findings;
    struct place place = PLACE_PART(refs->part);

    place.line = ref->line;
    if (ref->member < 0) {
        note(
            refs,
            findings_add(findings, "DIG202", place, "name", ref->name ? ref->name : ref->loc, NULL),
            true);
        return;
    }
    if (refs->protected->listed[ref->member])
        note(refs,
             findings_add(findings, "DIG301", place, "name", ref->name, "id", refs->signature->id,
                          NULL),
             false);
    refs->protected->listed[ref->member] = true;
    if (comparable)
        compare(refs, ref, place);
}

/* Is there a digest that cannot be of that length, by what is written? */
static bool has_other_length(const struct ofd_signature *signature, size_t len)
{
    for (size_t i = 0; i < signature->n_references; i++) {
        CLEANUP(buf_clear) struct buf want = BUF_INIT(1024);
        struct err ignored = ERR_INIT;
        const char *text = signature->references[i].check_value;

        if (text && base64_decode(text, &want, &ignored) == RC_OK && want.len != len)
            return true;
    }
    return false;
}

/* The schema's default is MD5: a missing attribute means that, where it can. */
static bool find_algorithm(const struct ofd_signature *signature, enum hash_alg *out)
{
    const char *method = signature->check_method;

    if (!method) {
        *out = HASH_MD5;
        return !has_other_length(signature, 16);
    }
    if (strcmp(method, SM3_KEYLESS) == 0) {
        *out = HASH_SM3;
        return true;
    }
    return hash_by_name(method, out);
}

/* A weak or unknown algorithm: nothing can be said, but "tampered" would be wrong. */
static void note_algorithm(struct refs *refs, struct signature_report *report, const char *code,
                           const char *name)
{
    struct place place = PLACE_PART(refs->part);
    int finding = findings_add(&refs->at->out->findings, code, place, "algorithm", name, NULL);

    if (!refs->failed)
        signature_step(report, "references", STEP_UNKNOWN, finding, SUB_CRYPTO_CONSTRAINTS_FAILURE);
}

static void conclude(struct refs *refs, struct signature_report *report, bool comparable)
{
    const char *method = refs->signature->check_method;

    free(report->digest);
    report->digest = mem_text(method ? method : "MD5");
    if (!comparable)
        note_algorithm(refs, report, method ? "DIG104" : "DIG106", method);
    else if (hash_is_weak(refs->alg))
        note_algorithm(refs, report, "DIG105", method ? method : "MD5 (CheckMethod is missing)");
    else if (!refs->failed)
        signature_step(report, "references", STEP_PASSED, -1, SUB_NONE);
    if (refs->failed)
        signature_step(report, "references", STEP_FAILED, refs->finding, SUB_HASH_FAILURE);
    if (!comparable || hash_is_weak(refs->alg)) /* forgeable: protects nothing */
        memset(refs->protected->members, 0,
               zipfile_count(refs->at->ofd->zip) * sizeof(*refs->protected->members));
}

void ofd_judge_references(struct ofd_case *at, size_t i, struct signature_report *report)
{
    const struct ofd_signature *signature = &at->ofd->signatures[i];
    struct refs refs = {.at = at,
                        .signature = signature,
                        .protected = &at->protected[i],
                        .part = ofd_name(at->ofd, signature->xml),
                        .finding = -1};
    bool comparable = find_algorithm(signature, &refs.alg);

    if (signature->n_references == 0) {
        refs.finding = findings_add(&at->out->findings, "DIG203", PLACE_PART(refs.part), "id",
                                    signature->id, NULL);
        signature_step(report, "references", STEP_FAILED, refs.finding, SUB_FORMAT_FAILURE);
        at->facts.structure_failed = true;
        return;
    }
    for (size_t k = 0; k < signature->n_references; k++)
        judge_reference(&refs, &signature->references[k], comparable);
    conclude(&refs, report, comparable);
}
