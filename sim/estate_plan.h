/* Places whose meters hang on lines, on paper: an estate in which every household has four meters (electricity, cold
 * water, gas, heat) behind one concentrator a building, and a plaza of shops on current transformers with air-conditioning
 * sub-meters. From one seed; what a meter shows at any moment is a formula of the plan, so the past, the running town
 * and whoever checks agree without a memory.
 *
 * Supply meters stand before each building's transformer area and before the plaza: what they count is the sum of the
 * meters behind them and a loss, one building's too large to be the wires'. */
#ifndef SIM_ESTATE_PLAN_H
#define SIM_ESTATE_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ESTATE_HOUSEHOLDS_DEFAULT 2000
#define ESTATE_HOUSEHOLDS_LIMIT 200000
#define ESTATE_HOUSEHOLDS_A_BUILDING 100
#define ESTATE_SHOPS 120
#define ESTATE_AIR_CONDITIONERS 60 /* of them have a sub-meter of their own */
#define ESTATE_LOSS_PERMILLE 32    /* of what a building is supplied with */
#define ESTATE_THEFT_PERMILLE 118  /* in building ESTATE_THEFT_BUILDING */
#define ESTATE_THEFT_BUILDING 7

enum estate_use {
    ESTATE_HOUSEHOLD_ELECTRICITY,
    ESTATE_HOUSEHOLD_WATER,
    ESTATE_HOUSEHOLD_GAS,
    ESTATE_HOUSEHOLD_HEAT,
    ESTATE_SHOP_ELECTRICITY,
    ESTATE_SHOP_AIR_CONDITIONING,
    ESTATE_SUPPLY, /* electricity before a building or the plaza */
    ESTATE_USE_COUNT
};

/* One meter on a line. */
struct estate_meter {
    uint64_t address;           /* twelve digits, as printed on it; different for every meter of the plan */
    uint32_t number;            /* index in the plan: its chance */
    uint32_t concentrator;      /* index of the concentrator it hangs on */
    uint32_t home;              /* household or shop, counted through the plan; of supply: 0 */
    uint16_t measurement_point; /* 1 to 500 at its concentrator */
    uint16_t building;          /* from 1; 0: the plaza */
    uint16_t ct_primary_a;      /* 0: connected directly */
    uint16_t ct_secondary_a;
    uint8_t kind;  /* enum device_kind */
    uint8_t use;   /* enum estate_use */
    uint8_t port;  /* of the concentrator: 2 electricity, 3 the others */
    char room[24]; /* "1204"; "2F-07" */
};

struct estate_concentrator {
    uint32_t meter_first; /* its meters are a run of the plan's */
    uint32_t meter_count; /* at most 500 */
    uint16_t building;    /* 0: the plaza */
    uint32_t terminal;    /* number of the terminal, five digits, in region ESTATE_REGION */
};

#define ESTATE_REGION "4403"

struct estate_plan {
    uint64_t seed;
    struct estate_meter *meters;
    size_t meter_count;
    struct estate_concentrator *concentrators;
    size_t concentrator_count;
    uint32_t buildings;
    uint32_t households;
};

/* households  1 to ESTATE_HOUSEHOLDS_LIMIT; 0: ESTATE_HOUSEHOLDS_DEFAULT
 * has_plaza   the plaza too, as the last concentrator
 * returns     0 with a plan to be closed; -1 no memory, or a number outside its bounds */
int estate_plan_open(struct estate_plan *plan, uint64_t seed, uint32_t households, bool has_plaza);

/* Accepts one that never opened but is zero. */
void estate_plan_close(struct estate_plan *plan);

/* The meter with this address; NULL outside the plan. */
const struct estate_meter *estate_plan_meter(const struct estate_plan *plan, uint64_t address);

/* What the meter's dial shows at a moment: mWh (secondary, for a meter on transformers), ml or J; on the steps of its
 * last decimal. Never less later.
 * time_s  s since 1970 UTC */
int64_t estate_meter_register(const struct estate_plan *plan, const struct estate_meter *meter, int64_t time_s);

/* The same of what flows now: active power in mW, water and gas in ml/h, heat in mW. */
int64_t estate_meter_flow(const struct estate_plan *plan, const struct estate_meter *meter, int64_t time_s);

/* Of the one tariff register (1 sharp, 2 peak, 3 flat, 4 valley) of an electricity meter; their sum is the register. */
int64_t estate_meter_tariff_register(const struct estate_plan *plan, const struct estate_meter *meter, unsigned tariff,
                                     int64_t time_s);

/* Thousandths: 1,000 for a meter connected directly. */
int32_t estate_meter_multiplier_e3(const struct estate_meter *meter);

/* "鹭湾家园", "鹭湾广场 (电)"; the building's "7栋" is written by the caller. */
const char *estate_name(bool is_plaza);

#endif
