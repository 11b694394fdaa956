/* SPDX-License-Identifier: Apache-2.0 */
/* XML from anywhere, strict and lenient: what the strict parse takes, the lenient one takes too. */
#include <stdint.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "formats/xmldoc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t walk(const struct xmlel *el)
{
    size_t n = 0;

    for (; el; el = xmlel_next(el))
        n += strlen(xmlel_name(el)) + strlen(xmlel_text(el)) + walk(xmlel_first(el));
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(xmldoc_freep) struct xmldoc *strict = NULL;
    CLEANUP(xmldoc_freep) struct xmldoc *lenient = NULL;
    struct span text = {data, size};
    struct err err = ERR_INIT;
    enum rc rc = xmldoc_parse(text, XML_STRICT, &strict, &err);

    if (rc == RC_OK && walk(xmldoc_root(strict)) == 0)
        __builtin_trap();
    if (xmldoc_parse(text, XML_LENIENT, &lenient, &err) != RC_OK && rc == RC_OK)
        __builtin_trap();
    return 0;
}
