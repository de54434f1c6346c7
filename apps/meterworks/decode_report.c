#include "apps/meterworks/decode_report.h"

#include <stdio.h>

#include "apps/meterworks/decode_table.h"
#include "codec/codec_error.h"
#include "codec/explain/explain_json.h"

#define JSON_LIMIT (8 * 1024 * 1024)
#define BYTES_SHOWN 24
#define PLACE_LIMIT 512

static const char *chosen(const struct decode_report *report, const char *english, const char *chinese)
{
    return report->language == EXPLAIN_CHINESE ? chinese : english;
}

void decode_report_fail(struct decode_report *report, int status)
{
    if (status > report->status)
        report->status = status;
}

static const char *error_text(const struct decode_report *report, int error)
{
    return report->language == EXPLAIN_CHINESE ? codec_error_text_chinese(error) : codec_error_text(error);
}

/* An empty line between two frames of text. */
static void text_separate(struct decode_report *report)
{
    if (report->is_begun)
        putchar('\n');
    report->is_begun = true;
}

static void place_write(const struct decode_report *report, const struct decode_place *place, char text[PLACE_LIMIT])
{
    text[0] = '\0';
    if (place->is_stream)
        (void)snprintf(text, PLACE_LIMIT, "%s %zu", chosen(report, "stream offset", "流内偏移"), place->offset);
    else if (place->line > 0)
        (void)snprintf(text, PLACE_LIMIT, "%s %lu", chosen(report, "line", "行"), place->line);
}

/* The members that say where the frame was read. */
static void place_put(const struct decode_place *place, struct writer *out)
{
    if (place->is_stream)
        writer_format(out, "\"stream_offset\":%zu,", place->offset);
    else if (place->line > 0)
        writer_format(out, "\"line\":%lu,", place->line);
}

static int json_frame(const struct decode_report *report, const struct explain_protocol *protocol, struct span frame,
                      const struct decode_place *place)
{
    static char json[JSON_LIMIT];
    struct writer out = writer_of_buffer(json, sizeof json);

    writer_text(&out, "{");
    place_put(place, &out);
    int result = explain_json_members_write(protocol, report->language, frame, report->secret, &out);
    writer_text(&out, "}");
    if (out.overflow)
        return CODEC_ERR_FULL;
    puts(writer_terminate(&out));
    return result;
}

void decode_report_frame(struct decode_report *report, const struct explain_protocol *protocol, struct span frame,
                         const struct decode_place *place)
{
    char where[PLACE_LIMIT];
    int result;

    if (protocol == NULL)
        protocol = report->protocol != NULL ? report->protocol : explain_protocol_guess(frame);
    place_write(report, place, where);
    if (report->is_json) {
        result = json_frame(report, protocol, frame, place);
    } else {
        text_separate(report);
        result = decode_table_print(protocol, report->language, frame, report->secret, where);
    }
    if (result == CODEC_ERR_FULL)
        fprintf(stderr, "meterworks decode: explanation of %zu bytes is too long\n", frame.size);
    if (result < 0)
        decode_report_fail(report, 1);
}

void decode_report_rest(struct decode_report *report, struct span bytes, const struct decode_place *place)
{
    char hex[2 * BYTES_SHOWN + 8], where[PLACE_LIMIT];
    struct writer out = writer_of_buffer(hex, sizeof hex);

    explain_write_hex(&out, span_of_bytes(bytes.bytes, bytes.size < BYTES_SHOWN ? bytes.size : BYTES_SHOWN));
    if (bytes.size > BYTES_SHOWN)
        writer_text(&out, "...");
    if (report->is_json) {
        printf("{\"stream_offset\":%zu,\"protocol\":null,\"size\":%zu,\"bytes\":\"%s\"}\n", place->offset, bytes.size,
               writer_terminate(&out));
        return;
    }
    text_separate(report);
    place_write(report, place, where);
    printf("%s: %zu %s: %s\n", where, bytes.size, chosen(report, "bytes belong to no frame", "字节不属于任何报文"),
           writer_terminate(&out));
}

void decode_report_end(struct decode_report *report, size_t size, size_t frames, size_t rest)
{
    if (frames == 0)
        decode_report_fail(report, 1);
    if (report->is_json) {
        printf("{\"stream_size\":%zu,\"frames\":%zu,\"bytes_of_no_frame\":%zu}\n", size, frames, rest);
        return;
    }
    text_separate(report);
    if (report->language == EXPLAIN_CHINESE)
        printf("共 %zu 字节，%zu 个报文，%zu 字节不属于任何报文\n", size, frames, rest);
    else
        printf("%zu bytes, %zu frames, %zu bytes belong to no frame\n", size, frames, rest);
}

void decode_report_line(struct decode_report *report, int error, size_t error_offset, const struct decode_place *place)
{
    const char *reason = error == CODEC_ERR_FULL ? "too many bytes for one frame" : "not pairs of hexadecimal digits";

    if (place->line > 0)
        fprintf(stderr, "meterworks decode: %s line %lu, column %zu: %s\n", place->source, place->line,
                error_offset + 1, reason);
    else
        fprintf(stderr, "meterworks decode: arguments, column %zu: %s\n", error_offset + 1, reason);
    decode_report_fail(report, place->line > 0 ? 1 : 2);
    if (!report->is_json || place->line == 0)
        return;
    printf("{\"line\":%lu,\"protocol\":null,\"valid\":false,\"error\":\"%s\",\"error_offset\":%zu}\n", place->line,
           error_text(report, error), error_offset);
}
