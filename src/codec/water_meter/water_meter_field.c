#include "codec/water_meter/water_meter_field.h"

#include <string.h>

#include "base/text.h"
#include "codec/codec_error.h"

#define MEMBER(name) (uint16_t) offsetof(struct water_meter_report, name)
#define NUMBER WATER_METER_FORM_NUMBER
#define TEXT WATER_METER_FORM_TEXT
#define INTEGER LWM2M_TYPE_INTEGER
#define FLOAT LWM2M_TYPE_FLOAT
#define STRING LWM2M_TYPE_STRING
#define OPAQUE LWM2M_TYPE_OPAQUE
#define TIME LWM2M_TYPE_TIME

#define COVERAGE_LEVEL_MAX 2
#define RSRP_INDEX_MAX 97   /* TS 36.133 9.1.4 */
#define RSRP_INDEX_ZERO 140 /* dBm = index - 140 */

/* In the order of enum water_meter_field.
 * object resource multiple form type scale member */
static const struct water_meter_field_info fields[WATER_METER_FIELD_COUNT] = {
    { 33424, 0, false, TEXT, STRING, 0, MEMBER(address) },
    { 33424, 1, false, NUMBER, FLOAT, 2, MEMBER(balance_fen) },
    { 33424, 2, false, NUMBER, FLOAT, 2, MEMBER(low_balance_fen) },
    { 33424, 3, false, NUMBER, FLOAT, 2, MEMBER(overdraft_fen) },
    { 33424, 4, false, NUMBER, INTEGER, 0, MEMBER(valve_state) },
    { 33424, 7, false, NUMBER, INTEGER, 0, MEMBER(recharge_serial) },
    { 33424, 8, false, WATER_METER_FORM_HISTORY, OPAQUE, 0, MEMBER(history_l) },
    { 33424, 9, false, NUMBER, TIME, 0, MEMBER(midnight_s) },
    { 33424, 10, false, NUMBER, INTEGER, 0, MEMBER(alarm_bits) },
    { 33424, 11, false, NUMBER, INTEGER, 0, MEMBER(report_period_s) },
    { 33424, 12, false, NUMBER, INTEGER, 0, MEMBER(report_time_s) },
    { 33424, 13, false, NUMBER, INTEGER, 3, MEMBER(stagger_ms) },
    { 33424, 14, false, WATER_METER_FORM_PRICE_STEPS, OPAQUE, 0, MEMBER(price_steps) },
    { 33424, 15, false, NUMBER, FLOAT, 6, MEMBER(flow_limit_ml_h) },
    { 33424, 16, false, NUMBER, FLOAT, 3, MEMBER(leak_limit_ml_h) },
    { 33424, 17, false, NUMBER, INTEGER, 0, MEMBER(leak_time_min) },
    { 33424, 18, false, NUMBER, INTEGER, 0, MEMBER(earfcn) },
    { 33424, 19, false, NUMBER, INTEGER, 0, MEMBER(physical_cell) },
    { 33424, 20, false, NUMBER, TIME, 0, MEMBER(clock_s) },
    { 3424, 1, false, NUMBER, FLOAT, 6, MEMBER(volume_ml) },
    { 4, 2, false, WATER_METER_FORM_RSRP, INTEGER, 0, MEMBER(rsrp_dbm) },
    { 4, 8, false, NUMBER, INTEGER, 0, MEMBER(cell_id) },
    { 4, 11, false, NUMBER, INTEGER, 0, MEMBER(snr_db) },
    { 4, 13, false, WATER_METER_FORM_COVERAGE, INTEGER, 0, MEMBER(coverage_level) },
    { 3, 0, false, TEXT, STRING, 0, MEMBER(maker) },
    { 3, 17, false, TEXT, STRING, 0, MEMBER(type) },
    { 3, 3, false, WATER_METER_FORM_VERSION, STRING, 0, MEMBER(firmware_version) },
    { 3, 7, true, NUMBER, INTEGER, 0, MEMBER(battery_mv) },
    { 3, 9, false, NUMBER, INTEGER, 0, MEMBER(battery_percent) },
};

const struct water_meter_field_info *water_meter_field_info(enum water_meter_field field)
{
    return &fields[field];
}

enum water_meter_field water_meter_field_find(struct lwm2m_path path)
{
    if (path.depth < 3 || path.ids[1] != 0 || (path.depth == 4 && path.ids[3] != 0))
        return WATER_METER_FIELD_COUNT;
    if (path.ids[0] == 10256)
        return path.ids[2] == 0   ? WATER_METER_PHYSICAL_CELL
               : path.ids[2] == 2 ? WATER_METER_EARFCN
                                  : WATER_METER_FIELD_COUNT;
    for (int field = 0; field < WATER_METER_FIELD_COUNT; field++)
        if (fields[field].object == path.ids[0] && fields[field].resource == path.ids[2])
            return (enum water_meter_field)field;
    return WATER_METER_FIELD_COUNT;
}

struct lwm2m_path water_meter_field_path(enum water_meter_field field)
{
    return lwm2m_path_of_resource(fields[field].object, 0, fields[field].resource);
}

uint32_t water_meter_fields_at(struct lwm2m_path path)
{
    uint32_t set = 0;

    if (path.depth == LWM2M_PATH_DEPTH_LIMIT) {
        if (path.ids[3] != 0)
            return 0;
        path.depth = 3;
    }
    for (int field = 0; field < WATER_METER_FIELD_COUNT; field++)
        if (lwm2m_path_is_within(water_meter_field_path((enum water_meter_field)field), path))
            set |= WATER_METER_BIT(field);
    return set;
}

int water_meter_price_steps_encode(const struct water_meter_price_steps *steps, struct writer *out)
{
    if (steps->count < 1 || steps->count > WATER_METER_PRICE_STEP_LIMIT)
        return CODEC_ERR_RANGE;
    writer_put_u8(out, steps->count);
    for (unsigned i = 0; i < steps->count; i++) {
        if (i > 0 && steps->steps[i].limit_l <= steps->steps[i - 1].limit_l)
            return CODEC_ERR_RANGE;
        writer_put_u32be(out, steps->steps[i].limit_l);
        writer_put_u32be(out, steps->steps[i].price);
    }
    if (steps->steps[steps->count - 1].limit_l != WATER_METER_PRICE_STEP_OPEN)
        return CODEC_ERR_RANGE;
    return out->overflow ? CODEC_ERR_FULL : 0;
}

static uint32_t u32be_at(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

int water_meter_price_steps_decode(struct span bytes, struct water_meter_price_steps *out)
{
    struct water_meter_price_steps steps;

    if (bytes.size < 1 || bytes.size != 1 + 8 * (size_t)bytes.bytes[0])
        return CODEC_ERR_FORMAT;
    memset(&steps, 0, sizeof steps);
    steps.count = bytes.bytes[0];
    if (steps.count < 1 || steps.count > WATER_METER_PRICE_STEP_LIMIT)
        return CODEC_ERR_RANGE;
    for (unsigned i = 0; i < steps.count; i++) {
        steps.steps[i].limit_l = u32be_at(bytes.bytes + 1 + 8 * i);
        steps.steps[i].price = u32be_at(bytes.bytes + 5 + 8 * i);
        if (i > 0 && steps.steps[i].limit_l <= steps.steps[i - 1].limit_l)
            return CODEC_ERR_RANGE;
    }
    if (steps.steps[steps.count - 1].limit_l != WATER_METER_PRICE_STEP_OPEN)
        return CODEC_ERR_RANGE;
    *out = steps;
    return 0;
}

/* Newest first; days that are not stated are none. */
static int history_decode(struct span bytes, uint32_t *history_l)
{
    if (bytes.size % 4 != 0 || bytes.size > 4 * WATER_METER_HISTORY_DAYS)
        return CODEC_ERR_FORMAT;
    for (size_t day = 0; day < WATER_METER_HISTORY_DAYS; day++)
        history_l[day] = 4 * day < bytes.size ? u32be_at(bytes.bytes + 4 * day) : WATER_METER_HISTORY_NONE;
    return 0;
}

/* "1.2.3", each part 0 to 255, the last two optional.
 * returns  0; CODEC_ERR_FORMAT */
static int version_parse(struct span text, int64_t *out)
{
    uint32_t parts[3] = { 0, 0, 0 };
    unsigned part = 0, digits = 0;

    for (size_t i = 0; i < text.size; i++) {
        uint8_t character = text.bytes[i];
        if (character == '.' && digits > 0 && part < 2) {
            part++;
            digits = 0;
            continue;
        }
        if (character < '0' || character > '9')
            return CODEC_ERR_FORMAT;
        parts[part] = parts[part] * 10 + (uint32_t)(character - '0');
        digits++;
        if (parts[part] > 255)
            return CODEC_ERR_FORMAT;
    }
    if (digits == 0)
        return CODEC_ERR_FORMAT;
    *out = (int64_t)(parts[0] << 16 | parts[1] << 8 | parts[2]);
    return 0;
}

static void decimal_put(struct writer *out, unsigned value)
{
    if (value >= 100)
        writer_put_u8(out, (uint8_t)('0' + value / 100));
    if (value >= 10)
        writer_put_u8(out, (uint8_t)('0' + value / 10 % 10));
    writer_put_u8(out, (uint8_t)('0' + value % 10));
}

static int version_write(int64_t version, struct writer *out)
{
    if (version < 0 || version > 0xffffff)
        return CODEC_ERR_RANGE;
    decimal_put(out, (unsigned)(version >> 16) & 255u);
    writer_put_u8(out, '.');
    decimal_put(out, (unsigned)(version >> 8) & 255u);
    writer_put_u8(out, '.');
    decimal_put(out, (unsigned)version & 255u);
    return 0;
}

static void *member_of(struct water_meter_report *report, enum water_meter_field field)
{
    return (uint8_t *)report + fields[field].member;
}

static int number_take(struct water_meter_report *report, enum water_meter_field field,
                       const struct lwm2m_value *value)
{
    const struct water_meter_field_info *info = &fields[field];
    int64_t number;
    int result = lwm2m_value_scaled(value, (enum lwm2m_type)info->type, info->scale, &number);

    if (result < 0)
        return result;
    if (info->form == WATER_METER_FORM_RSRP && number >= 0 && number <= RSRP_INDEX_MAX)
        number -= RSRP_INDEX_ZERO;
    if (info->form == WATER_METER_FORM_COVERAGE) {
        if (number < 1 || number > COVERAGE_LEVEL_MAX + 1)
            return 0;
        number -= 1;
    }
    memcpy(member_of(report, field), &number, sizeof number);
    report->present |= WATER_METER_BIT(field);
    return 0;
}

static int text_take(struct water_meter_report *report, enum water_meter_field field, struct span text)
{
    char *member = member_of(report, field);

    while (text.size > 0 && text.bytes[text.size - 1] == 0)
        text.size--;
    if (text_utf8_check(text) < 0)
        return CODEC_ERR_TYPE;
    text.size = text_utf8_cut(text, WATER_METER_TEXT_LIMIT - 1);
    if (span_find_byte(text, 0) >= 0)
        return CODEC_ERR_TYPE;
    memset(member, 0, WATER_METER_TEXT_LIMIT);
    if (text.size > 0)
        memcpy(member, text.bytes, text.size);
    report->present |= WATER_METER_BIT(field);
    return 0;
}

static int bytes_take(struct water_meter_report *report, enum water_meter_field field, struct span bytes)
{
    int result = 0;

    switch (fields[field].form) {
    case WATER_METER_FORM_TEXT:
        return text_take(report, field, bytes);
    case WATER_METER_FORM_HISTORY:
        result = history_decode(bytes, report->history_l);
        break;
    case WATER_METER_FORM_PRICE_STEPS:
        result = water_meter_price_steps_decode(bytes, &report->price_steps);
        break;
    default:
        if (version_parse(bytes, &report->firmware_version) < 0)
            return 0;
        break;
    }
    if (result == 0)
        report->present |= WATER_METER_BIT(field);
    return result;
}

int water_meter_field_take(struct water_meter_report *report, enum water_meter_field field,
                           const struct lwm2m_value *value)
{
    uint8_t buffer[256];
    struct writer bytes = writer_of_buffer(buffer, sizeof buffer);

    if (fields[field].form <= WATER_METER_FORM_RSRP)
        return number_take(report, field, value);
    int result = lwm2m_value_bytes(value, &bytes);
    if (result == CODEC_ERR_FULL)
        return CODEC_ERR_RANGE;
    return result < 0 ? result : bytes_take(report, field, writer_span(&bytes));
}

static int number_entry(int64_t number, const struct water_meter_field_info *info, struct senml_entry *entry)
{
    if (info->form == WATER_METER_FORM_COVERAGE) {
        if (number < 0 || number > COVERAGE_LEVEL_MAX)
            return CODEC_ERR_RANGE;
        number += 1;
    }
    entry->kind = SENML_NUMBER;
    entry->number = number;
    entry->scale = info->scale;
    return 0;
}

static int text_entry(const char *member, struct senml_entry *entry)
{
    const char *end = memchr(member, 0, WATER_METER_TEXT_LIMIT);
    if (end == NULL)
        return CODEC_ERR_TOO_LONG;
    entry->kind = SENML_TEXT;
    entry->text = span_of_bytes(member, (size_t)(end - member));
    return 0;
}

int water_meter_field_entry(const struct water_meter_report *report, enum water_meter_field field, uint8_t *buffer,
                            struct senml_entry *entry)
{
    const struct water_meter_field_info *info = &fields[field];
    const void *member = (const uint8_t *)report + info->member;
    struct writer bytes = writer_of_buffer(buffer, WATER_METER_FIELD_BUFFER);
    int64_t number;
    int result = 0;

    if (info->form <= WATER_METER_FORM_RSRP) {
        memcpy(&number, member, sizeof number);
        return number_entry(number, info, entry);
    }
    if (info->form == WATER_METER_FORM_TEXT)
        return text_entry(member, entry);
    entry->kind = info->form == WATER_METER_FORM_VERSION ? SENML_TEXT : SENML_BYTES;
    if (info->form == WATER_METER_FORM_VERSION)
        result = version_write(report->firmware_version, &bytes);
    else if (info->form == WATER_METER_FORM_PRICE_STEPS)
        result = water_meter_price_steps_encode(&report->price_steps, &bytes);
    else
        for (unsigned day = 0; day < WATER_METER_HISTORY_DAYS; day++)
            writer_put_u32be(&bytes, report->history_l[day]);
    entry->text = writer_span(&bytes);
    return result;
}
