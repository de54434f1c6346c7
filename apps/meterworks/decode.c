#include "apps/meterworks/decode.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "apps/meterworks/decode_input.h"
#include "base/hex.h"
#include "base/text.h"
#include "security/cipher_openssl.h"

#define KEY_LINE_LIMIT 128 /* characters of a line that holds a key */

/* What the options chose. */
struct decode {
    struct decode_report report;
    struct explain_secret secret;
    uint8_t key[CIPHER_BLOCK_SIZE];
    bool is_stream;
    bool has_file;
};

static int usage_print(FILE *out)
{
    fputs("usage: meterworks decode [--protocol NAME] [--language en|zh] [--json] [--stream]\n"
          "                         [--key HEX | --key - | --key-file FILE] [--file FILE]... [HEX...]\n\n"
          "Explains frames field by field: where each lies, its bytes, name, value, meaning and clause.\n\n"
          "HEX            a frame; blanks, \"0x\", \":\", \"-\" and \",\" between bytes are passed over. Several "
          "frames, or\n"
          "               the pieces of one, may be arguments of their own.\n"
          "--file FILE    one frame a line (time stamp and direction in front are passed over, # begins a remark);\n"
          "               what is no text is a stream of bytes in which the frames are found. Without HEX and --file,\n"
          "               standard input is read.\n"
          "--stream       find the frames in a stream: raw bytes, or hexadecimal digits, of arguments or over many "
          "lines.\n"
          "--key HEX      of protected frames, 32 digits; \"-\" takes the first line of standard input, --key-file a\n"
          "               file's, so that it does not stand in the list of processes.\n"
          "--json         one object a line, see docs/decode.md.\n\n"
          "Exit status: 0 all frames valid, 1 a frame is damaged or impossible, 2 wrong usage.\n\n"
          "protocols (guessed by default):\n",
          out);
    for (size_t i = 0; explain_protocol_at(i) != NULL; i++)
        fprintf(out, "  %-12s %s / %s\n", explain_protocol_at(i)->name, explain_protocol_at(i)->english,
                explain_protocol_at(i)->chinese);
    return out == stdout ? 0 : 2;
}

static bool language_choose(struct decode *decode, const char *name)
{
    decode->report.language = strcmp(name, "zh") == 0 ? EXPLAIN_CHINESE : EXPLAIN_ENGLISH;
    return strcmp(name, "zh") == 0 || strcmp(name, "en") == 0;
}

static bool protocol_choose(struct decode *decode, const char *name)
{
    decode->report.protocol = explain_protocol_find(name);
    return decode->report.protocol != NULL;
}

static bool key_take(struct decode *decode, struct span text)
{
    if (hex_decode(text, decode->key, sizeof decode->key) != CIPHER_BLOCK_SIZE) {
        fputs("meterworks decode: a key is 32 hexadecimal digits\n\n", stderr);
        return false;
    }
    decode->secret = (struct explain_secret){ span_of_bytes(decode->key, sizeof decode->key), cipher_openssl() };
    decode->report.secret = &decode->secret;
    return true;
}

static bool key_read(struct decode *decode, FILE *in)
{
    char line[KEY_LINE_LIMIT];
    bool is_taken = fgets(line, sizeof line, in) != NULL && key_take(decode, text_trim(span_of_text(line)));
    explicit_bzero(line, sizeof line);
    return is_taken;
}

static bool key_file_read(struct decode *decode, const char *name)
{
    FILE *in = fopen(name, "r");
    if (in == NULL) {
        fprintf(stderr, "meterworks decode: %s: %s\n\n", name, strerror(errno));
        return false;
    }
    bool is_taken = key_read(decode, in);
    fclose(in);
    return is_taken;
}

/* The key, and nothing of it in the list of processes from now on. */
static bool key_argument_take(struct decode *decode, char *value)
{
    if (strcmp(value, "-") == 0)
        return key_read(decode, stdin);
    bool is_taken = key_take(decode, span_of_text(value));
    memset(value, '*', strlen(value));
    return is_taken;
}

/* An option with a value.
 * returns  false when name or value is wrong */
static bool option_take(struct decode *decode, const char *option, char *value)
{
    if (strcmp(option, "--protocol") == 0)
        return protocol_choose(decode, value);
    if (strcmp(option, "--language") == 0)
        return language_choose(decode, value);
    if (strcmp(option, "--key") == 0)
        return key_argument_take(decode, value);
    if (strcmp(option, "--key-file") == 0)
        return key_file_read(decode, value);
    decode->has_file = true;
    return strcmp(option, "--file") == 0;
}

static bool is_option(const char *argument)
{
    return strncmp(argument, "--", 2) == 0;
}

static bool is_flag(const char *argument)
{
    return strcmp(argument, "--json") == 0 || strcmp(argument, "--stream") == 0;
}

/* An option without a value. */
static bool flag_take(struct decode *decode, const char *option)
{
    decode->report.is_json = decode->report.is_json || strcmp(option, "--json") == 0;
    decode->is_stream = decode->is_stream || strcmp(option, "--stream") == 0;
    return is_flag(option);
}

/* Reads the options, wherever they stand.
 * returns  false for wrong usage */
static bool options_take(struct decode *decode, int argument_count, char **arguments)
{
    for (int i = 1; i < argument_count; i++) {
        if (!is_option(arguments[i]) || flag_take(decode, arguments[i]))
            continue;
        if (i + 1 == argument_count || !option_take(decode, arguments[i], arguments[i + 1]))
            return false;
        i++;
    }
    return true;
}

static void file_decode(struct decode *decode, const char *name)
{
    FILE *in = fopen(name, "rb");
    if (in == NULL) {
        fprintf(stderr, "meterworks decode: %s: %s\n", name, strerror(errno));
        decode_report_fail(&decode->report, 1);
        return;
    }
    decode_file(&decode->report, in, name, decode->is_stream);
    fclose(in);
}

/* The files in their order, then the frames among the arguments, which are moved to the front. */
static void inputs_decode(struct decode *decode, int argument_count, char **arguments)
{
    int frames = 0;

    for (int i = 1; i < argument_count; i++) {
        if (strcmp(arguments[i], "--file") == 0)
            file_decode(decode, arguments[i + 1]);
        if (!is_option(arguments[i]))
            arguments[1 + frames++] = arguments[i];
        else
            i += !is_flag(arguments[i]);
    }
    if (frames > 0)
        decode_arguments(&decode->report, arguments + 1, frames, decode->is_stream);
    else if (!decode->has_file)
        decode_file(&decode->report, stdin, "standard input", decode->is_stream);
}

int decode_run(int argument_count, char **arguments)
{
    struct decode decode = { .report = { .language = EXPLAIN_ENGLISH } };

    if (argument_count == 2 && strcmp(arguments[1], "--help") == 0)
        return usage_print(stdout);
    if (!options_take(&decode, argument_count, arguments))
        return usage_print(stderr);
    inputs_decode(&decode, argument_count, arguments);
    explicit_bzero(decode.key, sizeof decode.key);
    return decode.report.status;
}
