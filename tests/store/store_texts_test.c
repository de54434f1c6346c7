/* Every text of every room fits the database behind the store: each is prepared once, the views with their counts. */
#include "tests/unit/unit_test.h"

#include <stdio.h>

#include "api/view_store.h"
#include "store/sqlite/area_counts.h"
#include "store/sqlite/bank_sqlite.h"
#include "store/sqlite/billing_sqlite.h"
#include "store/sqlite/case_sqlite.h"
#include "store/sqlite/cash_sqlite.h"
#include "store/sqlite/collect_sqlite.h"
#include "store/sqlite/command_sqlite.h"
#include "store/sqlite/document_sqlite.h"
#include "store/sqlite/estate_sqlite.h"
#include "store/sqlite/event_sqlite.h"
#include "store/sqlite/invoice_sqlite.h"
#include "store/sqlite/invoice_standing_sqlite.h"
#include "store/sqlite/late_sqlite.h"
#include "store/sqlite/lease_sqlite.h"
#include "store/sqlite/ledger_sqlite.h"
#include "store/sqlite/measure_sqlite.h"
#include "store/sqlite/money_carry_sqlite.h"
#include "store/sqlite/money_sums.h"
#include "store/sqlite/notify_sqlite.h"
#include "store/sqlite/partner_sqlite.h"
#include "store/sqlite/payment_sqlite.h"
#include "store/sqlite/people_sqlite.h"
#include "store/sqlite/reading_sqlite.h"
#include "store/sqlite/registry_sqlite.h"
#include "store/sqlite/resident_sqlite.h"
#include "store/sqlite/search_index.h"
#include "store/sqlite/share_sqlite.h"
#include "store/sqlite/tariff_sqlite.h"
#include "store/sqlite/unit_sqlite.h"
#include "store/sqlite/view_sqlite.h"
#include "store/sqlite/watch_sqlite.h"
#include "tests/store/store_fixture.h"

#define ROOM(name) \
    static int name##_prepares(struct store *store) \
    { \
        struct name *room = NULL; \
        int error = name##_open(store, &room); \
        if (error == 0) \
            name##_close(room); \
        return error; \
    }

ROOM(area_counts)
ROOM(bank_sqlite)
ROOM(billing_sqlite)
ROOM(case_sqlite)
ROOM(cash_sqlite)
ROOM(collect_sqlite)
ROOM(command_sqlite)
ROOM(document_sqlite)
ROOM(estate_sqlite)
ROOM(invoice_sqlite)
ROOM(invoice_standing_sqlite)
ROOM(late_sqlite)
ROOM(ledger_sqlite)
ROOM(measure_sqlite)
ROOM(money_carry_sqlite)
ROOM(money_sums)
ROOM(payment_sqlite)
ROOM(reading_sqlite)
ROOM(registry_sqlite)
ROOM(search_index)
ROOM(share_sqlite)
ROOM(tariff_sqlite)
ROOM(unit_sqlite)
ROOM(watch_sqlite)

static int event_sqlite_prepares(struct store *store)
{
    struct event_sqlite events = { 0 };
    struct event_store event_store;
    int error = event_sqlite_open(&events, store, &event_store);

    event_sqlite_close(&events);
    return error;
}

static int lease_sqlite_prepares(struct store *store)
{
    struct lease_sqlite lease = { 0 };
    struct lease_store lease_store;
    int error = lease_sqlite_open(&lease, store, &lease_store);

    lease_sqlite_close(&lease);
    return error;
}

static int partner_sqlite_prepares(struct store *store)
{
    struct partner_sqlite partners = { 0 };
    struct partner_store partner_store;
    int error = partner_sqlite_open(&partners, store, &partner_store);

    partner_sqlite_close(&partners);
    return error;
}

static int people_sqlite_prepares(struct store *store)
{
    struct people_sqlite people = { 0 };
    struct resident_sqlite residents = { 0 };
    struct people_store people_store;
    struct resident_store resident_store;
    int error = people_sqlite_open(&people, store, &people_store);

    if (error == 0)
        error = resident_sqlite_open(&residents, store, &people_store, &resident_store);
    resident_sqlite_close(&residents);
    people_sqlite_close(&people);
    return error;
}

static int notify_sqlite_prepares(struct store *store)
{
    struct notify_sqlite *notify = NULL;
    int error = notify_sqlite_open(store, NULL, &notify);

    if (error == 0)
        notify_sqlite_close(notify);
    return error;
}

static const struct {
    const char *name;
    int (*prepares)(struct store *store);
} rooms[] = {
#define ROW(name) { #name, name##_prepares }
    ROW(area_counts), ROW(bank_sqlite), ROW(billing_sqlite), ROW(case_sqlite), ROW(cash_sqlite), ROW(collect_sqlite), ROW(command_sqlite),
    ROW(document_sqlite), ROW(estate_sqlite), ROW(event_sqlite), ROW(invoice_sqlite), ROW(invoice_standing_sqlite),
    ROW(late_sqlite), ROW(lease_sqlite), ROW(ledger_sqlite), ROW(measure_sqlite), ROW(money_carry_sqlite), ROW(money_sums), ROW(notify_sqlite),
    ROW(partner_sqlite), ROW(payment_sqlite), ROW(people_sqlite), ROW(reading_sqlite), ROW(registry_sqlite),
    ROW(search_index), ROW(share_sqlite), ROW(tariff_sqlite), ROW(unit_sqlite), ROW(watch_sqlite),
#undef ROW
};

static void every_room_prepares_its_statements(void **state)
{
    struct store *store = store_fixture_memory();
    int failed = 0;

    (void)state;
    for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
        int error = rooms[i].prepares(store);
        if (error != 0)
            print_error("%s: %s\n", rooms[i].name, store_error_text(error));
        failed += error != 0;
    }
    assert_int_equal(failed, 0);
    store_close(store);
}

static void every_view_prepares_its_rows_and_their_count(void **state)
{
    char path[300];
    struct store *store = NULL;
    struct view_sqlite *views = NULL;
    struct view_store view_store;
    enum view failed = VIEW_NONE;

    (void)state;
    store_fixture_path(path, sizeof path);
    assert_int_equal(store_open(&(struct store_config){ .path = path }, &store), 0);
    assert_int_equal(view_sqlite_open(path, 1, &views, &view_store), 0);
    int error = view_sqlite_check(views, &failed);
    if (error != 0)
        print_error("view %d: %s\n", (int)failed, store_error_text(error));
    assert_int_equal(error, 0);
    view_sqlite_close(views);
    store_close(store);
    store_fixture_remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_room_prepares_its_statements),
        cmocka_unit_test(every_view_prepares_its_rows_and_their_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
