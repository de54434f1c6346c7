/* Words: a cell's text with its values, measured and drawn by pango. */
#include <string.h>

#include <pango/pangocairo.h>

#include "document/layout.h"

#define CELL_GAP 4.0    /* points between two cells beside one another */
#define CELL_PAD 2.5    /* points between a cell's words and its grid */
#define GRID_STROKE 0.5

int layout_text_expand(struct layout *layout, struct span source)
{
    struct span piece;
    size_t size = 0;
    bool is_name;

    while (document_piece_next(&source, &piece, &is_name)) {
        char number[16];
        if (is_name && (span_equal_text(piece, "page") || span_equal_text(piece, "pages"))) {
            (void)snprintf(number, sizeof number, "%d", span_equal_text(piece, "page") ? layout->page : layout->pages);
            piece = span_of_text(number);
        } else if (is_name) {
            piece = document_row_get(layout->request->values, layout->row, piece);
        }
        if (piece.size >= sizeof layout->text - size)
            return DOCUMENT_ERR_TEXT;
        if (piece.size > 0)
            memcpy(layout->text + size, piece.bytes, piece.size);
        size += piece.size;
    }
    layout->text[size] = '\0';
    return (int)size;
}

static const PangoAlignment alignments[] = {
    [DOCUMENT_LEFT] = PANGO_ALIGN_LEFT, [DOCUMENT_CENTER] = PANGO_ALIGN_CENTER, [DOCUMENT_RIGHT] = PANGO_ALIGN_RIGHT,
};

/* The words of layout->text as a paragraph; release by g_object_unref. */
static PangoLayout *words_shape(struct layout *layout, const struct document_element *element,
    const struct document_element *shape, bool bold, int align, double width)
{
    PangoFontDescription *font = pango_font_description_copy(pango_context_get_font_description(layout->context));
    PangoLayout *words = pango_layout_new(layout->context);
    int32_t size_e2 = element->size_e2 != 0 ? element->size_e2
        : shape->size_e2 != 0 ? shape->size_e2 : layout->template->font_e2;

    pango_font_description_set_size(font, (gint)((double)size_e2 / 100.0 * PANGO_SCALE));
    if (bold || element->bold)
        pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
    pango_layout_set_font_description(words, font);
    pango_font_description_free(font);
    pango_layout_set_width(words, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(words, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(words, alignments[align]);
    pango_layout_set_auto_dir(words, FALSE);
    pango_layout_set_text(words, layout->text, -1);
    return words;
}

static double words_height(PangoLayout *words)
{
    int height = 0;

    pango_layout_get_size(words, NULL, &height);
    return (double)height / PANGO_SCALE;
}

/* Where a cell stands in the line. */
struct place {
    double x;
    double width;
};

static struct place cell_place(const struct layout *layout, const struct document_element *element,
    const struct document_element *shape, int index)
{
    double all = 0, before = 0;

    for (int i = 0; i < element->cell_count; i++) {
        all += shape->cells[i].width;
        if (i < index)
            before += shape->cells[i].width;
    }
    return (struct place){ layout->left + layout->space * before / all, layout->space * shape->cells[index].width / all };
}

static void grid_draw(struct layout *layout, struct place place, double height)
{
    cairo_set_line_width(layout->cairo, GRID_STROKE);
    cairo_rectangle(layout->cairo, place.x, layout->y, place.width, height);
    cairo_stroke(layout->cairo);
}

/* cairo (1.16) makes a PDF's font of the characters that are used and overlooks a subroutine of this one in Noto Sans CJK:
 * it would be a blank. Of 20,902 ideographs it is the only one. */
#define LOST_CHARACTER "\xe5\xa6\x82" /* 如 */

/* Its shape, drawn as a path where the iterator stands. */
static void lost_draw(struct layout *layout, PangoLayout *words, PangoLayoutIter *place, double x, double y)
{
    PangoLayout *single = pango_layout_copy(words);
    PangoRectangle extents;

    pango_layout_iter_get_char_extents(place, &extents);
    pango_layout_set_width(single, -1);
    pango_layout_set_text(single, LOST_CHARACTER, -1);
    cairo_move_to(layout->cairo, x + (double)extents.x / PANGO_SCALE,
        y + (double)pango_layout_iter_get_baseline(place) / PANGO_SCALE);
    pango_cairo_layout_line_path(layout->cairo, pango_layout_get_line_readonly(single, 0));
    cairo_fill(layout->cairo);
    g_object_unref(single);
}

static void words_draw(struct layout *layout, PangoLayout *words, double x, double y)
{
    const char *text = pango_layout_get_text(words);

    cairo_move_to(layout->cairo, x, y);
    pango_cairo_show_layout(layout->cairo, words);
    if (strstr(text, LOST_CHARACTER) == NULL)
        return;
    PangoLayoutIter *place = pango_layout_get_iter(words);
    do {
        if (strncmp(text + pango_layout_iter_get_index(place), LOST_CHARACTER, strlen(LOST_CHARACTER)) == 0)
            lost_draw(layout, words, place, x, y);
    } while (pango_layout_iter_next_char(place));
    pango_layout_iter_free(place);
}

int layout_cells(struct layout *layout, const struct document_element *element, const struct document_element *shape,
    bool bold, bool draw, double *height)
{
    double pad = shape->grid ? CELL_PAD : 0;
    double highest = draw ? *height : 0;

    for (int i = 0; i < element->cell_count; i++) {
        struct place place = cell_place(layout, element, shape, i);
        double inner = place.width - 2 * pad - (!shape->grid && i + 1 < element->cell_count ? CELL_GAP : 0);
        if (layout_text_expand(layout, element->cells[i].text) < 0)
            return DOCUMENT_ERR_TEXT;
        PangoLayout *words = words_shape(layout, element, shape, bold, shape->cells[i].align, inner > 1 ? inner : 1);
        double own = words_height(words) + 2 * pad;
        if (draw && shape->grid)
            grid_draw(layout, place, highest);
        if (draw)
            words_draw(layout, words, place.x + pad, layout->y + pad);
        else if (own > highest)
            highest = own;
        g_object_unref(words);
    }
    *height = highest;
    return 0;
}
