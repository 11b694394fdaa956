/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_PLACES_H
#define CMD_PLACES_H

#include "cmd/stamping.h"

/*
 * Where the seal goes: the place asked for, else the first free place of licence.json,
 * one of the seal's own owner before others.  RC_REFUSED when it is taken, RC_USAGE
 * when there is none.
 */
MUST_CHECK enum rc places_choose(const struct stamping *stamping, const struct ofd *ofd,
                                 const struct licence *licence, struct ofd_stamp *out,
                                 struct err *err);

#endif
