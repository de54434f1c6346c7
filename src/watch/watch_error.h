/* Why the watch room refused a request. */
#ifndef WATCH_WATCH_ERROR_H
#define WATCH_WATCH_ERROR_H

#include "base/error_info.h"

#define WATCH_ERRORS(ROW) \
    ROW(WATCH_ERR_EVENT, -1401, 404, "event_unknown", "event_id", "there is no such event", "没有该事件") \
    ROW(WATCH_ERR_ACKNOWLEDGED, -1402, 409, "event_acknowledged", "", "the event is acknowledged already", \
        "该事件已确认") \
    ROW(WATCH_ERR_MEMORY, -1403, 503, "watch_memory", "", "out of memory", "内存不足")

enum watch_error { WATCH_ERRORS(ERROR_INFO_ENUM) };

/* The row of one of WATCH_ERR_*; NULL for any other number. Static lifetime. */
const struct error_info *watch_error_info(int error);

#endif
