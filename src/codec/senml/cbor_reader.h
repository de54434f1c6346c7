/* Reads CBOR item by item (RFC 8949), in place: definite and indefinite lengths, tags, nesting bounded by the caller.
 *
 *   initial byte  | major type 3 bits | additional information 5 bits |   24: 1 byte follows  25: 2  26: 4  27: 8
 */
#ifndef CODEC_CBOR_READER_H
#define CODEC_CBOR_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "codec/number/number.h"

#define CBOR_DEPTH_LIMIT 8

enum cbor_kind {
    CBOR_UNSIGNED,
    CBOR_NEGATIVE, /* value is -1 - argument */
    CBOR_BYTES,
    CBOR_TEXT,
    CBOR_ARRAY,
    CBOR_MAP,
    CBOR_TAG, /* argument is the tag number, the tagged item follows */
    CBOR_BOOLEAN,
    CBOR_NULL,
    CBOR_UNDEFINED,
    CBOR_FLOAT,  /* argument holds the bits, width the bytes */
    CBOR_SIMPLE, /* argument is the simple value */
    CBOR_BREAK   /* end of an item of indefinite length */
};

#define CBOR_TAG_DECIMAL_FRACTION 4
#define CBOR_TAG_BIG_FLOAT 5

struct cbor_item {
    uint8_t kind;      /* enum cbor_kind */
    uint8_t width;     /* of a float: enum float_width */
    bool indefinite;   /* of bytes, text, array, map: the parts follow up to CBOR_BREAK */
    uint64_t argument; /* value, count of array items or map pairs, tag, float bits, 0 or 1 of a boolean */
    struct span text;  /* bytes or text of definite length, points into the input */
    size_t offset;     /* of the item's first byte */
};

struct cbor_reader {
    struct span in;
    size_t offset; /* of the next item; where reading stopped on failure */
};

struct cbor_reader cbor_reader(struct span in);

/* The head of the next item and, for definite text and bytes, its content. The items inside an array, map, tag or
 * indefinite string follow by further calls.
 * returns  0 and *out; CODEC_ERR_SHORT; CODEC_ERR_RESERVED for additional information 28 to 30, for 31 where no length
 *          is, or for a simple value below 32 in two bytes. The reader stays on failure */
int cbor_reader_next(struct cbor_reader *reader, struct cbor_item *out);

/* Pass over one whole item with all it holds.
 * returns  0; CODEC_ERR_DEPTH beyond CBOR_DEPTH_LIMIT levels; as cbor_reader_next */
int cbor_reader_skip(struct cbor_reader *reader);

/* A number: integer, float, or decimal fraction and bigfloat (tags 4 and 5 with integer mantissa).
 * item     whose head was read; for a tag the rest is read from `reader`
 * returns  0 and *out; CODEC_ERR_TYPE when the item is no number; as cbor_reader_next */
int cbor_reader_number(struct cbor_reader *reader, const struct cbor_item *item, struct number *out);

#endif
