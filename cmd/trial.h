/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_TRIAL_H
#define CMD_TRIAL_H

#include "core/base/file.h"
#include "core/crypto/secret.h"

/* A trial authority in one folder: everything that a test or a demonstration needs. */
struct trial_spec {
    const char *agency;       /* name of the issuing body */
    const char *uscc;         /* its unified social credit code */
    const struct secret *pin; /* for the private keys; NULL: they are not encrypted */
};

/*
 * Makes the folder (RC_REFUSED when there is anything at that path already): ca/ root
 * and seal maker, agency/ key and certificate, seals/ picture and official.esl,
 * trust/ with anchor and CRL, config.yaml.  It appears whole or not at all.
 */
MUST_CHECK enum rc trial_make(const char *dir, const struct trial_spec *spec, struct err *err);

/* A CRL of this moment for trust/crls, with the next number. */
MUST_CHECK enum rc trial_renew(const char *dir, const struct secret *pin, struct err *err);

#endif
