#include "codec/lwm2m/lwm2m_register.h"

#include <string.h>

#include "base/text.h"
#include "codec/codec_error.h"

static bool is_digit(uint8_t character)
{
    return character >= '0' && character <= '9';
}

static int endpoint_take(struct span value, struct lwm2m_register *out)
{
    if (value.size == 0 || out->endpoint.size > 0)
        return value.size == 0 ? CODEC_ERR_FORMAT : CODEC_ERR_DUPLICATE;
    out->endpoint = value;
    return 0;
}

static int sms_take(struct span value, struct lwm2m_register *out)
{
    out->sms = value;
    return 0;
}

static int lifetime_take(struct span value, struct lwm2m_register *out)
{
    uint64_t lifetime_s = 0;

    if (out->has_lifetime)
        return CODEC_ERR_DUPLICATE;
    if (value.size == 0)
        return CODEC_ERR_FORMAT;
    for (size_t i = 0; i < value.size; i++) {
        if (!is_digit(value.bytes[i]))
            return CODEC_ERR_FORMAT;
        lifetime_s = lifetime_s * 10 + (uint64_t)(value.bytes[i] - '0');
        if (lifetime_s > UINT32_MAX)
            return CODEC_ERR_RANGE;
    }
    out->lifetime_s = (uint32_t)lifetime_s;
    out->has_lifetime = true;
    return 0;
}

static int version_take(struct span value, struct lwm2m_register *out)
{
    if (out->has_version)
        return CODEC_ERR_DUPLICATE;
    if (value.size != 3 || !is_digit(value.bytes[0]) || value.bytes[1] != '.' || !is_digit(value.bytes[2]))
        return CODEC_ERR_FORMAT;
    out->version = LWM2M_VERSION(value.bytes[0] - '0', value.bytes[2] - '0');
    out->has_version = true;
    return 0;
}

static int binding_take(struct span value, struct lwm2m_register *out)
{
    static const char letters[] = "UTSN";

    if (out->has_binding)
        return CODEC_ERR_DUPLICATE;
    out->binding = 0;
    for (size_t i = 0; i < value.size; i++) {
        const char *letter = value.bytes[i] == 0 ? NULL : strchr(letters, value.bytes[i]);
        if (value.bytes[i] == 'Q')
            out->queue_mode = true;
        else if (letter != NULL)
            out->binding |= (uint8_t)(1u << (letter - letters));
        else
            return CODEC_ERR_FORMAT;
    }
    out->has_binding = true;
    return out->binding == 0 ? CODEC_ERR_FORMAT : 0;
}

static int queue_take(struct span value, struct lwm2m_register *out)
{
    out->queue_mode = true;
    return value.size == 0 ? 0 : CODEC_ERR_FORMAT;
}

/* OMA LwM2M Core 1.1, table 6.2.1-1 */
static const struct {
    const char *name;
    int (*take)(struct span value, struct lwm2m_register *out);
} parameters[] = {
    { "ep", endpoint_take }, { "lt", lifetime_take }, { "lwm2m", version_take },
    { "b", binding_take },   { "Q", queue_take },     { "sms", sms_take },
};

static int parameter_take(struct span query, struct lwm2m_register *out)
{
    ptrdiff_t equals = span_find_byte(query, '=');
    size_t name_size = equals < 0 ? query.size : (size_t)equals;
    size_t value_start = equals < 0 ? query.size : (size_t)equals + 1;
    struct span name = span_of_bytes(query.bytes, name_size);
    struct span value = span_of_bytes(query.bytes + value_start, query.size - value_start);

    for (size_t i = 0; i < sizeof parameters / sizeof parameters[0]; i++)
        if (span_equal_text(name, parameters[i].name))
            return parameters[i].take(value, out);
    return 0;
}

int lwm2m_register_decode(const struct coap_message *message, struct lwm2m_register *out)
{
    struct coap_option_iterator iterator = coap_option_iterator(message->options);
    struct coap_option option;
    struct lwm2m_register found;

    memset(&found, 0, sizeof found);
    found.lifetime_s = LWM2M_LIFETIME_DEFAULT_S;
    found.version = LWM2M_VERSION(1, 0);
    found.binding = LWM2M_BINDING_U;
    while (coap_option_next(&iterator, &option) > 0) {
        int result = option.number == COAP_OPTION_URI_QUERY ? parameter_take(option.value, &found) : 0;
        if (result < 0)
            return result;
    }
    *out = found;
    return 0;
}

static size_t digits_count(struct span text, size_t offset)
{
    size_t count = 0;
    while (offset + count < text.size && is_digit(text.bytes[offset + count]))
        count++;
    return count;
}

/* Prefix, IMEI, and either the end or a separator with an IMSI. */
static int form_match(struct span text, const char *prefix, char separator, struct lwm2m_endpoint *out)
{
    size_t start = strlen(prefix);
    size_t after = start + LWM2M_IMEI_DIGITS;

    if (text.size < after || !text_equal_ignoring_case(span_of_bytes(text.bytes, start), span_of_text(prefix)) ||
        digits_count(text, start) != LWM2M_IMEI_DIGITS)
        return CODEC_ERR_FORMAT;
    out->imsi = span_of_bytes(text.bytes + text.size, 0);
    if (separator == '\0' ? text.size != after : text.size <= after || text.bytes[after] != (uint8_t)separator)
        return CODEC_ERR_FORMAT;
    if (separator != '\0') {
        size_t imsi_size = text.size - after - 1;
        if (imsi_size < 6 || imsi_size > 15 || digits_count(text, after + 1) != imsi_size)
            return CODEC_ERR_FORMAT;
        out->imsi = span_of_bytes(text.bytes + after + 1, imsi_size);
    }
    out->imei = 0;
    memcpy(out->imei_text, text.bytes + start, LWM2M_IMEI_DIGITS);
    out->imei_text[LWM2M_IMEI_DIGITS] = '\0';
    for (size_t i = 0; i < LWM2M_IMEI_DIGITS; i++)
        out->imei = out->imei * 10 + (uint64_t)(out->imei_text[i] - '0');
    return 0;
}

static const struct {
    const char *prefix;
    char separator; /* between IMEI and IMSI; '\0' when the form has no IMSI */
    enum lwm2m_endpoint_form form;
} endpoint_forms[] = {
    { "urn:imei:", '\0', LWM2M_ENDPOINT_URN_IMEI },
    { "", '\0', LWM2M_ENDPOINT_IMEI },
    { "", ';', LWM2M_ENDPOINT_IMEI_IMSI },
    { "urn:imei-imsi:", '-', LWM2M_ENDPOINT_URN_IMEI_IMSI },
};

int lwm2m_endpoint_parse(struct span text, struct lwm2m_endpoint *out)
{
    struct lwm2m_endpoint endpoint;

    for (size_t i = 0; i < sizeof endpoint_forms / sizeof endpoint_forms[0]; i++) {
        if (form_match(text, endpoint_forms[i].prefix, endpoint_forms[i].separator, &endpoint) < 0)
            continue;
        endpoint.form = (uint8_t)endpoint_forms[i].form;
        *out = endpoint;
        return 0;
    }
    return CODEC_ERR_FORMAT;
}
