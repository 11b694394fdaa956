/* SPDX-License-Identifier: Apache-2.0 */
/* CheckMethod of References (GB/T 33190-2016 18.2) under every name it goes by, and under none. */
#include "core/base/codec.h"
#include "tests/unit/ofdkit.h"

#define XML "Doc_0/Signs/Sign_0/Signature.xml"
#define PAGE "Doc_0/Pages/Page_0/Content.xml"
#define METHOD "CheckMethod=\"1.2.156.10197.1.401\""

static struct kit kit;
static struct err err;

#define OK(expr) CK_OK(expr, &err)

static void open_kit(void)
{
    kit_open(&kit);
}

static void close_kit(void)
{
    kit_close(&kit);
}

static void put_digest(enum hash_alg alg, const char *name, struct buf *xml)
{
    long member = ofd_bundle_find(&kit.bundle, name);
    CLEANUP(buf_clear) struct buf file = BUF_INIT(KIT_LIMIT);
    CLEANUP(zipfile_freep) struct zipfile *zip = NULL;
    struct span bytes;
    struct hash hash;

    ck_assert_int_ge(member, 0);
    OK(zipfile_write(&(struct zip_entry){name, ofd_member_packed(&kit.bundle.members[member])}, 1,
                     &file, &err));
    OK(zipfile_open(buf_span(&file), &zip, &err));
    OK(zipfile_read(zip, 0, &bytes, &err));
    OK(hash_compute(alg, bytes, &hash, &err));
    OK(base64_encode((struct span){hash.bytes, hash.len}, xml, &err));
}

/* Signature.xml with another CheckMethod and the digests under that algorithm. */
static void rewrite(const char *from, const char *method, enum hash_alg alg, struct buf *out)
{
    const char *at = strstr(from, METHOD);

    OK(buf_add(out, from, (size_t)(at - from), &err));
    if (method)
        OK(buf_addf(out, &err, "CheckMethod=\"%s\"", method));
    from = at + strlen(METHOD);
    while ((at = strstr(from, "FileRef=\"/"))) {
        const char *name = at + strlen("FileRef=\"/"), *end = strchr(name, '"');
        char copy[256] = "";

        memcpy(copy, name, (size_t)(end - name));
        OK(buf_add(out, from, (size_t)(end - from), &err));
        OK(buf_puts(out, "\"><ofd:CheckValue>", &err));
        put_digest(alg, copy, out);
        from = strstr(end, "</ofd:CheckValue>");
    }
    OK(buf_puts(out, from, &err));
}

static const char *signature_method; /* put in the place of ecert's own; NULL: that stays */

static void name_signature(struct buf *xml)
{
    static const char own[] = "<ofd:SignatureMethod>1.2.156.10197.1.501</ofd:SignatureMethod>";
    CLEANUP(buf_clear) struct buf copy = BUF_INIT(KIT_LIMIT);
    const char *at = strstr(xml->data, own);

    if (!signature_method)
        return;
    OK(buf_add(&copy, xml->data, (size_t)(at - xml->data), &err));
    if (*signature_method)
        OK(buf_addf(&copy, &err, "<ofd:SignatureMethod>%s</ofd:SignatureMethod>",
                    signature_method));
    OK(buf_puts(&copy, at + strlen(own), &err));
    buf_reset(xml);
    OK(buf_add(xml, copy.data, copy.len, &err));
}

static void seal_with(const char *method, enum hash_alg alg)
{
    CLEANUP(ofd_pending_clear) struct ofd_pending pending = {.xml = BUF_INIT(KIT_LIMIT)};
    CLEANUP(buf_clear) struct buf xml = BUF_INIT(KIT_LIMIT);
    CLEANUP(buf_clear) struct buf value = BUF_INIT(KIT_LIMIT);
    struct ofd_sign_spec spec = {
        .is_seal = true, .seal = &kit.packed, .time = KIT_NOW - 86400, .list = KIT_LIST};
    struct ses_sign_spec ses = {.seal = &kit.seal, .time = KIT_NOW - 86400};

    kit_document(&kit, "");
    OK(ofd_sign_prepare(&kit.bundle, &spec, &pending, &err));
    rewrite(pending.xml.data, method, alg, &xml);
    name_signature(&xml);
    OK(ofd_bundle_put(&kit.bundle, XML, buf_span(&xml), PACK_FAST, &err));
    ses.property = pending.xml_path;
    sm3(buf_span(&xml), ses.data_hash);
    OK(ses_sign(&ses, kit.signer, &value, &err));
    ofd_sign_complete(&kit.bundle, &pending, buf_span(&value));
}

static const struct {
    const char *method; /* NULL: none */
    enum hash_alg alg;  /* that the digests are of */
    enum rc rc;
    const char *code;
} methods[] = {
    {"SM3", HASH_SM3, RC_OK, NULL},
    {"sm3", HASH_SM3, RC_OK, NULL},
    {"Sm3", HASH_SM3, RC_OK, NULL},
    {"1.2.156.10197.1.401", HASH_SM3, RC_OK, NULL},
    {"1.2.156.10197.1.401.1", HASH_SM3, RC_OK, NULL},
    {"SHA256", HASH_SHA256, RC_OK, NULL},
    {"sha-256", HASH_SHA256, RC_OK, NULL},
    {"2.16.840.1.101.3.4.2.1", HASH_SHA256, RC_OK, NULL},
    {"SHA-384", HASH_SHA384, RC_OK, NULL},
    {"sha_512", HASH_SHA512, RC_OK, NULL},
    {"SHA1", HASH_SHA1, RC_UNDECIDED, "DIG105"},
    {"sha-1", HASH_SHA1, RC_UNDECIDED, "DIG105"},
    {"1.3.14.3.2.26", HASH_SHA1, RC_UNDECIDED, "DIG105"},
    {"MD5", HASH_MD5, RC_UNDECIDED, "DIG105"},
    {"md5", HASH_MD5, RC_UNDECIDED, "DIG105"},
    {"1.2.840.113549.2.5", HASH_MD5, RC_UNDECIDED, "DIG105"},
    {NULL, HASH_MD5, RC_UNDECIDED, "DIG105"}, /* the schema's default */
    {NULL, HASH_SM3, RC_UNDECIDED, "DIG106"},
    {"1.2.156.10197.1.401.2", HASH_SM3, RC_UNDECIDED, "DIG104"}, /* SM3 with a key */
    {"SHA3-256", HASH_SM3, RC_UNDECIDED, "DIG104"},
    {"", HASH_SM3, RC_UNDECIDED, "DIG104"},
    {"SM3", HASH_SHA256, RC_NO, "DIG201"}, /* not what it says */
    {"SHA256", HASH_SM3, RC_NO, "DIG201"},
    {"MD5", HASH_SM3, RC_NO, "DIG204"},
};

START_TEST(a_method_is_read_under_each_of_its_names)
{
    CLEANUP(verification_clear) struct verification v = {0};

    seal_with(methods[_i].method, methods[_i].alg);
    kit_judge(&kit, &v);
    kit_expect(&v, methods[_i].rc, methods[_i].code);
}
END_TEST

/* The twin: a part that was changed since never passes, and where the method says anything fails.
 */
START_TEST(no_name_of_a_method_lets_a_changed_part_pass)
{
    CLEANUP(verification_clear) struct verification v = {0};
    bool comparable = !methods[_i].code || strcmp(methods[_i].code, "DIG105") == 0;

    seal_with(methods[_i].method, methods[_i].alg);
    kit_put(&kit, PAGE, "<ofd:Page" KIT_NS "/>");
    kit_judge(&kit, &v);
    ck_assert_int_ne(v.rc, RC_OK);
    if (comparable)
        kit_expect(&v, RC_NO, "DIG201");
}
END_TEST

/* The value says itself what it is; a name for another kind of key is remarked on. */
START_TEST(the_signature_method_is_a_name_alone)
{
    static const struct {
        const char *method;
        bool remark;
    } rows[] = {
        {"", false},
        {"SM2", false},
        {"SM3withSM2", false},
        {"1.2.156.10197.1.301.1", false},
        {"1.2.156.10197.501", false},
        {"a name of nobody's", false},
        {"SHA256withRSA", true},
        {"1.2.840.113549.1.1.11", true},
        {"1.2.156.10197.1.504", true},
        {"1.2.840.10045.4.3.2", true},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        CLEANUP(verification_clear) struct verification v = {0};

        signature_method = rows[i].method;
        seal_with("SM3", HASH_SM3);
        kit_judge(&kit, &v);
        kit_expect(&v, RC_OK, rows[i].remark ? "SIG324" : NULL);
        ck_assert_int_eq(findings_has(&v.findings, "SIG324"), rows[i].remark);
        ofd_bundle_clear(&kit.bundle);
    }
    signature_method = NULL;
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_checked_fixture(tc, open_kit, close_kit);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, a_method_is_read_under_each_of_its_names, 0, N_OF(methods));
    tcase_add_test(tc, the_signature_method_is_a_name_alone);
    tcase_add_loop_test(tc, no_name_of_a_method_lets_a_changed_part_pass, 0, N_OF(methods));
}
