/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_CMS_CMS_WRITE_H
#define FORMATS_CMS_CMS_WRITE_H

#include "core/crypto/der_write.h"

/* Pieces of SignedData; private to formats/cms. */

/* Appends a SET OF: the items in ascending order, as X.690 11.6 wants them. */
MUST_CHECK enum rc cms_put_set(struct buf *out, enum der_id id, struct span items, struct err *err);

/* Attribute { type, SET { value } }; the value is the DER that stands in `value`. */
MUST_CHECK enum rc cms_put_attribute(struct buf *out, const char *oid, struct span value,
                                     struct err *err);

#endif
