/* Registry and reading on a real store, with one tenant, one estate, two buildings: what the rooms' tests begin with. */
#ifndef TESTS_STORE_ROOM_FIXTURE_H
#define TESTS_STORE_ROOM_FIXTURE_H

#include "base/undo.h"
#include "reading/reading.h"
#include "registry/registry.h"
#include "store/sql/reading_sql.h"
#include "store/sql/registry_sql.h"
#include "store/store.h"

#define ROOM_FIXTURE_ZONE_S 28800
#define ROOM_FIXTURE_DAY 20000 /* 2024-10-04 */
#define ROOM_FIXTURE_NOW_S (INT64_C(86400) * ROOM_FIXTURE_DAY - ROOM_FIXTURE_ZONE_S + 3 * 3600)

struct room_fixture {
    struct store *store;
    struct registry_sql *registry_sql;
    struct reading_sql *reading_sql;
    struct undo *undo;
    struct registry *registry;
    struct reading_room *reading;
    struct registry_scope scope; /* the whole tenant */
    uint32_t tenant_id;
    uint32_t root_area_id;
    uint32_t building_a;
    uint32_t building_b;
};

/* path  of the database, NULL for one in memory. Ends the test when anything fails. */
void room_fixture_open(struct room_fixture *fixture, const char *path);
void room_fixture_close(struct room_fixture *fixture);

/* Close and open the rooms again on the same store: what a restart finds. */
void room_fixture_reload(struct room_fixture *fixture);

/* A device in building A, installed at midnight of ROOM_FIXTURE_DAY - 10 showing start_register_value; its identifier. */
uint32_t room_fixture_device(struct room_fixture *fixture, int64_t start_register_value);

/* The same of another kind, with a ratio in thousandths. */
uint32_t room_fixture_device_of(struct room_fixture *fixture, uint32_t kind, int64_t multiplier_e3,
                                int64_t start_register_value);

/* The local midnight that begins `day`. */
int64_t room_fixture_midnight_s(int32_t day);

void room_fixture_begin(struct room_fixture *fixture);
void room_fixture_commit(struct room_fixture *fixture);
void room_fixture_rollback(struct room_fixture *fixture);

/* The first column of the first row. */
int64_t room_fixture_number(struct room_fixture *fixture, const char *query);

#endif
