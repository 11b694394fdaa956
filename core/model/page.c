/* SPDX-License-Identifier: Apache-2.0 */
#include "core/model/page.h"

#include <stdlib.h>

#include "core/base/mem.h"

static void clear_object(struct page_object *object)
{
    switch (object->kind) {
    case PAGE_TEXT:
        free(object->text.text);
        free(object->text.advances);
        break;
    case PAGE_PATH:
        free(object->path.data);
        break;
    case PAGE_IMAGE:
        break;
    }
}

static void clear_page(struct page *page)
{
    for (size_t i = 0; i < page->n; i++)
        clear_object(&page->objects[i]);
    free(page->objects);
}

void sheet_clear(struct sheet *sheet)
{
    for (size_t i = 0; i < sheet->n_pages; i++)
        clear_page(&sheet->pages[i]);
    for (size_t i = 0; i < sheet->n_fonts; i++) {
        free(sheet->fonts[i].name);
        free(sheet->fonts[i].family);
        free(sheet->fonts[i].file);
    }
    for (size_t i = 0; i < sheet->n_pictures; i++) {
        free(sheet->pictures[i].format);
        free(sheet->pictures[i].file);
    }
    free(sheet->pages);
    free(sheet->fonts);
    free(sheet->pictures);
    *sheet = (struct sheet){0};
}

struct page *sheet_add_page(struct sheet *sheet, um width, um height)
{
    struct page *page;

    sheet->pages = mem_resize(sheet->pages, (sheet->n_pages + 1) * sizeof(*sheet->pages));
    page = &sheet->pages[sheet->n_pages++];
    *page = (struct page){.width = width, .height = height};
    return page;
}

static struct page_object empty_object(enum page_kind kind)
{
    struct page_object object = {.kind = kind};

    if (kind == PAGE_TEXT)
        object.text = (struct page_text){.field = -1};
    else if (kind == PAGE_PATH)
        object.path = (struct page_path){.data = NULL};
    else
        object.image = (struct page_image){.field = -1};
    return object;
}

struct page_object *page_add(struct page *page, enum page_kind kind)
{
    if (page->n == page->capacity) {
        page->capacity = page->capacity ? page->capacity * 2 : 16;
        page->objects = mem_resize(page->objects, page->capacity * sizeof(*page->objects));
    }
    page->objects[page->n] = empty_object(kind);
    return &page->objects[page->n++];
}

unsigned sheet_add_picture(struct sheet *sheet, const char *format, struct span file)
{
    struct page_picture *picture;

    sheet->pictures =
        mem_resize(sheet->pictures, (sheet->n_pictures + 1) * sizeof(*sheet->pictures));
    picture = &sheet->pictures[sheet->n_pictures];
    *picture = (struct page_picture){
        .format = mem_text(format), .file = mem_copy(file.data, file.len), .len = file.len};
    return (unsigned)sheet->n_pictures++;
}
