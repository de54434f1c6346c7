#include "security/setting.h"

#include <stdbool.h>
#include <string.h>

#include "base/calendar.h"
#include "base/decimal.h"
#include "base/text.h"
#include "security/security_error.h"

static const struct setting settings[] = {
    { "notice_start_min", SECTION_NOTICES, SETTING_CLOCK_MIN, "min", "480", 0, 1440, "每日最早发送提醒的时刻",
        "Earliest time of day for reminders" },
    { "notice_end_min", SECTION_NOTICES, SETTING_CLOCK_MIN, "min", "1260", 0, 1440, "每日最晚发送提醒的时刻",
        "Latest time of day for reminders" },
    { "reminder_daily", SECTION_NOTICES, SETTING_YES_NO, "", "0", 0, 1, "余额低后每日定时提醒一次直至缴费; 否则在提醒额度及其两个比例处各提醒一次",
        "One reminder each day from the low balance until it is paid; otherwise at the level and at two shares of it" },
    { "reminder_daily_min", SECTION_NOTICES, SETTING_CLOCK_MIN, "min", "540", 0, 1439, "每日提醒的时刻",
        "Time of the daily reminder" },
    { "reminder_second_percent", SECTION_NOTICES, SETTING_INTEGER, "%", "50", 1, 100, "余额低于提醒额度的此比例时第二次提醒",
        "Second reminder below this share of the level" },
    { "reminder_third_percent", SECTION_NOTICES, SETTING_INTEGER, "%", "20", 0, 100, "余额低于提醒额度的此比例时第三次提醒, 0 为不提醒",
        "Third reminder below this share of the level; 0: none" },
    { "message_daily_limit", SECTION_NOTICES, SETTING_INTEGER, "", "10", 0, 1000, "每日发往同一地址的提醒条数上限, 0 为不限",
        "At most so many routine messages to one address a day; 0: no bound" },
    { "message_language", SECTION_NOTICES, SETTING_CHOICE, "", "zh", 0, 0, "发给客户手机的消息语言",
        "Language of messages to customers' phones" },
    { "cut_start_min", SECTION_SUPPLY, SETTING_CLOCK_MIN, "min", "510", 0, 1440, "允许停供时段开始",
        "Permitted cut-off window begins" },
    { "cut_end_min", SECTION_SUPPLY, SETTING_CLOCK_MIN, "min", "960", 0, 1440, "允许停供时段结束",
        "Permitted cut-off window ends" },
    { "cut_weekdays", SECTION_SUPPLY, SETTING_WEEKDAYS, "", "1,2,3,4,5", 0, 0, "允许停供的星期",
        "Weekdays on which supply may be cut" },
    { "cut_holidays", SECTION_SUPPLY, SETTING_DAYS, "", "", 0, 0, "不停供的节假日", "Holidays on which nobody is cut off" },
    { "cut_limit_per_run", SECTION_SUPPLY, SETTING_INTEGER, "", "100", 1, 10000, "每批最多停供户数, 其余留到下一批",
        "At most so many cut-offs per run; the rest waits for the next" },
    { "cut_release_above", SECTION_SUPPLY, SETTING_INTEGER, "", "20", 0, 10000, "每日超过此户数的停供须由两人放行",
        "Closings of one day above this number need a batch released by two people" },
    { "cut_approval_min", SECTION_SUPPLY, SETTING_INTEGER, "min", "30", 1, 1440, "停供批次等待放行的有效时间(分钟)",
        "A batch of cut-offs that nobody has released lapses after so many minutes" },
    { "command_expiry_s", SECTION_SUPPLY, SETTING_INTEGER, "s", "259200", 60, 2592000, "命令默认有效期(秒)",
        "Default time until a command expires" },
    { "refund_release_above_fen", SECTION_MONEY, SETTING_INTEGER, "fen", "0", 0, 100000000, "超过此金额的退款须由另一人审批, 0 为每笔都须审批",
        "Refunds above this amount need another person's approval; 0: every refund" },
    { "approval_hours", SECTION_MONEY, SETTING_INTEGER, "h", "24", 1, 744, "待审批事项的有效时间(小时)",
        "What waits for a second person lapses after so many hours" },
    { "bill_due_days", SECTION_MONEY, SETTING_INTEGER, "d", "15", 1, 180, "账单出具后的缴费期限(天)", "Days between a bill and its due day" },
    { "bills_by_run", SECTION_MONEY, SETTING_YES_NO, "", "0", 0, 1, "账单只由审核后的结算出具; 否则到结算日自动出具",
        "Bills are issued by approved settlements only; otherwise on each contract's own day" },
    { "cash_shift_required", SECTION_MONEY, SETTING_YES_NO, "", "0", 0, 1, "柜台收款须先开班; 否则未开班也可收款(日结时列出)",
        "Payments at the counter need an open shift; otherwise those without one are listed at the daily close" },
    { "cash_difference_limit_fen", SECTION_MONEY, SETTING_INTEGER, "fen", "1000", 0, 100000000, "交班长短款超过此金额须第二人复核",
        "A shift's difference above this amount needs a second person" },
    { "payment_ask_above_fen", SECTION_MONEY, SETTING_INTEGER, "fen", "200000", 100, 100000000, "单笔收款超过此金额时再确认一次",
        "Ask once more before a payment above this amount" },
    { "silent_margin_s", SECTION_READINGS, SETTING_INTEGER, "s", "21600", 600, 604800, "超过应报时刻多久算静默(秒)",
        "A meter is silent when its report is so late" },
    { "daily_keep_days", SECTION_READINGS, SETTING_INTEGER, "d", "36500", 1096, 36500, "日冻结(每日零点)读数保留天数",
        "Days for which midnight readings are kept" },
    { "daily_fold_days", SECTION_READINGS, SETTING_INTEGER, "d", "124", 70, 36500, "日冻结读数满多少天后压缩存放(查询不受影响)",
        "Days after which midnight readings are packed; they are read as before" },
    { "interval_keep_days", SECTION_READINGS, SETTING_INTEGER, "d", "1096", 60, 36500, "分时(一刻钟、小时)读数保留天数",
        "Days for which quarter-hours and hours are kept" },
    { "register_keep_days", SECTION_READINGS, SETTING_INTEGER, "d", "400", 60, 36500, "其他瞬时读数(电压、功率等)保留天数",
        "Days for which other values at instants are kept: voltage, power" },
    { "frame_keep_days", SECTION_READINGS, SETTING_INTEGER, "d", "90", 1, 3650, "原始报文保留天数(每表平均另限 20 条)",
        "Days for which raw frames are kept; no more than 20 for each meter" },
    { "event_keep_days", SECTION_READINGS, SETTING_INTEGER, "d", "1096", 90, 36500, "已解除的事件保留天数",
        "Days for which events that are over are kept" },
    { "organisation_short_name", SECTION_ORGANISATION, SETTING_TEXT, "", "", 0, 30, "短信签名中的单位简称", "Short name of the organisation in messages" },
    { "district_name", SECTION_ORGANISATION, SETTING_TEXT, "", "", 0, 60, "分区名称, 显示在页面顶部(多分区部署)",
        "Name of the district in the head of every page, where a city is divided into several" },
    { "organisation_phone", SECTION_ORGANISATION, SETTING_TEXT, "", "", 0, 20, "消息中的服务电话", "Service phone in messages" },
    { "public_address", SECTION_ORGANISATION, SETTING_TEXT, "", "", 0, 120, "公共网址, 印在账单二维码里, 如 https://water.example.cn",
        "Public address, printed in the QR code of bills: https://water.example.cn" },
    { "receipt_paper", SECTION_ORGANISATION, SETTING_CHOICE, "", "80", 0, 0, "收据纸张", "Paper of receipts" },
    { "receipt_footer", SECTION_ORGANISATION, SETTING_TEXT, "", "", 0, 200, "收据页脚", "Footer of receipts" },
    { "invoice_seller_tax_number", SECTION_INVOICES, SETTING_TEXT, "", "", 0, 20, "本单位税号(开票方)", "Tax number of the organisation, as seller on invoices" },
    { "invoice_category_water", SECTION_INVOICES, SETTING_TEXT, "", "1100301010000000000 3 水冰雪", 0, 100,
        "自来水开票: 税收分类编码 税率% 简称, 请会计核定", "Invoices for water: category code, rate in per cent, short name; ask your accountant" },
    { "invoice_category_sewage", SECTION_INVOICES, SETTING_TEXT, "", "1100301010000000000 0 水冰雪", 0, 100,
        "污水处理费开票: 税收分类编码 税率% 简称, 请会计核定", "Invoices for sewage: code, rate, short name; ask your accountant" },
    { "invoice_category_hot_water", SECTION_INVOICES, SETTING_TEXT, "", "1100301010000000000 9 水冰雪", 0, 100,
        "热水开票: 税收分类编码 税率% 简称, 请会计核定", "Invoices for hot water: code, rate, short name; ask your accountant" },
    { "invoice_category_electricity", SECTION_INVOICES, SETTING_TEXT, "", "1100101000000000000 13 供电", 0, 100,
        "电开票: 税收分类编码 税率% 简称, 请会计核定", "Invoices for electricity: code, rate, short name; ask your accountant" },
    { "invoice_category_gas", SECTION_INVOICES, SETTING_TEXT, "", "1100202000000000000 9 燃气", 0, 100,
        "燃气开票: 税收分类编码 税率% 简称, 请会计核定", "Invoices for gas: code, rate, short name; ask your accountant" },
    { "invoice_category_heat", SECTION_INVOICES, SETTING_TEXT, "", "1100102000000000000 9 供热", 0, 100,
        "供热开票: 税收分类编码 税率% 简称, 请会计核定", "Invoices for heat: code, rate, short name; ask your accountant" },
};

static const struct {
    const char *key;
    const char *choices;
} choices[] = {
    { "message_language", "zh,en" },
    { "receipt_paper", "80,58,241,a4" },
};

static const char *const type_names[] = { "integer", "clock_min", "weekdays", "days", "text", "yes_no", "choice" };
static const char *const section_names[] = { "notices", "supply", "money", "readings", "organisation", "invoices" };

size_t setting_count(void)
{
    return sizeof settings / sizeof settings[0];
}

const struct setting *setting_at(size_t index)
{
    return index < setting_count() ? &settings[index] : NULL;
}

const struct setting *setting_find(const char *key)
{
    for (size_t i = 0; i < setting_count(); i++)
        if (strcmp(settings[i].key, key) == 0)
            return &settings[i];
    return NULL;
}

const char *setting_type_name(enum setting_type type)
{
    return type_names[type];
}

const char *setting_section_name(enum setting_section section)
{
    return section_names[section];
}

const char *setting_choices(const struct setting *setting)
{
    for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++)
        if (strcmp(choices[i].key, setting->key) == 0)
            return choices[i].choices;
    return "";
}

static bool integer_is_permitted(const struct setting *setting, struct span value)
{
    int64_t number = 0;

    if (decimal_parse(value, 0, &number) != 0)
        return false;
    return number >= setting->minimum && number <= setting->maximum;
}

static bool choice_is_permitted(struct span permitted, struct span value)
{
    size_t begin = 0;

    for (size_t i = 0; i <= permitted.size; i++) {
        if (i < permitted.size && permitted.bytes[i] != ',')
            continue;
        if (span_equal((struct span){ permitted.bytes + begin, i - begin }, value))
            return true;
        begin = i + 1;
    }
    return false;
}

static bool weekday_is_permitted(struct span part)
{
    return part.size == 1 && part.bytes[0] >= '1' && part.bytes[0] <= '7';
}

static bool day_is_permitted(struct span part)
{
    int64_t day = 0;

    return calendar_parse_date(part, &day) == 0;
}

static bool list_is_permitted(struct span value, bool (*part_is_permitted)(struct span part))
{
    size_t begin = 0;

    if (value.size == 0)
        return true;
    for (size_t i = 0; i <= value.size; i++) {
        if (i < value.size && value.bytes[i] != ',')
            continue;
        if (!part_is_permitted(text_trim((struct span){ value.bytes + begin, i - begin })))
            return false;
        begin = i + 1;
    }
    return true;
}

static bool value_is_permitted(const struct setting *setting, struct span value)
{
    switch (setting->type) {
    case SETTING_INTEGER:
    case SETTING_CLOCK_MIN:
    case SETTING_YES_NO:
        return integer_is_permitted(setting, value);
    case SETTING_WEEKDAYS:
        return list_is_permitted(value, weekday_is_permitted);
    case SETTING_DAYS:
        return list_is_permitted(value, day_is_permitted);
    case SETTING_CHOICE:
        return choice_is_permitted(span_of_text(setting_choices(setting)), value);
    case SETTING_TEXT:
        return (int64_t)value.size <= setting->maximum && text_utf8_check(value) >= 0;
    }
    return false;
}

int setting_check(const struct setting *setting, const char *value)
{
    struct span text = span_of_text(value);

    if (text.size >= SETTING_VALUE_LIMIT || !value_is_permitted(setting, text))
        return SECURITY_ERR_SETTING_VALUE;
    return 0;
}

int64_t setting_integer(const struct setting *setting, const char *value)
{
    int64_t number = 0;

    if (value == NULL || decimal_parse(span_of_text(value), 0, &number) != 0)
        (void)decimal_parse(span_of_text(setting->value), 0, &number);
    return number;
}
