/* SPDX-License-Identifier: Apache-2.0 */
/* A package from anywhere: opening it and reading every member never crashes, leaks or runs away.
 */
#include <stdint.h>

#include "core/base/cleanup.h"
#include "formats/zipfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(zipfile_freep) struct zipfile *zip = NULL;
    struct err err = ERR_INIT;
    size_t total = 0;

    if (zipfile_open((struct span){data, size}, &zip, &err) != RC_OK)
        return 0;
    for (size_t i = 0; i < zipfile_count(zip) && total < (size_t)8 << 20; i++) {
        struct span member;

        if (zipfile_read(zip, i, &member, &err) != RC_OK)
            continue;
        if (zipfile_find(zip, zipfile_name(zip, i)) != (long)i ||
            member.len != zipfile_size(zip, i))
            __builtin_trap();
        total += member.len;
    }
    return 0;
}
