#include "apps/meterworks/decode_input.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "codec/codec_error.h"
#include "codec/explain/explain_line.h"
#include "codec/explain/explain_stream.h"

#define FRAME_LIMIT 65535               /* bytes of one line's frame: a UDP datagram at most */
#define INPUT_LIMIT ((size_t)256 << 20) /* bytes of a file that is read as a whole */
#define READ_SIZE ((size_t)64 << 10)

/* Bytes that grow as they are read. */
struct input {
    uint8_t *bytes;
    size_t size;
    size_t capacity;
};

static uint8_t frame_bytes[FRAME_LIMIT];

static bool input_grow(struct input *input, size_t size)
{
    if (size <= input->capacity)
        return true;
    size_t capacity = size < 2 * input->capacity ? 2 * input->capacity : size;
    uint8_t *bytes = capacity <= INPUT_LIMIT ? realloc(input->bytes, capacity) : NULL;
    if (bytes == NULL)
        return false;
    input->bytes = bytes;
    input->capacity = capacity;
    return true;
}

/* Append the rest of the file.
 * returns  false when it is too long or cannot be read */
static bool input_read(struct input *input, FILE *in)
{
    size_t got = 0;
    do {
        if (!input_grow(input, input->size + READ_SIZE))
            return false;
        got = fread(input->bytes + input->size, 1, READ_SIZE, in);
        input->size += got;
    } while (got > 0);
    return ferror(in) == 0;
}

static void stream_report(struct decode_report *report, struct span bytes)
{
    struct decode_place place = { .is_stream = true };
    struct explain_stream stream = explain_stream_of(bytes, report->protocol);
    struct explain_piece piece;
    size_t frames = 0, rest = 0;

    if (report->protocol != NULL && report->protocol->find == NULL) {
        decode_report_frame(report, report->protocol, bytes, &place);
        decode_report_end(report, bytes.size, 1, 0);
        return;
    }
    while (explain_stream_next(&stream, &piece)) {
        struct span part = span_of_bytes(bytes.bytes + piece.offset, piece.size);
        place.offset = piece.offset;
        frames += piece.protocol != NULL;
        rest += piece.protocol == NULL ? piece.size : 0;
        if (piece.protocol != NULL)
            decode_report_frame(report, piece.protocol, part, &place);
        else
            decode_report_rest(report, part, &place);
    }
    decode_report_end(report, bytes.size, frames, rest);
}

/* The line at the front of `text`, without its end; `text` becomes what follows. */
static struct span line_take(struct span *text)
{
    ptrdiff_t end = span_find_byte(*text, '\n');
    size_t size = end < 0 ? text->size : (size_t)end;
    struct span line = span_of_bytes(text->bytes, size);

    size += end >= 0;
    *text = span_of_bytes(text->bytes + size, text->size - size);
    return line;
}

/* Hexadecimal digits over many lines become bytes, in place.
 * returns  false, nothing being changed, when a line is something else */
static bool input_unhex(struct input *input)
{
    uint8_t *bytes = malloc(input->size / 2 + 1);
    struct span rest = span_of_bytes(input->bytes, input->size);
    size_t size = 0, error_offset = 0;
    bool is_hex = bytes != NULL && explain_is_text(rest);

    while (is_hex && rest.size > 0) {
        int got = explain_line_decode(line_take(&rest), bytes + size, input->size / 2 + 1 - size, &error_offset);
        is_hex = got >= 0;
        size += got > 0 ? (size_t)got : 0;
    }
    if (is_hex) {
        memcpy(input->bytes, bytes, size);
        input->size = size;
    }
    free(bytes);
    return is_hex;
}

static void line_report(struct decode_report *report, struct span line, const struct decode_place *place)
{
    size_t error_offset = 0;
    int size = explain_line_decode(line, frame_bytes, sizeof frame_bytes, &error_offset);

    if (size < 0)
        decode_report_line(report, size, error_offset, place);
    else if (size > 0)
        decode_report_frame(report, NULL, span_of_bytes(frame_bytes, (size_t)size), place);
}

static void whole_report(struct decode_report *report, struct input *input, const char *name, bool is_stream)
{
    struct decode_place place = { .source = name };
    struct span rest = span_of_bytes(input->bytes, input->size);

    if (is_stream || !explain_is_text(rest)) {
        if (is_stream)
            (void)input_unhex(input); /* bytes that are no digits are the stream themselves */
        stream_report(report, span_of_bytes(input->bytes, input->size));
        return;
    }
    while (rest.size > 0) {
        place.line++;
        line_report(report, line_take(&rest), &place);
    }
}

static void unreadable(struct decode_report *report, const char *name, const char *reason)
{
    fprintf(stderr, "meterworks decode: %s: %s\n", name, reason);
    decode_report_fail(report, 1);
}

static void whole_decode(struct decode_report *report, struct input *input, FILE *in, const char *name, bool is_stream)
{
    errno = 0;
    if (input_read(input, in))
        whole_report(report, input, name, is_stream);
    else
        unreadable(report, name, errno != 0 ? strerror(errno) : "longer than 256 MiB");
}

/* A pipe or terminal is told line by line, as they come; its first line shows whether it holds text at all. */
static void lines_decode(struct decode_report *report, FILE *in, const char *name)
{
    struct decode_place place = { .source = name };
    char *line = NULL;
    size_t capacity = 0;
    ssize_t size;

    while ((size = getline(&line, &capacity, in)) > 0) {
        struct span text = span_of_bytes(line, (size_t)size);
        if (place.line++ == 0 && !explain_is_text(text)) {
            struct input input = { (uint8_t *)line, text.size, capacity };
            whole_decode(report, &input, in, name, false);
            line = (char *)input.bytes;
            break;
        }
        line_report(report, text_trim(text), &place);
        (void)fflush(stdout);
    }
    free(line);
}

void decode_file(struct decode_report *report, FILE *in, const char *name, bool is_stream)
{
    struct stat about;
    struct input input = { NULL, 0, 0 };

    if (!is_stream && fstat(fileno(in), &about) == 0 && !S_ISREG(about.st_mode)) {
        lines_decode(report, in, name);
        return;
    }
    whole_decode(report, &input, in, name, is_stream);
    free(input.bytes);
}

static bool looks_whole(const struct decode_report *report, struct span frame)
{
    const struct explain_protocol *protocol =
        report->protocol != NULL ? report->protocol : explain_protocol_guess(frame);
    return protocol->recognise(frame) >= EXPLAIN_LIKELY;
}

/* Arguments that look like whole frames. */
static int whole_count(const struct decode_report *report, char *const *arguments, int count)
{
    size_t error_offset = 0;
    int whole = 0;

    for (int i = 0; i < count; i++) {
        int size = explain_line_decode(span_of_text(arguments[i]), frame_bytes, sizeof frame_bytes, &error_offset);
        whole += size > 0 && looks_whole(report, span_of_bytes(frame_bytes, (size_t)size));
    }
    return whole;
}

/* Are these arguments the pieces of one frame? They have been found to be hexadecimal. Where all of them are frames,
 * what they look like together says nothing: it begins with a frame. */
static bool is_one_frame(const struct decode_report *report, char *const *arguments, int count, struct span joined)
{
    int whole = whole_count(report, arguments, count);
    return count == 1 || whole == 0 || (whole < count && looks_whole(report, joined));
}

/* Frames one behind the other, without a byte between them or around, each surely one; acknowledgements and headers of
 * DTUs, which have no check sum, among others that have. */
static bool is_row_of_frames(const struct decode_report *report, struct span bytes)
{
    struct explain_stream stream = explain_stream_of(bytes, report->protocol);
    struct explain_piece piece;
    size_t frames = 0, proved = 0;

    if (report->protocol != NULL && report->protocol->find == NULL)
        return false;
    while (explain_stream_next(&stream, &piece)) {
        struct span part = span_of_bytes(bytes.bytes + piece.offset, piece.size);
        enum explain_belief belief = piece.protocol != NULL ? piece.protocol->recognise(part) : EXPLAIN_NO;
        if (belief < EXPLAIN_PROBABLE)
            return false;
        frames++;
        proved += belief == EXPLAIN_CERTAIN;
    }
    return frames > 1 && proved > 0;
}

void decode_arguments(struct decode_report *report, char *const *arguments, int count, bool is_stream)
{
    static char text[4 * FRAME_LIMIT];
    static uint8_t joined[FRAME_LIMIT];
    struct writer line = writer_of_buffer(text, sizeof text);
    struct decode_place place = { .line = 0 };
    size_t error_offset = 0;

    for (int i = 0; i < count; i++) {
        writer_text(&line, arguments[i]);
        writer_text(&line, " ");
    }
    int size =
        line.overflow ? CODEC_ERR_FULL : explain_line_decode(writer_span(&line), joined, sizeof joined, &error_offset);
    if (size <= 0) {
        decode_report_line(report, size < 0 ? size : CODEC_ERR_EMPTY, error_offset, &place);
        return;
    }
    struct span whole = span_of_bytes(joined, (size_t)size);
    if (is_stream || (count == 1 && is_row_of_frames(report, whole)))
        stream_report(report, whole);
    else if (is_one_frame(report, arguments, count, whole))
        decode_report_frame(report, NULL, whole, &place);
    else
        for (int i = 0; i < count; i++)
            line_report(report, span_of_text(arguments[i]), &place);
}
