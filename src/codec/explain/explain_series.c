/* The inside of a series: its head, and a row for each instant with the bytes that say it. */
#include "codec/explain/explain_internal.h"
#include "codec/water_meter/water_meter_series.h"

#define HEAD_SIZE 8
#define CODE_GOES_ON 0x80
#define M3_SCALE 6
#define S_PER_MIN 60

static size_t code_size(struct span bytes, size_t offset)
{
    size_t size = 1;
    while (offset + size < bytes.size && (bytes.bytes[offset + size - 1] & CODE_GOES_ON) != 0)
        size++;
    return size;
}

static void head_explain(const struct explain_place *place, struct span bytes, const struct water_meter_series *series)
{
    struct explain_field row =
        explain_row(place, span_of_bytes(bytes.bytes, HEAD_SIZE), "series", "等间隔序列", "profile 33424/21");
    struct explain_texts texts;

    explain_texts_open(&texts);
    explain_write_decimal(&texts.value, series->count, 0);
    writer_text(&texts.value, explain_choose(place->sink, " instants, one each ", " 个读数，间隔 "));
    explain_write_decimal(&texts.value, series->interval_s / S_PER_MIN, 0);
    writer_text(&texts.value, " min");
    writer_text(&texts.meaning, explain_choose(place->sink, "the first at ", "首个时刻 "));
    explain_write_time(&texts.meaning, series->start_s);
    explain_put(place->sink, row, &texts.value, &texts.meaning);
}

static void instant_explain(const struct explain_place *place, struct span code, int64_t time_s, int64_t value_ml)
{
    struct explain_field row = explain_row(place, code, "register", "读数", "profile 33424/21");
    struct explain_texts texts;

    explain_texts_open(&texts);
    if (value_ml == WATER_METER_SERIES_NONE) {
        writer_text(&texts.value, explain_choose(place->sink, "none", "无"));
    } else {
        explain_write_decimal(&texts.value, value_ml, M3_SCALE);
        writer_text(&texts.value, " m3");
    }
    explain_write_time(&texts.meaning, time_s);
    explain_put(place->sink, row, &texts.value, &texts.meaning);
}

void explain_series(const struct explain_place *place, struct lwm2m_path path, struct span bytes)
{
    struct water_meter_series series;
    size_t offset = HEAD_SIZE;

    if (path.depth != 3 || path.ids[0] != 33424 || path.ids[2] != 21 || water_meter_series_decode(bytes, &series) < 0)
        return;
    head_explain(place, bytes, &series);
    for (unsigned i = 0; i < series.count; i++) {
        size_t size = code_size(bytes, offset);
        instant_explain(place, span_of_bytes(bytes.bytes + offset, size),
                        series.start_s + (int64_t)i * series.interval_s, series.values_ml[i]);
        offset += size;
    }
}
