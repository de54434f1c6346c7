/* Data identifiers (数据标识) of CJ/T 188: what each one is, which function carries it, what request and answer hold. */
#ifndef CODEC_CJT188_DATA_H
#define CODEC_CJT188_DATA_H

#include "base/span.h"

/* The standard's identifiers by name, for whoever calls cjt188_request_encode() and cjt188_answer_encode(). All of them
 * are in the table. */
enum cjt188_identifier {
    CJT188_METERING = 0x901f,
    CJT188_HISTORY_FIRST = 0xd120, /* last settlement day */
    CJT188_HISTORY_LAST = 0xd12b,  /* twelve back */
    CJT188_PRICE_TABLE = 0x8102,
    CJT188_SETTLEMENT_DAY = 0x8103,
    CJT188_READING_DAY = 0x8104,
    CJT188_PURCHASE = 0x8105,
    CJT188_KEY_VERSION = 0x8106,
    CJT188_ADDRESS = 0x810a,
    CJT188_PRICE_TABLE_WRITE = 0xa010,
    CJT188_SETTLEMENT_DAY_WRITE = 0xa011,
    CJT188_READING_DAY_WRITE = 0xa012,
    CJT188_PURCHASE_WRITE = 0xa013,
    CJT188_KEY_WRITE = 0xa014,
    CJT188_TIME_WRITE = 0xa015,
    CJT188_BASE_READING_WRITE = 0xa016,
    CJT188_VALVE = 0xa017,
    CJT188_ADDRESS_WRITE = 0xa018,
    CJT188_FACTORY_ENABLE = 0xa019
};

/* What stands behind SER. A shape has one layout or several (cjt188_layout.h), chosen by type and bytes. */
enum cjt188_shape {
    CJT188_SHAPE_EMPTY,
    CJT188_SHAPE_METERING,
    CJT188_SHAPE_HISTORY,
    CJT188_SHAPE_PRICE_TABLE,
    CJT188_SHAPE_PRICE_TABLE_WRITE,
    CJT188_SHAPE_DAY,
    CJT188_SHAPE_PURCHASE,
    CJT188_SHAPE_PURCHASE_WRITE,
    CJT188_SHAPE_KEY_VERSION,
    CJT188_SHAPE_KEY_WRITE,
    CJT188_SHAPE_TIME,
    CJT188_SHAPE_BASE_READING,
    CJT188_SHAPE_VALVE_COMMAND,
    CJT188_SHAPE_ADDRESS,
    CJT188_SHAPE_STATUS,
    CJT188_SHAPE_ERROR,
    CJT188_SHAPE_VENDOR, /* bytes that only their maker can read */
    CJT188_SHAPE_COUNT
};

struct cjt188_data {
    uint16_t identifier; /* as printed: 901FH */
    uint8_t function;    /* enum cjt188_function_code of the request */
    uint8_t request;     /* enum cjt188_shape */
    uint8_t answer;      /* enum cjt188_shape */
    uint8_t storage;     /* settlements back; 0 now */
    const char *english;
    const char *chinese; /* UTF-8 */
    const char *clause;  /* of the standard, or "maker's own" */
};

/* NULL when the identifier is in no table. */
const struct cjt188_data *cjt188_data_find(uint16_t identifier);

/* Row `index` in ascending order of identifiers; NULL behind the last one. */
const struct cjt188_data *cjt188_data_at(size_t index);

/* The identifier of two bytes whose order on the wire is not known: 2004 sends 90H first, other readings 1FH, and
 * meters answer in either. An order that gives a known identifier wins, then one whose high byte is a known page; what
 * is neither is taken as it was sent.
 * is_low_first  written: the bytes were exchanged
 * known         written: its row, or NULL */
uint16_t cjt188_data_normalise(uint8_t first, uint8_t second, bool *is_low_first, const struct cjt188_data **known);

#endif
