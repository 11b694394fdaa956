/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_SES_SES_VALUE_H
#define FORMATS_SES_SES_VALUE_H

#include "core/model/judge.h"

/* A value of a seal or a seal signature, to be verified; private to formats/ses. */
struct ses_value {
    struct span message;   /* what the standard has signed */
    struct span after;     /* bytes from the end of message on: cert, algorithm, value; or empty */
    const char *algorithm; /* dotted */
    struct span value;
};

struct ses_verdict {
    enum sigcheck check;
    struct sigform form;
    bool c0119; /* only the form of the withdrawn C0119-2018 fits */
};

/*
 * Tries the standard's form and, where that is wrong and `after` is there, that of
 * C0119-2018: SEQUENCE { items of message, cert, algorithm }, or message as one item.
 */
struct ses_verdict ses_verify(const struct cert *cert, const struct ses_value *value);

#endif
