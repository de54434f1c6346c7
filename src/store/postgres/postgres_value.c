#include "store/postgres/postgres_value.h"

#include <stdlib.h>
#include <string.h>

#define NUMERIC_HEADER 8       /* digits, weight, sign, scale: 16 bits each */
#define NUMERIC_BASE 10000     /* of one digit */
#define NUMERIC_NEGATIVE 0x4000

struct type_row {
    unsigned type;
    enum statement_type is;
};

static const struct type_row type_rows[] = {
    { POSTGRES_INT8, STATEMENT_INTEGER },    { POSTGRES_TEXT, STATEMENT_TEXT },    { POSTGRES_BYTEA, STATEMENT_BYTES },
    { POSTGRES_INT4, STATEMENT_INTEGER },    { POSTGRES_INT2, STATEMENT_INTEGER }, { POSTGRES_BOOL, STATEMENT_INTEGER },
    { POSTGRES_NUMERIC, STATEMENT_INTEGER }, { POSTGRES_NAME, STATEMENT_TEXT },    { POSTGRES_VARCHAR, STATEMENT_TEXT },
    { POSTGRES_BPCHAR, STATEMENT_TEXT },     { POSTGRES_UNKNOWN, STATEMENT_TEXT }, { POSTGRES_JSON, STATEMENT_TEXT },
    { POSTGRES_VOID, STATEMENT_TEXT },       { POSTGRES_FLOAT8, STATEMENT_INTEGER },
};

static const struct type_row *type_find(unsigned type)
{
    for (size_t i = 0; i < sizeof type_rows / sizeof type_rows[0]; i++)
        if (type_rows[i].type == type)
            return &type_rows[i];
    return NULL;
}

bool postgres_type_known(unsigned type)
{
    return type_find(type) != NULL;
}

enum statement_type postgres_value_type(const struct postgres_value *value)
{
    const struct type_row *row = type_find(value->type);

    return value->size < 0 || row == NULL ? STATEMENT_NULL : row->is;
}

static uint64_t big_endian(const uint8_t *bytes, int size)
{
    uint64_t value = 0;

    for (int i = 0; i < size; i++)
        value = value << 8 | bytes[i];
    return value;
}

/* The whole part of a numeric: digits of base 10,000, the first worth 10,000 to the power of `weight`. */
static int64_t numeric_integer(const struct postgres_value *value)
{
    if (value->size < NUMERIC_HEADER)
        return 0;
    int count = (int)big_endian(value->bytes, 2);
    int weight = (int16_t)big_endian(value->bytes + 2, 2);
    bool negative = big_endian(value->bytes + 4, 2) == NUMERIC_NEGATIVE;
    uint64_t whole = 0;

    for (int i = 0; i <= weight; i++) {
        bool is_there = i < count && NUMERIC_HEADER + 2 * i + 2 <= value->size;
        whole = whole * NUMERIC_BASE + (is_there ? big_endian(value->bytes + NUMERIC_HEADER + 2 * i, 2) : 0);
    }
    return (int64_t)(negative ? 0 - whole : whole);
}

static int64_t float_integer(const struct postgres_value *value)
{
    uint64_t bits = big_endian(value->bytes, 8);
    double number;

    memcpy(&number, &bits, sizeof number);
    return (int64_t)number;
}

int64_t postgres_value_integer(const struct postgres_value *value)
{
    if (value->size < 0)
        return 0;
    switch (value->type) {
    case POSTGRES_INT8:
        return (int64_t)big_endian(value->bytes, 8);
    case POSTGRES_INT4:
        return (int32_t)big_endian(value->bytes, 4);
    case POSTGRES_INT2:
        return (int16_t)big_endian(value->bytes, 2);
    case POSTGRES_BOOL:
        return value->bytes[0];
    case POSTGRES_NUMERIC:
        return numeric_integer(value);
    case POSTGRES_FLOAT8:
        return float_integer(value);
    default:
        return strtoll((const char *)value->bytes, NULL, 10);
    }
}

void postgres_put32(uint8_t *to, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        to[i] = (uint8_t)(value >> (24 - 8 * i));
}

void postgres_put64(uint8_t *to, uint64_t value)
{
    postgres_put32(to, (uint32_t)(value >> 32));
    postgres_put32(to + 4, (uint32_t)value);
}
