/* Two installations live through the same: late, lost, doubted and corrected reports, dials that wrap, ratios that change and
 * meters that are exchanged. One folds its midnights at any moment, across rollbacks and restarts, the other never. Whoever reads,
 * by whatever way, finds the same in both. */
#include "tests/unit/unit_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/random.h"
#include "base/writer.h"
#include "reading/midnight_work.h"
#include "reading/reading_internal.h"
#include "reading/series_block.h"
#include "store/sql/billing_sql.h"
#include "store/sql/midnight_walk.h"
#include "store/sql/view_sql.h"
#include "tests/store/postgres_fixture.h"
#include "tests/store/room_fixture.h"
#include "tests/store/store_fixture.h"
#include "tests/unit/reading/report_builder.h"

#define SEEDS 3
#define METERS 4
#define DAYS 330
#define FIRST_DAY (ROOM_FIXTURE_DAY - 10) /* the 23rd of a stretch: two of them are met */
#define ROW_DAYS 5                        /* far fewer than any installation: most of the map is folded */
#define MODULUS_ML 1000000
#define STORY_LIMIT (8u << 20)
#define READ_HISTORY_MAX 8

struct house {
    struct room_fixture fixture;
    struct view_sql *views;
    struct view_store view_store;
    struct billing_sql *billing;
    char path[STORE_FIXTURE_PATH];
    char *story; /* what its readers said */
};

static struct house plain = { .path = "" };
static struct house folded = { .path = "" };
static size_t told[VIEW_COUNT]; /* bytes that each view gave: none of them is compared in silence */
static uint32_t meters[METERS]; /* the device that hangs there now */
static int64_t truth_value[METERS][DAYS + 1];
static int64_t dial_shift[METERS]; /* dial = truth - this, modulo the dial */

/* Of so many days one is looked at by the slow ways. A server unpacks blocks in some milliseconds each. */
static int day_step(int usual)
{
    return postgres_fixture_there() ? 110 : usual;
}

static void house_open(struct house *house, const char *name)
{
    if (postgres_fixture_there())
        store_fixture_place(house->path, sizeof house->path);
    else
        snprintf(house->path, sizeof house->path, "/tmp/midnight_fold_test.%s.%d.db", name, (int)getpid());
    (void)unlink(house->path);
    room_fixture_open(&house->fixture, house->path);
    house->story = malloc(STORY_LIMIT);
    assert_non_null(house->story);
    assert_int_equal(view_sql_open(house->path, 1, &house->views, &house->view_store), 0);
    assert_int_equal(billing_sql_open(house->fixture.store, &house->billing), 0);
}

static void house_close(struct house *house)
{
    static const char *const endings[] = { "", "-wal", "-shm" };
    view_sql_close(house->views);
    billing_sql_close(house->billing);
    room_fixture_close(&house->fixture);
    free(house->story);
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        char name[STORE_FIXTURE_PATH + 8];
        snprintf(name, sizeof name, "%s%s", house->path, endings[i]);
        (void)unlink(name);
    }
}

static uint32_t meter_hang(struct house *house, int meter)
{
    struct room_fixture *fixture = &house->fixture;
    struct device_record row = { .area_id = fixture->building_a, .imei = UINT64_C(861111111111000) + (uint64_t)meter,
                                 .flow_limit_value_per_h = 3000, .register_modulus_value = MODULUS_ML,
                                 .kind = meter == 2 ? DEVICE_KIND_ELECTRICITY : DEVICE_KIND_COLD_WATER,
                                 .multiplier_e3 = meter == 2 ? 40000 : REGISTRY_MULTIPLIER_NONE_E3,
                                 .installed_s = room_fixture_midnight_s(FIRST_DAY) };
    snprintf(row.meter_number, sizeof row.meter_number, "%012d", meter + 1);
    room_fixture_begin(fixture);
    assert_int_equal(registry_device_add(fixture->registry, &fixture->scope, ROOM_FIXTURE_NOW_S, &row), 0);
    room_fixture_commit(fixture);
    return row.device_id;
}

static void books_write(struct house *house)
{
    room_fixture_begin(&house->fixture);
    assert_int_equal(store_execute(house->fixture.store,
        "INSERT INTO customer (customer_id, tenant_id, number, name, created_s) VALUES (1, 1, '1', '陈佳怡', 0);"
        "INSERT INTO tariff (tariff_id, tenant_id, name) VALUES (1, 1, 'T');"
        "INSERT INTO tariff_version (tariff_version_id, tariff_id, effective_day, created_s, document) VALUES (1, 1, 0, 0, '{}');"
        "INSERT INTO account (account_id, tenant_id, customer_id, device_id, area_id, tariff_id, payment_mode, wallet_id, opened_s)"
        " SELECT device_id, 1, 1, device_id, area_id, 1, 'postpaid', 1, 0 FROM device;"
        "INSERT INTO account_standing (account_id) SELECT account_id FROM account WHERE true ON CONFLICT (account_id) DO NOTHING;"
        "INSERT INTO reading_task VALUES (1, 1, 1, 0, 0, 20005, 0, 0, 0, 2, NULL, 0, 0, 0, 0, 4, 4, 0, 0);"
        "INSERT INTO reading_task_item SELECT 1, device_id, 0, 0, 3, 0, 0, 0, 0, 0 FROM device;"
        "INSERT INTO balance_zone VALUES (1, 1, 1, 'cold_water', 'Z', 0);"
        "INSERT INTO balance_supply VALUES (1, 1, 1)"), 0);
    room_fixture_commit(&house->fixture);
}

static int64_t dial_value(int meter, int day)
{
    int64_t value = (truth_value[meter][day] - dial_shift[meter]) % MODULUS_ML;
    return value < 0 ? value + MODULUS_ML : value;
}

static void truth_make(struct random *random)
{
    memset(truth_value, 0, sizeof truth_value);
    memset(dial_shift, 0, sizeof dial_shift);
    for (int meter = 0; meter < METERS; meter++)
        for (int day = 1; day <= DAYS; day++)
            truth_value[meter][day] = truth_value[meter][day - 1] + (int64_t)random_below(random, meter == 1 ? 24001 : 500);
}

/* The same to both houses; what they make of it is the same. */
static void report_both(const struct uplink *report)
{
    static struct reading_outcome outcomes[2];
    struct house *const houses[2] = { &plain, &folded };
    for (int i = 0; i < 2; i++) {
        memset(&outcomes[i], 0, sizeof outcomes[i]);
        room_fixture_begin(&houses[i]->fixture);
        assert_int_equal(reading_accept(houses[i]->fixture.reading, report, report->received_s, &outcomes[i]), 0);
        room_fixture_commit(&houses[i]->fixture);
    }
    assert_int_equal(outcomes[0].day_count, outcomes[1].day_count);
    assert_int_equal(outcomes[0].set_aside_count, outcomes[1].set_aside_count);
    assert_int_equal(outcomes[0].repeated_count, outcomes[1].repeated_count);
    assert_int_equal(outcomes[0].changed_from_day, outcomes[1].changed_from_day);
}

/* Midnights of `day` and the days before it; sometimes one of them a wrong number. */
static void report_send(struct random *random, int meter, int day, int count, int64_t delay_s)
{
    struct uplink report = report_make(meters[meter], room_fixture_midnight_s(FIRST_DAY + day) + 3 * 3600 + delay_s);
    int wrong = random_chance(random, 1, 12) ? (int)random_below(random, (uint64_t)count) : -1;
    for (int i = 0; i < count && day - i >= 0; i++)
        report_midnight(&report, FIRST_DAY + day - i, dial_value(meter, day - i) + (i == wrong ? 40 : 0));
    report_both(&report);
}

/* A person decides about the oldest value that waits. */
static void decision_take(struct random *random)
{
    static struct reading_outcome outcome;
    bool accept = random_chance(random, 2, 3);
    int64_t id = room_fixture_number(&plain.fixture,
        "SELECT coalesce((SELECT min(set_aside_id) FROM reading_set_aside WHERE decided_s IS NULL), 0)");
    if (id == 0)
        return;
    int answers[2];
    struct house *const houses[2] = { &plain, &folded };
    for (int i = 0; i < 2; i++) {
        room_fixture_begin(&houses[i]->fixture);
        answers[i] = reading_decide(houses[i]->fixture.reading, id, accept, 1, ROOM_FIXTURE_NOW_S, &outcome);
        if (answers[i] == READING_ERR_NOT_ACCEPTABLE) {
            room_fixture_rollback(&houses[i]->fixture);
            room_fixture_begin(&houses[i]->fixture);
            assert_int_equal(reading_decide(houses[i]->fixture.reading, id, false, 1, ROOM_FIXTURE_NOW_S, &outcome), 0);
        }
        room_fixture_commit(&houses[i]->fixture);
    }
    assert_int_equal(answers[0], answers[1]);
}

static void meter_exchange(int meter, int day)
{
    int64_t now_s = room_fixture_midnight_s(FIRST_DAY + day) + 9 * 3600;
    struct house *const houses[2] = { &plain, &folded };
    uint32_t next = 0;
    for (int i = 0; i < 2; i++) {
        struct room_fixture *fixture = &houses[i]->fixture;
        struct registry_exchange exchange = { .old_device_id = meters[meter], .new_imei = UINT64_C(862222222222000) + (uint64_t)day };
        snprintf(exchange.new_meter_number, sizeof exchange.new_meter_number, "9%011d", day);
        room_fixture_begin(fixture);
        if (reading_exchange_total(fixture->reading, meters[meter], dial_value(meter, day), now_s, &exchange.end_total_value) != 0)
            exchange.end_total_value = reading_state_find(fixture->reading, meters[meter])->total_value;
        assert_int_equal(registry_device_exchange(fixture->registry, &fixture->scope, &exchange, now_s, &next), 0);
        room_fixture_commit(fixture);
    }
    meters[meter] = next;
    dial_shift[meter] = truth_value[meter][day];
}

static void ratio_change(int meter)
{
    struct house *const houses[2] = { &plain, &folded };
    for (int i = 0; i < 2; i++) {
        struct room_fixture *fixture = &houses[i]->fixture;
        struct device_record row = { .device_id = meters[meter], .multiplier_e3 = 60000 };
        room_fixture_begin(fixture);
        assert_int_equal(registry_device_change(fixture->registry, &fixture->scope, REGISTRY_CHANGE_TRANSFORMERS, &row), 0);
        assert_int_equal(reading_multiplier_changed(fixture->reading, meters[meter]), 0);
        room_fixture_commit(fixture);
    }
}

/* Some slices of a round, kept or lost; a restart in between. */
static void fold_some(struct random *random, int day)
{
    struct room_fixture *fixture = &folded.fixture;
    for (uint64_t slices = random_below(random, 6); slices > 0; slices--) {
        fixture->reading->retention.midnight_row_days = ROW_DAYS;
        room_fixture_begin(fixture);
        assert_true(midnight_fold_tick(fixture->reading, INT64_C(86400) * (FIRST_DAY + day)) >= 0);
        if (random_chance(random, 1, 5))
            room_fixture_rollback(fixture);
        else
            room_fixture_commit(fixture);
    }
    if (random_chance(random, 1, 15))
        room_fixture_reload(fixture);
}

static int row_tell(void *context, const struct view_row *row)
{
    struct writer *out = context;
    for (size_t i = 0; i < row->count; i++) {
        const struct view_cell *cell = &row->cells[i];
        if (cell->type == VIEW_INTEGER)
            writer_format(out, "%lld|", (long long)cell->integer);
        else if (cell->type == VIEW_NULL)
            writer_text(out, "-|");
        else
            writer_put_span(out, cell->text);
    }
    writer_text(out, "\n");
    return 0;
}

#define NUMBER(name_, value_) { .name = name_, .type = VIEW_INTEGER, .integer = value_ }
#define TEXT(name_, value_) { .name = name_, .type = VIEW_TEXT, .text = { (const uint8_t *)(value_), sizeof(value_) - 1 } }

static const enum view of_meter[] = { VIEW_DEVICE_USAGE_DAYS, VIEW_DEVICE_USAGE_MONTHS, VIEW_DEVICE_READINGS,
                                      VIEW_DEVICE_INTERVALS, VIEW_REPORT_MIDNIGHTS, VIEW_REPORT_INSTANTS };
static const enum view of_day[] = { VIEW_COMPLETENESS_MISSING, VIEW_AREA_INTERVALS, VIEW_SETTLEMENT_PREVIEW,
                                    VIEW_READING_TASK_ITEMS, VIEW_BALANCE_READINGS, VIEW_BILL_READINGS };

/* Every view that reads midnights, of all days of a meter or of one day of all meters. */
static void views_tell(struct house *house, uint32_t device_id, int day, struct writer *out)
{
    char days[40];
    snprintf(days, sizeof days, "[%d,%d,%d]", FIRST_DAY + day, FIRST_DAY, FIRST_DAY + 19);
    struct view_parameter parameters[] = {
        NUMBER("tenant", 1), TEXT("path_low", "/"), TEXT("path_high", "0"), NUMBER("zone_s", ROOM_FIXTURE_ZONE_S),
        NUMBER("now_s", INT64_C(86400) * (FIRST_DAY + DAYS)), NUMBER("today", FIRST_DAY + DAYS), NUMBER("limit", 1000),
        NUMBER("object", device_id), NUMBER("device_id", device_id), NUMBER("from", FIRST_DAY), NUMBER("to", FIRST_DAY + DAYS),
        NUMBER("day", FIRST_DAY + day), NUMBER("to_day", FIRST_DAY + day), NUMBER("from_s", 0), NUMBER("to_s", INT64_C(1) << 40),
        NUMBER("step_s", 3600), NUMBER("channel", (int64_t)QUANTITY_WATER_VOLUME << 16), TEXT("device_kind", "cold_water"),
        { .name = "days", .type = VIEW_TEXT, .text = { (const uint8_t *)days, strlen(days) } },
    };
    struct view_query query = { .parameters = parameters, .parameter_count = sizeof parameters / sizeof parameters[0] };
    size_t count = device_id != 0 ? sizeof of_meter / sizeof of_meter[0] : sizeof of_day / sizeof of_day[0];
    for (size_t i = 0; i < count; i++) {
        query.view = device_id != 0 ? of_meter[i] : of_day[i];
        parameters[7].integer = device_id != 0 ? device_id : 1;
        size_t before = out->size;
        assert_int_equal(house->view_store.read(house->view_store.context, &query, row_tell, out), VIEW_OK);
        told[query.view] += out->size - before;
    }
}

static int midnight_tell(void *visitor, uint32_t device_id, int64_t register_value)
{
    writer_format(visitor, "%u:%lld ", device_id, (long long)register_value);
    return 0;
}

static void stored_tell(struct house *house, uint32_t device_id, int day, struct writer *out)
{
    const struct billing_store *billing = billing_sql_store(house->billing);
    struct reading_day stored;
    int64_t total_value = 0;
    int found = reading_day_read(house->fixture.reading, device_id, FIRST_DAY + day, &stored);
    assert_true(found >= 0);
    if (day % day_step(1) == 0)
        assert_int_equal(billing->midnight_read(billing->context, device_id, FIRST_DAY + day, &total_value), found);
    if (found == 1)
        writer_format(out, "%u %d: %lld %lld %lld %d %lld %lld\n", device_id, day, (long long)stored.register_value,
                      (long long)stored.total_value, (long long)stored.received_s, stored.quality,
                      (long long)stored.multiplier_e3, (long long)total_value);
}

static void bill_set(struct house *house, int day)
{
    char text[300];
    snprintf(text, sizeof text,
             "DELETE FROM bill; INSERT INTO bill (bill_id, tenant_id, account_id, number, from_day, to_day, from_total_value,"
             " to_total_value, usage_value, amount_fen, state, due_day, issued_s, tariff_version_id)"
             " VALUES (1, 1, 1, '1', %d, %d, 0, 0, 0, 0, 'issued', 0, 0, 1)", FIRST_DAY, FIRST_DAY + day);
    room_fixture_begin(&house->fixture);
    assert_int_equal(store_execute(house->fixture.store, text), 0);
    room_fixture_commit(&house->fixture);
}

/* All that anybody can read of a house, as text. */
static size_t house_tell(struct house *house)
{
    const struct billing_store *billing = billing_sql_store(house->billing);
    struct writer out = writer_of_buffer(house->story, STORY_LIMIT);
    uint32_t count = registry_device_count(house->fixture.registry);
    for (uint32_t id = 1; id <= count; id++) {
        struct billing_device device;
        for (int day = 0; day <= DAYS; day++)
            stored_tell(house, id, day, &out);
        views_tell(house, id, 0, &out);
        if (billing->device_read(billing->context, id, &device) == 1)
            writer_format(&out, "%lld\n", (long long)device.newest_total_value);
    }
    for (int day = 0; day <= DAYS; day += day_step(11)) {
        bill_set(house, day);
        views_tell(house, 0, day, &out);
        assert_int_equal(midnight_walk(house->fixture.store, FIRST_DAY + day, midnight_tell, &out), 0);
    }
    assert_false(out.overflow);
    return out.size;
}

static void houses_compare(void)
{
    size_t expected = house_tell(&plain);
    assert_int_equal(house_tell(&folded), expected);
    if (memcmp(plain.story, folded.story, expected) != 0) {
        size_t at = 0;
        while (plain.story[at] == folded.story[at])
            at++;
        at = at > 200 ? at - 200 : 0;
        fail_msg("plain:\n%.400s\nfolded:\n%.400s", plain.story + at, folded.story + at);
    }
}

static void day_live(struct random *random, int day)
{
    for (int meter = 0; meter < METERS; meter++) {
        bool silent = meter == 0 && day % 90 > 50; /* for weeks: what it has is folded while its map still ends there */
        if (!silent && random_chance(random, 2, 3))
            report_send(random, meter, day, 1 + (int)random_below(random, READ_HISTORY_MAX), (int64_t)random_below(random, 36000));
        if (day >= 60 && random_chance(random, 1, 8)) /* what a concentrator kept */
            report_send(random, meter, day - (int)random_below(random, 58), 1, (int64_t)random_below(random, 60) * 86400);
    }
    if (random_chance(random, 1, 2))
        decision_take(random);
}

static void random_histories_answer_as_if_never_folded(void **state)
{
    (void)state;
    uint64_t seeds = postgres_fixture_there() ? 1 : SEEDS; /* where a block is unpacked by the server, in no hurry */
    for (uint64_t seed = 1; seed <= seeds; seed++) {
        struct random random = random_of_seed(seed);
        print_message("seed %d\n", (int)seed);
        house_open(&plain, "plain");
        house_open(&folded, "folded");
        truth_make(&random);
        for (int meter = 0; meter < METERS; meter++) {
            meters[meter] = meter_hang(&plain, meter);
            assert_int_equal(meter_hang(&folded, meter), meters[meter]);
        }
        books_write(&plain);
        books_write(&folded);
        for (int day = 0; day <= DAYS; day++) {
            day_live(&random, day);
            if (day == 100)
                ratio_change(2);
            if (day == 150)
                meter_exchange(3, day);
            fold_some(&random, day);
            if (day % 110 == 109 && !postgres_fixture_there())
                houses_compare();
        }
        houses_compare();
        assert_true(room_fixture_number(&folded.fixture, "SELECT count(*) FROM midnight_block") >= 2 * METERS - 1);
        assert_true(room_fixture_number(&folded.fixture, "SELECT count(*) FROM daily_reading") <
                    room_fixture_number(&plain.fixture, "SELECT count(*) FROM daily_reading") / 4);
        assert_int_equal(room_fixture_number(&plain.fixture, "SELECT count(*) FROM midnight_block"), 0);
        for (size_t i = 0; i < sizeof of_meter / sizeof of_meter[0]; i++)
            assert_true(told[of_meter[i]] > 0);
        for (size_t i = 0; i < sizeof of_day / sizeof of_day[0]; i++)
            assert_true(told[of_day[i]] > 0);
        house_close(&plain);
        house_close(&folded);
    }
}

static int64_t folded_number(const char *query)
{
    return room_fixture_number(&folded.fixture, query);
}

/* Midnights of the days `from` to `days` - 1, each on its own day; then a round as on the day after the last. */
static void days_fold(uint32_t devices, int from, int days)
{
    struct reading_outcome outcome;
    for (int day = from; day < days; day++)
        for (uint32_t id = 1; id <= devices; id++) {
            struct uplink report = report_make(id, room_fixture_midnight_s(FIRST_DAY + day) + 3 * 3600);
            report_midnight(&report, FIRST_DAY + day, day * INT64_C(500));
            room_fixture_begin(&folded.fixture);
            assert_int_equal(reading_accept(folded.fixture.reading, &report, report.received_s, &outcome), 0);
            room_fixture_commit(&folded.fixture);
        }
    for (int i = 0; i < 8; i++) {
        room_fixture_begin(&folded.fixture);
        folded.fixture.reading->retention.midnight_row_days = ROW_DAYS;
        assert_true(midnight_fold_tick(folded.fixture.reading, INT64_C(86400) * (FIRST_DAY + days)) >= 0);
        room_fixture_commit(&folded.fixture);
    }
}

static void young_midnights_stay_rows(void **state)
{
    (void)state;
    house_open(&folded, "folded");
    meter_hang(&folded, 0);
    meter_hang(&folded, 3);
    days_fold(2, 0, 40);
    assert_int_equal(folded_number("SELECT count(*) FROM daily_reading"), 2 * ROW_DAYS);
    assert_int_equal(folded_number("SELECT min(day) FROM daily_reading"), FIRST_DAY + 40 - ROW_DAYS);
    assert_int_equal(folded_number("SELECT count(*) FROM midnight_block"), 2);
    assert_int_equal(folded_number("SELECT sum(length(totals) + length(ratios)) FROM midnight_block"), 0);
    assert_int_equal(folded_number("SELECT before_day FROM midnight_progress"), FIRST_DAY + 40 - ROW_DAYS);
    assert_int_equal(folded_number("SELECT running FROM midnight_progress"), 0);
    house_close(&folded);
}

/* Rows of one device alone fill many hands: each slice is bounded, and the round comes to its end. */
static void a_long_history_is_folded_by_slices(void **state)
{
    (void)state;
    house_open(&folded, "folded");
    meter_hang(&folded, 0);
    meter_hang(&folded, 1);
    room_fixture_begin(&folded.fixture);
    assert_int_equal(store_execute(folded.fixture.store,
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 2999)"
        " INSERT INTO daily_reading SELECT 16000 + i, d.device_id, i * 3, i * 3, 0, (16000 + i) * 86400, 1000 FROM n, device d"), 0);
    room_fixture_commit(&folded.fixture);
    int most = 0;
    for (int i = 0; i < 20; i++) {
        room_fixture_begin(&folded.fixture);
        int laid = midnight_fold_tick(folded.fixture.reading, INT64_C(86400) * 20000);
        assert_true(laid >= 0);
        most = laid > most ? laid : most;
        room_fixture_commit(&folded.fixture);
    }
    assert_true(most <= MIDNIGHT_WORK_ROWS);
    assert_int_equal(folded_number("SELECT count(*) FROM daily_reading"), 0);
    assert_int_equal(folded_number("SELECT running FROM midnight_progress"), 0);
    assert_int_equal(folded_number("SELECT count(*) * 100000 + sum(total_value) FROM midnights(2, 16000, 18999)"),
                     INT64_C(3000) * 100000 + 3 * INT64_C(2999) * 3000 / 2);
    house_close(&folded);
}

static void damage_do(const char *text)
{
    room_fixture_begin(&folded.fixture);
    assert_int_equal(store_execute(folded.fixture.store, text), 0);
    room_fixture_commit(&folded.fixture);
}

/* One damaged block is one meter's trouble: it is named, its rows stay, the others are folded on. */
static void a_damaged_block_stops_nobody_else(void **state)
{
    (void)state;
    if (postgres_fixture_there())
        skip(); /* the wrecks are in SQLite's words */
    static const char *const wrecks[] = {
        "UPDATE midnight_block SET registers = x'8100ff' WHERE device_id = 1",
        "UPDATE midnight_block SET registers = x'' WHERE device_id = 1",
        "UPDATE midnight_block SET arrivals = zeroblob(9000) WHERE device_id = 1",
        "UPDATE midnight_block SET registers = (SELECT arrivals FROM midnight_block WHERE device_id = 2),"
        " stretch = stretch + 1 WHERE device_id = 1; UPDATE midnight_block SET stretch = stretch - 1 WHERE device_id = 1;"
        " UPDATE midnight_block SET arrivals = substr(arrivals, 1, length(arrivals) - 1) WHERE device_id = 1",
    };
    for (size_t i = 0; i < sizeof wrecks / sizeof wrecks[0]; i++) {
        struct reading_damage damage;
        struct reading_day stored;
        house_open(&folded, "folded");
        meter_hang(&folded, 0);
        meter_hang(&folded, 3);
        days_fold(2, 0, 20);
        damage_do(wrecks[i]);
        assert_int_equal(reading_day_read(folded.fixture.reading, 1, FIRST_DAY + 3, &stored), READING_ERR_STORED);
        assert_int_equal(reading_damage_take(folded.fixture.reading, &damage), 0);
        days_fold(2, 20, 30);
        assert_int_equal(folded_number("SELECT running FROM midnight_progress"), 0);
        assert_int_equal(folded_number("SELECT count(*) FROM daily_reading WHERE device_id = 1"), 15);
        assert_int_equal(folded_number("SELECT count(*) FROM daily_reading WHERE device_id = 2"), ROW_DAYS);
        assert_int_equal(reading_damage_take(folded.fixture.reading, &damage), 1);
        assert_int_equal(damage.device_id, 1);
        assert_int_equal(damage.kind, READING_DAMAGE_MIDNIGHTS);
        assert_int_equal(reading_day_read(folded.fixture.reading, 2, FIRST_DAY + 3, &stored), 1);
        days_fold(1, 5, 6); /* the meter tells an old midnight again: nothing to compare with, and taken all the same */
        assert_int_equal(reading_damage_take(folded.fixture.reading, &damage), 1);
        house_close(&folded);
    }
}

/* What reads one meter says that its block is damaged; what goes over many finds nothing there, and goes on. */
static void readers_of_a_damaged_block(void **state)
{
    (void)state;
    const struct billing_store *billing;
    int64_t number = 0;
    if (postgres_fixture_there())
        skip(); /* the wreck is in SQLite's words */
    house_open(&folded, "folded");
    meter_hang(&folded, 0);
    days_fold(1, 0, 20);
    billing = billing_sql_store(folded.billing);
    assert_int_equal(billing->midnight_read(billing->context, 1, FIRST_DAY + 3, &number), 1);
    assert_int_equal(number, 1500);
    damage_do("UPDATE midnight_block SET registers = x'00'");
    assert_int_equal(billing->midnight_read(billing->context, 1, FIRST_DAY + 3, &number), 0);
    assert_int_equal(store_number(folded.fixture.store, "SELECT count(*) FROM midnights(1, 19990, 20000)", &number),
                     STORE_ERR_CORRUPT);
    assert_int_equal(store_number(folded.fixture.store, "SELECT count(*) FROM midnights(1, 20009, 20009)", &number), 0);
    assert_int_equal(number, 1);
    assert_int_equal(store_number(folded.fixture.store, "SELECT count(*) FROM midnights(1, NULL, 20020)", &number), 0);
    assert_int_equal(number, 0);
    house_close(&folded);
}

static void old_blocks_are_dropped(void **state)
{
    (void)state;
    house_open(&folded, "folded");
    meter_hang(&folded, 0);
    days_fold(1, 0, 300);
    const struct reading_store *store = &folded.fixture.reading->store;
    assert_int_equal(folded_number("SELECT count(*) FROM midnight_block"), 2);
    room_fixture_begin(&folded.fixture);
    int64_t border_s = (int64_t)midnight_block_stretch(FIRST_DAY + 299) * MIDNIGHT_BLOCK_DAYS * 86400;
    assert_int_equal(store->retention_trim(store->context, RETENTION_MIDNIGHTS, border_s - 86400, 100), 0);
    assert_int_equal(store->retention_trim(store->context, RETENTION_MIDNIGHTS, border_s, 100), 1);
    room_fixture_commit(&folded.fixture);
    assert_int_equal(folded_number("SELECT count(*) FROM midnight_block"), 1);
    house_close(&folded);
}

/* Anything 64 bits hold comes back; a byte that is missing never goes by unseen. */
static void any_days_come_back(void **state)
{
    (void)state;
    static struct midnight_block block;
    static struct midnight_days days;
    static struct midnight_days back;
    struct random random = random_of_seed(9);
    for (int round = 0; round < 200; round++) {
        struct span parts[MIDNIGHT_PART_COUNT];
        int known = 0;
        midnight_days_clear(&days);
        for (int32_t i = 0; i < MIDNIGHT_BLOCK_DAYS; i++) {
            if (random_below(&random, 10) < (uint64_t)(round % 11))
                continue;
            midnight_days_put(&days, &(struct reading_day){ .day = i, .register_value = (int64_t)random_next(&random),
                .total_value = (int64_t)random_next(&random), .received_s = random_chance(&random, 1, 3) ? (int64_t)random_next(&random)
                                                           : random_between(&random, -2, 300) * 40000,
                .multiplier_e3 = (int64_t)random_next(&random), .quality = (int32_t)random_below(&random, 4) });
            known++;
        }
        block.stretch = round * 3;
        assert_int_equal(midnight_block_encode(&days, &block), 0);
        for (int part = 0; part < MIDNIGHT_PART_COUNT; part++)
            parts[part] = span_of_bytes(block.parts[part], block.sizes[part]);
        assert_int_equal(midnight_block_decode(block.stretch, parts, &back), known);
        for (int32_t i = 0; i < MIDNIGHT_BLOCK_DAYS; i++) {
            struct reading_day a = { 0 };
            struct reading_day b = { 0 };
            assert_int_equal(midnight_days_get(&days, i, &a), midnight_days_get(&back, i, &b));
            assert_memory_equal(&a, &b, sizeof a);
        }
        assert_true(midnight_block_decode(block.stretch + 1, parts, &back) < 0);
        parts[MIDNIGHT_REGISTERS].size--;
        assert_true(midnight_block_decode(block.stretch, parts, &back) < 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_days_come_back),
        cmocka_unit_test(random_histories_answer_as_if_never_folded),
        cmocka_unit_test(young_midnights_stay_rows),
        cmocka_unit_test(a_long_history_is_folded_by_slices),
        cmocka_unit_test(a_damaged_block_stops_nobody_else),
        cmocka_unit_test(readers_of_a_damaged_block),
        cmocka_unit_test(old_blocks_are_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
