/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_OFD_DIAGNOSE_H
#define FORMATS_OFD_DIAGNOSE_H

#include "formats/cms/cms.h"

/*
 * Why does it fail, when another reader calls it valid?  Tries the deviations from the
 * standards that software is known for, one at a time, and adds a finding that names
 * the one under which a value or digest would be right, or says that none is.  Findings
 * of severity info alone: steps, indications and verdict stay what they are.
 */

/* The signers of a value over a file that lies beside it. */
void diagnose_cms(const struct cms *cms, struct span file, const char *part,
                  const struct signature_report *report, struct findings *findings);

struct ofd_case;
/* Every signature of a package that was judged. */
void diagnose_ofd(struct ofd_case *at);

#endif
