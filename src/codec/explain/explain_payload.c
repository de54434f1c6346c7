/* Rows for the payload formats: SenML, TLV, links, text. */
#include <string.h>

#include "codec/codec_error.h"
#include "codec/explain/explain_internal.h"
#include "codec/lwm2m/lwm2m_execute.h"
#include "codec/lwm2m/lwm2m_link.h"
#include "codec/lwm2m/lwm2m_tlv.h"
#include "codec/senml/senml_cbor.h"
#include "codec/senml/senml_json.h"

struct texts {
    char name_text[EXPLAIN_TEXT_LIMIT], value_text[EXPLAIN_TEXT_LIMIT], meaning_text[EXPLAIN_TEXT_LIMIT];
    struct writer name, value, meaning;
};

static void texts_begin(struct texts *texts)
{
    texts->name = writer_of_buffer(texts->name_text, sizeof texts->name_text);
    texts->value = writer_of_buffer(texts->value_text, sizeof texts->value_text);
    texts->meaning = writer_of_buffer(texts->meaning_text, sizeof texts->meaning_text);
}

static void value_put(const struct explain_place *place, const struct lwm2m_value *value, struct span bytes,
                      const char *clause)
{
    const struct lwm2m_object_info *object = value->path.depth > 0 ? lwm2m_object_info(value->path.ids[0]) : NULL;
    struct explain_field row = explain_row(place, bytes, "", "", object != NULL ? object->clause : clause);
    struct texts texts;

    texts_begin(&texts);
    explain_path(place->sink, value->path, &texts.name);
    explain_value(place->sink, value, &texts.value, &texts.meaning);
    row.name = writer_terminate(&texts.name);
    explain_put(place->sink, row, &texts.value, &texts.meaning);
}

static void record_put(const struct explain_place *place, const struct senml_record *record, struct span bytes)
{
    struct lwm2m_value value;

    memset(&value, 0, sizeof value);
    value.carrier = LWM2M_CARRIER_SENML;
    value.record = *record;
    if (lwm2m_path_parse(span_of_bytes(record->name, record->name_size), &value.path) == 0) {
        value_put(place, &value, bytes, "RFC 8428 4");
        return;
    }
    struct texts texts;
    struct explain_field row = explain_row(place, bytes, record->name, record->name, "RFC 8428 4");
    texts_begin(&texts);
    value.path.depth = 0;
    explain_value(place->sink, &value, &texts.value, &texts.meaning);
    explain_put(place->sink, row, &texts.value, &texts.meaning);
}

/* RFC 8428 table 4 */
static const struct {
    int label;
    const char *english;
    const char *chinese;
} label_names[] = {
    { SENML_LABEL_BASE_VERSION, "base version (bver)", "基础版本 (bver)" },
    { SENML_LABEL_BASE_NAME, "base name (bn)", "基础名称 (bn)" },
    { SENML_LABEL_BASE_TIME, "base time (bt)", "基础时间 (bt)" },
    { SENML_LABEL_BASE_UNIT, "base unit (bu)", "基础单位 (bu)" },
    { SENML_LABEL_BASE_VALUE, "base value (bv)", "基础值 (bv)" },
    { SENML_LABEL_BASE_SUM, "base sum (bs)", "基础累计 (bs)" },
    { SENML_LABEL_NAME, "name (n)", "名称 (n)" },
    { SENML_LABEL_UNIT, "unit (u)", "单位 (u)" },
    { SENML_LABEL_VALUE, "value (v)", "数值 (v)" },
    { SENML_LABEL_STRING, "text (vs)", "文本 (vs)" },
    { SENML_LABEL_BOOLEAN, "boolean (vb)", "布尔 (vb)" },
    { SENML_LABEL_SUM, "sum (s)", "累计 (s)" },
    { SENML_LABEL_TIME, "time (t)", "时间 (t)" },
    { SENML_LABEL_UPDATE_TIME, "update time (ut)", "更新时间 (ut)" },
    { SENML_LABEL_DATA, "bytes (vd)", "字节 (vd)" },
};

static const char *label_name(const struct explain_sink *sink, const struct cbor_item *key)
{
    int label = key->kind == CBOR_UNSIGNED && key->argument < 9    ? (int)key->argument
                : key->kind == CBOR_NEGATIVE && key->argument < 6  ? -1 - (int)key->argument
                                                                   : SENML_LABEL_UNKNOWN;
    for (size_t i = 0; i < sizeof label_names / sizeof label_names[0]; i++)
        if (label_names[i].label == label)
            return explain_choose(sink, label_names[i].english, label_names[i].chinese);
    if (key->kind == CBOR_TEXT && span_equal_text(key->text, "vlo"))
        return explain_choose(sink, "object link (vlo)", "对象链接 (vlo)");
    return explain_choose(sink, "unknown label", "未知标签");
}

/* What one CBOR item says, as text. */
static void item_write(const struct explain_sink *sink, struct span bytes, struct writer *out)
{
    struct lwm2m_value value;

    memset(&value, 0, sizeof value);
    value.carrier = LWM2M_CARRIER_SENML;
    if (cbor_scalar_decode(bytes, &value.record) == 0) {
        struct writer none = writer_of_buffer(NULL, 0);
        explain_value(sink, &value, out, &none);
    } else
        explain_write_hex(out, bytes);
}

/* One row per label of a record; the record is known to be sound. */
static void labels_put(const struct explain_place *place, struct span record, struct lwm2m_path path)
{
    struct cbor_reader cbor = cbor_reader(record);
    struct cbor_item item;

    if (cbor_reader_next(&cbor, &item) < 0)
        return;
    while (cbor.offset < record.size) {
        size_t start = cbor.offset;
        if (cbor_reader_next(&cbor, &item) < 0 || item.kind == CBOR_BREAK)
            return;
        size_t value_start = cbor.offset;
        if (cbor_reader_skip(&cbor) < 0)
            return;
        struct explain_field row = explain_row(place, span_of_bytes(record.bytes + start, cbor.offset - start), "",
                                               "", "RFC 8428 table 4");
        struct texts texts;
        texts_begin(&texts);
        row.name = label_name(place->sink, &item);
        struct span value = span_of_bytes(record.bytes + value_start, cbor.offset - value_start);
        item_write(place->sink, value, &texts.value);
        explain_put(place->sink, row, &texts.value, NULL);
        struct senml_record scalar;
        struct explain_place deeper = explain_deeper(place);
        if (cbor_scalar_decode(value, &scalar) == 0 && scalar.kind == SENML_BYTES)
            explain_opaque(&deeper, path, scalar.text);
    }
}

int explain_senml_cbor(const struct explain_place *place, struct span pack, size_t *error_offset)
{
    struct senml_cbor_reader reader = senml_cbor_reader(pack);
    struct explain_place deeper = explain_deeper(place);
    struct senml_record record;
    int result;

    explain_put(place->sink,
                explain_row(place, span_of_bytes(pack.bytes, pack.size > 0 ? 1 : 0), "SenML pack", "SenML 数据包",
                            "RFC 8428 6"),
                NULL, NULL);
    while ((result = senml_cbor_next(&reader, &record)) > 0) {
        struct span bytes = span_of_bytes(pack.bytes + record.offset, record.size);
        struct lwm2m_path path = { { 0, 0, 0, 0 }, 0 };
        record_put(place, &record, bytes);
        if (lwm2m_path_parse(span_of_bytes(record.name, record.name_size), &path) < 0)
            path.depth = 0;
        labels_put(&deeper, bytes, path);
    }
    if (result < 0)
        *error_offset = (size_t)(pack.bytes - place->frame.bytes) + reader.cbor.offset;
    return result;
}

int explain_senml_json(const struct explain_place *place, struct span pack, size_t *error_offset)
{
    struct senml_json_reader reader = senml_json_reader(pack);
    struct senml_record record;
    int result;

    while ((result = senml_json_next(&reader, &record)) > 0)
        record_put(place, &record, span_of_bytes(pack.bytes + record.offset, record.size));
    if (result < 0)
        *error_offset = (size_t)(pack.bytes - place->frame.bytes) + reader.json.offset;
    return result;
}

static const char *tlv_kind_name(const struct explain_sink *sink, unsigned kind)
{
    static const char *const english[] = { "object instance", "resource instance", "multiple resource", "resource" };
    static const char *const chinese[] = { "对象实例", "资源实例", "多实例资源", "资源" };
    return explain_choose(sink, english[kind], chinese[kind]);
}

/* Path of an entry below `base`; depth 0 when the base is not known. */
static struct lwm2m_path tlv_path(struct lwm2m_path base, const struct lwm2m_tlv *entry)
{
    static const uint8_t depths[] = { 2, 4, 3, 3 }; /* by enum lwm2m_tlv_kind */
    unsigned depth = depths[entry->kind];
    struct lwm2m_path unknown = { { 0, 0, 0, 0 }, 0 };

    if (base.depth == 1 && depth == 3)
        base.ids[base.depth++] = 0;
    if (base.depth >= depth)
        base.depth = (uint8_t)(depth - 1);
    if (base.depth + 1u != depth || lwm2m_path_append(&base, entry->id) < 0)
        return unknown;
    return base;
}

static void tlv_entry_put(const struct explain_place *place, const struct lwm2m_tlv *entry, struct lwm2m_path path,
                          struct span bytes)
{
    struct explain_field row = explain_row(place, bytes, "", "", "OMA LwM2M Core 1.1 7.4.3");
    struct lwm2m_value value;
    struct texts texts;

    memset(&value, 0, sizeof value);
    value.path = path;
    value.carrier = LWM2M_CARRIER_TLV;
    value.bytes = entry->value;
    texts_begin(&texts);
    writer_text(&texts.name, tlv_kind_name(place->sink, entry->kind));
    writer_format(&texts.name, " %u", entry->id);
    if (path.depth > 0) {
        writer_text(&texts.name, " = ");
        explain_path(place->sink, path, &texts.name);
    }
    row.name = writer_terminate(&texts.name);
    if (entry->kind == LWM2M_TLV_RESOURCE || entry->kind == LWM2M_TLV_RESOURCE_INSTANCE)
        explain_value(place->sink, &value, &texts.value, &texts.meaning);
    explain_put(place->sink, row, &texts.value, &texts.meaning);
}

int explain_tlv(const struct explain_place *place, struct lwm2m_path base, struct span payload, size_t *error_offset)
{
    struct explain_place deeper = explain_deeper(place);
    struct lwm2m_tlv entry;
    size_t offset = 0;
    int result;

    while ((result = lwm2m_tlv_next(payload, &offset, &entry)) > 0) {
        struct lwm2m_path path = tlv_path(base, &entry);
        tlv_entry_put(place, &entry, path, span_of_bytes(payload.bytes + entry.offset, offset - entry.offset));
        if (entry.kind == LWM2M_TLV_OBJECT_INSTANCE || entry.kind == LWM2M_TLV_MULTIPLE_RESOURCE) {
            if (place->depth > LWM2M_PATH_DEPTH_LIMIT) {
                result = CODEC_ERR_DEPTH;
                break;
            }
            if ((result = explain_tlv(&deeper, path, entry.value, error_offset)) < 0)
                return result;
        } else
            explain_opaque(&deeper, path, entry.value);
    }
    if (result < 0)
        *error_offset = (size_t)(payload.bytes - place->frame.bytes) + offset;
    return result;
}

int explain_links(const struct explain_place *place, struct span text, size_t *error_offset)
{
    struct lwm2m_link_iterator iterator = lwm2m_link_iterator(text, true);
    struct lwm2m_link link;
    int result;

    while ((result = lwm2m_link_next(&iterator, &link)) > 0) {
        size_t size = link.target.size + 2 + link.attributes.size;
        struct explain_field row = explain_row(place, span_of_bytes(text.bytes + link.offset, size), "link", "链接",
                                               "RFC 6690 2");
        struct lwm2m_path path;
        struct texts texts;
        texts_begin(&texts);
        if (lwm2m_path_parse(link.target, &path) == 0)
            explain_path(place->sink, path, &texts.meaning);
        explain_write_text(&texts.value, span_of_bytes(text.bytes + link.offset, size));
        explain_put(place->sink, row, &texts.value, &texts.meaning);
    }
    if (result < 0)
        *error_offset = (size_t)(text.bytes - place->frame.bytes) + iterator.offset;
    return result;
}

/* What the arguments of our executes are called. */
static const struct {
    uint16_t resource;
    uint8_t number;
    const char *english;
    const char *chinese;
} argument_names[] = {
    { 5, 0, "valve command", "阀门动作" },     { 5, 1, "serial", "流水号" }, { 6, 0, "serial", "流水号" },
    { 6, 1, "amount, 0.01 yuan", "金额（分）" }, { 6, 2, "tag", "校验码" },
};

static const char *argument_name(const struct explain_sink *sink, struct lwm2m_path path, uint8_t number)
{
    for (size_t i = 0; path.ids[0] == 33424 && i < sizeof argument_names / sizeof argument_names[0]; i++)
        if (argument_names[i].resource == path.ids[2] && argument_names[i].number == number)
            return explain_choose(sink, argument_names[i].english, argument_names[i].chinese);
    return explain_choose(sink, "argument", "参数");
}

int explain_arguments(const struct explain_place *place, struct lwm2m_path base, struct span payload,
                      size_t *error_offset)
{
    struct lwm2m_argument argument;
    size_t offset = 0;
    int result;

    while ((result = lwm2m_argument_next(payload, &offset, &argument)) > 0) {
        struct explain_field row =
            explain_row(place, span_of_bytes(payload.bytes + argument.offset, offset - argument.offset), "", "",
                        "OMA LwM2M Core 1.1 6.3.3");
        struct texts texts;
        texts_begin(&texts);
        writer_format(&texts.name, "%u ", argument.number);
        writer_text(&texts.name, argument_name(place->sink, base, argument.number));
        row.name = writer_terminate(&texts.name);
        explain_write_text(&texts.value, argument.value);
        explain_put(place->sink, row, &texts.value, NULL);
    }
    if (result < 0)
        *error_offset = (size_t)(payload.bytes - place->frame.bytes) + offset;
    return result;
}
