#include "codec/wmbus/wmbus_frame.h"

#include <string.h>

#include "codec/checksum/checksum.h"
#include "codec/codec_error.h"

#define CONTROL_AT 1
#define ADDRESS_AT 2
#define A_FIRST_AIR_SIZE (WMBUS_FRAME_HEAD_SIZE + WMBUS_CRC_SIZE)
#define A_BLOCK_SIZE 16
#define B_FIRST_AIR_SIZE 128

/* EN 13757-4 clause 11, C field; ascending. */
static const struct wmbus_control controls[] = {
    { 0x00, "ACK", "acknowledgement", "确认" },
    { 0x06, "CNF_IR", "confirm installation", "确认安装" },
    { 0x08, "RSP_UD", "response with user data", "应答用户数据" },
    { 0x10, "ACK", "acknowledgement, receive buffer full", "确认，接收缓冲区已满" },
    { 0x18, "RSP_UD", "response with user data, receive buffer full", "应答用户数据，接收缓冲区已满" },
    { 0x20, "ACK", "acknowledgement, alarm data waiting", "确认，有报警数据待读" },
    { 0x28, "RSP_UD", "response with user data, alarm data waiting", "应答用户数据，有报警数据待读" },
    { 0x30, "ACK", "acknowledgement, buffer full, alarm data waiting", "确认，缓冲区已满，有报警数据待读" },
    { 0x38, "RSP_UD", "response with user data, buffer full, alarm data waiting",
      "应答用户数据，缓冲区已满，有报警数据待读" },
    { 0x40, "SND_NKE", "link reset", "链路复位" },
    { 0x43, "SND_UD2", "send user data, response expected", "发送用户数据，要求应答" },
    { 0x44, "SND_NR", "send, no reply", "发送，无需应答" },
    { 0x46, "SND_IR", "installation request", "安装请求" },
    { 0x47, "ACC_NR", "access opportunity, no reply", "访问机会，无需应答" },
    { 0x48, "ACC_DMD", "access demand", "访问请求" },
    { 0x53, "SND_UD", "send user data", "发送用户数据" },
    { 0x5a, "REQ_UD1", "request alarm data", "请求报警数据" },
    { 0x5b, "REQ_UD2", "request user data", "请求用户数据" },
    { 0x73, "SND_UD", "send user data, frame count bit set", "发送用户数据，帧计数位为1" },
    { 0x7a, "REQ_UD1", "request alarm data, frame count bit set", "请求报警数据，帧计数位为1" },
    { 0x7b, "REQ_UD2", "request user data, frame count bit set", "请求用户数据，帧计数位为1" },
    { 0x80, "ACK", "link status", "链路状态" },
};

#define CONTROL_COUNT (sizeof controls / sizeof controls[0])

const struct wmbus_control *wmbus_control_at(size_t index)
{
    return index < CONTROL_COUNT ? &controls[index] : NULL;
}

const struct wmbus_control *wmbus_control_find(uint8_t code)
{
    for (size_t i = 0; i < CONTROL_COUNT && controls[i].code <= code; i++)
        if (controls[i].code == code)
            return &controls[i];
    return NULL;
}

/* Enough of format A to say so: the first block proves L. */
static bool is_first_block_right(struct span frame)
{
    return frame.size >= A_FIRST_AIR_SIZE && wmbus_block_at(WMBUS_FORMAT_A, frame, WMBUS_FRAME_HEAD_SIZE, 0).is_right;
}

/* A size of neither L + 1 nor format A. */
static int size_refuse(struct span frame, size_t *error_offset)
{
    size_t size = frame.bytes[0] + (size_t)1;

    if (is_first_block_right(frame))
        size = wmbus_block_air_size(WMBUS_FORMAT_A, size);
    *error_offset = frame.size < size ? frame.size : size;
    return frame.size < size ? CODEC_ERR_SHORT : CODEC_ERR_TRAILING;
}

/* Sixteen bytes and their check sum stand at `offset`. */
static bool is_full_block_right(struct span frame, size_t offset)
{
    struct span block;
    struct span crc;

    return span_slice(frame, offset, A_BLOCK_SIZE, &block) == 0 &&
           span_slice(frame, offset + A_BLOCK_SIZE, WMBUS_CRC_SIZE, &crc) == 0 &&
           checksum_crc16_en13757(block) == (crc.bytes[0] << 8 | crc.bytes[1]);
}

/* A frame of format A that was cut off just at L + 1, or whose L was damaged into that: two of the first three check
 * sums stand where they should, which without check sums happens once in 2^32. */
static int hidden_a_judge(struct span frame, size_t *error_offset)
{
    if (!is_full_block_right(frame, A_FIRST_AIR_SIZE))
        return 0;
    if (is_first_block_right(frame)) {
        *error_offset = frame.size;
        return CODEC_ERR_SHORT;
    }
    if (!is_full_block_right(frame, A_FIRST_AIR_SIZE + A_BLOCK_SIZE + WMBUS_CRC_SIZE))
        return 0;
    *error_offset = WMBUS_FRAME_HEAD_SIZE;
    return CODEC_ERR_CHECKSUM;
}

/* A frame of L + 1 bytes: format B with good check sums or with one bad of two, a damaged format A, or no check sums at
 * all. */
static int same_size_judge(struct span frame, enum wmbus_format *format, size_t *error_offset)
{
    size_t telegram_size = wmbus_block_telegram_size_b(frame.size);
    bool has_two = frame.size > B_FIRST_AIR_SIZE;
    size_t first_wrong = 0;

    *format = WMBUS_FORMAT_STRIPPED;
    if (telegram_size < WMBUS_FRAME_HEAD_SIZE)
        return 0;
    size_t wrong = wmbus_block_wrong_count(WMBUS_FORMAT_B, frame, telegram_size, &first_wrong);
    if (wrong == 0) {
        *format = WMBUS_FORMAT_B;
        return 0;
    }
    if (wrong > 1 || !has_two)
        return hidden_a_judge(frame, error_offset);
    *error_offset = first_wrong;
    return CODEC_ERR_CHECKSUM;
}

/* Which format it is, the check sums being looked at. */
static int format_judge(struct span frame, enum wmbus_format *format, size_t *error_offset)
{
    size_t size = frame.bytes[0] + (size_t)1;

    if (frame.size == size)
        return same_size_judge(frame, format, error_offset);
    if (frame.size != wmbus_block_air_size(WMBUS_FORMAT_A, size))
        return size_refuse(frame, error_offset);
    *format = WMBUS_FORMAT_A;
    return wmbus_block_wrong_count(WMBUS_FORMAT_A, frame, size, error_offset) == 0 ? 0 : CODEC_ERR_CHECKSUM;
}

int wmbus_frame_decode(struct span frame, uint8_t *buffer, struct wmbus_frame *out, size_t *error_offset)
{
    enum wmbus_format format;

    if (frame.size == 0) {
        *error_offset = 0;
        return CODEC_ERR_EMPTY;
    }
    size_t size = frame.bytes[0] + (size_t)1;
    if (size < WMBUS_FRAME_HEAD_SIZE) {
        *error_offset = 0;
        return CODEC_ERR_FORMAT;
    }
    int result = format_judge(frame, &format, error_offset);
    if (result < 0)
        return result;
    if (format == WMBUS_FORMAT_B)
        size = wmbus_block_telegram_size_b(frame.size);
    wmbus_block_strip(format, frame, size, buffer);
    out->format = format;
    out->length = buffer[0];
    out->control = buffer[CONTROL_AT];
    out->address = wmbus_address_of_link(buffer + ADDRESS_AT);
    out->telegram = span_of_bytes(buffer, size);
    out->data = span_of_bytes(buffer + WMBUS_FRAME_HEAD_SIZE, size - WMBUS_FRAME_HEAD_SIZE);
    return 0;
}

size_t wmbus_frame_offset(const struct wmbus_frame *frame, size_t offset)
{
    return wmbus_block_air_offset(frame->format, offset);
}

/* Size of the format A frame that begins here; 0 when there is none (yet).
 * may_grow  set when more bytes could still make it one */
static size_t frame_a_size(struct span stream, bool *may_grow)
{
    size_t telegram_size = stream.bytes[0] + (size_t)1;
    size_t air_size = wmbus_block_air_size(WMBUS_FORMAT_A, telegram_size);
    size_t ignored;

    if (telegram_size < WMBUS_FRAME_HEAD_SIZE || (stream.size >= A_FIRST_AIR_SIZE && !is_first_block_right(stream)))
        return 0;
    if (stream.size < air_size) {
        *may_grow = true;
        return 0;
    }
    return wmbus_block_wrong_count(WMBUS_FORMAT_A, stream, telegram_size, &ignored) == 0 ? air_size : 0;
}

/* The same of format B. Nothing but the C field speaks early against it, so that one must be known. */
static size_t frame_b_size(struct span stream, bool *may_grow)
{
    size_t air_size = stream.bytes[0] + (size_t)1;
    size_t telegram_size = wmbus_block_telegram_size_b(air_size);
    size_t ignored;

    if (telegram_size < WMBUS_FRAME_HEAD_SIZE)
        return 0;
    if (stream.size > CONTROL_AT && wmbus_control_find(stream.bytes[CONTROL_AT]) == NULL)
        return 0;
    if (stream.size < air_size) {
        *may_grow = true;
        return 0;
    }
    return wmbus_block_wrong_count(WMBUS_FORMAT_B, stream, telegram_size, &ignored) == 0 ? air_size : 0;
}

size_t wmbus_frame_find(struct span stream, size_t *skip)
{
    size_t first_open = stream.size;

    for (size_t i = 0; i < stream.size; i++) {
        struct span rest = span_of_bytes(stream.bytes + i, stream.size - i);
        bool may_grow = false;
        size_t size = frame_a_size(rest, &may_grow);
        if (size == 0)
            size = frame_b_size(rest, &may_grow);
        if (size > 0) {
            *skip = i;
            return size;
        }
        if (may_grow && first_open == stream.size)
            first_open = i;
    }
    *skip = first_open;
    return 0;
}

int wmbus_frame_encode(enum wmbus_format format, uint8_t control, const struct wmbus_address *address, struct span data,
                       struct writer *out)
{
    uint8_t telegram[WMBUS_TELEGRAM_LIMIT];

    if (data.size > sizeof telegram - WMBUS_FRAME_HEAD_SIZE)
        return CODEC_ERR_TOO_LONG;
    telegram[0] = (uint8_t)(WMBUS_FRAME_HEAD_SIZE - 1 + data.size);
    telegram[CONTROL_AT] = control;
    memcpy(telegram + ADDRESS_AT, address->bytes, sizeof address->bytes);
    if (data.size > 0)
        memcpy(telegram + WMBUS_FRAME_HEAD_SIZE, data.bytes, data.size);
    return wmbus_block_write(format, span_of_bytes(telegram, WMBUS_FRAME_HEAD_SIZE + data.size), out);
}
