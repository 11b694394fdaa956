/* SPDX-License-Identifier: Apache-2.0 */
/* The head of a picture file: what is accepted has a size within the limits. */
#include <assert.h>
#include <stdint.h>

#include "core/base/limits.h"
#include "formats/image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err = ERR_INIT;
    struct picture picture;

    if (picture_inspect((struct span){data, size}, &picture, &err) != RC_OK) {
        assert(err.code == RC_INPUT && err.text[0]);
        return 0;
    }
    assert(picture_format_name(picture.format));
    assert((uint64_t)picture.width * picture.height <= LIMIT_PICTURE_PIXELS);
    assert(picture.format == PICTURE_TIFF || (picture.width && picture.height));
    return 0;
}
