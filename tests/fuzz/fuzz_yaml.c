/* SPDX-License-Identifier: Apache-2.0 */
/* The YAML reader: whatever the bytes, a tree that can be walked or an error with a place. */
#include <assert.h>
#include <stdint.h>

#include "core/base/utf8.h"
#include "core/model/loader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void walk(const struct node *node)
{
    static const char *const known[] = {"keys", "templates", NULL};
    struct err err = ERR_INIT;
    long number;
    um mm;

    assert(node->line > 0 && node->column > 0);
    if (node->kind == NODE_SCALAR)
        assert(utf8_check(span_of(node->text)) == strlen(node->text));
    (void)!node_int(node, -10, 10, &number, &err);
    (void)!node_mm(node, &mm, &err);
    (void)!node_check_keys(node, known, &err);
    for (size_t i = 0; i < node->n; i++)
        walk(node->values[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(node_freep) struct node *root = NULL;
    struct err err = ERR_INIT;

    if (loader_parse((struct span){data, size}, "f", &root, &err) == RC_OK)
        walk(root);
    else
        assert(err.code == RC_USAGE && err.where[0] && err.text[0]);
    return 0;
}
