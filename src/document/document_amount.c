#include "document/document_amount.h"

#include <stdbool.h>
#include <stdio.h>

#include "base/writer.h"
#include "document/document_error.h"

#define CAPITAL_FEN_LIMIT INT64_C(100000000000000)

static const char *const numerals[] = { "零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖" };
static const char *const places[] = { "", "拾", "佰", "仟" };
static const char *const groups[] = { "", "万", "亿" };

int document_amount_figures(int64_t amount_fen, char *text, size_t capacity)
{
    uint64_t size = amount_fen < 0 ? UINT64_C(0) - (uint64_t)amount_fen : (uint64_t)amount_fen;
    char digits[24];
    size_t used = 0;

    if (capacity < DOCUMENT_FIGURES_LIMIT)
        return DOCUMENT_ERR_AMOUNT;
    int count = snprintf(digits, sizeof digits, "%llu", (unsigned long long)(size / 100));
    if (amount_fen < 0)
        text[used++] = '-';
    for (int i = 0; i < count; i++) {
        text[used++] = digits[i];
        if (i + 1 < count && (count - 1 - i) % 3 == 0)
            text[used++] = ',';
    }
    return (int)used + snprintf(text + used, capacity - used, ".%02u", (unsigned)(size % 100));
}

/* One group of four digits; a zero between digits is said once. `gap`: a zero is due before the next digit. */
static void group_write(struct writer *writer, unsigned group, bool *gap)
{
    static const unsigned weights[] = { 1, 10, 100, 1000 };

    for (int place = 3; place >= 0; place--) {
        unsigned digit = group / weights[place] % 10;
        if (digit == 0) {
            *gap = writer->size > 0;
            continue;
        }
        if (*gap)
            writer_text(writer, numerals[0]);
        *gap = false;
        writer_text(writer, numerals[digit]);
        writer_text(writer, places[place]);
    }
}

static void yuan_write(struct writer *writer, uint64_t yuan)
{
    unsigned parts[3] = { (unsigned)(yuan % 10000), (unsigned)(yuan / 10000 % 10000), (unsigned)(yuan / 100000000) };
    bool gap = false;

    for (int i = 2; i >= 0; i--) {
        if (parts[i] == 0) {
            gap = writer->size > 0;
            continue;
        }
        group_write(writer, parts[i], &gap);
        writer_text(writer, groups[i]);
        gap = parts[i] % 10 == 0;
    }
}

static void cents_write(struct writer *writer, unsigned jiao, unsigned fen, bool has_yuan)
{
    if (jiao > 0) {
        writer_text(writer, numerals[jiao]);
        writer_text(writer, "角");
    } else if (fen > 0 && has_yuan) {
        writer_text(writer, numerals[0]);
    }
    if (fen > 0) {
        writer_text(writer, numerals[fen]);
        writer_text(writer, "分");
    } else {
        writer_text(writer, "整");
    }
}

int document_amount_capital(int64_t amount_fen, char *text, size_t capacity)
{
    char words[DOCUMENT_CAPITAL_LIMIT];
    struct writer writer = writer_of_buffer(words, sizeof words);

    if (capacity < DOCUMENT_CAPITAL_LIMIT || amount_fen <= -CAPITAL_FEN_LIMIT || amount_fen >= CAPITAL_FEN_LIMIT)
        return DOCUMENT_ERR_AMOUNT;
    uint64_t size = (uint64_t)(amount_fen < 0 ? -amount_fen : amount_fen);
    unsigned jiao = (unsigned)(size / 10 % 10);
    unsigned fen = (unsigned)(size % 10);
    yuan_write(&writer, size / 100);
    bool has_yuan = writer.size > 0;
    if (size == 0)
        writer_text(&writer, numerals[0]);
    if (has_yuan || size == 0)
        writer_text(&writer, "元");
    cents_write(&writer, jiao, fen, has_yuan);
    return snprintf(text, capacity, "%s%.*s", amount_fen < 0 ? "负" : "", (int)writer.size, words);
}
