/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_FACECHECK_H
#define CMD_FACECHECK_H

#include "formats/ofd/ofd_verify.h"

/*
 * For struct ofd_judge.face: draws the QR code of the licence's identifier again and looks for
 * that picture among those on the pages.  Yes or unknown: pictures of others are not decoded.
 */
enum answer facecheck_code(void *state, struct ofd *ofd, const struct licence *licence,
                           struct ofd_code *found);

#endif
