#include "codec/cjt188/cjt188_frame.h"

#include <string.h>

#include "codec/checksum/checksum.h"
#include "codec/codec_error.h"

/* How DATA of an abnormal answer is built, by its length. */
static const struct abnormal_form {
    uint8_t size;
    uint8_t form;
} abnormal_forms[] = {
    { 3, CJT188_FORM_ABNORMAL },
    { 4, CJT188_FORM_ABNORMAL_IDENTIFIED },
};

/* Where DI, SER and payload stand in each form. */
static const struct form_places {
    uint8_t has_identifier;
    uint8_t has_serial;
} form_places[] = {
    [CJT188_FORM_NORMAL] = { 1, 1 },   [CJT188_FORM_WITHOUT_SERIAL] = { 1, 0 },
    [CJT188_FORM_ABNORMAL] = { 0, 1 }, [CJT188_FORM_ABNORMAL_IDENTIFIED] = { 1, 1 },
    [CJT188_FORM_RAW] = { 0, 0 },
};

static size_t preamble_count(struct span bytes)
{
    size_t count = 0;
    while (count < bytes.size && bytes.bytes[count] == CJT188_PREAMBLE)
        count++;
    return count;
}

static enum cjt188_form form_of(uint8_t control, size_t data_size)
{
    if ((control & CJT188_ABNORMAL) != 0) {
        for (size_t i = 0; i < sizeof abnormal_forms / sizeof abnormal_forms[0]; i++)
            if (abnormal_forms[i].size == data_size)
                return (enum cjt188_form)abnormal_forms[i].form;
        return CJT188_FORM_RAW;
    }
    if (data_size >= 3)
        return CJT188_FORM_NORMAL;
    return data_size == 2 ? CJT188_FORM_WITHOUT_SERIAL : CJT188_FORM_RAW;
}

static void data_split(struct cjt188_frame *frame)
{
    const uint8_t *next = frame->data.bytes;
    const struct form_places *places;

    frame->form = (uint8_t)form_of(frame->control, frame->data.size);
    places = &form_places[frame->form];
    frame->identifier = 0;
    frame->is_low_first = false;
    frame->known = NULL;
    frame->serial = 0;
    if (places->has_identifier) {
        frame->identifier = cjt188_data_normalise(next[0], next[1], &frame->is_low_first, &frame->known);
        next += 2;
    }
    if (places->has_serial)
        frame->serial = *next++;
    frame->payload.bytes = next;
    frame->payload.size = (size_t)(frame->data.bytes + frame->data.size - next);
}

static int fail(int error, size_t offset, size_t *error_offset)
{
    if (error_offset != NULL)
        *error_offset = offset;
    return error;
}

/* Where 68H stands, when the head is whole.
 * returns  0; CODEC_ERR_SHORT, CODEC_ERR_FORMAT */
static int start_find(struct span frame, size_t *start, size_t *error_offset)
{
    *start = preamble_count(frame);
    if (*start < frame.size && frame.bytes[*start] != CJT188_START)
        return fail(CODEC_ERR_FORMAT, *start, error_offset);
    if (frame.size - *start < CJT188_HEAD_SIZE)
        return fail(CODEC_ERR_SHORT, frame.size, error_offset);
    return 0;
}

static void head_split(struct span frame, size_t preamble, size_t data_size, size_t size, struct cjt188_frame *out)
{
    const uint8_t *bytes = frame.bytes + preamble;

    out->bytes.bytes = bytes;
    out->bytes.size = size;
    out->preamble_size = preamble;
    out->meter_type = bytes[CJT188_AT_TYPE];
    out->type = cjt188_type_find(out->meter_type);
    memcpy(out->address, bytes + CJT188_AT_ADDRESS, CJT188_ADDRESS_SIZE);
    out->control = bytes[CJT188_AT_CONTROL];
    out->data.bytes = bytes + CJT188_HEAD_SIZE;
    out->data.size = data_size;
    data_split(out);
}

int cjt188_frame_split(struct span frame, struct cjt188_frame *out, size_t *error_offset)
{
    size_t start;
    int result = start_find(frame, &start, error_offset);

    if (result < 0)
        return result;
    size_t left = frame.size - start;
    size_t stated = frame.bytes[start + CJT188_AT_LENGTH];
    size_t present = left - CJT188_HEAD_SIZE < stated ? left - CJT188_HEAD_SIZE : stated;
    size_t whole = CJT188_FRAME_MINIMUM + stated;
    head_split(frame, start, present, left < whole ? left : whole, out);
    return 0;
}

uint8_t cjt188_frame_checksum(const struct cjt188_frame *frame)
{
    return checksum_sum8(span_of_bytes(frame->bytes.bytes, CJT188_HEAD_SIZE + frame->data.size));
}

int cjt188_frame_decode(struct span frame, struct cjt188_frame *out, size_t *error_offset)
{
    size_t start;
    int result = start_find(frame, &start, error_offset);

    if (result < 0)
        return result;
    const uint8_t *bytes = frame.bytes + start;
    size_t check = CJT188_HEAD_SIZE + (size_t)bytes[CJT188_AT_LENGTH];
    if (frame.size - start < check + 2)
        return fail(CODEC_ERR_SHORT, frame.size, error_offset);
    if (bytes[check + 1] != CJT188_END)
        return fail(CODEC_ERR_FORMAT, start + check + 1, error_offset);
    if (frame.size > start + check + 2)
        return fail(CODEC_ERR_TRAILING, start + check + 2, error_offset);
    struct span summed = { bytes, check };
    if (bytes[check] != checksum_sum8(summed))
        return fail(CODEC_ERR_CHECKSUM, start + check, error_offset);
    head_split(frame, start, bytes[CJT188_AT_LENGTH], check + 2, out);
    return 0;
}

/* What stands at one start byte. */
enum candidate { CANDIDATE_NONE, CANDIDATE_INCOMPLETE, CANDIDATE_FRAME };

static enum candidate candidate_at(struct span stream, size_t start)
{
    const uint8_t *bytes = stream.bytes + start;
    size_t left = stream.size - start;

    if (bytes[0] != CJT188_START)
        return CANDIDATE_NONE;
    if (left < CJT188_HEAD_SIZE || left < CJT188_FRAME_MINIMUM + (size_t)bytes[CJT188_AT_LENGTH])
        return CANDIDATE_INCOMPLETE;
    size_t check = CJT188_HEAD_SIZE + (size_t)bytes[CJT188_AT_LENGTH];
    struct span summed = { bytes, check };
    bool is_frame = bytes[check + 1] == CJT188_END && bytes[check] == checksum_sum8(summed);
    return is_frame ? CANDIDATE_FRAME : CANDIDATE_NONE;
}

/* Where the wake-up bytes before `start` begin. */
static size_t preamble_begin(struct span stream, size_t start)
{
    while (start > 0 && stream.bytes[start - 1] == CJT188_PREAMBLE)
        start--;
    return start;
}

/* The 68H of the first frame; the stream's size when none is complete. `skip` as cjt188_frame_find() says. */
static size_t frame_locate(struct span stream, size_t *skip)
{
    size_t pending = stream.size; /* the first start whose frame is not complete yet */

    for (size_t start = 0; start < stream.size; start++) {
        enum candidate found = candidate_at(stream, start);
        if (found == CANDIDATE_FRAME) {
            *skip = preamble_begin(stream, start);
            return start;
        }
        if (found == CANDIDATE_INCOMPLETE && pending == stream.size)
            pending = start;
    }
    *skip = preamble_begin(stream, pending);
    return stream.size;
}

size_t cjt188_frame_find(struct span stream, size_t *skip)
{
    size_t start = frame_locate(stream, skip);

    return start == stream.size ? 0 : start - *skip + CJT188_FRAME_MINIMUM + stream.bytes[start + CJT188_AT_LENGTH];
}

size_t cjt188_frame_take(struct span stream, size_t *skip, struct cjt188_frame *out)
{
    size_t start = frame_locate(stream, skip);

    if (start == stream.size)
        return 0;
    size_t preamble = start - *skip;
    size_t data_size = stream.bytes[start + CJT188_AT_LENGTH];
    struct span frame = { stream.bytes + *skip, stream.size - *skip };
    head_split(frame, preamble, data_size, CJT188_FRAME_MINIMUM + data_size, out);
    return preamble + CJT188_FRAME_MINIMUM + data_size;
}

int cjt188_frame_encode(size_t preamble_size, uint8_t meter_type, const uint8_t *address, uint8_t control,
                        struct span data, struct writer *out)
{
    if (data.size > CJT188_DATA_LIMIT)
        return CODEC_ERR_TOO_LONG;
    for (size_t i = 0; i < preamble_size; i++)
        writer_put_u8(out, CJT188_PREAMBLE);
    size_t start = out->size;

    writer_put_u8(out, CJT188_START);
    writer_put_u8(out, meter_type);
    writer_put_bytes(out, address, CJT188_ADDRESS_SIZE);
    writer_put_u8(out, control);
    writer_put_u8(out, (uint8_t)data.size);
    writer_put_span(out, data);
    writer_put_u8(out, checksum_sum8(span_of_bytes(out->bytes + start, out->size - start)));
    writer_put_u8(out, CJT188_END);
    return out->overflow ? CODEC_ERR_FULL : 0;
}
