/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/der_walk.h"

#include <stdio.h>

#include "core/base/i18n.h"

struct der_walk der_walk_into(const struct der_walk *parent, const struct der *element)
{
    struct der_walk walk = *parent;

    walk.rest = element->body;
    return walk;
}

enum rc der_walk_fault(const struct der_walk *walk, const unsigned char *at, const char *what,
                       const char *problem, struct err *err)
{
    enum rc rc =
        err_find(err, walk->finding, RC_INPUT, "%s: %s: %s", walk->standard, what, problem);

    /* err_find translates the format alone; the problem is a sentence too */
    (void)snprintf(err->zh, sizeof(err->zh), "%s: %s: %s", walk->standard, what, i18n_zh(problem));
    (void)err_at(err, "@0x%zx", (size_t)(at - walk->base));
    return rc;
}

enum rc der_walk_next(struct der_walk *walk, const char *what, struct der *out, struct err *err)
{
    const unsigned char *at = walk->rest.data;

    if (!walk->rest.len)
        return der_walk_fault(walk, at, what, N_("this item is missing"), err);
    if (der_next(&walk->rest, out, err) != RC_OK)
        return der_walk_fault(walk, at, what, N_("cut short, or not encoded by DER"), err);
    return RC_OK;
}

enum rc der_walk_tag(struct der_walk *walk, enum der_tag tag, const char *what, struct der *out,
                     struct err *err)
{
    const unsigned char *at = walk->rest.data;

    TRY(der_walk_next(walk, what, out, err));
    if (!der_is(out, tag))
        return der_walk_fault(walk, at, what, N_("an item of another type stands here"), err);
    return RC_OK;
}

static bool peek(const struct der_walk *walk, struct der *out)
{
    struct span rest = walk->rest;
    struct err ignored = ERR_INIT;

    return rest.len && der_next(&rest, out, &ignored) == RC_OK;
}

bool der_walk_sees(const struct der_walk *walk, enum der_tag tag)
{
    struct der item;

    return peek(walk, &item) && der_is(&item, tag);
}

bool der_walk_sees_context(const struct der_walk *walk, unsigned tag)
{
    struct der item;

    return peek(walk, &item) && der_is_context(&item, tag) && item.constructed;
}

enum rc der_walk_end(const struct der_walk *walk, const char *what, struct err *err)
{
    if (walk->rest.len)
        return der_walk_fault(walk, walk->rest.data, what, N_("more bytes than its items take"),
                              err);
    return RC_OK;
}
