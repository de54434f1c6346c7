#include "api/request_target.h"

#include "api/api_error.h"
#include "base/text.h"

static int hex_digit(uint8_t byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    if (byte >= 'a' && byte <= 'f')
        return byte - 'a' + 10;
    if (byte >= 'A' && byte <= 'F')
        return byte - 'A' + 10;
    return -1;
}

/* Decode into the target's text; `plus` makes '+' a blank. */
static int part_decode(struct request_target *target, struct span in, bool plus, struct span *out)
{
    size_t begin = target->text_size;

    for (size_t i = 0; i < in.size; i++) {
        uint8_t byte = in.bytes[i];
        if (byte == '%') {
            int high = i + 2 < in.size ? hex_digit(in.bytes[i + 1]) : -1;
            int low = i + 2 < in.size ? hex_digit(in.bytes[i + 2]) : -1;
            if (high < 0 || low < 0)
                return API_ERR_TARGET;
            byte = (uint8_t)(high * 16 + low);
            i += 2;
        } else if (byte == '+' && plus) {
            byte = ' ';
        }
        if (byte == 0 || target->text_size >= sizeof target->text)
            return API_ERR_TARGET;
        target->text[target->text_size++] = byte;
    }
    *out = (struct span){ target->text + begin, target->text_size - begin };
    return text_utf8_check(*out) < 0 ? API_ERR_TARGET : 0;
}

static bool climbs(struct span path)
{
    size_t begin = 0;

    for (size_t i = 0; i <= path.size; i++) {
        if (i < path.size && path.bytes[i] != '/')
            continue;
        if (i - begin == 2 && path.bytes[begin] == '.' && path.bytes[begin + 1] == '.')
            return true;
        begin = i + 1;
    }
    return false;
}

static int pair_parse(struct request_target *target, struct span text)
{
    ptrdiff_t equals = span_find_byte(text, '=');
    struct span name = text;
    struct span value = { text.bytes + text.size, 0 };

    if (text.size == 0)
        return 0;
    if (target->pair_count == REQUEST_TARGET_PAIR_LIMIT)
        return API_ERR_QUERY_LIMIT;
    if (equals >= 0) {
        name.size = (size_t)equals;
        value = (struct span){ text.bytes + equals + 1, text.size - (size_t)equals - 1 };
    }
    struct request_pair *pair = &target->pairs[target->pair_count];
    int result = part_decode(target, name, true, &pair->name);
    if (result == 0)
        result = part_decode(target, value, true, &pair->value);
    if (result == 0)
        target->pair_count++;
    return result;
}

static int query_parse(struct request_target *target, struct span query)
{
    size_t begin = 0;
    int result = 0;

    for (size_t i = 0; i <= query.size && result == 0; i++) {
        if (i < query.size && query.bytes[i] != '&')
            continue;
        result = pair_parse(target, (struct span){ query.bytes + begin, i - begin });
        begin = i + 1;
    }
    return result;
}

int request_target_parse(struct span in, struct request_target *out)
{
    ptrdiff_t mark = span_find_byte(in, '?');
    struct span path = in;

    out->pair_count = 0;
    out->text_size = 0;
    if (in.size == 0 || in.bytes[0] != '/')
        return API_ERR_TARGET;
    if (mark >= 0)
        path.size = (size_t)mark;
    int result = part_decode(out, path, false, &out->path);
    if (result == 0 && climbs(out->path))
        result = API_ERR_TARGET;
    if (result == 0 && mark >= 0)
        result = query_parse(out, (struct span){ in.bytes + mark + 1, in.size - (size_t)mark - 1 });
    return result;
}

struct span request_target_find(const struct request_target *target, const char *name)
{
    for (size_t i = 0; i < target->pair_count; i++)
        if (span_equal_text(target->pairs[i].name, name))
            return target->pairs[i].value;
    return (struct span){ NULL, 0 };
}
