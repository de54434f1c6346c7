#include "codec/lwm2m/lwm2m_link.h"

#include <string.h>

#include "codec/codec_error.h"

struct lwm2m_link_iterator lwm2m_link_iterator(struct span text, bool lenient)
{
    struct lwm2m_link_iterator iterator = { text, 0, lenient, false };
    return iterator;
}

static void blanks_pass(const struct lwm2m_link_iterator *iterator, size_t *offset)
{
    while (iterator->lenient && *offset < iterator->text.size &&
           (iterator->text.bytes[*offset] == ' ' || iterator->text.bytes[*offset] == '\t'))
        *offset += 1;
}

/* Path characters of RFC 3986 3.3 without query and fragment; %XX is not used by LwM2M and refused. */
static bool is_target_character(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != 0 && strchr("/-._~!$&'()*+,;=:@", c) != NULL);
}

static bool is_name_character(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != 0 && strchr("!#$&+-.^_`|~*", c) != NULL);
}

/* Characters of an unquoted value (RFC 6690 2, ptoken). */
static bool is_value_character(uint8_t c)
{
    return c > 0x20 && c < 0x7f && c != '"' && c != ',' && c != ';' && c != '\\' && c != '<' && c != '>';
}

/* The value after an equals sign at *offset, quotes taken off. */
static int value_take(struct span in, size_t *offset, struct span *value)
{
    size_t at = *offset;
    if (at < in.size && in.bytes[at] == '"') {
        size_t start = ++at;
        while (at < in.size && in.bytes[at] != '"')
            at += in.bytes[at] == '\\' ? 2 : 1;
        if (at >= in.size)
            return CODEC_ERR_FORMAT;
        *value = span_of_bytes(in.bytes + start, at - start);
        *offset = at + 1;
        return 0;
    }
    size_t start = at;
    while (at < in.size && is_value_character(in.bytes[at]))
        at++;
    if (at == start)
        return CODEC_ERR_FORMAT;
    *value = span_of_bytes(in.bytes + start, at - start);
    *offset = at;
    return 0;
}

int lwm2m_link_attribute_next(struct span attributes, size_t *offset, struct span *name, struct span *value)
{
    size_t at = *offset;

    if (at >= attributes.size)
        return 0;
    if (attributes.bytes[at] != ';')
        return CODEC_ERR_FORMAT;
    size_t start = ++at;
    while (at < attributes.size && is_name_character(attributes.bytes[at]))
        at++;
    if (at == start)
        return CODEC_ERR_FORMAT;
    struct span found_name = span_of_bytes(attributes.bytes + start, at - start);
    struct span found_value = span_of_bytes(attributes.bytes + at, 0);
    if (at < attributes.size && attributes.bytes[at] == '=') {
        at++;
        int result = value_take(attributes, &at, &found_value);
        if (result < 0)
            return result;
    }
    *offset = at;
    *name = found_name;
    *value = found_value;
    return 1;
}

/* dim counts the instances of a multiple resource: 0 to 255 (OMA LwM2M Core 1.1, 5.1.2). */
static int dimension_check(struct span value)
{
    unsigned dimension = 0;
    if (value.size == 0)
        return CODEC_ERR_FORMAT;
    for (size_t i = 0; i < value.size; i++) {
        if (value.bytes[i] < '0' || value.bytes[i] > '9')
            return CODEC_ERR_FORMAT;
        dimension = dimension * 10 + (unsigned)(value.bytes[i] - '0');
        if (dimension > 255)
            return CODEC_ERR_RANGE;
    }
    return 0;
}

/* All attributes from *offset up to a comma, the end or a blank. */
static int attributes_pass(struct span text, size_t *offset)
{
    while (*offset < text.size && text.bytes[*offset] == ';') {
        struct span name, value;
        int result = lwm2m_link_attribute_next(text, offset, &name, &value);
        if (result < 0)
            return result;
        if (span_equal_text(name, "dim") && (result = dimension_check(value)) < 0)
            return result;
    }
    return 0;
}

static int target_take(struct span text, size_t *offset, struct span *target)
{
    size_t at = *offset;
    if (at >= text.size || text.bytes[at] != '<')
        return CODEC_ERR_FORMAT;
    size_t start = ++at;
    while (at < text.size && is_target_character(text.bytes[at]))
        at++;
    if (at >= text.size || text.bytes[at] != '>' || at == start)
        return CODEC_ERR_FORMAT;
    *target = span_of_bytes(text.bytes + start, at - start);
    *offset = at + 1;
    return 0;
}

int lwm2m_link_next(struct lwm2m_link_iterator *iterator, struct lwm2m_link *out)
{
    struct span text = iterator->text;
    size_t at = iterator->offset;
    struct lwm2m_link link;
    int result;

    blanks_pass(iterator, &at);
    if (at >= text.size)
        return iterator->expected ? CODEC_ERR_FORMAT : 0;
    if (iterator->offset > 0 && !iterator->expected)
        return CODEC_ERR_FORMAT;
    link.offset = at;
    if ((result = target_take(text, &at, &link.target)) < 0)
        return result;
    size_t attributes_start = at;
    if ((result = attributes_pass(text, &at)) < 0)
        return result;
    link.attributes = span_of_bytes(text.bytes + attributes_start, at - attributes_start);
    blanks_pass(iterator, &at);
    if (at < text.size && text.bytes[at] != ',')
        return CODEC_ERR_FORMAT;
    iterator->expected = at < text.size;
    iterator->offset = at < text.size ? at + 1 : at;
    *out = link;
    return 1;
}

bool lwm2m_link_attribute(const struct lwm2m_link *link, const char *name, struct span *out)
{
    struct span found_name, value;
    size_t offset = 0;

    while (lwm2m_link_attribute_next(link->attributes, &offset, &found_name, &value) > 0)
        if (span_equal_text(found_name, name)) {
            *out = value;
            return true;
        }
    return false;
}
