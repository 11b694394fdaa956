/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signatures.xml, GB/T 33190-2016 18.1, must say exactly what the Sign folders hold.  What it
 * names and the package lacks is a fault of that signature, and a folder that it leaves out is
 * told with the coverage; here is what it says of itself.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "formats/ofd/ofd_verify_priv.h"

static int by_id(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void judge_ids(struct ofd_case *at)
{
    const struct ofd *ofd = at->ofd;
    CLEANUP(freep) const char **ids = mem_zero(ofd->n_signatures, sizeof(*ids));
    struct place place = PLACE_PART(ofd->list_name);
    size_t n = 0;

    for (size_t i = 0; i < ofd->n_signatures; i++) {
        char number[24];

        (void)snprintf(number, sizeof(number), "%zu", i + 1);
        if (ofd->signatures[i].id && *ofd->signatures[i].id)
            ids[n++] = ofd->signatures[i].id;
        else
            findings_add(&at->out->findings, "OFD317", place, "number", number, NULL);
    }
    qsort(ids, n, sizeof(*ids), by_id);
    for (size_t i = 1; i < n; i++) {
        if (strcmp(ids[i - 1], ids[i]) != 0 || (i > 1 && strcmp(ids[i - 2], ids[i]) == 0))
            continue;
        findings_decide(&at->out->findings,
                        findings_add(&at->out->findings, "OFD212", place, "id", ids[i], NULL),
                        EFFECT_FAILED);
    }
}

void ofd_judge_list(struct ofd_case *at)
{
    const struct ofd *ofd = at->ofd;
    char actual[24], expected[24];

    judge_ids(at);
    if (ofd->declared_max < 0 || ofd->declared_max >= ofd->max_sign_id)
        return;
    (void)snprintf(actual, sizeof(actual), "%ld", ofd->declared_max);
    (void)snprintf(expected, sizeof(expected), "%ld", ofd->max_sign_id);
    findings_add(&at->out->findings, "OFD316", PLACE_PART(ofd->list_name), "actual", actual,
                 "expected", expected, NULL);
}
