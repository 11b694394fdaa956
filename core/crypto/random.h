/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_CRYPTO_RANDOM_H
#define CORE_CRYPTO_RANDOM_H

#include "core/base/err.h"

/* Bytes of libcrypto's generator.  RC_SYSTEM if it has no entropy; then out is all zero. */
MUST_CHECK enum rc random_bytes(unsigned char *out, unsigned long n, struct err *err);

#endif
