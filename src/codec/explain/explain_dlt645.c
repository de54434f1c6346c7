/* A frame of DL/T 645: the link layer here, the data in explain_dlt645_data.c. */
#include "codec/explain/explain_dlt645.h"
#include "codec/checksum/checksum.h"
#include "codec/codec_error.h"
#include "codec/dlt645/dlt645_message.h"
#include "codec/explain/explain_internal.h"

static const char frame_clause[] = "DL/T 645 frame format";
static const char control_clause[] = "DL/T 645 control code";

/* A row whose key is the word that programs look for, beside the name for people. */
static void text_put(const struct explain_place *place, struct span bytes, const char *key, const char *english,
                     const char *chinese, const char *value)
{
    struct explain_field row = explain_row(place, bytes, english, chinese, control_clause);
    row.key = key;
    row.value = value;
    explain_put(place->sink, row, NULL, NULL);
}

static void byte_put(const struct explain_place *place, const uint8_t *byte, const char *english, const char *chinese,
                     const char *meaning)
{
    char text[8];
    struct writer value = writer_of_buffer(text, sizeof text);
    struct explain_field row = explain_row(place, span_of_bytes(byte, 1), english, chinese, frame_clause);

    writer_format(&value, "%02XH", *byte);
    row.meaning = meaning;
    explain_put(place->sink, row, &value, NULL);
}

static void number_put(const struct explain_place *place, struct span bytes, const char *english, const char *chinese,
                       size_t number)
{
    char text[24];
    struct writer value = writer_of_buffer(text, sizeof text);
    struct explain_field row = explain_row(place, bytes, english, chinese, frame_clause);

    writer_format(&value, "%zu", number);
    explain_put(place->sink, row, &value, NULL);
}

static void head_put(const struct explain_place *place, const struct dlt645_frame *frame)
{
    struct span nothing = { NULL, 0 };

    text_put(place, nothing, "protocol", "Protocol", "规约",
             frame->version == DLT645_2007 ? "DL/T 645-2007" : "DL/T 645-1997");
    number_put(place, span_of_bytes(place->frame.bytes, frame->wake_up_count), "Preamble FE", "前导字节 FE",
               frame->wake_up_count);
}

static void address_put(const struct explain_place *place, const struct dlt645_frame *frame)
{
    char digits[DLT645_ADDRESS_TEXT_SIZE];
    struct explain_field row =
        explain_row(place, span_of_bytes(frame->wire.bytes + DLT645_AT_ADDRESS, DLT645_ADDRESS_SIZE), "Address",
                    "地址域", frame_clause);
    struct span bytes = span_of_bytes(frame->address.bytes, DLT645_ADDRESS_SIZE);

    dlt645_address_write(&frame->address, digits);
    row.value = digits;
    row.is_address = true;
    if (span_equal(bytes, span_of_bytes(dlt645_address_broadcast.bytes, DLT645_ADDRESS_SIZE)))
        row.meaning = explain_choose(place->sink, "broadcast", "广播地址");
    else if (span_find_byte(bytes, 0xaa) >= 0)
        row.meaning = explain_choose(place->sink, "wildcard: any meter with these digits", "通配地址（缩位寻址）");
    explain_put(place->sink, row, NULL, NULL);
}

static const char *truth(const struct explain_place *place, bool is_true)
{
    return is_true ? explain_choose(place->sink, "true", "是") : explain_choose(place->sink, "false", "否");
}

/* The bits of the control code; "abnormal" and "follow-up" are said of answers only, as requests have none. */
static void control_bits_put(const struct explain_place *place, const struct dlt645_frame *frame, struct span control)
{
    const struct dlt645_function_info *function =
        dlt645_function_info((enum dlt645_version)frame->version, frame->control);
    bool is_answer = (frame->control & DLT645_CONTROL_ANSWER) != 0;

    text_put(place, control, "direction", "Direction", "传送方向",
             is_answer ? explain_choose(place->sink, "meter->master", "电表→主站")
                       : explain_choose(place->sink, "master->meter", "主站→电表"));
    if (is_answer) {
        text_put(place, control, "abnormal", "Abnormal answer", "异常应答",
                 truth(place, (frame->control & DLT645_CONTROL_ABNORMAL) != 0));
        text_put(place, control, "follow_up", "More data follow", "有后续帧",
                 truth(place, (frame->control & DLT645_CONTROL_MORE) != 0));
    }
    text_put(place, control, "function", "Function", "功能",
             explain_choose(place->sink, function->english, function->chinese));
}

static void link_put(const struct explain_place *place, const struct dlt645_frame *frame)
{
    struct explain_place deeper = explain_deeper(place);
    const uint8_t *wire = frame->wire.bytes;

    byte_put(place, wire, "Start", "帧起始符", NULL);
    address_put(place, frame);
    byte_put(place, wire + DLT645_AT_SECOND_START, "Second start", "第二起始符", NULL);
    byte_put(place, wire + DLT645_AT_CONTROL, "Control", "控制码", NULL);
    control_bits_put(&deeper, frame, span_of_bytes(wire + DLT645_AT_CONTROL, 1));
    number_put(place, span_of_bytes(wire + DLT645_AT_LENGTH, 1), "Length", "数据域长度", frame->data_size);
}

static void tail_put(const struct explain_place *place, const struct dlt645_frame *frame)
{
    const uint8_t *sum = frame->wire.bytes + frame->wire.size - 2;
    bool is_sum_right = *sum == checksum_sum8(span_of_bytes(frame->wire.bytes, frame->wire.size - 2));

    byte_put(place, sum, "Check sum", "校验码",
             is_sum_right ? explain_choose(place->sink, "right", "正确")
                          : explain_choose(place->sink, "wrong", "错误"));
    byte_put(place, sum + 1, "End", "结束符", NULL);
}

/* What a broken frame still has: as many rows as it has bytes for. */
static void broken_put(const struct explain_place *place, size_t believed)
{
    struct dlt645_frame frame = { 0 };
    size_t start = 0;

    while (start < believed && place->frame.bytes[start] == DLT645_WAKE_UP)
        start++;
    const uint8_t *wire = place->frame.bytes + start;
    size_t size = believed - start;
    if (size > 0)
        byte_put(place, wire, "Start", "帧起始符", NULL);
    if (size >= DLT645_AT_ADDRESS + DLT645_ADDRESS_SIZE) {
        frame.wire = span_of_bytes(wire, size);
        for (size_t i = 0; i < DLT645_ADDRESS_SIZE; i++)
            frame.address.bytes[i] = wire[DLT645_AT_ADDRESS + i];
        address_put(place, &frame);
    }
    if (size > DLT645_AT_SECOND_START)
        byte_put(place, wire + DLT645_AT_SECOND_START, "Second start", "第二起始符", NULL);
    if (size > DLT645_AT_CONTROL)
        byte_put(place, wire + DLT645_AT_CONTROL, "Control", "控制码", NULL);
    if (size > DLT645_AT_LENGTH)
        number_put(place, span_of_bytes(wire + DLT645_AT_LENGTH, 1), "Length", "数据域长度", wire[DLT645_AT_LENGTH]);
}

int explain_dlt645(const struct explain_sink *sink, struct span bytes, size_t *error_offset)
{
    struct explain_place place = { sink, bytes, 0 };
    struct dlt645_frame frame;
    size_t at = 0;
    int result = dlt645_frame_split(bytes, &frame, &at);

    if (result < 0) {
        broken_put(&place, at);
        *error_offset = at;
        return result;
    }
    result = dlt645_frame_decode(bytes, &frame, error_offset);
    head_put(&place, &frame);
    link_put(&place, &frame);
    explain_dlt645_data(&place, &frame, result == 0);
    tail_put(&place, &frame);
    return result;
}

enum explain_belief explain_dlt645_recognise(struct span bytes)
{
    struct dlt645_frame frame;
    int result = dlt645_frame_decode(bytes, &frame, NULL);

    if (result == 0)
        return EXPLAIN_CERTAIN;
    return result == CODEC_ERR_CHECKSUM ? EXPLAIN_LIKELY : EXPLAIN_NO;
}
