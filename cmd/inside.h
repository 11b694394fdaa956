/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_INSIDE_H
#define CMD_INSIDE_H

#include "core/base/json.h"
#include "formats/ofd/ofd.h"

/*
 * What is in an OFD file as ecert.show/1: identity, fields, metadata, signatures, document,
 * pages, fonts, attachments, members.  licence: of ours, or NULL.  Names and numbers of
 * holders are masked unless personal.  The caller frees.
 */
struct js *inside_describe(struct ofd *ofd, const struct licence *licence, bool personal);

#endif
