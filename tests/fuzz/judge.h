/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_FUZZ_JUDGE_H
#define TESTS_FUZZ_JUDGE_H

#include "core/base/cleanup.h"
#include "formats/ofd/ofd_verify.h"

/*
 * Judges a file as verify would with everything asked for.  Nobody is believed, so that it may
 * never pass; where it is intact, once more with the root that the corpus was made under, for
 * what only is looked at then.
 */
static inline void fuzz_judge(struct span file)
{
    static struct trust *nobody, *root;
    struct err err = ERR_INIT;

    if (!nobody) {
        CLEANUP(certs_clear) struct certs certs = {.n = 0};

        if (crypto_init(&err) != RC_OK ||
            certs_load("tests/fuzz/corpus/root.crt", &certs, &err) != RC_OK)
            abort();
        nobody = trust_new();
        root = trust_new();
        trust_add_anchor(root, certs.list[0]);
    }
    for (int believed = 0; believed < 2; believed++) {
        CLEANUP(verification_clear) struct verification out = {0};
        struct ofd_judge judge = {.trust = believed ? root : nobody,
                                  .now = 1795341600,
                                  .content = true,
                                  .diagnose = true,
                                  .level = believed ? LEVEL_ARCHIVAL : LEVEL_BASIC};

        ofd_verify(&judge, file, &out);
        if (out.rc == RC_BUG || (!believed && out.rc == RC_OK))
            __builtin_trap();
        if (out.intact != ANSWER_YES)
            return;
    }
}

#endif
