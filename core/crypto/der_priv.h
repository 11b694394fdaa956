/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_CRYPTO_DER_PRIV_H
#define CORE_CRYPTO_DER_PRIV_H

#include "core/crypto/der.h"

/* Reads the tag at *at and moves *at past it; fills class, tag and constructed of out. */
MUST_CHECK enum rc der_read_tag(struct span in, size_t *at, struct der *out, struct err *err);

#endif
