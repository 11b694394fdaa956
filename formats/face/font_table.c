/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/face/font_table.h"

enum rc font_put16(struct buf *buf, int value, struct err *err)
{
    char bytes[2] = {(char)(value >> 8), (char)value};

    return buf_add(buf, bytes, sizeof(bytes), err);
}

enum rc font_put32(struct buf *buf, size_t value, struct err *err)
{
    TRY(font_put16(buf, (int)(value >> 16), err));
    return font_put16(buf, (int)(value & 0xffff), err);
}

void font_set16(unsigned char *table, size_t offset, int value)
{
    table[offset] = (unsigned char)((unsigned)value >> 8);
    table[offset + 1] = (unsigned char)value;
}

void font_add_bytes(hb_face_t *builder, hb_tag_t tag, const void *bytes, size_t n)
{
    hb_blob_t *blob = hb_blob_create(bytes, (unsigned)n, HB_MEMORY_MODE_DUPLICATE, NULL, NULL);

    hb_face_builder_add_table(builder, tag, blob);
    hb_blob_destroy(blob);
}

void font_add_table_of(hb_face_t *builder, hb_tag_t tag, hb_face_t *from)
{
    hb_blob_t *blob = hb_face_reference_table(from, tag);

    hb_face_builder_add_table(builder, tag, blob);
    hb_blob_destroy(blob);
}
