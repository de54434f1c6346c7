/* What settlement needs beside a meter's main register: registers by period of the day, demand, reactive energy, and what
 * an account is charged by besides its use. store/sql/measure_sql.h implements it.
 *
 * Functions answer as those of billing_store.h. Values are what flows, transformers counted in. */
#ifndef BILLING_MEASURE_STORE_H
#define BILLING_MEASURE_STORE_H

#include <stdint.h>

/* One row of table account_measure; 0: none. */
struct billing_measures {
    int64_t area_e4;            /* m2 that are heated or served */
    int64_t capacity_e4;        /* kVA of its transformers */
    int64_t contract_demand_e4; /* kW agreed upon: at least they are charged */
};

/* A register of a device: quantity of base/quantity.h, number 0 for the total. */
struct billing_register {
    uint32_t device_id;
    uint16_t quantity;
    uint8_t number;
};

struct billing_measure_store {
    void *context;

    /* *out is all 0 for an account without a row. */
    int (*measures_read)(void *context, int64_t account_id, struct billing_measures *out);
    int (*measures_write)(void *context, int64_t account_id, const struct billing_measures *row);
    /* Latched at a midnight: 1 and *value; 0 none. */
    int (*midnight_read)(void *context, const struct billing_register *from, int64_t time_s, int64_t *value);
    /* The first and the last value of [from_s, to_s]: 1; 0 none. */
    int (*span_read)(void *context, const struct billing_register *from, int64_t from_s, int64_t to_s, int64_t *first,
                     int64_t *last);
    /* The largest value after from_s, up to to_s: 1; 0 none. */
    int (*largest_read)(void *context, const struct billing_register *from, int64_t from_s, int64_t to_s,
                        int64_t *value);
    /* The device that stood in this one's place before: 1; 0 none. */
    int (*device_before)(void *context, uint32_t device_id, uint32_t *before);
};

#endif
