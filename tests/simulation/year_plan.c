/* Who lives there and what they use: from the seed alone. How each midnight comes: from the delivery. */
#include "tests/unit/unit_test.h"

#include "tests/simulation/year.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "billing/public_meter.h"

#define TRAVEL_DAYS 6          /* a late midnight: less than billing waits for one */
#define TRIES 3                /* a midnight comes at most so often */
#define M3_ML 1000000

/* Kinds of homes 0, 1, 2, ...; then from the beginning. A room's group is that of the main one before it. */
static const enum year_kind kinds[] = {
    YEAR_PUBLIC, YEAR_SHARER, YEAR_SHARER, YEAR_SHARER, YEAR_MAIN,  YEAR_ROOM,         YEAR_ROOM,
    YEAR_STEPS,  YEAR_FLAT,   YEAR_BILLED, YEAR_METER,  YEAR_STEPS, YEAR_BILLED_STEPS, YEAR_FLAT,
};

static const char *const modes[YEAR_KIND_COUNT] = {
    [YEAR_STEPS] = "prepaid_platform", [YEAR_FLAT] = "prepaid_platform", [YEAR_BILLED] = "postpaid",
    [YEAR_BILLED_STEPS] = "postpaid",  [YEAR_METER] = "prepaid_meter",   [YEAR_MAIN] = "prepaid_platform",
    [YEAR_ROOM] = "prepaid_platform",  [YEAR_PUBLIC] = "prepaid_platform", [YEAR_SHARER] = "prepaid_platform",
};

static bool has_steps(enum year_kind kind)
{
    return kind == YEAR_STEPS || kind == YEAR_BILLED_STEPS || kind == YEAR_SHARER;
}

static int64_t tariff_of(const struct year *year, enum year_kind kind)
{
    if (has_steps(kind))
        return year->steps_tariff_id;
    /* A reading that comes later makes a bill that is due later: its fee is another. */
    return kind == YEAR_BILLED && !year->config.plain ? year->late_tariff_id : year->flat_tariff_id;
}

struct moving_in {
    int32_t home;
    struct billing_customer customer;
    struct billing_account_terms terms;
    int64_t account_id;
};

static int move_in_work(struct year *year, void *matter)
{
    struct moving_in *moving = matter;
    struct fixture *fixture = year->fixture;
    int error;

    moving->customer.customer_id = 0;
    error = billing_customer_create(fixture->billing, &fixture->scope, fixture->now_s, &moving->customer);
    moving->terms.customer_id = moving->customer.customer_id;
    if (error < 0)
        return error;
    return billing_account_open(fixture->billing, &fixture->scope, fixture->now_s, &moving->terms, &moving->account_id);
}

int year_move_in(struct year *year, int32_t home)
{
    struct year_home *place = &year->homes[home];
    struct moving_in moving = { .home = home,
        .customer = { .name = "陈佳怡", .name_initials = "cjy", .phones = "13800000417" },
        .terms = { .device_id = place->device_id, .grace_h = 24, .settlement_day = 1 + home % 3, .low_balance_fen = 2000,
                   .overdraft_fen = 1000, .settlement_months = place->kind == YEAR_BILLED_STEPS ? 2 : 1,
                   .tariff_id = tariff_of(year, place->kind) } };
    int error;

    (void)snprintf(moving.customer.number, sizeof moving.customer.number, "C%lld", (long long)++year->serial);
    (void)snprintf(moving.terms.payment_mode, sizeof moving.terms.payment_mode, "%s", modes[place->kind]);
    error = year_transact(year, move_in_work, &moving, false);
    if (error == 0)
        place->account_id = moving.account_id;
    return error;
}

int64_t year_account_of(struct year *year, int32_t home)
{
    struct year_home *place = &year->homes[home];

    place->account_id = year_number(year, "SELECT coalesce(max(account_id), 0) FROM account WHERE device_id = %u AND closed_s"
                                    " IS NULL", place->device_id);
    return place->account_id;
}

struct joining {
    int64_t account_id, with_account_id;
    int64_t weight;           /* 0: a group */
};

static int join_work(struct year *year, void *matter)
{
    const struct joining *joining = matter;
    struct fixture *fixture = year->fixture;

    if (joining->weight != 0)
        return billing_share_set(fixture->billing, &fixture->scope, fixture->now_s, joining->account_id,
                                 joining->with_account_id, joining->weight);
    return billing_group_join(fixture->billing, &fixture->scope, fixture->now_s, joining->account_id,
                              joining->with_account_id);
}

static void homes_join(struct year *year)
{
    int64_t with[YEAR_KIND_COUNT] = { 0 };

    for (int32_t home = 0; home < year->config.homes; home++) {
        const struct year_home *place = &year->homes[home];
        struct joining joining = { .account_id = place->account_id };

        with[place->kind] = place->account_id;
        if (place->kind == YEAR_ROOM)
            joining.with_account_id = with[YEAR_MAIN];
        if (place->kind == YEAR_SHARER) {
            joining.with_account_id = with[YEAR_PUBLIC];
            joining.weight = random_between(&year->people, 1, 5);
        }
        if (joining.with_account_id != 0)
            assert_int_equal(year_transact(year, join_work, &joining, false), 0);
    }
}

void year_homes_build(struct year *year)
{
    year->steps_tariff_id = year->fixture->tariff_id;
    fixture_flat_price(year->fixture, "3.17");
    year->flat_tariff_id = year->fixture->tariff_id;
    assert_int_equal(billing_tariff_create(year->fixture->billing, &year->fixture->scope, year->fixture->now_s, "late", "water",
                                           fixture_day("2020-01-01"), "{\"cycle\": \"calendar-year\", \"items\": [{\"name\": \"water\","
                                           " \"price\": \"3.17\"}]" YEAR_LATE_TERMS "}", NULL, &year->late_tariff_id), 0);
    assert_int_equal(store_execute(year->fixture->store,
        "INSERT INTO person (person_id, tenant_id, area_id, login, display_name, role, password_hash, created_s) VALUES"
        " (7, 1, 1, 'wang', '王静', 'clerk', '', 0), (8, 1, 1, 'li', '李建国', 'clerk', '', 0);"
        "INSERT INTO setting VALUES (1, 'refund_release_above_fen', '5000'), (1, 'bill_due_days', '5')"), 0);
    for (int32_t home = 0; home < year->config.homes; home++) {
        struct year_home *place = &year->homes[home];

        place->kind = kinds[(size_t)home % (sizeof kinds / sizeof kinds[0])];
        place->device_id = fixture_device_add(year->fixture);
        fixture_midnight_put(year->fixture, place->device_id, year->begin_day, 0);
        assert_int_equal(year_move_in(year, home), 0);
    }
    homes_join(year);
}

static void use_plan(struct year *year, int32_t home)
{
    struct year_home *place = &year->homes[home];
    struct random random = random_of_stream(year->config.seed, 1000 + (uint64_t)home);
    int64_t usual_ml = random_between(&random, M3_ML / 20, M3_ML);

    for (int32_t day = 1; day < YEAR_DAY_LIMIT; day++) {
        int64_t used_ml = random_chance(&random, 1, 12) ? 0 : random_between(&random, usual_ml / 2, usual_ml * 3 / 2);

        place->totals[day] = place->totals[day - 1] + used_ml;
    }
}

static void midnight_add(struct year *year, struct year_midnight midnight)
{
    year->midnights[year->midnight_count++] = midnight;
}

/* A wrong value comes first now and then, inside its neighbours or beyond them; the right one follows by a person. */
static void wrong_first(struct year *year, struct random *truth, struct year_midnight midnight)
{
    const int64_t *totals = &year->homes[midnight.home].totals[midnight.day];
    struct year_midnight wrong = midnight;

    wrong.total_value = random_chance(truth, 1, 3) ? totals[0] + 50 * M3_ML : random_between(truth, totals[-1], totals[1]);
    midnight.is_correction = true;
    if (!year->config.straight) {
        midnight_add(year, wrong);
        midnight.at_s += random_between(&year->delivery, 3600, 3 * CALENDAR_DAY_S);
    }
    midnight_add(year, midnight);
}

static void midnight_plan(struct year *year, struct random *truth, int32_t home, int32_t day)
{
    struct year_midnight midnight = { .home = home, .day = day, .total_value = year->homes[home].totals[day],
                                      .at_s = calendar_midnight(year->begin_day + day, FIXTURE_ZONE_S) + 600 };
    bool is_missing = random_chance(truth, 1, 150);
    bool is_wrong = random_chance(truth, 1, 60);

    if (is_missing)
        return;
    if (!year->config.straight)
        midnight.at_s += random_chance(&year->delivery, 1, 8) ? random_between(&year->delivery, 0, TRAVEL_DAYS * CALENDAR_DAY_S)
                                                              : random_between(&year->delivery, 0, 6 * 3600);
    if (is_wrong) {
        wrong_first(year, truth, midnight);
        return;
    }
    midnight_add(year, midnight);
    if (!year->config.straight && random_chance(&year->delivery, 1, 15)) {
        midnight.at_s += random_between(&year->delivery, 0, 2 * CALENDAR_DAY_S);
        midnight_add(year, midnight);
    }
}

static int arrival_compare(const void *a, const void *b)
{
    const struct year_midnight *first = a, *second = b;

    if (first->at_s != second->at_s)
        return first->at_s < second->at_s ? -1 : 1;
    if (first->home != second->home)
        return first->home < second->home ? -1 : 1;
    if (first->day != second->day)
        return first->day < second->day ? -1 : 1;
    return (int)first->is_correction - (int)second->is_correction;
}

void year_midnights_plan(struct year *year)
{
    int32_t last = year->config.days + 3;

    year->midnights = calloc((size_t)year->config.homes * (size_t)last * TRIES, sizeof *year->midnights);
    assert_non_null(year->midnights);
    for (int32_t home = 0; home < year->config.homes; home++) {
        struct random truth = random_of_stream(year->config.seed, 2000 + (uint64_t)home);

        use_plan(year, home);
        for (int32_t day = 1; day < last; day++)
            midnight_plan(year, &truth, home, day);
    }
    qsort(year->midnights, year->midnight_count, sizeof *year->midnights, arrival_compare);
}
