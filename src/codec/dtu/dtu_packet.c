#include "codec/dtu/dtu_packet.h"

#include <string.h>

#include "base/hex.h"
#include "codec/bcd/bcd.h"
#include "codec/codec_error.h"

#define IMEI_DIGITS 15

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_hex(uint8_t byte)
{
    return hex_digit_value(byte) >= 0;
}

static bool is_text(uint8_t byte)
{
    return byte > ' ' && byte < 0x7f;
}

static bool is_line_end(uint8_t byte)
{
    return byte == '\r' || byte == '\n' || byte == '\0';
}

static bool is_bcd(uint8_t byte)
{
    return bcd_byte_read(byte) >= 0;
}

static bool is_byte(uint8_t byte)
{
    (void)byte;
    return true;
}

/* What a part can hold, and what it begins with; by enum dtu_part_kind. */
static const struct holding {
    bool (*holds)(uint8_t byte);
    const char *prefix;
} holdings[] = {
    [DTU_PART_FIXED] = { is_byte, "" },   [DTU_PART_ANY] = { is_byte, "" },    [DTU_PART_END] = { is_line_end, "" },
    [DTU_PART_IMEI] = { is_digit, "" },   [DTU_PART_ICCID] = { is_hex, "89" }, [DTU_PART_PHONE] = { is_digit, "1" },
    [DTU_PART_DIGITS] = { is_digit, "" }, [DTU_PART_TEXT] = { is_text, "" },   [DTU_PART_HEX] = { is_hex, "" },
    [DTU_PART_BCD] = { is_bcd, "" },      [DTU_PART_BYTES] = { is_byte, "" },
};

/* One pattern against one stream. */
struct matching {
    const struct dtu_pattern *pattern;
    struct span stream;
    size_t offset;
    struct dtu_packet packet;
};

static struct span fixed_bytes(const struct dtu_pattern *pattern, const struct dtu_part *part)
{
    return span_of_bytes(pattern->literals + part->literal, part->minimum);
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Whether the fixed bytes of the part stand at `offset`, as far as the stream goes. */
static bool fixed_is_at(const struct matching *matching, const struct dtu_part *part, size_t offset)
{
    struct span fixed = fixed_bytes(matching->pattern, part);
    size_t compared = smaller(fixed.size, matching->stream.size - offset);
    return memcmp(matching->stream.bytes + offset, fixed.bytes, compared) == 0;
}

static int fixed_match(struct matching *matching, const struct dtu_part *part)
{
    if (!fixed_is_at(matching, part, matching->offset))
        return CODEC_ERR_FORMAT;
    return (int)smaller(part->minimum, matching->stream.size - matching->offset);
}

static bool begins_with(struct span bytes, const char *prefix)
{
    return memcmp(bytes.bytes, prefix, smaller(bytes.size, strlen(prefix))) == 0;
}

/* Bytes from the offset on that the part takes. */
static size_t held_count(const struct matching *matching, const struct dtu_part *part, const struct dtu_part *next)
{
    const uint8_t *bytes = matching->stream.bytes + matching->offset;
    size_t limit = smaller(part->maximum, matching->stream.size - matching->offset);
    size_t count = 0;

    for (; count < limit && holdings[part->kind].holds(bytes[count]); count++)
        if (count >= part->minimum && next != NULL && next->kind == DTU_PART_FIXED &&
            fixed_is_at(matching, next, matching->offset + count))
            break;
    return count;
}

static int held_match(struct matching *matching, const struct dtu_part *part, const struct dtu_part *next)
{
    struct span rest =
        span_of_bytes(matching->stream.bytes + matching->offset, matching->stream.size - matching->offset);
    size_t count = held_count(matching, part, next);

    if (count < part->minimum && count < rest.size)
        return CODEC_ERR_FORMAT;
    if (!begins_with(span_of_bytes(rest.bytes, count), holdings[part->kind].prefix))
        return CODEC_ERR_FORMAT;
    if (part->kind >= DTU_PART_IMEI) {
        matching->packet.is_open = count == rest.size && count < part->maximum;
        matching->packet.identity_kind = part->kind;
        matching->packet.identity = span_of_bytes(rest.bytes, count);
    }
    return (int)count;
}

/* The parts one after the other; a negative result of any is the result of all.
 * is_complete  written: false when the stream ended inside a part that needs more */
static int parts_match(struct matching *matching, bool *is_complete)
{
    const struct dtu_pattern *pattern = matching->pattern;

    for (size_t i = 0; i < pattern->count; i++) {
        const struct dtu_part *part = &pattern->parts[i];
        const struct dtu_part *next = i + 1 < pattern->count ? part + 1 : NULL;
        int used = part->kind == DTU_PART_FIXED ? fixed_match(matching, part) : held_match(matching, part, next);
        if (used < 0)
            return used;
        matching->offset += (size_t)used;
        *is_complete = (size_t)used >= part->minimum;
        if (!*is_complete)
            return 0;
    }
    return 0;
}

int dtu_packet_match(const struct dtu_pattern *pattern, struct span stream, struct dtu_packet *out)
{
    struct matching matching = { pattern, stream, 0, { 0 } };
    bool is_complete = false;

    if (stream.size == 0)
        return CODEC_ERR_EMPTY;
    int result = parts_match(&matching, &is_complete);
    if (result < 0)
        return result;
    if (!is_complete)
        return 0;
    matching.packet.kind = pattern->kind;
    matching.packet.bytes = span_of_bytes(stream.bytes, matching.offset);
    *out = matching.packet;
    return (int)matching.offset;
}

static void hex_write(struct span bytes, struct writer *out)
{
    static const char digits[] = "0123456789ABCDEF";

    for (size_t i = 0; i < bytes.size; i++) {
        writer_put_u8(out, (uint8_t)digits[bytes.bytes[i] >> 4]);
        writer_put_u8(out, (uint8_t)digits[bytes.bytes[i] & 15]);
    }
}

/* An IMEI has 15 digits and fills 8 bytes with a 0 in front. */
static void bcd_write_digits(struct span bytes, struct writer *out)
{
    bool is_imei = bytes.size == (IMEI_DIGITS + 1) / 2 && bytes.bytes[0] >> 4 == 0;
    size_t start = out->size;

    hex_write(bytes, out);
    if (is_imei && !out->overflow) {
        out->size--;
        memmove(out->bytes + start, out->bytes + start + 1, out->size - start);
    }
}

void dtu_identity_write(const struct dtu_packet *packet, struct writer *out)
{
    if (packet->identity_kind == DTU_PART_BYTES)
        hex_write(packet->identity, out);
    else if (packet->identity_kind == DTU_PART_BCD)
        bcd_write_digits(packet->identity, out);
    else
        writer_put_span(out, packet->identity);
}

/* The identity as on the wire. A digit is put before an odd number of them.
 * returns  its size; CODEC_ERR_RANGE */
static int identity_pack(const struct dtu_part *part, struct span identity, uint8_t *out)
{
    char digits[2 * DTU_IDENTITY_LIMIT];
    size_t odd = identity.size % 2;

    if (part->kind != DTU_PART_BCD && part->kind != DTU_PART_BYTES) {
        if (identity.size > DTU_IDENTITY_LIMIT)
            return CODEC_ERR_RANGE;
        memcpy(out, identity.bytes, identity.size);
        return (int)identity.size;
    }
    if (identity.size + odd > sizeof digits || identity.size == 0)
        return CODEC_ERR_RANGE;
    digits[0] = '0';
    memcpy(digits + odd, identity.bytes, identity.size);
    int size = hex_decode(span_of_bytes(digits, identity.size + odd), out, DTU_IDENTITY_LIMIT);
    return size < 0 ? CODEC_ERR_RANGE : size;
}

static int identity_put(const struct dtu_part *part, struct span identity, struct writer *out)
{
    uint8_t bytes[DTU_IDENTITY_LIMIT];
    int size = identity.size == 0 ? 0 : identity_pack(part, identity, bytes);

    if (size < part->minimum || size > part->maximum)
        return CODEC_ERR_RANGE;
    for (int i = 0; i < size; i++)
        if (!holdings[part->kind].holds(bytes[i]))
            return CODEC_ERR_RANGE;
    if (!begins_with(span_of_bytes(bytes, (size_t)size), holdings[part->kind].prefix))
        return CODEC_ERR_RANGE;
    writer_put_bytes(out, bytes, (size_t)size);
    return 0;
}

int dtu_packet_encode(const struct dtu_pattern *pattern, struct span identity, struct writer *out)
{
    for (size_t i = 0; i < pattern->count; i++) {
        const struct dtu_part *part = &pattern->parts[i];
        if (part->kind == DTU_PART_FIXED)
            writer_put_span(out, fixed_bytes(pattern, part));
        else if (part->kind >= DTU_PART_IMEI && identity_put(part, identity, out) < 0)
            return CODEC_ERR_RANGE;
        for (size_t left = part->kind == DTU_PART_ANY ? part->minimum : 0; left > 0; left--)
            writer_put_u8(out, 0);
    }
    return out->overflow ? CODEC_ERR_FULL : 0;
}
