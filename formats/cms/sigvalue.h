/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_CMS_SIGVALUE_H
#define FORMATS_CMS_SIGVALUE_H

#include "formats/cms/cms.h"

/* What kind of value SignedValue.dat holds: told by its bytes, never by Type or a file name. */
enum sigvalue_kind {
    SIGVALUE_UNKNOWN,
    SIGVALUE_CMS, /* first item an OID: SignedData */
    SIGVALUE_SES, /* first item a SEQUENCE: SES_Signature */
    SIGVALUE_RAW, /* SEQUENCE of two INTEGERs, 64 bytes r||s, or an RSA value */
};
enum sigvalue_kind sigvalue_detect(struct span value);

/*
 * Judges a bare value over content.  Nobody can be named without a certificate:
 * with cert NULL step value is unknown (NO_SIGNING_CERTIFICATE_FOUND).  `algorithm`
 * is SignatureMethod, an OID or a name, or NULL.
 */
void sigvalue_judge_raw(const struct cms_judge *judge, struct span value, const char *algorithm,
                        struct cert *cert, struct span content, struct signature_report *report,
                        struct findings *findings);

#endif
