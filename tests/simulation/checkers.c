#include "tests/simulation/checkers.h"

#include <stdio.h>

#include <sqlite3.h>

#include "base/calendar.h"
#include "meter/core/meter.h"
#include "store/sqlite/sqlite_store.h"

#define ML_PER_L 1000
#define FINE_PER_FEN INT64_C(100000000) /* struct meter_state counts in 1e-10 yuan */

/* The first number of a query; -1 when there is no row. */
static int64_t number_of(struct world *world, const char *query, int64_t first, int64_t second, int64_t third)
{
    sqlite3_stmt *statement = NULL;
    int64_t number = -1;

    if (sqlite3_prepare_v2(sqlite_store_connection(core_store(world->core)), query, -1, &statement, NULL) != SQLITE_OK) {
        fprintf(stderr, "checker: %s\n", sqlite3_errmsg(sqlite_store_connection(core_store(world->core))));
        return -2;
    }
    sqlite3_bind_int64(statement, 1, first);
    if (sqlite3_bind_parameter_count(statement) > 1)
        sqlite3_bind_int64(statement, 2, second);
    if (sqlite3_bind_parameter_count(statement) > 2)
        sqlite3_bind_int64(statement, 3, third);
    if (sqlite3_step(statement) == SQLITE_ROW)
        number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

static int contradiction(const struct world *world, const char *what, int64_t subject, int64_t found, int64_t expected)
{
    fprintf(stderr, "seed %llu: %s: %lld has %lld, not %lld\n", (unsigned long long)world->seed, what,
            (long long)subject, (long long)found, (long long)expected);
    return 1;
}

int check_acknowledged_is_durable(struct world *world)
{
    int wrong = 0;

    for (size_t i = 0; i < world->promise_count; i++) {
        const struct world_promise *promise = &world->promises[i];
        int64_t stored = number_of(world, "SELECT register_ml FROM daily_reading WHERE day = ?1 AND device_id = ?2",
                                   promise->day, promise->device_id, 0);

        if (stored == promise->register_ml)
            continue;
        if (number_of(world, "SELECT count(*) FROM reading_set_aside WHERE day = ?1 AND device_id = ?2 AND "
                             "register_ml = ?3", promise->day, promise->device_id, promise->register_ml) > 0)
            continue;
        if (number_of(world, "SELECT installed_s FROM device WHERE device_id = ?1", promise->device_id, 0, 0) >=
            calendar_midnight(promise->day, TOWN_ZONE_OFFSET_S))
            continue;
        wrong += contradiction(world, "acknowledged midnight of device", promise->device_id, stored, promise->register_ml);
    }
    return wrong;
}

int check_ledger_balances(struct world *world)
{
    int64_t debits = number_of(world, "SELECT coalesce(sum(debits_fen), 0) FROM ledger_account WHERE ?1 = 0", 0, 0, 0);
    int64_t credits = number_of(world, "SELECT coalesce(sum(credits_fen), 0) FROM ledger_account WHERE ?1 = 0", 0, 0, 0);
    int64_t differing = number_of(world,
        "SELECT count(*) FROM ledger_account a WHERE ?1 = 0 AND (a.debits_fen <> (SELECT coalesce(sum(amount_fen), 0) FROM "
        "transfer WHERE debit_account_id = a.ledger_account_id) OR a.credits_fen <> (SELECT coalesce(sum(amount_fen), 0) "
        "FROM transfer WHERE credit_account_id = a.ledger_account_id))", 0, 0, 0);
    int64_t payments = number_of(world, "SELECT count(*) FROM payment WHERE ?1 = 0", 0, 0, 0);
    int64_t cash = number_of(world, "SELECT coalesce(sum(debits_fen) - sum(credits_fen), 0) FROM ledger_account "
                                    "WHERE kind = 'cash' AND ?1 = 0", 0, 0, 0);
    int64_t taken = number_of(world, "SELECT coalesce(sum(amount_fen), 0) FROM payment WHERE ?1 = 0", 0, 0, 0);
    int wrong = 0;

    if (debits != credits)
        wrong += contradiction(world, "ledger, debits", 0, debits, credits);
    if (differing != 0)
        wrong += contradiction(world, "ledger, accounts that differ from their transfers", 0, differing, 0);
    if (payments != (int64_t)world->counts.payments)
        wrong += contradiction(world, "payments", 0, payments, (int64_t)world->counts.payments);
    if (cash != taken)
        wrong += contradiction(world, "cash against payments", 0, cash, taken);
    return wrong;
}

/* Money that applied recharges brought, fen. */
static int64_t recharged_fen(struct world *world, int64_t device_id, const struct meter_serial *serial)
{
    sqlite3_stmt *statement = NULL;
    int64_t sum = 0;

    sqlite3_prepare_v2(sqlite_store_connection(core_store(world->core)),
                       "SELECT serial, amount_fen FROM command WHERE device_id = ?1 AND kind = 'recharge'", -1,
                       &statement, NULL);
    sqlite3_bind_int64(statement, 1, device_id);
    while (sqlite3_step(statement) == SQLITE_ROW)
        if (serial->highest > 0 && meter_serial_is_used(serial, (uint32_t)sqlite3_column_int64(statement, 0)))
            sum += sqlite3_column_int64(statement, 1);
    sqlite3_finalize(statement);
    return sum;
}

static int64_t cost_fine(const struct water_meter_price_steps *steps, int64_t used_ml)
{
    int64_t cost = 0;
    int64_t from_ml = 0;

    for (uint8_t i = 0; i < steps->count && from_ml < used_ml; i++) {
        int64_t to_ml = steps->steps[i].limit_l == WATER_METER_PRICE_STEP_OPEN
                            ? used_ml : (int64_t)steps->steps[i].limit_l * ML_PER_L;
        if (to_ml > used_ml)
            to_ml = used_ml;
        cost += (to_ml - from_ml) * (int64_t)steps->steps[i].price;
        from_ml = to_ml;
    }
    return cost;
}

int check_recharges_count_once(struct world *world)
{
    int wrong = 0;

    for (uint32_t home = 0; home < world->plan.home_count; home++) {
        const struct meter *meter = &town_meter(world->town, home)->meter;
        int64_t device_id = world->archive.device_ids[home];
        int64_t has_fine = meter->state.balance_fen * FINE_PER_FEN - (int64_t)meter->state.charge_rest;
        int64_t due_fine;

        if (world->plan.homes[home].payment != TOWN_PREPAID_METER || !town_meter(world->town, home)->powered)
            continue;
        due_fine = (meter->config.start_balance_fen + recharged_fen(world, device_id, &meter->state.recharge_serial)) *
                       FINE_PER_FEN - cost_fine(&meter->parameters.price_steps, meter->state.cycle_ml);
        if (has_fine != due_fine)
            wrong += contradiction(world, "money in prepaid meter, 1e-10 yuan, device", device_id, has_fine, due_fine);
    }
    return wrong;
}

int check_valves_are_explained(struct world *world)
{
    int wrong = 0;

    for (uint32_t home = 0; home < world->plan.home_count; home++) {
        const struct meter *meter = &town_meter(world->town, home)->meter;
        int64_t device_id = world->archive.device_ids[home];
        int64_t closes = meter->state.valve_serial == 0 ? 0
            : number_of(world, "SELECT kind = 'close_valve' FROM command WHERE device_id = ?1 AND serial = ?2 AND kind IN "
                               "('open_valve', 'close_valve')", device_id, meter->state.valve_serial, 0);

        if (closes < 0 || (closes == 1) != ((meter->state.valve_holds & METER_HOLD_COMMAND) != 0))
            wrong += contradiction(world, "valve held by command, device", device_id, meter->state.valve_holds, closes);
    }
    return wrong;
}

int check_nothing_is_missing(struct world *world, int32_t first_day)
{
    int32_t today = (int32_t)calendar_local_day(world->now_ms / 1000, TOWN_ZONE_OFFSET_S);
    int wrong = 0;

    for (uint32_t home = 0; home < world->plan.home_count; home++) {
        const struct meter *meter = &town_meter(world->town, home)->meter;
        int64_t device_id = world->archive.device_ids[home];

        /* The air stays bad: the reports of the last two days may be on their way still. */
        for (int32_t day = first_day; day < today - 1; day++) {
            uint32_t litres = meter_freezes_find(&meter->freezes, day);
            int64_t stored = number_of(world, "SELECT register_ml FROM daily_reading WHERE day = ?1 AND device_id = ?2",
                                       day, device_id, 0);
            if (litres != METER_FREEZE_NONE && stored != (int64_t)litres * ML_PER_L)
                wrong += contradiction(world, "midnight of device", device_id, stored, (int64_t)litres * ML_PER_L);
        }
    }
    return wrong;
}
