/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_BASE_I18N_H
#define CORE_BASE_I18N_H

/*
 * The two languages of ecert.  English is in the source; Chinese comes from
 * po/zh_CN.po through GNU gettext.  Reports carry both at once, so the catalogue
 * is open whatever the user's locale is: the locale only chooses what is printed
 * for people.  Nothing else in the program depends on the locale.
 */
enum lang { LANG_EN, LANG_ZH };

/* Marks a string in a static table for xgettext; it is looked up where it is printed. */
#define N_(text) text

/*
 * Opens the catalogue and chooses the language of messages: `choice` is "zh_CN",
 * "en" or NULL, for which LC_ALL, LC_MESSAGES and LANG decide.  Called once, by
 * main; a unit test that never calls it sees English in both languages.
 */
void i18n_init(const char *choice);

enum lang i18n_lang(void);

const char *i18n_zh(const char *text); /* the Chinese of an English source string, or text itself */
const char *tr(const char *text);      /* in the user's language */

#endif
