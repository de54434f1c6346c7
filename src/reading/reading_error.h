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
        "止码与最近读数不符，请核对数字")

enum reading_error { READING_ERRORS(ERROR_INFO_ENUM) };

/* The row of one of READING_ERR_*; NULL for any other number. Static lifetime. */
const struct error_info *reading_error_info(int error);

#endif
