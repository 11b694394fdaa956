/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORMATS_OFD_OFD_SCENE_H
#define FORMATS_OFD_OFD_SCENE_H

#include "formats/ofd/ofd.h"
#include "formats/xmldoc.h"

/*
 * What a page draws, in the order of drawing (GB/T 33190-2016 7.7, 8): its template
 * pages, its layers, the annotations over it.  Nothing is painted and no picture is
 * decoded: boxes, colours and alpha are all that is asked for.  Private to formats/ofd.
 */
struct extent { /* millimetres on the page; empty where x1 <= x0 or y1 <= y0 */
    double x0, y0, x1, y1;
};
struct matrix { /* table 5: x' = a x + c y + e, y' = b x + d y + f */
    double a, b, c, d, e, f;
};
#define MATRIX_NONE ((struct matrix){1, 0, 0, 1, 0, 0})

bool extent_is_empty(struct extent extent);
struct extent extent_of_box(struct box box);
struct extent extent_meet(struct extent a, struct extent b);
struct extent extent_map(const struct matrix *by, struct extent extent);
struct extent extent_move(struct extent extent, double x, double y);

/* Numbers as xs:double writes them, whatever the locale; false at the first that is none. */
bool scene_number(const char **text, double *out);
bool scene_numbers(const char *text, double *out, size_t n);

enum paint { PAINT_NONE, PAINT_FLAT, PAINT_UNKNOWN /* a pattern, a shade, an index */ };
struct ink {
    enum paint paint;
    double rgb[3], alpha; /* 0 to 1 */
};

enum scene_kind { SCENE_TEXT, SCENE_PATH, SCENE_IMAGE, SCENE_COMPOSITE };
struct scene_item {
    enum scene_kind kind;
    bool invisible;  /* Visible="false": its own, or of what it lies in */
    bool annotation; /* not of the page itself */
    bool own;        /* of the page itself, not of a template page */
    unsigned id, layer_param;
    long member; /* the part that holds it */
    const struct xmlel *el;
    double x, y;           /* where the coordinates of its Boundary begin */
    struct extent clipped; /* Boundary on the page; everything where it has none */
};

struct scene_param { /* a DrawParam of the resources, 8.2 */
    unsigned id;
    const struct xmlel *el;
};

struct scene_picture {
    unsigned id;
    long member;
    bool known, see_through; /* maybe so, as its head tells */
};

/* What is the same for all pages of a document. */
struct scene_book {
    const struct ofd *ofd;
    struct scene_param *params; /* by ID */
    size_t n_params;
    struct scene_picture *pictures; /* by ID */
    size_t n_pictures;
    size_t left; /* items that may yet be put into scenes, LIMIT_SCENE in all */
};
void scene_book_open(struct scene_book *book, const struct ofd *ofd);
void scene_book_clear(struct scene_book *book);

struct scene {
    struct scene_book *book;
    int page; /* from 1 */
    struct extent paper;
    struct scene_item *items;
    size_t n;
    bool cut; /* not all of it is here: too much to look at */
};
void scene_make(struct scene_book *book, int page, struct scene *out);
void scene_clear(struct scene *scene);

/* How a text or path is filled and its lines are drawn, its alpha included. */
struct ink scene_fill(const struct scene *scene, const struct scene_item *item);
struct ink scene_stroke(const struct scene *scene, const struct scene_item *item);

struct matrix scene_matrix(const struct scene_item *item); /* CTM */
struct extent scene_text_ink(const struct scene_item *item, double *size);
/* Where clips let the item show, in the coordinates of its Boundary; false: no clip. */
bool scene_clip(const struct scene_item *item, struct extent *out);

/* The shape of a filled path, on the page; NULL where it has arcs, or is too large to tell. */
struct scene_outline;
struct scene_outline *scene_outline(const struct scene_item *item);
bool scene_outline_holds(const struct scene_outline *outline, double x, double y);
size_t scene_outline_cost(const struct scene_outline *outline); /* of asking; NULL: 0 */
void scene_outline_free(struct scene_outline *outline);

/* What can hide what lies under it. */
enum cover { COVER_NOT, COVER_OPAQUE, COVER_MAYBE /* a picture that may be see-through */ };
struct scene_cover {
    enum cover kind;
    struct extent extent;
    bool exact;     /* fills the extent; else some shape inside it */
    bool is_colour; /* rgb is what one sees */
    double rgb[3];
    struct matrix to_unit; /* a picture that is turned: what is inside of it is in 0..1 */
    bool turned;
    struct scene_outline *outline; /* a path that is no rectangle; its own */
};
struct scene_cover scene_cover(const struct scene *scene, const struct scene_item *item);
void scene_cover_clear(struct scene_cover *cover);
bool scene_covers(const struct scene_cover *cover, double x, double y);

#endif
