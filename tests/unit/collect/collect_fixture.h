/* The collect room over a real store, with lines that answer what the test says. */
#ifndef TESTS_UNIT_COLLECT_COLLECT_FIXTURE_H
#define TESTS_UNIT_COLLECT_COLLECT_FIXTURE_H

#include "collect/collect.h"
#include "store/sql/collect_sql.h"
#include "tests/store/room_fixture.h"

#define FIXTURE_PORT 2 /* of every meter, at its concentrator */

#define NOW ROOM_FIXTURE_NOW_S
#define DAY ROOM_FIXTURE_DAY
#define SENT_LIMIT 512

struct collect_fixture {
    struct room_fixture rooms;
    struct collect_sql *sql;
    struct collect_store store;         /* what the room writes through; a test may put its own functions in */
    struct collect_room *room;
    void (*store_wrap)(struct collect_store *store); /* called before the room opens; may be NULL */
    struct line_order sent[SENT_LIMIT]; /* orders that left, oldest first */
    int sent_count;
    bool gate_full;
    uint64_t cancelled[SENT_LIMIT];
    int cancelled_count;
    int told_count;
    struct collect_task told;           /* the last one that moved */
    uint32_t radio_asked;               /* device */
    int64_t now_s;
};

int collect_fixture_setup(void **state);
/* What asks a radio for quarter-hours in the fixtures that open from now on; NULL: nobody. */
extern int (*collect_fixture_radio_intervals)(void *listener, uint32_t device_id, uint32_t person_id, int64_t time_s);
/* The same with a store that the test has its own functions in. */
int collect_fixture_open(void **state, void (*store_wrap)(struct collect_store *store));
int collect_fixture_teardown(void **state);

/* End the program and start it again. */
void collect_fixture_reload(struct collect_fixture *fixture);

/* Without rules of dispatch in the way: a concentrator, a bus, meters on them, installed 100 days ago. */
uint32_t fixture_concentrator(struct collect_fixture *fixture);
uint32_t fixture_bus(struct collect_fixture *fixture);
uint32_t fixture_meter(struct collect_fixture *fixture, uint32_t parent, uint32_t kind);
uint32_t fixture_heat_meter(struct collect_fixture *fixture, uint32_t parent, const char *profile);
/* A water meter whose dial nobody read when it was hung. */
uint32_t fixture_meter_at_port(struct collect_fixture *fixture, uint32_t parent, uint8_t port); /* of electricity */
uint32_t fixture_meter_without_start(struct collect_fixture *fixture, uint32_t parent);

/* The line dials in, or is lost; in a transaction of its own. */
void fixture_login(struct collect_fixture *fixture, uint32_t line_id);
void fixture_lost(struct collect_fixture *fixture, uint32_t line_id);

/* Flush, commit, and let orders leave. */
void fixture_commit(struct collect_fixture *fixture);

/* One transaction of the core with nothing else in it; orders that leave are in `sent`. */
void fixture_tick(struct collect_fixture *fixture);
/* The same with so little work allowed, and a second passes. */
void fixture_tick_of(struct collect_fixture *fixture, int limit);
/* Seconds pass, one tick each. */
void fixture_wait(struct collect_fixture *fixture, int64_t seconds);

/* A meter's midnight, or its value of now, comes as the answer of an order. */
void fixture_answer_day(struct collect_fixture *fixture, uint64_t order_id, uint32_t device_id, int32_t day, int64_t value);
void fixture_answer_now(struct collect_fixture *fixture, uint64_t order_id, uint32_t device_id, int64_t value);
/* An answer of this meter without a value, or (device_id the line) the end of the order. */
void fixture_answer_problem(struct collect_fixture *fixture, uint64_t order_id, uint32_t device_id, uint8_t problem,
                            bool ended);
void fixture_end(struct collect_fixture *fixture, const struct line_order *order, uint8_t problem);

/* Any uplink through reading and collect, in a transaction of its own. */
void fixture_uplink(struct collect_fixture *fixture, const struct uplink *uplink);

/* A task that must be accepted. */
struct collect_task fixture_task(struct collect_fixture *fixture, const struct collect_request *request);
struct collect_request fixture_request(const struct collect_fixture *fixture, uint8_t what, int32_t day);

/* As it is now. */
struct collect_task fixture_task_now(struct collect_fixture *fixture, int64_t task_id);
struct collect_item fixture_item(struct collect_fixture *fixture, int64_t task_id, uint32_t device_id);

/* Days of the last 31 are there for the meter (today's too), by an uplink that nobody asked. */
void fixture_fill(struct collect_fixture *fixture, uint32_t device_id);

bool order_asks(const struct collect_fixture *fixture, const struct line_order *order, uint32_t device_id);

#endif
