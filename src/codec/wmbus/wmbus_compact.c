#include "codec/wmbus/wmbus_compact.h"

#include <string.h>

#include "codec/checksum/checksum.h"
#include "codec/codec_error.h"
#include "codec/mbus/mbus_record.h"

#define FILLER 0x2f
#define SIGNATURE_SIZE 2
#define COMPACT_HEAD_SIZE 4
#define FULL_LIMIT 512 /* headers and data of the longest telegram together are less */

uint16_t wmbus_headers_signature(struct span headers)
{
    return checksum_crc16_en13757(headers);
}

static uint16_t number_read(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] | bytes[1] << 8);
}

static const struct wmbus_headers *row_find(const struct wmbus_headers_table *table, uint16_t signature)
{
    for (size_t i = 0; table != NULL && i < table->count; i++)
        if (table->rows[i].signature == signature)
            return &table->rows[i];
    return NULL;
}

int wmbus_headers_add(struct wmbus_headers_table *table, struct span headers)
{
    uint16_t signature = wmbus_headers_signature(headers);

    if (headers.size == 0)
        return CODEC_ERR_EMPTY;
    if (headers.size > WMBUS_HEADERS_LIMIT)
        return CODEC_ERR_TOO_LONG;
    if (row_find(table, signature) != NULL)
        return 0;
    if (table->count >= table->capacity)
        return CODEC_ERR_FULL;
    struct wmbus_headers *row = &table->rows[table->count++];
    row->signature = signature;
    row->size = (uint8_t)headers.size;
    memcpy(row->bytes, headers.bytes, headers.size);
    return 1;
}

int wmbus_headers_learn(struct wmbus_headers_table *table, struct span records)
{
    uint8_t bytes[WMBUS_HEADERS_LIMIT];
    struct writer headers = writer_of_buffer(bytes, sizeof bytes);
    struct mbus_record_reader reader = mbus_record_reader(records);
    struct mbus_record record;
    int result;

    while ((result = mbus_record_next(&reader, &record, NULL)) > 0)
        writer_put_span(&headers, record.header);
    if (result < 0)
        return result;
    return headers.overflow ? CODEC_ERR_TOO_LONG : wmbus_headers_add(table, writer_span(&headers));
}

/* returns  0; CODEC_ERR_UNKNOWN */
static int headers_find(const struct wmbus_headers_table *table, uint16_t signature, struct span *out)
{
    const struct wmbus_headers *row = row_find(table, signature);
    const struct wmbus_headers_row *known = wmbus_headers_known(0);

    if (row != NULL) {
        *out = span_of_bytes(row->bytes, row->size);
        return 0;
    }
    for (size_t i = 0; known != NULL; known = wmbus_headers_known(++i))
        if (known->signature == signature) {
            *out = span_of_bytes(known->bytes, known->size);
            return 0;
        }
    return CODEC_ERR_UNKNOWN;
}

int wmbus_format_frame_decode(struct span content, struct span *headers)
{
    for (size_t at = 0; at < 2; at++) { /* with and without the length byte */
        size_t start = at + SIGNATURE_SIZE;
        if (content.size <= start)
            return at == 0 ? CODEC_ERR_SHORT : CODEC_ERR_CHECKSUM;
        struct span rest = span_of_bytes(content.bytes + start, content.size - start);
        while (rest.size > 0) {
            if (wmbus_headers_signature(rest) == number_read(content.bytes + at)) {
                *headers = rest;
                return 0;
            }
            if (rest.bytes[rest.size - 1] != FILLER)
                break;
            rest.size--;
        }
    }
    return CODEC_ERR_CHECKSUM;
}

static bool is_filled(struct span rest)
{
    for (size_t i = 0; i < rest.size; i++)
        if (rest.bytes[i] != FILLER)
            return false;
    return true;
}

/* Put the records together again and compare their CRC; the data are cut to what the headers take. */
static int records_prove(struct wmbus_compact *compact, struct span headers)
{
    uint8_t bytes[FULL_LIMIT];
    struct writer full = writer_of_buffer(bytes, sizeof bytes);
    struct mbus_record_reader reader = mbus_record_reader_split(headers, compact->data);
    struct mbus_record record;
    int result;

    while ((result = mbus_record_next(&reader, &record, NULL)) > 0) {
        writer_put_span(&full, record.header);
        writer_put_span(&full, record.data);
    }
    struct span behind = span_of_bytes(compact->data.bytes + reader.data_at, compact->data.size - reader.data_at);
    bool is_complete = result == 0 || (result == CODEC_ERR_TRAILING && is_filled(behind));
    if (!is_complete || full.overflow || checksum_crc16_en13757(writer_span(&full)) != compact->crc)
        return CODEC_ERR_CHECKSUM;
    compact->data.size -= behind.size;
    compact->headers = headers;
    return 0;
}

int wmbus_compact_decode(struct span content, const struct wmbus_headers_table *table, struct wmbus_compact *out)
{
    struct wmbus_compact compact = { 0 };
    struct span headers;

    if (content.size < COMPACT_HEAD_SIZE)
        return CODEC_ERR_SHORT;
    compact.signature = number_read(content.bytes);
    compact.crc = number_read(content.bytes + SIGNATURE_SIZE);
    compact.data = span_of_bytes(content.bytes + COMPACT_HEAD_SIZE, content.size - COMPACT_HEAD_SIZE);
    int result = headers_find(table, compact.signature, &headers);
    if (result == 0)
        result = records_prove(&compact, headers);
    *out = compact;
    return result;
}
