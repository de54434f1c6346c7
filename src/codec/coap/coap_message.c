#include "codec/coap/coap_message.h"

#include <string.h>

#include "codec/codec_error.h"

#define COAP_VERSION 1
#define PAYLOAD_MARKER 0xff

static int fail_at(size_t offset, int error, size_t *error_offset)
{
    if (error_offset != NULL)
        *error_offset = offset;
    return error;
}

/* Walks all options from `offset` on; gives the offset after the last one. */
static int options_measure(struct span in, size_t offset, size_t *end, size_t *error_offset)
{
    struct span rest = span_of_bytes(in.bytes + offset, in.size - offset);
    struct coap_option_iterator iterator = coap_option_iterator(rest);
    struct coap_option option;
    int result;

    while ((result = coap_option_next(&iterator, &option)) > 0)
        continue;
    if (result < 0)
        return fail_at(offset + iterator.offset, result, error_offset);
    *end = offset + iterator.offset;
    return 0;
}

static int header_decode(struct span in, struct coap_message *out, size_t *token_size, size_t *error_offset)
{
    if (in.size < COAP_HEADER_SIZE)
        return fail_at(in.size, CODEC_ERR_SHORT, error_offset);
    if (in.bytes[0] >> 6 != COAP_VERSION)
        return fail_at(0, CODEC_ERR_VERSION, error_offset);
    *token_size = in.bytes[0] & 15u;
    if (*token_size > COAP_TOKEN_LIMIT)
        return fail_at(0, CODEC_ERR_RESERVED, error_offset);
    out->type = in.bytes[0] >> 4 & 3u;
    out->code = in.bytes[1];
    out->message_id = (uint16_t)(in.bytes[2] << 8 | in.bytes[3]);
    if (coap_code_is_reserved(out->code))
        return fail_at(1, CODEC_ERR_RESERVED, error_offset);
    if (out->code == COAP_CODE_EMPTY && in.size != COAP_HEADER_SIZE)
        return fail_at(COAP_HEADER_SIZE, CODEC_ERR_TRAILING, error_offset);
    if (in.size - COAP_HEADER_SIZE < *token_size)
        return fail_at(in.size, CODEC_ERR_SHORT, error_offset);
    if (out->code == COAP_CODE_EMPTY && *token_size != 0)
        return fail_at(0, CODEC_ERR_TRAILING, error_offset);
    return 0;
}

int coap_message_decode(struct span in, struct coap_message *out, size_t *error_offset)
{
    struct coap_message message;
    size_t token_size, options_end;

    int result = header_decode(in, &message, &token_size, error_offset);
    if (result < 0)
        return result;
    size_t options_start = COAP_HEADER_SIZE + token_size;
    if ((result = options_measure(in, options_start, &options_end, error_offset)) < 0)
        return result;
    message.token = span_of_bytes(in.bytes + COAP_HEADER_SIZE, token_size);
    message.options = span_of_bytes(in.bytes + options_start, options_end - options_start);
    message.payload = span_of_bytes(in.bytes + options_end, 0);
    if (options_end < in.size) {
        if (options_end + 1 == in.size)
            return fail_at(options_end, CODEC_ERR_MISSING, error_offset);
        message.payload = span_of_bytes(in.bytes + options_end + 1, in.size - options_end - 1);
    }
    *out = message;
    return 0;
}

int coap_message_peek(struct span in, uint8_t *type, uint16_t *message_id)
{
    if (in.size < COAP_HEADER_SIZE)
        return CODEC_ERR_SHORT;
    if (in.bytes[0] >> 6 != COAP_VERSION)
        return CODEC_ERR_VERSION;
    *type = in.bytes[0] >> 4 & 3u;
    *message_id = (uint16_t)(in.bytes[2] << 8 | in.bytes[3]);
    return 0;
}

bool coap_message_option(const struct coap_message *message, uint16_t number, unsigned index, struct span *out)
{
    struct coap_option_iterator iterator = coap_option_iterator(message->options);
    struct coap_option option;

    while (coap_option_next(&iterator, &option) > 0 && option.number <= number) {
        if (option.number != number || index-- > 0)
            continue;
        *out = option.value;
        return true;
    }
    return false;
}

uint32_t coap_message_unsigned(const struct coap_message *message, uint16_t number, uint32_t absent)
{
    const struct coap_option_info *info = coap_option_info(number);
    struct span value;
    uint32_t result;

    if (!coap_message_option(message, number, 0, &value) || (info != NULL && value.size > info->size_max) ||
        coap_option_unsigned(value, &result) < 0)
        return absent;
    return result;
}

int32_t coap_message_format(const struct coap_message *message, uint16_t number)
{
    uint32_t format = coap_message_unsigned(message, number, UINT32_MAX);
    return format > UINT16_MAX ? COAP_FORMAT_NONE : (int32_t)format;
}

static bool number_is_listed(uint16_t number, const uint16_t *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (list[i] == number)
            return true;
    return false;
}

uint16_t coap_message_unsupported(const struct coap_message *message, const uint16_t *supported, size_t count)
{
    struct coap_option_iterator iterator = coap_option_iterator(message->options);
    struct coap_option option;
    uint32_t previous = UINT32_MAX;

    while (coap_option_next(&iterator, &option) > 0) {
        bool is_repeated = option.number == previous;
        previous = option.number;
        if (!coap_option_is_critical(option.number))
            continue;
        if (!number_is_listed(option.number, supported, count) || !coap_option_is_recognised(&option) ||
            (is_repeated && !coap_option_info(option.number)->repeatable))
            return option.number;
    }
    return 0;
}

/* The next option of one number; numbers ascend, so the walk ends early. */
static bool option_of_number_next(struct coap_option_iterator *iterator, uint16_t number, struct span *value)
{
    struct coap_option option;
    while (coap_option_next(iterator, &option) > 0 && option.number <= number)
        if (option.number == number) {
            *value = option.value;
            return true;
        }
    return false;
}

unsigned coap_message_segments(const struct coap_message *message, uint16_t number)
{
    struct coap_option_iterator iterator = coap_option_iterator(message->options);
    struct span value;
    unsigned count = 0;
    while (option_of_number_next(&iterator, number, &value))
        count++;
    return count;
}

bool coap_message_path_is(const struct coap_message *message, const char *path)
{
    struct coap_option_iterator iterator = coap_option_iterator(message->options);
    struct span rest = span_of_text(path), segment;

    if (rest.size == 1)
        rest.size = 0;
    while (option_of_number_next(&iterator, COAP_OPTION_URI_PATH, &segment)) {
        if (rest.size < segment.size + 1 || rest.bytes[0] != '/' ||
            memcmp(rest.bytes + 1, segment.bytes, segment.size) != 0)
            return false;
        rest = span_of_bytes(rest.bytes + 1 + segment.size, rest.size - 1 - segment.size);
    }
    return rest.size == 0;
}

/* Characters of a path segment that need no %XX (RFC 3986 3.3, without the sub-delimiters that confuse readers). */
static bool character_is_plain(uint8_t character)
{
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9') || (character != 0 && strchr("-._~!$'()*+,;=:@", character) != NULL);
}

static void segment_write(struct span segment, struct writer *out)
{
    static const char digits[] = "0123456789ABCDEF";

    writer_put_u8(out, '/');
    for (size_t i = 0; i < segment.size; i++) {
        uint8_t character = segment.bytes[i];
        if (character_is_plain(character)) {
            writer_put_u8(out, character);
            continue;
        }
        writer_put_u8(out, '%');
        writer_put_u8(out, (uint8_t)digits[character >> 4]);
        writer_put_u8(out, (uint8_t)digits[character & 15]);
    }
}

void coap_message_write_path(const struct coap_message *message, uint16_t number, struct writer *out)
{
    struct coap_option_iterator iterator = coap_option_iterator(message->options);
    struct span segment;
    bool is_root = true;

    for (; option_of_number_next(&iterator, number, &segment); is_root = false)
        segment_write(segment, out);
    if (is_root)
        writer_put_u8(out, '/');
}

bool coap_message_query(const struct coap_message *message, const char *name, struct span *out)
{
    struct coap_option_iterator iterator = coap_option_iterator(message->options);
    size_t name_size = strlen(name);
    struct span query;

    while (option_of_number_next(&iterator, COAP_OPTION_URI_QUERY, &query)) {
        if (query.size < name_size || memcmp(query.bytes, name, name_size) != 0)
            continue;
        if (query.size > name_size && query.bytes[name_size] != '=')
            continue;
        size_t skipped = query.size > name_size ? name_size + 1 : name_size;
        *out = span_of_bytes(query.bytes + skipped, query.size - skipped);
        return true;
    }
    return false;
}
