/* Writes data records: for requests to a meter, and for the answers of a simulated one. */
#ifndef CODEC_MBUS_RECORD_ENCODE_H
#define CODEC_MBUS_RECORD_ENCODE_H

#include "codec/mbus/mbus_record.h"

/* How a value is laid down: the data field of DIF (EN 13757-3 table 4). */
enum mbus_data_field {
    MBUS_DATA_NONE = 0x0,
    MBUS_DATA_INTEGER_1 = 0x1, /* the number is the size in bytes, or of digits */
    MBUS_DATA_INTEGER_2 = 0x2,
    MBUS_DATA_INTEGER_3 = 0x3,
    MBUS_DATA_INTEGER_4 = 0x4,
    MBUS_DATA_REAL = 0x5,
    MBUS_DATA_INTEGER_6 = 0x6,
    MBUS_DATA_INTEGER_8 = 0x7,
    MBUS_DATA_SELECTION = 0x8, /* asks for the value */
    MBUS_DATA_BCD_2 = 0x9,
    MBUS_DATA_BCD_4 = 0xa,
    MBUS_DATA_BCD_6 = 0xb,
    MBUS_DATA_BCD_8 = 0xc,
    MBUS_DATA_VARIABLE = 0xd,
    MBUS_DATA_BCD_12 = 0xe,
    MBUS_DATA_FITTING = 0xff /* no data field: the smallest integer that holds the number, or what the kind needs */
};

/* Write a record from its parts: kind, function, storage, tariff, subunit, data field, `information` and `data` (LVAR
 * included) are used. mbus_record_next reads the same parts back.
 * returns  0; CODEC_ERR_FORMAT when the extension bits of `information` do not end with it, or `data` is not what the
 *          data field says (nothing written). What does not fit into `out` shows in its overflow */
int mbus_record_encode(const struct mbus_record *record, struct writer *out);

/* Write an item as a record; mbus_record_item reads the same item back.
 *
 * `identifier` gives VIF and VIFE; when it is 0 the code is looked up by quantity, unit and exponent. The value may
 * stand at another exponent than the code's as long as nothing is lost. Items without a value need MBUS_DATA_NONE or
 * MBUS_DATA_SELECTION. An ITEM_DOUBTED value is written as a good one; digits come back as many as the bytes hold.
 * data_field  enum mbus_data_field; times and texts have one of their own and take MBUS_DATA_FITTING
 * returns     0; CODEC_ERR_UNKNOWN when no code has this quantity, unit and exponent; CODEC_ERR_FORMAT for an
 *             identifier that is no whole VIF with VIFE; CODEC_ERR_RANGE for a value that the data field or the code
 *             cannot hold exactly, or an ITEM_INVALID one; CODEC_ERR_TYPE for a kind that does not fit the data field
 *             or code; CODEC_ERR_TOO_LONG for a text of more than 191 bytes (nothing written) */
int mbus_item_encode(const struct item *item, uint8_t data_field, struct writer *out);

#endif
