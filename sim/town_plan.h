/* The town on paper: places, meters, customers, habits and flaws, all from one seed.
 *
 * A campus of 1,096 points in four buildings (A5 370, A6 210, B 180, art academy's new dormitory 336) and a water
 * company's district of 5,000 households and shops: 6,096 meters by default, fewer or more on request. Nothing here
 * knows a server; whoever uses the plan brings it into an archive. */
#ifndef SIM_TOWN_PLAN_H
#define SIM_TOWN_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/network.h"
#include "sim/town_names.h"
#include "sim/usage.h"

#define TOWN_METERS_DEFAULT 6096
#define TOWN_METERS_LIMIT 100000
#define TOWN_NONE UINT32_MAX
#define TOWN_ZONE_OFFSET_S 28800

enum town_area_kind { TOWN_DISTRICT, TOWN_ESTATE, TOWN_BUILDING };

/* Parents come before their children. */
struct town_area {
    uint32_t parent;           /* index; TOWN_NONE: the company itself */
    uint8_t kind;              /* enum town_area_kind */
    char name[64];
};

enum town_payment { TOWN_POSTPAID, TOWN_PREPAID_PLATFORM, TOWN_PREPAID_METER };

enum town_habit {
    TOWN_PAYS_PROMPTLY,   /* at the first reminder */
    TOWN_PAYS_LATE,       /* when warned */
    TOWN_PAYS_VERY_LATE,  /* when the supply is cut */
    TOWN_FORGETS,         /* days after that */
    TOWN_PAYS_NEVER,      /* protected: may not be cut off */
    TOWN_HABIT_COUNT
};

enum town_flaw {
    TOWN_SOUND,
    TOWN_LEAK,            /* a toilet that loses 6 L/h */
    TOWN_BATTERY_LOW,     /* below its limit: an alarm */
    TOWN_BATTERY_DEAD,    /* silent for good */
    TOWN_CLOCK_WRONG,     /* 11 hours fast */
    TOWN_REVERSED,        /* counts backwards */
    TOWN_VALVE_STUCK,     /* does not close */
    TOWN_MAGNET,          /* somebody put a magnet there */
    TOWN_FLAW_COUNT
};

/* Water is paid for; the prices of the other utilities are there to be looked at and tried. */
enum town_tariff {
    TOWN_TARIFF_HOUSEHOLD,
    TOWN_TARIFF_CAMPUS,
    TOWN_TARIFF_SHOP,
    TOWN_TARIFF_ELECTRICITY,
    TOWN_TARIFF_GAS,
    TOWN_TARIFF_HEAT,
    TOWN_TARIFF_COUNT
};

struct town_home {
    uint64_t imei;             /* 15 digits, check digit right */
    uint32_t building;         /* index of its area */
    char meter_number[16];     /* 12 digits */
    char imei_text[16];
    char room[24];
    char customer_number[16];
    char phone[TOWN_PHONE_LIMIT];
    struct town_name customer;
    struct usage_home usage;
    int64_t start_register_ml; /* at the beginning of the history; whole litres */
    int64_t opening_fen;       /* paid in when the account is opened; 0 post-paid */
    int32_t report_period_s;
    int32_t report_time_s;     /* after local midnight */
    int32_t flow_limit_ml_per_h;
    uint16_t size_dn_mm;
    uint8_t persons;
    uint8_t payment;           /* enum town_payment */
    uint8_t habit;             /* enum town_habit */
    uint8_t flaw;              /* enum town_flaw */
    uint8_t coverage;          /* enum coverage */
    uint8_t tariff;            /* enum town_tariff */
    uint8_t maker;             /* index for town_maker_name */
    bool secured;              /* speaks DTLS */
    bool is_protected;
};

struct town_plan_config {
    uint64_t seed;
    uint32_t meters;           /* 1 to TOWN_METERS_LIMIT; 0: TOWN_METERS_DEFAULT */
    uint32_t secured_permille; /* share that speaks DTLS */
};

struct town_plan {
    struct town_plan_config config;
    struct town_area *areas;
    size_t area_count;
    struct town_home *homes;
    size_t home_count;
    uint32_t story;            /* the home of 陈佳怡, 榕荫花园 3栋 1204 */
};

/* returns  0 with a plan to be closed; -1 no memory, or a number of meters outside its bounds */
int town_plan_open(struct town_plan *plan, const struct town_plan_config *config);

/* Accepts one that never opened but is zero. */
void town_plan_close(struct town_plan *plan);

const char *town_maker_name(unsigned maker);
const char *town_tariff_name(enum town_tariff tariff);
const char *town_tariff_utility(enum town_tariff tariff);

/* The tariff as a JSON document. */
const char *town_tariff_document(enum town_tariff tariff);

/* "postpaid", "prepaid_platform", "prepaid_meter" */
const char *town_payment_name(enum town_payment payment);

/* The register at local midnight of `day` when the history began at `first_day`: whole litres, as meters freeze it. */
int64_t town_register_ml(const struct town_home *home, int64_t first_day, int64_t day);

#endif
