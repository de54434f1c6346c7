#include "codec/mbus/mbus_record.h"

#include "codec/codec_error.h"
#include "codec/mbus/mbus_internal.h"

#define EXTENSION_BIT 0x80u
#define DIF_MANUFACTURER 0x0f
#define DIF_MORE_FOLLOW 0x1f
#define DIF_FILLER 0x2f
#define DIF_GLOBAL 0x7f
#define DATA_FIELD_SPECIAL 0x0f
#define DATA_FIELD_VARIABLE 0x0d
#define VIF_TEXT 0x7c /* without its extension bit */

/* Data field to number of bytes (table 4); the variable one has its length byte here. */
static const uint8_t data_sizes[16] = { 0, 1, 2, 3, 4, 4, 6, 8, 0, 1, 2, 3, 4, 1, 6, 0 };

static const struct mbus_record record_empty;

struct mbus_record_reader mbus_record_reader(struct span records)
{
    struct mbus_record_reader reader = { records, records, 0, 0, false };
    return reader;
}

struct mbus_record_reader mbus_record_reader_split(struct span headers, struct span data)
{
    struct mbus_record_reader reader = { headers, data, 0, 0, true };
    return reader;
}

static int failed(size_t *error_offset, size_t offset, int error)
{
    if (error_offset != NULL)
        *error_offset = offset;
    return error;
}

/* Where a header is being read: from `at` on, up to `end`. */
struct cursor {
    const uint8_t *at;
    const uint8_t *end;
};

/* DIFE number n adds four bits of the storage number, two of the tariff and one of the subunit (6.3.5).
 * returns  0; CODEC_ERR_*, the cursor standing where it was not believed */
static int dife_take(struct cursor *cursor, uint8_t dif, struct mbus_record *out)
{
    uint64_t storage = dif >> 6 & 1u;
    uint32_t tariff = 0, subunit = 0;
    uint8_t byte = dif;

    for (unsigned n = 0; (byte & EXTENSION_BIT) != 0; n++) {
        if (cursor->at == cursor->end)
            return CODEC_ERR_SHORT;
        if (n == MBUS_EXTENSION_LIMIT)
            return CODEC_ERR_FORMAT;
        byte = *cursor->at++;
        storage |= (uint64_t)(byte & 15u) << (1 + 4 * n);
        tariff |= (uint32_t)(byte >> 4 & 3u) << 2 * n;
        subunit |= (uint32_t)(byte >> 6 & 1u) << n;
    }
    if (storage > UINT32_MAX || tariff > UINT16_MAX)
        return CODEC_ERR_RANGE;
    out->storage = (uint32_t)storage;
    out->tariff = (uint16_t)tariff;
    out->subunit = subunit;
    return 0;
}

/* The unit text of VIF 7CH: a length byte and so many characters. */
static int vif_text_take(struct cursor *cursor, struct mbus_record *out)
{
    if (cursor->at == cursor->end || *cursor->at >= cursor->end - cursor->at)
        return CODEC_ERR_SHORT;
    out->vif_text.size = *cursor->at;
    out->vif_text.bytes = cursor->at + 1;
    cursor->at += 1 + out->vif_text.size;
    return 0;
}

/* VIF, its text, VIFE (6.4); as dife_take. */
static int vife_take(struct cursor *cursor, struct mbus_record *out)
{
    if (cursor->at == cursor->end)
        return CODEC_ERR_SHORT;
    uint8_t byte = *cursor->at++;
    out->vif = byte;
    if ((byte & ~EXTENSION_BIT) == VIF_TEXT && vif_text_take(cursor, out) < 0)
        return CODEC_ERR_SHORT;
    for (; (byte & EXTENSION_BIT) != 0; out->extension_count++) {
        if (cursor->at == cursor->end)
            return CODEC_ERR_SHORT;
        if (out->extension_count == MBUS_EXTENSION_LIMIT)
            return CODEC_ERR_FORMAT;
        byte = *cursor->at++;
    }
    return 0;
}

/* Bytes of a value of variable length behind its LVAR (table 5); -1 when LVAR means nothing. */
static int variable_size(uint8_t lvar)
{
    static const uint8_t large[] = { 16, 20, 24, 28, 32, 48, 64 };

    if (lvar < 0xc0)
        return lvar;
    if (lvar < 0xf0)
        return lvar & 15;
    if (lvar - 0xf0u < sizeof large)
        return large[lvar - 0xf0];
    return lvar == 0xf8 ? 8 : -1;
}

/* How many of the `left` bytes at `data` the value has.
 * returns  0; CODEC_ERR_* */
static int data_measure(const uint8_t *data, size_t left, uint8_t data_field, size_t *out)
{
    size_t size = data_sizes[data_field];

    if (size > left)
        return CODEC_ERR_SHORT;
    if (data_field == DATA_FIELD_VARIABLE) {
        int more = variable_size(data[0]);
        if (more < 0)
            return CODEC_ERR_RESERVED;
        size += (size_t)more;
        if (size > left)
            return CODEC_ERR_SHORT;
    }
    *out = size;
    return 0;
}

/* DIF whose data field is F: no value, but a statement about what follows (table 6). */
static int special_take(struct mbus_record_reader *reader, uint8_t dif, struct mbus_record *out)
{
    size_t header_at = reader->header_at, data_at = reader->is_split ? reader->data_at : header_at + 1;

    if (dif != DIF_MANUFACTURER && dif != DIF_MORE_FOLLOW && dif != DIF_GLOBAL)
        return CODEC_ERR_RESERVED;
    out->kind = dif == DIF_GLOBAL ? MBUS_RECORD_GLOBAL : MBUS_RECORD_MANUFACTURER;
    out->header = span_of_bytes(reader->headers.bytes + header_at, 1);
    out->data_field = DATA_FIELD_SPECIAL;
    out->more_follow = dif == DIF_MORE_FOLLOW;
    reader->header_at++;
    if (out->kind == MBUS_RECORD_MANUFACTURER) {
        out->data = span_of_bytes(reader->data.bytes + data_at, reader->data.size - data_at);
        data_at = reader->data.size;
        reader->header_at = reader->is_split ? reader->header_at : data_at;
    }
    reader->data_at = data_at;
    return 1;
}

/* At the end of the headers; fillers may end the data of a compact frame. */
static int end_check(const struct mbus_record_reader *reader, size_t *error_offset)
{
    if (!reader->is_split)
        return 0;
    for (size_t i = reader->data_at; i < reader->data.size; i++)
        if (reader->data.bytes[i] != DIF_FILLER)
            return failed(error_offset, i, CODEC_ERR_TRAILING);
    return 0;
}

static int value_take(struct mbus_record_reader *reader, uint8_t dif, struct mbus_record *out, size_t *error_offset)
{
    const uint8_t *area = reader->headers.bytes;
    struct cursor cursor = { area + reader->header_at + 1, area + reader->headers.size };

    out->data_field = dif & 15u;
    out->function = dif >> 4 & 3u;
    out->header.bytes = cursor.at - 1;
    int result = dife_take(&cursor, dif, out);
    out->information.bytes = cursor.at;
    if (result == 0)
        result = vife_take(&cursor, out);
    size_t header_end = (size_t)(cursor.at - area);
    if (result < 0)
        return failed(error_offset, header_end, result);
    size_t data_at = reader->is_split ? reader->data_at : header_end;
    out->header.size = (size_t)(cursor.at - out->header.bytes);
    out->information.size = (size_t)(cursor.at - out->information.bytes);
    out->data.bytes = reader->data.bytes + data_at;
    result = data_measure(out->data.bytes, reader->data.size - data_at, out->data_field, &out->data.size);
    if (result < 0)
        return failed(error_offset, data_at, result);
    reader->data_at = data_at + out->data.size;
    reader->header_at = reader->is_split ? header_end : reader->data_at;
    return 1;
}

/* As mbus_record_next, but *out is empty before and worth nothing after a failure. */
static int record_take(struct mbus_record_reader *reader, struct mbus_record *out, size_t *error_offset)
{
    struct span headers = reader->headers;

    while (reader->header_at < headers.size && headers.bytes[reader->header_at] == DIF_FILLER)
        reader->header_at++;
    if (reader->header_at == headers.size)
        return end_check(reader, error_offset);
    uint8_t dif = headers.bytes[reader->header_at];
    if ((dif & 15u) != DATA_FIELD_SPECIAL)
        return value_take(reader, dif, out, error_offset);
    int result = special_take(reader, dif, out);
    return result < 0 ? failed(error_offset, reader->header_at, result) : result;
}

int mbus_record_next(struct mbus_record_reader *reader, struct mbus_record *out, size_t *error_offset)
{
    struct mbus_record record = record_empty;
    int result = record_take(reader, &record, error_offset);

    if (result > 0)
        *out = record;
    return result;
}

static bool is_latch_date(const struct item *item)
{
    bool is_date = item->time.parts >= ITEM_TIME_DAY && item->time.parts <= ITEM_TIME_SECOND;

    return item->kind == ITEM_KIND_TIME && item->storage != 0 && item->quality == ITEM_GOOD && is_date &&
           (item->quantity == ITEM_DATE || item->quantity == ITEM_DATE_TIME) && item->modifier == ITEM_MODIFIER_NONE;
}

void mbus_items_stamp(const struct item_list *list)
{
    const struct item *end = list->items + list->count;

    for (const struct item *date = list->items; date < end; date++) {
        if (!is_latch_date(date))
            continue;
        for (struct item *item = list->items; item < end; item++)
            if (item->storage == date->storage && item->kind != ITEM_KIND_TIME && item->subunit == date->subunit &&
                item->function == date->function)
                item->time = date->time;
    }
}

/* Records as items at the end of the list; as mbus_records_decode. */
static int items_add(struct mbus_record_reader *reader, struct item_list *list, bool *is_more, size_t *error_offset)
{
    for (;;) {
        struct mbus_record record = record_empty;
        size_t start = reader->header_at;
        int result = record_take(reader, &record, error_offset);
        if (result <= 0)
            return result;
        *is_more = record.more_follow;
        if (record.kind == MBUS_RECORD_GLOBAL)
            continue;
        struct item *item = item_list_add(list);
        if (item == NULL)
            return failed(error_offset, start, CODEC_ERR_FULL);
        mbus_record_fill(&record, item);
    }
}

static int records_read(struct mbus_record_reader reader, struct item_list *list, bool *more_follow,
                        size_t *error_offset)
{
    struct item_list added = item_list_of(list->items + list->count, list->capacity - list->count);
    bool is_more = false;
    int result = items_add(&reader, &added, &is_more, error_offset);

    mbus_items_stamp(&added);
    list->count += added.count;
    if (more_follow != NULL && result == 0)
        *more_follow = is_more;
    return result;
}

int mbus_records_decode(struct span records, struct item_list *list, bool *more_follow, size_t *error_offset)
{
    return records_read(mbus_record_reader(records), list, more_follow, error_offset);
}

int mbus_records_decode_split(struct span headers, struct span data, struct item_list *list, bool *more_follow,
                              size_t *error_offset)
{
    return records_read(mbus_record_reader_split(headers, data), list, more_follow, error_offset);
}
