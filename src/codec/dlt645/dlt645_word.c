#include "codec/dlt645/dlt645_word.h"

#include "codec/codec_error.h"

#define FLAG(shift, english, chinese) \
    { \
        shift, 1, english, chinese, \
        { \
            { \
                NULL, NULL \
            } \
        } \
    }
#define WORD(english, chinese, bits) \
    { \
        english, chinese, bits, sizeof bits / sizeof bits[0] \
    }

/* ERR, DL/T 645-2007 */
static const struct dlt645_bits error_bits_2007[] = {
    FLAG(0, "other error", "其他错误"),
    FLAG(1, "no requested data", "无请求数据"),
    FLAG(2, "password error or not authorised", "密码错或未授权"),
    FLAG(3, "baud rate cannot be changed", "通信速率不能更改"),
    FLAG(4, "too many year zones", "年时区数超"),
    FLAG(5, "too many day periods", "日时段数超"),
    FLAG(6, "too many tariffs", "费率数超"),
    FLAG(7, "reserved bit set", "保留位置位"),
};

/* ERR, DL/T 645-1997 */
static const struct dlt645_bits error_bits_1997[] = {
    FLAG(0, "illegal data", "非法数据"),          FLAG(1, "data identifier error", "数据标识错"),
    FLAG(2, "password error", "密码错"),          FLAG(3, "reserved bit set", "保留位置位"),
    FLAG(4, "too many year zones", "年时区数超"), FLAG(5, "too many day periods", "日时段数超"),
    FLAG(6, "too many tariffs", "费率数超"),      FLAG(7, "reserved bit set", "保留位置位"),
};

/* SERR, prepayment extension; bits 7 to 9 by some firmware only */
static const struct dlt645_bits security_error_bits[] = {
    FLAG(0, "other error", "其他错误"),
    FLAG(1, "repeated recharge", "重复充值"),
    FLAG(2, "ESAM check failed", "ESAM 验证失败"),
    FLAG(3, "identity authentication failed", "身份认证失败"),
    FLAG(4, "customer number does not match", "客户编号不匹配"),
    FLAG(5, "purchase count is wrong", "充值次数错误"),
    FLAG(6, "over the hoard limit", "购电超囤积"),
    FLAG(7, "address is wrong", "地址异常"),
    FLAG(8, "meter suspended", "表挂起"),
    FLAG(9, "reclosing failed", "合闸失败"),
};

/* Z */
static const struct dlt645_bits rate_bits[] = {
    FLAG(1, "600 Bd", "600 bps"),   FLAG(2, "1200 Bd", "1200 bps"), FLAG(3, "2400 Bd", "2400 bps"),
    FLAG(4, "4800 Bd", "4800 bps"), FLAG(5, "9600 Bd", "9600 bps"), FLAG(6, "19200 Bd", "19200 bps"),
};

/* 04000501 */
static const struct dlt645_bits status_bits_1[] = {
    { 0, 1, "external switch control", "外置开关控制方式", { { "level", "电平" }, { "pulse", "脉冲" } } },
    { 1, 1, "demand method", "需量积算方式", { { "slip", "滑差" }, { "interval", "区间" } } },
    FLAG(2, "clock battery low", "时钟电池欠压"),
    FLAG(3, "standby battery low", "停电抄表电池欠压"),
    FLAG(4, "active power reverse", "有功功率反向"),
    FLAG(5, "reactive power reverse", "无功功率反向"),
};
/* 04000502 */
static const struct dlt645_bits status_bits_2[] = {
    FLAG(0, "active power reverse in phase A", "A相有功功率反向"),
    FLAG(1, "active power reverse in phase B", "B相有功功率反向"),
    FLAG(2, "active power reverse in phase C", "C相有功功率反向"),
    FLAG(4, "reactive power reverse in phase A", "A相无功功率反向"),
    FLAG(5, "reactive power reverse in phase B", "B相无功功率反向"),
    FLAG(6, "reactive power reverse in phase C", "C相无功功率反向"),
};
/* 04000503; bits 12 to 14 on newer meters, with another meaning on some */
static const struct dlt645_bits status_bits_3[] = {
    { 4, 1, "relay", "继电器状态", { { "closed", "通" }, { "open", "断" } } },
    { 6, 1, "relay command", "继电器命令状态", { { "close", "通" }, { "open", "断" } } },
    { 0, 1, "period table", "当前运行时段", { { "first set", "第一套" }, { "second set", "第二套" } } },
    { 1,
      2,
      "supply",
      "供电方式",
      { { "main", "主电源" }, { "auxiliary", "辅助电源" }, { "battery", "电池供电" }, { "reserved", "保留" } } },
    { 3, 1, "programming", "编程允许", { { "locked", "禁止" }, { "allowed", "许可" } } },
    { 5, 1, "zone table", "当前运行时区", { { "first set", "第一套" }, { "second set", "第二套" } } },
    FLAG(7, "pre-trip alarm", "预跳闸报警"),
    { 8,
      2,
      "meter kind",
      "电能表类型",
      { { "not prepaid", "非预付费表" },
        { "energy prepaid", "电量型预付费表" },
        { "money prepaid", "电费型预付费表" },
        { "reserved", "保留" } } },
    { 10, 1, "tariff prices", "当前运行费率电价", { { "first set", "第一套" }, { "second set", "第二套" } } },
    { 11, 1, "tiers", "当前阶梯", { { "first set", "第一套" }, { "second set", "第二套" } } },
    FLAG(12, "keep power", "保电"),
    FLAG(13, "identity authentication valid", "身份认证有效"),
    FLAG(14, "account not opened", "未开户（或远程）"),
};
/* 04000504 to 04000506, one for each phase */
static const struct dlt645_bits status_bits_phase[] = {
    FLAG(0, "voltage loss", "失压"),     FLAG(1, "undervoltage", "欠压"),  FLAG(2, "overvoltage", "过压"),
    FLAG(3, "current loss", "失流"),     FLAG(4, "overcurrent", "过流"),   FLAG(5, "overload", "过载"),
    FLAG(6, "reverse flow", "潮流反向"), FLAG(7, "phase failure", "断相"), FLAG(8, "current break", "断流"),
};
/* 04000507 */
static const struct dlt645_bits status_bits_7[] = {
    FLAG(0, "voltage reverse sequence", "电压逆相序"),
    FLAG(1, "current reverse sequence", "电流逆相序"),
    FLAG(2, "voltage unbalance", "电压不平衡"),
    FLAG(3, "current unbalance", "电流不平衡"),
    FLAG(4, "auxiliary supply lost", "辅助电源失电"),
    FLAG(5, "power failure", "掉电"),
    FLAG(6, "demand over the limit", "需量超限"),
    FLAG(7, "total power factor under the limit", "总功率因数超下限"),
    FLAG(8, "severe current unbalance", "电流严重不平衡"),
};
/* 04000601 */
static const struct dlt645_bits combination_bits[] = {
    FLAG(0, "forward active added", "加正向有功"),
    FLAG(1, "forward active subtracted", "减正向有功"),
    FLAG(2, "reverse active added", "加反向有功"),
    FLAG(3, "reverse active subtracted", "减反向有功"),
};
/* 04000602, 04000603 */
static const struct dlt645_bits quadrant_bits[] = {
    FLAG(0, "quadrant 1 added", "加第一象限"), FLAG(1, "quadrant 1 subtracted", "减第一象限"),
    FLAG(2, "quadrant 2 added", "加第二象限"), FLAG(3, "quadrant 2 subtracted", "减第二象限"),
    FLAG(4, "quadrant 3 added", "加第三象限"), FLAG(5, "quadrant 3 subtracted", "减第三象限"),
    FLAG(6, "quadrant 4 added", "加第四象限"), FLAG(7, "quadrant 4 subtracted", "减第四象限"),
};

static const struct dlt645_word error_word_2007 = WORD("error word", "错误信息字", error_bits_2007);
static const struct dlt645_word error_word_1997 = WORD("error word", "错误信息字", error_bits_1997);
const struct dlt645_word dlt645_security_error_word =
    WORD("security error word", "安全认证错误信息字", security_error_bits);
const struct dlt645_word dlt645_rate_word = WORD("rate word", "通信速率特征字", rate_bits);

/* Words that are the value of an identifier of 2007. */
static const struct {
    uint32_t first;
    uint32_t last;
    struct dlt645_word word;
} value_words[] = {
    { 0x04000501, 0x04000501, WORD("status word 1", "电表运行状态字1", status_bits_1) },
    { 0x04000502, 0x04000502, WORD("status word 2", "电表运行状态字2", status_bits_2) },
    { 0x04000503, 0x04000503, WORD("status word 3", "电表运行状态字3", status_bits_3) },
    { 0x04000504, 0x04000504, WORD("status word 4, phase A", "电表运行状态字4（A相）", status_bits_phase) },
    { 0x04000505, 0x04000505, WORD("status word 5, phase B", "电表运行状态字5（B相）", status_bits_phase) },
    { 0x04000506, 0x04000506, WORD("status word 6, phase C", "电表运行状态字6（C相）", status_bits_phase) },
    { 0x04000507, 0x04000507, WORD("status word 7", "电表运行状态字7", status_bits_7) },
    { 0x04000601, 0x04000601, WORD("active combination word", "有功组合方式特征字", combination_bits) },
    { 0x04000602, 0x04000603, WORD("reactive combination word", "无功组合方式特征字", quadrant_bits) },
    { 0x04000701, 0x04000705, WORD("baud word", "通信速率特征字", rate_bits) },
};

const struct dlt645_word *dlt645_word_of(enum dlt645_version version, uint32_t identifier)
{
    if (version != DLT645_2007)
        return NULL;
    for (size_t i = 0; i < sizeof value_words / sizeof value_words[0]; i++)
        if (identifier >= value_words[i].first && identifier <= value_words[i].last)
            return &value_words[i].word;
    return NULL;
}

const struct dlt645_word *dlt645_error_word(enum dlt645_version version)
{
    return version == DLT645_2007 ? &error_word_2007 : &error_word_1997;
}

const struct dlt645_bits *dlt645_word_say(const struct dlt645_word *word, size_t index, uint32_t value, bool is_chinese,
                                          const char **text)
{
    if (index >= word->count)
        return NULL;
    const struct dlt645_bits *bits = &word->bits[index];
    uint32_t choice = value >> bits->shift & ((1u << bits->width) - 1);
    if (bits->choices[0].english == NULL) {
        *text = "";
        return choice != 0 ? bits : NULL;
    }
    if (bits->choices[choice].english == NULL)
        return NULL;
    *text = is_chinese ? bits->choices[choice].chinese : bits->choices[choice].english;
    return bits;
}

void dlt645_word_write(const struct dlt645_word *word, uint32_t value, bool is_chinese, struct writer *out)
{
    size_t before = out->size;

    for (size_t i = 0; i < word->count; i++) {
        const char *text;
        const struct dlt645_bits *bits = dlt645_word_say(word, i, value, is_chinese, &text);
        if (bits == NULL)
            continue;
        if (out->size > before)
            writer_text(out, is_chinese ? "，" : ", ");
        writer_text(out, is_chinese ? bits->chinese : bits->english);
        if (text[0] != '\0')
            writer_text(out, is_chinese ? "：" : " ");
        writer_text(out, text);
    }
    if (out->size == before)
        writer_text(out, is_chinese ? "无" : "none");
}

#define RATE_LOWEST 600u
#define RATE_BIT_FIRST 1
#define RATE_BIT_LAST 6

uint32_t dlt645_rate_read(uint8_t word)
{
    for (unsigned bit = RATE_BIT_FIRST; bit <= RATE_BIT_LAST; bit++)
        if (word == 1u << bit)
            return RATE_LOWEST << (bit - RATE_BIT_FIRST);
    return 0;
}

int dlt645_rate_write(uint32_t rate, uint8_t *word)
{
    for (unsigned bit = RATE_BIT_FIRST; bit <= RATE_BIT_LAST; bit++)
        if (rate == RATE_LOWEST << (bit - RATE_BIT_FIRST)) {
            *word = (uint8_t)(1u << bit);
            return 0;
        }
    return CODEC_ERR_RANGE;
}
