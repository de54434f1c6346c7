/* Data records of EN 13757-3: what a meter says, the same on the wire and by radio.
 *
 *   | DIF | DIFE 0..10 | VIF | text of VIF 7CH | VIFE 0..10 | LVAR | data |
 *   |<------------------ header ----------------------------->|<-- data ->|
 *
 * Frames carry header and data of every record; compact frames (EN 13757-3 annex, "format signature") carry the data
 * only, and the headers come from a frame that was seen before: both are walked by one reader. */
#ifndef CODEC_MBUS_RECORD_H
#define CODEC_MBUS_RECORD_H

#include "base/writer.h"
#include "codec/item/item.h"

#define MBUS_EXTENSION_LIMIT 10 /* DIFE, and VIFE, of one record (EN 13757-3 6.3, 6.4) */

enum mbus_record_kind {
    MBUS_RECORD_VALUE,
    MBUS_RECORD_MANUFACTURER, /* DIF 0FH or 1FH: the rest of the telegram is the manufacturer's own */
    MBUS_RECORD_GLOBAL        /* DIF 7FH: "send me everything", of a request */
};

/* One record cut into its parts; spans point into what the reader was given. */
struct mbus_record {
    struct span header;      /* DIF to the last VIFE */
    struct span data;        /* behind the header; with LVAR where there is one */
    struct span information; /* the part of the header from VIF on */
    struct span vif_text;    /* unit text of VIF 7CH, last character first; size 0 when there is none */
    uint32_t storage;        /* 0 to 4294967295 */
    uint32_t subunit;        /* 0 to 1023 */
    uint16_t tariff;         /* 0 to 65535 */
    uint8_t kind;            /* enum mbus_record_kind */
    uint8_t function;        /* enum item_function */
    uint8_t data_field;      /* low four bits of DIF */
    uint8_t more_follow;     /* of MBUS_RECORD_MANUFACTURER: DIF 1FH, the next telegram continues */
    uint8_t vif;             /* first byte of `information` with its extension bit */
    uint8_t extension_count; /* VIFE; they are the last bytes of the header */
};

/* Walks an area of records. Fillers (2FH) are stepped over. */
struct mbus_record_reader {
    struct span headers;
    struct span data; /* the same area when the records are whole */
    size_t header_at; /* offset of what comes next */
    size_t data_at;
    bool is_split;
};

/* Over whole records. */
struct mbus_record_reader mbus_record_reader(struct span records);

/* Over headers that stand in one place and data in another, as in compact frames: `headers` are the header bytes of all
 * records one after the other (what the format signature is computed over), `data` the data of all. */
struct mbus_record_reader mbus_record_reader_split(struct span headers, struct span data);

/* The next record.
 * out           written when there is one
 * error_offset  written on failure: where the header is broken, in the headers; where the data are, in the data of a
 *               split reader. May be NULL
 * returns       1; 0 at the end; CODEC_ERR_SHORT when header or data end too early; CODEC_ERR_TRAILING for data left
 *               over at the end of split headers; CODEC_ERR_FORMAT for more than ten DIFE or VIFE; CODEC_ERR_RESERVED
 *               for DIF 3FH to 6FH and LVAR without meaning; CODEC_ERR_RANGE for a storage number or tariff that no
 *               item holds */
int mbus_record_next(struct mbus_record_reader *reader, struct mbus_record *out, size_t *error_offset);

/* The record as an item: unit and power of ten of EN 13757-3 tables 10 to 15 applied, durations in seconds, flows in
 * m3/h, temperatures in degree Celsius. Bytes of the item are record->data; identifier is VIF and VIFE, up to four
 * bytes, the VIF on the left (0x13, 0xFD17, 0x833C). Manufacturer data are an ITEM_MANUFACTURER_DATA of kind bytes with
 * identifier 0x0F or 0x1F. Never fails: what is no value of its format is ITEM_INVALID.
 * out  written whole; its bytes live as long as the record's */
void mbus_record_item(const struct mbus_record *record, struct item *out);

/* Latched values get the time they were latched at: a value takes that of the good date of the same storage number (not
 * 0), subunit and function. A date with a modifier, such as the next one, gives none, nor does one without a year. */
void mbus_items_stamp(const struct item_list *list);

/* All records of an area as items, in their order, latched values with their time (mbus_items_stamp). The items that
 * were decoded before an error stay in the list.
 * more_follow   written on success: the area ends with DIF 1FH. May be NULL
 * error_offset  as for mbus_record_next; of the record that had no room with CODEC_ERR_FULL. May be NULL
 * returns       0; errors of mbus_record_next; CODEC_ERR_FULL */
int mbus_records_decode(struct span records, struct item_list *list, bool *more_follow, size_t *error_offset);

/* The same with headers and data apart (mbus_record_reader_split). */
int mbus_records_decode_split(struct span headers, struct span data, struct item_list *list, bool *more_follow,
                              size_t *error_offset);

#endif
