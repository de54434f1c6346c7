#include "codec/dtu/dtu_pattern.h"

#include <string.h>

#include "base/hex.h"
#include "codec/codec_error.h"

#define COUNT_OF(rows) (sizeof(rows) / sizeof(rows)[0])

/* Pieces by name, with the sizes they have when none are given; maximum 0: sizes must be given. */
static const struct piece {
    const char *name;
    uint8_t kind;
    uint8_t minimum;
    uint8_t maximum;
} pieces[] = {
    { "any", DTU_PART_ANY, 0, 0 },       { "end", DTU_PART_END, 0, 8 },       { "imei", DTU_PART_IMEI, 15, 15 },
    { "iccid", DTU_PART_ICCID, 19, 20 }, { "phone", DTU_PART_PHONE, 11, 13 }, { "digits", DTU_PART_DIGITS, 0, 0 },
    { "text", DTU_PART_TEXT, 0, 0 },     { "hex", DTU_PART_HEX, 0, 0 },       { "bcd", DTU_PART_BCD, 0, 0 },
    { "bytes", DTU_PART_BYTES, 0, 0 },
};

#define DDP "Four-Faith, DDP description"
#define PROT "Four-Faith, PROT description"
#define USR "USR manuals"
#define INSTALLERS "practice of installers"

static const struct dtu_form forms[] = {
    /* Four-Faith (四信) DDP, also of Hongdian (宏电) H7710: length in bytes 2 and 3 counts from 7B to 7B. */
    { "ddp_registration", DTU_REGISTRATION, DTU_CERTAIN, "{=7B010016}{digits:11}{any:6}{=7B}", "DDP registration",
      "DDP 注册包", DDP },
    { "ddp_logout", DTU_LOGOUT, DTU_CERTAIN, "{=7B020010}{digits:11}{=7B}", "DDP logout", "DDP 注销包", DDP },
    { "ddp_acknowledge", DTU_ANSWER, DTU_CERTAIN, "{=7B050010}{digits:11}{=7B}", "DDP data received by the unit",
      "DDP 数据应答（终端）", DDP },
    { "ddp_data", DTU_DATA, DTU_CERTAIN, "{=7B090010}{digits:11}{=7B}", "DDP data header", "DDP 数据包头", DDP },
    { "ddp_registration_answer", DTU_ANSWER, DTU_CERTAIN, "{=7B810010}{digits:11}{=7B}", "DDP registration accepted",
      "DDP 注册应答", DDP },
    { "ddp_logout_answer", DTU_ANSWER, DTU_CERTAIN, "{=7B820010}{digits:11}{=7B}", "DDP logout by the server",
      "DDP 中心注销", DDP },
    { "ddp_server_acknowledge", DTU_ANSWER, DTU_CERTAIN, "{=7B850010}{digits:11}{=7B}",
      "DDP data received by the server", "DDP 数据应答（中心）", DDP },
    { "ddp_server_data", DTU_DATA, DTU_CERTAIN, "{=7B890010}{digits:11}{=7B}", "DDP data header from the server",
      "DDP 下行数据包头", DDP },
    /* Four-Faith PROT: a number of 4 bytes, the phone number, 0, IP address, 0. */
    { "prot_registration", DTU_REGISTRATION, DTU_TOLD, "{any:4}{digits:11}{=00}{any:4}{=00}", "PROT registration",
      "PROT 注册包", PROT },
    { "prot_heartbeat", DTU_HEARTBEAT, DTU_TOLD, "{=FE}", "PROT heartbeat", "PROT 心跳包", PROT },
    /* InHand (映翰通) on the ForceControl (力控) bridge. */
    { "bridge_registration", DTU_REGISTRATION, DTU_LIKELY, "{=AA01}{text:11}{=0D}", "bridge registration", "网桥登录包",
      "InHand on the ForceControl bridge" },
    /* USR (有人): what the registration packet holds is a setting, and so is the heartbeat; www.usr.cn is the
     * manuals'. */
    { "usr_imei", DTU_REGISTRATION, DTU_LIKELY, "{imei}{end}", "IMEI as registration", "IMEI 注册包", USR },
    { "usr_iccid", DTU_REGISTRATION, DTU_LIKELY, "{iccid}{end}", "ICCID as registration", "ICCID 注册包", USR },
    { "usr_login", DTU_REGISTRATION, DTU_LIKELY, "LOGIN:{text:1-34}{end}", "LOGIN text as registration", "LOGIN 注册包",
      USR },
    { "usr_text", DTU_REGISTRATION, DTU_TOLD, "{text:1-40}{end}", "free text as registration", "自定义文本注册包",
      USR },
    { "usr_heartbeat", DTU_HEARTBEAT, DTU_CERTAIN, "www.usr.cn{end}", "USR heartbeat", "有人心跳包", USR },
    { "phone", DTU_REGISTRATION, DTU_LIKELY, "{phone}{end}", "phone number as registration", "手机号注册包",
      INSTALLERS },
    { "decimal", DTU_REGISTRATION, DTU_TOLD, "{digits:4-20}{end}", "decimal number as registration", "数字编号注册包",
      INSTALLERS },
    { "imei_bcd", DTU_REGISTRATION, DTU_TOLD, "{bcd:8}", "IMEI in BCD as registration", "IMEI（BCD）注册包",
      INSTALLERS },
    { "heartbeat_ping", DTU_HEARTBEAT, DTU_LIKELY, "ping{end}", "heartbeat \"ping\"", "心跳包 ping", INSTALLERS },
    { "heartbeat_ping_upper", DTU_HEARTBEAT, DTU_LIKELY, "PING{end}", "heartbeat \"PING\"", "心跳包 PING", INSTALLERS },
    { "heartbeat_fe", DTU_HEARTBEAT, DTU_TOLD, "{=FE}", "heartbeat FE", "心跳包 FE", INSTALLERS },
    { "heartbeat_00", DTU_HEARTBEAT, DTU_TOLD, "{=00}", "heartbeat 00", "心跳包 00", INSTALLERS },
    { "heartbeat_ffff8080", DTU_HEARTBEAT, DTU_LIKELY, "{=FFFF8080}", "heartbeat FFFF8080", "心跳包 FFFF8080",
      "default of an open-source driver" },
};

/* One notation being read. */
struct reading {
    struct span notation;
    size_t offset;
    struct dtu_pattern pattern;
    bool has_identity;
};

static struct dtu_part *part_add(struct reading *reading, uint8_t kind)
{
    if (reading->pattern.count == DTU_PART_LIMIT)
        return NULL;
    struct dtu_part *part = &reading->pattern.parts[reading->pattern.count++];
    part->kind = kind;
    part->minimum = 0;
    part->maximum = 0;
    part->literal = reading->pattern.literal_size;
    return part;
}

/* Fixed bytes behind fixed bytes are one part. */
static int literal_add(struct reading *reading, struct span bytes)
{
    struct dtu_pattern *pattern = &reading->pattern;
    struct dtu_part *last = pattern->count > 0 ? &pattern->parts[pattern->count - 1] : NULL;

    if (bytes.size == 0)
        return CODEC_ERR_FORMAT;
    if (last == NULL || last->kind != DTU_PART_FIXED)
        last = part_add(reading, DTU_PART_FIXED);
    if (last == NULL || bytes.size > DTU_LITERAL_LIMIT - (size_t)pattern->literal_size)
        return CODEC_ERR_TOO_LONG;
    memcpy(pattern->literals + pattern->literal_size, bytes.bytes, bytes.size);
    pattern->literal_size = (uint8_t)(pattern->literal_size + bytes.size);
    last->minimum = (uint8_t)(last->minimum + bytes.size);
    last->maximum = last->minimum;
    return 0;
}

static int hex_add(struct reading *reading, struct span hex)
{
    uint8_t bytes[DTU_LITERAL_LIMIT];

    if (hex.size > 2 * sizeof bytes)
        return CODEC_ERR_TOO_LONG;
    int size = hex_decode(hex, bytes, sizeof bytes);
    return size <= 0 ? CODEC_ERR_FORMAT : literal_add(reading, span_of_bytes(bytes, (size_t)size));
}

/* A decimal number at the begin of `text`, which is advanced behind it; -1 when there is none or it is above 255. */
static int number_take(struct span *text)
{
    int number = -1;

    for (; text->size > 0 && text->bytes[0] >= '0' && text->bytes[0] <= '9'; text->bytes++, text->size--) {
        number = (number < 0 ? 0 : 10 * number) + text->bytes[0] - '0';
        if (number > UINT8_MAX)
            return -1;
    }
    return number;
}

/* "4-20" or "11". */
static int sizes_read(struct span text, struct dtu_part *part)
{
    int minimum = number_take(&text), maximum = minimum;

    if (text.size > 0 && text.bytes[0] == '-') {
        text.bytes++;
        text.size--;
        maximum = number_take(&text);
    }
    if (text.size > 0)
        return CODEC_ERR_FORMAT;
    if (minimum < 1 || maximum < minimum || maximum > DTU_IDENTITY_LIMIT)
        return CODEC_ERR_RANGE;
    part->minimum = (uint8_t)minimum;
    part->maximum = (uint8_t)maximum;
    return 0;
}

static const struct piece *piece_find(struct span name)
{
    for (size_t i = 0; i < COUNT_OF(pieces); i++)
        if (span_equal_text(name, pieces[i].name))
            return &pieces[i];
    return NULL;
}

/* Pieces that cannot vary in size: where they end must be known. */
static bool is_fixed_size(uint8_t kind)
{
    return kind == DTU_PART_ANY || kind == DTU_PART_BCD || kind == DTU_PART_BYTES;
}

/* "imei", "digits:4-20". */
static int piece_add(struct reading *reading, struct span text)
{
    ptrdiff_t colon = span_find_byte(text, ':');
    size_t name_size = colon < 0 ? text.size : (size_t)colon;
    const struct piece *piece = piece_find(span_of_bytes(text.bytes, name_size));

    if (piece == NULL || (colon < 0) == (piece->maximum == 0))
        return CODEC_ERR_FORMAT;
    if (piece->kind >= DTU_PART_IMEI && reading->has_identity)
        return CODEC_ERR_DUPLICATE;
    struct dtu_part *part = part_add(reading, piece->kind);
    if (part == NULL)
        return CODEC_ERR_TOO_LONG;
    reading->has_identity = reading->has_identity || piece->kind >= DTU_PART_IMEI;
    part->minimum = piece->minimum;
    part->maximum = piece->maximum;
    if (colon < 0)
        return 0;
    int result = sizes_read(span_of_bytes(text.bytes + name_size + 1, text.size - name_size - 1), part);
    return result == 0 && is_fixed_size(part->kind) && part->minimum != part->maximum ? CODEC_ERR_RANGE : result;
}

/* What stands at the offset: a piece in braces, or text up to the next one. */
static int step(struct reading *reading)
{
    struct span rest =
        span_of_bytes(reading->notation.bytes + reading->offset, reading->notation.size - reading->offset);
    bool is_braced = rest.bytes[0] == '{';
    ptrdiff_t end = span_find_byte(rest, is_braced ? '}' : '{');
    int result;

    if (!is_braced) {
        size_t size = end < 0 ? rest.size : (size_t)end;
        result = literal_add(reading, span_of_bytes(rest.bytes, size));
        reading->offset += result == 0 ? size : 0;
        return result;
    }
    if (end < 2)
        return CODEC_ERR_FORMAT;
    result = rest.bytes[1] == '=' ? hex_add(reading, span_of_bytes(rest.bytes + 2, (size_t)end - 2))
                                  : piece_add(reading, span_of_bytes(rest.bytes + 1, (size_t)end - 1));
    reading->offset += result == 0 ? (size_t)end + 1 : 0;
    return result;
}

static size_t minimum_size(const struct dtu_pattern *pattern)
{
    size_t size = 0;
    for (size_t i = 0; i < pattern->count; i++)
        size += pattern->parts[i].minimum;
    return size;
}

int dtu_pattern_parse(struct span notation, enum dtu_kind kind, struct dtu_pattern *out, size_t *error_offset)
{
    struct reading reading = { notation, 0, { 0 }, false };
    int result = 0;

    reading.pattern.kind = (uint8_t)kind;
    while (result == 0 && reading.offset < notation.size)
        result = step(&reading);
    if (result == 0 && minimum_size(&reading.pattern) == 0)
        result = CODEC_ERR_EMPTY;
    if (result == 0)
        *out = reading.pattern;
    else if (error_offset != NULL)
        *error_offset = reading.offset;
    return result;
}

const struct dtu_form *dtu_form_at(size_t index)
{
    return index < COUNT_OF(forms) ? &forms[index] : NULL;
}

const struct dtu_form *dtu_form_find(struct span name)
{
    for (size_t i = 0; i < COUNT_OF(forms); i++)
        if (span_equal_text(name, forms[i].name))
            return &forms[i];
    return NULL;
}

struct dtu_pattern dtu_form_pattern(const struct dtu_form *form)
{
    struct dtu_pattern pattern = { 0 };
    (void)dtu_pattern_parse(span_of_text(form->notation), (enum dtu_kind)form->kind, &pattern,
                            NULL); /* the rows are right, a test reads them all */
    return pattern;
}

const char *dtu_kind_text(enum dtu_kind kind, bool is_chinese)
{
    static const char *const texts[][2] = {
        [DTU_REGISTRATION] = { "registration", "注册" },
        [DTU_HEARTBEAT] = { "heartbeat", "心跳" },
        [DTU_DATA] = { "data header", "数据包头" },
        [DTU_LOGOUT] = { "logout", "注销" },
        [DTU_ANSWER] = { "answer", "应答" },
    };
    static const char *const unknown[2] = { "unknown", "未知" };
    return (unsigned)kind < COUNT_OF(texts) ? texts[kind][is_chinese] : unknown[is_chinese];
}
