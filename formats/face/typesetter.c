/* SPDX-License-Identifier: Apache-2.0 */
/* Which font file stands behind 宋体, 黑体, 楷体 and 仿宋, and where it is looked for. */
#include <pthread.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/mem.h"
#include "formats/face/face_priv.h"

#define FOLDERS_MAX 32
#define FILES_MAX 4

struct typesetter {
    char *folders[FOLDERS_MAX + 1];
    size_t n_folders;
    pthread_mutex_t lock; /* of what follows */
    struct font *fonts[FONT_ROLES * FONT_TIERS];
    size_t n_fonts;
    struct {
        bool sought;
        struct font *font; /* one of fonts */
    } found[FONT_ROLES][FONT_TIERS];
};

/*
 * File names, best first.  Tier 0 begins with the base fonts that the build cuts
 * (and that an owner of other fonts may replace in a folder of his own).
 */
static const struct role_files {
    const char *role, *name, *package;
    const char *tier[FONT_TIERS][FILES_MAX];
} roles[FONT_ROLES] = {
    [ROLE_SONG] = {"song",
                   "宋体",
                   "fonts-noto-cjk",
                   {{"song.ttf", "simsun.ttc"},
                    {"NotoSerifCJK-Regular.ttc", "NotoSerifCJKsc-Regular.otf"},
                    {"HanaMinA.ttf"},
                    {"HanaMinB.ttf"}}},
    [ROLE_HEI] = {"hei",
                  "黑体",
                  "fonts-noto-cjk",
                  {{"hei.ttf", "simhei.ttf"},
                   {"NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf"},
                   {"HanaMinA.ttf"},
                   {"HanaMinB.ttf"}}},
    [ROLE_KAI] = {"kai",
                  "楷体",
                  "fonts-lxgw-wenkai",
                  {{"kai.ttf", "simkai.ttf", "LXGWWenKai-Regular.ttf"},
                   {"NotoSerifCJK-Regular.ttc", "NotoSerifCJKsc-Regular.otf"},
                   {"HanaMinA.ttf"},
                   {"HanaMinB.ttf"}}},
    /* Debian has no 仿宋; without one of the owner's, 宋体 stands in under the name asked for. */
    [ROLE_FANGSONG] = {"fangsong",
                       "仿宋",
                       "fonts-noto-cjk",
                       {{"fangsong.ttf", "simfang.ttf", "song.ttf"},
                        {"NotoSerifCJK-Regular.ttc", "NotoSerifCJKsc-Regular.otf"},
                        {"HanaMinA.ttf"},
                        {"HanaMinB.ttf"}}},
};

int font_role(const char *name)
{
    if (!name)
        return ROLE_SONG;
    for (int i = 0; i < FONT_ROLES; i++)
        if (!strcmp(name, roles[i].role) || !strcmp(name, roles[i].name))
            return i;
    return -1;
}

const char *font_role_name(enum font_role role)
{
    return roles[role].name;
}

static void add_folder(struct typesetter *t, char *folder)
{
    if (t->n_folders < FOLDERS_MAX && *folder)
        t->folders[t->n_folders++] = folder;
    else
        free(folder);
}

/* $ECERT_FONTS: folders with colons between. */
static void add_environment(struct typesetter *t)
{
    const char *at = getenv("ECERT_FONTS");

    while (at && *at) {
        size_t n = strcspn(at, ":");

        add_folder(t, mem_copy_text(at, n));
        at += n + (at[n] == ':');
    }
}

/* The build keeps its fonts beside the program; an installed tree may have been moved as a whole.
 */
static void add_beside_program(struct typesetter *t)
{
    add_folder(t, path_of_program("fonts"));
    add_folder(t, path_of_program("../share/ecert/fonts"));
}

static void add_folders(struct typesetter *t, const char *const *font_dirs)
{
    static const char *const system_folders[] = {
        ECERT_DATADIR "/fonts",
        "/usr/share/fonts/opentype/noto",
        "/usr/share/fonts/truetype/lxgw-wenkai",
        "/usr/share/fonts/truetype/hanazono",
        "/usr/local/share/fonts",
    };

    for (; font_dirs && *font_dirs; font_dirs++)
        add_folder(t, mem_text(*font_dirs));
    add_environment(t);
    add_beside_program(t);
    for (size_t i = 0; i < sizeof(system_folders) / sizeof(*system_folders); i++)
        add_folder(t, mem_text(system_folders[i]));
}

static char *find_file(const struct typesetter *t, const char *const names[FILES_MAX])
{
    for (size_t d = 0; d < t->n_folders; d++) {
        for (size_t i = 0; i < FILES_MAX && names[i]; i++) {
            char *path = path_join(t->folders[d], names[i]);

            if (file_exists(path))
                return path;
            free(path);
        }
    }
    return NULL;
}

/* Opens a file once for all roles and tiers that use it. */
static enum rc open_once(struct typesetter *t, const char *path, struct font **out, struct err *err)
{
    struct font *font = NULL;

    for (size_t i = 0; i < t->n_fonts; i++) {
        if (!strcmp(t->fonts[i]->path, path)) {
            *out = t->fonts[i];
            return RC_OK;
        }
    }
    TRY(font_open(path, &font, err));
    t->fonts[t->n_fonts++] = font;
    *out = font;
    return RC_OK;
}

/* Fills found[role][tier]; tier 0 falls to the whole typeface where no base was built. */
static enum rc seek(struct typesetter *t, enum font_role role, unsigned tier, struct err *err)
{
    CLEANUP(freep) char *path = find_file(t, roles[role].tier[tier]);

    if (!path && tier == 0)
        path = find_file(t, roles[role].tier[1]);
    if (path)
        TRY(open_once(t, path, &t->found[role][tier].font, err));
    t->found[role][tier].sought = true;
    return RC_OK;
}

enum rc typesetter_font(struct typesetter *t, enum font_role role, unsigned tier, struct font **out,
                        struct err *err)
{
    enum rc rc = RC_OK;

    pthread_mutex_lock(&t->lock);
    if (!t->found[role][tier].sought)
        rc = seek(t, role, tier, err);
    *out = t->found[role][tier].font;
    pthread_mutex_unlock(&t->lock);
    TRY(rc);
    if (!*out && tier == 0)
        return err_find(err, "FNT001", RC_SYSTEM,
                        "no font for %s (%s): install the Debian package %s, or name a folder "
                        "that holds %s in ECERT_FONTS",
                        roles[role].role, roles[role].name, roles[role].package,
                        roles[role].tier[0][0]);
    return RC_OK;
}

enum rc typesetter_open(const char *const *font_dirs, struct typesetter **out, struct err *err)
{
    CLEANUP(typesetter_freep) struct typesetter *t = mem_zero(1, sizeof(*t));
    struct font *font;

    pthread_mutex_init(&t->lock, NULL);
    add_folders(t, font_dirs);
    TRY(typesetter_font(t, ROLE_SONG, 0, &font, err));
    *out = MOVE(t);
    return RC_OK;
}

void typesetter_free(struct typesetter *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->n_fonts; i++)
        font_free(t->fonts[i]);
    for (size_t i = 0; i < t->n_folders; i++)
        free(t->folders[i]);
    pthread_mutex_destroy(&t->lock);
    free(t);
}
