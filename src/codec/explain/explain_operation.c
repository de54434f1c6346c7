/* Which LwM2M operation a CoAP message is (OMA LwM2M Transport 1.1, tables 6.4.3 to 6.4.6). */
#include "codec/explain/explain_internal.h"

enum path_shape { SHAPE_ANY, SHAPE_RD, SHAPE_RD_HANDLE, SHAPE_DP, SHAPE_BS, SHAPE_ROOT, SHAPE_OBJECT, SHAPE_INSTANCE,
                  SHAPE_RESOURCE, SHAPE_NUMERIC };

enum condition { ALWAYS, IF_OBSERVE, IF_CANCEL, IF_LINK_ACCEPTED, IF_PAYLOAD, IF_QUERY };

static const struct {
    uint8_t code;
    uint8_t shape;     /* enum path_shape */
    uint8_t condition; /* enum condition */
    const char *english;
    const char *chinese;
    const char *clause;
} operations[] = {
    { COAP_CODE_POST, SHAPE_RD, ALWAYS, "LwM2M Register", "LwM2M 注册", "OMA LwM2M Core 1.1 6.2.1" },
    { COAP_CODE_POST, SHAPE_RD_HANDLE, ALWAYS, "LwM2M Update", "LwM2M 注册更新", "OMA LwM2M Core 1.1 6.2.2" },
    { COAP_CODE_DELETE, SHAPE_RD_HANDLE, ALWAYS, "LwM2M De-register", "LwM2M 注销", "OMA LwM2M Core 1.1 6.2.3" },
    { COAP_CODE_POST, SHAPE_DP, ALWAYS, "LwM2M Send", "LwM2M 主动上报", "OMA LwM2M Core 1.1 6.4.6" },
    { COAP_CODE_POST, SHAPE_BS, ALWAYS, "LwM2M Bootstrap-Request", "LwM2M 引导请求", "OMA LwM2M Core 1.1 6.1.7.1" },
    { COAP_CODE_GET, SHAPE_NUMERIC, IF_OBSERVE, "LwM2M Observe", "LwM2M 订阅", "OMA LwM2M Core 1.1 6.4.1" },
    { COAP_CODE_GET, SHAPE_NUMERIC, IF_CANCEL, "LwM2M Cancel Observation", "LwM2M 取消订阅",
      "OMA LwM2M Core 1.1 6.4.3" },
    { COAP_CODE_GET, SHAPE_NUMERIC, IF_LINK_ACCEPTED, "LwM2M Discover", "LwM2M 发现", "OMA LwM2M Core 1.1 6.3.2" },
    { COAP_CODE_GET, SHAPE_NUMERIC, ALWAYS, "LwM2M Read", "LwM2M 读取", "OMA LwM2M Core 1.1 6.3.1" },
    { COAP_CODE_PUT, SHAPE_NUMERIC, IF_PAYLOAD, "LwM2M Write (replace)", "LwM2M 写入（替换）",
      "OMA LwM2M Core 1.1 6.3.3" },
    { COAP_CODE_PUT, SHAPE_NUMERIC, IF_QUERY, "LwM2M Write-Attributes", "LwM2M 写属性", "OMA LwM2M Core 1.1 6.3.4" },
    { COAP_CODE_POST, SHAPE_RESOURCE, ALWAYS, "LwM2M Execute", "LwM2M 执行", "OMA LwM2M Core 1.1 6.3.5" },
    { COAP_CODE_POST, SHAPE_INSTANCE, IF_PAYLOAD, "LwM2M Write (partial update)", "LwM2M 写入（部分更新）",
      "OMA LwM2M Core 1.1 6.3.3" },
    { COAP_CODE_POST, SHAPE_OBJECT, IF_PAYLOAD, "LwM2M Create", "LwM2M 创建", "OMA LwM2M Core 1.1 6.3.6" },
    { COAP_CODE_DELETE, SHAPE_NUMERIC, ALWAYS, "LwM2M Delete", "LwM2M 删除", "OMA LwM2M Core 1.1 6.3.7" },
    { COAP_CODE_FETCH, SHAPE_ROOT, IF_OBSERVE, "LwM2M Observe-Composite", "LwM2M 组合订阅",
      "OMA LwM2M Core 1.1 6.4.4" },
    { COAP_CODE_FETCH, SHAPE_ROOT, ALWAYS, "LwM2M Read-Composite", "LwM2M 组合读取", "OMA LwM2M Core 1.1 6.3.8" },
    { COAP_CODE_IPATCH, SHAPE_ROOT, ALWAYS, "LwM2M Write-Composite", "LwM2M 组合写入", "OMA LwM2M Core 1.1 6.3.9" },
    { COAP_CODE_CONTENT, SHAPE_ANY, IF_OBSERVE, "LwM2M Notify", "LwM2M 通知", "OMA LwM2M Core 1.1 6.4.2" },
    { COAP_CODE_CONTENT, SHAPE_ANY, IF_CANCEL, "LwM2M Notify", "LwM2M 通知", "OMA LwM2M Core 1.1 6.4.2" },
};

static unsigned shapes_of(const struct coap_message *message)
{
    unsigned segments = coap_message_segments(message, COAP_OPTION_URI_PATH);
    struct lwm2m_path path;
    struct span first;

    if (segments == 0)
        return 1u << SHAPE_ROOT | 1u << SHAPE_NUMERIC | 1u << SHAPE_ANY;
    if (coap_message_option(message, COAP_OPTION_URI_PATH, 0, &first) && span_equal_text(first, "rd"))
        return 1u << (segments == 1 ? SHAPE_RD : SHAPE_RD_HANDLE);
    if (coap_message_path_is(message, "/dp"))
        return 1u << SHAPE_DP;
    if (coap_message_path_is(message, "/bs"))
        return 1u << SHAPE_BS;
    if (explain_request_path(message, &path) < 0)
        return 0;
    return 1u << SHAPE_NUMERIC | (path.depth == 1   ? 1u << SHAPE_OBJECT
                                  : path.depth == 2 ? 1u << SHAPE_INSTANCE
                                  : path.depth == 3 ? 1u << SHAPE_RESOURCE
                                                    : 0);
}

static bool condition_holds(const struct coap_message *message, unsigned condition)
{
    uint32_t observe = coap_message_unsigned(message, COAP_OPTION_OBSERVE, UINT32_MAX);
    struct span query;

    switch (condition) {
    case IF_OBSERVE:
        return observe != UINT32_MAX && observe != 1;
    case IF_CANCEL:
        return observe == 1;
    case IF_LINK_ACCEPTED:
        return coap_message_format(message, COAP_OPTION_ACCEPT) == COAP_FORMAT_LINK;
    case IF_PAYLOAD:
        return message->payload.size > 0;
    case IF_QUERY:
        return coap_message_option(message, COAP_OPTION_URI_QUERY, 0, &query);
    default:
        return true;
    }
}

/* "/33424/0/5 Valve command" behind the operation. */
static void target_write(const struct explain_sink *sink, const struct coap_message *message, struct writer *out)
{
    struct lwm2m_path path;
    if (!coap_code_is_request(message->code))
        return;
    if (explain_request_path(message, &path) == 0)
        explain_path(sink, path, out);
    else
        coap_message_write_path(message, COAP_OPTION_URI_PATH, out);
}

void explain_lwm2m_operation(const struct explain_place *place, const struct coap_message *message)
{
    unsigned shapes = coap_code_is_request(message->code) ? shapes_of(message) : 1u << SHAPE_ANY;

    for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++) {
        if (operations[i].code != message->code || (shapes >> operations[i].shape & 1) == 0 ||
            !condition_holds(message, operations[i].condition))
            continue;
        char text[EXPLAIN_TEXT_LIMIT];
        struct writer meaning = writer_of_buffer(text, sizeof text);
        struct explain_field row = explain_row(place, span_of_bytes(NULL, 0), "operation", "操作", operations[i].clause);
        row.value = explain_choose(place->sink, operations[i].english, operations[i].chinese);
        target_write(place->sink, message, &meaning);
        explain_put(place->sink, row, NULL, &meaning);
        return;
    }
}
