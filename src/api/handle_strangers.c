#include "api/handlers.h"
#include "base/line_order.h"

#define FOUND_DLT645 30 /* struct uplink_archive_row.protocol_code of a search */

static void stranger_write(struct json_writer *out, const struct api_stranger *stranger)
{
    json_object_begin(out);
    json_put_key_text(out, "address", stranger->address);
    json_put_key_text(out, "peer", stranger->peer);
    json_put_key_boolean(out, "is_concentrator", stranger->is_concentrator);
    json_put_key_integer(out, "count", stranger->count);
    json_put_key_integer(out, "first_s", stranger->first_s);
    json_put_key_integer(out, "at_s", stranger->at_s);
    json_object_end(out);
}

int handle_strangers(struct exchange *exchange)
{
    const struct api_strangers *port = &exchange->config->strangers;
    struct api_stranger strangers[API_STRANGER_LIMIT];
    size_t count = port->read != NULL ? port->read(port->context, strangers) : 0;

    json_object_begin(&exchange->out);
    json_put_key(&exchange->out, "items");
    json_array_begin(&exchange->out);
    for (size_t i = 0; i < count; i++)
        stranger_write(&exchange->out, &strangers[i]);
    json_array_end(&exchange->out);
    json_put_key_integer(&exchange->out, "count", (int64_t)count);
    json_object_end(&exchange->out);
    return 0;
}

/* 'A' is 1 in each of three groups of five bits (EN 13757-3); "" when there is none. */
static void maker_write(struct json_writer *out, uint16_t maker)
{
    char letters[4] = { (char)(64 + (maker >> 10 & 31)), (char)(64 + (maker >> 5 & 31)), (char)(64 + (maker & 31)), 0 };

    json_put_key_text(out, "maker", maker != 0 ? letters : "");
}

static void found_write(void *taker, const struct uplink_archive_row *row)
{
    struct json_writer *out = taker;
    char address[24];

    (void)snprintf(address, sizeof address, row->maker != 0 ? "%08llu" : "%012llu", (unsigned long long)row->address);
    json_object_begin(out);
    json_put_key_text(out, "address", address);
    json_put_key_text(out, "protocol", row->maker != 0 ? "mbus" : row->protocol_code == FOUND_DLT645 ? "dlt645" : "cjt188");
    maker_write(out, row->maker);
    json_put_key_integer(out, "type", row->protocol_code);
    json_put_key_integer(out, "version", row->version);
    json_put_key_integer(out, "primary_address", row->port);
    json_object_end(out);
}

static int row_seen(void *context, const struct view_row *row)
{
    (void)context;
    (void)row;
    return 0;
}

static void ending_write(struct json_writer *out, int64_t started_s, int64_t ended_s, enum line_problem problem)
{
    json_put_key_text(out, "state", started_s == 0 ? "none" : ended_s == 0 ? "searching" : "ended");
    json_put_key_integer(out, "started_s", started_s);
    json_put_key_integer(out, "ended_s", ended_s);
    json_put_key_text(out, "problem", ended_s != 0 ? line_problem_name(problem) : "");
}

int handle_line_found(struct exchange *exchange)
{
    const struct api_found *port = &exchange->config->found;
    struct json_writer *out = &exchange->out;
    struct parameters parameters;
    int64_t started_s = 0, ended_s = 0;
    enum line_problem problem = LINE_PROBLEM_NONE;

    parameters_fill(&parameters, exchange);
    int seen = exchange_read(exchange, VIEW_CONCENTRATOR, &parameters, row_seen, NULL);
    if (seen <= 0)
        return seen < 0 ? -1 : exchange_refuse_api(exchange, API_ERR_NOT_FOUND);
    json_object_begin(out);
    json_put_key(out, "items");
    json_array_begin(out);
    if (port->read != NULL)
        (void)port->read(port->context, (uint32_t)exchange->object_id, &started_s, &ended_s, &problem, found_write, out);
    json_array_end(out);
    ending_write(out, started_s, ended_s, problem);
    json_object_end(out);
    return 0;
}
