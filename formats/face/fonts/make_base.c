/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Build step: cuts a base font (TrueType outlines, the characters that licences
 * use) from a font of the system, so that each licence's subset is cut fast.
 *
 *     make_base characters.txt NotoSerifCJK-Regular.ttc song.ttf
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/limits.h"
#include "core/base/utf8.h"
#include "formats/face/face_priv.h"

/* "0020-007E" is a range, "#" begins a comment, any other line lists characters. */
static void add_line(hb_set_t *set, const unsigned char *p, const unsigned char *end)
{
    unsigned first, last;

    if (p == end || *p == '#')
        return;
    if (sscanf((const char *)p, "%4x-%4x", &first, &last) == 2) {
        hb_set_add_range(set, first, last);
        return;
    }
    while (p < end)
        hb_set_add(set, utf8_next(&p, end));
}

static enum rc read_characters(const char *path, hb_set_t *set, struct err *err)
{
    CLEANUP(buf_clear) struct buf text = BUF_INIT(LIMIT_CONFIG);

    TRY(file_read(path, &text, err));
    for (char *line = text.data, *end; *line; line = end + 1) {
        end = strchr(line, '\n');
        if (!end)
            return err_set(err, RC_INPUT, "'%s' does not end with a line feed", path);
        *end = '\0';
        add_line(set, (const unsigned char *)line, (const unsigned char *)end);
    }
    return RC_OK;
}

static enum rc make_base(char **argv, struct err *err)
{
    CLEANUP(font_freep) struct font *font = NULL;
    hb_set_t *characters = hb_set_create();
    hb_blob_t *blob = NULL;
    enum rc rc = read_characters(argv[1], characters, err);

    if (rc == RC_OK)
        rc = font_open(argv[2], &font, err);
    if (rc == RC_OK)
        rc = font_subset(font, characters, &blob, err);
    if (rc == RC_OK) {
        unsigned len;
        const char *bytes = hb_blob_get_data(blob, &len);

        rc = file_write(argv[3], (struct span){(const unsigned char *)bytes, len},
                        FILE_FORCE | FILE_NOSYNC, err);
        hb_blob_destroy(blob);
    }
    hb_set_destroy(characters);
    return rc;
}

int main(int argc, char **argv)
{
    struct err err = ERR_INIT;
    enum rc rc = argc == 4 ? make_base(argv, &err) : RC_USAGE;

    if (rc != RC_OK) {
        fputs(argc == 4 ? err.text : "usage: make_base characters.txt FONT OUT", stderr);
        fputs("\n", stderr);
    }
    return (int)rc;
}
