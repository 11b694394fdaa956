/* SPDX-License-Identifier: Apache-2.0 */
/* References whose digests differ: which deviation explains them, many parts in one finding. */
#include <stdio.h>
#include <string.h>

#include "core/base/codec.h"
#include "core/base/mem.h"
#include "formats/ofd/diagnose_priv.h"
#include "formats/ofd/ofd_verify_priv.h"

/* Names in a finding, and findings of a signature. */
enum { NAMES_MAX = 8, TALLIES_MAX = 32 };

/* Parts that one deviation explains. */
struct tally {
    const char *code;
    char how[HOW_MAX];
    struct buf names;
    size_t n;
};

struct refs_under_trial {
    struct ofd_case *at;
    const struct ofd_signature *signature;
    const struct cert *cert;
    enum hash_alg alg;
    bool alg_known;
    struct diagnosis_budget *budget;
    struct tally tallies[TALLIES_MAX];
    size_t n_tallies;
    bool any;
};

static void count(struct refs_under_trial *r, const char *code, const char *how, const char *name)
{
    struct err ignored = ERR_INIT;
    struct tally *tally = NULL;

    for (size_t i = 0; i < r->n_tallies && !tally; i++) {
        if (strcmp(r->tallies[i].code, code) == 0 && strcmp(r->tallies[i].how, how) == 0)
            tally = &r->tallies[i];
    }
    if (!tally && r->n_tallies == TALLIES_MAX)
        tally = &r->tallies[TALLIES_MAX - 1];
    if (!tally) {
        tally = &r->tallies[r->n_tallies++];
        *tally = (struct tally){.code = code, .names = BUF_INIT(NAMES_MAX * 2048)};
        (void)snprintf(tally->how, sizeof(tally->how), "%s", how);
    }
    if (++tally->n > NAMES_MAX + 1)
        return;
    if (buf_addf(&tally->names, &ignored, "%s%s", tally->n > 1 ? ", " : "",
                 tally->n > NAMES_MAX ? "…" : name) != RC_OK)
        return;
}

/* ---- a reference that names no part, but nearly does ---- */

static bool leads_to(const struct refs_under_trial *r, long member, struct digest_suspect *q)
{
    struct err ignored = ERR_INIT;

    return member >= 0 &&
           zipfile_read(r->at->ofd->zip, (size_t)member, &q->bytes, &ignored) == RC_OK &&
           digest_good(q, q->bytes);
}

/* The part that another reading of FileRef leads to, or -1: from the root, in other letter case. */
static long other_path(const struct refs_under_trial *r, const struct ofd_reference *ref,
                       struct digest_suspect *q)
{
    struct zipfile *zip = r->at->ofd->zip;
    const char *loc = ref->loc ? ref->loc : "";
    char *const names[] = {
        ofd_resolve("OFD.xml", loc), ofd_resolve(ofd_name(r->at->ofd, r->at->ofd->document), loc),
        ofd_resolve(r->at->ofd->list_name ? r->at->ofd->list_name : "", loc), mem_text(ref->name)};
    long found = -1;

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        long like = names[i] && names[i][0] ? zipfile_find(zip, names[i]) : -1;

        if (like < 0 && names[i] && names[i][0])
            like = zipfile_find_like(zip, names[i]);
        if (found < 0 && leads_to(r, like, q))
            found = like;
        free(names[i]);
    }
    return found;
}

/* The part that has the digest which stands there: one that was renamed or exchanged. */
static long other_part(const struct refs_under_trial *r, const struct digest_suspect *q)
{
    struct ofd *ofd = r->at->ofd;
    const unsigned char *digest;
    struct err ignored = ERR_INIT;

    for (size_t i = 0; q->alg == HASH_SM3 && i < zipfile_count(ofd->zip); i++) {
        if (ofd_sm3(ofd, (long)i, &digest, &ignored) == RC_OK &&
            hash_equals((struct span){digest, SM3_LEN}, q->want))
            return (long)i;
    }
    return -1;
}

static void try_missing(struct refs_under_trial *r, const struct ofd_reference *ref,
                        struct digest_suspect *q)
{
    const char *name = ref->loc ? ref->loc : ref->name;
    long member = other_path(r, ref, q);
    const char *code = "DIG347";

    if (member < 0) {
        member = other_part(r, q);
        code = "DIG348";
    }
    if (member < 0)
        count(r, "DIG351", "", name ? name : "?");
    else
        count(r, code, ofd_name(r->at->ofd, member), name ? name : "?");
}

/* ---- a part whose digest differs ---- */

static void try_part(struct refs_under_trial *r, const struct ofd_reference *ref,
                     struct digest_suspect *q)
{
    CLEANUP(packed_clear) struct packed packed = {0};
    struct err ignored = ERR_INIT;
    const char *code = NULL;
    long other;

    if (!diagnosis_affords(r->budget, diagnosis_cost(q->bytes.len))) {
        count(r, "DIG350", "", ref->name);
        return;
    }
    if (zipfile_packed(r->at->ofd->zip, (size_t)ref->member, &packed, &ignored) == RC_OK &&
        packed.deflated)
        q->packed = (struct span){packed.data, packed.len};
    code = diagnose_digest(q);
    if (code) {
        count(r, code, q->how, ref->name);
        return;
    }
    other = other_part(r, q);
    if (other >= 0)
        count(r, "DIG348", ofd_name(r->at->ofd, other), ref->name);
    else
        count(r, "DIG349", "", ref->name);
}

static void try_reference(struct refs_under_trial *r, const struct ofd_reference *ref)
{
    CLEANUP(buf_clear) struct buf want = BUF_INIT(1024);
    struct err ignored = ERR_INIT;
    struct digest_suspect q = {
        .text = ref->check_value, .alg = r->alg, .alg_known = r->alg_known, .cert = r->cert};

    if (!r->budget->references) {
        count(r, "DIG350", "", ref->loc ? ref->loc : "?");
        return;
    }
    if (ref->check_value && base64_decode(ref->check_value, &want, &ignored) != RC_OK)
        buf_reset(&want);
    q.want = buf_span(&want);
    if (ref->member < 0) {
        r->any = true;
        r->budget->references--;
        try_missing(r, ref, &q);
        return;
    }
    if (zipfile_read(r->at->ofd->zip, (size_t)ref->member, &q.bytes, &ignored) != RC_OK ||
        (r->alg_known && digest_good(&q, q.bytes)))
        return;
    r->any = true;
    r->budget->references--;
    try_part(r, ref, &q);
}

/* CheckMethod as ofd_verify_refs.c reads it; where that is no help, SM3 is the first guess. */
static void find_method(struct refs_under_trial *r)
{
    const char *method = r->signature->check_method;

    r->alg_known = method && hash_by_name(method, &r->alg);
    if (!r->alg_known)
        r->alg = HASH_SM3;
}

bool diagnose_references(struct ofd_case *at, size_t i, const struct cert *cert,
                         struct diagnosis_budget *budget)
{
    struct refs_under_trial r = {
        .at = at, .signature = &at->ofd->signatures[i], .cert = cert, .budget = budget};
    struct place place = PLACE_PART(ofd_name(at->ofd, r.signature->xml));

    place.field = "references";
    find_method(&r);
    for (size_t k = 0; k < r.signature->n_references; k++)
        try_reference(&r, &r.signature->references[k]);
    for (size_t k = 0; k < r.n_tallies; k++) {
        struct tally *tally = &r.tallies[k];
        char n[24];

        (void)snprintf(n, sizeof(n), "%zu", tally->n);
        (void)findings_add(&at->out->findings, tally->code, place, "names", tally->names.data, "n",
                           n, "how", tally->how, NULL);
        buf_clear(&tally->names);
    }
    return r.any;
}
