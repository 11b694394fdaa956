/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_ESEAL_H
#define CMD_ESEAL_H

#include "cmd/cmd.h"

/* The verbs of `ecert eseal`. */
extern const struct cmd eseal_check;
extern const struct cmd eseal_make;
extern const struct cmd eseal_show;

#endif
