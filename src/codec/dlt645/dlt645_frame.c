#include "codec/dlt645/dlt645_frame.h"

#include <string.h>

#include "codec/bcd/bcd.h"
#include "codec/checksum/checksum.h"
#include "codec/codec_error.h"
#include "codec/dlt645/dlt645_message.h"

#define START 0x68
#define END 0x16

const struct dlt645_address dlt645_address_broadcast = { { 0x99, 0x99, 0x99, 0x99, 0x99, 0x99 } };
const struct dlt645_address dlt645_address_any = { { 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa } };

int dlt645_address_read(struct span digits, struct dlt645_address *out)
{
    if (digits.size == 0)
        return CODEC_ERR_EMPTY;
    for (size_t i = 0; i < digits.size; i++) {
        uint8_t digit = digits.bytes[i];
        if ((digit < '0' || digit > '9') && digit != 'A' && digit != 'a')
            return CODEC_ERR_FORMAT;
    }
    return bcd_text_read(digits, out->bytes, sizeof out->bytes);
}

void dlt645_address_write(const struct dlt645_address *address, char text[DLT645_ADDRESS_TEXT_SIZE])
{
    bcd_text(span_of_bytes(address->bytes, sizeof address->bytes), text);
}

static bool address_equal(const struct dlt645_address *a, const struct dlt645_address *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

bool dlt645_address_matches(const struct dlt645_address *asked, const struct dlt645_address *answerer)
{
    if (address_equal(asked, &dlt645_address_broadcast) || address_equal(asked, answerer))
        return true;
    for (size_t i = 0; i < sizeof asked->bytes; i++)
        if (asked->bytes[i] != 0xaa && asked->bytes[i] != answerer->bytes[i])
            return false;
    return true;
}

/* Size of the frame at the first 68H of `bytes`; 0 when it may be one that is not complete;
 * negative when it is none. */
static inline int candidate_size(struct span bytes)
{
    if (bytes.size > DLT645_AT_SECOND_START && bytes.bytes[DLT645_AT_SECOND_START] != START)
        return CODEC_ERR_FORMAT;
    if (bytes.size < DLT645_FRAME_SIZE_MIN)
        return 0;
    size_t sum_at = DLT645_AT_DATA + (size_t)bytes.bytes[DLT645_AT_LENGTH];
    if (bytes.size < sum_at + 2)
        return 0;
    if (bytes.bytes[sum_at + 1] != END || bytes.bytes[sum_at] != checksum_sum8(span_of_bytes(bytes.bytes, sum_at)))
        return CODEC_ERR_FORMAT;
    return (int)(sum_at + 2);
}

/* Wake-up bytes right before `at`, but not before `from`. */
static inline size_t wake_up_before(struct span stream, size_t at)
{
    size_t count = 0;
    while (count < at && stream.bytes[at - 1 - count] == DLT645_WAKE_UP)
        count++;
    return count;
}

/* Where the frame that is found starts.
 * at       offset of its first 68H; when there is none, how many bytes can never begin one
 * returns  its size without wake-up bytes; 0 when there is none. A complete frame wins over an earlier start that waits
 *          for more: the start was part of the noise then */
static inline size_t stream_search(struct span stream, size_t *at)
{
    size_t waiting = stream.size;

    for (size_t i = 0; i < stream.size; i++) {
        if (stream.bytes[i] != START)
            continue;
        int size = candidate_size(span_of_bytes(stream.bytes + i, stream.size - i));
        if (size > 0) {
            *at = i;
            return (size_t)size;
        }
        if (size == 0 && waiting == stream.size)
            waiting = i;
    }
    *at = waiting;
    return 0;
}

size_t dlt645_frame_find(struct span stream, size_t *skip)
{
    size_t at;
    size_t size = stream_search(stream, &at);
    size_t wake_up = wake_up_before(stream, at);

    *skip = at - wake_up;
    return size == 0 ? 0 : wake_up + size;
}

static int fail(size_t *error_offset, size_t at, int error)
{
    if (error_offset != NULL)
        *error_offset = at;
    return error;
}

/* Where the frame lies behind its wake-up bytes.
 * returns  their number, or negative with *error_offset */
static int structure_check(struct span bytes, size_t *error_offset)
{
    size_t start = 0;

    while (start < bytes.size && bytes.bytes[start] == DLT645_WAKE_UP)
        start++;
    if (start == bytes.size)
        return fail(error_offset, bytes.size, CODEC_ERR_SHORT);
    if (bytes.bytes[start] != START)
        return fail(error_offset, start, CODEC_ERR_FORMAT);
    size_t left = bytes.size - start;
    if (left > DLT645_AT_SECOND_START && bytes.bytes[start + DLT645_AT_SECOND_START] != START)
        return fail(error_offset, start + DLT645_AT_SECOND_START, CODEC_ERR_FORMAT);
    if (left < DLT645_FRAME_SIZE_MIN || left < DLT645_FRAME_SIZE_MIN + (size_t)bytes.bytes[start + DLT645_AT_LENGTH])
        return fail(error_offset, bytes.size, CODEC_ERR_SHORT);
    size_t end = start + DLT645_AT_DATA + bytes.bytes[start + DLT645_AT_LENGTH] + 1;
    if (bytes.bytes[end] != END)
        return fail(error_offset, end, CODEC_ERR_FORMAT);
    if (bytes.size > end + 1)
        return fail(error_offset, end + 1, CODEC_ERR_TRAILING);
    return (int)start;
}

/* The plain data, eight bytes at a time where there are as many: the top bit of each byte is kept out of the
 * subtraction, so that no byte borrows from its neighbour, and put right behind it. */
static inline void offset_take_off(const uint8_t *sent, size_t size, uint8_t *plain)
{
    const uint64_t offsets = UINT64_C(0x3333333333333333), tops = UINT64_C(0x8080808080808080);
    size_t i = 0;

    for (; i + 8 <= size; i += 8) {
        uint64_t word;
        memcpy(&word, sent + i, sizeof word);
        word = ((word | tops) - offsets) ^ (~word & tops);
        memcpy(plain + i, &word, sizeof word);
    }
    for (; i < size; i++)
        plain[i] = (uint8_t)(sent[i] - DLT645_DATA_OFFSET);
}

/* The frame without its check sum; `wire` is right in structure. */
static inline void frame_fill(struct span wire, size_t wake_up_count, struct dlt645_frame *out)
{
    const uint8_t *sent = wire.bytes + DLT645_AT_DATA;

    out->wire = wire;
    out->wake_up_count = wake_up_count;
    memcpy(out->address.bytes, wire.bytes + DLT645_AT_ADDRESS, sizeof out->address.bytes);
    out->control = wire.bytes[DLT645_AT_CONTROL];
    out->data_size = wire.bytes[DLT645_AT_LENGTH];
    offset_take_off(sent, out->data_size, out->data);
    out->version = (uint8_t)dlt645_version_of(out->control, span_of_bytes(out->data, out->data_size));
}

size_t dlt645_frame_take(struct span stream, size_t *skip, struct dlt645_frame *out)
{
    size_t at;
    size_t size = stream_search(stream, &at);
    size_t wake_up = wake_up_before(stream, at);

    *skip = at - wake_up;
    if (size == 0)
        return 0;
    frame_fill(span_of_bytes(stream.bytes + at, size), wake_up, out);
    return wake_up + size;
}

/* Wake-up bytes before a frame that has the size it says, whatever its second start and end byte are.
 * returns  -1 when it has not */
static int sized_start(struct span bytes)
{
    size_t start = 0;

    while (start < bytes.size && bytes.bytes[start] == DLT645_WAKE_UP)
        start++;
    size_t left = bytes.size - start;
    if (left < DLT645_FRAME_SIZE_MIN || bytes.bytes[start] != START ||
        left != DLT645_FRAME_SIZE_MIN + (size_t)bytes.bytes[start + DLT645_AT_LENGTH])
        return -1;
    return (int)start;
}

int dlt645_frame_split(struct span bytes, struct dlt645_frame *out, size_t *error_offset)
{
    int start = sized_start(bytes);
    if (start < 0)
        return structure_check(bytes, error_offset);
    frame_fill(span_of_bytes(bytes.bytes + start, bytes.size - (size_t)start), (size_t)start, out);
    return 0;
}

int dlt645_frame_decode(struct span bytes, struct dlt645_frame *out, size_t *error_offset)
{
    int start = structure_check(bytes, error_offset);
    if (start < 0)
        return start;
    struct span wire = span_of_bytes(bytes.bytes + start, bytes.size - (size_t)start);
    size_t sum_at = wire.size - 2;
    if (wire.bytes[sum_at] != checksum_sum8(span_of_bytes(wire.bytes, sum_at)))
        return fail(error_offset, (size_t)start + sum_at, CODEC_ERR_CHECKSUM);
    frame_fill(wire, (size_t)start, out);
    return 0;
}

int dlt645_frame_encode(const struct dlt645_address *address, uint8_t control, struct span data, struct writer *out)
{
    uint8_t frame[DLT645_FRAME_SIZE_MAX];

    if (data.size > DLT645_DATA_LIMIT)
        return CODEC_ERR_TOO_LONG;
    frame[0] = START;
    memcpy(frame + DLT645_AT_ADDRESS, address->bytes, sizeof address->bytes);
    frame[DLT645_AT_SECOND_START] = START;
    frame[DLT645_AT_CONTROL] = control;
    frame[DLT645_AT_LENGTH] = (uint8_t)data.size;
    for (size_t i = 0; i < data.size; i++)
        frame[DLT645_AT_DATA + i] = (uint8_t)(data.bytes[i] + DLT645_DATA_OFFSET);
    size_t sum_at = DLT645_AT_DATA + data.size;
    frame[sum_at] = checksum_sum8(span_of_bytes(frame, sum_at));
    frame[sum_at + 1] = END;
    writer_put_bytes(out, frame, sum_at + 2);
    return out->overflow ? CODEC_ERR_FULL : 0;
}
