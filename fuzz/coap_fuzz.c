/* CoAP messages: what is accepted, written again option by option, must be read as the same. */
#include <stdlib.h>
#include <string.h>

#include "codec/coap/coap_message.h"
#include "codec/codec_error.h"
#include "codec/lwm2m/lwm2m_register.h"

#define MESSAGE_LIMIT 70000

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void message_again(const struct coap_message *message)
{
    static uint8_t buffer[MESSAGE_LIMIT];
    struct writer out = writer_of_buffer(buffer, sizeof buffer);
    struct coap_option_iterator iterator = coap_option_iterator(message->options), back_iterator;
    struct coap_option option, back_option;
    struct coap_encoder encoder;
    struct coap_message back;

    coap_encoder_begin(&encoder, &out, (enum coap_type)message->type, message->code, message->message_id,
                       message->token);
    while (coap_option_next(&iterator, &option) > 0)
        coap_encoder_put(&encoder, option.number, option.value);
    writer_put_span(coap_encoder_payload(&encoder), message->payload);
    must(coap_encoder_end(&encoder) > 0);
    must(coap_message_decode(writer_span(&out), &back, NULL) == 0);
    must(back.type == message->type && back.code == message->code && back.message_id == message->message_id);
    must(span_equal(back.token, message->token) && span_equal(back.payload, message->payload));
    iterator = coap_option_iterator(message->options);
    back_iterator = coap_option_iterator(back.options);
    while (coap_option_next(&iterator, &option) > 0) {
        must(coap_option_next(&back_iterator, &back_option) > 0);
        must(option.number == back_option.number && span_equal(option.value, back_option.value));
    }
    must(coap_option_next(&back_iterator, &back_option) == 0);
}

/* A path written as text and cut into segments again is the same path. */
static void path_again(const struct coap_message *message)
{
    static uint8_t text[3 * MESSAGE_LIMIT], buffer[MESSAGE_LIMIT];
    struct writer path = writer_of_buffer(text, sizeof text), out = writer_of_buffer(buffer, sizeof buffer);
    struct coap_encoder encoder;
    struct coap_message back;
    struct span segment, back_segment;
    unsigned count = coap_message_segments(message, COAP_OPTION_URI_PATH);

    for (unsigned i = 0; i < count; i++)
        if (!coap_message_option(message, COAP_OPTION_URI_PATH, i, &segment) || segment.size == 0 ||
            segment.size > 255)
            return;
    coap_message_write_path(message, COAP_OPTION_URI_PATH, &path);
    coap_encoder_begin(&encoder, &out, COAP_CONFIRMABLE, COAP_CODE_GET, 1, span_of_text(""));
    coap_encoder_put_segments(&encoder, COAP_OPTION_URI_PATH, writer_span(&path), '/');
    must(coap_encoder_end(&encoder) > 0);
    must(coap_message_decode(writer_span(&out), &back, NULL) == 0);
    must(coap_message_segments(&back, COAP_OPTION_URI_PATH) == count);
    for (unsigned i = 0; i < count; i++) {
        must(coap_message_option(message, COAP_OPTION_URI_PATH, i, &segment));
        must(coap_message_option(&back, COAP_OPTION_URI_PATH, i, &back_segment));
        must(span_equal(segment, back_segment));
    }
}

static void blocks_again(const struct coap_message *message)
{
    struct coap_block block, back;
    struct span value;
    uint32_t number;
    uint8_t bytes[3];

    if (!coap_message_option(message, COAP_OPTION_BLOCK1, 0, &value) || coap_block_decode(value, &block) < 0)
        return;
    must(coap_block_encode(&block, &number) == 0);
    bytes[0] = (uint8_t)(number >> 16);
    bytes[1] = (uint8_t)(number >> 8);
    bytes[2] = (uint8_t)number;
    must(coap_block_decode(span_of_bytes(bytes, 3), &back) == 0);
    must(back.number == block.number && back.more == block.more && back.size == block.size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint16_t supported[] = { COAP_OPTION_URI_PATH, COAP_OPTION_URI_QUERY };
    size_t error_offset = SIZE_MAX;
    struct coap_message message;
    struct lwm2m_register parameters;
    struct lwm2m_endpoint endpoint;

    memset(&message, 0x5a, sizeof message);
    if (coap_message_decode(span_of_bytes(data, size), &message, &error_offset) < 0) {
        must(error_offset <= size && message.type == 0x5a);
        return 0;
    }
    if (size > 65535)
        return 0;
    message_again(&message);
    path_again(&message);
    blocks_again(&message);
    coap_message_unsupported(&message, supported, 2);
    coap_message_path_is(&message, "/rd");
    if (lwm2m_register_decode(&message, &parameters) == 0 && parameters.endpoint.size > 0 &&
        lwm2m_endpoint_parse(parameters.endpoint, &endpoint) == 0)
        must(endpoint.imei < UINT64_C(1000000000000000));
    return 0;
}
