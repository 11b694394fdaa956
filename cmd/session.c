/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/limits.h"
#include "core/crypto/hash.h"

static enum rc pin_clock(const struct common *common, struct err *err)
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    char text[32];
    instant at = common->at;

    if (at == INSTANT_NONE && epoch && *epoch) {
        (void)snprintf(text, sizeof(text), "@%s", epoch);
        TRY_AT(instant_parse(text, &at, err), err, "SOURCE_DATE_EPOCH");
    }
    clock_pin(at);
    return RC_OK;
}

enum rc session_open(struct session *session, const struct common *common, struct err *err)
{
    *session = (struct session){.common = common};
    TRY(crypto_init(err));
    TRY(pin_clock(common, err));
    return config_load(common->config, &session->config, err);
}

void session_close(struct session *session)
{
    issuer_lists_clear(&session->lists);
    config_free(session->config);
    session->config = NULL;
}

enum rc session_open_journal(const struct session *session, const char *command,
                             struct journal **out, struct err *err)
{
    const struct common *common = session->common;
    const char *path = common->journal ? common->journal : session->config->journal;
    struct journal_entry begin = {.op = JOURNAL_BEGIN, .reason = command};

    *out = NULL;
    if (!path || common->dry_run)
        return RC_OK;
    TRY(journal_open(
        path, common->operator_name ? common->operator_name : session->config->operator, out, err));
    if (journal_torn_line(*out))
        fprintf(stderr,
                tr(N_("ecert: %s: line %ld was cut off by an earlier crash and is removed\n")),
                path, journal_torn_line(*out));
    return journal_write(*out, &begin, err);
}

enum rc session_end_journal(struct journal *journal, size_t done, size_t rejected, struct err *err)
{
    char reason[64];
    struct journal_entry summary = {.op = JOURNAL_SUMMARY, .reason = reason};

    (void)snprintf(reason, sizeof(reason), "done %zu rejected %zu", done, rejected);
    return journal ? journal_write(journal, &summary, err) : RC_OK;
}

/* A name of the configuration, else a folder; a path is told by its slash or by being there. */
static enum rc add_trust(struct session *session, struct trust *trust, const char *name,
                         struct err *err)
{
    const char *folder = config_find_trust(session->config, name);
    size_t before = trust_n_anchors(trust);
    struct issuers *issuers = NULL;
    struct issuer_list *list;

    if (!folder && (strchr(name, '/') || dir_exists(name)))
        folder = name;
    if (!folder)
        TRY(config_trust(session->config, name, &folder, err));
    TRY(trust_load(trust, folder, err));
    TRY(issuers_load(folder, &issuers, err));
    list = issuer_lists_add(&session->lists, issuers, trust_n_anchors(trust) - before);
    for (size_t i = 0; i < list->n_anchors; i++)
        memcpy(list->anchors[i], cert_sm3(trust_anchor(trust, before + i)), SM3_LEN);
    return RC_OK;
}

static enum rc add_sources(const struct trust_opts *opts, struct trust *trust, struct err *err)
{
    for (size_t i = 0; opts->crls && i < opts->crls->n; i++)
        TRY(trust_load_crls(trust, opts->crls->items[i], err));
    for (size_t i = 0; opts->ocsps && i < opts->ocsps->n; i++)
        TRY(trust_load_ocsp(trust, opts->ocsps->items[i], err));
    return RC_OK;
}

/* Anchors that cannot do what one expects of them are worth a word, not a refusal. */
static void tell_trust(const struct trust *trust, instant at)
{
    struct trust_counts counts = trust_count(trust, at != INSTANT_NONE ? at : clock_system());

    fprintf(stderr,
            tr(N_("ecert: trust: %zu anchors, %zu intermediates, %zu revocation lists, %zu OCSP "
                  "responses\n")),
            counts.anchors, counts.intermediates, counts.crls, counts.ocsps);
    if (counts.expired)
        fprintf(stderr, tr(N_("ecert: trust: %zu anchors have expired\n")), counts.expired);
    if (counts.not_ca)
        fprintf(stderr,
                tr(N_("ecert: trust: %zu anchors are no certificate authorities: each is trusted "
                      "for itself alone\n")),
                counts.not_ca);
}

enum rc session_trust(struct session *session, const struct trust_opts *opts, struct trust **out,
                      struct err *err)
{
    CLEANUP(trust_freep) struct trust *trust = trust_new();

    for (size_t i = 0; i < opts->trust->n; i++)
        TRY(add_trust(session, trust, opts->trust->items[i], err));
    if (opts->trust->n == 0 && config_find_trust(session->config, "default"))
        TRY(add_trust(session, trust, "default", err));
    TRY(add_sources(opts, trust, err));
    if (session->common->verbose && opts->ocsps)
        tell_trust(trust, session->common->at);
    *out = MOVE(trust);
    return RC_OK;
}

/* Where the PIN of a key comes from, in the order in which the sources count. */
struct pin_ways {
    const struct keyopts *keys;
    const char *configured;
    bool no_input;
};

static enum rc get_pin(void *context, struct secret *out, struct err *err)
{
    const struct pin_ways *ways = context;

    if (ways->keys->pin_file)
        return secret_from_file(ways->keys->pin_file, out, err);
    if (ways->keys->pin_fd >= 0)
        return secret_from_fd(ways->keys->pin_fd, out, err);
    if (ways->configured)
        return secret_from_file(ways->configured, out, err);
    if (ways->no_input)
        return err_find(err, "CMD005", RC_KEY, "the key needs a PIN: give --pin-file or --pin-fd");
    return secret_prompt(tr(N_("PIN of the key: ")), out, err);
}

/* What the options and the configuration together say about a key. */
struct key_facts {
    const char *key, *cert, *pin_file;
    char *const *chain;
    bool ses;
};

static enum rc find_key(const struct session *session, const struct keyopts *keys,
                        struct key_facts *out, struct err *err)
{
    const struct config_key *named;

    *out = (struct key_facts){.key = keys->key, .cert = keys->cert};
    if (!keys->key)
        return err_set(err, RC_USAGE, "--key is required");
    if (strncmp(keys->key, "cmd:ses:", 8) == 0) {
        out->ses = true;
        out->key = keys->key + 4;
        return RC_OK;
    }
    if (strncmp(keys->key, "file:", 5) == 0 || strncmp(keys->key, "cmd:", 4) == 0)
        return RC_OK;
    TRY(config_key(session->config, keys->key, &named, err));
    *out = (struct key_facts){.key = named->key,
                              .cert = keys->cert ? keys->cert : named->cert,
                              .pin_file = named->pin_file,
                              .chain = named->chain,
                              .ses = named->ses};
    return RC_OK;
}

static enum rc load_chain(const struct key_facts *facts, const struct keyopts *keys,
                          struct certs *out, struct err *err)
{
    for (char *const *path = facts->chain; path && *path; path++)
        TRY(certs_load(*path, out, err));
    for (size_t i = 0; i < keys->chain.n; i++)
        TRY(certs_load(keys->chain.items[i], out, err));
    return RC_OK;
}

/* The first certificate of the key's entry, or the one that a PKCS#12 file holds. */
static enum rc make_signer(const struct session *session, const struct keyopts *keys,
                           const struct key_facts *facts, struct sealer *out, struct err *err)
{
    CLEANUP(certs_clear) struct certs certs = {.list = NULL};
    CLEANUP(key_freep) struct key *key = NULL;
    struct pin_ways ways = {keys, facts->pin_file, session->common->no_input};
    struct pin_source pin = {.get = get_pin, .context = &ways};

    if (facts->cert)
        TRY(certs_load(facts->cert, &certs, err));
    if (certs.n)
        TRY(sealer_check(out, certs.list[0], err)); /* before the PIN is asked */
    if (strncmp(facts->key, "cmd:", 4) == 0 && certs.n)
        return signer_of_command(facts->key + 4, certs.list[0], &out->signer, err);
    if (strncmp(facts->key, "cmd:", 4) != 0)
        TRY(key_load(facts->key + 5, &pin, &key, certs.n ? NULL : &certs, err));
    if (certs.n == 0)
        return err_find(err, "CMD005", RC_KEY, "%s: which certificate? give --cert",
                        strchr(facts->key, ':') + 1);
    return signer_of_key(MOVE(key), certs.list[0], &out->signer, err);
}

static enum rc load_seal(const struct session *session, const char *name, struct sealer *out,
                         struct err *err)
{
    CLEANUP(findings_clear) struct findings notes = {.list = NULL};
    const struct config_seal *named = config_find_seal(session->config, name);
    const char *path = named ? named->file : name;

    if (!named && !strchr(name, '/') && !file_exists(name))
        TRY(config_seal(session->config, name, &named, err));
    TRY(file_read(path, &out->esl, err));
    TRY_AT(ses_seal_read(buf_span(&out->esl), &out->seal, &notes, err), err, "%s", path);
    if (named && named->owners) {
        out->owners = (const char *const *)named->owners;
        while (named->owners[out->n_owners])
            out->n_owners++;
    }
    return packed_make(buf_span(&out->esl), PACK_STORE, &out->packed, err);
}

enum rc session_sealer(const struct session *session, const struct keyopts *keys, bool with_seal,
                       struct sealer *out, struct err *err)
{
    struct key_facts facts;

    out->insecure_time = keys->insecure_time;
    TRY(find_key(session, keys, &facts, err));
    if (with_seal && !keys->seal)
        return err_set(err, RC_USAGE, "--seal is required");
    if (with_seal)
        TRY(load_seal(session, keys->seal, out, err));
    if (with_seal && keys->ses != SES_ANY &&
        (keys->ses == SES_5) != (out->seal.layout == SES_LAYOUT_5))
        return err_set(
            err, RC_USAGE,
            "--ses %d: the seal '%s' is of version %d, and a signature has the version of "
            "its seal; ecert eseal make --ses makes one of another version",
            keys->ses == SES_5 ? 5 : 4, out->seal.name, (int)out->seal.layout);
    if (facts.ses)
        TRY(signer_of_command(strchr(facts.key, ':') + 1, NULL, &out->signer, err));
    else
        TRY(make_signer(session, keys, &facts, out, err));
    TRY(load_chain(&facts, keys, &out->chain, err));
    return sealer_check(out, signer_cert(out->signer), err);
}
