#include <string.h>

#include "codec/codec_error.h"
#include "codec/explain/explain_internal.h"

static const char header_clause[] = "RFC 7252 3";

static void unsigned_put(const struct explain_place *place, struct span bytes, const char *english,
                         const char *chinese, uint32_t number, const char *meaning)
{
    char text[EXPLAIN_TEXT_LIMIT];
    struct writer value = writer_of_buffer(text, sizeof text);
    struct explain_field row = explain_row(place, bytes, english, chinese, header_clause);

    writer_format(&value, "%lu", (unsigned long)number);
    row.meaning = meaning;
    explain_put(place->sink, row, &value, NULL);
}

static void code_put(const struct explain_place *place, struct span byte)
{
    const struct coap_code_info *info = coap_code_info(byte.bytes[0]);
    struct explain_field row =
        explain_row(place, byte, "code", "代码", info != NULL ? info->clause : "RFC 7252 12.1");
    char text[EXPLAIN_TEXT_LIMIT];
    struct writer value = writer_of_buffer(text, sizeof text);

    writer_format(&value, "%u.%02u", COAP_CODE_CLASS(byte.bytes[0]), COAP_CODE_DETAIL(byte.bytes[0]));
    row.meaning = info != NULL ? explain_choose(place->sink, info->name, info->chinese)
                               : explain_choose(place->sink, "unassigned", "未分配");
    explain_put(place->sink, row, &value, NULL);
}

/* The four bytes every message has; what they say may still be wrong. */
static void header_put(const struct explain_place *place, struct span frame)
{
    static const char *const english[] = { "confirmable", "non-confirmable", "acknowledgement", "reset" };
    static const char *const chinese[] = { "需确认", "无需确认", "确认", "复位" };
    struct span first = span_of_bytes(frame.bytes, 1);
    unsigned type = frame.bytes[0] >> 4 & 3u;

    unsigned_put(place, first, "version", "版本", frame.bytes[0] >> 6, NULL);
    unsigned_put(place, first, "type", "类型", type, explain_choose(place->sink, english[type], chinese[type]));
    unsigned_put(place, first, "token length", "令牌长度", frame.bytes[0] & 15u, NULL);
    code_put(place, span_of_bytes(frame.bytes + 1, 1));
    unsigned_put(place, span_of_bytes(frame.bytes + 2, 2), "message ID", "报文号",
                 (uint32_t)frame.bytes[2] << 8 | frame.bytes[3], NULL);
}

static void block_write(const struct explain_sink *sink, struct span value, struct writer *text)
{
    struct coap_block block;
    if (coap_block_decode(value, &block) == 0)
        writer_format(text, "%s %lu, %s, %u %s", explain_choose(sink, "block", "块"), (unsigned long)block.number,
                      explain_choose(sink, block.more ? "more follow" : "last", block.more ? "还有后续" : "最后一块"),
                      block.size, explain_choose(sink, "bytes", "字节"));
}

static void option_value_write(const struct explain_sink *sink, const struct coap_option *option,
                               const struct coap_option_info *info, struct writer *value)
{
    uint32_t number;

    if (option->number == COAP_OPTION_BLOCK1 || option->number == COAP_OPTION_BLOCK2)
        block_write(sink, option->value, value);
    else if (info != NULL && info->form == COAP_FORM_UNSIGNED && coap_option_unsigned(option->value, &number) == 0)
        writer_format(value, "%lu", (unsigned long)number);
    else if (info != NULL && info->form == COAP_FORM_TEXT)
        explain_write_text(value, option->value);
    else
        explain_write_hex(value, option->value);
}

/* Names of queries of the registration interface and of attributes. */
static const struct {
    const char *name;
    const char *english;
    const char *chinese;
} queries[] = {
    { "ep=", "endpoint name", "终端名称" },
    { "lt=", "lifetime, s", "注册有效期（秒）" },
    { "lwm2m=", "LwM2M version", "LwM2M 版本" },
    { "b=", "binding", "绑定方式" },
    { "sms=", "SMS number", "短信号码" },
    { "pct=", "preferred content format", "首选内容格式" },
    { "pmin=", "minimum period, s", "最小周期（秒）" },
    { "pmax=", "maximum period, s", "最大周期（秒）" },
};

static void query_meaning(const struct explain_sink *sink, struct span query, struct writer *meaning)
{
    if (span_equal_text(query, "Q"))
        writer_text(meaning, explain_choose(sink, "queue mode", "队列模式"));
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        size_t size = strlen(queries[i].name);
        if (query.size >= size && memcmp(query.bytes, queries[i].name, size) == 0)
            writer_text(meaning, explain_choose(sink, queries[i].english, queries[i].chinese));
    }
}

static void option_meaning(const struct explain_sink *sink, const struct coap_option *option, struct writer *meaning)
{
    const struct coap_format_info *format;
    uint32_t number;

    if (!coap_option_is_recognised(option))
        writer_text(meaning, coap_option_is_critical(option->number)
                                 ? explain_choose(sink, "not recognised, critical", "无法识别，关键选项")
                                 : explain_choose(sink, "not recognised, elective: ignored", "无法识别，可选：忽略"));
    else if (option->number == COAP_OPTION_CONTENT_FORMAT || option->number == COAP_OPTION_ACCEPT) {
        format = coap_option_unsigned(option->value, &number) == 0 ? coap_format_info(number) : NULL;
        writer_text(meaning, format != NULL ? format->media_type
                                            : explain_choose(sink, "unassigned format", "未分配的格式"));
    } else if (option->number == COAP_OPTION_URI_QUERY)
        query_meaning(sink, option->value, meaning);
}

static void option_put(const struct explain_place *place, const struct coap_option *option, struct span bytes)
{
    const struct coap_option_info *info = coap_option_info(option->number);
    char name_text[EXPLAIN_TEXT_LIMIT], value_text[EXPLAIN_TEXT_LIMIT], meaning_text[EXPLAIN_TEXT_LIMIT];
    struct writer name = writer_of_buffer(name_text, sizeof name_text);
    struct writer value = writer_of_buffer(value_text, sizeof value_text);
    struct writer meaning = writer_of_buffer(meaning_text, sizeof meaning_text);
    struct explain_field row = explain_row(place, bytes, "", "", info != NULL ? info->clause : "RFC 7252 5.4");

    if (info == NULL)
        writer_format(&name, "%s %u", explain_choose(place->sink, "option", "选项"), option->number);
    else if (place->sink->language == EXPLAIN_CHINESE)
        writer_format(&name, "选项 %s（%s）", info->name, info->chinese);
    else
        writer_format(&name, "option %s", info->name);
    row.name = writer_terminate(&name);
    option_value_write(place->sink, option, info, &value);
    option_meaning(place->sink, option, &meaning);
    explain_put(place->sink, row, &value, &meaning);
}

/* Rows for all options that can be read; how the walk ends is the decoder's to judge.
 * returns  offset in the frame where the options end or break */
static size_t options_put(const struct explain_place *place, size_t start)
{
    struct span rest = span_of_bytes(place->frame.bytes + start, place->frame.size - start);
    struct coap_option_iterator iterator = coap_option_iterator(rest);
    struct coap_option option;

    while (coap_option_next(&iterator, &option) > 0)
        option_put(place, &option, span_of_bytes(rest.bytes + option.offset, iterator.offset - option.offset));
    return start + iterator.offset;
}

int explain_request_path(const struct coap_message *message, struct lwm2m_path *out)
{
    uint8_t text[LWM2M_PATH_TEXT_LIMIT];
    struct writer writer = writer_of_buffer(text, sizeof text);
    coap_message_write_path(message, COAP_OPTION_URI_PATH, &writer);
    return writer.overflow ? CODEC_ERR_TOO_LONG : lwm2m_path_parse(writer_span(&writer), out);
}

static void plain_put(const struct explain_place *place, struct lwm2m_path base, struct span payload,
                      enum lwm2m_carrier carrier)
{
    char value_text[EXPLAIN_TEXT_LIMIT], meaning_text[EXPLAIN_TEXT_LIMIT], name_text[EXPLAIN_TEXT_LIMIT];
    struct writer value = writer_of_buffer(value_text, sizeof value_text);
    struct writer meaning = writer_of_buffer(meaning_text, sizeof meaning_text);
    struct writer name = writer_of_buffer(name_text, sizeof name_text);
    struct explain_field row = explain_row(place, payload, "value", "数值", "OMA LwM2M Core 1.1 7.4");
    struct explain_place deeper = explain_deeper(place);
    struct lwm2m_value content;

    memset(&content, 0, sizeof content);
    content.path = base;
    content.carrier = (uint8_t)carrier;
    content.bytes = payload;
    if (base.depth >= 3) {
        explain_path(place->sink, base, &name);
        row.name = writer_terminate(&name);
    }
    explain_value(place->sink, &content, &value, &meaning);
    explain_put(place->sink, row, &value, &meaning);
    explain_opaque(&deeper, base, payload);
}

static bool is_execute(const struct coap_message *message, struct lwm2m_path base)
{
    return message->code == COAP_CODE_POST && base.depth == 3;
}

static int payload_explain(const struct explain_place *place, const struct coap_message *message,
                           size_t *error_offset)
{
    struct lwm2m_path base = { { 0, 0, 0, 0 }, 0 };
    int32_t format = coap_message_format(message, COAP_OPTION_CONTENT_FORMAT);

    if (!coap_code_is_request(message->code) || explain_request_path(message, &base) < 0)
        base.depth = 0;
    switch (format) {
    case COAP_FORMAT_SENML_CBOR:
        return explain_senml_cbor(place, message->payload, error_offset);
    case COAP_FORMAT_SENML_JSON:
        return explain_senml_json(place, message->payload, error_offset);
    case COAP_FORMAT_TLV:
    case COAP_FORMAT_TLV_OLD:
        return explain_tlv(place, base, message->payload, error_offset);
    case COAP_FORMAT_LINK:
        return explain_links(place, message->payload, error_offset);
    case COAP_FORMAT_NONE:
    case COAP_FORMAT_TEXT:
        if (is_execute(message, base))
            return explain_arguments(place, base, message->payload, error_offset);
        plain_put(place, base, message->payload, LWM2M_CARRIER_TEXT);
        return 0;
    default:
        plain_put(place, base, message->payload, LWM2M_CARRIER_OPAQUE);
        return 0;
    }
}

static void payload_marker_put(const struct explain_place *place, struct span payload)
{
    struct explain_field row =
        explain_row(place, span_of_bytes(payload.bytes - 1, payload.size + 1), "payload", "载荷", header_clause);
    char text[EXPLAIN_TEXT_LIMIT];
    struct writer value = writer_of_buffer(text, sizeof text);
    writer_format(&value, "%zu %s", payload.size, explain_choose(place->sink, "bytes", "字节"));
    explain_put(place->sink, row, &value, NULL);
}

int explain_coap(const struct explain_sink *sink, struct span frame, size_t *error_offset)
{
    struct explain_place place = { sink, frame, 0 };
    struct coap_message message;
    size_t at = 0;
    int result = coap_message_decode(frame, &message, &at);

    if (result == 0)
        explain_lwm2m_operation(&place, &message);
    if (frame.size >= COAP_HEADER_SIZE)
        header_put(&place, frame);
    size_t token_size = frame.size >= COAP_HEADER_SIZE ? frame.bytes[0] & 15u : 0;
    if (result == 0 && token_size > 0) {
        char text[EXPLAIN_TEXT_LIMIT];
        struct writer value = writer_of_buffer(text, sizeof text);
        explain_write_hex(&value, message.token);
        explain_put(sink, explain_row(&place, message.token, "token", "令牌", header_clause), &value, NULL);
    }
    if (result == 0 || at > COAP_HEADER_SIZE + token_size)
        options_put(&place, COAP_HEADER_SIZE + token_size);
    if (result < 0) {
        *error_offset = at;
        return result;
    }
    if (message.payload.size == 0)
        return 0;
    payload_marker_put(&place, message.payload);
    struct explain_place deeper = explain_deeper(&place);
    return payload_explain(&deeper, &message, error_offset);
}
