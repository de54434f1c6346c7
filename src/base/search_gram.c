#include "base/search_gram.h"

#include <string.h>

#define START_SIGNS 3
#define END_SIGNS 4
#define WHOLE_SIGNS 12
#define FULL_WIDTH_FIRST 0xFF01
#define FULL_WIDTH_LAST 0xFF5E
#define FULL_WIDTH_OFFSET 0xFEE0

/* The code point at the head of bytes. returns its size; 0 for what is no UTF-8 */
static size_t code_point_read(const uint8_t *bytes, size_t size, uint32_t *out)
{
    static const struct { uint8_t mask, lead, size; uint32_t least; } forms[] = {
        { 0x80, 0x00, 1, 0 }, { 0xE0, 0xC0, 2, 0x80 }, { 0xF0, 0xE0, 3, 0x800 }, { 0xF8, 0xF0, 4, 0x10000 },
    };

    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if ((bytes[0] & forms[i].mask) != forms[i].lead)
            continue;
        uint32_t value = bytes[0] & (uint32_t)(uint8_t)~forms[i].mask;
        if (size < forms[i].size)
            return 0;
        for (size_t k = 1; k < forms[i].size; k++) {
            if ((bytes[k] & 0xC0) != 0x80)
                return 0;
            value = value << 6 | (bytes[k] & 0x3Fu);
        }
        *out = value;
        return value >= forms[i].least && (value < 0xD800 || value > 0xDFFF) && value <= 0x10FFFF ? forms[i].size : 0;
    }
    return 0;
}

/* The sign as it counts: 0 for blanks and punctuation. */
static uint32_t sign_of(uint32_t value)
{
    if (value >= FULL_WIDTH_FIRST && value <= FULL_WIDTH_LAST)
        value -= FULL_WIDTH_OFFSET;
    if (value >= 'A' && value <= 'Z')
        value += 'a' - 'A';
    if (value < 0x80)
        return (value >= '0' && value <= '9') || (value >= 'a' && value <= 'z') ? value : 0;
    /* no-break blank, middle dots, general punctuation, CJK punctuation */
    if (value <= 0xA0 || value == 0xB7 || value == 0x30FB || (value >= 0x2000 && value <= 0x206F) || (value >= 0x3000 && value <= 0x303F))
        return 0;
    return value;
}

void search_word_read(struct span text, struct search_word *word)
{
    size_t at = 0, size = 0;

    word->count = 0;
    while (at < text.size && word->count < SEARCH_SIGNS_LIMIT) {
        uint32_t value = 0;
        size_t taken = code_point_read(text.bytes + at, text.size - at, &value);
        uint32_t sign = taken > 0 ? sign_of(value) : 0;

        if (sign != 0) {
            word->starts[word->count++] = (uint16_t)size;
            if (sign < 0x80)
                word->bytes[size] = (uint8_t)sign;
            else
                memcpy(word->bytes + size, text.bytes + at, taken);
            size += sign < 0x80 ? 1 : taken;
        }
        at += taken > 0 ? taken : 1;
    }
    word->starts[word->count] = (uint16_t)size;
}

static bool ascii_is(const struct search_word *word, size_t sign)
{
    return word->bytes[word->starts[sign]] < 0x80;
}

static bool ascii_all(const struct search_word *word, size_t first, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!ascii_is(word, first + i))
            return false;
    return true;
}

/* How many signs the token at a sign has; 0: none begins there. */
static size_t gram_size(const struct search_word *word, size_t first)
{
    if (first + 2 > word->count)
        return 0;
    if (!ascii_is(word, first) || !ascii_is(word, first + 1))
        return 2;
    return first + 3 <= word->count && ascii_is(word, first + 2) ? 3 : 0;
}

struct tokens {
    struct writer *out;
    const char *before; /* each token */
    const char *between;
    const char *after;
    char mark;
    size_t count;
};

static void token_put(struct tokens *tokens, const char *kind, const struct search_word *word, size_t first, size_t count)
{
    uint16_t begin = word->starts[first];

    writer_text(tokens->out, tokens->count++ > 0 ? tokens->between : "");
    writer_text(tokens->out, tokens->before);
    writer_put_u8(tokens->out, (uint8_t)tokens->mark);
    writer_text(tokens->out, kind);
    writer_put_bytes(tokens->out, word->bytes + begin, (size_t)(word->starts[first + count] - begin));
    writer_text(tokens->out, tokens->after);
}

/* Every token of a text. */
static void grams_put(struct tokens *tokens, const struct search_word *word)
{
    for (size_t first = 0; first < word->count; first++) {
        size_t size = gram_size(word, first);
        if (size > 0)
            token_put(tokens, "", word, first, size);
    }
}

/* As few as hold every sign that any token holds: fewer lists to compare, and hardly a text more. */
static void grams_cover(struct tokens *tokens, const struct search_word *word)
{
    size_t covered = 0; /* signs before it are in a token */

    for (size_t first = 0; first < word->count && tokens->count < SEARCH_TOKENS_LIMIT; first++) {
        size_t size = gram_size(word, first);
        size_t next = first + 1 < word->count ? gram_size(word, first + 1) : 0;
        bool last = next == 0 && first + size > covered;
        if (size == 0 || (first < covered && !last))
            continue;
        token_put(tokens, "", word, first, size);
        covered = first + size;
    }
}

static bool end_has(const struct search_word *word)
{
    return word->count >= END_SIGNS && ascii_all(word, word->count - END_SIGNS, END_SIGNS);
}

static void word_tokens_write(struct tokens *tokens, unsigned places, const struct search_word *word)
{
    if ((places & SEARCH_INSIDE) != 0)
        grams_put(tokens, word);
    for (size_t count = 1; (places & SEARCH_START) != 0 && count <= START_SIGNS && count <= word->count; count++)
        token_put(tokens, "^", word, 0, count);
    if ((places & SEARCH_END) != 0 && end_has(word))
        token_put(tokens, "$", word, word->count - END_SIGNS, END_SIGNS);
    if ((places & SEARCH_WHOLE) != 0 && word->count > 0 && word->count <= WHOLE_SIGNS)
        token_put(tokens, "=", word, 0, word->count);
}

/* The first of the items of a list with commas; *list is the rest. */
static struct span item_take(struct span *list)
{
    ptrdiff_t comma = span_find_byte(*list, ',');
    struct span item = { list->bytes, comma < 0 ? list->size : (size_t)comma };

    list->bytes += comma < 0 ? list->size : item.size + 1;
    list->size -= comma < 0 ? list->size : item.size + 1;
    return item;
}

void search_tokens_write(struct writer *out, char mark, unsigned places, struct span text)
{
    struct tokens tokens = { out, " ", "", "", mark, 0 };
    struct search_word word;

    while (text.size > 0) {
        search_word_read(item_take(&text), &word);
        word_tokens_write(&tokens, places, &word);
    }
}

void search_areas_write(struct writer *out, struct span path)
{
    bool between = true;

    for (size_t i = 0; i < path.size; i++) {
        bool digit = path.bytes[i] >= '0' && path.bytes[i] <= '9';
        if (digit && between)
            writer_text(out, " @");
        if (digit)
            writer_put_u8(out, path.bytes[i]);
        between = !digit;
    }
}

bool search_match_write(struct writer *out, char mark, unsigned places, enum search_place place, const struct search_word *word)
{
    struct tokens tokens = { out, "\"", " AND ", "\"", mark, 0 };
    size_t start = word->count < START_SIGNS ? word->count : START_SIGNS;
    bool inside = (places & SEARCH_INSIDE) != 0;
    bool known = (places & (unsigned)place) != 0 && word->count > 0;

    if (place == SEARCH_INSIDE)
        known = known && (word->count > 2 || (word->count == 2 && !ascii_all(word, 0, 2)));
    if (place == SEARCH_END)
        known = known && end_has(word);
    if (place == SEARCH_WHOLE)
        known = known && word->count <= WHOLE_SIGNS;
    if (!known)
        return false;
    writer_text(out, "(");
    if (place == SEARCH_START)
        token_put(&tokens, "^", word, 0, start);
    if (place == SEARCH_END)
        token_put(&tokens, "$", word, word->count - END_SIGNS, END_SIGNS);
    if (place == SEARCH_WHOLE)
        token_put(&tokens, "=", word, 0, word->count);
    else if (inside)
        grams_cover(&tokens, word);
    writer_text(out, ")");
    return true;
}

static struct span bytes_of(const struct search_word *word)
{
    return (struct span){ word->bytes, word->starts[word->count] };
}

static bool holds(struct span text, struct span piece, enum search_place place)
{
    if (piece.size > text.size || (place == SEARCH_WHOLE && piece.size != text.size))
        return false;
    if (place == SEARCH_START || place == SEARCH_WHOLE)
        return memcmp(text.bytes, piece.bytes, piece.size) == 0;
    if (place == SEARCH_END)
        return memcmp(text.bytes + (text.size - piece.size), piece.bytes, piece.size) == 0;
    /* A byte that begins a sign of UTF-8 never stands inside another: bytes that agree are signs that agree. */
    for (size_t at = 0; at + piece.size <= text.size; at++)
        if (text.bytes[at] == piece.bytes[0] && memcmp(text.bytes + at, piece.bytes, piece.size) == 0)
            return true;
    return false;
}

bool search_word_is(const struct search_word *word, enum search_place place, struct span list)
{
    struct search_word other;

    while (word->count > 0 && list.size > 0) {
        search_word_read(item_take(&list), &other);
        if (other.count > 0 && holds(bytes_of(&other), bytes_of(word), place))
            return true;
    }
    return false;
}
