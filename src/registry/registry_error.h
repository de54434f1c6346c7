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
        "the dial wraps between 1 m3 and 1,000,000,000 m3", "表盘满量程须在 1 至 1 000 000 000 立方米之间") \
    ROW(REGISTRY_ERR_FLOW_LIMIT, -1114, 422, "flow_limit", "flow_limit_value_per_h", \
        "the largest flow lies between 1 L/h and 4,000 m3/h", "流量上限须在 1 升/时至 4000 立方米/时之间") \
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
    ROW(REGISTRY_ERR_STORED, -1122, 500, "registry_stored", "", "the stored archive contradicts itself", \
        "已存档案自相矛盾")

enum registry_error { REGISTRY_ERRORS(ERROR_INFO_ENUM) };

/* The row of one of REGISTRY_ERR_*; NULL for any other number. Static lifetime. */
const struct error_info *registry_error_info(int error);

#endif
