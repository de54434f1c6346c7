/* Why a price could not be read or a charge not be computed. */
#ifndef RATING_RATING_ERROR_H
#define RATING_RATING_ERROR_H

#include "base/error_info.h"

#define RATING_ERRORS(ROW) \
    ROW(RATING_ERR_JSON, -1601, 400, "tariff_json", "document", "The text is not valid JSON", "文本不是有效的 JSON") \
    ROW(RATING_ERR_DOCUMENT, -1602, 422, "tariff_document", "document", "The tariff document is wrong", \
        "价格文件有误") \
    ROW(RATING_ERR_QUANTITY, -1603, 422, "quantity_range", "usage_value", \
        "The quantity is out of range (at most a thousand million units, not below what was used)", \
        "用量超出范围(最多十亿单位, 且不能低于已用量)") \
    ROW(RATING_ERR_SEASON, -1604, 422, "season_unknown", "season", \
        "The tariff has limits by season and this season is not among them", "该价格按季节分档, 但没有这个季节") \
    ROW(RATING_ERR_PERIOD, -1605, 422, "period_unknown", "tou", \
        "The quantities do not fit the tariff's periods of the day", "用量与价格的时段不符") \
    ROW(RATING_ERR_USAGE, -1606, 422, "usage_range", "", \
        "Persons, months, days or the quantity already used are out of range", "人口、月数、天数或已用量超出范围") \
    ROW(RATING_ERR_SEGMENTS, -1607, 422, "price_segments", "", "Too many price segments, or days that do not add up", \
        "价格分段过多或天数不符") \
    ROW(RATING_ERR_RANGE, -1608, 422, "amount_range", "", "An amount is beyond the permitted range", \
        "金额超出允许范围") \
    ROW(RATING_ERR_DATES, -1609, 422, "dates_order", "", "The dates are in the wrong order or too far apart", \
        "日期先后有误或相距过远") \
    ROW(RATING_ERR_KIND, -1610, 422, "case_kind", "kind", "This kind of case is not known", "不认识的用例类型") \
    ROW(RATING_ERR_FULL, -1611, 413, "answer_full", "", "The answer does not fit the buffer", "结果超出缓冲区") \
    ROW(RATING_ERR_MEASURE, -1612, 422, "measure_missing", "", \
        "The tariff charges by area, capacity or demand and the account has none", \
        "该价格按面积、容量或需量计费, 但没有这些数据")

enum rating_error { RATING_ERRORS(ERROR_INFO_ENUM) };

/* The row of one of RATING_ERR_*; NULL for any other number. Static lifetime. */
const struct error_info *rating_error_info(int error);

/* One sentence for one of RATING_ERR_*, "unknown rating error" for any other number. */
const char *rating_error_text(int error);
const char *rating_error_text_zh(int error);

#endif
