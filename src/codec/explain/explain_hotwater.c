#include "codec/codec_error.h"
#include "codec/explain/explain_layout.h"
#include "codec/hotwater/hotwater_frame.h"

#define FRAME_CLAUSE "HW-1 3"
#define COMMAND_CLAUSE "HW-1 4"

/* How a head field is written. */
enum head_form { HEAD_HEX, HEAD_NUMBER, HEAD_FLAGS, HEAD_METER, HEAD_COMMAND };

static const struct head_field {
    const char *english;
    const char *chinese;
    const char *clause;
    uint8_t offset;
    uint8_t size;
    uint8_t form;
} head_fields[] = {
    { "start", "起始符", FRAME_CLAUSE, 0, 2, HEAD_HEX },
    { "version", "版本", FRAME_CLAUSE, 2, 1, HEAD_NUMBER },
    { "flags", "标志", FRAME_CLAUSE, 3, 1, HEAD_FLAGS },
    { "meter number", "表号", FRAME_CLAUSE, 4, 6, HEAD_METER },
    { "counter", "计数器", FRAME_CLAUSE, 10, 4, HEAD_NUMBER },
    { "command", "命令", COMMAND_CLAUSE, 14, 1, HEAD_COMMAND },
    { "length", "长度", FRAME_CLAUSE, 15, 2, HEAD_NUMBER },
};

static void flags_write(const struct explain_sink *sink, uint8_t flags, struct writer *out)
{
    static const char *const words[][2] = {
        { "from the meter", "来自表" },
        { "tag present", "带标签" },
        { "request/response pair", "请求应答成对" },
        { "came by phone relay", "经手机转发" },
    };

    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++) {
        if ((flags >> i & 1) == 0)
            continue;
        writer_text(out, out->size > 0 ? explain_choose(sink, ", ", "，") : "");
        writer_text(out, explain_choose(sink, words[i][0], words[i][1]));
    }
}

static void head_value_write(const struct explain_sink *sink, unsigned form, struct span bytes, struct writer *value,
                             struct writer *meaning)
{
    const struct layout_word *word;
    unsigned long number = 0;

    for (size_t i = 0; i < bytes.size; i++)
        number = number << 8 | bytes.bytes[i];
    switch ((enum head_form)form) {
    case HEAD_HEX:
    case HEAD_METER:
        explain_write_hex(value, bytes);
        return;
    case HEAD_NUMBER:
        writer_format(value, "%lu", number);
        return;
    case HEAD_FLAGS:
        writer_format(value, "%02lXH", number);
        flags_write(sink, bytes.bytes[0], meaning);
        return;
    case HEAD_COMMAND:
        writer_format(value, "%02lXH", number);
        word = hotwater_command_word(bytes.bytes[0]);
        writer_text(meaning, word != NULL ? explain_choose(sink, word->english, word->chinese)
                                          : explain_choose(sink, "unknown", "未知"));
        return;
    }
}

/* Everything in front of the payload, as far as the bytes go. */
static void head_put(const struct explain_place *place)
{
    for (size_t i = 0; i < sizeof head_fields / sizeof head_fields[0]; i++) {
        const struct head_field *field = &head_fields[i];
        char texts[2][EXPLAIN_TEXT_LIMIT];
        struct writer value = writer_of_buffer(texts[0], sizeof texts[0]);
        struct writer meaning = writer_of_buffer(texts[1], sizeof texts[1]);
        struct span bytes;
        if (span_slice(place->frame, field->offset, field->size, &bytes) < 0)
            return;
        struct explain_field row = explain_row(place, bytes, field->english, field->chinese, field->clause);
        row.is_address = field->form == HEAD_METER;
        head_value_write(place->sink, field->form, bytes, &value, &meaning);
        explain_put(place->sink, row, &value, &meaning);
    }
}

static void hex_put(const struct explain_place *place, struct span bytes, const char *english, const char *chinese,
                    const char *meaning)
{
    char text[EXPLAIN_TEXT_LIMIT];
    struct writer value = writer_of_buffer(text, sizeof text);
    struct explain_field row = explain_row(place, bytes, english, chinese, FRAME_CLAUSE);

    if (bytes.size == 0)
        return;
    explain_write_hex(&value, bytes);
    row.meaning = meaning;
    explain_put(place->sink, row, &value, NULL);
}

static int payload_explain(const struct explain_place *place, const struct hotwater_frame *frame, struct span clear,
                           unsigned depth, size_t *error_offset)
{
    struct explain_layout state = { place->sink, place->frame, frame->payload, 0 };
    struct layout_visitor visitor = explain_layout_visitor(&state);
    size_t stopped = 0;
    int result = hotwater_payload_visit(frame->command, clear, depth, &visitor, &stopped);

    if (result < 0)
        *error_offset = HOTWATER_HEAD_SIZE + stopped;
    return result;
}

static const char *tag_words(const struct explain_sink *sink, bool has_key, int result)
{
    if (!has_key)
        return explain_choose(sink, "not checked", "未校验");
    return result == 0 ? explain_choose(sink, "right", "正确") : explain_choose(sink, "wrong", "错误");
}

/* Payload and tag, opened when the session key is there. */
static int body_explain(const struct explain_place *place, const struct hotwater_frame *frame, size_t *error_offset)
{
    const struct explain_secret *secret = place->sink->secret;
    bool has_key = secret != NULL && secret->key.size == CIPHER_BLOCK_SIZE && frame->tag.size > 0;
    bool is_encrypted = hotwater_frame_is_encrypted(frame);
    uint8_t buffer[HOTWATER_PAYLOAD_LIMIT];
    struct span clear = frame->payload;
    int opened = has_key ? hotwater_frame_open(frame, secret->cipher, secret->key.bytes, buffer, &clear) : 0;
    int result = 0;

    if (is_encrypted)
        hex_put(place, frame->payload, "protected data", "受保护数据",
                has_key ? NULL : explain_choose(place->sink, "key needed", "需要密钥"));
    if (opened == 0 && (has_key || !is_encrypted))
        result = payload_explain(place, frame, clear, is_encrypted ? 1 : 0, error_offset);
    else if (!is_encrypted)
        hex_put(place, frame->payload, "payload", "载荷", NULL);
    hex_put(place, frame->tag, "tag", "校验标签", tag_words(place->sink, has_key, opened));
    if (opened < 0) {
        *error_offset = frame->covered.size;
        return opened;
    }
    return result;
}

static void crc_put(const struct explain_place *place, bool is_right)
{
    struct span crc = span_of_bytes(place->frame.bytes + place->frame.size - 2, 2);
    hex_put(place, crc, "CRC", "校验码",
            is_right ? explain_choose(place->sink, "right", "正确") : explain_choose(place->sink, "wrong", "错误"));
}

int explain_hotwater(const struct explain_sink *sink, struct span frame, size_t *error_offset)
{
    struct explain_place place = { sink, frame, 0 };
    struct hotwater_frame split;
    int result = hotwater_frame_decode(frame, &split, error_offset);

    if (result == CODEC_ERR_FORMAT)
        return result;
    head_put(&place);
    if (result < 0) {
        if (result == CODEC_ERR_CHECKSUM)
            crc_put(&place, false);
        return result;
    }
    result = body_explain(&place, &split, error_offset);
    crc_put(&place, true);
    return result;
}

enum explain_belief explain_hotwater_recognise(struct span frame)
{
    struct hotwater_frame split;
    int result = hotwater_frame_decode(frame, &split, NULL);

    if (result == 0)
        return EXPLAIN_CERTAIN;
    if ((result == CODEC_ERR_SHORT || result == CODEC_ERR_TRAILING) && frame.size >= HOTWATER_HEAD_SIZE)
        return EXPLAIN_LIKELY; /* start and version hardly stand there by chance */
    return result == CODEC_ERR_CHECKSUM ? EXPLAIN_LIKELY : EXPLAIN_NO;
}
