#include "codec/lwm2m/lwm2m_payload.h"

#include <string.h>

#include "codec/coap/coap_code.h"
#include "codec/codec_error.h"
#include "codec/lwm2m/lwm2m_tlv.h"
#include "codec/senml/senml_cbor.h"
#include "codec/senml/senml_json.h"

struct walk {
    struct lwm2m_path base;
    struct span payload;
    lwm2m_value_visitor visit;
    void *context;
    size_t offset; /* where the walk stands */
    int count;
    char name[SENML_NAME_LIMIT]; /* of the record before, and what it says: many values of one resource are read once */
    uint8_t name_size;
    struct lwm2m_path path;
};

static int value_report(struct walk *walk, const struct lwm2m_value *value)
{
    int result = walk->visit(walk->context, value);
    if (result < 0) {
        walk->offset = value->offset;
        return result;
    }
    walk->count++;
    return 0;
}

static int record_path(struct walk *walk, const struct senml_record *record)
{
    int result = 0;

    if (walk->name_size == record->name_size && memcmp(walk->name, record->name, record->name_size) == 0)
        return 0;
    result = lwm2m_path_parse(span_of_bytes(record->name, record->name_size), &walk->path);
    if (result < 0)
        return result;
    walk->name_size = record->name_size;
    memcpy(walk->name, record->name, record->name_size);
    return 0;
}

static int record_report(struct walk *walk, const struct senml_record *record)
{
    struct lwm2m_value value;
    int result = record_path(walk, record);

    if (result < 0) {
        walk->offset = record->offset;
        return result;
    }
    memset(&value, 0, offsetof(struct lwm2m_value, record));
    value.path = walk->path;
    value.carrier = LWM2M_CARRIER_SENML;
    value.record = *record;
    value.offset = record->offset;
    value.size = record->size;
    return value_report(walk, &value);
}

static int senml_cbor_walk(struct walk *walk)
{
    struct senml_cbor_reader reader = senml_cbor_reader(walk->payload);
    struct senml_record record;
    int result;

    while ((result = senml_cbor_next(&reader, &record)) > 0)
        if ((result = record_report(walk, &record)) < 0)
            return result;
    walk->offset = reader.cbor.offset;
    return result;
}

static int senml_json_walk(struct walk *walk)
{
    struct senml_json_reader reader = senml_json_reader(walk->payload);
    struct senml_record record;
    int result;

    while ((result = senml_json_next(&reader, &record)) > 0)
        if ((result = record_report(walk, &record)) < 0)
            return result;
    walk->offset = reader.json.offset;
    return result;
}

/* One level of TLV entries: the payload itself, an object instance's resources, a resource's instances. */
struct tlv_level {
    struct span in;
    size_t offset; /* of `in` in the payload */
    struct lwm2m_path path;
    bool is_nested;
};

/* Where an entry lands: at the depth of its kind. Inside another entry it lies one below; at the top it may repeat an
 * identifier of the base, or leave out the only instance of the object. */
static int tlv_path(const struct walk *walk, const struct tlv_level *level, const struct lwm2m_tlv *entry,
                    struct lwm2m_path *out)
{
    static const uint8_t depths[] = { 2, 4, 3, 3 }; /* by enum lwm2m_tlv_kind */
    unsigned depth = depths[entry->kind];
    struct lwm2m_path path = level->path;

    if (!level->is_nested && path.depth == 1 && depth == 3)
        path.ids[path.depth++] = 0;
    if (!level->is_nested && path.depth >= depth)
        path.depth = (uint8_t)(depth - 1);
    if (path.depth + 1u != depth || lwm2m_path_append(&path, entry->id) < 0 ||
        (!lwm2m_path_is_within(path, walk->base) && !lwm2m_path_is_within(walk->base, path)))
        return CODEC_ERR_FORMAT;
    *out = path;
    return 0;
}

static int tlv_value_report(struct walk *walk, size_t level_offset, const struct lwm2m_tlv *entry,
                            struct lwm2m_path path)
{
    struct lwm2m_value value;

    memset(&value, 0, sizeof value);
    value.path = path;
    value.carrier = LWM2M_CARRIER_TLV;
    value.bytes = entry->value;
    value.offset = level_offset + entry->offset;
    value.size = entry->value_offset - entry->offset + entry->value.size;
    return value_report(walk, &value);
}

/* Report the entries of a level from walk->offset on.
 * returns  1 at an entry that holds others, with `inner` ready to walk; 0 at the end; negative on failure */
static int tlv_level_walk(struct walk *walk, const struct tlv_level *level, struct tlv_level *inner)
{
    for (;;) {
        struct lwm2m_tlv entry;
        size_t offset = walk->offset - level->offset;
        int result = lwm2m_tlv_next(level->in, &offset, &entry);
        if (result <= 0)
            return result;
        if ((result = tlv_path(walk, level, &entry, &inner->path)) < 0)
            return result;
        if (entry.kind == LWM2M_TLV_OBJECT_INSTANCE || entry.kind == LWM2M_TLV_MULTIPLE_RESOURCE) {
            inner->in = entry.value;
            inner->offset = level->offset + entry.value_offset;
            inner->is_nested = true;
            walk->offset = inner->offset;
            return 1;
        }
        if ((result = tlv_value_report(walk, level->offset, &entry, inner->path)) < 0)
            return result;
        walk->offset = level->offset + offset;
    }
}

/* Depth is bounded by the paths: an object instance holds resources, a resource its instances, those hold nothing. */
static int tlv_walk(struct walk *walk)
{
    struct tlv_level levels[LWM2M_PATH_DEPTH_LIMIT] = { { walk->payload, 0, walk->base, false } };
    unsigned depth = 0;

    if (walk->base.depth == 0)
        return CODEC_ERR_UNSUPPORTED;
    for (;;) {
        int result = tlv_level_walk(walk, &levels[depth], &levels[depth + 1]);
        if (result < 0 || (result == 0 && depth == 0))
            return result;
        depth = result > 0 ? depth + 1 : depth - 1;
    }
}

static int single_walk(struct walk *walk, enum lwm2m_carrier carrier)
{
    struct lwm2m_value value;

    if (walk->base.depth < 3)
        return CODEC_ERR_UNSUPPORTED;
    memset(&value, 0, sizeof value);
    value.path = walk->base;
    value.carrier = (uint8_t)carrier;
    value.bytes = walk->payload;
    value.size = walk->payload.size;
    if (carrier == LWM2M_CARRIER_SENML) {
        int result = cbor_scalar_decode(walk->payload, &value.record);
        if (result < 0)
            return result;
    }
    return value_report(walk, &value);
}

static int text_walk(struct walk *walk)
{
    return single_walk(walk, LWM2M_CARRIER_TEXT);
}

static int opaque_walk(struct walk *walk)
{
    return single_walk(walk, LWM2M_CARRIER_OPAQUE);
}

static int cbor_walk(struct walk *walk)
{
    return single_walk(walk, LWM2M_CARRIER_SENML);
}

static const struct {
    int32_t content_format;
    int (*walk)(struct walk *walk);
} formats[] = {
    { COAP_FORMAT_SENML_CBOR, senml_cbor_walk },
    { COAP_FORMAT_SENML_JSON, senml_json_walk },
    { COAP_FORMAT_TLV, tlv_walk },
    { COAP_FORMAT_TLV_OLD, tlv_walk },
    { COAP_FORMAT_TEXT, text_walk },
    { COAP_FORMAT_OPAQUE, opaque_walk },
    { COAP_FORMAT_CBOR, cbor_walk },
};

int lwm2m_payload_read(int32_t content_format, struct lwm2m_path base, struct span payload,
                       lwm2m_value_visitor visit, void *context, size_t *error_offset)
{
    struct walk walk = { .base = base, .payload = payload, .visit = visit, .context = context };

    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (formats[i].content_format != content_format)
            continue;
        int result = formats[i].walk(&walk);
        if (result < 0 && error_offset != NULL)
            *error_offset = walk.offset;
        return result < 0 ? result : walk.count;
    }
    if (error_offset != NULL)
        *error_offset = 0;
    return CODEC_ERR_UNSUPPORTED;
}

static int tlv_scaled(struct span bytes, enum lwm2m_type type, int scale, int64_t *out)
{
    struct number number;
    int64_t integer;
    int result;

    if (type == LWM2M_TYPE_FLOAT)
        result = lwm2m_tlv_float(bytes, &number);
    else if ((result = lwm2m_tlv_integer(bytes, &integer)) == 0)
        number = number_of_integer(integer);
    return result < 0 ? result : number_scaled(number, scale, out);
}

int lwm2m_value_scaled(const struct lwm2m_value *value, enum lwm2m_type type, int scale, int64_t *out)
{
    struct number number;

    if (type != LWM2M_TYPE_INTEGER && type != LWM2M_TYPE_FLOAT && type != LWM2M_TYPE_TIME)
        return CODEC_ERR_TYPE;
    switch (value->carrier) {
    case LWM2M_CARRIER_SENML:
        return senml_record_scaled(&value->record, scale, out);
    case LWM2M_CARRIER_TLV:
        return tlv_scaled(value->bytes, type, scale, out);
    case LWM2M_CARRIER_TEXT:
        return number_parse(value->bytes, &number) < 0 ? CODEC_ERR_TYPE : number_scaled(number, scale, out);
    default:
        return CODEC_ERR_TYPE;
    }
}

int lwm2m_value_boolean(const struct lwm2m_value *value, bool *out)
{
    switch (value->carrier) {
    case LWM2M_CARRIER_SENML:
        if (value->record.kind != SENML_BOOLEAN)
            return CODEC_ERR_TYPE;
        *out = value->record.boolean;
        return 0;
    case LWM2M_CARRIER_TLV:
        return lwm2m_tlv_boolean(value->bytes, out);
    case LWM2M_CARRIER_TEXT:
        if (value->bytes.size != 1 || (value->bytes.bytes[0] != '0' && value->bytes.bytes[0] != '1'))
            return CODEC_ERR_TYPE;
        *out = value->bytes.bytes[0] == '1';
        return 0;
    default:
        return CODEC_ERR_TYPE;
    }
}

int lwm2m_value_bytes(const struct lwm2m_value *value, struct writer *out)
{
    if (value->carrier == LWM2M_CARRIER_SENML)
        return senml_record_bytes(&value->record, out);
    writer_put_span(out, value->bytes);
    return out->overflow ? CODEC_ERR_FULL : 0;
}
