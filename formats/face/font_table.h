/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_FACE_FONT_TABLE_H
#define FORMATS_FACE_FONT_TABLE_H

#include <hb.h>

#include "core/base/buf.h"

/* Tables of a font being written, ISO/IEC 14496-22: numbers have their high byte first. */

#define HEAD_SIZE 54
#define HHEA_SIZE 36
#define MAXP_SIZE 32
#define OS2_SIZE 78 /* of version 0; later ones are longer */

MUST_CHECK enum rc font_put16(struct buf *buf, int value, struct err *err);
MUST_CHECK enum rc font_put32(struct buf *buf, size_t value, struct err *err);
void font_set16(unsigned char *table, size_t offset, int value);

/* The builder copies the bytes; of a blob it takes a reference. */
void font_add_bytes(hb_face_t *builder, hb_tag_t tag, const void *bytes, size_t n);
void font_add_table_of(hb_face_t *builder, hb_tag_t tag, hb_face_t *from);

#endif
