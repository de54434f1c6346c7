/* Explanations: the first byte chooses the protocol (0: guessed) and the language. Rows stay inside the frame, texts are
 * UTF-8, the JSON form is well-formed. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "codec/codec_error.h"
#include "codec/explain/explain.h"
#include "codec/explain/explain_json.h"
#include "codec/senml/json_reader.h"

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void row_check(void *context, const struct explain_field *field)
{
    const struct span *frame = context;

    must(field->offset <= frame->size && field->size <= frame->size - field->offset);
    must(field->depth < 16);
    must(text_utf8_check(span_of_text(field->name)) > 0);
    must(text_utf8_check(span_of_text(field->value)) >= 0);
    must(text_utf8_check(span_of_text(field->meaning)) >= 0);
}

static void json_check(const struct explain_protocol *protocol, enum explain_language language, struct span frame)
{
    static uint8_t text[1 << 20];
    struct writer out = writer_of_buffer(text, sizeof text);
    struct json_token token;

    if (explain_json_write(protocol, language, frame, NULL, &out) == CODEC_ERR_FULL)
        return;
    struct json_reader reader = json_reader(writer_span(&out));
    do
        must(json_reader_next(&reader, &token) == 0);
    while (token.kind != JSON_END);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > 4096)
        return 0;
    struct span frame = span_of_bytes(data + 1, size - 1);
    enum explain_language language = (data[0] & 0x80) != 0 ? EXPLAIN_CHINESE : EXPLAIN_ENGLISH;
    const struct explain_protocol *protocol = explain_protocol_at((size_t)(data[0] & 7) - 1);
    struct explain_sink sink = { language, row_check, NULL, &frame, NULL };
    size_t error_offset = 0;

    if (protocol == NULL)
        protocol = explain_protocol_guess(frame);
    if (protocol->explain(&sink, frame, &error_offset) < 0)
        must(error_offset <= frame.size);
    json_check(protocol, language, frame);
    return 0;
}
