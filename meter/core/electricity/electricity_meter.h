/* A single-phase prepaid electricity meter after DL/T 645-2007: it integrates energy, holds money, turns the relay,
 * freezes registers, limits loads, remembers events and answers its line.
 *
 * No heap, no operating system, no floating point, no recursion. The owner provides the memory (struct
 * electricity_meter), the outside (struct electricity_hal) and the time: `now_ms` is a steady count of milliseconds
 * that never goes back; the calendar comes from hal->clock_read_s. All functions of one meter are called from one
 * thread.
 *
 * Between two samples the power stays what the last one said. Who steps late loses nothing: the time passed is walked
 * from one boundary (period switch, midnight, settlement, quarter of an hour) to the next. Only load limits need
 * samples and steps as often as the meter shall react: once a second. */
#ifndef METER_CORE_ELECTRICITY_ELECTRICITY_METER_H
#define METER_CORE_ELECTRICITY_ELECTRICITY_METER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "codec/dlt645/dlt645_frame.h"
#include "meter/core/electricity/electricity_event.h"
#include "meter/core/electricity/electricity_freeze.h"
#include "meter/core/electricity/electricity_hal.h"
#include "meter/core/electricity/electricity_parameter.h"
#include "meter/core/meter_journal.h"

#define ELECTRICITY_SECTOR_SMALLEST 16384 /* bytes of a flash sector: all that is true takes up to 12,400 */
#define ELECTRICITY_ANSWER_LIMIT DLT645_FRAME_SIZE_MAX /* bytes that electricity_meter_receive() may write */
#define ELECTRICITY_VALUE_LIMIT 320                    /* bytes of the longest item, sent in several frames */
#define ELECTRICITY_GRAINS_PER_CENT INT64_C(100000000) /* a grain is 1e-10 yuan, or 1e-10 kWh of credit */
#define ELECTRICITY_POWER_LIMIT_MW 1000000000          /* samples beyond count as that */
#define ELECTRICITY_BALANCE_LIMIT_CENT 99999999        /* what 00900200 can say, on both sides of zero */
#define ELECTRICITY_START_LIMIT_MWH INT64_C(999999999999)
#define ELECTRICITY_SAMPLE_HISTORY 4

#define ELECTRICITY_ERRORS(ROW) \
    ROW(ELECTRICITY_ERR_CONFIG, -1, "the configuration or the flash geometry is outside its bounds") \
    ROW(ELECTRICITY_ERR_FLASH, -2, "the flash does not take or give back records")

#define ELECTRICITY_ERROR_ENUM(name, value, text) name = (value),
enum electricity_error { ELECTRICITY_ERRORS(ELECTRICITY_ERROR_ENUM) };
#undef ELECTRICITY_ERROR_ENUM

/* English text for one of ELECTRICITY_ERR_*; "unknown error" for any other number. */
const char *electricity_error_text(int error);

/* What the credit counts: money is charged by prices, energy one for one. */
enum electricity_credit { ELECTRICITY_CREDIT_MONEY, ELECTRICITY_CREDIT_ENERGY };

/* What the factory fixes. */
struct electricity_config {
    struct electricity_parameters parameters; /* until a master writes others; the address is among them */
    uint8_t recharge_key[CIPHER_BLOCK_SIZE];  /* of this meter alone */
    int32_t zone_offset_s;                    /* local time east of UTC */
    uint32_t commit_mwh;       /* write the register at least each so much energy: at most this is lost without power */
    int64_t start_forward_mwh; /* tariff 1 of a meter that was never started before, to the limit above */
    int64_t start_balance_cent; /* fen, or hundredths of a kWh */
    uint8_t credit;             /* enum electricity_credit */
    bool answers_1997;          /* read requests of DL/T 645-1997 are answered as well (S2-068) */
    bool closes_by_button;      /* after arrears the customer has to press the button */
};

/* One measurement of the port. */
struct electricity_sample {
    int32_t voltage_mv;
    int32_t current_ma;
    int32_t power_mw; /* active, negative when it flows back */
    int32_t reactive_mvar;
    int32_t power_factor; /* -1000 to 1000 */
    int32_t frequency_mhz;
    int32_t neutral_current_ma;
};

/* What the port sees besides; a set. */
enum electricity_input {
    ELECTRICITY_INPUT_COVER_OPEN = 1,
    ELECTRICITY_INPUT_TERMINAL_COVER_OPEN = 2,
    ELECTRICITY_INPUT_PROGRAMMING_KEY = 4 /* the sealed key without which no address is written */
};

/* Who holds the relay open; a set. */
enum electricity_hold {
    ELECTRICITY_HOLD_COMMAND = 1, /* 1AH */
    ELECTRICITY_HOLD_ARREARS = 2, /* balance beyond the overdraft */
    ELECTRICITY_HOLD_LIMIT = 4,   /* the three minutes after an excess (S1-052) */
    ELECTRICITY_HOLD_LOCK = 8,    /* too many excesses: until an administrator closes (S1-053) */
    ELECTRICITY_HOLD_BUTTON = 16  /* closing is permitted, the customer has to press the button */
};

/* Everything that changes together, written as one record. */
struct electricity_state {
    int64_t forward_mwh[ELECTRICITY_TARIFF_COUNT];
    int64_t reverse_mwh[ELECTRICITY_TARIFF_COUNT];
    int64_t balance_grains; /* what is left; negative: overdraft */
    int64_t cycle_mwh;      /* forward in the running tier cycle */
    int64_t purchase_total_cent;
    uint32_t purchase_count; /* of the last purchase: the next has one more (S1-025) */
    uint32_t clock_s;        /* local; everything due until then was done. 0: never had a clock */
    uint32_t time_sync_day;  /* local day of the last broadcast time that was taken */
    uint32_t demand_w;       /* highest demand since the last settlement */
    uint32_t demand_minute;  /* local minute since 1970 of it; 0 none */
    uint32_t failure_day;    /* local day of the wrong passwords below */
    uint8_t failures;        /* wrong passwords on that day */
    uint8_t holds;           /* set of enum electricity_hold: any of them keeps the relay open */
    uint8_t limit_trips;     /* excesses on this day */
    bool keep_on;            /* 3AH: closed whatever the holds say */
    bool alarm_on;           /* 2AH */
};

enum electricity_limit {
    ELECTRICITY_LIMIT_NONE,
    ELECTRICITY_LIMIT_LOAD,
    ELECTRICITY_LIMIT_SURGE,
    ELECTRICITY_LIMIT_MALICIOUS,
    ELECTRICITY_LIMIT_COUNT
};

struct electricity_load {
    int32_t power_mw;
    int32_t reactive_mvar;
};

/* Watching the load. */
struct electricity_watch {
    struct electricity_load history[ELECTRICITY_SAMPLE_HISTORY]; /* the lowest before the present, newest first */
    int64_t until_ms[ELECTRICITY_SAMPLE_HISTORY];                /* they held until then; INT64_MIN none */
    struct electricity_load reference[ELECTRICITY_LIMIT_COUNT];  /* load before the step under watch */
    int64_t since_ms[ELECTRICITY_LIMIT_COUNT];                   /* the excess stands since; INT64_MAX: it does not */
    int64_t close_due_ms;                                        /* end of the three minutes; INT64_MAX */
    int64_t settled_ms;                                          /* steps are judged from then on */
    uint8_t tripped;                                             /* enum electricity_limit of the last trip */
    bool is_judging;                                             /* the present sample was judged */
};

/* When timed freezes happen, as 16H said it: mm hh DD MM, 99 for any. */
struct electricity_schedule {
    uint8_t minute; /* 99: never */
    uint8_t hour;
    uint8_t day;
    uint8_t month;
};

/* The period switches of the running local day. */
struct electricity_day {
    uint32_t minute; /* local, since 1970, for which this was made; 0 none */
    uint8_t count;
    uint16_t minutes[ELECTRICITY_SWITCH_LIMIT];
    uint8_t tariffs[ELECTRICITY_SWITCH_LIMIT]; /* 0 to ELECTRICITY_TARIFF_COUNT - 1 */
};

/* The item that is being read in several frames. */
struct electricity_reading {
    uint32_t identifier;
    uint16_t size;
    uint16_t sent;     /* before the newest frame */
    uint8_t last_size; /* of the newest frame */
    uint8_t sequence;  /* of the newest frame; 0 the first */
    bool is_open;
    uint8_t value[ELECTRICITY_VALUE_LIMIT];
};

struct electricity_meter {
    struct electricity_config config;
    const struct electricity_hal *hal;
    struct meter_hal journal_hal; /* the flash of `hal` as the journal wants it */
    struct meter_journal journal;
    struct electricity_parameters parameters;
    struct electricity_state state;
    struct electricity_freezes freezes;
    struct electricity_instants instants;
    struct electricity_schedule schedule;
    struct electricity_events events;
    struct electricity_sample sample;
    struct electricity_watch watch;
    struct electricity_day day;
    struct electricity_reading reading;
    int64_t now_ms;
    int64_t local_s;      /* calendar clock in local time; 0 lost */
    int64_t forward_rest; /* mW ms below one mWh */
    int64_t reverse_rest;
    int64_t commit_due_ms; /* after a refusal of the flash: not before */
    int64_t uncommitted_mwh;
    int64_t demand_start_mwh; /* forward total when the running demand period began */
    uint32_t demand_period;   /* number of the running demand period; 0 none */
    uint32_t planned_minute;  /* local minute in which timed freezes were last planned */
    uint8_t inputs;           /* set of enum electricity_input */
    bool relay_closed;        /* as last driven */
    bool started;             /* now_ms is known */
};

/* One of what the display shows in turn. */
struct electricity_shown {
    uint32_t identifier; /* of DL/T 645-2007, as the display shows it beside the value */
    int64_t value;
    uint8_t decimals;
    const char *unit; /* "kWh", "V", ""; a constant */
};

/* A meter of address 000000000001 with all tariffs one price of 0.5000 yuan, single rate, post-paid, passwords 000000,
 * no limits, China Standard Time, without recharge key (all zero). */
struct electricity_config electricity_config_default(void);

/* A sample whose current and reactive power follow from the rest; for simulators and tests.
 * power_factor  1 to 1000, of the load's size; voltage_mv above 0 */
struct electricity_sample electricity_sample_of(int32_t voltage_mv, int32_t power_mw, int32_t power_factor,
                                                int32_t frequency_mhz);

/* Power up: read the journal, or start one in empty flash, drive the relay.
 * hal      lives as long as the meter
 * returns  0; ELECTRICITY_ERR_CONFIG; ELECTRICITY_ERR_FLASH: the meter counts and answers, but refuses money and
 *          commands */
int electricity_meter_open(struct electricity_meter *meter, const struct electricity_hal *hal,
                           const struct electricity_config *config);

/* Do all that is due until now. The first call or sample after opening says where time begins.
 * returns  the time, later than now_ms, at which to call again at the latest */
int64_t electricity_meter_step(struct electricity_meter *meter, int64_t now_ms);

/* The port measured. Energy until now is integrated with the sample before.
 * returns  as electricity_meter_step() */
int64_t electricity_meter_sample(struct electricity_meter *meter, const struct electricity_sample *sample,
                                 int64_t now_ms);

/* One whole frame came in from the line, wake-up bytes in front allowed, hostile bytes allowed. It is taken at the time
 * of the last step or sample.
 * answer   at least ELECTRICITY_ANSWER_LIMIT bytes, or the answer may be dropped; without wake-up bytes
 * returns  bytes of the answer; 0: the meter stays silent */
size_t electricity_meter_receive(struct electricity_meter *meter, struct span frame, uint8_t *answer, size_t limit);

/* Inputs changed.
 * inputs   set of enum electricity_input */
void electricity_meter_inputs(struct electricity_meter *meter, uint8_t inputs, int64_t now_ms);

/* The customer pressed the button: closes the relay when that is permitted. */
void electricity_meter_button(struct electricity_meter *meter, int64_t now_ms);

/* The supply is about to go: keep the registers exactly. Takes one flash record. */
void electricity_meter_power_failing(struct electricity_meter *meter, int64_t now_ms);

/* The relay, as it was last driven. */
bool electricity_meter_is_closed(const struct electricity_meter *meter);

/* Registers: mWh; tariff 1 to ELECTRICITY_TARIFF_COUNT, 0 the total. */
int64_t electricity_forward_mwh(const struct electricity_meter *meter, unsigned tariff);
int64_t electricity_reverse_mwh(const struct electricity_meter *meter, unsigned tariff);

/* Balance in fen or hundredths of a kWh, rounded down. */
int64_t electricity_balance_cent(const struct electricity_meter *meter);

/* 0; 1 below the first alarm value; 2 below the second (S1-047). Always 0 when not prepaid. */
unsigned electricity_low_balance(const struct electricity_meter *meter);

/* What the display shows in turn.
 * index    from 0 on
 * returns  false behind the last */
bool electricity_display_item(const struct electricity_meter *meter, size_t index, struct electricity_shown *out);

#endif
