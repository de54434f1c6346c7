#include "codec/explain/explain_q376.h"
#include "codec/codec_error.h"
#include "codec/q376/q376_name.h"

static const char clause[] = "Q/GDW 376.1 frame";

void explain_q376_text_put(const struct explain_place *place, struct span bytes, const struct explain_q376_label *label,
                           const char *value, const char *meaning)
{
    struct explain_field row = explain_row(place, bytes, label->english, label->chinese, clause);

    row.key = label->key;
    row.value = value;
    row.meaning = meaning;
    explain_put(place->sink, row, NULL, NULL);
}

void explain_q376_number_put(const struct explain_place *place, struct span bytes,
                             const struct explain_q376_label *label, unsigned long number, const char *meaning)
{
    char text[EXPLAIN_TEXT_LIMIT];
    struct writer value = writer_of_buffer(text, sizeof text);

    writer_format(&value, "%lu", number);
    explain_q376_text_put(place, bytes, label, writer_terminate(&value), meaning);
}

void explain_q376_hex_write(struct span bytes, char *text)
{
    struct writer value = writer_of_buffer(text, EXPLAIN_TEXT_LIMIT);

    explain_write_capital_hex(&value, bytes);
    (void)writer_terminate(&value);
}

void explain_q376_hex_put(const struct explain_place *place, struct span bytes, const struct explain_q376_label *label)
{
    char text[EXPLAIN_TEXT_LIMIT];

    explain_q376_hex_write(bytes, text);
    explain_q376_text_put(place, bytes, label, text, NULL);
}

const char *explain_q376_word(const struct explain_place *place, struct q376_name name)
{
    return explain_choose(place->sink, name.english, name.chinese);
}

static void shell_put(const struct explain_place *place, const uint8_t *frame)
{
    static const struct explain_q376_label start = { "start_character", "Start", "起始字符" };
    static const struct explain_q376_label length = { "user_data_len", "User data length", "用户数据长度" };
    static const struct explain_q376_label protocol = { "protocol_id", "Protocol", "规约类型" };
    static const struct explain_q376_label repeated = { "length_repeated", "Length, repeated", "重复长度" };
    static const struct explain_q376_label second = { "second_start", "Second start", "第二起始字符" };
    struct explain_place deeper = explain_deeper(place);
    unsigned word = (unsigned)frame[1] | (unsigned)frame[2] << 8;

    explain_q376_hex_put(place, span_of_bytes(frame, 1), &start);
    explain_q376_number_put(place, span_of_bytes(frame + Q376_AT_LENGTH, 2), &length, word >> 2, NULL);
    explain_q376_text_put(&deeper, span_of_bytes(frame + Q376_AT_LENGTH, 1), &protocol,
                          explain_q376_word(place, q376_protocol_name(word & 3u)), NULL);
    explain_q376_hex_put(place, span_of_bytes(frame + Q376_AT_LENGTH_AGAIN, 2), &repeated);
    explain_q376_hex_put(place, span_of_bytes(frame + Q376_AT_SECOND_START, 1), &second);
}

static void control_put(const struct explain_place *place, struct span byte)
{
    static const struct explain_q376_label control = { "control", "Control", "控制域" };
    static const struct explain_q376_label direction = { "dir", "Direction", "传送方向" };
    static const struct explain_q376_label primary = { "prm", "Starts the exchange (PRM)", "启动标志" };
    static const struct explain_q376_label fcb = { "fcb", "Frame count bit", "帧计数位" };
    static const struct explain_q376_label fcv = { "fcv", "Frame count bit is valid", "帧计数有效位" };
    static const struct explain_q376_label acd = { "acd", "Important events wait (ACD)", "要求访问位" };
    static const struct explain_q376_label code = { "fc", "Function code", "功能码" };
    static const struct explain_q376_label name = { "fc_name", "Function", "功能" };
    struct explain_place deeper = explain_deeper(place);
    unsigned bits = byte.bytes[0];
    bool is_uplink = (bits & Q376_CONTROL_UPLINK) != 0;
    const char *words = explain_choose(place->sink, is_uplink ? "terminal to head-end" : "head-end to terminal",
                                       is_uplink ? "终端到主站（上行）" : "主站到终端（下行）");

    explain_q376_hex_put(place, byte, &control);
    explain_q376_text_put(&deeper, byte, &direction, is_uplink ? "up" : "down", words);
    explain_q376_number_put(&deeper, byte, &primary, (bits & Q376_CONTROL_PRIMARY) != 0, NULL);
    if (is_uplink)
        explain_q376_number_put(&deeper, byte, &acd, (bits & Q376_CONTROL_ACD) != 0, NULL);
    else {
        explain_q376_number_put(&deeper, byte, &fcb, (bits & Q376_CONTROL_FCB) != 0, NULL);
        explain_q376_number_put(&deeper, byte, &fcv, (bits & Q376_CONTROL_FCV) != 0, NULL);
    }
    explain_q376_number_put(&deeper, byte, &code, bits & Q376_CONTROL_FUNCTION, NULL);
    struct q376_name function =
        q376_function_code_name((bits & Q376_CONTROL_PRIMARY) != 0, bits & Q376_CONTROL_FUNCTION);
    explain_q376_text_put(&deeper, byte, &name, explain_q376_word(place, function), NULL);
}

static void address_row_put(const struct explain_place *place, struct span bytes, const struct q376_address *address)
{
    char text[EXPLAIN_TEXT_LIMIT];
    struct writer value = writer_of_buffer(text, sizeof text);
    struct explain_field row = explain_row(place, bytes, "address", "地址域", clause);

    row.name = explain_choose(place->sink, "Address", "地址域");
    row.is_address = true;
    q376_address_write(address, Q376_ADDRESS_HEXADECIMAL, &value);
    explain_put(place->sink, row, &value, NULL);
}

static void address_put(const struct explain_place *place, struct span bytes, const struct q376_address *address)
{
    static const struct explain_q376_label region = { "a1_region", "Region (A1)", "行政区划码 A1" };
    static const struct explain_q376_label terminal = { "a2_terminal", "Terminal (A2)", "终端地址 A2" };
    static const struct explain_q376_label station = { "a3_msa", "Head-end (MSA)", "主站地址 MSA" };
    static const struct explain_q376_label group = { "a3_group", "Group address", "组地址标志" };
    struct explain_place deeper = explain_deeper(place);
    struct span last = span_of_bytes(bytes.bytes + 4, 1);
    char digits[8];
    const char *words = !address->is_group ? NULL
                        : address->terminal == Q376_TERMINAL_BROADCAST
                            ? explain_choose(place->sink, "system broadcast", "系统广播")
                            : explain_choose(place->sink, "group of terminals", "终端组地址");

    address_row_put(place, bytes, address);
    struct writer value = writer_of_buffer(digits, sizeof digits);
    writer_format(&value, "%02X%02X", address->region[1], address->region[0]);
    explain_q376_text_put(&deeper, span_of_bytes(bytes.bytes, 2), &region, writer_terminate(&value), NULL);
    explain_q376_number_put(&deeper, span_of_bytes(bytes.bytes + 2, 2), &terminal, address->terminal, words);
    explain_q376_number_put(&deeper, last, &station, address->station, NULL);
    explain_q376_number_put(&deeper, last, &group, address->is_group, NULL);
}

static void sequence_put(const struct explain_place *place, struct span byte)
{
    static const struct explain_q376_label sequence = { "sequence", "Sequence", "帧序列域" };
    static const struct explain_q376_label rows[] = {
        { "tpv", "Time tag (TpV)", "时间标签有效位" },
        { "fir", "First frame (FIR)", "首帧标志" },
        { "fin", "Final frame (FIN)", "末帧标志" },
        { "con", "To be confirmed (CON)", "请求确认标志" },
    };
    static const struct explain_q376_label number = { "seq", "Sequence number", "帧序号" };
    struct explain_place deeper = explain_deeper(place);

    explain_q376_hex_put(place, byte, &sequence);
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++)
        explain_q376_number_put(&deeper, byte, &rows[i], byte.bytes[0] >> (7 - i) & 1u, NULL);
    explain_q376_number_put(&deeper, byte, &number, byte.bytes[0] & Q376_SEQUENCE_NUMBER, NULL);
}

static void afn_put(const struct explain_place *place, struct span byte)
{
    static const struct explain_q376_label afn = { "afn", "Application function (AFN)", "应用层功能码 AFN" };
    static const struct explain_q376_label name = { "afn_name", "Application function, name", "应用层功能" };

    explain_q376_hex_put(place, byte, &afn);
    explain_q376_text_put(place, byte, &name, explain_q376_word(place, q376_afn_name(byte.bytes[0])), NULL);
}

static void time_tag_put(const struct explain_place *place, struct span bytes)
{
    static const struct explain_q376_label tag = { "tp", "Time tag", "时间标签 Tp" };
    static const struct explain_q376_label counter = { "pfc", "Frame counter (PFC)", "启动帧帧序号计数器 PFC" };
    static const struct explain_q376_label sent = { "time_dd_hhmmss", "Sent at (day, time)", "启动帧发送时标" };
    static const struct explain_q376_label delay = { "max_delay_min", "Permitted delay, min", "允许发送传输延时时间" };
    struct explain_place deeper = explain_deeper(place);
    const uint8_t *at = bytes.bytes;
    char text[16];
    struct writer value = writer_of_buffer(text, sizeof text);

    explain_q376_hex_put(place, bytes, &tag);
    explain_q376_number_put(&deeper, span_of_bytes(at, 1), &counter, at[0], NULL);
    writer_format(&value, "%02X %02X:%02X:%02X", at[4], at[3], at[2], at[1]);
    explain_q376_text_put(&deeper, span_of_bytes(at + 1, 4), &sent, writer_terminate(&value), NULL);
    explain_q376_number_put(&deeper, span_of_bytes(at + 5, 1), &delay, at[5],
                            at[5] == 0 ? explain_choose(place->sink, "not checked", "不判断") : NULL);
}

/* PW, EC and Tp stand directly behind the units. */
static void auxiliary_put(const struct explain_place *place, const struct q376_frame *frame)
{
    static const struct explain_q376_label password = { "pw", "Message authentication (PW)", "消息认证码 PW" };
    static const struct explain_q376_label counters = { "ec", "Event counters (EC)", "事件计数器 EC" };
    static const struct explain_q376_label important = { "ec1", "Important events (EC1)", "重要事件计数器 EC1" };
    static const struct explain_q376_label general = { "ec2", "General events (EC2)", "一般事件计数器 EC2" };
    const uint8_t *at = frame->units.bytes + frame->units.size;
    struct explain_place deeper = explain_deeper(place);

    if (frame->password.size > 0)
        explain_q376_hex_put(place, frame->password, &password);
    at += frame->password.size;
    if (frame->has_event_counters) {
        explain_q376_hex_put(place, span_of_bytes(at, Q376_EVENT_COUNTERS_SIZE), &counters);
        explain_q376_number_put(&deeper, span_of_bytes(at, 1), &important, at[0], NULL);
        explain_q376_number_put(&deeper, span_of_bytes(at + 1, 1), &general, at[1], NULL);
        at += Q376_EVENT_COUNTERS_SIZE;
    }
    if (frame->has_time_tag)
        time_tag_put(place, span_of_bytes(at, Q376_TIME_TAG_SIZE));
}

static void end_put(const struct explain_place *place, struct span inner, bool is_check_sum_right)
{
    static const struct explain_q376_label sum = { "check_sum", "Check sum", "校验和" };
    static const struct explain_q376_label end = { "end", "End", "结束字符" };
    const uint8_t *at = inner.bytes + inner.size - 2;

    explain_q376_hex_put(place, span_of_bytes(at, 1), &sum);
    if (is_check_sum_right)
        explain_q376_hex_put(place, span_of_bytes(at + 1, 1), &end);
}

/* The shell and what is behind it, as a protocol we know by name only. */
static void southern_put(const struct explain_place *place, struct span inner)
{
    static const struct explain_q376_label variant = { "variant", "Variant", "规约变种" };
    static const struct explain_q376_label address = { "southern_address", "Address (A1 A2 A3, 7 bytes)",
                                                       "地址域（A1 A2 A3，7 字节）" };
    static const struct explain_q376_label data = { "southern_data", "Data, not decoded", "数据（不解码）" };
    const uint8_t *at = inner.bytes;

    shell_put(place, at);
    explain_q376_text_put(place, span_of_bytes(at + 6, inner.size - 8), &variant,
                          explain_choose(place->sink, "China Southern Power Grid (Q/CSG)", "南方电网规约（Q/CSG）"),
                          explain_choose(place->sink, "another protocol with the same shell; not supported",
                                         "外壳相同的另一规约，暂不支持"));
    struct explain_place deeper = explain_deeper(place);
    control_put(&deeper, span_of_bytes(at + 6, 1));
    explain_q376_hex_put(&deeper, span_of_bytes(at + 7, 7), &address);
    afn_put(&deeper, span_of_bytes(at + 14, 1));
    sequence_put(&deeper, span_of_bytes(at + 15, 1));
    explain_q376_hex_put(&deeper, span_of_bytes(at + 16, inner.size - 18), &data);
    end_put(place, inner, true);
}

/* Rows for as much of a broken shell as was believed. */
static void broken_shell_put(const struct explain_place *place, struct span inner, size_t believed)
{
    static const struct explain_q376_label start = { "start_character", "Start", "起始字符" };

    if (inner.size >= 6 && (believed > 5 || believed == 1))
        shell_put(place, inner.bytes);
    else if (inner.size > 0 && believed > 0)
        explain_q376_hex_put(place, span_of_bytes(inner.bytes, 1), &start);
}

static struct span wake_up_put(const struct explain_place *place, struct span frame)
{
    static const struct explain_q376_label wake_up = { "wake_up", "Wake-up bytes", "前导字节" };
    size_t size = 0;

    while (size < frame.size && frame.bytes[size] == Q376_WAKE_UP)
        size++;
    if (size > 0)
        explain_q376_hex_put(place, span_of_bytes(frame.bytes, size), &wake_up);
    return span_of_bytes(frame.bytes + size, frame.size - size);
}

int explain_q376(const struct explain_sink *sink, struct span frame, size_t *error_offset)
{
    struct explain_place place = { sink, frame, 0 };
    const struct q376_setting setting = q376_setting_default();
    struct q376_frame parts;
    struct span inner = wake_up_put(&place, frame);
    size_t wake_up = frame.size - inner.size;
    int result = q376_frame_split(frame, &setting, &parts, error_offset);

    if (result == CODEC_ERR_UNSUPPORTED)
        southern_put(&place, inner);
    else if (result < 0)
        broken_shell_put(&place, inner, *error_offset - wake_up);
    if (result < 0)
        return result;
    shell_put(&place, inner.bytes);
    control_put(&place, span_of_bytes(inner.bytes + Q376_AT_CONTROL, 1));
    address_put(&place, span_of_bytes(inner.bytes + Q376_AT_ADDRESS, 5), &parts.address);
    afn_put(&place, span_of_bytes(inner.bytes + Q376_AT_AFN, 1));
    sequence_put(&place, span_of_bytes(inner.bytes + Q376_AT_SEQUENCE, 1));
    explain_q376_units(&place, &parts);
    auxiliary_put(&place, &parts);
    result = q376_frame_decode(frame, &parts, error_offset);
    end_put(&place, inner, result == 0);
    return result;
}

enum explain_belief explain_q376_recognise(struct span frame)
{
    struct q376_frame parts;
    size_t offset = 0;
    int result = q376_frame_decode(frame, &parts, &offset);

    if (result == 0 || result == CODEC_ERR_UNSUPPORTED)
        return EXPLAIN_CERTAIN;
    struct span inner = frame;
    while (inner.size > 0 && inner.bytes[0] == Q376_WAKE_UP)
        inner = span_of_bytes(inner.bytes + 1, inner.size - 1);
    if (inner.size < 6 || inner.bytes[0] != Q376_START || inner.bytes[Q376_AT_SECOND_START] != Q376_START)
        return EXPLAIN_NO;
    return inner.bytes[1] == inner.bytes[3] && inner.bytes[2] == inner.bytes[4] ? EXPLAIN_LIKELY : EXPLAIN_NO;
}
