/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The coverage map, ofd-seals 2.4: part by part, what each signature protects, what came
 * after it and what nobody protects.  Who came after whom is told by who covers whose
 * Signature.xml, and only then by the list, which need not be covered itself.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "formats/ofd/ofd_verify_priv.h"

struct map {
    struct ofd_case *at;
    size_t n;      /* signatures */
    size_t *order; /* their indexes, the first one first */
    size_t *rank;  /* place of each in `order` */
    long *owner;   /* of each member, the signature it is part of; -1: none */
};

/* How many of the other signatures it was put over. */
static size_t count_below(const struct ofd_case *at, size_t i)
{
    size_t n = 0;

    for (size_t k = 0; k < at->ofd->n_signatures; k++) {
        long xml = at->ofd->signatures[k].xml;

        n += k != i && xml >= 0 && at->protected[i].members[xml];
    }
    return n;
}

static void find_order(struct map *map)
{
    CLEANUP(freep) size_t *below = mem_zero(map->n, sizeof(*below));

    for (size_t i = 0; i < map->n; i++) {
        size_t at = i;

        below[i] = count_below(map->at, i);
        for (; at > 0 && below[map->order[at - 1]] > below[i]; at--)
            map->order[at] = map->order[at - 1];
        map->order[at] = i;
    }
    for (size_t i = 0; i < map->n; i++)
        map->rank[map->order[i]] = i;
}

static void find_owners(struct map *map)
{
    const struct ofd *ofd = map->at->ofd;

    for (size_t i = 0; i < zipfile_count(ofd->zip); i++)
        map->owner[i] = -1;
    for (size_t i = 0; i < map->n; i++) {
        const struct ofd_signature *signature = &ofd->signatures[i];
        const long parts[] = {signature->xml, signature->value, signature->seal};

        for (size_t k = 0; k < 3; k++) {
            if (parts[k] >= 0 && map->owner[parts[k]] < 0)
                map->owner[parts[k]] = (long)i;
        }
    }
}

/* The first signature after (later) or before number i that has the member right; -1: none. */
static long find_cover(const struct map *map, size_t i, size_t member, bool later)
{
    size_t rank = map->rank[i];

    for (size_t r = later ? rank + 1 : 0; r < (later ? map->n : rank); r++) {
        if (map->at->protected[map->order[r]].members[member])
            return (long)map->order[r];
    }
    return -1;
}

static void chart_member(struct map *map, size_t i, size_t member)
{
    const struct ofd *ofd = map->at->ofd;
    const struct ofd_protected *protected = &map->at->protected[i];
    struct coverage *out = &map->at->out->signatures[i].coverage;
    enum part_kind kind = ofd->parts[member].kind;
    const char *name = zipfile_name(ofd->zip, member);
    long owner = map->owner[member], by;

    if (protected->members[member]) {
        out->covers[kind]++;
    } else if (protected->listed[member]) {
        out->changed[kind]++;
    } else if (owner == (long)i || (long)member == ofd->list) {
        return; /* cannot be in its own references; open, so that others can sign */
    } else if (owner >= 0 && map->rank[owner] > map->rank[i]) {
        coverage_add(out, name, kind, ofd->signatures[owner].id, false);
    } else if (owner >= 0 || find_cover(map, i, member, false) >= 0) {
        out->left_out[kind]++;
    } else {
        by = find_cover(map, i, member, true);
        coverage_add(out, name, kind, by >= 0 ? ofd->signatures[by].id : NULL, by < 0);
    }
}

static bool covers_a_page(const struct ofd_case *at, size_t i)
{
    for (size_t k = 0; k < at->ofd->n_pages; k++) {
        long page = at->ofd->pages[k].member;

        if (page >= 0 && at->protected[i].listed[page])
            return true;
    }
    return false;
}

/* A seal on nothing that is shown says nothing of what is shown. */
static void judge_pages(struct ofd_case *at, size_t i)
{
    const struct ofd_signature *signature = &at->ofd->signatures[i];
    struct signature_report *report = &at->out->signatures[i];

    if (signature->fault.code != RC_OK || signature->n_references == 0)
        return; /* said already: nothing is protected */
    if (covers_a_page(at, i)) {
        signature_step(report, "coverage", STEP_PASSED, -1, SUB_NONE);
        return;
    }
    signature_step(report, "coverage", STEP_FAILED,
                   findings_add(&at->out->findings, "SIG207", PLACE_PART(signature->xml_name), "id",
                                signature->id, NULL),
                   SUB_FORMAT_FAILURE);
}

void ofd_judge_pages(struct ofd_case *at)
{
    for (size_t i = 0; i < at->ofd->n_signatures; i++)
        judge_pages(at, i);
}

void ofd_chart_coverage(struct ofd_case *at)
{
    size_t n = at->ofd->n_signatures, n_members = zipfile_count(at->ofd->zip);
    CLEANUP(freep) size_t *order = mem_zero(n, sizeof(*order));
    CLEANUP(freep) size_t *rank = mem_zero(n, sizeof(*rank));
    CLEANUP(freep) long *owner = mem_zero(n_members, sizeof(*owner));
    struct map map = {.at = at, .n = n, .order = order, .rank = rank, .owner = owner};

    find_order(&map);
    find_owners(&map);
    for (size_t i = 0; i < n; i++) {
        for (size_t member = 0; member < n_members; member++)
            chart_member(&map, i, member);
    }
    for (size_t member = 0; member < n_members; member++) {
        if (at->ofd->parts[member].use == OFD_UNUSED || at->ofd->parts[member].use == OFD_STRAY)
            verification_add_unreferenced(at->out, zipfile_name(at->ofd->zip, member));
    }
}
