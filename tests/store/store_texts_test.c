/* Every text of every room fits the database behind the store: each is prepared once, the views with their counts. */
#include "tests/unit/unit_test.h"

#include <stdio.h>

#include "api/view_store.h"
#include "store/sql/area_counts.h"
#include "store/sql/bank_sql.h"
#include "store/sql/billing_sql.h"
#include "store/sql/case_sql.h"
#include "store/sql/cash_sql.h"
#include "store/sql/collect_sql.h"
#include "store/sql/command_sql.h"
#include "store/sql/document_sql.h"
#include "store/sql/estate_sql.h"
#include "store/sql/event_sql.h"
#include "store/sql/invoice_sql.h"
#include "store/sql/invoice_standing_sql.h"
#include "store/sql/late_sql.h"
#include "store/sql/lease_sql.h"
#include "store/sql/ledger_sql.h"
#include "store/sql/measure_sql.h"
#include "store/sql/money_carry_sql.h"
#include "store/sql/money_sums.h"
#include "store/sql/notify_sql.h"
#include "store/sql/partner_sql.h"
#include "store/sql/payment_sql.h"
#include "store/sql/people_sql.h"
#include "store/sql/reading_sql.h"
#include "store/sql/registry_sql.h"
#include "store/sql/resident_sql.h"
#include "store/sql/search_index.h"
#include "store/sql/share_sql.h"
#include "store/sql/tariff_sql.h"
#include "store/sql/unit_sql.h"
#include "store/sql/view_sql.h"
#include "store/sql/watch_sql.h"
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
ROOM(bank_sql)
ROOM(billing_sql)
ROOM(case_sql)
ROOM(cash_sql)
ROOM(collect_sql)
ROOM(command_sql)
ROOM(document_sql)
ROOM(estate_sql)
ROOM(invoice_sql)
ROOM(invoice_standing_sql)
ROOM(late_sql)
ROOM(ledger_sql)
ROOM(measure_sql)
ROOM(money_carry_sql)
ROOM(money_sums)
ROOM(payment_sql)
ROOM(reading_sql)
ROOM(registry_sql)
ROOM(search_index)
ROOM(share_sql)
ROOM(tariff_sql)
ROOM(unit_sql)
ROOM(watch_sql)

static int event_sql_prepares(struct store *store)
{
    struct event_sql events = { 0 };
    struct event_store event_store;
    int error = event_sql_open(&events, store, &event_store);

    event_sql_close(&events);
    return error;
}

static int lease_sql_prepares(struct store *store)
{
    struct lease_sql lease = { 0 };
    struct lease_store lease_store;
    int error = lease_sql_open(&lease, store, &lease_store);

    lease_sql_close(&lease);
    return error;
}

static int partner_sql_prepares(struct store *store)
{
    struct partner_sql partners = { 0 };
    struct partner_store partner_store;
    int error = partner_sql_open(&partners, store, &partner_store);

    partner_sql_close(&partners);
    return error;
}

static int people_sql_prepares(struct store *store)
{
    struct people_sql people = { 0 };
    struct resident_sql residents = { 0 };
    struct people_store people_store;
    struct resident_store resident_store;
    int error = people_sql_open(&people, store, &people_store);

    if (error == 0)
        error = resident_sql_open(&residents, store, &people_store, &resident_store);
    resident_sql_close(&residents);
    people_sql_close(&people);
    return error;
}

static int notify_sql_prepares(struct store *store)
{
    struct notify_sql *notify = NULL;
    int error = notify_sql_open(store, NULL, &notify);

    if (error == 0)
        notify_sql_close(notify);
    return error;
}

static const struct {
    const char *name;
    int (*prepares)(struct store *store);
} rooms[] = {
#define ROW(name) { #name, name##_prepares }
    ROW(area_counts), ROW(bank_sql), ROW(billing_sql), ROW(case_sql), ROW(cash_sql), ROW(collect_sql), ROW(command_sql),
    ROW(document_sql), ROW(estate_sql), ROW(event_sql), ROW(invoice_sql), ROW(invoice_standing_sql),
    ROW(late_sql), ROW(lease_sql), ROW(ledger_sql), ROW(measure_sql), ROW(money_carry_sql), ROW(money_sums), ROW(notify_sql),
    ROW(partner_sql), ROW(payment_sql), ROW(people_sql), ROW(reading_sql), ROW(registry_sql),
    ROW(search_index), ROW(share_sql), ROW(tariff_sql), ROW(unit_sql), ROW(watch_sql),
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
    struct view_sql *views = NULL;
    struct view_store view_store;
    enum view failed = VIEW_NONE;

    (void)state;
    store_fixture_path(path, sizeof path);
    assert_int_equal(store_open(&(struct store_config){ .path = path }, &store), 0);
    assert_int_equal(view_sql_open(path, 1, &views, &view_store), 0);
    int error = view_sql_check(views, &failed);
    if (error != 0)
        print_error("view %d: %s\n", (int)failed, store_error_text(error));
    assert_int_equal(error, 0);
    view_sql_close(views);
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
