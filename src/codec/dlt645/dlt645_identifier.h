/* What the data identifiers (数据标识, DI) of DL/T 645 stand for: one table for each version, one row for a register or
 * a family of registers that differ in tariff, settlement, phase or record number only.
 *
 *   2007   DI3 DI2 DI1 DI0, written 00010100: forward active energy, tariff 1, now. FFH in DI1 or DI0 asks for all of
 *          the family, sent one after the other.
 *   1997   DI1 DI0, written 9011: the same. The low digit FH asks for all; energy and demand of last month have 4H more
 *          in the second digit (9411), those of the month before last 8H more (9811).
 *
 * source  DL/T 645-2007 appendix A tables A.1 to A.7, State Grid prepayment extension, DL/T 645-1997 appendix A. The
 *         README says which rows are not confirmed by a second source. */
#ifndef CODEC_DLT645_IDENTIFIER_H
#define CODEC_DLT645_IDENTIFIER_H

#include "codec/dlt645/dlt645_frame.h"
#include "codec/item/item_quantity.h"

/* How the bytes of a value are read; the lowest byte comes first in all of them. FF in every byte means "not there". */
enum dlt645_form {
    DLT645_FORM_BCD,     /* digits * 10^exponent */
    DLT645_FORM_SIGNED,  /* the same, the top bit of the highest byte is the sign */
    DLT645_FORM_DIGITS,  /* digits that are no number: addresses, DDhh, MMDDNN */
    DLT645_FORM_BINARY,  /* unsigned * 10^exponent */
    DLT645_FORM_FLAGS,   /* bits */
    DLT645_FORM_TEXT,    /* ASCII, last character first */
    DLT645_FORM_BYTES,   /* not looked into */
    DLT645_FORM_SECOND,  /* 6 bytes ss mm hh DD MM YY */
    DLT645_FORM_MINUTE,  /* 5 bytes mm hh DD MM YY */
    DLT645_FORM_DATE,    /* 4 bytes WW DD MM YY, Sunday is 0 */
    DLT645_FORM_CLOCK,   /* 3 bytes ss mm hh */
    DLT645_FORM_OF_YEAR, /* 4 bytes mm hh DD MM */
    DLT645_FORM_SWITCH,  /* 3 bytes NN mm hh: from hh:mm on tariff NN */
    DLT645_FORM_COUNT
};

/* One value within the data of an identifier. */
struct dlt645_field {
    uint16_t quantity; /* enum item_quantity */
    uint8_t unit;      /* enum item_unit */
    uint8_t form;      /* enum dlt645_form */
    uint8_t size;      /* bytes; two BCD digits each */
    int8_t exponent;
    uint8_t phase;       /* as in struct item */
    uint8_t moment_size; /* bytes of a time right behind the value, when it was reached: 5 mm hh DD MM YY, or 0 */
    const char *english; /* what it is within its record; NULL when quantity and identifier say it all */
    const char *chinese;
};

/* What a part of an identifier counts, and where items have a place for it. */
enum dlt645_axis_kind {
    DLT645_AXIS_NONE,    /* fixed */
    DLT645_AXIS_TARIFF,  /* struct item .tariff; 0 total */
    DLT645_AXIS_STORAGE, /* struct item .storage: settlements back, last n-th record */
    DLT645_AXIS_PHASE,   /* struct item .phase; 0 total */
    DLT645_AXIS_TIER,    /* struct item .tier */
    DLT645_AXIS_NUMBER   /* only a number: a table, a holiday, a word */
};

/* Values one after the other. When the data go on behind the last field, those from `repeat_from` on come again;
 * `repeat_from` equal to `count`: they do not. What no field takes is shown as bytes. */
struct dlt645_record {
    const struct dlt645_field *fields;
    uint8_t count;
    uint8_t repeat_from;
    uint8_t counted; /* enum dlt645_axis_kind: what the repetitions count, from 0 on */
};

/* The numbers that stand in one part of an identifier. */
struct dlt645_axis {
    uint8_t kind; /* enum dlt645_axis_kind */
    uint8_t low;  /* of the row's own identifier */
    uint8_t high;
    bool has_block; /* FFH (FH in 1997) asks for all */
};

struct dlt645_row {
    uint32_t identifier;       /* with the lowest numbers of both axes */
    struct dlt645_axis middle; /* DI1; in 1997 the months in the second digit of DI1 */
    struct dlt645_axis last;   /* DI0; in 1997 its low digit */
    struct dlt645_field field;
    const struct dlt645_record *record; /* NULL: `field` is all */
    const char *english;                /* of the whole row: "Forward active energy" */
    const char *chinese;                /* UTF-8 */
};

/* An identifier found in the table. */
struct dlt645_identity {
    const struct dlt645_row *row;
    uint32_t identifier;
    uint8_t version;       /* enum dlt645_version */
    uint8_t middle_number; /* of this identifier; meaningless when it asks for all */
    uint8_t last_number;
    bool is_middle_block; /* all numbers of the axis, one after the other */
    bool is_last_block;
    const char *clause; /* of the standard; never NULL */
};

/* Look an identifier up.
 * is_answer  07xxxxxx have other data in the answer than in the request; else of no matter
 * returns    0; CODEC_ERR_UNKNOWN (nothing written) */
int dlt645_identifier_find(enum dlt645_version version, uint32_t identifier, bool is_answer,
                           struct dlt645_identity *out);

/* Identifier of number `n` of the block that `identity` asks for (the axis that is a block; the middle one when both
 * are).
 * n        from the axis' low to its high */
uint32_t dlt645_identity_expand(const struct dlt645_identity *identity, uint8_t n);

/* "Forward active energy tariff 1, 2 back", "Voltage A", "… total and all tariffs"; Chinese when is_chinese. */
void dlt645_identity_write(const struct dlt645_identity *identity, bool is_chinese, struct writer *out);

/* Row `index` of all tables, for tests that walk them all; NULL behind the last. The answers of
 * 07xxxxxx are not listed: they have the identifiers of the requests. */
const struct dlt645_row *dlt645_row_at(enum dlt645_version version, size_t index);

#endif
