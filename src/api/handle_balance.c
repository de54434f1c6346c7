/* What a zone lost: the rows of its meters through reading/loss_balance.h, as JSON. */
#include <stdlib.h>
#include <string.h>

#include "api/handlers.h"
#include "api/route.h"
#include "base/calendar.h"
#include "reading/loss_balance.h"
#include "reading/reading_store.h"

#define SPAN_DEFAULT_DAYS 7

/* Columns of VIEW_BALANCE_READINGS. */
enum { DEVICE, SUPPLY, DIRECTION, FIRST_DAY, FIRST_TOTAL, LAST_DAY, LAST_TOTAL, DAY, TOTAL, QUALITY };

struct balance_sink {
    struct loss_balance balance;
    struct loss_meter meter;
    int64_t device_id; /* whose rows come; 0: none yet */
};

static bool is_known(const struct view_row *row, size_t column)
{
    return row->cells[column].type == VIEW_INTEGER;
}

/* A meter was there from its installation, whose midnight before it stands for, to its removal. */
static void meter_begin(struct balance_sink *sink, const struct view_row *row)
{
    const struct view_cell *cells = row->cells;

    loss_meter_begin(&sink->meter, cells[SUPPLY].integer != 0, (int32_t)cells[DIRECTION].integer);
    sink->device_id = cells[DEVICE].integer;
    sink->meter.first_day = (int32_t)cells[FIRST_DAY].integer;
    if (is_known(row, FIRST_TOTAL))
        loss_meter_put(&sink->balance, &sink->meter, sink->meter.first_day, cells[FIRST_TOTAL].integer, false);
    if (!is_known(row, LAST_DAY))
        return;
    sink->meter.last_day = (int32_t)cells[LAST_DAY].integer;
    if (is_known(row, LAST_TOTAL))
        loss_meter_put(&sink->balance, &sink->meter, sink->meter.last_day + 1, cells[LAST_TOTAL].integer, false);
    else
        sink->meter.last_day--; /* its last part of a day was never read */
}

static void meter_end(struct balance_sink *sink)
{
    if (sink->device_id != 0)
        loss_balance_add(&sink->balance, &sink->meter);
}

static int reading_take(void *context, const struct view_row *row)
{
    struct balance_sink *sink = context;
    const struct view_cell *cells = row->cells;

    if (cells[DEVICE].integer != sink->device_id) {
        meter_end(sink);
        meter_begin(sink, row);
    }
    if (is_known(row, TOTAL))
        loss_meter_put(&sink->balance, &sink->meter, (int32_t)cells[DAY].integer, cells[TOTAL].integer,
                       cells[QUALITY].integer == READING_ESTIMATED);
    return 0;
}

static void figures_write(struct json_writer *out, const struct loss_figures *figures)
{
    json_put_key_integer(out, "supply_value", figures->supply_value);
    json_put_key_integer(out, "sold_value", figures->sold_value);
    json_put_key_integer(out, "loss_value", loss_value(figures));
    json_put_key(out, "loss_permille");
    if (figures->supply_value > 0)
        json_put_integer(out, loss_permille(figures));
    else
        json_put_null(out);
    json_put_key_integer(out, "supply_estimated_value", figures->supply_estimated_value);
    json_put_key_integer(out, "sold_estimated_value", figures->sold_estimated_value);
    json_put_key_integer(out, "supply_meters", figures->supply_meters);
    json_put_key_integer(out, "sold_meters", figures->sold_meters);
    json_put_key_integer(out, "estimated_meters", figures->estimated_meters);
    json_put_key_integer(out, "unknown_meters", figures->unknown_meters);
}

static void day_key(struct json_writer *out, const char *key, int64_t day)
{
    char text[CALENDAR_DATE_TEXT_LIMIT];

    if (calendar_format_date(day, text, sizeof text) > 0)
        json_put_key_text(out, key, text);
}

static void balance_write(struct json_writer *out, const struct loss_balance *balance)
{
    day_key(out, "from_day", balance->from_day);
    day_key(out, "to_day", balance->to_day);
    figures_write(out, &balance->span);
    json_put_key(out, "days");
    json_array_begin(out);
    for (int32_t day = balance->from_day; day <= balance->to_day; day++) {
        json_object_begin(out);
        day_key(out, "day", day);
        figures_write(out, &balance->days[day - balance->from_day]);
        json_object_end(out);
    }
    json_array_end(out);
}

static int zone_take(void *context, const struct view_row *row)
{
    struct exchange *exchange = context;
    static const char *const shown[] = { "balance_zone_id", "name", "utility", "area_id" };

    for (size_t i = 0; i < row->count; i++)
        for (size_t j = 0; j < sizeof shown / sizeof shown[0]; j++) {
            if (strcmp(row->columns[i].name, shown[j]) != 0)
                continue;
            if (row->cells[i].type == VIEW_INTEGER)
                json_put_key_integer(&exchange->out, shown[j], row->cells[i].integer);
            else {
                json_put_key(&exchange->out, shown[j]);
                json_put_text(&exchange->out, row->cells[i].text);
            }
        }
    return exchange->out.failed ? -1 : 1;
}

static int balance_answer(struct exchange *exchange, struct balance_sink *sink)
{
    struct parameters parameters;
    int64_t to_day = exchange_integer(exchange, "to_day", exchange_today(exchange) - 1);
    int64_t from_day = exchange_integer(exchange, "from_day", to_day - SPAN_DEFAULT_DAYS + 1);

    if (from_day < 0 || to_day > INT32_MAX / 2 ||
        loss_balance_begin(&sink->balance, (int32_t)from_day, (int32_t)to_day) != 0)
        return exchange_refuse_api(exchange, API_ERR_BALANCE_DAYS);
    parameters_fill(&parameters, exchange);
    parameters_integer(&parameters, "from", from_day - LOSS_MEAN_DAYS);
    parameters_integer(&parameters, "to", to_day + 1);
    json_object_begin(&exchange->out);
    int rows = exchange_read(exchange, VIEW_BALANCE_ZONE, &parameters, zone_take, exchange);
    if (rows == 0)
        return exchange_refuse_api(exchange, API_ERR_NOT_FOUND);
    if (rows < 0 || exchange_read(exchange, VIEW_BALANCE_READINGS, &parameters, reading_take, sink) < 0)
        return -1;
    meter_end(sink);
    balance_write(&exchange->out, &sink->balance);
    json_object_end(&exchange->out);
    return 0;
}

int handle_balance(struct exchange *exchange)
{
    struct balance_sink *sink = calloc(1, sizeof *sink);

    if (sink == NULL)
        return exchange_refuse_api(exchange, API_ERR_MEMORY);
    int result = balance_answer(exchange, sink);
    free(sink);
    return result;
}
