/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_FACE_QR_SMALL_H
#define FORMATS_FACE_QR_SMALL_H

#include <stdbool.h>

#define QR_SMALL_MAX 41 /* modules a side */

/* One byte a module, 1 is dark, row by row. */
struct qr_small {
    int size;
    unsigned char modules[QR_SMALL_MAX * QR_SMALL_MAX];
};

/*
 * QR code of up to 154 digits, capitals and points, as an identifier is, at correction
 * level M; false for any other text.  The symbol is libqrencode's to the module, which
 * tries its eight masks at ten times the cost.
 */
bool qr_small(const char *text, struct qr_small *out);

#endif
