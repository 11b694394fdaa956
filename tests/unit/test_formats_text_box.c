/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "core/base/mem.h"
#include "core/base/utf8.h"
#include "formats/face/text_box.h"
#include "tests/unit/unit.h"

#define EM 1000000

/* A text as letters: half an em for what is not Chinese, as in most fonts. */
struct sample {
    struct letter letters[400];
    size_t n;
    size_t at[401]; /* where each letter's bytes begin */
};

static void letters_of(struct sample *sample, const char *text)
{
    const unsigned char *start = (const unsigned char *)text, *p = start;
    const unsigned char *end = p + strlen(text);

    sample->n = 0;
    while (p < end) {
        struct letter *letter = &sample->letters[sample->n];

        sample->at[sample->n++] = (size_t)(p - start);
        *letter = (struct letter){.code = utf8_next(&p, end)};
        letter->advance = letter->code == '\n' ? 0 : letter->code < 0x2000 ? EM / 2 : EM;
    }
    sample->at[sample->n] = (size_t)(p - start);
    letters_mark(sample->letters, sample->n);
}

/* The lines as one string, "|" between them. */
static const char *set_text(const char *text, const struct template_text *box)
{
    static char out[2000];
    struct sample *sample = mem_zero(1, sizeof(*sample));
    struct text_lines lines = {0};
    size_t used = 0;

    letters_of(sample, text);
    text_lines_set(&lines, sample->letters, sample->n, box);
    for (size_t i = 0; i < lines.n; i++) {
        size_t from = sample->at[lines.list[i].start], to = sample->at[lines.list[i].end];

        if (i)
            out[used++] = '|';
        memcpy(out + used, text + from, to - from);
        used += to - from;
    }
    out[used] = '\0';
    text_lines_clear(&lines);
    free(sample);
    return out;
}

static struct template_text box_of(um w, um h)
{
    return (struct template_text){
        .box = {1000, 2000, w, h}, .size = 4000, .min_size = 4000, .wrap = true};
}

static const struct {
    const char *text, *want;
    um width; /* at letters of 4 mm */
} breaks[] = {
    {"一二三四五六七", "一二三|四五六|七", 12000},
    {"一二三，四五六", "一二|三，四|五六", 12000},     /* a comma never begins a line */
    {"一二（三四）五", "一二|（三|四）五", 12000},     /* nor does a bracket end one */
    {"一二三」。四五六", "一二|三」。|四五六", 12000}, /* closing marks stay together */
    {"一二abcd三四", "一二|abcd三|四", 12000},         /* a word stays whole */
    {"abcdefghij", "abcdef|ghij", 12000},              /* but one wider than the box is cut */
    {"ab cd ef", "ab cd |ef", 12000},                  /* a space hangs over the end */
    {"一二三   四五", "一二三   |四五", 12000},
    {"张三·李四", "张|三·|李四", 8000},          /* the dot of a name does not lead */
    {"一二\n三四五六", "一二|三四五|六", 12000}, /* a line feed breaks and is gone */
    {"一二——三四", "一二|——三|四", 12000},
    {"一……二", "一|……|二", 8000}, /* a dash is not torn apart */
    {"一二100%五", "一二|100%五", 12000},
    {"￥100一二", "￥100|一二", 12000},
};

START_TEST(lines_break_where_chinese_setting_allows)
{
    struct template_text box = box_of(breaks[_i].width, 100000);

    ck_assert_str_eq(set_text(breaks[_i].text, &box), breaks[_i].want);
}
END_TEST

START_TEST(a_text_that_must_not_wrap_stays_on_one_line_and_says_how_much_is_left_over)
{
    struct template_text box = box_of(12000, 10000);
    struct sample *sample = mem_zero(1, sizeof(*sample));
    struct text_lines lines = {0};

    box.wrap = false;
    letters_of(sample, "一二三四五");
    text_lines_set(&lines, sample->letters, sample->n, &box);
    ck_assert_uint_eq(lines.n, 1);
    ck_assert_uint_eq(lines.unfit, 2);
    box.box.w = 20000;
    text_lines_set(&lines, sample->letters, sample->n, &box);
    ck_assert_uint_eq(lines.unfit, 0);
    text_lines_clear(&lines);
    free(sample);
}
END_TEST

/* Three hundred letters in a box of 60 by 30 mm: 4 mm is too large, 2 mm is small enough. */
static void set_long(struct text_lines *lines, struct template_text *box, struct sample *sample)
{
    char text[901] = "";

    for (size_t i = 0; i < 300; i++)
        memcpy(text + 3 * i, "经", 3);
    text[900] = '\0';
    letters_of(sample, text);
    text_lines_set(lines, sample->letters, sample->n, box);
}

START_TEST(a_long_text_shrinks_no_further_than_it_must)
{
    struct template_text box = box_of(60000, 30000);
    struct sample *sample = mem_zero(1, sizeof(*sample));
    struct text_lines lines = {0};
    um size;

    box.overflow = OVERFLOW_SHRINK;
    box.min_size = 1500;
    set_long(&lines, &box, sample);
    size = lines.size;
    ck_assert_uint_eq(lines.unfit, 0);
    ck_assert_int_eq((box.size - size) % 50, 0);
    ck_assert_int_ge(size, box.min_size);
    box.size = size + 50; /* the next larger step does not fit */
    box.min_size = box.size;
    set_long(&lines, &box, sample);
    ck_assert_uint_gt(lines.unfit, 0);
    text_lines_clear(&lines);
    free(sample);
}
END_TEST

START_TEST(a_text_is_not_shrunk_below_its_floor)
{
    struct template_text box = box_of(60000, 30000);
    struct sample *sample = mem_zero(1, sizeof(*sample));
    struct text_lines lines = {0};

    box.overflow = OVERFLOW_SHRINK;
    box.min_size = 3000;
    set_long(&lines, &box, sample);
    ck_assert_int_eq(lines.size, 3000);
    /* 30 mm hold 7 lines of 20 letters: 6 times 4.5 mm and one em */
    ck_assert_uint_eq(lines.unfit, 300 - 7 * 20);
    text_lines_clear(&lines);
    free(sample);
}
END_TEST

START_TEST(a_text_that_must_not_shrink_is_not)
{
    struct template_text box = box_of(60000, 30000);
    struct sample *sample = mem_zero(1, sizeof(*sample));
    struct text_lines lines = {0};

    box.min_size = 1500; /* but overflow: error */
    set_long(&lines, &box, sample);
    ck_assert_int_eq(lines.size, 4000);
    ck_assert_uint_gt(lines.unfit, 0);
    text_lines_clear(&lines);
    free(sample);
}
END_TEST

static const struct {
    enum text_align align;
    enum text_valign valign;
    um x, baseline;
} places[] = {
    /* three letters of 4 mm in a box of 20 by 10 at 1, 2; the baseline is 0.88 em down */
    {ALIGN_LEFT, VALIGN_TOP, 1000, 2000 + 3520},
    {ALIGN_CENTRE, VALIGN_MIDDLE, 5000, 5000 + 3520},
    {ALIGN_RIGHT, VALIGN_BOTTOM, 9000, 8000 + 3520},
    {ALIGN_JUSTIFY, VALIGN_TOP, 1000, 2000 + 3520},
};

START_TEST(a_line_stands_where_its_box_says)
{
    struct template_text box = box_of(20000, 10000);
    struct sample *sample = mem_zero(1, sizeof(*sample));
    struct text_lines lines = {0};
    struct text_origin origin;

    box.align = places[_i].align;
    box.valign = places[_i].valign;
    letters_of(sample, "一二三");
    text_lines_set(&lines, sample->letters, sample->n, &box);
    origin = text_lines_origin(&lines, 0, &box);
    ck_assert_int_eq(origin.x, places[_i].x);
    ck_assert_int_eq(origin.baseline, places[_i].baseline);
    text_lines_clear(&lines);
    free(sample);
}
END_TEST

START_TEST(a_justified_line_fills_the_box_but_the_last_of_a_paragraph_does_not)
{
    struct template_text box = box_of(14000, 20000);
    struct sample *sample = mem_zero(1, sizeof(*sample));
    struct text_lines lines = {0};
    um offsets[8];

    box.align = ALIGN_JUSTIFY;
    letters_of(sample, "一二三四五");
    text_lines_set(&lines, sample->letters, sample->n, &box);
    ck_assert_uint_eq(lines.n, 2);
    text_lines_offsets(&lines, 0, sample->letters, &box, offsets);
    ck_assert_int_eq(offsets[1], 5000);
    ck_assert_int_eq(offsets[3], 14000);
    text_lines_offsets(&lines, 1, sample->letters, &box, offsets);
    ck_assert_int_eq(offsets[1], 4000);
    ck_assert_int_eq(offsets[2], 8000);
    text_lines_clear(&lines);
    free(sample);
}
END_TEST

START_TEST(a_justified_label_is_spread_over_its_box)
{
    struct template_text box = box_of(20000, 6000);
    struct sample *sample = mem_zero(1, sizeof(*sample));
    struct text_lines lines = {0};
    um offsets[4];

    box.align = ALIGN_JUSTIFY;
    box.wrap = false;
    letters_of(sample, "住所");
    text_lines_set(&lines, sample->letters, sample->n, &box);
    text_lines_offsets(&lines, 0, sample->letters, &box, offsets);
    ck_assert_int_eq(offsets[1], 16000);
    ck_assert_int_eq(offsets[2], 20000);
    text_lines_clear(&lines);
    free(sample);
}
END_TEST

START_TEST(rounding_does_not_grow_along_a_line)
{
    struct template_text box = box_of(200000, 6000);
    struct sample *sample = mem_zero(1, sizeof(*sample));
    struct text_lines lines = {0};
    um offsets[101];

    box.size = 3333;
    for (size_t i = 0; i < 100; i++)
        sample->letters[i] = (struct letter){.code = 'a', .advance = 333333};
    letters_mark(sample->letters, 100);
    text_lines_set(&lines, sample->letters, 100, &box);
    text_lines_offsets(&lines, 0, sample->letters, &box, offsets);
    ck_assert_int_eq(offsets[100], 111100); /* 100 × 0.333333 × 3.333 mm */
    for (size_t i = 0; i < 100; i++)
        ck_assert_int_le(abs(offsets[i + 1] - offsets[i] - 1111), 1);
    text_lines_clear(&lines);
    free(sample);
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_loop_test(tc, lines_break_where_chinese_setting_allows, 0, N_OF(breaks));
    tcase_add_test(tc, a_text_that_must_not_wrap_stays_on_one_line_and_says_how_much_is_left_over);
    tcase_add_test(tc, a_long_text_shrinks_no_further_than_it_must);
    tcase_add_test(tc, a_text_is_not_shrunk_below_its_floor);
    tcase_add_test(tc, a_text_that_must_not_shrink_is_not);
    tcase_add_loop_test(tc, a_line_stands_where_its_box_says, 0, N_OF(places));
    tcase_add_test(tc, a_justified_line_fills_the_box_but_the_last_of_a_paragraph_does_not);
    tcase_add_test(tc, a_justified_label_is_spread_over_its_box);
    tcase_add_test(tc, rounding_does_not_grow_along_a_line);
}
