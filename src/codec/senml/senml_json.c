#include "codec/senml/senml_json.h"

#include <string.h>

#include "base/decimal.h"
#include "codec/codec_error.h"
#include "codec/senml/base64.h"

/* RFC 8428 tables 1 and 2; vlo is LwM2M's. */
static const struct {
    const char *name;
    enum senml_label label;
} labels[] = {
    { "bn", SENML_LABEL_BASE_NAME },     { "bt", SENML_LABEL_BASE_TIME },  { "bu", SENML_LABEL_BASE_UNIT },
    { "bv", SENML_LABEL_BASE_VALUE },    { "bs", SENML_LABEL_BASE_SUM },   { "bver", SENML_LABEL_BASE_VERSION },
    { "n", SENML_LABEL_NAME },           { "u", SENML_LABEL_UNIT },        { "v", SENML_LABEL_VALUE },
    { "vs", SENML_LABEL_STRING },        { "vb", SENML_LABEL_BOOLEAN },    { "vd", SENML_LABEL_DATA },
    { "s", SENML_LABEL_SUM },            { "t", SENML_LABEL_TIME },        { "ut", SENML_LABEL_UPDATE_TIME },
    { "vlo", SENML_LABEL_LINK },
};

struct senml_json_reader senml_json_reader(struct span pack)
{
    struct senml_json_reader reader = { json_reader(pack), senml_base_empty(), false, false };
    return reader;
}

static int label_find(struct span name, enum senml_label *label)
{
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
        if (span_equal_text(name, labels[i].name)) {
            *label = labels[i].label;
            return 0;
        }
    if (name.size > 0 && name.bytes[name.size - 1] == '_')
        return CODEC_ERR_UNKNOWN;
    *label = SENML_LABEL_UNKNOWN;
    return 0;
}

static int token_expect(struct json_reader *json, int kind, struct json_token *token)
{
    int result = json_reader_next(json, token);
    if (result < 0)
        return result;
    if (token->kind != kind)
        return token->kind == JSON_END ? CODEC_ERR_SHORT : CODEC_ERR_FORMAT;
    return 0;
}

static int text_accept(const struct json_token *token, uint8_t coding, struct senml_text *out)
{
    if (token->kind != JSON_STRING)
        return CODEC_ERR_TYPE;
    out->text = token->text;
    out->coding = coding;
    return 0;
}

static int number_accept(const struct json_token *token, struct number *out)
{
    return token->kind != JSON_NUMBER ? CODEC_ERR_TYPE : number_parse(token->text, out);
}

static int value_accept(const struct json_token *token, enum senml_label label, struct senml_fields *fields)
{
    static const uint8_t kinds[] = { SENML_NUMBER, SENML_TEXT, SENML_BOOLEAN, 0, 0, 0, SENML_BYTES, SENML_LINK };
    int result = senml_fields_value(fields, (enum senml_kind)kinds[label - SENML_LABEL_VALUE]);
    if (result < 0)
        return result;
    if (label == SENML_LABEL_VALUE)
        return number_accept(token, &fields->value);
    if (label == SENML_LABEL_BOOLEAN) {
        fields->boolean = token->kind == JSON_TRUE;
        return token->kind == JSON_TRUE || token->kind == JSON_FALSE ? 0 : CODEC_ERR_TYPE;
    }
    return text_accept(token, label == SENML_LABEL_DATA ? SENML_BASE64 : SENML_QUOTED, &fields->string);
}

static int field_accept(struct json_reader *json, const struct json_token *token, enum senml_label label,
                        struct senml_fields *fields)
{
    int result = senml_fields_mark(fields, label);
    if (result < 0)
        return result;
    switch (label) {
    case SENML_LABEL_BASE_NAME:
        return text_accept(token, SENML_QUOTED, &fields->base_name);
    case SENML_LABEL_NAME:
        return text_accept(token, SENML_QUOTED, &fields->name);
    case SENML_LABEL_BASE_TIME:
        return number_accept(token, &fields->base_time);
    case SENML_LABEL_BASE_VALUE:
        return number_accept(token, &fields->base_value);
    case SENML_LABEL_BASE_VERSION:
        return number_accept(token, &fields->version);
    case SENML_LABEL_TIME:
        return number_accept(token, &fields->time);
    case SENML_LABEL_VALUE:
    case SENML_LABEL_STRING:
    case SENML_LABEL_BOOLEAN:
    case SENML_LABEL_DATA:
    case SENML_LABEL_LINK:
        return value_accept(token, label, fields);
    default:
        return json_reader_skip(json, token);
    }
}

/* The members of an object whose opening brace was read. */
static int record_take(struct json_reader *json, struct senml_fields *fields)
{
    struct json_token token;
    enum senml_label label;
    int result = json_reader_next(json, &token);

    if (result < 0 || token.kind == JSON_OBJECT_END)
        return result;
    for (;;) {
        struct json_token colon, value;
        if (token.kind != JSON_STRING)
            return token.kind == JSON_END ? CODEC_ERR_SHORT : CODEC_ERR_FORMAT;
        if ((result = label_find(token.text, &label)) < 0 || (result = token_expect(json, JSON_COLON, &colon)) < 0 ||
            (result = json_reader_next(json, &value)) < 0 || (result = field_accept(json, &value, label, fields)) < 0 ||
            (result = json_reader_next(json, &token)) < 0)
            return result;
        if (token.kind == JSON_OBJECT_END)
            return 0;
        if (token.kind != JSON_COMMA)
            return token.kind == JSON_END ? CODEC_ERR_SHORT : CODEC_ERR_FORMAT;
        if ((result = json_reader_next(json, &token)) < 0)
            return result;
    }
}

static int pack_end(struct senml_json_reader *reader)
{
    struct json_token token;
    int result = json_reader_next(&reader->json, &token);
    reader->ended = true;
    if (result < 0)
        return result;
    return token.kind == JSON_END ? 0 : CODEC_ERR_TRAILING;
}

/* Moves to the next record's opening brace.
 * returns  1 there; 0 at the end of the pack; negative as senml_json_next */
static int record_seek(struct senml_json_reader *reader, struct json_token *token)
{
    bool is_first = !reader->begun;
    int result;

    if (is_first && (result = token_expect(&reader->json, JSON_ARRAY_BEGIN, token)) < 0)
        return result;
    reader->begun = true;
    if ((result = json_reader_next(&reader->json, token)) < 0)
        return result;
    if (token->kind == JSON_ARRAY_END)
        return pack_end(reader);
    if (!is_first) {
        if (token->kind != JSON_COMMA)
            return token->kind == JSON_END ? CODEC_ERR_SHORT : CODEC_ERR_FORMAT;
        if ((result = json_reader_next(&reader->json, token)) < 0)
            return result;
    }
    if (token->kind != JSON_OBJECT_BEGIN)
        return token->kind == JSON_END ? CODEC_ERR_SHORT : CODEC_ERR_TYPE;
    return 1;
}

int senml_json_next(struct senml_json_reader *reader, struct senml_record *out)
{
    struct senml_fields fields;
    struct senml_record record;
    struct json_token token;
    int result;

    if (reader->ended)
        return 0;
    if ((result = record_seek(reader, &token)) <= 0)
        return result;
    memset(&fields, 0, sizeof fields);
    if ((result = record_take(&reader->json, &fields)) < 0 ||
        (result = senml_resolve(&reader->base, &fields, &record)) < 0)
        return result;
    record.offset = token.offset;
    record.size = reader->json.offset - token.offset;
    *out = record;
    return 1;
}

static void member_name_put(struct writer *out, const char *name, bool *is_first)
{
    if (!*is_first)
        writer_put_u8(out, ',');
    *is_first = false;
    writer_put_u8(out, '"');
    writer_text(out, name);
    writer_text(out, "\":");
}

static int decimal_put(struct writer *out, int64_t value, int scale)
{
    char text[DECIMAL_TEXT_LIMIT];
    if (decimal_format(value, scale, true, text, sizeof text) < 0)
        return CODEC_ERR_RANGE;
    writer_text(out, text);
    return 0;
}

static int value_put(struct writer *out, const struct senml_entry *entry, bool *is_first)
{
    static const char *const names[] = { NULL, "v", "vs", "vb", "vd", "vlo" };

    if (entry->kind == SENML_NOTHING)
        return 0;
    member_name_put(out, names[entry->kind], is_first);
    if (entry->kind == SENML_NUMBER)
        return decimal_put(out, entry->number, entry->scale);
    if (entry->kind == SENML_BOOLEAN)
        writer_text(out, entry->boolean ? "true" : "false");
    else if (entry->kind == SENML_BYTES) {
        writer_put_u8(out, '"');
        base64_encode(entry->text, out);
        writer_put_u8(out, '"');
    } else
        json_string_put(out, entry->text);
    return 0;
}

int senml_json_put_entry(struct writer *out, const struct senml_entry *entry, unsigned index, unsigned count)
{
    bool is_first = true;
    int result = 0;

    writer_text(out, index == 0 ? "[{" : ",{");
    if (entry->base_name.size > 0) {
        member_name_put(out, "bn", &is_first);
        json_string_put(out, entry->base_name);
    }
    if (entry->has_base_time) {
        member_name_put(out, "bt", &is_first);
        result = decimal_put(out, entry->base_time_s, 0);
    }
    if (entry->name.size > 0) {
        member_name_put(out, "n", &is_first);
        json_string_put(out, entry->name);
    }
    if (result == 0)
        result = value_put(out, entry, &is_first);
    writer_text(out, index + 1 == count ? "}]" : "}");
    return result < 0 ? result : out->overflow ? CODEC_ERR_FULL : 0;
}
