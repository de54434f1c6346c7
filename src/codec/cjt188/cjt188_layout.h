/* How the bytes behind SER lie: one row per field, one layout per shape, type range and maker's habit. */
#ifndef CODEC_CJT188_LAYOUT_H
#define CODEC_CJT188_LAYOUT_H

#include "codec/cjt188/cjt188_code.h"
#include "codec/cjt188/cjt188_frame.h"
#include "codec/cjt188/cjt188_variant.h"
#include "codec/item/item.h"

enum cjt188_format {
    CJT188_VALUE_UNIT,  /* BCD, low byte first, then the unit byte */
    CJT188_UNIT_VALUE,  /* the unit byte, then BCD */
    CJT188_NUMBER,      /* BCD with the row's unit and decimals */
    CJT188_BINARY,      /* binary, low byte first */
    CJT188_DIGITS,      /* BCD whose leading zeros count */
    CJT188_TIME,        /* ss mm hh DD MM YY CC, each BCD */
    CJT188_STATUS,      /* ST1 ST2 */
    CJT188_STATUS_HEAT, /* ST1 ST2 of a heat meter's reading */
    CJT188_CODE,        /* binary, shown as hexadecimal */
    CJT188_BYTES        /* not interpreted; size 0: all that is left */
};

/* What a field takes from the meter's type instead of from its row. */
enum cjt188_role {
    CJT188_ROLE_PLAIN,
    CJT188_ROLE_CUMULATIVE, /* quantity of the type's reading */
    CJT188_ROLE_ENERGY,     /* quantity of the type's energies */
    CJT188_ROLE_PRICE,      /* unit of the type's prices */
    CJT188_ROLE_TIER        /* unit of the type's tier limits */
};

struct cjt188_field {
    uint8_t format; /* enum cjt188_format */
    uint8_t size;   /* bytes */
    uint8_t role;   /* enum cjt188_role */
    const char *english;
    const char *chinese; /* UTF-8 */
    struct item item;    /* what does not depend on the bytes: quantity, unit, scale, settlements back, tier, kind */
};

struct cjt188_layout {
    const char *english;
    const char *chinese; /* UTF-8 */
    const struct cjt188_field *fields;
    uint8_t count;       /* of fields */
    uint8_t size;        /* bytes in all; 0 when the last field takes what is left */
    uint8_t classes;     /* enum cjt188_class_bit of the meters that use it */
    uint8_t option;      /* enum cjt188_option of the models that send it; 0 standard */
    uint8_t unit_offset; /* of the first unit byte */
    uint8_t unit_count;  /* unit bytes, one every five bytes */
    bool is_set_only;    /* its bytes look like another layout's: decoded so only when the model's variant says it */
};

/* The layout of a frame's payload. The size decides, then the type range, then whether the unit bytes are legal units.
 * A payload that fits none is bytes of the maker. Never NULL. As everywhere, variant NULL is the standard's. */
const struct cjt188_layout *cjt188_layout_find(const struct cjt188_frame *frame, const struct cjt188_variant *variant);

/* The layout in which a model sends a shape. Never NULL. */
const struct cjt188_layout *cjt188_layout_choose(enum cjt188_shape shape, uint8_t meter_type,
                                                 const struct cjt188_variant *variant);

/* Layout `index` of a shape; NULL behind the last one. */
const struct cjt188_layout *cjt188_layout_at(enum cjt188_shape shape, size_t index);

/* What a field is about, given the meter's type. */
static inline uint16_t cjt188_field_quantity(const struct cjt188_field *field, const struct cjt188_type *type)
{
    return field->role == CJT188_ROLE_CUMULATIVE ? type->cumulative
           : field->role == CJT188_ROLE_ENERGY   ? type->energy
                                                 : field->item.quantity;
}

static inline uint8_t cjt188_field_unit(const struct cjt188_field *field, const struct cjt188_type *type)
{
    return field->role == CJT188_ROLE_PRICE  ? type->price_unit
           : field->role == CJT188_ROLE_TIER ? type->tier_unit
                                             : field->item.unit;
}

#endif
