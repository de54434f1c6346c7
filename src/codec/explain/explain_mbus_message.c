/* The application layer of wired M-Bus in rows: header, records, and what else a CI field may announce. */
#include "codec/codec_error.h"
#include "codec/explain/explain_mbus_internal.h"
#include "codec/wmbus/wmbus_device_type.h"

#define CLAUSE_HEADER "EN 13757-3 5.8"
#define CLAUSE_ERROR "EN 13757-3 8, table 9"
#define CLAUSE_FIXED "EN 1434-3:1997, fixed data structure"
#define CLAUSE_SELECT "EN 13757-3 11"

static bool is_chinese(const struct explain_place *place)
{
    return place->sink->language == EXPLAIN_CHINESE;
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
    static const struct explain_label access_row = { "access_no", "Access number", "访问序号", CLAUSE_HEADER };
    static const struct explain_label status_row = { "status", "Status", "状态", CLAUSE_HEADER };
    char text[EXPLAIN_TEXT_LIMIT];
    struct writer words = writer_of_buffer(text, sizeof text);

    mbus_number_put(place, access, &access_row, MBUS_NUMBER_DECIMAL, access.bytes[0], "");
    mbus_status_write(status.bytes[0], is_chinese(place), &words);
    mbus_number_put(place, status, &status_row, MBUS_NUMBER_HEX_BYTE, status.bytes[0], writer_terminate(&words));
}

static void meter_put(const struct explain_place *place, const struct mbus_message *message)
{
    static const struct explain_label manufacturer_row = { "manufacturer", "Manufacturer", "厂商", CLAUSE_HEADER };
    static const struct explain_label version_row = { "version", "Version", "版本", CLAUSE_HEADER };
    static const struct explain_label code_row = { "medium_code", "Medium code", "介质代码", CLAUSE_HEADER };
    static const struct explain_label medium_row = { "medium", "Medium", "介质", CLAUSE_HEADER };
    const uint8_t *bytes = message->header.bytes;
    const char *medium = wmbus_device_type_text(bytes[7], is_chinese(place));
    char letters[WMBUS_MANUFACTURER_TEXT_SIZE];

    wmbus_address_manufacturer_text(&message->address, letters);
    number_text_put(place, span_of_bytes(bytes, 4), message, true);
    explain_label_put(place, span_of_bytes(bytes + 4, 2), &manufacturer_row, letters, "");
    mbus_number_put(place, span_of_bytes(bytes + 6, 1), &version_row, MBUS_NUMBER_DECIMAL, bytes[6], "");
    mbus_number_put(place, span_of_bytes(bytes + 7, 1), &code_row, MBUS_NUMBER_DECIMAL, bytes[7], medium);
    explain_label_put(place, span_of_bytes(bytes + 7, 1), &medium_row, medium, "");
}

/* Long and short header. */
static void header_put(const struct explain_place *place, const struct mbus_message *message)
{
    static const struct explain_label row = { "header", "Header", "报头", CLAUSE_HEADER };
    static const struct explain_label signature_row = { "signature", "Signature or configuration", "签名或配置字",
                                                        CLAUSE_HEADER };
    struct explain_place deeper = explain_deeper(place);
    const uint8_t *last = message->header.bytes + message->header.size - 4;

    mbus_hex_put(place, message->header, &row, "");
    if (message->has_number)
        meter_put(&deeper, message);
    access_put(&deeper, span_of_bytes(last, 1), span_of_bytes(last + 1, 1));
    mbus_number_put(&deeper, span_of_bytes(last + 2, 2), &signature_row, MBUS_NUMBER_HEX_WORD, message->configuration,
                    message->is_encrypted ? mbus_choose(place, "the records are encrypted", "记录已加密") : "");
}

static void select_put(const struct explain_place *place, const struct mbus_message *message)
{
    static const struct explain_label row = { "select_secondary", "Secondary address", "二级地址", CLAUSE_SELECT };
    static const struct explain_label raw_row = { "manufacturer_raw", "Manufacturer", "厂商", CLAUSE_SELECT };
    static const struct explain_label version_row = { "version", "Version", "版本", CLAUSE_SELECT };
    static const struct explain_label medium_row = { "medium", "Medium", "介质", CLAUSE_SELECT };
    const uint8_t *bytes = message->header.bytes;
    const char *any = mbus_choose(place, "any", "任意");
    const char *medium = bytes[7] == 0xff ? any : wmbus_device_type_text(bytes[7], is_chinese(place));
    struct explain_place deeper = explain_deeper(place);
    char letters[WMBUS_MANUFACTURER_TEXT_SIZE];

    wmbus_address_manufacturer_text(&message->address, letters);
    mbus_hex_put(place, message->header, &row,
                 mbus_choose(place, "F and FF match every slave", "F 与 FF 匹配任意从站"));
    number_text_put(&deeper, span_of_bytes(bytes, 4), message, false);
    mbus_hex_put(&deeper, span_of_bytes(bytes + 4, 2), &raw_row, (bytes[4] & bytes[5]) == 0xff ? any : letters);
    mbus_hex_put(&deeper, span_of_bytes(bytes + 6, 1), &version_row, bytes[6] == 0xff ? any : "");
    mbus_hex_put(&deeper, span_of_bytes(bytes + 7, 1), &medium_row, medium);
}

static void error_put(const struct explain_place *place, const struct mbus_message *message)
{
    static const struct explain_label row = { "application_error", "Application error", "应用层错误", CLAUSE_ERROR };
    static const struct explain_label code_row = { "code", "Error code", "错误代码", CLAUSE_ERROR };
    static const struct explain_label text_row = { "text", "Error text", "错误说明", CLAUSE_ERROR };
    struct explain_place deeper = explain_deeper(place);
    uint8_t code = message->body.size == 0 ? 0 : message->body.bytes[0];
    struct span byte = span_of_bytes(message->body.bytes, message->body.size == 0 ? 0 : 1);
    const char *text = mbus_application_error_text(code, is_chinese(place));

    mbus_hex_put(place, message->body, &row, text);
    mbus_number_put(&deeper, byte, &code_row, MBUS_NUMBER_DECIMAL, code, text);
    explain_label_put(&deeper, byte, &text_row, text, "");
}

static void fixed_units_put(const struct explain_place *place, const struct mbus_message *message)
{
    static const struct explain_label medium_row = { "medium_code", "Medium code", "介质代码", CLAUSE_FIXED };
    static const struct explain_label unit1_row = { "unit1_code", "Unit of counter 1", "计数器1单位", CLAUSE_FIXED };
    static const struct explain_label unit2_row = { "unit2_code", "Unit of counter 2", "计数器2单位", CLAUSE_FIXED };
    const uint8_t *units = message->header.bytes + 6;

    mbus_number_put(place, span_of_bytes(units, 2), &medium_row, MBUS_NUMBER_DECIMAL, message->fixed.medium,
                    mbus_fixed_medium_text(message->fixed.medium, is_chinese(place)));
    mbus_number_put(place, span_of_bytes(units, 1), &unit1_row, MBUS_NUMBER_HEX_BYTE, message->fixed.units[0], "");
    mbus_number_put(place, span_of_bytes(units + 1, 1), &unit2_row, MBUS_NUMBER_HEX_BYTE, message->fixed.units[1], "");
}

/* The counter as it stands in the frame, and as a value in its unit. */
static void counter_put(const struct explain_place *place, const struct mbus_message *message, size_t index)
{
    static const struct explain_label rows[2] = { { "counter1", "Counter 1", "计数器1", CLAUSE_FIXED },
                                                  { "counter2", "Counter 2", "计数器2", CLAUSE_FIXED } };
    char text[32];
    struct writer value = writer_of_buffer(text, sizeof text);
    struct item item, raw;

    mbus_fixed_item(message, index, &item);
    raw = item;
    raw.exponent = 0;
    item_value_write(&raw, &value);
    explain_label_put(place, item.bytes, &rows[index], writer_terminate(&value), "");
    explain_item(place->sink, place->frame, item.bytes, place->depth + 1, &item, NULL, CLAUSE_FIXED);
}

static void fixed_put(const struct explain_place *place, const struct mbus_message *message)
{
    static const struct explain_label row = { "fixed", "Fixed data", "固定数据", CLAUSE_FIXED };
    static const struct explain_label coding_row = { "counters_coding", "Counters coded as", "计数器编码",
                                                     CLAUSE_FIXED };
    static const struct explain_label stored_row = { "counter_fixed_at_date", "Counters stored at a date",
                                                     "计数器为冻结值", CLAUSE_FIXED };
    struct explain_place deeper = explain_deeper(place);
    const uint8_t *bytes = message->header.bytes;
    struct span status = span_of_bytes(bytes + 5, 1);

    mbus_hex_put(place, span_of_bytes(bytes, message->header.size + message->body.size), &row, "");
    number_text_put(&deeper, span_of_bytes(bytes, 4), message, true);
    access_put(&deeper, span_of_bytes(bytes + 4, 1), status);
    explain_label_put(&deeper, status, &coding_row, message->fixed.is_binary ? "binary" : "BCD", "");
    explain_label_put(&deeper, status, &stored_row, message->fixed.is_stored ? "true" : "false", "");
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
    static const struct explain_label row = { "payload", "Payload", "数据", MBUS_CLAUSE_CI };
    if (bytes.size > 0)
        mbus_hex_put(place, bytes, &row, meaning);
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

static const char *sealed_words(const struct explain_place *place, bool has_key, int result)
{
    if (result == 0)
        return mbus_choose(place, "decrypted", "已解密");
    if (result == CODEC_ERR_KEY)
        return mbus_choose(place, "encrypted, the key does not fit", "已加密，密钥不符");
    if (result != CODEC_ERR_UNSUPPORTED)
        return mbus_choose(place, "encrypted, fewer bytes than announced", "已加密，长度少于声明的块数");
    return has_key ? mbus_choose(place, "encrypted, cannot be opened: the mode, or the meter is not named",
                                 "已加密，无法解密：不支持该模式或未标明表计")
                   : mbus_choose(place, "encrypted, key needed", "已加密，需要密钥");
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
    bytes_put(place, opened.sealed, sealed_words(place, secret != NULL, result));
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

    bytes_put(place, message->body, mbus_choose(place, "the manufacturer's alarm bits", "厂商自定义报警位"));
    if (mbus_message_items(message, &list, NULL, &offset) == 0 && list.count == 1)
        explain_item(place->sink, place->frame, item.bytes, place->depth + 1, &item, NULL, MBUS_CLAUSE_CI);
}

int mbus_message_put(const struct explain_place *place, const struct mbus_message *message, size_t *error_offset)
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
