/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/walk.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/inputs.h"
#include "core/base/file.h"
#include "core/base/limits.h"
#include "core/base/mem.h"

/* A folder on the way: its path, and what is left of its names. */
struct level {
    char *path;
    struct buf names; /* FOLDER, PLAIN or LINK, then the name, then NUL */
    size_t *order;    /* offsets into names, sorted */
    size_t n, next;
};

enum { FOLDER = 'd', PLAIN = 'f', LINK = 'l' };

struct walk {
    const struct common *common;
    char **operands;
    size_t at, total;
    FILE *list; /* --files-from, or a copy of it */
    long begin; /* where the names begin in it */
    char *line;
    size_t room;
    char *root;  /* the folder that was entered last by its name */
    bool rooted; /* and nothing of it was given yet */
    struct level *levels;
    size_t n_levels;
};

static void level_clear(struct level *level)
{
    free(level->path);
    free(level->order);
    buf_clear(&level->names);
}

void walk_free(struct walk *walk)
{
    if (!walk)
        return;
    for (size_t i = 0; i < walk->n_levels; i++)
        level_clear(&walk->levels[i]);
    free(walk->levels);
    free(walk->line);
    free(walk->root);
    if (walk->list && walk->list != stdin)
        (void)fclose(walk->list);
    free(walk);
}

static bool is_ofd(const char *name)
{
    size_t n = strlen(name);

    return n > 4 && strcasecmp(name + n - 4, ".ofd") == 0;
}

/* 0 for what is neither a folder nor called *.ofd. */
static char kind_of(int dir, const struct dirent *entry)
{
    const char *name = entry->d_name;
    struct stat st;

    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return 0;
    if (entry->d_type == DT_DIR)
        return FOLDER;
    if (entry->d_type == DT_REG)
        return is_ofd(name) ? PLAIN : 0;
    if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return is_ofd(name) ? PLAIN : 0; /* gone meanwhile: whoever opens it says so */
    if (S_ISDIR(st.st_mode))
        return FOLDER;
    if (!is_ofd(name))
        return 0;
    if (S_ISREG(st.st_mode))
        return PLAIN;
    /* a link that leads nowhere is told when it is opened; a pipe would block */
    return S_ISLNK(st.st_mode) && (fstatat(dir, name, &st, 0) != 0 || S_ISREG(st.st_mode)) ? LINK
                                                                                           : 0;
}

static int by_name(const void *a, const void *b, void *names)
{
    const char *text = names;

    return strcmp(text + *(const size_t *)a + 1, text + *(const size_t *)b + 1);
}

static enum rc read_names(DIR *dir, struct level *level, struct err *err)
{
    struct dirent *entry;
    size_t room = 0;

    while ((entry = readdir(dir))) {
        char kind = kind_of(dirfd(dir), entry);

        if (!kind)
            continue;
        if (level->n == room) {
            room = room ? room * 2 : 64;
            level->order = mem_resize(level->order, room * sizeof(*level->order));
        }
        level->order[level->n++] = level->names.len;
        TRY(buf_add(&level->names, &kind, 1, err));
        TRY(buf_add(&level->names, entry->d_name, strlen(entry->d_name) + 1, err));
    }
    if (level->n)
        qsort_r(level->order, level->n, sizeof(*level->order), by_name, level->names.data);
    return RC_OK;
}

/* Takes path. */
static enum rc enter(struct walk *walk, char *path, struct err *err)
{
    DIR *dir = opendir(path);
    struct level level = {.path = path, .names = BUF_INIT(LIMIT_PACKAGE)};
    enum rc rc;

    if (!dir) {
        (void)err_errno(err, N_("cannot open"));
        (void)err_at(err, "%s", path);
        free(path);
        return err->code;
    }
    rc = read_names(dir, &level, err);
    (void)closedir(dir);
    if (rc != RC_OK) {
        (void)err_at(err, "%s", path);
        level_clear(&level);
        return rc;
    }
    walk->levels = mem_resize(walk->levels, (walk->n_levels + 1) * sizeof(*walk->levels));
    walk->levels[walk->n_levels++] = level;
    return RC_OK;
}

/* The next file below the folders that are open; false: there is none left. */
static bool next_inside(struct walk *walk, struct walked *out)
{
    while (walk->n_levels) {
        struct level *level = &walk->levels[walk->n_levels - 1];
        const char *entry;

        if (level->next == level->n) {
            level_clear(level);
            walk->n_levels--;
            continue;
        }
        entry = level->names.data + level->order[level->next++];
        out->path = path_join(level->path, entry + 1);
        out->is_link = *entry == LINK;
        if (*entry != FOLDER || enter(walk, mem_text(out->path), &out->fault) != RC_OK)
            return true;
        free(out->path);
    }
    return false;
}

static bool read_line(struct walk *walk)
{
    ssize_t n;

    while ((n = getdelim(&walk->line, &walk->room, walk->common->nul ? '\0' : '\n', walk->list)) >
           0) {
        char end = walk->common->nul ? '\0' : '\n';

        if (walk->line[n - 1] == end)
            walk->line[--n] = '\0';
        if (n > 0 && !walk->common->nul && walk->line[n - 1] == '\r')
            walk->line[--n] = '\0';
        if (n > 0)
            return true;
    }
    return false;
}

/* The next name as it was given. */
static char *next_name(struct walk *walk)
{
    if (walk->operands[walk->at])
        return mem_text(walk->operands[walk->at++]);
    return walk->list && read_line(walk) ? mem_text(walk->line) : NULL;
}

bool walk_next(struct walk *walk, struct walked *out)
{
    for (;;) {
        *out = (struct walked){.inside = true};
        if (next_inside(walk, out)) {
            out->root = walk->rooted ? walk->root : NULL;
            walk->rooted = false;
            return true;
        }
        out->inside = false;
        out->path = next_name(walk);
        if (!out->path || !walk->common->recursive || !dir_exists(out->path))
            return out->path != NULL;
        if (enter(walk, mem_text(out->path), &out->fault) != RC_OK)
            return true;
        free(walk->root);
        walk->root = out->path;
        walk->rooted = true;
    }
}

static void leave_all(struct walk *walk)
{
    for (size_t i = 0; i < walk->n_levels; i++)
        level_clear(&walk->levels[i]);
    walk->n_levels = 0;
}

void walk_rewind(struct walk *walk)
{
    leave_all(walk);
    walk->at = 0;
    if (walk->list)
        (void)fseek(walk->list, walk->begin, SEEK_SET);
}

size_t walk_total(const struct walk *walk)
{
    return walk->total;
}

static size_t count(struct walk *walk)
{
    struct walked at;
    size_t n = 0;

    for (; walk_next(walk, &at); n++)
        free(at.path);
    walk_rewind(walk);
    return n;
}

/* Is there anything to judge in it, if only that it cannot be read? */
static bool holds_something(const struct common *common, char *folder)
{
    char *operands[] = {folder, NULL};
    struct walk walk = {.common = common, .operands = operands};
    struct walked first;
    bool found = walk_next(&walk, &first);

    if (found)
        free(first.path);
    leave_all(&walk);
    free(walk.levels);
    free(walk.root);
    return found;
}

static enum rc check_operand(const struct walk *walk, char *path, struct err *err)
{
    if (!dir_exists(path))
        return inputs_check_pattern(path, err);
    if (!walk->common->recursive)
        return err_set(err, RC_USAGE, "%s is a folder: -r takes every *.ofd in it", path);
    if (!holds_something(walk->common, path))
        return err_set(err, RC_USAGE, "there is no *.ofd in the folder %s", path);
    return RC_OK;
}

/* Names that come through a pipe are kept where they can be read twice. */
static enum rc copy_list(struct walk *walk, struct err *err)
{
    FILE *from = walk->list;
    char chunk[65536];
    size_t n;

    walk->list = tmpfile();
    while (walk->list && (n = fread(chunk, 1, sizeof(chunk), from)) > 0)
        (void)fwrite(chunk, 1, n, walk->list);
    if (!walk->list || ferror(from) || fflush(walk->list) != 0 || ferror(walk->list))
        (void)err_errno(err, N_("cannot keep the list of files"));
    if (from != stdin)
        (void)fclose(from);
    if (walk->list)
        rewind(walk->list);
    return err->code;
}

static enum rc open_list(struct walk *walk, struct err *err)
{
    const char *path = walk->common->files_from;

    walk->list = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    if (!walk->list) {
        (void)err_errno(err, N_("cannot open"));
        return err_at(err, "%s", path);
    }
    walk->begin = ftell(walk->list);
    if (walk->begin < 0) {
        walk->begin = 0;
        TRY_AT(copy_list(walk, err), err, "%s", path);
    }
    if (!read_line(walk))
        return err_set(err, RC_USAGE, "%s names no file", path);
    walk_rewind(walk);
    return RC_OK;
}

enum rc walk_open(const struct common *common, char **operands, struct walk **out, struct err *err)
{
    static char standard_input[] = "-";
    static char *alone[] = {standard_input, NULL};
    CLEANUP(walk_freep) struct walk *walk = mem_zero(1, sizeof(*walk));

    walk->common = common;
    walk->operands = operands;
    for (size_t i = 0; operands[i]; i++)
        TRY(check_operand(walk, operands[i], err));
    if (common->files_from) {
        TRY(open_list(walk, err));
    } else if (!operands[0]) {
        if (common->recursive)
            return err_set(err, RC_USAGE, "-r: which folder?");
        if (isatty(STDIN_FILENO))
            return err_set(err, RC_USAGE, "which file? name one, or send it to standard input");
        walk->operands = alone;
    }
    walk->total = count(walk);
    if (walk->total == 0) /* a list of empty folders */
        return err_set(err, RC_USAGE, "%s names no file", common->files_from);
    *out = MOVE(walk);
    return RC_OK;
}
