#include "codec/cjt188/cjt188_code.h"

#define FUNCTION_VENDOR 0x20 /* D5: a maker's own code */
#define COUNT_OF(rows) (sizeof(rows) / sizeof(rows)[0])

#define WATER CJT188_CLASS_WATER, ITEM_UNIT_YUAN_M3, ITEM_UNIT_M3, ITEM_VOLUME, ITEM_ENERGY
#define HEAT CJT188_CLASS_HEAT, ITEM_UNIT_YUAN, ITEM_UNIT_NONE, ITEM_ENERGY_HEAT, ITEM_ENERGY_HEAT
#define COLD CJT188_CLASS_HEAT, ITEM_UNIT_YUAN, ITEM_UNIT_NONE, ITEM_ENERGY_COOLING, ITEM_ENERGY_COOLING
#define GAS CJT188_CLASS_GAS, ITEM_UNIT_YUAN_M3, ITEM_UNIT_M3, ITEM_VOLUME, ITEM_ENERGY
#define ELECTRICITY \
    CJT188_CLASS_ELECTRICITY, ITEM_UNIT_YUAN_KWH, ITEM_UNIT_KWH, ITEM_ENERGY_ACTIVE_IMPORT, ITEM_ENERGY_ACTIVE_IMPORT
#define UNKNOWN CJT188_CLASS_ANY, ITEM_UNIT_YUAN, ITEM_UNIT_NONE, ITEM_VOLUME, ITEM_ENERGY_HEAT

static const struct cjt188_type types[] = {
    { 0x10, 0x10, WATER, "cold water", "冷水水表" },
    { 0x11, 0x11, WATER, "domestic hot water", "生活热水水表" },
    { 0x12, 0x12, WATER, "drinking water", "直饮水水表" },
    { 0x13, 0x13, WATER, "reclaimed water", "中水水表" },
    { 0x14, 0x19, WATER, "water range, vendor sub-type", "水表（厂商子类型）" },
    { 0x20, 0x20, HEAT, "heat (heating)", "热量表（计热量）" },
    { 0x21, 0x21, COLD, "heat (cooling)", "热量表（计冷量）" },
    { 0x22, 0x22, HEAT, "heat (heating and cooling)", "热量表（计热量和冷量）" },
    { 0x23, 0x29, HEAT, "heat range, vendor sub-type", "热量表（厂商子类型）" },
    { 0x30, 0x30, GAS, "gas", "燃气表" },
    { 0x31, 0x39, GAS, "gas range, vendor sub-type", "燃气表（厂商子类型）" },
    { 0x40, 0x40, ELECTRICITY, "electricity (2004) or user-defined (2018)", "电度表（2004）或自定义（2018）" },
    { 0x41, 0x49, UNKNOWN, "user-defined", "自定义" },
    { 0xaa, 0xaa, UNKNOWN, "wildcard", "通配" },
};

static const struct cjt188_type unknown_type = { 0x00, 0xff, UNKNOWN, "unknown", "未知类型" };

/* Where the rows of each high nibble begin; a nibble without rows begins at the first that cannot hold it. */
static const uint8_t type_starts[16] = {
    0, 0, 5, 9, 11, 13, 13, 13, 13, 13, 13, 14, 14, 14, 14, 14,
};

const struct cjt188_type *cjt188_type_find(uint8_t meter_type)
{
    for (size_t i = type_starts[meter_type >> 4]; i < COUNT_OF(types) && meter_type >= types[i].first; i++)
        if (meter_type <= types[i].last)
            return &types[i];
    return &unknown_type;
}

static const struct cjt188_function functions[] = {
    { CJT188_READ_DATA, "read data", "读数据", "", "" },
    { CJT188_READ_ADDRESS, "read address", "读地址", "", "" },
    { CJT188_WRITE_DATA, "write data", "写数据", "", "" },
    { CJT188_WRITE_ADDRESS_VENDOR, "write address", "写地址", "maker's code for 15H", "厂商用码，标准为 15H" },
    { CJT188_READ_KEY_VERSION, "read key version", "读密钥版本号", "", "" },
    { CJT188_WRITE_ADDRESS, "write address", "写地址", "", "" },
    { CJT188_WRITE_SYNC, "write electromechanical sync (base reading)", "写机电同步数（置表底）", "", "" },
    { CJT188_VENDOR_UPLOAD, "vendor-defined", "厂商自定义", "spontaneous upload or own reading",
      "主动上报或厂商自定义抄读" },
    { CJT188_VENDOR_VALVE_RESULT, "vendor-defined", "厂商自定义", "valve result", "阀门动作结果" },
};

static const struct cjt188_function vendor_function = { 0, "vendor-defined", "厂商自定义", "", "" };
static const struct cjt188_function reserved_function = { 0, "vendor-defined", "厂商自定义", "reserved by the standard",
                                                          "标准保留" };

const struct cjt188_function *cjt188_function_find(uint8_t control)
{
    uint8_t code = control & CJT188_FUNCTION_MASK;

    for (size_t i = 0; i < COUNT_OF(functions); i++)
        if (functions[i].code == code)
            return &functions[i];
    return (code & FUNCTION_VENDOR) != 0 ? &vendor_function : &reserved_function;
}

const char *cjt188_valve_command_text(uint8_t command, bool is_chinese)
{
    static const struct {
        uint8_t command;
        const char *texts[2];
    } commands[] = {
        { CJT188_VALVE_QUERY, { "vendor: ask for the valve state", "厂商：查询阀门状态" } },
        { CJT188_VALVE_OPEN, { "open", "开阀" } },
        { CJT188_VALVE_FREE_OPEN, { "vendor: free open", "厂商：强制开阀" } },
        { CJT188_VALVE_FREE_CLOSE, { "vendor: free close", "厂商：强制关阀" } },
        { CJT188_VALVE_CLOSE, { "close", "关阀" } },
    };
    static const char *const unknown[2] = { "vendor", "厂商自定义" };

    for (size_t i = 0; i < COUNT_OF(commands); i++)
        if (commands[i].command == command)
            return commands[i].texts[is_chinese];
    return unknown[is_chinese];
}
