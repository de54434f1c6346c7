#include "api/exchange.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "api/api_metrics.h"
#include "api/forward.h"
#include "api/route.h"
#include "base/calendar.h"
#include "base/log.h"
#include "base/text.h"

#define COUNT_PATIENCE_MS 500 /* a count that takes longer is not worth waiting for */

const char *exchange_language(const struct exchange *exchange)
{
    const char *accept = exchange->accept_language;

    if (exchange->caller.person_id != 0 && accept == NULL)
        return exchange->caller.language;
    if (accept != NULL && (strncmp(accept, "en", 2) == 0))
        return "en";
    return "zh";
}

bool exchange_is_english(const struct exchange *exchange)
{
    return strcmp(exchange_language(exchange), "en") == 0;
}

bool exchange_may(const struct exchange *exchange, enum permission permission)
{
    return permission_allows(exchange->caller.permissions, permission);
}

void exchange_header_add(struct exchange *exchange, const char *name, const char *value)
{
    if (exchange->header_count == EXCHANGE_HEADER_LIMIT)
        return;
    struct exchange_header *header = &exchange->headers[exchange->header_count];
    if (text_copy(span_of_text(value), header->value, sizeof header->value) < 0)
        return;
    header->name = name;
    exchange->header_count++;
}

void exchange_put_next(struct exchange *exchange, bool more, int64_t cursor)
{
    char text[24];

    (void)snprintf(text, sizeof text, "%lld", (long long)cursor);
    json_put_key(&exchange->out, "next");
    if (more)
        json_put_text(&exchange->out, span_of_text(text));
    else
        json_put_null(&exchange->out);
}

/* "E-0001F3": what a person may read out on the telephone; the log line carries the same. */
static void reference_write(const struct exchange *exchange, char *text, size_t capacity)
{
    (void)snprintf(text, capacity, "E-%06" PRIX64, exchange->number & 0xffffff);
}

static int answer_error(struct exchange *exchange, int status, const char *code, const char *field, const char *message)
{
    char reference[16];
    struct json_writer *out = &exchange->out;

    reference_write(exchange, reference, sizeof reference);
    exchange->status = (unsigned)status;
    exchange->content_type_out = "application/json; charset=utf-8";
    json_writer_reset(out);
    json_object_begin(out);
    if (!exchange->open) {
        json_put_key(out, "error");
        json_object_begin(out);
    }
    json_put_key_text(out, "code", code);
    json_put_key_text(out, "message", message);
    if (field[0] != '\0')
        json_put_key_text(out, "field", field);
    json_put_key_text(out, "reference", reference);
    if (exchange->open) {
        json_put_key(out, "data");
        json_put_null(out);
    } else {
        json_object_end(out);
    }
    json_object_end(out);
    if (status >= 500)
        log_write(LOG_API, LOG_WARNING, reference, "answered %d %s", status, code);
    return -1;
}

int exchange_refuse(struct exchange *exchange, const struct error_info *info, const char *field)
{
    return answer_error(exchange, info->http_status, info->code, field != NULL ? field : info->field,
        exchange_is_english(exchange) ? info->text_en : info->text_zh);
}

int exchange_refuse_api(struct exchange *exchange, int error)
{
    return exchange_refuse(exchange, api_error_info(error), NULL);
}

int exchange_refuse_field(struct exchange *exchange, const struct field_problem *problem)
{
    const struct error_info *info = api_error_info(problem->error);

    return answer_error(exchange, info->http_status, info->code, problem->field,
        exchange_is_english(exchange) ? problem->text_en : problem->text_zh);
}

int exchange_refuse_for_now(struct exchange *exchange, int64_t wait_s)
{
    char seconds[24];

    (void)snprintf(seconds, sizeof seconds, "%" PRId64, wait_s);
    exchange_header_add(exchange, "Retry-After", seconds);
    return exchange_refuse_api(exchange, API_ERR_RATE);
}

int exchange_refuse_core(struct exchange *exchange, const struct core_reply *reply)
{
    if (reply->http_status < 400 || reply->http_status > 599)
        return exchange_refuse_api(exchange, API_ERR_BUSY);
    return answer_error(exchange, reply->http_status, reply->code, reply->field,
        exchange_is_english(exchange) ? reply->text_en : reply->text_zh);
}

const struct field_value *exchange_value(const struct exchange *exchange, const char *name)
{
    for (size_t i = 0; i < exchange->route->field_count; i++)
        if (strcmp(exchange->route->fields[i].name, name) == 0)
            return exchange->values[i].given ? &exchange->values[i] : NULL;
    return NULL;
}

int64_t exchange_integer(const struct exchange *exchange, const char *name, int64_t otherwise)
{
    const struct field_value *value = exchange_value(exchange, name);
    return value != NULL ? value->integer : otherwise;
}

int64_t exchange_today(const struct exchange *exchange)
{
    return calendar_local_day(exchange->now_s, exchange->caller.zone_offset_s);
}

/* A name given twice means the later one: handlers override what the query said. */
static struct view_parameter *parameter_slot(struct parameters *parameters, const char *name)
{
    for (size_t i = 0; i < parameters->count; i++)
        if (strcmp(parameters->list[i].name, name) == 0)
            return &parameters->list[i];
    if (parameters->count == sizeof parameters->list / sizeof parameters->list[0])
        return NULL;
    return &parameters->list[parameters->count++];
}

void parameters_integer(struct parameters *parameters, const char *name, int64_t value)
{
    struct view_parameter *slot = parameter_slot(parameters, name);
    if (slot != NULL)
        *slot = (struct view_parameter){ name, VIEW_INTEGER, value, { NULL, 0 } };
}

void parameters_text(struct parameters *parameters, const char *name, struct span value)
{
    struct view_parameter *slot = parameter_slot(parameters, name);
    if (slot != NULL)
        *slot = (struct view_parameter){ name, value.bytes != NULL ? VIEW_TEXT : VIEW_NULL, 0, value };
}

int parameters_own(struct parameters *parameters, uint8_t *texts, size_t capacity)
{
    size_t used = 0;

    for (size_t i = 0; i < parameters->count; i++) {
        struct view_parameter *parameter = &parameters->list[i];
        if (parameter->type != VIEW_TEXT && parameter->type != VIEW_BLOB)
            continue;
        if (parameter->text.size > capacity - used)
            return -1;
        memcpy(texts + used, parameter->text.bytes, parameter->text.size);
        parameter->text.bytes = texts + used;
        used += parameter->text.size;
    }
    return 0;
}

static void fields_fill(struct parameters *parameters, const struct exchange *exchange)
{
    for (size_t i = 0; i < exchange->route->field_count; i++) {
        const struct field *field = &exchange->route->fields[i];
        const struct field_value *value = &exchange->values[i];
        if (!value->given)
            continue;
        if (field->type == FIELD_INTEGER || field->type == FIELD_BOOLEAN || field->type == FIELD_DAY)
            parameters_integer(parameters, field->name, value->integer);
        else
            parameters_text(parameters, field->name, value->text);
    }
}

/* The identifier that ends a path: 23 of "/1/7/23/"; 0 of none. */
static int64_t scope_area(const char *path)
{
    int64_t area_id = 0, next = 0;

    for (; *path != '\0'; path++) {
        if (*path >= '0' && *path <= '9')
            next = next * 10 + (*path - '0');
        else if (next != 0) {
            area_id = next;
            next = 0;
        }
    }
    return area_id;
}

void parameters_fill(struct parameters *parameters, const struct exchange *exchange)
{
    const struct api_caller *caller = &exchange->caller;

    parameters->count = 0;
    fields_fill(parameters, exchange);
    parameters_integer(parameters, "tenant", caller->tenant_id);
    parameters_text(parameters, "path_low", span_of_text(exchange->path_low));
    parameters_text(parameters, "path_high", span_of_text(exchange->path_high));
    parameters_integer(parameters, "scope_area", scope_area(exchange->path_low));
    parameters_integer(parameters, "whole", exchange->whole);
    parameters_integer(parameters, "reveal", exchange_may(exchange, PERMISSION_PEOPLE_REVEAL));
    parameters_integer(parameters, "person", caller->person_id);
    parameters_integer(parameters, "resident", caller->resident_id);
    parameters_integer(parameters, "object", exchange->object_id);
    parameters_integer(parameters, "now_s", exchange->now_s);
    parameters_integer(parameters, "wall_s", exchange->wall_s);
    parameters_integer(parameters, "zone_s", caller->zone_offset_s);
    parameters_integer(parameters, "today", exchange_today(exchange));
    parameters_integer(parameters, "removed", exchange_integer(exchange, "removed", 0));
    if (exchange->open) {
        parameters_integer(parameters, "partner", exchange->partner.partner_id);
        parameters_integer(parameters, "limited", exchange->partner.limited);
        parameters_integer(parameters, "month_day", exchange->partner.month_day);
        parameters_text(parameters, "key_prefix", span_of_text(exchange->partner.key_prefix));
    }
}

bool exchange_is_abandoned(void *context)
{
    struct exchange *exchange = context;
    struct pollfd client = { .fd = exchange->client_socket, .events = POLLRDHUP };

    if (exchange_monotonic_ms() > exchange->deadline_ms)
        return true;
    exchange->gone = exchange->client_socket >= 0 && poll(&client, 1, 0) == 1 && (client.revents & (POLLRDHUP | POLLHUP)) != 0;
    return exchange->gone;
}

struct counting_sink {
    int (*take)(void *context, const struct view_row *row);
    void *context;
    int rows;
};

static int row_count_and_take(void *context, const struct view_row *row)
{
    struct counting_sink *sink = context;
    sink->rows++;
    return sink->take(sink->context, row);
}

static int view_refuse(struct exchange *exchange, enum view view, int result)
{
    log_write(LOG_API, LOG_NOTICE, view_name(view), "could not be read: %s", view_error_text(result));
    if (result == VIEW_ERR_ABANDONED)
        api_count(exchange->gone ? API_READS_GONE : API_READS_LATE);
    if (result == VIEW_ERR_ABANDONED)
        return exchange_refuse_api(exchange, API_ERR_SLOW);
    if (result == VIEW_ERR_BUSY)
        return exchange_refuse_api(exchange, API_ERR_BUSY);
    if (result == VIEW_ERR_SINK)
        return exchange_refuse_api(exchange, API_ERR_MEMORY);
    return exchange_refuse_api(exchange, API_ERR_STORE);
}

void exchange_moment_begin(struct exchange *exchange)
{
    const struct view_store *store = &exchange->config->views;

    exchange->moment = store->moment_begin != NULL ? store->moment_begin(store->context) : NULL;
}

void exchange_moment_end(struct exchange *exchange)
{
    const struct view_store *store = &exchange->config->views;

    if (exchange->moment != NULL)
        store->moment_end(store->context, exchange->moment);
    exchange->moment = NULL;
}

int exchange_read(struct exchange *exchange, enum view view, const struct parameters *parameters,
    int (*take)(void *context, const struct view_row *row), void *context)
{
    const struct view_store *store = &exchange->config->views;
    struct counting_sink sink = { take, context, 0 };
    struct view_query query = {
        .view = view,
        .parameters = parameters->list,
        .parameter_count = parameters->count,
        .moment = exchange->moment,
        .abandoned = exchange_is_abandoned,
        .abandoned_context = exchange,
    };
    int result = store->read(store->context, &query, row_count_and_take, &sink);

    return result == 0 ? sink.rows : view_refuse(exchange, view, result);
}

static int count_take(void *context, const struct view_row *row)
{
    int64_t *count = context;
    *count = row->cells[0].integer;
    return 0;
}

int64_t exchange_kept_count(struct exchange *exchange, enum view view, const struct parameters *parameters)
{
    int64_t count = 0;

    return exchange_read(exchange, view, parameters, count_take, &count) < 0 ? -1 : count;
}

int64_t exchange_count(struct exchange *exchange, enum view view, const struct parameters *parameters)
{
    const struct view_store *store = &exchange->config->views;
    int64_t count = 0;
    struct view_query query = {
        .view = view,
        .parameters = parameters->list,
        .parameter_count = parameters->count,
        .count_only = true,
        .moment = exchange->moment,
        .abandoned = exchange_is_abandoned,
        .abandoned_context = exchange,
    };
    int64_t deadline_ms = exchange->deadline_ms;
    int64_t patience_ms = exchange_monotonic_ms() + COUNT_PATIENCE_MS;

    if (patience_ms < deadline_ms)
        exchange->deadline_ms = patience_ms;
    int result = store->read(store->context, &query, count_take, &count);
    exchange->deadline_ms = deadline_ms;
    if (result == VIEW_ERR_ABANDONED)
        return EXCHANGE_COUNT_UNKNOWN;
    return result == 0 ? count : view_refuse(exchange, view, result);
}

struct scope_row {
    char path[CORE_PATH_LIMIT];
    bool whole;
};

static int scope_take(void *context, const struct view_row *row)
{
    struct scope_row *scope = context;

    if (text_copy(row->cells[0].text, scope->path, sizeof scope->path) < 0)
        return -1;
    scope->whole = row->cells[1].integer != 0;
    return 0;
}

static void scope_set(struct exchange *exchange, const char *path)
{
    size_t size = strlen(path);

    (void)text_copy(span_of_text(path), exchange->path_low, sizeof exchange->path_low);
    (void)text_copy(span_of_text(path), exchange->path_high, sizeof exchange->path_high);
    if (size > 0)
        exchange->path_high[size - 1] = '0'; /* follows '/': the first text after everything below the path */
}

int exchange_scope_narrow(struct exchange *exchange)
{
    const struct field_value *area = exchange_value(exchange, "area_id");
    struct parameters parameters;
    struct scope_row scope = { .whole = false };

    scope_set(exchange, exchange->caller.path);
    exchange->whole = exchange->caller.whole;
    if (area == NULL || exchange->route->method[0] != 'G')
        return 0;
    parameters_fill(&parameters, exchange);
    int rows = exchange_read(exchange, VIEW_SCOPE, &parameters, scope_take, &scope);
    if (rows < 0)
        return -1;
    if (rows == 0)
        return exchange_refuse_api(exchange, API_ERR_AREA);
    scope_set(exchange, scope.path);
    exchange->whole = scope.whole;
    return 0;
}

int exchange_core(struct exchange *exchange, enum core_operation operation, struct core_request *request,
    struct core_reply *reply)
{
    const struct core_port *core = &exchange->config->core;

    if (forward_is_offered(exchange))
        return forward_operation(exchange, operation);
    if (request->person_id == 0) {
        request->tenant_id = exchange->caller.tenant_id;
        request->person_id = exchange->caller.person_id;
    }
    request->wall_s = exchange->wall_s;
    (void)text_copy(span_of_text(exchange->caller.path), request->scope_path, sizeof request->scope_path);
    memset(reply, 0, sizeof *reply);
    int result = core->call(core->context, operation, request, reply);
    if (result == 0 && exchange->note_only && operation == CORE_AUDIT_APPEND)
        return forward_note_answer(exchange);
    return result == 0 ? 0 : exchange_refuse_core(exchange, reply);
}
