/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_MODEL_POLICY_PRIV_H
#define CORE_MODEL_POLICY_PRIV_H

#include "core/model/policy.h"

/* The file of a policy that ecert brings along; data NULL: there is none of that name. */
struct span policy_builtin_text(const char *name);

/* What the policy demands, as steps of the signatures and findings that decide. */
void policy_demand(const struct policy *policy, instant now, struct verification *v);

#endif
