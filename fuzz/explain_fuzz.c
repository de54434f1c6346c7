/* Explanations. The first byte chooses: low five bits the protocol (0: guessed, 31: the rest is a stream, 30: a line of
 * text), 40H a key, 80H Chinese. Rows stay inside the frame, texts are UTF-8, the JSON form is well-formed; the parts
 * of a stream are its bytes, each once. */
#include "codec/codec_error.h"
#include "codec/explain/explain_json.h"
#include "codec/explain/explain_line.h"
#include "codec/explain/explain_stream.h"
#include "codec/senml/json_reader.h"
#include "fuzz/open_cipher.h"

#define INPUT_LIMIT 4096
#define CHOICE_LINE 30
#define CHOICE_STREAM 31

static void item_check(void *context, const struct item *item, const char *meaning)
{
    (void)context;
    must(text_utf8_check(span_of_text(meaning)) >= 0);
    must(item->quality <= ITEM_DOUBTED && item->kind <= ITEM_KIND_TIME);
    must(item->exponent >= -18 && item->exponent <= 18 && item->digits <= 18);
}

static void json_check(const struct explain_protocol *protocol, enum explain_language language, struct span frame,
                       const struct explain_secret *secret)
{
    static uint8_t text[1 << 20];
    struct writer out = writer_of_buffer(text, sizeof text);
    struct json_token token;

    if (explain_json_write(protocol, language, frame, secret, &out) == CODEC_ERR_FULL)
        return;
    struct json_reader reader = json_reader(writer_span(&out));
    do
        must(json_reader_next(&reader, &token) == 0);
    while (token.kind != JSON_END);
}

static void stream_check(struct span bytes)
{
    struct explain_stream stream = explain_stream_of(bytes, NULL);
    struct explain_piece piece;
    size_t offset = 0;

    while (explain_stream_next(&stream, &piece)) {
        must(piece.offset == offset && piece.size > 0 && piece.size <= bytes.size - offset);
        offset += piece.size;
    }
    must(offset == bytes.size);
}

static void line_check(struct span text)
{
    uint8_t bytes[INPUT_LIMIT];
    size_t error_offset = SIZE_MAX;
    int size = explain_line_decode(text, bytes, sizeof bytes, &error_offset);

    must(size < 0 ? error_offset <= text.size : (size_t)size <= text.size / 2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct explain_secret secret = { { open_key, sizeof open_key }, &open_cipher };

    if (size == 0 || size > INPUT_LIMIT)
        return 0;
    struct span frame = span_of_bytes(data + 1, size - 1);
    enum explain_language language = (data[0] & 0x80) != 0 ? EXPLAIN_CHINESE : EXPLAIN_ENGLISH;
    unsigned choice = data[0] & 31;
    const struct explain_protocol *protocol = choice > 0 ? explain_protocol_at(choice - 1) : NULL;
    struct explain_sink sink = { language, row_check, item_check, &frame, (data[0] & 0x40) != 0 ? &secret : NULL };
    size_t error_offset = 0;

    if (choice == CHOICE_STREAM)
        stream_check(frame);
    else if (choice == CHOICE_LINE)
        line_check(frame);
    if (choice >= CHOICE_LINE)
        return 0;
    if (protocol == NULL)
        protocol = explain_protocol_guess(frame);
    if (protocol->explain(&sink, frame, &error_offset) < 0)
        must(error_offset <= frame.size);
    json_check(protocol, language, frame, sink.secret);
    return 0;
}
