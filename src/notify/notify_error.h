/* Why a message was not put into the outbox. */
#ifndef NOTIFY_NOTIFY_ERROR_H
#define NOTIFY_NOTIFY_ERROR_H

#include "base/error_info.h"

#define NOTIFY_ERRORS(ROW) \
    ROW(NOTIFY_ERR_KIND, -1901, 500, "notice_kind", "", "This kind of message is not known", "不认识的消息类型") \
    ROW(NOTIFY_ERR_KEY, -1902, 500, "notice_key", "", "A message needs a key of 1 to 79 characters", \
        "消息需要 1 至 79 个字符的流水号") \
    ROW(NOTIFY_ERR_LONG, -1903, 500, "notice_long", "", "The message does not fit 480 bytes", "消息超过 480 字节")

enum notify_error { NOTIFY_ERRORS(ERROR_INFO_ENUM) };

/* The row of one of NOTIFY_ERR_*; NULL for any other number. Static lifetime. */
const struct error_info *notify_error_info(int error);

/* English text of one of NOTIFY_ERR_*; "unknown notify error" for any other number. */
const char *notify_error_text(int error);

#endif
