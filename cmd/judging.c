/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/judging.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/codec.h"
#include "core/base/file.h"
#include "core/base/limits.h"
#include "core/model/facts.h"

#define BUILTIN "builtin:"

static enum rc load(const char *place, struct policy **out, struct err *err)
{
    if (strncmp(place, BUILTIN, strlen(BUILTIN)) == 0)
        return policy_builtin(place + strlen(BUILTIN), out, err);
    return policy_load(place, out, err);
}

/* A file of the working folder, which may be anyone's, never takes the place of a name. */
static enum rc find_policy(const struct session *session, const char *name, struct policy **out,
                           struct err *err)
{
    const char *configured =
        session->config ? config_find_policy(session->config, name ? name : "default") : NULL;

    if (configured)
        return load(configured, out, err);
    if (!name)
        return policy_builtin("default", out, err);
    if (!policy_is_builtin(name) && (strchr(name, '/') || file_exists(name)))
        return policy_load(name, out, err);
    return policy_builtin(name, out, err);
}

static enum rc open_facts(const char *path, const struct common *common, FILE **out,
                          struct err *err)
{
    int flags = O_WRONLY | O_CREAT | O_CLOEXEC | (common->force ? O_TRUNC : O_EXCL), fd;

    if (strcmp(path, "-") == 0) {
        *out = stdout;
        return RC_OK;
    }
    fd = open(path, flags, 0666);
    if (fd < 0 && errno == EEXIST)
        return err_find(err, "CMD004", RC_REFUSED, "%s is there already", path);
    *out = fd < 0 ? NULL : fdopen(fd, "w");
    if (*out)
        return RC_OK;
    (void)err_errno(err, "cannot write the facts");
    return err_at(err, "%s", path);
}

enum rc judging_open(const struct session *session, const struct judging_opts *opts,
                     struct judging *out, struct err *err)
{
    *out = (struct judging){.show_personal = session->common->show_personal};
    TRY(find_policy(session, opts->policy, &out->policy, err));
    if (opts->require)
        TRY(policy_require(out->policy, opts->require, err));
    return opts->facts ? open_facts(opts->facts, session->common, &out->facts, err) : RC_OK;
}

/* Facts of a run that failed: some of them would be taken for all of them. */
static void abandon(FILE *facts)
{
    if (facts == stdout)
        return;
    __fpurge(facts);
    (void)!ftruncate(fileno(facts), 0);
    (void)fclose(facts);
}

void judging_close(struct judging *judging)
{
    if (judging->facts)
        abandon(judging->facts);
    judging->facts = NULL;
    policy_free(judging->policy);
    judging->policy = NULL;
}

void judging_describe(const struct judging *judging, struct output *output)
{
    size_t n = 0;

    output->policy_name = judging->policy->name;
    hex_encode(judging->policy->sm3, SM3_LEN, output->policy_sm3);
    while (output->insecure[n])
        n++;
    if (policy_lowers(judging->policy))
        output->insecure[n] = "policy";
}

bool judging_needs(const struct judging *judging, enum level level)
{
    return judging->facts || level == judging->policy->level;
}

static enum rc write_facts(const struct judging *judging, const struct verification items[LEVELS],
                           struct err *err)
{
    CLEANUP(buf_clear) struct buf line = BUF_INIT(LIMIT_FACTS);
    const struct verification *of_levels[LEVELS];

    for (size_t i = 0; i < LEVELS; i++)
        of_levels[i] = items[i].path ? &items[i] : NULL;
    TRY(facts_line(of_levels, judging->now, judging->show_personal, &line, err));
    TRY(buf_puts(&line, "\n", err));
    if (fwrite(line.data, 1, line.len, judging->facts) != line.len)
        return err_errno(err, "cannot write the facts");
    return RC_OK;
}

enum rc judging_item(const struct judging *judging, struct verification items[LEVELS],
                     struct err *err)
{
    if (judging->facts)
        TRY(write_facts(judging, items, err));
    policy_apply(judging->policy, judging->now, &items[judging->policy->level]);
    return RC_OK;
}

enum rc judging_finish(struct judging *judging, struct err *err)
{
    FILE *facts = judging->facts;
    bool failed;

    if (!facts)
        return RC_OK;
    failed = fflush(facts) != 0 || ferror(facts) ||
             (facts != stdout && fsync(fileno(facts)) != 0 && errno != EINVAL);
    if (failed)
        return err_errno(err, "cannot write the facts"); /* judging_close() empties the file */
    judging->facts = NULL;
    if (facts != stdout && fclose(facts) != 0)
        return err_errno(err, "cannot write the facts");
    return RC_OK;
}

/* ---- judging again ---- */

/* One line without its newline; false at the end. */
static enum rc read_line(FILE *stream, struct buf *line, bool *more, struct err *err)
{
    char part[65536];
    bool whole = false;

    buf_reset(line);
    while (!whole && fgets(part, sizeof(part), stream)) {
        size_t n = strlen(part);

        whole = n && part[n - 1] == '\n';
        TRY(buf_add(line, part, whole ? n - 1 : n, err));
    }
    if (ferror(stream))
        return err_errno(err, "cannot read the facts");
    *more = whole || line->len > 0;
    if (line->len && !whole)
        return err_set(err, RC_INPUT, "the last line is cut off: its facts are not whole");
    return RC_OK;
}

static enum rc replay_line(const struct judging *judging, struct span line, struct output *output,
                           enum rc *worst, struct err *err)
{
    CLEANUP(verification_clear) struct verification item = {.path = NULL};
    instant now;

    TRY(facts_parse(line, judging->policy->level, &item, &now, err));
    if (!output->counts.items)
        output->validation_time = now;
    else if (output->validation_time != now) /* of several runs: each item has its own */
        output->validation_time = INSTANT_NONE;
    policy_apply(judging->policy, now, &item);
    *worst = rc_worse(*worst, output_item(output, &item));
    return RC_OK;
}

static enum rc replay_all(const struct judging *judging, FILE *stream, struct output *output,
                          enum rc *worst, struct err *err)
{
    CLEANUP(buf_clear) struct buf line = BUF_INIT(LIMIT_FACTS);
    long number = 0;
    bool more = true;

    for (;;) {
        number++;
        TRY_AT(read_line(stream, &line, &more, err), err, "line %ld", number);
        if (!more)
            break;
        TRY_AT(replay_line(judging, buf_span(&line), output, worst, err), err, "line %ld", number);
    }
    return number > 1 ? RC_OK : err_set(err, RC_INPUT, "there are no facts in it");
}

enum rc judging_replay(const struct judging *judging, const char *path, struct output *output,
                       enum rc *worst, struct err *err)
{
    FILE *stream = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    enum rc rc;

    if (!stream) {
        (void)err_errno(err, "cannot read the facts");
        return err_at(err, "%s", path);
    }
    rc = replay_all(judging, stream, output, worst, err);
    if (stream != stdin)
        (void)fclose(stream);
    return rc == RC_OK ? RC_OK : err_at(err, "%s", path);
}
