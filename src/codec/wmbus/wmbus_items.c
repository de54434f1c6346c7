#include "codec/wmbus/wmbus_items.h"

#include "codec/codec_error.h"
#include "codec/mbus/mbus_record.h"

#define PROOF_SIZE 2
#define CODE_DIGITS 2

struct span wmbus_content_body(const struct wmbus_telegram *telegram)
{
    struct span content = telegram->content;

    if (telegram->protection != WMBUS_PROTECTION_OPENED && telegram->protection != WMBUS_PROTECTION_ALREADY)
        return content;
    return span_of_bytes(content.bytes + PROOF_SIZE, content.size - PROOF_SIZE);
}

static size_t frame_offset(const struct wmbus_telegram *telegram, const uint8_t *byte)
{
    return wmbus_frame_offset(&telegram->link, (size_t)(byte - telegram->link.telegram.bytes));
}

static int records_add(const struct wmbus_telegram *telegram, struct item_list *list, size_t *error_offset)
{
    size_t offset = 0;
    int result = mbus_records_decode(telegram->content, list, NULL, &offset);

    if (result < 0)
        *error_offset = frame_offset(telegram, telegram->content.bytes + offset);
    return result;
}

static int compact_add(const struct wmbus_telegram *telegram, const struct wmbus_headers_table *formats,
                       struct item_list *list, size_t *error_offset)
{
    struct wmbus_compact compact;
    struct span body = wmbus_content_body(telegram);
    size_t offset = 0;

    if (body.size == 0)
        return 0;
    int result = wmbus_compact_decode(body, formats, &compact);
    if (result == 0)
        result = mbus_records_decode_split(compact.headers, compact.data, list, NULL, &offset);
    if (result < 0)
        *error_offset = frame_offset(telegram, body.bytes);
    return result;
}

/* One byte: alarm bits or error code. */
static int code_add(const struct wmbus_telegram *telegram, enum item_quantity quantity, struct item_list *list,
                    size_t *error_offset)
{
    struct span body = wmbus_content_body(telegram);

    if (body.size == 0) /* an error without a code says nothing more */
        return 0;
    struct item *item = item_list_add(list);
    if (item == NULL) {
        *error_offset = frame_offset(telegram, body.bytes);
        return CODEC_ERR_FULL;
    }
    item->quantity = (uint16_t)quantity;
    item->kind = ITEM_KIND_FLAGS;
    item->digits = CODE_DIGITS;
    item->value = body.bytes[0];
    item->identifier = telegram->transport.ci;
    item->bytes = span_of_bytes(body.bytes, 1);
    return 0;
}

int wmbus_items_decode(const struct wmbus_telegram *telegram, const struct wmbus_headers_table *formats,
                       struct item_list *list, size_t *error_offset)
{
    if (!telegram->has_transport || telegram->sealed.size > 0)
        return 0;
    switch ((enum wmbus_content)telegram->transport.kind->content) {
    case WMBUS_CONTENT_RECORDS:
        return records_add(telegram, list, error_offset);
    case WMBUS_CONTENT_COMPACT:
        return compact_add(telegram, formats, list, error_offset);
    case WMBUS_CONTENT_ERROR:
        return code_add(telegram, ITEM_STATUS, list, error_offset);
    case WMBUS_CONTENT_ALARM:
        return code_add(telegram, ITEM_ALARM, list, error_offset);
    case WMBUS_CONTENT_BYTES:
    case WMBUS_CONTENT_FORMAT:
    case WMBUS_CONTENT_EMPTY:
        break;
    }
    return 0;
}
