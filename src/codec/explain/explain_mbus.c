/* Wired M-Bus frames in rows: the link layer. */
#include "codec/checksum/checksum.h"
#include "codec/codec_error.h"
#include "codec/explain/explain_mbus_internal.h"

#define CLAUSE_FRAME "EN 13757-2 5.2"
#define CLAUSE_CONTROL "EN 13757-2 5.5, table 1"
#define CLAUSE_ADDRESS "EN 13757-2 5.7"
#define LONG_HEAD_SIZE 4
#define START_SHORT 0x10
#define START_LONG 0x68
#define END 0x16

/* `size` bytes of the frame from `offset` on. */
static struct span part(const struct explain_place *place, size_t offset, size_t size)
{
    return span_of_bytes(place->frame.bytes + offset, size);
}

static void type_put(const struct explain_place *place, const char *type)
{
    static const struct explain_label row = { "type", "Frame type", "帧类型", CLAUSE_FRAME };
    explain_label_put(place, part(place, 0, 0), &row, type, "");
}

static void start_put(const struct explain_place *place, size_t offset)
{
    static const struct explain_label row = { "start", "Start", "起始符", CLAUSE_FRAME };
    mbus_number_put(place, part(place, offset, 1), &row, MBUS_NUMBER_HEX_BYTE, place->frame.bytes[offset], "");
}

static void length_put(const struct explain_place *place, size_t offset)
{
    static const struct explain_label row = { "length", "Length", "长度 L", CLAUSE_FRAME };
    mbus_number_put(place, part(place, offset, 1), &row, MBUS_NUMBER_DECIMAL, place->frame.bytes[offset],
                    mbus_choose(place, "C, A, CI and data", "C、A、CI 与数据"));
}

/* "SND_UD (FCB=1)" */
static void function_name_write(uint8_t control, struct writer *out)
{
    const struct mbus_function *function = mbus_function_find(control);
    bool has_count =
        (control & (MBUS_CONTROL_FROM_MASTER | MBUS_CONTROL_FCV)) == (MBUS_CONTROL_FROM_MASTER | MBUS_CONTROL_FCV);

    writer_text(out, function == NULL ? "unknown" : function->name);
    if (has_count && (control & MBUS_CONTROL_FCB) != 0)
        writer_text(out, " (FCB=1)");
}

static void bit_put(const struct explain_place *place, struct span byte, const struct explain_label *row, unsigned bit)
{
    mbus_number_put(place, byte, row, MBUS_NUMBER_DECIMAL, (byte.bytes[0] & bit) != 0, "");
}

static void control_bits_put(const struct explain_place *place, struct span byte)
{
    static const struct explain_label direction = { "direction", "Direction", "传送方向", CLAUSE_CONTROL };
    static const struct explain_label fcb = { "fcb", "Frame count bit FCB", "帧计数位 FCB", CLAUSE_CONTROL };
    static const struct explain_label fcv = { "fcv", "Frame count valid FCV", "帧计数有效位 FCV", CLAUSE_CONTROL };
    static const struct explain_label acd = { "acd", "Access demand ACD", "请求访问位 ACD", CLAUSE_CONTROL };
    static const struct explain_label dfc = { "dfc", "Data flow control DFC", "数据流控制位 DFC", CLAUSE_CONTROL };
    bool is_from_master = (byte.bytes[0] & MBUS_CONTROL_FROM_MASTER) != 0;

    explain_label_put(place, byte, &direction, is_from_master ? "master->slave" : "slave->master", "");
    bit_put(place, byte, is_from_master ? &fcb : &acd, MBUS_CONTROL_FCB);
    bit_put(place, byte, is_from_master ? &fcv : &dfc, MBUS_CONTROL_FCV);
}

static void control_put(const struct explain_place *place, size_t offset)
{
    static const struct explain_label row = { "c", "Control field C", "控制域 C", CLAUSE_CONTROL };
    static const struct explain_label name_row = { "c_name", "Function", "功能", CLAUSE_CONTROL };
    struct explain_place deeper = explain_deeper(place);
    struct span byte = part(place, offset, 1);
    const struct mbus_function *function = mbus_function_find(byte.bytes[0]);
    char text[32];
    struct writer name = writer_of_buffer(text, sizeof text);
    const char *words = mbus_choose(place, "unknown function", "未知功能");

    function_name_write(byte.bytes[0], &name);
    if (function != NULL)
        words = mbus_choose(place, function->english, function->chinese);
    mbus_number_put(place, byte, &row, MBUS_NUMBER_HEX_BYTE, byte.bytes[0], words);
    explain_label_put(&deeper, byte, &name_row, writer_terminate(&name), words);
    control_bits_put(&deeper, byte);
}

static const char *address_words(const struct explain_place *place, uint8_t address)
{
    switch (address) {
    case MBUS_ADDRESS_UNCONFIGURED:
        return mbus_choose(place, "unconfigured slave", "未配置的从站");
    case MBUS_ADDRESS_SECONDARY:
        return mbus_choose(place, "the slave selected by its secondary address", "按二级地址选中的从站");
    case MBUS_ADDRESS_TEST:
        return mbus_choose(place, "test: every slave answers", "测试：所有从站应答");
    case MBUS_ADDRESS_BROADCAST:
        return mbus_choose(place, "broadcast: no slave answers", "广播：从站不应答");
    default:
        return address > MBUS_ADDRESS_LAST ? mbus_choose(place, "reserved", "保留") : "";
    }
}

static void address_put(const struct explain_place *place, size_t offset, bool is_meter)
{
    uint8_t address = place->frame.bytes[offset];
    struct explain_field field =
        explain_row(place, part(place, offset, 1), "Primary address A", "主地址 A", CLAUSE_ADDRESS);
    char text[8];
    struct writer value = writer_of_buffer(text, sizeof text);

    writer_format(&value, "%u", address);
    field.key = "a";
    field.meaning = address_words(place, address);
    field.is_address = is_meter && address <= MBUS_ADDRESS_LAST;
    explain_put(place->sink, field, &value, NULL);
}

static void ci_put(const struct explain_place *place)
{
    static const struct explain_label row = { "ci", "Control information CI", "控制信息域 CI", MBUS_CLAUSE_CI };
    struct span byte = part(place, MBUS_DATA_OFFSET - 1, 1);
    const struct mbus_ci *ci = mbus_ci_find(byte.bytes[0]);

    mbus_number_put(place, byte, &row, MBUS_NUMBER_HEX_BYTE, byte.bytes[0],
                    ci == NULL ? mbus_choose(place, "not described here", "此处未描述")
                               : mbus_choose(place, ci->english, ci->chinese));
}

static void tail_put(const struct explain_place *place, size_t first)
{
    static const struct explain_label check = { "checksum", "Check sum CS", "校验和 CS", CLAUSE_FRAME };
    static const struct explain_label end = { "end", "End", "结束符", CLAUSE_FRAME };
    size_t at = place->frame.size - 2;
    uint8_t right = checksum_sum8(part(place, first, at - first));
    char text[32];
    struct writer meaning = writer_of_buffer(text, sizeof text);

    if (right == place->frame.bytes[at])
        writer_text(&meaning, mbus_choose(place, "right", "正确"));
    else
        writer_format(&meaning, mbus_choose(place, "should be %02X", "应为 %02X"), right);
    mbus_number_put(place, part(place, at, 1), &check, MBUS_NUMBER_HEX_BYTE, place->frame.bytes[at],
                    writer_terminate(&meaning));
    mbus_number_put(place, part(place, at + 1, 1), &end, MBUS_NUMBER_HEX_BYTE, place->frame.bytes[at + 1], "");
}

static int long_explain(const struct explain_place *place, const struct mbus_frame *frame, size_t *error_offset)
{
    struct mbus_message message;
    int result;

    type_put(place, frame->kind == MBUS_FRAME_CONTROL ? "control" : "long");
    start_put(place, 0);
    length_put(place, 1);
    length_put(place, 2);
    start_put(place, 3);
    control_put(place, LONG_HEAD_SIZE);
    result = mbus_message_decode(frame, &message, error_offset);
    address_put(place, LONG_HEAD_SIZE + 1, result < 0 || !message.has_number);
    ci_put(place);
    if (result == 0)
        result = mbus_message_put(place, &message, error_offset);
    tail_put(place, LONG_HEAD_SIZE);
    return result;
}

static int short_explain(const struct explain_place *place)
{
    type_put(place, "short");
    start_put(place, 0);
    control_put(place, 1);
    address_put(place, 2, true);
    tail_put(place, 1);
    return 0;
}

static int acknowledge_explain(const struct explain_place *place)
{
    static const struct explain_label row = { "start", "Acknowledge", "确认", CLAUSE_FRAME };

    type_put(place, "single");
    explain_label_put(place, part(place, 0, 1), &row, "E5", mbus_choose(place, "positive acknowledge", "肯定确认"));
    return 0;
}

/* A damaged frame: its beginning as far as it is there; a wrong check sum is shown, the values in front of it are
 * not. */
static void damage_explain(const struct explain_place *place, int error)
{
    struct span frame = place->frame;

    if (frame.size == MBUS_SHORT_SIZE && error == CODEC_ERR_CHECKSUM) {
        (void)short_explain(place);
        return;
    }
    if (frame.size == 0 || frame.bytes[0] != START_LONG)
        return;
    start_put(place, 0);
    if (frame.size > 2) {
        length_put(place, 1);
        length_put(place, 2);
    }
    if (frame.size > 6 && frame.bytes[1] == frame.bytes[2] && frame.bytes[3] == START_LONG) {
        start_put(place, 3);
        control_put(place, LONG_HEAD_SIZE);
        address_put(place, LONG_HEAD_SIZE + 1, false);
        ci_put(place);
    }
    if (error == CODEC_ERR_CHECKSUM && frame.size == frame.bytes[1] + (size_t)MBUS_LONG_SHELL_SIZE)
        tail_put(place, LONG_HEAD_SIZE);
}

int explain_mbus(const struct explain_sink *sink, struct span frame, size_t *error_offset)
{
    struct explain_place place = { sink, frame, 0 };
    struct mbus_frame link;
    int result = mbus_frame_decode(frame, &link, error_offset);

    if (result < 0) {
        damage_explain(&place, result);
        return result;
    }
    if (link.kind == MBUS_FRAME_ACKNOWLEDGE)
        return acknowledge_explain(&place);
    if (link.kind == MBUS_FRAME_SHORT)
        return short_explain(&place);
    return long_explain(&place, &link, error_offset);
}

/* The four bytes 68 L L 68 are enough to say what a frame wanted to be; E5 alone could be anything. */
enum explain_belief explain_mbus_recognise(struct span frame)
{
    struct mbus_frame link;

    if (mbus_frame_decode(frame, &link, NULL) == 0)
        return link.kind == MBUS_FRAME_ACKNOWLEDGE ? EXPLAIN_PROBABLE : EXPLAIN_CERTAIN;
    if (frame.size > LONG_HEAD_SIZE && frame.bytes[0] == START_LONG && frame.bytes[3] == START_LONG &&
        frame.bytes[1] == frame.bytes[2])
        return EXPLAIN_LIKELY;
    bool is_short = frame.size == MBUS_SHORT_SIZE && frame.bytes[0] == START_SHORT && frame.bytes[4] == END;
    return is_short ? EXPLAIN_LIKELY : EXPLAIN_NO;
}
