/* The parameters of DL/T 645-2007 table A.5 that this meter has, kept as they stand on the wire (low byte first, BCD):
 * reading one is a copy, writing one is a check and a copy, and the journal keeps identifier and bytes. */
#ifndef METER_CORE_ELECTRICITY_ELECTRICITY_PARAMETER_H
#define METER_CORE_ELECTRICITY_ELECTRICITY_PARAMETER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

#define ELECTRICITY_ZONE_LIMIT 14     /* year zones of a set */
#define ELECTRICITY_DAY_TABLE_LIMIT 8 /* day tables of a set */
#define ELECTRICITY_SWITCH_LIMIT 14   /* switches of a day */
#define ELECTRICITY_HOLIDAY_LIMIT 16
#define ELECTRICITY_TIER_LIMIT 5 /* prices of a set; one limit less */
#define ELECTRICITY_PASSWORD_LEVELS 10
#define ELECTRICITY_SCREEN_LIMIT 12
#define ELECTRICITY_PARAMETER_SIZE_LIMIT (3 * ELECTRICITY_ZONE_LIMIT) /* bytes of the longest */

/* ERR of abnormal answers, DL/T 645-2007 */
enum electricity_refusal {
    ELECTRICITY_REFUSE_OTHER = 0x01,
    ELECTRICITY_REFUSE_NO_DATA = 0x02,
    ELECTRICITY_REFUSE_PASSWORD = 0x04,
    ELECTRICITY_REFUSE_RATE = 0x08,
    ELECTRICITY_REFUSE_ZONES = 0x10,
    ELECTRICITY_REFUSE_PERIODS = 0x20,
    ELECTRICITY_REFUSE_TARIFFS = 0x40
};

/* 04800105 */
enum electricity_metering { ELECTRICITY_SINGLE_RATE, ELECTRICITY_MULTI_RATE, ELECTRICITY_STEPS };
/* 04800106 (S1-024) */
enum electricity_payment { ELECTRICITY_POST_PAID, ELECTRICITY_PREPAID, ELECTRICITY_PUBLIC };

/* Identifiers of parameters that the code or its users name. Those from 04800101 on are this maker's own. */
enum electricity_identifier {
    ELECTRICITY_DATE = 0x04000101,
    ELECTRICITY_TIME = 0x04000102,
    ELECTRICITY_ZONE_SWITCH = 0x04000106,   /* from when the second set of year zones is in force, zeros: never */
    ELECTRICITY_PERIOD_SWITCH = 0x04000107, /* the same of the day tables */
    ELECTRICITY_PRICE_SWITCH = 0x04000108,  /* the same of the tariff prices */
    ELECTRICITY_TIER_SWITCH = 0x04000109,   /* the same of the tiers */
    ELECTRICITY_ADDRESS = 0x04000401,
    ELECTRICITY_CUSTOMER = 0x0400040e,
    ELECTRICITY_PORT_RATE = 0x04000703,
    ELECTRICITY_LOAD_INTERVAL = 0x04000a05, /* of the load record of energies: 15, 30 or 60 minutes */
    ELECTRICITY_PASSWORD = 0x04000c01,   /* of level 0; never read */
    ELECTRICITY_LOAD_LIMIT = 0x04000e01, /* NN.NNNN kW, 0 none (S1-051) */
    ELECTRICITY_ALARM_1 = 0x04001001,
    ELECTRICITY_ALARM_2 = 0x04001002,
    ELECTRICITY_OVERDRAFT = 0x04001003,
    ELECTRICITY_HOARD = 0x04001004,     /* highest balance, 0: none */
    ELECTRICITY_RECONNECT = 0x04001005, /* balance at which the relay closes after arrears */
    ELECTRICITY_ZONES = 0x04010000,     /* first set; the second 04020000 */
    ELECTRICITY_DAY_TABLE = 0x04010001, /* first of the first set; of the second 04020001 */
    ELECTRICITY_PRICE = 0x04050101,     /* tariff 1 of the first set; of the second 04050201 */
    ELECTRICITY_TIER_LIMIT_FIRST = 0x04060001,
    ELECTRICITY_TIER_PRICE_FIRST = 0x04060101,
    ELECTRICITY_SURGE_LIMIT = 0x04800101,     /* NN.NNNN kW of a sudden rise, 0 none (S1-050) */
    ELECTRICITY_MALICIOUS_LIMIT = 0x04800102, /* NN.NNNN kW of a resistive step, at least 50 W, 0 none (S1-054) */
    ELECTRICITY_TRIPS_ALLOWED = 0x04800103,   /* excesses a day after which the relay closes again (S1-053) */
    ELECTRICITY_TIER_CYCLE = 0x04800104,      /* 0: each first settlement; 1: that of January */
    ELECTRICITY_SCREENS = 0x04800107,         /* what is shown in turn, a number each (S2-062) */
    ELECTRICITY_METERING = 0x04800105,        /* enum electricity_metering (S2-065) */
    ELECTRICITY_PAYMENT = 0x04800106          /* enum electricity_payment */
};

/* Every member is the item's bytes; lists are [number][bytes]. */
struct electricity_parameters {
    uint8_t switches[4][5];        /* 04000106 to 09: mm hh DD MM YY */
    uint8_t zone_count[1];         /* 04000201 */
    uint8_t day_table_count[1];    /* 04000202 */
    uint8_t switch_count[1];       /* 04000203 */
    uint8_t tariff_count[1];       /* 04000204 */
    uint8_t holiday_count[2];      /* 04000205 */
    uint8_t tier_count[1];         /* 04000207 */
    uint8_t address[6];            /* 04000401 */
    uint8_t meter_number[6];       /* 04000402 */
    uint8_t asset_code[32];        /* 04000403 */
    uint8_t rated_voltage[6];      /* 04000404 */
    uint8_t rated_current[6];      /* 04000405 */
    uint8_t maximum_current[6];    /* 04000406 */
    uint8_t pulse_constant[3];     /* 04000409 */
    uint8_t model[10];             /* 0400040B */
    uint8_t production_date[10];   /* 0400040C */
    uint8_t protocol_version[16];  /* 0400040D */
    uint8_t customer_number[6];    /* 0400040E */
    uint8_t combination[1];        /* 04000601 */
    uint8_t port_rate[1];          /* 04000703 */
    uint8_t weekend_days[1];       /* 04000801: bit 0 Sunday to bit 6 Saturday; 0 at rest, 1 at work */
    uint8_t weekend_table[1];      /* 04000802 */
    uint8_t load_interval[2];      /* 04000A05: minutes */
    uint8_t settlement_days[3][2]; /* 04000B01 to 03: hh DD; 99 99 unused */
    uint8_t passwords[ELECTRICITY_PASSWORD_LEVELS][3];                                /* 04000C01 to 0A */
    uint8_t load_limit[3];                                                            /* 04000E01 */
    uint8_t credit_limits[5][4];                                                      /* 04001001 to 05 */
    uint8_t zones[2][ELECTRICITY_ZONE_LIMIT * 3];                                     /* 04010000, 04020000: NN DD MM */
    uint8_t day_tables[2][ELECTRICITY_DAY_TABLE_LIMIT][ELECTRICITY_SWITCH_LIMIT * 3]; /* 0401000n: NN mm hh */
    uint8_t holidays[ELECTRICITY_HOLIDAY_LIMIT][4];                                   /* 040300nn: NN DD MM YY */
    uint8_t prices[2][4][4];                               /* 040501nn, 040502nn: 0.0001 yuan a kWh */
    uint8_t tier_limits[2][ELECTRICITY_TIER_LIMIT - 1][4]; /* 040600nn, 040602nn: 0.01 kWh */
    uint8_t tier_prices[2][ELECTRICITY_TIER_LIMIT][4];     /* 040601nn, 040603nn */
    uint8_t software_version[32];                          /* 04800001 */
    uint8_t surge_limit[3];                                /* 04800101 */
    uint8_t malicious_limit[3];                            /* 04800102 */
    uint8_t trips_allowed[1];                              /* 04800103 */
    uint8_t tier_cycle[1];                                 /* 04800104 */
    uint8_t metering[1];                                   /* 04800105 */
    uint8_t payment[1];                                    /* 04800106 */
    uint8_t screens[ELECTRICITY_SCREEN_LIMIT];             /* 04800107: numbers of screens, 0 none; all 0: every one */
};

/* A row of the table: `count` items with identifiers one after the other. */
struct electricity_parameter_row {
    uint32_t identifier;
    uint16_t offset; /* in struct electricity_parameters */
    uint8_t count;
    uint8_t size;   /* bytes of one item, of a list the longest */
    uint8_t unit;   /* bytes of a list's member; `size` for all others */
    uint8_t level;  /* lowest password level that may write; ELECTRICITY_NEVER_WRITTEN */
    bool is_secret; /* never read */
    /* ERR that stands against these bytes; 0 none. NULL: any BCD */
    uint8_t (*check)(struct span bytes);
};

#define ELECTRICITY_NEVER_WRITTEN 0xff

/* Where an identifier is kept.
 * index    of the item within the row
 * returns  NULL when the meter has no such parameter */
const struct electricity_parameter_row *electricity_parameter_find(uint32_t identifier, unsigned *index);

/* Row `n` of the table; NULL behind the last. */
const struct electricity_parameter_row *electricity_parameter_at(size_t n);

/* The bytes of item `index` of a row. */
struct span electricity_parameter_bytes(const struct electricity_parameters *parameters,
                                        const struct electricity_parameter_row *row, unsigned index);

/* Write one as a master would, whatever the level: a list may be shorter than its limit, its last member then stands
 * for the rest.
 * returns  0; ELECTRICITY_REFUSE_* (nothing written): unknown, of another size, or not sensible */
uint8_t electricity_parameter_set(struct electricity_parameters *parameters, uint32_t identifier, struct span bytes);

/* The same for one that is a number, by the digits it shows: 5000 for 0.5000 yuan.
 * returns  as above; ELECTRICITY_REFUSE_OTHER when it has too many digits */
uint8_t electricity_parameter_set_number(struct electricity_parameters *parameters, uint32_t identifier,
                                         uint64_t number);

/* The number that bytes of BCD are; 0 for none. */
uint32_t electricity_number(const uint8_t *bytes, size_t size);

#endif
