/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/trial.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/limits.h"
#include "core/base/mem.h"
#include "core/crypto/cert_issue.h"
#include "core/crypto/signer.h"
#include "formats/face/face.h"
#include "formats/ses/ses.h"

#define YEAR ((instant)31557600) /* 365.25 days */

enum { SEAL_DIAMETER_MM = 42 }; /* spec of faces: usual for bodies and enterprises */

/* Everything that is made before anything is written. */
struct trial {
    struct key *root_key, *maker_key, *agency_key;
    struct cert *root, *maker, *agency;
    struct buf crl, picture, seal, seal5; /* the same seal by GB/T 38540 and by GM/T 0031-2025 */
    instant now;
};

static void trial_clear(struct trial *trial)
{
    key_free(trial->root_key);
    key_free(trial->maker_key);
    key_free(trial->agency_key);
    cert_free(trial->root);
    cert_free(trial->maker);
    cert_free(trial->agency);
    buf_clear(&trial->crl);
    buf_clear(&trial->picture);
    buf_clear(&trial->seal);
    buf_clear(&trial->seal5);
}

static char *format2(const char *a, const char *b)
{
    char *out;

    if (asprintf(&out, "%s%s", a, b) < 0)
        abort();
    return out;
}

/* Root, then what it issues.  Each ends before its issuer does. */
static enum rc make_certs(struct trial *t, const struct trial_spec *spec, struct err *err)
{
    CLEANUP(freep) char *agency = format2("TEST ", spec->agency);
    instant from = t->now - 86400; /* clocks of two machines differ */
    struct cert_request root = {
        CERT_PROFILE_ROOT, "ecert TEST Root CA (测试根)", "ecert TEST", NULL, from,
        from + 30 * YEAR};
    struct cert_request maker = {
        CERT_PROFILE_SIGNER, "ecert TEST Seal Maker (测试制章人)", "ecert TEST", NULL, from,
        from + 20 * YEAR};
    struct cert_request body = {CERT_PROFILE_SIGNER, agency, agency,
                                spec->uscc,          from,   from + 10 * YEAR};

    TRY(key_generate_sm2(&t->root_key, err));
    TRY(key_generate_sm2(&t->maker_key, err));
    TRY(key_generate_sm2(&t->agency_key, err));
    TRY(cert_issue(&root, t->root_key, NULL, t->root_key, &t->root, err));
    TRY(cert_issue(&maker, t->maker_key, t->root, t->root_key, &t->maker, err));
    TRY(cert_issue(&body, t->agency_key, t->root, t->root_key, &t->agency, err));
    return crl_issue(t->root, t->root_key, NULL, 0, 1, from, cert_not_after(t->root), &t->crl, err);
}

/* The name round the arc; what "(测试)" says stands below the star. */
static char *arc_name(const char *agency)
{
    static const char *const marks[] = {"(测试)", "（测试）"};

    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        size_t n = strlen(agency), m = strlen(marks[i]);

        if (n > m && strcmp(agency + n - m, marks[i]) == 0)
            return mem_copy_text(agency, n - m);
    }
    return mem_text(agency);
}

static enum rc make_seal(struct trial *t, const struct trial_spec *spec, struct err *err)
{
    CLEANUP(typesetter_freep) struct typesetter *typesetter = NULL;
    CLEANUP(signer_freep) struct signer *maker = NULL;
    CLEANUP(freep) char *arc = arc_name(spec->agency), *name = format2("TEST ", spec->agency);
    struct certs signers = {.list = &t->agency, .n = 1};
    struct ses_seal_spec seal = {.layout = SES_LAYOUT_4,
                                 .name = name,
                                 .type = 1,
                                 .signers = &signers,
                                 .create_date = t->now,
                                 .valid_start = t->now,
                                 .valid_end = cert_not_after(t->agency),
                                 .picture_type = "PNG",
                                 .width_mm = SEAL_DIAMETER_MM,
                                 .height_mm = SEAL_DIAMETER_MM};

    TRY(typesetter_open(NULL, &typesetter, err));
    TRY(face_seal_picture(typesetter, arc, "测试", SEAL_DIAMETER_MM, &t->picture, err));
    seal.picture = buf_span(&t->picture);
    TRY(signer_of_key(MOVE(t->maker_key), t->maker, &maker, err));
    TRY(ses_seal_make(&seal, maker, &t->seal, err));
    seal.layout = SES_LAYOUT_5;
    return ses_seal_make(&seal, maker, &t->seal5, err);
}

/* Writes one file of the folder; `name` may hold one folder of its own. */
static enum rc put(const char *dir, const char *name, struct span bytes, struct err *err)
{
    CLEANUP(freep) char *path = path_join(dir, name), *folder = path_dir(path);

    TRY(dir_make(folder, err));
    return file_write(path, bytes, 0, err);
}

static enum rc put_cert(const char *dir, const char *name, const struct cert *cert, struct err *err)
{
    CLEANUP(buf_clear) struct buf pem = BUF_INIT(LIMIT_CERT);

    TRY(cert_pem(cert, &pem, err));
    return put(dir, name, buf_span(&pem), err);
}

static enum rc put_key(const char *dir, const char *name, const struct key *key,
                       const struct secret *pin, struct err *err)
{
    CLEANUP(freep) char *path = path_join(dir, name), *folder = path_dir(path);

    TRY(dir_make(folder, err));
    return key_save(key, path, pin, 0, err);
}

static enum rc put_config(const char *dir, const struct trial_spec *spec, struct err *err)
{
    CLEANUP(buf_clear) struct buf text = BUF_INIT(LIMIT_CONFIG);

    TRY(buf_addf(&text, err,
                 "# %s (%s): a trial authority, made by ecert authority new.\n"
                 "# 仅供测试：密钥、证书和印章都没有法律效力。\n"
                 "keys:\n"
                 "  agency: {key: \"file:agency/agency.key\", cert: agency/agency.crt, chain: "
                 "[ca/root.crt]}\n"
                 "  maker: {key: \"file:ca/maker.key\", cert: ca/maker.crt, chain: [ca/root.crt]}\n"
                 "seals:\n"
                 "  official: {file: seals/official.esl, for: [%s]}\n"
                 "  official-v5: {file: seals/official-v5.esl, for: [%s]}\n"
                 "trust:\n"
                 "  default: trust\n"
                 "policies:\n"
                 "  default: builtin:default\n"
                 "journal: journal.jsonl\n",
                 spec->agency, spec->uscc, spec->uscc, spec->uscc));
    return put(dir, "config.yaml", buf_span(&text), err);
}

static enum rc put_pki(const char *dir, const struct trial *t, const struct secret *pin,
                       struct err *err)
{
    TRY(put_key(dir, "ca/root.key", t->root_key, pin, err));
    TRY(put_key(dir, "ca/maker.key", t->maker_key, pin, err));
    TRY(put_key(dir, "agency/agency.key", t->agency_key, pin, err));
    TRY(put_cert(dir, "ca/root.crt", t->root, err));
    TRY(put_cert(dir, "ca/maker.crt", t->maker, err));
    TRY(put_cert(dir, "agency/agency.crt", t->agency, err));
    TRY(put_cert(dir, "trust/anchors/root.crt", t->root, err));
    return put(dir, "trust/crls/root.crl", buf_span(&t->crl), err);
}

static enum rc fill_folder(const char *dir, struct trial *t, const struct trial_spec *spec,
                           struct err *err)
{
    TRY(make_certs(t, spec, err));
    TRY(put_pki(dir, t, spec->pin, err));
    TRY(make_seal(t, spec, err)); /* uses the maker's key up */
    TRY(put(dir, "seals/official.png", buf_span(&t->picture), err));
    TRY(put(dir, "seals/official.esl", buf_span(&t->seal), err));
    TRY(put(dir, "seals/official-v5.esl", buf_span(&t->seal5), err));
    return put_config(dir, spec, err);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

/* A folder that is not wanted after all. */
static void remove_treep(char **dir)
{
    if (*dir)
        (void)nftw(*dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(*dir);
}

static char *without_slashes(const char *dir)
{
    size_t n = strlen(dir);

    while (n > 1 && dir[n - 1] == '/')
        n--;
    return mem_copy_text(dir, n);
}

/* An empty folder is as good as none: renaming replaces it. */
static bool is_free(const char *path)
{
    struct err ignored = ERR_INIT;
    char **names = NULL;
    size_t n = 1;

    if (!file_exists(path))
        return true;
    if (dir_list(path, &names, &n, &ignored) != RC_OK)
        return false;
    names_free(names, n);
    return n == 0;
}

enum rc trial_make(const char *dir, const struct trial_spec *spec, struct err *err)
{
    CLEANUP(trial_clear)
    struct trial trial = {.crl = BUF_INIT(LIMIT_CRL),
                          .picture = BUF_INIT(LIMIT_PICTURE),
                          .seal = BUF_INIT(LIMIT_SIGNED_VALUE),
                          .seal5 = BUF_INIT(LIMIT_SIGNED_VALUE),
                          .now = clock_system()};
    CLEANUP(freep) char *target = without_slashes(dir);
    CLEANUP(freep) char *parent = path_dir(target);
    CLEANUP(remove_treep) char *temporary = format2(target, ".XXXXXX");

    if (!is_free(target)) {
        (void)err_set(err, RC_REFUSED,
                      "there is something already; a trial authority is never overwritten");
        return err_at(err, "%s", dir);
    }
    TRY(dir_make(parent, err));
    if (!mkdtemp(temporary)) {
        freep(&temporary);
        temporary = NULL;
        return err_errno(err, dir);
    }
    if (chmod(temporary, 0755) != 0)
        return err_errno(err, dir);
    TRY(fill_folder(temporary, &trial, spec, err));
    if (rename(temporary, target) != 0)
        return err_errno(err, dir);
    freep(&temporary);
    temporary = NULL;
    return RC_OK;
}

static enum rc give_pin(void *context, struct secret *out, struct err *err)
{
    const struct secret *pin = context;

    if (!pin->text)
        return err_set(err, RC_KEY, "the key is encrypted: give --pin-file");
    secret_set(out, pin->text, pin->len);
    return RC_OK;
}

enum rc trial_renew(const char *dir, const struct secret *pin, struct err *err)
{
    CLEANUP(freep) char *key_path = path_join(dir, "ca/root.key");
    CLEANUP(freep) char *cert_path = path_join(dir, "ca/root.crt");
    CLEANUP(freep) char *crl_path = path_join(dir, "trust/crls/root.crl");
    CLEANUP(certs_clear) struct certs certs = {.list = NULL};
    CLEANUP(key_freep) struct key *key = NULL;
    CLEANUP(buf_clear) struct buf pem = BUF_INIT(LIMIT_CRL);
    struct secret none = SECRET_INIT, copy = pin ? *pin : none;
    struct pin_source source = {.get = give_pin, .context = &copy};
    instant now = clock_system();

    TRY(certs_load(cert_path, &certs, err));
    TRY(key_load(key_path, &source, &key, NULL, err));
    if (!key_matches(key, certs.list[0]))
        return err_set(err, RC_KEY, "%s does not belong to %s", key_path, cert_path);
    /* The number only has to grow: the time does. */
    TRY(crl_issue(certs.list[0], key, NULL, 0, (long)now, now, cert_not_after(certs.list[0]), &pem,
                  err));
    return file_write(crl_path, buf_span(&pem), FILE_FORCE, err);
}
