/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_PARALLEL_H
#define CMD_PARALLEL_H

#include <stddef.h>

#include "core/base/err.h"

/* Calls run(context, i) for i from 0 to n - 1, several at once, and waits for all of them. */
MUST_CHECK enum rc parallel_for(size_t n, int threads, void (*run)(void *context, size_t i),
                                void *context, struct err *err);

#endif
