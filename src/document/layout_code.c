/* QR codes (ISO/IEC 18004) by libqrencode, and bar codes: drawn as squares and bars, so that a printer of any resolution
 * keeps them sharp. */
#include <string.h>

#include <qrencode.h>

#include "document/bar_code.h"
#include "document/document_code.h"
#include "document/layout.h"

#define CODE_USUAL_E2 2500
#define BARS_USUAL_E2 1000
#define BARS_QUIET 10         /* modules of white at each side */
#define BARS_MODULE_USUAL 1.4 /* points, about 0.5 mm: wider bars read no better */
#define BARS_MODULE_THIN (0.15 * LAYOUT_POINTS_PER_MM)
#define CODE_QUIET 2 /* modules of white around it; the paper is white too */

static double code_left(const struct layout *layout, const struct document_element *element, double edge)
{
    double space = layout->space - edge;

    if (element->align == DOCUMENT_CENTER)
        return layout->left + space / 2;
    return element->align == DOCUMENT_RIGHT ? layout->left + space : layout->left;
}

static void code_draw(struct layout *layout, const QRcode *code, double left, double edge)
{
    double module = edge / (code->width + 2 * CODE_QUIET);

    for (int row = 0; row < code->width; row++)
        for (int column = 0; column < code->width; column++)
            if ((code->data[row * code->width + column] & 1) != 0)
                cairo_rectangle(layout->cairo, left + (column + CODE_QUIET) * module,
                    layout->y + (row + CODE_QUIET) * module, module, module);
    cairo_fill(layout->cairo);
}

int layout_code(struct layout *layout, const struct document_element *element, bool draw, double *height)
{
    int size = layout_text_expand(layout, element->cells[0].text);
    double edge = LAYOUT_POINTS(element->size_e2 != 0 ? element->size_e2 : CODE_USUAL_E2);

    *height = 0;
    if (size == 0)
        return 0;
    if (size < 0 || size > DOCUMENT_CODE_TEXT_LIMIT)
        return DOCUMENT_ERR_QR;
    *height = edge;
    if (!draw)
        return 0;
    QRcode *code = QRcode_encodeString8bit(layout->text, 0, QR_ECLEVEL_M);
    if (code == NULL)
        return DOCUMENT_ERR_MEMORY;
    code_draw(layout, code, code_left(layout, element, edge), edge);
    QRcode_free(code);
    return 0;
}

static void bars_draw(struct layout *layout, const uint8_t *widths, int count, double left, double module, double height)
{
    for (int i = 0; i < count; i++) {
        if (i % 2 == 0)
            cairo_rectangle(layout->cairo, left, layout->y, widths[i] * module, height);
        left += widths[i] * module;
    }
    cairo_fill(layout->cairo);
}

int layout_bars(struct layout *layout, const struct document_element *element, bool draw, double *height)
{
    int size = layout_text_expand(layout, element->cells[0].text);
    uint8_t widths[BAR_CODE_WIDTHS_LIMIT];
    int modules = 2 * BARS_QUIET;

    *height = 0;
    if (size == 0)
        return 0;
    int count = size < 0 ? -1 : bar_code_make(span_of_bytes(layout->text, (size_t)size), widths);
    if (count < 0)
        return DOCUMENT_ERR_BARS;
    for (int i = 0; i < count; i++)
        modules += widths[i];
    double module = layout->space / modules < BARS_MODULE_USUAL ? layout->space / modules : BARS_MODULE_USUAL;
    if (module < BARS_MODULE_THIN)
        return DOCUMENT_ERR_BARS;
    *height = LAYOUT_POINTS(element->size_e2 != 0 ? element->size_e2 : BARS_USUAL_E2);
    if (draw)
        bars_draw(layout, widths, count, layout->left + (layout->space - modules * module) / 2 + BARS_QUIET * module, module,
            *height);
    return 0;
}
