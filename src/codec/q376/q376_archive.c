/* The meter archive (F10) and transparent forwarding (AFN 10 F1). */
#include <string.h>

#include "codec/bcd/bcd.h"
#include "codec/codec_error.h"
#include "codec/q376/q376_format.h"
#include "codec/q376/q376_request.h"

#define ARCHIVE_FUNCTION 10
#define FORWARD_FUNCTION 1
#define FIXED_USER_SIZE 8 /* C, A, AFN, SEQ */
#define ADDRESS_SIZE 6
#define ADDRESS_LIMIT 999999999999u
#define UPLINK_HEAD_SIZE 3   /* port, length */
#define DOWNLINK_HEAD_SIZE 6 /* port, control, two waits, length */

size_t q376_archive_capacity(size_t frame_size, size_t auxiliary_size)
{
    size_t taken = Q376_SHELL_SIZE + FIXED_USER_SIZE + Q376_UNIT_ID_SIZE + 2 + auxiliary_size;
    size_t fit = frame_size <= taken ? 0 : (frame_size - taken) / Q376_ARCHIVE_ENTRY_SIZE;

    return fit < Q376_ARCHIVE_ENTRY_LIMIT ? fit : Q376_ARCHIVE_ENTRY_LIMIT;
}

static bool is_legal(const struct q376_archive_entry *entry)
{
    return entry->number >= 1 && entry->number <= Q376_ARCHIVE_ENTRY_LIMIT && entry->point <= Q376_POINT_LIMIT &&
           entry->baud <= 7 && entry->port >= 1 && entry->port <= 31 && entry->address <= ADDRESS_LIMIT &&
           entry->collector <= ADDRESS_LIMIT && entry->tariffs >= 1 && entry->tariffs <= 48 &&
           entry->integer_digits >= 4 && entry->integer_digits <= 7 && entry->decimal_digits >= 1 &&
           entry->decimal_digits <= 4 && entry->user_major <= 15 && entry->user_minor <= 15;
}

static void address_put(struct writer *out, uint64_t address)
{
    uint8_t bytes[ADDRESS_SIZE];

    if (bcd_write((int64_t)address, bytes, sizeof bytes) == 0)
        writer_put_bytes(out, bytes, sizeof bytes);
}

static void entry_put(const struct q376_archive_entry *entry, struct writer *out)
{
    writer_put_u16le(out, entry->number);
    writer_put_u16le(out, entry->point);
    writer_put_u8(out, (uint8_t)(entry->baud << 5 | entry->port));
    writer_put_u8(out, entry->protocol);
    address_put(out, entry->address);
    writer_put_bytes(out, entry->password, sizeof entry->password);
    writer_put_u8(out, entry->tariffs);
    writer_put_u8(out, (uint8_t)((entry->integer_digits - 4) << 2 | (entry->decimal_digits - 1)));
    address_put(out, entry->collector);
    writer_put_u8(out, (uint8_t)(entry->user_major << 4 | entry->user_minor));
}

int q376_archive_put(const struct q376_archive_entry *entries, size_t count, struct writer *units)
{
    if (count > Q376_ARCHIVE_ENTRY_LIMIT)
        return CODEC_ERR_RANGE;
    for (size_t i = 0; i < count; i++)
        if (!is_legal(&entries[i]))
            return CODEC_ERR_RANGE;
    int result = q376_unit_put(0, ARCHIVE_FUNCTION, units);
    if (result < 0)
        return result;
    writer_put_u16le(units, (uint16_t)count);
    for (size_t i = 0; i < count; i++)
        entry_put(&entries[i], units);
    return units->overflow ? CODEC_ERR_FULL : 0;
}

int q376_archive_query_put(const uint16_t *numbers, size_t count, struct writer *units)
{
    if (count > Q376_ARCHIVE_ENTRY_LIMIT)
        return CODEC_ERR_RANGE;
    int result = q376_unit_put(0, ARCHIVE_FUNCTION, units);
    if (result < 0)
        return result;
    writer_put_u16le(units, (uint16_t)count);
    for (size_t i = 0; i < count; i++)
        writer_put_u16le(units, numbers[i]);
    return units->overflow ? CODEC_ERR_FULL : 0;
}

int q376_archive_entry_decode(const uint8_t *bytes, struct q376_archive_entry *out)
{
    struct q376_archive_entry entry;
    int64_t address = bcd_read(span_of_bytes(bytes + 6, ADDRESS_SIZE));
    int64_t collector = bcd_read(span_of_bytes(bytes + 20, ADDRESS_SIZE));

    if (address < 0 || collector < 0)
        return CODEC_ERR_FORMAT;
    memset(&entry, 0, sizeof entry);
    entry.number = (uint16_t)(bytes[0] | bytes[1] << 8);
    entry.point = (uint16_t)(bytes[2] | bytes[3] << 8);
    entry.baud = bytes[4] >> 5;
    entry.port = bytes[4] & 0x1F;
    entry.protocol = bytes[5];
    entry.address = (uint64_t)address;
    memcpy(entry.password, bytes + 12, sizeof entry.password);
    entry.tariffs = bytes[18] & 0x3F;
    entry.integer_digits = (uint8_t)((bytes[19] >> 2 & 3) + 4);
    entry.decimal_digits = (uint8_t)((bytes[19] & 3) + 1);
    entry.collector = (uint64_t)collector;
    entry.user_major = bytes[26] >> 4;
    entry.user_minor = bytes[26] & 0x0F;
    *out = entry;
    return 0;
}

static int wait_put(enum q376_format format, uint32_t wait_ms, uint8_t *out)
{
    struct item item;

    memset(&item, 0, sizeof item);
    item.kind = ITEM_KIND_NUMBER;
    item.value = wait_ms;
    return q376_format_write(format, &item, out, 1);
}

static uint32_t wait_take(enum q376_format format, const uint8_t *byte)
{
    struct item item;

    memset(&item, 0, sizeof item);
    q376_format_read(format, span_of_bytes(byte, 1), &item);
    return (uint32_t)item.value;
}

int q376_forward_put(const struct q376_forward *forward, struct writer *units)
{
    uint8_t waits[2];

    if (forward->content.size > Q376_CONTENT_LIMIT || wait_put(Q376_FORMAT_WAIT, forward->frame_wait_ms, waits) < 0 ||
        wait_put(Q376_FORMAT_TENS_MS, forward->byte_wait_ms, waits + 1) < 0)
        return CODEC_ERR_RANGE;
    int result = q376_unit_put(0, FORWARD_FUNCTION, units);
    if (result < 0)
        return result;
    writer_put_u8(units, forward->port);
    writer_put_u8(units, forward->control);
    writer_put_bytes(units, waits, sizeof waits);
    writer_put_u16le(units, (uint16_t)forward->content.size);
    writer_put_span(units, forward->content);
    return units->overflow ? CODEC_ERR_FULL : 0;
}

int q376_forward_answer_put(uint8_t port, struct span content, struct writer *units)
{
    if (content.size > Q376_CONTENT_LIMIT)
        return CODEC_ERR_RANGE;
    int result = q376_unit_put(0, FORWARD_FUNCTION, units);
    if (result < 0)
        return result;
    writer_put_u8(units, port);
    writer_put_u16le(units, (uint16_t)content.size);
    writer_put_span(units, content);
    return units->overflow ? CODEC_ERR_FULL : 0;
}

static bool is_forward(const struct q376_frame *frame)
{
    static const uint8_t id[Q376_UNIT_ID_SIZE] = { 0, 0, 1, 0 };

    return frame->afn == Q376_AFN_FORWARD && frame->units.size >= sizeof id &&
           memcmp(frame->units.bytes, id, sizeof id) == 0;
}

int q376_forward_decode(const struct q376_frame *frame, struct q376_forward *out)
{
    struct q376_forward forward = { 0, 0, 0, 0, { NULL, 0 } };
    size_t head = q376_frame_is_uplink(frame) ? UPLINK_HEAD_SIZE : DOWNLINK_HEAD_SIZE;

    if (!is_forward(frame))
        return CODEC_ERR_TYPE;
    if (frame->units.size < Q376_UNIT_ID_SIZE + head)
        return CODEC_ERR_SHORT;
    const uint8_t *at = frame->units.bytes + Q376_UNIT_ID_SIZE;
    size_t size = (size_t)at[head - 2] | (size_t)at[head - 1] << 8;
    if (frame->units.size - Q376_UNIT_ID_SIZE - head < size)
        return CODEC_ERR_SHORT;
    forward.port = at[0];
    forward.content = span_of_bytes(at + head, size);
    if (head == DOWNLINK_HEAD_SIZE) {
        forward.control = at[1];
        forward.frame_wait_ms = wait_take(Q376_FORMAT_WAIT, at + 2);
        forward.byte_wait_ms = wait_take(Q376_FORMAT_TENS_MS, at + 3);
    }
    *out = forward;
    return 0;
}
