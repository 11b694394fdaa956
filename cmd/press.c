/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/press.h"

#include <string.h>

#include "cmd/owner.h"
#include "core/base/limits.h"
#include "core/base/mem.h"
#include "core/crypto/random.h"

/* The constant parts and the seal were digested when they were packed. */
static void know_constants(struct press *press)
{
    const struct ofd_known *constant;
    size_t n = ofd_constant_known(press->constant, &constant);

    press->known = mem_zero(n + 1, sizeof(*press->known));
    memcpy(press->known, constant, n * sizeof(*constant));
    if (press->sealer)
        press->known[n++].packed = &press->sealer->packed;
    press->judge.known = press->known;
    press->judge.n_known = n;
}

enum rc press_open(struct press *press, struct findings *findings, struct err *err)
{
    CLEANUP(sheet_clear) struct sheet sheet = {.pages = NULL};

    TRY(face_constant(press->typesetter, press->template, press->face, &sheet, findings, err));
    TRY(ofd_constant_make(&sheet, &press->constant, err));
    know_constants(press);
    return RC_OK;
}

void press_close(struct press *press)
{
    ofd_constant_free(press->constant);
    free(press->known);
    press->constant = NULL;
    press->known = NULL;
}

void pressed_clear(struct pressed *pressed)
{
    licence_free(pressed->licence);
    buf_clear(&pressed->package);
    verification_clear(&pressed->check);
    *pressed = (struct pressed)PRESSED_INIT;
}

enum rc press_licence(const struct press *press, const struct js *record, struct span photo,
                      struct pressed *out, struct findings *findings, struct err *err)
{
    TRY(licence_make(press->template, record, photo, &press->options, &out->licence, findings,
                     err));
    return press->sealer ? owner_check(press->sealer, out->licence, err) : RC_OK;
}

enum rc press_digest_record(const struct press *press, const struct js *record, struct span photo,
                            unsigned char out[SM3_LEN], struct err *err)
{
    CLEANUP(buf_clear) struct buf text = BUF_INIT(LIMIT_RECORD);
    struct span parts[3];
    unsigned char picture[SM3_LEN];

    TRY(js_canonical(record, &text, err));
    sm3(photo, picture);
    parts[0] = span_of(press->template->id);
    parts[1] = (struct span){picture, photo.len ? sizeof(picture) : 0};
    parts[2] = buf_span(&text);
    sm3_parts(parts, 3, out);
    return RC_OK;
}

/* At random, or (reproducible) from the identifier: data-formats, "Inside a licence". */
static enum rc choose_doc_id(const struct press *press, const struct licence *licence,
                             unsigned char out[16], struct err *err)
{
    unsigned char digest[SM3_LEN];

    if (!press->reproducible)
        return random_bytes(out, 16, err);
    sm3(span_of(licence->identifier), digest);
    memcpy(out, digest, 16);
    return RC_OK;
}

static enum rc build(const struct press *press, const struct pressed *pressed,
                     struct ofd_bundle *bundle, struct buf *digests, struct findings *findings,
                     struct err *err)
{
    CLEANUP(sheet_clear) struct sheet values = {.pages = NULL};
    CLEANUP(buf_clear) struct buf salts = BUF_INIT(LIMIT_RECORD);
    struct ofd_content content = {
        .licence = pressed->licence, .values = &values, .will_be_sealed = press->sealer != NULL};

    TRY(face_values(press->typesetter, pressed->licence, press->face, &values, findings, err));
    TRY(licence_digests(pressed->licence, press->salt_key, digests, &salts, err));
    TRY(choose_doc_id(press, pressed->licence, content.doc_id, err));
    content.digests = buf_span(digests);
    content.salts = buf_span(&salts);
    return ofd_build(press->constant, &content, bundle, err);
}

/* The place of the seal's owner, else the first. */
static const struct seal_place *choose_place(const struct sealer *sealer,
                                             const struct licence *licence)
{
    for (size_t i = 0; i < licence->n_seal_places; i++) {
        if (owner_has_place(sealer, licence, &licence->seal_places[i]))
            return &licence->seal_places[i];
    }
    return licence->seal_places;
}

static enum rc seal(const struct press *press, const struct pressed *pressed, struct span digests,
                    struct ofd_bundle *bundle, struct err *err)
{
    unsigned char digests_sm3[SM3_LEN];
    const struct seal_place *place = choose_place(press->sealer, pressed->licence);
    struct ofd_stamp stamp = {.page_id = 0};
    struct sealing sealing = {.sealer = press->sealer,
                              .as_seal = true,
                              .close = press->close,
                              .stamps = &stamp,
                              .n_stamps = 1,
                              .list = OFD_SIGNATURES,
                              .digests_sm3 = digests_sm3};

    if (pressed->licence->n_seal_places == 0)
        return err_set(err, RC_USAGE, "the template names no place for a seal");
    stamp.page_id = ofd_constant_page_id(press->constant, place->page);
    stamp.box = sealing_box(&press->sealer->seal, place->box);
    sm3(digests, digests_sm3);
    return sealing_apply(&sealing, bundle, err);
}

enum rc press_prove(const struct verification *check, bool sealed, struct err *err)
{
    const char *what = NULL;

    if (check->intact == ANSWER_NO || check->face_agrees == ANSWER_NO)
        what = "it does not verify";
    for (size_t i = 0; i < check->n_signatures; i++) {
        if (check->signatures[i].indication == TOTAL_FAILED)
            what = "its seal does not verify";
    }
    if (sealed && check->n_signatures == 0)
        what = "it has no seal";
    if (check->verdict == VERDICT_ERROR)
        what = "it cannot be read";
    if (!what)
        return RC_OK;
    for (size_t i = 0; i < check->findings.n; i++) {
        const struct finding *finding = &check->findings.list[i];

        if (finding->severity == SEVERITY_ERROR)
            return err_set(err, RC_BUG, "the package just made was thrown away, %s: %s: %s", what,
                           finding->type->code, finding->en);
    }
    return err_set(err, RC_BUG, "the package just made was thrown away, %s", what);
}

void press_excuse(struct verification *check)
{
    for (size_t i = 0; i < check->findings.n; i++) {
        if (check->findings.list[i].type->code[3] == '1') /* 1xx: cannot be decided */
            check->findings.list[i].severity = SEVERITY_INFO;
    }
}

enum rc press_package(const struct press *press, struct pressed *out, struct findings *findings,
                      struct err *err)
{
    CLEANUP(ofd_bundle_clear) struct ofd_bundle bundle = {.members = NULL};
    CLEANUP(buf_clear) struct buf digests = BUF_INIT(LIMIT_RECORD);

    TRY(build(press, out, &bundle, &digests, findings, err));
    if (press->sealer)
        TRY(seal(press, out, buf_span(&digests), &bundle, err));
    buf_reset(&out->package);
    TRY(ofd_bundle_write(&bundle, &out->package, err));
    ofd_verify(&press->judge, buf_span(&out->package), &out->check);
    return press_prove(&out->check, press->sealer != NULL, err);
}
