/* Why a price could not be read or a charge not be computed. */
#ifndef RATING_RATING_ERROR_H
#define RATING_RATING_ERROR_H

#define RATING_ERRORS(ROW) \
    ROW(RATING_ERR_JSON, -1, "the text is not valid JSON", "文本不是有效的 JSON") \
    ROW(RATING_ERR_DOCUMENT, -2, "the tariff document is wrong", "价格文件有误") \
    ROW(RATING_ERR_QUANTITY, -3, "the quantity is negative or beyond a thousand million units", "用量为负或超过十亿单位") \
    ROW(RATING_ERR_SEASON, -4, "the tariff has limits by season and this season is not among them", \
        "该价格按季节分档,但没有这个季节") \
    ROW(RATING_ERR_PERIOD, -5, "the tariff has no such period of the day", "该价格没有这个时段") \
    ROW(RATING_ERR_USAGE, -6, "persons, months, days or the quantity already used are out of range", \
        "人口、月数、天数或已用量超出范围") \
    ROW(RATING_ERR_SEGMENTS, -7, "too many price segments, or days that do not add up", "价格分段过多或天数不符") \
    ROW(RATING_ERR_RANGE, -8, "an amount is beyond the permitted range", "金额超出允许范围") \
    ROW(RATING_ERR_DATES, -9, "the dates are in the wrong order", "日期先后有误") \
    ROW(RATING_ERR_KIND, -10, "this kind of case is not known", "不认识的用例类型") \
    ROW(RATING_ERR_FULL, -11, "the answer does not fit the buffer", "结果超出缓冲区")

#define RATING_ERROR_ENUM(name, value, english, chinese) name = (value),
enum rating_error { RATING_ERRORS(RATING_ERROR_ENUM) };
#undef RATING_ERROR_ENUM

/* One sentence for one of RATING_ERR_*; never NULL, static lifetime. */
const char *rating_error_text(int error);
const char *rating_error_text_zh(int error);

#endif
