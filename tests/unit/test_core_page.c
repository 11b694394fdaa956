/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "core/base/cleanup.h"
#include "core/base/mem.h"
#include "core/model/page.h"
#include "tests/unit/unit.h"

START_TEST(a_sheet_owns_what_is_put_on_it)
{
    CLEANUP(sheet_clear) struct sheet sheet = {0};
    struct page *page = sheet_add_page(&sheet, 210000, 297000);

    for (int i = 0; i < 100; i++) {
        struct page_object *object = page_add(page, PAGE_TEXT);

        ck_assert_int_eq(object->text.field, -1);
        object->text.text = mem_text("营");
        object->text.advances = mem_zero(1, sizeof(um));
    }
    page_add(page, PAGE_PATH)->path.data = mem_text("M 0 0 L 1 1");
    ck_assert_int_eq(page_add(page, PAGE_IMAGE)->image.field, -1);
    ck_assert_uint_eq(page->n, 102);
    ck_assert_int_eq(page->objects[0].kind, PAGE_TEXT);
    ck_assert_str_eq(page->objects[99].text.text, "营");
}
END_TEST

START_TEST(pictures_are_numbered_and_copied)
{
    CLEANUP(sheet_clear) struct sheet sheet = {0};
    char bytes[] = "abc";

    ck_assert_uint_eq(sheet_add_picture(&sheet, "PNG", span_of(bytes)), 0);
    ck_assert_uint_eq(sheet_add_picture(&sheet, "JPEG", span_of("de")), 1);
    bytes[0] = 'x';
    ck_assert_mem_eq(sheet.pictures[0].file, "abc", 3);
    ck_assert_uint_eq(sheet.pictures[1].len, 2);
    ck_assert_str_eq(sheet.pictures[1].format, "JPEG");
}
END_TEST

START_TEST(a_cleared_sheet_is_empty_and_usable)
{
    CLEANUP(sheet_clear) struct sheet sheet = {0};

    (void)sheet_add_page(&sheet, 1, 1);
    sheet_clear(&sheet);
    ck_assert_uint_eq(sheet.n_pages, 0);
    (void)sheet_add_page(&sheet, 2, 2);
    ck_assert_int_eq(sheet.pages[0].width, 2);
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_test(tc, a_sheet_owns_what_is_put_on_it);
    tcase_add_test(tc, pictures_are_numbered_and_copied);
    tcase_add_test(tc, a_cleared_sheet_is_empty_and_usable);
}
