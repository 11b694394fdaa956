/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/model/config.h"
#include "tests/unit/unit.h"

/* Each test has a working folder of its own, with a home in it; the forked child just leaves it. */
static char home[] = "/tmp/ecert-config-XXXXXX";

static void enter(void)
{
    ck_assert_ptr_nonnull(mkdtemp(home));
    ck_assert_int_eq(chdir(home), 0);
    (void)setenv("HOME", home, 1);
    (void)unsetenv("XDG_CONFIG_HOME");
}

static void put(const char *path, const char *text)
{
    CLEANUP(freep) char *folder = path_dir(path);
    struct err err = ERR_INIT;

    CK_OK(dir_make(folder, &err), &err);
    CK_OK(file_write(path, span_of(text), FILE_FORCE, &err), &err);
}

static void leave(void)
{
    static const char *const files[] = {".ecert.yaml", "c.yaml", "demo/config.yaml",
                                        ".config/ecert/config.yaml", "x/ecert/config.yaml"};
    static const char *const folders[] = {"demo", ".config/ecert", ".config", "x/ecert", "x"};

    for (int i = 0; i < N_OF(files); i++)
        (void)unlink(files[i]);
    for (int i = 0; i < N_OF(folders); i++)
        (void)rmdir(folders[i]);
    ck_assert_int_eq(chdir("/"), 0);
    (void)rmdir(home);
    memcpy(home + strlen(home) - 6, "XXXXXX", 6);
}

static const char full[] =
    "keys:\n"
    "  agency: {key: file:agency/a.key, cert: agency/a.crt, chain: [ca/r.crt, /abs/i.crt], "
    "pin-file: null}\n"
    "  token: {key: 'cmd:sign-tool --slot 1', cert: t.crt, pin-file: p}\n"
    "  centre: {key: cmd:seal-service, mode: ses}\n"
    "seals: {official: {file: seals/o.esl, for: [A, B]}, bare: {file: /s.esl}}\n"
    "trust: {default: trust, national: /etc/trust}\n"
    "policies: {default: builtin:default, ours: p.yaml}\n"
    "templates: [templates, /usr/t]\n"
    "journal: j.jsonl\n"
    "operator: 王五\n";

START_TEST(a_configuration_is_read_with_paths_relative_to_it)
{
    CLEANUP(config_freep) struct config *config = NULL;
    const struct config_key *key = NULL;
    const struct config_seal *seal = NULL;
    const char *value = NULL;
    struct err err = ERR_INIT;

    put("demo/config.yaml", full);
    CK_OK(config_load("demo/config.yaml", &config, &err), &err);
    CK_OK(config_key(config, "agency", &key, &err), &err);
    ck_assert_str_eq(key->key, "file:demo/agency/a.key");
    ck_assert_str_eq(key->cert, "demo/agency/a.crt");
    ck_assert_str_eq(key->chain[0], "demo/ca/r.crt");
    ck_assert_str_eq(key->chain[1], "/abs/i.crt");
    ck_assert(!key->chain[2] && !key->pin_file && !key->ses);
    CK_OK(config_key(config, "token", &key, &err), &err);
    ck_assert_str_eq(key->key, "cmd:sign-tool --slot 1");
    ck_assert_str_eq(key->pin_file, "demo/p");
    CK_OK(config_key(config, "centre", &key, &err), &err);
    ck_assert(key->ses && !key->cert);
    CK_OK(config_seal(config, "official", &seal, &err), &err);
    ck_assert_str_eq(seal->file, "demo/seals/o.esl");
    ck_assert(strcmp(seal->owners[1], "B") == 0 && !seal->owners[2]);
    CK_OK(config_trust(config, "default", &value, &err), &err);
    ck_assert_str_eq(value, "demo/trust");
    ck_assert_str_eq(config_find_trust(config, "national"), "/etc/trust");
    CK_OK(config_policy(config, "default", &value, &err), &err);
    ck_assert_str_eq(value, "builtin:default");
    ck_assert_str_eq(config_find_policy(config, "ours"), "demo/p.yaml");
    ck_assert_str_eq(config->templates[0], "demo/templates");
    ck_assert_str_eq(config->journal, "demo/j.jsonl");
    ck_assert_str_eq(config->operator, "王五");
}
END_TEST

START_TEST(the_search_goes_from_the_working_folder_to_the_home_and_adds_up)
{
    CLEANUP(config_freep) struct config *config = NULL;
    struct err err = ERR_INIT;

    put(".ecert.yaml", "keys: {a: {key: file:near.key}}\ntemplates: near\n");
    put(".config/ecert/config.yaml", "keys: {a: {key: file:far.key}, b: {key: cmd:tool}}\n"
                                     "trust: {default: /t}\ntemplates: [/far]\noperator: me\n");
    CK_OK(config_load(NULL, &config, &err), &err);
    ck_assert_str_eq(config_find_key(config, "a")->key, "file:near.key");
    ck_assert_str_eq(config_find_key(config, "b")->key, "cmd:tool");
    ck_assert_str_eq(config_find_trust(config, "default"), "/t");
    ck_assert_str_eq(config->templates[0], "near");
    ck_assert_str_eq(config->templates[1], "/far");
    ck_assert_str_eq(config->operator, "me");
    ck_assert_str_eq(config->files[0], ".ecert.yaml");
}
END_TEST

START_TEST(xdg_config_home_takes_the_place_of_the_home)
{
    CLEANUP(config_freep) struct config *config = NULL;
    CLEANUP(freep) char *xdg = path_join(home, "x");
    struct err err = ERR_INIT;

    put(".config/ecert/config.yaml", "operator: home\n");
    put("x/ecert/config.yaml", "operator: xdg\n");
    (void)setenv("XDG_CONFIG_HOME", xdg, 1);
    CK_OK(config_load(NULL, &config, &err), &err);
    ck_assert_str_eq(config->operator, "xdg");
}
END_TEST

START_TEST(a_named_file_replaces_the_search_and_no_file_is_no_fault)
{
    CLEANUP(config_freep) struct config *named = NULL;
    CLEANUP(config_freep) struct config *none = NULL;
    CLEANUP(config_freep) struct config *searched = NULL;
    struct err err = ERR_INIT;

    put("c.yaml", "journal: j\n");
    CK_OK(config_load(NULL, &searched, &err), &err);
    put(".ecert.yaml", "operator: me\n");
    CK_OK(config_load("c.yaml", &named, &err), &err);
    ck_assert(!named->operator&& strcmp(named->journal, "j") == 0);
    CK_OK(config_load("", &none, &err), &err);
    ck_assert(!none->operator&& !none->files);
    ck_assert(config_load("missing.yaml", &none, &err) == RC_SYSTEM);
}
END_TEST

static const struct {
    const char *text, *where, *says;
} wrong[] = {
    {"key: {}\n", "c.yaml:1:1", "did you mean 'keys'"},
    {"keys: {a: {kee: file:x}}\n", "c.yaml:1:12", "did you mean 'key'"},
    {"keys: {a: {cert: x}}\n", "c.yaml:1:11", "key 'key' is missing"},
    {"keys: {a: {key: x.key}}\n", "c.yaml:1:17", "want file:PATH"},
    {"keys: {a: {key: 'file:'}}\n", "c.yaml:1:17", "want file:PATH"},
    {"keys: {a: {key: 'cmd:'}}\n", "c.yaml:1:17", "want file:PATH"},
    {"keys: {a: {key: file:x, mode: ses}}\n", "c.yaml:1:31", "cmd: key alone"},
    {"keys: {a: {key: cmd:x, mode: sex}}\n", "c.yaml:1:30", "'ses'"},
    {"keys: [a]\n", "c.yaml:1:7", "keys and values"},
    {"keys: {a: x}\n", "c.yaml:1:11", "keys and values"},
    {"keys: {a: }\n", "c.yaml:1:11", "keys and values"},
    {"seals: {a: {for: [x]}}\n", "c.yaml:1:12", "'file' is missing"},
    {"seals: {a: {file: x, fro: y}}\n", "c.yaml:1:22", "did you mean 'for'"},
    {"trust: {default: [a]}\n", "c.yaml:1:18", "text"},
    {"trust: {default: ''}\n", "c.yaml:1:18", "empty"},
    {"templates: {a: b}\n", "c.yaml:1:12", "text"},
    {"journal: [x]\n", "c.yaml:1:10", "text"},
    {"[a]\n", "c.yaml:1:1", "keys and values"},
};

START_TEST(a_fault_in_it_is_named_with_its_place)
{
    struct config *config = NULL;
    struct err err = ERR_INIT;

    put("c.yaml", wrong[_i].text);
    ck_assert_int_eq(config_load("c.yaml", &config, &err), RC_USAGE);
    ck_assert_str_eq(err.where, wrong[_i].where);
    ck_assert_msg(strstr(err.text, wrong[_i].says) != NULL, "%s", err.text);
}
END_TEST

static const struct {
    const char *text, *where;
} untrusted[] = {
    {"trust: {default: t}\n", ".ecert.yaml:1:8"},
    {"policies: {default: p}\n", ".ecert.yaml:1:11"},
    {"keys: {a: {key: 'cmd:rm -r x'}}\n", ".ecert.yaml:1:17"},
};

START_TEST(the_working_folder_may_not_give_trust_policies_or_commands)
{
    CLEANUP(config_freep) struct config *named = NULL;
    struct config *found = NULL;
    struct err err = ERR_INIT;

    put(".ecert.yaml", untrusted[_i].text);
    ck_assert_int_eq(config_load(NULL, &found, &err), RC_USAGE);
    ck_assert_str_eq(err.where, untrusted[_i].where);
    ck_assert_ptr_nonnull(strstr(err.text, "working folder"));
    CK_OK(config_load(".ecert.yaml", &named, &err), &err); /* named, the user vouches for it */
}
END_TEST

START_TEST(a_name_that_is_not_there_is_answered_with_one_that_is)
{
    CLEANUP(config_freep) struct config *config = NULL;
    const struct config_key *key = NULL;
    const struct config_seal *seal = NULL;
    const char *value = NULL;
    struct err err = ERR_INIT;

    put("c.yaml", full);
    CK_OK(config_load("c.yaml", &config, &err), &err);
    ck_assert_int_eq(config_key(config, "agencs", &key, &err), RC_USAGE);
    ck_assert_ptr_nonnull(strstr(err.text, "did you mean 'agency'?"));
    ck_assert_int_eq(config_seal(config, "zzz", &seal, &err), RC_USAGE);
    ck_assert_ptr_nonnull(strstr(err.text, "it has 'official'"));
    ck_assert_int_eq(config_trust(config, "x", &value, &err), RC_USAGE);
    ck_assert_int_eq(config_policy(config, "x", &value, &err), RC_USAGE);
    ck_assert_ptr_null(config_find_key(config, "x"));
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_checked_fixture(tc, enter, leave);
    tcase_add_test(tc, a_configuration_is_read_with_paths_relative_to_it);
    tcase_add_test(tc, the_search_goes_from_the_working_folder_to_the_home_and_adds_up);
    tcase_add_test(tc, xdg_config_home_takes_the_place_of_the_home);
    tcase_add_test(tc, a_named_file_replaces_the_search_and_no_file_is_no_fault);
    tcase_add_loop_test(tc, a_fault_in_it_is_named_with_its_place, 0, N_OF(wrong));
    tcase_add_loop_test(tc, the_working_folder_may_not_give_trust_policies_or_commands, 0,
                        N_OF(untrusted));
    tcase_add_test(tc, a_name_that_is_not_there_is_answered_with_one_that_is);
}
