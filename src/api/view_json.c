#include "api/view_json.h"

#include <string.h>

#include "base/calendar.h"
#include "base/hex.h"
#include "security/mask.h"

#define MASKED_LIMIT 1024
#define HEX_BYTES_LIMIT 2048

static void name_masked(struct json_writer *writer, const struct view_cell *cell)
{
    char masked[MASKED_LIMIT];
    int size = mask_name(cell->text, masked, sizeof masked);

    json_put_text(writer, span_of_bytes(masked, size < 0 ? 0 : (size_t)size));
}

static void phones_masked(struct json_writer *writer, const struct view_cell *cell)
{
    char masked[MASKED_LIMIT];
    int size = mask_phones(cell->text, masked, sizeof masked);

    json_put_text(writer, span_of_bytes(masked, size < 0 ? 0 : (size_t)size));
}

static void day_write(struct json_writer *writer, int64_t day)
{
    char text[CALENDAR_DATE_TEXT_LIMIT];

    if (day == 0 || calendar_format_date(day, text, sizeof text) < 0)
        json_put_null(writer);
    else
        json_put_text(writer, span_of_text(text));
}

static void hex_write(struct json_writer *writer, struct span bytes)
{
    char text[2 * HEX_BYTES_LIMIT + 1];

    if (bytes.size > HEX_BYTES_LIMIT)
        bytes.size = HEX_BYTES_LIMIT;
    (void)hex_encode(bytes, text, sizeof text);
    json_put_text(writer, span_of_text(text));
}

static void plain_write(struct json_writer *writer, const struct view_cell *cell)
{
    if (cell->type == VIEW_INTEGER)
        json_put_integer(writer, cell->integer);
    else
        json_put_text(writer, cell->text);
}

static void cell_write(struct json_writer *writer, enum view_kind kind, const struct view_cell *cell, bool reveal)
{
    if (cell->type == VIEW_NULL) {
        json_put_null(writer);
        return;
    }
    switch (kind) {
    case VIEW_KIND_BOOLEAN:
        json_put_boolean(writer, cell->integer != 0);
        return;
    case VIEW_KIND_DAY:
        day_write(writer, cell->integer);
        return;
    case VIEW_KIND_TIME:
        if (cell->integer == 0)
            json_put_null(writer);
        else
            json_put_integer(writer, cell->integer);
        return;
    case VIEW_KIND_JSON:
        json_put_raw(writer, cell->text);
        return;
    case VIEW_KIND_HEX:
        hex_write(writer, cell->text);
        return;
    case VIEW_KIND_NAME:
    case VIEW_KIND_PHONE:
    case VIEW_KIND_MEMO:
    case VIEW_KIND_PLAIN:
    case VIEW_KIND_CURSOR:
        break;
    }
    if (!reveal && kind == VIEW_KIND_NAME)
        name_masked(writer, cell);
    else if (!reveal && kind == VIEW_KIND_PHONE)
        phones_masked(writer, cell);
    else if (!reveal && kind == VIEW_KIND_MEMO)
        json_put_text(writer, span_of_text(""));
    else
        plain_write(writer, cell);
}

/* Size of the group before the dot: 0 for a plain column. */
static size_t group_size(const char *name)
{
    const char *dot = strchr(name, '.');
    return dot == NULL ? 0 : (size_t)(dot - name);
}

void view_json_members(struct json_writer *writer, const struct view_row *row, bool reveal)
{
    const char *group = "";
    size_t open = 0;

    for (size_t i = 0; i < row->count; i++) {
        const struct view_column *column = &row->columns[i];
        size_t size = group_size(column->name);
        if (column->kind == VIEW_KIND_CURSOR)
            continue;
        if (open > 0 && (size != open || memcmp(group, column->name, open) != 0)) {
            json_object_end(writer);
            open = 0;
        }
        if (size > 0 && open == 0) {
            char key[VIEW_NAME_LIMIT];
            memcpy(key, column->name, size);
            key[size] = '\0';
            json_put_key(writer, key);
            json_object_begin(writer);
            group = column->name;
            open = size;
        }
        json_put_key(writer, size > 0 ? column->name + size + 1 : column->name);
        cell_write(writer, column->kind, &row->cells[i], reveal);
    }
    if (open > 0)
        json_object_end(writer);
}

void view_json_object(struct json_writer *writer, const struct view_row *row, bool reveal)
{
    json_object_begin(writer);
    view_json_members(writer, row, reveal);
    json_object_end(writer);
}

bool view_json_cursor(const struct view_row *row, int64_t *cursor)
{
    for (size_t i = 0; i < row->count; i++)
        if (row->columns[i].kind == VIEW_KIND_CURSOR) {
            *cursor = row->cells[i].integer;
            return true;
        }
    return false;
}
