/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/templates.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/mem.h"

static void add(struct template_folders *out, const char *folder)
{
    out->list = mem_resize(out->list, (out->n + 2) * sizeof(*out->list));
    out->list[out->n++] = mem_text(folder);
    out->list[out->n] = NULL;
}

void template_folders_make(const struct session *session, const struct opt_list *first,
                           struct template_folders *out)
{
    CLEANUP(freep) char *env = mem_text(getenv("ECERT_TEMPLATES"));
    CLEANUP(freep) char *moved = path_of_program("../share/ecert/templates");
    char **configured = session->config ? session->config->templates : NULL;

    *out = (struct template_folders){.list = NULL};
    for (size_t i = 0; first && i < first->n; i++)
        add(out, first->items[i]);
    for (char *rest = env, *folder; (folder = strsep(&rest, ":"));)
        add(out, folder);
    for (; configured && *configured; configured++)
        add(out, *configured);
    add(out, "templates");
    add(out, dir_exists(moved) ? moved : ECERT_DATADIR "/templates");
}

void template_folders_clear(struct template_folders *folders)
{
    for (size_t i = 0; i < folders->n; i++)
        free(folders->list[i]);
    free(folders->list);
    *folders = (struct template_folders){.list = NULL};
}

static void load_one(const char *folder, struct template_set *out)
{
    CLEANUP(freep) char *file = path_join(folder, "template.yaml");
    struct template *template = NULL;
    struct err ignored = ERR_INIT;

    /* one with a fault is not at hand: nobody asked for it by name */
    if (!file_exists(file) || template_load(folder, &template, &ignored) != RC_OK)
        return;
    out->list = mem_resize(out->list, (out->n + 1) * sizeof(*out->list));
    out->list[out->n++] = template;
}

void template_set_load(const struct template_folders *folders, struct template_set *out)
{
    *out = (struct template_set){.list = NULL};
    for (size_t i = 0; i < folders->n; i++) {
        struct err ignored = ERR_INIT;
        char **names = NULL;
        size_t n = 0;

        if (!dir_exists(folders->list[i]) ||
            dir_list(folders->list[i], &names, &n, &ignored) != RC_OK)
            continue;
        for (size_t k = 0; k < n; k++) {
            CLEANUP(freep) char *folder = path_join(folders->list[i], names[k]);

            load_one(folder, out);
            free(names[k]);
        }
        free(names);
    }
}

void template_set_clear(struct template_set *set)
{
    for (size_t i = 0; i < set->n; i++)
        template_free(set->list[i]);
    free(set->list);
    *set = (struct template_set){.list = NULL};
}
