/* Why the house itself refused, and any room's reason found by its number. */
#ifndef APPS_METERWORKS_HOUSE_ERROR_H
#define APPS_METERWORKS_HOUSE_ERROR_H

#include "base/error_info.h"

#define HOUSE_ERRORS(ROW) \
    ROW(HOUSE_ERR_INTERNAL, -1903, 500, "internal", "", \
        "the platform could not do this; the operator finds the reason in its log", \
        "平台未能完成该操作，原因见运行日志") \
    ROW(HOUSE_ERR_CHANGES_FULL, -1904, 503, "archive_busy", "", \
        "too many archive changes at once; nothing was changed, please try again", \
        "档案变更过于集中，未作任何更改，请稍后重试")

enum house_error { HOUSE_ERRORS(ERROR_INFO_ENUM) };

/* The row of any room's negative answer; the row of HOUSE_ERR_INTERNAL for a number that nobody knows. Never NULL. */
const struct error_info *house_error_info(int error);

#endif
