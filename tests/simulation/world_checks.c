#include "tests/simulation/world_checks.h"

#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "store/store.h"

#define LITRE_PRICE_E10 INT64_C(29000000) /* 1e-10 yuan: what the town's meters charge in their first step */
#define FEN_E10 INT64_C(100000000)
#define QUERY_SIZE 600

void world_check_promises(struct world *world)
{
    char query[QUERY_SIZE];

    for (size_t i = 0; i < world->promise_count; i++) {
        const struct world_promise *promise = &world->promises[i];
        (void)snprintf(query, sizeof query,
                       "SELECT (SELECT count(*) FROM daily_reading WHERE day = %d AND device_id = %u AND register_value = "
                       "%lld) + (SELECT count(*) FROM reading_set_aside WHERE device_id = %u AND register_value = %lld) + "
                       "(SELECT count(*) FROM device WHERE device_id = %u AND installed_s > %lld)",
                       (int)promise->day, promise->device_id, (long long)promise->register_value, promise->device_id,
                       (long long)promise->register_value, promise->device_id,
                       (long long)calendar_midnight(promise->day, TOWN_ZONE_OFFSET_S));
        if (world_number(world, query) == 0)
            world_complain(world, "device %u: the acknowledged midnight of day %d (%lld ml) is lost",
                           promise->device_id, (int)promise->day, (long long)promise->register_value);
    }
}

/* Each query counts what must not be. */
static const struct { const char *what, *query; } ledger_rules[] = {
    { "debits differ from credits",
      "SELECT sum(debits_fen) <> sum(credits_fen) FROM ledger_account" },
    { "accounts whose debits are not the sum of their postings",
      "SELECT count(*) FROM ledger_account a LEFT JOIN (SELECT debit_account_id AS id, sum(amount_fen) AS fen FROM transfer GROUP BY 1)"
      " t ON t.id = a.ledger_account_id WHERE a.debits_fen <> coalesce(t.fen, 0)" },
    { "accounts whose credits are not the sum of their postings",
      "SELECT count(*) FROM ledger_account a LEFT JOIN (SELECT credit_account_id AS id, sum(amount_fen) AS fen FROM transfer GROUP BY 1)"
      " t ON t.id = a.ledger_account_id WHERE a.credits_fen <> coalesce(t.fen, 0)" },
    { "payments booked with another amount",
      "SELECT count(*) FROM payment p JOIN transfer t ON t.transfer_id = p.transfer_id WHERE t.amount_fen <> p.amount_fen" },
    { "days charged twice",
      "SELECT count(*) FROM (SELECT from_total_value AS begins, max(to_total_value) OVER (PARTITION BY account_id ORDER BY day"
      " ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS ended FROM daily_charge) WHERE begins < ended" },
    { "water charged and not used, or used and not charged",
      "SELECT count(*) FROM (SELECT account_id, sum(to_total_value - from_total_value) AS charged, max(to_total_value) -"
      " min(from_total_value) AS used FROM daily_charge GROUP BY account_id) WHERE charged <> used" },
    { "bills whose lines do not add up",
      "SELECT count(*) FROM bill b LEFT JOIN (SELECT bill_id, sum(amount_fen) AS fen FROM bill_line GROUP BY 1) l ON l.bill_id ="
      " b.bill_id WHERE b.amount_fen <> coalesce(l.fen, 0)" },
};

void world_check_ledger(struct world *world)
{
    for (size_t i = 0; i < sizeof ledger_rules / sizeof ledger_rules[0]; i++) {
        int64_t found = world_number(world, ledger_rules[i].query);
        if (found != 0)
            world_complain(world, "ledger: %lld %s", (long long)found, ledger_rules[i].what);
    }
}

static bool is_sound(const struct town_home *home)
{
    return home->flaw != TOWN_REVERSED && home->flaw != TOWN_CLOCK_WRONG && home->flaw != TOWN_BATTERY_DEAD;
}

/* The meter's own memory is the truth that the platform has to show. */
static void registers_check(struct world *world, uint32_t home, int32_t day, int *due, int *stored)
{
    const struct host_meter *meter = town_meter(world->town, home);
    uint32_t freeze_l = meter_freezes_find(&meter->meter.freezes, day);
    char query[QUERY_SIZE];
    int64_t register_value;

    if (freeze_l == METER_FREEZE_NONE)
        return;
    (void)snprintf(query, sizeof query, "SELECT coalesce((SELECT register_value FROM daily_reading WHERE day = %d AND "
                   "device_id = %lld), -1)", (int)day, (long long)world->archive.device_ids[home]);
    register_value = world_number(world, query);
    *due += 1;
    *stored += register_value >= 0;
    if (register_value >= 0 && register_value != (int64_t)freeze_l * 1000)
        world_complain(world, "meter %s: day %d is stored as %lld ml, the meter says %u l",
                       world->plan.homes[home].meter_number, (int)day, (long long)register_value, freeze_l);
}

static const char folds_query[] =
    "SELECT count(*) FROM daily_reading a JOIN daily_reading b ON b.device_id = a.device_id AND b.day = a.day + 1"
    " WHERE b.total_value - a.total_value <> b.register_value - a.register_value";

void world_check_readings(struct world *world, int eventual_permille)
{
    int32_t first = (int32_t)calendar_local_day(world->begin_ms / 1000, TOWN_ZONE_OFFSET_S) + 1;
    int32_t last = first + (int32_t)world->config.days + WORLD_QUIET_DAYS;
    int due = 0;
    int stored = 0;

    for (uint32_t home = 0; home < world->plan.home_count; home++)
        for (int32_t day = first; day < last; day++)
            if (is_sound(&world->plan.homes[home]))
                registers_check(world, home, day, &due, &stored);
    if (due == 0 || stored * 1000 < due * eventual_permille)
        world_complain(world, "completeness: %d of %d midnights are there", stored, due);
    if (world_number(world, folds_query) != 0)
        world_complain(world, "readings: totals do not grow as registers do");
}

/* What a prepayment meter was given is what it has plus what its water cost. */
static int64_t meter_given_fen(const struct world *world, uint32_t home)
{
    const struct meter *meter = &town_meter(world->town, home)->meter;
    int64_t litres = (meter->state.volume_ml - meter->config.start_volume_ml) / 1000;

    return meter->state.balance_fen + (litres * LITRE_PRICE_E10 - (int64_t)meter->state.charge_rest) / FEN_E10;
}

static void recharges_check(struct world *world, uint32_t home)
{
    const struct meter *meter = &town_meter(world->town, home)->meter;
    int64_t given_fen = meter_given_fen(world, home);
    int64_t applied_fen = 0;
    char query[QUERY_SIZE];

    for (uint32_t serial = 1; serial <= meter->state.recharge_serial.highest; serial++) {
        (void)snprintf(query, sizeof query, "SELECT coalesce(sum(amount_fen), 0) FROM command WHERE device_id = %lld AND "
                       "serial = %u AND kind = 'recharge'", (long long)world->archive.device_ids[home], serial);
        if (meter_serial_is_used(&meter->state.recharge_serial, serial))
            applied_fen += world_number(world, query);
    }
    if (given_fen != applied_fen)
        world_complain(world, "meter %s: holds and has used %lld fen, was sent %lld fen",
                       world->plan.homes[home].meter_number, (long long)given_fen, (long long)applied_fen);
    (void)snprintf(query, sizeof query, "SELECT coalesce(sum(amount_fen), 0) FROM command WHERE device_id = %lld AND kind "
                   "= 'recharge' AND state = 'verified'", (long long)world->archive.device_ids[home]);
    if (world_number(world, query) > applied_fen)
        world_complain(world, "meter %s: more recharges are called verified than it has applied",
                       world->plan.homes[home].meter_number);
}

void world_check_recharges(struct world *world)
{
    for (uint32_t home = 0; home < world->plan.home_count; home++)
        if (world->plan.homes[home].payment == TOWN_PREPAID_METER && town_meter(world->town, home)->board.is_powered &&
            world->plan.homes[home].flaw != TOWN_REVERSED)
            recharges_check(world, home);
}

static void valve_check(struct world *world, uint32_t home)
{
    const struct host_meter *host = town_meter(world->town, home);
    unsigned serial = host->meter.state.valve_serial;
    bool closed = host->valve.position == METER_POSITION_CLOSED;
    char query[QUERY_SIZE];

    (void)snprintf(query, sizeof query, "SELECT count(*) FROM command WHERE device_id = %lld AND serial = %u AND kind = "
                   "'close_valve'", (long long)world->archive.device_ids[home], serial);
    if (closed != (serial != 0 && world_number(world, query) == 1))
        world_complain(world, "meter %s: the valve is %s, which command %u does not explain",
                       world->plan.homes[home].meter_number, closed ? "closed" : "open", serial);
    (void)snprintf(query, sizeof query, "SELECT count(*) FROM command c JOIN command_step s ON s.command_id = c.command_id"
                   " WHERE c.device_id = %lld AND c.kind IN ('open_valve', 'close_valve') AND s.state = 'executed' AND"
                   " c.serial > %u",
                   (long long)world->archive.device_ids[home], serial);
    if (world_number(world, query) != 0)
        world_complain(world, "meter %s: a valve command is called executed that the meter never saw",
                       world->plan.homes[home].meter_number);
}

/* Meters that hold no money close for commands only; a stuck valve explains itself by its alarm. */
void world_check_valves(struct world *world)
{
    for (uint32_t home = 0; home < world->plan.home_count; home++)
        if (world->plan.homes[home].payment != TOWN_PREPAID_METER && world->plan.homes[home].flaw != TOWN_VALVE_STUCK &&
            town_meter(world->town, home)->board.is_powered)
            valve_check(world, home);
}

void world_check_all(struct world *world, int eventual_permille)
{
    world_check_promises(world);
    world_check_ledger(world);
    world_check_readings(world, eventual_permille);
    world_check_recharges(world);
    world_check_valves(world);
}
