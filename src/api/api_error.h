/* Reasons for which the api itself refuses a request (base/error_info.h). */
#ifndef API_API_ERROR_H
#define API_API_ERROR_H

#include "base/error_info.h"

#define API_ERRORS(ROW) \
    ROW(API_ERR_ROUTE, -1701, 404, "no_such_path", "", "There is no such path", "没有这个路径") \
    ROW(API_ERR_METHOD, -1702, 405, "method_not_allowed", "", "This path does not offer this method", "该路径不支持此方法") \
    ROW(API_ERR_TARGET, -1703, 400, "bad_target", "", "The address is not well formed", "请求地址格式不正确") \
    ROW(API_ERR_QUERY_LIMIT, -1704, 400, "too_many_parameters", "", "The query has too many parameters", \
        "查询参数过多") \
    ROW(API_ERR_BODY_SIZE, -1705, 413, "body_too_large", "", "The body is larger than 1 MiB", "请求内容超过 1 MiB") \
    ROW(API_ERR_BODY_TYPE, -1706, 415, "body_type", "", "The body must be application/json, or what this path says", \
        "请求内容须为 application/json 或该路径要求的类型") \
    ROW(API_ERR_BODY_JSON, -1707, 400, "bad_json", "", "The body is not valid JSON", "请求内容不是有效的 JSON") \
    ROW(API_ERR_BODY_OBJECT, -1708, 400, "body_not_object", "", "The body must be a JSON object", \
        "请求内容须为 JSON 对象") \
    ROW(API_ERR_FIELD_UNKNOWN, -1709, 400, "unknown_field", "", "This field is not known here", "此处没有这个字段") \
    ROW(API_ERR_FIELD_MISSING, -1710, 400, "missing_field", "", "This field is required", "缺少必填字段") \
    ROW(API_ERR_FIELD_TYPE, -1711, 400, "wrong_type", "", "This field has the wrong type", "字段类型不正确") \
    ROW(API_ERR_FIELD_RANGE, -1712, 422, "out_of_range", "", "This value is outside the permitted range", \
        "字段值不在允许范围内") \
    ROW(API_ERR_FIELD_CHOICE, -1713, 422, "not_a_choice", "", "This value is not one of the permitted ones", \
        "字段值不是允许的选项") \
    ROW(API_ERR_FIELD_TWICE, -1714, 400, "field_twice", "", "This parameter was given twice", "参数重复") \
    ROW(API_ERR_SIGNED_OUT, -1715, 401, "signed_out", "", "Please sign in", "请先登录") \
    ROW(API_ERR_CSRF, -1716, 403, "csrf_token", "", "The request lacks this session's X-CSRF-Token; load the page again", \
        "请求缺少本会话的 X-CSRF-Token, 请刷新页面") \
    ROW(API_ERR_PERMISSION, -1717, 403, "no_permission", "", "Your role does not include this right; an administrator grants it", \
        "您的角色没有此权限, 请联系管理员授予") \
    ROW(API_ERR_NOT_FOUND, -1718, 404, "not_found", "", "There is no such thing within your jurisdiction", \
        "没有该对象, 或不在您的辖区内") \
    ROW(API_ERR_AREA, -1719, 404, "area_unknown", "area_id", "There is no such area within your jurisdiction", \
        "没有这个片区, 或不在您的辖区内") \
    ROW(API_ERR_SIGN_IN, -1720, 401, "wrong_password", "password", "Login or password is not right", "登录名或密码不正确") \
    ROW(API_ERR_LOCKED, -1721, 429, "locked", "login", "Too many wrong passwords; try again in a moment", \
        "密码错误次数过多, 请稍后再试") \
    ROW(API_ERR_SIGN_IN_BUSY, -1722, 503, "sign_in_busy", "", "Many people are signing in; try again in a second", \
        "正在登录的人较多, 请稍后重试") \
    ROW(API_ERR_BUSY, -1723, 503, "busy", "", "The server is busy; try again", "服务器繁忙, 请重试") \
    ROW(API_ERR_SLOW, -1724, 503, "took_too_long", "", "This took too long and was stopped; choose a smaller area or time", \
        "查询时间过长已停止, 请缩小片区或时间范围") \
    ROW(API_ERR_STORE, -1725, 503, "store", "", "The data cannot be read right now", "暂时取不到数据") \
    ROW(API_ERR_MEMORY, -1726, 503, "memory", "", "The answer does not fit into memory", "内存不足") \
    ROW(API_ERR_DAYS, -1727, 422, "days_range", "from", "From must not lie after to, and at most 400 days between", \
        "开始日期不能晚于结束日期, 且最多 400 天") \
    ROW(API_ERR_BALANCE_DAYS, -1739, 422, "balance_days", "from_day", "From must not lie after to, and at most 100 days between", \
        "开始日期不能晚于结束日期, 且最多 100 天") \
    ROW(API_ERR_REPORT_DAYS, -1740, 422, "report_days", "from", \
        "From must not lie after to; at most 31 days of minutes, 100 of hours, 400 of days, ten years of months", \
        "开始日期不能晚于结束日期; 分钟最多 31 天, 小时最多 100 天, 日最多 400 天, 月最多十年") \
    ROW(API_ERR_NOT_DEMO, -1728, 404, "not_a_demo", "", "This server is not a demonstration", "这不是演示服务器") \
    ROW(API_ERR_UNSUPPORTED, -1729, 501, "unsupported", "", "This server does not offer that", "本服务器不提供此功能") \
    ROW(API_ERR_EXPLAIN, -1730, 422, "not_explained", "", "This cannot be explained", "无法解释该内容") \
    ROW(API_ERR_LISTENERS, -1731, 503, "too_many_listeners", "", "Too many live connections", "实时连接过多") \
    ROW(API_ERR_CURSOR, -1732, 400, "bad_cursor", "cursor", "This cursor is not one of ours", "游标无效") \
    ROW(API_ERR_PROFILE, -1733, 404, "profile_unknown", "", "There is no device model of this name", "没有该名称的型号") \
    ROW(API_ERR_PROFILES_WRONG, -1734, 422, "profiles_wrong", "", \
        "A file is wrong; the models stay as they were", "文件有误, 型号保持不变") \
    ROW(API_ERR_LINK, -1770, 404, "link_unknown", "", "This link is not right", "链接不正确") \
    ROW(API_ERR_NOTHING_DUE, -1771, 409, "nothing_due", "", "Nothing is due on this bill", "此账单没有待缴金额") \
    ROW(API_ERR_ORDERS, -1772, 429, "too_many_orders", "", \
        "Many payments were begun for this account; try again in half an hour", "此户发起的支付过多, 请半小时后再试") \
    ROW(API_ERR_RESIDENT_LOCKED, -1773, 429, "resident_locked", "login", \
        "Too many wrong passwords; try again in a moment", "密码错误次数过多, 请稍后再试") \
    ROW(API_ERR_BODY_TEXT, -1759, 422, "body_text", "", "The text must be UTF-8 without zero bytes; save the spreadsheet as CSV UTF-8", \
        "文本须为不含空字节的 UTF-8, 请将表格另存为 CSV UTF-8") \
    ROW(API_ERR_TOKEN_UNKNOWN, -1670, 401, "token_unknown", "token", "There is no such token", "没有这个令牌") \
    ROW(API_ERR_TOKEN_EXPIRED, -1671, 401, "token_expired", "token", \
        "This token has expired; what was booked stays booked, ask the operator for a new token", \
        "令牌已过期; 已记账的不受影响, 请向运营单位申请新令牌") \
    ROW(API_ERR_TOKEN_REVOKED, -1672, 401, "token_revoked", "token", "This token was revoked by the operator", \
        "令牌已被运营单位吊销") \
    ROW(API_ERR_PARTNER_DISABLED, -1673, 403, "partner_disabled", "", "This partner is switched off by the operator", \
        "该合作方已被运营单位停用") \
    ROW(API_ERR_NETWORK, -1674, 403, "network_refused", "", "This partner may not call from this address", \
        "该合作方不允许从此地址调用") \
    ROW(API_ERR_SIGNATURE_MISSING, -1675, 401, "signature_missing", "", \
        "Send X-Meterworks-Timestamp, X-Meterworks-Nonce of 8 to 64 characters and X-Meterworks-Signature", \
        "须带 X-Meterworks-Timestamp、8 至 64 个字符的 X-Meterworks-Nonce 和 X-Meterworks-Signature") \
    ROW(API_ERR_SIGNATURE, -1676, 401, "signature_wrong", "", "The signature is not right", "签名不正确") \
    ROW(API_ERR_TIMESTAMP, -1677, 401, "timestamp_skew", "", \
        "The timestamp is more than 300 s from our clock, or older than our last start; sign again", \
        "时间戳与服务器时间相差超过 300 秒, 或早于服务器启动时间, 请重新签名") \
    ROW(API_ERR_NONCE, -1678, 401, "nonce_repeated", "", "This nonce came before; sign again with a new one", \
        "该随机串已使用过, 请更换后重新签名") \
    ROW(API_ERR_RATE, -1679, 429, "too_many_requests", "", "Too many requests; wait the seconds of Retry-After", \
        "请求过于频繁, 请等待 Retry-After 所示秒数") \
    ROW(API_ERR_INTERFACE, -1680, 403, "interface_not_granted", "", \
        "The operator has not granted this interface to this partner", "运营单位未向该合作方开放此接口") \
    ROW(API_ERR_TRADE_UNKNOWN, -1681, 404, "trade_unknown", "trade_number", \
        "Nothing was booked under this trade number for this device; it is safe to send the top-up again", \
        "该设备没有此交易号的入账, 可以放心重发充值请求") \
    ROW(API_ERR_NO_ACCOUNT, -1682, 409, "no_account", "device_id", "Nobody has an account for this device; nothing was booked", \
        "该设备没有开户, 未入账") \
    ROW(API_ERR_MONTH, -1683, 422, "month_form", "month", "A month is written like 2026-11; at most 12 months", \
        "月份形如 2026-11, 最多 12 个月") \
    ROW(API_ERR_OPEN_DEVICE, -1684, 404, "device_unknown", "device_id", "There is no such device for this token", \
        "该令牌下没有这个设备") \
    ROW(API_ERR_TRADE_NUMBER, -1685, 422, "trade_number_form", "trade_number", \
        "A number has 6 to 32 letters, digits, dots, dashes or underscores", \
        "号码为 6 至 32 个字母、数字、点、横线或下划线") \
    ROW(API_ERR_TRADE_REUSED, -1688, 409, "trade_number_reused", "trade_number", \
        "This trade number was booked with another device or amount; nothing was done", \
        "该交易号已用于另一设备或另一金额, 未执行任何操作") \
    ROW(API_ERR_OPEN_BODY, -1686, 413, "body_too_large", "", "The body is larger than 64 KiB", "请求内容超过 64 KiB") \
    ROW(API_ERR_NO_CORE, -1689, 503, "no_core", "", \
        "No core can be reached now: what is stored can be read, changes must wait. Try again in a few seconds; if it lasts, the operator looks after the core", \
        "暂时连接不到核心服务: 已存数据可以查询, 变更须等待。请几秒后重试; 若持续如此, 请运维人员检查核心服务") \
    ROW(API_ERR_OUTCOME, -1690, 504, "outcome_unknown", "", \
        "The core took this and gave no answer: it may have been done. Look before you ask again", \
        "核心服务收到请求但没有答复, 可能已经执行; 请先查看结果再决定是否重试") \
    ROW(API_ERR_DISTRICT, -1691, 421, "other_district", "", \
        "This address is another district's: the proxy in front must lead it to that district's process", \
        "此地址属于另一分区: 前置代理须将其转发到该分区的服务进程") \
    ROW(API_ERR_NO_SECRET, -1687, 503, "secret_unavailable", "", "The signing secret cannot be made right now", \
        "暂时无法生成签名密钥")

enum api_error { API_ERRORS(ERROR_INFO_ENUM) };

/* The row of one of API_ERR_*; NULL for any other number. Static lifetime. */
const struct error_info *api_error_info(int error);

#endif
