/* Values as PostgreSQL sends them in binary, and as the program wants them. */
#ifndef STORE_POSTGRES_POSTGRES_VALUE_H
#define STORE_POSTGRES_POSTGRES_VALUE_H

#include "store/statement.h"

/* Numbers of types (src/include/catalog/pg_type.dat of PostgreSQL); they never change. */
enum postgres_type {
    POSTGRES_BOOL = 16,
    POSTGRES_BYTEA = 17,
    POSTGRES_NAME = 19,
    POSTGRES_INT8 = 20,
    POSTGRES_INT2 = 21,
    POSTGRES_INT4 = 23,
    POSTGRES_TEXT = 25,
    POSTGRES_JSON = 114,
    POSTGRES_FLOAT8 = 701,
    POSTGRES_UNKNOWN = 705,
    POSTGRES_BPCHAR = 1042,
    POSTGRES_VARCHAR = 1043,
    POSTGRES_NUMERIC = 1700,
    POSTGRES_VOID = 2278
};

/* One value; size is -1 for NULL. The bytes are followed by a zero that is none of them. */
struct postgres_value {
    const uint8_t *bytes;
    int size;
    unsigned type;
};

/* Whether the functions below understand the type. */
bool postgres_type_known(unsigned type);

enum statement_type postgres_value_type(const struct postgres_value *value);

/* 0 for NULL and for a text that begins with no number; a fraction is cut off. */
int64_t postgres_value_integer(const struct postgres_value *value);

/* Big-endian, as everything of PostgreSQL. */
void postgres_put32(uint8_t *to, uint32_t value);
void postgres_put64(uint8_t *to, uint64_t value);

#endif
