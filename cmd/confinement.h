/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_CONFINEMENT_H
#define CMD_CONFINEMENT_H

#include "cmd/inputs.h"
#include "cmd/walk.h"

/*
 * For commands that only read the files of strangers: from here on the process may read these
 * and otherwise only what is open already; see core/base/confine.h.  Called when configuration
 * and trust are loaded and outputs open, before the first thread and the first file.  Under -v
 * it says what is in force.  also: one more file to be read, or NULL.
 */
void confinement_enter(const struct common *common, const struct inputs *inputs, const char *also);
/* The same for what a walk will come to; the walk is begun anew. */
void confinement_enter_walk(const struct common *common, struct walk *walk, const char *also);

#endif
