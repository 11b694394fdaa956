/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Draws the first page of the licence that a record makes, so that zbarimg can read
 * its code as a counter would: draw TEMPLATE-FOLDER RECORD.json DPI >PAGE.png
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/base/file.h"
#include "core/base/limits.h"
#include "formats/face/face.h"
#include "formats/face/face_draw.h"

static enum rc read_record(const char *path, struct js **out, struct err *err)
{
    CLEANUP(buf_clear) struct buf text = BUF_INIT(LIMIT_RECORD);

    TRY(file_read(path, &text, err));
    return js_parse(buf_span(&text), out, err);
}

static enum rc draw_licence(struct typesetter *typesetter, const struct licence *licence, int dpi,
                            struct buf *png, struct err *err)
{
    CLEANUP(findings_clear) struct findings findings = {.list = NULL};
    CLEANUP(sheet_clear) struct sheet below = {.pages = NULL};
    CLEANUP(sheet_clear) struct sheet values = {.pages = NULL};
    const struct sheet *const sheets[] = {&below, &values};
    const struct template_face *face = licence->template->faces;

    TRY(face_constant(typesetter, licence->template, face, &below, &findings, err));
    TRY(face_values(typesetter, licence, face, &values, &findings, err));
    return face_draw(sheets, 2, 0, dpi, png, err);
}

static enum rc draw(char **argv, struct buf *png, struct err *err)
{
    CLEANUP(findings_clear) struct findings findings = {.list = NULL};
    CLEANUP(template_freep) struct template *template = NULL;
    CLEANUP(typesetter_freep) struct typesetter *typesetter = NULL;
    CLEANUP(licence_freep) struct licence *licence = NULL;
    CLEANUP(js_freep) struct js *record = NULL;
    struct issue_options options = {.version = 1, .issued_at = clock_now()};

    TRY(template_load(argv[1], &template, err));
    TRY(read_record(argv[2], &record, err));
    TRY(licence_make(template, record, (struct span){.len = 0}, &options, &licence, &findings,
                     err));
    TRY(typesetter_open(NULL, &typesetter, err));
    return draw_licence(typesetter, licence, (int)strtol(argv[3], NULL, 10), png, err);
}

int main(int argc, char **argv)
{
    CLEANUP(buf_clear) struct buf png = BUF_INIT(LIMIT_PACKAGE);
    struct err err = ERR_INIT;

    if (argc != 4)
        return 2;
    if (draw(argv, &png, &err) != RC_OK) {
        (void)fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    return fwrite(png.data, 1, png.len, stdout) == png.len ? 0 : 3;
}
