#include "codec/water_meter/water_meter_report.h"

#include <string.h>

#include "codec/codec_error.h"
#include "codec/senml/senml_cbor.h"
#include "codec/water_meter/water_meter_field.h"

/* SenML time is read in ms. */
#define CLOCK_LIMIT_S (INT64_MAX / 1000)
#define SERIES_RESOURCE 21
#define VOLUME_SCALE 6

/* What is being read, and the newest time seen so far. */
struct report_reading {
    struct water_meter_report report;
    int64_t field_time_ms[WATER_METER_FIELD_COUNT];
    int64_t newest_ms;  /* of all fields */
    int64_t steady_ms;  /* of all fields but the volume */
    bool has_time;
    bool has_steady_time;
    bool wants_series;
    struct water_meter_series series;
    struct water_meter_instants instants;
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

static bool is_series(struct lwm2m_path path)
{
    return path.depth == 3 && path.ids[0] == WATER_METER_OBJECT && path.ids[1] == 0 && path.ids[2] == SERIES_RESOURCE;
}

static int series_take(struct report_reading *reading, const struct lwm2m_value *value)
{
    uint8_t buffer[WATER_METER_SERIES_SIZE_LIMIT];
    struct writer bytes = writer_of_buffer(buffer, sizeof buffer);
    int result = lwm2m_value_bytes(value, &bytes);

    if (result == CODEC_ERR_FULL)
        return CODEC_ERR_TOO_LONG;
    return result < 0 ? result : water_meter_series_decode(writer_span(&bytes), &reading->series);
}

static void time_note(struct report_reading *reading, enum water_meter_field field, int64_t time_ms)
{
    if (!reading->has_time || time_ms > reading->newest_ms)
        reading->newest_ms = time_ms;
    reading->has_time = true;
    if (field == WATER_METER_VOLUME)
        return;
    if (!reading->has_steady_time || time_ms > reading->steady_ms)
        reading->steady_ms = time_ms;
    reading->has_steady_time = true;
}

/* Whether a value of this time is older than one of its field that is there already. */
static bool is_older(const struct report_reading *reading, enum water_meter_field field, int64_t time_ms)
{
    return (reading->report.present & WATER_METER_BIT(field)) != 0 && time_ms < reading->field_time_ms[field];
}

/* A volume with a time: one of a series perhaps, and the newest of them the report's. */
static int instant_note(struct report_reading *reading, const struct lwm2m_value *value, int64_t time_ms)
{
    int64_t volume_ml;
    int result = lwm2m_value_scaled(value, LWM2M_TYPE_FLOAT, VOLUME_SCALE, &volume_ml);

    if (result != 0)
        return result;
    water_meter_instants_add(&reading->instants, time_ms, volume_ml);
    if (is_older(reading, WATER_METER_VOLUME, time_ms))
        return 0;
    reading->field_time_ms[WATER_METER_VOLUME] = time_ms;
    reading->report.volume_ml = volume_ml;
    reading->report.present |= WATER_METER_BIT(WATER_METER_VOLUME);
    return 0;
}

static int value_accept(void *context, const struct lwm2m_value *value)
{
    struct report_reading *reading = context;
    enum water_meter_field field = water_meter_field_find(value->path);
    bool has_time = value->carrier == LWM2M_CARRIER_SENML && value->record.has_time;
    int64_t time_ms = has_time ? value->record.time_ms : 0;

    if (reading->wants_series && is_series(value->path))
        return series_take(reading, value);
    if (field == WATER_METER_FIELD_COUNT)
        return 0;
    if (has_time)
        time_note(reading, field, time_ms);
    if (value->carrier == LWM2M_CARRIER_SENML && value->record.kind == SENML_NOTHING)
        return 0;
    if (reading->wants_series && has_time && field == WATER_METER_VOLUME)
        return instant_note(reading, value, time_ms);
    if (is_older(reading, field, time_ms))
        return 0;
    reading->field_time_ms[field] = time_ms;
    return water_meter_field_take(&reading->report, field, value);
}

/* Volumes on the grid become the series; then only a volume of another time is the report's, and its clock. */
static int instants_end(struct report_reading *reading)
{
    struct water_meter_series series;
    int rest = 0;
    int result = water_meter_instants_series(&reading->instants, &rest, &series);

    if (result == CODEC_ERR_EMPTY)
        return 0;
    if (result != 0)
        return result;
    if (reading->series.count == 0)
        reading->series = series;
    if (rest != 0)
        return 0;
    reading->report.present &= ~WATER_METER_BIT(WATER_METER_VOLUME);
    reading->report.volume_ml = 0;
    reading->has_time = reading->has_steady_time;
    reading->newest_ms = reading->steady_ms;
    return 0;
}

static int report_read(int32_t content_format, struct lwm2m_path base, struct span payload,
                       struct report_reading *reading)
{
    int result = lwm2m_payload_read(content_format, base, payload, value_accept, reading, NULL);
    if (result < 0)
        return result;
    if (reading->wants_series && (result = instants_end(reading)) < 0)
        return result;
    if (reading->has_time && (reading->report.present & WATER_METER_BIT(WATER_METER_CLOCK)) == 0) {
        reading->report.clock_s = reading->newest_ms / 1000 - (reading->newest_ms % 1000 < 0 ? 1 : 0);
        reading->report.present |= WATER_METER_BIT(WATER_METER_CLOCK);
    }
    return (int)bits_count(reading->report.present);
}

/* All but the values of the instants, which count says are there. */
static void reading_begin(struct report_reading *reading, bool wants_series)
{
    memset(reading, 0, offsetof(struct report_reading, series));
    reading->wants_series = wants_series;
    reading->series.count = 0;
    reading->instants.count = 0;
}

int water_meter_report_decode(int32_t content_format, struct lwm2m_path base, struct span payload,
                              struct water_meter_report *out)
{
    struct report_reading reading;

    reading_begin(&reading, false);
    int found = report_read(content_format, base, payload, &reading);
    if (found >= 0)
        *out = reading.report;
    return found;
}

int water_meter_message_decode(int32_t content_format, struct lwm2m_path base, struct span payload,
                               struct water_meter_report *out, struct water_meter_series *series)
{
    struct report_reading reading;

    reading_begin(&reading, true);
    int found = report_read(content_format, base, payload, &reading);
    if (found < 0)
        return found;
    *out = reading.report;
    series->count = 0;
    if (reading.series.count != 0)
        *series = reading.series;
    return found;
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
