/* SPDX-License-Identifier: Apache-2.0 */
/* template.yaml: a template that licences can be made by, or a fault with its place. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/crypto/hash.h"
#include "core/model/licence.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A record that gives each field one value, whatever the template wants there. */
static struct js *record_for(const struct template *template, const char *value)
{
    struct js *record = js_object();

    for (size_t i = 0; i < template->n_fields; i++)
        js_set(record, template->fields[i].name, js_string(value));
    return record;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const values[] = {"11330199MB0TE5T1X6", "2026-03-01", "1万元", "甲^乙"};
    CLEANUP(template_freep) struct template *template = NULL;
    struct err err = ERR_INIT;

    if (crypto_init(&err) != RC_OK)
        abort();
    if (template_parse((struct span){data, size}, "f", &template, &err) != RC_OK) {
        assert(err.code == RC_USAGE && err.finding[0] && err.where[0]);
        return 0;
    }
    assert(template->n_faces > 0 && template->faces[0].n_pages > 0);
    for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
        CLEANUP(js_freep) struct js *record = record_for(template, values[i]);
        CLEANUP(licence_freep) struct licence *licence = NULL;
        CLEANUP(findings_clear) struct findings findings = {0};
        struct issue_options options = {.version = 1, .issued_at = 1790000000};

        (void)!licence_make(template, record, (struct span){0}, &options, &licence, &findings,
                            &err);
    }
    return 0;
}
