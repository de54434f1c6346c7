/* A concentrator (集中器): up to 500 meters on its ports read on its own schedule, kept, and served to a head-end that
 * it dials and that speaks Q/GDW 376.1 (or, by configuration, Q/GDW 130-2005) with it.
 *
 * No heap, no operating system, no floating point, no recursion. The owner provides the memory (struct concentrator,
 * 81 KiB on a 64-bit computer), the outside (struct concentrator_hal) and the time: `now_ms` is a steady count of
 * milliseconds that never goes back; the calendar comes from hal->clock_read_s. All functions of one concentrator are
 * called from one thread.
 *
 * After every event function call concentrator_step(): it does what is due and says when it wants to be called again.
 * Sources: Q/GDW 376.1-2009, DL/T 645-2007 and -1997, CJ/T 188-2004; README.md says what is our own profile. */
#ifndef METER_CORE_CONCENTRATOR_H
#define METER_CORE_CONCENTRATOR_H

#include "codec/q376/q376_frame.h"
#include "codec/q376/q376_request.h"
#include "meter/core/concentrator/concentrator_hal.h"
#include "meter/core/meter_journal.h"

#define CONCENTRATOR_METER_LIMIT 500 /* S1-093 */
#define CONCENTRATOR_PORT_LIMIT 4
#define CONCENTRATOR_DAY_LIMIT 31   /* daily freezes kept of each meter (S2-026) */
#define CONCENTRATOR_MONTH_LIMIT 12 /* monthly ones */
#define CONCENTRATOR_TARIFF_LIMIT 4
#define CONCENTRATOR_REGISTER_COUNT (CONCENTRATOR_TARIFF_LIMIT + 2)
#define CONCENTRATOR_FRAME_LIMIT 2048 /* bytes of one frame of the uplink, either way */
#define CONCENTRATOR_FRAME_SMALLEST 256
#define CONCENTRATOR_LINE_LIMIT 512  /* bytes of one frame of a port, either way */
#define CONCENTRATOR_JOB_LIMIT 4     /* requests of the head-end that wait for a meter; the next is denied */
#define CONCENTRATOR_TARGET_LIMIT 16 /* meters that one request has read first; more are served as they are held */
#define CONCENTRATOR_SAMPLE_LIMIT 16 /* meters whose voltages and powers are held */
#define CONCENTRATOR_EVENT_LIMIT 32  /* newest records kept of each of the two event rings */
#define CONCENTRATOR_EVENT_SIZE 28   /* bytes of one record, ERC and Le included */
#define CONCENTRATOR_CURVE_LIMIT 64  /* meters of the curve's class whose hours are kept */
#define CONCENTRATOR_CURVE_POINTS 48 /* hours of yesterday and today */
#define CONCENTRATOR_PERIOD_LIMIT 3  /* permitted reading periods of a port */
#define CONCENTRATOR_READING_SIZE (14 + 4 * CONCENTRATOR_PERIOD_LIMIT)
#define CONCENTRATOR_PASSWORD_SIZE 16
#define CONCENTRATOR_ENTRIES_AT_ONCE 36
#define CONCENTRATOR_VALUE_MISSING UINT32_MAX

/* Meter protocols of the archive (byte 5 of its entries). */
enum concentrator_protocol {
    CONCENTRATOR_PROTOCOL_NONE = 0, /* not read by the concentrator; forwarding works */
    CONCENTRATOR_PROTOCOL_DLT645_1997 = 1,
    CONCENTRATOR_PROTOCOL_DLT645_2007 = 30,
    CONCENTRATOR_PROTOCOL_CARRIER = 31, /* read as DL/T 645-2007 */
    CONCENTRATOR_PROTOCOL_CJT188 = 40   /* our own profile, see README.md */
};

#define CONCENTRATOR_ERRORS(ROW) \
    ROW(CONCENTRATOR_ERR_CONFIG, -1, "the configuration is outside its bounds") \
    ROW(CONCENTRATOR_ERR_FLASH, -2, "the flash does not take or give back records")

#define CONCENTRATOR_ERROR_ENUM(name, value, text) name = (value),
enum concentrator_error { CONCENTRATOR_ERRORS(CONCENTRATOR_ERROR_ENUM) };
#undef CONCENTRATOR_ERROR_ENUM

/* English text for one of CONCENTRATOR_ERR_*; "unknown error" for any other number. */
const char *concentrator_error_text(int error);

struct concentrator_port_config {
    uint8_t number; /* 1 to 31, as the archive names it; 0: there is no such port */
    uint32_t baud;  /* of entries that leave it open: 2400 where the standard's meters hang */
};

/* What the factory fixes. Texts are filled with spaces or zeros to their size. */
struct concentrator_config {
    struct q376_address address; /* region and terminal */
    uint8_t protocol;            /* enum q376_protocol: 130 or 376 */
    /* PW wanted with AFN 01, 04, 05, 0F and 10; of 130-2005 the first two bytes. */
    uint8_t password[CONCENTRATOR_PASSWORD_SIZE];
    int32_t zone_offset_s;
    struct concentrator_port_config ports[CONCENTRATOR_PORT_LIMIT];
    uint16_t meter_limit;    /* 1 to CONCENTRATOR_METER_LIMIT */
    uint16_t frame_limit;    /* bytes of one frame sent up: CONCENTRATOR_FRAME_SMALLEST to CONCENTRATOR_FRAME_LIMIT */
    uint16_t response_s;     /* wait for the head-end: 1 to 4095; AFN 04 F1 */
    uint8_t retries;         /* 0 to 3; AFN 04 F1 */
    uint8_t heartbeat_min;   /* 1 to 255; AFN 04 F1 */
    uint16_t answer_wait_ms; /* a meter must begin its answer within: 20 to 5000 */
    uint16_t silence_ms;     /* line quiet between two exchanges: 0 to 1000 */
    uint16_t refresh_s;    /* current registers older than this are read before they are served; 0: as they are held */
    uint8_t backfill_days; /* of a meter new to the archive, midnights before it came: 1 to 31 */
    uint8_t curve_class;   /* user class (upper half of byte 26) whose hours are kept; 0xFF none */
    char maker[4];
    char device_number[8];
    char version[4];
};

/* Address, ports 2 and 3 at 2400 Bd, 500 meters, heartbeat each minute, everything else as the field has it. */
struct concentrator_config concentrator_config_default(void);

/* Registers of one moment: forward active total and four tariffs, reverse active total; one register for others. */
struct concentrator_registers {
    uint32_t values[CONCENTRATOR_REGISTER_COUNT]; /* CONCENTRATOR_VALUE_MISSING */
    uint8_t decimals;                             /* 0 to 4 */
};

/* A freeze as it is held. */
struct concentrator_freeze {
    struct concentrator_registers registers;
    uint16_t read_min; /* minutes behind the midnight at which the meter was read */
};

struct concentrator_meter {
    uint8_t entry[Q376_ARCHIVE_ENTRY_SIZE]; /* as AFN 04 F10 wrote it; number 0: free */
    uint8_t freeze_source;                  /* enum freeze_source: where its midnights come from */
    uint8_t failures;                       /* turns that failed in a row */
    bool last_failed;
    bool relay_known;
    uint8_t relay_state;  /* 0 off, 0x11 on, as F161 says it */
    uint8_t round_misses; /* failures in the round */
    uint8_t curve;        /* place of its hours; 0xFF none */
    uint8_t silent_day;   /* day of the month on which its silence was noted */
    uint16_t round;       /* last round of its port in which it was read or given up */
    uint16_t months_held; /* bit k: the month k before the newest */
    uint32_t days_held;   /* bit k: the day k before the newest */
    uint32_t days_lost;   /* the meter has none of that day */
    uint32_t retry_s;     /* steady seconds before which it is left alone */
    uint32_t read_s;      /* clock at which `registers` were read; 0 never */
    uint32_t relay_s;
    uint32_t success_s;
    uint32_t failure_s;
    struct concentrator_registers registers;
};

/* Voltages, currents and powers of one meter, as AFN 0C F25 says them behind its read time. */
#define CONCENTRATOR_SAMPLE_SIZE 62
struct concentrator_sample {
    uint16_t point; /* 0: free */
    uint32_t read_s;
    uint8_t bytes[CONCENTRATOR_SAMPLE_SIZE];
};

struct concentrator_curve {
    uint16_t meter;
    int32_t day;                                /* local day of the second half */
    uint32_t values[CONCENTRATOR_CURVE_POINTS]; /* 0.01 */
};

/* What is needed to answer a request later. */
struct concentrator_head {
    uint8_t protocol;
    uint8_t afn;
    uint8_t sequence;
    struct q376_address address;
};

struct concentrator_target {
    uint16_t meter;
    uint8_t want;  /* enum want */
    uint8_t state; /* enum target_state */
};

/* A request that waits for meters: a frame to forward, or values to be read before they are served. */
struct concentrator_job {
    uint8_t kind; /* enum job_kind, 0 free */
    uint8_t port; /* index, of a forward */
    bool is_started;
    bool is_void; /* its connection is gone: nobody waits for the answer */
    uint8_t target_count;
    uint16_t size;
    uint32_t order; /* older first */
    uint32_t frame_wait_ms;
    uint32_t byte_wait_ms;
    struct concentrator_line line;
    struct concentrator_head head;
    struct concentrator_target targets[CONCENTRATOR_TARGET_LIMIT];
    uint8_t bytes[CONCENTRATOR_LINE_LIMIT]; /* the frame to forward, or the data units of the request */
};

/* One exchange on a port, and the turn of a meter that it belongs to. */
struct concentrator_turn {
    uint8_t owner;  /* enum turn_owner, 0 none */
    uint8_t job;    /* index, of a head-end's request */
    uint8_t target; /* index within it */
    uint8_t want;   /* enum want */
    uint8_t step;   /* question of its list */
    uint8_t tries;
    uint8_t number;    /* how many freezes back is asked for */
    bool is_found;     /* the freeze of the day was found */
    bool awaits_other; /* another number was asked for once already */
    bool awaits;       /* an answer is waited for */
    uint16_t meter;
    int32_t day; /* of a freeze */
    int64_t deadline_ms; /* moves on with the bytes that come */
    int64_t longest_ms;  /* where it stops: the longest answer is over by then */
    struct concentrator_registers registers;
};

struct concentrator_port {
    uint8_t number;
    bool is_paused;
    uint8_t serial;                             /* SER of CJ/T 188 */
    uint8_t reading[CONCENTRATOR_READING_SIZE]; /* F33's block of this port, as it was written */
    uint16_t cursor;                            /* meter whose turn is next */
    uint16_t round;
    uint16_t round_ok; /* meters read in it */
    bool round_ended;
    uint32_t round_start_s;
    uint32_t round_end_s;
    int64_t round_slot;    /* number of the interval in which the round began */
    int32_t broadcast_day; /* last day on which the clock was broadcast */
    int32_t freeze_day;    /* day that the last freeze broadcast ended */
    uint32_t foreign_s;    /* a foreign answer was noted */
    int64_t quiet_until_ms;
    int64_t idle_until_ms; /* nothing is due before */
    struct concentrator_turn turn;
    struct concentrator_turn held; /* of a meter that gave way to a request of the head-end */
    uint16_t request_size;
    uint16_t received_size;
    uint8_t request[CONCENTRATOR_LINE_LIMIT];
    uint8_t received[CONCENTRATOR_LINE_LIMIT];
};

enum concentrator_link_state {
    CONCENTRATOR_LINK_CLOSED,
    CONCENTRATOR_LINK_OPENING,
    CONCENTRATOR_LINK_LOGIN,
    CONCENTRATOR_LINK_ONLINE,
    CONCENTRATOR_LINK_LOGOUT,
    CONCENTRATOR_LINK_STATE_COUNT
};

struct concentrator_link {
    uint8_t state;       /* enum concentrator_link_state */
    uint8_t attempt;     /* connections that failed in a row */
    uint8_t sequence;    /* PFC of frames that we start */
    uint8_t sends;       /* of the frame that waits for its confirmation */
    uint8_t awaited;     /* its PSEQ */
    uint8_t awaited_afn; /* 0 none */
    uint8_t awaited_function;
    uint8_t told_end; /* events below are in the report that waits */
    bool is_silent;   /* asked to stay disconnected (F39) or left */
    bool uses_backup; /* the second address of F3 */
    bool has_fcb;
    bool fcb;
    uint8_t last_afn; /* of the last request, for repetitions */
    uint8_t last_sequence;
    uint16_t last_size;
    uint16_t received_size;
    int64_t deadline_ms;
    int64_t heartbeat_ms;
    uint8_t last_answer[72];
    uint8_t received[CONCENTRATOR_FRAME_LIMIT];
};

struct concentrator_event {
    uint8_t size;                           /* 0 none */
    uint8_t bytes[CONCENTRATOR_EVENT_SIZE]; /* ERC, Le, content */
};

struct concentrator_event_ring {
    uint8_t counter;                                            /* EC: events ever, modulo 256 */
    uint8_t told;                                               /* events below were fetched or reported */
    struct concentrator_event events[CONCENTRATOR_EVENT_LIMIT]; /* event n in place n modulo the limit */
};

/* Where the freezes are in flash; concentrator_freeze.c. */
struct concentrator_shelf {
    uint32_t first_sector;
    uint16_t page_sectors;
    uint16_t sector_slots; /* records of a sector */
    uint32_t rest_until_s; /* steady: flash that refused is left alone, each try may cost erasures */
    bool is_usable;
};

/* What the concentrator counted since it was opened. */
struct concentrator_counts {
    uint32_t logins;
    uint32_t requests;
    uint32_t stale;   /* dropped: older than their time tag permits */
    uint32_t strange; /* frames for another address, or none that can be read */
    uint32_t denied;
    uint32_t exchanges;  /* with meters */
    uint32_t unanswered; /* sendings without an answer */
    uint32_t foreign;    /* answers of another meter than the one asked */
    uint32_t turns_failed;
    uint32_t freezes; /* stored */
    uint32_t flash_errors;
    uint64_t sent_bytes;
    uint64_t received_bytes;
};

struct concentrator {
    struct concentrator_config config;
    const struct concentrator_hal *hal;
    struct meter_hal journal_hal; /* the flash of the parameters as two large sectors */
    struct meter_journal journal;
    struct concentrator_shelf shelf;
    struct concentrator_station stations[2]; /* main, backup */
    uint8_t f1[6];                           /* AFN 04 F1 as written */
    uint8_t event_flags[16];                 /* AFN 04 F9: recorded, important */
    uint32_t parameters_set;                 /* bit n: Fn was written */
    bool reports_forbidden;
    bool clock_is_valid;
    bool journal_failed;
    uint32_t day_traffic; /* bytes of the uplink today, and this month */
    uint32_t month_traffic;
    uint16_t meter_count; /* places in use are below it */
    uint16_t alive;       /* entries that are not free */
    int32_t newest_day;   /* the day whose end passed last; INT32_MIN without a clock */
    int32_t fault_day;    /* day on which the flash was noted as failing */
    uint32_t authentication_rest_until_s; /* steady: no wrong password is noted before */
    uint32_t job_order;
    int64_t now_ms;
    int64_t restart_ms;                            /* a reset was ordered; 0 none */
    uint8_t restart_kind;                          /* of AFN 01 */
    uint16_t place_of_point[Q376_POINT_LIMIT + 1]; /* index into meters; 0xFFFF none */
    struct concentrator_meter meters[CONCENTRATOR_METER_LIMIT];
    struct concentrator_curve curves[CONCENTRATOR_CURVE_LIMIT];
    struct concentrator_sample samples[CONCENTRATOR_SAMPLE_LIMIT];
    struct concentrator_job jobs[CONCENTRATOR_JOB_LIMIT];
    struct concentrator_port ports[CONCENTRATOR_PORT_LIMIT];
    struct concentrator_link link;
    struct concentrator_event_ring rings[2]; /* important, general */
    struct concentrator_counts counts;
    uint8_t units[CONCENTRATOR_FRAME_LIMIT]; /* of the answer that is being written */
    uint8_t frame[CONCENTRATOR_FRAME_LIMIT + Q376_SHELL_SIZE];
};

/* Power up: read what flash holds, or begin there, and be ready for concentrator_step().
 * hal      lives as long as the concentrator
 * returns  0; CONCENTRATOR_ERR_CONFIG: do not call the others, the configuration or the flash is out of its bounds;
 *          CONCENTRATOR_ERR_FLASH: it works, but denies parameters and keeps no freezes */
int concentrator_open(struct concentrator *concentrator, const struct concentrator_config *config,
                      const struct concentrator_hal *hal, int64_t now_ms);

/* Do all that is due.
 * returns  the time, later than now_ms, at which to call again at the latest */
int64_t concentrator_step(struct concentrator *concentrator, int64_t now_ms);

/* The answer to hal->uplink_open. */
void concentrator_uplink_opened(struct concentrator *concentrator, bool opened, int64_t now_ms);

/* The connection is gone, whoever closed it. Also after hal->uplink_close; twice does no harm. */
void concentrator_uplink_closed(struct concentrator *concentrator, int64_t now_ms);

/* Bytes of the head-end in any pieces; hostile bytes allowed. Ignored while there is no connection. */
void concentrator_uplink_receive(struct concentrator *concentrator, struct span bytes, int64_t now_ms);

/* Bytes on a port in any pieces; hostile bytes allowed. Unknown ports are ignored. */
void concentrator_port_receive(struct concentrator *concentrator, uint8_t port, struct span bytes, int64_t now_ms);

/* Log out, close and stay away until concentrator_return(). */
void concentrator_leave(struct concentrator *concentrator, int64_t now_ms);
void concentrator_return(struct concentrator *concentrator, int64_t now_ms);

/* The head-end confirmed the login (or asked something), and the connection stands. */
bool concentrator_is_online(const struct concentrator *concentrator);

/* Write archive entries at the device itself, as a technician does: the same rules as AFN 04 F10, all of them or none.
 * count    1 to CONCENTRATOR_ENTRIES_AT_ONCE
 * returns  0; CONCENTRATOR_ERR_CONFIG: refused; CONCENTRATOR_ERR_FLASH */
int concentrator_archive_enter(struct concentrator *concentrator, const struct q376_archive_entry *entries,
                               size_t count);

/* Bytes of flash for `meters` meters in sectors of `sector_size` bytes; 0 when the size does not suit. */
uint32_t concentrator_flash_size(uint32_t sector_size, uint16_t meters);

/* A freeze as it is held for a point.
 * day      local day since 1970 whose end was frozen; of a month its last day
 * returns  1; 0 not held */
int concentrator_day_find(struct concentrator *concentrator, uint16_t point, int32_t day,
                          struct concentrator_freeze *out);
int concentrator_month_find(struct concentrator *concentrator, uint16_t point, int32_t last_day,
                            struct concentrator_freeze *out);

#endif
