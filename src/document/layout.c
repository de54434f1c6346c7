#include "document/layout.h"

#include <pango/pangocairo.h>

#define LINE_GAP 1.5       /* points below each line of words */
#define RULE_HEIGHT 5.0
#define BESIDE_GAP 4.0     /* points between a code and what stands beside it */
#define BESIDE_SPACE 20.0  /* points at least for that */
#define RULE_THIN 0.5
#define RULE_THICK 1.2
#define FONT_FAMILY "Noto Sans CJK SC, Noto Sans CJK, WenQuanYi Zen Hei, Droid Sans Fallback, sans-serif"

/* Does any font have Chinese characters? Asked of one that every Chinese text needs. */
static bool chinese_is_there(PangoContext *context)
{
    PangoLayout *words = pango_layout_new(context);

    pango_layout_set_text(words, "\xe6\x94\xb6", -1); /* 收 */
    int unknown = pango_layout_get_unknown_glyphs_count(words);
    g_object_unref(words);
    return unknown == 0;
}

int layout_open(struct layout *layout, const struct document_request *request)
{
    const struct document_template *template = request->template;
    PangoContext *context = pango_font_map_create_context(pango_cairo_font_map_get_default());
    PangoFontDescription *font = pango_font_description_from_string(FONT_FAMILY);
    cairo_font_options_t *options = cairo_font_options_create();

    /* One unit is one point, and words are as wide on every surface. */
    pango_cairo_context_set_resolution(context, 72);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    pango_cairo_context_set_font_options(context, options);
    cairo_font_options_destroy(options);
    pango_context_set_font_description(context, font);
    pango_font_description_free(font);
    pango_context_set_round_glyph_positions(context, FALSE);
    *layout = (struct layout){ .request = request,
                               .template = template,
                               .context = context,
                               .width = LAYOUT_POINTS(template->width_e2),
                               .height = LAYOUT_POINTS(template->height_e2),
                               .margin = LAYOUT_POINTS(template->margin_e2),
                               .margin_top = LAYOUT_POINTS(template->margin_top_e2 >= 0 ? template->margin_top_e2
                                                                                        : template->margin_e2) };
    return chinese_is_there(context) ? 0 : DOCUMENT_ERR_FONT;
}

void layout_close(struct layout *layout)
{
    if (layout->context != NULL)
        g_object_unref(layout->context);
    layout->context = NULL;
}

bool layout_is_drawn(const struct layout *layout)
{
    return layout->cairo != NULL && (layout->only_page == 0 || layout->only_page == layout->page);
}

static double bottom_of(const struct layout *layout)
{
    return layout->height - layout->margin_top - layout->foot_height;
}

static int foot_draw(struct layout *layout)
{
    double height = layout->foot_height - LINE_GAP;
    double y = layout->y;

    if (layout->template->foot < 0)
        return 0;
    const struct document_element *foot = &layout->template->elements[layout->template->foot];
    if (layout->height > 0)
        layout->y = bottom_of(layout) + LINE_GAP;
    int result = layout_cells(layout, foot, foot, false, layout_is_drawn(layout), &height);
    layout->y = y;
    return result;
}

static int page_finish(struct layout *layout)
{
    const struct document_row *row = layout->row;

    layout->row = NULL;
    int result = foot_draw(layout);
    layout->row = row;
    if (result == 0 && layout_is_drawn(layout) && layout->page_end != NULL)
        result = layout->page_end(layout);
    return result;
}

int layout_room_make(struct layout *layout, double height)
{
    if (layout->field_bottom > 0)
        return layout->y + height <= layout->field_bottom + 0.01 ? 0 : DOCUMENT_ERR_HEIGHT;
    if (layout->height <= 0 || layout->y + height <= bottom_of(layout) + 0.01)
        return 0;
    if (layout->margin_top + height > bottom_of(layout))
        return DOCUMENT_ERR_HEIGHT;
    int result = page_finish(layout);
    if (result < 0)
        return result;
    if (layout->page == DOCUMENT_PAGE_LIMIT)
        return DOCUMENT_ERR_PAGES;
    layout->page++;
    layout->y = layout->margin_top;
    return 1;
}

static int cells_place(struct layout *layout, const struct document_element *element,
    const struct document_element *shape, bool bold)
{
    double height = 0;
    int result = layout_cells(layout, element, shape, bold, false, &height);

    if (result == 0)
        result = layout_room_make(layout, height);
    if (result >= 0 && layout_is_drawn(layout))
        result = layout_cells(layout, element, shape, bold, true, &height);
    layout->y += height + (shape->grid ? 0 : LINE_GAP);
    return result < 0 ? result : 0;
}

static int rule_place(struct layout *layout, const struct document_element *element)
{
    static const double dash[] = { 2.0, 2.0 };
    int result = layout_room_make(layout, RULE_HEIGHT);

    if (result >= 0 && layout_is_drawn(layout)) {
        cairo_set_line_width(layout->cairo, element->thick ? RULE_THICK : RULE_THIN);
        if (element->dashed)
            cairo_set_dash(layout->cairo, dash, 2, 0);
        cairo_move_to(layout->cairo, layout->left, layout->y + RULE_HEIGHT / 2);
        cairo_line_to(layout->cairo, layout->left + layout->space, layout->y + RULE_HEIGHT / 2);
        cairo_stroke(layout->cairo);
        cairo_set_dash(layout->cairo, NULL, 0, 0);
    }
    layout->y += RULE_HEIGHT;
    return result < 0 ? result : 0;
}

/* What follows a code `beside` stands next to it as long as the field lasts. */
static int code_leave(struct layout *layout, const struct document_element *element, double edge)
{
    if (!element->beside) {
        layout->y += edge;
        return 0;
    }
    if (edge + BESIDE_GAP + BESIDE_SPACE > layout->space)
        return DOCUMENT_ERR_HEIGHT;
    if (element->align != DOCUMENT_RIGHT)
        layout->left += edge + BESIDE_GAP;
    layout->space -= edge + BESIDE_GAP;
    return 0;
}

static int code_place(struct layout *layout, const struct document_element *element)
{
    int (*code)(struct layout *, const struct document_element *, bool, double *) =
        element->kind == DOCUMENT_ELEMENT_QR ? layout_code : layout_bars;
    double height = 0;
    int result = code(layout, element, false, &height);

    if (result == 0)
        result = layout_room_make(layout, height);
    if (result >= 0 && layout_is_drawn(layout))
        result = code(layout, element, true, &height);
    return result < 0 ? result : code_leave(layout, element, height);
}

static int space_place(struct layout *layout, const struct document_element *element)
{
    /* At a page's end the next page needs no space in front. */
    if (layout->height <= 0 || layout->y + LAYOUT_POINTS(element->size_e2) <= bottom_of(layout))
        layout->y += LAYOUT_POINTS(element->size_e2);
    return 0;
}

/* A row of a table stands below a head: a new page gets its own. */
static int table_row_place(struct layout *layout, const struct document_element *table)
{
    double height = 0, head = 0;
    const struct document_row *row = layout->row;
    int result = layout_cells(layout, &table[2], table, false, false, &height);

    if (result == 0)
        result = layout_room_make(layout, height);
    if (result == 1) {
        layout->row = NULL;
        result = layout_cells(layout, &table[1], table, true, false, &head);
        if (result == 0 && layout->margin_top + head + height > bottom_of(layout))
            return DOCUMENT_ERR_HEIGHT;
        if (result == 0)
            result = cells_place(layout, &table[1], table, true);
        layout->row = row;
    }
    if (result >= 0)
        result = cells_place(layout, &table[2], table, false);
    return result;
}

static int table_place(struct layout *layout, const struct document_element *table)
{
    const struct document_row *row = document_row_first(layout->request->values, table->name);
    double head = 0, first = 0;
    int result = layout_cells(layout, &table[1], table, true, false, &head);

    layout->row = row;
    if (result == 0)
        result = layout_cells(layout, &table[2], table, false, false, &first);
    layout->row = NULL;
    if (result == 0)
        result = layout_room_make(layout, head + first); /* a head does not stand alone at a page's end */
    if (result >= 0)
        result = cells_place(layout, &table[1], table, true);
    for (; result >= 0 && row != NULL; row = document_row_next(row)) {
        layout->row = row;
        layout->line = table[2].line;
        result = table_row_place(layout, table);
    }
    layout->row = NULL;
    return result;
}

static bool value_is_there(const struct layout *layout, struct span name)
{
    return document_row_get(layout->request->values, layout->row, name).size > 0;
}

int layout_element_place(struct layout *layout, int32_t *index)
{
    const struct document_element *element = &layout->template->elements[*index];

    switch ((enum document_element_kind)element->kind) {
    case DOCUMENT_ELEMENT_TEXT:
    case DOCUMENT_ELEMENT_ROW:
        return cells_place(layout, element, element, false);
    case DOCUMENT_ELEMENT_RULE:
        return rule_place(layout, element);
    case DOCUMENT_ELEMENT_SPACE:
        return space_place(layout, element);
    case DOCUMENT_ELEMENT_QR:
    case DOCUMENT_ELEMENT_BARS:
        return code_place(layout, element);
    case DOCUMENT_ELEMENT_IF:
    case DOCUMENT_ELEMENT_UNLESS:
        if (value_is_there(layout, element->name) != (element->kind == DOCUMENT_ELEMENT_IF))
            *index = element->end;
        return 0;
    case DOCUMENT_ELEMENT_TABLE:
        *index = element->end;
        return table_place(layout, element);
    case DOCUMENT_ELEMENT_SHEET:
        *index = element->end;
        return layout_sheet_place(layout, (int32_t)(element - layout->template->elements));
    case DOCUMENT_ELEMENT_HEAD:
    case DOCUMENT_ELEMENT_EACH:
    case DOCUMENT_ELEMENT_END:
    case DOCUMENT_ELEMENT_FOOT:
    case DOCUMENT_ELEMENT_PAGE:
    case DOCUMENT_ELEMENT_FONT:
        break;
    }
    return 0;
}

static int foot_measure(struct layout *layout)
{
    layout->foot_height = 0;
    if (layout->template->foot < 0)
        return 0;
    const struct document_element *foot = &layout->template->elements[layout->template->foot];
    double height = 0;
    int result = layout_cells(layout, foot, foot, false, false, &height);
    layout->foot_height = height + LINE_GAP;
    layout->line = foot->line;
    if (result == 0 && layout->height > 0 && bottom_of(layout) <= layout->margin_top)
        return DOCUMENT_ERR_HEIGHT;
    return result;
}

int layout_walk(struct layout *layout)
{
    layout->page = 1;
    layout->y = layout->margin_top;
    layout->row = NULL;
    layout->left = layout->margin;
    layout->space = layout->width - 2 * layout->margin;
    layout->field_bottom = 0;
    int result = foot_measure(layout);
    for (int32_t i = 0; result >= 0 && i < layout->template->count; i++) {
        layout->line = layout->template->elements[i].line;
        result = layout_element_place(layout, &i);
    }
    return result < 0 ? result : page_finish(layout);
}
