#include "notify/notice_text.h"

#include "base/calendar.h"
#include "base/decimal.h"
#include "base/text.h"
#include "base/writer.h"
#include "notify/utility_words.h"

#include <string.h>

/* {place} {org} {balance} {due} {paid} {flow}: values. {days} and {phone}: whole phrases that vanish when unknown.
 * {fee} {supply} {supply_begin} {stop} {use} {meter} {open} {check}: what the utility is called (utility_words.h).
 * {time} 9:12, {day} 11月20日 or 20 Nov, {moment} 11月20日9:00 or 09:00 on 20 Nov. */
static const struct template {
    const char *name;
    const char *text[2]; /* by enum notice_language */
} templates[NOTICE_KIND_COUNT] = {
    [NOTICE_LOW_FIRST] = { "low_first",
        { "【{org}】{place}{fee}余额¥{balance}{days}。请在公众号\"{org}\"缴费{phone}",
            "Your {fee} balance for {place} is ¥{balance}{days}. Please top up in the {org} account.{phone}" } },
    [NOTICE_LOW_SECOND] = { "low_second",
        { "【{org}】{place}{fee}余额¥{balance}{days}。余额用完且逾期未缴将{stop}{phone}",
            "Your {fee} balance for {place} is ¥{balance}{days}. Supply may stop once it is used up and unpaid.{phone}" } },
    [NOTICE_LOW_THIRD] = { "low_third",
        { "【{org}】{place}{fee}余额仅¥{balance}{days}。余额用完且逾期未缴将{stop},请尽快缴费{phone}",
            "Only ¥{balance} of your {fee} balance for {place} is left{days}. Supply may stop once it is used up and "
            "unpaid; please top up now.{phone}" } },
    [NOTICE_OVERDRAFT] = { "overdraft",
        { "【{org}】{place}{fee}已欠¥{due}。请在公众号\"{org}\"缴费,逾期未缴将{stop}{phone}",
            "¥{due} is due for {fee} at {place}. Please pay in the {org} account; supply may stop if it stays "
            "unpaid.{phone}" } },
    [NOTICE_FINAL_NOTICE] = { "final_notice",
        { "【{org}】{place}欠{fee}¥{due},未缴将于{moment}后{stop}。缴清即不停;有困难或因病需保障{use}请电{number}",
            "¥{due} is due for {place}. Unpaid, {stop} after {moment}. Paying cancels it; if you cannot pay or "
            "depend on {use} for health, call {number}." } },
    [NOTICE_CUT] = { "cut",
        { "【{org}】{place}因欠费¥{due}已于{time}{stop}。缴费后自动恢复,无需到场{phone}",
            "{supply_begin} at {place} was stopped at {time} for ¥{due} due. It returns by itself after payment.{phone}" } },
    [NOTICE_RESTORED] = { "restored",
        { "【{org}】已收到¥{paid},{place}已于{time}恢复{supply},余额¥{balance}{check}",
            "We received ¥{paid}. {supply_begin} at {place} is back since {time}, balance ¥{balance}.{check}" } },
    [NOTICE_PAID_ASLEEP] = { "paid_asleep",
        { "【{org}】已收到¥{paid}并记账,{meter}约{time}联网后{open};急用请按表上按键。无需重复缴费",
            "¥{paid} is booked for {place}. The {meter} {open} at about {time} when it wakes, or now if you press its "
            "button. No need to pay again." } },
    [NOTICE_BILL] = { "bill",
        { "【{org}】{place}{fee}账单¥{due},请于{day}前缴费{phone}",
            "The {fee} bill for {place} is ¥{due}, please pay by {day}.{phone}" } },
    [NOTICE_POSSIBLE_LEAK] = { "possible_leak",
        { "【{org}】{place}昨夜连续流水约{flow}升/时,可能漏水。请查马桶和龙头,报修{number}",
            "About {flow} L/h ran all night at {place}: a leak is possible. Check toilet and taps.{phone}" } },
};

static const char *const month_names[] = { "",    "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

struct rendering {
    struct writer writer;
    const struct notice_values *values;
    enum notice_language language;
};

static void money_put(struct rendering *rendering, int64_t amount_fen)
{
    char text[DECIMAL_TEXT_LIMIT];

    if (decimal_format_fen(amount_fen, text, sizeof text) > 0)
        writer_text(&rendering->writer, text);
}

static void organisation_put(struct rendering *rendering)
{
    writer_text(&rendering->writer, rendering->values->organisation);
}

static void place_put(struct rendering *rendering)
{
    writer_text(&rendering->writer, rendering->language == NOTICE_CHINESE ? rendering->values->place_zh
                                                                          : rendering->values->place_en);
}

static void balance_put(struct rendering *rendering)
{
    money_put(rendering, rendering->values->balance_fen);
}

static void due_put(struct rendering *rendering)
{
    money_put(rendering, rendering->values->due_fen);
}

static void paid_put(struct rendering *rendering)
{
    money_put(rendering, rendering->values->paid_fen);
}

static void days_put(struct rendering *rendering)
{
    if (rendering->values->days_left < 0)
        return;
    writer_text(&rendering->writer, rendering->language == NOTICE_CHINESE ? ",约可用" : ", about ");
    writer_integer(&rendering->writer, rendering->values->days_left);
    writer_text(&rendering->writer, rendering->language == NOTICE_CHINESE ? "天" : " days");
}

static void day_count_put(struct rendering *rendering)
{
    if (rendering->values->days_left >= 0)
        writer_integer(&rendering->writer, rendering->values->days_left);
}

static void number_put(struct rendering *rendering)
{
    writer_text(&rendering->writer, rendering->values->phone);
}

static void phone_put(struct rendering *rendering)
{
    if (rendering->values->phone[0] == '\0')
        return;
    writer_text(&rendering->writer, rendering->language == NOTICE_CHINESE ? "。详询" : " Help: ");
    writer_text(&rendering->writer, rendering->values->phone);
}

static void flow_put(struct rendering *rendering)
{
    writer_integer(&rendering->writer, rendering->values->flow_l_per_h);
}

static void two_digits_put(struct rendering *rendering, int32_t number)
{
    writer_put_u8(&rendering->writer, (uint8_t)('0' + number / 10 % 10));
    writer_put_u8(&rendering->writer, (uint8_t)('0' + number % 10));
}

static void time_put(struct rendering *rendering)
{
    int32_t second = calendar_second_of_day(rendering->values->at_s, rendering->values->zone_offset_s);

    if (rendering->language == NOTICE_CHINESE)
        writer_integer(&rendering->writer, second / 3600);
    else
        two_digits_put(rendering, second / 3600);
    writer_put_u8(&rendering->writer, ':');
    two_digits_put(rendering, second / 60 % 60);
}

static void day_put(struct rendering *rendering)
{
    struct calendar_date date =
        calendar_date_of_day(calendar_local_day(rendering->values->at_s, rendering->values->zone_offset_s));

    if (rendering->language == NOTICE_CHINESE) {
        writer_integer(&rendering->writer, date.month);
        writer_text(&rendering->writer, "月");
    }
    writer_integer(&rendering->writer, date.day_of_month);
    writer_text(&rendering->writer, rendering->language == NOTICE_CHINESE ? "日" : " ");
    if (rendering->language == NOTICE_ENGLISH)
        writer_text(&rendering->writer, month_names[date.month]);
}

static void moment_put(struct rendering *rendering)
{
    if (rendering->language == NOTICE_CHINESE) {
        day_put(rendering);
        time_put(rendering);
        return;
    }
    time_put(rendering);
    writer_text(&rendering->writer, " on ");
    day_put(rendering);
}

static void utility_put(struct rendering *rendering, enum utility_word word)
{
    writer_text(&rendering->writer,
                utility_word(rendering->values->utility, word, rendering->language == NOTICE_ENGLISH));
}

static void fee_put(struct rendering *rendering)
{
    utility_put(rendering, UTILITY_FEE);
}

static void supply_put(struct rendering *rendering)
{
    utility_put(rendering, UTILITY_SUPPLY);
}

static void supply_begin_put(struct rendering *rendering)
{
    utility_put(rendering, UTILITY_BEGIN);
}

static void stop_put(struct rendering *rendering)
{
    utility_put(rendering, UTILITY_STOP);
}

static void use_put(struct rendering *rendering)
{
    utility_put(rendering, UTILITY_USE);
}

static void meter_put(struct rendering *rendering)
{
    utility_put(rendering, UTILITY_METER);
}

static void open_put(struct rendering *rendering)
{
    utility_put(rendering, UTILITY_OPEN);
}

static void check_put(struct rendering *rendering)
{
    utility_put(rendering, UTILITY_CHECK);
}

static const struct placeholder {
    const char *name;
    void (*put)(struct rendering *rendering);
} placeholders[] = {
    { "org", organisation_put }, { "place", place_put },   { "balance", balance_put }, { "due", due_put },
    { "paid", paid_put },        { "days", days_put },     { "phone", phone_put },     { "number", number_put },
    { "flow", flow_put },        { "time", time_put },     { "day", day_put },         { "moment", moment_put },
    { "day_count", day_count_put }, { "fee", fee_put },    { "supply", supply_put },   { "stop", stop_put },
    { "supply_begin", supply_begin_put }, { "use", use_put }, { "meter", meter_put },  { "open", open_put },
    { "check", check_put },
};

#define PLACEHOLDER_COUNT (sizeof placeholders / sizeof placeholders[0])

static const struct placeholder *placeholder_find(struct span name)
{
    for (size_t index = 0; index < PLACEHOLDER_COUNT; index++)
        if (span_equal_text(name, placeholders[index].name))
            return &placeholders[index];
    return NULL;
}

const char *notice_placeholder_name(size_t index)
{
    return index < PLACEHOLDER_COUNT ? placeholders[index].name : NULL;
}

int notice_template_check(struct span template, char wrong[NOTICE_PLACEHOLDER_SIZE])
{
    wrong[0] = '\0';
    if (template.size == 0 || template.size >= NOTICE_TEXT_SIZE || text_utf8_check(template) < 0)
        return NOTIFY_ERR_TEMPLATE_SIZE;
    for (size_t at = 0; at < template.size; at++) {
        struct span name = { template.bytes + at + 1, 0 };
        if (template.bytes[at] < ' ' || template.bytes[at] == 0x7f || template.bytes[at] == '}')
            return NOTIFY_ERR_TEMPLATE_FORM;
        if (template.bytes[at] != '{')
            continue;
        ptrdiff_t size = span_find_byte(span_of_bytes(name.bytes, template.size - at - 1), '}');
        if (size < 0)
            return NOTIFY_ERR_TEMPLATE_FORM;
        name.size = (size_t)size;
        if (placeholder_find(name) == NULL) {
            name.size = text_utf8_cut(name, NOTICE_PLACEHOLDER_SIZE - 1);
            (void)text_copy(name, wrong, NOTICE_PLACEHOLDER_SIZE);
            return NOTIFY_ERR_PLACEHOLDER;
        }
        at += (size_t)size + 1;
    }
    return 0;
}

int notice_words_write(enum notice_language language, const struct notice_values *values, char *out, size_t capacity)
{
    struct writer writer = writer_of_buffer(out, capacity);

    writer_put_u8(&writer, '{');
    for (size_t index = 0; index < PLACEHOLDER_COUNT; index++) {
        char buffer[NOTICE_TEXT_SIZE];
        struct rendering rendering = { writer_of_buffer(buffer, sizeof buffer), values, language };

        placeholders[index].put(&rendering);
        (void)writer_terminate(&rendering.writer);
        if (text_utf8_check(span_of_text(buffer)) < 0)
            continue;
        writer_text(&writer, writer.size > 1 ? ",\"" : "\"");
        writer_text(&writer, placeholders[index].name);
        writer_text(&writer, "\":");
        writer_json_text(&writer, buffer);
    }
    writer_put_u8(&writer, '}');
    if (writer_result(&writer) < 0 || writer.size >= capacity)
        return NOTIFY_ERR_LONG;
    (void)writer_terminate(&writer);
    return (int)writer.size;
}

const char *notice_template(enum notice_kind kind, enum notice_language language)
{
    return kind > 0 && kind < NOTICE_KIND_COUNT ? templates[kind].text[language == NOTICE_CHINESE ? 0 : 1] : NULL;
}

int notice_template_render(const char *template, enum notice_language language, const struct notice_values *values,
                           char text[NOTICE_TEXT_SIZE])
{
    char buffer[NOTICE_TEXT_SIZE + 1];
    struct rendering rendering = { writer_of_buffer(buffer, sizeof buffer), values, language };

    while (*template != '\0') {
        size_t plain = strcspn(template, "{");

        writer_put_bytes(&rendering.writer, template, plain);
        template += plain;
        if (*template == '{') {
            size_t size = strcspn(template, "}");
            const struct placeholder *placeholder = placeholder_find(span_of_bytes(template + 1, size - 1));

            if (placeholder != NULL)
                placeholder->put(&rendering);
            template += template[size] == '}' ? size + 1 : size;
        }
    }
    if (writer_result(&rendering.writer) < 0 ||
        text_copy(writer_span(&rendering.writer), text, NOTICE_TEXT_SIZE) < 0)
        return NOTIFY_ERR_LONG;
    return writer_result(&rendering.writer);
}

int notice_text_render(enum notice_kind kind, enum notice_language language, const struct notice_values *values,
                       char text[NOTICE_TEXT_SIZE])
{
    const char *template = notice_template(kind, language);

    return template != NULL ? notice_template_render(template, language, values, text) : NOTIFY_ERR_KIND;
}

/* GSM 7-bit default alphabet, as far as our templates can meet it; 2 for its extension table, 0 for none. */
static int gsm_units(uint32_t code_point)
{
    static const char *const plain = "@$_ !\"#%&'()*+,-./:;<=>?";
    static const char *const extended = "^{}\\[~]|";

    if (code_point >= 0x80)
        return code_point == 0xa5 ? 1 : 0;
    if ((code_point >= '0' && code_point <= '9') || (code_point >= 'A' && code_point <= 'Z') ||
        (code_point >= 'a' && code_point <= 'z') || code_point == '\n' || code_point == '\r')
        return 1;
    if (code_point != 0 && strchr(plain, (int)code_point) != NULL)
        return 1;
    return code_point != 0 && strchr(extended, (int)code_point) != NULL ? 2 : 0;
}

/* Decode one code point of valid UTF-8. */
static uint32_t code_point_next(const uint8_t **at)
{
    const uint8_t *byte = *at;
    int more = *byte >= 0xf0 ? 3 : *byte >= 0xe0 ? 2 : *byte >= 0xc0 ? 1 : 0;
    uint32_t code_point = more == 3 ? *byte & 0x07u : more == 2 ? *byte & 0x0fu : more == 1 ? *byte & 0x1fu : *byte;

    for (byte++; more > 0; more--, byte++)
        code_point = code_point << 6 | (*byte & 0x3fu);
    *at = byte;
    return code_point;
}

static int parts_of(int units, int single, int each)
{
    return units <= single ? 1 : (units + each - 1) / each;
}

int notice_text_parts(const char *text)
{
    const uint8_t *at = (const uint8_t *)text;
    int gsm = 0, utf16 = 0;
    bool all_gsm = true;

    if (text[0] == '\0' || text_utf8_check(span_of_text(text)) < 0)
        return 0;
    while (*at != 0) {
        uint32_t code_point = code_point_next(&at);
        int units = gsm_units(code_point);

        all_gsm = all_gsm && units > 0;
        gsm += units;
        utf16 += code_point > 0xffff ? 2 : 1;
    }
    return all_gsm ? parts_of(gsm, 160, 153) : parts_of(utf16, 70, 67);
}

const char *notice_kind_name(int kind)
{
    return kind > 0 && kind < NOTICE_KIND_COUNT ? templates[kind].name : "unknown";
}

int notice_kind_of_name(const char *name)
{
    for (int kind = 1; kind < NOTICE_KIND_COUNT; kind++) {
        if (strcmp(templates[kind].name, name) == 0)
            return kind;
    }
    return 0;
}
