#include "codec/hotwater/hotwater_frame.h"

#include <string.h>

#include "codec/checksum/checksum.h"
#include "codec/codec_error.h"

#define VERSION 1
#define FLAGS_AT 3
#define METER_AT 4
#define COUNTER_AT 10
#define COMMAND_AT 14
#define LENGTH_AT 15
#define CRC_SIZE 2

static const uint8_t start[] = { 'H', 'W', VERSION };

static int stop_at(size_t *offset, size_t at, int error)
{
    if (offset != NULL)
        *offset = at;
    return error;
}

/* Bytes of the frame that begins here.
 * returns  0 and *size; CODEC_ERR_SHORT when the head is not whole; what is wrong, with its offset */
static int size_read(struct span frame, size_t *size, size_t *offset)
{
    for (size_t i = 0; i < sizeof start && i < frame.size; i++)
        if (frame.bytes[i] != start[i])
            return stop_at(offset, i < 2 ? 0 : i, i < 2 ? CODEC_ERR_FORMAT : CODEC_ERR_VERSION);
    if (frame.size > FLAGS_AT && (frame.bytes[FLAGS_AT] & ~HOTWATER_FLAGS_KNOWN) != 0)
        return stop_at(offset, FLAGS_AT, CODEC_ERR_RESERVED);
    if (frame.size < HOTWATER_HEAD_SIZE)
        return stop_at(offset, frame.size, CODEC_ERR_SHORT);
    size_t length = (size_t)(frame.bytes[LENGTH_AT] << 8 | frame.bytes[LENGTH_AT + 1]);
    if (length > HOTWATER_PAYLOAD_LIMIT)
        return stop_at(offset, LENGTH_AT, CODEC_ERR_RANGE);
    size_t tag = (frame.bytes[FLAGS_AT] & HOTWATER_TAGGED) != 0 ? HOTWATER_TAG_SIZE : 0;
    *size = HOTWATER_HEAD_SIZE + length + tag + CRC_SIZE;
    return 0;
}

static bool crc_is_right(struct span frame)
{
    size_t covered = frame.size - CRC_SIZE;
    const uint8_t *crc = frame.bytes + covered;
    return checksum_crc16_ibm3740(span_of_bytes(frame.bytes, covered)) == (crc[0] << 8 | crc[1]);
}

size_t hotwater_frame_find(struct span stream, size_t *skip)
{
    size_t waiting = stream.size; /* where the first frame that may still be completed begins */

    for (size_t at = 0; at < stream.size; at++) {
        struct span rest = span_of_bytes(stream.bytes + at, stream.size - at);
        size_t size = 0;
        if (rest.bytes[0] != start[0])
            continue;
        int result = size_read(rest, &size, NULL);
        if (result == 0 && size <= rest.size) {
            if (crc_is_right(span_of_bytes(rest.bytes, size))) {
                *skip = at;
                return size;
            }
        } else if ((result == 0 || result == CODEC_ERR_SHORT) && waiting == stream.size)
            waiting = at;
    }
    *skip = waiting;
    return 0;
}

int hotwater_frame_decode(struct span frame, struct hotwater_frame *out, size_t *error_offset)
{
    size_t size = 0;
    int result = size_read(frame, &size, error_offset);

    if (result < 0)
        return result;
    if (frame.size < size)
        return stop_at(error_offset, frame.size, CODEC_ERR_SHORT);
    if (frame.size > size)
        return stop_at(error_offset, size, CODEC_ERR_TRAILING);
    if (!crc_is_right(frame))
        return stop_at(error_offset, size - CRC_SIZE, CODEC_ERR_CHECKSUM);
    const uint8_t *bytes = frame.bytes;
    out->flags = bytes[FLAGS_AT];
    memcpy(out->meter, bytes + METER_AT, sizeof out->meter);
    out->counter = (uint32_t)bytes[COUNTER_AT] << 24 | (uint32_t)bytes[COUNTER_AT + 1] << 16 |
                   (uint32_t)bytes[COUNTER_AT + 2] << 8 | bytes[COUNTER_AT + 3];
    out->command = bytes[COMMAND_AT];
    size_t tag = (out->flags & HOTWATER_TAGGED) != 0 ? HOTWATER_TAG_SIZE : 0;
    out->covered = span_of_bytes(bytes, size - CRC_SIZE - tag);
    out->payload = span_of_bytes(bytes + HOTWATER_HEAD_SIZE, out->covered.size - HOTWATER_HEAD_SIZE);
    out->tag = span_of_bytes(bytes + out->covered.size, tag);
    return 0;
}

bool hotwater_frame_is_encrypted(const struct hotwater_frame *frame)
{
    return (frame->flags & HOTWATER_TAGGED) != 0 && hotwater_command_is_private(frame->command) &&
           frame->payload.size > 0;
}

static int payload_crypt(const struct hotwater_frame *frame, const struct cipher *cipher, const uint8_t *session_key,
                         struct span in, uint8_t *out)
{
    struct span label = span_of_text("HWE1");
    uint8_t key[CIPHER_BLOCK_SIZE];
    uint8_t block[CIPHER_BLOCK_SIZE] = { 0 };
    int result = cipher->cmac(cipher->context, CIPHER_SM4, session_key, &label, 1, key);

    if (result < 0)
        return result;
    memcpy(block, frame->meter, sizeof frame->meter);
    block[6] = frame->flags;
    for (size_t i = 0; i < 4; i++)
        block[8 + i] = (uint8_t)(frame->counter >> 8 * (3 - i));
    result = cipher->counter(cipher->context, CIPHER_SM4, key, block, in, out);
    cipher_wipe(key, sizeof key);
    return result;
}

static int frame_check(const struct hotwater_frame *frame, const struct cipher *cipher, const uint8_t *session_key)
{
    bool is_tagged = (frame->flags & HOTWATER_TAGGED) != 0;

    if ((frame->flags & ~HOTWATER_FLAGS_KNOWN) != 0 || frame->payload.size > HOTWATER_PAYLOAD_LIMIT)
        return CODEC_ERR_RANGE;
    for (size_t i = 0; i < sizeof frame->meter; i++)
        if (frame->meter[i] >> 4 > 9 || (frame->meter[i] & 15) > 9)
            return CODEC_ERR_RANGE;
    if (is_tagged ? cipher == NULL || session_key == NULL : hotwater_command_is_private(frame->command))
        return CODEC_ERR_KEY;
    return 0;
}

static void head_put(const struct hotwater_frame *frame, struct writer *out)
{
    writer_put_bytes(out, start, sizeof start);
    writer_put_u8(out, frame->flags);
    writer_put_bytes(out, frame->meter, sizeof frame->meter);
    writer_put_u32be(out, frame->counter);
    writer_put_u8(out, frame->command);
    writer_put_unsigned_be(out, frame->payload.size, 2);
}

/* Payload and tag; `first` is where the frame begins in `out`. */
static int body_put(const struct hotwater_frame *frame, const struct cipher *cipher, const uint8_t *session_key,
                    size_t first, struct writer *out)
{
    uint8_t tag[CIPHER_BLOCK_SIZE];
    size_t payload = out->size;
    int result = 0;

    writer_put_span(out, frame->payload);
    if (out->overflow)
        return CODEC_ERR_FULL;
    if ((frame->flags & HOTWATER_TAGGED) == 0)
        return 0;
    if (hotwater_frame_is_encrypted(frame))
        result = payload_crypt(frame, cipher, session_key, span_of_bytes(out->bytes + payload, frame->payload.size),
                               out->bytes + payload);
    if (result < 0)
        return result;
    struct span covered = span_of_bytes(out->bytes + first, out->size - first);
    result = cipher->cmac(cipher->context, CIPHER_SM4, session_key, &covered, 1, tag);
    if (result == 0)
        writer_put_bytes(out, tag, HOTWATER_TAG_SIZE);
    return result;
}

int hotwater_frame_encode(const struct hotwater_frame *frame, const struct cipher *cipher, const uint8_t *session_key,
                          struct writer *out)
{
    size_t first = out->size;
    int result = frame_check(frame, cipher, session_key);

    if (result < 0)
        return result;
    head_put(frame, out);
    result = body_put(frame, cipher, session_key, first, out);
    if (result < 0)
        return result;
    if (out->overflow)
        return CODEC_ERR_FULL;
    writer_put_u16be(out, checksum_crc16_ibm3740(span_of_bytes(out->bytes + first, out->size - first)));
    return out->overflow ? CODEC_ERR_FULL : 0;
}

int hotwater_frame_open(const struct hotwater_frame *frame, const struct cipher *cipher,
                        const uint8_t session_key[CIPHER_BLOCK_SIZE], uint8_t *buffer, struct span *clear)
{
    uint8_t tag[CIPHER_BLOCK_SIZE];

    if (frame->tag.size == 0) {
        *clear = frame->payload;
        return 0;
    }
    int result = cipher->cmac(cipher->context, CIPHER_SM4, session_key, &frame->covered, 1, tag);
    if (result < 0)
        return result;
    if (!cipher_equal(tag, frame->tag.bytes, HOTWATER_TAG_SIZE))
        return CODEC_ERR_KEY;
    if (!hotwater_frame_is_encrypted(frame)) {
        *clear = frame->payload;
        return 0;
    }
    result = payload_crypt(frame, cipher, session_key, frame->payload, buffer);
    if (result == 0)
        *clear = span_of_bytes(buffer, frame->payload.size);
    return result;
}
