/* Handlers of the open interfaces: what they write is the data of the answer. */
#include <stdio.h>
#include <string.h>

#include "api/handlers.h"
#include "api/route.h"
#include "api/view_json.h"
#include "base/calendar.h"
#include "base/text.h"

#define MONTHS_LIMIT 12

static int members_take(void *context, const struct view_row *row)
{
    struct exchange *exchange = context;

    view_json_members(&exchange->out, row, exchange_may(exchange, PERMISSION_PEOPLE_REVEAL));
    return exchange->out.failed ? -1 : 1;
}

/* Whoever saw a name in full is in the audit trail. */
static int reveal_note(struct exchange *exchange)
{
    struct core_audit audit = { .head = { .object_id = exchange->object_id } };
    struct core_reply reply;

    if (exchange->route->view != VIEW_OPEN_CUSTOMER || !exchange_may(exchange, PERMISSION_PEOPLE_REVEAL))
        return 0;
    (void)text_copy(span_of_text("partner.customer_read"), audit.action, sizeof audit.action);
    (void)text_copy(span_of_text("device"), audit.object_kind, sizeof audit.object_kind);
    return exchange_core(exchange, CORE_AUDIT_APPEND, &audit.head, &reply);
}

int handle_open_device(struct exchange *exchange)
{
    struct parameters parameters;
    int rows;

    if (reveal_note(exchange) != 0)
        return -1;
    parameters_fill(&parameters, exchange);
    json_object_begin(&exchange->out);
    rows = exchange_read(exchange, exchange->route->view, &parameters, members_take, exchange);
    if (rows < 0)
        return -1;
    if (rows == 0)
        return exchange_refuse_api(exchange, API_ERR_OPEN_DEVICE);
    json_object_end(&exchange->out);
    return 0;
}

/* "2026-11" as its first day. */
static bool month_read(const struct field_value *value, int64_t *first_day)
{
    char text[CALENDAR_DATE_TEXT_LIMIT];

    if (value == NULL || value->text.size != 7)
        return false;
    (void)snprintf(text, sizeof text, "%.7s-01", (const char *)value->text.bytes);
    return calendar_parse_date(span_of_text(text), first_day) == 0;
}

static int64_t month_end(int64_t first_day)
{
    int64_t next = first_day + 31;

    return next - calendar_date_of_day(next).day_of_month;
}

/* Numbers of "[1,22]", one after the other; 0 at the end. */
static int64_t number_next(struct span *list)
{
    int64_t number = 0;

    while (list->size > 0) {
        uint8_t byte = *list->bytes;
        list->bytes++;
        list->size--;
        if (byte >= '0' && byte <= '9')
            number = number * 10 + (byte - '0');
        else if (number > 0)
            return number;
    }
    return number;
}

struct usage {
    struct exchange *exchange;
    bool by_month;
};

/* Of both views the first columns are device_kind, day, usage_value, estimated. */
static int usage_take(void *context, const struct view_row *row)
{
    const struct usage *usage = context;
    struct json_writer *out = &usage->exchange->out;
    char text[CALENDAR_DATE_TEXT_LIMIT];

    json_object_begin(out);
    if (usage->by_month) {
        json_put_key(out, "month");
        json_put_text(out, (struct span){ row->cells[1].text.bytes, 7 });
    } else if (calendar_format_date(row->cells[1].integer, text, sizeof text) > 0) {
        json_put_key_text(out, "day", text);
    }
    json_put_key(out, "used_value");
    if (row->cells[2].type == VIEW_INTEGER)
        json_put_integer(out, row->cells[2].integer);
    else
        json_put_null(out);
    json_put_key_boolean(out, "estimated", row->cells[3].integer != 0);
    json_object_end(out);
    return out->failed ? -1 : 0;
}

static int kind_take(void *context, const struct view_row *row)
{
    struct exchange *exchange = context;
    struct json_writer *out = &exchange->out;

    /* device_id, meter_number, kind and unit of VIEW_OPEN_DEVICE. */
    for (size_t i = 0; i < row->count; i++) {
        const char *name = row->columns[i].name;
        if (strcmp(name, "meter_number") != 0 && strcmp(name, "kind") != 0 && strcmp(name, "unit") != 0)
            continue;
        json_put_key(out, name);
        json_put_text(out, row->cells[i].text);
    }
    return out->failed ? -1 : 1;
}

static int usage_write(struct exchange *exchange, int64_t device_id, int64_t from, int64_t to, bool by_month)
{
    struct parameters parameters;
    struct usage usage = { exchange, by_month };
    struct json_writer *out = &exchange->out;
    int rows;

    exchange->object_id = device_id;
    parameters_fill(&parameters, exchange);
    parameters_integer(&parameters, "from", from);
    parameters_integer(&parameters, "to", to);
    json_object_begin(out);
    json_put_key_integer(out, "device_id", device_id);
    rows = exchange_read(exchange, VIEW_OPEN_DEVICE, &parameters, kind_take, exchange);
    if (rows <= 0)
        return rows < 0 ? -1 : exchange_refuse_api(exchange, API_ERR_OPEN_DEVICE);
    json_put_key(out, by_month ? "months" : "days");
    json_array_begin(out);
    if (exchange_read(exchange, by_month ? VIEW_DEVICE_USAGE_MONTHS : VIEW_DEVICE_USAGE_DAYS, &parameters, usage_take,
            &usage) < 0)
        return -1;
    json_array_end(out);
    json_object_end(out);
    return 0;
}

static int usages_write(struct exchange *exchange, int64_t from, int64_t to, bool by_month)
{
    struct span list = exchange_value(exchange, "device_ids")->text;
    int64_t device_id;

    json_object_begin(&exchange->out);
    json_put_key(&exchange->out, "items");
    json_array_begin(&exchange->out);
    while ((device_id = number_next(&list)) > 0)
        if (usage_write(exchange, device_id, from, to, by_month) != 0)
            return -1;
    json_array_end(&exchange->out);
    json_object_end(&exchange->out);
    return 0;
}

int handle_open_usage_monthly(struct exchange *exchange)
{
    const struct field_value *last = exchange_value(exchange, "to_month");
    int64_t from = 0, to = 0;

    if (!month_read(exchange_value(exchange, "from_month"), &from))
        return exchange_refuse(exchange, api_error_info(API_ERR_MONTH), "from_month");
    to = from;
    if (last != NULL && !month_read(last, &to))
        return exchange_refuse(exchange, api_error_info(API_ERR_MONTH), "to_month");
    if (to < from || to - from > MONTHS_LIMIT * 31 - 31)
        return exchange_refuse(exchange, api_error_info(API_ERR_MONTH), "to_month");
    /* A month's use ends with the first midnight of the next. */
    return usages_write(exchange, from, month_end(to) + 1, true);
}

int handle_open_usage_daily(struct exchange *exchange)
{
    int64_t from = 0;

    if (!month_read(exchange_value(exchange, "month"), &from))
        return exchange_refuse_api(exchange, API_ERR_MONTH);
    return usages_write(exchange, from, month_end(from), false);
}
