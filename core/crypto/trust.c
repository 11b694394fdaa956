/* SPDX-License-Identifier: Apache-2.0 */
#include "core/crypto/chain.h"

#include <string.h>

#include "core/base/file.h"
#include "core/base/limits.h"
#include "core/base/mem.h"
#include "core/crypto/pem.h"
#include "core/crypto/trust_priv.h"

enum { OCSP_FILE_MAX = 16 << 20 }; /* a file may hold many */

/* Two trusts never have one number, nor does one that was added to keep its own. */
static void renumber(struct trust *trust)
{
    static atomic_uint_fast64_t last;

    trust->identity = atomic_fetch_add(&last, 1) + 1;
}

uint64_t trust_identity(const struct trust *trust)
{
    return trust->identity;
}

struct trust *trust_new(void)
{
    struct trust *trust = mem_zero(1, sizeof(*trust));

    renumber(trust);
    trust->memo = mem_zero(1, sizeof(*trust->memo));
    (void)pthread_mutex_init(&trust->memo->lock, NULL);
    return trust;
}

void trust_free(struct trust *trust)
{
    if (!trust)
        return;
    certs_clear(&trust->anchors);
    certs_clear(&trust->intermediates);
    crls_free(trust->crls, trust->n_crls);
    ocsps_free(trust->ocsps, trust->n_ocsps);
    (void)pthread_mutex_destroy(&trust->memo->lock);
    free(trust->memo);
    free(trust);
}

void trust_add_anchor(struct trust *trust, struct cert *cert)
{
    renumber(trust);
    certs_add(&trust->anchors, cert);
}

void trust_add_intermediate(struct trust *trust, struct cert *cert)
{
    renumber(trust);
    certs_add(&trust->intermediates, cert);
}

void trust_add_crl(struct trust *trust, struct crl *crl)
{
    renumber(trust);
    trust->crls = mem_resize(trust->crls, (trust->n_crls + 1) * sizeof(struct crl *));
    trust->crls[trust->n_crls++] = crl_ref(crl);
}

void trust_add_ocsp(struct trust *trust, struct ocsp *ocsp)
{
    renumber(trust);
    trust->ocsps = mem_resize(trust->ocsps, (trust->n_ocsps + 1) * sizeof(struct ocsp *));
    trust->ocsps[trust->n_ocsps++] = ocsp_ref(ocsp);
}

struct trust_counts trust_count(const struct trust *trust, instant now)
{
    struct trust_counts counts = {.anchors = trust->anchors.n,
                                  .intermediates = trust->intermediates.n,
                                  .crls = trust->n_crls,
                                  .ocsps = trust->n_ocsps};

    for (size_t i = 0; i < trust->anchors.n; i++) {
        const struct cert *anchor = trust->anchors.list[i];

        counts.not_ca += !anchor->is_ca && !anchor->is_v1;
        counts.expired += anchor->not_after < now;
    }
    return counts;
}

size_t trust_n_anchors(const struct trust *trust)
{
    return trust->anchors.n;
}

const struct cert *trust_anchor(const struct trust *trust, size_t i)
{
    return trust->anchors.list[i];
}

/* What lies twice in a folder is taken once. */
static void add_new(struct certs *to, size_t from, struct cert *cert)
{
    for (size_t i = from; i < to->n; i++) {
        if (cert_equals(to->list[i], cert))
            return;
    }
    certs_add(to, cert);
}

static enum rc load_certs(struct certs *to, size_t from, const char *path, struct err *err)
{
    CLEANUP(certs_clear) struct certs certs = {.n = 0};

    TRY(certs_load(path, &certs, err));
    for (size_t i = 0; i < certs.n; i++)
        add_new(to, from, certs.list[i]);
    return RC_OK;
}

/* A folder while it is read: its certificates begin at these places. */
struct loading {
    struct trust *trust;
    size_t first_anchor, first_intermediate;
};

static enum rc load_anchors(const struct loading *at, const char *path, struct err *err)
{
    return load_certs(&at->trust->anchors, at->first_anchor, path, err);
}

static enum rc load_intermediates(const struct loading *at, const char *path, struct err *err)
{
    return load_certs(&at->trust->intermediates, at->first_intermediate, path, err);
}

/* A list in DER may be large: it stays where it was read to. */
static enum rc take_list(struct trust *trust, const char *path, struct buf *bytes, struct err *err)
{
    CLEANUP(crl_freep) struct crl *crl = NULL;
    size_t len;
    char *der = buf_take(bytes, &len);

    TRY_AT(crl_take((unsigned char *)der, len, &crl, err), err, "%s", path);
    trust_add_crl(trust, crl);
    return RC_OK;
}

enum rc trust_load_crls(struct trust *trust, const char *path, struct err *err)
{
    CLEANUP(buf_clear) struct buf bytes = BUF_INIT(2 * LIMIT_CRL);
    struct crl **list = NULL;
    size_t n = 0;

    TRY(file_read(path, &bytes, err));
    if (!pem_is(buf_span(&bytes)))
        return take_list(trust, path, &bytes, err);
    TRY_AT(crls_parse(buf_span(&bytes), &list, &n, err), err, "%s", path);
    for (size_t i = 0; i < n; i++)
        trust_add_crl(trust, list[i]);
    crls_free(list, n);
    return RC_OK;
}

static enum rc load_crls(const struct loading *at, const char *path, struct err *err)
{
    return trust_load_crls(at->trust, path, err);
}

enum rc trust_load_ocsp(struct trust *trust, const char *path, struct err *err)
{
    CLEANUP(buf_clear) struct buf bytes = BUF_INIT(OCSP_FILE_MAX);
    struct ocsp **list = NULL;
    size_t n = 0;

    TRY(file_read(path, &bytes, err));
    TRY_AT(ocsps_parse(buf_span(&bytes), &list, &n, err), err, "%s", path);
    for (size_t i = 0; i < n; i++)
        trust_add_ocsp(trust, list[i]);
    ocsps_free(list, n);
    return RC_OK;
}

static enum rc load_ocsps(const struct loading *at, const char *path, struct err *err)
{
    return trust_load_ocsp(at->trust, path, err);
}

typedef enum rc load_file(const struct loading *at, const char *path, struct err *err);

static enum rc load_files(const struct loading *at, const char *folder, char *const *names,
                          size_t n, load_file *load, struct err *err)
{
    for (size_t i = 0; i < n; i++) {
        CLEANUP(freep) char *path = path_join(folder, names[i]);

        if (names[i][0] == '.' || dir_exists(path)) /* .gitkeep and the like */
            continue;
        TRY(load(at, path, err));
    }
    return RC_OK;
}

enum rc trust_load(struct trust *trust, const char *folder, struct err *err)
{
    static const struct {
        const char *name;
        load_file *load;
    } parts[] = {{"anchors", load_anchors},
                 {"intermediates", load_intermediates},
                 {"crls", load_crls},
                 {"ocsp", load_ocsps}};
    const struct loading at = {trust, trust->anchors.n, trust->intermediates.n};

    if (!dir_exists(folder)) {
        (void)err_set(err, RC_USAGE, "the trust folder does not exist");
        return err_at(err, "%s", folder);
    }
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        CLEANUP(freep) char *path = path_join(folder, parts[i].name);
        char **names = NULL;
        size_t n = 0;
        enum rc rc;

        if (!dir_exists(path))
            continue;
        TRY(dir_list(path, &names, &n, err));
        rc = load_files(&at, path, names, n, parts[i].load, err);
        names_free(names, n);
        TRY(rc);
    }
    renumber(trust);
    return RC_OK;
}

bool trust_is_anchor(const struct trust *trust, const struct cert *cert)
{
    for (size_t i = 0; i < trust->anchors.n; i++) {
        if (cert_equals(trust->anchors.list[i], cert))
            return true;
    }
    return false;
}

enum sigcheck trust_issued_by(const struct trust *trust, const struct cert *cert,
                              const struct cert *issuer)
{
    struct memo *memo = trust->memo;
    unsigned char key[SM3_LEN];
    struct memo_slot *slot;
    enum sigcheck answer;
    bool known;

    sm3_parts((const struct span[]){{cert->sm3, SM3_LEN}, {issuer->sm3, SM3_LEN}}, 2, key);
    slot = &memo->slots[(key[0] << 8 | key[1]) % MEMO_SLOTS];
    (void)pthread_mutex_lock(&memo->lock);
    known = slot->used && memcmp(slot->key, key, SM3_LEN) == 0;
    answer = slot->answer;
    (void)pthread_mutex_unlock(&memo->lock);
    if (known)
        return answer;
    answer = cert_verify_issued_by(cert, issuer);
    if (answer == SIGCHECK_UNSUPPORTED) /* no answer, so nothing to remember */
        return answer;
    (void)pthread_mutex_lock(&memo->lock);
    *slot = (struct memo_slot){.used = true, .answer = answer};
    memcpy(slot->key, key, SM3_LEN);
    (void)pthread_mutex_unlock(&memo->lock);
    return answer;
}
