#include "api/handlers.h"
#include "api/openapi_decode.h"
#include "api/route.h"

static const struct field search_fields[] = {
    { .name = "query", .type = FIELD_TEXT, .required = true, .minimum = 0, .maximum = 100,
        .summary = "number or its end, name or initials, room, bill, receipt" },
};
#define DECODE_PROTOCOLS \
    "dlt645 cjt188 q376 mbus wmbus manhole hotwater coap dtu senml-cbor senml-json link-format lwm2m-tlv"

static const struct field decode_fields[] = {
    { .name = "hex", .type = FIELD_TEXT, .minimum = 2, .maximum = 16000,
        .summary = "one frame; blanks, 0x, \":\", \"-\" and \",\" between pairs of digits are passed over. Answers a DecodedFrame" },
    { .name = "text", .type = FIELD_TEXT, .minimum = 2, .maximum = 200000,
        .summary = "instead of hex: frames, one a line, times and directions in front of them being passed over; or one "
                   "frame over several lines. Answers a DecodedList" },
    { .name = "stream", .type = FIELD_BOOLEAN,
        .summary = "text is one stream of bytes in which the frames are to be found" },
    { .name = "protocol", .type = FIELD_CHOICE, .choices = DECODE_PROTOCOLS, .summary = "guessed when absent" },
    { .name = "key", .type = FIELD_SECRET, .minimum = 32, .maximum = 32,
        .summary = "hexadecimal key of protected frames; used for this answer only" },
    { .name = "language", .type = FIELD_CHOICE, .choices = "en zh",
        .summary = "of names and meanings; the caller's language when absent" },
};

static const struct api_route rows[] = {
    { .method = "GET", .path = "/search", .tag = "search", .permission = PERMISSION_SIGNED_IN, .handle = handle_search,
        ROUTE_FIELDS(search_fields), ROUTE_SUMMARY("Search anything", "搜索") },
    { .method = "POST", .path = "/decode", .tag = "frames", .permission = PERMISSION_DEVICES_READ, .handle = handle_decode,
        ROUTE_FIELDS(decode_fields), .answer = openapi_decode_answer,
        ROUTE_SUMMARY("Explain frames field by field", "逐字段解释报文") },
    { .method = "GET", .path = "/decode", .tag = "frames", .permission = PERMISSION_DEVICES_READ,
        .handle = handle_decode_protocols, .answer = openapi_decode_protocols_answer,
        ROUTE_SUMMARY("Protocols that can be explained", "可解释的协议") },
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
