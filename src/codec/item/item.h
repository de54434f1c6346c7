/* The one decoded form of every meter protocol: a value with all that is needed to know which one it is.
 *
 * A decoder turns a frame into a list of items; the rows of `uplink` are made from them, and people read them. Numbers
 * are exact: an integer and a power of ten, never a floating-point number. Texts and bytes point into the frame. */
#ifndef CODEC_ITEM_H
#define CODEC_ITEM_H

#include "base/writer.h"
#include "codec/item/item_modifier.h"
#include "codec/item/item_quantity.h"

/* What `struct item` holds. */
enum item_kind {
    ITEM_KIND_NUMBER, /* value * 10^exponent */
    ITEM_KIND_DIGITS, /* value, printed with `digits` digits, leading zeros kept: numbers of meters and customers */
    ITEM_KIND_FLAGS,  /* value is a bit set, printed as hexadecimal of `digits` digits */
    ITEM_KIND_TEXT,   /* bytes, in reading order or (is_reversed) last character first */
    ITEM_KIND_BYTES,  /* bytes, printed as hexadecimal in wire order */
    ITEM_KIND_TIME    /* time only */
};

/* How far the value can be believed. */
enum item_quality {
    ITEM_GOOD,
    ITEM_MISSING, /* the meter has no value (FF, EE): print nothing, never 0 */
    ITEM_INVALID, /* bytes that are no value of this format (BCD digit A to F, month 13) */
    ITEM_DOUBTED  /* the meter itself marks it as doubtful or measured during an error */
};

/* What the value is of the quantity, as in EN 13757-3. */
enum item_function { ITEM_INSTANTANEOUS, ITEM_MAXIMUM, ITEM_MINIMUM, ITEM_ERROR_STATE };

/* Which parts of `struct item_time` are stated; each includes the ones before it where they make sense. */
enum item_time_part {
    ITEM_TIME_NONE,
    ITEM_TIME_YEAR,
    ITEM_TIME_MONTH,   /* year and month */
    ITEM_TIME_DAY,     /* a date */
    ITEM_TIME_HOUR,    /* date and hour */
    ITEM_TIME_MINUTE,  /* date, hour and minute */
    ITEM_TIME_SECOND,  /* date and time of day */
    ITEM_TIME_OF_DAY,  /* hour, minute, second without a date */
    ITEM_TIME_OF_YEAR, /* month, day, hour, minute without a year */
    ITEM_TIME_OF_MONTH /* day, hour, minute, second without a month */
};

/* A moment as the meter states it. */
struct item_time {
    uint16_t year;  /* 1900 to 2299 */
    uint8_t month;  /* 1 to 12 */
    uint8_t day;    /* 1 to 31 */
    uint8_t hour;   /* 0 to 23 */
    uint8_t minute; /* 0 to 59 */
    uint8_t second; /* 0 to 59 */
    uint8_t parts;  /* enum item_time_part */
    uint8_t is_utc; /* else by the meter's own clock, in its own zone */
    uint8_t is_summer;
};

struct item {
    uint16_t quantity;   /* enum item_quantity */
    uint8_t unit;        /* enum item_unit */
    uint8_t kind;        /* enum item_kind */
    uint8_t quality;     /* enum item_quality */
    uint8_t function;    /* enum item_function */
    uint8_t phase;       /* 0 total or none, 1 to 3 phases A to C, 4 neutral */
    uint8_t digits;      /* of ITEM_KIND_DIGITS and ITEM_KIND_FLAGS, at most 18 */
    uint16_t tariff;     /* 0 total */
    uint16_t tier;       /* step of a price table, 0 none */
    uint32_t storage;    /* 0 now; n: n settlements back (DL/T 645, CJ/T 188) or storage number n (EN 13757-3) */
    uint32_t subunit;    /* EN 13757-3; measuring point (Pn) of Q/GDW 376.1 */
    uint32_t identifier; /* the protocol's own: DI, VIF with extensions, Fn */
    int64_t value;
    int8_t exponent;           /* of ITEM_KIND_NUMBER, -18 to 18 */
    uint8_t is_reversed;       /* ITEM_KIND_TEXT: last character first on the wire */
    uint8_t identifier_digits; /* how the protocol prints it, hexadecimal; 0: with 4 or 8, and 0 is none */
    uint8_t modifier; /* enum item_modifier: the quantity itself when 0, else a limit of it, its backward part, ... */
    struct item_time time; /* when the value was true; of ITEM_KIND_TIME the value itself */
    struct span bytes;     /* where it stands in the frame (or in the caller's decoded copy of it) */
};

/* A list that a decoder fills: room and bound by the caller, nothing else. */
struct item_list {
    struct item *items;
    size_t capacity;
    size_t count;
};

struct item_list item_list_of(struct item *items, size_t capacity);

/* A new item at the end, all zero (ITEM_OTHER, a number, good); NULL when the list is full. */
struct item *item_list_add(struct item_list *list);

/* The time that is a legal calendar time: parts that do not exist (month 13, 30 February, 24:00) make it invalid.
 * returns  0; CODEC_ERR_RANGE */
int item_time_check(const struct item_time *time);

/* From seconds since 1970 UTC. 0 to 4294967295 (2106). */
struct item_time item_time_of_unix(int64_t seconds);

/* The number of an item counted in another power of ten, exactly: 12.5 (125 at -1) is 1250 at -2.
 * out      magnitude at most INT64_MAX, so that it can be negated; written on success only
 * returns  0; CODEC_ERR_RANGE: decimals would be lost, or the number grows too large */
int item_value_scale(const struct item *item, int exponent, int64_t *out);

/* "2026-07-09T10:15:30", "2026-07-09", "2026-07", "10:15:30", "07-09 10:15"; a Z behind UTC; "" for none. */
void item_time_write(const struct item_time *time, struct writer *out);

/* The value exactly, without its unit: "1234.56", "-0.005", "004321", "0x0C", text without quotes, hexadecimal, time.
 * Nothing for ITEM_MISSING and ITEM_INVALID. Numbers keep the decimals of their scale (1200.00 at exponent -2) and
 * never use powers of ten. */
void item_value_write(const struct item *item, struct writer *out);

/* "Forward active energy, phase A, tariff 2, storage 1, maximum, upper limit"; Chinese when is_chinese. */
void item_name_write(const struct item *item, bool is_chinese, struct writer *out);

/* "good", "missing", "invalid", "doubted"; never NULL. And the same in words for people. */
const char *item_quality_name(enum item_quality quality);
const char *item_quality_text(enum item_quality quality, bool is_chinese);

/* "instantaneous", "maximum", "minimum", "error_state"; never NULL. */
const char *item_function_name(enum item_function function);

#endif
