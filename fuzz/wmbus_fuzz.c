/* Wireless M-Bus. The first byte chooses: the telegram as it is, or its data behind a good link layer in format A or B,
 * so that the layers are reached without guessing check sums. What is found in a stream is a frame; what was taken
 * apart and written again is the same frame; explanations stay inside; compact frames use what full ones have
 * taught. */
#include <stdlib.h>
#include <string.h>

#include "codec/codec_error.h"
#include "codec/explain/explain.h"
#include "codec/wmbus/wmbus_items.h"

#define ITEM_LIMIT 64
#define FORMAT_LIMIT 4

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* Not a cipher: enough to walk the paths behind one. */
static int mask(void *context, enum cipher_algorithm algorithm, const uint8_t key[CIPHER_BLOCK_SIZE],
                const uint8_t initial[CIPHER_BLOCK_SIZE], struct span in, uint8_t *out)
{
    (void)context;
    (void)algorithm;
    for (size_t i = 0; i < in.size; i++)
        out[i] = (uint8_t)(in.bytes[i] ^ key[i % CIPHER_BLOCK_SIZE] ^ initial[0]);
    return 0;
}

static int sum(void *context, enum cipher_algorithm algorithm, const uint8_t key[CIPHER_BLOCK_SIZE],
               const struct span *parts, size_t part_count, uint8_t out[CIPHER_BLOCK_SIZE])
{
    (void)context;
    (void)algorithm;
    memcpy(out, key, CIPHER_BLOCK_SIZE);
    for (size_t p = 0; p < part_count; p++)
        for (size_t i = 0; i < parts[p].size; i++)
            out[0] = (uint8_t)(out[0] + parts[p].bytes[i]);
    return 0;
}

static const struct cipher masks = { NULL, mask, mask, mask, sum };
static const uint8_t zero_key[CIPHER_BLOCK_SIZE] = { 0 };

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

static void explain_again(struct span frame, bool has_key)
{
    struct explain_secret secret = { { zero_key, sizeof zero_key }, &masks };
    struct explain_sink sink = { EXPLAIN_CHINESE, field_see, item_see, &frame, has_key ? &secret : NULL };
    size_t offset = 0;

    if (explain_protocol_find("wmbus")->explain(&sink, frame, &offset) < 0)
        must(offset <= frame.size);
}

static void link_again(const struct wmbus_frame *link, struct span frame)
{
    uint8_t air[WMBUS_AIR_LIMIT];
    struct writer out = writer_of_buffer(air, sizeof air);

    must(wmbus_frame_encode(link->format, link->control, &link->address, link->data, &out) == 0);
    must(span_equal(writer_span(&out), frame));
}

static void telegram_see(struct span frame, const struct wmbus_secret *secret)
{
    static struct wmbus_headers rows[FORMAT_LIMIT];
    struct wmbus_headers_table formats = { rows, FORMAT_LIMIT, 0 };
    uint8_t buffer[WMBUS_TELEGRAM_LIMIT];
    struct wmbus_telegram telegram;
    struct item items[ITEM_LIMIT];
    struct item_list list = item_list_of(items, ITEM_LIMIT);
    size_t offset = 0;

    if (wmbus_telegram_decode(frame, secret, buffer, &telegram, &offset) < 0) {
        must(offset <= frame.size);
        return;
    }
    must(telegram.content.size <= telegram.link.telegram.size);
    if (wmbus_items_decode(&telegram, &formats, &list, &offset) < 0)
        must(offset <= frame.size);
    (void)wmbus_headers_learn(&formats, telegram.content);
    (void)wmbus_headers_add(&formats, telegram.content);
    list.count = 0;
    (void)wmbus_items_decode(&telegram, &formats, &list, &offset);
}

static void frame_see(struct span frame)
{
    const struct wmbus_secret secret = { &masks, zero_key };
    uint8_t buffer[WMBUS_TELEGRAM_LIMIT];
    struct wmbus_frame link;
    size_t offset = 0;

    if (wmbus_frame_decode(frame, buffer, &link, &offset) == 0)
        link_again(&link, frame);
    telegram_see(frame, NULL);
    telegram_see(frame, &secret);
    explain_again(frame, false);
    explain_again(frame, true);
}

static void stream_see(struct span stream)
{
    uint8_t buffer[WMBUS_TELEGRAM_LIMIT];
    struct wmbus_frame link;
    size_t skip = 0;
    size_t offset = 0;
    size_t size = wmbus_frame_find(stream, &skip);

    must(skip <= stream.size && size <= stream.size - skip);
    if (size == 0)
        return;
    must(wmbus_frame_decode(span_of_bytes(stream.bytes + skip, size), buffer, &link, &offset) == 0);
    must(link.format != WMBUS_FORMAT_STRIPPED);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct wmbus_address address = { { 0x2d, 0x2c, 0x99, 0x87, 0x34, 0x76, 0x1b, 0x16 } };
    uint8_t air[WMBUS_AIR_LIMIT];
    struct writer out = writer_of_buffer(air, sizeof air);

    if (size == 0 || size > 1024)
        return 0;
    struct span rest = span_of_bytes(data + 1, size - 1);
    unsigned format = data[0] % 3;
    stream_see(rest);
    if (format == WMBUS_FORMAT_STRIPPED)
        frame_see(rest);
    else if (wmbus_frame_encode((enum wmbus_format)format, 0x44, &address, rest, &out) == 0)
        frame_see(writer_span(&out));
    return 0;
}
