/* Reports that come by the thousand are stored and acknowledged first and charged behind that: whatever happens in between, every
 * account has paid for its day once, and the books balance. */
#include "apps/meterworks/core.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "apps/meterworks/archive_call.h"
#include "apps/meterworks/city_archive.h"
#include "apps/meterworks/verify.h"
#include "base/calendar.h"
#include "base/quantity.h"
#include "sim/town_plan.h"
#include "store/store.h"
#include "tests/unit/unit_test.h"

#define METERS 2000
#define PREPAID 1400
#define BATCH 1000            /* the midnights of the second wait in the log of the first */
#define ZONE_S 28800
#define TODAY 20775           /* 2026-11-18 */
#define PAID_FEN 1000000
#define CALM_S 3              /* of the core's clock: a storm is over by then */
#define SECONDS_LIMIT 60

struct city {
    char path[64];
    struct city_archive_config archive;
    int64_t now_s;
    unsigned accepted;
    struct core *core;
    struct uplink uplinks[METERS];
};

static void acknowledge(void *context, const struct uplink_acknowledgement *acknowledgement)
{
    struct city *city = context;

    city->accepted += acknowledgement->accepted;
}

static void core_begin(struct city *city)
{
    struct core_config config = { .path = city->path, .synchronous = "OFF", .ports = { city, .acknowledge = acknowledge } };
    char problem[256];

    assert_int_equal(core_open(&config, &city->core, problem), 0);
}

static void tariff_enter(struct city *city)
{
    static struct core_tariff request;
    static struct core_reply reply;

    assert_int_equal(core_tenant_add(city->core, "storm", ZONE_S, city->now_s, &city->archive.tenant_id,
                                     &city->archive.root_area_id), 0);
    archive_call_head(&request.head, city->archive.tenant_id, city->archive.root_area_id, city->now_s);
    request.effective_day = TODAY - 100;
    snprintf(request.name, sizeof request.name, "%s", town_tariff_name(TOWN_TARIFF_HOUSEHOLD));
    snprintf(request.utility, sizeof request.utility, "water");
    snprintf(request.document, sizeof request.document, "%s", town_tariff_document(TOWN_TARIFF_HOUSEHOLD));
    assert_int_equal(core_execute(city->core, CORE_TARIFF_CREATE, &request, &reply, city->now_s), 0);
    city->archive.tariff_id = reply.object_id;
}

static void archive_write(const struct city *city)
{
    struct store_config config = { .path = city->path, .synchronous = "OFF" };
    struct store *store = NULL;

    assert_int_equal(store_open(&config, &store), 0);
    assert_int_equal(city_archive_write(store, &city->archive), 0);
    store_close(store);
}

/* Until the core has had nothing to do for some seconds. */
static void quiet_wait(struct city *city)
{
    int quiet = 0;

    for (int second = 0; quiet < CALM_S; second++) {
        assert_true(second < SECONDS_LIMIT);
        assert_int_equal(core_work(city->core, NULL, 0, NULL, 0, ++city->now_s), 0);
        quiet = core_work_remains(city->core) ? 0 : quiet + 1;
    }
}

static int city_open(void **state)
{
    static struct city city;

    city = (struct city){ .now_s = calendar_midnight(TODAY, ZONE_S) + CALENDAR_DAY_S / 2 };
    city.archive = (struct city_archive_config){ .meters = METERS, .days = 2, .today = TODAY, .zone_offset_s = ZONE_S,
                                                 .look_s = INT64_MAX, .paid_fen = PAID_FEN };
    snprintf(city.path, sizeof city.path, "/tmp/charge_storm_test.%ld.db", (long)getpid());
    core_begin(&city);
    tariff_enter(&city);
    core_close(city.core);
    archive_write(&city);
    core_begin(&city);
    quiet_wait(&city);
    city.now_s = calendar_midnight(TODAY + 1, ZONE_S) + 4 * 3600;
    quiet_wait(&city);
    *state = &city;
    return 0;
}

static int city_close(void **state)
{
    static const char *const endings[] = { "", "-wal", "-shm" };
    struct city *city = *state;
    char name[80];

    core_close(city->core);
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        snprintf(name, sizeof name, "%s%s", city->path, endings[i]);
        unlink(name);
    }
    return 0;
}

/* Every meter tells the midnight of tomorrow. */
static void storm_take(struct city *city)
{
    for (uint32_t i = 0; i < METERS; i++) {
        struct uplink *uplink = &city->uplinks[i];

        *uplink = (struct uplink){ .message_id = i, .content_hash = i + 1, .device_id = i + 1, .kind = UPLINK_REPORT,
                                   .received_s = city->now_s, .item_count = 2 };
        uplink->items[0] = (struct uplink_item){ .quantity = QUANTITY_WATER_VOLUME, .period = UPLINK_DAILY_FREEZE,
                                                 .value = city_meter_register_ml(&city->archive, i, TODAY + 1),
                                                 .time_s = calendar_midnight(TODAY + 1, ZONE_S) };
        uplink->items[1] = (struct uplink_item){ .quantity = QUANTITY_WATER_VOLUME, .value = uplink->items[0].value,
                                                 .time_s = city->now_s };
    }
    for (uint32_t first = 0; first < METERS; first += BATCH)
        assert_int_equal(core_work(city->core, city->uplinks + first, BATCH, NULL, 0, city->now_s), 0);
    assert_int_equal(city->accepted, METERS);
}

static int64_t number_of(const struct city *city, const char *query)
{
    int64_t number = -1;

    assert_int_equal(store_number(core_store(city->core), query, &number), 0);
    return number;
}

static int64_t charges(const struct city *city)
{
    return number_of(city, "SELECT count(*) FROM daily_charge WHERE day = 20775");
}

static int64_t midnights(const struct city *city)
{
    return number_of(city, "SELECT count(*) FROM daily_reading WHERE day = 20776");
}

static void everybody_has_paid_once(struct city *city)
{
    int faults = -1;
    FILE *nowhere = fopen("/dev/null", "w");

    assert_int_equal(midnights(city), METERS);
    assert_int_equal(charges(city), PREPAID);
    assert_int_equal(number_of(city, "SELECT count(*) FROM account_standing s JOIN account a USING (account_id)"
                                     " WHERE a.payment_mode = 'prepaid_platform' AND s.settled_day = 20776"), PREPAID);
    assert_non_null(nowhere);
    assert_int_equal(verify_store(core_store(city->core), nowhere, &faults), 0);
    assert_int_equal(faults, 0);
    fclose(nowhere);
}

static void reports_are_acknowledged_first_and_charged_behind(void **state)
{
    struct city *city = *state;

    storm_take(city);
    assert_true(midnights(city) >= BATCH && midnights(city) < METERS);
    assert_true(charges(city) < PREPAID);
    quiet_wait(city);
    everybody_has_paid_once(city);
}

static void a_core_that_is_killed_in_between_charges_what_it_stored(void **state)
{
    struct city *city = *state;

    storm_take(city);
    core_close(city->core); /* which stores nothing */
    core_begin(city);
    assert_true(midnights(city) < METERS);
    assert_true(charges(city) < PREPAID);
    quiet_wait(city);
    everybody_has_paid_once(city);
}

static void an_orderly_end_leaves_every_midnight_in_its_row(void **state)
{
    struct city *city = *state;

    storm_take(city);
    assert_true(midnights(city) < METERS);
    core_rest(city->core);
    assert_int_equal(midnights(city), METERS);
    assert_int_equal(number_of(city, "SELECT count(*) FROM state_log"), 0);
    core_close(city->core);
    core_begin(city);
    quiet_wait(city);
    everybody_has_paid_once(city);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reports_are_acknowledged_first_and_charged_behind, city_open, city_close),
        cmocka_unit_test_setup_teardown(a_core_that_is_killed_in_between_charges_what_it_stored, city_open, city_close),
        cmocka_unit_test_setup_teardown(an_orderly_end_leaves_every_midnight_in_its_row, city_open, city_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
