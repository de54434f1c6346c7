/* Sheets: fields of one size beside and below one another, one for each row of a list; labels and pay slips. */
#include "document/layout.h"

#define FIELD_PAD 4.0 /* points between a field's edge and what is in it */
#define GRID_STROKE 0.3

static void grid_draw(struct layout *layout, double left, double top, double width, double height)
{
    cairo_set_line_width(layout->cairo, GRID_STROKE);
    cairo_rectangle(layout->cairo, left, top, width, height);
    cairo_stroke(layout->cairo);
}

static int field_place(struct layout *layout, const struct document_element *sheet, double left, double width)
{
    int32_t index = (int32_t)(sheet - layout->template->elements) + 1;
    double top = layout->y;
    double height = LAYOUT_POINTS(sheet->size_e2);
    double outer_left = layout->left, outer_space = layout->space;
    int result = 0;

    if (sheet->grid && layout_is_drawn(layout))
        grid_draw(layout, left, top, width, height);
    layout->left = left + FIELD_PAD;
    layout->space = width - 2 * FIELD_PAD;
    layout->y = top + FIELD_PAD;
    layout->field_bottom = top + height - FIELD_PAD;
    for (; result >= 0 && index < sheet->end; index++) {
        layout->line = layout->template->elements[index].line;
        result = layout_element_place(layout, &index);
    }
    layout->field_bottom = 0;
    layout->y = top;
    layout->left = outer_left;
    layout->space = outer_space;
    return result;
}

int layout_sheet_place(struct layout *layout, int32_t index)
{
    const struct document_element *sheet = &layout->template->elements[index];
    const struct document_row *row = document_row_first(layout->request->values, sheet->name);
    double height = LAYOUT_POINTS(sheet->size_e2);
    double width = layout->space / sheet->columns;
    int result = 0;

    while (result >= 0 && row != NULL) {
        layout->line = sheet->line;
        result = layout_room_make(layout, height);
        for (int column = 0; result >= 0 && column < sheet->columns && row != NULL; column++) {
            layout->row = row;
            result = field_place(layout, sheet, layout->left + width * column, width);
            row = document_row_next(row);
        }
        if (result >= 0)
            layout->y += height;
    }
    layout->row = NULL;
    return result < 0 ? result : 0;
}
