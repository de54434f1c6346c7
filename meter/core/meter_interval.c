#include "meter/core/meter_interval.h"

#include <string.h>

#include "base/calendar.h"
#include "codec/codec_error.h"
#include "codec/senml/senml_cbor.h"
#include "codec/water_meter/water_meter_series.h"
#include "meter/core/meter_internal.h"

#define LITRE_EXPONENT 3 /* 10^3 ml */
#define QUARTERS_A_DAY METER_INTERVAL_PLACES
#define SERIES_SIZE_LIMIT 400 /* a message has room for so much */

static struct meter_interval_day *day_at(struct meter_intervals *intervals, int32_t day)
{
    if (day < 1 || day > UINT16_MAX)
        return NULL;
    struct meter_interval_day *found = &intervals->days[day % METER_INTERVAL_DAYS];
    return found->day == day ? found : NULL;
}

void meter_intervals_put(struct meter_intervals *intervals, int32_t day, unsigned place, uint32_t volume_l)
{
    if (day < 1 || day > UINT16_MAX || place >= METER_INTERVAL_PLACES)
        return;
    struct meter_interval_day *found = &intervals->days[day % METER_INTERVAL_DAYS];
    if (found->day != day) {
        memset(found->volume_l, 0xff, sizeof found->volume_l);
        found->day = (uint16_t)day;
    }
    found->told = false;
    found->volume_l[place] = volume_l;
}

const struct meter_interval_day *meter_intervals_find(const struct meter_intervals *intervals, int32_t day)
{
    if (day < 1 || day > UINT16_MAX)
        return NULL;
    const struct meter_interval_day *found = &intervals->days[day % METER_INTERVAL_DAYS];
    return found->day == day ? found : NULL;
}

static bool has_value(const struct meter_interval_day *day)
{
    for (unsigned place = 0; place < METER_INTERVAL_PLACES; place++)
        if (day->volume_l[place] != METER_INTERVAL_NONE)
            return true;
    return false;
}

int32_t meter_intervals_untold(const struct meter_intervals *intervals, int32_t today)
{
    int32_t oldest = 0;
    for (unsigned i = 0; i < METER_INTERVAL_DAYS; i++) {
        const struct meter_interval_day *day = &intervals->days[i];
        if (day->day == 0 || day->day >= today || day->told || !has_value(day))
            continue;
        if (oldest == 0 || day->day < oldest)
            oldest = day->day;
    }
    return oldest;
}

bool meter_intervals_ask(struct meter_intervals *intervals, int32_t day, int32_t today)
{
    struct meter_interval_day *found = day_at(intervals, day);
    if (found == NULL || day >= today || !has_value(found))
        return false;
    found->told = false;
    intervals->asked = true;
    return true;
}

void meter_intervals_told(struct meter_intervals *intervals, int32_t day)
{
    struct meter_interval_day *found = day_at(intervals, day);
    if (found != NULL)
        found->told = true;
}

/* The quarter that began ends the one before it; a whole hour goes into flash. The register goes first: after a restart
 * no quarter is above the register. */
static void quarter_latch(struct meter *meter, int32_t quarter)
{
    int32_t day = (quarter - 1) / QUARTERS_A_DAY;
    unsigned place = (unsigned)(quarter - 1) % QUARTERS_A_DAY;
    meter_intervals_put(&meter->intervals, day, place, (uint32_t)(meter->state.volume_ml / METER_ML_PER_L));
    if (place % METER_INTERVAL_HOUR_PLACES != METER_INTERVAL_HOUR_PLACES - 1)
        return;
    (void)meter_store_state(meter);
    (void)meter_store_interval_hour(meter, day, place / METER_INTERVAL_HOUR_PLACES);
}

int64_t meter_interval_step(struct meter *meter)
{
    struct meter_intervals *intervals = &meter->intervals;
    int64_t clock_s = meter_clock_s(meter);
    if (!meter->config.interval_log || clock_s == 0)
        return INT64_MAX;
    int64_t local_s = clock_s + meter->config.zone_offset_s;
    int32_t quarter = (int32_t)(local_s / METER_INTERVAL_S);
    /* Quarters that nobody saw, because the clock was set forward, stay without a value, all but the newest; after a
     * restart it is not known how long ago the newest began. */
    if (intervals->quarter_seen != 0 && quarter > intervals->quarter_seen)
        quarter_latch(meter, quarter);
    intervals->quarter_seen = quarter;
    return meter->now_ms + ((int64_t)METER_INTERVAL_S - local_s % METER_INTERVAL_S) * METER_MS_PER_S;
}

static void series_fill(const struct meter *meter, const struct meter_interval_day *day,
                        struct water_meter_series *series)
{
    series->start_s = calendar_midnight(day->day, meter->config.zone_offset_s) + METER_INTERVAL_S;
    series->interval_s = METER_INTERVAL_S;
    series->count = METER_INTERVAL_PLACES;
    for (unsigned place = 0; place < METER_INTERVAL_PLACES; place++)
        series->values_ml[place] = day->volume_l[place] == METER_INTERVAL_NONE
                                       ? WATER_METER_SERIES_NONE
                                       : (int64_t)day->volume_l[place] * METER_ML_PER_L;
}

int meter_interval_write(struct meter *meter, struct writer *out)
{
    struct meter_intervals *intervals = &meter->intervals;
    const struct meter_interval_day *day = meter_intervals_find(intervals, intervals->telling_day);
    uint8_t bytes[SERIES_SIZE_LIMIT];
    struct writer packed = writer_of_buffer(bytes, sizeof bytes);
    struct water_meter_series series;
    struct senml_entry entry;

    if (day == NULL)
        return CODEC_ERR_EMPTY;
    series_fill(meter, day, &series);
    int result = water_meter_series_encode(&series, LITRE_EXPONENT, &packed);
    if (result < 0)
        return result;
    memset(&entry, 0, sizeof entry);
    entry.base_name = span_of_text("/33424/0/");
    entry.name = span_of_text("21");
    entry.kind = SENML_BYTES;
    entry.text = writer_span(&packed);
    senml_cbor_put_pack(out, 1);
    return senml_cbor_put_entry(out, &entry);
}
