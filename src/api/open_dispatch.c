/* The open interfaces: every answer is {"code", "message", "data"}, "ok" being the code of a good one. */
#include <string.h>

#include "api/api_server_internal.h"
#include "api/forward.h"
#include "api/open_admission.h"
#include "api/route.h"

#define OPEN_BODY_LIMIT 65536

static int route_choose(struct exchange *exchange, const char *method)
{
    static const size_t prefix = sizeof OPEN_ROUTE_PREFIX - 1;
    struct span path = exchange->target.path;

    path.bytes += prefix;
    path.size -= prefix;
    for (size_t i = 0; i < routes_open.count; i++)
        if (span_equal_text(path, routes_open.rows[i].path))
            exchange->route = &routes_open.rows[i];
    if (exchange->route == NULL)
        return exchange_refuse_api(exchange, API_ERR_ROUTE);
    if (strcmp(method, exchange->route->method) == 0)
        return 0;
    exchange_header_add(exchange, "Allow", exchange->route->method);
    return exchange_refuse_api(exchange, API_ERR_METHOD);
}

static int body_read(struct exchange *exchange)
{
    struct field_problem problem = { .error = 0 };

    if (exchange->body.size > OPEN_BODY_LIMIT)
        return exchange_refuse_api(exchange, API_ERR_OPEN_BODY);
    if (exchange->content_type == NULL || strncmp(exchange->content_type, "application/json", 16) != 0)
        return exchange_refuse_api(exchange, API_ERR_BODY_TYPE);
    if (field_body_parse(exchange->body, &exchange->json, &problem) != 0)
        return exchange_refuse_field(exchange, &problem);
    return 0;
}

static int fields_read(struct exchange *exchange)
{
    const struct api_route *route = exchange->route;
    struct field_problem problem = { .error = 0 };

    if (fields_read_json_leniently(route->fields, route->field_count, exchange->json, exchange->values, &problem) != 0)
        return exchange_refuse_field(exchange, &problem);
    exchange->object_id = exchange_integer(exchange, "device_id", 0);
    return exchange_scope_narrow(exchange);
}

/* What the handler writes becomes the data. */
static int data_write(struct exchange *exchange)
{
    struct json_writer *out = &exchange->out;

    json_object_begin(out);
    json_put_key_text(out, "code", "ok");
    json_put_key_text(out, "message", exchange_is_english(exchange) ? "Done" : "成功");
    json_put_key(out, "data");
    if (exchange->route->handle(exchange) != 0)
        return -1;
    json_object_end(out);
    return out->failed ? exchange_refuse_api(exchange, API_ERR_MEMORY) : 0;
}

void open_dispatch(struct exchange *exchange, const char *method)
{
    exchange->status = 200;
    exchange->content_type_out = "application/json; charset=utf-8";
    if (forward_is_offered(exchange))
        (void)forward_choose(exchange); /* rates and nonces are remembered at one place */
    else if (route_choose(exchange, method) == 0 && body_read(exchange) == 0 && open_admit(exchange) == 0 &&
        fields_read(exchange) == 0)
        (void)data_write(exchange);
}
