/* SPDX-License-Identifier: Apache-2.0 */
/* A value and what it should be over, put to all trials of --diagnose: a length, whether there is a
 * certificate (most is tried without, which is quicker), the value, the bytes.  Each is one
 * finding, never more than a note. */
#include <assert.h>
#include <stdint.h>

#include "core/crypto/cert_issue.h"
#include "formats/ofd/diagnose_priv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A certificate of nobody, made once. */
static struct cert *make_cert(void)
{
    const struct cert_request request = {.profile = CERT_PROFILE_ROOT,
                                         .common_name = "nobody",
                                         .organization = "nowhere",
                                         .not_before = 1767225600,
                                         .not_after = 1800000000};
    CLEANUP(key_freep) struct key *key = NULL;
    struct cert *cert = NULL;
    struct err err = ERR_INIT;

    if (crypto_init(&err) != RC_OK || key_generate_sm2(&key, &err) != RC_OK ||
        cert_issue(&request, key, NULL, key, &cert, &err) != RC_OK)
        return NULL;
    return cert;
}

static void check(struct findings *findings, size_t n)
{
    assert(findings->n == n);
    assert(findings_worst(findings) == SEVERITY_INFO);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct cert *cert;
    size_t len = size ? data[0] : 0;
    bool certified = size > 1 && data[1] % 16 == 1;
    struct findings findings = {0};
    struct suspect s = {.algorithm = "1.2.156.10197.1.501"};
    struct digest_suspect q = {.alg_known = true};

    if (!cert && !(cert = make_cert()))
        return 0;
    if (size < 2 || len > size - 2)
        return 0;
    s.cert = certified ? cert : NULL;
    s.value = (struct span){data + 2, len};
    s.message = s.file = s.attributes = (struct span){data + 2 + len, size - 2 - len};
    diagnose_value(&s, PLACE_PART("value"), &findings);
    check(&findings, 1);
    q.bytes = s.file;
    q.want = s.value;
    q.cert = cert;
    diagnose_content(&q, "file", PLACE_PART("file"), &findings);
    check(&findings, 2);
    findings_clear(&findings);
    return 0;
}
