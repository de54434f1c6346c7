#include "codec/explain/explain_line.h"

#include <limits.h>
#include <string.h>

#include "base/hex.h"
#include "base/text.h"
#include "codec/codec_error.h"

/* What a log writes beside a frame to say which way it went. None consists of hexadecimal digits only. */
static const char *const direction_words[] = {
    "tx",       "rx",     "txd",      "rxd",    "send",   "sent",     "sending", "recv",   "receive", "received",
    "read",     "write",  "in",       "out",    "up",     "down",     "uplink",  "downlink", "request", "req",
    "response", "rsp",    "resp",     "answer", "reply",  "master",   "slave",   "meter",  "terminal", "gateway",
    "server",   "client", "host",     "to",     "from",   "frame",    "head",    "end",    "telegram", "other",
    "发送",     "接收",   "发",       "收",     "上行",   "下行",     "请求",    "应答",   "主站",    "电表",
    "表",       "终端",   "集中器",   "报文",
};

static bool is_word_byte(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte >= 0x80;
}

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_direction_word(struct span word)
{
    for (size_t i = 0; i < sizeof direction_words / sizeof direction_words[0]; i++)
        if (text_equal_ignoring_case(word, span_of_text(direction_words[i])))
            return true;
    return false;
}

/* "->", "TX:", "[Recv]", "master->meter": known words and punctuation, no digit. */
static bool is_direction(struct span token)
{
    size_t i = 0;
    while (i < token.size) {
        size_t begin = i;
        while (i < token.size && is_word_byte(token.bytes[i]))
            i++;
        if (i > begin && !is_direction_word(span_of_bytes(token.bytes + begin, i - begin)))
            return false;
        if (i < token.size && memchr("<>-=[]():|/", token.bytes[i], 11) == NULL)
            return false;
        i += i < token.size;
    }
    return token.size > 0;
}

/* Digits at *at, exactly `count` of them, as a number of at most `limit`.
 * returns  false, *at being anywhere, when there are others */
static bool digits_take(struct span text, size_t *at, size_t count, unsigned limit)
{
    unsigned number = 0;
    for (size_t i = 0; i < count; i++, (*at)++) {
        if (*at >= text.size || !is_digit(text.bytes[*at]))
            return false;
        number = number * 10 + (unsigned)(text.bytes[*at] - '0');
    }
    return number <= limit && (*at == text.size || !is_digit(text.bytes[*at]));
}

static bool byte_take(struct span text, size_t *at, const char *choices)
{
    if (*at >= text.size || memchr(choices, text.bytes[*at], strlen(choices)) == NULL)
        return false;
    (*at)++;
    return true;
}

/* "10:15:30", "10:15:30.250", "10:15:30Z", "10:15:30+08:00" from *at to the end.
 * is_certain  set when it can be nothing else */
static bool is_clock(struct span text, size_t at, bool *is_certain)
{
    if (!digits_take(text, &at, 2, 23) || !byte_take(text, &at, ":") || !digits_take(text, &at, 2, 59))
        return false;
    if (byte_take(text, &at, ":") && !digits_take(text, &at, 2, 60))
        return false;
    if (byte_take(text, &at, ".,")) {
        *is_certain = true;
        while (at < text.size && is_digit(text.bytes[at]))
            at++;
    }
    if (byte_take(text, &at, "Z"))
        *is_certain = true;
    else if (byte_take(text, &at, "+")) {
        *is_certain = true;
        return digits_take(text, &at, 2, 14) && (byte_take(text, &at, ":"), digits_take(text, &at, 2, 59)) &&
               at == text.size;
    }
    return at == text.size;
}

/* "2026-07-09", "2026/07/09T10:15:30". */
static bool is_date(struct span text, bool *is_certain)
{
    size_t at = 0;
    if (!digits_take(text, &at, 4, 2999) || !byte_take(text, &at, "-/.") || !digits_take(text, &at, 2, 12) ||
        !byte_take(text, &at, "-/.") || !digits_take(text, &at, 2, 31))
        return false;
    if (at == text.size)
        return true;
    *is_certain = true;
    return byte_take(text, &at, "T_") && is_clock(text, at, is_certain);
}

/* "1783563330.250": seconds since 1970 as capturing programs write them. */
static bool is_seconds(struct span text)
{
    size_t point = 0;
    while (point < text.size && is_digit(text.bytes[point]))
        point++;
    if (point == 0 || point + 1 >= text.size || text.bytes[point] != '.')
        return false;
    for (size_t i = point + 1; i < text.size; i++)
        if (!is_digit(text.bytes[i]))
            return false;
    return true;
}

/* Without brackets around it and a colon or comma behind it. */
static struct span token_bare(struct span token, bool *is_bracketed)
{
    while (token.size > 0 && memchr("]):,", token.bytes[token.size - 1], 4) != NULL)
        token.size--;
    while (token.size > 0 && memchr("[(", token.bytes[0], 2) != NULL) {
        *is_bracketed = true;
        token.bytes++;
        token.size--;
    }
    return token;
}

/* The part of the text up to the next blank. */
static struct span token_of(struct span text)
{
    size_t size = 0;
    while (size < text.size && !text_blank_is(text.bytes[size]))
        size++;
    return span_of_bytes(text.bytes, size);
}

static struct span rest_of(struct span text, struct span token)
{
    return text_trim(span_of_bytes(text.bytes + token.size, text.size - token.size));
}

/* A time stamp at the front of `text`; bytes apart by ":" or "-" look alike, so what follows decides. */
static bool is_time(struct span token, struct span rest)
{
    bool is_certain = false;
    struct span bare = token_bare(token, &is_certain);
    struct span next = token_of(rest);
    bool is_date_only = is_date(bare, &is_certain);

    if (is_seconds(bare))
        return true;
    if (!is_date_only && !is_clock(bare, 0, &is_certain))
        return false;
    uint8_t separator = is_date_only ? '-' : ':';
    return is_certain || (rest.size > 0 && (span_find_byte(next, separator) < 0 || is_direction(next)));
}

/* What is left of the line when times and directions in front are passed over. */
static struct span bytes_begin(struct span line)
{
    struct span text = text_trim(line);
    while (text.size > 0) {
        struct span token = token_of(text);
        struct span rest = rest_of(text, token);
        if (!is_time(token, rest) && !is_direction(token))
            break;
        text = rest;
    }
    return text;
}

static struct span remark_cut(struct span line)
{
    ptrdiff_t remark = span_find_byte(line, '#');
    return remark < 0 ? line : span_of_bytes(line.bytes, (size_t)remark);
}

/* "0x" or "\x" before a group of digits. */
static size_t prefix_size(struct span text, size_t at)
{
    bool fits = at + 2 < text.size && (text.bytes[at + 1] | 0x20) == 'x' &&
                (text.bytes[at] == '0' || text.bytes[at] == '\\');
    return fits ? 2 : 0;
}

static bool is_separator(uint8_t byte)
{
    return text_blank_is(byte) || byte == ':' || byte == '-' || byte == ',';
}

/* The pairs of `text`.
 * returns  bytes written; CODEC_ERR_FORMAT, CODEC_ERR_FULL with *at where it stopped */
static int pairs_decode(struct span text, uint8_t *bytes, size_t capacity, size_t *at)
{
    size_t size = 0;
    *at = 0;
    while (*at < text.size) {
        if (is_separator(text.bytes[*at])) {
            (*at)++;
            continue;
        }
        *at += prefix_size(text, *at);
        int high = hex_digit_value(text.bytes[*at]);
        int low = *at + 1 < text.size ? hex_digit_value(text.bytes[*at + 1]) : -1;
        if (high < 0 || low < 0)
            return CODEC_ERR_FORMAT;
        if (size == capacity || size == INT_MAX)
            return CODEC_ERR_FULL;
        bytes[size++] = (uint8_t)(high << 4 | low);
        *at += 2;
    }
    return (int)size;
}

int explain_line_decode(struct span line, uint8_t *bytes, size_t capacity, size_t *error_offset)
{
    struct span whole = text_trim(remark_cut(line));
    struct span text = bytes_begin(whole);
    size_t at = 0;

    if (whole.size == 0)
        return 0;
    int result = text.size > 0 ? pairs_decode(text, bytes, capacity, &at) : CODEC_ERR_EMPTY;
    if (result < 0)
        *error_offset = (size_t)((text.size > 0 ? text.bytes : whole.bytes) - line.bytes) + at;
    return result;
}

bool explain_is_text(struct span bytes)
{
    for (size_t i = 0; i < bytes.size; i++)
        if ((bytes.bytes[i] < 0x20 && !text_blank_is(bytes.bytes[i])) || bytes.bytes[i] == 0x7f)
            return false;
    return text_utf8_check(bytes) >= 0;
}
