#include "codec/manhole/manhole_frame.h"

#include <string.h>

#include "codec/checksum/checksum.h"
#include "codec/codec_error.h"

#define CRC_SIZE 2

struct manhole_offsets manhole_offsets(const struct manhole_profile *profile)
{
    struct manhole_offsets offsets;

    offsets.length = profile->start_size;
    offsets.version = offsets.length + profile->length_size;
    offsets.id = offsets.version + profile->version_size;
    offsets.segment = offsets.id + profile->id_size;
    offsets.area = offsets.segment + 2 + profile->sequence_size + (profile->has_security ? 1 : 0);
    return offsets;
}

static uint16_t crc_of(const struct manhole_profile *profile, struct span bytes)
{
    switch ((enum manhole_crc)profile->crc) {
    case MANHOLE_CRC_MODBUS:
        return checksum_crc16_modbus(bytes);
    case MANHOLE_CRC_EN13757:
        return checksum_crc16_en13757(bytes);
    case MANHOLE_CRC_IBM3740:
        break;
    }
    return checksum_crc16_ibm3740(bytes);
}

static uint16_t crc_read(const struct manhole_profile *profile, const uint8_t *bytes)
{
    unsigned first = bytes[0];
    unsigned second = bytes[1];
    return (uint16_t)(profile->crc_is_low_first ? second << 8 | first : first << 8 | second);
}

/* What the length field leaves out of the whole packet. */
static size_t uncounted(const struct manhole_profile *profile)
{
    size_t head = (size_t)profile->start_size + profile->length_size;
    return (profile->length_covers_head ? 0 : head) + (profile->length_covers_crc ? 0 : CRC_SIZE);
}

static uint32_t big_endian(const uint8_t *bytes, size_t size)
{
    uint32_t value = 0;

    for (size_t i = 0; i < size; i++)
        value = value << 8 | bytes[i];
    return value;
}

/* Bytes of the packet that begins here.
 * returns  0 and *size; CODEC_ERR_SHORT when the length field is not there yet; CODEC_ERR_FORMAT; CODEC_ERR_RANGE */
static int size_read(const struct manhole_profile *profile, struct span frame, size_t *size)
{
    struct manhole_offsets offsets = manhole_offsets(profile);
    size_t present = frame.size < profile->start_size ? frame.size : profile->start_size;

    if (memcmp(frame.bytes, profile->start, present) != 0)
        return CODEC_ERR_FORMAT;
    if (frame.size < offsets.version)
        return CODEC_ERR_SHORT;
    uint32_t length = big_endian(frame.bytes + offsets.length, profile->length_size);
    if (length < profile->length_low || length > profile->length_high)
        return CODEC_ERR_RANGE;
    *size = length + uncounted(profile);
    return *size < offsets.area + CRC_SIZE ? CODEC_ERR_RANGE : 0;
}

static bool crc_is_right(const struct manhole_profile *profile, struct span frame)
{
    struct span covered = span_of_bytes(frame.bytes, frame.size - CRC_SIZE);
    return crc_of(profile, covered) == crc_read(profile, frame.bytes + covered.size);
}

size_t manhole_frame_find(const struct manhole_profile *profile, struct span stream, size_t *skip)
{
    size_t waiting = stream.size; /* where the first packet that may still be completed begins */

    for (size_t at = 0; at < stream.size; at++) {
        struct span rest = span_of_bytes(stream.bytes + at, stream.size - at);
        size_t size = 0;
        if (rest.bytes[0] != profile->start[0])
            continue;
        int result = size_read(profile, rest, &size);
        if (result == 0 && size <= rest.size) {
            if (crc_is_right(profile, span_of_bytes(rest.bytes, size))) {
                *skip = at;
                return size;
            }
        } else if ((result == 0 || result == CODEC_ERR_SHORT) && waiting == stream.size)
            waiting = at;
    }
    *skip = waiting;
    return 0;
}

static int stop_at(size_t *error_offset, size_t offset, int error)
{
    if (error_offset != NULL)
        *error_offset = offset;
    return error;
}

/* Start, length and CRC. */
static int envelope_check(const struct manhole_profile *profile, struct span frame, size_t *error_offset)
{
    size_t size = 0;
    int result = frame.size == 0 ? CODEC_ERR_SHORT : size_read(profile, frame, &size);

    if (result == CODEC_ERR_FORMAT)
        return stop_at(error_offset, 0, result);
    if (result == CODEC_ERR_RANGE)
        return stop_at(error_offset, profile->start_size, result);
    if (result < 0 || frame.size < size)
        return stop_at(error_offset, frame.size, CODEC_ERR_SHORT);
    if (frame.size > size)
        return stop_at(error_offset, size, CODEC_ERR_TRAILING);
    return crc_is_right(profile, frame) ? 0 : stop_at(error_offset, size - CRC_SIZE, CODEC_ERR_CHECKSUM);
}

static void segment_split(const struct manhole_profile *profile, struct span frame, struct manhole_frame *out)
{
    struct manhole_offsets offsets = manhole_offsets(profile);
    const uint8_t *segment = frame.bytes + offsets.segment;
    uint8_t security = profile->has_security ? frame.bytes[offsets.area - 1] : 0;

    out->version = profile->version_size > 0 ? frame.bytes[offsets.version] : profile->version;
    out->terminal_id = span_of_bytes(frame.bytes + offsets.id, profile->id_size);
    out->terminal = manhole_row(profile, MANHOLE_SET_TERMINAL, segment[0]);
    out->function = manhole_row(profile, MANHOLE_SET_FUNCTION, segment[1]);
    out->sequence = big_endian(segment + 2, profile->sequence_size);
    out->mode = security >> 4;
    out->slot = security & 15;
    out->head = span_of_bytes(segment, offsets.area - offsets.segment);
    out->area = span_of_bytes(frame.bytes + offsets.area, frame.size - offsets.area - CRC_SIZE);
}

int manhole_frame_decode(const struct manhole_profile *profile, struct span frame, struct manhole_frame *out,
                         size_t *error_offset)
{
    struct manhole_frame split;
    int result = envelope_check(profile, frame, error_offset);

    if (result < 0)
        return result;
    segment_split(profile, frame, &split);
    if (split.version != profile->version)
        return stop_at(error_offset, manhole_offsets(profile).version, CODEC_ERR_VERSION);
    *out = split;
    return 0;
}

static int frame_check(const struct manhole_profile *profile, const struct manhole_frame *frame)
{
    if (!manhole_can_say(profile, MANHOLE_SET_TERMINAL, frame->terminal) ||
        !manhole_can_say(profile, MANHOLE_SET_FUNCTION, frame->function))
        return CODEC_ERR_UNKNOWN;
    if (frame->terminal_id.size != profile->id_size || frame->mode > 15 || frame->slot > 15)
        return CODEC_ERR_RANGE;
    if (!profile->has_security && (frame->mode != 0 || frame->slot != 0))
        return CODEC_ERR_RANGE;
    if (profile->sequence_size < 4 && frame->sequence >> 8 * profile->sequence_size != 0)
        return CODEC_ERR_RANGE;
    for (size_t i = 0; i < profile->id_size; i++)
        if (frame->terminal_id.bytes[i] >> 4 > 9 || (frame->terminal_id.bytes[i] & 15) > 9)
            return CODEC_ERR_RANGE;
    return 0;
}

static void segment_head_put(const struct manhole_profile *profile, const struct manhole_frame *frame,
                             struct writer *out)
{
    writer_put_u8(out, manhole_code(profile, MANHOLE_SET_TERMINAL, frame->terminal));
    writer_put_u8(out, manhole_code(profile, MANHOLE_SET_FUNCTION, frame->function));
    writer_put_unsigned_be(out, frame->sequence, profile->sequence_size);
    if (profile->has_security)
        writer_put_u8(out, (uint8_t)(frame->mode << 4 | frame->slot));
}

static void crc_put(const struct manhole_profile *profile, struct span covered, struct writer *out)
{
    uint16_t crc = crc_of(profile, covered);
    unsigned low = crc & 0xffu;
    unsigned high = (unsigned)crc >> 8;

    writer_put_u8(out, (uint8_t)(profile->crc_is_low_first ? low : high));
    writer_put_u8(out, (uint8_t)(profile->crc_is_low_first ? high : low));
}

int manhole_frame_encode(const struct manhole_profile *profile, const struct manhole_frame *frame, struct writer *out)
{
    size_t start = out->size;
    size_t total = manhole_offsets(profile).area + frame->area.size + CRC_SIZE;
    size_t length = total - uncounted(profile);
    int result = frame_check(profile, frame);

    if (result < 0)
        return result;
    if (length < profile->length_low || length > profile->length_high ||
        (profile->length_size < 4 && length >> 8 * profile->length_size != 0))
        return CODEC_ERR_RANGE;
    writer_put_bytes(out, profile->start, profile->start_size);
    writer_put_unsigned_be(out, length, profile->length_size);
    writer_put_unsigned_be(out, profile->version, profile->version_size);
    writer_put_span(out, frame->terminal_id);
    segment_head_put(profile, frame, out);
    writer_put_span(out, frame->area);
    if (out->overflow)
        return CODEC_ERR_FULL;
    crc_put(profile, span_of_bytes(out->bytes + start, out->size - start), out);
    return out->overflow ? CODEC_ERR_FULL : 0;
}
