#include <string.h>

#include "api/api_metrics.h"
#include "api/api_server_internal.h"
#include "api/forward.h"
#include "api/resident_session.h"
#include "api/route.h"
#include "api/session.h"

static bool is_change(const char *method)
{
    return strcmp(method, "GET") != 0;
}

static int caller_admit(struct exchange *exchange)
{
    const struct api_route *route = exchange->route;

    if (route->permission == ROUTE_PUBLIC)
        return 0;
    bool resident = route->permission == ROUTE_RESIDENT;
    int result = resident ? resident_find(exchange) : session_find(exchange);
    if (result == 0 && is_change(route->method))
        result = session_csrf_check(exchange);
    if (result == 0 && !resident && !exchange_may(exchange, (enum permission)route->permission))
        result = API_ERR_PERMISSION;
    if (result == 0 || exchange->status >= 400)
        return result == 0 ? 0 : -1;
    return exchange_refuse_api(exchange, result);
}

static bool is_json(const char *content_type)
{
    return content_type != NULL && strncmp(content_type, "application/json", 16) == 0;
}

static int body_read(struct exchange *exchange)
{
    const struct api_route *route = exchange->route;
    struct field_problem problem = { .error = 0 };
    int result = 0;

    if (exchange->target.pair_count > 0)
        return exchange_refuse(exchange, api_error_info(API_ERR_FIELD_UNKNOWN), "");
    if (exchange->body.size == 0 && route->field_count == 0)
        return 0;
    if (exchange->body.size > 0 && !is_json(exchange->content_type))
        return exchange_refuse_api(exchange, API_ERR_BODY_TYPE);
    if (exchange->body.size == 0)
        exchange->json = json_object();
    else
        result = field_body_parse(exchange->body, &exchange->json, &problem);
    if (result == 0)
        result = fields_read_json(route->fields, route->field_count, exchange->json, strcmp(route->method, "PATCH") == 0,
            exchange->values, &problem);
    return result == 0 ? 0 : exchange_refuse_field(exchange, &problem);
}

/* A body of another type is the handler's to read. */
static int other_body_check(struct exchange *exchange)
{
    const char *expected = exchange->route->body_type;

    if (strcmp(expected, "*/*") == 0)
        return 0;
    if (exchange->content_type != NULL && strncmp(exchange->content_type, expected, strlen(expected)) == 0)
        return 0;
    return exchange_refuse_api(exchange, API_ERR_BODY_TYPE);
}

static int fields_read(struct exchange *exchange)
{
    const struct api_route *route = exchange->route;
    struct field_problem problem = { .error = 0 };

    if (is_change(route->method) && route->body_type == NULL)
        return body_read(exchange);
    if (route->body_type != NULL && other_body_check(exchange) != 0)
        return -1;
    if (fields_read_query(route->fields, route->field_count, &exchange->target, exchange->values, &problem) != 0)
        return exchange_refuse_field(exchange, &problem);
    return 0;
}

static int route_choose(struct exchange *exchange, const char *method)
{
    static const size_t prefix = sizeof ROUTE_PREFIX - 1;
    struct span path = exchange->target.path;
    char allowed[64];

    path.bytes += prefix;
    path.size -= prefix;
    int result = route_match(exchange->head_only ? "GET" : method, path, &exchange->route, &exchange->object_id,
        exchange->key, allowed);
    if (result == 0)
        return 0;
    if (result == API_ERR_METHOD)
        exchange_header_add(exchange, "Allow", allowed);
    return exchange_refuse_api(exchange, result);
}

void api_dispatch(struct exchange *exchange, const char *method)
{
    exchange->status = 200;
    exchange->head_only = strcmp(method, "HEAD") == 0;
    exchange->content_type_out = "application/json; charset=utf-8";
    if (route_choose(exchange, method) != 0)
        return;
    if (forward_is_offered(exchange) && (is_change(exchange->route->method) || exchange->route->at_core)) {
        (void)forward_choose(exchange);
        return;
    }
    if (caller_admit(exchange) != 0 || fields_read(exchange) != 0)
        return;
    if (exchange->route->permission != ROUTE_PUBLIC && exchange_scope_narrow(exchange) != 0)
        return;
    if (exchange->route->handle(exchange) == 0 && exchange->out.failed)
        (void)exchange_refuse_api(exchange, API_ERR_MEMORY);
}
