/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_BASE_SANITIZED_H
#define CORE_BASE_SANITIZED_H

/* Is this a build whose run time looks for leaks or races, with a process of its own? */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED 0
#endif

#endif
