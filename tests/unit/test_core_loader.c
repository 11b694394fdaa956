/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/limits.h"
#include "core/model/loader.h"
#include "tests/unit/unit.h"

static struct node *parse(const char *text)
{
    struct node *node = NULL;
    struct err err = ERR_INIT;

    CK_OK(loader_parse(span_of(text), "f.yaml", &node, &err), &err);
    return node;
}

START_TEST(maps_lists_and_scalars_keep_their_text_and_place)
{
    CLEANUP(node_freep)
    struct node *root = parse("名称: 甲\ncodes: {01: [a, \"b c\"]}\nnone: ~\nempty: ''\n");
    const struct node *codes = node_get(root, "codes"), *list = node_get(codes, "01");

    ck_assert_str_eq(node_get(root, "名称")->text, "甲");
    ck_assert_int_eq(list->kind, NODE_LIST);
    ck_assert_str_eq(list->values[1]->text, "b c");
    ck_assert_int_eq(list->values[1]->line, 2);
    ck_assert_int_eq(list->values[1]->column, 17);
    ck_assert_ptr_null(node_get(root, "none"));
    ck_assert_ptr_nonnull(node_get(root, "empty"));
    ck_assert_ptr_null(node_get(root, "absent"));
    ck_assert_ptr_null(node_get(list, "0"));
}
END_TEST

START_TEST(a_byte_order_mark_is_passed_over)
{
    CLEANUP(node_freep)
    struct node *root = parse("\xef\xbb\xbf"
                              "a: 1\n");

    ck_assert_str_eq(node_get(root, "a")->text, "1");
}
END_TEST

static const struct {
    const char *text, *where, *says;
} refused[] = {
    {"a: 1\na: 2\n", "f.yaml:2:1", "twice"},
    {"a: {b: 1, b: 2}\n", "f.yaml:1:11", "first in line 1"},
    {"a: &x 1\nb: *x\n", "f.yaml:1:4", "anchor"},
    {"a: &x [1]\n", "f.yaml:1:4", "anchor"},
    {"a: &x {b: 1}\n", "f.yaml:1:4", "anchor"},
    {"a: !!str 1\n", "f.yaml:1:4", "tag"},
    {"a: !x [1]\n", "f.yaml:1:4", "tag"},
    {"a: !x {b: 1}\n", "f.yaml:1:4", "tag"},
    {"a: *x\n", "f.yaml:1:4", "alias"},
    {"a: 1\n---\nb: 2\n", "f.yaml:2:1", "second document"},
    {"", "f.yaml:1:1", "empty"},
    {"# nothing\n", "f.yaml:2:1", "empty"},
    {"a: [1\n", "f.yaml:2:1", "YAML"},
    {"a: 1\n b: 2\n", "f.yaml:2:3", "YAML"},
    {"a: \"x\n", "f.yaml:2:1", "YAML"},
    {"\ta: 1\n", "f.yaml:1:1", "YAML"},
    {"a: b\n甲: \xff\n", "f.yaml:2:4", "UTF-8"},
    {"a: \"\\0\"\n", "f.yaml:1:4", "NUL"},
    {"? [a]\n: 1\n", "f.yaml:1:3", "a key must be text"},
    {"~: 1\n", "f.yaml:1:1", "a key must be text"},
};

START_TEST(what_we_do_not_want_of_yaml_is_refused_with_its_place)
{
    struct node *node = NULL;
    struct err err = ERR_INIT;

    ck_assert_int_eq(loader_parse(span_of(refused[_i].text), "f.yaml", &node, &err), RC_USAGE);
    ck_assert_str_eq(err.where, refused[_i].where);
    ck_assert_msg(strstr(err.text, refused[_i].says) != NULL, "%s", err.text);
    ck_assert_ptr_null(node);
}
END_TEST

START_TEST(nesting_and_size_have_limits)
{
    char deep[LIMIT_YAML_DEPTH + 1];
    CLEANUP(freep) char *large = calloc(1, LIMIT_CONFIG + 2);
    CLEANUP(node_freep) struct node *ok = NULL;
    struct node *node = NULL;
    struct err err = ERR_INIT;

    memset(deep, '[', sizeof(deep));
    ck_assert_int_eq(
        loader_parse((struct span){(unsigned char *)deep, sizeof(deep)}, "f", &node, &err),
        RC_USAGE);
    ck_assert_ptr_nonnull(strstr(err.text, "deeper"));
    memset(large, '#', LIMIT_CONFIG + 1);
    large[LIMIT_CONFIG] = '\0';
    memcpy(large, "a: 1\n", 5);
    CK_OK(loader_parse(span_of(large), "f", &ok, &err), &err);
    large[LIMIT_CONFIG] = '#';
    ck_assert_int_eq(loader_parse(span_of(large), "f", &node, &err), RC_USAGE);
}
END_TEST

START_TEST(a_file_that_is_not_there_is_a_fault_of_the_system)
{
    struct node *node = NULL;
    struct err err = ERR_INIT;

    ck_assert_int_eq(loader_file("/nonexistent/x.yaml", &node, &err), RC_SYSTEM);
    ck_assert_str_eq(err.where, "/nonexistent/x.yaml");
}
END_TEST

static const char *const known[] = {"keys", "seals", "templates", NULL};

START_TEST(a_key_that_is_not_known_is_refused_with_what_was_meant)
{
    CLEANUP(node_freep) struct node *good = parse("keys: 1\nseals: 2\n");
    CLEANUP(node_freep) struct node *slip = parse("keys: 1\ntemplate: 2\n");
    CLEANUP(node_freep) struct node *far = parse("{colour: 2}\n");
    CLEANUP(node_freep) struct node *list = parse("[keys]\n");
    struct err err = ERR_INIT;

    CK_OK(node_check_keys(good, known, &err), &err);
    ck_assert_int_eq(node_check_keys(slip, known, &err), RC_USAGE);
    ck_assert_str_eq(err.where, "f.yaml:2:1");
    ck_assert_str_eq(err.text, "unknown key 'template'; did you mean 'templates'?");
    ck_assert_int_eq(node_check_keys(far, known, &err), RC_USAGE);
    ck_assert_str_eq(err.text, "unknown key 'colour'");
    ck_assert_int_eq(node_check_keys(list, known, &err), RC_USAGE);
}
END_TEST

static const char values[] =
    "n: 12\nneg: -3\nf: 1.5\nword: abc\nyes: true\nno: 'false'\nmm: 12.345\n"
    "box: [1, 2.5, 30, 40]\nflat: [1, 2, 0, 4]\nshort: [1, 2]\nlist: [a, b]\n"
    "mixed: [a, {b: c}]\nmap: {a: b}\nnothing: ~\nempty: ''\nplus: +1\n"
    "big: 99999999999999999999\nalign: left\n";

START_TEST(values_of_the_right_kind_are_read)
{
    static const char *const sides[] = {"left", "right", NULL};
    CLEANUP(node_freep) struct node *root = parse(values);
    CLEANUP(freep) char *text = NULL;
    struct err err = ERR_INIT;
    struct box box = {.w = 0};
    const struct node *map = NULL, *list = NULL;
    char **texts = NULL;
    bool yes = false, no = true;
    size_t n = 0;
    long v = 0;
    um mm = 7;
    int side = -1;

    CK_OK(node_get_int(root, "n", 0, 12, &v, &err), &err);
    ck_assert_int_eq(v, 12);
    CK_OK(node_get_int(root, "neg", -3, 0, &v, &err), &err);
    ck_assert_int_eq(v, -3);
    CK_OK(node_get_int(root, "absent", 0, 1, &v, &err), &err);
    ck_assert_int_eq(v, -3);
    CK_OK(node_get_bool(root, "yes", &yes, &err), &err);
    CK_OK(node_get_bool(root, "no", &no, &err), &err);
    ck_assert(yes && !no);
    CK_OK(node_get_mm(root, "absent", &mm, &err), &err);
    ck_assert_int_eq(mm, 7);
    CK_OK(node_get_mm(root, "mm", &mm, &err), &err);
    ck_assert_int_eq(mm, 12345);
    CK_OK(node_get_box(root, "box", &box, &err), &err);
    ck_assert(box.x == 1000 && box.y == 2500 && box.w == 30000 && box.h == 40000);
    CK_OK(node_get_choice(root, "align", sides, &side, &err), &err);
    ck_assert_int_eq(side, 0);
    CK_OK(node_need_text(root, "word", &text, &err), &err);
    ck_assert_str_eq(text, "abc");
    CK_OK(node_get_map(root, "map", &map, &err), &err);
    CK_OK(node_get_list(root, "list", &list, &err), &err);
    ck_assert(map && list);
    CK_OK(node_get_list(root, "nothing", &list, &err), &err);
    ck_assert_ptr_null(list);
    CK_OK(node_get_texts(root, "list", &texts, &n, &err), &err);
    ck_assert(n == 2 && strcmp(texts[1], "b") == 0 && !texts[2]);
    free(texts[0]);
    free(texts[1]);
    free(texts);
    CK_OK(node_get_texts(root, "word", &texts, NULL, &err), &err);
    ck_assert(strcmp(texts[0], "abc") == 0 && !texts[1]);
    free(texts[0]);
    free(texts);
}
END_TEST

static enum rc get_int(const struct node *root, const char *key, struct err *err)
{
    long v;

    return node_get_int(root, key, 0, 10, &v, err);
}

static enum rc get_bool(const struct node *root, const char *key, struct err *err)
{
    bool v;

    return node_get_bool(root, key, &v, err);
}

static enum rc get_mm(const struct node *root, const char *key, struct err *err)
{
    um v;

    return node_get_mm(root, key, &v, err);
}

static enum rc get_box(const struct node *root, const char *key, struct err *err)
{
    struct box v;

    return node_get_box(root, key, &v, err);
}

static enum rc get_choice(const struct node *root, const char *key, struct err *err)
{
    static const char *const sides[] = {"left", "right", NULL};
    int v;

    return node_get_choice(root, key, sides, &v, err);
}

static enum rc need_text(const struct node *root, const char *key, struct err *err)
{
    char *v = NULL;

    return node_need_text(root, key, &v, err);
}

static enum rc get_texts(const struct node *root, const char *key, struct err *err)
{
    char **v = NULL;

    return node_get_texts(root, key, &v, NULL, err);
}

static enum rc get_map(const struct node *root, const char *key, struct err *err)
{
    const struct node *v;

    return node_get_map(root, key, &v, err);
}

static enum rc get_list(const struct node *root, const char *key, struct err *err)
{
    const struct node *v;

    return node_get_list(root, key, &v, err);
}

static const struct {
    enum rc (*get)(const struct node *root, const char *key, struct err *err);
    const char *key, *where;
} wrong[] = {
    {get_int, "n", "f.yaml:1:4"},         {get_int, "neg", "f.yaml:2:6"},
    {get_int, "f", "f.yaml:3:4"},         {get_int, "word", "f.yaml:4:7"},
    {get_int, "big", "f.yaml:17:6"},      {get_int, "plus", "f.yaml:16:7"},
    {get_int, "empty", "f.yaml:15:8"},    {get_int, "map", "f.yaml:13:6"},
    {get_bool, "word", "f.yaml:4:7"},     {get_bool, "list", "f.yaml:11:7"},
    {get_mm, "word", "f.yaml:4:7"},       {get_mm, "empty", "f.yaml:15:8"},
    {get_mm, "big", "f.yaml:17:6"},       {get_box, "flat", "f.yaml:9:7"},
    {get_box, "short", "f.yaml:10:8"},    {get_box, "word", "f.yaml:4:7"},
    {get_box, "mixed", "f.yaml:12:8"},    {get_choice, "word", "f.yaml:4:7"},
    {need_text, "none", "f.yaml:1:1"},    {need_text, "nothing", "f.yaml:1:1"},
    {need_text, "empty", "f.yaml:15:8"},  {need_text, "list", "f.yaml:11:7"},
    {get_texts, "mixed", "f.yaml:12:12"}, {get_texts, "map", "f.yaml:13:6"},
    {get_map, "list", "f.yaml:11:7"},     {get_list, "map", "f.yaml:13:6"},
};

START_TEST(a_value_of_the_wrong_kind_is_refused_where_it_stands)
{
    CLEANUP(node_freep) struct node *root = parse(values);
    struct err err = ERR_INIT;

    ck_assert_int_eq(wrong[_i].get(root, wrong[_i].key, &err), RC_USAGE);
    ck_assert_str_eq(err.where, wrong[_i].where);
}
END_TEST

void unit_suite(TCase *tc)
{
    tcase_add_test(tc, maps_lists_and_scalars_keep_their_text_and_place);
    tcase_add_test(tc, a_byte_order_mark_is_passed_over);
    tcase_add_loop_test(tc, what_we_do_not_want_of_yaml_is_refused_with_its_place, 0,
                        N_OF(refused));
    tcase_add_test(tc, nesting_and_size_have_limits);
    tcase_add_test(tc, a_file_that_is_not_there_is_a_fault_of_the_system);
    tcase_add_test(tc, a_key_that_is_not_known_is_refused_with_what_was_meant);
    tcase_add_test(tc, values_of_the_right_kind_are_read);
    tcase_add_loop_test(tc, a_value_of_the_wrong_kind_is_refused_where_it_stands, 0, N_OF(wrong));
}
