/* SPDX-License-Identifier: Apache-2.0 */
/* A record from anywhere: a licence that reads back the same, or findings. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/base/limits.h"
#include "core/model/licence.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct template *template;

static void prepare(void)
{
    struct err err = ERR_INIT;

    if (template)
        return;
    if (crypto_init(&err) != RC_OK ||
        template_load("templates/business-license", &template, &err) != RC_OK)
        abort();
}

static void check_licence(const struct licence *licence)
{
    CLEANUP(licence_freep) struct licence *back = NULL;
    CLEANUP(findings_clear) struct findings findings = {0};
    CLEANUP(buf_clear) struct buf json = BUF_INIT(LIMIT_RECORD);
    CLEANUP(buf_clear) struct buf digests = BUF_INIT(LIMIT_RECORD);
    CLEANUP(buf_clear) struct buf salts = BUF_INIT(LIMIT_RECORD);
    struct span key = span_of("key");
    struct err err = ERR_INIT;

    assert(licence_json(licence, &json, &err) == RC_OK);
    assert(licence_parse(buf_span(&json), &back, &err) == RC_OK);
    assert(licence_digests(licence, &key, &digests, &salts, &err) == RC_OK);
    assert(licence_check_digests(back, buf_span(&digests), buf_span(&salts), &findings, &err) ==
           RC_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(js_freep) struct js *record = NULL;
    CLEANUP(licence_freep) struct licence *licence = NULL;
    CLEANUP(findings_clear) struct findings findings = {0};
    struct issue_options options = {.version = 1, .issued_at = 1790000000};
    struct err err = ERR_INIT;
    enum rc rc;

    prepare();
    if (js_parse((struct span){data, size}, &record, &err) != RC_OK)
        return 0;
    rc = licence_make(template, record, (struct span){0}, &options, &licence, &findings, &err);
    assert((rc == RC_OK) == (licence != NULL));
    assert(rc == RC_OK || (rc == RC_NO && findings_worst(&findings) == SEVERITY_ERROR));
    if (licence)
        check_licence(licence);
    return 0;
}
