/* What the files of the concentrator share. Names of the standards are those of Q/GDW 376.1. */
#ifndef METER_CORE_CONCENTRATOR_INTERNAL_H
#define METER_CORE_CONCENTRATOR_INTERNAL_H

#include "base/writer.h"
#include "meter/core/concentrator/concentrator.h"

#define PLACE_NONE UINT16_MAX
#define DAY_NONE INT32_MIN
#define CURVE_NONE UINT8_MAX
#define REGISTER_TOTAL 0
#define REGISTER_REVERSE (CONCENTRATOR_REGISTER_COUNT - 1)
#define DAY_S 86400
#define MISSING_BYTE 0xee

/* What a turn of a meter is for. */
enum want { WANT_NONE, WANT_FREEZE, WANT_CURRENT, WANT_SAMPLE, WANT_RELAY };

enum turn_owner { TURN_NONE, TURN_OWN, TURN_JOB, TURN_FORWARD, TURN_BROADCAST };

enum job_kind { JOB_NONE, JOB_FORWARD, JOB_REFRESH };
enum target_state { TARGET_OPEN, TARGET_ASKED, TARGET_DONE };

/* Where a meter's midnights come from: tried in this order, the next when the meter has none. */
enum freeze_source { FREEZE_DAILY, FREEZE_INSTANT, FREEZE_REGISTER };

enum event_ring { RING_IMPORTANT, RING_GENERAL };

/* Event records that the concentrator makes (ERC). */
enum concentrator_event_code {
    EVENT_INITIALISED = 1,
    EVENT_PARAMETERS_CHANGED = 3,
    EVENT_POWER = 14,
    EVENT_AUTHENTICATION = 20,
    EVENT_TERMINAL_FAULT = 21,
    EVENT_REGISTER_DECREASED = 27,
    EVENT_READING_FAILED = 31,
    EVENT_UNKNOWN_METER = 35
};

/* Fault of EVENT_TERMINAL_FAULT. */
enum concentrator_fault { FAULT_MEMORY = 1, FAULT_CLOCK = 2 };

/* concentrator_clock.c: the calendar, and times in the formats of the standard. `s` 0 stands for no time. */

/* s since 1970 UTC; 0 while the clock is not valid. */
int64_t clock_now_s(const struct concentrator *concentrator);
uint32_t steady_s(const struct concentrator *concentrator);
/* Local day of a clock. */
int32_t clock_day(const struct concentrator *concentrator, int64_t clock_s);
/* s since local midnight. */
int32_t clock_second(const struct concentrator *concentrator, int64_t clock_s);
int64_t clock_midnight(const struct concentrator *concentrator, int32_t day);
/* Data formats 15, 01, 20 and 21; EE where there is no time. */
void clock_put_minute(const struct concentrator *concentrator, int64_t clock_s, struct writer *out);
void clock_put_second(const struct concentrator *concentrator, int64_t clock_s, struct writer *out);
void clock_put_day(int32_t day, struct writer *out);
void clock_put_month(int32_t day, struct writer *out);
/* Day of format 20 (3 bytes); last day of the month of format 21 (2 bytes); DAY_NONE when there is none such. */
int32_t clock_take_day(const uint8_t *bytes);
int32_t clock_take_month(const uint8_t *bytes);
/* Clock of formats 01 (6 bytes) and 15 (5 bytes); 0 when there is none such. */
int64_t clock_take_second(const struct concentrator *concentrator, const uint8_t *bytes);
int64_t clock_take_minute(const struct concentrator *concentrator, const uint8_t *bytes);
int32_t month_last_day(int32_t day);
/* Months since year 0. */
int32_t month_number(int32_t day);
void missing_put(size_t size, struct writer *out);

/* concentrator_store.c: parameters, archive and events in the journal. */

int concentrator_store_open(struct concentrator *concentrator);
/* RAM holds the change already; it is in flash when this returns 0, else the caller takes it back. */
int store_entries(struct concentrator *concentrator, const uint8_t *const *entries, size_t count);
int store_f1(struct concentrator *concentrator);
int store_stations(struct concentrator *concentrator);
int store_event_flags(struct concentrator *concentrator);
int store_reading(struct concentrator *concentrator, const struct concentrator_port *port);
int store_state(struct concentrator *concentrator);
int store_event(struct concentrator *concentrator, enum event_ring ring, uint8_t number);
/* Begin anew in the other half: after much was deleted. */
int store_rewrite(struct concentrator *concentrator);
uint32_t store_bank_size(uint32_t sector_size, uint16_t meters);

/* concentrator_archive.c: the meters. */

enum entry_offset {
    ENTRY_NUMBER = 0,
    ENTRY_POINT = 2,
    ENTRY_PORT = 4,
    ENTRY_PROTOCOL = 5,
    ENTRY_ADDRESS = 6,
    ENTRY_PASSWORD = 12,
    ENTRY_TARIFFS = 18,
    ENTRY_DIGITS = 19,
    ENTRY_COLLECTOR = 20,
    ENTRY_CLASS = 26
};

uint16_t meter_number(const struct concentrator_meter *meter); /* 0: a free place */
uint16_t meter_point(const struct concentrator_meter *meter);
uint8_t meter_port(const struct concentrator_meter *meter);
uint8_t meter_protocol(const struct concentrator_meter *meter);
bool meter_is_polled(const struct concentrator_meter *meter);
/* Tariffs that are served: M. */
uint8_t meter_tariffs(const struct concentrator_meter *meter);
struct concentrator_meter *meter_of_point(struct concentrator *concentrator, unsigned point); /* NULL none */
/* Take an entry as it was stored: no check. Values of another meter at that place are forgotten. */
bool archive_put(struct concentrator *concentrator, const uint8_t *entry);
/* AFN 04 F10: all entries or none.
 * returns  0; negative: denied, nothing is changed */
int archive_write(struct concentrator *concentrator, struct span data);
int archive_delete_port(struct concentrator *concentrator, uint8_t port);
/* Nothing is known yet of the midnights that a meter has: the newest are asked for, where its protocol has them. */
void archive_freezes_begin(const struct concentrator *concentrator, struct concentrator_meter *meter);
void archive_clear(struct concentrator *concentrator);
void archive_index(struct concentrator *concentrator);

/* concentrator_freeze.c: the pages of days and months in flash. */

int shelf_open(struct concentrator *concentrator);
/* What is held of every meter, found in flash. */
void shelf_load(struct concentrator *concentrator);
/* Write the freeze of a day, and of its month when it ends one.
 * returns  0; negative: it is not kept */
int shelf_put(struct concentrator *concentrator, struct concentrator_meter *meter, int32_t day,
              const struct concentrator_freeze *freeze);
/* returns  1 and *out; 0 not held */
int shelf_find_day(struct concentrator *concentrator, const struct concentrator_meter *meter, int32_t day,
                   struct concentrator_freeze *out);
int shelf_find_month(struct concentrator *concentrator, const struct concentrator_meter *meter, int32_t last_day,
                     struct concentrator_freeze *out);
void shelf_clear(struct concentrator *concentrator);
/* The newest day moved on, or jumped. */
void shelf_day_set(struct concentrator *concentrator, int32_t newest_day);

/* concentrator_event.c */

bool event_is_waiting(const struct concentrator *concentrator);
/* content  behind the time; its size at most CONCENTRATOR_EVENT_SIZE - 7 */
void event_note(struct concentrator *concentrator, uint8_t code, struct span content);
void event_parameters_changed(struct concentrator *concentrator, uint8_t station, struct q376_unit_id id);
void event_power_note(struct concentrator *concentrator);
void event_fault(struct concentrator *concentrator, enum concentrator_fault fault);
void event_told(struct concentrator *concentrator, enum event_ring ring, uint8_t end);
/* The head-end shall hear of important events at once: send what is new. */
void event_report(struct concentrator *concentrator);

/* concentrator_link.c: the connection. */

void link_open(struct concentrator *concentrator);
int64_t link_step(struct concentrator *concentrator);
/* Something of the head-end was understood. */
void link_heard(struct concentrator *concentrator);
void link_confirmed(struct concentrator *concentrator, const struct q376_frame *frame);
/* Encode and send, with EC when events wait. */
void link_send(struct concentrator *concentrator, struct q376_frame *frame);
/* Start an exchange: AFN with units, repeated until confirmed. */
void link_start(struct concentrator *concentrator, uint8_t afn, uint8_t function, struct span units);
void link_drop(struct concentrator *concentrator);
void link_stay_away(struct concentrator *concentrator);

/* concentrator_answer.c: answers in one frame or several. */

struct answer {
    struct concentrator *concentrator;
    struct concentrator_head head;
    struct writer units;
    unsigned part;
    unsigned served;
};

struct answer answer_begin(struct concentrator *concentrator, const struct concentrator_head *head);
/* Send what is there as a frame that is followed by others. */
void answer_flush(struct answer *answer);
/* Send the last frame; denies when nothing was served. */
void answer_end(struct answer *answer);
void answer_confirm(struct concentrator *concentrator, const struct concentrator_head *head, bool is_denied);
void answer_confirm_each(struct concentrator *concentrator, const struct concentrator_head *head,
                         const struct q376_confirmation *confirmations, size_t count);
struct concentrator_head head_of(const struct q376_frame *frame);

/* concentrator_request.c */

void request_take(struct concentrator *concentrator, const struct q376_frame *frame);
/* Serve the data units of AFN 09, 0A, 0C, 0D or 0E now. */
void request_serve(struct concentrator *concentrator, const struct concentrator_head *head, struct span units);

/* One function for one point of a request. */
struct request_unit {
    unsigned point;
    unsigned function;
    struct span data;
    struct concentrator_meter *meter; /* NULL: no such point, or p0 */
};

/* AFN 09, 0A, 0C, 0D: whether the unit was written. */
struct serving {
    uint8_t afn;
    uint8_t function;
    bool is_of_point; /* needs a meter */
    uint8_t want;     /* enum want: read first when stale */
    uint8_t size;     /* bytes of request data */
    bool (*serve)(struct concentrator *concentrator, const struct request_unit *unit, struct writer *out);
};

extern const struct serving servings_terminal[];
extern const size_t servings_terminal_count;
extern const struct serving servings_current[];
extern const size_t servings_current_count;
extern const struct serving servings_history[];
extern const size_t servings_history_count;

const struct serving *serving_find(uint8_t afn, unsigned function); /* NULL: not served */

/* 0A F10 and AFN 0E may need several frames for one unit. */
void archive_serve(struct answer *answer, struct span data);
void events_serve(struct answer *answer, unsigned function, struct span data);

/* AFN 01, 04, 05: 0 done, negative denied. */
int parameter_write(struct concentrator *concentrator, unsigned point, unsigned function, struct span data);
int control_do(struct concentrator *concentrator, unsigned point, unsigned function, struct span data);
int reset_do(struct concentrator *concentrator, unsigned function);
void parameters_default(struct concentrator *concentrator);

/* One value in data format 14 (5 bytes) or 11 (4 bytes); EE when it is missing or too large. */
void value_put(uint32_t value, uint8_t decimals, unsigned format, struct writer *out);

/* concentrator_job.c: requests that wait for meters. */

/* returns  0; negative: no room, or no such port */
int job_forward(struct concentrator *concentrator, const struct q376_frame *frame);
/* Read first what is stale. returns  true: it will be served later */
bool job_refresh(struct concentrator *concentrator, const struct concentrator_head *head, struct span units);
bool job_is_waiting(const struct concentrator *concentrator, const struct concentrator_port *port);
/* The next piece of work for a port, as a turn. */
bool job_turn(struct concentrator *concentrator, struct concentrator_port *port, struct concentrator_turn *turn);
void job_forward_done(struct concentrator *concentrator, uint8_t index, uint8_t port, struct span answer);
void job_target_done(struct concentrator *concentrator, uint8_t index, uint8_t target);
/* The connection is gone, and with it whoever waits for answers. */
void jobs_void(struct concentrator *concentrator);
/* The archive changed: what was not asked yet is served as it is held. */
void jobs_settle(struct concentrator *concentrator);

/* concentrator_port.c: the master of a line. */

struct concentrator_port *port_of_number(struct concentrator *concentrator, uint8_t number); /* NULL none */
int64_t port_step(struct concentrator *concentrator, struct concentrator_port *port);
void port_wake(struct concentrator *concentrator);
/* The archive changed: what is asked now is asked in vain. */
void port_abandon(struct concentrator *concentrator, struct concentrator_port *port);

/* concentrator_task.c: what is due by schedule. */

/* The next turn of a port; false and the time of the next one.
 * due_ms  steady; written on false */
bool task_turn(struct concentrator *concentrator, struct concentrator_port *port, struct concentrator_turn *turn,
               int64_t *due_ms);
/* Days and months that passed, rounds that begin. */
void task_clock(struct concentrator *concentrator);
void task_restart(struct concentrator *concentrator, struct concentrator_port *port);
void task_turn_end(struct concentrator *concentrator, struct concentrator_port *port, bool failed);
/* Meters of a port that are polled. */
uint16_t task_meters(const struct concentrator *concentrator, const struct concentrator_port *port);

/* concentrator_reading.c: the questions of a turn, by protocol. */

enum reading_result {
    READING_IGNORED, /* not the answer */
    READING_NEXT,    /* taken: the next question */
    READING_AGAIN,   /* taken: the same question with another number */
    READING_ENDED,   /* the turn is complete, or nothing more is to be had */
    READING_LATER    /* the meter has it not yet */
};

/* The frame of the turn's next question; nothing when it is complete.
 * returns  bytes of the answer at most, 0: complete */
size_t reading_ask(struct concentrator *concentrator, struct concentrator_port *port, struct writer *out);
/* Take the answer out of what was received.
 * used  bytes that are done with */
enum reading_result reading_take(struct concentrator *concentrator, struct concentrator_port *port,
                                 struct span received, size_t *used);
struct concentrator_line reading_line(const struct concentrator *concentrator, const struct concentrator_port *port,
                                      const struct concentrator_meter *meter);
/* Freeze now (16H), or set clocks (08H), for all meters of the line. */
void reading_freeze_write(struct writer *out);
void reading_clock_write(const struct concentrator *concentrator, struct writer *out);
/* The turn's values are complete. */
void reading_keep(struct concentrator *concentrator, struct concentrator_port *port);
struct concentrator_sample *sample_of_point(struct concentrator *concentrator, uint16_t point);

#endif
