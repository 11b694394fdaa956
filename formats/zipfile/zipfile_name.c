/* SPDX-License-Identifier: Apache-2.0 */
/* Names of members: their encoding, and which ones are refused as unsafe. */
#include <string.h>

#include "core/base/charset.h"
#include "core/base/i18n.h"
#include "core/base/limits.h"
#include "core/base/mem.h"
#include "core/base/utf8.h"
#include "formats/zipfile/zipfile_priv.h"

static enum rc fail_name(struct err *err, const char *why, const char *name)
{
    return err_find(err, "PKG005", RC_INPUT, why, name);
}

/* APPNOTE 4.4.17: '/'-separated and relative; each component a plain name. */
static enum rc check_name(const char *name, struct err *err)
{
    const char *at = name;

    if (name[0] == '/')
        return fail_name(err, N_("GB/T 33190: the member name '%s' is absolute"), name);
    if (strchr(name, '\\'))
        return fail_name(err, N_("GB/T 33190: the member name '%s' holds a backslash"), name);
    if (name[0] && name[1] == ':')
        return fail_name(err, N_("GB/T 33190: the member name '%s' names a drive"), name);
    while (*at) {
        size_t len = strcspn(at, "/");

        if (len == 0 || (len == 1 && at[0] == '.') || (len == 2 && memcmp(at, "..", 2) == 0))
            return fail_name(
                err, N_("GB/T 33190: the member name '%s' has an empty, '.' or '..' component"),
                name);
        at += len;
        at += *at == '/';
    }
    return RC_OK;
}

/*
 * Windows writes names in the code page of the machine without saying so.  What is
 * valid UTF-8 is taken as such with or without the flag (GB18030 text that is also
 * valid UTF-8 by chance is too rare to guess at).
 */
static enum rc decode(struct zipfile *zip, struct span raw, bool utf8, struct buf *out,
                      struct err *err)
{
    if (utf8_check(raw) == raw.len)
        return buf_add(out, raw.data, raw.len, err);
    if (utf8 || charset_from_gb18030(raw, out, err) != RC_OK)
        return err_find(err, "PKG013", RC_INPUT,
                        "APPNOTE D.2: a member name is neither UTF-8 nor GB18030");
    zip->notes.gbk_names = true;
    return RC_OK;
}

static bool has_control(struct span raw)
{
    for (size_t i = 0; i < raw.len; i++) {
        if (raw.data[i] < 0x20 || raw.data[i] == 0x7f)
            return true;
    }
    return false;
}

enum rc zip_take_name(struct zipfile *zip, struct member *member, struct span raw, bool utf8,
                      struct err *err)
{
    CLEANUP(buf_clear) struct buf name = BUF_INIT(4 * LIMIT_MEMBER_NAME);

    if (raw.len == 0 || raw.len > LIMIT_MEMBER_NAME)
        return err_find(err, "PKG005", RC_INPUT,
                        "APPNOTE 4.4.17: a member name of %zu bytes, want 1 to %d", raw.len,
                        LIMIT_MEMBER_NAME);
    if (has_control(raw))
        return err_find(err, "PKG005", RC_INPUT,
                        "APPNOTE 4.4.17: a member name holds control characters");
    TRY(decode(zip, raw, utf8, &name, err));
    TRY(check_name(name.data, err));
    member->folder = name.data[name.len - 1] == '/';
    member->name = buf_take(&name, NULL);
    member->folded = zip_fold_name(member->name);
    return RC_OK;
}

/* Latin letters, full-width ones too: what case-insensitive systems take for the same name. */
char *zip_fold_name(const char *name)
{
    char *folded = mem_text(name);

    for (unsigned char *p = (unsigned char *)folded; *p; p++) {
        if (*p >= 'A' && *p <= 'Z')
            *p = (unsigned char)(*p + 32);
        else if (p[0] == 0xef && p[1] == 0xbc && p[2] >= 0xa1 && p[2] <= 0xba) {
            uint32_t small = 0xff41u + (p[2] - 0xa1u); /* U+FF21… to U+FF41… */

            (void)utf8_put(small, (char *)p);
            p += 2;
        }
    }
    return folded;
}
