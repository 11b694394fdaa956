/* SPDX-License-Identifier: Apache-2.0 */
#include "core/model/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/mem.h"
#include "core/model/loader.h"
#include "core/model/suggest.h"

#define LOCAL_FILE ".ecert.yaml"
#define SYSTEM_FILE "/etc/ecert/config.yaml"

/* The file that is being read and the folder its paths start from. */
struct source {
    const char *folder;
    bool is_local;
};

static void free_texts(char **texts)
{
    for (size_t i = 0; texts && texts[i]; i++)
        free(texts[i]);
    free(texts);
}

static void clear_key(struct config_key *key)
{
    free(key->name);
    free(key->key);
    free(key->cert);
    free(key->pin_file);
    free_texts(key->chain);
}

static void clear_seal(struct config_seal *seal)
{
    free(seal->name);
    free(seal->file);
    free_texts(seal->owners);
}

static void free_entries(struct config_entry *entries, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        free(entries[i].name);
        free(entries[i].value);
    }
    free(entries);
}

void config_free(struct config *config)
{
    if (!config)
        return;
    for (size_t i = 0; i < config->n_keys; i++)
        clear_key(&config->keys[i]);
    for (size_t i = 0; i < config->n_seals; i++)
        clear_seal(&config->seals[i]);
    free(config->keys);
    free(config->seals);
    free_entries(config->trusts, config->n_trusts);
    free_entries(config->policies, config->n_policies);
    free_texts(config->files);
    free_texts(config->templates);
    free(config->journal);
    free(config->operator);
    free(config);
}

static void add_text(char ***texts, char *text)
{
    size_t n = 0;

    while (*texts && (*texts)[n])
        n++;
    *texts = mem_resize(*texts, (n + 2) * sizeof(**texts));
    (*texts)[n] = text;
    (*texts)[n + 1] = NULL;
}

/* Makes a path of the file one that can be opened. */
static void settle(const struct source *source, char **path)
{
    char *settled;

    if (!*path)
        return;
    settled = strcmp(source->folder, ".") == 0 ? mem_text(*path) : path_join(source->folder, *path);
    free(*path);
    *path = settled;
}

static enum rc settle_key(const struct source *source, const struct node *map, char **key,
                          struct err *err)
{
    const struct node *node = node_get(map, "key");
    char *path, *whole;

    if (strncmp(*key, "cmd:", 4) == 0 && (*key)[4]) {
        if (source->is_local)
            return node_fail(node, err,
                             "a configuration found in the working folder may not name a command "
                             "to run; put it into your own configuration, or name this one with "
                             "--config");
        return RC_OK;
    }
    if (strncmp(*key, "file:", 5) != 0 || !(*key)[5])
        return node_fail(node, err, "want file:PATH or cmd:PROGRAM, got '%.80s'", *key);
    path = mem_text(*key + 5);
    settle(source, &path);
    if (asprintf(&whole, "file:%s", path) < 0)
        abort();
    free(path);
    free(*key);
    *key = whole;
    return RC_OK;
}

static enum rc read_key(struct config *config, const struct source *source, const char *name,
                        const struct node *map, struct err *err)
{
    static const char *const known[] = {"key", "cert", "chain", "pin-file", "mode", NULL};
    static const char *const modes[] = {"value", "ses", NULL};
    CLEANUP(clear_key) struct config_key key = {.name = mem_text(name)};
    int mode = 0;

    TRY(node_check_keys(map, known, err));
    TRY(node_need_text(map, "key", &key.key, err));
    TRY(node_get_text(map, "cert", &key.cert, err));
    TRY(node_get_texts(map, "chain", &key.chain, NULL, err));
    TRY(node_get_text(map, "pin-file", &key.pin_file, err));
    TRY(node_get_choice(map, "mode", modes, &mode, err));
    TRY(settle_key(source, map, &key.key, err));
    key.ses = mode == 1;
    if (key.ses && strncmp(key.key, "cmd:", 4) != 0)
        return node_fail(node_get(map, "mode"), err, "mode ses is for a cmd: key alone");
    settle(source, &key.cert);
    settle(source, &key.pin_file);
    for (size_t i = 0; key.chain && key.chain[i]; i++)
        settle(source, &key.chain[i]);
    if (config_find_key(config, name))
        return RC_OK;
    config->keys = mem_resize(config->keys, (config->n_keys + 1) * sizeof(key));
    config->keys[config->n_keys++] = key;
    key = (struct config_key){.name = NULL};
    return RC_OK;
}

static enum rc read_seal(struct config *config, const struct source *source, const char *name,
                         const struct node *map, struct err *err)
{
    static const char *const known[] = {"file", "for", NULL};
    CLEANUP(clear_seal) struct config_seal seal = {.name = mem_text(name)};

    TRY(node_check_keys(map, known, err));
    TRY(node_need_text(map, "file", &seal.file, err));
    TRY(node_get_texts(map, "for", &seal.owners, NULL, err));
    settle(source, &seal.file);
    if (config_find_seal(config, name))
        return RC_OK;
    config->seals = mem_resize(config->seals, (config->n_seals + 1) * sizeof(seal));
    config->seals[config->n_seals++] = seal;
    seal = (struct config_seal){.name = NULL};
    return RC_OK;
}

static const char *find_entry(const struct config_entry *entries, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(entries[i].name, name) == 0)
            return entries[i].value;
    }
    return NULL;
}

static enum rc read_entry(struct config_entry **entries, size_t *n, const struct source *source,
                          const struct node *map, size_t i, struct err *err)
{
    const char *name = map->keys[i]->text;
    char *value = NULL;

    TRY(node_need_text(map, name, &value, err));
    if (strncmp(value, "builtin:", 8) != 0)
        settle(source, &value);
    if (find_entry(*entries, *n, name)) {
        free(value);
        return RC_OK;
    }
    *entries = mem_resize(*entries, (*n + 1) * sizeof(**entries));
    (*entries)[(*n)++] = (struct config_entry){.name = mem_text(name), .value = value};
    return RC_OK;
}

static enum rc refuse_local(const struct source *source, const struct node *root, const char *key,
                            struct err *err)
{
    if (!source->is_local || !node_get(root, key))
        return RC_OK;
    return node_fail(node_get(root, key), err,
                     "a configuration found in the working folder may not give '%s': the folder "
                     "would make its own licences valid; put it into your own configuration, or "
                     "name this one with --config",
                     key);
}

static enum rc read_trust(struct config *config, const struct source *source,
                          const struct node *root, struct err *err)
{
    const struct node *trust = NULL, *policies = NULL;

    TRY(refuse_local(source, root, "trust", err));
    TRY(refuse_local(source, root, "policies", err));
    TRY(node_get_map(root, "trust", &trust, err));
    TRY(node_get_map(root, "policies", &policies, err));
    for (size_t i = 0; trust && i < trust->n; i++)
        TRY(read_entry(&config->trusts, &config->n_trusts, source, trust, i, err));
    for (size_t i = 0; policies && i < policies->n; i++)
        TRY(read_entry(&config->policies, &config->n_policies, source, policies, i, err));
    return RC_OK;
}

static enum rc read_named(struct config *config, const struct source *source,
                          const struct node *root, struct err *err)
{
    const struct node *keys = NULL, *seals = NULL;

    TRY(node_get_map(root, "keys", &keys, err));
    TRY(node_get_map(root, "seals", &seals, err));
    for (size_t i = 0; keys && i < keys->n; i++)
        TRY(read_key(config, source, keys->keys[i]->text, keys->values[i], err));
    for (size_t i = 0; seals && i < seals->n; i++)
        TRY(read_seal(config, source, seals->keys[i]->text, seals->values[i], err));
    return RC_OK;
}

static enum rc read_rest(struct config *config, const struct source *source,
                         const struct node *root, struct err *err)
{
    char **templates = NULL;

    TRY(node_get_texts(root, "templates", &templates, NULL, err));
    for (size_t i = 0; templates && templates[i]; i++) {
        settle(source, &templates[i]);
        add_text(&config->templates, templates[i]);
    }
    free(templates);
    if (!config->journal) {
        TRY(node_get_text(root, "journal", &config->journal, err));
        settle(source, &config->journal);
    }
    if (!config->operator)
        TRY(node_get_text(root, "operator", &config->operator, err));
    return RC_OK;
}

static enum rc read_file(struct config *config, const char *path, bool is_local, struct err *err)
{
    static const char *const known[] = {"keys",      "seals",   "trust",    "policies",
                                        "templates", "journal", "operator", NULL};
    CLEANUP(node_freep) struct node *root = NULL;
    CLEANUP(freep) char *folder = path_dir(path);
    struct source source = {.folder = folder, .is_local = is_local};

    TRY(loader_file(path, &root, err));
    TRY(node_check_keys(root, known, err));
    TRY(read_named(config, &source, root, err));
    TRY(read_trust(config, &source, root, err));
    TRY(read_rest(config, &source, root, err));
    add_text(&config->files, mem_text(path));
    return RC_OK;
}

/* The user's own file; NULL where there is no home. */
static char *user_file(void)
{
    const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

    if (base && *base == '/') /* XDG: a path that is not absolute is ignored */
        return path_join(base, "ecert/config.yaml");
    return home && *home == '/' ? path_join(home, ".config/ecert/config.yaml") : NULL;
}

static enum rc search(struct config *config, struct err *err)
{
    CLEANUP(freep) char *own = user_file();

    if (file_exists(LOCAL_FILE))
        TRY(read_file(config, LOCAL_FILE, true, err));
    if (own && file_exists(own))
        TRY(read_file(config, own, false, err));
    if (file_exists(SYSTEM_FILE))
        TRY(read_file(config, SYSTEM_FILE, false, err));
    return RC_OK;
}

enum rc config_load(const char *path, struct config **out, struct err *err)
{
    CLEANUP(config_freep) struct config *config = mem_zero(1, sizeof(*config));

    if (!path)
        TRY(search(config, err));
    else if (*path)
        TRY(read_file(config, path, false, err));
    *out = MOVE(config);
    return RC_OK;
}

const struct config_key *config_find_key(const struct config *config, const char *name)
{
    for (size_t i = 0; i < config->n_keys; i++) {
        if (strcmp(config->keys[i].name, name) == 0)
            return &config->keys[i];
    }
    return NULL;
}

const struct config_seal *config_find_seal(const struct config *config, const char *name)
{
    for (size_t i = 0; i < config->n_seals; i++) {
        if (strcmp(config->seals[i].name, name) == 0)
            return &config->seals[i];
    }
    return NULL;
}

const char *config_find_trust(const struct config *config, const char *name)
{
    return find_entry(config->trusts, config->n_trusts, name);
}

const char *config_find_policy(const struct config *config, const char *name)
{
    return find_entry(config->policies, config->n_policies, name);
}

/* names: the first member of each of n elements of that size. */
static enum rc unknown(const char *what, const char *given, const void *elements, size_t n,
                       size_t size, struct err *err)
{
    CLEANUP(freep) const char **names = mem_zero(n + 1, sizeof(*names));
    const char *meant;

    for (size_t i = 0; i < n; i++)
        memcpy(&names[i], (const char *)elements + i * size, sizeof(names[i]));
    meant = suggest(given, names);
    if (meant)
        return err_set(err, RC_USAGE, "the configuration has no %s '%.80s'; did you mean '%s'?",
                       what, given, meant);
    if (n)
        return err_set(err, RC_USAGE, "the configuration has no %s '%.80s'; it has '%s'", what,
                       given, names[0]);
    return err_set(err, RC_USAGE,
                   "the configuration has no %s '%.80s', nor any other; name one with --config",
                   what, given);
}

enum rc config_key(const struct config *config, const char *name, const struct config_key **out,
                   struct err *err)
{
    *out = config_find_key(config, name);
    return *out ? RC_OK
                : unknown("key", name, config->keys, config->n_keys, sizeof(config->keys[0]), err);
}

enum rc config_seal(const struct config *config, const char *name, const struct config_seal **out,
                    struct err *err)
{
    *out = config_find_seal(config, name);
    return *out ? RC_OK
                : unknown("seal", name, config->seals, config->n_seals, sizeof(config->seals[0]),
                          err);
}

enum rc config_trust(const struct config *config, const char *name, const char **out,
                     struct err *err)
{
    *out = config_find_trust(config, name);
    return *out ? RC_OK
                : unknown("trust", name, config->trusts, config->n_trusts,
                          sizeof(config->trusts[0]), err);
}

enum rc config_policy(const struct config *config, const char *name, const char **out,
                      struct err *err)
{
    *out = config_find_policy(config, name);
    return *out ? RC_OK
                : unknown("policy", name, config->policies, config->n_policies,
                          sizeof(config->policies[0]), err);
}
