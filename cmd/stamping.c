/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/stamping.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/owner.h"
#include "cmd/places.h"
#include "cmd/press.h"
#include "core/base/mem.h"
#include "formats/xmldoc.h"

void stamped_clear(struct stamped *stamped)
{
    buf_clear(&stamped->package);
    verification_clear(&stamped->check);
    *stamped = (struct stamped)STAMPED_INIT;
}

/* ---- what speaks against it ---- */

/* Nothing is put on top of what is broken already: the new seal would seem to vouch for it. */
static enum rc check_standing(const struct verification *standing, struct err *err)
{
    if (standing->verdict == VERDICT_ERROR)
        return err_find(err, "SIG220", RC_INPUT, "the file cannot be read as it should be");
    for (size_t i = 0; i < standing->n_signatures; i++) {
        if (standing->signatures[i].indication == TOTAL_FAILED)
            return err_find(
                err, "SIG221", RC_REFUSED, "standing seal or signature %s is broken: %s",
                standing->signatures[i].id, sub_indication_name(standing->signatures[i].sub));
    }
    if (standing->n_signatures && standing->intact == ANSWER_NO)
        return err_find(err, "SIG221", RC_REFUSED, "the file was changed after it was sealed");
    for (size_t i = 0; i < standing->findings.n; i++) {
        const char *code = standing->findings.list[i].type->code;

        if (strcmp(code, "OFD103") == 0 || strcmp(code, "OFD204") == 0)
            return err_find(err, "SIG221", RC_REFUSED, "seals or signatures were taken out of it");
    }
    if (standing->face_agrees == ANSWER_NO)
        return err_find(err, "SIG221", RC_REFUSED,
                        "its face, its metadata and its fields do not agree");
    return RC_OK;
}

/* Every part of a licence of ours is covered: what is not was put in after the seal. */
static enum rc check_coverage(const struct licence *licence, const struct verification *standing,
                              struct err *err)
{
    if (!licence || standing->n_signatures == 0 || standing->coverage_complete)
        return RC_OK;
    return err_find(err, "SIG221", RC_REFUSED, "no standing seal or signature covers %s",
                    standing->n_uncovered ? standing->uncovered[0] : "all of it");
}

static enum rc check_open(const struct ofd *ofd, struct err *err)
{
    for (size_t i = 0; i < ofd->n_signatures; i++) {
        for (size_t r = 0; r < ofd->signatures[i].n_references; r++) {
            if (ofd->list >= 0 && ofd->signatures[i].references[r].member == ofd->list)
                return err_find(err, "SIG222", RC_REFUSED,
                                "seal or signature %s closes the list: nothing can be added",
                                ofd->signatures[i].id);
        }
    }
    return RC_OK;
}

static enum rc check_close(const struct stamping *s, const struct licence *licence,
                           const struct verification *standing, struct err *err)
{
    int seals = s->as_seal;

    if (!s->close || !licence)
        return RC_OK;
    for (size_t i = 0; i < standing->n_signatures; i++)
        seals += standing->signatures[i].is_seal;
    if (seals >= licence->seals_required)
        return RC_OK;
    return err_find(err, "SIG223", RC_REFUSED,
                    "closing comes too early: %d of %d required seals would be there", seals,
                    licence->seals_required);
}

/* ---- putting it on ---- */

/* The list stands beside the document; OFD.xml links to it from the first seal on. */
static enum rc link_list(struct ofd *ofd, struct ofd_bundle *bundle, char **list, struct err *err)
{
    CLEANUP(buf_clear) struct buf root = BUF_INIT(LIMIT_XML);
    CLEANUP(freep) char *folder = path_dir(ofd_name(ofd, ofd->document)), *loc = NULL;
    struct span bytes;
    long member = zipfile_find(ofd->zip, "OFD.xml");

    if (ofd->list_name) {
        *list = mem_text(ofd->list_name);
        return RC_OK;
    }
    *list = strcmp(folder, ".") == 0 ? mem_text("Signs/Signatures.xml")
                                     : path_join(folder, "Signs/Signatures.xml");
    if (asprintf(&loc, "/%s", *list) < 0)
        abort();
    TRY(zipfile_read(ofd->zip, (size_t)member, &bytes, err));
    TRY_AT(xmldoc_add_child(bytes, "DocBody", "Signatures", loc, &root, err), err, "OFD.xml");
    return ofd_bundle_put(bundle, "OFD.xml", buf_span(&root), PACK_FAST, err);
}

static struct ofd_listed *list_standing(const struct ofd *ofd)
{
    struct ofd_listed *standing = mem_zero(ofd->n_signatures, sizeof(*standing));

    for (size_t i = 0; i < ofd->n_signatures; i++) {
        const struct ofd_signature *s = &ofd->signatures[i];

        standing[i] = (struct ofd_listed){s->id, s->type, s->base_loc, s->relative};
    }
    return standing;
}

static enum rc digests_of(struct ofd *ofd, const struct licence *licence,
                          const unsigned char **sm3_out, struct err *err)
{
    const struct ofd_attachment *digests = licence ? ofd_attachment(ofd, "digests.json") : NULL;

    *sm3_out = NULL;
    return digests && digests->member >= 0 ? ofd_sm3(ofd, digests->member, sm3_out, err) : RC_OK;
}

static enum rc put_on(const struct stamping *s, struct ofd *ofd, const struct licence *licence,
                      struct stamped *out, struct err *err)
{
    CLEANUP(ofd_bundle_clear) struct ofd_bundle bundle = {.members = NULL};
    CLEANUP(freep) struct ofd_listed *standing = list_standing(ofd);
    CLEANUP(freep) char *list = NULL;
    struct ofd_stamp stamp = {.page_id = 0};
    struct sealing sealing = {.sealer = s->sealer,
                              .as_seal = s->as_seal,
                              .close = s->close,
                              .stamps = &stamp,
                              .n_stamps = s->as_seal ? 1 : 0,
                              .max_id = ofd->max_sign_id,
                              .standing = standing,
                              .n_standing = ofd->n_signatures};

    if (s->as_seal)
        TRY(places_choose(s, ofd, licence, &stamp, err));
    TRY(ofd_bundle_open(&bundle, ofd->zip, err));
    TRY(link_list(ofd, &bundle, &list, err));
    TRY(digests_of(ofd, licence, &sealing.digests_sm3, err));
    sealing.list = list;
    TRY(sealing_apply(&sealing, &bundle, err));
    return ofd_bundle_write(&bundle, &out->package, err);
}

enum rc stamping_apply(const struct stamping *s, struct span file, struct stamped *out,
                       struct findings *findings, struct err *err)
{
    CLEANUP(ofd_freep) struct ofd *ofd = NULL;
    CLEANUP(licence_freep) struct licence *licence = NULL;
    CLEANUP(verification_clear) struct verification standing = {.path = NULL};

    sm3(file, out->before);
    TRY(ofd_open(file, &ofd, findings, err));
    ofd_verify_opened(&s->judge, ofd, &standing);
    TRY(check_standing(&standing, err));
    TRY(check_open(ofd, err));
    TRY(ofd_licence(ofd, &licence, err));
    TRY(check_coverage(licence, &standing, err));
    if (licence && s->as_seal && !s->on_behalf)
        TRY(owner_check(s->sealer, licence, err));
    TRY(check_close(s, licence, &standing, err));
    TRY(put_on(s, ofd, licence, out, err));
    ofd_verify(&s->judge, buf_span(&out->package), &out->check);
    if (out->check.n_signatures != standing.n_signatures + 1)
        return err_set(err, RC_BUG, "the file just made was thrown away: it lists %zu signatures",
                       out->check.n_signatures);
    return press_prove(&out->check, true, err);
}

enum rc stamping_place(const char *text, struct stamping *s, struct err *err)
{
    char *end;
    const char *p;
    long page = strtol(text, &end, 10);
    struct err ignored = ERR_INIT;

    s->place = PLACE_AT;
    s->page = page > 0 && page < 100000 ? (int)page : 0;
    if (s->page > 0 && *end == ',' && decimal_get(end + 1, &s->x, &p, &ignored) == RC_OK &&
        *p == ',' && decimal_get(p + 1, &s->y, &p, &ignored) == RC_OK && *p == '\0')
        return RC_OK;
    return err_set(err, RC_USAGE,
                   "--place: want page,x,y in millimetres from the top left, got '%s'", text);
}
