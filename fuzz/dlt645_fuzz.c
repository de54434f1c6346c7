/* DL/T 645: whatever is found in a stream is a frame; what its data and items say, written again, is read as the same. */
#include <stdlib.h>
#include <string.h>

#include "codec/codec_error.h"
#include "codec/dlt645/dlt645_assembly.h"
#include "codec/dlt645/dlt645_content.h"
#include "codec/explain/explain.h"

#define ITEM_LIMIT 300

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void field_see(void *context, const struct explain_field *field)
{
    const struct span *frame = context;
    must(field->offset <= frame->size && field->size <= frame->size - field->offset);
}

static void item_see(void *context, const struct item *item, const char *meaning)
{
    (void)meaning;
    (void)context;
    must(item->quantity < ITEM_QUANTITY_COUNT && item->unit < ITEM_UNIT_COUNT);
}

static void explain_again(struct span bytes)
{
    struct explain_sink sink = { EXPLAIN_ENGLISH, field_see, item_see, &bytes, NULL };
    size_t offset = 0;

    (void)explain_protocol_find("dlt645")->explain(&sink, bytes, &offset); /* damaged is as good as whole here */
    must(offset <= bytes.size);
    sink.language = EXPLAIN_CHINESE;
    (void)explain_protocol_find("dlt645")->explain(&sink, bytes, &offset);
}

/* Parts that could be read, written by the same shape, are the same frame. */
static void content_again(const struct dlt645_frame *frame, const struct dlt645_message *message)
{
    uint8_t buffer[DLT645_FRAME_SIZE_MAX];
    struct dlt645_content content;

    if (dlt645_content_decode(message, &content) < 0 ||
        !dlt645_function_is_known((enum dlt645_version)frame->version, frame->control))
        return;
    for (unsigned shape = 0; shape < DLT645_SHAPE_LIMIT; shape++) {
        struct writer out = writer_of_buffer(buffer, sizeof buffer);
        if (&message->function->shapes[message->direction][shape] != dlt645_shape_of(frame))
            continue;
        must(dlt645_content_encode((enum dlt645_version)frame->version, &frame->address, frame->control, shape,
                                   &content, &out) == 0);
        must(span_equal(writer_span(&out), frame->wire));
    }
}

static void values_again(const struct dlt645_frame *frame, const struct dlt645_message *message)
{
    static struct item items[ITEM_LIMIT], back[ITEM_LIMIT];
    struct item_list list = item_list_of(items, ITEM_LIMIT), again = item_list_of(back, ITEM_LIMIT);
    enum dlt645_version version = (enum dlt645_version)frame->version;
    bool is_answer = message->direction != DLT645_REQUEST;
    uint8_t buffer[1024];
    struct writer out = writer_of_buffer(buffer, sizeof buffer);

    must(dlt645_values_decode(version, message->identifier, is_answer, message->values, &list) == 0);
    if (list.count == 0 || dlt645_values_encode(version, message->identifier, is_answer, items, list.count, &out) < 0)
        return; /* unknown, impossible, or with bytes behind */
    must(dlt645_values_decode(version, message->identifier, is_answer, writer_span(&out), &again) == 0);
    must(again.count == list.count);
    for (size_t i = 0; i < list.count; i++) {
        must(back[i].quality == items[i].quality && back[i].identifier == items[i].identifier);
        must(items[i].quality != ITEM_GOOD || items[i].kind == ITEM_KIND_TIME || back[i].value == items[i].value);
    }
}

/* A first answer and what follows it; nothing is written behind the buffer. */
static void assembly_again(const struct dlt645_frame *frame, uint32_t identifier)
{
    static struct item items[ITEM_LIMIT];
    struct item_list list = item_list_of(items, ITEM_LIMIT);
    struct dlt645_assembly assembly;
    uint8_t buffer[64];

    dlt645_assembly_start(&assembly, (enum dlt645_version)frame->version, &dlt645_address_any, identifier, buffer,
                          sizeof buffer);
    for (int i = 0; i < 3; i++)
        if (dlt645_assembly_add(&assembly, frame) == 0)
            must(assembly.values.size <= sizeof buffer);
    must(dlt645_assembly_items_decode(&assembly, &list) == 0);
}

static void frame_again(struct span bytes)
{
    static struct item items[ITEM_LIMIT];
    struct item_list list = item_list_of(items, ITEM_LIMIT);
    struct dlt645_frame frame;
    struct dlt645_message message;

    must(dlt645_frame_decode(bytes, &frame, NULL) == 0);
    must(dlt645_items_decode(&frame, &list) == 0);
    dlt645_message_decode(&frame, &message);
    content_again(&frame, &message);
    if (message.has_identifier) {
        values_again(&frame, &message);
        assembly_again(&frame, message.identifier);
    }
    explain_again(bytes);
}

/* The same bytes as control code and plain data of a right frame, so that the inside is reached. */
static void mended_again(const uint8_t *data, size_t size)
{
    uint8_t buffer[DLT645_FRAME_SIZE_MAX];
    struct writer out = writer_of_buffer(buffer, sizeof buffer);

    if (size < 1 || size - 1 > DLT645_DATA_LIMIT)
        return;
    must(dlt645_frame_encode(&dlt645_address_broadcast, data[0], span_of_bytes(data + 1, size - 1), &out) == 0);
    frame_again(writer_span(&out));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span stream = span_of_bytes(data, size);
    struct dlt645_frame taken;
    size_t skip = 0, taken_skip = 0;
    size_t found = dlt645_frame_find(stream, &skip);

    must(skip + found <= size);
    must(dlt645_frame_take(stream, &taken_skip, &taken) == found && taken_skip == skip);
    if (found > 0)
        frame_again(span_of_bytes(data + skip, found));
    explain_again(stream);
    mended_again(data, size);
    return 0;
}
