/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_CMS_TIMESTAMP_H
#define FORMATS_CMS_TIMESTAMP_H

#include "core/model/judge.h"

/*
 * A timestamp token (RFC 3161, GM/T 0033) that came with a value: `over` are the
 * octets whose digest it stamps.  Today it says that the token is there and was not
 * evaluated, or that the bytes are no token; what proves a time fills in best_time.
 */
void timestamp_judge(const struct judge *judge, const char *step, struct span token,
                     struct span over);

#endif
