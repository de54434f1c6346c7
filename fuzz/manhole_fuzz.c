/* Manhole-cover packets (MHC-1). The first byte says what follows: a stream as it comes, or a type, a function and a
 * mode byte with an area that is packed rightly, so that the check sum and the tag stand in nobody's way. */
#include "codec/codec_error.h"
#include "codec/manhole/manhole_area.h"
#include "codec/manhole/manhole_security.h"
#include "fuzz/open_cipher.h"

#define ITEMS 600

static void explain_try(struct span frame, const struct explain_secret *secret)
{
    struct explain_sink sink = { EXPLAIN_ENGLISH, row_check, NULL, &frame, secret };
    size_t offset = 0;

    for (int language = 0; language < 2; language++) {
        sink.language = language == 0 ? EXPLAIN_ENGLISH : EXPLAIN_CHINESE;
        (void)explain_protocol_find("manhole")->explain(&sink, frame, &offset); /* damage is as good as sense here */
        must(offset <= frame.size);
    }
}

/* What a builder accepts of what was read is written as it was. */
static void control_again(const struct manhole_profile *profile, struct span area)
{
    uint8_t bytes[MANHOLE_FRAME_LIMIT];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    struct manhole_control control;

    if (manhole_control_decode(profile, area, &control, NULL) < 0 ||
        manhole_control_encode(profile, &control, &out) < 0)
        return;
    must(out.size == area.size);
    struct manhole_control again;
    must(manhole_control_decode(profile, writer_span(&out), &again, NULL) == 0);
    must(again.command == control.command && again.request_id == control.request_id);
}

static void items_again(const struct manhole_profile *profile, struct span area)
{
    struct manhole_upload upload;
    struct manhole_item_value item, again;

    if (manhole_upload_decode(profile, area, &upload, NULL) < 0)
        return;
    struct reader reader = reader_of_span(upload.items);
    while (manhole_item_next(profile, &reader, &item) > 0) {
        uint8_t bytes[300];
        struct writer out = writer_of_buffer(bytes, sizeof bytes);
        if (manhole_item_encode(profile, &item, &out) < 0)
            continue;
        struct reader back = reader_of_span(writer_span(&out));
        must(manhole_item_next(profile, &back, &again) == 1);
        must(again.item == item.item && reader_remaining(&back) == 0);
    }
}

static void packet_try(const struct manhole_profile *profile, struct span packet)
{
    static struct item items[ITEMS];
    struct item_list list = item_list_of(items, ITEMS);
    uint8_t bytes[MANHOLE_FRAME_LIMIT];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    struct manhole_frame frame;

    must(manhole_frame_decode(profile, packet, &frame, NULL) == 0 || packet.bytes[4] != profile->version);
    if (packet.bytes[4] != profile->version)
        return;
    if (manhole_frame_encode(profile, &frame, &out) == 0)
        must(span_equal(writer_span(&out), packet));
    control_again(profile, frame.area);
    items_again(profile, frame.area);
    (void)manhole_items_decode(profile, frame.terminal, frame.function, frame.area, &list);
}

static struct span packet_make(const struct manhole_profile *profile, const uint8_t *data, size_t size,
                               uint8_t *bytes, size_t capacity)
{
    static const uint8_t id[8] = { 0x08, 0x61 };
    struct writer out = writer_of_buffer(bytes, capacity);
    struct manhole_frame frame = { .terminal_id = span_of_bytes(id, sizeof id) };

    frame.terminal = data[0] % MANHOLE_TERMINAL_COUNT;
    frame.function = data[1] % MANHOLE_FUNCTION_COUNT;
    frame.mode = data[2] % 4;
    frame.area = span_of_bytes(data + 3, size - 3);
    if (manhole_frame_encode(profile, &frame, &out) < 0)
        return span_of_bytes(bytes, 0);
    return writer_span(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct explain_secret secret = { { open_key, sizeof open_key }, &open_cipher };
    const struct manhole_profile *profile = manhole_profile_mhc1();
    uint8_t bytes[MANHOLE_FRAME_LIMIT];
    size_t skip = 0;

    if (size < 4 || size > 2048)
        return 0;
    struct span stream = span_of_bytes(data + 1, size - 1);
    if (data[0] % 2 == 1)
        stream = packet_make(profile, data + 1, size - 1, bytes, sizeof bytes);
    size_t found = manhole_frame_find(profile, stream, &skip);
    must(skip <= stream.size && found <= stream.size - skip);
    must(data[0] % 2 == 0 || found == stream.size);
    if (found > 0)
        packet_try(profile, span_of_bytes(stream.bytes + skip, found));
    explain_try(stream, NULL);
    explain_try(stream, &secret);
    return 0;
}
