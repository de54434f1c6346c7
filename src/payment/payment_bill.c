/* Lines and cells of a bill file: comma separated, with quotes where a cell holds a comma. */
#include "payment/payment_internal.h"

#include <string.h>

bool payment_line_take(struct span *rest, struct span *line)
{
    ptrdiff_t end;
    size_t size;

    if (rest->size == 0)
        return false;
    end = span_find_byte(*rest, '\n');
    size = end < 0 ? rest->size : (size_t)end;
    *line = span_of_bytes(rest->bytes, size);
    if (line->size > 0 && line->bytes[line->size - 1] == '\r')
        line->size--;
    size += end < 0 ? 0 : 1;
    *rest = span_of_bytes(rest->bytes + size, rest->size - size);
    return true;
}

static bool is_margin(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '`';
}

static struct span cell_trim(struct span cell)
{
    while (cell.size > 0 && is_margin(cell.bytes[0]))
        cell = span_of_bytes(cell.bytes + 1, cell.size - 1);
    /* A back-quote at the end may be half of a GBK character. */
    while (cell.size > 0 && cell.bytes[cell.size - 1] != '`' && is_margin(cell.bytes[cell.size - 1]))
        cell.size--;
    return cell;
}

/* Size of the cell at the beginning of `line`, its quotes included; -1: a quote stays open. */
static ptrdiff_t cell_size(struct span line)
{
    bool quoted = false;
    size_t i = 0;

    for (; i < line.size && (quoted || line.bytes[i] != ','); i++)
        if (line.bytes[i] == '"')
            quoted = !quoted;
    return quoted ? -1 : (ptrdiff_t)i;
}

int payment_cells_split(struct span line, struct payment_cells *out)
{
    bool more = true;

    out->count = 0;
    while (more) {
        ptrdiff_t size = cell_size(line);
        struct span cell;

        if (size < 0 || out->count == PAYMENT_CELL_LIMIT)
            return PAYMENT_ERR_BILL;
        cell = cell_trim(span_of_bytes(line.bytes, (size_t)size));
        if (cell.size >= 2 && cell.bytes[0] == '"' && cell.bytes[cell.size - 1] == '"')
            cell = cell_trim(span_of_bytes(cell.bytes + 1, cell.size - 2));
        out->cells[out->count++] = cell;
        more = (size_t)size < line.size;
        if (more)
            line = span_of_bytes(line.bytes + size + 1, line.size - (size_t)size - 1);
    }
    return 0;
}

int payment_cells_find(const struct payment_cells *cells, const char *heading)
{
    for (size_t i = 0; i < cells->count; i++)
        if (span_equal_text(cells->cells[i], heading))
            return (int)i;
    return -1;
}

struct span payment_cell(const struct payment_cells *cells, int column)
{
    static const struct span empty = { NULL, 0 };

    return column >= 0 && (size_t)column < cells->count ? cells->cells[column] : empty;
}
