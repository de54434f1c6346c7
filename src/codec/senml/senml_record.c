#include "codec/senml/senml_record.h"

#include <string.h>

#include "codec/codec_error.h"
#include "codec/senml/base64.h"
#include "codec/senml/json_reader.h"

static int text_write(struct span text, uint8_t coding, struct writer *out)
{
    if (coding == SENML_QUOTED)
        return json_string_write(text, out);
    if (coding == SENML_BASE64)
        return base64_decode(text, out);
    writer_put_span(out, text);
    return out->overflow ? CODEC_ERR_FULL : 0;
}

int senml_record_scaled(const struct senml_record *record, int scale, int64_t *out)
{
    int64_t value, base;
    int result;

    if (record->kind != SENML_NUMBER)
        return CODEC_ERR_TYPE;
    if ((result = number_scaled(record->number, scale, &value)) < 0 ||
        (result = number_scaled(record->base_value, scale, &base)) < 0)
        return result;
    if ((base > 0 && value > INT64_MAX - base) || (base < 0 && value < INT64_MIN - base))
        return CODEC_ERR_RANGE;
    *out = value + base;
    return 0;
}

int senml_record_bytes(const struct senml_record *record, struct writer *out)
{
    if (record->kind != SENML_TEXT && record->kind != SENML_BYTES && record->kind != SENML_LINK)
        return CODEC_ERR_TYPE;
    return text_write(record->text, record->coding, out);
}

struct senml_base senml_base_empty(void)
{
    struct senml_base base;
    memset(&base, 0, sizeof base);
    return base;
}

int senml_fields_mark(struct senml_fields *fields, enum senml_label label)
{
    uint32_t bit = (uint32_t)1 << ((int)label - (int)SENML_LABEL_BASE_SUM);
    if (label == SENML_LABEL_UNKNOWN)
        return 0;
    if ((fields->seen & bit) != 0)
        return CODEC_ERR_DUPLICATE;
    fields->seen |= bit;
    return 0;
}

static bool has_field(const struct senml_fields *fields, enum senml_label label)
{
    return (fields->seen >> ((int)label - (int)SENML_LABEL_BASE_SUM) & 1) != 0;
}

int senml_fields_value(struct senml_fields *fields, enum senml_kind kind)
{
    if (fields->kind != SENML_NOTHING)
        return CODEC_ERR_FORMAT;
    fields->kind = (uint8_t)kind;
    return 0;
}

static int base_advance(struct senml_base *base, const struct senml_fields *fields)
{
    int64_t version;

    if (has_field(fields, SENML_LABEL_BASE_VERSION) &&
        (number_scaled(fields->version, 0, &version) < 0 || version > SENML_VERSION_LIMIT))
        return CODEC_ERR_VERSION;
    if (has_field(fields, SENML_LABEL_BASE_NAME)) {
        struct writer name = writer_of_buffer(base->name, sizeof base->name);
        int result = text_write(fields->base_name.text, fields->base_name.coding, &name);
        if (result < 0)
            return result == CODEC_ERR_FULL ? CODEC_ERR_TOO_LONG : result;
        base->name_size = (uint8_t)name.size;
    }
    if (has_field(fields, SENML_LABEL_BASE_TIME)) {
        base->time = fields->base_time;
        base->has_time = true;
    }
    if (has_field(fields, SENML_LABEL_BASE_VALUE))
        base->value = fields->base_value;
    return 0;
}

/* RFC 8428 4.5.1; a slash in front is LwM2M's habit and accepted. */
static bool is_name_character(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == ':' ||
           c == '.' || c == '/' || c == '_';
}

static int name_resolve(const struct senml_base *base, const struct senml_fields *fields, struct senml_record *record)
{
    struct writer name = writer_of_buffer(record->name, SENML_NAME_LIMIT);
    writer_put_bytes(&name, base->name, base->name_size);
    int result = text_write(fields->name.text, fields->name.coding, &name);
    if (result < 0)
        return result == CODEC_ERR_FULL ? CODEC_ERR_TOO_LONG : result;
    if (name.size == 0)
        return CODEC_ERR_MISSING;
    for (size_t i = 0; i < name.size; i++)
        if (!is_name_character(name.bytes[i]))
            return CODEC_ERR_FORMAT;
    record->name_size = (uint8_t)name.size;
    record->name[name.size] = '\0';
    return 0;
}

static int time_resolve(const struct senml_base *base, const struct senml_fields *fields, struct senml_record *record)
{
    int64_t base_ms, time_ms;

    record->has_time = base->has_time || has_field(fields, SENML_LABEL_TIME);
    if (number_scaled(base->time, 3, &base_ms) < 0 || number_scaled(fields->time, 3, &time_ms) < 0 ||
        (base_ms > 0 && time_ms > INT64_MAX - base_ms) || (base_ms < 0 && time_ms < INT64_MIN - base_ms))
        return CODEC_ERR_RANGE;
    record->time_ms = base_ms + time_ms;
    return 0;
}

int senml_resolve(struct senml_base *base, const struct senml_fields *fields, struct senml_record *record)
{
    int result;

    if ((result = base_advance(base, fields)) < 0 || (result = name_resolve(base, fields, record)) < 0 ||
        (result = time_resolve(base, fields, record)) < 0)
        return result;
    record->kind = fields->kind;
    record->number = fields->value;
    record->base_value = base->value;
    record->boolean = fields->boolean;
    record->text = fields->string.text;
    record->coding = fields->string.coding;
    return 0;
}
