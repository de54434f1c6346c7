/* Reports over any set of meters: use in steps of a minute to a year. */
#include <stdlib.h>
#include <string.h>

#include "api/handlers.h"
#include "api/report_export.h"
#include "api/route.h"

#define METERS_DEFAULT 20
#define ROWS_ENOUGH 5000   /* of one page: it ends with the meter that reaches it */

static const char *const step_names[] = { "", "minute", "hour", "day", "month", "year" };

struct report_page {
    struct exchange *exchange;
    struct parameters parameters;
    struct usage_frame frame;
    struct usage_meter meters[200];
    size_t meter_count;
    int64_t rows;
};

static int meter_take(void *context, const struct view_row *row)
{
    struct report_page *page = context;

    usage_meter_take(row, &page->meters[page->meter_count++]);
    return page->meter_count == sizeof page->meters / sizeof page->meters[0] ? 1 : 0;
}

static int row_take(void *context, const struct usage_meter *meter, const struct usage_row *row)
{
    struct report_page *page = context;
    struct json_writer *out = &page->exchange->out;

    page->rows++;
    json_object_begin(out);
    json_put_key_integer(out, "device_id", meter->device_id);
    json_put_key_text(out, "meter_number", meter->meter_number);
    json_put_key_text(out, "place", meter->place);
    json_put_key_text(out, "device_kind", meter->kind);
    json_put_key_integer(out, "from_s", row->from_s);
    json_put_key_integer(out, "to_s", row->to_s);
    json_put_key_known(out, "register_value", row->register_known, row->register_value);
    json_put_key_known(out, "usage_value", row->usage_known, row->usage_value);
    json_put_key_integer(out, "multiplier_e3", row->multiplier_e3);
    json_put_key_text(out, "mark", usage_mark_name(row->mark));
    json_object_end(out);
    return out->failed ? -1 : 0;
}

/* The rows of the page's meters; *next is the meter after which the next page begins, 0 at the end. */
static int rows_write(struct report_page *page, int64_t limit, int64_t *next)
{
    struct exchange *exchange = page->exchange;
    size_t i = 0;

    for (; i < page->meter_count && i < (size_t)limit && page->rows < ROWS_ENOUGH; i++) {
        struct view_query query = { .abandoned = exchange_is_abandoned, .abandoned_context = exchange };
        struct parameters parameters = page->parameters;
        if (usage_rows_give(&exchange->config->views, &query, &parameters, &page->frame, &page->meters[i], row_take, page)
            != 0)
            return exchange_refuse_api(exchange, API_ERR_SLOW);
    }
    *next = i < page->meter_count ? page->meters[i - 1].device_id : 0;
    return 0;
}

static int page_answer(struct report_page *page)
{
    struct exchange *exchange = page->exchange;
    int64_t limit = exchange_integer(exchange, "limit", METERS_DEFAULT);
    int64_t next = 0;

    parameters_fill(&page->parameters, exchange);
    parameters_integer(&page->parameters, "limit", limit + 1);
    parameters_integer(&page->parameters, "from_s", page->frame.from_s);
    parameters_integer(&page->parameters, "to_s", page->frame.to_s);
    if (exchange_read(exchange, list_view_choose(exchange, VIEW_REPORT_METERS), &page->parameters, meter_take, page) < 0)
        return -1;
    json_object_begin(&exchange->out);
    json_put_key_text(&exchange->out, "granularity", step_names[page->frame.step]);
    json_put_key(&exchange->out, "items");
    json_array_begin(&exchange->out);
    if (rows_write(page, limit, &next) != 0)
        return -1;
    json_array_end(&exchange->out);
    exchange_put_next(exchange, next != 0, next);
    json_object_end(&exchange->out);
    return 0;
}

static enum usage_step step_of(const struct exchange *exchange)
{
    const struct field_value *step = exchange_value(exchange, "granularity");

    for (int i = USAGE_MINUTE; step != NULL && i <= USAGE_YEAR; i++)
        if (span_equal_text(step->text, step_names[i]))
            return (enum usage_step)i;
    return USAGE_DAY;
}

int handle_usage_report(struct exchange *exchange)
{
    struct report_page *page = calloc(1, sizeof *page);
    const struct field_value *format = exchange_value(exchange, "format");
    int64_t to_day = exchange_integer(exchange, "to", exchange_today(exchange));
    int result;

    if (page == NULL)
        return exchange_refuse_api(exchange, API_ERR_MEMORY);
    page->exchange = exchange;
    if (usage_frame_make(step_of(exchange), exchange_integer(exchange, "from", to_day), to_day,
            exchange->caller.zone_offset_s, exchange->now_s, &page->frame) != 0)
        result = exchange_refuse_api(exchange, API_ERR_REPORT_DAYS);
    else if (format != NULL && span_equal_text(format->text, "xlsx"))
        result = report_export_begin(exchange, &page->frame);
    else
        result = page_answer(page);
    free(page);
    return result;
}

