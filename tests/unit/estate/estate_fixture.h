/* An estate room on a real store: one concentrator with three meters, and a peer that the test plays. */
#ifndef TESTS_UNIT_ESTATE_ESTATE_FIXTURE_H
#define TESTS_UNIT_ESTATE_ESTATE_FIXTURE_H

#include "estate/estate.h"
#include "registry/registry_line.h"
#include "store/sql/estate_sql.h"
#include "tests/store/room_fixture.h"

struct estate_fixture {
    struct room_fixture rooms;
    struct estate_sql *sql;
    struct estate_room *estate;
    uint32_t line_id;
    uint32_t meters[3];
    int64_t now_s;
    bool conditions[3];      /* enum estate_condition */
    char detail[32];         /* of the last condition that was present */
};

void estate_fixture_open(struct estate_fixture *fixture);
void estate_fixture_close(struct estate_fixture *fixture);

/* Close and open the estate room again: what a restart finds. */
void estate_fixture_reload(struct estate_fixture *fixture);

/* A meter on the line; its identifier. */
uint32_t estate_fixture_meter(struct estate_fixture *fixture, unsigned number);

void estate_fixture_presence(struct estate_fixture *fixture, enum uplink_presence presence);

void estate_fixture_tick(struct estate_fixture *fixture, int64_t seconds);

#endif
