/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each known deviation is made here, and --diagnose names it, alone, and leaves the verdict
 * what it was; the same file with one bit of the value or digest changed is explained by none.
 */
#include "core/base/codec.h"
#include "core/crypto/der_write.h"
#include "tests/unit/ofdkit.h"

#define XML "Doc_0/Signs/Sign_0/Signature.xml"
#define VALUE "Doc_0/Signs/Sign_0/SignedValue.dat"
#define PAGE "Doc_0/Pages/Page_0/Content.xml"

static struct kit kit;
static struct party other; /* a second agency, whose key the test holds */
static struct err err;

#define OK(expr) CK_OK(expr, &err)

static void open_kit(void)
{
    kit_open(&kit);
    other = pki_party(CERT_PROFILE_SIGNER, "另一机关", "SM2", &kit.root);
}

static void close_kit(void)
{
    party_clear(&other);
    kit_close(&kit);
}

static void judge(bool diagnose, struct verification *out)
{
    kit.judge.diagnose = diagnose;
    kit_judge(&kit, out);
}

static bool is_diagnosis(const char *code)
{
    return (strncmp(code, "SIG3", 4) == 0 && atol(code + 3) >= 330 && atol(code + 3) <= 350) ||
           (strncmp(code, "DIG3", 4) == 0 && atol(code + 3) >= 330 && atol(code + 3) <= 352);
}

/* The verdict is that without --diagnose, and of the diagnoses there is this one and no other. */
static void expect_only(const char *code, const char *how)
{
    CLEANUP(verification_clear) struct verification plain = {0};
    CLEANUP(verification_clear) struct verification v = {0};
    size_t n = 0;

    judge(false, &plain);
    judge(true, &v);
    ck_assert_int_eq(v.rc, plain.rc);
    ck_assert_int_eq(v.verdict, plain.verdict);
    ck_assert_int_eq(v.intact, plain.intact);
    ck_assert_int_eq(v.signatures[0].indication, plain.signatures[0].indication);
    ck_assert_uint_eq(v.signatures[0].n_steps, plain.signatures[0].n_steps);
    ck_assert_int_ne(v.rc, RC_OK);
    for (size_t i = 0; i < v.findings.n; i++) {
        const struct finding *finding = &v.findings.list[i];

        if (!is_diagnosis(finding->type->code))
            continue;
        n++;
        ck_assert_int_eq(finding->severity, SEVERITY_INFO);
        ck_assert_msg(strcmp(finding->type->code, code) == 0, "want %s, got %s: %s", code,
                      finding->type->code, finding->en);
        ck_assert_msg(!how || strstr(finding->en, how), "no %s in: %s", how, finding->en);
        ck_assert_ptr_null(strchr(finding->zh, '{'));
    }
    if (n != 1)
        kit_expect(&v, RC_OK, code); /* shows what was found instead */
    ck_assert_uint_eq(n, 1);
}

/* ---- values ---- */

/* What a maker of a value has before it. */
struct making {
    struct span to_sign, xml;
    unsigned char digest[SM3_LEN]; /* of the XML */
    const char *text;              /* of the row */
    struct buf value;              /* to be filled */
    bool by_agency;                /* the value names `other` but the kit's agency signed */
};

static void sign_e(struct making *m, const unsigned char e[SM3_LEN])
{
    size_t len = SM2_DER_MAX;

    m->value = (struct buf)BUF_INIT(1024);
    OK(buf_reserve(&m->value, SM2_DER_MAX, &err));
    ck_assert(
        sm2_sign_e(other.key->pkey, other.key->number, e, (unsigned char *)m->value.data, &len));
    m->value.len = len;
}

static void sign_bytes(struct making *m, struct span message)
{
    unsigned char e[SM3_LEN];

    sm2_e(other.key->za, message, e);
    sign_e(m, e);
}

static void sign_id(struct making *m, unsigned entl, struct span id)
{
    unsigned char za[SM3_LEN], e[SM3_LEN];

    ck_assert(sm2_za_as(other.key->pkey, entl, id, za));
    sm2_e(za, m->to_sign, e);
    sign_e(m, e);
}

static void make_id(struct making *m)
{
    sign_id(m, (unsigned)(8 * strlen(m->text)), span_of(m->text));
}

static void make_entl(struct making *m)
{
    sign_id(m, 16, span_of("1234567812345678"));
}

static void make_no_za(struct making *m)
{
    unsigned char e[SM3_LEN];

    sm3(m->to_sign, e);
    sign_e(m, e);
}

static void make_sha256(struct making *m)
{
    struct hash hash;

    OK(hash_compute(HASH_SHA256, m->to_sign, &hash, &err));
    sign_e(m, hash.bytes);
}

static void raw_of(struct making *m, unsigned char rs[SM2_RS_LEN])
{
    sign_bytes(m, m->to_sign);
    ck_assert(sm2_value_read(buf_span(&m->value), rs, NULL));
    buf_reset(&m->value);
}

static void make_swapped(struct making *m)
{
    unsigned char rs[SM2_RS_LEN];

    raw_of(m, rs);
    OK(buf_add(&m->value, rs + 32, 32, &err));
    OK(buf_add(&m->value, rs, 32, &err));
}

static void make_little_endian(struct making *m)
{
    unsigned char rs[SM2_RS_LEN];

    raw_of(m, rs);
    for (int i = 0; i < 64; i++)
        OK(buf_add(&m->value, &rs[i < 32 ? 31 - i : 95 - i], 1, &err));
}

static void make_fields(struct making *m)
{
    static const unsigned char zeros[32];
    unsigned char rs[SM2_RS_LEN];

    raw_of(m, rs);
    for (int i = 0; i < 2; i++) {
        OK(buf_add(&m->value, zeros, 32, &err));
        OK(buf_add(&m->value, rs + 32 * (size_t)i, 32, &err));
    }
}

/* Signs until r or s begins with a zero, and leaves it out. */
static void make_stripped(struct making *m)
{
    unsigned char rs[SM2_RS_LEN];

    for (;;) {
        raw_of(m, rs);
        if (rs[0] == 0 && rs[32] != 0) {
            OK(buf_add(&m->value, rs + 1, 63, &err));
            return;
        }
        if (rs[32] == 0 && rs[0] != 0) {
            OK(buf_add(&m->value, rs, 32, &err));
            OK(buf_add(&m->value, rs + 33, 31, &err));
            return;
        }
        buf_clear(&m->value);
    }
}

static void make_point(struct making *m)
{
    unsigned char rs[SM2_RS_LEN];

    raw_of(m, rs);
    OK(buf_add(&m->value, "\x04", 1, &err));
    OK(buf_add(&m->value, rs, 64, &err));
}

static void make_wrapped(struct making *m)
{
    sign_bytes(m, m->to_sign);
    OK(der_wrap(&m->value, DER_ID_OCTET_STRING, 0, &err));
}

static void make_hex(struct making *m)
{
    char hex[2 * SM2_DER_MAX + 1];

    sign_bytes(m, m->to_sign);
    hex_encode((const unsigned char *)m->value.data, m->value.len, hex);
    buf_reset(&m->value);
    OK(buf_puts(&m->value, hex, &err));
}

static void make_base64(struct making *m)
{
    CLEANUP(buf_clear) struct buf text = BUF_INIT(1024);

    sign_bytes(m, m->to_sign);
    OK(base64_encode(buf_span(&m->value), &text, &err));
    buf_reset(&m->value);
    OK(buf_add(&m->value, text.data, text.len, &err));
}

static void make_by_agency(struct making *m)
{
    m->value = (struct buf)BUF_INIT(1024);
    OK(signer_sign(kit.signer, "test", m->to_sign, &m->value, &err));
}

static void make_over_items(struct making *m)
{
    struct der top;

    OK(der_only(m->to_sign, &top, &err));
    sign_bytes(m, top.body);
}

static void make_over_file(struct making *m)
{
    sign_bytes(m, m->xml);
}

static void make_over_stated(struct making *m)
{
    sign_bytes(m, (struct span){m->digest, SM3_LEN});
}

static void make_over_signed_info(struct making *m)
{
    const char *xml = (const char *)m->xml.data;
    const char *from = strstr(xml, "<ofd:SignedInfo>"), *to = strstr(xml, "</ofd:SignedInfo>");

    sign_bytes(m, (struct span){(const unsigned char *)from,
                                (size_t)(to - from) + strlen("</ofd:SignedInfo>")});
}

static void make_over_digest(struct making *m)
{
    unsigned char digest[SM3_LEN];

    sm3(m->to_sign, digest);
    sign_bytes(m, (struct span){digest, SM3_LEN});
}

static void make_over_hex(struct making *m)
{
    char hex[2 * SM3_LEN + 1];

    sm3_hex(m->to_sign, hex);
    sign_bytes(m, span_of(hex));
}

static void make_over_namespace(struct making *m)
{
    CLEANUP(buf_clear) struct buf old = BUF_INIT(KIT_LIMIT);
    const char *xml = (const char *)m->xml.data, *at = strstr(xml, "/2016");

    OK(buf_add(&old, xml, (size_t)(at - xml), &err));
    OK(buf_puts(&old, at + 5, &err));
    sign_bytes(m, buf_span(&old));
}

static void make_over_other(struct making *m)
{
    sign_bytes(m, span_of("something else"));
}

static const struct {
    const char *code, *how;
    void (*make)(struct making *m);
    const char *text;
} values[] = {
    {"SIG330", NULL, make_id, ""},
    {"SIG331", "ALICE123", make_id, "ALICE123@YAHOO.COM"},
    {"SIG331", "(CN)", make_id, "另一机关"},
    {"SIG331", "ENTL", make_entl, NULL},
    {"SIG332", NULL, make_no_za, NULL},
    {"SIG333", NULL, make_swapped, NULL},
    {"SIG334", NULL, make_little_endian, NULL},
    {"SIG335", "- 00", make_stripped, NULL},
    {"SIG335", "64 + 64", make_fields, NULL},
    {"SIG335", "00/04", make_point, NULL},
    {"SIG335", "OCTET", make_wrapped, NULL},
    {"SIG335", "hex", make_hex, NULL},
    {"SIG335", "base64", make_base64, NULL},
    {"SIG336", "SHA-256", make_sha256, NULL},
    {"SIG337", "测试机关", make_by_agency, NULL},
    {"SIG338", NULL, make_over_items, NULL},
    {"SIG341", NULL, make_over_file, NULL},
    {"SIG342", NULL, make_over_stated, NULL},
    {"SIG343", NULL, make_over_signed_info, NULL},
    {"SIG344", "SM3", make_over_digest, NULL},
    {"SIG345", "hex", make_over_hex, NULL},
    {"SIG346", "DIG337", make_over_namespace, NULL},
    {"SIG349", NULL, make_over_other, NULL},
};

/* A seal signature that names `other`, with a value made as `make` does it. */
static void seal_with(void (*make)(struct making *m), const char *text)
{
    CLEANUP(ofd_pending_clear) struct ofd_pending pending = {.xml = BUF_INIT(KIT_LIMIT)};
    CLEANUP(ses_signature_clear) struct ses_signature usual = {0};
    CLEANUP(buf_clear) struct buf value = BUF_INIT(KIT_LIMIT);
    CLEANUP(buf_clear) struct buf odd = BUF_INIT(KIT_LIMIT);
    struct ofd_sign_spec spec = {
        .is_seal = true, .seal = &kit.packed, .time = KIT_NOW - 86400, .list = KIT_LIST};
    struct ses_sign_spec ses = {.seal = &kit.seal, .time = KIT_NOW - 86400};
    struct making m = {.text = text};

    kit_document(&kit, "");
    OK(ofd_sign_prepare(&kit.bundle, &spec, &pending, &err));
    ses.property = pending.xml_path;
    memcpy(ses.data_hash, pending.sm3, SM3_LEN);
    OK(ses_sign(&ses, kit.signer, &value, &err));
    OK(ses_signature_read(buf_span(&value), &usual, NULL, &err));
    m.to_sign = usual.to_sign;
    m.xml = buf_span(&pending.xml);
    memcpy(m.digest, pending.sm3, SM3_LEN);
    make(&m);
    OK(der_put_raw(&odd, usual.to_sign, &err));
    OK(der_put(&odd, DER_ID_OCTET_STRING, cert_der(other.cert), &err));
    OK(der_put_oid(&odd, "1.2.156.10197.1.501", &err));
    OK(der_put_bits(&odd, buf_span(&m.value), &err));
    OK(der_wrap(&odd, DER_ID_SEQUENCE, 0, &err));
    ofd_sign_complete(&kit.bundle, &pending, buf_span(&odd));
    buf_clear(&m.value);
}

START_TEST(a_value_by_other_rules_is_explained)
{
    seal_with(values[_i].make, values[_i].text);
    expect_only(values[_i].code, values[_i].how);
}
END_TEST

static void (*spoiled)(struct making *m);

static void make_spoiled(struct making *m)
{
    spoiled(m);
    m->value.data[m->value.len - 8] ^= 1;
}

/* Of the text of a value another digit may be no digit, which is no deviation either. */
START_TEST(a_value_by_other_rules_that_is_wrong_is_explained_by_none)
{
    spoiled = values[_i].make;
    seal_with(make_spoiled, values[_i].text);
    expect_only("SIG349", NULL);
}
END_TEST

/* The maker's value in the seal is put to the same trials. */
START_TEST(the_value_of_a_seal_maker_is_explained_too)
{
    CLEANUP(verification_clear) struct verification v = {0};
    CLEANUP(ses_seal_clear) struct ses_seal usual = kit.seal;
    CLEANUP(buf_clear) struct buf usual_esl = kit.esl;
    CLEANUP(packed_clear) struct packed usual_packed = kit.packed;
    struct making m = {.to_sign = kit.seal.signed_bytes, .text = ""};
    size_t found = 0;

    make_id(&m);
    kit.esl = (struct buf)BUF_INIT(KIT_LIMIT);
    OK(der_put_raw(&kit.esl, usual.signed_bytes, &err));
    OK(der_put(&kit.esl, DER_ID_OCTET_STRING, cert_der(other.cert), &err));
    OK(der_put_oid(&kit.esl, "1.2.156.10197.1.501", &err));
    OK(der_put_bits(&kit.esl, buf_span(&m.value), &err));
    OK(der_wrap(&kit.esl, DER_ID_SEQUENCE, 0, &err));
    OK(ses_seal_read(buf_span(&kit.esl), &kit.seal, NULL, &err));
    OK(packed_make(buf_span(&kit.esl), PACK_FAST, &kit.packed, &err));
    kit_document(&kit, "");
    kit_seal(&kit, false, NULL);
    judge(true, &v);
    kit_expect(&v, RC_NO, "SEA201");
    for (size_t i = 0; i < v.findings.n; i++) {
        if (strcmp(v.findings.list[i].type->code, "SIG330") == 0) {
            ck_assert_str_eq(v.findings.list[i].where.field, "seal-signature");
            found++;
        }
    }
    ck_assert_uint_eq(found, 1);
    expect_only("SIG330", NULL);
    buf_clear(&m.value);
}
END_TEST

/* ---- the digest of Signature.xml ---- */

typedef void change(const char *from, struct buf *to);

static void with_bom(const char *from, struct buf *to)
{
    OK(buf_addf(to, &err, "\xef\xbb\xbf%s", from));
}

static void with_crlf(const char *from, struct buf *to)
{
    for (; *from; from++)
        OK(*from == '\n' ? buf_puts(to, "\r\n", &err) : buf_add(to, from, 1, &err));
}

static void without_declaration(const char *from, struct buf *to)
{
    OK(buf_puts(to, strstr(from, "?>\n") + 3, &err));
}

static void without_first_break(const char *from, struct buf *to)
{
    const char *at = strstr(from, "?>\n") + 2;

    OK(buf_add(to, from, (size_t)(at - from), &err));
    OK(buf_puts(to, at + 1, &err));
}

static void with_last_break(const char *from, struct buf *to)
{
    OK(buf_addf(to, &err, "%s\n", from));
}

static void with_old_namespace(const char *from, struct buf *to)
{
    const char *at = strstr(from, "/2016");

    OK(buf_add(to, from, (size_t)(at - from), &err));
    OK(buf_puts(to, at + 5, &err));
}

/* As a person who looks at a file in an editor leaves it: indented anew. */
static void with_blanks_in_tags(const char *from, struct buf *to)
{
    const char *at = strstr(from, "/><");

    OK(buf_add(to, from, (size_t)(at - from), &err));
    OK(buf_addf(to, &err, " %s", at));
}

static void with_another_name(const char *from, struct buf *to)
{
    const char *at = strstr(from, "Company=\"ecert\"");

    OK(buf_add(to, from, (size_t)(at - from), &err));
    OK(buf_addf(to, &err, "Company=\"other\"%s", at + strlen("Company=\"ecert\"")));
}

static const struct {
    const char *code;
    change *change;
} texts[] = {
    {"DIG330", with_bom},
    {"DIG332", with_crlf},
    {"DIG334", without_declaration},
    {"DIG335", without_first_break},
    {"DIG336", with_last_break},
    {"DIG337", with_old_namespace},
    {"DIG339", with_blanks_in_tags},
    {"DIG349", with_another_name},
};

START_TEST(a_signature_xml_that_was_written_again_is_explained)
{
    CLEANUP(buf_clear) struct buf raw = BUF_INIT(KIT_LIMIT);
    CLEANUP(buf_clear) struct buf text = BUF_INIT(KIT_LIMIT);
    CLEANUP(buf_clear) struct buf changed = BUF_INIT(KIT_LIMIT);
    long member;
    CLEANUP(zipfile_freep) struct zipfile *zip = NULL;
    struct span xml;

    kit_document(&kit, "");
    kit_seal(&kit, false, NULL);
    kit_write(&kit, &raw);
    OK(zipfile_open(buf_span(&raw), &zip, &err));
    member = zipfile_find(zip, XML);
    OK(zipfile_read(zip, (size_t)member, &xml, &err));
    OK(buf_add(&text, xml.data, xml.len, &err));
    texts[_i].change(text.data, &changed);
    OK(ofd_bundle_put(&kit.bundle, XML, buf_span(&changed), PACK_FAST, &err));
    expect_only(texts[_i].code, NULL);
}
END_TEST

/* ---- references ---- */

/* What stands as CheckValue of the page, over its bytes and the signer's certificate. */
typedef void check_value(struct span page, struct buf *out);

static void put_base64(const unsigned char *bytes, size_t n, struct buf *out)
{
    OK(base64_encode((struct span){bytes, n}, out, &err));
}

static void check_hex(struct span page, struct buf *out)
{
    char hex[2 * SM3_LEN + 1];

    sm3_hex(page, hex);
    OK(buf_puts(out, hex, &err));
}

static void check_base64_hex(struct span page, struct buf *out)
{
    char hex[2 * SM3_LEN + 1];

    sm3_hex(page, hex);
    put_base64((const unsigned char *)hex, 2 * SM3_LEN, out);
}

static void check_sha256(struct span page, struct buf *out)
{
    struct hash hash;

    OK(hash_compute(HASH_SHA256, page, &hash, &err));
    put_base64(hash.bytes, hash.len, out);
}

static void check_sha1(struct span page, struct buf *out)
{
    struct hash hash;

    OK(hash_compute(HASH_SHA1, page, &hash, &err));
    put_base64(hash.bytes, hash.len, out);
}

static void check_za(struct span page, struct buf *out)
{
    unsigned char za[SM3_LEN], e[SM3_LEN];

    ck_assert(cert_sm2_za(kit.agency.cert, za));
    sm2_e(za, page, e);
    put_base64(e, SM3_LEN, out);
}

static void check_twice(struct span page, struct buf *out)
{
    unsigned char digest[SM3_LEN], twice[SM3_LEN];

    sm3(page, digest);
    sm3((struct span){digest, SM3_LEN}, twice);
    put_base64(twice, SM3_LEN, out);
}

static void check_packed(struct span page, struct buf *out)
{
    struct packed packed;
    unsigned char digest[SM3_LEN];

    OK(packed_make(page, PACK_SMALL, &packed, &err));
    ck_assert(packed.deflated);
    sm3((struct span){packed.data, packed.len}, digest);
    put_base64(digest, SM3_LEN, out);
    packed_clear(&packed);
}

static void check_reversed(struct span page, struct buf *out)
{
    unsigned char digest[SM3_LEN], turned[SM3_LEN];

    sm3(page, digest);
    for (int i = 0; i < SM3_LEN; i++)
        turned[i] = digest[SM3_LEN - 1 - i];
    put_base64(turned, SM3_LEN, out);
}

static void check_crlf(struct span page, struct buf *out)
{
    CLEANUP(buf_clear) struct buf crlf = BUF_INIT(KIT_LIMIT);
    unsigned char digest[SM3_LEN];

    with_crlf((const char *)page.data, &crlf);
    sm3(buf_span(&crlf), digest);
    put_base64(digest, SM3_LEN, out);
}

static void check_c14n(struct span page, struct buf *out)
{
    CLEANUP(buf_clear) struct buf plain = BUF_INIT(KIT_LIMIT);
    const char *text = (const char *)page.data, *at = strstr(text, "<ofd:Content/>");
    unsigned char digest[SM3_LEN];

    OK(buf_add(&plain, text, (size_t)(at - text), &err));
    OK(buf_addf(&plain, &err, "<ofd:Content></ofd:Content>%s", at + strlen("<ofd:Content/>")));
    sm3((struct span){(unsigned char *)plain.data, plain.len - 1}, digest); /* without its end */
    put_base64(digest, SM3_LEN, out);
}

static void check_two(struct span page, struct buf *out)
{
    CLEANUP(buf_clear) struct buf crlf = BUF_INIT(KIT_LIMIT);

    with_crlf((const char *)page.data, &crlf);
    check_za(buf_span(&crlf), out);
}

static void check_font(struct span page, struct buf *out)
{
    unsigned char digest[SM3_LEN];

    (void)page;
    sm3(span_of("no font"), digest);
    put_base64(digest, SM3_LEN, out);
}

static void check_nothing(struct span page, struct buf *out)
{
    unsigned char digest[SM3_LEN] = {1};

    (void)page;
    put_base64(digest, SM3_LEN, out);
}

static void check_right(struct span page, struct buf *out)
{
    unsigned char digest[SM3_LEN];

    sm3(page, digest);
    put_base64(digest, SM3_LEN, out);
}

#define PACKED "packed packed packed packed packed packed packed packed packed packed "
#define PAGE_TEXT                                                                        \
    "<ofd:Page" KIT_NS ">\n<!-- long enough to gain: " PACKED PACKED PACKED PACKED "-->" \
    "\n<ofd:Content/>\n</ofd:Page>\n"
#define METHOD "CheckMethod=\"1.2.156.10197.1.401\""

/* Seals, with the page's CheckValue, its FileRef and CheckMethod changed before the seal. */
static void seal_page(check_value *check, const char *loc, const char *method)
{
    CLEANUP(ofd_pending_clear) struct ofd_pending pending = {.xml = BUF_INIT(KIT_LIMIT)};
    CLEANUP(buf_clear) struct buf xml = BUF_INIT(KIT_LIMIT);
    CLEANUP(buf_clear) struct buf value = BUF_INIT(KIT_LIMIT);
    struct ofd_sign_spec spec = {
        .is_seal = true, .seal = &kit.packed, .time = KIT_NOW - 86400, .list = KIT_LIST};
    struct ses_sign_spec ses = {.seal = &kit.seal, .time = KIT_NOW - 86400};
    const char *at, *end, *how;

    kit_document(&kit, "");
    OK(ofd_bundle_put(&kit.bundle, PAGE, span_of(PAGE_TEXT), PACK_SMALL, &err));
    OK(ofd_sign_prepare(&kit.bundle, &spec, &pending, &err));
    how = strstr(pending.xml.data, METHOD);
    at = strstr(pending.xml.data, "/" PAGE);
    end = strstr(at, "</ofd:CheckValue>");
    OK(buf_add(&xml, pending.xml.data, (size_t)(how - pending.xml.data), &err));
    OK(buf_puts(&xml, method ? method : METHOD, &err));
    OK(buf_add(&xml, how + strlen(METHOD), (size_t)(at - how) - strlen(METHOD), &err));
    OK(buf_addf(&xml, &err, "%s\"><ofd:CheckValue>", loc ? loc : "/" PAGE));
    check(span_of(PAGE_TEXT), &xml);
    OK(buf_puts(&xml, end, &err));
    OK(ofd_bundle_put(&kit.bundle, XML, buf_span(&xml), PACK_FAST, &err));
    ses.property = pending.xml_path;
    sm3(buf_span(&xml), ses.data_hash);
    OK(ses_sign(&ses, kit.signer, &value, &err));
    ofd_sign_complete(&kit.bundle, &pending, buf_span(&value));
}

static const struct {
    const char *code, *how;
    check_value *check;
    const char *loc, *method;
} references[] = {
    {"DIG342", "hex", check_hex, NULL, NULL},
    {"DIG342", "base64(hex)", check_base64_hex, NULL, NULL},
    {"DIG341", "SHA-256", check_sha256, NULL, NULL},
    {"DIG341", "SHA-1", check_sha1, NULL, NULL},
    {"DIG343", NULL, check_za, NULL, NULL},
    {"DIG344", NULL, check_twice, NULL, NULL},
    {"DIG345", NULL, check_packed, NULL, NULL},
    {"DIG346", NULL, check_reversed, NULL, NULL},
    {"DIG333", NULL, check_crlf, NULL, NULL},
    {"DIG352", "DIG333 + DIG343", check_two, NULL, NULL},
    {"DIG348", "Doc_0/Res/f.ttf", check_font, NULL, NULL},
    {"DIG349", PAGE, check_nothing, NULL, NULL},
    {"DIG347", PAGE, check_right, PAGE, NULL},
    {"DIG347", PAGE, check_right, "/doc_0/pages/page_0/content.xml", NULL},
    {"DIG347", PAGE, check_right, "Pages/Page_0/Content.xml", NULL},
    {"DIG348", PAGE, check_right, "/Doc_0/lost.xml", NULL},
    {"DIG351", "/Doc_0/lost.xml", check_nothing, "/Doc_0/lost.xml", NULL},
};

START_TEST(a_reference_by_other_rules_is_explained)
{
    seal_page(references[_i].check, references[_i].loc, references[_i].method);
    expect_only(references[_i].code, references[_i].how);
}
END_TEST

START_TEST(canonical_xml_is_known_again)
{
    seal_page(check_c14n, NULL, NULL);
    expect_only("DIG338", PAGE);
}
END_TEST

/* CheckMethod that is missing, unknown, or another than was meant: every digest fits as SM3. */
START_TEST(a_check_method_that_is_no_help_is_explained)
{
    static const char *const methods[] = {"", "CheckMethod=\"1.2.156.10197.1.401.2\"",
                                          "CheckMethod=\"SHA256\"", "CheckMethod=\"MD5\""};

    seal_page(check_right, NULL, methods[_i]);
    expect_only("DIG341", "SM3");
}
END_TEST

START_TEST(what_is_right_and_only_untrusted_has_nothing_to_explain)
{
    CLEANUP(trust_freep) struct trust *nobody = trust_new();

    kit_document(&kit, "");
    kit_seal(&kit, false, NULL);
    kit.judge.trust = nobody;
    expect_only("SIG350", "s001");
    kit.judge.trust = kit.trust;
    {
        CLEANUP(verification_clear) struct verification v = {0};

        judge(true, &v);
        ck_assert_int_eq(v.rc, RC_OK);
        ck_assert(!findings_has(&v.findings, "SIG350"));
    }
}
END_TEST

/* Several parts that one deviation explains are one finding. */
START_TEST(parts_with_one_deviation_stand_together)
{
    kit_document(&kit, "");
    kit_seal(&kit, false, NULL);
    kit_put(&kit, "Doc_0/Attachs/licence.json", "{}\n");
    kit_put(&kit, "Doc_0/Attachs/salts.json", "{}\r\n");
    expect_only("DIG336", "Doc_0/Attachs/licence.json, Doc_0/Attachs/salts.json");
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_checked_fixture(tc, open_kit, close_kit);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, a_value_by_other_rules_is_explained, 0, N_OF(values));
    tcase_add_loop_test(tc, a_value_by_other_rules_that_is_wrong_is_explained_by_none, 0,
                        N_OF(values));
    tcase_add_test(tc, the_value_of_a_seal_maker_is_explained_too);
    tcase_add_loop_test(tc, a_signature_xml_that_was_written_again_is_explained, 0, N_OF(texts));
    tcase_add_loop_test(tc, a_reference_by_other_rules_is_explained, 0, N_OF(references));
    tcase_add_test(tc, canonical_xml_is_known_again);
    tcase_add_loop_test(tc, a_check_method_that_is_no_help_is_explained, 0, 4);
    tcase_add_test(tc, what_is_right_and_only_untrusted_has_nothing_to_explain);
    tcase_add_test(tc, parts_with_one_deviation_stand_together);
}
