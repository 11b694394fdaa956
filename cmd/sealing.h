/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_SEALING_H
#define CMD_SEALING_H

#include "core/base/limits.h"
#include "core/crypto/chain.h"
#include "core/crypto/signer.h"
#include "formats/ofd/ofd_sign.h"
#include "formats/ses/ses.h"

/*
 * Who seals: a key with its certificate and chain, and the seal.  Opened and checked
 * once, then read-only, so that threads share it.
 */
struct sealer {
    struct signer *signer;
    struct certs chain;        /* besides the signer's own certificate */
    struct buf esl;            /* SESeal; empty for one who only signs */
    struct ses_seal seal;      /* borrows from esl */
    struct packed packed;      /* esl, ready for any package */
    const char *const *owners; /* USCCs the configuration gives the seal to; NULL: by its name */
    size_t n_owners;
    instant insecure_time; /* INSTANT_NONE, or the time a TEST key was told to use */
};
#define SEALER_INIT                                                        \
    {                                                                      \
        .esl = BUF_INIT(LIMIT_SIGNED_VALUE), .insecure_time = INSTANT_NONE \
    }
void sealer_clear(struct sealer *sealer);

/* The time that goes into values and that validity is judged by: the system's clock. */
instant sealer_time(const struct sealer *sealer);

/*
 * May it be used now, by the holder of this certificate (NULL: a seal service's own)?
 * RC_REFUSED for a certificate or seal that has expired or is not yet valid, for a
 * seal that does not list the certificate, and for an insecure time under a
 * certificate that is no TEST: found before the key is touched or a PIN is asked.
 */
MUST_CHECK enum rc sealer_check(const struct sealer *sealer, const struct cert *cert,
                                struct err *err);

/* One seal or signature on one package. */
struct sealing {
    const struct sealer *sealer;
    bool as_seal;
    bool close;
    const struct ofd_stamp *stamps;
    size_t n_stamps;
    const char *list; /* Signatures.xml, linked from OFD.xml already */
    long max_id;
    const struct ofd_listed *standing;
    size_t n_standing;
    const unsigned char *digests_sm3; /* of digests.json; NULL when it is no licence of ours */
};

/* Writes everything into the bundle, the value included.  Verifying it is the caller's next step.
 */
MUST_CHECK enum rc sealing_apply(const struct sealing *sealing, struct ofd_bundle *bundle,
                                 struct err *err);

/* Where a seal goes in a place or on a text: in its own size, centred. */
struct box sealing_box(const struct ses_seal *seal, struct box on);

#endif
