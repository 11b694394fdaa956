/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_FACE_FACE_H
#define FORMATS_FACE_FACE_H

#include "core/model/finding.h"
#include "core/model/licence.h"

/*
 * The visible page: fonts, text layout, codes and pictures.  A typesetter opens the
 * fonts once a process and may be shared by threads; a template's constant part
 * (labels, borders, background) is laid out once.
 */
struct typesetter;

/*
 * font_dirs: folders searched first, NULL-terminated, may be NULL; then the build's
 * and the installed fonts, then the system's.  RC_SYSTEM (FNT001) names the Debian
 * package when there is no font for 宋体; for another role its first use does so.
 */
MUST_CHECK enum rc typesetter_open(const char *const *font_dirs, struct typesetter **out,
                                   struct err *err);
void typesetter_free(struct typesetter *typesetter);
CLEANUP_PTR(struct typesetter, typesetter_free);

/* The constant part of a face: one page each, with the labels' own fonts. */
MUST_CHECK enum rc face_constant(struct typesetter *typesetter, const struct template *template,
                                 const struct template_face *face, struct sheet *out,
                                 struct findings *findings, struct err *err);

/*
 * The part that differs from licence to licence: values, photos, QR code.  A text
 * that does not fit its box at its smallest size, or a character that no font
 * has, is RC_NO with a finding (LAY…, FNT…) naming field and character.
 */
MUST_CHECK enum rc face_values(struct typesetter *typesetter, const struct licence *licence,
                               const struct template_face *face, struct sheet *out,
                               struct findings *findings, struct err *err);

/*
 * Draws a round seal: ring, star, name round the arc (at most 40 characters), `below` straight
 * under the star (测试, or NULL).  Transparent indexed PNG of at most 10 kB, outlines from the
 * typesetter's font.
 */
MUST_CHECK enum rc face_seal_picture(struct typesetter *typesetter, const char *name,
                                     const char *below, int diameter_mm, struct buf *png,
                                     struct err *err);

/* QR code of text (correction M) as an indexed PNG with quiet zone; the same text gives the same
 * bytes. */
MUST_CHECK enum rc face_qr(const char *text, struct buf *png, struct err *err);

#endif
