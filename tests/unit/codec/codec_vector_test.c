/* Every vector is a test case of its own: frames captured from Anjay, Wakaama, OneNET's SDK and libcoap, and the
 * examples of RFCs and OMA that other implementations carry in their tests. */
#include "tests/unit/unit_test.h"

#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "codec/coap/coap_message.h"
#include "codec/codec_error.h"
#include "codec/lwm2m/lwm2m_link.h"
#include "codec/lwm2m/lwm2m_tlv.h"
#include "tests/unit/codec/vector_file.h"
#include "tests/unit/codec/vector_render.h"

#define BYTES_LIMIT 2048
#define TEXT_LIMIT 4096
#define CASE_LIMIT 400

struct bytes {
    uint8_t bytes[BYTES_LIMIT];
    size_t size;
};

static struct span bytes_of(const struct vector *vector, struct bytes *buffer)
{
    const char *text = vector_value(vector, "text");
    if (text != NULL)
        return span_of_text(text);
    int size = hex_decode(span_of_text(vector_value(vector, "hex")), buffer->bytes, sizeof buffer->bytes);
    assert_true(size >= 0);
    return span_of_bytes(buffer->bytes, (size_t)size);
}

static void assert_rendered(struct writer *rendered, const char *wanted)
{
    assert_false(rendered->overflow);
    assert_string_equal(writer_terminate(rendered), wanted);
}

static struct writer text_buffer(void)
{
    static char text[TEXT_LIMIT];
    return writer_of_buffer(text, sizeof text);
}

static void payload_check(const struct vector *vector, const struct coap_message *message)
{
    const char *payload = vector_value(vector, "payload"), *senml = vector_value(vector, "senml");
    const char *tlv = vector_value(vector, "tlv"), *links = vector_value(vector, "links");
    struct writer out = text_buffer();
    struct bytes wanted;

    if (payload != NULL) {
        int size = strcmp(payload, "-") == 0 ? 0 : hex_decode(span_of_text(payload), wanted.bytes, BYTES_LIMIT);
        assert_true(size >= 0);
        assert_true(span_equal(message->payload, span_of_bytes(wanted.bytes, (size_t)size)));
    }
    if (senml != NULL) {
        render_senml(coap_message_format(message, COAP_OPTION_CONTENT_FORMAT), message->payload, &out);
        assert_rendered(&out, senml);
    }
    out = text_buffer();
    if (tlv != NULL) {
        render_tlv(message->payload, &out);
        assert_rendered(&out, tlv);
    }
    out = text_buffer();
    if (links != NULL) {
        render_links(message->payload, &out);
        assert_rendered(&out, links);
    }
}

/* The same message written again gives the same bytes, unless the sender chose a longer form. */
static void encode_check(struct span in, const struct coap_message *message)
{
    uint8_t buffer[BYTES_LIMIT];
    struct writer out = writer_of_buffer(buffer, sizeof buffer);
    struct coap_encoder encoder;
    struct coap_option_iterator iterator = coap_option_iterator(message->options);
    struct coap_option option;

    coap_encoder_begin(&encoder, &out, (enum coap_type)message->type, message->code, message->message_id,
                       message->token);
    while (coap_option_next(&iterator, &option) > 0)
        coap_encoder_put(&encoder, option.number, option.value);
    writer_put_span(coap_encoder_payload(&encoder), message->payload);
    assert_int_equal(coap_encoder_end(&encoder), in.size);
    assert_memory_equal(buffer, in.bytes, in.size);
}

/* Cut anywhere, a message is refused or is a shorter whole message; nothing is read past the cut. */
static void truncation_check(struct span in)
{
    for (size_t size = 0; size < in.size; size++) {
        uint8_t *exact = malloc(size + 1);
        struct coap_message message;
        size_t error_offset = SIZE_MAX;
        assert_non_null(exact);
        memcpy(exact, in.bytes, size);
        int result = coap_message_decode(span_of_bytes(exact, size), &message, &error_offset);
        assert_true(result == 0 || error_offset <= size);
        free(exact);
    }
}

static void coap_check(const struct vector *vector)
{
    static const uint16_t supported[] = { COAP_OPTION_URI_HOST, COAP_OPTION_URI_PORT, COAP_OPTION_URI_PATH,
                                          COAP_OPTION_URI_QUERY };
    const char *wanted = vector_value(vector, "want");
    struct writer out = text_buffer();
    struct coap_message message;
    struct bytes buffer;
    struct span in = bytes_of(vector, &buffer);

    truncation_check(in);
    if (strcmp(wanted, "invalid") == 0) {
        assert_true(coap_message_decode(in, &message, NULL) < 0);
        return;
    }
    assert_int_equal(coap_message_decode(in, &message, NULL), 0);
    encode_check(in, &message);
    if (strcmp(wanted, "valid") == 0)
        return;
    if (strncmp(wanted, "unsupported ", 12) == 0) {
        assert_int_equal(coap_message_unsupported(&message, supported, 4), strtol(wanted + 12, NULL, 10));
        return;
    }
    render_coap(in, &out);
    assert_rendered(&out, wanted);
    payload_check(vector, &message);
}

static void senml_check(const struct vector *vector)
{
    struct writer out = text_buffer();
    struct bytes buffer;
    int32_t format = vector_value(vector, "text") != NULL ? COAP_FORMAT_SENML_JSON : COAP_FORMAT_SENML_CBOR;
    render_senml(format, bytes_of(vector, &buffer), &out);
    assert_rendered(&out, vector_value(vector, "want"));
}

static void cbor_scalar_check(const struct vector *vector)
{
    struct writer out = text_buffer();
    struct bytes buffer;
    render_cbor_scalar(bytes_of(vector, &buffer), &out);
    assert_rendered(&out, vector_value(vector, "want"));
}

static void tlv_check(const struct vector *vector)
{
    struct writer out = text_buffer();
    struct bytes buffer;
    render_tlv(bytes_of(vector, &buffer), &out);
    assert_rendered(&out, vector_value(vector, "want"));
}

static void tlv_value_check(const struct vector *vector)
{
    struct writer out = text_buffer();
    struct bytes buffer;
    struct span value = bytes_of(vector, &buffer);
    int64_t number;

    if (strcmp(vector_value(vector, "type"), "integer-value") == 0) {
        assert_int_equal(lwm2m_tlv_integer(value, &number), 0);
        writer_format(&out, "%lld", (long long)number);
    } else {
        uint16_t object, instance;
        assert_int_equal(lwm2m_tlv_link(value, &object, &instance), 0);
        writer_format(&out, "%u:%u", object, instance);
    }
    assert_rendered(&out, vector_value(vector, "want"));
}

static void links_check(const struct vector *vector)
{
    struct writer out = text_buffer();
    render_links(span_of_text(vector_value(vector, "text")), &out);
    assert_rendered(&out, vector_value(vector, "want"));
}

static const struct {
    const char *path;
    void (*check)(const struct vector *vector);
} files[] = {
    { "coap/anjay.vec", coap_check },
    { "coap/anjay_bootstrap.vec", coap_check },
    { "coap/anjay_register.vec", coap_check },
    { "coap/damaged.vec", coap_check },
    { "coap/header.vec", coap_check },
    { "coap/libcoap.vec", coap_check },
    { "coap/onenet.vec", coap_check },
    { "coap/onenet_bootstrap.vec", coap_check },
    { "coap/oscore.vec", coap_check },
    { "coap/telecom_19.vec", coap_check },
    { "coap/wakaama.vec", coap_check },
    { "coap/wakaama_block1.vec", coap_check },
    { "coap/wakaama_bootstrap.vec", coap_check },
    { "lwm2m/link.vec", links_check },
    { "lwm2m/tlv.vec", tlv_check },
    { "lwm2m/tlv_value.vec", tlv_value_check },
    { "senml/cbor_scalar.vec", cbor_scalar_check },
    { "senml/senml_cbor.vec", senml_check },
    { "senml/senml_json.vec", senml_check },
};

#define FILE_COUNT (sizeof files / sizeof files[0])

struct vector_case {
    const struct vector *vector;
    void (*check)(const struct vector *vector);
};

static void vector_run(void **state)
{
    const struct vector_case *vector_case = *state;
    vector_case->check(vector_case->vector);
}

int main(void)
{
    static struct vector_file vector_files[FILE_COUNT];
    static struct vector_case cases[CASE_LIMIT];
    static struct CMUnitTest tests[CASE_LIMIT];
    size_t count = 0;

    for (size_t i = 0; i < FILE_COUNT; i++) {
        vector_file_read(&vector_files[i], files[i].path);
        for (size_t v = 0; v < vector_files[i].count && count < CASE_LIMIT; v++, count++) {
            const struct CMUnitTest test = { vector_value(&vector_files[i].vectors[v], "id"), vector_run, NULL, NULL,
                                             &cases[count] };
            cases[count].vector = &vector_files[i].vectors[v];
            cases[count].check = files[i].check;
            tests[count] = test;
        }
    }
    return _cmocka_run_group_tests("codec_vectors", tests, count, NULL, NULL);
}
