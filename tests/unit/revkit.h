/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_REVKIT_H
#define TESTS_UNIT_REVKIT_H

#include <stdio.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/crypto/chain.h"
#include "tests/unit/pki.h"

#define DAY ((instant)86400)

/* A root that issues two signers, and the trust in it. */
struct pki {
    struct party root, signer, other;
    struct trust *trust;
    struct chain chain;
};

static inline struct pki pki_new(const char *kind)
{
    struct pki pki = {.trust = trust_new()};

    pki.root = pki_party(CERT_PROFILE_ROOT, "根", kind, NULL);
    pki.signer = pki_party(CERT_PROFILE_SIGNER, "签发机关", "SM2", &pki.root);
    pki.other = pki_party(CERT_PROFILE_SIGNER, "别的机关", "SM2", &pki.root);
    trust_add_anchor(pki.trust, pki.root.cert);
    return pki;
}

static inline void pki_clear(struct pki *pki)
{
    party_clear(&pki->root);
    party_clear(&pki->signer);
    party_clear(&pki->other);
    trust_free(pki->trust);
    chain_clear(&pki->chain);
}

/* What is known of the signer's revocation; the chain must hold. */
static inline enum revocation answer_at(struct pki *pki, instant now)
{
    chain_clear(&pki->chain);
    chain_build(pki->trust, pki->signer.cert, NULL, PKI_2026, now, &pki->chain);
    ck_assert_int_eq(pki->chain.status, CHAIN_OK);
    return pki->chain.revocation;
}

static inline enum revocation answer_of(struct pki *pki)
{
    return answer_at(pki, PKI_2026);
}

/* Puts a file into a trust folder on the disk. */
static inline void rev_put(const char *folder, const char *name, struct span bytes)
{
    CLEANUP(freep) char *path = path_join(folder, name);
    CLEANUP(freep) char *dir = path_dir(path);
    struct err err = ERR_INIT;

    CK_OK(dir_make(dir, &err), &err);
    CK_OK(file_write(path, bytes, FILE_FORCE | FILE_NOSYNC, &err), &err);
}

/* Removes what a test put there, files before their folders, and the folder. */
static inline void rev_remove(const char *folder, const char *const *names, int n)
{
    for (int i = 0; i < n; i++) {
        CLEANUP(freep) char *path = path_join(folder, names[i]);

        (void)remove(path);
    }
    (void)rmdir(folder);
}

#endif
