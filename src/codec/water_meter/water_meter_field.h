/* The table of what a water meter can state: one row per value, walked by reports and commands alike. */
#ifndef CODEC_WATER_METER_FIELD_H
#define CODEC_WATER_METER_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "codec/lwm2m/lwm2m_payload.h"
#include "codec/water_meter/water_meter_report.h"

enum water_meter_form {
    WATER_METER_FORM_NUMBER,
    WATER_METER_FORM_COVERAGE, /* a number, one more on the wire */
    WATER_METER_FORM_RSRP,     /* a number, raw index accepted */
    WATER_METER_FORM_TEXT,
    WATER_METER_FORM_VERSION,  /* a text on the wire */
    WATER_METER_FORM_HISTORY,
    WATER_METER_FORM_PRICE_STEPS
};

struct water_meter_field_info {
    uint16_t object;
    uint8_t resource;
    bool is_multiple; /* the standard wants resource instance 0 */
    uint8_t form;     /* enum water_meter_form */
    uint8_t type;     /* enum lwm2m_type, how TLV and text are understood */
    uint8_t scale;    /* member = wire value * 10^scale */
    uint16_t member;  /* offset in struct water_meter_report; int64_t for numbers, char[] for texts */
};

/* Row of a field; `field` must be below WATER_METER_FIELD_COUNT. */
const struct water_meter_field_info *water_meter_field_info(enum water_meter_field field);

/* The field at a resource; WATER_METER_FIELD_COUNT when there is none. */
enum water_meter_field water_meter_field_find(struct lwm2m_path path);

/* Take a value into its member and set its bit; values that say nothing are passed over.
 * returns  0; CODEC_ERR_TYPE; CODEC_ERR_RANGE; CODEC_ERR_FORMAT */
int water_meter_field_take(struct water_meter_report *report, enum water_meter_field field,
                           const struct lwm2m_value *value);

/* A member as it goes on the wire.
 * buffer   room for texts and bytes, at least WATER_METER_FIELD_BUFFER; entry->text may point into it
 * returns  0; CODEC_ERR_RANGE; CODEC_ERR_TOO_LONG */
#define WATER_METER_FIELD_BUFFER 72
int water_meter_field_entry(const struct water_meter_report *report, enum water_meter_field field, uint8_t *buffer,
                            struct senml_entry *entry);

/* The bytes of resource 14, both ways. Steps are 1 to WATER_METER_PRICE_STEP_LIMIT with ascending limits, the last open.
 * returns  0; CODEC_ERR_RANGE; CODEC_ERR_FORMAT; CODEC_ERR_FULL */
int water_meter_price_steps_encode(const struct water_meter_price_steps *steps, struct writer *out);
int water_meter_price_steps_decode(struct span bytes, struct water_meter_price_steps *out);

#endif
