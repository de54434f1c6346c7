#include "codec/cjt188/cjt188_message.h"

#include "codec/codec_error.h"

#define PRICE_SCALE (-2)

int cjt188_message_encode(const struct cjt188_link *link, uint8_t control, uint16_t identifier, struct span payload,
                          struct writer *out)
{
    uint8_t buffer[CJT188_DATA_LIMIT];
    struct writer data = writer_of_buffer(buffer, sizeof buffer);
    uint8_t high = (uint8_t)(identifier >> 8);
    uint8_t low = (uint8_t)identifier;
    bool is_low_first = cjt188_variant_given(link->variant)->is_low_first;

    writer_put_u8(&data, is_low_first ? low : high);
    writer_put_u8(&data, is_low_first ? high : low);
    writer_put_u8(&data, link->serial);
    writer_put_span(&data, payload);
    if (data.overflow)
        return CODEC_ERR_TOO_LONG;
    return cjt188_frame_encode(link->preamble_size, link->meter_type, link->address, control, writer_span(&data), out);
}

/* The function of a request, where models differ from the table. */
static uint8_t function_of(const struct cjt188_variant *variant, const struct cjt188_data *row)
{
    switch (row->identifier) {
    case CJT188_ADDRESS_WRITE:
        return variant->address_function;
    case CJT188_BASE_READING_WRITE:
        return variant->sync_function;
    default:
        return row->function;
    }
}

/* Either direction: the payload of a shape from items, and the frame around it. */
static int shape_encode(const struct cjt188_link *link, const struct cjt188_data *row, bool is_answer,
                        const struct item *items, size_t count, struct writer *out)
{
    uint8_t buffer[CJT188_DATA_LIMIT];
    struct writer payload = writer_of_buffer(buffer, sizeof buffer);
    const struct cjt188_variant *variant = cjt188_variant_given(link->variant);
    enum cjt188_shape shape = (enum cjt188_shape)(is_answer ? row->answer : row->request);
    const struct cjt188_layout *layout = cjt188_layout_choose(shape, link->meter_type, variant);
    uint8_t direction = is_answer ? CJT188_FROM_METER : 0;

    if (!is_answer && !cjt188_payload_is_complete(layout, link->meter_type, row->storage, items, count))
        return CODEC_ERR_MISSING;
    int result = cjt188_payload_encode(layout, link->meter_type, row->storage, variant, items, count, &payload);
    if (result < 0)
        return result;
    return cjt188_message_encode(link, direction | function_of(variant, row), row->identifier, writer_span(&payload),
                                 out);
}

int cjt188_request_encode(const struct cjt188_link *link, uint16_t identifier, const struct item *items, size_t count,
                          struct writer *out)
{
    const struct cjt188_data *row = cjt188_data_find(identifier);

    if (row == NULL)
        return CODEC_ERR_UNKNOWN;
    return shape_encode(link, row, false, items, count, out);
}

int cjt188_answer_encode(const struct cjt188_link *link, uint16_t identifier, const struct item *items, size_t count,
                         struct writer *out)
{
    const struct cjt188_data *row = cjt188_data_find(identifier);
    return row != NULL ? shape_encode(link, row, true, items, count, out) : CODEC_ERR_UNKNOWN;
}

int cjt188_abnormal_answer_encode(const struct cjt188_link *link, uint8_t function, uint16_t status, struct writer *out)
{
    const uint8_t data[] = { link->serial, (uint8_t)(status >> 8), (uint8_t)status };
    uint8_t control = CJT188_FROM_METER | CJT188_ABNORMAL | function;
    return cjt188_frame_encode(link->preamble_size, link->meter_type, link->address, control,
                               span_of_bytes(data, sizeof data), out);
}

int cjt188_error_answer_encode(const struct cjt188_link *link, uint8_t function, uint16_t identifier, uint8_t error,
                               struct writer *out)
{
    return cjt188_message_encode(link, CJT188_FROM_METER | CJT188_ABNORMAL | function, identifier,
                                 span_of_bytes(&error, 1), out);
}

static struct item number_item(uint16_t quantity, int64_t value, int8_t exponent)
{
    struct item item = { 0 };
    item.quantity = quantity;
    item.value = value;
    item.exponent = exponent;
    return item;
}

static struct item tier_item(uint16_t quantity, int64_t value, int8_t exponent, uint16_t tier)
{
    struct item item = number_item(quantity, value, exponent);
    item.tier = tier;
    return item;
}

int cjt188_price_table_request_encode(const struct cjt188_link *link, const struct cjt188_prices *prices,
                                      struct writer *out)
{
    const struct item items[] = {
        tier_item(ITEM_PRICE, prices->price_fen[0], PRICE_SCALE, 1), tier_item(ITEM_TIER_LIMIT, prices->limit[0], 0, 1),
        tier_item(ITEM_PRICE, prices->price_fen[1], PRICE_SCALE, 2), tier_item(ITEM_TIER_LIMIT, prices->limit[1], 0, 2),
        tier_item(ITEM_PRICE, prices->price_fen[2], PRICE_SCALE, 3), number_item(ITEM_PARAMETER, prices->start_day, 0),
    };
    return cjt188_request_encode(link, CJT188_PRICE_TABLE_WRITE, items, sizeof items / sizeof items[0], out);
}

int cjt188_settlement_day_request_encode(const struct cjt188_link *link, uint8_t day, struct writer *out)
{
    const struct item item = number_item(ITEM_PARAMETER, day, 0);
    return cjt188_request_encode(link, CJT188_SETTLEMENT_DAY_WRITE, &item, 1, out);
}

int cjt188_reading_day_request_encode(const struct cjt188_link *link, uint8_t day, struct writer *out)
{
    const struct item item = number_item(ITEM_PARAMETER, day, 0);
    return cjt188_request_encode(link, CJT188_READING_DAY_WRITE, &item, 1, out);
}

int cjt188_purchase_request_encode(const struct cjt188_link *link, uint8_t number, uint32_t amount_fen,
                                   struct writer *out)
{
    const struct item items[] = {
        number_item(ITEM_PURCHASE_COUNT, number, 0),
        number_item(ITEM_PURCHASE_AMOUNT, amount_fen, PRICE_SCALE),
    };
    return cjt188_request_encode(link, CJT188_PURCHASE_WRITE, items, 2, out);
}

int cjt188_key_request_encode(const struct cjt188_link *link, uint8_t version, const uint8_t *key, struct writer *out)
{
    struct item items[] = { number_item(ITEM_VERSION, version, 0), number_item(ITEM_PARAMETER, 0, 0) };

    items[1].bytes = span_of_bytes(key, CJT188_KEY_SIZE);
    return cjt188_request_encode(link, CJT188_KEY_WRITE, items, 2, out);
}

int cjt188_time_request_encode(const struct cjt188_link *link, const struct item_time *time, struct writer *out)
{
    struct item item = number_item(ITEM_DATE_TIME, 0, 0);

    item.time = *time;
    return cjt188_request_encode(link, CJT188_TIME_WRITE, &item, 1, out);
}

int cjt188_base_reading_request_encode(const struct cjt188_link *link, int64_t value, int8_t exponent, uint8_t unit,
                                       struct writer *out)
{
    struct item item = number_item(cjt188_type_find(link->meter_type)->cumulative, value, exponent);

    item.unit = unit;
    return cjt188_request_encode(link, CJT188_BASE_READING_WRITE, &item, 1, out);
}

int cjt188_valve_request_encode(const struct cjt188_link *link, enum cjt188_valve_command command, struct writer *out)
{
    const struct item item = number_item(ITEM_PARAMETER, (int64_t)command, 0);
    return cjt188_request_encode(link, CJT188_VALVE, &item, 1, out);
}

int cjt188_address_request_encode(const struct cjt188_link *link, int64_t address, struct writer *out)
{
    const struct item item = number_item(ITEM_ADDRESS, address, 0);
    return cjt188_request_encode(link, CJT188_ADDRESS_WRITE, &item, 1, out);
}
