#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "api/handlers.h"
#include "base/hex.h"
#include "codec/codec_error.h"
#include "codec/explain/explain_json.h"
#include "codec/explain/explain_line.h"
#include "codec/explain/explain_stream.h"
#include "security/cipher_openssl.h"

#define BYTES_LIMIT 100000                     /* bytes of all frames of a request */
#define FRAME_COUNT_LIMIT 500                  /* frames of one answer */
#define EXPLANATION_LIMIT (4u * 1024 * 1024)   /* JSON of one frame */
#define REST_BYTES_SHOWN 64

/* One request being explained. */
struct decoding {
    struct json_writer *out;
    const struct explain_protocol *protocol; /* NULL: guessed */
    enum explain_language language;
    struct explain_secret secret;
    bool has_key;
    uint8_t key[CIPHER_BLOCK_SIZE];
    uint8_t bytes[BYTES_LIMIT];
    uint8_t json[EXPLANATION_LIMIT];
    size_t count;
    bool truncated;
};

/* The place of a frame as the members in front of the others. */
struct place {
    const char *key; /* "line", "stream_offset"; NULL for none */
    size_t number;
};

static const struct error_info bad_hex = { API_ERR_EXPLAIN, 422, "bad_hex", "hex",
    "A frame is pairs of hexadecimal digits", "报文须为成对的十六进制数字" };
static const struct error_info bad_key = { API_ERR_EXPLAIN, 422, "bad_key", "key",
    "A key is 32 hexadecimal digits", "密钥须为 32 个十六进制数字" };
static const struct error_info no_input = { API_ERR_EXPLAIN, 422, "hex_or_text", "hex",
    "Give either hex or text", "请给出 hex 或 text 之一" };

/* One frame's object. It is left out, and the answer truncated, when there is no room for it. */
static void frame_put(struct decoding *decoding, const struct explain_protocol *protocol, struct span frame,
    struct place place)
{
    struct writer writer = writer_of_buffer(decoding->json, sizeof decoding->json);

    if (decoding->count++ >= FRAME_COUNT_LIMIT) {
        decoding->truncated = true;
        return;
    }
    writer_text(&writer, "{");
    if (place.key != NULL)
        writer_format(&writer, "\"%s\":%zu,", place.key, place.number);
    (void)explain_json_members_write(protocol != NULL ? protocol : decoding->protocol, decoding->language, frame,
        decoding->has_key ? &decoding->secret : NULL, &writer); /* what is wrong stands in the object */
    writer_text(&writer, "}");
    if (writer.overflow)
        decoding->truncated = true;
    else
        json_put_raw(decoding->out, writer_span(&writer));
}

static int hex_explain(struct exchange *exchange, struct decoding *decoding, struct span hex)
{
    size_t error_offset = 0;
    int size = explain_line_decode(hex, decoding->bytes, sizeof decoding->bytes, &error_offset);

    if (size <= 0)
        return exchange_refuse(exchange, &bad_hex, NULL);
    frame_put(decoding, NULL, span_of_bytes(decoding->bytes, (size_t)size), (struct place){ NULL, 0 });
    return decoding->truncated ? exchange_refuse_api(exchange, API_ERR_MEMORY) : 0;
}

static struct span line_take(struct span *text)
{
    ptrdiff_t end = span_find_byte(*text, '\n');
    size_t size = end < 0 ? text->size : (size_t)end;
    struct span line = span_of_bytes(text->bytes, size);

    size += end >= 0;
    *text = span_of_bytes(text->bytes + size, text->size - size);
    return line;
}

/* All lines as one row of bytes.
 * returns  bytes; CODEC_ERR_* of the first line that is no hexadecimal */
static int lines_join(struct decoding *decoding, struct span text)
{
    size_t size = 0;
    size_t error_offset = 0;

    while (text.size > 0) {
        int got = explain_line_decode(line_take(&text), decoding->bytes + size, sizeof decoding->bytes - size,
            &error_offset);
        if (got < 0)
            return got;
        size += (size_t)got;
    }
    return (int)size;
}

static enum explain_belief belief_of(const struct decoding *decoding, struct span frame)
{
    return (decoding->protocol != NULL ? decoding->protocol : explain_protocol_guess(frame))->recognise(frame);
}

/* What single lines look like. */
struct lines_look {
    size_t count;    /* lines that hold something */
    size_t whole;    /* that look like whole frames */
    size_t possible; /* that any protocol believes in */
};

static struct lines_look lines_look(struct decoding *decoding, struct span text)
{
    struct lines_look look = { 0, 0, 0 };
    size_t error_offset = 0;

    while (text.size > 0) {
        int size = explain_line_decode(line_take(&text), decoding->bytes, sizeof decoding->bytes, &error_offset);
        enum explain_belief belief =
            size > 0 ? belief_of(decoding, span_of_bytes(decoding->bytes, (size_t)size)) : EXPLAIN_NO;
        look.count += size != 0;
        look.whole += belief >= EXPLAIN_LIKELY;
        look.possible += belief > EXPLAIN_NO;
    }
    return look;
}

/* Is the text one frame that was broken into lines? Where all lines are frames, what they look like together says
 * nothing: it begins with a frame. */
static bool is_one_frame(struct decoding *decoding, struct span text)
{
    struct lines_look look = lines_look(decoding, text);
    int size = lines_join(decoding, text);

    if (size <= 0 || look.whole == look.count)
        return false;
    enum explain_belief joined = belief_of(decoding, span_of_bytes(decoding->bytes, (size_t)size));
    return joined >= EXPLAIN_LIKELY || (look.possible == 0 && joined > EXPLAIN_NO);
}

/* A line that is no frame, in the frames' own form. */
static void line_refuse(struct decoding *decoding, int error, size_t error_offset, size_t line)
{
    struct json_writer *out = decoding->out;

    decoding->count++;
    json_object_begin(out);
    json_put_key_integer(out, "line", (int64_t)line);
    json_put_key(out, "protocol");
    json_put_null(out);
    json_put_key_boolean(out, "valid", false);
    json_put_key_text(out, "error",
        decoding->language == EXPLAIN_CHINESE ? codec_error_text_chinese(error) : codec_error_text(error));
    json_put_key_integer(out, "error_offset", (int64_t)error_offset);
    json_object_end(out);
}

static void lines_explain(struct decoding *decoding, struct span text)
{
    size_t error_offset = 0;

    for (size_t number = 1; text.size > 0 && !decoding->truncated; number++) {
        int size = explain_line_decode(line_take(&text), decoding->bytes, sizeof decoding->bytes, &error_offset);
        if (size < 0)
            line_refuse(decoding, size, error_offset, number);
        else if (size > 0)
            frame_put(decoding, NULL, span_of_bytes(decoding->bytes, (size_t)size), (struct place){ "line", number });
    }
}

static void rest_put(struct json_writer *out, struct span bytes, size_t offset)
{
    char hex[2 * REST_BYTES_SHOWN + 1];
    size_t shown = bytes.size < REST_BYTES_SHOWN ? bytes.size : REST_BYTES_SHOWN;

    json_object_begin(out);
    json_put_key_integer(out, "stream_offset", (int64_t)offset);
    json_put_key_integer(out, "size", (int64_t)bytes.size);
    json_put_key_text(out, "bytes", hex_encode(span_of_bytes(bytes.bytes, shown), hex, sizeof hex) >= 0 ? hex : "");
    json_object_end(out);
}

/* One walk through the stream: the frames, or what lies between them. */
static void stream_explain(struct decoding *decoding, struct span bytes, bool want_frames)
{
    struct explain_stream stream = explain_stream_of(bytes, decoding->protocol);
    struct explain_piece piece;

    while (!(want_frames && decoding->truncated) && explain_stream_next(&stream, &piece)) {
        struct span part = span_of_bytes(bytes.bytes + piece.offset, piece.size);
        if (want_frames && piece.protocol != NULL)
            frame_put(decoding, piece.protocol, part, (struct place){ "stream_offset", piece.offset });
        if (!want_frames && piece.protocol == NULL)
            rest_put(decoding->out, part, piece.offset);
    }
}

/* The list of a text's frames. */
static int text_explain(struct exchange *exchange, struct decoding *decoding, struct span text, bool is_stream)
{
    struct json_writer *out = &exchange->out;
    bool is_one = !is_stream && is_one_frame(decoding, text);
    int size = is_stream || is_one ? lines_join(decoding, text) : 0;
    struct span bytes = span_of_bytes(decoding->bytes, size > 0 ? (size_t)size : 0);

    if ((is_stream || is_one) && size <= 0)
        return exchange_refuse(exchange, &bad_hex, "text");
    json_object_begin(out);
    json_put_key(out, "frames");
    json_array_begin(out);
    if (is_stream)
        stream_explain(decoding, bytes, true);
    else if (is_one)
        frame_put(decoding, NULL, bytes, (struct place){ NULL, 0 });
    else
        lines_explain(decoding, text);
    json_array_end(out);
    json_put_key(out, "rest");
    json_array_begin(out);
    if (is_stream)
        stream_explain(decoding, bytes, false);
    json_array_end(out);
    json_put_key_boolean(out, "truncated", decoding->truncated);
    json_object_end(out);
    return 0;
}

/* Protocol, language and key of the request. 0, or -1 answered. */
static int options_take(struct exchange *exchange, struct decoding *decoding)
{
    const struct field_value *protocol = exchange_value(exchange, "protocol");
    const struct field_value *language = exchange_value(exchange, "language");
    const struct field_value *key = exchange_value(exchange, "key");
    bool is_english = language != NULL ? span_equal_text(language->text, "en") : exchange_is_english(exchange);

    decoding->out = &exchange->out;
    decoding->language = is_english ? EXPLAIN_ENGLISH : EXPLAIN_CHINESE;
    for (size_t i = 0; protocol != NULL && explain_protocol_at(i) != NULL; i++)
        if (span_equal_text(protocol->text, explain_protocol_at(i)->name))
            decoding->protocol = explain_protocol_at(i);
    if (key == NULL)
        return 0;
    if (hex_decode(key->text, decoding->key, sizeof decoding->key) != CIPHER_BLOCK_SIZE)
        return exchange_refuse(exchange, &bad_key, NULL);
    decoding->secret = (struct explain_secret){ span_of_bytes(decoding->key, sizeof decoding->key), cipher_openssl() };
    decoding->has_key = true;
    return 0;
}

static int input_explain(struct exchange *exchange, struct decoding *decoding)
{
    const struct field_value *hex = exchange_value(exchange, "hex");
    const struct field_value *text = exchange_value(exchange, "text");
    const struct field_value *stream = exchange_value(exchange, "stream");

    if ((hex == NULL) == (text == NULL))
        return exchange_refuse(exchange, &no_input, NULL);
    if (options_take(exchange, decoding) != 0)
        return -1;
    if (hex != NULL)
        return hex_explain(exchange, decoding, hex->text);
    return text_explain(exchange, decoding, text->text, stream != NULL && stream->integer != 0);
}

int handle_decode(struct exchange *exchange)
{
    struct decoding *decoding = malloc(sizeof *decoding);

    if (decoding == NULL)
        return exchange_refuse_api(exchange, API_ERR_MEMORY);
    decoding->protocol = NULL;
    decoding->has_key = false;
    decoding->count = 0;
    decoding->truncated = false;
    int result = input_explain(exchange, decoding);
    OPENSSL_cleanse(decoding->key, sizeof decoding->key);
    free(decoding);
    return result;
}

int handle_decode_protocols(struct exchange *exchange)
{
    struct json_writer *out = &exchange->out;

    json_object_begin(out);
    json_put_key(out, "items");
    json_array_begin(out);
    for (size_t i = 0; explain_protocol_at(i) != NULL; i++) {
        json_object_begin(out);
        json_put_key_text(out, "name", explain_protocol_at(i)->name);
        json_put_key_text(out, "name_en", explain_protocol_at(i)->english);
        json_put_key_text(out, "name_zh", explain_protocol_at(i)->chinese);
        json_put_key_boolean(out, "stream", explain_protocol_at(i)->find != NULL);
        json_object_end(out);
    }
    json_array_end(out);
    json_object_end(out);
    return 0;
}
