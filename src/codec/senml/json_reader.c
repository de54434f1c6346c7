#include "codec/senml/json_reader.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"
#include "codec/codec_error.h"
#include "codec/number/number.h"

static const char escape_letters[] = "\"\\/bfnrt";
static const char escape_values[] = "\"\\/\b\f\n\r\t";

struct json_reader json_reader(struct span in)
{
    struct json_reader reader = { in, 0 };
    return reader;
}

static int hex_quad(struct span text, size_t offset, uint32_t *out)
{
    uint32_t value = 0;
    if (text.size - offset < 4)
        return CODEC_ERR_SHORT;
    for (size_t i = offset; i < offset + 4; i++) {
        uint8_t c = text.bytes[i];
        if (c >= '0' && c <= '9')
            value = value << 4 | (uint32_t)(c - '0');
        else if ((c | 32) >= 'a' && (c | 32) <= 'f')
            value = value << 4 | (uint32_t)((c | 32) - 'a' + 10);
        else
            return CODEC_ERR_FORMAT;
    }
    *out = value;
    return 0;
}

/* A \uXXXX or a pair of them, `offset` after the u.
 * returns  characters read; CODEC_ERR_SHORT; CODEC_ERR_FORMAT for half a pair */
static int unicode_escape_read(struct span text, size_t offset, uint32_t *code_point)
{
    uint32_t low;
    int result = hex_quad(text, offset, code_point);
    if (result < 0)
        return result;
    if (*code_point < 0xd800 || *code_point > 0xdfff)
        return 4;
    if (*code_point > 0xdbff)
        return CODEC_ERR_FORMAT;
    for (size_t i = 0; i < 2; i++) {
        if (offset + 4 + i >= text.size)
            return CODEC_ERR_SHORT;
        if (text.bytes[offset + 4 + i] != "\\u"[i])
            return CODEC_ERR_FORMAT;
    }
    if ((result = hex_quad(text, offset + 6, &low)) < 0)
        return result;
    if (low < 0xdc00 || low > 0xdfff)
        return CODEC_ERR_FORMAT;
    *code_point = 0x10000 + ((*code_point - 0xd800) << 10 | (low - 0xdc00));
    return 10;
}

static void code_point_put(struct writer *out, uint32_t code_point)
{
    if (code_point < 0x80) {
        writer_put_u8(out, (uint8_t)code_point);
        return;
    }
    unsigned more = code_point < 0x800 ? 1 : code_point < 0x10000 ? 2 : 3;
    static const uint8_t heads[] = { 0, 0xc0, 0xe0, 0xf0 };
    writer_put_u8(out, (uint8_t)(heads[more] | code_point >> (6 * more)));
    while (more-- > 0)
        writer_put_u8(out, (uint8_t)(0x80 | (code_point >> (6 * more) & 63)));
}

/* One escape, `offset` after the backslash; `out` may be NULL to check only.
 * returns  characters read; CODEC_ERR_SHORT; CODEC_ERR_FORMAT */
static int escape_read(struct span text, size_t offset, struct writer *out)
{
    uint32_t code_point;

    if (offset >= text.size)
        return CODEC_ERR_SHORT;
    if (text.bytes[offset] == 'u') {
        int result = unicode_escape_read(text, offset + 1, &code_point);
        if (result > 0 && out != NULL)
            code_point_put(out, code_point);
        return result < 0 ? result : result + 1;
    }
    const char *letter = text.bytes[offset] == 0 ? NULL : strchr(escape_letters, text.bytes[offset]);
    if (letter == NULL)
        return CODEC_ERR_FORMAT;
    if (out != NULL)
        writer_put_u8(out, (uint8_t)escape_values[letter - escape_letters]);
    return 1;
}

static int string_take(struct json_reader *reader, struct json_token *token)
{
    size_t start = token->offset + 1;
    size_t at = start;

    for (;;) {
        if (at >= reader->in.size)
            return CODEC_ERR_SHORT;
        uint8_t character = reader->in.bytes[at++];
        if (character == '"')
            break;
        if (character < 0x20)
            return CODEC_ERR_FORMAT;
        if (character == '\\') {
            int result = escape_read(reader->in, at, NULL);
            if (result < 0)
                return result;
            at += (size_t)result;
        }
    }
    token->kind = JSON_STRING;
    token->text = span_of_bytes(reader->in.bytes + start, at - 1 - start);
    if (text_utf8_check(token->text) < 0)
        return CODEC_ERR_FORMAT;
    reader->offset = at;
    return 0;
}

static bool is_number_character(uint8_t character)
{
    return (character >= '0' && character <= '9') || character == '-' || character == '+' || character == '.' ||
           character == 'e' || character == 'E';
}

static int word_take(struct json_reader *reader, struct json_token *token)
{
    static const struct {
        const char *word;
        int kind;
    } words[] = { { "true", JSON_TRUE }, { "false", JSON_FALSE }, { "null", JSON_NULL } };
    size_t left = reader->in.size - token->offset;

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t size = strlen(words[i].word);
        if (left < size || memcmp(reader->in.bytes + token->offset, words[i].word, size) != 0)
            continue;
        token->kind = words[i].kind;
        reader->offset = token->offset + size;
        return 0;
    }
    size_t size = 0;
    while (size < left && is_number_character(reader->in.bytes[token->offset + size]))
        size++;
    if (size == 0)
        return CODEC_ERR_FORMAT;
    token->kind = JSON_NUMBER;
    token->text = span_of_bytes(reader->in.bytes + token->offset, size);
    reader->offset = token->offset + size;
    return 0;
}

int json_reader_next(struct json_reader *reader, struct json_token *out)
{
    static const char signs[] = "{}[]:,";
    struct json_token token = { JSON_END, { NULL, 0 }, reader->offset };
    int result = 0;

    while (token.offset < reader->in.size && reader->in.bytes[token.offset] != 0 &&
           strchr(" \t\r\n", reader->in.bytes[token.offset]) != NULL)
        token.offset++;
    if (token.offset < reader->in.size) {
        uint8_t character = reader->in.bytes[token.offset];
        const char *sign = character == 0 ? NULL : strchr(signs, character);
        if (sign != NULL) {
            token.kind = (int)(sign - signs);
            reader->offset = token.offset + 1;
        } else
            result = character == '"' ? string_take(reader, &token) : word_take(reader, &token);
    }
    if (result < 0)
        return result;
    *out = token;
    return 0;
}

/* Is `token` a value that stands alone? */
static int scalar_check(const struct json_token *token)
{
    struct number number;
    if (token->kind == JSON_NUMBER)
        return number_parse(token->text, &number);
    return token->kind >= JSON_STRING && token->kind <= JSON_NULL ? 0 : CODEC_ERR_FORMAT;
}

/* Where skipping stands: what may come next inside the innermost object or array. */
enum json_expect { EXPECT_VALUE, EXPECT_FIRST_VALUE, EXPECT_KEY, EXPECT_FIRST_KEY, EXPECT_COLON, EXPECT_AFTER };

struct json_walk {
    bool is_object[JSON_DEPTH_LIMIT];
    unsigned depth;
    int expect; /* enum json_expect */
};

static int container_open(struct json_walk *walk, bool is_object)
{
    if (walk->depth == JSON_DEPTH_LIMIT)
        return CODEC_ERR_DEPTH;
    walk->is_object[walk->depth++] = is_object;
    walk->expect = is_object ? EXPECT_FIRST_KEY : EXPECT_FIRST_VALUE;
    return 0;
}

static int container_close(struct json_walk *walk, bool is_object)
{
    bool is_at_end = walk->expect == EXPECT_AFTER || walk->expect == (is_object ? EXPECT_FIRST_KEY : EXPECT_FIRST_VALUE);
    if (walk->depth == 0 || walk->is_object[walk->depth - 1] != is_object || !is_at_end)
        return CODEC_ERR_FORMAT;
    walk->depth--;
    walk->expect = EXPECT_AFTER;
    return 0;
}

static int value_step(struct json_walk *walk, const struct json_token *token)
{
    if (token->kind == JSON_OBJECT_BEGIN || token->kind == JSON_ARRAY_BEGIN)
        return container_open(walk, token->kind == JSON_OBJECT_BEGIN);
    walk->expect = EXPECT_AFTER;
    return scalar_check(token);
}

static int walk_step(struct json_walk *walk, const struct json_token *token)
{
    if (token->kind == JSON_OBJECT_END || token->kind == JSON_ARRAY_END)
        return container_close(walk, token->kind == JSON_OBJECT_END);
    switch (walk->expect) {
    case EXPECT_VALUE:
    case EXPECT_FIRST_VALUE:
        return value_step(walk, token);
    case EXPECT_KEY:
    case EXPECT_FIRST_KEY:
        walk->expect = EXPECT_COLON;
        return token->kind == JSON_STRING ? 0 : CODEC_ERR_FORMAT;
    case EXPECT_COLON:
        walk->expect = EXPECT_VALUE;
        return token->kind == JSON_COLON ? 0 : CODEC_ERR_FORMAT;
    default:
        walk->expect = walk->is_object[walk->depth - 1] ? EXPECT_KEY : EXPECT_VALUE;
        return token->kind == JSON_COMMA ? 0 : CODEC_ERR_FORMAT;
    }
}

int json_reader_skip(struct json_reader *reader, const struct json_token *first)
{
    struct json_walk walk = { { false }, 0, EXPECT_VALUE };
    struct json_reader ahead = *reader;
    struct json_token token = *first;

    for (;;) {
        int result = token.kind == JSON_END ? CODEC_ERR_SHORT : walk_step(&walk, &token);
        if (result < 0)
            return result;
        if (walk.depth == 0)
            break;
        if ((result = json_reader_next(&ahead, &token)) < 0)
            return result;
    }
    *reader = ahead;
    return 0;
}

int json_string_write(struct span text, struct writer *out)
{
    for (size_t at = 0; at < text.size;) {
        uint8_t character = text.bytes[at++];
        if (character != '\\') {
            writer_put_u8(out, character);
            continue;
        }
        int result = escape_read(text, at, out);
        if (result < 0)
            return CODEC_ERR_FORMAT;
        at += (size_t)result;
    }
    return out->overflow ? CODEC_ERR_FULL : 0;
}

void json_string_put(struct writer *out, struct span text)
{
    static const char digits[] = "0123456789abcdef";

    writer_put_u8(out, '"');
    for (size_t i = 0; i < text.size; i++) {
        uint8_t character = text.bytes[i];
        if (character == '"' || character == '\\') {
            writer_put_u8(out, '\\');
            writer_put_u8(out, character);
        } else if (character < 0x20) {
            writer_text(out, "\\u00");
            writer_put_u8(out, (uint8_t)digits[character >> 4]);
            writer_put_u8(out, (uint8_t)digits[character & 15]);
        } else
            writer_put_u8(out, character);
    }
    writer_put_u8(out, '"');
}
