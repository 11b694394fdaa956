/* SPDX-License-Identifier: Apache-2.0 */
#include "core/model/issuers.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/codec.h"
#include "core/base/file.h"
#include "core/base/mem.h"
#include "core/model/checkdigit.h"
#include "core/model/loader.h"

enum { DIGEST_LEN = 32 };

static void free_texts(char **texts)
{
    for (size_t i = 0; texts && texts[i]; i++)
        free(texts[i]);
    free(texts);
}

static void clear_issuer(struct issuer *issuer)
{
    free(issuer->uscc);
    free(issuer->name);
    free_texts(issuer->types);
    free_texts(issuer->certs);
    free_texts(issuer->anchors);
}

void issuers_free(struct issuers *issuers)
{
    if (!issuers)
        return;
    for (size_t i = 0; i < issuers->n; i++)
        clear_issuer(&issuers->list[i]);
    free(issuers->list);
    free_texts(issuers->makers);
    free(issuers);
}

/* Digests in hex; upper case is accepted and lowered, so that comparing is strcmp. */
static enum rc read_digests(const struct node *map, const char *key, char ***out, struct err *err)
{
    const struct node *node = node_get(map, key);
    unsigned char bytes[DIGEST_LEN];

    TRY(node_get_texts(map, key, out, NULL, err));
    for (size_t i = 0; *out && (*out)[i]; i++) {
        const struct node *at = node->kind == NODE_LIST ? node->values[i] : node;

        if (!hex_decode((*out)[i], DIGEST_LEN, bytes))
            return node_fail(at, err, "want an SM3 of 64 hexadecimal digits, got '%.80s'",
                             (*out)[i]);
        hex_encode(bytes, DIGEST_LEN, (*out)[i]);
    }
    return RC_OK;
}

static enum rc read_issuer(const struct node *map, struct issuer *issuer, struct err *err)
{
    static const char *const known[] = {"uscc", "name", "types", "certs", "anchors", NULL};

    TRY(node_check_keys(map, known, err));
    TRY(node_get_text(map, "uscc", &issuer->uscc, err));
    TRY(node_get_text(map, "name", &issuer->name, err));
    TRY(node_get_texts(map, "types", &issuer->types, NULL, err));
    TRY(read_digests(map, "certs", &issuer->certs, err));
    TRY(read_digests(map, "anchors", &issuer->anchors, err));
    if (issuer->uscc && uscc_check(issuer->uscc).fault != CHECK_GOOD)
        return node_fail(node_get(map, "uscc"), err,
                         "GB 32100: not a unified social credit code: '%.80s'", issuer->uscc);
    if (!issuer->uscc && (!issuer->name || !*issuer->name))
        return node_fail(map, err, "an issuer needs a uscc or a name");
    if (!issuer->certs && !issuer->anchors)
        return node_fail(map, err, "an issuer needs certs or anchors to sign with");
    return RC_OK;
}

static enum rc read_all(const struct node *root, struct issuers *issuers, struct err *err)
{
    static const char *const known[] = {"issuers", "makers", NULL};
    const struct node *list = NULL;

    TRY(node_check_keys(root, known, err));
    TRY(node_get_list(root, "issuers", &list, err));
    TRY(read_digests(root, "makers", &issuers->makers, err));
    issuers->list = mem_zero(list ? list->n : 0, sizeof(issuers->list[0]));
    for (size_t i = 0; list && i < list->n; i++) {
        issuers->n = i + 1;
        TRY(read_issuer(list->values[i], &issuers->list[i], err));
    }
    return RC_OK;
}

enum rc issuers_load(const char *trust_folder, struct issuers **out, struct err *err)
{
    CLEANUP(freep) char *path = path_join(trust_folder, "issuers.yaml");
    CLEANUP(issuers_freep) struct issuers *issuers = NULL;
    CLEANUP(node_freep) struct node *root = NULL;

    *out = NULL;
    if (!file_exists(path))
        return RC_OK;
    TRY(loader_file(path, &root, err));
    issuers = mem_zero(1, sizeof(*issuers));
    TRY(read_all(root, issuers, err));
    *out = MOVE(issuers);
    return RC_OK;
}

static bool holds(char *const *texts, const char *text)
{
    for (; text && texts && *texts; texts++) {
        if (strcmp(*texts, text) == 0)
            return true;
    }
    return false;
}

static bool holds_digest(char *const *texts, const unsigned char *digest)
{
    char hex[2 * DIGEST_LEN + 1];

    if (!digest)
        return false;
    hex_encode(digest, DIGEST_LEN, hex);
    return holds(texts, hex);
}

static bool is_of(const struct issuer *issuer, const struct issuer_query *query)
{
    if (issuer->uscc)
        return query->uscc && strcmp(issuer->uscc, query->uscc) == 0;
    return query->name && strcmp(issuer->name, query->name) == 0;
}

bool issuer_signs_with(const struct issuer *issuer, const unsigned char *leaf,
                       const unsigned char *anchor)
{
    return holds_digest(issuer->certs, leaf) || holds_digest(issuer->anchors, anchor);
}

static enum issuer_answer ask(const struct issuer *issuer, const struct issuer_query *query)
{
    if (!holds(issuer->types, "*") && !holds(issuer->types, query->type))
        return ISSUER_WRONG_TYPE;
    return issuer_signs_with(issuer, query->leaf, query->anchor) ? ISSUER_OK : ISSUER_WRONG_CERT;
}

/* An agency may have several entries; the one that allows decides, else the last that does not. */
enum issuer_answer issuers_ask(const struct issuers *issuers, const struct issuer_query *query)
{
    enum issuer_answer answer = ISSUER_UNKNOWN;

    if (!issuers)
        return ISSUER_NO_LIST;
    for (size_t i = 0; i < issuers->n && answer != ISSUER_OK; i++) {
        if (is_of(&issuers->list[i], query))
            answer = ask(&issuers->list[i], query);
    }
    return answer;
}

bool issuers_allow_maker(const struct issuers *issuers, const unsigned char *leaf,
                         const unsigned char *anchor)
{
    return !issuers || !issuers->makers || holds_digest(issuers->makers, leaf) ||
           holds_digest(issuers->makers, anchor);
}

void issuer_lists_clear(struct issuer_lists *lists)
{
    for (size_t i = 0; i < lists->n; i++) {
        issuers_free(lists->list[i].issuers);
        free(lists->list[i].anchors);
    }
    free(lists->list);
    *lists = (struct issuer_lists){.list = NULL};
}

struct issuer_list *issuer_lists_add(struct issuer_lists *lists, struct issuers *issuers, size_t n)
{
    struct issuer_list *list;

    lists->list = mem_resize(lists->list, (lists->n + 1) * sizeof(*lists->list));
    list = &lists->list[lists->n++];
    *list = (struct issuer_list){.issuers = issuers, .n_anchors = n};
    list->anchors = mem_zero(n, sizeof(*list->anchors));
    return list;
}

const struct issuer_list *issuer_lists_find(const struct issuer_lists *lists,
                                            const unsigned char anchor[DIGEST_LEN])
{
    for (size_t i = 0; i < lists->n; i++) {
        for (size_t k = 0; k < lists->list[i].n_anchors; k++) {
            if (memcmp(lists->list[i].anchors[k], anchor, DIGEST_LEN) == 0)
                return &lists->list[i];
        }
    }
    return NULL;
}
