/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_OFDKIT_H
#define TESTS_UNIT_OFDKIT_H

#include "core/model/judge.h"
#include "formats/ofd/ofd_bundle.h"
#include "formats/ofd/ofd_sign.h"
#include "formats/ofd/ofd_verify.h"
#include "formats/ses/ses.h"
#include "tests/unit/pki.h"

#include <stdio.h>

/* Small OFD packages made, sealed and judged in memory. */
#define KIT_NOW (PKI_2026 + 100 * 86400)
#define KIT_LIMIT ((size_t)4 << 20)
#define KIT_LIST "Doc_0/Signs/Signatures.xml"
#define KIT_NS " xmlns:ofd=\"http://www.ofdspec.org/2016\""

struct kit {
    struct party root, agency;
    struct signer *signer; /* of the agency's key, which it owns */
    struct buf esl;
    struct ses_seal seal;
    struct packed packed; /* esl */
    struct trust *trust;
    struct ofd_judge judge;
    struct ofd_bundle bundle;
    struct ofd_listed listed[8];
    char ids[8][24];
    char locs[8][64];
    size_t n_listed;
    long max_id;
};

/* A seal of that maker which lists `listed`, and the key of `signer` to seal with; takes the keys.
 */
static inline void kit_take_seal(struct kit *kit, struct party *maker, struct party *signer,
                                 struct cert *listed)
{
    struct ses_seal_spec spec = {.layout = SES_LAYOUT_4,
                                 .name = "测试专用章",
                                 .type = 1,
                                 .create_date = PKI_2026,
                                 .valid_start = PKI_2026,
                                 .valid_end = PKI_2026 + PKI_YEAR,
                                 .picture_type = "PNG",
                                 .picture = span_of("no picture"),
                                 .width_mm = 40,
                                 .height_mm = 40};
    struct certs signers = {0};
    struct signer *hand = NULL;
    struct err err = ERR_INIT;

    ses_seal_clear(&kit->seal);
    packed_clear(&kit->packed);
    buf_clear(&kit->esl);
    kit->esl = (struct buf)BUF_INIT(KIT_LIMIT);
    signer_free(kit->signer);
    certs_add(&signers, listed);
    spec.signers = &signers;
    CK_OK(signer_of_key(MOVE(maker->key), maker->cert, &hand, &err), &err);
    CK_OK(ses_seal_make(&spec, hand, &kit->esl, &err), &err);
    CK_OK(ses_seal_read(buf_span(&kit->esl), &kit->seal, NULL, &err), &err);
    CK_OK(packed_make(buf_span(&kit->esl), PACK_FAST, &kit->packed, &err), &err);
    CK_OK(signer_of_key(MOVE(signer->key), signer->cert, &kit->signer, &err), &err);
    certs_clear(&signers);
    signer_free(hand);
}

static inline void kit_open(struct kit *kit)
{
    CLEANUP(party_clear) struct party maker = {.key = NULL};
    struct err err = ERR_INIT;

    CK_OK(crypto_init(&err), &err);
    *kit = (struct kit){.esl = BUF_INIT(KIT_LIMIT)};
    kit->root = pki_party(CERT_PROFILE_ROOT, "ROOT", "SM2", NULL);
    kit->agency = pki_party(CERT_PROFILE_SIGNER, "测试机关", "SM2", &kit->root);
    maker = pki_party(CERT_PROFILE_SIGNER, "制章人", "SM2", &kit->root);
    kit_take_seal(kit, &maker, &kit->agency, kit->agency.cert);
    kit->trust = trust_new();
    trust_add_anchor(kit->trust, kit->root.cert);
    kit->judge = (struct ofd_judge){.trust = kit->trust, .now = KIT_NOW};
}

static inline void kit_close(struct kit *kit)
{
    ofd_bundle_clear(&kit->bundle);
    ses_seal_clear(&kit->seal);
    buf_clear(&kit->esl);
    packed_clear(&kit->packed);
    trust_free(kit->trust);
    signer_free(kit->signer);
    party_clear(&kit->agency);
    party_clear(&kit->root);
}

static inline void kit_put(struct kit *kit, const char *name, const char *text)
{
    struct err err = ERR_INIT;

    CK_OK(ofd_bundle_put(&kit->bundle, name, span_of(text), PACK_FAST, &err), &err);
}

/* A page with two texts, a font, an attachment and a data index.  custom: CustomData elements. */
static inline void kit_document(struct kit *kit, const char *custom)
{
    CLEANUP(buf_clear) struct buf root = BUF_INIT(KIT_LIMIT);
    struct err err = ERR_INIT;

    CK_OK(buf_addf(&root, &err,
                   "<ofd:OFD" KIT_NS " Version=\"1.0\" DocType=\"OFD\"><ofd:DocBody><ofd:DocInfo>"
                   "<ofd:DocID>0</ofd:DocID><ofd:Title>示例</ofd:Title><ofd:CustomDatas>%s"
                   "</ofd:CustomDatas></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>"
                   "<ofd:Signatures>/" KIT_LIST "</ofd:Signatures></ofd:DocBody></ofd:OFD>",
                   custom),
          &err);
    kit_put(kit, "OFD.xml", root.data);
    kit_put(kit, "Doc_0/Document.xml",
            "<ofd:Document" KIT_NS "><ofd:CommonData><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>"
            "<ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
            "<ofd:MaxUnitID>9</ofd:MaxUnitID></ofd:CommonData><ofd:Pages><ofd:Page ID=\"1\" "
            "BaseLoc=\"Pages/Page_0/Content.xml\"/></ofd:Pages>"
            "<ofd:CustomTags>Tags/CustomTags.xml</ofd:CustomTags>"
            "<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments></ofd:Document>");
    kit_put(kit, "Doc_0/PublicRes.xml",
            "<ofd:Res" KIT_NS " BaseLoc=\"Res\"><ofd:Fonts><ofd:Font ID=\"2\" FontName=\"宋体\">"
            "<ofd:FontFile>f.ttf</ofd:FontFile></ofd:Font></ofd:Fonts></ofd:Res>");
    kit_put(kit, "Doc_0/Res/f.ttf", "no font");
    kit_put(kit, "Doc_0/Pages/Page_0/Content.xml",
            "<ofd:Page" KIT_NS "><ofd:Content><ofd:Layer ID=\"3\">"
            "<ofd:TextObject ID=\"4\" Boundary=\"60 10 50 5\" Font=\"2\" Size=\"4\">"
            "<ofd:TextCode X=\"0\" Y=\"4\">3月1日</ofd:TextCode></ofd:TextObject>"
            "<ofd:TextObject ID=\"5\" Boundary=\"10 10.5 50 5\" Font=\"2\" Size=\"4\">"
            "<ofd:TextCode X=\"0\" Y=\"4\">2026年</ofd:TextCode></ofd:TextObject>"
            "</ofd:Layer></ofd:Content></ofd:Page>");
    kit_put(kit, "Doc_0/Tags/CustomTags.xml",
            "<ofd:CustomTags" KIT_NS "><ofd:CustomTag TypeID=\"\"><ofd:FileLoc>tag.xml"
            "</ofd:FileLoc></ofd:CustomTag></ofd:CustomTags>");
    kit_put(kit, "Doc_0/Tags/tag.xml",
            "<:params xmlns:=\"\"><日期><ObjectRef PageRef=\"1\">4</ObjectRef></日期>"
            "<日期><ObjectRef PageRef=\"1\">5</ObjectRef></日期></:params>");
    kit_put(kit, "Doc_0/Attachs/Attachments.xml",
            "<ofd:Attachments" KIT_NS "><ofd:Attachment ID=\"a1\" Name=\"licence.json\">"
            "<ofd:FileLoc>licence.json</ofd:FileLoc></ofd:Attachment>"
            "<ofd:Attachment ID=\"a2\" Name=\"digests.json\"><ofd:FileLoc>digests.json"
            "</ofd:FileLoc></ofd:Attachment><ofd:Attachment ID=\"a3\" Name=\"salts.json\">"
            "<ofd:FileLoc>salts.json</ofd:FileLoc></ofd:Attachment></ofd:Attachments>");
    kit_put(kit, "Doc_0/Attachs/licence.json", "{}");
    kit_put(kit, "Doc_0/Attachs/digests.json", "{}");
    kit_put(kit, "Doc_0/Attachs/salts.json", "{}");
}

/* Seals what the bundle holds.  binding: SM3 of digests.json, or NULL. */
static inline void kit_seal(struct kit *kit, bool close, const unsigned char *binding)
{
    CLEANUP(ofd_pending_clear) struct ofd_pending pending = {.xml = BUF_INIT(KIT_LIMIT)};
    CLEANUP(buf_clear) struct buf value = BUF_INIT(KIT_LIMIT);
    struct ofd_stamp stamp = {.page_id = 1, .box = {100000, 200000, 40000, 40000}};
    struct ofd_sign_spec spec = {.is_seal = true,
                                 .seal = &kit->packed,
                                 .stamps = &stamp,
                                 .n_stamps = 1,
                                 .close = close,
                                 .time = KIT_NOW - 86400,
                                 .list = KIT_LIST,
                                 .max_id = kit->max_id,
                                 .standing = kit->listed,
                                 .n_standing = kit->n_listed};
    struct ses_extension extension = {.oid = LICENCE_DIGESTS_OID, .value = {binding, SM3_LEN}};
    struct ses_sign_spec ses = {.seal = &kit->seal,
                                .time = KIT_NOW - 86400,
                                .extensions = &extension,
                                .n_extensions = binding ? 1 : 0};
    struct err err = ERR_INIT;
    size_t k = kit->n_listed++;

    CK_OK(ofd_sign_prepare(&kit->bundle, &spec, &pending, &err), &err);
    ses.property = pending.xml_path;
    memcpy(ses.data_hash, pending.sm3, SM3_LEN);
    CK_OK(ses_sign(&ses, kit->signer, &value, &err), &err);
    ofd_sign_complete(&kit->bundle, &pending, buf_span(&value));
    (void)snprintf(kit->ids[k], sizeof(kit->ids[k]), "%s", pending.id);
    (void)snprintf(kit->locs[k], sizeof(kit->locs[k]), "%s", pending.xml_path);
    kit->listed[k] =
        (struct ofd_listed){.id = kit->ids[k], .type = "Seal", .base_loc = kit->locs[k]};
    kit->max_id += 2;
}

static inline void kit_write(struct kit *kit, struct buf *out)
{
    struct err err = ERR_INIT;

    CK_OK(ofd_bundle_write(&kit->bundle, out, &err), &err);
}

/* Writes the package and judges it. */
static inline void kit_judge(struct kit *kit, struct verification *out)
{
    CLEANUP(buf_clear) struct buf file = BUF_INIT(KIT_LIMIT);

    kit_write(kit, &file);
    ofd_verify(&kit->judge, buf_span(&file), out);
}

/* The verdict, with all findings in the message where it is another. */
static inline void kit_expect(const struct verification *v, enum rc rc, const char *code)
{
    CLEANUP(buf_clear) struct buf said = BUF_INIT(KIT_LIMIT);
    struct err err = ERR_INIT;

    for (size_t i = 0; i < v->findings.n; i++)
        CK_OK(buf_addf(&said, &err, "\n%s %s: %s", v->findings.list[i].type->code,
                       v->findings.list[i].where.part ? v->findings.list[i].where.part : "",
                       v->findings.list[i].en),
              &err);
    ck_assert_msg(v->rc == rc, "want %d, got %d:%s", (int)rc, (int)v->rc, said.data);
    ck_assert_msg(!code || findings_has(&v->findings, code), "no %s:%s", code, said.data);
}

#endif
