/* SPDX-License-Identifier: Apache-2.0 */
/* ecert eseal - make, show and check e-seals (GB/T 38540). */

#include "cmd/eseal.h"

static const struct cmd *const verbs[] = {&eseal_check, &eseal_make, &eseal_show, NULL};

const struct cmd cmd_eseal = {
    .name = "eseal",
    .brief = N_("make, show and check e-seals (GB/T 38540)"),
    .verbs = verbs,
};
