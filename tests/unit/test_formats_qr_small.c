/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/face/qr_small.h"

#include <qrencode.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

#define MOST 154

static const char characters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/* The same pseudo-random texts in each run. */
static unsigned next(unsigned *state)
{
    *state = *state * 1103515245 + 12345;
    return *state >> 16;
}

/* In one segment, as face_qr() has it. */
static QRcode *by_library(const char *text)
{
    QRinput *input = QRinput_new2(0, QR_ECLEVEL_M);
    QRcode *code;

    ck_assert_int_eq(
        QRinput_append(input, QR_MODE_AN, (int)strlen(text), (const unsigned char *)text), 0);
    code = QRcode_encodeInput(input);
    QRinput_free(input);
    ck_assert_ptr_nonnull(code);
    return code;
}

static void check(const char *text)
{
    struct qr_small small;
    QRcode *code = by_library(text);

    ck_assert_msg(qr_small(text, &small), "%s", text);
    ck_assert_int_eq(small.size, code->width);
    for (int i = 0; i < small.size * small.size; i++)
        ck_assert_msg(small.modules[i] == (code->data[i] & 1), "%s: module %d", text, i);
    QRcode_free(code);
}

START_TEST(a_symbol_is_the_library_s_to_the_module)
{
    unsigned state = 1;
    char text[MOST + 1];

    for (size_t n = 1; n <= MOST; n++) {
        for (int i = 0; i < 6; i++) {
            for (size_t k = 0; k < n; k++)
                text[k] = characters[next(&state) % (sizeof(characters) - 1)];
            text[n] = '\0';
            check(text);
        }
    }
}
END_TEST

START_TEST(one_character_repeated_is_the_library_s_as_well)
{
    char text[MOST + 1];

    for (size_t c = 0; characters[c]; c++) {
        for (size_t n = 1; n <= MOST; n += 11) {
            memset(text, characters[c], n);
            text[n] = '\0';
            check(text);
        }
    }
}
END_TEST

static const char *const others[] = {
    "",
    "a",                /* no small letters */
    "1.2.156.3005.2\n", /* nor controls */
    "证照",
};

START_TEST(other_texts_are_left_to_the_library)
{
    struct qr_small small;

    ck_assert(!qr_small(others[_i], &small));
}
END_TEST

START_TEST(so_is_one_character_too_many)
{
    struct qr_small small;
    char text[MOST + 2];

    memset(text, '7', sizeof(text) - 1);
    text[MOST + 1] = '\0';
    ck_assert(!qr_small(text, &small));
    text[MOST] = '\0';
    ck_assert(qr_small(text, &small));
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_test(tc, a_symbol_is_the_library_s_to_the_module);
    tcase_add_test(tc, one_character_repeated_is_the_library_s_as_well);
    tcase_add_loop_test(tc, other_texts_are_left_to_the_library, 0, N_OF(others));
    tcase_add_test(tc, so_is_one_character_too_many);
    tcase_set_timeout(tc, 60);
}
