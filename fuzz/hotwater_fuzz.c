/* Hot-water frames (HW-1), QR texts and BLE fragments. The first byte says what follows: a stream as it comes; flags,
 * a command and a payload that is packed rightly; a QR text; fragments, each behind its length. */
#include <string.h>

#include "codec/codec_error.h"
#include "codec/hotwater/hotwater_code.h"
#include "codec/hotwater/hotwater_fragment.h"
#include "codec/hotwater/hotwater_frame.h"
#include "fuzz/open_cipher.h"

#define ITEMS 600

static void explain_try(struct span frame, const struct explain_secret *secret)
{
    struct explain_sink sink = { EXPLAIN_ENGLISH, row_check, NULL, &frame, secret };
    size_t offset = 0;

    for (int language = 0; language < 2; language++) {
        sink.language = language == 0 ? EXPLAIN_ENGLISH : EXPLAIN_CHINESE;
        (void)explain_protocol_find("hotwater")->explain(&sink, frame, &offset); /* damage is as good as sense here */
        must(offset <= frame.size);
    }
}

/* What a builder accepts of what was read is written as long as it was, and read again. */
static void message_again(uint8_t command, struct span payload)
{
    uint8_t bytes[HOTWATER_PAYLOAD_LIMIT];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    struct hotwater_message message;

    if (hotwater_message_decode(command, payload, &message, NULL) < 0 || hotwater_message_encode(&message, &out) < 0)
        return;
    must(out.size == payload.size);
    must(hotwater_message_decode(command, writer_span(&out), &message, NULL) == 0);
}

static void frame_try(struct span bytes)
{
    static struct item items[ITEMS];
    struct item_list list = item_list_of(items, ITEMS);
    uint8_t clear_bytes[HOTWATER_PAYLOAD_LIMIT], out_bytes[HOTWATER_FRAME_LIMIT];
    struct writer out = writer_of_buffer(out_bytes, sizeof out_bytes);
    struct hotwater_frame frame;
    struct span clear;

    must(hotwater_frame_decode(bytes, &frame, NULL) == 0);
    if (hotwater_frame_open(&frame, &open_cipher, open_key, clear_bytes, &clear) < 0)
        return;
    message_again(frame.command, clear);
    (void)hotwater_items_decode(frame.command, clear, &list);
    frame.payload = clear;
    if (hotwater_frame_encode(&frame, &open_cipher, open_key, &out) == 0)
        must(span_equal(writer_span(&out), bytes));
}

static struct span frame_make(const uint8_t *data, size_t size, uint8_t *bytes, size_t capacity)
{
    struct writer out = writer_of_buffer(bytes, capacity);
    struct hotwater_frame frame = { .flags = data[0] & HOTWATER_FLAGS_KNOWN, .command = data[1] };

    frame.payload = span_of_bytes(data + 2, size - 2);
    if (hotwater_frame_encode(&frame, &open_cipher, open_key, &out) < 0)
        return span_of_bytes(bytes, 0);
    return writer_span(&out);
}

static void code_try(struct span text)
{
    uint8_t meter[HOTWATER_METER_SIZE], bytes[400];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    struct span host;

    if (hotwater_code_read(text, meter, &host) < 0)
        return;
    must(hotwater_code_write(host, meter, &out) == 0);
    must(span_equal(writer_span(&out), text));
}

static void fragments_try(struct span in)
{
    static struct hotwater_reassembler reassembler;
    struct reader reader = reader_of_span(in);
    struct span fragment, frame = { NULL, 0 };
    uint8_t size = 0, gap = 0;
    int64_t now_ms = 0;

    memset(&reassembler, 0, sizeof reassembler);
    while (reader_take_u8(&reader, &size) == 0 && reader_take_u8(&reader, &gap) == 0 &&
           reader_take_span(&reader, size, &fragment) == 0) {
        now_ms += 10 * gap;
        if (hotwater_reassembler_take(&reassembler, fragment, now_ms, &frame) == 1)
            must(frame.size > 0 && frame.size <= HOTWATER_REASSEMBLY_LIMIT);
        must(reassembler.size <= HOTWATER_REASSEMBLY_LIMIT);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct explain_secret secret = { { open_key, sizeof open_key }, &open_cipher };
    uint8_t bytes[HOTWATER_FRAME_LIMIT];
    size_t skip = 0;

    if (size < 3 || size > 2048)
        return 0;
    struct span stream = span_of_bytes(data + 1, size - 1);
    if (data[0] % 4 == 2)
        code_try(stream);
    if (data[0] % 4 == 3)
        fragments_try(stream);
    if (data[0] % 4 == 1)
        stream = frame_make(data + 1, size - 1, bytes, sizeof bytes);
    size_t found = hotwater_frame_find(stream, &skip);
    must(skip <= stream.size && found <= stream.size - skip);
    must(data[0] % 4 != 1 || found == stream.size);
    if (found > 0)
        frame_try(span_of_bytes(stream.bytes + skip, found));
    explain_try(stream, NULL);
    explain_try(stream, &secret);
    return 0;
}
