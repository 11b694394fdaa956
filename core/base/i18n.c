/* SPDX-License-Identifier: Apache-2.0 */
/* GNU gettext, held to one language: LANGUAGE is pinned to zh_CN and English is the source. */
#include "core/base/i18n.h"

#include <libintl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/file.h"

#ifndef LOCALEDIR
#define LOCALEDIR "/usr/local/share/locale"
#endif

static enum lang chosen = LANG_EN;
static int opened;

/* The catalogue that was built with the program, else the one that was installed with it. */
static void bind_catalogue(void)
{
    static const char *const places[] = {"locale", "../share/locale"};

    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        CLEANUP(freep) char *folder = path_of_program(places[i]);
        CLEANUP(freep) char *file = path_join(folder, "zh_CN/LC_MESSAGES/ecert.mo");

        if (file_exists(file)) {
            bindtextdomain("ecert", folder);
            return;
        }
    }
    bindtextdomain("ecert", LOCALEDIR);
}

static const char *locale_wish(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *value = getenv(names[i]);

        if (value && *value)
            return value;
    }
    return "";
}

void i18n_init(const char *choice)
{
    chosen = strncmp(choice ? choice : locale_wish(), "zh", 2) == 0 ? LANG_ZH : LANG_EN;
    /* gettext translates nothing in the locale "C"; C.UTF-8 is on every Debian. */
    if (!setlocale(LC_MESSAGES, "C.UTF-8"))
        return;
    (void)setenv("LANGUAGE", "zh_CN", 1);
    bind_catalogue();
    /* The C library would follow LANGUAGE too; what it says belongs to no catalogue of ours. */
    bindtextdomain("libc", "/dev/null");
    bind_textdomain_codeset("ecert", "UTF-8");
    opened = 1;
}

enum lang i18n_lang(void)
{
    return chosen;
}

const char *i18n_zh(const char *text)
{
    return opened && *text ? dgettext("ecert", text) : text;
}

const char *tr(const char *text)
{
    return chosen == LANG_ZH ? i18n_zh(text) : text;
}
