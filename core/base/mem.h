/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_BASE_MEM_H
#define CORE_BASE_MEM_H

#include <stddef.h>

/*
 * Allocation that cannot return NULL: out of memory ends the process with
 * RC_SYSTEM.  Sizes that come from an input are bounded before they get here.
 */

/*
 * Keeps up to some megabytes that are free: one licence after another asks for the same
 * again, and to give pages back and take them anew costs 3 % of issuing.  Called once.
 */
void mem_hold(void);

void *mem_resize(void *old, size_t n);
void *mem_zero(size_t count, size_t size);

void *mem_copy(const void *bytes, size_t n);
char *mem_copy_text(const char *text, size_t n); /* and a NUL after it */
char *mem_text(const char *text);                /* of a string; NULL stays NULL */

#endif
