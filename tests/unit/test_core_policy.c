/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "core/base/codec.h"
#include "core/base/file.h"
#include "core/base/mem.h"
#include "core/model/policy.h"
#include "tests/unit/unit.h"

#define NOW ((instant)1795334400)
#define DAY ((instant)86400)
#define USCC "91350100M000100Y43" /* the example of GB 32100-2015 */

static struct policy *parse(const char *text)
{
    struct policy *policy = NULL;
    struct err err = ERR_INIT;

    CK_OK(policy_parse(span_of(text), "p.yaml", &policy, &err), &err);
    return policy;
}

/* ---- reading ---- */

START_TEST(the_policies_that_ecert_brings_along_can_be_read)
{
    static const char *const names[] = {"default", "strict", "archive"};

    for (int i = 0; i < N_OF(names); i++) {
        CLEANUP(policy_freep) struct policy *policy = NULL;
        struct err err = ERR_INIT;

        CK_OK(policy_builtin(names[i], &policy, &err), &err);
        ck_assert_str_eq(policy->name, names[i]);
        ck_assert(!policy_lowers(policy));
    }
}
END_TEST

START_TEST(a_policy_that_ecert_does_not_bring_along_is_no_policy)
{
    CLEANUP(policy_freep) struct policy *policy = NULL;
    struct err err = ERR_INIT;

    ck_assert_int_eq(policy_builtin("lax", &policy, &err), RC_USAGE);
    ck_assert_ptr_null(policy);
}
END_TEST

START_TEST(every_key_of_a_policy_is_read)
{
    CLEANUP(policy_freep)
    struct policy *p = parse(
        "schema: ecert.policy/1\nname: counter\nextends: strict\nlevel: archival\n"
        "findings: {TIM292: warn, CRT301: undecided}\nself-made: warn\nweak: fail\n"
        "require: {seals: 2, coverage: full, timestamp: true, status: true, issuer: " USCC "}\n"
        "algorithms: {MD5: refuse, SHA-1: {until: 2017-01-01}, SM3: allow}\n"
        "keys: {rsa: [{min: 1024}, {min: 3072, from: 2020-01-01}]}\n"
        "revocation: {crl: 7, ocsp: 2}\n");

    ck_assert_str_eq(p->name, "counter");
    ck_assert_int_eq(p->level, LEVEL_ARCHIVAL);
    ck_assert_int_eq(p->require.seals, 2);
    ck_assert(p->require.coverage && p->require.timestamp && p->require.status);
    ck_assert_uint_eq(p->require.n_issuers, 1);
    ck_assert_uint_eq(p->n_algorithms, 3);
    ck_assert_int_eq(p->crl_days, 7);
    ck_assert_int_eq(p->ocsp_days, 2);
    ck_assert(policy_lowers(p));
    ck_assert_uint_eq(p->n_keys, 4); /* ec and sm2 of strict, two of its own for rsa */
}
END_TEST

START_TEST(a_policy_is_named_by_its_file_where_it_has_no_name)
{
    CLEANUP(policy_freep) struct policy *p = parse("findings: {}\n");

    ck_assert_str_eq(p->name, "p.yaml");
}
END_TEST

START_TEST(the_digest_of_a_policy_is_that_of_its_own_bytes)
{
    CLEANUP(policy_freep) struct policy *p = parse("extends: strict\n");
    unsigned char digest[SM3_LEN];

    sm3(span_of("extends: strict\n"), digest);
    ck_assert_mem_eq(p->sm3, digest, SM3_LEN);
}
END_TEST

static const struct {
    const char *text, *where, *says;
} faults[] = {
    {"nme: x\n", "p.yaml:1:1", "unknown key"},
    {"schema: ecert.policy/2\n", "p.yaml:1:9", "ecert.policy"},
    {"extends: lax\n", "p.yaml:1:10", "extends"},
    {"extends: ./strict\n", "p.yaml:1:10", "extends"},
    {"findings: {XYZ999: warn}\n", "p.yaml:1:12", "XYZ999"},
    {"findings:\n  TIM301: loud\n", "p.yaml:2:11", "loud"},
    {"findings:\n  DIG201: warn\n", "p.yaml:2:11", "DIG201"},
    {"findings:\n  SIG201: undecided\n", "p.yaml:2:11", "SIG201"},
    {"findings:\n  SEA201: ignore\n", "p.yaml:2:11", "SEA201"},
    {"findings:\n  OFD203: inform\n", "p.yaml:2:11", "OFD203"},
    {"findings:\n  CRT101: warn\n", "p.yaml:2:11", "CRT101"},
    {"findings:\n  PKG004: undecided\n", "p.yaml:2:11", "PKG004"},
    {"findings:\n  CRT205: warn\n", "p.yaml:2:11", "CRT205"},
    {"findings:\n  CRT204: ignore\n", "p.yaml:2:11", "CRT204"},
    {"findings:\n  TIM202: inform\n", "p.yaml:2:11", "TIM202"},
    {"findings:\n  TIM204: warn\n", "p.yaml:2:11", "TIM204"},
    {"findings:\n  CMD301: ignore\n", "p.yaml:2:11", "CMD301"},
    {"findings: [DIG201]\n", "p.yaml:1:11", "keys and values"},
    {"require: {seals: many}\n", "p.yaml:1:18", ""},
    {"require: {coverage: most}\n", "p.yaml:1:21", "most"},
    {"require: {issuer: 12345}\n", "p.yaml:1:19", "GB 32100"},
    {"require: {everything: true}\n", "p.yaml:1:11", "unknown key"},
    {"algorithms: {MD5: never}\n", "p.yaml:1:19", "never"},
    {"algorithms: {MD5: {until: soon}}\n", "p.yaml:1:27", "soon"},
    {"algorithms: {MD5: {}}\n", "p.yaml:1:19", "until"},
    {"keys: {dsa: {min: 1}}\n", "p.yaml:1:8", "unknown key"},
    {"keys: {rsa: {from: 2020-01-01}}\n", "p.yaml:1:13", "min"},
    {"revocation: {crl: 0}\n", "p.yaml:1:19", ""},
    {"level: eternal\n", "p.yaml:1:8", "eternal"},
    {"weak: [fail]\n", "p.yaml:1:7", ""},
};

START_TEST(a_fault_of_a_policy_is_told_with_its_line)
{
    CLEANUP(policy_freep) struct policy *policy = NULL;
    struct err err = ERR_INIT;

    ck_assert_int_eq(policy_parse(span_of(faults[_i].text), "p.yaml", &policy, &err), RC_USAGE);
    ck_assert_ptr_null(policy);
    ck_assert_str_eq(err.where, faults[_i].where);
    ck_assert_msg(strstr(err.text, faults[_i].says), "%s", err.text);
}
END_TEST

START_TEST(no_code_that_speaks_of_changed_content_may_be_lowered)
{
    static const char *const groups[] = {"DIG2", "OFD2", "SIG2", "XML0", "PKG0", "SIG0", "SEA0"};

    for (const struct finding_type *type = finding_types; type->code; type++) {
        for (int i = 0; i < N_OF(groups); i++) {
            if (strncmp(type->code, groups[i], 4) == 0)
                ck_assert_msg(policy_least(type) == policy_default_weight(type), "%s", type->code);
        }
    }
    ck_assert_int_eq(policy_least(finding_type("TIM292")), WEIGHT_IGNORE);
    ck_assert_int_eq(policy_least(finding_type("DIG102")), WEIGHT_IGNORE);
}
END_TEST

START_TEST(a_revoked_key_or_forged_timestamp_may_be_doubted_at_the_most)
{
    static const char *const codes[] = {"CRT204", "CRT205", "TIM201", "TIM202", "TIM203", "TIM210"};

    for (int i = 0; i < N_OF(codes); i++)
        ck_assert_int_eq(policy_least(finding_type(codes[i])), WEIGHT_UNDECIDED);
}
END_TEST

static const struct {
    const char *list;
    bool good;
} lists[] = {
    {"seals=2", true},        {"coverage=full,timestamp,status,issuer=" USCC, true},
    {"seals=0", false},       {"seals=", false},
    {"seals=2x", false},      {"coverage", false},
    {"coverage=half", false}, {"timestamp=yes", false},
    {"issuer=1", false},      {"", false},
    {"status,", false},
};

START_TEST(what_require_lists_is_added_to_the_policy)
{
    CLEANUP(policy_freep) struct policy *p = parse("name: x\n");
    struct err err = ERR_INIT;

    ck_assert_int_eq(policy_require(p, lists[_i].list, &err), lists[_i].good ? RC_OK : RC_USAGE);
}
END_TEST

/* ---- applying ---- */

/* One seal with a passed format and a step "s" as given, on which a finding hangs. */
struct scene {
    const char *code;
    enum step_result result;
    enum sub_indication sub;
    const char *level; /* of the policy, for that code */
    enum step_result want;
    enum indication indication;
    enum sub_indication want_sub;
    enum rc rc;
};

static int note(struct verification *v, const char *code)
{
    return findings_add(&v->findings, code, PLACE_NONE, "name", "x", NULL);
}

static struct signature_report *add_seal(struct verification *v)
{
    struct signature_report *s = verification_add_signature(v);

    s->id = mem_text("s1");
    s->is_seal = true;
    s->claimed_time = NOW - DAY;
    signature_step(s, "format", STEP_PASSED, -1, SUB_NONE);
    return s;
}

static void judge(const char *policy, struct verification *v)
{
    CLEANUP(policy_freep) struct policy *p = parse(policy);

    v->facts.unreadable = RC_OK;
    policy_apply(p, NOW, v);
}

static const struct scene scenes[] = {
    /* raised: what passed, was not run, is unknown to nobody's harm, or undecided */
    {"TIM301", STEP_PASSED, SUB_NONE, "fail", STEP_FAILED, TOTAL_FAILED, SUB_FORMAT_FAILURE, RC_NO},
    {"TIM301", STEP_PASSED, SUB_NONE, "undecided", STEP_UNKNOWN, INDETERMINATE, SUB_NO_POE,
     RC_UNDECIDED},
    {"CRT301", STEP_NOT_RUN, SUB_NONE, "undecided", STEP_UNKNOWN, INDETERMINATE, SUB_TRY_LATER,
     RC_UNDECIDED},
    {"CRT105", STEP_UNKNOWN, SUB_SIG_CONSTRAINTS_FAILURE, "fail", STEP_FAILED, TOTAL_FAILED,
     SUB_FORMAT_FAILURE, RC_NO},
    {"SIG318", STEP_UNKNOWN, SUB_NONE, "fail", STEP_FAILED, TOTAL_FAILED, SUB_FORMAT_FAILURE,
     RC_NO},
    /* as it was */
    {"CRT105", STEP_UNKNOWN, SUB_SIG_CONSTRAINTS_FAILURE, "undecided", STEP_UNKNOWN, INDETERMINATE,
     SUB_SIG_CONSTRAINTS_FAILURE, RC_UNDECIDED},
    {"DIG201", STEP_FAILED, SUB_HASH_FAILURE, "fail", STEP_FAILED, TOTAL_FAILED, SUB_HASH_FAILURE,
     RC_NO},
    /* lowered */
    {"SEA203", STEP_FAILED, SUB_EXPIRED, "undecided", STEP_UNKNOWN, INDETERMINATE,
     SUB_OUT_OF_BOUNDS_NO_POE, RC_UNDECIDED},
    {"CRT205", STEP_FAILED, SUB_REVOKED, "undecided", STEP_UNKNOWN, INDETERMINATE,
     SUB_REVOKED_NO_POE, RC_UNDECIDED},
    {"SEA203", STEP_FAILED, SUB_EXPIRED, "warn", STEP_UNKNOWN, TOTAL_PASSED, SUB_NONE, RC_OK},
    {"SEA203", STEP_FAILED, SUB_EXPIRED, "inform", STEP_UNKNOWN, TOTAL_PASSED, SUB_NONE, RC_OK},
    {"SEA203", STEP_FAILED, SUB_EXPIRED, "ignore", STEP_NOT_RUN, TOTAL_PASSED, SUB_NONE, RC_OK},
    {"CRT105", STEP_UNKNOWN, SUB_SIG_CONSTRAINTS_FAILURE, "warn", STEP_UNKNOWN, TOTAL_PASSED,
     SUB_NONE, RC_OK},
    {"TIM301", STEP_PASSED, SUB_NONE, "ignore", STEP_PASSED, TOTAL_PASSED, SUB_NONE, RC_OK},
    /* a step that is worse than its finding has another reason, which stays */
    {"DIG301", STEP_FAILED, SUB_HASH_FAILURE, "ignore", STEP_FAILED, TOTAL_FAILED, SUB_HASH_FAILURE,
     RC_NO},
    {"SIG317", STEP_UNKNOWN, SUB_SIG_CONSTRAINTS_FAILURE, "ignore", STEP_UNKNOWN, INDETERMINATE,
     SUB_SIG_CONSTRAINTS_FAILURE, RC_UNDECIDED},
};

START_TEST(a_level_moves_the_step_that_the_finding_is_the_reason_of)
{
    const struct scene *scene = &scenes[_i];
    CLEANUP(verification_clear) struct verification v = {.path = NULL};
    struct signature_report *s = add_seal(&v);
    char policy[80];

    signature_step(s, "s", scene->result, note(&v, scene->code), scene->sub);
    (void)snprintf(policy, sizeof(policy), "findings: {%s: %s}\n", scene->code, scene->level);
    judge(policy, &v);
    ck_assert_int_eq(v.signatures[0].steps[1].result, scene->want);
    ck_assert_int_eq(v.signatures[0].indication, scene->indication);
    ck_assert_int_eq(v.signatures[0].sub, scene->want_sub);
    ck_assert_int_eq(v.rc, scene->rc);
    ck_assert(v.findings.list[0].ignored == (strcmp(scene->level, "ignore") == 0));
}
END_TEST

static const struct {
    const char *code;
    enum effect effect;
    const char *level;
    enum severity severity;
    enum rc rc;
} loose[] = {
    {"DIG101", EFFECT_UNDECIDED, "fail", SEVERITY_ERROR, RC_NO},
    {"DIG101", EFFECT_UNDECIDED, "undecided", SEVERITY_ERROR, RC_UNDECIDED},
    {"DIG101", EFFECT_UNDECIDED, "warn", SEVERITY_WARNING, RC_OK},
    {"DIG101", EFFECT_UNDECIDED, "inform", SEVERITY_INFO, RC_OK},
    {"DIG101", EFFECT_UNDECIDED, "ignore", SEVERITY_INFO, RC_OK},
    {"TIM292", EFFECT_FAILED, "undecided", SEVERITY_WARNING, RC_UNDECIDED},
    {"TIM292", EFFECT_FAILED, "warn", SEVERITY_WARNING, RC_OK},
    {"SEA317", EFFECT_NONE, "fail", SEVERITY_ERROR, RC_NO},
    {"OFD309", EFFECT_NONE, "undecided", SEVERITY_WARNING, RC_UNDECIDED},
    {"OFD309", EFFECT_NONE, "warn", SEVERITY_WARNING, RC_OK},
};

START_TEST(a_level_decides_by_itself_where_the_finding_has_no_step)
{
    CLEANUP(verification_clear) struct verification v = {.path = NULL};
    char policy[80];

    (void)add_seal(&v);
    findings_decide(&v.findings, note(&v, loose[_i].code), loose[_i].effect);
    (void)snprintf(policy, sizeof(policy), "findings: {%s: %s}\n", loose[_i].code, loose[_i].level);
    judge(policy, &v);
    ck_assert_int_eq(v.findings.list[0].severity, loose[_i].severity);
    ck_assert_int_eq(v.rc, loose[_i].rc);
}
END_TEST

START_TEST(no_policy_lowers_what_no_finding_stands_for)
{
    CLEANUP(verification_clear) struct verification v = {.path = NULL};

    (void)add_seal(&v);
    v.facts.face_disagrees = true;
    judge("findings: {DIG101: ignore}\n", &v);
    ck_assert_int_eq(v.rc, RC_NO);
}
END_TEST

START_TEST(what_was_lowered_is_said)
{
    CLEANUP(verification_clear) struct verification v = {.path = NULL};

    (void)add_seal(&v);
    findings_decide(&v.findings, note(&v, "DIG102"), EFFECT_UNDECIDED);
    judge("name: mild\nfindings: {DIG102: inform, TIM292: warn}\n", &v);
    ck_assert(findings_has(&v.findings, "CMD301"));
    ck_assert_ptr_nonnull(strstr(v.findings.list[1].en, "mild"));
    ck_assert_ptr_nonnull(strstr(v.findings.list[1].en, "DIG102"));
    ck_assert_ptr_null(strstr(v.findings.list[1].en, "TIM292")); /* nothing of it was found */
}
END_TEST

START_TEST(what_was_not_kept_cannot_pass_a_stricter_policy)
{
    CLEANUP(verification_clear) struct verification v = {.path = NULL};

    (void)add_seal(&v);
    v.findings.dropped = 1;
    judge("findings: {OFD306: fail}\n", &v);
    ck_assert_int_eq(v.rc, RC_UNDECIDED);
}
END_TEST

START_TEST(what_was_not_kept_changes_nothing_by_itself)
{
    CLEANUP(verification_clear) struct verification v = {.path = NULL};

    (void)add_seal(&v);
    v.findings.dropped = 1;
    judge("name: x\n", &v);
    ck_assert_int_eq(v.rc, RC_OK);
}
END_TEST

/* ---- demands ---- */

static void add_cert(struct path_report *path, const char *key, int bits)
{
    struct cert_report *cert = path_report_add(path);

    cert->subject = mem_text("CN=TEST");
    cert->key = key;
    cert->bits = bits;
}

static void fill(struct signature_report *s)
{
    add_cert(&s->signer_path, "RSA", 2048);
    add_cert(&s->maker_path, "SM2", 256);
    s->value_algorithm = mem_text("1.2.840.113549.1.1.5");
    s->seal_algorithm = mem_text("1.2.156.10197.1.501");
    s->digest = mem_text("sha1");
    s->signer_revocation.state = "good";
    s->signer_revocation.source = "crl";
    s->signer_revocation.this_update = NOW - 10 * DAY;
    verification_add_issuer(s, USCC);
}

static const struct {
    const char *policy;
    const char *code; /* NULL: the demand is met */
} demands[] = {
    {"keys: {rsa: {min: 2048}}\n", NULL},
    {"keys: {rsa: {min: 3072}}\n", "CRT191"},
    {"keys: {rsa: {min: 3072, from: 2020-01-01}}\n", "CRT191"},
    {"keys: {rsa: {min: 3072, from: 2090-01-01}}\n", NULL},
    {"keys: {rsa: [{min: 3072}, {min: 1024, from: 2020-01-01}]}\n", NULL},
    {"keys: {sm2: {min: 257}}\n", "CRT191"},
    {"keys: {ec: {min: 512}}\n", NULL},
    {"algorithms: {SHA-1: refuse}\n", "SIG191"},
    {"algorithms: {1.2.840.113549.1.1.5: refuse}\n", "SIG191"},
    {"algorithms: {SM3: {until: 2017-01-01}}\n", "SIG191"},
    {"algorithms: {SM3: {until: 2090-01-01}}\n", NULL},
    {"algorithms: {MD5: refuse, SHA-512: refuse}\n", NULL},
    {"algorithms: {SHA-1: allow}\n", NULL},
    {"require: {timestamp: true}\n", "TIM190"},
    {"level: long-term\n", "TIM190"},
    {"require: {timestamp: false}\n", NULL},
    {"require: {seals: 1}\n", NULL},
    {"require: {seals: 2}\n", "OFD104"},
    {"require: {coverage: full}\n", "DIG190"},
    {"require: {coverage: none}\n", NULL},
    {"require: {issuer: " USCC "}\n", NULL},
    {"require: {issuer: 11330199MB0TE5T286}\n", "CRT193"},
    {"require: {status: true}\n", "OFD313"},
    {"revocation: {crl: 11}\n", NULL},
    {"revocation: {crl: 9}\n", "CRT192"},
    {"revocation: {ocsp: 1}\n", NULL},
};

START_TEST(a_demand_that_is_not_met_is_undecided)
{
    CLEANUP(verification_clear) struct verification v = {.path = NULL};

    fill(add_seal(&v));
    judge(demands[_i].policy, &v);
    ck_assert_int_eq(v.rc, demands[_i].code ? RC_UNDECIDED : RC_OK);
    if (demands[_i].code)
        ck_assert_msg(findings_has(&v.findings, demands[_i].code), "%s", demands[_i].code);
    else
        ck_assert_uint_eq(v.findings.n, 0);
}
END_TEST

START_TEST(what_is_proven_counts_before_what_is_claimed)
{
    CLEANUP(verification_clear) struct verification v = {.path = NULL};
    struct signature_report *s = add_seal(&v);

    fill(s);
    s->best_time = NOW - 400 * DAY; /* in 2025 */
    judge("keys: {rsa: {min: 3072, from: 2026-01-01}}\nrequire: {timestamp: true}\n", &v);
    ck_assert_int_eq(v.rc, RC_OK);
}
END_TEST

START_TEST(a_demand_can_be_made_to_fail)
{
    CLEANUP(verification_clear) struct verification v = {.path = NULL};

    fill(add_seal(&v));
    judge("require: {timestamp: true}\nfindings: {TIM190: fail}\n", &v);
    ck_assert_int_eq(v.rc, RC_NO);
}
END_TEST

START_TEST(a_copy_of_a_seal_is_no_second_one)
{
    CLEANUP(verification_clear) struct verification v = {.path = NULL};

    fill(add_seal(&v));
    fill(add_seal(&v));
    v.signatures[1].duplicate = true;
    judge("require: {seals: 2}\n", &v);
    ck_assert_int_eq(v.rc, RC_UNDECIDED);
}
END_TEST

START_TEST(nothing_is_demanded_of_a_file_that_cannot_be_read)
{
    CLEANUP(verification_clear) struct verification v = {.path = NULL};
    CLEANUP(policy_freep) struct policy *p = parse("require: {status: true, coverage: full}\n");

    v.facts.unreadable = RC_INPUT;
    policy_apply(p, NOW, &v);
    ck_assert_int_eq(v.rc, RC_INPUT);
    ck_assert_uint_eq(v.findings.n, 0);
}
END_TEST

static void add_reading(TCase *tc)
{
    tcase_add_test(tc, the_policies_that_ecert_brings_along_can_be_read);
    tcase_add_test(tc, a_policy_that_ecert_does_not_bring_along_is_no_policy);
    tcase_add_test(tc, every_key_of_a_policy_is_read);
    tcase_add_test(tc, a_policy_is_named_by_its_file_where_it_has_no_name);
    tcase_add_test(tc, the_digest_of_a_policy_is_that_of_its_own_bytes);
    tcase_add_loop_test(tc, a_fault_of_a_policy_is_told_with_its_line, 0, N_OF(faults));
    tcase_add_test(tc, no_code_that_speaks_of_changed_content_may_be_lowered);
    tcase_add_test(tc, a_revoked_key_or_forged_timestamp_may_be_doubted_at_the_most);
    tcase_add_loop_test(tc, what_require_lists_is_added_to_the_policy, 0, N_OF(lists));
}

static void crypto(void)
{
    struct err err = ERR_INIT;

    CK_OK(crypto_init(&err), &err);
}

void unit_suite(TCase *tc)
{
    tcase_add_unchecked_fixture(tc, crypto, NULL);
    add_reading(tc);
    tcase_add_loop_test(tc, a_level_moves_the_step_that_the_finding_is_the_reason_of, 0,
                        N_OF(scenes));
    tcase_add_loop_test(tc, a_level_decides_by_itself_where_the_finding_has_no_step, 0,
                        N_OF(loose));
    tcase_add_test(tc, no_policy_lowers_what_no_finding_stands_for);
    tcase_add_test(tc, what_was_lowered_is_said);
    tcase_add_test(tc, what_was_not_kept_cannot_pass_a_stricter_policy);
    tcase_add_test(tc, what_was_not_kept_changes_nothing_by_itself);
    tcase_add_loop_test(tc, a_demand_that_is_not_met_is_undecided, 0, N_OF(demands));
    tcase_add_test(tc, what_is_proven_counts_before_what_is_claimed);
    tcase_add_test(tc, a_demand_can_be_made_to_fail);
    tcase_add_test(tc, a_copy_of_a_seal_is_no_second_one);
    tcase_add_test(tc, nothing_is_demanded_of_a_file_that_cannot_be_read);
}
