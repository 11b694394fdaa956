/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_BASE_CHARSET_H
#define CORE_BASE_CHARSET_H

#include "core/base/buf.h"

/*
 * Appends text in GB18030 as UTF-8.  GB2312 and GBK are read as GB18030 too, whose
 * parts they are.  RC_INPUT at the first byte that is neither.  Owner of iconv.
 */
MUST_CHECK enum rc charset_from_gb18030(struct span text, struct buf *out, struct err *err);

/* Loads the C library's table now and for good, for a process that soon may open no files. */
void charset_prepare(void);

#endif
