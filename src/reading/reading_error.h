/* Why the reading room refused a request. What a device says is never an error: it is believed or set aside. */
#ifndef READING_READING_ERROR_H
#define READING_READING_ERROR_H

#include "base/error_info.h"

#define READING_ERRORS(ROW) \
    ROW(READING_ERR_DEVICE, -1201, 404, "device_unknown", "device_id", "there is no such device", "没有该设备") \
    ROW(READING_ERR_SET_ASIDE, -1202, 404, "set_aside_unknown", "set_aside_id", "there is no such reading set aside", \
        "没有该条待定读数") \
    ROW(READING_ERR_DECIDED, -1203, 409, "already_decided", "", "somebody has decided this reading already", \
        "该读数已有处理结果") \
    ROW(READING_ERR_NOT_ACCEPTABLE, -1204, 409, "not_acceptable", "decision", \
        "this value cannot be accepted: the dial cannot show it, or its day is not certain", \
        "该值无法采纳：超出表盘量程，或所属日期不能确定") \
    ROW(READING_ERR_FULL, -1205, 507, "reading_full", "", "too much work in one transaction; nothing was stored", \
        "单次事务过大，未保存任何内容") \
    ROW(READING_ERR_MEMORY, -1206, 503, "reading_memory", "", "out of memory", "内存不足") \
    ROW(READING_ERR_STORED, -1207, 500, "reading_stored", "", "the stored readings contradict themselves", \
        "已存读数自相矛盾") \
    ROW(READING_ERR_END, -1208, 422, "end_register", "old_end_value", \
        "the meter's last value is impossible after its last reading; check the digits", \
        "止码与最近读数不符，请核对数字") \
    ROW(READING_ERR_ZONE, -1209, 404, "balance_zone_unknown", "balance_zone_id", \
        "there is no such zone within your jurisdiction", "管辖范围内没有该损耗分析区") \
    ROW(READING_ERR_ZONE_NAME, -1210, 422, "balance_zone_name", "name", "a name has 1 to 127 bytes of UTF-8 text", \
        "名称须为 1 至 127 字节的 UTF-8 文本") \
    ROW(READING_ERR_ZONE_NAME_TAKEN, -1211, 409, "balance_zone_name_taken", "name", "another zone has this name", \
        "已有同名的损耗分析区") \
    ROW(READING_ERR_ZONE_UTILITY, -1212, 422, "balance_zone_utility", "utility", \
        "a zone is of cold_water, hot_water, electricity, gas or heat", \
        "损耗分析区的类型须为 cold_water、hot_water、electricity、gas 或 heat") \
    ROW(READING_ERR_ZONE_SUPPLY, -1213, 422, "balance_supply", "supply", \
        "a zone has 1 to 64 border meters, each once, all of its utility and of this organisation", \
        "损耗分析区须有 1 至 64 块总表，不得重复，且须为本单位同类型表计")

enum reading_error { READING_ERRORS(ERROR_INFO_ENUM) };

/* The row of one of READING_ERR_*; NULL for any other number. Static lifetime. */
const struct error_info *reading_error_info(int error);

#endif
