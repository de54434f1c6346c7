/* Messages described once, as tables of fields: encoder, decoder, explainer and items all walk the same rows.
 *
 *     layout   +---------+---------+---------------------+----------+
 *              | field   | field   | field: list of ...  | field    |   big-endian, one field behind the other
 *              +---------+---------+----------+----------+----------+
 *                                  | element  | element  |
 *                                  +----------+----------+
 *
 * Numbers that only name something (a terminal type, an alarm) live in sets: a set's row is the enumeration of the
 * program, its code is what stands on the wire. Another profile of a protocol is other tables, never other code. */
#ifndef CODEC_LAYOUT_H
#define CODEC_LAYOUT_H

#include "base/reader.h"
#include "base/writer.h"
#include "codec/item/item.h"

#define LAYOUT_UNKNOWN 255    /* in a structure: the code on the wire has no row in its set */
#define LAYOUT_NO_CODE 0xffff /* in a set: the row cannot be said in this protocol */

enum layout_form {
    LAYOUT_UNSIGNED, /* member: any unsigned integer */
    LAYOUT_SIGNED,   /* member: any signed integer */
    LAYOUT_CODE,     /* member: uint8_t, row of the set; LAYOUT_UNKNOWN */
    LAYOUT_FLAGS,    /* member: any unsigned integer, bit n for row n of the set; bits without a row are passed over */
    LAYOUT_TIME,     /* member: uint32_t, seconds since 1970 UTC */
    LAYOUT_DIGITS,   /* member: uint8_t[], packed BCD as on the wire */
    LAYOUT_BYTES,    /* member: uint8_t[] */
    LAYOUT_OCTETS,   /* member: struct span; `size` bytes of length in front, 0: everything that is left */
    LAYOUT_TEXT,     /* the same, UTF-8 */
    LAYOUT_LIST,     /* member: struct span of elements as on the wire; `size` bytes of count, 0: all that is left */
    LAYOUT_ITEMS,    /* member: struct span; tag u8, length u8, value, by the rows of the set, to the end */
    LAYOUT_RECORD,   /* member: the structure of `element` */
    LAYOUT_CHOICE    /* the layout that the subject is about, to the end; its members lie in the same structure */
};

/* What the field means for the others of its layout. */
enum layout_role {
    LAYOUT_ALONE,
    LAYOUT_STAMP,    /* the time at which the record's values were true */
    LAYOUT_STEP,     /* seconds from one list element to the next */
    LAYOUT_SUBJECT,  /* a code: the layout it is about gives unit and scale to the measured fields, and the elements */
    LAYOUT_MEASURED, /* quantity, unit and scale are those of the subject's last field */
    LAYOUT_LIMIT,    /* the same for a threshold or a range: never an item, for nobody measured it */
    LAYOUT_OPTIONAL  /* the message may end before it */
};

struct layout;

struct layout_word {
    uint16_t code; /* on the wire; a bit number for flags, 0 to 63; LAYOUT_NO_CODE */
    const char *english;
    const char *chinese;
    const struct layout *about; /* NULL when the code is about nothing that is measured */
};

struct layout_set {
    const struct layout_word *rows;
    size_t count;
};

struct layout_field {
    const char *english;
    const char *chinese;
    uint8_t form;         /* enum layout_form */
    uint8_t role;         /* enum layout_role */
    uint8_t size;         /* bytes on the wire; see layout_form for what varies */
    uint8_t set;          /* number of the set with its words; 0 none */
    uint16_t member;      /* offset in the structure */
    uint16_t member_size; /* bytes in the structure */
    uint16_t quantity;    /* enum item_quantity; ITEM_OTHER: not worth an item */
    uint8_t unit;         /* enum item_unit */
    int8_t exponent;
    bool is_address;  /* the device's address as printed on it */
    bool has_missing; /* `missing` stands for "no value" */
    int64_t missing;
    int64_t low; /* bounds that the encoder keeps; both 0: only the width bounds it */
    int64_t high;
    const struct layout *element; /* of LAYOUT_RECORD and LAYOUT_LIST; NULL for a list: what the subject is about */
};

struct layout {
    const char *english;
    const char *chinese;
    const char *clause;
    const struct layout_field *fields;
    size_t count;
};

#define LAYOUT_MEMBER(type, name) .member = offsetof(type, name), .member_size = sizeof(((type *)0)->name)

/* A field that people may see: English, Chinese, form, size, structure, member; and one with a unit: then quantity,
 * unit and power of ten as in struct item. Structure and member may come out of one macro. */
#define LAYOUT_FIELD(...) LAYOUT_FIELD_ROW(__VA_ARGS__)
#define LAYOUT_VALUE(...) LAYOUT_VALUE_ROW(__VA_ARGS__)
#define LAYOUT_FIELD_ROW(english_, chinese_, form_, size_, type, name) \
    .english = (english_), .chinese = (chinese_), .form = (form_), .size = (size_), LAYOUT_MEMBER(type, name)
#define LAYOUT_VALUE_ROW(english_, chinese_, form_, size_, type, name, quantity_, unit_, exponent_) \
    LAYOUT_FIELD_ROW(english_, chinese_, form_, size_, type, name), .quantity = (quantity_), .unit = (unit_), \
                                                                    .exponent = (exponent_)
#define LAYOUT_OF(english_, chinese_, clause_, fields_) \
    { \
        english_, chinese_, clause_, fields_, sizeof(fields_) / sizeof((fields_)[0]) \
    }
#define LAYOUT_SET_OF(rows_) \
    { \
        rows_, sizeof(rows_) / sizeof((rows_)[0]) \
    }

/* Bytes on the wire; 0 when they vary. */
size_t layout_size(const struct layout *layout);

/* Write the structure `in`.
 * sets     of the protocol, indexed by layout_field.set
 * out      appended to; on failure it may hold a part, and the caller drops the message
 * returns  0; CODEC_ERR_RANGE for a value outside its bounds or width, or digits that are none; CODEC_ERR_UNKNOWN for
 *          a code without a row; CODEC_ERR_FULL */
int layout_encode(const struct layout *layout, const struct layout_set *sets, const void *in, struct writer *out);

/* Read into the structure `out`, which is worth nothing on failure; spans point into `reader`'s bytes.
 * reader   moves behind what was read; on failure it stands where belief ended
 * returns  0; CODEC_ERR_SHORT; CODEC_ERR_FORMAT for a list that holds no whole elements; CODEC_ERR_UNKNOWN for a choice
 *          that nothing is known about, CODEC_ERR_TRAILING for bytes behind it */
int layout_decode(const struct layout *layout, const struct layout_set *sets, struct reader *reader, void *out);

/* One item of LAYOUT_ITEMS: tag, length, and the structure `in` by the layout that the word is about.
 * word     of a set of items; its code is the tag, below 256
 * returns  as layout_encode; CODEC_ERR_UNKNOWN when the word is about nothing, CODEC_ERR_RANGE for a value of more than
 *          255 bytes */
int layout_item_encode(const struct layout_word *word, const struct layout_set *sets, const void *in,
                       struct writer *out);

/* Split off the item at the front.
 * value    points into the reader's bytes
 * returns  0; CODEC_ERR_SHORT (nothing is written, the reader stands where the item breaks off) */
int layout_item_split(struct reader *reader, uint8_t *tag, struct span *value);

/* The row of a set with this code; LAYOUT_UNKNOWN. */
uint8_t layout_set_find(const struct layout_set *set, uint64_t code);

/* The mask of a flag's bit on the wire; 0 when the protocol cannot say it. */
uint64_t layout_word_mask(const struct layout_word *word);

/* One field, or the heading of several, as a walk meets it. */
struct layout_part {
    const struct layout_field *field; /* NULL for a heading and for bytes that nothing is known about */
    const char *english;
    const char *chinese;
    const char *clause;
    struct span bytes; /* all of the field, a count or length in front included */
    unsigned depth;
    bool is_heading;
    const struct layout_set *set;        /* of the field; NULL when it has none */
    const struct layout_field *measured; /* whose quantity and unit count: the field itself or the subject's */
    struct item_time time;               /* of the record */
    uint32_t identifier;                 /* of the layout in its protocol, times 256, plus the field's number */
};

struct layout_visitor {
    void (*part)(void *context, const struct layout_part *part);
    void *context;
};

/* Where a walk is. */
struct layout_walk {
    const struct layout_visitor *visitor;
    const struct layout_set *sets;
    unsigned depth;
    uint32_t identifier;
    const struct layout *subject; /* NULL when none is known */
    struct item_time time;        /* parts ITEM_TIME_NONE when none is known */
};

/* Visit every field of a layout in the bytes, then what is inside of them. A stamp found at the top level stays in the
 * walk, for what follows.
 * reader   as for layout_decode; what is left behind the layout is the caller's
 * returns  0; CODEC_ERR_SHORT; CODEC_ERR_FORMAT. Parts up to there have been visited */
int layout_visit(struct layout_walk *walk, const struct layout *layout, struct reader *reader);

/* Visit a heading, bytes without a layout. */
void layout_heading_visit(const struct layout_walk *walk, const char *english, const char *chinese, const char *clause,
                          struct span bytes);
void layout_raw_visit(const struct layout_walk *walk, const char *english, const char *chinese, const char *clause,
                      struct span bytes);

/* The number in a field of a numeric form (codes, flags and times too), sign extended. */
int64_t layout_part_number(const struct layout_part *part);

/* The word for the number of a part; NULL when it has none. */
const struct layout_word *layout_part_word(const struct layout_part *part);

/* The value of a part as an item writes it (ITEM_OTHER for what is no quantity).
 * returns  true; false for headings, lists, records and bytes without a field (nothing written) */
bool layout_part_value(const struct layout_part *part, struct item *out);

/* The part as an item.
 * returns  true; false when it is none (nothing written) */
bool layout_part_item(const struct layout_part *part, struct item *out);

/* A visitor that adds the items of all parts to a list. */
struct layout_item_taker {
    struct item_list *list;
    bool is_full; /* an item found no room */
};
void layout_item_take(void *taker, const struct layout_part *part);

#endif
