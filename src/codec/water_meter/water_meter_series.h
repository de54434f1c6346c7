/* The register of a water meter at regular instants, as resource 33424/0/21 carries it and as a SenML pack lists it.
 *
 *   0  1  2  3  4        8
 *   +--+--+--+--+--------+-- - -+
 *   |01|min|e |n | start | codes |    one code an instant, n of them
 *   +--+--+--+--+--------+-- - -+
 *
 * min: minutes between two instants, 15, 30 or 60. e: a count is 10^e ml, 0 to 6 (3: litres). n: 1 to 96 instants.
 * start: of the first one, s since 1970 UTC, most significant byte first. A code is 7 bits a byte, the lowest first, the
 * highest bit set on all bytes but the last: 0 says that nothing was latched; any other is one more than the difference
 * to the instant latched before (of the first: to 0), signs folded as 0, -1, 1, -2, 2 ... A day of a household is 120 to
 * 200 bytes. */
#ifndef CODEC_WATER_METER_SERIES_H
#define CODEC_WATER_METER_SERIES_H

#include <stdint.h>

#include "base/span.h"
#include "base/writer.h"

#define WATER_METER_SERIES_LIMIT 96
#define WATER_METER_SERIES_NONE INT64_MIN /* nothing was latched at this instant */
#define WATER_METER_SERIES_EXPONENT_LIMIT 6
#define WATER_METER_SERIES_VALUE_LIMIT INT64_C(1000000000000000) /* ml; beyond any dial */
#define WATER_METER_SERIES_SIZE_LIMIT (8 + 9 * WATER_METER_SERIES_LIMIT) /* bytes that always hold an encoded series */

struct water_meter_series {
    int64_t start_s;     /* of values_ml[0], since 1970 UTC */
    uint16_t interval_s; /* 900, 1800, 3600 */
    uint16_t count;      /* 1 to WATER_METER_SERIES_LIMIT; 0: no series */
    int64_t values_ml[WATER_METER_SERIES_LIMIT]; /* WATER_METER_SERIES_NONE, or within -+WATER_METER_SERIES_VALUE_LIMIT */
};

/* Whether instants may be so far apart. */
int water_meter_series_interval_known(int64_t interval_s);

/* Append the bytes of resource 21.
 * exponent  of the wire's count; what is finer is cut towards zero
 * returns   0; CODEC_ERR_RANGE for an exponent, interval, count, start or value outside its bounds; CODEC_ERR_FULL */
int water_meter_series_encode(const struct water_meter_series *series, unsigned exponent, struct writer *out);

/* Read the bytes of resource 21.
 * out      written on success only; values behind `count` are left alone
 * returns  0; CODEC_ERR_SHORT; CODEC_ERR_TRAILING; CODEC_ERR_VERSION for another first byte; CODEC_ERR_RANGE;
 *          CODEC_ERR_EMPTY when no instant has a value */
int water_meter_series_decode(struct span bytes, struct water_meter_series *out);

/* Append a SenML-CBOR pack of the same series: the path of the volume as base name, the first instant as base time, the
 * dial there as base value, then a time and a volume of m3 each. Instants without a value are left out.
 * returns  0; CODEC_ERR_RANGE as water_meter_series_encode; CODEC_ERR_EMPTY; CODEC_ERR_FULL */
int water_meter_series_put_pack(const struct water_meter_series *series, struct writer *out);

/* Instants as they come from a pack, in any order, until all are known. */
struct water_meter_instants {
    uint16_t count;   /* of all that came; those beyond the limit are not kept, and then there is no series */
    int64_t times_ms[WATER_METER_SERIES_LIMIT + 1];
    int64_t values_ml[WATER_METER_SERIES_LIMIT + 1];
};

void water_meter_instants_add(struct water_meter_instants *instants, int64_t time_ms, int64_t value_ml);

/* Make a series of them: two or more values at whole multiples of 15 minutes; the interval is the largest of 15, 30 and 60
 * minutes that fits all. A newest value at any other time is the dial of now, no part of the series.
 * rest     1 when the newest value stays outside the series, else 0
 * returns  0; CODEC_ERR_EMPTY when they are no series; CODEC_ERR_DUPLICATE for two values at one instant;
 *          CODEC_ERR_RANGE when they lie further apart than a series reaches, or a value beyond any dial */
int water_meter_instants_series(const struct water_meter_instants *instants, int *rest, struct water_meter_series *out);

#endif
