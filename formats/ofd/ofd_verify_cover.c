/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Coverage, ofd-seals 2.4: the standards let a signature leave parts out, and forgers use
 * that.  Every member must be covered by a signature that is right; what nothing refers
 * to is named, covered or not.
 */
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "formats/ofd/ofd_verify_priv.h"

static bool is_covered(const struct ofd_case *at, size_t member)
{
    for (size_t i = 0; i < at->ofd->n_signatures; i++) {
        if (at->protected[i].intact && at->protected[i].members[member])
            return true;
    }
    return false;
}

static void report_uncovered(struct ofd_case *at, size_t member, const char *code)
{
    const char *name = zipfile_name(at->ofd->zip, member);
    enum part_kind kind = at->ofd->parts[member].kind;

    if (strcmp(name, "OFD.xml") == 0)
        code = "DIG102";
    findings_decide(&at->out->findings,
                    findings_add(&at->out->findings, code, PLACE_PART(name), "name", name, "kind",
                                 part_kind_name(kind), "use", part_use_name(kind), "kind_en",
                                 part_kind_en(kind), "kind_zh", part_kind_zh(kind), NULL),
                    EFFECT_UNDECIDED);
    verification_add_uncovered(at->out, name);
    at->out->coverage_complete = false;
}

static void judge_member(struct ofd_case *at, size_t member, bool any)
{
    const char *name = zipfile_name(at->ofd->zip, member);
    bool covered = is_covered(at, member);

    switch (at->ofd->parts[member].use) {
    case OFD_SEAL: /* a reader draws its picture, whatever the value is */
    case OFD_USED:
        if (any && !covered)
            report_uncovered(at, member, "DIG101");
        break;
    case OFD_STRAY:
    case OFD_UNUSED:
        if (any && !covered)
            report_uncovered(at, member, "DIG103");
        else if (at->ofd->parts[member].use == OFD_UNUSED) /* a stray is reported by its folder */
            findings_add(&at->out->findings, "OFD306", PLACE_PART(name), "name", name, NULL);
        break;
    case OFD_LIST: /* open, so that other agencies can seal after this one */
    case OFD_SIGNATURE:
    case OFD_VALUE:   /* judged with its signature */
    case OFD_ENTRIES: /* shows nothing, and is written last */
        break;
    }
}

/* One finding for each folder that holds a signature which nobody lists. */
static void report_strays(struct ofd_case *at)
{
    CLEANUP(freep) char *last = NULL;

    for (size_t i = 0; i < zipfile_count(at->ofd->zip); i++) {
        char *folder;

        if (at->ofd->parts[i].use != OFD_STRAY)
            continue;
        folder = path_dir(zipfile_name(at->ofd->zip, i));
        if (!last || strcmp(last, folder) != 0)
            findings_decide(&at->out->findings,
                            findings_add(&at->out->findings, "OFD103", PLACE_PART(folder), "folder",
                                         folder, NULL),
                            EFFECT_UNDECIDED);
        free(last);
        last = folder;
    }
}

static void report_list(struct ofd_case *at)
{
    const struct ofd *ofd = at->ofd;

    for (size_t i = 0; i < ofd->n_signatures; i++) {
        if (at->protected[i].intact && at->protected[i].members[ofd->list]) {
            findings_add(&at->out->findings, "OFD310", PLACE_PART(ofd->list_name), "id",
                         ofd->signatures[i].id, NULL);
            return;
        }
    }
    findings_add(&at->out->findings, "OFD309", PLACE_PART(ofd->list_name), NULL);
}

void ofd_judge_coverage(struct ofd_case *at)
{
    bool any = false;

    for (size_t i = 0; i < at->ofd->n_signatures; i++)
        any |= at->protected[i].intact;
    at->out->coverage_complete = any;
    for (size_t i = 0; i < zipfile_count(at->ofd->zip); i++)
        judge_member(at, i, any);
    report_strays(at);
    if (at->ofd->n_signatures > 0)
        report_list(at);
    if (at->ofd->encrypted)
        findings_decide(
            &at->out->findings,
            findings_add(&at->out->findings, "PKG304", PLACE_PART("Encryptions.xml"), NULL),
            EFFECT_UNDECIDED);
}
