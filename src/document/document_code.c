#include "document/document_code.h"

#include <stdlib.h>
#include <string.h>

#include <qrencode.h>

#include "base/text.h"
#include "base/writer.h"
#include "document/document_error.h"

#define QUIET 4         /* modules of white around it */
#define HEAD_LIMIT 512  /* bytes around the path */
#define RUN_LIMIT 24    /* bytes of one run: "M184 184h177v1H184z" */

/* One piece of path for each run of dark modules in a row. */
static void row_write(struct writer *writer, const QRcode *code, int row)
{
    const unsigned char *modules = code->data + (size_t)row * (size_t)code->width;

    for (int column = 0; column < code->width; column++) {
        int begin = column;

        while (column < code->width && (modules[column] & 1) != 0)
            column++;
        if (column > begin)
            writer_format(writer, "M%d %dh%dv1H%dz", begin + QUIET, row + QUIET, column - begin, begin + QUIET);
    }
}

static int code_write(const QRcode *code, struct document_bytes *out)
{
    size_t runs = (size_t)code->width * ((size_t)code->width / 2 + 1);
    size_t capacity = HEAD_LIMIT + runs * RUN_LIMIT;
    uint8_t *bytes = malloc(capacity);
    struct writer writer = writer_of_buffer(bytes, bytes != NULL ? capacity : 0);
    int edge = code->width + 2 * QUIET;

    if (bytes == NULL)
        return DOCUMENT_ERR_MEMORY;
    writer_format(&writer, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\">"
                  "<path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/><path d=\"", edge, edge, edge, edge);
    for (int row = 0; row < code->width; row++)
        row_write(&writer, code, row);
    writer_text(&writer, "\"/></svg>");
    if (writer_result(&writer) < 0) {
        free(bytes);
        return DOCUMENT_ERR_QR;
    }
    *out = (struct document_bytes){ bytes, writer.size };
    return 0;
}

int document_code_svg(struct span text, struct document_bytes *out)
{
    char words[DOCUMENT_CODE_TEXT_LIMIT + 1];
    QRcode *code;
    int error;

    if (text.size == 0 || text_copy(text, words, sizeof words) < 0 || strlen(words) != text.size)
        return DOCUMENT_ERR_QR;
    code = QRcode_encodeString8bit(words, 0, QR_ECLEVEL_M);
    if (code == NULL)
        return DOCUMENT_ERR_MEMORY;
    error = code_write(code, out);
    QRcode_free(code);
    return error;
}
