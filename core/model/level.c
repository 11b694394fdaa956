/* SPDX-License-Identifier: Apache-2.0 */
#include "core/model/level.h"

#include <stddef.h>

const char *const level_names[] = {"basic", "long-term", "archival", NULL};
