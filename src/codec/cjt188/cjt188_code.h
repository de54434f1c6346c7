/* The words of CJ/T 188 for its codes: meter types, functions, valve commands. */
#ifndef CODEC_CJT188_CODE_H
#define CODEC_CJT188_CODE_H

#include "base/span.h"
#include "codec/item/item_quantity.h"

/* What a meter of a range of types counts: bits, for layouts that serve several. */
enum cjt188_class_bit {
    CJT188_CLASS_WATER = 1,
    CJT188_CLASS_HEAT = 2,
    CJT188_CLASS_GAS = 4,
    CJT188_CLASS_ELECTRICITY = 8,
    CJT188_CLASS_ANY = 15
};

/* A range of meter types T. What the standard leaves to the type (which quantity, which price unit) stands here. */
struct cjt188_type {
    uint8_t first;
    uint8_t last;
    uint8_t classes;     /* enum cjt188_class_bit; CJT188_CLASS_ANY when the type does not tell */
    uint8_t price_unit;  /* enum item_unit */
    uint8_t tier_unit;   /* enum item_unit, of the limits in a price table */
    uint16_t cumulative; /* enum item_quantity of the reading */
    uint16_t energy;     /* enum item_quantity of the energies of a heat meter */
    const char *english;
    const char *chinese; /* UTF-8 */
};

/* Types of the standard are 10H to 39H; 40H to 49H are the user's. */
#define CJT188_TYPE_FIRST 0x10
#define CJT188_TYPE_STANDARD_LAST 0x39
#define CJT188_TYPE_LAST 0x49

/* Never NULL: a type that no range holds gets a row of its own that says so.
 * source  CJ/T 188-2004 and 2018, meter types; 14H to 19H, 23H to 29H and 31H to 39H are used by makers */
const struct cjt188_type *cjt188_type_find(uint8_t meter_type);

/* Bits of the control byte. */
#define CJT188_FROM_METER 0x80 /* D7 */
#define CJT188_ABNORMAL 0x40   /* D6 */
#define CJT188_FUNCTION_MASK 0x3f

/* A function: D5 to D0 of the control byte. */
struct cjt188_function {
    uint8_t code;
    const char *english;
    const char *chinese;        /* UTF-8 */
    const char *english_remark; /* "" or what is to be known about it */
    const char *chinese_remark;
};

/* Functions whose codes a program needs to know. */
enum cjt188_function_code {
    CJT188_READ_DATA = 0x01,
    CJT188_READ_ADDRESS = 0x03,
    CJT188_WRITE_DATA = 0x04,
    CJT188_WRITE_ADDRESS_VENDOR = 0x05,
    CJT188_READ_KEY_VERSION = 0x09,
    CJT188_WRITE_ADDRESS = 0x15,
    CJT188_WRITE_SYNC = 0x16,
    CJT188_VENDOR_UPLOAD = 0x21,
    CJT188_VENDOR_VALVE_RESULT = 0x2a
};

/* Never NULL: codes 1xxxxx belong to makers, the rest is reserved, and each gets a row that says so. */
const struct cjt188_function *cjt188_function_find(uint8_t control);

/* Commands of A017H. Free ones (66H, 77H) move the valve without changing the account; 00H asks for its state. */
enum cjt188_valve_command {
    CJT188_VALVE_QUERY = 0x00, /* maker's */
    CJT188_VALVE_OPEN = 0x55,
    CJT188_VALVE_FREE_OPEN = 0x66,  /* maker's */
    CJT188_VALVE_FREE_CLOSE = 0x77, /* maker's */
    CJT188_VALVE_CLOSE = 0x99
};

/* Words for a valve command; never NULL. "vendor" leads those that are not in the standard. */
const char *cjt188_valve_command_text(uint8_t command, bool is_chinese);

#endif
