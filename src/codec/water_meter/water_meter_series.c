#include "codec/water_meter/water_meter_series.h"

#include <stdbool.h>

#include "base/reader.h"
#include "codec/codec_error.h"
#include "codec/senml/cbor_writer.h"
#include "codec/senml/senml_record.h"

#define SERIES_FORMAT 1
#define GRID_MS INT64_C(900000)
#define MS_PER_S 1000
#define S_PER_MIN 60
#define M3_SCALE 6 /* 1 m3 is 10^6 ml */
#define CODE_BITS 7
#define CODE_BITS_LIMIT 56 /* a folded difference of two values within the limit has 52 */

static const uint16_t intervals_s[] = { 3600, 1800, 900 }; /* longest first */

int water_meter_series_interval_known(int64_t interval_s)
{
    for (size_t i = 0; i < sizeof intervals_s / sizeof intervals_s[0]; i++)
        if (intervals_s[i] == interval_s)
            return 1;
    return 0;
}

static int64_t power_of_ten(unsigned exponent)
{
    int64_t power = 1;
    for (; exponent > 0; exponent--)
        power *= 10;
    return power;
}

static bool value_is_allowed(int64_t value_ml)
{
    return value_ml >= -WATER_METER_SERIES_VALUE_LIMIT && value_ml <= WATER_METER_SERIES_VALUE_LIMIT;
}

static bool series_is_allowed(const struct water_meter_series *series)
{
    if (series->count < 1 || series->count > WATER_METER_SERIES_LIMIT || series->start_s < 0 ||
        series->start_s > UINT32_MAX || !water_meter_series_interval_known(series->interval_s))
        return false;
    for (unsigned i = 0; i < series->count; i++)
        if (series->values_ml[i] != WATER_METER_SERIES_NONE && !value_is_allowed(series->values_ml[i]))
            return false;
    return true;
}

static void code_put(struct writer *out, uint64_t code)
{
    for (; code >> CODE_BITS != 0; code >>= CODE_BITS)
        writer_put_u8(out, (uint8_t)(code | 1u << CODE_BITS));
    writer_put_u8(out, (uint8_t)code);
}

int water_meter_series_encode(const struct water_meter_series *series, unsigned exponent, struct writer *out)
{
    if (exponent > WATER_METER_SERIES_EXPONENT_LIMIT || !series_is_allowed(series))
        return CODEC_ERR_RANGE;
    int64_t unit_ml = power_of_ten(exponent), last = 0;
    writer_put_u8(out, SERIES_FORMAT);
    writer_put_u8(out, (uint8_t)(series->interval_s / S_PER_MIN));
    writer_put_u8(out, (uint8_t)exponent);
    writer_put_u8(out, (uint8_t)series->count);
    writer_put_u32be(out, (uint32_t)series->start_s);
    for (unsigned i = 0; i < series->count; i++) {
        if (series->values_ml[i] == WATER_METER_SERIES_NONE) {
            code_put(out, 0);
            continue;
        }
        int64_t value = series->values_ml[i] / unit_ml;
        int64_t difference = value - last;
        uint64_t folded = difference < 0 ? (uint64_t)(-(difference + 1)) * 2 + 1 : (uint64_t)difference * 2;
        code_put(out, folded + 1);
        last = value;
    }
    return out->overflow ? CODEC_ERR_FULL : 0;
}

static int code_take(struct reader *in, uint64_t *code)
{
    uint64_t read = 0;
    uint8_t byte = 0;

    for (unsigned shift = 0; shift < CODE_BITS_LIMIT; shift += CODE_BITS) {
        if (reader_take_u8(in, &byte) != 0)
            return CODEC_ERR_SHORT;
        read |= (uint64_t)(byte & ((1u << CODE_BITS) - 1)) << shift;
        if (byte >> CODE_BITS == 0) {
            *code = read;
            return 0;
        }
    }
    return CODEC_ERR_RANGE;
}

/* The codes of all instants into values, which may be NULL; how many have one. */
static int codes_take(struct reader *in, int64_t unit_ml, unsigned count, int64_t *values_ml)
{
    int64_t last = 0;
    int latched = 0;

    for (unsigned i = 0; i < count; i++) {
        uint64_t code = 0;
        int error = code_take(in, &code);
        if (error != 0)
            return error;
        if (values_ml != NULL)
            values_ml[i] = WATER_METER_SERIES_NONE;
        if (code == 0)
            continue;
        uint64_t folded = code - 1;
        last += (folded & 1) != 0 ? -(int64_t)(folded >> 1) - 1 : (int64_t)(folded >> 1);
        if (last > WATER_METER_SERIES_VALUE_LIMIT / unit_ml || last < -WATER_METER_SERIES_VALUE_LIMIT / unit_ml)
            return CODEC_ERR_RANGE;
        if (values_ml != NULL)
            values_ml[i] = last * unit_ml;
        latched++;
    }
    return latched;
}

int water_meter_series_decode(struct span bytes, struct water_meter_series *out)
{
    struct reader in = reader_of_span(bytes);
    uint8_t format = 0, interval_min = 0, exponent = 0, count = 0;
    uint32_t start_s = 0;

    if (reader_take_u8(&in, &format) != 0 || reader_take_u8(&in, &interval_min) != 0 ||
        reader_take_u8(&in, &exponent) != 0 || reader_take_u8(&in, &count) != 0 ||
        reader_take_u32be(&in, &start_s) != 0)
        return CODEC_ERR_SHORT;
    if (format != SERIES_FORMAT)
        return CODEC_ERR_VERSION;
    if (exponent > WATER_METER_SERIES_EXPONENT_LIMIT || count < 1 || count > WATER_METER_SERIES_LIMIT ||
        !water_meter_series_interval_known(interval_min * S_PER_MIN))
        return CODEC_ERR_RANGE;
    /* Twice: first whether all of it is sound, then into the caller's memory, of which a meter has little. */
    struct reader again = in;
    int latched = codes_take(&in, power_of_ten(exponent), count, NULL);
    if (latched <= 0)
        return latched < 0 ? latched : CODEC_ERR_EMPTY;
    if (reader_remaining(&in) != 0)
        return CODEC_ERR_TRAILING;
    out->start_s = start_s;
    out->interval_s = (uint16_t)(interval_min * S_PER_MIN);
    out->count = count;
    (void)codes_take(&again, power_of_ten(exponent), count, out->values_ml);
    return 0;
}

static void first_put(int64_t start_s, int64_t value_ml, struct writer *out)
{
    cbor_put_integer(out, SENML_LABEL_BASE_NAME);
    cbor_put_text(out, span_of_text("/3424/0/1"));
    cbor_put_integer(out, SENML_LABEL_BASE_TIME);
    cbor_put_integer(out, start_s);
    cbor_put_integer(out, SENML_LABEL_BASE_VALUE);
    (void)cbor_put_decimal(out, value_ml, M3_SCALE);
}

int water_meter_series_put_pack(const struct water_meter_series *series, struct writer *out)
{
    unsigned latched = 0;
    int64_t first_ml = WATER_METER_SERIES_NONE;

    if (!series_is_allowed(series))
        return CODEC_ERR_RANGE;
    for (unsigned i = 0; i < series->count; i++)
        latched += series->values_ml[i] != WATER_METER_SERIES_NONE;
    if (latched == 0)
        return CODEC_ERR_EMPTY;
    cbor_put_array(out, latched);
    for (unsigned i = 0; i < series->count; i++) {
        if (series->values_ml[i] == WATER_METER_SERIES_NONE)
            continue;
        bool is_first = first_ml == WATER_METER_SERIES_NONE;
        cbor_put_map(out, is_first ? 5 : 2);
        if (is_first) {
            first_ml = series->values_ml[i];
            first_put(series->start_s, first_ml, out);
        }
        cbor_put_integer(out, SENML_LABEL_TIME);
        cbor_put_integer(out, (int64_t)i * series->interval_s);
        cbor_put_integer(out, SENML_LABEL_VALUE);
        if (cbor_put_decimal(out, series->values_ml[i] - first_ml, M3_SCALE) < 0)
            return CODEC_ERR_RANGE;
    }
    return out->overflow ? CODEC_ERR_FULL : 0;
}

void water_meter_instants_add(struct water_meter_instants *instants, int64_t time_ms, int64_t value_ml)
{
    if (instants->count <= WATER_METER_SERIES_LIMIT) {
        instants->times_ms[instants->count] = time_ms;
        instants->values_ml[instants->count] = value_ml;
    }
    if (instants->count < UINT16_MAX)
        instants->count++;
}

/* Where the newest one is that has a time of its own; `count` when all lie on the grid; -1 when an older one does not. */
static int outsider_find(const struct water_meter_instants *instants)
{
    int found = instants->count, newest = 0;

    for (int i = 0; i < instants->count; i++) {
        if (instants->times_ms[i] > instants->times_ms[newest])
            newest = i;
        if (instants->times_ms[i] % GRID_MS == 0)
            continue;
        if (found != instants->count)
            return -1;
        found = i;
    }
    return found == instants->count || found == newest ? found : -1;
}

/* The longest interval of which all distances from the first are multiples. */
static uint16_t interval_find(const struct water_meter_instants *instants, int outsider, int64_t first_ms)
{
    for (size_t k = 0; k < sizeof intervals_s / sizeof intervals_s[0]; k++) {
        bool fits = true;
        for (int i = 0; i < instants->count && fits; i++)
            fits = i == outsider || (instants->times_ms[i] - first_ms) % (intervals_s[k] * MS_PER_S) == 0;
        if (fits)
            return intervals_s[k];
    }
    return 0;
}

static int instants_place(const struct water_meter_instants *instants, int outsider, struct water_meter_series *series)
{
    for (unsigned i = 0; i < WATER_METER_SERIES_LIMIT; i++)
        series->values_ml[i] = WATER_METER_SERIES_NONE;
    for (int i = 0; i < instants->count; i++) {
        if (i == outsider)
            continue;
        int64_t place = (instants->times_ms[i] / MS_PER_S - series->start_s) / series->interval_s;
        if (place >= WATER_METER_SERIES_LIMIT || !value_is_allowed(instants->values_ml[i]))
            return CODEC_ERR_RANGE;
        if (series->values_ml[place] != WATER_METER_SERIES_NONE)
            return CODEC_ERR_DUPLICATE;
        series->values_ml[place] = instants->values_ml[i];
        if (series->count <= place)
            series->count = (uint16_t)(place + 1);
    }
    return 0;
}

int water_meter_instants_series(const struct water_meter_instants *instants, int *rest, struct water_meter_series *out)
{
    struct water_meter_series series;
    int64_t first_ms = INT64_MAX, last_ms = INT64_MIN;

    if (instants->count < 2 || instants->count > WATER_METER_SERIES_LIMIT + 1)
        return instants->count < 2 ? CODEC_ERR_EMPTY : CODEC_ERR_RANGE;
    int outsider = outsider_find(instants);
    if (outsider < 0 || (outsider < instants->count && instants->count == 2))
        return CODEC_ERR_EMPTY;
    for (int i = 0; i < instants->count; i++) {
        if (i != outsider && instants->times_ms[i] < first_ms)
            first_ms = instants->times_ms[i];
        if (i != outsider && instants->times_ms[i] > last_ms)
            last_ms = instants->times_ms[i];
    }
    if (first_ms < 0 || last_ms / MS_PER_S > UINT32_MAX)
        return CODEC_ERR_RANGE;
    series.start_s = first_ms / MS_PER_S;
    series.interval_s = interval_find(instants, outsider, first_ms);
    series.count = 0;
    int error = instants_place(instants, outsider, &series);
    if (error != 0)
        return error;
    *rest = outsider < instants->count;
    *out = series;
    return 0;
}
