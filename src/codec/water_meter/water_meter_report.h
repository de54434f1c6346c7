/* What our NB-IoT water meter says, as one record, and its bytes.
 *
 * Data model: object 33424 "Prepaid water meter" (our profile of LwM2M), uCIFI 3424 Water meter, OMA 3 Device,
 * 4 Connectivity Monitoring, 10256 ECID signal. The meter encodes, the server decodes; both use the table in
 * water_meter_field.c, one row per value. */
#ifndef CODEC_WATER_METER_REPORT_H
#define CODEC_WATER_METER_REPORT_H

#include <stdint.h>

#include "base/span.h"
#include "base/writer.h"
#include "codec/lwm2m/lwm2m_path.h"
#include "codec/water_meter/water_meter_series.h"

#define WATER_METER_OBJECT 33424
#define WATER_METER_HISTORY_DAYS 7
#define WATER_METER_HISTORY_NONE UINT32_MAX /* no reading was latched at that midnight */
#define WATER_METER_TEXT_LIMIT 24           /* bytes of a text value, its zero included */
#define WATER_METER_PRICE_STEP_LIMIT 8
#define WATER_METER_PRICE_STEP_OPEN UINT32_MAX /* limit of the last step: it has none */
#define WATER_METER_REPORT_SIZE_LIMIT 320      /* bytes that always hold one encoded report without parameters */

/* One value the meter can state. The order is the order on the wire. */
enum water_meter_field {
    WATER_METER_ADDRESS,         /* address          /33424/0/0  meter number, BCD digits as text */
    WATER_METER_BALANCE,         /* balance_fen      /33424/0/1  remaining amount */
    WATER_METER_LOW_BALANCE,     /* low_balance_fen  /33424/0/2 */
    WATER_METER_OVERDRAFT,       /* overdraft_fen    /33424/0/3 */
    WATER_METER_VALVE,           /* valve_state      /33424/0/4  enum valve_state */
    WATER_METER_RECHARGE_SERIAL, /* recharge_serial  /33424/0/7  last serial applied */
    WATER_METER_HISTORY,         /* history_l        /33424/0/8 */
    WATER_METER_MIDNIGHT,        /* midnight_s       /33424/0/9  of history_l[0] */
    WATER_METER_ALARM_BITS,      /* alarm_bits       /33424/0/10 set of 1 << enum alarm */
    WATER_METER_REPORT_PERIOD,   /* report_period_s  /33424/0/11 */
    WATER_METER_REPORT_TIME,     /* report_time_s    /33424/0/12 after local midnight */
    WATER_METER_STAGGER,         /* stagger_ms       /33424/0/13 per slot; seconds on the wire */
    WATER_METER_PRICE_STEPS,     /* price_steps      /33424/0/14 */
    WATER_METER_FLOW_LIMIT,      /* flow_limit_ml_h  /33424/0/15 m3/h on the wire */
    WATER_METER_LEAK_LIMIT,      /* leak_limit_ml_h  /33424/0/16 L/h on the wire */
    WATER_METER_LEAK_TIME,       /* leak_time_min    /33424/0/17 */
    WATER_METER_EARFCN,          /* earfcn           /33424/0/18, also taken from /10256/0/2 */
    WATER_METER_PHYSICAL_CELL,   /* physical_cell    /33424/0/19, also taken from /10256/0/0 */
    WATER_METER_CLOCK,           /* clock_s          the base time of the report; /33424/0/20 when alone */
    WATER_METER_VOLUME,          /* volume_ml        /3424/0/1   m3 on the wire */
    WATER_METER_RSRP,            /* rsrp_dbm         /4/0/2 */
    WATER_METER_CELL_ID,         /* cell_id          /4/0/8 */
    WATER_METER_SNR,             /* snr_db           /4/0/11 */
    WATER_METER_COVERAGE,        /* coverage_level   /4/0/13     0, 1, 2; on the wire 1, 2, 3 */
    WATER_METER_MAKER,           /* maker            /3/0/0 */
    WATER_METER_TYPE,            /* type             /3/0/17 */
    WATER_METER_FIRMWARE,        /* firmware_version /3/0/3      "1.2.3" on the wire */
    WATER_METER_BATTERY,         /* battery_mv       /3/0/7/0 */
    WATER_METER_BATTERY_LEVEL,   /* battery_percent  /3/0/9 */
    WATER_METER_FIELD_COUNT
};

#define WATER_METER_BIT(field) ((uint32_t)1 << (field))

/* The daily frame of S3-094: cumulative use, remaining amount, seven days, address, maker, type, time, state, RSRP,
 * SNR, ECL, PCI, cell, EARFCN, battery. */
#define WATER_METER_FIELDS_DAILY \
    (WATER_METER_FIELDS_STEADY | WATER_METER_BIT(WATER_METER_ADDRESS) | WATER_METER_BIT(WATER_METER_MAKER) | \
     WATER_METER_BIT(WATER_METER_TYPE))

/* The daily frame without what never changes (address, maker, type): below 200 bytes. */
#define WATER_METER_FIELDS_STEADY \
    (WATER_METER_BIT(WATER_METER_BALANCE) | WATER_METER_BIT(WATER_METER_VALVE) | \
     WATER_METER_BIT(WATER_METER_RECHARGE_SERIAL) | WATER_METER_BIT(WATER_METER_HISTORY) | \
     WATER_METER_BIT(WATER_METER_MIDNIGHT) | WATER_METER_BIT(WATER_METER_ALARM_BITS) | \
     WATER_METER_BIT(WATER_METER_EARFCN) | WATER_METER_BIT(WATER_METER_PHYSICAL_CELL) | \
     WATER_METER_BIT(WATER_METER_CLOCK) | WATER_METER_BIT(WATER_METER_VOLUME) | WATER_METER_BIT(WATER_METER_RSRP) | \
     WATER_METER_BIT(WATER_METER_CELL_ID) | WATER_METER_BIT(WATER_METER_SNR) | \
     WATER_METER_BIT(WATER_METER_COVERAGE) | WATER_METER_BIT(WATER_METER_BATTERY))

/* An event sent at once (S3-084, below 100 bytes S3-129): the state it left behind, the register, the clock. */
#define WATER_METER_FIELDS_EVENT \
    (WATER_METER_BIT(WATER_METER_ALARM_BITS) | WATER_METER_BIT(WATER_METER_VALVE) | \
     WATER_METER_BIT(WATER_METER_BALANCE) | WATER_METER_BIT(WATER_METER_VOLUME) | WATER_METER_BIT(WATER_METER_CLOCK))

/* The parameters a platform may write. */
#define WATER_METER_FIELDS_PARAMETER \
    (WATER_METER_BIT(WATER_METER_LOW_BALANCE) | WATER_METER_BIT(WATER_METER_OVERDRAFT) | \
     WATER_METER_BIT(WATER_METER_REPORT_PERIOD) | WATER_METER_BIT(WATER_METER_REPORT_TIME) | \
     WATER_METER_BIT(WATER_METER_STAGGER) | WATER_METER_BIT(WATER_METER_PRICE_STEPS) | \
     WATER_METER_BIT(WATER_METER_FLOW_LIMIT) | WATER_METER_BIT(WATER_METER_LEAK_LIMIT) | \
     WATER_METER_BIT(WATER_METER_LEAK_TIME))

/* Water up to `limit_l` of the cycle costs `price`; the last step has WATER_METER_PRICE_STEP_OPEN. */
struct water_meter_price_step {
    uint32_t limit_l;
    uint32_t price; /* 0.0001 yuan per m3 */
};

struct water_meter_price_steps {
    uint8_t count; /* 1 to WATER_METER_PRICE_STEP_LIMIT */
    struct water_meter_price_step steps[WATER_METER_PRICE_STEP_LIMIT];
};

/* Only the members whose bit is set in `present` mean anything. */
struct water_meter_report {
    uint32_t present; /* set of WATER_METER_BIT(field) */
    int64_t balance_fen;
    int64_t low_balance_fen;
    int64_t overdraft_fen;
    int64_t valve_state;
    int64_t recharge_serial;
    int64_t midnight_s; /* since 1970 UTC */
    int64_t alarm_bits;
    int64_t report_period_s;
    int64_t report_time_s;
    int64_t stagger_ms;
    int64_t flow_limit_ml_h;
    int64_t leak_limit_ml_h;
    int64_t leak_time_min;
    int64_t earfcn;
    int64_t physical_cell;
    int64_t clock_s; /* the device's own clock, since 1970 UTC; believed as stated, however wrong */
    int64_t volume_ml;
    int64_t rsrp_dbm;
    int64_t cell_id;
    int64_t snr_db;
    int64_t coverage_level; /* 0, 1, 2 */
    int64_t firmware_version; /* major << 16 | minor << 8 | patch */
    int64_t battery_mv;
    int64_t battery_percent;
    uint32_t history_l[WATER_METER_HISTORY_DAYS]; /* midnight readings, newest first; WATER_METER_HISTORY_NONE */
    char address[WATER_METER_TEXT_LIMIT];         /* zero-terminated, as maker and type */
    char maker[WATER_METER_TEXT_LIMIT];
    char type[WATER_METER_TEXT_LIMIT];
    struct water_meter_price_steps price_steps;
};

/* Write the present fields as one SenML-CBOR pack (content format 112; RFC 8428, 6).
 * Numbers take the shortest exact form: integer, or the smallest IEEE float that reads back as the same value at the
 * field's scale. An empty `present` writes an empty pack.
 * out      appended to; on failure it may hold a part, and the caller drops the message
 * returns  0; CODEC_ERR_FULL; CODEC_ERR_RANGE for a value the wire form cannot hold; CODEC_ERR_TOO_LONG for a text
 *          without its zero */
int water_meter_report_encode(const struct water_meter_report *report, struct writer *out);

/* Read what a water meter sent: a Send, a notification or the answer to a Read.
 * Passed over: unknown resources, other instances than 0, coverage 0 (none) and above level 2, firmware texts that are
 * no "1.2.3". Texts are cut to the limit. An RSRP of 0 to 97 is a module's raw index and becomes dBm. Of a resource
 * that is stated for several times the newest counts. How far a value is from sense is not judged here.
 * content_format  112 and 110 SenML, 11542 TLV, 0 text and 42 opaque of one resource, 60 plain CBOR of one resource
 * base            the path that was asked or is observed; the root for a Send and for composite answers
 * out             written on success only; `present` says what was found. The newest SenML time is taken as `clock_s`
 *                 unless resource 20 is there
 * returns         number of fields found, 0 when the payload is sound but says nothing known;
 *                 CODEC_ERR_UNSUPPORTED for another content format; CODEC_ERR_TYPE or CODEC_ERR_RANGE for a value
 *                 that cannot be what the field means; other CODEC_ERR_* for damaged bytes */
int water_meter_report_decode(int32_t content_format, struct lwm2m_path base, struct span payload,
                              struct water_meter_report *out);

/* As water_meter_report_decode, and the register at regular instants: resource 21, or two and more volumes with times of
 * the quarter-hour grid in one SenML pack. Instants of a series are neither the volume nor the clock of the report.
 * series   written on success; count 0 when the payload has none. When a pack has both, resource 21 counts
 * returns  as water_meter_report_decode; water_meter_series_decode and water_meter_instants_series for a series that is
 *          none, but volumes that are not on the grid are no error: of them the newest counts */
int water_meter_message_decode(int32_t content_format, struct lwm2m_path base, struct span payload,
                               struct water_meter_report *out, struct water_meter_series *series);

/* The fields at or below `path`, to answer a Read: the set to encode, 0 when the meter has nothing there. */
uint32_t water_meter_fields_at(struct lwm2m_path path);

/* The fields that a composite Read asks for (FETCH, SenML pack of names).
 * returns  0 and *fields, an empty set when it names nothing known; CODEC_ERR_UNSUPPORTED; CODEC_ERR_* of damage */
int water_meter_fields_asked(int32_t content_format, struct span payload, uint32_t *fields);

/* The path of a field, instance 0. */
struct lwm2m_path water_meter_field_path(enum water_meter_field field);

#endif
