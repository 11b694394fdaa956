/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a two-dimensional code off a picture. */
#include <stddef.h>
#include <stdint.h>

#include "core/base/limits.h"
#include "formats/face/face.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(buf_clear) struct buf text = BUF_INIT(LIMIT_LINE);

    (void)face_qr_read((struct span){data, size}, &text);
    return 0;
}
