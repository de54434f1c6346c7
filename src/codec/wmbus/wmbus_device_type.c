#include "codec/wmbus/wmbus_device_type.h"

/* Indexed by the type. */
static const struct {
    const char *english;
    const char *chinese;
} types[] = {
    [0x00] = { "Other", "其他" },
    [0x01] = { "Oil", "油" },
    [0x02] = { "Electricity", "电" },
    [0x03] = { "Gas", "燃气" },
    [0x04] = { "Heat (outlet)", "热（回水）" },
    [0x05] = { "Steam", "蒸汽" },
    [0x06] = { "Warm water", "温水" },
    [0x07] = { "Water", "水" },
    [0x08] = { "Heat cost allocator", "热分配表" },
    [0x09] = { "Compressed air", "压缩空气" },
    [0x0a] = { "Cooling (outlet)", "冷（回水）" },
    [0x0b] = { "Cooling (inlet)", "冷（供水）" },
    [0x0c] = { "Heat (inlet)", "热（供水）" },
    [0x0d] = { "Heat/cooling", "冷热" },
    [0x0e] = { "Bus/system", "总线或系统部件" },
    [0x0f] = { "Unknown", "未知" },
    [0x14] = { "Calorific value", "热值" },
    [0x15] = { "Hot water", "热水" },
    [0x16] = { "Cold water", "冷水" },
    [0x17] = { "Dual water", "冷热水切换" },
    [0x18] = { "Pressure", "压力" },
    [0x19] = { "A/D converter", "模数转换器" },
    [0x1a] = { "Smoke detector", "烟雾探测器" },
    [0x1b] = { "Room sensor", "室内传感器" },
    [0x1c] = { "Gas detector", "燃气探测器" },
    [0x20] = { "Breaker (electricity)", "断路器" },
    [0x21] = { "Valve (gas or water)", "阀门（燃气或水）" },
    [0x25] = { "Customer display", "用户显示器" },
    [0x28] = { "Waste water", "污水" },
    [0x29] = { "Garbage", "垃圾" },
    [0x31] = { "Communication controller", "通信控制器" },
    [0x32] = { "Unidirectional repeater", "单向中继器" },
    [0x33] = { "Bidirectional repeater", "双向中继器" },
    [0x36] = { "Radio converter (system side)", "无线转换器（系统侧）" },
    [0x37] = { "Radio converter (meter side)", "无线转换器（表侧）" },
    [0x38] = { "Wired adapter", "有线适配器" },
};

const char *wmbus_device_type_text(uint8_t type, bool is_chinese)
{
    if (type >= sizeof types / sizeof types[0] || types[type].english == NULL)
        return is_chinese ? "保留或其他" : "reserved/other";
    return is_chinese ? types[type].chinese : types[type].english;
}
