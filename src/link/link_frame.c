#include "link/link_frame.h"

#include <stddef.h>
#include <string.h>

#include "base/error.h"
#include "base/line_order.h"
#include "base/quantity.h"
#include "base/reader.h"

/* A number of 1, 2, 4 or 8 bytes, `count` of them in a row; of numbers signed in C the bits travel. */
struct field {
    uint16_t offset;
    uint8_t size;
    uint8_t count;
    uint32_t least;
    uint32_t most; /* 0: whatever fits */
};

#define FIELD(type, member, least, most) \
    { (uint16_t)offsetof(struct type, member), sizeof(((struct type *)0)->member), 1, least, most }
#define NUMBER(type, member) FIELD(type, member, 0, 0)
#define ARRAY(type, member) \
    { (uint16_t)offsetof(struct type, member), sizeof(((struct type *)0)->member[0]), \
      sizeof(((struct type *)0)->member) / sizeof(((struct type *)0)->member[0]), 0, 0 }

static const struct field hello_fields[] = {
    FIELD(link_hello, magic, LINK_MAGIC, LINK_MAGIC),
    NUMBER(link_hello, version),
    NUMBER(link_hello, shard),
};

static const struct field welcome_fields[] = {
    FIELD(link_welcome, magic, LINK_MAGIC, LINK_MAGIC),
    NUMBER(link_welcome, version),
    FIELD(link_welcome, owner, 0, 1),
    NUMBER(link_welcome, shard),
    NUMBER(link_welcome, epoch),
    FIELD(link_welcome, window, 1, LINK_WINDOW_LIMIT),
    NUMBER(link_welcome, handle_first),
    NUMBER(link_welcome, handle_second),
};

static const struct field uplink_fields[] = {
    NUMBER(uplink, message_id),
    NUMBER(uplink, content_hash),
    FIELD(uplink, device_id, 1, UINT32_MAX),
    FIELD(uplink, kind, UPLINK_REPORT, UPLINK_SERIES),
    FIELD(uplink, answer, 0, UPLINK_ANSWER_TIMEOUT),
    NUMBER(uplink, received_s),
    NUMBER(uplink, command_id),
    NUMBER(uplink, answer_code),
    FIELD(uplink, item_count, 0, UPLINK_ITEM_LIMIT),
    NUMBER(uplink, frame_size),
    FIELD(uplink, frame_direction, 0, 1),
    FIELD(uplink, awake, 0, 1),
    NUMBER(uplink, order_id),
    NUMBER(uplink, measurement_point),
    FIELD(uplink, order_ended, 0, 1),
    FIELD(uplink, problem, 0, LINE_PROBLEM_COUNT - 1),
    FIELD(uplink, presence, 0, UPLINK_PRESENCE_REPLACED),
    FIELD(uplink, urgent, 0, 1),
    NUMBER(uplink, answer_about),
    NUMBER(uplink, series.start_s),
    FIELD(uplink, series.quantity, 0, QUANTITY_COUNT - 1),
    NUMBER(uplink, series.register_index),
    FIELD(uplink, series.phase, 0, 4),
    NUMBER(uplink, series.interval_s),
    FIELD(uplink, series.count, 0, UPLINK_SERIES_LIMIT),
};

static const struct field item_fields[] = {
    FIELD(uplink_item, quantity, 0, QUANTITY_COUNT - 1),
    FIELD(uplink_item, period, 0, UPLINK_MONTHLY_FREEZE),
    NUMBER(uplink_item, register_index),
    FIELD(uplink_item, quality, 0, 1),
    FIELD(uplink_item, phase, 0, 4),
    NUMBER(uplink_item, value),
    NUMBER(uplink_item, time_s),
};

static const struct field archive_fields[] = {
    NUMBER(uplink_archive_row, address),
    NUMBER(uplink_archive_row, collector),
    NUMBER(uplink_archive_row, number),
    NUMBER(uplink_archive_row, measurement_point),
    NUMBER(uplink_archive_row, port),
    NUMBER(uplink_archive_row, baud_code),
    NUMBER(uplink_archive_row, protocol_code),
    NUMBER(uplink_archive_row, tariffs),
    NUMBER(uplink_archive_row, user_class),
    NUMBER(uplink_archive_row, version),
    NUMBER(uplink_archive_row, maker),
};

static const struct field value_fields[] = { { 0, sizeof(int64_t), 1, 0, 0 } };

static const struct field acknowledgement_fields[] = {
    NUMBER(uplink_acknowledgement, message_id),
    FIELD(uplink_acknowledgement, accepted, 0, 1),
};

static const struct field downlink_fields[] = {
    NUMBER(downlink, command_id),
    FIELD(downlink, device_id, 1, UINT32_MAX),
    NUMBER(downlink, serial),
    FIELD(downlink, operation, 1, DOWNLINK_OPERATION_COUNT - 1),
    FIELD(downlink, parameter, 0, PARAMETER_COUNT - 1),
    NUMBER(downlink, timeout_ms),
    NUMBER(downlink, amount_fen),
    NUMBER(downlink, value),
    NUMBER(downlink, expires_s),
    ARRAY(downlink, table.from),
    ARRAY(downlink, table.value),
    FIELD(downlink, table.count, 0, DOWNLINK_TABLE_LIMIT),
    NUMBER(downlink, table.number),
};

static const struct field device_fields[] = {
    NUMBER(link_device, imei),
    FIELD(link_device, device_id, 1, UINT32_MAX),
    FIELD(link_device, secured_only, 0, 1),
    FIELD(link_device, present, 0, 1),
};

static const struct field key_ask_fields[] = { NUMBER(link_key_ask, imei) };

static const struct field key_fields[] = {
    NUMBER(link_key, imei),
    FIELD(link_key, found, 0, 1),
    ARRAY(link_key, key),
};

struct layout {
    const struct field *fields;
    size_t count;
    size_t struct_size;
};

#define LAYOUT(fields, type) { fields, sizeof(fields) / sizeof(fields)[0], sizeof(type) }

static const struct layout layouts[LINK_KIND_COUNT] = {
    [LINK_HELLO] = LAYOUT(hello_fields, struct link_hello),
    [LINK_WELCOME] = LAYOUT(welcome_fields, struct link_welcome),
    [LINK_UPLINK] = LAYOUT(uplink_fields, struct uplink),
    [LINK_ACKNOWLEDGEMENT] = LAYOUT(acknowledgement_fields, struct uplink_acknowledgement),
    [LINK_DOWNLINK] = LAYOUT(downlink_fields, struct downlink),
    [LINK_DEVICE] = LAYOUT(device_fields, struct link_device),
    [LINK_KEY_ASK] = LAYOUT(key_ask_fields, struct link_key_ask),
    [LINK_KEY] = LAYOUT(key_fields, struct link_key),
};

static const struct layout item_layout = LAYOUT(item_fields, struct uplink_item);
static const struct layout archive_layout = LAYOUT(archive_fields, struct uplink_archive_row);
static const struct layout value_layout = LAYOUT(value_fields, int64_t);

/* Compilers make one instruction of each of these. */
static inline uint64_t network_load(const uint8_t *from, unsigned size)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < size; i++)
        value = value << 8 | from[i];
    return value;
}

static inline void network_store(uint8_t *to, unsigned size, uint64_t value)
{
    for (unsigned i = 0; i < size; i++)
        to[i] = (uint8_t)(value >> 8 * (size - 1 - i));
}

static inline uint64_t number_load(const uint8_t *from, uint8_t size)
{
    uint64_t wide;
    uint32_t word;
    uint16_t half;

    switch (size) {
    case sizeof wide:
        memcpy(&wide, from, sizeof wide);
        return wide;
    case sizeof word:
        memcpy(&word, from, sizeof word);
        return word;
    case sizeof half:
        memcpy(&half, from, sizeof half);
        return half;
    default:
        return *from;
    }
}

static inline void number_store(uint8_t *to, uint8_t size, uint64_t value)
{
    uint32_t word = (uint32_t)value;
    uint16_t half = (uint16_t)value;

    switch (size) {
    case sizeof value:
        memcpy(to, &value, sizeof value);
        break;
    case sizeof word:
        memcpy(to, &word, sizeof word);
        break;
    case sizeof half:
        memcpy(to, &half, sizeof half);
        break;
    default:
        *to = (uint8_t)value;
    }
}

/* A number on the wire, of the same size; sizes are 1, 2, 4 and 8. */
static inline void wire_store(uint8_t *to, uint8_t size, uint64_t value)
{
    switch (size) {
    case 8:
        network_store(to, 8, value);
        break;
    case 4:
        network_store(to, 4, value);
        break;
    case 2:
        network_store(to, 2, value);
        break;
    default:
        *to = (uint8_t)value;
    }
}

static inline uint64_t wire_load(const uint8_t *from, uint8_t size)
{
    switch (size) {
    case 8:
        return network_load(from, 8);
    case 4:
        return network_load(from, 4);
    case 2:
        return network_load(from, 2);
    default:
        return *from;
    }
}

/* Bytes of all fields, so that there is room for all of them before the first is touched. */
static size_t wire_size(const struct layout *layout)
{
    size_t size = 0;

    for (size_t i = 0; i < layout->count; i++)
        size += (size_t)layout->fields[i].size * layout->fields[i].count;
    return size;
}

static void fields_put(const struct layout *layout, const void *from, struct writer *writer)
{
    const uint8_t *bytes = from;
    size_t size = wire_size(layout);

    if (writer->overflow || writer->capacity - writer->size < size) {
        writer->overflow = true;
        return;
    }
    uint8_t *to = writer->bytes + writer->size;
    for (size_t i = 0; i < layout->count; i++) {
        const struct field *field = &layout->fields[i];
        for (size_t k = 0; k < field->count; k++, to += field->size)
            wire_store(to, field->size, number_load(bytes + field->offset + k * field->size, field->size));
    }
    writer->size += size;
}

static int fields_take(const struct layout *layout, void *to, struct reader *reader)
{
    uint8_t *bytes = to;
    struct span wire;

    if (reader_take_span(reader, wire_size(layout), &wire) < 0)
        return LINK_ERR_FORM;
    const uint8_t *from = wire.bytes;
    for (size_t i = 0; i < layout->count; i++) {
        const struct field *field = &layout->fields[i];
        for (size_t k = 0; k < field->count; k++, from += field->size) {
            uint64_t value = wire_load(from, field->size);
            if (value < field->least || (field->most != 0 && value > field->most))
                return LINK_ERR_BOUND;
            number_store(bytes + field->offset + k * field->size, field->size, value);
        }
    }
    return 0;
}

/* What lies where items lie: which rows, how many of them may. */
struct rows {
    const struct layout *layout;
    uint16_t count;
    uint16_t limit;
};

static struct rows rows_of(const struct uplink *uplink)
{
    if (uplink->kind == UPLINK_SERIES)
        return (struct rows){ &value_layout, uplink->series.count, UPLINK_SERIES_LIMIT };
    if (uplink->kind == UPLINK_ARCHIVE)
        return (struct rows){ &archive_layout, uplink->item_count, UPLINK_ARCHIVE_LIMIT };
    return (struct rows){ &item_layout, uplink->item_count, UPLINK_ITEM_LIMIT };
}

static size_t frame_bytes(const struct uplink *uplink)
{
    return uplink->frame_size < UPLINK_FRAME_LIMIT ? uplink->frame_size : UPLINK_FRAME_LIMIT;
}

static void uplink_tail_put(const struct uplink *uplink, struct writer *writer)
{
    struct rows rows = rows_of(uplink);
    const uint8_t *from = (const uint8_t *)uplink->items;

    for (uint16_t i = 0; i < rows.count; i++)
        fields_put(rows.layout, from + i * rows.layout->struct_size, writer);
    writer_put_bytes(writer, uplink->frame, frame_bytes(uplink));
}

static int uplink_tail_take(struct uplink *uplink, struct reader *reader)
{
    struct rows rows = rows_of(uplink);
    uint8_t *to = (uint8_t *)uplink->items;
    struct span frame;

    if (rows.count > rows.limit || (uplink->kind == UPLINK_SERIES && uplink->item_count != 0))
        return LINK_ERR_BOUND;
    for (uint16_t i = 0; i < rows.count; i++) {
        int result = fields_take(rows.layout, to + i * rows.layout->struct_size, reader);
        if (result < 0)
            return result;
    }
    if (reader_take_span(reader, frame_bytes(uplink), &frame) < 0)
        return LINK_ERR_FORM;
    if (frame.size > 0)
        memcpy(uplink->frame, frame.bytes, frame.size);
    return 0;
}

int link_frame_encode(const struct link_message *message, struct writer *writer)
{
    struct writer before = *writer;
    size_t start = writer->size;

    if (message->kind == 0 || message->kind >= LINK_KIND_COUNT)
        return LINK_ERR_KIND;
    writer_put_u32be(writer, 0);
    writer_put_u8(writer, message->kind);
    fields_put(&layouts[message->kind], &message->body, writer);
    if (message->kind == LINK_UPLINK)
        uplink_tail_put(&message->body.uplink, writer);
    if (writer->overflow) {
        *writer = before;
        return LINK_ERR_FULL;
    }
    size_t size = writer->size - start;
    struct writer head = writer_of_buffer(writer->bytes + start, sizeof(uint32_t));
    writer_put_u32be(&head, (uint32_t)(size - sizeof(uint32_t)));
    return (int)size;
}

static int body_take(struct reader *reader, struct link_message *message)
{
    int result = fields_take(&layouts[message->kind], &message->body, reader);

    if (result == 0 && message->kind == LINK_UPLINK)
        result = uplink_tail_take(&message->body.uplink, reader);
    if (result == 0 && reader_remaining(reader) != 0)
        result = LINK_ERR_FORM;
    return result;
}

int link_frame_decode(struct span in, struct link_message *out)
{
    struct reader reader = reader_of_span(in);
    struct link_message message = { 0 };
    struct span body;
    uint32_t size;

    if (reader_take_u32be(&reader, &size) < 0)
        return 0;
    if (size > LINK_FRAME_LIMIT - sizeof size)
        return LINK_ERR_TOO_LONG;
    if (size == 0)
        return LINK_ERR_FORM;
    if (reader_take_span(&reader, size, &body) < 0)
        return 0;
    reader = reader_of_span(body);
    if (reader_take_u8(&reader, &message.kind) < 0)
        return LINK_ERR_FORM;
    if (message.kind == 0 || message.kind >= LINK_KIND_COUNT)
        return LINK_ERR_KIND;
    int result = body_take(&reader, &message);
    if (result < 0)
        return result;
    *out = message;
    return (int)(sizeof size + size);
}
