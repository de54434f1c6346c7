/* What the tables of this folder share: one file for each group of identifiers. */
#ifndef CODEC_DLT645_TABLE_H
#define CODEC_DLT645_TABLE_H

#include "codec/dlt645/dlt645_identifier.h"

/* Rows in ascending order of their identifiers. */
struct dlt645_table {
    const struct dlt645_row *rows;
    size_t count;
    const char *clause;
};

extern const struct dlt645_table dlt645_energy_table;          /* 00xxxxxx, with money and tiers */
extern const struct dlt645_table dlt645_demand_table;          /* 01xxxxxx */
extern const struct dlt645_table dlt645_variable_table;        /* 02xxxxxx */
extern const struct dlt645_table dlt645_event_table;           /* 03xxxxxx, with purchases */
extern const struct dlt645_table dlt645_parameter_table;       /* 04xxxxxx */
extern const struct dlt645_table dlt645_freeze_table;          /* 05xxxxxx */
extern const struct dlt645_table dlt645_load_table;            /* 06xxxxxx */
extern const struct dlt645_table dlt645_security_table;        /* 07xxxxxx, requests */
extern const struct dlt645_table dlt645_security_answer_table; /* 07xxxxxx, answers */
extern const struct dlt645_table dlt645_trip_table;            /* 1Dxxxxxx */
extern const struct dlt645_table dlt645_close_table;           /* 1Exxxxxx */
extern const struct dlt645_table dlt645_1997_table;            /* all of 1997 */

/* The record that a maker's own form of a security request has, told by its length; NULL for the standard one. */
const struct dlt645_record *dlt645_security_variant(uint32_t identifier, size_t size);

#define DLT645_COUNT_OF(list) (sizeof(list) / sizeof(list)[0])
#define DLT645_TABLE(rows, clause) \
    { \
        rows, DLT645_COUNT_OF(rows), clause \
    }
/* All fields once. */
#define DLT645_RECORD(fields) \
    { \
        fields, DLT645_COUNT_OF(fields), DLT645_COUNT_OF(fields), DLT645_AXIS_NONE \
    }
/* The fields from `from` on again and again. */
#define DLT645_LIST(fields, from, counted) \
    { \
        fields, DLT645_COUNT_OF(fields), from, DLT645_AXIS_##counted \
    }

/* Axes: kind, lowest and highest number, whether FFH asks for all. */
#define DLT645_FIXED \
    { \
        DLT645_AXIS_NONE, 0, 0, false \
    }
#define DLT645_TARIFFS \
    { \
        DLT645_AXIS_TARIFF, 0, 63, true \
    }
#define DLT645_SETTLEMENTS \
    { \
        DLT645_AXIS_STORAGE, 0, 12, true \
    }
#define DLT645_PHASES \
    { \
        DLT645_AXIS_PHASE, 1, 3, true \
    }
#define DLT645_TOTAL_AND_PHASES \
    { \
        DLT645_AXIS_PHASE, 0, 3, true \
    }
#define DLT645_LAST_TEN \
    { \
        DLT645_AXIS_STORAGE, 1, 10, true \
    }
#define DLT645_NUMBERS(low, high) \
    { \
        DLT645_AXIS_NUMBER, low, high, true \
    }

/* Fields: quantity, unit, bytes, exponent; or quantity, form, bytes. */
#define DLT645_BCD(quantity, unit, size, exponent) \
    { \
        ITEM_##quantity, ITEM_UNIT_##unit, DLT645_FORM_BCD, size, exponent, 0, 0, NULL, NULL \
    }
#define DLT645_SIGNED(quantity, unit, size, exponent) \
    { \
        ITEM_##quantity, ITEM_UNIT_##unit, DLT645_FORM_SIGNED, size, exponent, 0, 0, NULL, NULL \
    }
#define DLT645_PLAIN(quantity, form, size) \
    { \
        ITEM_##quantity, ITEM_UNIT_NONE, DLT645_FORM_##form, size, 0, 0, 0, NULL, NULL \
    }
/* All of it, with a name within a record (NULL: the quantity says it). */
#define DLT645_NAMED(quantity, unit, form, size, exponent, english, chinese) \
    { \
        ITEM_##quantity, ITEM_UNIT_##unit, DLT645_FORM_##form, size, exponent, 0, 0, english, chinese \
    }
/* For rows whose data are a record. */
#define DLT645_NO_FIELD \
    { \
        ITEM_OTHER, ITEM_UNIT_NONE, DLT645_FORM_BYTES, 0, 0, 0, 0, NULL, NULL \
    }

#endif
