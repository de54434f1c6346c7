#include "codec/water_meter/water_meter_report.h"

#include <string.h>

#include "codec/codec_error.h"
#include "codec/senml/senml_cbor.h"
#include "codec/water_meter/water_meter_field.h"

/* SenML time is read in ms. */
#define CLOCK_LIMIT_S (INT64_MAX / 1000)

/* What is being read, and the newest time seen so far. */
struct report_reading {
    struct water_meter_report report;
    int64_t field_time_ms[WATER_METER_FIELD_COUNT];
    bool has_time;
    int64_t newest_ms;
};

static unsigned bits_count(uint32_t set)
{
    unsigned count = 0;
    for (; set != 0; set &= set - 1)
        count++;
    return count;
}

/* "/33424/0/" as base name. */
static void base_name_write(uint16_t object, struct writer *out)
{
    lwm2m_path_write(lwm2m_path_of_instance(object, 0), out);
    writer_put_u8(out, '/');
}

static void name_write(const struct water_meter_field_info *info, struct writer *out)
{
    if (info->resource >= 10)
        writer_put_u8(out, (uint8_t)('0' + info->resource / 10));
    writer_put_u8(out, (uint8_t)('0' + info->resource % 10));
    if (info->is_multiple)
        writer_text(out, "/0");
}

/* One field as a record; the base name goes along when the object changes. */
static int field_put(const struct water_meter_report *report, enum water_meter_field field, uint16_t *last_object,
                     struct senml_entry *entry, struct writer *out)
{
    const struct water_meter_field_info *info = water_meter_field_info(field);
    uint8_t base_name[LWM2M_PATH_TEXT_LIMIT], name[4], buffer[WATER_METER_FIELD_BUFFER];
    struct writer base_name_writer = writer_of_buffer(base_name, sizeof base_name);
    struct writer name_writer = writer_of_buffer(name, sizeof name);

    if (info->object != *last_object)
        base_name_write(info->object, &base_name_writer);
    *last_object = info->object;
    name_write(info, &name_writer);
    entry->base_name = writer_span(&base_name_writer);
    entry->name = writer_span(&name_writer);
    int result = water_meter_field_entry(report, field, buffer, entry);
    return result < 0 ? result : senml_cbor_put_entry(out, entry);
}

int water_meter_report_encode(const struct water_meter_report *report, struct writer *out)
{
    uint32_t present = report->present & (WATER_METER_BIT(WATER_METER_FIELD_COUNT) - 1);
    const uint32_t clock = WATER_METER_BIT(WATER_METER_CLOCK);
    struct senml_entry entry;
    uint16_t last_object = LWM2M_ID_NONE;

    memset(&entry, 0, sizeof entry);
    if ((present & clock) != 0 && present != clock) {
        if (report->clock_s > CLOCK_LIMIT_S || report->clock_s < -CLOCK_LIMIT_S)
            return CODEC_ERR_RANGE;
        present &= ~clock;
        entry.has_base_time = true;
        entry.base_time_s = report->clock_s;
    }
    senml_cbor_put_pack(out, bits_count(present));
    for (int field = 0; field < WATER_METER_FIELD_COUNT; field++) {
        if ((present & WATER_METER_BIT(field)) == 0)
            continue;
        int result = field_put(report, (enum water_meter_field)field, &last_object, &entry, out);
        if (result < 0)
            return result;
        entry.has_base_time = false;
    }
    return out->overflow ? CODEC_ERR_FULL : 0;
}

static int value_accept(void *context, const struct lwm2m_value *value)
{
    struct report_reading *reading = context;
    enum water_meter_field field = water_meter_field_find(value->path);
    bool has_time = value->carrier == LWM2M_CARRIER_SENML && value->record.has_time;
    int64_t time_ms = has_time ? value->record.time_ms : 0;

    if (field == WATER_METER_FIELD_COUNT)
        return 0;
    if (has_time && (!reading->has_time || time_ms > reading->newest_ms)) {
        reading->has_time = true;
        reading->newest_ms = time_ms;
    }
    if (value->carrier == LWM2M_CARRIER_SENML && value->record.kind == SENML_NOTHING)
        return 0;
    if ((reading->report.present & WATER_METER_BIT(field)) != 0 && time_ms < reading->field_time_ms[field])
        return 0;
    reading->field_time_ms[field] = time_ms;
    return water_meter_field_take(&reading->report, field, value);
}

int water_meter_report_decode(int32_t content_format, struct lwm2m_path base, struct span payload,
                              struct water_meter_report *out)
{
    struct report_reading reading;

    memset(&reading, 0, sizeof reading);
    int result = lwm2m_payload_read(content_format, base, payload, value_accept, &reading, NULL);
    if (result < 0)
        return result;
    if (reading.has_time && (reading.report.present & WATER_METER_BIT(WATER_METER_CLOCK)) == 0) {
        reading.report.clock_s = reading.newest_ms / 1000 - (reading.newest_ms % 1000 < 0 ? 1 : 0);
        reading.report.present |= WATER_METER_BIT(WATER_METER_CLOCK);
    }
    *out = reading.report;
    return (int)bits_count(reading.report.present);
}

static int name_accept(void *context, const struct lwm2m_value *value)
{
    uint32_t *fields = context;
    *fields |= water_meter_fields_at(value->path);
    return 0;
}

int water_meter_fields_asked(int32_t content_format, struct span payload, uint32_t *fields)
{
    struct lwm2m_path root = { { 0, 0, 0, 0 }, 0 };
    uint32_t asked = 0;
    int result = lwm2m_payload_read(content_format, root, payload, name_accept, &asked, NULL);

    if (result < 0)
        return result;
    *fields = asked;
    return 0;
}
