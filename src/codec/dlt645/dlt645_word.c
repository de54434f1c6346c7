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

static const struct dlt645_word error_word_2007 = WORD("error word", "错误信息字", error_bits_2007);
static const struct dlt645_word error_word_1997 = WORD("error word", "错误信息字", error_bits_1997);
const struct dlt645_word dlt645_security_error_word =
    WORD("security error word", "安全认证错误信息字", security_error_bits);
const struct dlt645_word dlt645_rate_word = WORD("rate word", "通信速率特征字", rate_bits);

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
