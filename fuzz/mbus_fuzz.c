/* Wired M-Bus: the first byte chooses how the rest is taken. A frame that is accepted, taken apart and written again is
 * the same; records that are read are written again as the same; nothing is read outside. */
#include <stdlib.h>
#include <string.h>

#include "codec/codec_error.h"
#include "codec/mbus/mbus_message.h"
#include "codec/mbus/mbus_record_encode.h"

#define ITEM_LIMIT 300
#define RECORD_LIMIT 1024

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void record_again(const struct mbus_record *record)
{
    static uint8_t bytes[RECORD_LIMIT];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    struct mbus_record back;

    if (record->header.size + record->data.size > 256)
        return;
    must(mbus_record_encode(record, &out) == 0 && !out.overflow);
    struct mbus_record_reader reader = mbus_record_reader(writer_span(&out));
    must(mbus_record_next(&reader, &back, NULL) == 1);
    must(back.kind == record->kind && back.function == record->function && back.storage == record->storage &&
         back.tariff == record->tariff && back.subunit == record->subunit && back.data_field == record->data_field);
    must(span_equal(back.information, record->information) && span_equal(back.data, record->data));
}

/* The same number, perhaps with zeros behind: what was rounded to 10^-18 may end with some. */
static bool is_same_number(struct item a, struct item b)
{
    for (; a.value != 0 && a.value % 10 == 0; a.exponent++)
        a.value /= 10;
    for (; b.value != 0 && b.value % 10 == 0; b.exponent++)
        b.value /= 10;
    return a.value == b.value && (a.exponent == b.exponent || a.value == 0);
}

static bool is_same(const struct item *a, const struct item *b)
{
    return a->quantity == b->quantity && a->unit == b->unit && a->kind == b->kind && is_same_number(*a, *b) &&
           a->storage == b->storage && a->tariff == b->tariff && a->modifier == b->modifier &&
           memcmp(&a->time, &b->time, sizeof a->time) == 0;
}

/* What can be written in the same data field means the same when it is read. */
static void item_again(const struct mbus_record *record, const struct item *item)
{
    static uint8_t bytes[RECORD_LIMIT];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    struct item back;
    struct item_list list = item_list_of(&back, 1);

    if (record->kind != MBUS_RECORD_VALUE || item->quality != ITEM_GOOD || item->kind == ITEM_KIND_DIGITS ||
        record->extension_count > 3 || record->data_field == MBUS_DATA_VARIABLE)
        return;
    if (mbus_item_encode(item, record->data_field, &out) < 0)
        return;
    must(mbus_records_decode(writer_span(&out), &list, NULL, NULL) == 0 && list.count == 1);
    must(is_same(item, &back));
}

static void item_check(const struct item *item)
{
    must(item->quantity < ITEM_QUANTITY_COUNT && item->unit < ITEM_UNIT_COUNT && item->quality <= ITEM_DOUBTED);
    must(item->modifier < ITEM_MODIFIER_COUNT && item->phase <= 4 && item->digits <= 18);
    must(item->exponent >= -18 && item->exponent <= 18);
    if (item->kind == ITEM_KIND_TIME && item->quality == ITEM_GOOD)
        must(item_time_check(&item->time) == 0);
}

static void records_take(struct span records)
{
    static struct item items[ITEM_LIMIT];
    struct item_list list = item_list_of(items, ITEM_LIMIT);
    struct mbus_record_reader reader = mbus_record_reader(records);
    struct mbus_record record;
    size_t error_offset = SIZE_MAX, count = 0;
    int result;

    while ((result = mbus_record_next(&reader, &record, NULL)) > 0) {
        struct item item;
        mbus_record_item(&record, &item);
        item_check(&item);
        record_again(&record);
        item_again(&record, &item);
        count += record.kind != MBUS_RECORD_GLOBAL;
    }
    int all = mbus_records_decode(records, &list, NULL, &error_offset);
    must(all == result || all == CODEC_ERR_FULL);
    must(list.count == (count < ITEM_LIMIT ? count : ITEM_LIMIT));
    must(all == 0 || error_offset <= records.size);
}

static void split_take(struct span bytes)
{
    static struct item items[ITEM_LIMIT];
    struct item_list list = item_list_of(items, ITEM_LIMIT);
    size_t headers = bytes.size == 0 ? 0 : bytes.bytes[0] % bytes.size, error_offset = 0;

    if (mbus_records_decode_split(span_of_bytes(bytes.bytes, headers),
                                  span_of_bytes(bytes.bytes + headers, bytes.size - headers), &list, NULL,
                                  &error_offset) < 0)
        must(error_offset <= bytes.size);
}

static void frame_again(const struct mbus_frame *frame)
{
    uint8_t bytes[MBUS_FRAME_LIMIT];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);

    if (frame->kind == MBUS_FRAME_ACKNOWLEDGE)
        mbus_acknowledge_encode(&out);
    else if (frame->kind == MBUS_FRAME_SHORT)
        mbus_short_encode(frame->control, frame->address, &out);
    else
        must(mbus_long_encode(frame->control, frame->address, frame->ci, frame->data, &out) == 0);
    must(!out.overflow && span_equal(writer_span(&out), frame->bytes));
}

static void frame_take(struct span bytes)
{
    static struct item items[ITEM_LIMIT];
    struct item_list list = item_list_of(items, ITEM_LIMIT);
    struct mbus_frame frame;
    size_t error_offset = SIZE_MAX, skip = SIZE_MAX;
    size_t size = mbus_frame_find(bytes, &skip);

    must(skip <= bytes.size && size <= bytes.size - skip);
    if (size > 0)
        must(mbus_frame_decode(span_of_bytes(bytes.bytes + skip, size), &frame, NULL) == 0);
    if (mbus_frame_decode(bytes, &frame, &error_offset) < 0) {
        must(error_offset <= bytes.size);
        return;
    }
    frame_again(&frame);
    if (mbus_items_decode(&frame, &list, NULL, &error_offset) < 0)
        must(error_offset <= bytes.size);
    for (size_t i = 0; i < list.count; i++)
        item_check(&list.items[i]);
}

/* The check sum made right, so that what lies behind it is reached. */
static void mended_frame_take(struct span bytes)
{
    uint8_t copy[MBUS_FRAME_LIMIT];
    struct writer out = writer_of_buffer(copy, sizeof copy);

    if (bytes.size < 3 || bytes.size - 3 > MBUS_DATA_LIMIT)
        return;
    must(mbus_long_encode(bytes.bytes[0], bytes.bytes[1], bytes.bytes[2],
                          span_of_bytes(bytes.bytes + 3, bytes.size - 3), &out) == 0);
    frame_take(writer_span(&out));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const takers[])(struct span) = { frame_take, records_take, mended_frame_take, split_take };

    if (size > 0)
        takers[data[0] & 3](span_of_bytes(data + 1, size - 1));
    return 0;
}
