/* The data of a frame of DL/T 645, part by part, and the values of its identifier. */
#include "codec/bcd/bcd.h"
#include "codec/dlt645/dlt645_items.h"
#include "codec/dlt645/dlt645_request.h"
#include "codec/dlt645/dlt645_word.h"
#include "codec/explain/explain_dlt645.h"

#define ITEM_LIMIT 256 /* no frame has more: one byte each */

static const char data_clause[] = "DL/T 645 data field";

/* Where explaining is. Items and parts point into the frame's plain copy; rows want the place on the wire. */
struct walk {
    struct explain_place place;
    const struct dlt645_frame *frame;
    const struct dlt645_message *message;
    bool is_chinese;
    bool has_impossible; /* some value is none of its format */
};

static struct span wire_of(const struct walk *walk, struct span plain)
{
    size_t offset = (size_t)(plain.bytes - walk->frame->data);
    return span_of_bytes(walk->frame->wire.bytes + DLT645_AT_DATA + offset, plain.size);
}

static const char *choose(const struct walk *walk, const char *english, const char *chinese)
{
    return walk->is_chinese ? chinese : english;
}

static enum dlt645_version version_of(const struct walk *walk)
{
    return (enum dlt645_version)walk->frame->version;
}

static void identifier_write(const struct walk *walk, struct span bytes, struct writer *value, struct writer *meaning)
{
    struct dlt645_identity identity;

    writer_format(value, "%0*lX", (int)(2 * bytes.size), (unsigned long)walk->message->identifier);
    if (dlt645_identifier_find(version_of(walk), walk->message->identifier, walk->message->direction != DLT645_REQUEST,
                               &identity) == 0)
        dlt645_identity_write(&identity, walk->is_chinese, meaning);
    else
        writer_text(meaning, choose(walk, "not in the table", "标识表中没有"));
}

static void hex_write(const struct walk *walk, struct span bytes, struct writer *value, struct writer *meaning)
{
    (void)walk;
    (void)meaning;
    explain_write_capital_hex(value, bytes);
}

static void number_write(const struct walk *walk, struct span bytes, struct writer *value, struct writer *meaning)
{
    (void)walk;
    (void)meaning;
    writer_format(value, "%u", bytes.bytes[0]);
}

/* Digits as they are typed, most significant first. */
static void digits_write(const struct walk *walk, struct span bytes, struct writer *value, struct writer *meaning)
{
    (void)walk;
    (void)meaning;
    for (size_t i = bytes.size; i-- > 0;)
        writer_format(value, "%02X", bytes.bytes[i]);
}

static void error_write(const struct walk *walk, struct span bytes, struct writer *value, struct writer *meaning)
{
    digits_write(walk, bytes, value, meaning);
    writer_text(value, "H");
}

/* What N1 of control code 1CH orders. */
static void relay_write(const struct walk *walk, struct span bytes, struct writer *value, struct writer *meaning)
{
    static const struct {
        uint8_t command;
        const char *english;
        const char *chinese;
    } commands[] = {
        { DLT645_RELAY_TRIP, "trip (disconnect)", "跳闸" },
        { DLT645_RELAY_PERMIT_CLOSING, "permit closing", "合闸允许" },
        { DLT645_RELAY_CLOSE, "close directly", "直接合闸" },
        { DLT645_ALARM_ON, "alarm on", "报警" },
        { DLT645_ALARM_OFF, "alarm off", "报警解除" },
        { DLT645_KEEP_POWER_ON, "keep power", "保电" },
        { DLT645_KEEP_POWER_OFF, "end keep power", "保电解除" },
    };

    error_write(walk, bytes, value, meaning);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (commands[i].command == bytes.bytes[0])
            writer_text(meaning, choose(walk, commands[i].english, commands[i].chinese));
}

static void rate_write(const struct walk *walk, struct span bytes, struct writer *value, struct writer *meaning)
{
    error_write(walk, bytes, value, meaning);
    dlt645_word_write(&dlt645_rate_word, bytes.bytes[0], walk->is_chinese, meaning);
}

/* MM DD hh mm as people read it; 99 stands for every month, day or hour. */
static void freeze_write(const struct walk *walk, struct span bytes, struct writer *value, struct writer *meaning)
{
    static const char *const texts[][2] = {
        { "once", "定时一次" },     { "every month", "每月" }, { "every day", "每日" },
        { "every hour", "每小时" }, { "now", "立即（瞬时）" },
    };
    size_t wildcards = 0;

    for (size_t i = 4; i-- > 0 && bytes.bytes[i] == 0x99;)
        wildcards++;
    digits_write(walk, bytes, value, meaning);
    writer_text(meaning, texts[wildcards][walk->is_chinese]);
}

static void output_write(const struct walk *walk, struct span bytes, struct writer *value, struct writer *meaning)
{
    static const char *const texts[][2] = {
        { "second pulse", "秒脉冲" },
        { "demand period", "需量周期" },
        { "tariff switch", "时段投切" },
    };

    error_write(walk, bytes, value, meaning);
    if (bytes.bytes[0] < sizeof texts / sizeof texts[0])
        writer_text(meaning, texts[bytes.bytes[0]][walk->is_chinese]);
}

/* How a part is named and shown; an item of a part without `write` says itself what it is. */
static const struct part_row {
    const char *key;
    const char *english;
    const char *chinese;
    void (*write)(const struct walk *walk, struct span bytes, struct writer *value, struct writer *meaning);
} part_rows[DLT645_PART_KIND_COUNT] = {
    [DLT645_PART_IDENTIFIER] = { "di", "Data identifier", "数据标识", identifier_write },
    [DLT645_PART_IDENTIFIER_1997] = { "di", "Data identifier", "数据标识", identifier_write },
    [DLT645_PART_SEQUENCE] = { "sequence", "Sequence", "帧序号", number_write },
    [DLT645_PART_BLOCK_COUNT] = { "block_count", "Blocks", "负荷记录块数", digits_write },
    [DLT645_PART_BLOCK_TIME] = { "from", "From", "起始时间", NULL },
    [DLT645_PART_PASSWORD] = { "password_field_hex", "Password level and password", "密码权限与密码", hex_write },
    [DLT645_PART_OLD_PASSWORD] = { "old_password_hex", "Old password", "原密码", hex_write },
    [DLT645_PART_NEW_PASSWORD] = { "new_password_hex", "New password", "新密码", hex_write },
    [DLT645_PART_OPERATOR] = { "operator_code", "Operator code", "操作者代码", digits_write },
    [DLT645_PART_ADDRESS] = { "communication_address", "Communication address", "通信地址", NULL },
    [DLT645_PART_TIME] = { "date_time", "Date and time", "日期时间", NULL },
    [DLT645_PART_FREEZE_TIME] = { "freeze_time", "Freeze time (MMDDhhmm)", "冻结时间（月日时分）", freeze_write },
    [DLT645_PART_RATE] = { "rate_word", "Rate word", "通信速率特征字", rate_write },
    [DLT645_PART_EVENT_CLASS] = { "event_class", "Events to be cleared", "事件类别", digits_write },
    [DLT645_PART_RELAY_COMMAND] = { "relay_command", "Relay command (N1)", "控制命令（N1）", relay_write },
    [DLT645_PART_RELAY_RESERVED] = { "reserved", "Reserved (N2)", "保留（N2）", hex_write },
    [DLT645_PART_VALID_UNTIL] = { "valid_until", "Valid until", "命令有效截止时间", NULL },
    [DLT645_PART_OUTPUT] = { "output", "Output signal", "输出信号类别", output_write },
    [DLT645_PART_ERROR] = { "error_word", "Error word", "错误信息字", error_write },
    [DLT645_PART_SECURITY_ERROR] = { "error_word", "Security error word", "安全认证错误信息字", error_write },
    [DLT645_PART_SHORT_ERROR] = { "error_word", "Security error word", "安全认证错误信息字", error_write },
    [DLT645_PART_REST] = { "data_hex", "Data", "数据", hex_write },
};

/* One row for each thing a word says: the texts of error words, "relay: open" of status words. */
static void word_put(const struct walk *walk, const struct dlt645_word *word, uint32_t value, struct span wire,
                     const char *error_key)
{
    struct explain_place deeper = explain_deeper(&walk->place);

    for (size_t i = 0; i < word->count; i++) {
        const char *text;
        const struct dlt645_bits *bits = dlt645_word_say(word, i, value, walk->is_chinese, &text);
        if (bits == NULL)
            continue;
        struct explain_field row = explain_row(&deeper, wire, bits->english, bits->chinese, data_clause);
        row.value = text[0] != '\0' ? text : choose(walk, "yes", "是");
        if (error_key != NULL) {
            row.key = error_key;
            row.name = choose(walk, "Error", "错误");
            row.value = choose(walk, bits->english, bits->chinese);
        }
        explain_put(deeper.sink, row, NULL, NULL);
    }
}

static void error_bits_put(const struct walk *walk, const struct dlt645_part *part)
{
    const struct dlt645_word *word =
        part->kind == DLT645_PART_ERROR ? dlt645_error_word(version_of(walk)) : &dlt645_security_error_word;
    uint32_t flags = part->bytes.bytes[0] | (part->bytes.size > 1 ? (uint32_t)part->bytes.bytes[1] << 8 : 0);
    word_put(walk, word, flags, wire_of(walk, part->bytes), "error_bits");
}

static bool is_error(const struct dlt645_part *part)
{
    return part->kind == DLT645_PART_ERROR || part->kind == DLT645_PART_SECURITY_ERROR ||
           part->kind == DLT645_PART_SHORT_ERROR;
}

/* Level and password apart, the password as it is typed. */
static void password_parts_put(const struct walk *walk, const struct dlt645_part *part)
{
    struct explain_place deeper = explain_deeper(&walk->place);
    struct span level = span_of_bytes(part->bytes.bytes, 1), digits = span_of_bytes(part->bytes.bytes + 1, 3);
    struct explain_field level_row =
        explain_row(&deeper, wire_of(walk, level), "Password level", "密码权限", data_clause);
    struct explain_field digits_row = explain_row(&deeper, wire_of(walk, digits), "Password", "密码", data_clause);
    char level_text[3], digits_text[7];

    bcd_text(level, level_text);
    bcd_text(digits, digits_text);
    level_row.value = level_text;
    digits_row.value = digits_text;
    explain_put(deeper.sink, level_row, NULL, NULL);
    explain_put(deeper.sink, digits_row, NULL, NULL);
}

/* A part that is no value of an identifier, as a row; the program's copy of it goes along as an item. */
static void row_put(const struct walk *walk, const struct dlt645_part *part, const struct part_row *form)
{
    char texts[2][EXPLAIN_TEXT_LIMIT];
    struct writer value = writer_of_buffer(texts[0], sizeof texts[0]);
    struct writer meaning = writer_of_buffer(texts[1], sizeof texts[1]);
    struct explain_field row =
        explain_row(&walk->place, wire_of(walk, part->bytes), form->english, form->chinese, data_clause);
    struct item item;
    struct item_list list = item_list_of(&item, 1);

    row.key = form->key;
    form->write(walk, part->bytes, &value, &meaning);
    explain_put(walk->place.sink, row, &value, &meaning);
    if (is_error(part))
        error_bits_put(walk, part);
    if (part->kind == DLT645_PART_PASSWORD || part->kind == DLT645_PART_OLD_PASSWORD ||
        part->kind == DLT645_PART_NEW_PASSWORD)
        password_parts_put(walk, part);
    if (walk->place.sink->item != NULL && dlt645_part_items_decode(walk->frame, walk->message, part, &list) == 0 &&
        list.count == 1)
        walk->place.sink->item(walk->place.sink->context, &item, writer_terminate(&meaning));
}

static void weekday_put(const struct walk *walk, const struct item *item)
{
    static const char *const days[][2] = {
        { "Sunday", "星期日" },   { "Monday", "星期一" }, { "Tuesday", "星期二" },  { "Wednesday", "星期三" },
        { "Thursday", "星期四" }, { "Friday", "星期五" }, { "Saturday", "星期六" }, { "Sunday", "星期日" },
    };
    struct explain_place deeper = explain_deeper(&walk->place);
    struct span byte = span_of_bytes(item->bytes.bytes, 1);
    struct explain_field row = explain_row(&deeper, wire_of(walk, byte), "Weekday", "星期", data_clause);
    char text[8];
    struct writer value = writer_of_buffer(text, sizeof text);

    writer_format(&value, "%X", byte.bytes[0]);
    if (byte.bytes[0] < sizeof days / sizeof days[0])
        row.meaning = days[byte.bytes[0]][walk->is_chinese];
    explain_put(deeper.sink, row, &value, NULL);
}

/* What the value means besides its number. */
static void meaning_write(const struct walk *walk, const struct item *item, const struct dlt645_field *field,
                          struct writer *out)
{
    const struct dlt645_word *word = dlt645_word_of(version_of(walk), item->identifier);

    if (item->quality == ITEM_INVALID && item->kind == ITEM_KIND_BYTES && field != NULL)
        writer_format(out, choose(walk, "%zu bytes where %u are expected", "实为%zu字节，应为%u字节"), item->bytes.size,
                      (unsigned)field->size + field->moment_size);
    if (item->quality != ITEM_GOOD || field == NULL)
        return;
    if (word != NULL)
        dlt645_word_write(word, (uint32_t)item->value, walk->is_chinese, out);
    else if (field->form == DLT645_FORM_SWITCH)
        writer_format(out, choose(walk, "tariff %u", "费率%u"), item->tariff);
    else if (field->quantity == ITEM_START_TIME && field->form == DLT645_FORM_DIGITS)
        writer_format(out, choose(walk, "from %02u-%02u on day table %u", "%02u月%02u日起，日时段表%u"),
                      (unsigned)(item->value / 10000), (unsigned)(item->value / 100 % 100),
                      (unsigned)(item->value % 100));
}

/* What a value is called: by its field, by its identifier, or (nothing written) by its quantity. */
static void names_write(const struct walk *walk, const struct item *item, const struct dlt645_field *field,
                        struct writer *english, struct writer *chinese)
{
    struct dlt645_identity identity;

    if (item->quantity == ITEM_OTHER && (field == NULL || field->english == NULL)) {
        writer_text(english, "Data hex");
        writer_text(chinese, "数据");
    } else if (field != NULL && field->english != NULL) {
        writer_text(english, field->english);
        writer_text(chinese, field->chinese);
    } else if (dlt645_identifier_find(version_of(walk), item->identifier, walk->message->direction != DLT645_REQUEST,
                                      &identity) == 0 &&
               identity.row->record == NULL) {
        dlt645_identity_write(&identity, false, english);
        dlt645_identity_write(&identity, true, chinese);
    }
}

/* What belongs to a value: the bits of a word, the weekday of a date. */
static void details_put(const struct walk *walk, const struct item *item, const struct dlt645_field *field)
{
    const struct dlt645_word *word = dlt645_word_of(version_of(walk), item->identifier);

    if (item->quality != ITEM_GOOD || field == NULL)
        return;
    if (word != NULL && item->kind == ITEM_KIND_FLAGS)
        word_put(walk, word, (uint32_t)item->value, wire_of(walk, item->bytes), NULL);
    if (field->form == DLT645_FORM_DATE)
        weekday_put(walk, item);
}

static void value_put(struct walk *walk, const struct item *item, const struct dlt645_field *field, const char *clause)
{
    char texts[3][EXPLAIN_TEXT_LIMIT];
    struct writer english = writer_of_buffer(texts[0], sizeof texts[0]);
    struct writer chinese = writer_of_buffer(texts[1], sizeof texts[1]);
    struct writer meaning = writer_of_buffer(texts[2], sizeof texts[2]);
    struct explain_place *place = &walk->place;

    names_write(walk, item, field, &english, &chinese);
    meaning_write(walk, item, field, &meaning);
    if (english.size > 0)
        explain_item_as(place->sink, place->frame, wire_of(walk, item->bytes), place->depth, item,
                        writer_terminate(&english), writer_terminate(&chinese), writer_terminate(&meaning), clause);
    else
        explain_item(place->sink, place->frame, wire_of(walk, item->bytes), place->depth, item,
                     writer_terminate(&meaning), clause);
    details_put(walk, item, field);
    walk->has_impossible = walk->has_impossible || item->quality == ITEM_INVALID;
}

static void values_put(struct walk *walk, const struct dlt645_part *part)
{
    struct item items[ITEM_LIMIT];
    struct item_list list = item_list_of(items, ITEM_LIMIT);
    bool is_answer = walk->message->direction != DLT645_REQUEST;
    struct dlt645_identity identity;
    const char *clause = data_clause;
    bool is_continued = dlt645_frame_is_continuation(walk->frame);

    if (part->bytes.size == 0 || dlt645_part_items_decode(walk->frame, walk->message, part, &list) < 0)
        return;
    if (dlt645_identifier_find(version_of(walk), walk->message->identifier, is_answer, &identity) == 0)
        clause = identity.clause;
    for (size_t i = 0; i < list.count; i++)
        value_put(walk, &items[i],
                  is_continued ? NULL
                               : dlt645_values_field(version_of(walk), walk->message->identifier, is_answer,
                                                     part->bytes.size, i),
                  clause);
}

/* A part that is one item. */
static void command_put(struct walk *walk, const struct dlt645_part *part, const struct part_row *form)
{
    struct item item;
    struct item_list list = item_list_of(&item, 1);
    bool is_new_address = part->kind == DLT645_PART_ADDRESS && walk->message->direction == DLT645_REQUEST;

    if (dlt645_part_items_decode(walk->frame, walk->message, part, &list) < 0 || list.count == 0)
        return;
    explain_item_as(walk->place.sink, walk->place.frame, wire_of(walk, part->bytes), walk->place.depth, &item,
                    is_new_address ? "New address" : form->english, is_new_address ? "新通信地址" : form->chinese, NULL,
                    data_clause);
    walk->has_impossible = walk->has_impossible || item.quality == ITEM_INVALID;
}

static void part_put(struct walk *walk, const struct dlt645_part *part)
{
    const struct part_row *form = &part_rows[part->kind];

    if (part->kind == DLT645_PART_VALUES)
        values_put(walk, part);
    else if (form->write != NULL)
        row_put(walk, part, form);
    else
        command_put(walk, part, form);
}

void explain_dlt645_data(const struct explain_place *place, const struct dlt645_frame *frame, bool is_believed)
{
    struct explain_sink sink = *place->sink;
    struct dlt645_message message;

    if (!is_believed)
        sink.item = NULL;
    dlt645_message_decode(frame, &message);
    struct walk walk = {
        { &sink, place->frame, place->depth }, frame, &message, sink.language == EXPLAIN_CHINESE, false
    };
    for (size_t i = 0; i < message.part_count; i++)
        part_put(&walk, &message.parts[i]);
    if (walk.has_impossible) {
        struct explain_field row =
            explain_row(place, span_of_bytes(NULL, 0), "Semantic error", "内容错误", data_clause);
        row.value = choose(&walk, "a value is not of its format", "有数据不符合其格式");
        explain_put(&sink, row, NULL, NULL);
    }
}
