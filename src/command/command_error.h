/* Why the command room refused a request. */
#ifndef COMMAND_COMMAND_ERROR_H
#define COMMAND_COMMAND_ERROR_H

#include "base/error_info.h"

#define COMMAND_ERRORS(ROW) \
    ROW(COMMAND_ERR_DEVICE, -1301, 404, "device_unknown", "device_id", "there is no such device in service", \
        "没有该在用设备") \
    ROW(COMMAND_ERR_KIND, -1302, 422, "command_kind", "kind", \
        "there is no such command; a device's own list says which it has", \
        "没有该命令；设备可执行的命令见其命令清单") \
    ROW(COMMAND_ERR_PARAMETER, -1303, 422, "command_parameter", "parameter", "the device has no such parameter", \
        "设备没有该参数") \
    ROW(COMMAND_ERR_VALUE, -1304, 422, "command_value", "value", "the parameter cannot have this value", \
        "参数值超出允许范围") \
    ROW(COMMAND_ERR_AMOUNT, -1305, 422, "command_amount", "amount_fen", \
        "a recharge is 0.01 to 1,000,000.00 yuan", "充值金额须为 0.01 至 1 000 000.00 元") \
    ROW(COMMAND_ERR_EXPIRY, -1306, 422, "command_expiry", "expires_s", \
        "a command lives between one minute and 90 days", "命令有效期须为 1 分钟至 90 天") \
    ROW(COMMAND_ERR_QUEUE_FULL, -1307, 429, "command_queue_full", "", \
        "this device has too many commands waiting; cancel some first", "该设备等待中的命令过多，请先取消一部分") \
    ROW(COMMAND_ERR_UNKNOWN, -1308, 404, "command_unknown", "command_id", "there is no such command", "没有该命令") \
    ROW(COMMAND_ERR_FINISHED, -1309, 409, "command_finished", "", "the command has ended already", "该命令已结束") \
    ROW(COMMAND_ERR_UNDER_WAY, -1310, 409, "command_under_way", "", \
        "the command is on its way to the device and can no longer be cancelled", "命令已发往设备，无法取消") \
    ROW(COMMAND_ERR_MEMORY, -1311, 503, "command_memory", "", "out of memory", "内存不足") \
    ROW(COMMAND_ERR_FULL, -1312, 507, "command_full", "", "too much work in one transaction; nothing was stored", \
        "单次事务过大，未保存任何内容") \
    ROW(COMMAND_ERR_SERIAL, -1313, 409, "command_serial", "", "this device has used up its command serials", \
        "该设备的命令流水号已用尽") \
    ROW(COMMAND_ERR_PRIORITY, -1314, 422, "command_priority", "priority", "the priority is 0, 1 or 2", \
        "优先级须为 0、1 或 2") \
    ROW(COMMAND_ERR_TEXT, -1315, 422, "command_reason", "reason", "the reason is too long or not valid UTF-8", \
        "原因过长或不是有效的 UTF-8") \
    ROW(COMMAND_ERR_MODE, -1316, 422, "supply_mode", "value", "the mode is 1 post-paid, 2 prepaid or 3 public", \
        "模式须为 1 后付费、2 预付费或 3 公用") \
    ROW(COMMAND_ERR_TABLE, -1317, 422, "command_table", "table", \
        "a table begins at 0 and ascends: 1 to 7 steps with prices, or 1 to 14 minutes of the day with tariffs 1 to 4", \
        "表格须自 0 起递增：1 至 7 级阶梯及价格，或每日 1 至 14 个时段分钟及费率 1 至 4")

enum command_error { COMMAND_ERRORS(ERROR_INFO_ENUM) };

/* The row of one of COMMAND_ERR_*; NULL for any other number. Static lifetime. */
const struct error_info *command_error_info(int error);

#endif
