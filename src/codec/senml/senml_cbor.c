#include "codec/senml/senml_cbor.h"

#include <string.h>

#include "codec/codec_error.h"
#include "codec/senml/cbor_writer.h"

struct senml_cbor_reader senml_cbor_reader(struct span pack)
{
    struct senml_cbor_reader reader = { cbor_reader(pack), senml_base_empty(), 0, false, false };
    return reader;
}

/* Which label a map key is (RFC 8428 table 4; OMA LwM2M Core 1.1, table 7.4.6-1). */
static int label_take(struct cbor_reader *cbor, enum senml_label *label)
{
    struct cbor_item key;
    int result = cbor_reader_next(cbor, &key);

    if (result < 0)
        return result;
    *label = SENML_LABEL_UNKNOWN;
    if (key.kind == CBOR_UNSIGNED && key.argument <= SENML_LABEL_DATA)
        *label = (enum senml_label)key.argument;
    else if (key.kind == CBOR_NEGATIVE && key.argument < 6)
        *label = (enum senml_label)(-1 - (int)key.argument);
    else if (key.kind == CBOR_TEXT && !key.indefinite) {
        if (span_equal_text(key.text, "vlo"))
            *label = SENML_LABEL_LINK;
        else if (key.text.size > 0 && key.text.bytes[key.text.size - 1] == '_')
            return CODEC_ERR_UNKNOWN;
    } else if (key.kind != CBOR_UNSIGNED && key.kind != CBOR_NEGATIVE)
        return key.indefinite ? CODEC_ERR_UNSUPPORTED : CODEC_ERR_TYPE;
    return 0;
}

static int text_take(struct cbor_reader *cbor, uint8_t kind, struct senml_text *out)
{
    struct cbor_item item;
    int result = cbor_reader_next(cbor, &item);
    if (result < 0)
        return result;
    if (item.kind != kind)
        return CODEC_ERR_TYPE;
    if (item.indefinite)
        return CODEC_ERR_UNSUPPORTED;
    out->text = item.text;
    out->coding = SENML_PLAIN;
    return 0;
}

static int number_take(struct cbor_reader *cbor, struct number *out)
{
    struct cbor_item item;
    int result = cbor_reader_next(cbor, &item);
    return result < 0 ? result : cbor_reader_number(cbor, &item, out);
}

static int boolean_take(struct cbor_reader *cbor, bool *out)
{
    struct cbor_item item;
    int result = cbor_reader_next(cbor, &item);
    if (result < 0)
        return result;
    if (item.kind != CBOR_BOOLEAN)
        return CODEC_ERR_TYPE;
    *out = item.argument != 0;
    return 0;
}

static int value_take(struct cbor_reader *cbor, enum senml_label label, struct senml_fields *fields)
{
    static const uint8_t kinds[] = { SENML_NUMBER, SENML_TEXT, SENML_BOOLEAN, 0, 0, 0, SENML_BYTES, SENML_LINK };
    int result = senml_fields_value(fields, (enum senml_kind)kinds[label - SENML_LABEL_VALUE]);
    if (result < 0)
        return result;
    if (label == SENML_LABEL_VALUE)
        return number_take(cbor, &fields->value);
    if (label == SENML_LABEL_BOOLEAN)
        return boolean_take(cbor, &fields->boolean);
    return text_take(cbor, label == SENML_LABEL_DATA ? CBOR_BYTES : CBOR_TEXT, &fields->string);
}

static int field_take(struct cbor_reader *cbor, enum senml_label label, struct senml_fields *fields)
{
    int result = senml_fields_mark(fields, label);
    if (result < 0)
        return result;
    switch (label) {
    case SENML_LABEL_BASE_NAME:
        return text_take(cbor, CBOR_TEXT, &fields->base_name);
    case SENML_LABEL_NAME:
        return text_take(cbor, CBOR_TEXT, &fields->name);
    case SENML_LABEL_BASE_TIME:
        return number_take(cbor, &fields->base_time);
    case SENML_LABEL_BASE_VALUE:
        return number_take(cbor, &fields->base_value);
    case SENML_LABEL_BASE_VERSION:
        return number_take(cbor, &fields->version);
    case SENML_LABEL_TIME:
        return number_take(cbor, &fields->time);
    case SENML_LABEL_VALUE:
    case SENML_LABEL_STRING:
    case SENML_LABEL_BOOLEAN:
    case SENML_LABEL_DATA:
    case SENML_LABEL_LINK:
        return value_take(cbor, label, fields);
    default:
        return cbor_reader_skip(cbor);
    }
}

/* At the break that ends an item of indefinite length? Takes it. */
static bool break_take(struct cbor_reader *cbor)
{
    if (cbor->offset >= cbor->in.size || cbor->in.bytes[cbor->offset] != 0xff)
        return false;
    cbor->offset++;
    return true;
}

static int record_take(struct cbor_reader *cbor, struct senml_fields *fields)
{
    struct cbor_item map;
    int result = cbor_reader_next(cbor, &map);

    if (result < 0)
        return result;
    if (map.kind != CBOR_MAP)
        return CODEC_ERR_TYPE;
    for (uint64_t pair = 0; map.indefinite || pair < map.argument; pair++) {
        enum senml_label label;
        if (map.indefinite && break_take(cbor))
            break;
        if ((result = label_take(cbor, &label)) < 0 || (result = field_take(cbor, label, fields)) < 0)
            return result;
    }
    return 0;
}

static int pack_begin(struct senml_cbor_reader *reader)
{
    struct cbor_item array;
    int result = cbor_reader_next(&reader->cbor, &array);
    if (result < 0)
        return result;
    if (array.kind != CBOR_ARRAY)
        return CODEC_ERR_TYPE;
    reader->remaining = array.indefinite ? UINT64_MAX : array.argument;
    reader->begun = true;
    return 0;
}

static int pack_end(struct senml_cbor_reader *reader)
{
    reader->ended = true;
    return reader->cbor.offset == reader->cbor.in.size ? 0 : CODEC_ERR_TRAILING;
}

int senml_cbor_next(struct senml_cbor_reader *reader, struct senml_record *out)
{
    struct senml_fields fields;
    struct senml_record record;
    int result;

    if (!reader->begun && (result = pack_begin(reader)) < 0)
        return result;
    if (reader->ended || reader->remaining == 0 || (reader->remaining == UINT64_MAX && break_take(&reader->cbor)))
        return pack_end(reader);
    memset(&fields, 0, sizeof fields);
    record.offset = reader->cbor.offset;
    if ((result = record_take(&reader->cbor, &fields)) < 0 ||
        (result = senml_resolve(&reader->base, &fields, &record)) < 0)
        return result;
    record.size = reader->cbor.offset - record.offset;
    if (reader->remaining != UINT64_MAX)
        reader->remaining--;
    *out = record;
    return 1;
}

void senml_cbor_put_pack(struct writer *out, uint64_t count)
{
    cbor_put_array(out, count);
}

static int value_put(struct writer *out, const struct senml_entry *entry)
{
    switch (entry->kind) {
    case SENML_NUMBER:
        cbor_put_integer(out, SENML_LABEL_VALUE);
        return cbor_put_decimal(out, entry->number, entry->scale);
    case SENML_TEXT:
        cbor_put_integer(out, SENML_LABEL_STRING);
        cbor_put_text(out, entry->text);
        return 0;
    case SENML_BOOLEAN:
        cbor_put_integer(out, SENML_LABEL_BOOLEAN);
        cbor_put_boolean(out, entry->boolean);
        return 0;
    case SENML_BYTES:
        cbor_put_integer(out, SENML_LABEL_DATA);
        cbor_put_bytes(out, entry->text);
        return 0;
    case SENML_LINK:
        cbor_put_text(out, span_of_text("vlo"));
        cbor_put_text(out, entry->text);
        return 0;
    default:
        return 0;
    }
}

int senml_cbor_put_entry(struct writer *out, const struct senml_entry *entry)
{
    unsigned pairs = (entry->base_name.size > 0) + (entry->has_base_time ? 1u : 0u) + (entry->name.size > 0) +
                     (entry->kind != SENML_NOTHING);
    cbor_put_map(out, pairs);
    if (entry->base_name.size > 0) {
        cbor_put_integer(out, SENML_LABEL_BASE_NAME);
        cbor_put_text(out, entry->base_name);
    }
    if (entry->has_base_time) {
        cbor_put_integer(out, SENML_LABEL_BASE_TIME);
        cbor_put_integer(out, entry->base_time_s);
    }
    if (entry->name.size > 0) {
        cbor_put_integer(out, SENML_LABEL_NAME);
        cbor_put_text(out, entry->name);
    }
    int result = value_put(out, entry);
    return result < 0 ? result : out->overflow ? CODEC_ERR_FULL : 0;
}

int cbor_scalar_decode(struct span payload, struct senml_record *out)
{
    struct cbor_reader cbor = cbor_reader(payload);
    struct senml_record record;
    struct cbor_item item;
    int result = cbor_reader_next(&cbor, &item);

    if (result < 0)
        return result;
    memset(&record, 0, sizeof record);
    record.size = payload.size;
    if (item.indefinite)
        return CODEC_ERR_TYPE;
    record.text = item.text;
    record.boolean = item.argument != 0;
    if (item.kind == CBOR_TEXT)
        record.kind = SENML_TEXT;
    else if (item.kind == CBOR_BYTES)
        record.kind = SENML_BYTES;
    else if (item.kind == CBOR_BOOLEAN)
        record.kind = SENML_BOOLEAN;
    else {
        record.kind = SENML_NUMBER;
        if ((result = cbor_reader_number(&cbor, &item, &record.number)) < 0)
            return result;
        int64_t value;
        if (item.kind != CBOR_FLOAT && number_scaled(record.number, 0, &value) < 0)
            return CODEC_ERR_TYPE;
    }
    if (cbor.offset != payload.size)
        return CODEC_ERR_TRAILING;
    *out = record;
    return 0;
}
