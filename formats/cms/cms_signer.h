/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_CMS_CMS_SIGNER_H
#define FORMATS_CMS_CMS_SIGNER_H

#include "formats/cms/cms.h"

/* What judging a signature and judging a timestamp token have in common. */

/* How the signer's certificate was found among those of the value. */
enum cms_found {
    CMS_FOUND,
    CMS_FOUND_ALONE, /* a key identifier that no certificate has; there is but one certificate */
    CMS_NOT_FOUND,
    CMS_AMBIGUOUS, /* two different certificates could be meant */
};
/* *out is borrowed, NULL where it was not found. */
enum cms_found cms_find_signer(const struct cms *cms, const struct cms_signer *signer,
                               struct cert **out);
/* The same, where the reason does not matter. */
struct cert *cms_signer_cert(const struct cms *cms, const struct cms_signer *signer);

/* Do the attributes stand in the order that DER has for a SET OF? */
bool cms_attributes_sorted(const struct cms_signer *signer);

/* Is the attribute there more than once, or with more than one value? */
bool cms_attribute_twice(const struct cms_signer *signer, const char *oid);

/*
 * Verifies the signer's value: over its attributes, or over `message` where it has none.
 * Attributes that are out of order are taken as they stand, then in the order of DER.
 */
enum sigcheck cms_signer_verify(const struct cms_signer *signer, const struct cert *cert,
                                struct span message, struct sigform *form);

#endif
