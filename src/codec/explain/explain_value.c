#include <string.h>

#include "base/calendar.h"
#include "base/decimal.h"
#include "base/quantity.h"
#include "codec/codec_error.h"
#include "codec/explain/explain_internal.h"
#include "codec/lwm2m/lwm2m_tlv.h"
#include "codec/water_meter/water_meter_field.h"

#define CHINA_ZONE_OFFSET_S 28800
#define LITRES_SCALE 3

/* Names of states: what a number of a resource stands for. */
static const struct {
    uint16_t object;
    uint16_t resource;
    int16_t number;
    const char *english;
    const char *chinese;
} states[] = {
    { 0, 2, 0, "pre-shared key", "预共享密钥" },
    { 0, 2, 1, "raw public key", "裸公钥" },
    { 0, 2, 2, "certificate", "证书" },
    { 0, 2, 3, "no security", "无安全" },
    { 3, 6, 0, "direct current", "直流电源" },
    { 3, 6, 1, "internal battery", "内置电池" },
    { 3, 6, 2, "external battery", "外置电池" },
    { 3, 11, 0, "no error", "无错误" },
    { 3, 11, 1, "low battery power", "电量低" },
    { 3, 20, 0, "normal", "正常" },
    { 3, 20, 1, "charging", "充电中" },
    { 3, 20, 4, "low battery", "电量低" },
    { 4, 0, 5, "LTE-TDD", "LTE-TDD" },
    { 4, 0, 6, "LTE-FDD", "LTE-FDD" },
    { 4, 0, 7, "NB-IoT", "窄带物联网" },
    { 4, 13, 0, "no coverage enhancement", "无覆盖增强" },
    { 4, 13, 1, "coverage level 0", "覆盖等级 0" },
    { 4, 13, 2, "coverage level 1", "覆盖等级 1" },
    { 4, 13, 3, "coverage level 2", "覆盖等级 2" },
    { 5, 3, 0, "idle", "空闲" },
    { 5, 3, 1, "downloading", "下载中" },
    { 5, 3, 2, "downloaded", "已下载" },
    { 5, 3, 3, "updating", "升级中" },
    { 5, 5, 0, "initial", "初始" },
    { 5, 5, 1, "updated", "升级成功" },
    { 5, 5, 2, "not enough flash", "存储空间不足" },
    { 5, 5, 3, "out of memory", "内存不足" },
    { 5, 5, 4, "connection lost", "连接中断" },
    { 5, 5, 5, "integrity check failed", "完整性校验失败" },
    { 5, 5, 6, "unsupported package type", "升级包类型不支持" },
    { 5, 5, 7, "invalid URI", "地址无效" },
    { 5, 5, 8, "update failed", "升级失败" },
    { 5, 5, 9, "unsupported protocol", "下载协议不支持" },
    { 33424, 4, VALVE_OPEN, "open", "开" },
    { 33424, 4, VALVE_CLOSED, "closed", "关" },
    { 33424, 4, VALVE_MOVING, "moving", "动作中" },
    { 33424, 4, VALVE_FAULT, "fault", "故障" },
    { 33424, 4, VALVE_NONE, "no valve", "无阀门" },
};

/* By enum alarm. */
static const struct {
    const char *english;
    const char *chinese;
} alarms[ALARM_COUNT] = {
    { "over-flow", "过流" },        { "small leak", "小流量漏水" },  { "reed switch", "干簧管故障" },
    { "leak with closed valve", "关阀漏水" }, { "moved", "移动" }, { "battery low", "电池欠压" },
    { "arrears", "欠费" },          { "magnet", "磁干扰" },          { "back flow", "倒流" },
    { "valve fault", "阀门故障" },  { "housing opened", "开盖" },    { "clock wrong", "时钟错误" },
};

struct explain_place explain_deeper(const struct explain_place *place)
{
    struct explain_place deeper = *place;
    deeper.depth++;
    return deeper;
}

struct explain_field explain_row(const struct explain_place *place, struct span bytes, const char *english,
                                 const char *chinese, const char *clause)
{
    struct explain_field field = { 0 };
    field.size = bytes.size;
    field.depth = place->depth;
    field.key = english;
    field.clause = clause;
    field.offset = bytes.size == 0 && bytes.bytes == NULL ? 0 : (size_t)(bytes.bytes - place->frame.bytes);
    field.name = explain_choose(place->sink, english, chinese);
    return field;
}

void explain_texts_open(struct explain_texts *texts)
{
    texts->value = writer_of_buffer(texts->bytes[0], sizeof texts->bytes[0]);
    texts->meaning = writer_of_buffer(texts->bytes[1], sizeof texts->bytes[1]);
}

void explain_label_put(const struct explain_place *place, struct span bytes, const struct explain_label *label,
                       const char *value, const char *meaning)
{
    struct explain_field field = explain_row(place, bytes, label->english, label->chinese, label->clause);

    field.key = label->key;
    field.value = value;
    field.meaning = meaning;
    explain_put(place->sink, field, NULL, NULL);
}

void explain_path(const struct explain_sink *sink, struct lwm2m_path path, struct writer *out)
{
    const struct lwm2m_resource_info *resource = lwm2m_path_info(path);
    const struct lwm2m_object_info *object = path.depth > 0 ? lwm2m_object_info(path.ids[0]) : NULL;

    lwm2m_path_write(path, out);
    if (resource == NULL && (object == NULL || path.depth > 2))
        return;
    writer_put_u8(out, ' ');
    writer_text(out, resource != NULL ? explain_choose(sink, resource->name, resource->chinese)
                                      : explain_choose(sink, object->name, object->chinese));
}

void explain_write_decimal(struct writer *out, int64_t value, int scale)
{
    char text[DECIMAL_TEXT_LIMIT];
    if (decimal_format(value, scale, true, text, sizeof text) >= 0)
        writer_text(out, text);
}

void explain_write_time(struct writer *out, int64_t time_s)
{
    char text[CALENDAR_TIME_TEXT_LIMIT];
    if (calendar_format_time(time_s, CHINA_ZONE_OFFSET_S, text, sizeof text) >= 0)
        writer_text(out, text);
}

static void alarms_write(const struct explain_sink *sink, int64_t bits, struct writer *out)
{
    bool is_first = true;
    if (bits == 0)
        writer_text(out, explain_choose(sink, "no alarm", "无报警"));
    for (int alarm = 0; alarm < ALARM_COUNT; alarm++) {
        if ((bits >> alarm & 1) == 0)
            continue;
        writer_text(out, is_first ? "" : ", ");
        writer_text(out, explain_choose(sink, alarms[alarm].english, alarms[alarm].chinese));
        is_first = false;
    }
}

static void state_write(const struct explain_sink *sink, struct lwm2m_path path, int64_t number, struct writer *out)
{
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
        if (states[i].object == path.ids[0] && states[i].resource == path.ids[2] && states[i].number == number)
            writer_text(out, explain_choose(sink, states[i].english, states[i].chinese));
}

static void number_meaning(const struct explain_sink *sink, const struct lwm2m_value *value,
                           const struct lwm2m_resource_info *info, struct writer *meaning)
{
    int64_t number;

    if (lwm2m_value_scaled(value, (enum lwm2m_type)info->type, 0, &number) < 0)
        return;
    if (info->type == LWM2M_TYPE_TIME)
        explain_write_time(meaning, number);
    else if (info->object == WATER_METER_OBJECT && info->resource == 10)
        alarms_write(sink, number, meaning);
    else
        state_write(sink, value->path, number, meaning);
}

/* Digits after the point that are enough to find the same float again, so that 86.43 is not shown as 86.430000305.
 * returns  the scale; -1 when the value is no float or needs more than nine digits */
static int float_scale(const struct lwm2m_value *value, enum lwm2m_type type)
{
    struct number number;

    if (value->carrier == LWM2M_CARRIER_SENML && value->record.base_value.mantissa == 0)
        number = value->record.number;
    else if (value->carrier != LWM2M_CARRIER_TLV || type != LWM2M_TYPE_FLOAT ||
             lwm2m_tlv_float(value->bytes, &number) < 0)
        return -1;
    enum float_width width = number.mantissa >> 11 == 0   ? FLOAT_HALF
                             : number.mantissa >> 24 == 0 ? FLOAT_SINGLE
                                                          : FLOAT_DOUBLE;
    for (int scale = 0; number.kind == NUMBER_BINARY && scale <= 9; scale++) {
        int64_t scaled;
        uint64_t bits;
        if (number_scaled(number, scale, &scaled) < 0 || number_float_bits(scaled, scale, width, &bits) < 0)
            return -1;
        struct number again = number_of_float(bits, width);
        if (again.mantissa == number.mantissa && again.exponent == number.exponent)
            return scale;
    }
    return -1;
}

static int number_write(const struct lwm2m_value *value, enum lwm2m_type type, struct writer *out)
{
    int64_t number;
    int exact_scale = float_scale(value, type);

    if (exact_scale >= 0 && lwm2m_value_scaled(value, type, exact_scale, &number) == 0) {
        explain_write_decimal(out, number, exact_scale);
        return 0;
    }
    for (int scale = 9; scale >= 0; scale -= 9)
        if (lwm2m_value_scaled(value, type, scale, &number) == 0) {
            explain_write_decimal(out, number, scale);
            return 0;
        }
    return CODEC_ERR_TYPE;
}

/* The type by which bytes are to be understood: what the format says, else what the table says. */
static enum lwm2m_type type_of(const struct lwm2m_value *value, const struct lwm2m_resource_info *info)
{
    static const uint8_t types[] = { LWM2M_TYPE_NONE,    LWM2M_TYPE_FLOAT,  LWM2M_TYPE_STRING,
                                     LWM2M_TYPE_BOOLEAN, LWM2M_TYPE_OPAQUE, LWM2M_TYPE_LINK };
    if (value->carrier == LWM2M_CARRIER_SENML)
        return (enum lwm2m_type)types[value->record.kind];
    if (value->carrier == LWM2M_CARRIER_OPAQUE)
        return LWM2M_TYPE_OPAQUE;
    if (info != NULL)
        return (enum lwm2m_type)info->type;
    return value->carrier == LWM2M_CARRIER_TEXT ? LWM2M_TYPE_STRING : LWM2M_TYPE_OPAQUE;
}

static void bytes_write(const struct lwm2m_value *value, enum lwm2m_type type, struct writer *out)
{
    uint8_t buffer[512];
    struct writer bytes = writer_of_buffer(buffer, sizeof buffer);

    if (lwm2m_value_bytes(value, &bytes) < 0)
        explain_write_text(out, value->carrier == LWM2M_CARRIER_SENML ? value->record.text : value->bytes);
    else if (type == LWM2M_TYPE_STRING || type == LWM2M_TYPE_LINK)
        explain_write_text(out, writer_span(&bytes));
    else
        explain_write_hex(out, writer_span(&bytes));
}

static void scalar_write(const struct explain_sink *sink, const struct lwm2m_value *value, enum lwm2m_type type,
                         struct writer *text)
{
    bool boolean;

    if (type == LWM2M_TYPE_BOOLEAN && lwm2m_value_boolean(value, &boolean) == 0) {
        writer_text(text, explain_choose(sink, boolean ? "true" : "false", boolean ? "真" : "假"));
        return;
    }
    if (type == LWM2M_TYPE_INTEGER || type == LWM2M_TYPE_FLOAT || type == LWM2M_TYPE_TIME) {
        if (number_write(value, type, text) == 0)
            return;
        if (value->carrier == LWM2M_CARRIER_SENML) {
            writer_text(text, value->record.number.kind == NUMBER_NAN
                                  ? "NaN"
                                  : explain_choose(sink, "out of range", "超出范围"));
            return;
        }
    }
    if (type != LWM2M_TYPE_NONE)
        bytes_write(value, type, text);
}

void explain_value(const struct explain_sink *sink, const struct lwm2m_value *value, struct writer *text,
                   struct writer *meaning)
{
    const struct lwm2m_resource_info *info = lwm2m_path_info(value->path);
    enum lwm2m_type type = type_of(value, info);

    scalar_write(sink, value, type, text);
    if (info == NULL)
        return;
    if (info->unit[0] != '\0' && info->type != LWM2M_TYPE_TIME && text->size > 0) {
        writer_put_u8(text, ' ');
        writer_text(text, info->unit);
    }
    if (info->type == LWM2M_TYPE_INTEGER || info->type == LWM2M_TYPE_TIME)
        number_meaning(sink, value, info, meaning);
}

static uint32_t u32be_at(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static void history_explain(const struct explain_place *place, struct span bytes)
{
    for (size_t day = 0; day < bytes.size / 4; day++) {
        char text[EXPLAIN_TEXT_LIMIT], name[EXPLAIN_TEXT_LIMIT];
        struct writer value = writer_of_buffer(text, sizeof text), label = writer_of_buffer(name, sizeof name);
        struct explain_field row =
            explain_row(place, span_of_bytes(bytes.bytes + 4 * day, 4), "", "", "profile 33424/8");
        uint32_t litres = u32be_at(bytes.bytes + 4 * day);

        writer_text(&label, explain_choose(place->sink, "midnight, days back: ", "零点读数，前推天数："));
        explain_write_decimal(&label, (int64_t)day, 0);
        row.name = writer_terminate(&label);
        if (litres == WATER_METER_HISTORY_NONE)
            writer_text(&value, explain_choose(place->sink, "none", "无"));
        else {
            explain_write_decimal(&value, litres, LITRES_SCALE);
            writer_text(&value, " m3");
        }
        explain_put(place->sink, row, &value, NULL);
    }
}

static void price_steps_explain(const struct explain_place *place, struct span bytes)
{
    struct water_meter_price_steps steps;

    if (water_meter_price_steps_decode(bytes, &steps) < 0)
        return;
    for (unsigned i = 0; i < steps.count; i++) {
        char text[EXPLAIN_TEXT_LIMIT];
        struct writer value = writer_of_buffer(text, sizeof text);
        struct explain_field row = explain_row(place, span_of_bytes(bytes.bytes + 1 + 8 * i, 8), "price step",
                                               "阶梯", "profile 33424/14");
        if (steps.steps[i].limit_l == WATER_METER_PRICE_STEP_OPEN)
            writer_text(&value, explain_choose(place->sink, "above: ", "以上："));
        else {
            writer_text(&value, explain_choose(place->sink, "up to ", "至 "));
            explain_write_decimal(&value, steps.steps[i].limit_l, LITRES_SCALE);
            writer_text(&value, " m3: ");
        }
        explain_write_decimal(&value, steps.steps[i].price, 4);
        writer_text(&value, explain_choose(place->sink, " yuan/m3", " 元/m3"));
        explain_put(place->sink, row, &value, NULL);
    }
}

void explain_opaque(const struct explain_place *place, struct lwm2m_path path, struct span bytes)
{
    enum water_meter_field field = water_meter_field_find(path);
    explain_series(place, path, bytes);
    if (field == WATER_METER_HISTORY)
        history_explain(place, bytes);
    else if (field == WATER_METER_PRICE_STEPS)
        price_steps_explain(place, bytes);
}
