/* Compact frames: the data of records without their headers (EN 13757-3 annex G "Compact frame").
 *
 *   compact (79, 7B, 73)   | format signature 2 | CRC of the full records 2 | data of all records |
 *   format  (69, 6A, 6B)   | [ length 1 ] | format signature 2 | headers of all records |
 *
 * The signature is the CRC-16 over the headers (DIF to the last VIFE) of all records, so that whoever has seen the full
 * telegram once can put the data back behind them; the CRC over the whole records then proves that the headers were the
 * right ones. */
#ifndef CODEC_WMBUS_COMPACT_H
#define CODEC_WMBUS_COMPACT_H

#include "base/span.h"

#define WMBUS_HEADERS_LIMIT 128 /* header bytes of one format; the longest that was seen has 105 */

struct wmbus_headers {
    uint16_t signature;
    uint8_t size;
    uint8_t bytes[WMBUS_HEADERS_LIMIT];
};

/* The formats that are known; room and bound by the caller. A household's meters share a handful of them. */
struct wmbus_headers_table {
    struct wmbus_headers *rows;
    size_t capacity;
    size_t count;
};

/* CRC-16 over header bytes: the format signature. */
uint16_t wmbus_headers_signature(struct span headers);

/* Remember the format of a full telegram's records (fillers are no part of it).
 * returns  1: new; 0: known already; CODEC_ERR_FULL; CODEC_ERR_TOO_LONG: more than WMBUS_HEADERS_LIMIT bytes;
 *          CODEC_ERR_EMPTY: no records; errors of mbus_record_next */
int wmbus_headers_learn(struct wmbus_headers_table *table, struct span records);

/* Remember header bytes, from a list or a format frame; the same results. */
int wmbus_headers_add(struct wmbus_headers_table *table, struct span headers);

/* Formats of meters in the field, from published full telegrams; NULL behind the last one. Whether they are right in a
 * given case is proved by the CRC of each compact frame. */
struct wmbus_headers_row {
    uint16_t signature;
    uint8_t size;
    const char *bytes; /* `size` of them */
    const char *meter; /* where it was seen */
};
const struct wmbus_headers_row *wmbus_headers_known(size_t index);

/* The headers of a format frame's content, the signature being right for them.
 * returns  0; CODEC_ERR_SHORT; CODEC_ERR_CHECKSUM */
int wmbus_format_frame_decode(struct span content, struct span *headers);

struct wmbus_compact {
    uint16_t signature;
    uint16_t crc;        /* of the full records, as sent */
    struct span data;    /* of all records; fillers behind them cut off once the headers are known */
    struct span headers; /* size 0: not known */
};

/* Take a compact frame's content apart and find its headers.
 * content  without the two fillers that prove a decryption
 * table    formats that were learned, before those that are published (wmbus_headers_known). NULL: none
 * returns  0: headers known and proved; CODEC_ERR_UNKNOWN: `out` has no headers; CODEC_ERR_CHECKSUM: the known headers
 *          do not give these records, `out` has none; CODEC_ERR_SHORT, `out` untouched */
int wmbus_compact_decode(struct span content, const struct wmbus_headers_table *table, struct wmbus_compact *out);

#endif
