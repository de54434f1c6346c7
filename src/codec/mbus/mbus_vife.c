#include "codec/mbus/mbus_vife.h"

#define CODE_MASK 0x7fu /* a VIFE without its extension bit */

#define ERROR(quality) \
    { \
        MBUS_VIFE_ERROR, ITEM_##quality \
    }
#define MODIFY(modifier) \
    { \
        MBUS_VIFE_MODIFY, ITEM_MODIFIER_##modifier \
    }
#define MOMENT(modifier) \
    { \
        MBUS_VIFE_MOMENT, ITEM_MODIFIER_##modifier \
    }
#define COUNT(modifier) \
    { \
        MBUS_VIFE_COUNT, ITEM_MODIFIER_##modifier \
    }
#define PHASE(phase) \
    { \
        MBUS_VIFE_PHASE, (phase) \
    }
#define MULTIPLY(exponent) \
    { \
        MBUS_VIFE_MULTIPLY, (exponent) \
    }
#define FOUR_DURATIONS(code, modifier) \
    [code] = { MBUS_VIFE_DURATION, ITEM_MODIFIER_##modifier }, \
    [(code) + 1] = { MBUS_VIFE_DURATION, ITEM_MODIFIER_##modifier }, \
    [(code) + 2] = { MBUS_VIFE_DURATION, ITEM_MODIFIER_##modifier }, \
    [(code) + 3] = { MBUS_VIFE_DURATION, ITEM_MODIFIER_##modifier }

/* Table 15, with the record errors of table 17 in front. A value beside an error is kept but doubted, unless the meter
 * says that it has none. */
const struct mbus_vife mbus_vife_table[MBUS_VIFE_TABLE_SIZE] = {
    [0x01] = ERROR(DOUBTED),
    [0x02] = ERROR(DOUBTED),
    [0x03] = ERROR(DOUBTED),
    [0x04] = ERROR(DOUBTED),
    [0x05] = ERROR(DOUBTED),
    [0x06] = ERROR(DOUBTED),
    [0x07] = ERROR(DOUBTED),
    [0x0b] = ERROR(DOUBTED),
    [0x0c] = ERROR(DOUBTED),
    [0x0d] = ERROR(DOUBTED),
    [0x0e] = ERROR(DOUBTED),
    [0x0f] = ERROR(DOUBTED),
    [0x12] = MODIFY(AVERAGE),
    [0x13] = MODIFY(INVERSE_PROFILE),
    [0x14] = MODIFY(RELATIVE_DEVIATION),
    [0x15] = ERROR(MISSING),
    [0x16] = ERROR(DOUBTED),
    [0x17] = ERROR(DOUBTED),
    [0x18] = ERROR(DOUBTED),
    [0x1c] = ERROR(DOUBTED),
    [0x1e] = MODIFY(REGISTER_PROFILE),
    [0x1f] = MODIFY(PROFILE),
    [0x20] = MODIFY(PER_SECOND),
    [0x21] = MODIFY(PER_MINUTE),
    [0x22] = MODIFY(PER_HOUR),
    [0x23] = MODIFY(PER_DAY),
    [0x24] = MODIFY(PER_WEEK),
    [0x25] = MODIFY(PER_MONTH),
    [0x26] = MODIFY(PER_YEAR),
    [0x27] = MODIFY(PER_REVOLUTION),
    [0x28] = MODIFY(PER_INPUT_PULSE_0),
    [0x29] = MODIFY(PER_INPUT_PULSE_1),
    [0x2a] = MODIFY(PER_OUTPUT_PULSE_0),
    [0x2b] = MODIFY(PER_OUTPUT_PULSE_1),
    [0x2c] = MODIFY(PER_LITRE),
    [0x2d] = MODIFY(PER_M3),
    [0x2e] = MODIFY(PER_KG),
    [0x2f] = MODIFY(PER_KELVIN),
    [0x30] = MODIFY(PER_KWH),
    [0x31] = MODIFY(PER_GJ),
    [0x32] = MODIFY(PER_KW),
    [0x33] = MODIFY(PER_KELVIN_LITRE),
    [0x34] = MODIFY(PER_VOLT),
    [0x35] = MODIFY(PER_AMPERE),
    [0x36] = MODIFY(TIMES_SECOND),
    [0x37] = MODIFY(TIMES_SECOND_PER_VOLT),
    [0x38] = MODIFY(TIMES_SECOND_PER_AMPERE),
    [0x39] = MOMENT(START_TIME),
    [0x3a] = MODIFY(UNCORRECTED),
    [0x3b] = MODIFY(FORWARD),
    [0x3c] = MODIFY(BACKWARD),
    [0x3d] = MODIFY(NON_METRIC),
    [0x3e] = MODIFY(BASE_CONDITIONS),
    [0x3f] = MODIFY(OBIS),
    [0x40] = MODIFY(LOWER_LIMIT),
    [0x41] = COUNT(LOWER_EXCEEDS),
    [0x42] = MOMENT(LOWER_FIRST_BEGIN),
    [0x43] = MOMENT(LOWER_FIRST_END),
    [0x46] = MOMENT(LOWER_LAST_BEGIN),
    [0x47] = MOMENT(LOWER_LAST_END),
    [0x48] = MODIFY(UPPER_LIMIT),
    [0x49] = COUNT(UPPER_EXCEEDS),
    [0x4a] = MOMENT(UPPER_FIRST_BEGIN),
    [0x4b] = MOMENT(UPPER_FIRST_END),
    [0x4e] = MOMENT(UPPER_LAST_BEGIN),
    [0x4f] = MOMENT(UPPER_LAST_END),
    FOUR_DURATIONS(0x50, LOWER_FIRST_DURATION),
    FOUR_DURATIONS(0x54, LOWER_LAST_DURATION),
    FOUR_DURATIONS(0x58, UPPER_FIRST_DURATION),
    FOUR_DURATIONS(0x5c, UPPER_LAST_DURATION),
    FOUR_DURATIONS(0x60, FIRST_DURATION),
    FOUR_DURATIONS(0x64, LAST_DURATION),
    [0x68] = MODIFY(DURING_LOWER),
    [0x69] = MODIFY(LEAKAGE),
    [0x6a] = MOMENT(FIRST_BEGIN),
    [0x6b] = MOMENT(FIRST_END),
    [0x6c] = MODIFY(DURING_UPPER),
    [0x6d] = MODIFY(OVERFLOW),
    [0x6e] = MOMENT(LAST_BEGIN),
    [0x6f] = MOMENT(LAST_END),
    [0x70] = MULTIPLY(-6),
    [0x71] = MULTIPLY(-5),
    [0x72] = MULTIPLY(-4),
    [0x73] = MULTIPLY(-3),
    [0x74] = MULTIPLY(-2),
    [0x75] = MULTIPLY(-1),
    [0x76] = MULTIPLY(0),
    [0x77] = MULTIPLY(1),
    [0x78] = MODIFY(OFFSET),
    [0x79] = MODIFY(OFFSET),
    [0x7a] = MODIFY(OFFSET),
    [0x7b] = MODIFY(OFFSET),
    [0x7c] = { MBUS_VIFE_EXTENSION, 0 },
    [0x7d] = MULTIPLY(3),
    [0x7e] = MODIFY(FUTURE),
    [0x7f] = { MBUS_VIFE_MANUFACTURER, ITEM_MODIFIER_MANUFACTURER },
};

/* Table 16. */
const struct mbus_vife mbus_vife_extended[MBUS_VIFE_TABLE_SIZE] = {
    [0x01] = PHASE(1),
    [0x02] = PHASE(2),
    [0x03] = PHASE(3),
    [0x04] = PHASE(4), /* neutral */
    [0x05] = MODIFY(BETWEEN_L1_L2),
    [0x06] = MODIFY(BETWEEN_L2_L3),
    [0x07] = MODIFY(BETWEEN_L3_L1),
    [0x08] = MODIFY(QUADRANT_1),
    [0x09] = MODIFY(QUADRANT_2),
    [0x0a] = MODIFY(QUADRANT_3),
    [0x0b] = MODIFY(QUADRANT_4),
    [0x0c] = MODIFY(NET),
    [0x10] = MODIFY(ABSOLUTE),
    [0x13] = MODIFY(TO_METER),
    [0x14] = MODIFY(FROM_METER),
};

const struct mbus_vife *mbus_vife_next(struct span *vife, uint8_t *code)
{
    size_t used = 1;

    if (vife->size == 0)
        return NULL;
    *code = vife->bytes[0] & CODE_MASK;
    const struct mbus_vife *row = &mbus_vife_table[*code];
    if (row->effect == MBUS_VIFE_EXTENSION && vife->size > 1)
        row = &mbus_vife_extended[vife->bytes[used++] & CODE_MASK];
    *vife = span_of_bytes(vife->bytes + used, vife->size - used);
    return row;
}

/* Table 17. */
static const struct {
    uint8_t code;
    const char *text;
    const char *chinese;
} errors[] = {
    { 0x00, "no error", "无错误" },
    { 0x01, "too many DIFE", "DIFE 过多" },
    { 0x02, "storage number not implemented", "存储号未实现" },
    { 0x03, "subunit not implemented", "子单元未实现" },
    { 0x04, "tariff not implemented", "费率未实现" },
    { 0x05, "function not implemented", "功能未实现" },
    { 0x06, "data class not implemented", "数据类型未实现" },
    { 0x07, "data size not implemented", "数据长度未实现" },
    { 0x0b, "too many VIFE", "VIFE 过多" },
    { 0x0c, "illegal VIF group", "VIF 组非法" },
    { 0x0d, "illegal VIF exponent", "VIF 指数非法" },
    { 0x0e, "VIF does not fit DIF", "VIF 与 DIF 不符" },
    { 0x0f, "action not implemented", "动作未实现" },
    { 0x15, "no data available", "无可用数据" },
    { 0x16, "data overflow", "数据上溢" },
    { 0x17, "data underflow", "数据下溢" },
    { 0x18, "data error", "数据错误" },
    { 0x1c, "premature end of record", "记录提前结束" },
    { 0x1d, "standard conform data content", "数据内容符合标准" },
};

const char *mbus_record_error_text(uint8_t code, bool is_chinese)
{
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
        if (errors[i].code == code)
            return is_chinese ? errors[i].chinese : errors[i].text;
    return NULL;
}
