/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_OWNER_H
#define CMD_OWNER_H

#include "cmd/sealing.h"
#include "core/model/licence.h"

/*
 * Whose seal is it, and is that one of the licence's issuers?  The owner is whom the
 * configuration gives the seal to, else whose name it bears; issuers and their codes
 * stand in the metadata in the same order, joined by ^.
 */

/* RC_REFUSED (SEA221) when the seal belongs to none of the issuers. */
MUST_CHECK enum rc owner_check(const struct sealer *sealer, const struct licence *licence,
                               struct err *err);

/* Is the place meant for the seal's owner? */
bool owner_has_place(const struct sealer *sealer, const struct licence *licence,
                     const struct seal_place *place);

#endif
