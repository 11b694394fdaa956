/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "core/base/mem.h"
#include "core/model/facts.h"
#include "core/model/policy.h"
#include "core/model/report.h"
#include "tests/unit/unit.h"

#define NOW ((instant)1795334400)

static void add_cert(struct path_report *path, const char *subject)
{
    struct cert_report *cert = path_report_add(path);

    memset(cert->sm3, 0x5a, SM3_LEN);
    cert->subject = mem_text(subject);
    cert->key = "SM2";
    cert->bits = 256;
    cert->from = NOW - 100;
    cert->to = NOW + 100;
}

static void fill_seal(struct signature_report *s, int finding)
{
    s->id = mem_text("s001");
    s->is_seal = true;
    s->format = "SES-4";
    s->claimed_time = NOW - 50;
    s->best_time = NOW - 40;
    s->signer_subject = mem_text("CN=甲局(TEST)");
    s->signer_serial = mem_text("0A");
    s->signer_sm3 = mem_text("5a5a");
    s->seal_id = mem_text("TEST-1");
    s->seal_name = mem_text("测试专用章");
    s->seal_valid[0] = NOW - 99;
    s->page = 2;
    memcpy(s->box_um, (long[]){1000, -2000, 30000, 40000}, sizeof(s->box_um));
    s->value_algorithm = mem_text("1.2.156.10197.1.501");
    s->seal_algorithm = mem_text("1.2.156.10197.1.501");
    s->digest = mem_text("1.2.156.10197.1.401");
    s->duplicate = true;
    add_cert(&s->signer_path, "CN=甲局(TEST)");
    add_cert(&s->signer_path, "CN=TEST root");
    add_cert(&s->maker_path, "CN=TEST maker");
    s->signer_revocation = (struct revocation_report){.state = "good",
                                                      .source = "crl",
                                                      .this_update = NOW - 30,
                                                      .next_update = NOW + 30,
                                                      .revoked_at = INSTANT_NONE,
                                                      .produced_at = INSTANT_NONE,
                                                      .number = mem_text("01F4")};
    verification_add_issuer(s, "91350100M000100Y43");
    s->coverage.covers[KIND_PAGE] = 3;
    coverage_add(&s->coverage, "Doc_0/x.xml", KIND_ANNOTATION, NULL, true);
    coverage_add(&s->coverage, "Doc_0/y.xml", KIND_PAGE, "s002", false);
    signature_step(s, "format", STEP_PASSED, -1, SUB_NONE);
    signature_step(s, "seal-validity", STEP_FAILED, finding, SUB_EXPIRED);
    signature_step(s, "of-a-later-version", STEP_UNKNOWN, -1, SUB_NONE);
}

static void fill(struct verification *v)
{
    *v = (struct verification){.path = mem_text("a.ofd"),
                               .has_sm3 = true,
                               .sm3 = {0xab, 0x01},
                               .size = 48213,
                               .identifier = mem_text("1.2.156.3005.2.X"),
                               .type_name = mem_text("营业执照"),
                               .number = mem_text("330102199001011234"),
                               .holder = mem_text("张三丰"),
                               .intact = ANSWER_YES,
                               .in_force = ANSWER_NO,
                               .seals_required = 2};
    verification_add_uncovered(v, "Doc_0/Annots/\xff.xml");
    verification_add_changed_after(v, "Doc_0/b.xml");
    verification_add_unreferenced(v, "Doc_0/c.xml");
    verification_add_personal(v, "李四光");
    (void)findings_add(&v->findings, "SEA203",
                       (struct place){.part = "Doc_0/x.xml",
                                      .line = 3,
                                      .column = 7,
                                      .row = -1,
                                      .field = "名称",
                                      .offset = 28},
                       "time", "2026", "from", "张三丰", "to", "李四光", NULL);
    findings_decide(&v->findings,
                    findings_add(&v->findings, "DIG102", PLACE_NONE, "name", "OFD.xml", NULL),
                    EFFECT_UNDECIDED);
    fill_seal(verification_add_signature(v), 0);
    (void)verification_add_signature(v);
    v->findings.dropped = 4;
    verification_conclude(v, &(struct verdict_facts){.undecided = true});
}

/* The caller frees. */
static char *printed(struct js *js)
{
    CLEANUP(buf_clear) struct buf out = BUF_INIT(1 << 20);
    struct err err = ERR_INIT;

    CK_OK(js_print(js, false, &out, &err), &err);
    js_free(js);
    return buf_take(&out, NULL);
}

static char *line_of(const struct verification *v, bool show)
{
    CLEANUP(buf_clear) struct buf out = BUF_INIT(1 << 20);
    const struct verification *const of_levels[LEVELS] = {v};
    struct err err = ERR_INIT;

    CK_OK(facts_line(of_levels, NOW, show, &out, &err), &err);
    return buf_take(&out, NULL);
}

static char *reported(const struct verification *v, bool show)
{
    return printed(report_item(v, show));
}

static void read_back(const char *line, struct verification *out)
{
    struct err err = ERR_INIT;
    instant now = 0;

    CK_OK(facts_parse(span_of(line), LEVEL_BASIC, out, &now, &err), &err);
    ck_assert_int_eq(now, NOW);
}

static void check_round(bool show)
{
    CLEANUP(verification_clear) struct verification v = {.path = NULL};
    CLEANUP(verification_clear) struct verification again = {.path = NULL};
    CLEANUP(freep) char *line = NULL, *twice = NULL, *want = NULL, *got = NULL;

    fill(&v);
    line = line_of(&v, show);
    read_back(line, &again);
    twice = line_of(&again, show);
    ck_assert_str_eq(line, twice);
    want = reported(&v, show);
    got = reported(&again, show);
    ck_assert_str_eq(want, got);
}

START_TEST(facts_read_back_give_the_same_report)
{
    check_round(false);
}
END_TEST

START_TEST(facts_in_full_give_the_report_in_full)
{
    check_round(true);
}
END_TEST

START_TEST(an_empty_verification_has_facts_too)
{
    CLEANUP(verification_clear) struct verification v = {.path = NULL};
    CLEANUP(verification_clear) struct verification again = {.path = NULL};
    CLEANUP(freep) char *line = NULL;

    verification_conclude(&v, &(struct verdict_facts){.unreadable = RC_INPUT});
    line = line_of(&v, false);
    read_back(line, &again);
    ck_assert_int_eq(again.rc, RC_INPUT);
}
END_TEST

START_TEST(facts_mask_names_and_numbers_unless_told)
{
    CLEANUP(verification_clear) struct verification v = {.path = NULL};
    CLEANUP(freep) char *masked = NULL, *full = NULL;

    fill(&v);
    masked = line_of(&v, false);
    full = line_of(&v, true);
    ck_assert_ptr_null(strstr(masked, "张三丰"));
    ck_assert_ptr_null(strstr(masked, "李四光"));
    ck_assert_ptr_null(strstr(masked, "330102199001011234"));
    ck_assert_ptr_nonnull(strstr(full, "张三丰"));
}
END_TEST

START_TEST(a_policy_judges_facts_as_it_judges_the_file)
{
    CLEANUP(verification_clear) struct verification v = {.path = NULL};
    CLEANUP(verification_clear) struct verification again = {.path = NULL};
    CLEANUP(policy_freep) struct policy *policy = NULL;
    CLEANUP(freep) char *line = NULL, *want = NULL, *got = NULL;
    struct err err = ERR_INIT;

    CK_OK(policy_builtin("strict", &policy, &err), &err);
    fill(&v);
    line = line_of(&v, false);
    read_back(line, &again);
    policy_apply(policy, NOW, &v);
    policy_apply(policy, NOW, &again);
    want = reported(&v, false);
    got = reported(&again, false);
    ck_assert_str_eq(want, got);
}
END_TEST

/* ---- what is no line of facts ---- */

static void refuse(const char *line)
{
    CLEANUP(verification_clear) struct verification v = {.path = NULL};
    struct err err = ERR_INIT;
    instant now;

    ck_assert_msg(facts_parse(span_of(line), LEVEL_BASIC, &v, &now, &err) == RC_INPUT, "%s", line);
}

/* A copy of the object in which one key is left out, or one more is there. */
static struct js *without(const struct js *js, const char *key)
{
    struct js *out = js_object();

    for (struct js_member m = js_first(js); m.key; m = js_next(m)) {
        if (strcmp(m.key, key) != 0)
            js_set(out, m.key, js_copy(m.value));
    }
    return out;
}

static struct js *facts_js(const struct verification *v)
{
    CLEANUP(freep) char *line = line_of(v, false);
    struct js *js = NULL;
    struct err err = ERR_INIT;

    CK_OK(js_parse(span_of(line), &js, &err), &err);
    return js;
}

/* The line with another item in it, of which there is one. */
static struct js *line_with(struct js *item)
{
    struct js *js = js_object(), *levels = js_object(), *found = js_array();

    for (int i = 0; i < LEVELS; i++)
        js_set(levels, level_names[i], js_number(0));
    js_push(found, item);
    js_set(js, "schema", js_string("ecert.facts/1"));
    js_set(js, "validation_time", js_string("2026-11-22T08:00:00Z"));
    js_set(js, "levels", levels);
    js_set(js, "found", found);
    return js;
}

static void refuse_js(struct js *js)
{
    CLEANUP(freep) char *line = printed(js);

    refuse(line);
}

START_TEST(a_key_that_is_missing_or_too_many_is_refused)
{
    CLEANUP(verification_clear) struct verification v = {.path = NULL};
    CLEANUP(js_freep) struct js *js = NULL;
    const struct js *item;
    struct js *more;

    fill(&v);
    js = facts_js(&v);
    for (struct js_member m = js_first(js); m.key; m = js_next(m))
        refuse_js(without(js, m.key));
    item = js_at(js_get(js, "found"), 0);
    for (struct js_member m = js_first(item); m.key; m = js_next(m))
        refuse_js(line_with(without(item, m.key)));
    more = js_copy(item);
    js_set(more, "note", js_null());
    refuse_js(line_with(more));
}
END_TEST

START_TEST(a_value_of_another_kind_is_refused)
{
    CLEANUP(verification_clear) struct verification v = {.path = NULL};
    CLEANUP(js_freep) struct js *js = NULL;
    const struct js *item;

    fill(&v);
    js = facts_js(&v);
    item = js_at(js_get(js, "found"), 0);
    for (struct js_member m = js_first(item); m.key; m = js_next(m)) {
        struct js *other = without(item, m.key);

        js_set(other, m.key, js_real(1.5));
        refuse_js(line_with(other));
    }
}
END_TEST

START_TEST(each_level_gives_what_was_found_at_it)
{
    CLEANUP(verification_clear) struct verification v = {.path = NULL};
    CLEANUP(verification_clear) struct verification long_term = {.path = NULL};
    CLEANUP(buf_clear) struct buf out = BUF_INIT(1 << 20);
    const struct verification *const of_levels[LEVELS] = {&v, &long_term, &v};
    const enum rc want[LEVELS] = {RC_NO, RC_NOTHING, RC_NO};
    struct err err = ERR_INIT;
    instant now;

    fill(&v);
    verification_conclude(&long_term, &(struct verdict_facts){.unreadable = RC_OK});
    CK_OK(facts_line(of_levels, NOW, false, &out, &err), &err);
    ck_assert_ptr_nonnull(strstr(out.data, "{\"basic\":0,\"long-term\":1,\"archival\":0}"));
    for (int i = 0; i < LEVELS; i++) {
        CLEANUP(verification_clear) struct verification again = {.path = NULL};

        CK_OK(facts_parse(buf_span(&out), (enum level)i, &again, &now, &err), &err);
        ck_assert_int_eq(again.rc, want[i]);
    }
}
END_TEST

/* Each replaces one piece of a good line. */
static const struct {
    const char *what, *with;
} pieces[] = {
    {"ecert.facts/1", "ecert.facts/2"},
    {"\"result\":\"passed\"", "\"result\":\"fine\""},
    {"\"sub_indication\":\"EXPIRED\"", "\"sub_indication\":\"CUSTOM\""},
    {"\"finding\":0", "\"finding\":2"},
    {"\"finding\":0", "\"finding\":-2"},
    {"\"code\":\"SEA203\"", "\"code\":\"SEA999\""},
    {"\"severity\":\"error\"", "\"severity\":\"fatal\""},
    {"\"effect\":\"undecided\"", "\"effect\":\"perhaps\""},
    {"\"bits\":256", "\"bits\":-1"},
    {"\"bits\":256", "\"bits\":9999999999999"},
    {"\"key\":\"SM2\"", "\"key\":null"},
    {"\"page\":2", "\"page\":\"2\""},
    {"\"size\":48213", "\"size\":-1"},
    {"\"unreadable\":0", "\"unreadable\":70"},
    {"2026-11-22T08:00:00Z", "2026-11-22 16:00:00"},
    {"\"in_force\":\"no\"", "\"in_force\":\"maybe\""},
    {"\"duplicate\":true", "\"duplicate\":1"},
    {"\"kind\":\"annotation\"", "\"kind\":\"soup\""},
    {"\"covers\":[0", "\"covers\":[-1"},
    {"\"covers\":[0,", "\"covers\":["},
    {"[\"time\",\"2026\"]", "[\"time\"]"},
    {"[\"time\",\"2026\"]", "\"time\""},
    {"{\"schema\"", "[{\"schema\""},
    {"\"01F4\"", "17"},
    {"\"basic\":0", "\"basic\":1"},
    {"\"archival\":0", "\"archival\":-1"},
    {"\"archival\":0", "\"arch\":0"},
};

START_TEST(a_value_that_cannot_be_is_refused)
{
    CLEANUP(verification_clear) struct verification v = {.path = NULL};
    CLEANUP(buf_clear) struct buf out = BUF_INIT(1 << 20);
    CLEANUP(freep) char *line = NULL;
    struct err err = ERR_INIT;
    char *at;

    fill(&v);
    line = line_of(&v, false);
    at = strstr(line, pieces[_i].what);
    ck_assert_msg(at != NULL, "%s", pieces[_i].what);
    CK_OK(buf_add(&out, line, (size_t)(at - line), &err), &err);
    CK_OK(buf_puts(&out, pieces[_i].with, &err), &err);
    CK_OK(buf_puts(&out, at + strlen(pieces[_i].what), &err), &err);
    refuse(out.data);
}
END_TEST

START_TEST(what_is_no_json_is_refused)
{
    refuse("");
    refuse("{}");
    refuse("[]");
    refuse("{\"schema\":\"ecert.facts/1\"}");
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_test(tc, facts_read_back_give_the_same_report);
    tcase_add_test(tc, facts_in_full_give_the_report_in_full);
    tcase_add_test(tc, an_empty_verification_has_facts_too);
    tcase_add_test(tc, facts_mask_names_and_numbers_unless_told);
    tcase_add_test(tc, a_policy_judges_facts_as_it_judges_the_file);
    tcase_add_test(tc, a_key_that_is_missing_or_too_many_is_refused);
    tcase_add_test(tc, a_value_of_another_kind_is_refused);
    tcase_add_test(tc, each_level_gives_what_was_found_at_it);
    tcase_add_loop_test(tc, a_value_that_cannot_be_is_refused, 0, N_OF(pieces));
    tcase_add_test(tc, what_is_no_json_is_refused);
}
