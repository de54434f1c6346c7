#include "codec/cjt188/cjt188_layout.h"

#include "codec/cjt188/cjt188_unit.h"

#define GROUP_SIZE 5 /* a value and its unit */
#define COUNT_OF(rows) (sizeof(rows) / sizeof(rows)[0])

/* One row of a layout, by what it holds. */
#define VALUE_FIELD(format, role, what, back, english, chinese) \
    { \
        format, 5, role, english, chinese, \
        { \
            .quantity = (what), .storage = (back) \
        } \
    }
#define NUMBER_FIELD(bytes, role, what, measured_in, power, step, english, chinese) \
    { \
        CJT188_NUMBER, bytes, role, english, chinese, \
        { \
            .quantity = (what), .unit = (measured_in), .exponent = (power), .tier = (step) \
        } \
    }
#define BINARY_FIELD(what, english, chinese) \
    { \
        CJT188_BINARY, 1, CJT188_ROLE_PLAIN, english, chinese, \
        { \
            .quantity = (what) \
        } \
    }
#define CODE_FIELD(what, english, chinese) \
    { \
        CJT188_CODE, 1, CJT188_ROLE_PLAIN, english, chinese, \
        { \
            .quantity = (what), .kind = ITEM_KIND_FLAGS, .digits = 2 \
        } \
    }
#define BYTES_FIELD(bytes_, what, english, chinese) \
    { \
        CJT188_BYTES, bytes_, CJT188_ROLE_PLAIN, english, chinese, \
        { \
            .quantity = (what), .kind = ITEM_KIND_BYTES \
        } \
    }
#define TIME_FIELD(english, chinese) \
    { \
        CJT188_TIME, 7, CJT188_ROLE_PLAIN, english, chinese, \
        { \
            .quantity = ITEM_DATE_TIME, .kind = ITEM_KIND_TIME \
        } \
    }
#define STATUS_FIELD(format) \
    { \
        format, 2, CJT188_ROLE_PLAIN, "Status hex", "状态字 ST1 ST2", \
        { \
            .quantity = ITEM_STATUS, .kind = ITEM_KIND_FLAGS, .digits = 4 \
        } \
    }
#define MONEY_FIELD(what, english, chinese) \
    NUMBER_FIELD(4, CJT188_ROLE_PLAIN, what, ITEM_UNIT_YUAN, -2, 0, english, chinese)
#define PRICE_FIELD(step, english, chinese) \
    NUMBER_FIELD(3, CJT188_ROLE_PRICE, ITEM_PRICE, ITEM_UNIT_NONE, -2, step, english, chinese)
#define TIER_FIELD(step, english, chinese) \
    NUMBER_FIELD(3, CJT188_ROLE_TIER, ITEM_TIER_LIMIT, ITEM_UNIT_NONE, 0, step, english, chinese)
#define DAY_FIELD(english, chinese) \
    NUMBER_FIELD(1, CJT188_ROLE_PLAIN, ITEM_PARAMETER, ITEM_UNIT_NONE, 0, 0, english, chinese)
#define PURCHASE_NUMBER_FIELD BINARY_FIELD(ITEM_PURCHASE_COUNT, "Purchase number", "购买序号")
#define KEY_VERSION_FIELD BINARY_FIELD(ITEM_VERSION, "Key version", "密钥版本号")

static const struct cjt188_field volume_reading[] = {
    VALUE_FIELD(CJT188_VALUE_UNIT, CJT188_ROLE_CUMULATIVE, ITEM_OTHER, 0, "Current cumulative", "当前累积"),
    VALUE_FIELD(CJT188_VALUE_UNIT, CJT188_ROLE_CUMULATIVE, ITEM_OTHER, 1, "Settlement day cumulative", "结算日累积"),
    TIME_FIELD("Meter time", "实时时间"),
    STATUS_FIELD(CJT188_STATUS),
};

/* The five groups of a heat meter, whose unit stands behind the value or before it, and what follows them. */
#define HEAT_GROUPS(format) \
    VALUE_FIELD(format, CJT188_ROLE_PLAIN, ITEM_POWER, 0, "Thermal power", "热功率"), \
        VALUE_FIELD(format, CJT188_ROLE_PLAIN, ITEM_VOLUME_FLOW, 0, "Flow rate", "流量"), \
        VALUE_FIELD(format, CJT188_ROLE_PLAIN, ITEM_VOLUME, 0, "Cumulative volume", "累积流量")
#define HEAT_END \
    NUMBER_FIELD(3, CJT188_ROLE_PLAIN, ITEM_TEMPERATURE_FLOW, ITEM_UNIT_CELSIUS, -2, 0, "Supply temperature", \
                 "供水温度"), \
        NUMBER_FIELD(3, CJT188_ROLE_PLAIN, ITEM_TEMPERATURE_RETURN, ITEM_UNIT_CELSIUS, -2, 0, "Return temperature", \
                     "回水温度"), \
        NUMBER_FIELD(3, CJT188_ROLE_PLAIN, ITEM_OPERATING_TIME, ITEM_UNIT_HOUR, 0, 0, "Working hours", \
                     "累积工作时间"), \
        TIME_FIELD("Meter time", "实时时间"), STATUS_FIELD(CJT188_STATUS_HEAT)

static const struct cjt188_field heat_reading[] = {
    VALUE_FIELD(CJT188_VALUE_UNIT, CJT188_ROLE_ENERGY, ITEM_OTHER, 1, "Energy field 1", "结算日热量"),
    VALUE_FIELD(CJT188_VALUE_UNIT, CJT188_ROLE_ENERGY, ITEM_OTHER, 0, "Current heat energy", "当前热量"),
    HEAT_GROUPS(CJT188_VALUE_UNIT),
    HEAT_END,
};

static const struct cjt188_field heat_reading_unit_first[] = {
    VALUE_FIELD(CJT188_UNIT_VALUE, CJT188_ROLE_ENERGY, ITEM_OTHER, 1, "Energy field 1", "结算日热量"),
    VALUE_FIELD(CJT188_UNIT_VALUE, CJT188_ROLE_ENERGY, ITEM_OTHER, 0, "Current heat energy", "当前热量"),
    HEAT_GROUPS(CJT188_UNIT_VALUE),
    HEAT_END,
};

static const struct cjt188_field heat_reading_cooling_first[] = {
    VALUE_FIELD(CJT188_VALUE_UNIT, CJT188_ROLE_PLAIN, ITEM_ENERGY_COOLING, 0, "Energy field 1", "累积冷量"),
    VALUE_FIELD(CJT188_VALUE_UNIT, CJT188_ROLE_PLAIN, ITEM_ENERGY_HEAT, 0, "Current heat energy", "当前热量"),
    HEAT_GROUPS(CJT188_VALUE_UNIT),
    HEAT_END,
};

static const struct cjt188_field short_reading[] = {
    NUMBER_FIELD(4, CJT188_ROLE_CUMULATIVE, ITEM_OTHER, ITEM_UNIT_NONE, -2, 0, "Current cumulative", "当前累积"),
    STATUS_FIELD(CJT188_STATUS),
};

static const struct cjt188_field history[] = {
    VALUE_FIELD(CJT188_VALUE_UNIT, CJT188_ROLE_CUMULATIVE, ITEM_OTHER, 0, "Settlement day cumulative", "结算日累积"),
};

static const struct cjt188_field price_table[] = {
    PRICE_FIELD(1, "Price 1", "价格一"), TIER_FIELD(1, "Volume 1", "用量一"), PRICE_FIELD(2, "Price 2", "价格二"),
    TIER_FIELD(2, "Volume 2", "用量二"), PRICE_FIELD(3, "Price 3", "价格三"),
};

static const struct cjt188_field price_table_write[] = {
    PRICE_FIELD(1, "Price 1", "价格一"), TIER_FIELD(1, "Volume 1", "用量一"), PRICE_FIELD(2, "Price 2", "价格二"),
    TIER_FIELD(2, "Volume 2", "用量二"), PRICE_FIELD(3, "Price 3", "价格三"), DAY_FIELD("Start day", "启用日期"),
};

static const struct cjt188_field day[] = { DAY_FIELD("Day", "日") };

static const struct cjt188_field purchase[] = {
    PURCHASE_NUMBER_FIELD,
    MONEY_FIELD(ITEM_PURCHASE_AMOUNT, "Purchase amount", "本次购入金额"),
    MONEY_FIELD(ITEM_PURCHASE_TOTAL, "Accumulated amount", "累计购入金额"),
    MONEY_FIELD(ITEM_BALANCE, "Remaining amount", "剩余金额"),
    STATUS_FIELD(CJT188_STATUS),
};

static const struct cjt188_field purchase_write[] = {
    PURCHASE_NUMBER_FIELD,
    MONEY_FIELD(ITEM_PURCHASE_AMOUNT, "Purchase amount", "本次购入金额"),
};

static const struct cjt188_field key_version[] = { KEY_VERSION_FIELD };

static const struct cjt188_field key_write[] = {
    KEY_VERSION_FIELD,
    BYTES_FIELD(8, ITEM_PARAMETER, "New key", "新密钥"),
};

static const struct cjt188_field time_write[] = { TIME_FIELD("Standard time", "标准时间") };

static const struct cjt188_field base_reading[] = {
    VALUE_FIELD(CJT188_VALUE_UNIT, CJT188_ROLE_CUMULATIVE, ITEM_OTHER, 0, "Base reading", "机电同步数"),
};

static const struct cjt188_field valve_command[] = {
    CODE_FIELD(ITEM_PARAMETER, "Valve command", "阀门命令"),
};

static const struct cjt188_field new_address[] = {
    { CJT188_DIGITS,
      7,
      CJT188_ROLE_PLAIN,
      "New address",
      "新地址",
      { .quantity = ITEM_ADDRESS, .kind = ITEM_KIND_DIGITS, .digits = 14 } },
};

static const struct cjt188_field status[] = { STATUS_FIELD(CJT188_STATUS) };

static const struct cjt188_field error_code[] = {
    CODE_FIELD(ITEM_ERROR_FLAGS, "Error code", "错误码"),
};

static const struct cjt188_field vendor_bytes[] = {
    BYTES_FIELD(0, ITEM_MANUFACTURER_DATA, "Data hex", "数据"),
};

#define FIELDS(rows) (rows), (uint8_t)COUNT_OF(rows)
#define ANY CJT188_CLASS_ANY
#define NOT_HEAT (CJT188_CLASS_WATER | CJT188_CLASS_GAS | CJT188_CLASS_ELECTRICITY)

static const struct cjt188_layout metering_layouts[] = {
    { "heat, cooling energy first", "热量表，冷量在前", FIELDS(heat_reading_cooling_first), 43, CJT188_CLASS_HEAT,
      CJT188_OPTION_COOLING_FIRST, 4, 5, true },
    { "water and gas", "水表和燃气表", FIELDS(volume_reading), 19, NOT_HEAT, 0, 4, 2, false },
    { "heat", "热量表", FIELDS(heat_reading), 43, CJT188_CLASS_HEAT, 0, 4, 5, false },
    { "heat, unit before value", "热量表，单位在数值之前", FIELDS(heat_reading_unit_first), 43, CJT188_CLASS_HEAT,
      CJT188_OPTION_UNIT_FIRST, 0, 5, false },
    { "short reading", "短应答：数值与状态字", FIELDS(short_reading), 6, ANY, CJT188_OPTION_SHORT_READING, 0, 0,
      false },
};

/* The only layout of a shape; `units` values of it have a unit byte. */
#define ONLY(english, chinese, fields, size, units) \
    { \
        { \
            english, chinese, FIELDS(fields), size, ANY, 0, (units) > 0 ? GROUP_SIZE - 1 : 0, units, false \
        } \
    }

static const struct cjt188_layout history_layouts[] = ONLY("history", "历史结算日", history, 5, 1);
static const struct cjt188_layout price_table_layouts[] = ONLY("price table", "价格表", price_table, 15, 0);
static const struct cjt188_layout price_table_write_layouts[] =
    ONLY("price table to write", "写价格表", price_table_write, 16, 0);
static const struct cjt188_layout day_layouts[] = ONLY("day", "日", day, 1, 0);
static const struct cjt188_layout purchase_layouts[] = ONLY("purchase", "购入金额", purchase, 15, 0);
static const struct cjt188_layout purchase_write_layouts[] =
    ONLY("purchase to write", "写购入金额", purchase_write, 5, 0);
static const struct cjt188_layout key_version_layouts[] = ONLY("key version", "密钥版本号", key_version, 1, 0);
static const struct cjt188_layout key_write_layouts[] = ONLY("new key", "新密钥", key_write, 9, 0);
static const struct cjt188_layout time_layouts[] = ONLY("time", "时间", time_write, 7, 0);
static const struct cjt188_layout base_reading_layouts[] = ONLY("base reading", "机电同步数", base_reading, 5, 1);
static const struct cjt188_layout valve_layouts[] = ONLY("valve command", "阀门命令", valve_command, 1, 0);
static const struct cjt188_layout address_layouts[] = ONLY("new address", "新地址", new_address, 7, 0);
static const struct cjt188_layout status_layouts[] = ONLY("status", "状态字", status, 2, 0);
static const struct cjt188_layout error_layouts[] = ONLY("error code", "错误码", error_code, 1, 0);
static const struct cjt188_layout vendor_layouts[] = ONLY("maker's bytes", "厂商数据", vendor_bytes, 0, 0);
static const struct cjt188_layout empty_layouts[] = { { "nothing", "无数据", NULL, 0, 0, ANY, 0, 0, 0, false } };

#define LAYOUTS(rows) \
    { \
        rows, COUNT_OF(rows) \
    }

static const struct shape_layouts {
    const struct cjt188_layout *rows;
    size_t count;
} shapes[CJT188_SHAPE_COUNT] = {
    [CJT188_SHAPE_EMPTY] = LAYOUTS(empty_layouts),
    [CJT188_SHAPE_METERING] = LAYOUTS(metering_layouts),
    [CJT188_SHAPE_HISTORY] = LAYOUTS(history_layouts),
    [CJT188_SHAPE_PRICE_TABLE] = LAYOUTS(price_table_layouts),
    [CJT188_SHAPE_PRICE_TABLE_WRITE] = LAYOUTS(price_table_write_layouts),
    [CJT188_SHAPE_DAY] = LAYOUTS(day_layouts),
    [CJT188_SHAPE_PURCHASE] = LAYOUTS(purchase_layouts),
    [CJT188_SHAPE_PURCHASE_WRITE] = LAYOUTS(purchase_write_layouts),
    [CJT188_SHAPE_KEY_VERSION] = LAYOUTS(key_version_layouts),
    [CJT188_SHAPE_KEY_WRITE] = LAYOUTS(key_write_layouts),
    [CJT188_SHAPE_TIME] = LAYOUTS(time_layouts),
    [CJT188_SHAPE_BASE_READING] = LAYOUTS(base_reading_layouts),
    [CJT188_SHAPE_VALVE_COMMAND] = LAYOUTS(valve_layouts),
    [CJT188_SHAPE_ADDRESS] = LAYOUTS(address_layouts),
    [CJT188_SHAPE_STATUS] = LAYOUTS(status_layouts),
    [CJT188_SHAPE_ERROR] = LAYOUTS(error_layouts),
    [CJT188_SHAPE_VENDOR] = LAYOUTS(vendor_layouts),
};

static enum cjt188_shape shape_of(const struct cjt188_frame *frame)
{
    if (frame->form == CJT188_FORM_ABNORMAL)
        return CJT188_SHAPE_STATUS;
    if (frame->form == CJT188_FORM_ABNORMAL_IDENTIFIED)
        return CJT188_SHAPE_ERROR;
    if (frame->known == NULL)
        return CJT188_SHAPE_VENDOR;
    bool is_answer = (frame->control & CJT188_FROM_METER) != 0;
    return (enum cjt188_shape)(is_answer ? frame->known->answer : frame->known->request);
}

/* Whether every unit byte of the layout is a unit: the mark by which "unit before value" is told from the standard. */
static bool units_are_legal(const struct cjt188_layout *layout, const uint8_t *bytes)
{
    const uint8_t *unit = bytes + layout->unit_offset;

    for (unsigned i = 0; i < layout->unit_count; i++, unit += GROUP_SIZE)
        if (!cjt188_unit_is_legal(*unit))
            return false;
    return true;
}

const struct cjt188_layout *cjt188_layout_find(const struct cjt188_frame *frame, const struct cjt188_variant *variant)
{
    const struct shape_layouts *shape = &shapes[shape_of(frame)];
    const struct cjt188_layout *best = NULL;
    uint8_t classes = frame->type->classes;

    variant = cjt188_variant_given(variant);
    if (frame->payload.size == 0)
        return &empty_layouts[0];
    for (size_t i = 0; i < shape->count; i++) {
        const struct cjt188_layout *layout = &shape->rows[i];
        if (layout->size != frame->payload.size || (layout->classes & classes) == 0 ||
            (layout->is_set_only && (layout->option & variant->options) == 0))
            continue;
        if (shape->count == 1 || units_are_legal(layout, frame->payload.bytes))
            return layout;
        if (best == NULL)
            best = layout;
    }
    return best != NULL ? best : &vendor_layouts[0];
}

const struct cjt188_layout *cjt188_layout_choose(enum cjt188_shape shape, uint8_t meter_type,
                                                 const struct cjt188_variant *variant)
{
    const struct cjt188_layout *standard = &vendor_layouts[0];
    uint8_t classes = cjt188_type_find(meter_type)->classes;

    variant = cjt188_variant_given(variant);
    for (size_t i = shapes[shape].count; i-- > 0;) {
        const struct cjt188_layout *layout = &shapes[shape].rows[i];
        if ((layout->classes & classes) == 0)
            continue;
        if ((layout->option & variant->options) != 0)
            return layout;
        if (layout->option == 0)
            standard = layout;
    }
    return standard;
}

const struct cjt188_layout *cjt188_layout_at(enum cjt188_shape shape, size_t index)
{
    return (unsigned)shape < CJT188_SHAPE_COUNT && index < shapes[shape].count ? &shapes[shape].rows[index] : NULL;
}
