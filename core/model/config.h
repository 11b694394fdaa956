/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_MODEL_CONFIG_H
#define CORE_MODEL_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/cleanup.h"
#include "core/base/err.h"

/*
 * config.yaml of data-formats: what scripts call by name.  Read-only once loaded.
 * Paths that were relative are relative to the file that names them no longer:
 * they can be opened as they are.
 */
struct config_key {
    char *name;
    char *key;      /* "file:PATH" or "cmd:PROGRAM …" */
    char *cert;     /* NULL: in the key's file, or a command that seals by itself */
    char **chain;   /* certificates to go with it, NULL-terminated; NULL for none */
    char *pin_file; /* NULL: asked for */
    bool ses;       /* mode: ses, the command answers with a whole signed value */
};

struct config_seal {
    char *name, *file;
    char **owners; /* for: unified social credit codes, NULL-terminated; NULL where silent */
};

struct config_entry {
    char *name, *value;
};

struct config {
    char **files; /* that were read, the first one winning; NULL-terminated */
    struct config_key *keys;
    size_t n_keys;
    struct config_seal *seals;
    size_t n_seals;
    struct config_entry *trusts; /* value: a folder */
    size_t n_trusts;
    struct config_entry *policies; /* value: "builtin:NAME" or a file */
    size_t n_policies;
    char **templates;         /* folders, NULL-terminated; NULL for none */
    char *journal, *operator; /* NULL where silent */
};

/*
 * path: the file of --config, which then is the only one; "" none at all; NULL the
 * search: ./.ecert.yaml, $XDG_CONFIG_HOME/ecert/config.yaml (~/.config without it),
 * /etc/ecert/config.yaml.  What an earlier file names hides the same name of a
 * later one; folders of templates add up.  None of them need exist.
 *
 * ./.ecert.yaml lies in the working folder, which may be anyone's: it may not give
 * trust, policies or cmd: keys.  Every fault is RC_USAGE with file:line:column.
 */
MUST_CHECK enum rc config_load(const char *path, struct config **out, struct err *err);
void config_free(struct config *config);
CLEANUP_PTR(struct config, config_free);

/* By name; RC_USAGE says which names there are, or which was meant. */
MUST_CHECK enum rc config_key(const struct config *config, const char *name,
                              const struct config_key **out, struct err *err);
MUST_CHECK enum rc config_seal(const struct config *config, const char *name,
                               const struct config_seal **out, struct err *err);
MUST_CHECK enum rc config_trust(const struct config *config, const char *name, const char **out,
                                struct err *err);
MUST_CHECK enum rc config_policy(const struct config *config, const char *name, const char **out,
                                 struct err *err);

/* The same without an error, NULL where there is none: for `default`, and for names or paths. */
const struct config_key *config_find_key(const struct config *config, const char *name);
const struct config_seal *config_find_seal(const struct config *config, const char *name);
const char *config_find_trust(const struct config *config, const char *name);
const char *config_find_policy(const struct config *config, const char *name);

#endif
