/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_BASE_CONFINE_CALLS_H
#define CORE_BASE_CONFINE_CALLS_H

#include <stdbool.h>

/* The half of confine.h that filters system calls.  False: this kernel or machine cannot. */
bool confine_calls(void);

#endif
