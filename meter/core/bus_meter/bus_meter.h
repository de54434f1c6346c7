/* A meter that waits on a bus to be asked: water, hot water, drinking water, gas, heat and cold, in CJ/T 188
 * (户用计量仪表) and as wired M-Bus slave (EN 13757-2 and -3). One core, kinds by table.
 *
 * It never speaks first, answers nobody else's frames, and tells no register that the next restart would not find.
 * Not thread-safe; all memory is in struct bus_meter, the flash and the valve's motor come through struct meter_hal
 * (its clock, sensors and radio are not used). */
#ifndef METER_CORE_BUS_METER_H
#define METER_CORE_BUS_METER_H

#include "base/span.h"
#include "codec/cjt188/cjt188_frame.h"
#include "codec/cjt188/cjt188_variant.h"
#include "codec/wmbus/wmbus_address.h"
#include "meter/core/meter_journal.h"
#include "meter/core/meter_valve.h"
#include "meter/hal.h"

enum bus_meter_kind {
    BUS_METER_COLD_WATER,     /* T 10H, medium 16H */
    BUS_METER_HOT_WATER,      /* T 11H, medium 15H */
    BUS_METER_DRINKING_WATER, /* T 12H, medium 07H */
    BUS_METER_HEAT,           /* T 20H, medium 04H */
    BUS_METER_COLD,           /* T 21H, cooling energy, medium 0AH */
    BUS_METER_GAS,            /* T 30H, medium 03H */
    BUS_METER_KIND_COUNT
};

/* Set of what it understands on its bus. */
enum bus_meter_protocol { BUS_METER_CJT188 = 1, BUS_METER_MBUS = 2 };

#define BUS_METER_HISTORY_LIMIT 12 /* settlement days kept: D120H to D12BH */
#define BUS_METER_DAY_LAST 99      /* as settlement or reading day: the last of the month */
#define BUS_METER_KEY_SIZE 8
#define BUS_METER_ANSWER_LIMIT 320 /* more than any answer, wake-up bytes included */
#define BUS_METER_PREAMBLE_LIMIT 16
#define BUS_METER_VOLUME_LIMIT_ML INT64_C(1000000000000) /* the dial turns over at 999,999.99 m3 */
#define BUS_METER_ENERGY_LIMIT_WH INT64_C(1000000000)    /* at 999,999.99 kWh */

#define BUS_METER_ERRORS(ROW) \
    ROW(BUS_METER_ERR_CONFIG, -1, "the configuration or the flash geometry is outside its bounds") \
    ROW(BUS_METER_ERR_FLASH, -2, "the flash does not keep what is written")

#define BUS_METER_ERROR_ENUM(name, value, text) name = (value),
enum bus_meter_error { BUS_METER_ERRORS(BUS_METER_ERROR_ENUM) };
#undef BUS_METER_ERROR_ENUM

/* As it leaves the factory; what is marked (*) may be changed over the bus and is then found in flash. */
struct bus_meter_config {
    uint8_t kind;                         /* enum bus_meter_kind */
    uint8_t protocols;                    /* set of enum bus_meter_protocol */
    uint8_t address[CJT188_ADDRESS_SIZE]; /* (*) A0 to A6, as on the wire */
    const struct cjt188_variant *variant; /* the model's habits; NULL the standard's. Lives as long as the meter */
    bool any_order;                       /* understands the identifier in either order and answers in the same;
                                              else only in the variant's order, and is silent to the other */
    uint8_t preamble_size;                /* FEH before answers, up to BUS_METER_PREAMBLE_LIMIT */
    struct wmbus_address identity;        /* (*, the number) secondary address; its medium is the kind's */
    uint8_t primary;                      /* (*) M-Bus primary address, 0 to 250 */
    bool has_valve;
    bool prepaid;            /* takes A013H and charges by A010H; of volume meters only */
    int32_t zone_offset_s;   /* of its clock, east of UTC */
    int64_t start_volume_ml; /* registers at the factory's test bench */
    int64_t start_energy_wh;
    int32_t commit_ml; /* register written at least each so much, */
    int32_t commit_wh; /* which is what a power cut may cost */
};

/* What the sensors say now; the caller's, copied. */
struct bus_meter_sensors {
    int32_t flow_l_h;
    int32_t power_w;
    int16_t supply_centi_c; /* 0.01 degree Celsius */
    int16_t return_centi_c;
    bool battery_low;
    uint8_t faults; /* ST2 of a heat meter: 1 calculator, 2 supply, 4 return, 8 flow sensor */
};

/* What changes as the meter works. Written as one record. */
struct bus_meter_state {
    int64_t volume_ml;
    int64_t energy_wh;
    int64_t clock_offset_s; /* its clock runs ahead of now_s by this */
    int64_t cycle_ml;       /* since the settlement day, for the price steps */
    int64_t balance_fen;    /* may be negative */
    int64_t purchased_fen;  /* all purchases, modulo 1,000,000 yuan */
    uint32_t charge_rest;   /* 1e-10 yuan below one fen */
    uint32_t operating_s;
    uint32_t purchase_fen;   /* the last purchase */
    int32_t settled_day;     /* newest settlement day that passed, since 1970 */
    uint8_t purchase_number; /* of the last purchase */
    bool has_purchase;
    bool closed_by_command;
    bool closed_by_arrears;
};

/* What is set over the bus. Written as one record. */
struct bus_meter_settings {
    uint8_t address[CJT188_ADDRESS_SIZE];
    uint8_t number[4]; /* M-Bus identification number, BCD, low pair first */
    uint8_t primary;
    uint8_t settlement_day; /* 1 to 31, BUS_METER_DAY_LAST */
    uint8_t reading_day;
    uint8_t price_start_day;
    uint8_t key_version;
    bool is_enabled;         /* A019H was heard */
    uint32_t price_fen[3];   /* of a unit */
    uint32_t price_limit[2]; /* units up to which the first and second hold; 0: for ever */
    uint8_t key[BUS_METER_KEY_SIZE];
};

struct bus_meter_settlement {
    uint16_t day;  /* since 1970; 0 none */
    int64_t value; /* ml, or Wh of heat and cold */
};

/* Where the M-Bus conversation stands; gone with the power. */
struct bus_meter_link {
    bool is_selected;
    bool has_fcb[2]; /* by primary and by secondary address */
    bool fcb[2];
    bool is_first;    /* next REQ_UD2 begins a readout */
    bool wants_all;   /* global readout: the history follows in a second telegram */
    uint8_t telegram; /* 0 or 1: the last one told */
    uint8_t access_number;
    uint8_t error;      /* application error to tell with the next REQ_UD2; FFH none */
    uint8_t told_error; /* the same, of the last answer */
};

struct bus_meter {
    const struct meter_hal *hal;
    struct bus_meter_config config;
    struct bus_meter_state state;
    struct bus_meter_settings settings;
    struct bus_meter_settlement history[BUS_METER_HISTORY_LIMIT]; /* newest first */
    struct bus_meter_sensors sensors;
    struct bus_meter_link link;
    struct meter_journal journal;
    struct meter_valve valve;
    int64_t now_s;
    int64_t stored_s;  /* time of the last state record */
    int64_t stored_ml; /* registers in flash */
    int64_t stored_wh;
    bool is_dirty; /* state is not what flash holds */
    bool flash_failed;
};

/* A water meter that speaks both protocols, China's zone, valve, settlement on the 1st; address and number 0. */
struct bus_meter_config bus_meter_config_default(enum bus_meter_kind kind);

/* Power up: from flash when there is a journal, else as the configuration says.
 * hal      flash and, with a valve, valve_drive and valve_sense; lives as long as the meter
 * now_s    a clock that runs on without power, s since 1970 UTC, above 0
 * returns  0; BUS_METER_ERR_CONFIG; BUS_METER_ERR_FLASH: it works, but keeps nothing and refuses what must be kept */
int bus_meter_open(struct bus_meter *meter, const struct meter_hal *hal, const struct bus_meter_config *config,
                   int64_t now_s);

/* Do all that is due: settlement day, operating time, valve, writing. Call it at least once a minute, and once a
 * second while the valve moves.
 * now_s    not before the last one */
void bus_meter_step(struct bus_meter *meter, int64_t now_s);

/* So much went through since the last call. The dial turns over at its limit; a closed valve is not looked at.
 * volume_ml  0 to METER_CREDIT_VOLUME_LIMIT_ML
 * energy_wh  of heat and cold; 0 else */
void bus_meter_flow(struct bus_meter *meter, int64_t volume_ml, int64_t energy_wh);

void bus_meter_sense(struct bus_meter *meter, const struct bus_meter_sensors *sensors);

/* One burst from the bus in, the answer out. Wake-up bytes and other bytes around the frame are passed over.
 * answer   BUS_METER_ANSWER_LIMIT bytes are enough
 * returns  size of the answer; 0 for silence: not a frame, not for this meter, a broadcast, no room */
size_t bus_meter_receive(struct bus_meter *meter, struct span frame, uint8_t *answer, size_t limit);

/* Its clock, s since 1970 UTC. */
int64_t bus_meter_clock_s(const struct bus_meter *meter);

/* The register it bills by: ml, or Wh of heat and cold. */
int64_t bus_meter_register(const struct bus_meter *meter);

/* T of CJ/T 188. */
uint8_t bus_meter_type(enum bus_meter_kind kind);

#endif
