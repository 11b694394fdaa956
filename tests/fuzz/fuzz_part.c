/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One part of a sealed licence from anywhere, the others as they were: the first line names the
 * part.  So OFD.xml, Document.xml, resources, pages, tags, attachments, Signatures.xml and
 * Signature.xml are each fuzzed by themselves.
 */
#include <stdint.h>

#include "core/base/file.h"
#include "tests/fuzz/judge.h"
#include "tests/fuzz/parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_base(struct parts *out)
{
    static struct buf text = BUF_INIT((size_t)1 << 20); /* parts borrow from it */
    struct err err = ERR_INIT;

    if (file_read("tests/fuzz/corpus/ofd/sealed.parts", &text, &err) != RC_OK)
        abort();
    parts_split(buf_span(&text), out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct parts base;
    CLEANUP(buf_clear) struct buf package = BUF_INIT((size_t)1 << 24);
    CLEANUP(freep) char *name = NULL;
    const unsigned char *line = size ? memchr(data, '\n', size < 80 ? size : 80) : NULL;
    struct parts parts;
    long at;

    if (!base.n)
        read_base(&base);
    if (!line)
        return 0;
    name = mem_copy_text((const char *)data, (size_t)(line - data));
    at = parts_find(&base, name);
    if (at < 0)
        return 0;
    parts = base;
    parts.bytes[at] = (struct span){line + 1, size - (size_t)(line + 1 - data)};
    parts_pack(&parts, &package);
    fuzz_judge(buf_span(&package));
    return 0;
}
