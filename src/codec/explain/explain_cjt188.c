/* CJ/T 188 frames in rows: head, data identifier, the fields of the layout, check sum, end. */
#include "codec/bcd/bcd.h"
#include "codec/cjt188/cjt188_code.h"
#include "codec/cjt188/cjt188_item.h"
#include "codec/codec_error.h"
#include "codec/dlt645/dlt645_frame.h"
#include "codec/explain/explain_internal.h"

#define CLAUSE_FRAME "CJ/T 188-2004, frame"
#define CLAUSE_TYPE "CJ/T 188-2004, meter types"
#define CLAUSE_CONTROL "CJ/T 188-2004, control code"
#define CLAUSE_DATA "CJ/T 188-2004, data"

static void row_put(const struct explain_place *place, struct explain_field row, struct explain_texts *texts)
{
    explain_put(place->sink, row, &texts->value, &texts->meaning);
}

/* A row with a text for value and no meaning. */
static void text_row_put(const struct explain_place *place, struct explain_field row, const char *value)
{
    row.value = value;
    explain_put(place->sink, row, NULL, NULL);
}

static bool is_chinese(const struct explain_place *place)
{
    return place->sink->language == EXPLAIN_CHINESE;
}

static const char *yes_or_no(const struct explain_place *place, bool is_true)
{
    return explain_choose(place->sink, is_true ? "true" : "false", is_true ? "真" : "假");
}

static void preamble_explain(const struct explain_place *place, const struct cjt188_frame *frame)
{
    struct explain_texts texts;

    explain_texts_open(&texts);
    writer_format(&texts.value, "%zu", frame->preamble_size);
    row_put(place,
            explain_row(place, span_of_bytes(place->frame.bytes, frame->preamble_size), "Preamble FE", "唤醒字节 FE",
                        CLAUSE_FRAME),
            &texts);
}

static void type_explain(const struct explain_place *place, const struct cjt188_frame *frame)
{
    const struct cjt188_type *type = frame->type;
    const char *name = explain_choose(place->sink, type->english, type->chinese);
    struct span byte = span_of_bytes(frame->bytes.bytes + CJT188_AT_TYPE, 1);
    struct explain_place deeper = explain_deeper(place);
    struct explain_texts texts;

    explain_texts_open(&texts);
    writer_format(&texts.value, "%02XH", frame->meter_type);
    row_put(place, explain_row(place, byte, "Meter type", "表类型 T", CLAUSE_TYPE), &texts);
    text_row_put(&deeper, explain_row(&deeper, byte, "Meter type name", "类型名称", CLAUSE_TYPE), name);
}

static bool is_wildcard(const struct cjt188_frame *frame)
{
    for (size_t i = 0; i < CJT188_ADDRESS_SIZE; i++)
        if (frame->address[i] != CJT188_WILDCARD)
            return false;
    return true;
}

static void address_explain(const struct explain_place *place, const struct cjt188_frame *frame)
{
    struct span bytes = span_of_bytes(frame->bytes.bytes + CJT188_AT_ADDRESS, CJT188_ADDRESS_SIZE);
    struct explain_field row = explain_row(place, bytes, "Address", "地址 A0-A6", CLAUSE_FRAME);
    char digits[2 * CJT188_ADDRESS_SIZE + 1];
    struct explain_texts texts;

    explain_texts_open(&texts);
    bcd_text(bytes, digits);
    writer_text(&texts.value, digits);
    if (is_wildcard(frame))
        writer_text(&texts.meaning, explain_choose(place->sink, "whoever hears it", "广播，任一表"));
    else {
        writer_text(&texts.meaning, explain_choose(place->sink, "maker's code ", "厂商代码 "));
        writer_put_bytes(&texts.meaning, digits, 4);
    }
    row.is_address = true;
    row_put(place, row, &texts);
}

static void control_explain(const struct explain_place *place, const struct cjt188_frame *frame)
{
    const struct cjt188_function *function = cjt188_function_find(frame->control);
    struct span byte = span_of_bytes(frame->bytes.bytes + CJT188_AT_CONTROL, 1);
    bool is_answer = (frame->control & CJT188_FROM_METER) != 0;
    struct explain_place deeper = explain_deeper(place);
    struct explain_texts texts;

    explain_texts_open(&texts);
    writer_format(&texts.value, "%02XH", frame->control);
    row_put(place, explain_row(place, byte, "Control", "控制码 C", CLAUSE_CONTROL), &texts);
    text_row_put(
        &deeper, explain_row(&deeper, byte, "Direction", "传送方向 D7", CLAUSE_CONTROL),
        explain_choose(place->sink, is_answer ? "meter->master" : "master->meter", is_answer ? "表→主站" : "主站→表"));
    if (is_answer)
        text_row_put(&deeper, explain_row(&deeper, byte, "Abnormal", "通信异常 D6", CLAUSE_CONTROL),
                     yes_or_no(place, (frame->control & CJT188_ABNORMAL) != 0));
    explain_texts_open(&texts);
    writer_text(&texts.value, explain_choose(place->sink, function->english, function->chinese));
    writer_text(&texts.meaning, explain_choose(place->sink, function->english_remark, function->chinese_remark));
    row_put(&deeper, explain_row(&deeper, byte, "Function", "功能 D5-D0", CLAUSE_CONTROL), &texts);
}

static void length_explain(const struct explain_place *place, const struct cjt188_frame *frame)
{
    const uint8_t *byte = frame->bytes.bytes + CJT188_AT_LENGTH;
    struct explain_texts texts;

    explain_texts_open(&texts);
    writer_format(&texts.value, "%u", *byte);
    if (frame->bytes.size < CJT188_FRAME_MINIMUM + (size_t)*byte)
        writer_format(&texts.meaning, explain_choose(place->sink, "only %zu bytes follow", "其后仅有 %zu 字节"),
                      frame->bytes.size - CJT188_HEAD_SIZE);
    row_put(place, explain_row(place, span_of_bytes(byte, 1), "Length", "数据长度 L", CLAUSE_FRAME), &texts);
}

static void identifier_explain(const struct explain_place *place, const struct cjt188_frame *frame)
{
    struct span bytes = span_of_bytes(frame->data.bytes, 2);
    const struct cjt188_data *known = frame->known;
    const char *clause = known != NULL ? known->clause : CLAUSE_DATA;
    struct explain_place deeper = explain_deeper(place);
    struct explain_texts texts;

    explain_texts_open(&texts);
    writer_format(&texts.value, "%04X", frame->identifier);
    row_put(place, explain_row(place, bytes, "DI", "数据标识 DI", clause), &texts);
    explain_texts_open(&texts);
    writer_format(&texts.value, "%02X%02X", bytes.bytes[0], bytes.bytes[1]);
    writer_text(&texts.meaning, frame->is_low_first ? explain_choose(place->sink, "low byte first", "低字节在前")
                                                    : explain_choose(place->sink, "high byte first", "高字节在前"));
    row_put(&deeper, explain_row(&deeper, bytes, "DI on wire", "传输字节序", clause), &texts);
    text_row_put(&deeper, explain_row(&deeper, bytes, "DI name", "标识名称", clause),
                 known != NULL ? explain_choose(place->sink, known->english, known->chinese)
                               : explain_choose(place->sink, "vendor", "厂商自定义"));
}

static void serial_explain(const struct explain_place *place, const struct cjt188_frame *frame)
{
    struct explain_texts texts;

    explain_texts_open(&texts);
    writer_format(&texts.value, "%u", frame->serial);
    row_put(place, explain_row(place, span_of_bytes(frame->payload.bytes - 1, 1), "SER", "序列号 SER", CLAUSE_DATA),
            &texts);
}

/* Bytes as sent, which is how people quote times, status words and makers' data: "2184". */
static void hex_row_put(const struct explain_place *place, struct span bytes, const char *english, const char *chinese,
                        const char *meaning)
{
    struct explain_texts texts;

    explain_texts_open(&texts);
    explain_write_capital_hex(&texts.value, bytes);
    writer_text(&texts.meaning, meaning);
    row_put(place, explain_row(place, bytes, english, chinese, CLAUSE_DATA), &texts);
}

/* The bytes of a time, and why it is none. */
static void time_explain(const struct explain_place *place, const struct item *item)
{
    bool is_bcd = true;

    hex_row_put(place, item->bytes, "Time hex", "时间原始字节", "");
    if (item->quality != ITEM_INVALID)
        return;
    for (size_t i = 0; i < item->bytes.size; i++)
        is_bcd = is_bcd && bcd_byte_read(item->bytes.bytes[i]) >= 0;
    text_row_put(place, explain_row(place, item->bytes, "Semantic error", "内容错误", CLAUSE_DATA),
                 is_bcd ? explain_choose(place->sink, "not a calendar time", "不是合法的日历时间")
                        : explain_choose(place->sink, "time bytes are not BCD", "时间字节不是 BCD 码"));
}

/* Codes are shown as the standard prints them: 99H. */
static void code_explain(const struct explain_place *place, const struct cjt188_field *field, const struct item *item)
{
    struct explain_place deeper = explain_deeper(place);
    struct explain_texts texts;

    explain_texts_open(&texts);
    writer_format(&texts.value, "%02XH", item->bytes.bytes[0]);
    row_put(place, explain_row(place, item->bytes, field->english, field->chinese, CLAUSE_DATA), &texts);
    if (item->identifier == CJT188_VALVE && item->quantity == ITEM_PARAMETER)
        text_row_put(&deeper, explain_row(&deeper, item->bytes, "Valve command name", "命令名称", CLAUSE_DATA),
                     cjt188_valve_command_text(item->bytes.bytes[0], is_chinese(place)));
    if (place->sink->item != NULL)
        place->sink->item(place->sink->context, item, "");
}

static void plain_hex_explain(const struct explain_place *place, const struct cjt188_field *field,
                              const struct item *item)
{
    hex_row_put(place, item->bytes, field->english, field->chinese, "");
    if (place->sink->item != NULL)
        place->sink->item(place->sink->context, item, "");
}

static void value_explain(const struct explain_place *place, const struct cjt188_field *field, const struct item *item)
{
    struct explain_place deeper = explain_deeper(place);

    explain_item_as(place->sink, place->frame, item->bytes, place->depth, item, field->english, field->chinese, NULL,
                    CLAUSE_DATA);
    if (field->format == CJT188_TIME)
        time_explain(&deeper, item);
}

/* By enum cjt188_format: how the row of a field's own item looks. */
static void (*const explainers[])(const struct explain_place *place, const struct cjt188_field *field,
                                  const struct item *item) = {
    [CJT188_VALUE_UNIT] = value_explain, [CJT188_UNIT_VALUE] = value_explain,      [CJT188_NUMBER] = value_explain,
    [CJT188_BINARY] = value_explain,     [CJT188_DIGITS] = value_explain,          [CJT188_TIME] = value_explain,
    [CJT188_STATUS] = plain_hex_explain, [CJT188_STATUS_HEAT] = plain_hex_explain, [CJT188_CODE] = code_explain,
    [CJT188_BYTES] = plain_hex_explain,
};

/* What a bit place of the status word says, below the word's row. */
static void status_bits_explain(const struct explain_place *place, const struct item *item)
{
    char text[EXPLAIN_TEXT_LIMIT];
    struct writer words = writer_of_buffer(text, sizeof text);

    cjt188_item_text_write(item, is_chinese(place), &words);
    explain_item(place->sink, place->frame, item->bytes, place->depth + 1, item, writer_terminate(&words), CLAUSE_DATA);
}

/* Each field has its own item; what follows and lies in the field's bytes is said by its bits. */
static void payload_explain(const struct explain_place *place, const struct cjt188_frame *frame)
{
    const struct cjt188_layout *layout = cjt188_layout_find(frame, NULL);
    struct item items[CJT188_ITEM_LIMIT];
    struct item_list list = item_list_of(items, CJT188_ITEM_LIMIT);
    const uint8_t *end = frame->payload.bytes;

    if (layout->option != 0)
        hex_row_put(place, frame->payload, "Data hex", "数据",
                    explain_choose(place->sink, layout->english, layout->chinese));
    if (cjt188_items_decode(frame, NULL, &list) < 0)
        return;
    for (size_t i = 0, next = 0; i < layout->count; i++) {
        const struct item *item = &items[next++];
        end += item->bytes.size;
        explainers[layout->fields[i].format](place, &layout->fields[i], item);
        for (; next < list.count && items[next].bytes.bytes < end; next++)
            status_bits_explain(place, &items[next]);
    }
}

/* What is left of cut data has no layout: another, shorter one that happens to fit would make values of it. */
static void remnant_explain(const struct explain_place *place, const struct cjt188_frame *frame)
{
    hex_row_put(place, frame->payload, "Data hex", "数据", explain_choose(place->sink, "cut", "不完整"));
}

static bool is_cut(const struct cjt188_frame *frame)
{
    return frame->data.size < frame->bytes.bytes[CJT188_AT_LENGTH];
}

static void data_explain(const struct explain_place *place, const struct cjt188_frame *frame)
{
    bool has_identifier = frame->form == CJT188_FORM_NORMAL || frame->form == CJT188_FORM_WITHOUT_SERIAL ||
                          frame->form == CJT188_FORM_ABNORMAL_IDENTIFIED;

    if (has_identifier)
        identifier_explain(place, frame);
    if (frame->form == CJT188_FORM_WITHOUT_SERIAL && !is_cut(frame))
        text_row_put(
            place,
            explain_row(place, span_of_bytes(frame->payload.bytes, 0), "Semantic error", "内容错误", CLAUSE_DATA),
            explain_choose(place->sink, "SER missing", "缺少序列号 SER"));
    else if (frame->form != CJT188_FORM_RAW && frame->form != CJT188_FORM_WITHOUT_SERIAL)
        serial_explain(place, frame);
    if (frame->payload.size > 0)
        (is_cut(frame) ? remnant_explain : payload_explain)(place, frame);
}

static void end_explain(const struct explain_place *place, const struct cjt188_frame *frame)
{
    const uint8_t *check = frame->bytes.bytes + CJT188_HEAD_SIZE + frame->data.size;
    size_t left = frame->bytes.size - CJT188_HEAD_SIZE - frame->data.size;
    uint8_t right = cjt188_frame_checksum(frame);
    struct explain_texts texts;

    if (left == 0)
        return;
    explain_texts_open(&texts);
    writer_format(&texts.value, "%02XH", check[0]);
    writer_format(&texts.meaning,
                  check[0] == right ? explain_choose(place->sink, "right", "正确")
                                    : explain_choose(place->sink, "should be %02XH", "应为 %02XH"),
                  right);
    row_put(place, explain_row(place, span_of_bytes(check, 1), "Check sum", "校验和 CS", CLAUSE_FRAME), &texts);
    if (left < 2)
        return;
    explain_texts_open(&texts);
    writer_format(&texts.value, "%02XH", check[1]);
    row_put(place, explain_row(place, span_of_bytes(check + 1, 1), "End", "结束符", CLAUSE_FRAME), &texts);
}

int explain_cjt188(const struct explain_sink *sink, struct span frame, size_t *error_offset)
{
    struct explain_place place = { sink, frame, 0 };
    struct cjt188_frame split, decoded;
    int result = cjt188_frame_split(frame, &split, error_offset);

    if (result < 0)
        return result;
    preamble_explain(&place, &split);
    text_row_put(&place, explain_row(&place, span_of_bytes(split.bytes.bytes, 1), "Start", "帧起始符", CLAUSE_FRAME),
                 "68H");
    type_explain(&place, &split);
    address_explain(&place, &split);
    control_explain(&place, &split);
    length_explain(&place, &split);
    data_explain(&place, &split);
    end_explain(&place, &split);
    return cjt188_frame_decode(frame, &decoded, error_offset);
}

/* Does a second 68H stand where DL/T 645, Q/GDW 376.1 and M-Bus have theirs? */
static bool has_second_start(const struct cjt188_frame *frame)
{
    static const uint8_t second_starts[] = { 3, 5, 7 };

    for (size_t i = 0; i < sizeof second_starts; i++)
        if (frame->bytes.bytes[second_starts[i]] == CJT188_START)
            return true;
    return false;
}

/* Is it a whole frame of DL/T 645 by length and end, though not by its second 68H? */
static bool is_as_long_as_dlt645(const struct cjt188_frame *frame)
{
    size_t size = DLT645_FRAME_SIZE_MIN + (size_t)frame->bytes.bytes[DLT645_AT_LENGTH];
    return frame->bytes.size == size && frame->bytes.bytes[size - 1] == CJT188_END;
}

/* A frame of which bytes are missing, wrong or too many, and that can hardly be anything else: the type is one of the
 * standard's. User-defined types (40H on) are left out, they are CoAP's codes of success. */
static bool is_remnant(const struct cjt188_frame *frame)
{
    if (is_as_long_as_dlt645(frame))
        return false;
    return (frame->meter_type >= CJT188_TYPE_FIRST && frame->meter_type <= CJT188_TYPE_STANDARD_LAST) ||
           frame->meter_type == CJT188_WILDCARD;
}

enum explain_belief explain_cjt188_recognise(struct span frame)
{
    struct cjt188_frame decoded;
    int result = cjt188_frame_decode(frame, &decoded, NULL);

    if (result == 0)
        return EXPLAIN_CERTAIN;
    if (cjt188_frame_split(frame, &decoded, NULL) < 0 || has_second_start(&decoded))
        return EXPLAIN_NO;
    return result == CODEC_ERR_CHECKSUM || is_remnant(&decoded) ? EXPLAIN_LIKELY : EXPLAIN_NO;
}
