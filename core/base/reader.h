/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_BASE_READER_H
#define CORE_BASE_READER_H

#include <stdint.h>

#include "core/base/buf.h"

/* A cursor over borrowed bytes.  Every read checks; a failure carries the offset in where. */
struct reader {
    struct span bytes;
    size_t at;
};

static inline struct reader reader_of(struct span bytes)
{
    return (struct reader){.bytes = bytes};
}

static inline size_t reader_left(const struct reader *reader)
{
    return reader->bytes.len - reader->at;
}

/* Borrows the next n bytes; RC_INPUT when fewer are left. */
MUST_CHECK enum rc reader_take(struct reader *reader, size_t n, struct span *out, struct err *err);
MUST_CHECK enum rc reader_u8(struct reader *reader, uint8_t *out, struct err *err);
MUST_CHECK enum rc reader_be16(struct reader *reader, uint16_t *out, struct err *err);
MUST_CHECK enum rc reader_be32(struct reader *reader, uint32_t *out, struct err *err);
MUST_CHECK enum rc reader_le16(struct reader *reader, uint16_t *out, struct err *err);
MUST_CHECK enum rc reader_le32(struct reader *reader, uint32_t *out, struct err *err);

#endif
