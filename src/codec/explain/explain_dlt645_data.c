/* The data of a frame of DL/T 645, part by part, and the values of its identifier. */
#include "codec/codec_error.h"
#include "codec/dlt645/dlt645_items.h"
#include "codec/dlt645/dlt645_word.h"
#include "codec/explain/explain_dlt645.h"

#define ITEM_LIMIT 256 /* no frame has more: one byte each */

static const char data_clause[] = "DL/T 645 data field";

/* Where explaining is; offsets in the wire are those of the plain copy, shifted. */
struct walk {
    struct explain_place place;
    const struct dlt645_frame *frame;
    const struct dlt645_message *message;
};

static struct span wire_of(const struct walk *walk, struct span plain)
{
    size_t offset = (size_t)(plain.bytes - walk->frame->data);
    return span_of_bytes(walk->frame->wire.bytes + 10 + offset, plain.size);
}

static const char *choose(const struct walk *walk, const char *english, const char *chinese)
{
    return explain_choose(walk->place.sink, english, chinese);
}

static void identifier_write(const struct walk *walk, struct span bytes, struct writer *value, struct writer *meaning)
{
    struct dlt645_identity identity;
    enum dlt645_version version = (enum dlt645_version)walk->frame->version;

    writer_format(value, "%0*lX", (int)(2 * bytes.size), (unsigned long)walk->message->identifier);
    if (dlt645_identifier_find(version, walk->message->identifier, walk->message->direction != DLT645_REQUEST,
                               &identity) == 0)
        dlt645_identity_write(&identity, walk->place.sink->language == EXPLAIN_CHINESE, meaning);
    else
        writer_text(meaning, choose(walk, "not in the table", "标识表中没有"));
}

static void hex_write(const struct walk *walk, struct span bytes, struct writer *value, struct writer *meaning)
{
    static const char digits[] = "0123456789ABCDEF";

    (void)walk;
    (void)meaning;
    for (size_t i = 0; i < bytes.size && value->capacity - value->size > 3; i++) {
        writer_put_u8(value, (uint8_t)digits[bytes.bytes[i] >> 4]);
        writer_put_u8(value, (uint8_t)digits[bytes.bytes[i] & 15]);
    }
}

static void number_write(const struct walk *walk, struct span bytes, struct writer *value, struct writer *meaning)
{
    (void)walk;
    (void)meaning;
    writer_format(value, "%u", bytes.bytes[0]);
}

/* How a part is named and shown. Those without `write` are items. */
static const struct part_row {
    const char *english;
    const char *chinese;
    void (*write)(const struct walk *walk, struct span bytes, struct writer *value, struct writer *meaning);
} part_rows[DLT645_PART_KIND_COUNT] = {
    [DLT645_PART_IDENTIFIER] = { "di", "数据标识", identifier_write },
    [DLT645_PART_IDENTIFIER_1997] = { "di", "数据标识", identifier_write },
    [DLT645_PART_SEQUENCE] = { "sequence", "帧序号", number_write },
    [DLT645_PART_BLOCK_COUNT] = { "block count", "负荷记录块数", hex_write },
    [DLT645_PART_PASSWORD] = { "password field hex", "密码权限与密码", hex_write },
    [DLT645_PART_OLD_PASSWORD] = { "old password", "原密码", hex_write },
    [DLT645_PART_NEW_PASSWORD] = { "new password", "新密码", hex_write },
    [DLT645_PART_OPERATOR] = { "operator", "操作者代码", hex_write },
    [DLT645_PART_EVENT_CLASS] = { "event class", "事件类别", hex_write },
    [DLT645_PART_RELAY_RESERVED] = { "reserved", "保留", hex_write },
    [DLT645_PART_OUTPUT] = { "output", "输出信号", hex_write },
    [DLT645_PART_REST] = { "data hex", "数据", hex_write },
};

static void row_put(const struct walk *walk, const struct dlt645_part *part, const struct part_row *form)
{
    char texts[2][EXPLAIN_TEXT_LIMIT];
    struct writer value = writer_of_buffer(texts[0], sizeof texts[0]);
    struct writer meaning = writer_of_buffer(texts[1], sizeof texts[1]);
    struct explain_field row =
        explain_row(&walk->place, wire_of(walk, part->bytes), form->english, form->chinese, data_clause);

    form->write(walk, part->bytes, &value, &meaning);
    explain_put(walk->place.sink, row, &value, &meaning);
}

/* One row for each set bit of an error word, named by its own text. */
static void error_put(const struct walk *walk, const struct dlt645_part *part)
{
    const struct dlt645_word *word = part->kind == DLT645_PART_ERROR
                                         ? dlt645_error_word((enum dlt645_version)walk->frame->version)
                                         : &dlt645_security_error_word;
    bool is_chinese = walk->place.sink->language == EXPLAIN_CHINESE;
    uint32_t flags = part->bytes.bytes[0] | (part->bytes.size > 1 ? (uint32_t)part->bytes.bytes[1] << 8 : 0);
    char texts[2][EXPLAIN_TEXT_LIMIT];
    struct writer value = writer_of_buffer(texts[0], sizeof texts[0]);
    struct writer meaning = writer_of_buffer(texts[1], sizeof texts[1]);
    struct explain_place deeper = explain_deeper(&walk->place);
    struct span wire = wire_of(walk, part->bytes);

    writer_format(&value, "%0*lXH", (int)(2 * part->bytes.size), (unsigned long)flags);
    dlt645_word_write(word, flags, is_chinese, &meaning);
    explain_put(walk->place.sink, explain_row(&walk->place, wire, "error word", "错误信息字", data_clause), &value,
                &meaning);
    for (size_t i = 0; i < word->count; i++) {
        const char *text;
        const struct dlt645_bits *bits = dlt645_word_say(word, i, flags, is_chinese, &text);
        if (bits == NULL)
            continue;
        struct explain_field row = explain_row(&deeper, wire, "error_bits", "错误位", data_clause);
        row.value = is_chinese ? bits->chinese : bits->english;
        explain_put(deeper.sink, row, NULL, NULL);
    }
}

static void item_put(const struct walk *walk, const struct item *item)
{
    explain_item(walk->place.sink, walk->place.frame, wire_of(walk, item->bytes), walk->place.depth, item, NULL,
                 data_clause);
}

/* Parts that are items, the values of the identifier among them. */
static void items_put(const struct walk *walk, const struct dlt645_part *part)
{
    struct item items[ITEM_LIMIT];
    struct item_list list = item_list_of(items, ITEM_LIMIT);

    if (dlt645_part_items_decode(walk->frame, walk->message, part, &list) < 0)
        return;
    for (size_t i = 0; i < list.count; i++)
        item_put(walk, &items[i]);
}

static void part_put(const struct walk *walk, const struct dlt645_part *part)
{
    const struct part_row *form = &part_rows[part->kind];

    if (form->write != NULL)
        row_put(walk, part, form);
    else if (part->kind == DLT645_PART_ERROR || part->kind == DLT645_PART_SECURITY_ERROR ||
             part->kind == DLT645_PART_SHORT_ERROR)
        error_put(walk, part);
    else
        items_put(walk, part);
}

void explain_dlt645_data(const struct explain_place *place, const struct dlt645_frame *frame, bool is_believed)
{
    struct explain_sink sink = *place->sink;
    struct dlt645_message message;

    if (!is_believed)
        sink.item = NULL;
    dlt645_message_decode(frame, &message);
    struct walk walk = { { &sink, place->frame, place->depth }, frame, &message };
    for (size_t i = 0; i < message.part_count; i++)
        part_put(&walk, &message.parts[i]);
}
