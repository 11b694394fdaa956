/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/reader.h"

enum rc reader_take(struct reader *reader, size_t n, struct span *out, struct err *err)
{
    if (n > reader_left(reader)) {
        (void)err_set(err, RC_INPUT, "ends too early: want %zu bytes, %zu are left", n,
                      reader_left(reader));
        return err_at(err, "@0x%zx", reader->at);
    }
    *out = (struct span){.data = reader->bytes.data + reader->at, .len = n};
    reader->at += n;
    return RC_OK;
}

enum rc reader_u8(struct reader *reader, uint8_t *out, struct err *err)
{
    struct span s = {NULL, 0};

    TRY(reader_take(reader, 1, &s, err));
    *out = s.data[0];
    return RC_OK;
}

enum rc reader_be16(struct reader *reader, uint16_t *out, struct err *err)
{
    struct span s = {NULL, 0};

    TRY(reader_take(reader, 2, &s, err));
    *out = (uint16_t)(s.data[0] << 8 | s.data[1]);
    return RC_OK;
}

enum rc reader_be32(struct reader *reader, uint32_t *out, struct err *err)
{
    struct span s = {NULL, 0};

    TRY(reader_take(reader, 4, &s, err));
    *out = (uint32_t)s.data[0] << 24 | (uint32_t)s.data[1] << 16 | (uint32_t)s.data[2] << 8 |
           s.data[3];
    return RC_OK;
}

enum rc reader_le16(struct reader *reader, uint16_t *out, struct err *err)
{
    struct span s = {NULL, 0};

    TRY(reader_take(reader, 2, &s, err));
    *out = (uint16_t)(s.data[1] << 8 | s.data[0]);
    return RC_OK;
}

enum rc reader_le32(struct reader *reader, uint32_t *out, struct err *err)
{
    struct span s = {NULL, 0};

    TRY(reader_take(reader, 4, &s, err));
    *out = (uint32_t)s.data[3] << 24 | (uint32_t)s.data[2] << 16 | (uint32_t)s.data[1] << 8 |
           s.data[0];
    return RC_OK;
}
