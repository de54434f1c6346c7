#include "codec/codec_error.h"
#include "codec/explain/explain_mbus.h"
#include "codec/explain/explain_wmbus_internal.h"
#include "codec/mbus/mbus_message.h"
#include "codec/wmbus/wmbus_items.h"

#define RECORD_CLAUSE "EN 13757-3 6"
#define CONTENT_CLAUSE "EN 13757-7 7"
#define ROW_BYTES 120 /* of a payload in one row, so that its text fits */

static struct span nowhere(void)
{
    return span_of_bytes(NULL, 0);
}

/* Long payloads take several rows. */
static void bytes_put(const struct wmbus_view *view, struct span bytes, const struct explain_label *label,
                      const char *meaning)
{
    for (size_t start = 0; start < bytes.size; start += ROW_BYTES) {
        size_t left = bytes.size - start;
        wmbus_hex_put(view, span_of_bytes(bytes.bytes + start, left < ROW_BYTES ? left : ROW_BYTES), label,
                      start == 0 ? meaning : NULL);
    }
}

static void initial_vector_put(const struct wmbus_view *view, const struct wmbus_telegram *telegram)
{
    static const struct explain_label label = { "decrypt_iv", "Initial vector", "初始向量", CONTENT_CLAUSE };
    uint8_t initial[CIPHER_BLOCK_SIZE];
    char text[2 * CIPHER_BLOCK_SIZE + 8];
    struct writer value = writer_of_buffer(text, sizeof text);

    if (telegram->protection != WMBUS_PROTECTION_OPENED ||
        wmbus_transport_mode(&telegram->transport) != WMBUS_MODE_CBC_INITIAL)
        return;
    wmbus_initial_vector(&telegram->meter, telegram->transport.access_number, initial);
    explain_write_capital_hex(&value, span_of_bytes(initial, sizeof initial));
    wmbus_row_put(view, nowhere(), &label, writer_terminate(&value), NULL);
}

/* What was encrypted and is plain now. */
static void opened_put(const struct wmbus_view *view, const struct wmbus_telegram *telegram)
{
    static const struct explain_label already = { "payload_already_decrypted", "Payload was already decrypted",
                                                  "净荷收到时已解密", CONTENT_CLAUSE };
    static const struct explain_label verified = { "decrypt_verified", "Decryption proved", "解密已验证",
                                                   CONTENT_CLAUSE };
    static const struct explain_label plain = { "decrypted_payload", "Decrypted payload", "解密后净荷",
                                                CONTENT_CLAUSE };
    bool is_opened = telegram->session == WMBUS_PROTECTION_OPENED || telegram->protection == WMBUS_PROTECTION_OPENED;

    if (telegram->session == WMBUS_PROTECTION_ALREADY || telegram->protection == WMBUS_PROTECTION_ALREADY)
        wmbus_truth_put(view, nowhere(), &already, true,
                        explain_choose(view->sink, "nothing proves that it comes from the meter", "无法证明来自该表"));
    if (!is_opened)
        return;
    initial_vector_put(view, telegram);
    wmbus_truth_put(view, nowhere(), &verified, true, NULL);
    bytes_put(view, telegram->has_transport ? telegram->transport.body : telegram->opened, &plain, NULL);
}

static void sealed_put(const struct wmbus_view *view, const struct wmbus_telegram *telegram)
{
    static const struct explain_label sealed = { "encrypted_payload", "Encrypted payload", "加密净荷", CONTENT_CLAUSE };
    static const struct explain_label verified = { "decrypt_verified", "Decryption proved", "解密已验证",
                                                   CONTENT_CLAUSE };
    bool is_key_needed =
        telegram->session == WMBUS_PROTECTION_KEY_NEEDED || telegram->protection == WMBUS_PROTECTION_KEY_NEEDED;

    if (telegram->sealed.size == 0)
        return;
    if (view->is_key_wrong)
        wmbus_truth_put(view, nowhere(), &verified, false,
                        explain_choose(view->sink, "the key does not fit", "密钥不符"));
    bytes_put(view, telegram->sealed, &sealed,
              !is_key_needed       ? explain_choose(view->sink, "this method is not supported", "不支持此方法")
              : view->is_key_wrong ? explain_choose(view->sink, "the key does not fit", "密钥不符")
                                   : explain_choose(view->sink, "key needed", "需要密钥"));
}

static struct span place_locate(const void *context, struct span bytes)
{
    return wmbus_view_place(context, bytes);
}

static void records_put(const struct wmbus_view *view, struct mbus_record_reader reader)
{
    static const struct explain_label broken = { "record_error", "Records cannot be read to the end",
                                                 "数据记录无法解析到结尾", RECORD_CLAUSE };
    struct explain_mbus_area area = { { view->sink, view->frame, view->depth }, nowhere(), place_locate, view };
    size_t ignored;
    int result = explain_mbus_records(&area, reader, &ignored);

    if (result < 0)
        wmbus_row_put(view, nowhere(), &broken, "",
                      explain_choose(view->sink, codec_error_text(result), codec_error_text_chinese(result)));
}

static const struct explain_label records_label = { "records", "Records", "数据记录", RECORD_CLAUSE };
static const struct explain_label payload_label = { "payload", "Application data", "应用数据", CONTENT_CLAUSE };

static void whole_records_put(const struct wmbus_view *view, const struct wmbus_telegram *telegram)
{
    struct wmbus_view inner = wmbus_view_deeper(view);
    struct span content = telegram->content;

    wmbus_row_put(view, content, &records_label, "", NULL);
    records_put(&inner, mbus_record_reader(content));
}

static void compact_put(const struct wmbus_view *view, const struct wmbus_telegram *telegram)
{
    static const struct explain_label signature = { "format_signature", "Format signature", "格式签名",
                                                    "EN 13757-3 annex G" };
    static const struct explain_label crc = { "full_frame_crc", "CRC of the full records", "完整记录校验",
                                              "EN 13757-3 annex G" };
    struct wmbus_view inner = wmbus_view_deeper(view);
    struct span body = wmbus_content_body(telegram);
    struct wmbus_compact compact;
    int result = wmbus_compact_decode(body, NULL, &compact);

    if (result == CODEC_ERR_SHORT) {
        bytes_put(view, body, &payload_label,
                  explain_choose(view->sink, codec_error_text(result), codec_error_text_chinese(result)));
        return;
    }
    wmbus_hex_put(view, span_of_bytes(body.bytes, 2), &signature,
                  result == 0 ? explain_choose(view->sink, "known", "已知")
                              : explain_choose(view->sink, "unknown: needs the full telegram of this meter first",
                                               "未知：需先收到该表的完整帧"));
    wmbus_hex_put(view, span_of_bytes(body.bytes + 2, 2), &crc,
                  result == 0 ? explain_choose(view->sink, "right", "正确") : NULL);
    if (result < 0) {
        bytes_put(view, compact.data, &payload_label, NULL);
        return;
    }
    wmbus_row_put(view, compact.data, &records_label, "", NULL);
    records_put(&inner, mbus_record_reader_split(compact.headers, compact.data));
}

/* Alarm bits and error codes. */
static void code_put(const struct wmbus_view *view, const struct wmbus_telegram *telegram, bool is_error)
{
    struct item item;
    struct item_list list = item_list_of(&item, 1);
    struct span body = wmbus_content_body(telegram);
    size_t offset = 0;

    if (wmbus_items_decode(telegram, NULL, &list, &offset) < 0 || list.count == 0)
        return;
    explain_item(view->sink, view->frame, wmbus_view_place(view, item.bytes), view->depth, &item,
                 is_error ? mbus_application_error_text(body.bytes[0], view->sink->language == EXPLAIN_CHINESE) : NULL,
                 "EN 13757-3 8");
    bytes_put(view, span_of_bytes(body.bytes + 1, body.size - 1), &payload_label, NULL);
}

static void format_put(const struct wmbus_view *view, const struct wmbus_telegram *telegram)
{
    static const struct explain_label label = { "format", "Headers of all records", "全部记录头",
                                                "EN 13757-3 annex G" };
    struct span body = wmbus_content_body(telegram);
    struct span headers;

    bytes_put(view, body, &payload_label, NULL);
    if (wmbus_format_frame_decode(body, &headers) == 0)
        bytes_put(view, headers, &label, explain_choose(view->sink, "signature right", "签名正确"));
}

static void plain_put(const struct wmbus_view *view, const struct wmbus_telegram *telegram)
{
    switch (telegram->has_transport ? (enum wmbus_content)telegram->transport.kind->content : WMBUS_CONTENT_BYTES) {
    case WMBUS_CONTENT_RECORDS:
        whole_records_put(view, telegram);
        break;
    case WMBUS_CONTENT_COMPACT:
        compact_put(view, telegram);
        break;
    case WMBUS_CONTENT_FORMAT:
        format_put(view, telegram);
        break;
    case WMBUS_CONTENT_ERROR:
    case WMBUS_CONTENT_ALARM:
        code_put(view, telegram, telegram->transport.kind->content == WMBUS_CONTENT_ERROR);
        break;
    case WMBUS_CONTENT_BYTES:
    case WMBUS_CONTENT_EMPTY:
        bytes_put(view, telegram->content, &payload_label, NULL);
        break;
    }
}

void wmbus_content_put(const struct wmbus_view *view, const struct wmbus_telegram *telegram)
{
    opened_put(view, telegram);
    sealed_put(view, telegram);
    if (telegram->content.size == 0)
        return;
    if (view->is_key_wrong || telegram->sealed.size > 0)
        bytes_put(view, telegram->content, &payload_label, NULL);
    else
        plain_put(view, telegram);
}
