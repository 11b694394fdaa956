/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_MODEL_TRIAL_H
#define CORE_MODEL_TRIAL_H

/*
 * The invented bodies of trials, samples and tests: division 330199 does not exist,
 * and every code spells TE5T (GB 32100 has no S) but passes its check digits.
 */
#define TRIAL_AGENCY_NAME "示例市市场监督管理局(测试)"
#define TRIAL_AGENCY_USCC "11330199MB0TE5T1X6"

#define TRIAL_SECOND_AGENCY_NAME "示例市自然资源和规划局(测试)"
#define TRIAL_SECOND_AGENCY_USCC "11330199MB0TE5T286"

#define TRIAL_THIRD_AGENCY_NAME "示例市行政审批局(测试)"
#define TRIAL_THIRD_AGENCY_USCC "11330199MB0TE5T361"

/* Defines licence types whose real code is not known. */
#define TRIAL_DEFINER_NAME "示例证照定义机构(测试)"
#define TRIAL_DEFINER_USCC "11000000MB0TE5T951"

#endif
