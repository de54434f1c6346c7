/* QR codes (ISO/IEC 18004) by libqrencode, drawn as squares so that a printer of any resolution keeps them sharp. */
#include <string.h>

#include <qrencode.h>

#include "document/document_code.h"
#include "document/layout.h"

#define CODE_USUAL_E2 2500
#define CODE_QUIET 2 /* modules of white around it; the paper is white too */

static double code_left(const struct layout *layout, const struct document_element *element, double edge)
{
    double space = layout->width - 2 * layout->margin - edge;

    if (element->align == DOCUMENT_CENTER)
        return layout->margin + space / 2;
    return element->align == DOCUMENT_RIGHT ? layout->margin + space : layout->margin;
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
