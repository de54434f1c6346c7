#include "tests/unit/codec/vector_render.h"

#include <stdbool.h>
#include <string.h>

#include "base/decimal.h"
#include "codec/coap/coap_message.h"
#include "codec/lwm2m/lwm2m_link.h"
#include "codec/lwm2m/lwm2m_tlv.h"
#include "codec/senml/senml_cbor.h"
#include "codec/senml/senml_json.h"

static void invalid_write(struct writer *out)
{
    out->size = 0;
    writer_text(out, "invalid");
}

static void hex_write(struct span bytes, struct writer *out)
{
    for (size_t i = 0; i < bytes.size; i++)
        writer_format(out, "%02x", bytes.bytes[i]);
}

static void text_write(struct span text, struct writer *out)
{
    bool is_plain = true;
    for (size_t i = 0; i < text.size; i++)
        is_plain = is_plain && text.bytes[i] >= 32 && text.bytes[i] < 127 &&
                   strchr("\"\\|", text.bytes[i]) == NULL;
    writer_text(out, is_plain ? "\"" : "text:0x");
    if (is_plain)
        writer_put_span(out, text);
    else
        hex_write(text, out);
    writer_text(out, is_plain ? "\"" : "");
}

static void option_write(const struct coap_option *option, struct writer *out)
{
    const struct coap_option_info *info = coap_option_info(option->number);
    struct coap_block block;
    uint32_t number;

    if (info != NULL && option->number != COAP_OPTION_REQUEST_TAG)
        writer_format(out, " | %s=", info->name);
    else
        writer_format(out, " | %u=", option->number);
    if (option->number == COAP_OPTION_BLOCK1 || option->number == COAP_OPTION_BLOCK2) {
        if (coap_block_decode(option->value, &block) == 0)
            writer_format(out, "%u/%u/%u", block.number, block.more, block.size);
    } else if (info != NULL && info->form == COAP_FORM_UNSIGNED) {
        if (coap_option_unsigned(option->value, &number) == 0)
            writer_format(out, "%u", number);
    } else if (info != NULL && info->form == COAP_FORM_TEXT)
        text_write(option->value, out);
    else {
        writer_text(out, "0x");
        hex_write(option->value, out);
    }
}

void render_coap(struct span in, struct writer *out)
{
    static const char *const types[] = { "CON", "NON", "ACK", "RST" };
    struct coap_message message;
    struct coap_option option;

    if (coap_message_decode(in, &message, NULL) < 0) {
        invalid_write(out);
        return;
    }
    writer_format(out, "%s %u.%02u %u ", types[message.type], COAP_CODE_CLASS(message.code),
                  COAP_CODE_DETAIL(message.code), message.message_id);
    hex_write(message.token, out);
    if (message.token.size == 0)
        writer_text(out, "-");
    struct coap_option_iterator iterator = coap_option_iterator(message.options);
    while (coap_option_next(&iterator, &option) > 0)
        option_write(&option, out);
}

static void scaled_write(int result, int64_t value, int scale, struct writer *out)
{
    char text[DECIMAL_TEXT_LIMIT];
    if (result < 0 || decimal_format(value, scale, true, text, sizeof text) < 0)
        writer_text(out, "?");
    else
        writer_text(out, text);
}

static void number_write(const struct senml_record *record, struct writer *out)
{
    int64_t value;

    if (record->number.kind == NUMBER_NAN || record->number.kind == NUMBER_INFINITE) {
        writer_text(out, record->number.kind == NUMBER_NAN ? "nan" : record->number.negative ? "-inf" : "inf");
        return;
    }
    if (senml_record_scaled(record, 9, &value) == 0) {
        scaled_write(0, value, 9, out);
        return;
    }
    int result = senml_record_scaled(record, 0, &value);
    scaled_write(result, value, 0, out);
}

static void bytes_write(const struct senml_record *record, struct writer *out)
{
    uint8_t buffer[1024];
    struct writer bytes = writer_of_buffer(buffer, sizeof buffer);

    if (senml_record_bytes(record, &bytes) < 0)
        writer_text(out, "?");
    else if (record->kind == SENML_TEXT)
        text_write(writer_span(&bytes), out);
    else if (record->kind == SENML_BYTES) {
        writer_text(out, "0x");
        hex_write(writer_span(&bytes), out);
    } else {
        writer_text(out, "link:");
        writer_put_span(out, writer_span(&bytes));
    }
}

static void value_write(const struct senml_record *record, struct writer *out)
{
    if (record->kind == SENML_NUMBER)
        number_write(record, out);
    else if (record->kind == SENML_BOOLEAN)
        writer_text(out, record->boolean ? "true" : "false");
    else
        bytes_write(record, out);
}

void render_senml(int32_t content_format, struct span pack, struct writer *out)
{
    struct senml_cbor_reader cbor = senml_cbor_reader(pack);
    struct senml_json_reader json = senml_json_reader(pack);
    struct senml_record record;
    int result;

    while ((result = content_format == COAP_FORMAT_SENML_CBOR ? senml_cbor_next(&cbor, &record)
                                                              : senml_json_next(&json, &record)) > 0) {
        writer_format(out, "%s%s", out->size > 0 ? " | " : "", record.name);
        if (record.kind != SENML_NOTHING) {
            writer_text(out, "=");
            value_write(&record, out);
        }
        if (record.has_time)
            writer_format(out, " @%lld", (long long)record.time_ms);
    }
    if (result < 0)
        invalid_write(out);
}

void render_cbor_scalar(struct span payload, struct writer *out)
{
    struct senml_record record;
    if (cbor_scalar_decode(payload, &record) < 0)
        invalid_write(out);
    else
        value_write(&record, out);
}

static const char *const tlv_kinds[] = { "object-instance", "resource-instance", "multiple-resource", "resource" };

/* Do all of `in` parse as entries that may stand inside an entry of `kind`? */
static bool holds_entries(struct span in, unsigned kind)
{
    struct lwm2m_tlv entry;
    size_t offset = 0;
    int result;

    if (kind != LWM2M_TLV_OBJECT_INSTANCE && kind != LWM2M_TLV_MULTIPLE_RESOURCE)
        return false;
    while ((result = lwm2m_tlv_next(in, &offset, &entry)) > 0)
        if (kind == LWM2M_TLV_OBJECT_INSTANCE ? entry.kind < LWM2M_TLV_MULTIPLE_RESOURCE
                                              : entry.kind != LWM2M_TLV_RESOURCE_INSTANCE)
            return false;
    return result == 0;
}

static int entries_write(struct span in, unsigned depth, struct writer *out)
{
    struct lwm2m_tlv entry;
    size_t offset = 0;
    int result;

    while ((result = lwm2m_tlv_next(in, &offset, &entry)) > 0) {
        writer_format(out, "%s%s %u", entry.offset > 0 ? " " : "", tlv_kinds[entry.kind], entry.id);
        if (depth < 2 && holds_entries(entry.value, entry.kind)) {
            writer_text(out, "[");
            entries_write(entry.value, depth + 1, out);
            writer_text(out, "]");
            continue;
        }
        writer_text(out, "=");
        hex_write(entry.value, out);
    }
    return result;
}

void render_tlv(struct span payload, struct writer *out)
{
    if (entries_write(payload, 0, out) < 0)
        invalid_write(out);
}

void render_links(struct span text, struct writer *out)
{
    struct lwm2m_link_iterator iterator = lwm2m_link_iterator(text, false);
    struct lwm2m_link link;
    struct span name, value;
    int result;

    while ((result = lwm2m_link_next(&iterator, &link)) > 0) {
        size_t offset = 0;
        writer_text(out, out->size > 0 ? " | " : "");
        writer_put_span(out, link.target);
        while (lwm2m_link_attribute_next(link.attributes, &offset, &name, &value) > 0) {
            writer_text(out, " ");
            writer_put_span(out, name);
            if (value.size > 0)
                writer_text(out, "=");
            writer_put_span(out, value);
        }
    }
    if (result < 0)
        invalid_write(out);
}
