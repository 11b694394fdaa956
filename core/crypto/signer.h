/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_CRYPTO_SIGNER_H
#define CORE_CRYPTO_SIGNER_H

#include "core/crypto/key.h"

/*
 * Something that makes SM2 values for one certificate: a key in memory, or a
 * program (`cmd:`) that speaks to a device.  It may be used by several threads
 * at once.
 */
struct signer;

/* Takes the key, also when it fails; counts the certificate.  RC_KEY if they do not belong
 * together. */
MUST_CHECK enum rc signer_of_key(struct key *key, struct cert *cert, struct signer **out,
                                 struct err *err);

/*
 * A program run once a value without a shell (`command` is split at blanks): on its
 * standard input one line of JSON {"want":"value","purpose":…,"cert_sm3":…} and
 * the 32 bytes of e = SM3(ZA||M); on its standard output the value, DER or r||s.
 * In mode "ses" (signer_ses) it gets the SM3 of Signature.xml and its path in
 * the JSON line and answers with a whole SES_Signature.  A non-zero exit is RC_KEY.
 */
MUST_CHECK enum rc signer_of_command(const char *command, struct cert *cert, struct signer **out,
                                     struct err *err);
void signer_free(struct signer *signer);
CLEANUP_PTR(struct signer, signer_free);

struct cert *signer_cert(const struct signer *signer); /* borrowed; NULL for a ses command */

/*
 * Appends the value over message: DER SEQUENCE{r, s}.  What comes back from a
 * program is verified under the certificate before it is used.
 */
MUST_CHECK enum rc signer_sign(struct signer *signer, const char *purpose, struct span message,
                               struct buf *out, struct err *err);

bool signer_is_ses(const struct signer *signer);
const char *signer_program(const struct signer *signer); /* borrowed; "" for a key in memory */
MUST_CHECK enum rc signer_ses(struct signer *signer, const unsigned char data_hash[SM3_LEN],
                              const char *path, struct buf *out, struct err *err);

#endif
