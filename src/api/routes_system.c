#include "api/handlers.h"
#include "api/route.h"

static const struct field search_fields[] = {
    { .name = "query", .type = FIELD_TEXT, .required = true, .minimum = 0, .maximum = 100,
        .summary = "number or its end, name or initials, room, bill, receipt" },
};
static const struct field decode_fields[] = {
    { .name = "hex", .type = FIELD_TEXT, .required = true, .minimum = 2, .maximum = 8000,
        .summary = "a frame; blanks between pairs are passed over" },
};

static const struct api_route rows[] = {
    { .method = "GET", .path = "/search", .tag = "search", .permission = PERMISSION_SIGNED_IN, .handle = handle_search,
        ROUTE_FIELDS(search_fields), ROUTE_SUMMARY("Search anything", "搜索") },
    { .method = "POST", .path = "/decode", .tag = "frames", .permission = PERMISSION_DEVICES_READ, .handle = handle_decode,
        ROUTE_FIELDS(decode_fields), ROUTE_SUMMARY("Explain a frame field by field", "逐字段解释报文") },
    { .method = "GET", .path = "/live", .tag = "live", .permission = PERMISSION_SIGNED_IN, .handle = handle_live,
        ROUTE_SUMMARY("Live events (text/event-stream)", "实时事件流") },
    { .method = "GET", .path = "/openapi.json", .tag = "system", .permission = ROUTE_PUBLIC, .handle = handle_openapi,
        ROUTE_SUMMARY("This description", "本接口说明") },
    { .method = "GET", .path = "/health", .tag = "system", .permission = ROUTE_PUBLIC, .handle = handle_health,
        ROUTE_SUMMARY("Is the server well", "运行状况") },
    { .method = "GET", .path = "/metrics", .tag = "system", .permission = PERMISSION_SIGNED_IN, .handle = handle_metrics,
        ROUTE_SUMMARY("Counters in Prometheus text", "Prometheus 计数器") },
};

const struct route_list routes_system = { rows, sizeof rows / sizeof rows[0] };
