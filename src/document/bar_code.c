#include "document/bar_code.h"

#include <stdbool.h>

#define SYMBOL_CODE_B 100 /* in set C: from here on set B */
#define SYMBOL_START_B 104
#define SYMBOL_START_C 105
#define CHECK_MODULUS 103

/* Table 1 of the standard: the bars and gaps of each symbol. */
static const char symbols[][7] = {
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312",
    "132212", "221213", "221312", "231212", "112232", "122132", "122231", "113222",
    "123122", "123221", "223211", "221132", "221231", "213212", "223112", "312131",
    "311222", "321122", "321221", "312212", "322112", "322211", "212123", "212321",
    "232121", "111323", "131123", "131321", "112313", "132113", "132311", "211313",
    "231113", "231311", "112133", "112331", "132131", "113123", "113321", "133121",
    "313121", "211331", "231131", "213113", "213311", "213131", "311123", "311321",
    "331121", "312113", "312311", "332111", "314111", "221411", "431111", "111224",
    "111422", "121124", "121421", "141122", "141221", "112214", "112412", "122114",
    "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111",
    "111242", "121142", "121241", "114212", "124112", "124211", "411212", "421112",
    "421211", "212141", "214121", "412121", "111143", "111341", "131141", "114113",
    "114311", "411113", "411311", "113141", "114131", "311141", "411131", "211412",
    "211214", "211232",
};
static const char stop[] = "2331112";

/* Symbols so far: their widths, and the sum that the check symbol is made of. */
struct bar_code {
    uint8_t *widths;
    int count;
    unsigned weight;
    unsigned sum;
};

static void pattern_put(struct bar_code *code, const char *pattern)
{
    for (; *pattern != '\0'; pattern++)
        code->widths[code->count++] = (uint8_t)(*pattern - '0');
}

/* The start symbol counts once, as the first symbol behind it does. */
static void symbol_put(struct bar_code *code, unsigned symbol)
{
    code->sum += (code->weight == 0 ? 1 : code->weight) * symbol;
    code->weight++;
    pattern_put(code, symbols[symbol]);
}

static bool text_permitted(struct span text, bool *digits)
{
    *digits = true;
    for (size_t i = 0; i < text.size; i++) {
        if (text.bytes[i] < 0x20 || text.bytes[i] > 0x7e)
            return false;
        *digits = *digits && text.bytes[i] >= '0' && text.bytes[i] <= '9';
    }
    return text.size > 0 && text.size <= BAR_CODE_TEXT_LIMIT;
}

int bar_code_make(struct span text, uint8_t widths[BAR_CODE_WIDTHS_LIMIT])
{
    struct bar_code code = { .widths = widths };
    size_t index = 0;
    bool digits;

    if (!text_permitted(text, &digits))
        return -1;
    digits = digits && text.size > 1;
    symbol_put(&code, digits ? SYMBOL_START_C : SYMBOL_START_B);
    for (; digits && index + 1 < text.size; index += 2)
        symbol_put(&code, (text.bytes[index] - '0') * 10u + text.bytes[index + 1] - '0');
    if (digits && index < text.size)
        symbol_put(&code, SYMBOL_CODE_B);
    for (; index < text.size; index++)
        symbol_put(&code, text.bytes[index] - 0x20u);
    pattern_put(&code, symbols[code.sum % CHECK_MODULUS]);
    pattern_put(&code, stop);
    return code.count;
}
