#include <string.h>

#include "api/csv_export.h"
#include "api/handlers.h"
#include "api/route.h"
#include "api/view_json.h"
#include "api/walk.h"
#include "base/calendar.h"

#define CELLS_LIMIT 12000     /* above, the board shows one tile a building */
#define DAYS_LIMIT 400
#define DAYS_DEFAULT 30
#define MATRIX_METERS 25000     /* looked at in one part of a matrix: some tens of milliseconds */
#define MATRIX_LINE_METERS 5000 /* at worst each hangs on a concentrator of its own: some megabytes */
#define MATRIX_DAYS_LIMIT 62
#define MONTHS_DEFAULT_DAYS 365

static struct span cell_text(const struct view_row *row, size_t index)
{
    return row->cells[index].type == VIEW_TEXT ? row->cells[index].text : (struct span){ (const uint8_t *)"", 0 };
}

/* ?from= and ?to=, or the last `length` days. */
static int days_choose(struct exchange *exchange, struct parameters *parameters, int64_t length, int64_t *from, int64_t *to)
{
    parameters_fill(parameters, exchange);
    *to = exchange_integer(exchange, "to", exchange_today(exchange));
    *from = exchange_integer(exchange, "from", *to - length + 1);
    if (*from > *to || *to - *from > DAYS_LIMIT)
        return exchange_refuse_api(exchange, API_ERR_DAYS);
    parameters_integer(parameters, "from", *from);
    parameters_integer(parameters, "to", *to);
    return 0;
}

static void day_key(struct json_writer *out, const char *key, int64_t day)
{
    char text[CALENDAR_DATE_TEXT_LIMIT];

    if (calendar_format_date(day, text, sizeof text) > 0)
        json_put_key_text(out, key, text);
}

struct sum_sink {
    struct exchange *exchange;
    const char *column;   /* the one to add up */
    int64_t sum;
    struct json_writer *csv;
    int rows;
};

static int sum_take(void *context, const struct view_row *row)
{
    struct sum_sink *sink = context;

    for (size_t i = 0; i < row->count; i++)
        if (strcmp(row->columns[i].name, sink->column) == 0 && row->cells[i].type == VIEW_INTEGER)
            sink->sum += row->cells[i].integer;
    if (sink->csv == NULL) {
        view_json_object(&sink->exchange->out, row, false);
        return sink->exchange->out.failed ? -1 : 0;
    }
    if (sink->rows++ == 0)
        view_csv_header(sink->csv, row);
    view_csv_line(sink->csv, row, false, sink->exchange->caller.zone_offset_s);
    return sink->csv->failed ? -1 : 0;
}

static int usage_answer(struct exchange *exchange, enum view by_day, enum view by_month)
{
    struct parameters parameters;
    const struct field_value *step = exchange_value(exchange, "step");
    const struct field_value *format = exchange_value(exchange, "format");
    bool monthly = step != NULL && span_equal_text(step->text, "month");
    struct sum_sink sink = { .exchange = exchange, .column = "usage_value" };
    int64_t from = 0;
    int64_t to = 0;

    if (days_choose(exchange, &parameters, monthly ? MONTHS_DEFAULT_DAYS : DAYS_DEFAULT, &from, &to) != 0)
        return -1;
    if (format != NULL && span_equal_text(format->text, "csv")) {
        sink.csv = &exchange->out;
        exchange->content_type_out = "text/csv; charset=utf-8";
        exchange_header_add(exchange, "Content-Disposition", "attachment; filename=\"usage.csv\"");
        return exchange_read(exchange, monthly ? by_month : by_day, &parameters, sum_take, &sink) < 0 ? -1 : 0;
    }
    json_object_begin(&exchange->out);
    json_put_key_text(&exchange->out, "step", monthly ? "month" : "day");
    day_key(&exchange->out, "from_day", from);
    day_key(&exchange->out, "to_day", to);
    json_put_key(&exchange->out, "items");
    json_array_begin(&exchange->out);
    int rows = exchange_read(exchange, monthly ? by_month : by_day, &parameters, sum_take, &sink);
    if (rows < 0)
        return -1;
    json_array_end(&exchange->out);
    json_put_key_integer(&exchange->out, "total_value", sink.sum);
    json_object_end(&exchange->out);
    return 0;
}

int handle_usage(struct exchange *exchange)
{
    return usage_answer(exchange, VIEW_USAGE_DAYS, VIEW_USAGE_MONTHS);
}

static int nothing_take(void *context, const struct view_row *row)
{
    (void)context;
    (void)row;
    return 1;
}

/* Views of days give rows only for a device in scope; a device elsewhere must say so, not look empty. */
static int device_require(struct exchange *exchange)
{
    struct parameters parameters;

    parameters_fill(&parameters, exchange);
    int rows = exchange_read(exchange, VIEW_DEVICE, &parameters, nothing_take, NULL);
    if (rows == 0)
        return exchange_refuse_api(exchange, API_ERR_NOT_FOUND);
    return rows < 0 ? -1 : 0;
}

int handle_device_usage(struct exchange *exchange)
{
    if (device_require(exchange) != 0)
        return -1;
    return usage_answer(exchange, VIEW_DEVICE_USAGE_DAYS, VIEW_DEVICE_USAGE_MONTHS);
}

int handle_device_readings(struct exchange *exchange)
{
    struct parameters parameters;
    struct sum_sink sink = { .exchange = exchange, .column = "" };
    const struct field_value *format = exchange_value(exchange, "format");
    int64_t from = 0;
    int64_t to = 0;

    if (device_require(exchange) != 0 || days_choose(exchange, &parameters, DAYS_DEFAULT, &from, &to) != 0)
        return -1;
    if (format != NULL && span_equal_text(format->text, "csv")) {
        sink.csv = &exchange->out;
        exchange->content_type_out = "text/csv; charset=utf-8";
        exchange_header_add(exchange, "Content-Disposition", "attachment; filename=\"readings.csv\"");
        return exchange_read(exchange, VIEW_DEVICE_READINGS, &parameters, sum_take, &sink) < 0 ? -1 : 0;
    }
    json_object_begin(&exchange->out);
    json_put_key(&exchange->out, "items");
    json_array_begin(&exchange->out);
    int rows = exchange_read(exchange, VIEW_DEVICE_READINGS, &parameters, sum_take, &sink);
    if (rows < 0)
        return -1;
    json_array_end(&exchange->out);
    json_put_key(&exchange->out, "next");
    json_put_null(&exchange->out);
    json_put_key_integer(&exchange->out, "count", rows);
    json_put_key_boolean(&exchange->out, "count_exact", true);
    json_object_end(&exchange->out);
    return 0;
}

struct state_sink {
    struct exchange *exchange;
    int64_t due;
    int64_t received;
    int64_t on_time;
};

static int state_take(void *context, const struct view_row *row)
{
    struct state_sink *sink = context;
    struct span state = cell_text(row, 1);
    bool on_time = span_equal_text(state, "on_time");
    bool late = span_equal_text(state, "late");

    sink->on_time += on_time;
    sink->received += on_time || late;
    sink->due += on_time || late || span_equal_text(state, "missing");
    view_json_object(&sink->exchange->out, row, false);
    return sink->exchange->out.failed ? -1 : 0;
}

int handle_device_completeness(struct exchange *exchange)
{
    struct parameters parameters;
    struct state_sink sink = { .exchange = exchange };
    int64_t from = 0;
    int64_t to = 0;

    if (device_require(exchange) != 0
        || days_choose(exchange, &parameters, exchange_integer(exchange, "days", DAYS_DEFAULT), &from, &to) != 0)
        return -1;
    json_object_begin(&exchange->out);
    day_key(&exchange->out, "from_day", from);
    day_key(&exchange->out, "to_day", to);
    json_put_key(&exchange->out, "days");
    json_array_begin(&exchange->out);
    if (exchange_read(exchange, VIEW_DEVICE_COMPLETENESS, &parameters, state_take, &sink) < 0)
        return -1;
    json_array_end(&exchange->out);
    json_put_key_integer(&exchange->out, "due", sink.due);
    json_put_key_integer(&exchange->out, "received", sink.received);
    json_put_key_integer(&exchange->out, "on_time", sink.on_time);
    json_object_end(&exchange->out);
    return 0;
}

static int members_take(void *context, const struct view_row *row)
{
    struct exchange *exchange = context;

    view_json_members(&exchange->out, row, false);
    return exchange->out.failed ? -1 : 1;
}

/* One row a building, concentrator or maker, the worst first. What is not kept of places is asked for in parts, whose groups are
 * added up by whoever asks. */
static int completeness_matrix(struct exchange *exchange)
{
    struct parameters parameters;
    struct sum_sink sink = { .exchange = exchange, .column = "" };
    struct walk walk = { .end = 0 };
    const struct field_value *group = exchange_value(exchange, "group");
    bool by_place = group != NULL && span_equal_text(group->text, "building");
    int64_t to = exchange_integer(exchange, "to_day", exchange_today(exchange));
    int64_t from = exchange_integer(exchange, "from_day", to - exchange_integer(exchange, "days", 7) + 1);

    if (from > to || to - from >= MATRIX_DAYS_LIMIT)
        return exchange_refuse_api(exchange, API_ERR_DAYS);
    parameters_fill(&parameters, exchange);
    if (!by_place && walk_begin(exchange, &parameters, VIEW_DEVICES_STEP, VIEW_DEVICES_COUNT,
                                span_equal_text(group->text, "maker") ? MATRIX_METERS : MATRIX_LINE_METERS, &walk) != 0)
        return -1;
    parameters_integer(&parameters, "from", from);
    parameters_integer(&parameters, "to", to);
    json_object_begin(&exchange->out);
    day_key(&exchange->out, "from_day", from);
    day_key(&exchange->out, "to_day", to);
    json_put_key(&exchange->out, "items");
    json_array_begin(&exchange->out);
    if (exchange_read(exchange, by_place ? VIEW_COMPLETENESS_PLACES : VIEW_COMPLETENESS_MATRIX, &parameters, sum_take, &sink) < 0)
        return -1;
    json_array_end(&exchange->out);
    if (!by_place)
        walk_write(exchange, &walk);
    json_object_end(&exchange->out);
    return 0;
}

int handle_completeness(struct exchange *exchange)
{
    if (exchange_value(exchange, "group") != NULL)
        return completeness_matrix(exchange);
    struct parameters parameters;
    struct sum_sink sink = { .exchange = exchange, .column = "" };
    int64_t days = exchange_integer(exchange, "days", DAYS_DEFAULT);
    int64_t today = exchange_today(exchange);

    parameters_fill(&parameters, exchange);
    parameters_integer(&parameters, "days", days);
    parameters_integer(&parameters, "from", today - days + 1);
    parameters_integer(&parameters, "to", today);
    json_object_begin(&exchange->out);
    day_key(&exchange->out, "from_day", today - days + 1);
    day_key(&exchange->out, "to_day", today);
    if (exchange_read(exchange, VIEW_COMPLETENESS_READY, &parameters, members_take, exchange) < 0
        || exchange_read(exchange, VIEW_COMPLETENESS_FIGURES, &parameters, members_take, exchange) < 0)
        return -1;
    json_put_key(&exchange->out, "days");
    json_array_begin(&exchange->out);
    if (exchange_read(exchange, VIEW_COMPLETENESS_DAYS, &parameters, sum_take, &sink) < 0)
        return -1;
    json_array_end(&exchange->out);
    json_put_key(&exchange->out, "buildings");
    json_array_begin(&exchange->out);
    if (exchange_read(exchange, VIEW_COMPLETENESS_BUILDINGS, &parameters, sum_take, &sink) < 0)
        return -1;
    json_array_end(&exchange->out);
    json_object_end(&exchange->out);
    return 0;
}

/* The board: cells come ordered as the buildings do, so one pass over both joins them. */
struct board {
    struct exchange *exchange;
    int64_t total;
    size_t count;
    size_t next;                    /* first cell not written yet */
    struct json_writer cells;       /* one JSON array per cell */
    struct {
        int64_t area_id;
        size_t end;                 /* in `cells` */
    } index[CELLS_LIMIT];
};

static int counts_take(void *context, const struct view_row *row)
{
    struct board *board = context;

    view_json_object(&board->exchange->out, row, false);
    board->total = row->cells[row->count - 1].integer;
    return 1;
}

static int cell_take(void *context, const struct view_row *row)
{
    struct board *board = context;
    struct json_writer *cells = &board->cells;

    if (board->count == CELLS_LIMIT)
        return 1;
    cells->comma = false;
    json_array_begin(cells);
    json_put_integer(cells, row->cells[1].integer);
    json_put_integer(cells, row->cells[2].integer);
    json_put_text(cells, cell_text(row, 3));
    json_put_text(cells, cell_text(row, 4));
    json_array_end(cells);
    board->index[board->count].area_id = row->cells[0].integer;
    board->index[board->count].end = cells->size;
    board->count++;
    return cells->failed ? -1 : 0;
}

static void building_cells_write(struct board *board, int64_t area_id)
{
    struct json_writer *out = &board->exchange->out;

    json_put_key(out, "cells");
    json_array_begin(out);
    while (board->next < board->count && board->index[board->next].area_id == area_id) {
        size_t begin = board->next == 0 ? 0 : board->index[board->next - 1].end;
        json_put_raw(out, span_of_bytes(board->cells.bytes + begin, board->index[board->next].end - begin));
        board->next++;
    }
    json_array_end(out);
}

static int building_take(void *context, const struct view_row *row)
{
    struct board *board = context;
    struct json_writer *out = &board->exchange->out;

    json_object_begin(out);
    view_json_members(out, row, false);
    if (board->total <= CELLS_LIMIT)
        building_cells_write(board, row->cells[0].integer);
    json_object_end(out);
    return out->failed ? -1 : 0;
}

static int board_write(struct board *board, struct parameters *parameters)
{
    struct exchange *exchange = board->exchange;
    struct json_writer *out = &exchange->out;

    json_object_begin(out);
    json_put_key_integer(out, "as_of_s", exchange->now_s);
    json_put_key(out, "counts");
    if (exchange_read(exchange, VIEW_BOARD_COUNTS, parameters, counts_take, board) < 0)
        return -1;
    json_put_key_boolean(out, "tiles", board->total > CELLS_LIMIT);
    if (board->total <= CELLS_LIMIT && exchange_read(exchange, VIEW_BOARD_CELLS, parameters, cell_take, board) < 0)
        return -1;
    json_put_key(out, "buildings");
    json_array_begin(out);
    if (exchange_read(exchange, VIEW_BOARD_BUILDINGS, parameters, building_take, board) < 0)
        return -1;
    json_array_end(out);
    json_object_end(out);
    return 0;
}

int handle_board(struct exchange *exchange)
{
    struct parameters parameters;
    struct board *board = calloc(1, sizeof *board);

    if (board == NULL)
        return exchange_refuse_api(exchange, API_ERR_MEMORY);
    board->exchange = exchange;
    board->cells = json_writer_make(JSON_WRITER_LIMIT);
    parameters_fill(&parameters, exchange);
    int result = board_write(board, &parameters);
    json_writer_free(&board->cells);
    free(board);
    return result;
}
