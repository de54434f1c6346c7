#include "apps/meterworks/encode.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "apps/meterworks/options.h"
#include "apps/meterworks/profile_command.h"
#include "base/calendar.h"
#include "base/decimal.h"
#include "base/hex.h"
#include "base/text.h"
#include "dialog/device_codec.h"
#include "security/cipher_openssl.h"

#define ZONE_CHINA_S 28800

/* What the options and arguments say. */
struct encode {
    const char *profile_name;
    const char *address;
    const char *now;
    const char *key_text;
    const char *table_text;
    const char *mode_text;
    int64_t sequence;
    bool is_list;
    const struct device_profile *profile;
    struct device_request request;
    uint8_t key[CIPHER_BLOCK_SIZE];
};

static int usage_print(FILE *out)
{
    fputs("usage: meterworks encode --profile NAME|FILE --address DIGITS COMMAND [KEY=VALUE]...\n"
          "       meterworks encode --profile NAME|FILE --list\n\n"
          "Prints the frames that would be sent, one a line, in hexadecimal. Commands and points of a model: --list.\n"
          "  read POINT, read-all, read_now, open_valve password=123456, set_clock time=2026-11-21T08:00:00\n"
          "password=- reads it from the first line of standard input, so that no list of processes shows it.\n\n"
          "  --profile NAME|FILE  a model of `meterworks profile list`, or a file\n"
          "  --address DIGITS     as printed on the device\n"
          "  --key HEX            of the device, 32 digits, for recharges; \"-\" takes the first line of standard input\n"
          "  --table ROWS         of write_steps and write_day_table, FROM:VALUE,FROM:VALUE: used above 0.01 kWh at 1e-4\n"
          "                       yuan, or minute of the day and tariff: 0:5000,20000:5500\n"
          "  --mode MODE          of set_mode: postpaid, prepaid, public\n"
          "  --now TIME           instead of the computer's clock\n"
          "  --sequence N         number of the exchange (CJ/T 188 SER), 0\n\n"
          "Exit status: 0 printed, 1 there is no such model or its file is wrong, 2 wrong usage or not offered by the "
          "model.\n",
          out);
    return out == stdout ? 0 : 2;
}

static int refuse(const char *words, const char *what)
{
    fprintf(stderr, "meterworks encode: %s%s\n", words, what);
    return 2;
}

/* "2026-11-21T08:00:00" by the device's clock, or with a zone at its end. */
static bool time_read(const char *text, int32_t zone_offset_s, int64_t *out)
{
    char with_zone[CALENDAR_TIME_TEXT_LIMIT + 8];

    if (calendar_parse_time(span_of_text(text), out) == 0)
        return true;
    if (strlen(text) != 19)
        return false;
    (void)snprintf(with_zone, sizeof with_zone, "%sZ", text);
    if (calendar_parse_time(span_of_text(with_zone), out) != 0)
        return false;
    *out -= zone_offset_s;
    return true;
}

static bool number_read(const char *text, int64_t maximum, int64_t *out)
{
    return decimal_parse(span_of_text(text), 0, out) == 0 && *out >= 0 && *out <= maximum;
}

/* A secret as it was given; "-": the first line of standard input, so that it does not stand in the list of processes.
 * line     room for such a line
 * returns  NULL when there is none */
static const char *secret_text(const char *text, char *line, int size)
{
    if (strcmp(text, "-") != 0)
        return text;
    if (fgets(line, size, stdin) == NULL)
        return NULL;
    line[strcspn(line, "\r\n")] = '\0';
    return line;
}

static bool password_take(struct device_request *request, const char *given)
{
    char line[16] = "";
    const char *text = secret_text(given, line, sizeof line);
    int64_t value;

    if (text == NULL || strlen(text) != 6 || !number_read(text, 999999, &value))
        return false;
    request->password = (uint32_t)value;
    return true;
}

static bool operator_take(struct device_request *request, const char *text)
{
    int64_t value;

    if (!number_read(text, 99999999, &value))
        return false;
    request->operator_code = (uint32_t)value;
    return true;
}

static bool valid_until_take(struct device_request *request, const char *text)
{
    return time_read(text, request->zone_offset_s, &request->valid_until_s);
}

static bool time_take(struct device_request *request, const char *text)
{
    return time_read(text, request->zone_offset_s, &request->time_s);
}

static bool back_take(struct device_request *request, const char *text)
{
    int64_t value;

    if (!number_read(text, 62, &value) || value == 0)
        return false;
    request->back = (uint8_t)value;
    return true;
}

static bool serial_take(struct device_request *request, const char *text)
{
    int64_t value;

    if (!number_read(text, UINT32_MAX, &value))
        return false;
    request->serial = (uint32_t)value;
    return true;
}

static bool amount_take(struct device_request *request, const char *text)
{
    return decimal_parse_fen(span_of_text(text), &request->amount_fen) == 0 && request->amount_fen > 0;
}

static bool address_take(struct device_request *request, const char *text)
{
    return text_copy(span_of_text(text), request->address, sizeof request->address) > 0;
}

/* In the order of enum device_parameter_bit; how each is written. */
static const struct {
    bool (*take)(struct device_request *request, const char *text);
    const char *form;
} parameters[DEVICE_PARAMETER_BIT_COUNT] = {
    { password_take, "six digits" },
    { operator_take, "up to eight digits" },
    { valid_until_take, "a time, 2026-11-21T08:00:00" },
    { time_take, "a time, 2026-11-21T08:00:00" },
    { back_take, "1 to 62" },
    { serial_take, "a whole number" },
    { amount_take, "yuan or the unit that the meter holds, 50.00" },
    { address_take, "up to 16 digits" },
};

/* "key=value". */
static int parameter_take(struct encode *encode, const char *text)
{
    const char *equals = strchr(text, '=');

    if (equals == NULL)
        return refuse("expected KEY=VALUE instead of ", text);
    struct span key = span_of_bytes(text, (size_t)(equals - text));
    for (unsigned i = 0; i < DEVICE_PARAMETER_BIT_COUNT; i++) {
        if (!span_equal_text(key, profile_parameter_name(i)))
            continue;
        if (!parameters[i].take(&encode->request, equals + 1)) {
            fprintf(stderr, "meterworks encode: %s is %s\n", profile_parameter_name(i), parameters[i].form);
            return 2;
        }
        encode->request.given = (uint8_t)(encode->request.given | 1u << i);
        return 0;
    }
    return refuse("unknown parameter ", text);
}

static int point_take(struct encode *encode, const char *name)
{
    for (uint16_t i = 0; i < encode->profile->point_count; i++)
        if (strcmp(encode->profile->points[i].name, name) == 0) {
            encode->request.point = i;
            return 0;
        }
    return refuse("the model has no point ", name);
}

/* The command's name with - or _; read-all is read of every point. */
static int command_take(struct encode *encode, const char *text)
{
    char name[32];

    if (text_copy(span_of_text(text), name, sizeof name) < 0)
        return refuse("unknown command ", text);
    for (char *at = name; *at != '\0'; at++)
        if (*at == '-')
            *at = '_';
    encode->request.point = DEVICE_POINT_ALL;
    encode->request.command = DEVICE_COMMAND_READ;
    if (strcmp(name, "read_all") == 0)
        return 0;
    encode->request.command = (uint8_t)profile_command_find(span_of_text(name));
    return encode->request.command == DEVICE_COMMAND_NONE ? refuse("unknown command ", text) : 0;
}

static int key_take(struct encode *encode)
{
    char line[2 * CIPHER_BLOCK_SIZE + 8] = "";
    const char *text = encode->key_text == NULL ? NULL : secret_text(encode->key_text, line, sizeof line);

    if (encode->key_text == NULL)
        return 0;
    if (text == NULL || hex_decode(span_of_text(text), encode->key, sizeof encode->key) != CIPHER_BLOCK_SIZE) {
        fputs("meterworks encode: a key is 32 hexadecimal digits\n", stderr);
        return 2;
    }
    encode->request.cipher = cipher_openssl();
    encode->request.key = encode->key;
    return 0;
}

/* "FROM:VALUE", and where the next row begins; NULL: not a row. */
static const char *table_row_take(struct downlink_table *table, const char *text)
{
    unsigned from;
    unsigned value;
    int used = 0;

    if (table->count == DOWNLINK_TABLE_LIMIT || sscanf(text, "%9u:%9u%n", &from, &value, &used) != 2)
        return NULL;
    table->from[table->count] = from;
    table->value[table->count] = value;
    table->count++;
    text += used;
    if (*text != ',')
        return *text == '\0' ? text : NULL;
    return text + 1;
}

static int table_take(struct encode *encode)
{
    const char *text = encode->table_text;

    encode->request.table.number = 1;
    while (text != NULL && *text != '\0')
        if ((text = table_row_take(&encode->request.table, text)) == NULL)
            return refuse("a table is FROM:VALUE,FROM:VALUE, at most 14 rows, not ", encode->table_text);
    return 0;
}

static int mode_take(struct encode *encode)
{
    static const char *const modes[SUPPLY_MODE_COUNT] = {
        [SUPPLY_POSTPAID] = "postpaid", [SUPPLY_PREPAID] = "prepaid", [SUPPLY_PUBLIC] = "public",
    };

    if (encode->mode_text == NULL)
        return 0;
    for (uint8_t mode = SUPPLY_POSTPAID; mode < SUPPLY_MODE_COUNT; mode++)
        if (strcmp(encode->mode_text, modes[mode]) == 0) {
            encode->request.mode = mode;
            return 0;
        }
    return refuse("a mode is postpaid, prepaid or public, not ", encode->mode_text);
}

static int arguments_take(struct encode *encode, int count, char **arguments)
{
    int result = command_take(encode, arguments[0]);
    int first = 1;

    if (result == 0 && encode->request.command == DEVICE_COMMAND_READ && strncmp(arguments[0], "read", 5) == 0) {
        if (count < 2)
            return refuse("read needs a point; all of them: ", "read-all");
        result = point_take(encode, arguments[first++]);
    }
    for (int i = first; result == 0 && i < count; i++)
        result = parameter_take(encode, arguments[i]);
    return result;
}

static void missing_print(uint8_t missing)
{
    fputs("meterworks encode: needs", stderr);
    for (unsigned i = 0; i < DEVICE_PARAMETER_BIT_COUNT; i++)
        if ((missing & (1u << i)) != 0)
            fprintf(stderr, " %s=(%s)", profile_parameter_name(i), parameters[i].form);
    fputc('\n', stderr);
}

/* An amount was written in yuan, or in the unit that the meter holds: both have hundredths. */
static void amount_place(struct encode *encode)
{
    if (encode->profile->prepayment.holds != DEVICE_HOLDS_UNITS)
        return;
    encode->request.units_value = encode->request.amount_fen * DEVICE_UNIT_HUNDREDTH_VALUE;
    encode->request.amount_fen = 0;
}

static int frames_print(const struct encode *encode)
{
    static struct device_frames frames;
    char text[2 * DEVICE_FRAMES_SIZE_LIMIT + 1];
    uint8_t missing = 0;
    int result =
        device_codec_encode(encode->profile, span_of_text(encode->address), &encode->request, &frames, &missing);

    if (result == DEVICE_CODEC_ERR_PARAMETER) {
        missing_print(missing);
        return 2;
    }
    if (result != 0) {
        fprintf(stderr, "meterworks encode: %s\n", device_codec_error_text(result, false));
        return result == DEVICE_CODEC_ERR_SILENT || result == DEVICE_CODEC_ERR_COMMAND ? 1 : 2;
    }
    for (size_t i = 0; i < frames.count; i++)
        if (hex_encode(device_frames_at(&frames, i), text, sizeof text) > 0)
            puts(text);
    return 0;
}

static int encode_do(struct encode *encode, int count, char **arguments)
{
    if (encode->is_list) {
        profile_offer_print(encode->profile);
        return 0;
    }
    if (encode->address == NULL || count == 0)
        return usage_print(stderr);
    if (encode->now != NULL && !time_read(encode->now, ZONE_CHINA_S, &encode->request.now_s))
        return refuse("not a time: ", encode->now);
    int result = key_take(encode);
    if (result == 0)
        result = table_take(encode);
    if (result == 0)
        result = mode_take(encode);
    if (result == 0)
        result = arguments_take(encode, count, arguments);
    if (result == 0)
        amount_place(encode);
    return result == 0 ? frames_print(encode) : result;
}

int encode_run(int argument_count, char **arguments)
{
    static struct encode encode;
    const struct option options[] = {
        { "profile", OPTION_TEXT, &encode.profile_name, 0, 0, "NAME|FILE",
          "a model of `meterworks profile list`, or a file" },
        { "address", OPTION_TEXT, &encode.address, 0, 0, "DIGITS", "as printed on the device" },
        { "key", OPTION_TEXT, &encode.key_text, 0, 0, "HEX|-", "of the device, for recharges" },
        { "table", OPTION_TEXT, &encode.table_text, 0, 0, "ROWS", "of write_steps and write_day_table" },
        { "mode", OPTION_TEXT, &encode.mode_text, 0, 0, "MODE", "of set_mode: postpaid, prepaid, public" },
        { "now", OPTION_TEXT, &encode.now, 0, 0, "TIME", "instead of the computer's clock" },
        { "sequence", OPTION_NUMBER, &encode.sequence, 0, 255, "N", "number of the exchange (CJ/T 188 SER), 0" },
        { "list", OPTION_FLAG, &encode.is_list, 0, 0, NULL, "show what the model offers" },
    };
    if (argument_count == 2 && strcmp(arguments[1], "--help") == 0)
        return usage_print(stdout);
    int first = options_read(options, sizeof options / sizeof options[0], argument_count, arguments);

    if (first < 0)
        return first == -2 ? 0 : 2;
    if (encode.profile_name == NULL)
        return usage_print(stderr);
    struct profile_set *set = profile_named_read(encode.profile_name, &encode.profile);
    if (set == NULL)
        return 1;
    encode.request = (struct device_request){
        .back = 1, .sequence = (uint8_t)encode.sequence, .zone_offset_s = ZONE_CHINA_S, .now_s = (int64_t)time(NULL)
    };
    int result = encode_do(&encode, argument_count - first, arguments + first);
    profile_set_close(set);
    return result;
}
