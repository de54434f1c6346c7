#include <string.h>

#include "api/view_json.h"
#include "base/calendar.h"
#include "base/decimal.h"

/* How a column's unit reads in a spreadsheet. */
struct csv_unit {
    const char *ending;   /* of the column's name in JSON */
    const char *heading;  /* of the column's name in CSV */
    int scale;            /* digits after the point; -1: a time; -2: by the kind of the row's meter */
};

static const struct csv_unit units[] = {
    { "_fen", "_yuan", 2 },
    { "_value", "", -2 },
    { "_e3", "", 3 },
    { "_s", "", -1 },
};

#define SCALE_USUAL 6    /* registers count in 1e-6 m3 and kWh */
#define SCALE_HEAT 3     /* and heat in J: of 1e-3 kWh there are so many, */
#define JOULE_PER_WH 3600

static bool name_ends(const char *name, const char *ending)
{
    size_t size = strlen(name);
    size_t ending_size = strlen(ending);

    return size > ending_size && strcmp(name + size - ending_size, ending) == 0;
}

static const struct csv_unit *unit_find(const char *name)
{
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (name_ends(name, units[i].ending))
            return &units[i];
    return NULL;
}

static void cell_separate(struct json_writer *writer, bool *first)
{
    if (!*first)
        json_append(writer, ",", 1);
    *first = false;
}

void view_csv_header(struct json_writer *writer, const struct view_row *row)
{
    bool first = true;

    json_append_text(writer, "\xef\xbb\xbf");
    for (size_t i = 0; i < row->count; i++) {
        const char *name = row->columns[i].name;
        const struct csv_unit *unit = unit_find(name);
        if (row->columns[i].kind == VIEW_KIND_CURSOR)
            continue;
        cell_separate(writer, &first);
        if (unit == NULL) {
            json_append_text(writer, name);
        } else {
            json_append(writer, name, strlen(name) - strlen(unit->ending));
            json_append_text(writer, unit->heading);
        }
    }
    json_append_text(writer, "\r\n");
}

static void quoted_append(struct json_writer *writer, struct span text)
{
    json_append(writer, "\"", 1);
    if (text.size > 0 && memchr("=+-@\t\r", text.bytes[0], 6) != NULL)
        json_append(writer, "'", 1);
    for (size_t i = 0; i < text.size; i++) {
        if (text.bytes[i] == '"')
            json_append(writer, "\"", 1);
        json_append(writer, text.bytes + i, 1);
    }
    json_append(writer, "\"", 1);
}

static void time_append(struct json_writer *writer, int64_t time_s, int32_t zone_offset_s)
{
    char text[CALENDAR_TIME_TEXT_LIMIT];

    if (time_s == 0 || calendar_format_time(time_s, zone_offset_s, text, sizeof text) < 0)
        return;
    text[10] = ' ';
    json_append(writer, text, 19); /* the spreadsheet's reader knows the zone: the export is of one tenant */
}

static bool is_device_kind(const struct view_column *column)
{
    return strcmp(column->name, "kind") == 0 || strcmp(column->name, "device_kind") == 0;
}

/* Whether the quantities in this row are of heat: the kind of its meter is one of its cells. */
static bool is_heat(const struct view_row *row)
{
    for (size_t i = 0; i < row->count; i++)
        if (is_device_kind(&row->columns[i]) && row->cells[i].type == VIEW_TEXT)
            return span_equal_text(row->cells[i].text, "heat");
    return false;
}

int64_t view_quantity_number(int64_t value, bool of_heat, int *scale)
{
    int64_t half = value < 0 ? -JOULE_PER_WH / 2 : JOULE_PER_WH / 2;

    *scale = of_heat ? SCALE_HEAT : SCALE_USUAL;
    if (!of_heat)
        return value;
    return value / JOULE_PER_WH + (value % JOULE_PER_WH + half) / JOULE_PER_WH;
}

int64_t view_csv_number(const struct view_row *row, size_t column, int *scale)
{
    const struct csv_unit *unit = unit_find(row->columns[column].name);
    int64_t value = row->cells[column].integer;

    if (unit != NULL && unit->scale == -2)
        return view_quantity_number(value, is_heat(row), scale);
    *scale = unit != NULL ? unit->scale : 0;
    return value;
}

static void integer_append(struct json_writer *writer, const struct view_row *row, size_t index, int32_t zone_offset_s)
{
    const struct view_column *column = &row->columns[index];
    int scale;
    int64_t value = view_csv_number(row, index, &scale);
    char text[DECIMAL_TEXT_LIMIT];

    if (scale < 0) {
        time_append(writer, value, zone_offset_s);
        return;
    }
    if (column->kind == VIEW_KIND_DAY) {
        if (value != 0 && calendar_format_date(value, text, sizeof text) > 0)
            json_append_text(writer, text);
        return;
    }
    if (decimal_format(value, scale, false, text, sizeof text) > 0)
        json_append_text(writer, text);
}

/* A long number in text ("031200004471") stays text in a spreadsheet only as a formula of text. */
static bool is_long_number(struct span text)
{
    if (text.size < 11)
        return false;
    for (size_t i = 0; i < text.size; i++)
        if (text.bytes[i] < '0' || text.bytes[i] > '9')
            return false;
    return true;
}

static void text_append(struct json_writer *writer, struct span text)
{
    if (is_long_number(text)) {
        json_append_text(writer, "\"=\"\"");
        json_append(writer, text.bytes, text.size);
        json_append_text(writer, "\"\"\"");
    } else {
        quoted_append(writer, text);
    }
}

static bool is_private(const struct view_column *column)
{
    return column->kind == VIEW_KIND_NAME || column->kind == VIEW_KIND_PHONE || column->kind == VIEW_KIND_MEMO;
}

/* Masking is the JSON side's business: the masked value is taken from there. */
struct span view_masked_text(struct json_writer *masked, const struct view_row *row, size_t index)
{
    struct view_column column = row->columns[index];
    struct view_row one = { &column, &row->cells[index], 1 };
    size_t name_size = strlen(column.name);

    if (!is_private(&column))
        return row->cells[index].text;
    json_writer_reset(masked);
    view_json_object(masked, &one, false); /* {"name":"..."} */
    if (masked->failed || masked->size <= name_size + 6)
        return (struct span){ (const uint8_t *)"", 0 };
    return span_of_bytes(masked->bytes + name_size + 5, masked->size - name_size - 7);
}

void view_csv_line(struct json_writer *writer, const struct view_row *row, bool reveal, int32_t zone_offset_s)
{
    struct json_writer masked = json_writer_make(4096);
    bool first = true;

    for (size_t i = 0; i < row->count; i++) {
        const struct view_column *column = &row->columns[i];
        const struct view_cell *cell = &row->cells[i];
        if (column->kind == VIEW_KIND_CURSOR)
            continue;
        cell_separate(writer, &first);
        if (cell->type == VIEW_INTEGER)
            integer_append(writer, row, i, zone_offset_s);
        else if (cell->type == VIEW_TEXT && is_private(column) && !reveal)
            quoted_append(writer, view_masked_text(&masked, row, i));
        else if (cell->type == VIEW_TEXT)
            text_append(writer, cell->text);
    }
    json_append_text(writer, "\r\n");
    json_writer_free(&masked);
}
