#include "codec/mbus/mbus_frame.h"

#include "codec/checksum/checksum.h"
#include "codec/codec_error.h"

#define START_SHORT 0x10
#define START_LONG 0x68
#define END 0x16
#define LONG_HEAD_SIZE 4 /* 68 L L 68 */
#define LENGTH_MINIMUM 3

static const struct mbus_function functions[] = {
    { 0xff, MBUS_SND_NKE, "SND_NKE", "reset the link", "链路复位" },
    { 0xdf, MBUS_SND_UD, "SND_UD", "send data to the slave", "向从站发送数据" },
    { 0xdf, MBUS_REQ_UD1, "REQ_UD1", "ask for alarm data", "请求1级数据（报警）" },
    { 0xdf, MBUS_REQ_UD2, "REQ_UD2", "ask for data", "请求2级数据" },
    { 0xff, 0x49, "REQ_SKE", "ask for the link's state", "请求链路状态" },
    { 0xcf, MBUS_RSP_UD, "RSP_UD", "answer with data", "应答数据" },
    { 0xcf, 0x0b, "RSP_SKE", "answer with the link's state", "应答链路状态" },
};

const struct mbus_function *mbus_function_find(uint8_t control)
{
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        if ((control & functions[i].mask) == functions[i].code)
            return &functions[i];
    return NULL;
}

/* How far the bytes of a frame were followed. */
struct walk {
    size_t offset; /* of the first byte that is not right, or that is missing */
    int error;     /* CODEC_ERR_*, or 0 */
};

static struct walk stopped(size_t offset, int error)
{
    struct walk walk = { offset, error };
    return walk;
}

/* The end of every frame but E5: check sum over `size` bytes from `first` on, then 16H. */
static struct walk tail_walk(struct span stream, size_t first, size_t size)
{
    size_t at = first + size;

    if (stream.size <= at)
        return stopped(stream.size, CODEC_ERR_SHORT);
    if (stream.bytes[at] != checksum_sum8(span_of_bytes(stream.bytes + first, size)))
        return stopped(at, CODEC_ERR_CHECKSUM);
    if (stream.size <= at + 1)
        return stopped(stream.size, CODEC_ERR_SHORT);
    if (stream.bytes[at + 1] != END)
        return stopped(at + 1, CODEC_ERR_FORMAT);
    return stopped(at + 2, 0);
}

static struct walk long_walk(struct span stream)
{
    const uint8_t *bytes = stream.bytes;

    if (stream.size > 1 && bytes[1] < LENGTH_MINIMUM)
        return stopped(1, CODEC_ERR_FORMAT);
    if (stream.size > 2 && bytes[2] != bytes[1])
        return stopped(2, CODEC_ERR_FORMAT);
    if (stream.size > 3 && bytes[3] != START_LONG)
        return stopped(3, CODEC_ERR_FORMAT);
    if (stream.size < LONG_HEAD_SIZE)
        return stopped(stream.size, CODEC_ERR_SHORT);
    return tail_walk(stream, LONG_HEAD_SIZE, bytes[1]);
}

/* The frame that begins at the first byte of `stream`; on success the offset is its size. */
static struct walk frame_walk(struct span stream)
{
    if (stream.size == 0)
        return stopped(0, CODEC_ERR_EMPTY);
    if (stream.bytes[0] == MBUS_ACKNOWLEDGE)
        return stopped(1, 0);
    if (stream.bytes[0] == START_SHORT)
        return tail_walk(stream, 1, 2);
    if (stream.bytes[0] == START_LONG)
        return long_walk(stream);
    return stopped(0, CODEC_ERR_FORMAT);
}

/* E5 proves nothing: behind bytes that belong to no frame it is taken for one of them, else every damaged telegram with
 * such a byte in it would hold an acknowledge. */
size_t mbus_frame_find(struct span stream, size_t *skip)
{
    size_t at = 0;

    for (; at < stream.size; at++) {
        struct walk walk = frame_walk(span_of_bytes(stream.bytes + at, stream.size - at));
        if (walk.error == 0 && (at == 0 || stream.bytes[at] != MBUS_ACKNOWLEDGE)) {
            *skip = at;
            return walk.offset;
        }
        if (walk.error == CODEC_ERR_SHORT)
            break;
    }
    *skip = at;
    return 0;
}

static void long_take(struct span frame, struct mbus_frame *out)
{
    uint8_t length = frame.bytes[1];

    out->kind = length == LENGTH_MINIMUM ? MBUS_FRAME_CONTROL : MBUS_FRAME_LONG;
    out->control = frame.bytes[LONG_HEAD_SIZE];
    out->address = frame.bytes[LONG_HEAD_SIZE + 1];
    out->ci = frame.bytes[LONG_HEAD_SIZE + 2];
    out->data = span_of_bytes(frame.bytes + MBUS_DATA_OFFSET, (size_t)length - LENGTH_MINIMUM);
}

int mbus_frame_decode(struct span frame, struct mbus_frame *out, size_t *error_offset)
{
    struct walk walk = frame_walk(frame);
    struct mbus_frame result = { MBUS_FRAME_ACKNOWLEDGE, 0, 0, 0, frame, { NULL, 0 } };

    if (walk.error == 0 && walk.offset < frame.size)
        walk.error = CODEC_ERR_TRAILING;
    if (walk.error < 0) {
        if (error_offset != NULL)
            *error_offset = walk.offset;
        return walk.error;
    }
    if (frame.bytes[0] == START_SHORT) {
        result.kind = MBUS_FRAME_SHORT;
        result.control = frame.bytes[1];
        result.address = frame.bytes[2];
    } else if (frame.bytes[0] == START_LONG)
        long_take(frame, &result);
    *out = result;
    return 0;
}

void mbus_acknowledge_encode(struct writer *out)
{
    writer_put_u8(out, MBUS_ACKNOWLEDGE);
}

void mbus_short_encode(uint8_t control, uint8_t address, struct writer *out)
{
    uint8_t frame[MBUS_SHORT_SIZE] = { START_SHORT, control, address, 0, END };

    frame[3] = checksum_sum8(span_of_bytes(frame + 1, 2));
    writer_put_bytes(out, frame, sizeof frame);
}

int mbus_long_encode(uint8_t control, uint8_t address, uint8_t ci, struct span data, struct writer *out)
{
    uint8_t length = (uint8_t)(data.size + LENGTH_MINIMUM);
    uint8_t head[MBUS_DATA_OFFSET] = { START_LONG, length, length, START_LONG, control, address, ci };

    if (data.size > MBUS_DATA_LIMIT)
        return CODEC_ERR_TOO_LONG;
    uint8_t sum = (uint8_t)(control + address + ci + checksum_sum8(data));
    writer_put_bytes(out, head, sizeof head);
    writer_put_span(out, data);
    writer_put_u8(out, sum);
    writer_put_u8(out, END);
    return 0;
}
