/* Why the registry refused. */
#ifndef REGISTRY_REGISTRY_ERROR_H
#define REGISTRY_REGISTRY_ERROR_H

#include "base/error_info.h"

#define REGISTRY_ERRORS(ROW) \
    ROW(REGISTRY_ERR_IMEI, -1101, 422, "imei_digits", "imei", "an IMEI has exactly 15 digits and does not begin with 00", \
        "IMEI 须为 15 位数字，且不以 00 开头") \
    ROW(REGISTRY_ERR_IMEI_TAKEN, -1102, 409, "imei_taken", "imei", "another device has this IMEI", \
        "该 IMEI 已属于另一台设备") \
    ROW(REGISTRY_ERR_METER_NUMBER, -1103, 422, "meter_number_digits", "meter_number", \
        "a meter number has 12 or 14 digits", "表号须为 12 位或 14 位数字") \
    ROW(REGISTRY_ERR_METER_NUMBER_TAKEN, -1104, 409, "meter_number_taken", "meter_number", \
        "another device of this organisation has this meter number", "本单位另一台设备已使用该表号") \
    ROW(REGISTRY_ERR_AREA, -1105, 404, "area_unknown", "area_id", "there is no such area within your jurisdiction", \
        "管辖范围内没有该区域") \
    ROW(REGISTRY_ERR_DEVICE, -1106, 404, "device_unknown", "device_id", \
        "there is no such device within your jurisdiction", "管辖范围内没有该设备") \
    ROW(REGISTRY_ERR_TENANT, -1107, 404, "tenant_unknown", "tenant_id", "there is no such organisation", "没有该单位") \
    ROW(REGISTRY_ERR_NAME, -1108, 422, "name_empty", "name", "a name has 1 to 127 bytes of UTF-8 text", \
        "名称须为 1 至 127 字节的 UTF-8 文本") \
    ROW(REGISTRY_ERR_NAME_TAKEN, -1109, 409, "name_taken", "name", "the name exists already in this place", \
        "同一位置已有该名称") \
    ROW(REGISTRY_ERR_AREA_KIND, -1110, 422, "area_kind", "kind", \
        "an area is a company, district, estate or building, and lies in one of a wider kind", \
        "区域类型须为公司、片区、小区或楼栋，且上级须为更大的类型") \
    ROW(REGISTRY_ERR_REMOVED, -1111, 409, "device_removed", "device_id", "this device was taken out of service", \
        "该设备已停用") \
    ROW(REGISTRY_ERR_REGISTER, -1112, 422, "register_range", "start_register_value", \
        "a register value lies between 0 and where the dial wraps", "表底须在 0 与表盘满量程之间") \
    ROW(REGISTRY_ERR_MODULUS, -1113, 422, "register_modulus", "register_modulus_value", \
        "the dial wraps between 1 m3 or kWh (heat: 1 MJ) and 1,000,000,000,000", \
        "表盘满量程须在 1 立方米或 1 千瓦时(热量 1 兆焦)至一万亿之间") \
    ROW(REGISTRY_ERR_FLOW_LIMIT, -1114, 422, "flow_limit", "flow_limit_value_per_h", \
        "the largest flow lies between 1 L/h and 4,000 m3/h, the largest load between 1 W and 4,000 kW", \
        "流量上限须在 1 升/时至 4000 立方米/时之间, 负荷上限须在 1 瓦至 4000 千瓦之间") \
    ROW(REGISTRY_ERR_REPORT_TIME, -1115, 422, "report_time", "report_time_s", \
        "the report time lies between 0 and 86,399 seconds after midnight", "上报时刻须在零点后 0 至 86399 秒之间") \
    ROW(REGISTRY_ERR_SECURITY, -1116, 422, "security", "security", "security is psk or plain", "安全方式须为 psk 或 plain") \
    ROW(REGISTRY_ERR_FULL, -1117, 429, "registry_full", "", "this installation holds no more devices or areas", \
        "设备或区域数量已达上限") \
    ROW(REGISTRY_ERR_MEMORY, -1118, 503, "registry_memory", "", "out of memory", "内存不足") \
    ROW(REGISTRY_ERR_END_REGISTER, -1119, 422, "end_register", "old_end_value", \
        "the old meter's last value is impossible after its last reading; check the digits", \
        "旧表止码与其最近读数不符，请核对数字") \
    ROW(REGISTRY_ERR_SIZE, -1120, 422, "size_dn", "size_dn_mm", "the nominal size is 8 to 600 mm", \
        "公称口径须为 8 至 600 毫米") \
    ROW(REGISTRY_ERR_TEXT, -1121, 422, "text_long", "", "a text is too long or not valid UTF-8", \
        "文字过长或不是有效的 UTF-8") \
    ROW(REGISTRY_ERR_MULTIPLIER_STEP, -1137, 422, "multiplier_step", "multiplier_e3", \
        "a ratio lies between 0.001 and 1,000,000 and must turn the dial's finest step into whole units: electricity at" \
        " most two decimals, others none", \
        "倍率须在 0.001 至 1000000 之间, 且须与表盘最小分度整除: 电表至多两位小数, 其他表计须为整数") \
    ROW(REGISTRY_ERR_STORED, -1122, 500, "registry_stored", "", "the stored archive contradicts itself", \
        "已存档案自相矛盾") \
    ROW(REGISTRY_ERR_LINE, -1123, 409, "line_none", "device_id", "this device hangs on no concentrator or line", \
        "该设备未挂接集中器或线路") \
    ROW(REGISTRY_ERR_PARENT, -1124, 422, "parent_device", "parent_device_id", \
        "a meter has an IMEI or hangs on a collector, concentrator or line in service; a collector hangs on a concentrator or line", \
        "表计须有 IMEI 或挂接在用的采集器、集中器或线路；采集器须挂接集中器或线路") \
    ROW(REGISTRY_ERR_LINE_FULL, -1125, 409, "line_full", "parent_device_id", \
        "this concentrator or line has as many meters as it may have", "该集中器或线路的表计数量已达上限") \
    ROW(REGISTRY_ERR_POINT, -1126, 422, "measurement_point", "measurement_point", \
        "a measurement point is 1 to 2,047 (1 to 2,040 of a concentrator)", "测量点号须为 1 至 2047（集中器为 1 至 2040）") \
    ROW(REGISTRY_ERR_POINT_TAKEN, -1127, 409, "measurement_point_taken", "measurement_point", \
        "another meter of this line has this measurement point", "本线路另一块表计已使用该测量点号") \
    ROW(REGISTRY_ERR_ADDRESS, -1128, 422, "address", "address", \
        "the address is missing or has a form that this kind of device cannot have", "地址缺失或格式不符合该类设备") \
    ROW(REGISTRY_ERR_ADDRESS_TAKEN, -1129, 409, "address_taken", "address", \
        "another device of this line has this address", "本线路另一台设备已使用该地址") \
    ROW(REGISTRY_ERR_PORT, -1130, 422, "port", "port", "a concentrator's port is 1 to 31", "集中器端口号须为 1 至 31") \
    ROW(REGISTRY_ERR_TRANSFORMERS, -1131, 422, "transformers", "ct_primary_a", \
        "transformer values come in pairs above 0, with a ratio that has at most three decimals", \
        "互感器一次值和二次值须成对填写且大于 0，变比最多三位小数") \
    ROW(REGISTRY_ERR_MULTIPLIER, -1132, 422, "multiplier", "multiplier_e3", \
        "the multiplier is not the product of the transformer ratios", "综合倍率不等于电流与电压变比之积") \
    ROW(REGISTRY_ERR_CHILDREN, -1133, 409, "device_has_children", "device_id", \
        "devices still hang on it; move or remove them first", "仍有设备挂接其下，请先移走或停用") \
    ROW(REGISTRY_ERR_LINE_KIND, -1134, 422, "line_kind", "line_kind", \
        "a line is a dtu, a serial port or a tcp server; a concentrator is its own kind", \
        "线路类型须为 dtu、serial 或 tcp；集中器自成一类") \
    ROW(REGISTRY_ERR_LINE_SETTING, -1135, 422, "line_setting", "", \
        "a line setting is outside its range", "线路参数超出允许范围") \
    ROW(REGISTRY_ERR_SECRET, -1138, 422, "secret_form", "key", \
        "a meter's key has 32 hexadecimal digits, a concentrator's password 4 or 32", \
        "表计密钥须为 32 位十六进制数字，集中器密码须为 4 或 32 位") \
    ROW(REGISTRY_ERR_LINE_NAME, -1139, 422, "line_name", "name", \
        "a name of a concentrator or line has 1 to 14 bytes; a Chinese character takes three", \
        "集中器或线路名称为 1 至 14 字节，一个汉字占三字节") \
    ROW(REGISTRY_ERR_LINE_NAME_TAKEN, -1140, 409, "line_name_taken", "name", \
        "another device of this organisation has this name", "本单位另一台设备已使用该名称") \
    ROW(REGISTRY_ERR_KIND, -1136, 422, "device_kind", "kind", "there is no such kind of device, or not for this", \
        "没有该设备类型，或该操作不适用于此类设备")

enum registry_error { REGISTRY_ERRORS(ERROR_INFO_ENUM) };

/* The row of one of REGISTRY_ERR_*; NULL for any other number. Static lifetime. */
const struct error_info *registry_error_info(int error);

#endif
