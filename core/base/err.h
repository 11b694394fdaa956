/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_BASE_ERR_H
#define CORE_BASE_ERR_H

#include "core/base/rc.h"

/*
 * What went wrong and where in the user's input, said once, in both languages.
 *
 * The function that finds the fault calls err_set() or err_find() and returns
 * what it returns; a caller that knows more of the place adds it with TRY_AT();
 * only cmd/ prints.  A struct err owns nothing, so it needs no release.  Every
 * function that can fail takes one as its last parameter; it is never NULL.
 */
struct err {
    enum rc code;
    char finding[8]; /* a code of core/model/finding.h ("PKG004"), or "": the code alone says it */
    char where[200]; /* "rows.csv: line 12", "a.ofd: Doc_0/Document.xml:3", "seal.esl@0x1c" */
    char text[480];  /* one line of English; cites the clause of the standard that is broken */
    char zh[480];    /* the same in Chinese; equal to text where the catalogue has none */
};

#define ERR_INIT      \
    {                 \
        .code = RC_OK \
    }

/*
 * Records the fault and returns its code, so that a check reads
 *
 *     if (version != 4)
 *         return err_set(err, RC_INPUT, "GB/T 38540 6.2: version: want 4, got %ld", version);
 *
 * The format is a plain English string; its translation is looked up here, so
 * translations must take the same arguments in the same order.
 */
enum rc err_set(struct err *err, enum rc code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The same, naming the finding that reports and `ecert explain` know the fault by. */
enum rc err_find(struct err *err, const char *finding, enum rc code, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* Prepends a place to where ("a.ofd" to "Doc_0/Document.xml:3") and returns err's code. */
enum rc err_at(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Sets "what: reason of errno" with RC_SYSTEM; the reason is never translated by the C library. */
enum rc err_errno(struct err *err, const char *what);

#define TRY_AT(expr, err, ...)               \
    do {                                     \
        if ((expr) != RC_OK)                 \
            return err_at(err, __VA_ARGS__); \
    } while (0)

#endif
