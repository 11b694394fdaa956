/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/signer.h"

#include "core/base/codec.h"
#include "core/base/json.h"
#include "core/base/limits.h"
#include "core/base/mem.h"
#include "core/crypto/cert_priv.h"
#include "core/crypto/command.h"
#include "core/crypto/key_priv.h"

struct signer {
    struct cert *cert; /* NULL: a command that makes whole seal signatures */
    struct key *key;   /* NULL: a command makes the values */
    char **argv;       /* of the command */
};

enum rc signer_of_key(struct key *key, struct cert *cert, struct signer **out, struct err *err)
{
    struct signer *signer;

    if (!key->is_sm2 || !key_matches(key, cert)) {
        enum rc rc = key->is_sm2 ? err_set(err, RC_KEY,
                                           "the key and the certificate of '%.120s' do not "
                                           "belong together",
                                           cert_common_name(cert))
                                 : err_set(err, RC_KEY, "not an SM2 key");

        key_free(key);
        return rc;
    }
    signer = mem_zero(1, sizeof(*signer));
    signer->key = key;
    signer->cert = cert_ref(cert);
    *out = signer;
    return RC_OK;
}

enum rc signer_of_command(const char *command, struct cert *cert, struct signer **out,
                          struct err *err)
{
    CLEANUP(signer_freep) struct signer *signer = mem_zero(1, sizeof(*signer));

    if (cert && !cert->is_sm2)
        return err_set(err, RC_KEY, "the certificate of '%.120s' is not for SM2",
                       cert_common_name(cert));
    TRY(command_split(command, &signer->argv, err));
    if (cert)
        signer->cert = cert_ref(cert);
    *out = MOVE(signer);
    return RC_OK;
}

void signer_free(struct signer *signer)
{
    if (!signer)
        return;
    command_free(signer->argv);
    cert_free(signer->cert);
    key_free(signer->key);
    free(signer);
}

struct cert *signer_cert(const struct signer *signer)
{
    return signer->cert;
}

bool signer_is_ses(const struct signer *signer)
{
    return !signer->cert;
}

const char *signer_program(const struct signer *signer)
{
    return signer->argv ? signer->argv[0] : "";
}

/* One line of JSON and 32 bytes: what a signing program gets on its standard input. */
static enum rc request(struct js *line, const unsigned char bytes[SM3_LEN], struct buf *out,
                       struct err *err)
{
    TRY(js_print(line, false, out, err));
    TRY(buf_puts(out, "\n", err));
    return buf_add(out, bytes, SM3_LEN, err);
}

static enum rc ask_value(const struct signer *signer, const char *purpose,
                         const unsigned char e[SM3_LEN], struct buf *out, struct err *err)
{
    CLEANUP(js_freep) struct js *line = js_object();
    CLEANUP(buf_clear) struct buf input = BUF_INIT(COMMAND_INPUT_MAX);
    CLEANUP(buf_clear) struct buf answer = BUF_INIT(LIMIT_KEY_FILE);
    unsigned char rs[SM2_RS_LEN], der[SM2_DER_MAX];
    char digest[2 * SM3_LEN + 1];

    hex_encode(signer->cert->sm3, SM3_LEN, digest);
    js_set(line, "want", js_string("value"));
    js_set(line, "purpose", js_string(purpose));
    js_set(line, "cert_sm3", js_string(digest));
    TRY(request(line, e, &input, err));
    TRY(command_run(signer->argv, buf_span(&input), &answer, err));
    if (!sm2_value_read(buf_span(&answer), rs, NULL) ||
        sm2_verify_e(signer->cert->key, signer->cert->number, e, rs) != SIGCHECK_GOOD)
        return err_set(err, RC_KEY,
                       "%s: what it answered is no SM2 value under the certificate "
                       "of '%.120s'",
                       signer->argv[0], cert_common_name(signer->cert));
    return buf_add(out, der, sm2_value_der(rs, der), err);
}

enum rc signer_sign(struct signer *signer, const char *purpose, struct span message,
                    struct buf *out, struct err *err)
{
    unsigned char e[SM3_LEN], der[SM2_DER_MAX];
    size_t len;

    if (!signer->cert)
        return err_set(err, RC_KEY, "%s: makes whole seal signatures, not values", signer->argv[0]);
    sm2_e(signer->cert->za, message, e);
    if (!signer->key)
        return ask_value(signer, purpose, e, out, err);
    if (!sm2_sign_e(signer->key->pkey, signer->key->number, e, der, &len))
        return ossl_fail(err, RC_KEY, "cannot sign");
    return buf_add(out, der, len, err);
}

enum rc signer_ses(struct signer *signer, const unsigned char data_hash[SM3_LEN], const char *path,
                   struct buf *out, struct err *err)
{
    CLEANUP(js_freep) struct js *line = js_object();
    CLEANUP(buf_clear) struct buf input = BUF_INIT(COMMAND_INPUT_MAX);
    CLEANUP(buf_clear) struct buf answer = BUF_INIT(LIMIT_SIGNED_VALUE);

    if (signer->cert)
        return err_set(err, RC_KEY, "this signer makes values, not whole seal signatures");
    js_set(line, "want", js_string("ses"));
    js_set(line, "path", js_string(path));
    TRY(request(line, data_hash, &input, err));
    TRY(command_run(signer->argv, buf_span(&input), &answer, err));
    if (answer.len == 0)
        return err_set(err, RC_KEY, "%s: answered nothing", signer->argv[0]);
    return buf_add(out, answer.data, answer.len, err);
}
