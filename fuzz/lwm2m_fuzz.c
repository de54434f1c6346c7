/* LwM2M formats: the first byte chooses links, TLV, a path, execute arguments or an endpoint name. */
#include <stdlib.h>
#include <string.h>

#include "codec/lwm2m/lwm2m_execute.h"
#include "codec/lwm2m/lwm2m_link.h"
#include "codec/lwm2m/lwm2m_path.h"
#include "codec/lwm2m/lwm2m_payload.h"
#include "codec/lwm2m/lwm2m_register.h"
#include "codec/lwm2m/lwm2m_tlv.h"
#include "codec/coap/coap_code.h"

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void links_try(struct span text)
{
    struct lwm2m_link_iterator strict = lwm2m_link_iterator(text, false), lenient = lwm2m_link_iterator(text, true);
    struct lwm2m_link link, same;
    struct span name, value;

    while (lwm2m_link_next(&strict, &link) > 0) {
        size_t offset = 0;
        int result;
        must(lwm2m_link_next(&lenient, &same) > 0 && span_equal(link.target, same.target));
        while ((result = lwm2m_link_attribute_next(link.attributes, &offset, &name, &value)) > 0)
            must(name.size > 0);
        must(result == 0);
        lwm2m_link_attribute(&link, "ver", &value);
    }
    while (lwm2m_link_next(&lenient, &same) > 0)
        must(same.offset < text.size);
}

static void tlv_try(struct span payload)
{
    static uint8_t buffer[8192];
    struct lwm2m_tlv entry, back;
    size_t offset = 0;

    while (lwm2m_tlv_next(payload, &offset, &entry) > 0) {
        struct writer out = writer_of_buffer(buffer, sizeof buffer);
        size_t back_offset = 0;
        int64_t integer, again;
        must(lwm2m_tlv_put(&out, (enum lwm2m_tlv_kind)entry.kind, entry.id, entry.value) == 0);
        must(out.size <= offset - entry.offset);
        must(lwm2m_tlv_next(writer_span(&out), &back_offset, &back) == 1 && back_offset == out.size);
        must(back.kind == entry.kind && back.id == entry.id && span_equal(back.value, entry.value));
        if (lwm2m_tlv_integer(entry.value, &integer) < 0)
            continue;
        out = writer_of_buffer(buffer, sizeof buffer);
        back_offset = 0;
        must(lwm2m_tlv_put_integer(&out, LWM2M_TLV_RESOURCE, entry.id, integer) == 0);
        must(lwm2m_tlv_next(writer_span(&out), &back_offset, &back) == 1);
        must(lwm2m_tlv_integer(back.value, &again) == 0 && again == integer);
    }
}

static void path_try(struct span text)
{
    uint8_t buffer[LWM2M_PATH_TEXT_LIMIT];
    struct writer out = writer_of_buffer(buffer, sizeof buffer);
    struct lwm2m_path path;

    if (lwm2m_path_parse(text, &path) < 0)
        return;
    lwm2m_path_write(path, &out);
    must(!out.overflow && span_equal(writer_span(&out), text));
}

static void arguments_try(struct span payload)
{
    static uint8_t buffer[8192];
    struct writer out = writer_of_buffer(buffer, sizeof buffer);
    struct lwm2m_argument argument;
    size_t offset = 0;
    bool all_have_values = true;
    int result;

    while ((result = lwm2m_argument_next(payload, &offset, &argument)) > 0) {
        all_have_values = all_have_values && argument.has_value;
        lwm2m_argument_put(&out, out.size == 0, argument.number, argument.value);
    }
    if (result == 0 && all_have_values)
        must(span_equal(writer_span(&out), payload));
}

static void endpoint_try(struct span text)
{
    struct lwm2m_endpoint endpoint;
    uint64_t imei = 0;

    if (lwm2m_endpoint_parse(text, &endpoint) < 0)
        return;
    for (size_t i = 0; i < LWM2M_IMEI_DIGITS; i++)
        imei = imei * 10 + (uint64_t)(endpoint.imei_text[i] - '0');
    must(imei == endpoint.imei && strlen(endpoint.imei_text) == LWM2M_IMEI_DIGITS);
}

static int value_count(void *context, const struct lwm2m_value *value)
{
    int *count = context;
    uint8_t text[256];
    struct writer out = writer_of_buffer(text, sizeof text);
    int64_t number;
    bool boolean;

    *count += 1;
    must(value->path.depth <= LWM2M_PATH_DEPTH_LIMIT);
    (void)lwm2m_value_scaled(value, LWM2M_TYPE_FLOAT, 6, &number);
    (void)lwm2m_value_scaled(value, LWM2M_TYPE_INTEGER, 0, &number);
    (void)lwm2m_value_boolean(value, &boolean);
    (void)lwm2m_value_bytes(value, &out);
    return 0;
}

/* Every format below every depth of base path. */
static void payload_try(uint8_t choice, struct span payload)
{
    static const int32_t formats[] = { COAP_FORMAT_SENML_CBOR, COAP_FORMAT_SENML_JSON, COAP_FORMAT_TLV,
                                       COAP_FORMAT_TEXT, COAP_FORMAT_OPAQUE, COAP_FORMAT_CBOR, 50 };
    struct lwm2m_path base = { { 33424, 0, 1, 0 }, (uint8_t)(choice & 7) };
    size_t error_offset = 0;
    int count = 0;

    if (base.depth > LWM2M_PATH_DEPTH_LIMIT)
        return;
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        count = 0;
        int result = lwm2m_payload_read(formats[i], base, payload, value_count, &count, &error_offset);
        must(result < 0 ? error_offset <= payload.size : result == count);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const tries[])(struct span) = { links_try, tlv_try, path_try, arguments_try, endpoint_try };

    if (size == 0 || size > 4096)
        return 0;
    struct span rest = span_of_bytes(data + 1, size - 1);
    if (data[0] < sizeof tries / sizeof tries[0])
        tries[data[0]](rest);
    else
        payload_try(data[0], rest);
    return 0;
}
