#include "codec/mbus/mbus_record.h"

#include "codec/codec_error.h"

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

/* DIFE number n adds four bits of the storage number, two of the tariff and one of the subunit (6.3.5).
 * at       of the byte behind the DIF; then behind the last DIFE
 * returns  0; CODEC_ERR_* with *at where it was not believed */
static int dife_take(struct span area, size_t *at, uint8_t dif, struct mbus_record *out)
{
    uint64_t storage = dif >> 6 & 1u;
    uint32_t tariff = 0, subunit = 0;
    uint8_t byte = dif;

    for (unsigned n = 0; (byte & EXTENSION_BIT) != 0; n++) {
        if (*at == area.size)
            return CODEC_ERR_SHORT;
        if (n == MBUS_EXTENSION_LIMIT)
            return CODEC_ERR_FORMAT;
        byte = area.bytes[(*at)++];
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

/* VIF, its text, VIFE (6.4); as dife_take. */
static int vife_take(struct span area, size_t *at, struct mbus_record *out)
{
    if (*at == area.size)
        return CODEC_ERR_SHORT;
    out->vif = area.bytes[(*at)++];
    if ((out->vif & ~EXTENSION_BIT) == VIF_TEXT) {
        if (*at == area.size || area.bytes[*at] >= area.size - *at)
            return CODEC_ERR_SHORT;
        out->vif_text = span_of_bytes(area.bytes + *at + 1, area.bytes[*at]);
        *at += 1 + out->vif_text.size;
    }
    uint8_t byte = out->vif;
    while ((byte & EXTENSION_BIT) != 0) {
        if (*at == area.size)
            return CODEC_ERR_SHORT;
        if (out->extension_count == MBUS_EXTENSION_LIMIT)
            return CODEC_ERR_FORMAT;
        byte = area.bytes[(*at)++];
        out->extension_count++;
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

/* How many bytes the data at `at` have.
 * returns  0; CODEC_ERR_* */
static int data_measure(struct span data, size_t at, uint8_t data_field, size_t *out)
{
    size_t left = data.size - at;
    size_t size = data_sizes[data_field];

    if (size > left)
        return CODEC_ERR_SHORT;
    if (data_field == DATA_FIELD_VARIABLE) {
        int more = variable_size(data.bytes[at]);
        if (more < 0)
            return CODEC_ERR_RESERVED;
        size += (size_t)more;
    }
    if (size > left)
        return CODEC_ERR_SHORT;
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
    struct span area = reader->headers;
    size_t start = reader->header_at, at = start + 1, size = 0;

    out->data_field = dif & 15u;
    out->function = dif >> 4 & 3u;
    int result = dife_take(area, &at, dif, out);
    size_t information_at = at;
    if (result == 0)
        result = vife_take(area, &at, out);
    if (result < 0)
        return failed(error_offset, at, result);
    size_t data_at = reader->is_split ? reader->data_at : at;
    result = data_measure(reader->data, data_at, out->data_field, &size);
    if (result < 0)
        return failed(error_offset, data_at, result);
    out->header = span_of_bytes(area.bytes + start, at - start);
    out->information = span_of_bytes(area.bytes + information_at, at - information_at);
    out->data = span_of_bytes(reader->data.bytes + data_at, size);
    reader->data_at = data_at + size;
    reader->header_at = reader->is_split ? at : reader->data_at;
    return 1;
}

int mbus_record_next(struct mbus_record_reader *reader, struct mbus_record *out, size_t *error_offset)
{
    static const struct mbus_record empty;
    struct span headers = reader->headers;
    struct mbus_record record = empty;
    int result;

    while (reader->header_at < headers.size && headers.bytes[reader->header_at] == DIF_FILLER)
        reader->header_at++;
    if (reader->header_at == headers.size)
        return end_check(reader, error_offset);
    uint8_t dif = headers.bytes[reader->header_at];
    if ((dif & 15u) != DATA_FIELD_SPECIAL)
        result = value_take(reader, dif, &record, error_offset);
    else {
        result = special_take(reader, dif, &record);
        if (result < 0)
            return failed(error_offset, reader->header_at, result);
    }
    if (result > 0)
        *out = record;
    return result;
}

static int records_read(struct mbus_record_reader reader, struct item_list *list, bool *more_follow,
                        size_t *error_offset)
{
    struct mbus_record record;
    bool is_more = false;
    int result;

    for (;;) {
        size_t start = reader.header_at;
        result = mbus_record_next(&reader, &record, error_offset);
        if (result <= 0)
            break;
        is_more = record.more_follow;
        if (record.kind == MBUS_RECORD_GLOBAL)
            continue;
        struct item *item = item_list_add(list);
        if (item == NULL)
            return failed(error_offset, start, CODEC_ERR_FULL);
        mbus_record_item(&record, item);
    }
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
