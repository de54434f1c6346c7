/* The NB-IoT water meter itself: one struct, one step function, and a function for each thing that can happen to it.
 *
 * No heap, no operating system, no floating point, no recursion. The owner provides the memory (struct meter), the
 * outside (struct meter_hal) and the time: `now_ms` is a steady count of milliseconds that never goes back (since
 * power-up or since 1970, all the same); the calendar comes from hal->clock_read_s. All functions of one meter are
 * called from one thread, or with the interrupts of the others masked.
 *
 * After every event function call meter_step(): it does what is due and says when it wants to be called again. */
#ifndef METER_CORE_METER_H
#define METER_CORE_METER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/quantity.h"
#include "base/span.h"
#include "codec/water_meter/water_meter_report.h"
#include "meter/core/meter_freeze.h"
#include "meter/core/meter_interval.h"
#include "meter/core/meter_journal.h"
#include "meter/core/meter_parameter.h"
#include "meter/core/meter_serial.h"
#include "meter/core/meter_timer.h"
#include "meter/core/meter_valve.h"
#include "meter/hal.h"

#define METER_MESSAGE_LIMIT 512  /* bytes of one CoAP message, either way */
#define METER_HANDLE_LIMIT 12    /* bytes of the registration handle */
#define METER_ANSWER_LIMIT 4     /* answers remembered for repeated requests */
#define METER_INCIDENT_LIMIT 8   /* newest incidents kept */
#define METER_PULSE_LIMIT 100000 /* pulses of one meter_pulse call */
#define METER_IMEI_DIGITS 15
#define METER_SECTOR_SMALLEST 1024 /* bytes of a flash sector: all that is true takes 544, changes need room */

#define METER_ERRORS(ROW) \
    ROW(METER_ERR_CONFIG, -1, "the configuration is outside its bounds") \
    ROW(METER_ERR_FLASH, -2, "the flash does not take or give back records")

#define METER_ERROR_ENUM(name, value, text) name = (value),
enum meter_error { METER_ERRORS(METER_ERROR_ENUM) };
#undef METER_ERROR_ENUM

/* English text for one of METER_ERR_*; "unknown error" for any other number. */
const char *meter_error_text(int error);

/* What the factory fixes. Texts live as long as the meter. */
struct meter_config {
    const char *imei;         /* METER_IMEI_DIGITS digits */
    const char *meter_number; /* digits, at most 23; the last three spread the reports (S3-121) */
    const char *maker;        /* at most 23 bytes */
    const char *type;         /* at most 23 bytes */
    uint32_t firmware_version; /* major << 16 | minor << 8 | patch */
    int32_t zone_offset_s;    /* local time east of UTC */
    uint32_t pulse_ml;        /* water of one pulse: 1 to 1,000,000 */
    int64_t register_limit_ml; /* the register wraps to 0 here: 1,000,000 to 4,000,000,000,000 */
    int64_t start_volume_ml;  /* register of a meter that was never started before */
    int64_t start_balance_fen;
    uint32_t commit_ml;       /* write the register at least each so much water: at most this is lost without power */
    uint16_t battery_limit_mv; /* battery alarm below */
    uint8_t price_cycle_months; /* price steps count from zero each 1, 2, 3, 4, 6 or 12 months */
    bool prepayment;          /* the meter holds the money and closes the valve itself (S3-095) */
    bool has_valve;
    bool interval_log;        /* keep the register of each quarter of an hour and tell a day of them after the report;
                               * needs sectors of METER_INTERVAL_SECTOR_SMALLEST bytes */
    bool tamper_closes;       /* a magnet or a broken reed switch closes the valve (white paper 5.4) */
    struct meter_timers timers;
    struct meter_parameters parameters; /* until the platform writes others */
};

/* Everything that must survive without power, written as one record. */
struct meter_state {
    int64_t volume_ml;     /* the register, 0 to register_limit_ml - 1 */
    int64_t cycle_ml;      /* used in the running price cycle */
    int64_t balance_fen;   /* negative: overdraft */
    uint32_t charge_rest;  /* owed beyond balance_fen, in 1e-10 yuan, below 1e8 (one fen) */
    int32_t cycle_day;     /* local day since 1970 on which the price cycle began; 0 none */
    struct meter_serial recharge_serial;
    uint32_t valve_serial; /* highest obeyed: an older command about the valve is out of date */
    uint16_t alarm_bits;   /* set of 1 << enum alarm */
    uint8_t valve_holds;   /* set of enum meter_hold: any of them keeps the valve closed */
    bool arrears_waived;   /* opened by command in spite of arrears: stays open until the next recharge */
};

enum meter_hold { METER_HOLD_COMMAND = 1, METER_HOLD_ARREARS = 2, METER_HOLD_TAMPER = 4 };

enum meter_incident_kind {
    METER_INCIDENT_NONE,
    METER_INCIDENT_RESTART,
    METER_INCIDENT_NETWORK,  /* no network, or no answer, three times (S3-092) */
    METER_INCIDENT_REFUSED,  /* the platform refused; detail is the CoAP code */
    METER_INCIDENT_FLASH,    /* a record could not be written */
    METER_INCIDENT_VALVE,    /* the valve did not arrive */
    METER_INCIDENT_CLOCK_SET,
    METER_INCIDENT_COUNT
};

struct meter_incident {
    uint32_t clock_s;
    uint8_t kind; /* enum meter_incident_kind */
    uint8_t detail;
};

enum meter_session_state {
    METER_SESSION_ASLEEP,
    METER_SESSION_SEARCHING,
    METER_SESSION_PAUSED,
    METER_SESSION_REGISTERING,
    METER_SESSION_UPDATING,
    METER_SESSION_TELLING,
    METER_SESSION_LISTENING,
    METER_SESSION_STATE_COUNT
};

/* One conversation with the platform. */
struct meter_session {
    uint8_t state;      /* enum meter_session_state */
    uint8_t attempt;    /* failed so far, in a row */
    uint8_t heartbeats; /* sent in this window */
    uint8_t handle_size;
    bool wanted;        /* a first contact, a report, or a hand at the button */
    bool report_due;
    bool frame_full;    /* say also what never changes */
    bool registered_anew; /* in this session already: not twice */
    char handle[METER_HANDLE_LIMIT];
    int64_t deadline_ms;   /* of the state */
    int64_t window_end_ms;
    int64_t report_due_ms; /* next periodic report */
    int64_t button_ms;     /* last time that a hand opened a session */
    bool button_used;
};

/* One confirmable message on its way. */
struct meter_exchange {
    uint8_t purpose; /* enum meter_purpose, 0 none */
    uint8_t sends;
    bool acknowledged; /* an empty acknowledgement came; the answer follows separately */
    uint16_t message_id;
    uint16_t size;
    uint32_t token;
    int64_t wait_ms;
    int64_t due_ms; /* send again or give up */
    uint8_t bytes[METER_MESSAGE_LIMIT];
};

struct meter_answer {
    uint16_t message_id;
    uint8_t code; /* 0 unused */
};

/* What a change must be told of at once. */
struct meter_notice {
    uint16_t alarm_bits;
    uint8_t valve_state;
    uint32_t recharge_serial;
};

/* What the platform knows of us, so that a change is told at once and only once. */
struct meter_told {
    struct meter_notice known;
    struct meter_notice sent; /* in the message on its way */
    uint16_t recent_bits;     /* alarms told since hold_ms was set: their next change waits until then */
    int64_t hold_ms;
};

/* Watching the flow. */
struct meter_flow {
    int64_t window_start_ms;
    int64_t window_ml;
    int64_t hour_ml;        /* forward since the last check */
    int64_t closed_ml;      /* forward since the valve closed */
    int64_t reverse_ml;     /* since the last check */
    int64_t check_start_ms; /* time of the last check */
    int32_t leak_min;       /* minutes without a pause */
};

struct meter {
    struct meter_config config;
    const struct meter_hal *hal;
    struct meter_parameters parameters;
    struct meter_state state;
    struct meter_freezes freezes;
    struct meter_intervals intervals; /* all zeros without config.interval_log */
    struct meter_journal journal;
    struct meter_valve valve;
    struct meter_flow flow;
    struct meter_told told;
    struct meter_session session;
    struct meter_exchange exchange;
    struct meter_answer answers[METER_ANSWER_LIMIT];
    struct meter_incident incidents[METER_INCIDENT_LIMIT];
    uint8_t incident_next;
    uint8_t answer_next;
    bool state_dirty;       /* state differs from the newest record */
    bool flash_failed;      /* the newest record could not be kept: money is refused */
    uint16_t battery_mv;
    uint16_t message_id;
    int32_t day_latched;    /* local day of the newest midnight seen; 0 none */
    int64_t uncommitted_ml; /* moved since the newest state record */
    int64_t check_due_ms;
    int64_t now_ms;
    uint8_t scratch[METER_MESSAGE_LIMIT]; /* answers to the platform */
};

/* A cold-water meter DN15 with one litre per pulse, no prepayment, China Standard Time, default timers. The caller
 * fills in the texts. */
struct meter_config meter_config_default(void);

/* Power up: read the journal, or start one in empty flash, and be ready for meter_step().
 * hal      lives as long as the meter
 * returns  0; METER_ERR_CONFIG; METER_ERR_FLASH: the meter counts and reports, but refuses money */
int meter_open(struct meter *meter, const struct meter_config *config, const struct meter_hal *hal, int64_t now_ms);

/* Do all that is due.
 * returns  the time, later than now_ms, at which to call again at the latest */
int64_t meter_step(struct meter *meter, int64_t now_ms);

/* Water moved: pulses since the last call, negative when it ran backwards; beyond +-METER_PULSE_LIMIT counts as that. */
void meter_pulse(struct meter *meter, int32_t pulses, int64_t now_ms);

/* A sensor changed: hal->sensors_read tells which. */
void meter_sensors_changed(struct meter *meter, int64_t now_ms);

/* The supply is about to go: keep the register exactly. Takes one flash record. */
void meter_power_failing(struct meter *meter, int64_t now_ms);

/* A hand at the button: show the register, and ask the platform for a recharge that waits (S3-096), at most once in
 * timers.button_hold_ms. */
void meter_button(struct meter *meter, int64_t now_ms);

/* The answer to hal->radio_open: with an IP address, or without network. */
void meter_radio_attached(struct meter *meter, bool attached, int64_t now_ms);

/* One CoAP message came in; hostile bytes allowed. Ignored while the radio is closed. */
void meter_radio_received(struct meter *meter, struct span bytes, int64_t now_ms);

/* The register, volume and balance as the display shows them. */
void meter_display_fill(const struct meter *meter, struct meter_display *out);

/* Is the radio open (or being opened)? */
bool meter_is_awake(const struct meter *meter);

#endif
