/* What meters do differently: a setting per model, and the known habits as named rows. */
#ifndef CODEC_CJT188_VARIANT_H
#define CODEC_CJT188_VARIANT_H

#include "base/span.h"
#include "codec/item/item_quantity.h"

/* Layouts of some models, to be combined. */
enum cjt188_option {
    CJT188_OPTION_UNIT_FIRST = 1,    /* heat: the unit byte stands before each value */
    CJT188_OPTION_SHORT_READING = 2, /* 901FH is answered with a value and ST1 ST2 */
    CJT188_OPTION_COOLING_FIRST = 4  /* heat and cold: the first energy is the cumulated cooling energy */
};

/* Which bits of ST1 ST2 say what. */
enum cjt188_status_map {
    CJT188_STATUS_MAP_STANDARD,    /* valve ST1 bits 1-0, battery ST1 bit 2 */
    CJT188_STATUS_MAP_MIRRORED,    /* valve ST1 bits 7-6, battery ST1 bit 5 */
    CJT188_STATUS_MAP_HEAT,        /* battery ST1 bit 2: most heat meters have no valve */
    CJT188_STATUS_MAP_HEAT_FAULTS, /* the same, and faults in ST2 bits 0 to 3 */
    CJT188_STATUS_MAP_COUNT
};

struct cjt188_variant {
    const char *name;
    uint8_t options;          /* enum cjt188_option */
    uint8_t status_map;       /* enum cjt188_status_map */
    uint8_t heat_status_map;  /* enum cjt188_status_map, of a heat meter's 901FH */
    int8_t litre_exponent;    /* of unit 29H: -2 for 0.01 L, 0 for whole litres */
    bool is_low_first;        /* DI is sent as "1F 90" */
    uint8_t address_function; /* of A018H: 15H, or what the model understands */
    uint8_t sync_function;    /* of A016H: 16H, or what the model understands */
};

/* The table of named variants; the first is the standard. */
extern const struct cjt188_variant cjt188_variants[];

/* The standard's habits. */
static inline const struct cjt188_variant *cjt188_variant_standard(void)
{
    return &cjt188_variants[0];
}

/* What NULL stands for wherever a variant is asked. */
static inline const struct cjt188_variant *cjt188_variant_given(const struct cjt188_variant *variant)
{
    return variant != NULL ? variant : cjt188_variant_standard();
}

/* Row `index` of the table of named variants, the standard first; NULL behind the last one. */
const struct cjt188_variant *cjt188_variant_at(size_t index);

/* NULL when there is none of this name. */
const struct cjt188_variant *cjt188_variant_find(struct span name);

/* A place of the status word. */
struct cjt188_status_bits {
    uint16_t quantity;             /* enum item_quantity */
    uint8_t shift;                 /* of its lowest bit in ST1 * 256 + ST2 */
    uint8_t width;                 /* bits */
    bool is_flags;                 /* each bit speaks for itself; else the number does */
    const char *const (*words)[2]; /* by number, or by bit: English, Chinese */
};

#define CJT188_STATUS_PLACES 3 /* of a map, the end included */

/* By map; a row of width 0 ends each. */
extern const struct cjt188_status_bits cjt188_status_maps[CJT188_STATUS_MAP_COUNT][CJT188_STATUS_PLACES];

/* The words for a quantity of the status word, whatever the map; NULL when it is none. */
const struct cjt188_status_bits *cjt188_status_bits_of(uint16_t quantity);

/* Valve states as the status word numbers them. */
enum cjt188_valve_state {
    CJT188_VALVE_IS_OPEN = 0,
    CJT188_VALVE_IS_CLOSED = 1,
    CJT188_VALVE_IS_RESERVED = 2,
    CJT188_VALVE_IS_ABNORMAL = 3
};

#endif
