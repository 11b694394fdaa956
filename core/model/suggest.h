/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_MODEL_SUGGEST_H
#define CORE_MODEL_SUGGEST_H

#include <stddef.h>

/*
 * "Did you mean": the word nearest to what was given, or NULL when none is near.
 * Distance counts inserted, lost, changed and swapped characters (code points), and
 * a word is near when at most a third of it differs (of a short one: one character).
 * The first of equally near words wins.  words ends with NULL.
 */
const char *suggest(const char *given, const char *const *words);

/* The same over n words that may not end with NULL. */
const char *suggest_of(const char *given, const char *const *words, size_t n);

#endif
