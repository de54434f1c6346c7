#include "apps/meterworks/decode.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/hex.h"
#include "codec/codec_error.h"
#include "codec/explain/explain.h"
#include "codec/explain/explain_json.h"

#define FRAME_LIMIT 65535             /* a UDP datagram at most */
#define LINE_LIMIT (3 * FRAME_LIMIT)  /* its hexadecimal text with blanks */
#define JSON_LIMIT (4 * 1024 * 1024)
#define BYTES_SHOWN 12

/* What the options chose, and the buffers of one run. */
struct decode {
    const struct explain_protocol *protocol; /* NULL: guessed for each frame */
    enum explain_language language;
    bool is_json;
    int status; /* exit status so far */
    struct span frame;
    uint8_t bytes[FRAME_LIMIT];
    char line[LINE_LIMIT + 2];
    char json[JSON_LIMIT];
};

static int usage_print(FILE *out)
{
    fputs("usage: meterworks decode [--protocol NAME] [--language en|zh] [--json] [--file FILE]... [HEX...]\n\n"
          "Explains a frame field by field. The HEX arguments together are one frame; files and, without HEX and\n"
          "--file, standard input hold one frame a line (# begins a remark).\n"
          "Exit status: 0 all frames valid, 1 a frame is damaged, 2 wrong usage.\n\nprotocols (guessed by default):\n",
          out);
    for (size_t i = 0; explain_protocol_at(i) != NULL; i++)
        fprintf(out, "  %-12s %s / %s\n", explain_protocol_at(i)->name, explain_protocol_at(i)->english,
                explain_protocol_at(i)->chinese);
    return out == stdout ? 0 : 2;
}

static void field_print(void *context, const struct explain_field *field)
{
    const struct decode *decode = context;
    char hex[2 * BYTES_SHOWN + 4];
    size_t shown = field->size < BYTES_SHOWN ? field->size : BYTES_SHOWN;

    if (hex_encode(span_of_bytes(decode->frame.bytes + field->offset, shown), hex, sizeof hex) < 0)
        hex[0] = '\0';
    if (field->size == 0)
        printf("%5s  %-27s", "", "");
    else
        printf("%5zu  %-24s%-3s", field->offset, hex, shown < field->size ? "..." : "");
    printf("%*s%s", (int)(2 * field->depth), "", field->name);
    if (field->value[0] != '\0')
        printf(": %s", field->value);
    if (field->meaning[0] != '\0')
        printf(" (%s)", field->meaning);
    if (field->clause[0] != '\0')
        printf("  [%s]", field->clause);
    putchar('\n');
}

static const char *chosen(const struct decode *decode, const char *english, const char *chinese)
{
    return decode->language == EXPLAIN_CHINESE ? chinese : english;
}

static void text_explain(struct decode *decode, const struct explain_protocol *protocol)
{
    struct explain_sink sink = { decode->language, field_print, NULL, decode, NULL };
    size_t error_offset = 0;

    printf("%s, %zu %s\n", chosen(decode, protocol->english, protocol->chinese), decode->frame.size,
           chosen(decode, "bytes", "字节"));
    int result = protocol->explain(&sink, decode->frame, &error_offset);
    if (result == 0)
        return;
    decode->status = 1;
    printf("%s %zu: %s\n", chosen(decode, "damaged at offset", "报文损坏，偏移"), error_offset,
           decode->language == EXPLAIN_CHINESE ? codec_error_text_chinese(result) : codec_error_text(result));
}

static void frame_explain(struct decode *decode)
{
    const struct explain_protocol *protocol =
        decode->protocol != NULL ? decode->protocol : explain_protocol_guess(decode->frame);

    if (!decode->is_json) {
        text_explain(decode, protocol);
        return;
    }
    struct writer out = writer_of_buffer(decode->json, sizeof decode->json);
    int result = explain_json_write(protocol, decode->language, decode->frame, NULL, &out);
    if (result < 0)
        decode->status = 1;
    if (result == CODEC_ERR_FULL)
        fprintf(stderr, "meterworks decode: explanation of %zu bytes is too long\n", decode->frame.size);
    else
        printf("%s\n", writer_terminate(&out));
}

/* One frame as text.
 * returns  false when it is no hexadecimal, said on standard error */
static bool line_decode(struct decode *decode, struct span text, const char *where)
{
    int size = hex_decode(text, decode->bytes, sizeof decode->bytes);
    if (size < 0) {
        fprintf(stderr, "meterworks decode: %s: not hexadecimal bytes, or more than %d of them\n", where, FRAME_LIMIT);
        decode->status = 1;
        return false;
    }
    decode->frame = span_of_bytes(decode->bytes, (size_t)size);
    frame_explain(decode);
    return true;
}

static void stream_decode(struct decode *decode, FILE *in, const char *name)
{
    for (unsigned long number = 1; fgets(decode->line, sizeof decode->line, in) != NULL; number++) {
        char where[512];
        size_t size = strcspn(decode->line, "#\r\n");
        if (size == strspn(decode->line, " \t"))
            continue;
        snprintf(where, sizeof where, "%s line %lu", name, number);
        line_decode(decode, span_of_bytes(decode->line, size), where);
    }
}

static void file_decode(struct decode *decode, const char *name)
{
    FILE *in = fopen(name, "r");
    if (in == NULL) {
        fprintf(stderr, "meterworks decode: %s: %s\n", name, strerror(errno));
        decode->status = 1;
        return;
    }
    stream_decode(decode, in, name);
    fclose(in);
}

/* The arguments from `first` on as one frame. */
static int arguments_decode(struct decode *decode, int first, int argument_count, char **arguments)
{
    struct writer line = writer_of_buffer(decode->line, sizeof decode->line);

    for (int i = first; i < argument_count; i++) {
        writer_text(&line, arguments[i]);
        writer_put_u8(&line, ' ');
    }
    return !line.overflow && line_decode(decode, writer_span(&line), "arguments") ? decode->status : 2;
}

static bool language_choose(struct decode *decode, const char *name)
{
    decode->language = strcmp(name, "zh") == 0 ? EXPLAIN_CHINESE : EXPLAIN_ENGLISH;
    return strcmp(name, "zh") == 0 || strcmp(name, "en") == 0;
}

static bool protocol_choose(struct decode *decode, const char *name)
{
    decode->protocol = explain_protocol_find(name);
    return decode->protocol != NULL;
}

/* An option with a value.
 * returns  false when name or value is unknown */
static bool option_take(struct decode *decode, const char *option, const char *value, bool *has_file)
{
    if (strcmp(option, "--protocol") == 0)
        return protocol_choose(decode, value);
    if (strcmp(option, "--language") == 0)
        return language_choose(decode, value);
    if (strcmp(option, "--file") != 0)
        return false;
    *has_file = true;
    return true;
}

/* Reads the options.
 * returns  index of the first frame argument; -1 for wrong usage */
static int options_take(struct decode *decode, int argument_count, char **arguments, bool *has_file)
{
    int i = 1;
    for (; i < argument_count && strncmp(arguments[i], "--", 2) == 0; i++) {
        if (strcmp(arguments[i], "--json") == 0) {
            decode->is_json = true;
            continue;
        }
        if (i + 1 == argument_count || !option_take(decode, arguments[i], arguments[i + 1], has_file))
            return -1;
        i++;
    }
    return i;
}

int decode_run(int argument_count, char **arguments)
{
    static struct decode decode;
    bool has_file = false;

    if (argument_count == 2 && strcmp(arguments[1], "--help") == 0)
        return usage_print(stdout);
    int first = options_take(&decode, argument_count, arguments, &has_file);
    if (first < 0)
        return usage_print(stderr);
    for (int i = 1; i < first; i++)
        if (strcmp(arguments[i], "--file") == 0)
            file_decode(&decode, arguments[++i]);
    if (first < argument_count)
        return arguments_decode(&decode, first, argument_count, arguments);
    if (!has_file)
        stream_decode(&decode, stdin, "standard input");
    return decode.status;
}
