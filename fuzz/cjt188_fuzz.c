/* CJ/T 188: whatever is found in a stream is a frame; what its items say, written again, is read as the same. */
#include <stdlib.h>
#include <string.h>

#include "codec/cjt188/cjt188_item.h"
#include "codec/cjt188/cjt188_message.h"
#include "codec/explain/explain.h"

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

static void explain_again(struct span bytes)
{
    struct explain_sink sink = { EXPLAIN_ENGLISH, field_see, NULL, &bytes, NULL };
    size_t offset = 0;

    (void)explain_protocol_find("cjt188")->explain(&sink, bytes, &offset); /* damaged is as good as whole here */
    must(offset <= bytes.size);
}

/* Values that were read, written in the same layout, must come back. */
static void payload_again(const struct cjt188_frame *frame, const struct cjt188_variant *variant,
                          const struct item_list *list)
{
    uint8_t buffer[CJT188_DATA_LIMIT];
    struct writer out = writer_of_buffer(buffer, sizeof buffer);
    const struct cjt188_layout *layout = cjt188_layout_find(frame, variant);
    unsigned storage = frame->known != NULL ? frame->known->storage : 0;
    struct item items[CJT188_ITEM_LIMIT];
    struct item_list back = item_list_of(items, CJT188_ITEM_LIMIT);
    struct cjt188_frame copy = *frame;

    if (cjt188_payload_encode(layout, frame->meter_type, storage, variant, list->items, list->count, &out) < 0)
        return; /* illegal digits or units are not written */
    must(out.size == frame->payload.size);
    copy.payload = writer_span(&out);
    if (cjt188_layout_find(&copy, variant) != layout)
        return; /* the bytes that told the layout were missing values */
    must(cjt188_items_decode(&copy, variant, &back) == 0);
    must(back.count == list->count);
    for (size_t i = 0; i < back.count; i++) {
        must(items[i].quality == list->items[i].quality);
        must(items[i].quality != ITEM_GOOD || items[i].value == list->items[i].value);
    }
}

static void frame_again(struct span bytes)
{
    const struct cjt188_variant *variant;
    struct cjt188_frame frame;

    must(cjt188_frame_decode(bytes, &frame, NULL) == 0);
    for (size_t i = 0; (variant = cjt188_variant_at(i)) != NULL; i++) {
        struct item items[CJT188_ITEM_LIMIT];
        struct item_list list = item_list_of(items, CJT188_ITEM_LIMIT);
        must(cjt188_items_decode(&frame, variant, &list) == 0);
        payload_again(&frame, variant, &list);
    }
}

/* The same bytes with the check sum made right, so that the inside is reached. */
static void mended_again(const uint8_t *data, size_t size)
{
    static const uint8_t address[CJT188_ADDRESS_SIZE] = { 1, 2, 3, 4, 5, 6, 7 };
    uint8_t buffer[CJT188_FRAME_LIMIT];
    struct writer out = writer_of_buffer(buffer, sizeof buffer);

    if (size < 2 || size - 2 > CJT188_DATA_LIMIT)
        return;
    must(cjt188_frame_encode(0, data[0], address, data[1], span_of_bytes(data + 2, size - 2), &out) == 0);
    frame_again(writer_span(&out));
    explain_again(writer_span(&out));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span stream = span_of_bytes(data, size);
    size_t skip = 0;
    size_t found = cjt188_frame_find(stream, &skip);

    must(skip + found <= size);
    if (found > 0)
        frame_again(span_of_bytes(data + skip, found));
    explain_again(stream);
    mended_again(data, size);
    return 0;
}
