/* SPDX-License-Identifier: Apache-2.0 */
/* Timestamp tokens: read, judged inside a signature, asked for and put in. */
#include "tests/unit/pki.h"
#include "tests/unit/stampkit.h"

#define FILE_TEXT "the file that is signed"
#define STAMPED (NOW + 60)

static struct pki pki;
static struct person tsa, other_tsa, plain, stranger;
static struct err err;

#define OK(expr) CK_OK(expr, &err)

static void open_pki(void)
{
    struct pki elsewhere = {0};

    pki_open(&pki);
    tsa = pki_person(&pki, "TEST TSA", CERT_PROFILE_TSA, NOW - 10 * DAY, NOW + 50 * DAY);
    other_tsa = pki_person(&pki, "TEST TSA 2", CERT_PROFILE_TSA, NOW - 10 * DAY, NOW + 50 * DAY);
    plain = pki_person(&pki, "TEST no TSA", CERT_PROFILE_SIGNER, NOW - 10 * DAY, NOW + 50 * DAY);
    OK(key_generate_sm2(&elsewhere.root_key, &err));
    elsewhere.root = pki_cert(&elsewhere, elsewhere.root_key, "TEST other root", CERT_PROFILE_ROOT,
                              NOW - 1000 * DAY, NOW + 1000 * DAY);
    stranger = pki_person(&elsewhere, "TEST TSA of others", CERT_PROFILE_TSA, NOW - 10 * DAY,
                          NOW + 50 * DAY);
    cert_free(elsewhere.root);
    key_free(elsewhere.root_key);
}

static void close_pki(void)
{
    person_clear(&tsa);
    person_clear(&other_tsa);
    person_clear(&plain);
    person_clear(&stranger);
    pki_close(&pki);
}

static void sign(instant at, struct buf *out)
{
    const struct cms_spec spec = {.gbt35275 = true, .time = at};

    OK(cms_sign(&spec, span_of(FILE_TEXT), pki.agency.signer, out, &err));
}

/* A signature of NOW with this token put into it. */
static void sign_with(struct span token, struct buf *out)
{
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16);
    CLEANUP(cms_clear) struct cms cms = {0};

    sign(NOW, &value);
    OK(cms_read(buf_span(&value), &cms, &err));
    OK(cms_with_timestamp(&cms, token, out, &err));
}

/* A signature of `at` with a token over its value. */
static void sign_stamped(const struct stamp_spec *spec, instant at, struct buf *out)
{
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16), token = BUF_INIT(1 << 16);
    CLEANUP(cms_clear) struct cms cms = {0};

    sign(at, &value);
    OK(cms_read(buf_span(&value), &cms, &err));
    stamp_make(spec, cms.signers[0].signature, &token);
    OK(cms_with_timestamp(&cms, buf_span(&token), out, &err));
}

static void judge_at(struct span value, enum level level, instant now, struct verdict_of *v)
{
    const struct cms_judge question = {
        .trust = pki.trust, .now = now, .part = "x.p7s", .level = level};
    CLEANUP(cms_clear) struct cms cms = {0};

    OK(cms_read(value, &cms, &err));
    cms_judge(&question, &cms, span_of(FILE_TEXT), &v->report, &v->findings);
}

static void judge(struct span value, enum level level, struct verdict_of *v)
{
    judge_at(value, level, NOW + DAY, v);
}

/* ---- what holds ---- */

static const struct stamp_spec good[] = {
    {.tsa = &tsa, .time = STAMPED},
    {.tsa = &tsa, .time = STAMPED, .gb = true, .bare = true},
    {.tsa = &tsa, .time = STAMPED, .gb = true, .version_2 = true},
    {.tsa = &tsa, .time = STAMPED, .sha256 = true, .ess = ESS_V1},
    {.tsa = &tsa, .time = STAMPED, .ess = ESS_NONE, .accuracy = 1},
    {.tsa = &tsa, .time = NOW - 300},
};

START_TEST(a_token_over_the_value_proves_the_time)
{
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16), bare = BUF_INIT(1 << 16);
    CLEANUP(verdict_clear) struct verdict_of v = {0}, w = {0};

    sign_stamped(&good[_i], NOW, &value);
    judge(buf_span(&value), LEVEL_LONG_TERM, &v);
    ck_verdict(&v, TOTAL_PASSED, SUB_NONE, "TIM305");
    ck_assert_int_eq(v.report.best_time, good[_i].time);
    ck_assert_int_eq(v.report.claimed_time, NOW);
    ck_assert_int_eq(step_of(&v, "timestamp"), STEP_PASSED);
    ck_assert_int_eq(step_of(&v, "time-proof"), STEP_PASSED);
    ck_assert(!findings_has(&v.findings, "TIM301"));
    sign(NOW, &bare);
    judge(buf_span(&bare), LEVEL_LONG_TERM, &w);
    ck_verdict(&w, INDETERMINATE, SUB_NO_POE, "TIM104");
    ck_assert_int_eq(w.report.best_time, INSTANT_NONE);
}
END_TEST

START_TEST(without_a_token_the_signers_time_counts_at_level_basic)
{
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16);
    CLEANUP(verdict_clear) struct verdict_of v = {0};

    sign(NOW, &value);
    judge(buf_span(&value), LEVEL_BASIC, &v);
    ck_verdict(&v, TOTAL_PASSED, SUB_NONE, "TIM301");
    ck_assert_int_eq(v.report.best_time, INSTANT_NONE);
}
END_TEST

START_TEST(a_token_says_when_where_the_value_does_not)
{
    const struct stamp_spec spec = {.tsa = &tsa, .time = STAMPED};
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16);
    CLEANUP(verdict_clear) struct verdict_of v = {0};

    sign_stamped(&spec, INSTANT_NONE, &value);
    judge_at(buf_span(&value), LEVEL_BASIC, NOW + 40 * DAY, &v);
    ck_verdict(&v, TOTAL_PASSED, SUB_NONE, "TIM305");
    ck_assert(!findings_has(&v.findings, "TIM304"));
    ck_assert_int_eq(v.report.claimed_time, INSTANT_NONE);
    ck_assert_int_eq(v.report.best_time, STAMPED);
}
END_TEST

/* ---- what does not ---- */

static const struct bad {
    struct stamp_spec spec;
    const char *code;
    enum indication basic, long_term;
    enum sub_indication sub; /* at long-term */
} bad[] = {
    {{.tsa = &tsa, .time = STAMPED, .accuracy = 2, .tampered = true},
     "TIM204",
     TOTAL_FAILED,
     TOTAL_FAILED,
     SUB_HASH_FAILURE},
    {{.tsa = &tsa, .time = STAMPED, .other_digest = true},
     "TIM204",
     TOTAL_FAILED,
     TOTAL_FAILED,
     SUB_HASH_FAILURE},
    {{.tsa = &tsa, .time = STAMPED, .content_type = OID_CMS_DATA},
     "TIM210",
     TOTAL_FAILED,
     TOTAL_FAILED,
     SUB_FORMAT_FAILURE},
    {{.tsa = &tsa, .time = STAMPED, .no_attributes = true},
     "TIM210",
     TOTAL_FAILED,
     TOTAL_FAILED,
     SUB_FORMAT_FAILURE},
    {{.tsa = &stranger, .time = STAMPED}, "TIM105", TOTAL_PASSED, INDETERMINATE, SUB_NO_POE},
    {{.tsa = &plain, .time = STAMPED}, "TIM116", TOTAL_PASSED, INDETERMINATE, SUB_NO_POE},
    {{.tsa = &tsa, .time = STAMPED, .no_cert = true},
     "TIM106",
     TOTAL_PASSED,
     INDETERMINATE,
     SUB_NO_POE},
    {{.tsa = &tsa, .time = STAMPED, .sha1 = true},
     "TIM107",
     TOTAL_PASSED,
     INDETERMINATE,
     SUB_NO_POE},
    {{.tsa = &tsa, .time = STAMPED, .critical = "1.2.3.9"},
     "TIM108",
     TOTAL_PASSED,
     INDETERMINATE,
     SUB_NO_POE},
    {{.tsa = &tsa, .time = STAMPED, .twice = true},
     "TIM303",
     TOTAL_PASSED,
     INDETERMINATE,
     SUB_NO_POE},
    {{.tsa = &tsa, .time = NOW - 3600}, "TIM109", INDETERMINATE, INDETERMINATE, SUB_NO_POE},
    {{.tsa = &tsa, .time = NOW + 2 * DAY}, "TIM110", TOTAL_PASSED, INDETERMINATE, SUB_NO_POE},
    {{.tsa = &tsa, .time = NOW + 60 * DAY}, "TIM207", TOTAL_FAILED, TOTAL_FAILED, SUB_EXPIRED},
    {{.tsa = &tsa, .time = NOW - 60 * DAY},
     "TIM207",
     TOTAL_FAILED,
     TOTAL_FAILED,
     SUB_NOT_YET_VALID},
    {{.tsa = &tsa, .time = STAMPED, .ess = ESS_OTHER},
     "TIM209",
     TOTAL_FAILED,
     TOTAL_FAILED,
     SUB_FORMAT_FAILURE},
};

START_TEST(what_is_wrong_with_a_token_is_told_and_proves_nothing)
{
    const struct bad *b = &bad[_i];
    struct stamp_spec spec = b->spec;
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16);
    CLEANUP(verdict_clear) struct verdict_of v = {0}, w = {0};

    spec.named = other_tsa.cert;
    sign_stamped(&spec, NOW, &value);
    judge(buf_span(&value), LEVEL_BASIC, &v);
    ck_verdict(&v, b->basic, v.report.sub, b->code);
    ck_assert_int_eq(v.report.best_time, INSTANT_NONE);
    ck_assert_int_ne(step_of(&v, "timestamp"), STEP_PASSED);
    judge(buf_span(&value), LEVEL_LONG_TERM, &w);
    ck_verdict(&w, b->long_term, b->long_term == TOTAL_FAILED ? b->sub : w.report.sub, b->code);
    ck_assert_int_eq(step_of(&w, "time-proof"), STEP_UNKNOWN);
}
END_TEST

START_TEST(a_token_of_another_value_is_no_proof)
{
    const struct stamp_spec spec = {.tsa = &tsa, .time = STAMPED};
    CLEANUP(buf_clear)
    struct buf token = BUF_INIT(1 << 16), value = BUF_INIT(1 << 16), content = BUF_INIT(1 << 16);
    CLEANUP(verdict_clear) struct verdict_of v = {0}, w = {0};

    stamp_make(&spec, span_of("another value"), &token);
    sign_with(buf_span(&token), &value);
    judge(buf_span(&value), LEVEL_BASIC, &v);
    ck_verdict(&v, TOTAL_FAILED, SUB_HASH_FAILURE, "TIM203");
    buf_reset(&token);
    stamp_make(&spec, span_of(FILE_TEXT), &token); /* a time of the file is not one of the value */
    sign_with(buf_span(&token), &content);
    judge(buf_span(&content), LEVEL_BASIC, &w);
    ck_verdict(&w, TOTAL_PASSED, SUB_NONE, "TIM117");
    ck_assert_int_eq(w.report.best_time, INSTANT_NONE);
}
END_TEST

START_TEST(no_bit_of_a_token_can_be_changed)
{
    const struct stamp_spec spec = {.tsa = &tsa, .time = STAMPED};
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16);
    CLEANUP(cms_clear) struct cms cms = {0};
    struct der token;
    size_t from;

    sign_stamped(&spec, NOW, &value);
    OK(cms_read(buf_span(&value), &cms, &err));
    ck_assert(cms_unsigned_attribute(&cms.signers[0], OID_TIMESTAMP_TOKEN, &token));
    from = (size_t)(token.body.data - (const unsigned char *)value.data);
    for (size_t i = from; i < from + token.body.len; i++) {
        const struct cms_judge question = {.trust = pki.trust, .now = NOW + DAY, .part = "x.p7s"};
        CLEANUP(cms_clear) struct cms changed = {0};
        CLEANUP(verdict_clear) struct verdict_of v = {0};

        value.data[i] ^= (char)(1 << (i % 8));
        if (cms_read(buf_span(&value), &changed, &err) == RC_OK) {
            cms_judge(&question, &changed, span_of(FILE_TEXT), &v.report, &v.findings);
            /* the version, the algorithms listed ahead and the like bind nothing */
            if (v.report.best_time != INSTANT_NONE)
                ck_assert_int_eq(v.report.best_time, STAMPED);
        }
        value.data[i] ^= (char)(1 << (i % 8));
    }
}
END_TEST

static const char *const garbage[] = {"\x01\x01\xff", "\x30\x00", "\x02\x01\x01",
                                      "\x30\x05\x30\x03\x02\x01\x00",
                                      "\x30\x05\x30\x03\x02\x01\x02"};
static const size_t garbage_len[] = {3, 2, 3, 7, 7};

START_TEST(what_is_no_token_is_said_to_be_none)
{
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16);
    CLEANUP(verdict_clear) struct verdict_of v = {0};

    sign_with((struct span){(const unsigned char *)garbage[_i], garbage_len[_i]}, &value);
    judge(buf_span(&value), LEVEL_BASIC, &v);
    ck_verdict(&v, TOTAL_PASSED, SUB_NONE, "TIM303");
    ck_assert_int_eq(step_of(&v, "timestamp"), STEP_NOT_RUN);
}
END_TEST

/* ---- authorities ---- */

static void name_two_uses(X509 *x509)
{
    int at = X509_get_ext_by_NID(x509, NID_ext_key_usage, -1);
    X509_EXTENSION *extension;

    X509_EXTENSION_free(X509_delete_ext(x509, at));
    extension =
        X509V3_EXT_conf_nid(NULL, NULL, NID_ext_key_usage, "critical,timeStamping,clientAuth");
    ck_assert_int_eq(X509_add_ext(x509, extension, -1), 1);
    X509_EXTENSION_free(extension);
}

static void name_another_use(X509 *x509)
{
    int at = X509_get_ext_by_NID(x509, NID_ext_key_usage, -1);
    X509_EXTENSION *extension;

    X509_EXTENSION_free(X509_delete_ext(x509, at));
    extension = X509V3_EXT_conf_nid(NULL, NULL, NID_ext_key_usage, "critical,clientAuth");
    ck_assert_int_eq(X509_add_ext(x509, extension, -1), 1);
    X509_EXTENSION_free(extension);
}

static const struct use {
    void (*change)(X509 *x509);
    enum indication basic;
    const char *code;
    bool proven;
} uses[] = {
    {name_two_uses, TOTAL_PASSED, "TIM308", true},
    {name_another_use, TOTAL_FAILED, "TIM206", false},
};

START_TEST(an_authority_is_one_by_its_extended_key_usage)
{
    struct key *key = NULL;
    struct person person = {0};
    struct stamp_spec spec = {.tsa = &person, .time = STAMPED};
    CLEANUP(cert_freep) struct cert *right = NULL;
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16);
    CLEANUP(verdict_clear) struct verdict_of v = {0};

    OK(key_generate_sm2(&key, &err));
    right = pki_cert(&pki, key, "TEST TSA", CERT_PROFILE_TSA, NOW - DAY, NOW + DAY);
    person.cert = pki_changed(right, pki.root_key, uses[_i].change);
    OK(signer_of_key(key, person.cert, &person.signer, &err));
    sign_stamped(&spec, NOW, &value);
    judge(buf_span(&value), LEVEL_BASIC, &v);
    ck_verdict(&v, uses[_i].basic, v.report.sub, uses[_i].code);
    ck_assert_int_eq(v.report.best_time != INSTANT_NONE, uses[_i].proven);
    person_clear(&person);
}
END_TEST

START_TEST(an_authority_that_expired_since_proves_it_at_level_basic_alone)
{
    const struct stamp_spec spec = {.tsa = &tsa, .time = STAMPED};
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16);
    CLEANUP(verdict_clear) struct verdict_of v = {0}, w = {0};

    sign_stamped(&spec, NOW, &value);
    judge_at(buf_span(&value), LEVEL_BASIC, NOW + 51 * DAY, &v);
    ck_verdict(&v, TOTAL_PASSED, SUB_NONE, "TIM306");
    ck_assert_int_eq(v.report.best_time, STAMPED);
    judge_at(buf_span(&value), LEVEL_LONG_TERM, NOW + 51 * DAY, &w);
    ck_verdict(&w, INDETERMINATE, w.report.sub, "TIM111");
    ck_assert_int_eq(w.report.best_time, INSTANT_NONE);
}
END_TEST

START_TEST(a_revoked_authority_proves_nothing_whenever_it_was_revoked)
{
    const struct stamp_spec spec = {.tsa = &tsa, .time = STAMPED};
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16);
    CLEANUP(verdict_clear) struct verdict_of v = {0};
    instant at = _i ? NOW + 3600 : NOW - 3600;

    sign_stamped(&spec, NOW, &value);
    pki_revoke(&pki, tsa.cert, at);
    judge(buf_span(&value), LEVEL_BASIC, &v);
    ck_verdict(&v, _i ? TOTAL_PASSED : TOTAL_FAILED, _i ? SUB_NONE : SUB_REVOKED,
               _i ? "TIM112" : "TIM208");
    ck_assert_int_eq(v.report.best_time, INSTANT_NONE);
}
END_TEST

/* ---- what proof does to the rest ---- */

static const struct revoked_case {
    instant revoked, stamped;
    enum level level;
    enum indication indication;
    enum sub_indication sub;
    const char *code;
} revoked_cases[] = {
    {NOW + 3600, STAMPED, LEVEL_LONG_TERM, TOTAL_PASSED, SUB_NONE, "CRT304"},
    {NOW + 3600, NOW + 7200, LEVEL_LONG_TERM, INDETERMINATE, SUB_REVOKED_NO_POE, "TIM114"},
    {NOW + 3600, NOW + 7200, LEVEL_BASIC, TOTAL_PASSED, SUB_NONE, "TIM114"},
    {NOW - 3600, STAMPED, LEVEL_LONG_TERM, TOTAL_FAILED, SUB_REVOKED, "CRT205"},
};

START_TEST(a_revocation_counts_by_the_proven_time)
{
    const struct revoked_case *c = &revoked_cases[_i];
    const struct stamp_spec spec = {.tsa = &tsa, .time = c->stamped};
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16);
    CLEANUP(verdict_clear) struct verdict_of v = {0};

    sign_stamped(&spec, NOW, &value);
    pki_revoke(&pki, pki.agency.cert, c->revoked);
    judge(buf_span(&value), c->level, &v);
    ck_verdict(&v, c->indication, c->sub, c->code);
}
END_TEST

/* A CA under the root, somebody under the CA, and the root's list that says when its key was
 * stolen. */
static struct person under_ca(struct pki *ca, instant stolen)
{
    struct revoked revoked = {.at = stolen, .reason = REASON_KEY_COMPROMISE};
    CLEANUP(buf_clear) struct buf pem = BUF_INIT(1 << 16);
    char path[] = "/tmp/ecert-crl-XXXXXX";
    struct person person;
    struct crl *crl = NULL;
    int fd = mkstemp(path);

    ck_assert_int_ge(fd, 0);
    close(fd);

    OK(key_generate_sm2(&ca->root_key, &err));
    ca->root =
        pki_cert(&pki, ca->root_key, "TEST CA", CERT_PROFILE_CA, NOW - 100 * DAY, NOW + 100 * DAY);
    person = pki_person(ca, "TEST below", CERT_PROFILE_SIGNER, NOW - 10 * DAY, NOW + 10 * DAY);
    revoked.cert = ca->root;
    OK(crl_issue(pki.root, pki.root_key, &revoked, 1, 1, NOW, NOW + 300 * DAY, &pem, &err));
    OK(file_write(path, buf_span(&pem), FILE_FORCE, &err));
    OK(crl_load(path, &crl, &err));
    unlink(path);
    trust_add_crl(pki.trust, crl);
    trust_add_intermediate(pki.trust, ca->root);
    crl_free(crl);
    return person;
}

START_TEST(a_stolen_key_of_a_ca_counts_by_the_proven_time)
{
    const struct stamp_spec stamp = {.tsa = &tsa, .time = STAMPED};
    const struct cms_spec spec = {.gbt35275 = true, .time = NOW};
    struct pki ca = {0};
    struct person below = under_ca(&ca, _i ? NOW + 30 : NOW + 3600);
    CLEANUP(buf_clear)
    struct buf bare = BUF_INIT(1 << 16), token = BUF_INIT(1 << 16), value = BUF_INIT(1 << 16);
    CLEANUP(verdict_clear) struct verdict_of v = {0}, w = {0};
    CLEANUP(cms_clear) struct cms cms = {0};

    OK(cms_sign(&spec, span_of(FILE_TEXT), below.signer, &bare, &err));
    judge(buf_span(&bare), LEVEL_BASIC, &v);
    ck_verdict(&v, INDETERMINATE, SUB_REVOKED_CA_NO_POE, "CRT104");
    OK(cms_read(buf_span(&bare), &cms, &err));
    stamp_make(&stamp, cms.signers[0].signature, &token);
    OK(cms_with_timestamp(&cms, buf_span(&token), &value, &err));
    judge(buf_span(&value), LEVEL_LONG_TERM, &w);
    ck_verdict(&w, _i ? INDETERMINATE : TOTAL_PASSED, _i ? SUB_REVOKED_CA_NO_POE : SUB_NONE,
               _i ? "CRT104" : NULL);
    person_clear(&below);
    cert_free(ca.root);
    key_free(ca.root_key);
}
END_TEST

START_TEST(a_stamp_after_the_certificate_expired_is_no_proof_from_its_lifetime)
{
    struct person late = pki_person(&pki, "TEST TSA", CERT_PROFILE_TSA, NOW, NOW + 300 * DAY);
    const struct stamp_spec spec = {.tsa = &late, .time = NOW + 101 * DAY};
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16);
    CLEANUP(verdict_clear) struct verdict_of v = {0}, w = {0};

    sign_stamped(&spec, NOW, &value);
    judge_at(buf_span(&value), LEVEL_BASIC, NOW + 102 * DAY, &v);
    ck_verdict(&v, TOTAL_PASSED, SUB_NONE, "TIM113");
    judge_at(buf_span(&value), LEVEL_LONG_TERM, NOW + 102 * DAY, &w);
    ck_verdict(&w, INDETERMINATE, SUB_OUT_OF_BOUNDS_NO_POE, "TIM113");
    person_clear(&late);
}
END_TEST

START_TEST(an_archive_needs_revocation_lists_for_all)
{
    const struct stamp_spec spec = {.tsa = &tsa, .time = STAMPED};
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16);
    CLEANUP(verdict_clear) struct verdict_of v = {0}, w = {0};

    sign_stamped(&spec, NOW, &value);
    judge(buf_span(&value), LEVEL_ARCHIVAL, &v);
    ck_verdict(&v, INDETERMINATE, SUB_TRY_LATER, "TIM115");
    ck_assert_int_eq(step_of(&v, "time-proof"), STEP_PASSED);
    pki_revoke(&pki, NULL, NOW); /* a list of the one issuer that says nothing of anybody */
    judge(buf_span(&value), LEVEL_ARCHIVAL, &w);
    ck_verdict(&w, TOTAL_PASSED, SUB_NONE, NULL);
    ck_assert_int_eq(step_of(&w, "evidence"), STEP_PASSED);
}
END_TEST

/* ---- reading ---- */

START_TEST(a_whole_reply_is_read_like_its_token)
{
    const struct stamp_spec spec = {.tsa = &tsa, .time = STAMPED};
    CLEANUP(buf_clear) struct buf reply = BUF_INIT(1 << 16);
    CLEANUP(timestamp_clear) struct timestamp stamp = {0};
    size_t mark;

    OK(der_put_integer(&reply, 0, &err));
    OK(der_wrap(&reply, DER_ID_SEQUENCE, 0, &err));
    mark = reply.len;
    stamp_make(&spec, span_of("x"), &reply);
    ck_assert_uint_gt(reply.len, mark);
    OK(der_wrap(&reply, DER_ID_SEQUENCE, 0, &err));
    OK(timestamp_read(buf_span(&reply), &stamp, &err));
    ck_assert(stamp.in_reply);
    ck_assert_int_eq(stamp.time, STAMPED);
    ck_assert(timestamp_is_over(&stamp, span_of("x")));
    ck_assert(!timestamp_is_over(&stamp, span_of("y")));
}
END_TEST

START_TEST(indefinite_lengths_are_read)
{
    const struct stamp_spec spec = {.tsa = &tsa, .time = STAMPED};
    CLEANUP(buf_clear) struct buf token = BUF_INIT(1 << 16), ber = BUF_INIT(1 << 16);
    CLEANUP(timestamp_clear) struct timestamp stamp = {0};
    struct der top;

    stamp_make(&spec, span_of("x"), &token);
    OK(der_only(buf_span(&token), &top, &err));
    OK(buf_add(&ber, "\x30\x80", 2, &err));
    OK(buf_add(&ber, top.body.data, top.body.len, &err));
    OK(buf_add(&ber, "\0\0", 2, &err));
    OK(timestamp_read(buf_span(&ber), &stamp, &err));
    ck_assert(!stamp.in_reply);
    ck_assert(timestamp_is_over(&stamp, span_of("x")));
}
END_TEST

START_TEST(a_cut_token_is_refused_and_so_are_bytes_after_it)
{
    const struct stamp_spec spec = {.tsa = &tsa, .time = STAMPED};
    CLEANUP(buf_clear) struct buf token = BUF_INIT(1 << 16);

    stamp_make(&spec, span_of("x"), &token);
    for (size_t n = 0; n < token.len; n++) {
        CLEANUP(timestamp_clear) struct timestamp stamp = {0};

        ck_assert_int_eq(
            timestamp_read((struct span){(unsigned char *)token.data, n}, &stamp, &err), RC_INPUT);
        ck_assert_str_eq(err.finding, "TIM303");
    }
    OK(buf_add(&token, "x", 1, &err));
    {
        CLEANUP(timestamp_clear) struct timestamp stamp = {0};

        ck_assert_int_eq(timestamp_read(buf_span(&token), &stamp, &err), RC_INPUT);
    }
}
END_TEST

/* ---- asking ---- */

START_TEST(a_request_is_answered_by_a_token_with_its_nonce_alone)
{
    CLEANUP(buf_clear)
    struct buf request = BUF_INIT(1 << 10), again = BUF_INIT(1 << 10), token = BUF_INIT(1 << 16),
               other = BUF_INIT(1 << 16);
    CLEANUP(timestamp_clear) struct timestamp stamp = {0}, stranger_to_it = {0};
    struct stamp_spec spec = {.tsa = &tsa, .time = STAMPED};
    struct der top, item;

    OK(timestamp_request(span_of("value"), HASH_SM3, &request, &err));
    OK(timestamp_request(span_of("value"), HASH_SM3, &again, &err));
    ck_assert(span_equals(buf_span(&request), buf_span(&again)));
    OK(der_only(buf_span(&request), &top, &err));
    for (int i = 0; i < 3; i++)
        OK(der_next(&top.body, &item, &err)); /* version, imprint, nonce */
    spec.nonce = item.body;
    stamp_make(&spec, span_of("value"), &token);
    OK(timestamp_read(buf_span(&token), &stamp, &err));
    ck_assert(timestamp_answers(&stamp, span_of("value")));
    ck_assert(!timestamp_answers(&stamp, span_of("another")));
    spec.nonce = (struct span){NULL, 0};
    stamp_make(&spec, span_of("value"), &other);
    OK(timestamp_read(buf_span(&other), &stranger_to_it, &err));
    ck_assert(!timestamp_answers(&stranger_to_it, span_of("value")));
}
END_TEST

START_TEST(a_value_takes_one_token)
{
    const struct stamp_spec spec = {.tsa = &tsa, .time = STAMPED};
    CLEANUP(buf_clear) struct buf value = BUF_INIT(1 << 16), out = BUF_INIT(1 << 16);
    CLEANUP(cms_clear) struct cms cms = {0};

    sign_stamped(&spec, NOW, &value);
    OK(cms_read(buf_span(&value), &cms, &err));
    ck_assert_int_eq(cms_with_timestamp(&cms, span_of("x"), &out, &err), RC_REFUSED);
    ck_assert_str_eq(err.finding, "TIM222");
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_checked_fixture(tc, open_pki, close_pki);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, a_token_over_the_value_proves_the_time, 0, N_OF(good));
    tcase_add_test(tc, without_a_token_the_signers_time_counts_at_level_basic);
    tcase_add_test(tc, a_token_says_when_where_the_value_does_not);
    tcase_add_loop_test(tc, what_is_wrong_with_a_token_is_told_and_proves_nothing, 0, N_OF(bad));
    tcase_add_test(tc, a_token_of_another_value_is_no_proof);
    tcase_add_test(tc, no_bit_of_a_token_can_be_changed);
    tcase_add_loop_test(tc, what_is_no_token_is_said_to_be_none, 0, N_OF(garbage));
    tcase_add_loop_test(tc, an_authority_is_one_by_its_extended_key_usage, 0, N_OF(uses));
    tcase_add_test(tc, an_authority_that_expired_since_proves_it_at_level_basic_alone);
    tcase_add_loop_test(tc, a_revoked_authority_proves_nothing_whenever_it_was_revoked, 0, 2);
    tcase_add_loop_test(tc, a_revocation_counts_by_the_proven_time, 0, N_OF(revoked_cases));
    tcase_add_loop_test(tc, a_stolen_key_of_a_ca_counts_by_the_proven_time, 0, 2);
    tcase_add_test(tc, a_stamp_after_the_certificate_expired_is_no_proof_from_its_lifetime);
    tcase_add_test(tc, an_archive_needs_revocation_lists_for_all);
    tcase_add_test(tc, a_whole_reply_is_read_like_its_token);
    tcase_add_test(tc, indefinite_lengths_are_read);
    tcase_add_test(tc, a_cut_token_is_refused_and_so_are_bytes_after_it);
    tcase_add_test(tc, a_request_is_answered_by_a_token_with_its_nonce_alone);
    tcase_add_test(tc, a_value_takes_one_token);
}
