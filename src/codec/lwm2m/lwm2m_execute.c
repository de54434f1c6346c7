#include "codec/lwm2m/lwm2m_execute.h"

#include "codec/codec_error.h"

/* CHAR of the ABNF: "!" / %x23-26 / %x28-5B / %x5D-7E */
static bool is_value_character(uint8_t c)
{
    return c >= 0x21 && c <= 0x7e && c != 0x22 && c != 0x27 && c != 0x5c;
}

/* A quoted value at *offset. */
static int value_take(struct span payload, size_t *offset, struct span *value)
{
    size_t at = *offset;
    if (at >= payload.size || payload.bytes[at] != '\'')
        return CODEC_ERR_FORMAT;
    size_t start = ++at;
    while (at < payload.size && is_value_character(payload.bytes[at]))
        at++;
    if (at >= payload.size || payload.bytes[at] != '\'')
        return CODEC_ERR_FORMAT;
    *value = span_of_bytes(payload.bytes + start, at - start);
    *offset = at + 1;
    return 0;
}

int lwm2m_argument_next(struct span payload, size_t *offset, struct lwm2m_argument *out)
{
    struct lwm2m_argument argument = { 0, false, { NULL, 0 }, *offset };
    size_t at = *offset;

    if (at >= payload.size)
        return 0;
    if (at > 0) {
        if (payload.bytes[at] != ',')
            return CODEC_ERR_FORMAT;
        at++;
    }
    if (at >= payload.size || payload.bytes[at] < '0' || payload.bytes[at] > '9')
        return CODEC_ERR_FORMAT;
    argument.offset = at;
    argument.number = (uint8_t)(payload.bytes[at++] - '0');
    if (at < payload.size && payload.bytes[at] == '=') {
        at++;
        if (value_take(payload, &at, &argument.value) < 0)
            return CODEC_ERR_FORMAT;
        argument.has_value = true;
    }
    *offset = at;
    *out = argument;
    return 1;
}

int lwm2m_argument_find(struct span payload, uint8_t number, struct lwm2m_argument *out)
{
    struct lwm2m_argument argument, found;
    unsigned seen = 0;
    size_t offset = 0;
    int result;

    while ((result = lwm2m_argument_next(payload, &offset, &argument)) > 0) {
        if ((seen >> argument.number & 1) != 0)
            return CODEC_ERR_DUPLICATE;
        seen |= 1u << argument.number;
        if (argument.number == number)
            found = argument;
    }
    if (result < 0)
        return result;
    if ((seen >> number & 1) == 0)
        return 0;
    *out = found;
    return 1;
}

void lwm2m_argument_put(struct writer *out, bool first, uint8_t number, struct span value)
{
    if (!first)
        writer_put_u8(out, ',');
    writer_put_u8(out, (uint8_t)('0' + number % 10));
    writer_text(out, "='");
    writer_put_span(out, value);
    writer_put_u8(out, '\'');
}
