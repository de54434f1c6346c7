/* What stands in a data unit: tables of fields for each AFN and function (Fn), read by the walkers of q376_data.h.
 *
 * A layout is a list of rows in the order of the wire. A row is one value, some bits of one, or the head of a group of
 * rows that repeats. Values that later rows depend on (number of tariffs, of entries, of points) are kept in
 * counters. */
#ifndef CODEC_Q376_LAYOUT_H
#define CODEC_Q376_LAYOUT_H

#include "codec/item/item_quantity.h"
#include "codec/q376/q376_format.h"
#include "codec/q376/q376_frame.h"

enum q376_kind {
    Q376_KIND_VALUE, /* one value in a data format */
    Q376_KIND_OWN,   /* the same; format, quantity, unit and phase are the layout's own */
    Q376_KIND_BITS,  /* some bits of a word of `size` bytes; `stays`: the next row looks at the same word */
    Q376_KIND_UNIT,  /* a data unit identifier: 4 bytes, points and functions */
    Q376_KIND_FRAME, /* a frame of another protocol, as bytes */
    Q376_KIND_GROUP, /* the next `size` rows, repeated */
    Q376_KIND_EVENTS /* event records: ERC, Le and Le bytes each, as many as from Pm to Pn */
};

/* Where a counted value is kept, and how often a row is repeated by it. */
enum q376_counter {
    Q376_COUNTER_NONE,    /* once */
    Q376_COUNTER_TARIFFS, /* M: repeated M + 1 times, total first; the tariff is the number of the repetition */
    Q376_COUNTER_ENTRIES, /* n */
    Q376_COUNTER_INNER,   /* m, inside an entry */
    Q376_COUNTER_POINTS,  /* n of a curve: the time moves on by the density */
    Q376_COUNTER_LENGTH,  /* k: not repeated, but so many bytes */
    Q376_COUNTER_DENSITY, /* kept for curves */
    Q376_COUNTER_FROM,    /* Pm */
    Q376_COUNTER_TO,      /* Pn */
    Q376_COUNTER_COUNT,
    Q376_COUNTER_UNTIL_END /* repeated while bytes are left */
};

/* What a value is called when it stands for something. The last row of a list has no English name. */
struct q376_word {
    uint8_t value;
    const char *english;
    const char *chinese;
};

struct q376_field {
    const char *key; /* for programs; NULL: the field is called by its quantity */
    const char *english;
    const char *chinese;
    const struct q376_word *words; /* NULL: none */
    const uint16_t *numbers;       /* of BITS: the value by the bits, 2^width of them; NULL: the bits themselves */
    uint8_t kind;                  /* enum q376_kind */
    uint8_t format;                /* enum q376_format */
    uint8_t size;                  /* bytes where the format does not say; rows of a group */
    uint8_t repeat;                /* enum q376_counter */
    uint8_t counter;               /* enum q376_counter: this value is kept there */
    uint8_t shift;                 /* of BITS */
    uint8_t width;                 /* of BITS */
    uint8_t add;                   /* of BITS: what the bits are less by */
    bool stays;                    /* of BITS */
    bool is_latch;                 /* the time at which the values that follow were true */
    bool is_word;                  /* shown as its word instead of its number */
    uint16_t quantity;             /* enum item_quantity; ITEM_PARAMETER for what only the terminal is about */
    uint8_t unit;                  /* enum item_unit */
    uint8_t phase;                 /* as in struct item */
    uint8_t function;              /* enum item_function */
    int8_t exponent;               /* added to the format's */
};

struct q376_fields {
    const struct q376_field *rows;
    size_t count;
};

struct q376_layout {
    uint16_t number; /* Fn, or ERC */
    const char *english;
    const char *chinese;
    const struct q376_fields *down; /* data from the head-end; NULL: not known */
    const struct q376_fields *up;   /* data from the terminal; NULL: not known */
    uint8_t format;                 /* of Q376_KIND_OWN */
    uint16_t quantity;
    uint8_t unit;
    uint8_t phase;
    uint8_t storage; /* 1: of the last settlement */
};

struct q376_layouts {
    const struct q376_layout *rows; /* ascending numbers */
    size_t count;
};

/* The row of a function, for its name; NULL when the tables have none. */
const struct q376_layout *q376_layout_find(uint8_t afn, uint16_t function);

/* The row of an event record. */
const struct q376_layout *q376_layout_record(uint8_t event);

/* The fields of a function's data in one direction.
 * left     bytes that follow: of functions without a row a request for history is told by the size of its time mark
 * layout   the function's row; never NULL on success
 * returns  NULL: not known, the rest of the frame is bytes */
const struct q376_fields *q376_layout_fields(uint8_t afn, bool is_uplink, uint16_t function, size_t left,
                                             const struct q376_layout **layout);

#endif
