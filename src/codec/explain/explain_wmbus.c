#include "codec/bcd/bcd.h"
#include "codec/codec_error.h"
#include "codec/explain/explain_wmbus_internal.h"
#include "codec/wmbus/wmbus_ci.h"

#define LINK_CLAUSE "EN 13757-4 11"

static const char *const format_names[] = { "removed", "format A", "format B" };

static void format_put(const struct wmbus_view *view)
{
    static const struct explain_label label = { "dll_crc", "Check sums of the link layer", "链路层校验", LINK_CLAUSE };
    static const char *const meanings[][2] = {
        { "taken out by the receiver: nothing proves the bytes", "已被接收机去除，无法验证" },
        { "all right", "全部正确" },
        { "all right", "全部正确" },
    };
    unsigned format = (unsigned)view->link->format;

    wmbus_row_put(view, span_of_bytes(NULL, 0), &label, format_names[format],
                  explain_choose(view->sink, meanings[format][0], meanings[format][1]));
}

static void length_put(const struct wmbus_view *view)
{
    static const struct explain_label label = { "l", "L field (length)", "L 域（长度）", LINK_CLAUSE };
    char text[EXPLAIN_TEXT_LIMIT];
    struct writer meaning = writer_of_buffer(text, sizeof text);

    if (view->frame.bytes[0] != view->link->length)
        writer_format(&meaning, explain_choose(view->sink, "%u with check sums", "含校验 %u"), view->frame.bytes[0]);
    wmbus_number_put(view, span_of_bytes(view->link->telegram.bytes, 1), &label, view->link->length,
                     writer_terminate(&meaning));
}

static void control_put(const struct wmbus_view *view)
{
    static const struct explain_label label = { "c", "C field (control)", "C 域（控制）", "EN 13757-4 11" };
    const struct wmbus_control *control = wmbus_control_find(view->link->control);
    char text[EXPLAIN_TEXT_LIMIT];
    struct writer meaning = writer_of_buffer(text, sizeof text);

    if (control == NULL)
        writer_text(&meaning, explain_choose(view->sink, "unknown", "未知"));
    else {
        writer_text(&meaning, control->name);
        writer_text(&meaning, explain_choose(view->sink, ", ", "，"));
        writer_text(&meaning, explain_choose(view->sink, control->english, control->chinese));
    }
    wmbus_hex_put(view, span_of_bytes(view->link->telegram.bytes + 1, 1), &label, writer_terminate(&meaning));
}

/* L, C and address.
 * is_meter  the address is that of the meter, no long header naming another */
static void head_put(const struct wmbus_view *view, bool is_meter)
{
    const uint8_t *bytes = view->link->telegram.bytes;
    struct wmbus_address_place place = { span_of_bytes(bytes + 2, 2), span_of_bytes(bytes + 4, 4),
                                         span_of_bytes(bytes + 8, 1), span_of_bytes(bytes + 9, 1) };

    length_put(view);
    control_put(view);
    wmbus_address_put(view, &view->link->address, &place, is_meter);
}

/* The check sums stand between the bytes they prove, so they come last, each with its own place. */
static void check_sums_put(const struct wmbus_view *view)
{
    const struct wmbus_frame *link = view->link;

    if (link->format == WMBUS_FORMAT_STRIPPED)
        return;
    for (size_t start = 0; start < link->telegram.size;) {
        struct wmbus_block block = wmbus_block_at(link->format, view->frame, link->telegram.size, start);
        struct explain_field field = { 0 };
        char text[EXPLAIN_TEXT_LIMIT];
        struct writer value = writer_of_buffer(text, sizeof text);
        field.offset = (size_t)(block.crc.bytes - view->frame.bytes);
        field.size = block.crc.size;
        field.key = "block_crc";
        field.name = explain_choose(view->sink, "Check sum of the block", "数据块校验");
        field.clause = "EN 13757-4 11";
        field.meaning =
            block.is_right ? explain_choose(view->sink, "right", "正确") : explain_choose(view->sink, "wrong", "错误");
        explain_write_capital_hex(&value, block.crc);
        explain_put(view->sink, field, &value, NULL);
        start = block.next;
    }
}

/* The head of a frame that is damaged further on, when its own check sum does not speak against it. */
static void damaged_put(const struct explain_sink *sink, struct span frame, int result, size_t error_offset)
{
    struct wmbus_frame link = { 0 };
    struct wmbus_view view = { sink, frame, &link, 0, false };

    if (frame.size < WMBUS_FRAME_HEAD_SIZE || frame.bytes[0] + 1 < WMBUS_FRAME_HEAD_SIZE ||
        (result == CODEC_ERR_CHECKSUM && error_offset == WMBUS_FRAME_HEAD_SIZE))
        return;
    link.length = frame.bytes[0];
    link.control = frame.bytes[1];
    link.address = wmbus_address_of_link(frame.bytes + 2);
    link.telegram = span_of_bytes(frame.bytes, WMBUS_FRAME_HEAD_SIZE);
    head_put(&view, true);
}

static void telegram_put(const struct wmbus_view *view, const struct wmbus_telegram *telegram)
{
    format_put(view);
    head_put(view, !telegram->transport.has_address);
    wmbus_layers_put(view, telegram);
    wmbus_content_put(view, telegram);
    check_sums_put(view);
}

/* Broken behind the link layer: the link layer is told all the same. */
static void link_only_put(const struct explain_sink *sink, struct span frame)
{
    static const struct explain_label label = { "data", "Data", "数据", "EN 13757-7" };
    uint8_t buffer[WMBUS_TELEGRAM_LIMIT];
    struct wmbus_frame link;
    struct wmbus_view view = { sink, frame, &link, 0, false };
    size_t error_offset;

    if (wmbus_frame_decode(frame, buffer, &link, &error_offset) < 0)
        return;
    format_put(&view);
    head_put(&view, true);
    wmbus_hex_put(&view, link.data, &label, NULL);
    check_sums_put(&view);
}

int explain_wmbus(const struct explain_sink *sink, struct span frame, size_t *error_offset)
{
    uint8_t buffer[WMBUS_TELEGRAM_LIMIT];
    struct wmbus_telegram telegram;
    struct wmbus_secret secret = { NULL, NULL };
    struct wmbus_view view = { sink, frame, &telegram.link, 0, false };
    size_t ignored;

    if (sink->secret != NULL && sink->secret->key.size == CIPHER_BLOCK_SIZE) {
        secret.cipher = sink->secret->cipher;
        secret.key = sink->secret->key.bytes;
    }
    int result = wmbus_telegram_decode(frame, secret.key != NULL ? &secret : NULL, buffer, &telegram, error_offset);
    view.is_key_wrong = result == CODEC_ERR_KEY && wmbus_telegram_decode(frame, NULL, buffer, &telegram, &ignored) == 0;
    if (result == 0 || view.is_key_wrong) {
        telegram_put(&view, &telegram);
        /* A key that does not fit is no fault of the frame: what it should have opened stays closed. Open bytes under a
         * wrong MAC were changed. */
        return telegram.sealed.size > 0 ? 0 : result;
    }
    if (wmbus_frame_decode(frame, buffer, &telegram.link, &ignored) == 0)
        link_only_put(sink, frame);
    else
        damaged_put(sink, frame, result, *error_offset);
    return result;
}

/* A frame that is cut off or has bytes too many is still one when its head is: a known C field, a registered kind of
 * manufacturer, a number of digits, a known CI field where formats A and B have it. */
static bool is_head_plausible(struct span frame)
{
    if (frame.size <= WMBUS_FRAME_HEAD_SIZE + WMBUS_CRC_SIZE || wmbus_control_find(frame.bytes[1]) == NULL)
        return false;
    struct wmbus_address address = wmbus_address_of_link(frame.bytes + 2);
    return wmbus_address_manufacturer_check(&address) && bcd_read(span_of_bytes(frame.bytes + 4, 4)) >= 0 &&
           (wmbus_ci_is_known(frame.bytes[WMBUS_FRAME_HEAD_SIZE]) ||
            wmbus_ci_is_known(frame.bytes[WMBUS_FRAME_HEAD_SIZE + WMBUS_CRC_SIZE]));
}

enum explain_belief explain_wmbus_recognise(struct span frame)
{
    uint8_t buffer[WMBUS_TELEGRAM_LIMIT];
    struct wmbus_frame link;
    size_t error_offset;
    int result = wmbus_frame_decode(frame, buffer, &link, &error_offset);

    if (result == CODEC_ERR_CHECKSUM)
        return wmbus_control_find(frame.bytes[1]) != NULL ? EXPLAIN_LIKELY : EXPLAIN_POSSIBLE;
    if (result < 0)
        return is_head_plausible(frame) ? EXPLAIN_LIKELY : EXPLAIN_NO;
    if (link.format != WMBUS_FORMAT_STRIPPED)
        return EXPLAIN_CERTAIN;
    if (wmbus_control_find(link.control) == NULL || !wmbus_address_manufacturer_check(&link.address))
        return EXPLAIN_NO;
    return link.data.size > 0 && wmbus_ci_is_known(link.data.bytes[0]) ? EXPLAIN_PROBABLE : EXPLAIN_LIKELY;
}
