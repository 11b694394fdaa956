/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/ofd/ofd_bundle.h"

#include <string.h>

#include "core/base/mem.h"

void ofd_bundle_clear(struct ofd_bundle *bundle)
{
    for (size_t i = 0; i < bundle->n; i++) {
        packed_clear(&bundle->members[i].own);
        free(bundle->members[i].name);
    }
    free(bundle->members);
    *bundle = (struct ofd_bundle){.members = NULL};
}

long ofd_bundle_find(const struct ofd_bundle *bundle, const char *name)
{
    for (size_t i = 0; i < bundle->n; i++) {
        if (strcmp(bundle->members[i].name, name) == 0)
            return (long)i;
    }
    return -1;
}

/* The member of that name, emptied, or a new one at the end. */
static struct ofd_member *place_of(struct ofd_bundle *bundle, const char *name)
{
    long at = ofd_bundle_find(bundle, name);

    if (at >= 0) {
        packed_clear(&bundle->members[at].own);
        bundle->members[at].lent = NULL;
        return &bundle->members[at];
    }
    if (bundle->n == bundle->capacity) {
        bundle->capacity = bundle->capacity ? bundle->capacity * 2 : 24;
        bundle->members = mem_resize(bundle->members, bundle->capacity * sizeof(*bundle->members));
    }
    bundle->members[bundle->n] = (struct ofd_member){.name = mem_text(name)};
    return &bundle->members[bundle->n++];
}

enum rc ofd_bundle_put(struct ofd_bundle *bundle, const char *name, struct span raw,
                       enum pack_level level, struct err *err)
{
    struct packed packed;

    TRY_AT(packed_make(raw, level, &packed, err), err, "%s", name);
    place_of(bundle, name)->own = packed;
    return RC_OK;
}

void ofd_bundle_store(struct ofd_bundle *bundle, const char *name, struct span raw)
{
    place_of(bundle, name)->own = packed_store(raw);
}

void ofd_bundle_lend(struct ofd_bundle *bundle, const char *name, const struct packed *packed)
{
    place_of(bundle, name)->lent = packed;
}

enum rc ofd_bundle_open(struct ofd_bundle *bundle, struct zipfile *zip, struct err *err)
{
    for (size_t i = 0; i < zipfile_count(zip); i++) {
        struct packed packed;

        TRY(zipfile_packed(zip, i, &packed, err));
        place_of(bundle, zipfile_name(zip, i))->own = packed;
    }
    return RC_OK;
}

enum rc ofd_bundle_write(const struct ofd_bundle *bundle, struct buf *out, struct err *err)
{
    CLEANUP(freep) struct zip_entry *entries = mem_zero(bundle->n, sizeof(*entries));

    for (size_t i = 0; i < bundle->n; i++)
        entries[i] =
            (struct zip_entry){bundle->members[i].name, ofd_member_packed(&bundle->members[i])};
    return zipfile_write(entries, bundle->n, out, err);
}
