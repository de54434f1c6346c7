#include "codec/mbus/mbus_message.h"

#include <string.h>

#include "codec/codec_error.h"

#define LONG_HEADER_SIZE 12
#define SHORT_HEADER_SIZE 4
#define FIXED_SIZE 16
#define MODE_LAST 13 /* of the configuration word */

static const struct mbus_ci cis[] = {
    { 0x50, MBUS_CONTENT_RESET, "application reset", "应用层复位" },
    { 0x51, MBUS_CONTENT_RECORDS, "data to the slave", "向从站发送数据" },
    { 0x52, MBUS_CONTENT_SELECT, "select a slave by its secondary address", "按二级地址选择从站" },
    { 0x54, MBUS_CONTENT_BYTES, "synchronise", "同步动作" },
    { 0x55, MBUS_CONTENT_OBSOLETE, "data to the slave, high byte first (obsolete)",
      "向从站发送数据，高字节在前（已废弃）" },
    { 0x56, MBUS_CONTENT_OBSOLETE, "select a slave, high byte first (obsolete)", "选择从站，高字节在前（已废弃）" },
    { 0x5c, MBUS_CONTENT_BYTES, "synchronise", "同步动作" },
    { 0x70, MBUS_CONTENT_ERROR, "application error", "应用层错误" },
    { 0x71, MBUS_CONTENT_ALARM, "alarm status", "报警状态" },
    { 0x72, MBUS_CONTENT_VARIABLE, "variable data response, long header", "可变数据应答，长报头" },
    { 0x73, MBUS_CONTENT_FIXED, "fixed data response (old)", "固定数据应答（旧）" },
    { 0x76, MBUS_CONTENT_OBSOLETE, "variable data response, high byte first (obsolete)",
      "可变数据应答，高字节在前（已废弃）" },
    { 0x77, MBUS_CONTENT_OBSOLETE, "fixed data response, high byte first (obsolete)",
      "固定数据应答，高字节在前（已废弃）" },
    { 0x78, MBUS_CONTENT_RECORDS, "variable data response without header", "可变数据应答，无报头" },
    { 0x7a, MBUS_CONTENT_SHORT, "variable data response, short header", "可变数据应答，短报头" },
    { 0xb8, MBUS_CONTENT_NONE, "set baud rate 300", "设置波特率300" },
    { 0xb9, MBUS_CONTENT_NONE, "set baud rate 600", "设置波特率600" },
    { 0xba, MBUS_CONTENT_NONE, "set baud rate 1200", "设置波特率1200" },
    { 0xbb, MBUS_CONTENT_NONE, "set baud rate 2400", "设置波特率2400" },
    { 0xbc, MBUS_CONTENT_NONE, "set baud rate 4800", "设置波特率4800" },
    { 0xbd, MBUS_CONTENT_NONE, "set baud rate 9600", "设置波特率9600" },
    { 0xbe, MBUS_CONTENT_NONE, "set baud rate 19200", "设置波特率19200" },
    { 0xbf, MBUS_CONTENT_NONE, "set baud rate 38400", "设置波特率38400" },
};

const struct mbus_ci *mbus_ci_find(uint8_t ci)
{
    for (size_t i = 0; i < sizeof cis / sizeof cis[0]; i++)
        if (cis[i].ci == ci)
            return &cis[i];
    return NULL;
}

/* Modes that exist; old meters put a signature of their own, or FFFFH, where the configuration word came to stand. Two
 * fillers in front say that somebody has decrypted the records already. */
static void encryption_take(struct mbus_message *out)
{
    unsigned mode = out->configuration >> 8 & 0x1fu;
    bool is_announced = mode != 0 && mode <= MODE_LAST && out->body.size > 0;

    out->is_open = is_announced && wmbus_plain_check(out->body);
    out->is_encrypted = is_announced && !out->is_open;
}

static void header_split(struct span data, size_t size, struct mbus_message *out)
{
    out->header = span_of_bytes(data.bytes, size);
    out->body = span_of_bytes(data.bytes + size, data.size - size);
}

/* Access number, status and configuration: the last four bytes of both headers. */
static void status_take(struct mbus_message *out)
{
    const uint8_t *bytes = out->header.bytes + out->header.size - SHORT_HEADER_SIZE;

    out->has_status = true;
    out->access_number = bytes[0];
    out->status = bytes[1];
    out->configuration = (uint16_t)(bytes[2] | bytes[3] << 8);
    encryption_take(out);
}

static int variable_take(struct span data, struct mbus_message *out)
{
    if (data.size < LONG_HEADER_SIZE)
        return CODEC_ERR_SHORT;
    header_split(data, LONG_HEADER_SIZE, out);
    out->has_number = true;
    out->address = wmbus_address_of_header(data.bytes);
    status_take(out);
    return 0;
}

static int short_take(struct span data, struct mbus_message *out)
{
    if (data.size < SHORT_HEADER_SIZE)
        return CODEC_ERR_SHORT;
    header_split(data, SHORT_HEADER_SIZE, out);
    status_take(out);
    return 0;
}

/* The medium is in the top bits of both unit bytes, the low half in the first (EN 1434-3 annex). */
static int fixed_take(struct span data, struct mbus_message *out)
{
    const uint8_t *bytes = data.bytes;
    uint8_t header[WMBUS_ADDRESS_SIZE] = { 0 };

    if (data.size < FIXED_SIZE)
        return CODEC_ERR_SHORT;
    for (size_t i = 0; i < 4; i++)
        header[i] = bytes[i];
    out->has_number = true;
    out->has_status = true;
    out->address = wmbus_address_of_header(header);
    out->header = span_of_bytes(bytes, 8);
    out->access_number = bytes[4];
    out->status = bytes[5];
    out->fixed.is_binary = (bytes[5] & 1u) != 0;
    out->fixed.is_stored = (bytes[5] & 2u) != 0;
    out->fixed.medium = (uint8_t)(bytes[6] >> 6 | (bytes[7] >> 6) << 2);
    out->fixed.units[0] = bytes[6] & 0x3fu;
    out->fixed.units[1] = bytes[7] & 0x3fu;
    out->fixed.counters[0] = span_of_bytes(bytes + 8, 4);
    out->fixed.counters[1] = span_of_bytes(bytes + 12, 4);
    out->body = span_of_bytes(bytes + 8, data.size - 8);
    return data.size > FIXED_SIZE ? CODEC_ERR_TRAILING : 0;
}

static int select_take(struct span data, struct mbus_message *out)
{
    if (data.size < WMBUS_ADDRESS_SIZE)
        return CODEC_ERR_SHORT;
    header_split(data, WMBUS_ADDRESS_SIZE, out);
    out->has_number = true;
    out->address = wmbus_address_of_header(data.bytes);
    return 0;
}

static int content_take(struct span data, struct mbus_message *out)
{
    switch ((enum mbus_content)out->content) {
    case MBUS_CONTENT_VARIABLE:
        return variable_take(data, out);
    case MBUS_CONTENT_SHORT:
        return short_take(data, out);
    case MBUS_CONTENT_FIXED:
        return fixed_take(data, out);
    case MBUS_CONTENT_SELECT:
        return select_take(data, out);
    case MBUS_CONTENT_BYTES:
    case MBUS_CONTENT_NONE:
    case MBUS_CONTENT_RESET:
    case MBUS_CONTENT_RECORDS:
    case MBUS_CONTENT_ERROR:
    case MBUS_CONTENT_ALARM:
    case MBUS_CONTENT_OBSOLETE:
        break;
    }
    return 0;
}

int mbus_message_decode(const struct mbus_frame *frame, struct mbus_message *out, size_t *error_offset)
{
    static const struct mbus_message empty;
    const struct mbus_ci *ci = mbus_ci_find(frame->ci);
    struct mbus_message message = empty;
    int result = CODEC_ERR_TYPE;

    message.content = ci == NULL ? MBUS_CONTENT_BYTES : ci->content;
    message.body = frame->data;
    if (frame->kind == MBUS_FRAME_CONTROL || frame->kind == MBUS_FRAME_LONG)
        result = content_take(frame->data, &message);
    if (result == 0)
        *out = message;
    else if (error_offset != NULL)
        *error_offset = result == CODEC_ERR_TYPE    ? 0
                        : result == CODEC_ERR_SHORT ? MBUS_DATA_OFFSET + frame->data.size
                                                    : MBUS_DATA_OFFSET + FIXED_SIZE;
    return result;
}

static int fixed_items(const struct mbus_message *message, struct item_list *list)
{
    for (size_t i = 0; i < 2; i++) {
        struct item *item = item_list_add(list);
        if (item == NULL)
            return CODEC_ERR_FULL;
        mbus_fixed_item(message, i, item);
    }
    return 0;
}

/* The alarm byte, whose bits are the manufacturer's. */
static int alarm_items(const struct mbus_message *message, struct item_list *list)
{
    struct item *item = message->body.size > 0 ? item_list_add(list) : NULL;

    if (item == NULL)
        return message->body.size > 0 ? CODEC_ERR_FULL : 0;
    item->quantity = ITEM_ALARM;
    item->kind = ITEM_KIND_FLAGS;
    item->digits = 2;
    item->value = message->body.bytes[0];
    item->bytes = span_of_bytes(message->body.bytes, 1);
    return 0;
}

int mbus_message_items(const struct mbus_message *message, struct item_list *list, bool *more_follow,
                       size_t *error_offset)
{
    *error_offset = 0;
    switch ((enum mbus_content)message->content) {
    case MBUS_CONTENT_VARIABLE:
    case MBUS_CONTENT_SHORT:
    case MBUS_CONTENT_RECORDS:
        return message->is_encrypted ? CODEC_ERR_KEY
                                     : mbus_records_decode(message->body, list, more_follow, error_offset);
    case MBUS_CONTENT_FIXED:
        return fixed_items(message, list);
    case MBUS_CONTENT_ALARM:
        return alarm_items(message, list);
    case MBUS_CONTENT_OBSOLETE:
        return CODEC_ERR_UNSUPPORTED;
    case MBUS_CONTENT_BYTES:
    case MBUS_CONTENT_NONE:
    case MBUS_CONTENT_RESET:
    case MBUS_CONTENT_SELECT:
    case MBUS_CONTENT_ERROR:
        break;
    }
    return 0;
}

int mbus_items_decode(const struct mbus_frame *frame, struct item_list *list, bool *more_follow, size_t *error_offset)
{
    struct mbus_message message;
    size_t offset = 0;

    if (more_follow != NULL)
        *more_follow = false;
    if (frame->kind == MBUS_FRAME_ACKNOWLEDGE || frame->kind == MBUS_FRAME_SHORT)
        return 0;
    int result = mbus_message_decode(frame, &message, error_offset);
    if (result < 0)
        return result;
    result = mbus_message_items(&message, list, more_follow, &offset);
    if (result < 0 && error_offset != NULL)
        *error_offset = (size_t)(message.body.bytes - frame->bytes.bytes) + offset;
    return result;
}

int mbus_message_open(struct mbus_message *message, const struct wmbus_secret *secret, uint8_t *buffer)
{
    struct wmbus_transport layer = { 0 };
    struct span body = message->body;
    uint8_t initial[CIPHER_BLOCK_SIZE];

    layer.configuration = message->configuration;
    layer.body = body;
    if (!message->is_encrypted || !message->has_number || wmbus_transport_mode(&layer) != WMBUS_MODE_CBC_INITIAL)
        return CODEC_ERR_UNSUPPORTED;
    size_t sealed = wmbus_sealed_size(&layer);
    if (sealed == 0 || sealed > body.size)
        return CODEC_ERR_SHORT;
    wmbus_initial_vector(&message->address, message->access_number, initial);
    int result = wmbus_seal_open(secret, initial, span_of_bytes(body.bytes, sealed), buffer);
    if (result < 0)
        return result;
    memcpy(buffer + sealed, body.bytes + sealed, body.size - sealed);
    message->body = span_of_bytes(buffer, body.size);
    message->is_encrypted = false;
    return 0;
}
