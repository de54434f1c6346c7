/* Frames of Q/GDW 376.1. First byte 0: a stream of bytes, searched for frames; else data units, the second byte their AFN,
 * uplink when the first is odd. What was read and is written again is read as the same; rows stay inside the frame. */
#include <stdlib.h>
#include <string.h>

#include "codec/codec_error.h"
#include "codec/explain/explain.h"
#include "codec/q376/q376_data.h"
#include "codec/q376/q376_request.h"

#define ITEM_LIMIT 4096

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void row_check(void *context, const struct explain_field *field)
{
    const struct span *frame = context;

    must(field->offset <= frame->size && field->size <= frame->size - field->offset);
    must(field->name != NULL && field->value != NULL && field->meaning != NULL);
}

/* The unit of a frame that has only one, of one point and one function. */
struct single {
    struct q376_unit_id id;
    size_t units;
    bool is_single;
};

static int unit_see(void *context, struct q376_unit_id id, struct span bytes, struct span data)
{
    struct single *single = context;

    (void)bytes;
    (void)data;
    single->id = id;
    single->units++;
    single->is_single = q376_points_of(id).count == 1 && q376_functions_of(id).count == 1 && single->units == 1;
    return 0;
}

static int raw_see(void *context, const struct item *item)
{
    struct single *single = context;
    (void)item;
    single->is_single = false;
    return CODEC_ERR_UNKNOWN;
}

static int tail_see(void *context, struct span bytes)
{
    struct single *single = context;
    (void)bytes;
    single->is_single = false;
    return CODEC_ERR_UNKNOWN;
}

static void items_compare(const struct item_list *a, const struct item_list *b)
{
    must(a->count == b->count);
    for (size_t i = 0; i < a->count; i++) {
        must(a->items[i].quality == b->items[i].quality);
        must(a->items[i].kind == b->items[i].kind);
        must(a->items[i].value == b->items[i].value && a->items[i].exponent == b->items[i].exponent);
        must(memcmp(&a->items[i].time, &b->items[i].time, sizeof a->items[i].time) == 0);
    }
}

static void units_try(const struct q376_frame *frame)
{
    static struct item rooms[2][ITEM_LIMIT];
    static uint8_t buffer[8192];
    struct single single = { { 0, 0, 0, 0 }, 0, false };
    const struct q376_visitor visitor = { .context = &single, .unit = unit_see, .raw = raw_see, .tail = tail_see };
    struct item_list list = item_list_of(rooms[0], ITEM_LIMIT), back = item_list_of(rooms[1], ITEM_LIMIT);
    struct writer out = writer_of_buffer(buffer, sizeof buffer);
    size_t used = 0;

    if (q376_items_decode(frame, &list) < 0 || q376_data_walk(frame, &visitor) < 0 || !single.is_single)
        return;
    uint16_t function = (uint16_t)q376_functions_of(single.id).members[0];
    q376_unit_id_put(single.id, &out);
    int result =
        q376_data_encode(frame->afn, q376_frame_is_uplink(frame), function, list.items, list.count, &used, &out);
    if (result == CODEC_ERR_UNKNOWN)
        return; /* a request whose time mark was told by its size */
    must(result == 0 && used == list.count);
    struct q376_frame again = *frame;
    again.units = writer_span(&out);
    must(q376_items_decode(&again, &back) == 0);
    items_compare(&list, &back);
}

static void frame_try(struct span bytes)
{
    static uint8_t buffer[Q376_FRAME_SIZE_LIMIT];
    struct writer out = writer_of_buffer(buffer, sizeof buffer);
    struct explain_sink sink = { EXPLAIN_ENGLISH, row_check, NULL, &bytes, NULL };
    struct q376_frame frame, back;
    struct q376_forward forward;
    size_t error_offset = SIZE_MAX;

    int result = q376_frame_decode(bytes, &frame, &error_offset);
    must(result == 0 || error_offset <= bytes.size);
    if (explain_protocol_find("q376")->explain(&sink, bytes, &error_offset) < 0)
        must(error_offset <= bytes.size);
    if (result < 0)
        return;
    units_try(&frame);
    (void)q376_forward_decode(&frame, &forward);
    must(q376_frame_encode(&frame, &out) == 0);
    if (q376_frame_decode(writer_span(&out), &back, NULL) == 0 && frame.sequence == back.sequence &&
        frame.control == back.control)
        must(span_equal(frame.units, back.units) && span_equal(frame.password, back.password));
}

static void stream_try(struct span stream)
{
    while (stream.size > 0) {
        size_t skip = SIZE_MAX;
        size_t size = q376_frame_find(stream, &skip);
        must(skip <= stream.size && size <= stream.size - skip);
        if (size == 0)
            return;
        frame_try(span_of_bytes(stream.bytes + skip, size));
        stream = span_of_bytes(stream.bytes + skip + size, stream.size - skip - size);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t buffer[8192];
    struct q376_frame frame;

    if (size < 2 || size > 4096)
        return 0;
    if (data[0] == 0) {
        stream_try(span_of_bytes(data + 1, size - 1));
        frame_try(span_of_bytes(data + 1, size - 1));
        return 0;
    }
    struct writer out = writer_of_buffer(buffer, sizeof buffer);
    memset(&frame, 0, sizeof frame);
    frame.protocol = Q376_PROTOCOL_376;
    frame.control = data[0] & 1 ? Q376_CONTROL_UPLINK : 0;
    frame.afn = data[1];
    frame.sequence = Q376_SEQUENCE_FIRST | Q376_SEQUENCE_FINAL;
    frame.units = span_of_bytes(data + 2, size - 2);
    units_try(&frame);
    if (q376_frame_encode(&frame, &out) == 0)
        frame_try(writer_span(&out));
    return 0;
}
