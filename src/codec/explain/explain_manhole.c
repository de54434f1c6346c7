#include "codec/bcd/bcd.h"
#include "codec/codec_error.h"
#include "codec/explain/explain_layout.h"
#include "codec/manhole/manhole_area.h"
#include "codec/manhole/manhole_security.h"

#define PACKET_CLAUSE "DB35/T 1803 table 1, MHC-1 3"
#define SEGMENT_CLAUSE "DB35/T 1803 table 2, MHC-1 4"
#define TERMINAL_CLAUSE "DB35/T 1803 table 3, MHC-1 4"
#define FUNCTION_CLAUSE "DB35/T 1803 table 4"
#define SECURITY_CLAUSE "DB35/T 1803 6.3, MHC-1 4"

/* What the rows of one packet need. */
struct telling {
    struct explain_place place;
    const struct manhole_profile *profile;
    struct manhole_offsets at;
};

/* Bytes of the frame, as far as there are any. */
static struct span part(const struct telling *telling, size_t offset, size_t size)
{
    size_t left = offset < telling->place.frame.size ? telling->place.frame.size - offset : 0;
    return span_of_bytes(telling->place.frame.bytes + (left > 0 ? offset : 0), size < left ? size : left);
}

/* Bytes of the protection. */
static void hex_put(const struct telling *telling, struct span bytes, const char *english, const char *chinese,
                    const char *meaning)
{
    char text[EXPLAIN_TEXT_LIMIT];
    struct writer value = writer_of_buffer(text, sizeof text);
    struct explain_field row = explain_row(&telling->place, bytes, english, chinese, SECURITY_CLAUSE);

    if (bytes.size == 0)
        return;
    explain_write_hex(&value, bytes);
    row.meaning = meaning;
    explain_put(telling->place.sink, row, &value, NULL);
}

static void start_put(const struct telling *telling)
{
    char text[EXPLAIN_TEXT_LIMIT];
    struct writer value = writer_of_buffer(text, sizeof text);
    struct span bytes = part(telling, 0, telling->profile->start_size);

    explain_write_hex(&value, bytes);
    explain_put(telling->place.sink, explain_row(&telling->place, bytes, "start", "起始符", PACKET_CLAUSE), &value,
                NULL);
}

static void number_put(const struct telling *telling, struct span bytes, const char *english, const char *chinese,
                       const char *clause, const char *meaning)
{
    char text[EXPLAIN_TEXT_LIMIT];
    struct writer value = writer_of_buffer(text, sizeof text);
    struct explain_field row = explain_row(&telling->place, bytes, english, chinese, clause);
    unsigned long number = 0;

    if (bytes.size == 0)
        return;
    for (size_t i = 0; i < bytes.size; i++)
        number = number << 8 | bytes.bytes[i];
    writer_format(&value, "%lu", number);
    row.meaning = meaning;
    explain_put(telling->place.sink, row, &value, NULL);
}

static void code_put(const struct telling *telling, size_t offset, enum manhole_set set, const char *english,
                     const char *chinese, const char *clause)
{
    struct span byte = part(telling, offset, 1);
    char text[EXPLAIN_TEXT_LIMIT];
    struct writer value = writer_of_buffer(text, sizeof text);
    struct explain_field row = explain_row(&telling->place, byte, english, chinese, clause);

    if (byte.size == 0)
        return;
    const struct layout_word *word =
        manhole_word(telling->profile, set, manhole_row(telling->profile, set, byte.bytes[0]));
    row.meaning = word != NULL ? explain_choose(telling->place.sink, word->english, word->chinese)
                               : explain_choose(telling->place.sink, "unknown", "未知");
    writer_format(&value, "%02XH", byte.bytes[0]);
    explain_put(telling->place.sink, row, &value, NULL);
}

/* The ID is the address; an IMEI is stored as 0 and 15 digits. */
static void id_put(const struct telling *telling)
{
    struct span id = part(telling, telling->at.id, telling->profile->id_size);
    char texts[2][EXPLAIN_TEXT_LIMIT];
    struct writer value = writer_of_buffer(texts[0], sizeof texts[0]);
    struct writer meaning = writer_of_buffer(texts[1], sizeof texts[1]);
    struct explain_field row = explain_row(&telling->place, id, "terminal ID", "终端编号", PACKET_CLAUSE);

    if (id.size == 0)
        return;
    explain_write_hex(&value, id);
    if (id.size == 8 && id.bytes[0] >> 4 == 0 && id.bytes[0] != 0)
        writer_format(&meaning, "IMEI %.15s", texts[0] + 1);
    row.is_address = true;
    explain_put(telling->place.sink, row, &value, &meaning);
}

static void sequence_put(const struct telling *telling)
{
    struct span bytes = part(telling, telling->at.segment + 2, telling->profile->sequence_size);
    bool is_platform = bytes.size == 2 && bytes.bytes[0] >= MANHOLE_SEQUENCE_PLATFORM >> 8;

    number_put(telling, bytes, "sequence", "序号", SEGMENT_CLAUSE,
               is_platform ? explain_choose(telling->place.sink, "chosen by the platform", "由平台选定")
                           : explain_choose(telling->place.sink, "chosen by the terminal", "由终端选定"));
}

static void security_put(const struct telling *telling)
{
    struct span byte = part(telling, telling->at.area - 1, 1);
    char text[EXPLAIN_TEXT_LIMIT];
    struct writer value = writer_of_buffer(text, sizeof text);
    struct explain_field row = explain_row(&telling->place, byte, "security", "安全方式", SECURITY_CLAUSE);

    if (byte.size == 0 || !telling->profile->has_security)
        return;
    const struct layout_word *word = manhole_word(telling->profile, MANHOLE_SET_MODE,
                                                  manhole_row(telling->profile, MANHOLE_SET_MODE, byte.bytes[0] >> 4));
    row.meaning = word != NULL ? explain_choose(telling->place.sink, word->english, word->chinese)
                               : explain_choose(telling->place.sink, "unknown mode", "未知方式");
    writer_format(&value, "%s %u, %s %u", explain_choose(telling->place.sink, "mode", "方式"), byte.bytes[0] >> 4,
                  explain_choose(telling->place.sink, "key slot", "密钥槽"), byte.bytes[0] & 15u);
    explain_put(telling->place.sink, row, &value, NULL);
}

/* Start, length and everything up to the area, as far as the bytes go. */
static void head_put(const struct telling *telling)
{
    const struct manhole_profile *profile = telling->profile;

    start_put(telling);
    number_put(telling, part(telling, telling->at.length, profile->length_size), "length", "长度", PACKET_CLAUSE, NULL);
    number_put(telling, part(telling, telling->at.version, profile->version_size), "version", "协议版本", PACKET_CLAUSE,
               NULL);
    id_put(telling);
    code_put(telling, telling->at.segment, MANHOLE_SET_TERMINAL, "terminal type", "终端类型", TERMINAL_CLAUSE);
    code_put(telling, telling->at.segment + 1, MANHOLE_SET_FUNCTION, "function", "功能码", FUNCTION_CLAUSE);
    sequence_put(telling);
    security_put(telling);
}

static int clear_explain(const struct telling *telling, const struct manhole_frame *frame, struct span clear,
                         struct span fallback, unsigned depth, size_t *error_offset)
{
    struct explain_layout state = { telling->place.sink, telling->place.frame, fallback, 0 };
    struct layout_visitor visitor = explain_layout_visitor(&state);
    size_t stopped = 0;
    int result =
        manhole_area_visit(telling->profile, frame->terminal, frame->function, clear, depth, &visitor, &stopped);

    if (result < 0)
        *error_offset = telling->at.area + (clear.bytes == frame->area.bytes ? stopped : 0);
    return result;
}

/* The parts of a protected area; an area too short for them is all `text`. */
struct protected_parts {
    struct span initial;
    struct span text;
    struct span tag;
};

static struct protected_parts parts_of(const struct telling *telling, const struct manhole_frame *frame)
{
    size_t initial = manhole_initial_size(telling->profile, frame->mode);
    size_t tag = initial > 0 ? telling->profile->tag_size : 0;
    const uint8_t *bytes = frame->area.bytes;
    struct protected_parts parts = { { bytes, 0 }, frame->area, { bytes + frame->area.size, 0 } };

    if (frame->area.size >= initial + tag) {
        parts.initial = span_of_bytes(bytes, initial);
        parts.text = span_of_bytes(bytes + initial, frame->area.size - initial - tag);
        parts.tag = span_of_bytes(bytes + frame->area.size - tag, tag);
    }
    return parts;
}

/* returns  1 and *clear; 0 when there is no key for it; CODEC_ERR_* */
static int area_open(const struct telling *telling, const struct manhole_frame *frame, uint8_t *buffer,
                     struct span *clear)
{
    const struct explain_secret *secret = telling->place.sink->secret;
    struct manhole_keys keys;

    if (secret == NULL || secret->key.size != CIPHER_BLOCK_SIZE || frame->area.size > MANHOLE_FRAME_LIMIT ||
        manhole_initial_size(telling->profile, frame->mode) == 0)
        return 0;
    int result = manhole_keys_derive(telling->profile, secret->cipher, secret->key.bytes, frame->slot, &keys);
    if (result == 0)
        result = manhole_frame_open(telling->profile, secret->cipher, &keys, frame, buffer, clear);
    cipher_wipe(&keys, sizeof keys);
    return result < 0 ? result : 1;
}

static int protected_explain(const struct telling *telling, const struct manhole_frame *frame, size_t *error_offset)
{
    const struct explain_sink *sink = telling->place.sink;
    struct protected_parts parts = parts_of(telling, frame);
    bool is_chained = parts.initial.size == CIPHER_BLOCK_SIZE;
    uint8_t buffer[MANHOLE_FRAME_LIMIT];
    struct span clear = { NULL, 0 };
    int opened = area_open(telling, frame, buffer, &clear);
    int result = 0;

    hex_put(telling, parts.initial, is_chained ? "IV" : "nonce", is_chained ? "初始向量" : "随机数", NULL);
    hex_put(telling, parts.text, "protected data", "受保护数据",
            opened == 0 ? explain_choose(sink, "key needed", "需要密钥") : NULL);
    if (opened > 0)
        result = clear_explain(telling, frame, clear, parts.text, 1, error_offset);
    hex_put(telling, parts.tag, "tag", "校验标签",
            opened == 0  ? explain_choose(sink, "not checked", "未校验")
            : opened > 0 ? explain_choose(sink, "right", "正确")
                         : explain_choose(sink, "wrong", "错误"));
    if (opened < 0) {
        *error_offset = (size_t)(parts.tag.bytes - telling->place.frame.bytes);
        return opened;
    }
    return result;
}

static void crc_put(const struct telling *telling, bool is_right)
{
    struct span frame = telling->place.frame;
    struct span crc = span_of_bytes(frame.bytes + frame.size - 2, 2);
    char text[EXPLAIN_TEXT_LIMIT];
    struct writer value = writer_of_buffer(text, sizeof text);
    struct explain_field row = explain_row(&telling->place, crc, "CRC", "校验码", PACKET_CLAUSE);

    explain_write_hex(&value, crc);
    row.meaning = is_right ? explain_choose(telling->place.sink, "right", "正确")
                           : explain_choose(telling->place.sink, "wrong", "错误");
    explain_put(telling->place.sink, row, &value, NULL);
}

int explain_manhole(const struct explain_sink *sink, struct span frame, size_t *error_offset)
{
    const struct manhole_profile *profile = manhole_profile_mhc1();
    struct telling telling = { { sink, frame, 0 }, profile, manhole_offsets(profile) };
    struct manhole_frame split;
    int result = manhole_frame_decode(profile, frame, &split, error_offset);

    if (result == CODEC_ERR_FORMAT)
        return result;
    head_put(&telling);
    if (result < 0) {
        if (result == CODEC_ERR_CHECKSUM)
            crc_put(&telling, false);
        return result;
    }
    if (manhole_row(profile, MANHOLE_SET_MODE, split.mode) == MANHOLE_MODE_PLAIN)
        result = clear_explain(&telling, &split, split.area, split.area, 0, error_offset);
    else
        result = protected_explain(&telling, &split, error_offset);
    crc_put(&telling, true);
    return result;
}

/* Of a packet that was cut or has bytes behind it: start and length are right, version and digits of the ID as well. */
static bool is_head(const struct manhole_profile *profile, struct span frame)
{
    struct manhole_offsets at = manhole_offsets(profile);

    if (frame.size < at.segment || frame.bytes[at.version] != profile->version)
        return false;
    for (size_t i = at.id; i < at.segment; i++)
        if (bcd_byte_read(frame.bytes[i]) < 0)
            return false;
    return true;
}

enum explain_belief explain_manhole_recognise(struct span frame)
{
    const struct manhole_profile *profile = manhole_profile_mhc1();
    struct manhole_frame split;
    int result = manhole_frame_decode(profile, frame, &split, NULL);

    if (result == 0)
        return EXPLAIN_CERTAIN;
    if (result == CODEC_ERR_SHORT || result == CODEC_ERR_TRAILING)
        return is_head(profile, frame) ? EXPLAIN_LIKELY : EXPLAIN_NO;
    return result == CODEC_ERR_CHECKSUM ? EXPLAIN_LIKELY : EXPLAIN_NO;
}

size_t explain_manhole_find(struct span stream, size_t *skip)
{
    return manhole_frame_find(manhole_profile_mhc1(), stream, skip);
}
