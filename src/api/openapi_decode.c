#include "api/openapi_decode.h"

#include <stddef.h>

#define SCHEMA "#/components/schemas/"

const char openapi_decode_answer[] =
    "{\"oneOf\":[{\"$ref\":\"#/components/schemas/DecodedFrame\"},{\"$ref\":\"#/components/schemas/DecodedList\"}]}";

const char openapi_decode_protocols_answer[] =
    "{\"type\":\"object\",\"required\":[\"items\"],\"properties\":{\"items\":{\"type\":\"array\",\"items\":"
    "{\"type\":\"object\",\"required\":[\"name\",\"name_en\",\"name_zh\",\"stream\"],\"properties\":{"
    "\"name\":{\"type\":\"string\"},\"name_en\":{\"type\":\"string\"},\"name_zh\":{\"type\":\"string\"},"
    "\"stream\":{\"type\":\"boolean\",\"description\":\"its frames can be found in a stream\"}}}}}}";

/* A member of an object: what OpenAPI says of it. */
struct member {
    const char *name;
    const char *type; /* "string", "integer", "boolean"; SCHEMA and a name for an array of it; "text?" may be null */
    bool required;
    const char *description;
};

static const struct member frame_members[] = {
    { "protocol", "text?", true, "as in GET /decode; null for a line that is no frame" },
    { "protocol_name", "string", false, "in the language asked for" },
    { "line", "integer", false, "of the text, from 1; when frames were given one a line" },
    { "stream_offset", "integer", false, "where the frame begins in a stream" },
    { "size", "integer", false, "bytes of the frame" },
    { "bytes", "string", false, "the frame in hexadecimal" },
    { "fields", SCHEMA "DecodedField", false, "every part of the frame, in its order; of a damaged one those that were believed" },
    { "address", "string", false, "of the device, as printed on it" },
    { "items", SCHEMA "DecodedItem", false, "the values that were found" },
    { "valid", "boolean", true, "the frame is whole and its check sum right" },
    { "error", "string", false, "why it is not valid" },
    { "error_offset", "integer", false, "byte of the frame (of a line that is no frame: its character) where reading stopped" },
};

static const struct member field_members[] = {
    { "offset", "integer", true, "of its first byte in the frame" },
    { "size", "integer", true, "bytes; 0 for a statement about the whole" },
    { "bytes", "string", true, "hexadecimal, the first 64 bytes at most" },
    { "key", "string", false, "its English name for programs, the same in every language" },
    { "name", "string", true, "" },
    { "value", "string", true, "" },
    { "meaning", "string", true, "" },
    { "clause", "string", true, "where the standard defines it" },
    { "children", SCHEMA "DecodedField", false, "its parts" },
};

static const struct member item_members[] = {
    { "quantity", "string", true, "energy_active_import, volume, ...; other when the table has no row for it" },
    { "name", "string", true, "" },
    { "value", "text?", true, "exact decimal number, text or time; null when missing or invalid" },
    { "unit", "string", true, "kWh, m3, C, ...; empty when there is none" },
    { "meaning", "string", false, "words for the value: open, battery low" },
    { "quality", "string", true, "good, missing, invalid or doubted" },
    { "phase", "integer", false, "1 to 3 phases A to C, 4 neutral" },
    { "tariff", "integer", false, "" },
    { "tier", "integer", false, "step of a price table" },
    { "storage", "integer", false, "settlements back, or storage number" },
    { "subunit", "integer", false, "sub-unit or measuring point" },
    { "function", "string", false, "maximum, minimum or error_state" },
    { "modifier", "string", false, "a limit of the quantity, its backward part, ..." },
    { "identifier", "string", false, "the protocol's own, in hexadecimal" },
    { "time", "string", false, "when the value was true, by the meter's clock" },
};

static const struct member rest_members[] = {
    { "stream_offset", "integer", true, "" },
    { "size", "integer", true, "" },
    { "bytes", "string", true, "hexadecimal, the first 64 bytes at most" },
};

static const struct member list_members[] = {
    { "frames", SCHEMA "DecodedFrame", true, "in their order" },
    { "rest", SCHEMA "DecodedRest", true, "bytes of a stream that belong to no frame" },
    { "truncated", "boolean", true, "there are more frames than one answer holds" },
};

static const struct {
    const char *name;
    const struct member *members;
    size_t count;
} schemas[] = {
    { "DecodedFrame", frame_members, sizeof frame_members / sizeof frame_members[0] },
    { "DecodedField", field_members, sizeof field_members / sizeof field_members[0] },
    { "DecodedItem", item_members, sizeof item_members / sizeof item_members[0] },
    { "DecodedRest", rest_members, sizeof rest_members / sizeof rest_members[0] },
    { "DecodedList", list_members, sizeof list_members / sizeof list_members[0] },
};

static void type_write(struct json_writer *out, const char *type)
{
    if (type[0] == SCHEMA[0]) {
        json_put_key_text(out, "type", "array");
        json_put_key(out, "items");
        json_object_begin(out);
        json_put_key_text(out, "$ref", type);
        json_object_end(out);
    } else if (span_equal_text(span_of_text(type), "text?")) {
        json_put_key(out, "type");
        json_put_raw(out, span_of_text("[\"string\",\"null\"]"));
    } else {
        json_put_key_text(out, "type", type);
    }
}

static void member_write(struct json_writer *out, const struct member *member)
{
    json_put_key(out, member->name);
    json_object_begin(out);
    type_write(out, member->type);
    if (member->description[0] != '\0')
        json_put_key_text(out, "description", member->description);
    json_object_end(out);
}

static void object_write(struct json_writer *out, const struct member *members, size_t count)
{
    json_object_begin(out);
    json_put_key_text(out, "type", "object");
    json_put_key(out, "required");
    json_array_begin(out);
    for (size_t i = 0; i < count; i++)
        if (members[i].required)
            json_put_text(out, span_of_text(members[i].name));
    json_array_end(out);
    json_put_key(out, "properties");
    json_object_begin(out);
    for (size_t i = 0; i < count; i++)
        member_write(out, &members[i]);
    json_object_end(out);
    json_object_end(out);
}

void openapi_decode_schemas_write(struct json_writer *out)
{
    for (size_t i = 0; i < sizeof schemas / sizeof schemas[0]; i++) {
        json_put_key(out, schemas[i].name);
        object_write(out, schemas[i].members, schemas[i].count);
    }
}
