#include "codec/coap/coap_option.h"

#include "codec/codec_error.h"

/* RFC 7252 table 4, RFC 7641 2, RFC 7959 2.1 and 4, RFC 8613 2, RFC 7967 2.1, RFC 9175 3.2. */
static const struct coap_option_info infos[] = {
    { COAP_OPTION_IF_MATCH, "If-Match", "匹配条件", COAP_FORM_OPAQUE, 0, 8, true, "RFC 7252 5.10.8.1" },
    { COAP_OPTION_URI_HOST, "Uri-Host", "目标主机", COAP_FORM_TEXT, 1, 255, false, "RFC 7252 5.10.1" },
    { COAP_OPTION_ETAG, "ETag", "实体标签", COAP_FORM_OPAQUE, 1, 8, true, "RFC 7252 5.10.6" },
    { COAP_OPTION_IF_NONE_MATCH, "If-None-Match", "不存在条件", COAP_FORM_EMPTY, 0, 0, false, "RFC 7252 5.10.8.2" },
    { COAP_OPTION_OBSERVE, "Observe", "观察", COAP_FORM_UNSIGNED, 0, 3, false, "RFC 7641 2" },
    { COAP_OPTION_URI_PORT, "Uri-Port", "目标端口", COAP_FORM_UNSIGNED, 0, 2, false, "RFC 7252 5.10.1" },
    { COAP_OPTION_LOCATION_PATH, "Location-Path", "位置路径", COAP_FORM_TEXT, 0, 255, true, "RFC 7252 5.10.7" },
    { COAP_OPTION_OSCORE, "OSCORE", "对象安全", COAP_FORM_OPAQUE, 0, 255, false, "RFC 8613 2" },
    { COAP_OPTION_URI_PATH, "Uri-Path", "目标路径", COAP_FORM_TEXT, 0, 255, true, "RFC 7252 5.10.1" },
    { COAP_OPTION_CONTENT_FORMAT, "Content-Format", "内容格式", COAP_FORM_UNSIGNED, 0, 2, false,
      "RFC 7252 5.10.3" },
    { COAP_OPTION_MAX_AGE, "Max-Age", "有效时长", COAP_FORM_UNSIGNED, 0, 4, false, "RFC 7252 5.10.5" },
    { COAP_OPTION_URI_QUERY, "Uri-Query", "查询参数", COAP_FORM_TEXT, 0, 255, true, "RFC 7252 5.10.1" },
    { COAP_OPTION_ACCEPT, "Accept", "期望格式", COAP_FORM_UNSIGNED, 0, 2, false, "RFC 7252 5.10.4" },
    { COAP_OPTION_LOCATION_QUERY, "Location-Query", "位置查询", COAP_FORM_TEXT, 0, 255, true, "RFC 7252 5.10.7" },
    { COAP_OPTION_BLOCK2, "Block2", "应答分块", COAP_FORM_UNSIGNED, 0, 3, false, "RFC 7959 2.1" },
    { COAP_OPTION_BLOCK1, "Block1", "请求分块", COAP_FORM_UNSIGNED, 0, 3, false, "RFC 7959 2.1" },
    { COAP_OPTION_SIZE2, "Size2", "应答总长", COAP_FORM_UNSIGNED, 0, 4, false, "RFC 7959 4" },
    { COAP_OPTION_PROXY_URI, "Proxy-Uri", "代理地址", COAP_FORM_TEXT, 1, 1034, false, "RFC 7252 5.10.2" },
    { COAP_OPTION_PROXY_SCHEME, "Proxy-Scheme", "代理协议", COAP_FORM_TEXT, 1, 255, false, "RFC 7252 5.10.2" },
    { COAP_OPTION_SIZE1, "Size1", "请求总长", COAP_FORM_UNSIGNED, 0, 4, false, "RFC 7252 5.10.9" },
    { COAP_OPTION_NO_RESPONSE, "No-Response", "无需应答", COAP_FORM_UNSIGNED, 0, 1, false, "RFC 7967 2.1" },
    { COAP_OPTION_REQUEST_TAG, "Request-Tag", "请求标签", COAP_FORM_OPAQUE, 0, 8, true, "RFC 9175 3.2" },
};

#define OPTION_EXTENDED_8BIT 13
#define OPTION_EXTENDED_16BIT 14
#define OPTION_RESERVED 15
#define PAYLOAD_MARKER 0xff

const struct coap_option_info *coap_option_info(uint16_t number)
{
    for (size_t i = 0; i < sizeof infos / sizeof infos[0]; i++)
        if (infos[i].number == number)
            return &infos[i];
    return NULL;
}

bool coap_option_is_critical(uint16_t number)
{
    return (number & 1) != 0;
}

bool coap_option_is_unsafe(uint16_t number)
{
    return (number & 2) != 0;
}

bool coap_option_is_no_cache_key(uint16_t number)
{
    return (number & 0x1e) == 0x1c;
}

struct coap_option_iterator coap_option_iterator(struct span options)
{
    struct coap_option_iterator iterator = { options, 0, 0 };
    return iterator;
}

/* The value of a delta or length nibble with its extension bytes at `offset` (RFC 7252 3.1). */
static int nibble_extend(struct span in, size_t *offset, unsigned nibble, uint32_t *out)
{
    if (nibble == OPTION_RESERVED)
        return CODEC_ERR_RESERVED;
    if (nibble < OPTION_EXTENDED_8BIT) {
        *out = nibble;
        return 0;
    }
    size_t size = nibble == OPTION_EXTENDED_8BIT ? 1 : 2;
    if (in.size - *offset < size)
        return CODEC_ERR_SHORT;
    if (size == 1)
        *out = (uint32_t)in.bytes[*offset] + 13;
    else
        *out = ((uint32_t)in.bytes[*offset] << 8 | in.bytes[*offset + 1]) + 269;
    *offset += size;
    return 0;
}

int coap_option_next(struct coap_option_iterator *iterator, struct coap_option *out)
{
    struct span in = iterator->options;
    size_t offset = iterator->offset;
    uint32_t delta, size;
    int result;

    if (offset >= in.size || in.bytes[offset] == PAYLOAD_MARKER)
        return 0;
    unsigned head = in.bytes[offset++];
    if ((result = nibble_extend(in, &offset, head >> 4, &delta)) < 0 ||
        (result = nibble_extend(in, &offset, head & 15u, &size)) < 0)
        return result;
    if (iterator->number + delta > UINT16_MAX)
        return CODEC_ERR_RANGE;
    if (in.size - offset < size)
        return CODEC_ERR_SHORT;
    out->offset = iterator->offset;
    out->number = (uint16_t)(iterator->number + delta);
    out->value = span_of_bytes(in.bytes + offset, size);
    iterator->number += delta;
    iterator->offset = offset + size;
    return 1;
}

bool coap_option_is_recognised(const struct coap_option *option)
{
    const struct coap_option_info *info = coap_option_info(option->number);
    return info != NULL && option->value.size >= info->size_min && option->value.size <= info->size_max;
}

int coap_option_unsigned(struct span value, uint32_t *out)
{
    uint32_t number = 0;
    if (value.size > sizeof number)
        return CODEC_ERR_RANGE;
    for (size_t i = 0; i < value.size; i++)
        number = number << 8 | value.bytes[i];
    *out = number;
    return 0;
}

int coap_block_decode(struct span value, struct coap_block *out)
{
    uint32_t number;
    if (value.size > 3 || coap_option_unsigned(value, &number) < 0)
        return CODEC_ERR_RANGE;
    if ((number & 7) == 7)
        return CODEC_ERR_RESERVED;
    out->number = number >> 4;
    out->more = (number & 8) != 0;
    out->size = (uint16_t)(16u << (number & 7));
    return 0;
}

int coap_block_encode(const struct coap_block *block, uint32_t *value)
{
    uint32_t exponent = 0;
    while (exponent < 7 && block->size != 16u << exponent)
        exponent++;
    if (exponent == 7 || block->number > 0xfffff)
        return CODEC_ERR_RANGE;
    *value = block->number << 4 | (block->more ? 8u : 0u) | exponent;
    return 0;
}

bool coap_observe_is_newer(uint32_t value_a, int64_t time_a_ms, uint32_t value_b, int64_t time_b_ms)
{
    const uint32_t half_circle = (uint32_t)1 << 23;
    return (value_a < value_b && value_b - value_a < half_circle) ||
           (value_a > value_b && value_a - value_b > half_circle) || time_b_ms - time_a_ms > 128000;
}
