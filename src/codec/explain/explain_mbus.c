/* Wired M-Bus frames in rows: link layer, header, records. */
#include "codec/explain/explain_mbus.h"

#include "codec/checksum/checksum.h"
#include "codec/codec_error.h"
#include "codec/mbus/mbus_message.h"
#include "codec/wmbus/wmbus_device_type.h"

#define CLAUSE_FRAME "EN 13757-2 5.2"
#define CLAUSE_CONTROL "EN 13757-2 5.5, table 1"
#define CLAUSE_ADDRESS "EN 13757-2 5.7"
#define CLAUSE_CI "EN 13757-3 5, table 1"
#define CLAUSE_HEADER "EN 13757-3 5.8"
#define CLAUSE_ERROR "EN 13757-3 8, table 9"
#define CLAUSE_FIXED "EN 1434-3:1997, fixed data structure"
#define CLAUSE_SELECT "EN 13757-3 11"
#define LONG_HEAD_SIZE 4
#define START_LONG 0x68
#define END 0x16

/* One row: what it is called, and its bytes. */
struct row {
    const char *key;
    const char *english;
    const char *chinese;
    const char *clause;
};

static void row_put(const struct explain_place *place, struct span bytes, const struct row *row, const char *value,
                    const char *meaning)
{
    struct explain_field field = explain_row(place, bytes, row->english, row->chinese, row->clause);

    field.key = row->key;
    field.value = value;
    field.meaning = meaning;
    explain_put(place->sink, field, NULL, NULL);
}

static void number_put(const struct explain_place *place, struct span bytes, const struct row *row, const char *format,
                       unsigned number, const char *meaning)
{
    char text[32];
    struct writer value = writer_of_buffer(text, sizeof text);

    if (format[0] == 'd')
        writer_format(&value, "%u", number);
    else if (format[0] == 'w')
        writer_format(&value, "%04X", number);
    else
        writer_format(&value, "%02X", number);
    row_put(place, bytes, row, writer_terminate(&value), meaning);
}

static void hex_put(const struct explain_place *place, struct span bytes, const struct row *row, const char *meaning)
{
    char text[EXPLAIN_TEXT_LIMIT];
    struct writer value = writer_of_buffer(text, sizeof text);
    size_t shown = bytes.size < (sizeof text - 8) / 2 ? bytes.size : (sizeof text - 8) / 2;

    for (size_t i = 0; i < shown; i++)
        writer_format(&value, "%02X", bytes.bytes[i]);
    writer_text(&value, shown < bytes.size ? "..." : "");
    row_put(place, bytes, row, writer_terminate(&value), meaning);
}

static bool is_chinese(const struct explain_place *place)
{
    return place->sink->language == EXPLAIN_CHINESE;
}

static const char *choose(const struct explain_place *place, const char *english, const char *chinese)
{
    return explain_choose(place->sink, english, chinese);
}

/* `size` bytes of the frame from `offset` on. */
static struct span part(const struct explain_place *place, size_t offset, size_t size)
{
    return span_of_bytes(place->frame.bytes + offset, size);
}

static void type_put(const struct explain_place *place, const char *type)
{
    static const struct row row = { "type", "Frame type", "帧类型", CLAUSE_FRAME };
    row_put(place, part(place, 0, 0), &row, type, "");
}

static void start_put(const struct explain_place *place, size_t offset)
{
    static const struct row row = { "start", "Start", "起始符", CLAUSE_FRAME };
    number_put(place, part(place, offset, 1), &row, "x", place->frame.bytes[offset], "");
}

static void length_put(const struct explain_place *place, size_t offset)
{
    static const struct row row = { "length", "Length", "长度 L", CLAUSE_FRAME };
    number_put(place, part(place, offset, 1), &row, "d", place->frame.bytes[offset],
               choose(place, "C, A, CI and data", "C、A、CI 与数据"));
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

static void bit_put(const struct explain_place *place, struct span byte, const struct row *row, unsigned bit)
{
    number_put(place, byte, row, "d", (byte.bytes[0] & bit) != 0, "");
}

static void control_bits_put(const struct explain_place *place, struct span byte)
{
    static const struct row direction = { "direction", "Direction", "传送方向", CLAUSE_CONTROL };
    static const struct row fcb = { "fcb", "Frame count bit FCB", "帧计数位 FCB", CLAUSE_CONTROL };
    static const struct row fcv = { "fcv", "Frame count valid FCV", "帧计数有效位 FCV", CLAUSE_CONTROL };
    static const struct row acd = { "acd", "Access demand ACD", "请求访问位 ACD", CLAUSE_CONTROL };
    static const struct row dfc = { "dfc", "Data flow control DFC", "数据流控制位 DFC", CLAUSE_CONTROL };
    bool is_from_master = (byte.bytes[0] & MBUS_CONTROL_FROM_MASTER) != 0;

    row_put(place, byte, &direction, is_from_master ? "master->slave" : "slave->master", "");
    bit_put(place, byte, is_from_master ? &fcb : &acd, MBUS_CONTROL_FCB);
    bit_put(place, byte, is_from_master ? &fcv : &dfc, MBUS_CONTROL_FCV);
}

static void control_put(const struct explain_place *place, size_t offset)
{
    static const struct row row = { "c", "Control field C", "控制域 C", CLAUSE_CONTROL };
    static const struct row name_row = { "c_name", "Function", "功能", CLAUSE_CONTROL };
    struct explain_place deeper = explain_deeper(place);
    struct span byte = part(place, offset, 1);
    const struct mbus_function *function = mbus_function_find(byte.bytes[0]);
    char text[32];
    struct writer name = writer_of_buffer(text, sizeof text);
    const char *words = choose(place, "unknown function", "未知功能");

    function_name_write(byte.bytes[0], &name);
    if (function != NULL)
        words = choose(place, function->english, function->chinese);
    number_put(place, byte, &row, "x", byte.bytes[0], words);
    row_put(&deeper, byte, &name_row, writer_terminate(&name), words);
    control_bits_put(&deeper, byte);
}

static const char *address_words(const struct explain_place *place, uint8_t address)
{
    switch (address) {
    case MBUS_ADDRESS_UNCONFIGURED:
        return choose(place, "unconfigured slave", "未配置的从站");
    case MBUS_ADDRESS_SECONDARY:
        return choose(place, "the slave selected by its secondary address", "按二级地址选中的从站");
    case MBUS_ADDRESS_TEST:
        return choose(place, "test: every slave answers", "测试：所有从站应答");
    case MBUS_ADDRESS_BROADCAST:
        return choose(place, "broadcast: no slave answers", "广播：从站不应答");
    default:
        return address > MBUS_ADDRESS_LAST ? choose(place, "reserved", "保留") : "";
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
    static const struct row row = { "ci", "Control information CI", "控制信息域 CI", CLAUSE_CI };
    struct span byte = part(place, MBUS_DATA_OFFSET - 1, 1);
    const struct mbus_ci *ci = mbus_ci_find(byte.bytes[0]);

    number_put(place, byte, &row, "x", byte.bytes[0],
               ci == NULL ? choose(place, "not described here", "此处未描述")
                          : choose(place, ci->english, ci->chinese));
}

static void tail_put(const struct explain_place *place, size_t first)
{
    static const struct row check = { "checksum", "Check sum CS", "校验和 CS", CLAUSE_FRAME };
    static const struct row end = { "end", "End", "结束符", CLAUSE_FRAME };
    size_t at = place->frame.size - 2;
    uint8_t right = checksum_sum8(part(place, first, at - first));
    char text[32];
    struct writer meaning = writer_of_buffer(text, sizeof text);

    if (right == place->frame.bytes[at])
        writer_text(&meaning, choose(place, "right", "正确"));
    else
        writer_format(&meaning, choose(place, "should be %02X", "应为 %02X"), right);
    number_put(place, part(place, at, 1), &check, "x", place->frame.bytes[at], writer_terminate(&meaning));
    number_put(place, part(place, at + 1, 1), &end, "x", place->frame.bytes[at + 1], "");
}

static void number_text_put(const struct explain_place *place, struct span bytes, const struct mbus_message *message,
                            bool is_address)
{
    struct explain_field field = explain_row(place, bytes, "Identification number", "标识号", CLAUSE_HEADER);
    char text[WMBUS_NUMBER_TEXT_SIZE];

    wmbus_address_number_text(&message->address, text);
    field.key = "id";
    field.value = text;
    field.is_address = is_address;
    explain_put(place->sink, field, NULL, NULL);
}

static void access_put(const struct explain_place *place, struct span access, struct span status)
{
    static const struct row access_row = { "access_no", "Access number", "访问序号", CLAUSE_HEADER };
    static const struct row status_row = { "status", "Status", "状态", CLAUSE_HEADER };
    char text[EXPLAIN_TEXT_LIMIT];
    struct writer words = writer_of_buffer(text, sizeof text);

    number_put(place, access, &access_row, "d", access.bytes[0], "");
    mbus_status_write(status.bytes[0], is_chinese(place), &words);
    number_put(place, status, &status_row, "x", status.bytes[0], writer_terminate(&words));
}

static void meter_put(const struct explain_place *place, const struct mbus_message *message)
{
    static const struct row manufacturer_row = { "manufacturer", "Manufacturer", "厂商", CLAUSE_HEADER };
    static const struct row version_row = { "version", "Version", "版本", CLAUSE_HEADER };
    static const struct row code_row = { "medium_code", "Medium code", "介质代码", CLAUSE_HEADER };
    static const struct row medium_row = { "medium", "Medium", "介质", CLAUSE_HEADER };
    const uint8_t *bytes = message->header.bytes;
    const char *medium = wmbus_device_type_text(bytes[7], is_chinese(place));
    char letters[WMBUS_MANUFACTURER_TEXT_SIZE];

    wmbus_address_manufacturer_text(&message->address, letters);
    number_text_put(place, span_of_bytes(bytes, 4), message, true);
    row_put(place, span_of_bytes(bytes + 4, 2), &manufacturer_row, letters, "");
    number_put(place, span_of_bytes(bytes + 6, 1), &version_row, "d", bytes[6], "");
    number_put(place, span_of_bytes(bytes + 7, 1), &code_row, "d", bytes[7], medium);
    row_put(place, span_of_bytes(bytes + 7, 1), &medium_row, medium, "");
}

/* Long and short header. */
static void header_put(const struct explain_place *place, const struct mbus_message *message)
{
    static const struct row row = { "header", "Header", "报头", CLAUSE_HEADER };
    static const struct row signature_row = { "signature", "Signature or configuration", "签名或配置字",
                                              CLAUSE_HEADER };
    struct explain_place deeper = explain_deeper(place);
    const uint8_t *last = message->header.bytes + message->header.size - 4;

    hex_put(place, message->header, &row, "");
    if (message->has_number)
        meter_put(&deeper, message);
    access_put(&deeper, span_of_bytes(last, 1), span_of_bytes(last + 1, 1));
    number_put(&deeper, span_of_bytes(last + 2, 2), &signature_row, "w", message->configuration,
               message->is_encrypted ? choose(place, "the records are encrypted", "记录已加密") : "");
}

static void select_put(const struct explain_place *place, const struct mbus_message *message)
{
    static const struct row row = { "select_secondary", "Secondary address", "二级地址", CLAUSE_SELECT };
    static const struct row raw_row = { "manufacturer_raw", "Manufacturer", "厂商", CLAUSE_SELECT };
    static const struct row version_row = { "version", "Version", "版本", CLAUSE_SELECT };
    static const struct row medium_row = { "medium", "Medium", "介质", CLAUSE_SELECT };
    const uint8_t *bytes = message->header.bytes;
    const char *any = choose(place, "any", "任意");
    const char *medium = bytes[7] == 0xff ? any : wmbus_device_type_text(bytes[7], is_chinese(place));
    struct explain_place deeper = explain_deeper(place);
    char letters[WMBUS_MANUFACTURER_TEXT_SIZE];

    wmbus_address_manufacturer_text(&message->address, letters);
    hex_put(place, message->header, &row, choose(place, "F and FF match every slave", "F 与 FF 匹配任意从站"));
    number_text_put(&deeper, span_of_bytes(bytes, 4), message, false);
    hex_put(&deeper, span_of_bytes(bytes + 4, 2), &raw_row, (bytes[4] & bytes[5]) == 0xff ? any : letters);
    hex_put(&deeper, span_of_bytes(bytes + 6, 1), &version_row, bytes[6] == 0xff ? any : "");
    hex_put(&deeper, span_of_bytes(bytes + 7, 1), &medium_row, medium);
}

static void error_put(const struct explain_place *place, const struct mbus_message *message)
{
    static const struct row row = { "application_error", "Application error", "应用层错误", CLAUSE_ERROR };
    static const struct row code_row = { "code", "Error code", "错误代码", CLAUSE_ERROR };
    static const struct row text_row = { "text", "Error text", "错误说明", CLAUSE_ERROR };
    struct explain_place deeper = explain_deeper(place);
    uint8_t code = message->body.size == 0 ? 0 : message->body.bytes[0];
    struct span byte = span_of_bytes(message->body.bytes, message->body.size == 0 ? 0 : 1);
    const char *text = mbus_application_error_text(code, is_chinese(place));

    hex_put(place, message->body, &row, text);
    number_put(&deeper, byte, &code_row, "d", code, text);
    row_put(&deeper, byte, &text_row, text, "");
}

static void fixed_units_put(const struct explain_place *place, const struct mbus_message *message)
{
    static const struct row medium_row = { "medium_code", "Medium code", "介质代码", CLAUSE_FIXED };
    static const struct row unit1_row = { "unit1_code", "Unit of counter 1", "计数器1单位", CLAUSE_FIXED };
    static const struct row unit2_row = { "unit2_code", "Unit of counter 2", "计数器2单位", CLAUSE_FIXED };
    const uint8_t *units = message->header.bytes + 6;

    number_put(place, span_of_bytes(units, 2), &medium_row, "d", message->fixed.medium,
               mbus_fixed_medium_text(message->fixed.medium, is_chinese(place)));
    number_put(place, span_of_bytes(units, 1), &unit1_row, "x", message->fixed.units[0], "");
    number_put(place, span_of_bytes(units + 1, 1), &unit2_row, "x", message->fixed.units[1], "");
}

/* The counter as it stands in the frame, and as a value in its unit. */
static void counter_put(const struct explain_place *place, const struct mbus_message *message, size_t index)
{
    static const struct row rows[2] = { { "counter1", "Counter 1", "计数器1", CLAUSE_FIXED },
                                        { "counter2", "Counter 2", "计数器2", CLAUSE_FIXED } };
    char text[32];
    struct writer value = writer_of_buffer(text, sizeof text);
    struct item item, raw;

    mbus_fixed_item(message, index, &item);
    raw = item;
    raw.exponent = 0;
    item_value_write(&raw, &value);
    row_put(place, item.bytes, &rows[index], writer_terminate(&value), "");
    explain_item(place->sink, place->frame, item.bytes, place->depth + 1, &item, NULL, CLAUSE_FIXED);
}

static void fixed_put(const struct explain_place *place, const struct mbus_message *message)
{
    static const struct row row = { "fixed", "Fixed data", "固定数据", CLAUSE_FIXED };
    static const struct row coding_row = { "counters_coding", "Counters coded as", "计数器编码", CLAUSE_FIXED };
    static const struct row stored_row = { "counter_fixed_at_date", "Counters stored at a date", "计数器为冻结值",
                                           CLAUSE_FIXED };
    struct explain_place deeper = explain_deeper(place);
    const uint8_t *bytes = message->header.bytes;
    struct span status = span_of_bytes(bytes + 5, 1);

    hex_put(place, span_of_bytes(bytes, message->header.size + message->body.size), &row, "");
    number_text_put(&deeper, span_of_bytes(bytes, 4), message, true);
    access_put(&deeper, span_of_bytes(bytes + 4, 1), status);
    row_put(&deeper, status, &coding_row, message->fixed.is_binary ? "binary" : "BCD", "");
    row_put(&deeper, status, &stored_row, message->fixed.is_stored ? "true" : "false", "");
    fixed_units_put(&deeper, message);
    for (size_t i = 0; i < 2; i++)
        counter_put(&deeper, message, i);
}

static int records_put(const struct explain_place *place, struct span records, size_t *error_offset)
{
    struct explain_mbus_area area = { *place, records, NULL, NULL };
    size_t offset = 0;
    int result = explain_mbus_records(&area, mbus_record_reader(records), &offset);

    if (result < 0)
        *error_offset = (size_t)(records.bytes - place->frame.bytes) + offset;
    return result;
}

static void bytes_put(const struct explain_place *place, struct span bytes, const char *meaning)
{
    static const struct row row = { "payload", "Payload", "数据", CLAUSE_CI };
    if (bytes.size > 0)
        hex_put(place, bytes, &row, meaning);
}

/* Decrypted bytes are shown at the place of those they came from. */
struct opened {
    struct span sealed; /* in the frame */
    struct span plain;  /* in a buffer, of the same size */
};

static struct span opened_locate(const void *context, struct span bytes)
{
    const struct opened *opened = context;
    return span_of_bytes(opened->sealed.bytes + (bytes.bytes - opened->plain.bytes), bytes.size);
}

/* With a key: the records, or what is wrong with it. Without: closed, and the frame is valid all the same. */
static int sealed_put(const struct explain_place *place, struct mbus_message message, size_t *error_offset)
{
    const struct explain_secret *secret = place->sink->secret;
    struct explain_mbus_area area = { explain_deeper(place), message.body, opened_locate, NULL };
    struct opened opened = { message.body, message.body };
    uint8_t buffer[MBUS_DATA_LIMIT];
    size_t offset = 0;
    int result = CODEC_ERR_UNSUPPORTED;

    if (secret != NULL && secret->key.size == CIPHER_BLOCK_SIZE) {
        struct wmbus_secret meter = { secret->cipher, secret->key.bytes };
        result = mbus_message_open(&message, &meter, buffer);
    }
    bytes_put(place, opened.sealed,
              result == 0                       ? choose(place, "decrypted", "已解密")
              : result == CODEC_ERR_UNSUPPORTED ? choose(place, "encrypted, key needed", "已加密，需要密钥")
                                                : choose(place, "encrypted", "已加密"));
    if (result == CODEC_ERR_UNSUPPORTED)
        return 0;
    if (result == 0) {
        opened.plain = message.body;
        area.context = &opened;
        result = explain_mbus_records(&area, mbus_record_reader(message.body), &offset);
    }
    if (result < 0)
        *error_offset = (size_t)(opened.sealed.bytes - place->frame.bytes) + offset;
    return result;
}

static int body_put(const struct explain_place *place, const struct mbus_message *message, size_t *error_offset)
{
    return message->is_encrypted ? sealed_put(place, *message, error_offset)
                                 : records_put(place, message->body, error_offset);
}

static void alarm_put(const struct explain_place *place, const struct mbus_message *message)
{
    struct item item;
    struct item_list list = item_list_of(&item, 1);
    size_t offset;

    bytes_put(place, message->body, choose(place, "the manufacturer's alarm bits", "厂商自定义报警位"));
    if (mbus_message_items(message, &list, NULL, &offset) == 0 && list.count == 1)
        explain_item(place->sink, place->frame, item.bytes, place->depth + 1, &item, NULL, CLAUSE_CI);
}

static int message_put(const struct explain_place *place, const struct mbus_message *message, size_t *error_offset)
{
    struct explain_place deeper = explain_deeper(place);

    switch ((enum mbus_content)message->content) {
    case MBUS_CONTENT_VARIABLE:
    case MBUS_CONTENT_SHORT:
        header_put(place, message);
        return body_put(place, message, error_offset);
    case MBUS_CONTENT_RECORDS:
        bytes_put(place, message->body, "");
        return records_put(&deeper, message->body, error_offset);
    case MBUS_CONTENT_FIXED:
        fixed_put(place, message);
        break;
    case MBUS_CONTENT_SELECT:
        select_put(place, message);
        break;
    case MBUS_CONTENT_ERROR:
        error_put(place, message);
        break;
    case MBUS_CONTENT_ALARM:
        alarm_put(place, message);
        break;
    case MBUS_CONTENT_OBSOLETE:
    case MBUS_CONTENT_BYTES:
    case MBUS_CONTENT_NONE:
    case MBUS_CONTENT_RESET:
        bytes_put(place, message->body, "");
        break;
    }
    return 0;
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
        result = message_put(place, &message, error_offset);
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
    static const struct row row = { "start", "Acknowledge", "确认", CLAUSE_FRAME };

    type_put(place, "single");
    row_put(place, part(place, 0, 1), &row, "E5", choose(place, "positive acknowledge", "肯定确认"));
    return 0;
}

/* A damaged frame: its beginning as far as it is there; a wrong check sum is shown, the values in front of it are not. */
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
    bool is_short = frame.size == MBUS_SHORT_SIZE && frame.bytes[0] == 0x10 && frame.bytes[4] == END;
    return is_short ? EXPLAIN_LIKELY : EXPLAIN_NO;
}
