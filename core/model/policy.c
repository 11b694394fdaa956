/* SPDX-License-Identifier: Apache-2.0 */
/* Reading ecert.policy/1. */
#include "core/model/policy.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/limits.h"
#include "core/base/mem.h"
#include "core/model/checkdigit.h"
#include "core/model/loader.h"
#include "core/model/policy_priv.h"

enum { SEALS_MAX = 1000, DAYS_MAX = 36500, BITS_MAX = 65536, EXTENDS_MAX = 4 };

void policy_free(struct policy *policy)
{
    if (!policy)
        return;
    for (size_t i = 0; i < policy->n_algorithms; i++)
        free(policy->algorithms[i].name);
    for (size_t i = 0; i < policy->require.n_issuers; i++)
        free(policy->require.issuers[i]);
    free(policy->name);
    free(policy->rules);
    free(policy->algorithms);
    free(policy->keys);
    free(policy->require.issuers);
    free(policy);
}

static const char *const weight_names[] = {"ignore", "inform", "warn", "undecided", "fail", NULL};

static enum rc read_weight(const struct node *node, enum weight *out, struct err *err)
{
    int choice = 0;

    TRY(node_choice(node, weight_names, &choice, err));
    *out = (enum weight)(WEIGHT_IGNORE + choice);
    return RC_OK;
}

static void set_rule(struct policy *policy, const struct finding_type *type, enum weight weight)
{
    for (size_t i = 0; i < policy->n_rules; i++) {
        if (policy->rules[i].type == type) {
            policy->rules[i].weight = weight;
            return;
        }
    }
    policy->rules = mem_resize(policy->rules, (policy->n_rules + 1) * sizeof(policy->rules[0]));
    policy->rules[policy->n_rules++] = (struct policy_rule){type, weight};
}

static enum rc read_rule(const struct node *at, const char *code, const struct node *value,
                         struct policy *policy, struct err *err)
{
    const struct finding_type *type = finding_type(code);
    enum weight weight = WEIGHT_DEFAULT;

    if (!type)
        return node_fail(at, err, "no finding has the code '%.20s'", code);
    TRY(read_weight(value, &weight, err));
    if (weight < policy_least(type))
        return node_fail(value, err,
                         "%s may not be lowered: with it a forged, altered or unchecked file could "
                         "pass as valid",
                         code);
    set_rule(policy, type, weight);
    return RC_OK;
}

static enum rc read_findings(const struct node *root, struct policy *policy, struct err *err)
{
    const struct node *map = NULL;

    TRY(node_get_map(root, "findings", &map, err));
    for (size_t i = 0; map && i < map->n; i++)
        TRY(read_rule(map->keys[i], map->keys[i]->text, map->values[i], policy, err));
    return RC_OK;
}

/* One key for several codes: what the seal and the signature say alike. */
static enum rc read_shorthand(const struct node *root, const char *key, const char *const *codes,
                              struct policy *policy, struct err *err)
{
    const struct node *value = node_get(root, key);

    for (; value && *codes; codes++)
        TRY(read_rule(value, *codes, value, policy, err));
    return RC_OK;
}

static void add_issuer(struct requirements *require, const char *issuer)
{
    require->issuers =
        mem_resize(require->issuers, (require->n_issuers + 1) * sizeof(require->issuers[0]));
    require->issuers[require->n_issuers++] = mem_text(issuer);
}

static enum rc read_issuers(const struct node *map, struct requirements *require, struct err *err)
{
    const struct node *node = node_get(map, "issuer");
    size_t n = !node ? 0 : node->kind == NODE_LIST ? node->n : 1;

    for (size_t i = 0; i < n; i++) {
        const struct node *at = node->kind == NODE_LIST ? node->values[i] : node;
        const char *uscc = NULL;

        TRY(node_text(at, &uscc, err));
        if (uscc_check(uscc).fault != CHECK_GOOD)
            return node_fail(at, err, "GB 32100: not a unified social credit code: '%.80s'", uscc);
        add_issuer(require, uscc);
    }
    return RC_OK;
}

static enum rc read_require(const struct node *root, struct requirements *require, struct err *err)
{
    static const char *const known[] = {"seals", "coverage", "timestamp", "issuer", "status", NULL};
    static const char *const coverages[] = {"none", "full", NULL};
    const struct node *map = NULL;
    long seals = require->seals;
    int coverage = require->coverage;

    TRY(node_get_map(root, "require", &map, err));
    if (!map)
        return RC_OK;
    TRY(node_check_keys(map, known, err));
    TRY(node_get_int(map, "seals", 0, SEALS_MAX, &seals, err));
    TRY(node_get_choice(map, "coverage", coverages, &coverage, err));
    TRY(node_get_bool(map, "timestamp", &require->timestamp, err));
    TRY(node_get_bool(map, "status", &require->status, err));
    require->seals = (int)seals;
    require->coverage = coverage == 1;
    return read_issuers(map, require, err);
}

static enum rc read_day(const struct node *map, const char *key, instant *out, struct err *err)
{
    const struct node *node = node_get(map, key);
    const char *text = NULL;
    struct date day;

    if (!node)
        return RC_OK;
    TRY(node_text(node, &text, err));
    if (!date_parse(text, &day))
        return node_fail(node, err, "want a day like 2026-03-01, got '%.40s'", text);
    *out = date_start(day, CHINA_OFFSET);
    return RC_OK;
}

static void set_algorithm(struct policy *policy, const char *name, instant until)
{
    struct policy_algorithm *algorithm;

    for (size_t i = 0; i < policy->n_algorithms; i++) {
        if (strcasecmp(policy->algorithms[i].name, name) == 0) {
            policy->algorithms[i].until = until;
            return;
        }
    }
    policy->algorithms =
        mem_resize(policy->algorithms, (policy->n_algorithms + 1) * sizeof(policy->algorithms[0]));
    algorithm = &policy->algorithms[policy->n_algorithms++];
    *algorithm = (struct policy_algorithm){.name = mem_text(name), .until = until};
}

/* {until: DATE}, refuse or allow. */
static enum rc read_algorithm(const char *name, const struct node *value, struct policy *policy,
                              struct err *err)
{
    static const char *const known[] = {"until", NULL};
    static const char *const words[] = {"refuse", "allow", NULL};
    instant until = INSTANT_NONE;
    int choice = 0;

    if (value->kind == NODE_MAP) {
        TRY(node_check_keys(value, known, err));
        TRY(read_day(value, "until", &until, err));
        if (until == INSTANT_NONE)
            return node_fail(value, err, "want until: DATE here");
    } else {
        TRY(node_choice(value, words, &choice, err));
        until = choice == 0 ? INSTANT_NONE : INT64_MAX;
    }
    set_algorithm(policy, name, until);
    return RC_OK;
}

static enum rc read_algorithms(const struct node *root, struct policy *policy, struct err *err)
{
    const struct node *map = NULL;

    TRY(node_get_map(root, "algorithms", &map, err));
    for (size_t i = 0; map && i < map->n; i++)
        TRY(read_algorithm(map->keys[i]->text, map->values[i], policy, err));
    return RC_OK;
}

static enum rc read_key(const char *kind, const struct node *map, struct policy *policy,
                        struct err *err)
{
    static const char *const known[] = {"min", "from", NULL};
    struct policy_key key = {.from = INSTANT_NONE};
    long min = -1;

    TRY(node_check_keys(map, known, err));
    TRY(node_get_int(map, "min", 0, BITS_MAX, &min, err));
    TRY(read_day(map, "from", &key.from, err));
    if (min < 0)
        return node_fail(map, err, "want min: BITS here");
    key.min = (int)min;
    memcpy(key.kind, kind, strlen(kind) + 1);
    policy->keys = mem_resize(policy->keys, (policy->n_keys + 1) * sizeof(policy->keys[0]));
    policy->keys[policy->n_keys++] = key;
    return RC_OK;
}

/* What is said of a kind replaces what the policy it extends says of it. */
static void drop_keys(struct policy *policy, const char *kind)
{
    size_t n = 0;

    for (size_t i = 0; i < policy->n_keys; i++) {
        if (strcmp(policy->keys[i].kind, kind) != 0)
            policy->keys[n++] = policy->keys[i];
    }
    policy->n_keys = n;
}

static enum rc read_keys(const struct node *root, struct policy *policy, struct err *err)
{
    static const struct {
        const char *key, *kind;
    } kinds[] = {{"rsa", "RSA"}, {"ec", "EC"}, {"sm2", "SM2"}};
    static const char *const known[] = {"rsa", "ec", "sm2", NULL};
    const struct node *map = NULL;

    TRY(node_get_map(root, "keys", &map, err));
    if (map)
        TRY(node_check_keys(map, known, err));
    for (size_t k = 0; map && k < sizeof(kinds) / sizeof(kinds[0]); k++) {
        const struct node *value = node_get(map, kinds[k].key);

        if (!value)
            continue;
        drop_keys(policy, kinds[k].kind);
        if (value->kind != NODE_LIST)
            TRY(read_key(kinds[k].kind, value, policy, err));
        for (size_t i = 0; value->kind == NODE_LIST && i < value->n; i++)
            TRY(read_key(kinds[k].kind, value->values[i], policy, err));
    }
    return RC_OK;
}

static enum rc read_revocation(const struct node *root, struct policy *policy, struct err *err)
{
    static const char *const known[] = {"crl", "ocsp", NULL};
    const struct node *map = NULL;
    long crl = policy->crl_days, ocsp = policy->ocsp_days;

    TRY(node_get_map(root, "revocation", &map, err));
    if (!map)
        return RC_OK;
    TRY(node_check_keys(map, known, err));
    TRY(node_get_int(map, "crl", 1, DAYS_MAX, &crl, err));
    TRY(node_get_int(map, "ocsp", 1, DAYS_MAX, &ocsp, err));
    policy->crl_days = (int)crl;
    policy->ocsp_days = (int)ocsp;
    return RC_OK;
}

static enum rc read_rules(const struct node *root, struct policy *policy, struct err *err)
{
    static const char *const self_made[] = {"SEA317", NULL};
    static const char *const weak[] = {"DIG105", "SEA103", "SIG103", "SIG106", NULL};
    int level = (int)policy->level;

    TRY(node_get_choice(root, "level", level_names, &level, err));
    policy->level = (enum level)level;
    TRY(read_shorthand(root, "self-made", self_made, policy, err));
    TRY(read_shorthand(root, "weak", weak, policy, err));
    TRY(read_findings(root, policy, err));
    TRY(read_require(root, &policy->require, err));
    TRY(read_algorithms(root, policy, err));
    TRY(read_keys(root, policy, err));
    return read_revocation(root, policy, err);
}

static enum rc read_text(struct span text, const char *file, int depth, struct policy *policy,
                         struct err *err);

static enum rc read_base(const struct node *root, int depth, struct policy *policy, struct err *err)
{
    const struct node *node = node_get(root, "extends");
    const char *name = NULL;

    if (!node)
        return RC_OK;
    TRY(node_text(node, &name, err));
    if (!policy_is_builtin(name) || depth == EXTENDS_MAX)
        return node_fail(node, err, "extends: want default, strict or archive, got '%.80s'", name);
    return read_text(policy_builtin_text(name), name, depth + 1, policy, err);
}

static enum rc read_text(struct span text, const char *file, int depth, struct policy *policy,
                         struct err *err)
{
    static const char *const known[] = {"schema", "name",      "extends",    "findings",
                                        "level",  "require",   "keys",       "algorithms",
                                        "weak",   "self-made", "revocation", NULL};
    static const char *const schemas[] = {"ecert.policy/1", NULL};
    CLEANUP(node_freep) struct node *root = NULL;
    int schema;

    TRY(loader_parse(text, file, &root, err));
    TRY(node_check_keys(root, known, err));
    TRY(node_get_choice(root, "schema", schemas, &schema, err));
    TRY(read_base(root, depth, policy, err));
    if (node_get(root, "name")) {
        free(policy->name);
        policy->name = NULL;
        TRY(node_need_text(root, "name", &policy->name, err));
    }
    return read_rules(root, policy, err);
}

enum rc policy_parse(struct span text, const char *file, struct policy **out, struct err *err)
{
    CLEANUP(policy_freep) struct policy *policy = mem_zero(1, sizeof(*policy));

    TRY(read_text(text, file, 0, policy, err));
    if (!policy->name)
        policy->name = mem_text(path_base(file));
    sm3(text, policy->sm3);
    *out = MOVE(policy);
    return RC_OK;
}

enum rc policy_load(const char *path, struct policy **out, struct err *err)
{
    CLEANUP(buf_clear) struct buf text = BUF_INIT(LIMIT_CONFIG);

    TRY(file_read(path, &text, err));
    return policy_parse(buf_span(&text), path, out, err);
}

enum rc policy_builtin(const char *name, struct policy **out, struct err *err)
{
    if (!policy_is_builtin(name))
        return err_set(err, RC_USAGE,
                       "no policy is called '%.80s'; ecert brings default, strict and archive, and "
                       "a file is named by its path",
                       name);
    return policy_parse(policy_builtin_text(name), name, out, err);
}

static enum rc require_one(struct requirements *require, const char *word, struct err *err)
{
    char *end;

    if (strcmp(word, "status") == 0) {
        require->status = true;
    } else if (strcmp(word, "timestamp") == 0) {
        require->timestamp = true;
    } else if (strcmp(word, "coverage=full") == 0) {
        require->coverage = true;
    } else if (strncmp(word, "issuer=", 7) == 0) {
        if (uscc_check(word + 7).fault != CHECK_GOOD)
            return err_set(err, RC_USAGE,
                           "--require: issuer= wants a unified social credit code, got '%.80s'",
                           word + 7);
        add_issuer(require, word + 7);
    } else if (strncmp(word, "seals=", 6) == 0) {
        long n = strtol(word + 6, &end, 10);

        if (end == word + 6 || *end || n < 1 || n > SEALS_MAX)
            return err_set(err, RC_USAGE, "--require: seals=N wants a number from 1 to 1000");
        require->seals = (int)n;
    } else {
        return err_set(err, RC_USAGE, "--require: no such requirement: '%s'", word);
    }
    return RC_OK;
}

enum rc policy_require(struct policy *policy, const char *list, struct err *err)
{
    CLEANUP(freep) char *copy = mem_text(list);
    char *rest = copy, *word;

    while (rest && (word = strsep(&rest, ",")))
        TRY(require_one(&policy->require, word, err));
    return RC_OK;
}
