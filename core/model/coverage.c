/* SPDX-License-Identifier: Apache-2.0 */
#include "core/model/coverage.h"

#include <stdlib.h>

#include "core/base/i18n.h"
#include "core/base/mem.h"

static const struct {
    const char *name, *en, *zh, *use;
    const char *one, *many;
} kinds[KINDS] = {
    [KIND_UNREFERENCED] = {"unreferenced", "nothing refers to it", "未被引用的文件", "unreferenced",
                           N_("%zu part that nothing refers to"),
                           N_("%zu parts that nothing refers to")},
    [KIND_PAGE] = {"page", "a page", "页面", "shown", N_("%zu page"), N_("%zu pages")},
    [KIND_TEMPLATE] = {"template", "a template page", "模板页", "shown", N_("%zu template page"),
                       N_("%zu template pages")},
    [KIND_RESOURCE] = {"resource", "a font, picture or list of them", "字体、图片等资源", "shown",
                       N_("%zu resource"), N_("%zu resources")},
    [KIND_ANNOTATION] = {"annotation", "an annotation", "注释", "shown", N_("%zu annotation part"),
                         N_("%zu annotation parts")},
    [KIND_INDEX] = {"index", "the data index", "数据索引", "read", N_("%zu part of the data index"),
                    N_("%zu parts of the data index")},
    [KIND_ATTACHMENT] = {"attachment", "an attachment", "附件", "read", N_("%zu attachment part"),
                         N_("%zu attachment parts")},
    [KIND_DOCUMENT] = {"document", "the document's structure", "文档结构", "read",
                       N_("%zu document part"), N_("%zu document parts")},
    [KIND_ROOT] = {"root", "the root and its metadata", "主入口及元数据", "read", N_("OFD.xml"),
                   N_("OFD.xml")},
    [KIND_LIST] = {"list", "a list of signatures", "签名列表", "read", N_("the signature list"),
                   N_("%zu lists")},
    [KIND_SIGNATURE] = {"signature", "part of a signature", "签名的组成文件", "read",
                        N_("%zu signature part"), N_("%zu signature parts")},
};

const char *part_kind_name(enum part_kind kind)
{
    return kinds[kind].name;
}

const char *part_kind_en(enum part_kind kind)
{
    return kinds[kind].en;
}

const char *part_kind_zh(enum part_kind kind)
{
    return kinds[kind].zh;
}

const char *part_use_name(enum part_kind kind)
{
    return kinds[kind].use;
}

const char *part_kind_count(enum part_kind kind, size_t n)
{
    return n == 1 ? kinds[kind].one : kinds[kind].many;
}

void coverage_clear(struct coverage *coverage)
{
    for (size_t i = 0; i < coverage->n_parts; i++) {
        free(coverage->parts[i].name);
        free(coverage->parts[i].by);
    }
    free(coverage->parts);
    *coverage = (struct coverage){.parts = NULL};
}

void coverage_add(struct coverage *coverage, const char *name, enum part_kind kind, const char *by,
                  bool open)
{
    size_t n = coverage->n_parts;

    (open ? coverage->open : coverage->added)[kind]++;
    if (n == COVERAGE_NAMES)
        return;
    if ((n & (n - 1)) == 0)
        coverage->parts = mem_resize(coverage->parts, (n ? 2 * n : 1) * sizeof(*coverage->parts));
    coverage->parts[coverage->n_parts++] =
        (struct coverage_part){.name = mem_text(name), .kind = kind, .by = mem_text(by)};
}
