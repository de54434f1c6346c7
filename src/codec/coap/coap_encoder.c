#include <string.h>

#include "base/hex.h"
#include "codec/coap/coap_message.h"
#include "codec/codec_error.h"

#define PAYLOAD_MARKER 0xff

static void encoder_fail(struct coap_encoder *encoder, int error)
{
    if (encoder->error == 0)
        encoder->error = error;
}

void coap_encoder_begin(struct coap_encoder *encoder, struct writer *out, enum coap_type type, uint8_t code,
                        uint16_t message_id, struct span token)
{
    encoder->out = out;
    encoder->start = out->size;
    encoder->payload_start = 0;
    encoder->last_option = 0;
    encoder->has_payload = false;
    encoder->error = token.size > COAP_TOKEN_LIMIT ? CODEC_ERR_RANGE : 0;
    if (encoder->error != 0)
        return;
    writer_put_u8(out, (uint8_t)(1u << 6 | (unsigned)type << 4 | (unsigned)token.size));
    writer_put_u8(out, code);
    writer_put_u16be(out, message_id);
    writer_put_span(out, token);
}

/* Nibble for a delta or length (RFC 7252 3.1). */
static unsigned nibble_of(size_t value)
{
    return value < 13 ? (unsigned)value : value < 269 ? 13 : 14;
}

static void extension_put(struct writer *out, size_t value)
{
    if (value >= 269)
        writer_put_u16be(out, (uint16_t)(value - 269));
    else if (value >= 13)
        writer_put_u8(out, (uint8_t)(value - 13));
}

void coap_encoder_put(struct coap_encoder *encoder, uint16_t number, struct span value)
{
    if (encoder->error != 0)
        return;
    if (number < encoder->last_option || encoder->has_payload) {
        encoder_fail(encoder, CODEC_ERR_ORDER);
        return;
    }
    if (value.size > UINT16_MAX) {
        encoder_fail(encoder, CODEC_ERR_RANGE);
        return;
    }
    size_t delta = (size_t)(number - encoder->last_option);
    writer_put_u8(encoder->out, (uint8_t)(nibble_of(delta) << 4 | nibble_of(value.size)));
    extension_put(encoder->out, delta);
    extension_put(encoder->out, value.size);
    writer_put_span(encoder->out, value);
    encoder->last_option = number;
}

void coap_encoder_put_text(struct coap_encoder *encoder, uint16_t number, const char *text)
{
    coap_encoder_put(encoder, number, span_of_text(text));
}

void coap_encoder_put_unsigned(struct coap_encoder *encoder, uint16_t number, uint32_t value)
{
    uint8_t bytes[4];
    size_t size = 0;

    for (int shift = 24; shift >= 0; shift -= 8)
        if (size > 0 || value >> shift != 0)
            bytes[size++] = (uint8_t)(value >> shift);
    coap_encoder_put(encoder, number, span_of_bytes(bytes, size));
}

/* Takes %XX back to bytes; at most 255, what an option of text may hold. */
static int segment_unescape(struct span text, uint8_t *out, size_t *size)
{
    size_t used = 0;
    for (size_t i = 0; i < text.size; i++) {
        uint8_t character = text.bytes[i];
        if (character == '%') {
            int high = i + 2 < text.size ? hex_digit_value(text.bytes[i + 1]) : -1;
            int low = i + 2 < text.size ? hex_digit_value(text.bytes[i + 2]) : -1;
            if (high < 0 || low < 0)
                return CODEC_ERR_FORMAT;
            character = (uint8_t)(high << 4 | low);
            i += 2;
        }
        if (used == 255)
            return CODEC_ERR_RANGE;
        out[used++] = character;
    }
    *size = used;
    return 0;
}

void coap_encoder_put_segments(struct coap_encoder *encoder, uint16_t number, struct span text, char separator)
{
    uint8_t segment[255];
    size_t start = text.size > 0 && text.bytes[0] == '/' && separator == '/' ? 1 : 0;

    while (start < text.size) {
        size_t end = start, size;
        while (end < text.size && text.bytes[end] != (uint8_t)separator)
            end++;
        int result = segment_unescape(span_of_bytes(text.bytes + start, end - start), segment, &size);
        if (result < 0) {
            encoder_fail(encoder, result);
            return;
        }
        coap_encoder_put(encoder, number, span_of_bytes(segment, size));
        start = end + 1;
    }
}

struct writer *coap_encoder_payload(struct coap_encoder *encoder)
{
    if (encoder->error == 0 && !encoder->has_payload) {
        writer_put_u8(encoder->out, PAYLOAD_MARKER);
        encoder->has_payload = true;
        encoder->payload_start = encoder->out->size;
    }
    return encoder->out;
}

int coap_encoder_end(struct coap_encoder *encoder)
{
    struct writer *out = encoder->out;

    if (encoder->error == 0 && out->overflow)
        encoder->error = CODEC_ERR_FULL;
    if (encoder->error != 0) {
        out->size = encoder->start;
        return encoder->error;
    }
    if (encoder->has_payload && out->size == encoder->payload_start)
        out->size--;
    return (int)(out->size - encoder->start);
}

int coap_message_encode_bare(struct writer *out, enum coap_type type, uint8_t code, uint16_t message_id,
                             struct span token)
{
    struct coap_encoder encoder;
    coap_encoder_begin(&encoder, out, type, code, message_id, token);
    return coap_encoder_end(&encoder);
}
