/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A page of a stranger, looked at for what it hides: the input is Content.xml of a page that is
 * its own template page and annotation besides, and its own attached data.
 */
#include <stdint.h>
#include <stdlib.h>

#include "core/base/limits.h"
#include "formats/ofd/ofd_bundle.h"
#include "formats/ofd/ofd_verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NS " xmlns:ofd=\"http://www.ofdspec.org/2016\""

static const struct {
    const char *name, *text; /* NULL: the input */
} parts[] = {
    {"OFD.xml", "<ofd:OFD" NS "><ofd:DocBody><ofd:DocInfo><ofd:CustomDatas><ofd:CustomData "
                "Name=\"ZZBH\">1</ofd:CustomData></ofd:CustomDatas></ofd:DocInfo><ofd:DocRoot>d.xml"
                "</ofd:DocRoot></ofd:DocBody></ofd:OFD>"},
    {"d.xml",
     "<ofd:Document" NS "><ofd:CommonData><ofd:PublicRes>r.xml</ofd:PublicRes><ofd:PageArea>"
     "<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea><ofd:TemplatePage ID=\"2\" "
     "BaseLoc=\"p.xml\"/></ofd:CommonData><ofd:Pages><ofd:Page ID=\"1\" BaseLoc=\"p.xml\"/>"
     "</ofd:Pages><ofd:Annotations>n.xml</ofd:Annotations><ofd:CustomTags>c.xml</ofd:CustomTags>"
     "<ofd:Attachments>a.xml</ofd:Attachments></ofd:Document>"},
    {"r.xml", "<ofd:Res" NS "><ofd:DrawParams><ofd:DrawParam ID=\"7\" Relative=\"7\"/>"
              "<ofd:DrawParam ID=\"8\" Relative=\"7\"><ofd:FillColor Value=\"255 255 255\"/>"
              "</ofd:DrawParam></ofd:DrawParams><ofd:MultiMedias><ofd:MultiMedia ID=\"9\">"
              "<ofd:MediaFile>p.xml</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>"},
    {"n.xml", "<ofd:Annotations" NS "><ofd:Page PageID=\"1\"><ofd:FileLoc>o.xml</ofd:FileLoc>"
              "</ofd:Page></ofd:Annotations>"},
    {"o.xml", "<ofd:PageAnnot" NS "><ofd:Annot ID=\"5\" Type=\"Stamp\"><ofd:Appearance "
              "Boundary=\"9 9 99 99\"><ofd:ImageObject ID=\"6\" Boundary=\"0 0 99 9\" "
              "ResourceID=\"9\"/></ofd:Appearance></ofd:Annot></ofd:PageAnnot>"},
    {"c.xml",
     "<ofd:CustomTags" NS "><ofd:CustomTag><ofd:FileLoc>t.xml</ofd:FileLoc></ofd:CustomTag>"
     "</ofd:CustomTags>"},
    {"t.xml", "<t><ZZBH><ObjectRef PageRef=\"1\">4</ObjectRef></ZZBH><TextCode><ObjectRef "
              "PageRef=\"1\">4</ObjectRef></TextCode></t>"},
    {"a.xml", "<ofd:Attachments" NS "><ofd:Attachment ID=\"1\" Name=\"x\"><ofd:FileLoc>p.xml"
              "</ofd:FileLoc></ofd:Attachment></ofd:Attachments>"},
    {"p.xml", NULL},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(ofd_bundle_clear) struct ofd_bundle bundle = {.n = 0};
    CLEANUP(buf_clear) struct buf file = BUF_INIT(LIMIT_PACKAGE);
    CLEANUP(verification_clear) struct verification v = {.path = NULL};
    const struct ofd_judge judge = {.now = 1700000000, .content = true};
    struct err err = ERR_INIT;

    if (size > 65536 || crypto_init(&err) != RC_OK)
        return 0;
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        struct span bytes = parts[i].text ? span_of(parts[i].text) : (struct span){data, size};

        if (ofd_bundle_put(&bundle, parts[i].name, bytes, PACK_STORE, &err) != RC_OK)
            return 0;
    }
    if (ofd_bundle_write(&bundle, &file, &err) == RC_OK)
        ofd_verify(&judge, buf_span(&file), &v);
    return 0;
}
