/* Why the estate room refused a request. */
#ifndef ESTATE_ESTATE_ERROR_H
#define ESTATE_ESTATE_ERROR_H

#include "base/error_info.h"

#define ESTATE_ERRORS(ROW) \
    ROW(ESTATE_ERR_CONCENTRATOR, -2401, 404, "concentrator_unknown", "device_id", \
        "there is no such concentrator in service", "没有该在用集中器") \
    ROW(ESTATE_ERR_SYNC_BUSY, -2402, 409, "archive_sync_busy", "", \
        "an archive download to this concentrator is under way already", "该集中器的档案下发正在进行") \
    ROW(ESTATE_ERR_MEMORY, -2403, 503, "estate_memory", "", "out of memory", "内存不足") \
    ROW(ESTATE_ERR_FULL, -2404, 507, "estate_full", "", "too much work in one transaction; nothing was stored", \
        "单次事务过大，未保存任何内容") \
    ROW(ESTATE_ERR_STORED, -2405, 500, "estate_stored", "", "the stored state of a line contradicts itself", \
        "已存线路状态自相矛盾")

enum estate_error { ESTATE_ERRORS(ERROR_INFO_ENUM) };

/* The row of one of ESTATE_ERR_*; NULL for any other number. Static lifetime. */
const struct error_info *estate_error_info(int error);

#endif
