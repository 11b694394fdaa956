/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The policies that ecert brings along are inside the program, so that a machine without
 * an installation has them and nobody's file can take their place.  The bytes are those
 * of templates/policies: who wants one of his own begins with a copy.
 */
#include <string.h>

#include "core/model/policy_priv.h"

/* The assembler takes a file in; C cannot.  Relative to the top of the tree, as includes are. */
#define POLICY(name)                                          \
    __asm__(".section .rodata\n"                              \
            "policy_" #name ":\n"                             \
            ".incbin \"templates/policies/" #name ".yaml\"\n" \
            "policy_" #name "_end:\n"                         \
            ".byte 0\n"                                       \
            ".previous\n");                                   \
    extern const unsigned char policy_##name[], policy_##name##_end[]

POLICY(default);
POLICY(strict);
POLICY(archive);

struct span policy_builtin_text(const char *name)
{
    const struct {
        const char *name;
        const unsigned char *text, *end;
    } policies[] = {{"default", policy_default, policy_default_end},
                    {"strict", policy_strict, policy_strict_end},
                    {"archive", policy_archive, policy_archive_end}};

    for (size_t i = 0; i < sizeof(policies) / sizeof(policies[0]); i++) {
        if (strcmp(policies[i].name, name) == 0)
            return (struct span){policies[i].text, (size_t)(policies[i].end - policies[i].text)};
    }
    return (struct span){NULL, 0};
}

bool policy_is_builtin(const char *name)
{
    return policy_builtin_text(name).data != NULL;
}
