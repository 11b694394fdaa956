/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/confinement.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/charset.h"
#include "core/base/cleanup.h"
#include "core/base/confine.h"
#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/base/mem.h"

/* A rule a file up to here; for more, a rule a folder, which costs the same for any number. */
enum { FEW = 64 };

static bool is_link(const char *path)
{
    struct stat st;

    return lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
}

static bool same_folder(const char *a, const char *b)
{
    size_t n = (size_t)(path_base(a) - a);

    return n == (size_t)(path_base(b) - b) && memcmp(a, b, n) == 0;
}

/* A folder's rule does not reach what a link in it leads to. */
static void allow(struct confine *confine, const struct inputs *inputs)
{
    const char *last = NULL;

    for (size_t i = 0; i < inputs->n; i++) {
        const char *path = inputs->paths[i];
        CLEANUP(freep) char *folder = NULL;

        if (strcmp(path, "-") == 0)
            continue;
        if (inputs->n <= FEW || is_link(path)) {
            confine_read(confine, path);
        } else if (!last || !same_folder(last, path)) {
            folder = path_dir(path);
            confine_read(confine, folder);
            last = path;
        }
    }
}

static void tell(struct confined confined)
{
    if (confined.landlock && confined.seccomp)
        fprintf(stderr, tr(N_("ecert: confined: landlock abi %d, seccomp\n")), confined.landlock);
    else if (confined.landlock)
        fprintf(stderr, tr(N_("ecert: confined: landlock abi %d, no seccomp\n")),
                confined.landlock);
    else if (confined.seccomp)
        fputs(tr(N_("ecert: confined: seccomp, no landlock\n")), stderr);
    else
        fputs(tr(N_("ecert: not confined: neither landlock nor seccomp to be had\n")), stderr);
}

/* What would be loaded late. */
static void prepare(void)
{
    charset_prepare();
    (void)i18n_zh("no"); /* the first message that is looked up opens the catalogue */
}

static void enter(struct confine *confine, const struct common *common, const char *also)
{
    struct confined confined;

    if (also)
        confine_read(confine, also);
    confined = confine_enter(confine);
    if (common->verbose)
        tell(confined);
}

void confinement_enter(const struct common *common, const struct inputs *inputs, const char *also)
{
    struct confine confine;

    prepare();
    confine_begin(&confine);
    allow(&confine, inputs);
    enter(&confine, common, also);
}

/* Folders named are allowed as a whole; a folder's rule does not reach what a link leads to. */
static void allow_walk(struct confine *confine, struct walk *walk)
{
    CLEANUP(freep) char *last = NULL;
    bool few = walk_total(walk) <= FEW;
    struct walked at;

    while (walk_next(walk, &at)) {
        if (at.root)
            confine_read(confine, at.root);
        if (at.is_link || (!at.inside && (few || is_link(at.path)))) {
            confine_read(confine, at.path);
        } else if (!at.inside && (!last || !same_folder(last, at.path))) {
            CLEANUP(freep) char *folder = path_dir(at.path);

            confine_read(confine, folder);
            free(last);
            last = mem_text(at.path);
        }
        free(at.path);
    }
    walk_rewind(walk);
}

void confinement_enter_walk(const struct common *common, struct walk *walk, const char *also)
{
    struct confine confine;

    prepare();
    confine_begin(&confine);
    allow_walk(&confine, walk);
    enter(&confine, common, also);
}
