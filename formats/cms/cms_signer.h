/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_CMS_CMS_SIGNER_H
#define FORMATS_CMS_CMS_SIGNER_H

#include "formats/cms/cms.h"

/* What judging a signature and judging a timestamp token have in common. */

/* The signer's certificate among those of the value, borrowed; NULL: it is not there. */
struct cert *cms_signer_cert(const struct cms *cms, const struct cms_signer *signer);

/* Verifies the signer's value: over its attributes, or over `message` where it has none. */
enum sigcheck cms_signer_verify(const struct cms_signer *signer, const struct cert *cert,
                                struct span message, struct sigform *form);

#endif
