/* A scripted life of a prepaid electricity meter, lived again and again with the power cut at every flash operation, in
 * every manner of tearing, and once more soon after the restart. What the meter acknowledged or stated must hold:
 *
 *   energy    at most commit_mwh and what one step brings is lost, and nothing is ever counted twice
 *   money     what was acknowledged is there once, and every state is a balanced account to the grain
 *   freezes   no midnight is missing, none changes, none is above the register, a commanded freeze stays
 *   commands  relay, parameters and wrong passwords are as they were answered
 */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/calendar.h"
#include "base/random.h"
#include "tests/unit/meter/electricity_world.h"
#include "tests/unit/meter/power_life.h"

#define ACTIONS 220
#define START_CENT 20000
#define START_MWH INT64_C(123456000)
#define PRICE 5000
#define RECHARGE_CENT(count) (1000 + 7 * (count))
#define DAYS_LIMIT 64
#define MINUTE_LIMIT 64
#define SECOND_CUT_WITHIN 12
#define STEP_MS (20 * WORLD_MINUTE)
#define ZONE_S 28800

struct life {
    struct electricity_world world;
    struct random random;
    int64_t true_mwh;   /* energy since the beginning that the register can know of */
    int64_t stated_mwh; /* as last told on the line */
    uint32_t purchases; /* acknowledged: 1 to this */
    int tripped;        /* as acknowledged; -1 asked, but not acknowledged */
    int alarm_cent;     /* as acknowledged; -1 */
    unsigned failures;  /* wrong passwords that were answered on this day */
    uint32_t failure_day;
    int64_t days[DAYS_LIMIT]; /* midnights as told; -1 */
    int64_t first_day;
    uint32_t frozen_minute; /* the last commanded freeze that was acknowledged; 0 none */
    int64_t frozen_cent;
    unsigned cuts;
};

static int64_t today_of(const struct life *life)
{
    return calendar_local_day(life->world.now_ms / 1000, ZONE_S);
}

static void life_open(struct life *life)
{
    memset(life, 0, sizeof *life);
    world_prepare(&life->world);
    life->random = random_of_seed(645);
    life->world.config.start_balance_cent = START_CENT;
    life->world.config.start_forward_mwh = START_MWH;
    life->world.config.parameters.payment[0] = ELECTRICITY_PREPAID;
    life->true_mwh = START_MWH;
    life->stated_mwh = START_MWH;
    life->first_day = today_of(life);
    for (int i = 0; i < DAYS_LIMIT; i++)
        life->days[i] = -1;
}

static bool is_cut(const struct life *life)
{
    return life->world.host.board.flash.cut;
}

static void register_note(struct life *life)
{
    int64_t cent = world_number(&life->world, 0x00010000);
    if (cent >= 0 && cent * 10000 > life->stated_mwh)
        life->stated_mwh = cent * 10000;
}

/* The newest midnight as the line tells it. */
static void midnight_note(struct life *life)
{
    struct span values = world_read(&life->world, 0x05060101);
    const struct electricity_freeze *newest =
        electricity_freezes_last(&life->world.host.meter.freezes, ELECTRICITY_FREEZE_DAILY, 1);
    if (values.size == 0)
        return;
    assert_non_null(newest);
    int64_t place = newest->minute / 1440 - life->first_day;
    if (place >= 0 && place < DAYS_LIMIT)
        life->days[place] = electricity_number(values.bytes, 4);
}

/* Every state record is a balanced account: what came in, less the price of the energy, is what is left. */
static void money_check(const struct life *life)
{
    const struct electricity_meter *meter = &life->world.host.meter;
    int64_t paid_cent = START_CENT;
    assert_in_range(meter->state.purchase_count, life->purchases, life->purchases + 1);
    for (uint32_t count = 1; count <= meter->state.purchase_count; count++)
        paid_cent += RECHARGE_CENT(count);
    int64_t used_mwh = electricity_forward_mwh(meter, 0) - START_MWH;
    assert_int_equal(meter->state.balance_grains, paid_cent * ELECTRICITY_GRAINS_PER_CENT - used_mwh * PRICE);
    const struct electricity_event *last = electricity_events_last(&meter->events, ELECTRICITY_EVENT_PURCHASE, 1);
    assert_int_equal(last == NULL ? 0 : last->values[1], meter->state.purchase_count);
    if (last != NULL)
        assert_int_equal(last->values[2], RECHARGE_CENT(last->values[1]));
}

/* The last full hour with power is there, and all rise. */
static void hours_check(const struct life *life)
{
    const struct electricity_meter *meter = &life->world.host.meter;
    uint32_t this_hour = (uint32_t)((life->world.now_ms / 1000 + ZONE_S) / 3600 * 60);
    const struct electricity_instant *newer = electricity_instants_hour(&meter->instants, 1);
    if (this_hour == (uint32_t)(life->first_day * 1440))
        return;
    assert_non_null(newer);
    assert_int_equal(newer->minute, this_hour);
    assert_true(newer->forward <= electricity_forward_mwh(meter, 0) / 10000);
    for (unsigned n = 2; n <= ELECTRICITY_HOUR_LIMIT; n++) {
        const struct electricity_instant *hour = electricity_instants_hour(&meter->instants, n);
        if (hour == NULL)
            return;
        assert_true(hour->minute < newer->minute && hour->forward <= newer->forward);
        newer = hour;
    }
}

static void freezes_check(const struct life *life)
{
    const struct electricity_meter *meter = &life->world.host.meter;
    int64_t before_cent = 0;
    for (int64_t day = life->first_day + 1; day <= today_of(life); day++) {
        const struct electricity_freeze *freeze =
            electricity_freezes_find(&meter->freezes, ELECTRICITY_FREEZE_DAILY, (uint32_t)(day * 1440));
        if (freeze == NULL) {
            assert_true(day <= today_of(life) - 31);
            continue;
        }
        assert_true(freeze->forward[0] >= before_cent);
        assert_true(freeze->forward[0] <= electricity_forward_mwh(meter, 0) / 10000);
        before_cent = freeze->forward[0];
        if (life->days[day - life->first_day] >= 0)
            assert_int_equal(freeze->forward[0], life->days[day - life->first_day]);
    }
    hours_check(life);
    if (life->frozen_minute == 0)
        return;
    const struct electricity_freeze *instant =
        electricity_freezes_find(&meter->freezes, ELECTRICITY_FREEZE_INSTANT, life->frozen_minute);
    assert_non_null(instant);
    assert_int_equal(instant->forward[0], life->frozen_cent);
    assert_true(instant->forward[0] <= electricity_forward_mwh(meter, 0) / 10000);
}

static void commands_check(const struct life *life)
{
    const struct electricity_meter *meter = &life->world.host.meter;
    if (life->tripped >= 0)
        assert_int_equal((meter->state.holds & ELECTRICITY_HOLD_COMMAND) != 0, life->tripped);
    if (life->alarm_cent >= 0)
        assert_int_equal(electricity_number(meter->parameters.credit_limits[0], 4), life->alarm_cent);
    if (life->failures > 0 && life->failure_day == (uint32_t)today_of(life)) {
        assert_int_equal(meter->state.failure_day, life->failure_day);
        assert_true(meter->state.failures >= life->failures);
    }
    assert_int_equal(meter->relay_closed, meter->state.holds == 0);
}

static void promises_check(const struct life *life)
{
    const struct electricity_meter *meter = &life->world.host.meter;
    int64_t held_mwh = electricity_forward_mwh(meter, 0);
    int64_t step_mwh = 2000 * INT64_C(1000) * STEP_MS / 3600000;
    assert_true(held_mwh <= life->true_mwh);
    assert_true(life->true_mwh - held_mwh < (int64_t)meter->config.commit_mwh + step_mwh);
    assert_true(life->stated_mwh - held_mwh < (int64_t)meter->config.commit_mwh + step_mwh);
    money_check(life);
    freezes_check(life);
    commands_check(life);
    assert_false(life->world.host.board.flash.overprogrammed);
}

/* Power comes back; perhaps it goes again while the meter starts. */
static void power_back(struct life *life)
{
    struct host_electricity *host = &life->world.host;
    do {
        uint64_t done = host->board.flash.operations;
        if (life->cuts++ == 0)
            host->board.flash.cut_at = done + 1 + random_below(&life->random, SECOND_CUT_WITHIN);
        (void)host_electricity_power_up(host, &life->world.config, life->world.now_ms);
        (void)host_electricity_step(host, life->world.now_ms);
    } while (host->board.flash.cut);
    promises_check(life);
    life->true_mwh = electricity_forward_mwh(&host->meter, 0);
    life->stated_mwh = life->true_mwh;
}

/* What the load brings in this step may be counted, whether or not the meter lived to its end. */
static void energy(struct life *life)
{
    struct electricity_world *world = &life->world;
    world_load(world, 400 + (int32_t)random_below(&life->random, 1600), 950);
    for (int i = 0; i < 7 && !is_cut(life); i++) {
        bool flows = world->host.relay_closed;
        world_run(world, STEP_MS, STEP_MS);
        if (flows)
            life->true_mwh += world->load.power_mw * STEP_MS / 3600000 + 1;
        if (!is_cut(life))
            register_note(life);
    }
}

static void recharge(struct life *life)
{
    uint32_t count = life->purchases + 1;
    uint8_t control = world_recharge(&life->world, DLT645_RECHARGE, count, RECHARGE_CENT(count));
    bool is_there = control == 0xc3 && world_error(&life->world) == DLT645_RECHARGE_REPEATED;
    if (control == 0x83 || is_there)
        life->purchases = count;
}

static void relay_turn(struct life *life)
{
    int tripped = life->tripped == 1 ? 0 : 1;
    life->tripped = -1;
    if (world_relay(&life->world, tripped == 1 ? DLT645_RELAY_TRIP : DLT645_RELAY_CLOSE) == 0x9c)
        life->tripped = tripped;
}

static void parameter_write(struct life *life)
{
    int alarm_cent = 100 + (int)random_below(&life->random, 900);
    life->alarm_cent = -1;
    if (world_write_number(&life->world, ELECTRICITY_ALARM_1, alarm_cent, 4) == 0x94)
        life->alarm_cent = alarm_cent;
}

static void password_mistake(struct life *life)
{
    struct electricity_world *world = &life->world;
    world->authority.password.digits = 0x999999;
    if (world_relay(world, DLT645_RELAY_TRIP) == 0xdc) {
        uint32_t today = (uint32_t)today_of(life);
        life->failures = life->failure_day == today ? life->failures + 1 : 1;
        life->failure_day = today;
    }
    world->authority.password.digits = 0x123456;
}

static void freeze(struct life *life)
{
    const struct dlt645_freeze_time now = { 99, 99, 99, 99 };
    uint8_t bytes[32];
    struct writer request = writer_of_buffer(bytes, sizeof bytes);
    assert_int_equal(dlt645_freeze_request_encode(&life->world.address, &now, &request), 0);
    if (world_send(&life->world, &request) != 0x96)
        return;
    const struct electricity_freeze *newest =
        electricity_freezes_last(&life->world.host.meter.freezes, ELECTRICITY_FREEZE_INSTANT, 1);
    life->frozen_minute = newest->minute;
    life->frozen_cent = newest->forward[0];
}

/* An hour before midnight to an hour after it. */
static void midnight_pass(struct life *life)
{
    struct electricity_world *world = &life->world;
    int64_t midnight_ms = (today_of(life) + 1) * WORLD_DAY - ZONE_S * WORLD_SECOND;
    world_load(world, 0, 1000);
    world_run(world, midnight_ms - world->now_ms + WORLD_HOUR, WORLD_HOUR);
    if (!is_cut(life))
        midnight_note(life);
}

static void cover_open(struct life *life)
{
    uint8_t inputs = life->world.host.meter.inputs ^ ELECTRICITY_INPUT_COVER_OPEN;
    electricity_meter_inputs(&life->world.host.meter, inputs, life->world.now_ms);
}

static void (*const actions[])(struct life *life) = { recharge,        energy,           freeze,    midnight_pass,
                                                      energy,          relay_turn,       energy,    relay_turn,
                                                      parameter_write, password_mistake, cover_open };

/* Live it all.
 * returns  flash operations */
static uint64_t life_run(struct life *life, uint64_t cut_at, enum host_flash_tear tear)
{
    struct host_electricity *host = &life->world.host;
    life_open(life);
    host->board.flash.cut_at = cut_at;
    host->board.flash.tear = (uint8_t)tear;
    (void)host_electricity_power_up(host, &life->world.config, life->world.now_ms);
    (void)host_electricity_step(host, life->world.now_ms);
    for (size_t i = 0; i < ACTIONS; i++) {
        if (is_cut(life))
            power_back(life);
        actions[i % (sizeof actions / sizeof actions[0])](life);
    }
    if (is_cut(life))
        power_back(life);
    promises_check(life);
    world_close(&life->world);
    return host->board.flash.operations;
}

static void life_without_cut_is_sound(void **state)
{
    static struct life life;
    (void)state;
    uint64_t operations = life_run(&life, 0, HOST_FLASH_TEAR_BEFORE);
    assert_int_equal(life.cuts, 0);
    assert_int_equal(life.purchases, 20);
    assert_int_equal(life.tripped, 0);
    assert_true(life.world.host.board.flash.erasures[3] > 1); /* twice round the ring */
    print_message("# %u flash operations in this life\n", (unsigned)operations);
}

static uint64_t life_whole(uint64_t cut_at, enum host_flash_tear tear, unsigned *cuts)
{
    static struct life life;
    uint64_t operations = life_run(&life, cut_at, tear);
    *cuts = life.cuts;
    return operations;
}

static uint8_t meter_clear(struct electricity_world *world)
{
    uint8_t bytes[64];
    struct writer request = writer_of_buffer(bytes, sizeof bytes);
    assert_int_equal(dlt645_clear_meter_request_encode(&world->address, &world->authority, &request), 0);
    return world_send(world, &request);
}

/* returns  flash operations of the clearing */
static uint64_t clearing_run(struct life *life, uint64_t cut_after)
{
    struct electricity_world *world = &life->world;
    const struct electricity_meter *meter = &world->host.meter;
    life_open(life);
    world_start(world);
    for (size_t i = 0; i < 22; i++)
        actions[i % (sizeof actions / sizeof actions[0])](life);
    uint64_t before = world->host.board.flash.operations;
    int64_t held_mwh = electricity_forward_mwh(meter, 0), balance_grains = meter->state.balance_grains;
    world->host.board.flash.cut_at = cut_after == 0 ? 0 : before + cut_after;
    uint8_t control = meter_clear(world);
    uint64_t operations = world->host.board.flash.operations - before;
    world_start(world);
    bool is_cleared = electricity_forward_mwh(meter, 0) == 0;
    assert_int_equal(meter->state.balance_grains, balance_grains);
    assert_int_equal(electricity_freezes_last(&meter->freezes, ELECTRICITY_FREEZE_DAILY, 1) == NULL, is_cleared);
    assert_int_equal(meter->events.counts[ELECTRICITY_EVENT_METER_CLEAR], is_cleared ? 1 : 0);
    assert_int_equal(meter->events.counts[ELECTRICITY_EVENT_PROGRAMMING] == 0, is_cleared);
    assert_int_equal(meter->events.counts[ELECTRICITY_EVENT_PURCHASE], 2);
    if (!is_cleared)
        assert_true(held_mwh - electricity_forward_mwh(meter, 0) < (int64_t)meter->config.commit_mwh);
    if (control == 0x9a)
        assert_true(is_cleared);
    world_close(world);
    return operations;
}

static void clearing_is_whole_or_not_at_all(void **state)
{
    static struct life life;
    (void)state;
    uint64_t operations = clearing_run(&life, 0);
    assert_true(operations >= 5);
    for (uint64_t cut_after = 1; cut_after <= operations; cut_after++)
        clearing_run(&life, cut_after);
}

int main(void)
{
    static struct power_life cut_life = { life_whole };
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(life_without_cut_is_sound),
        POWER_LIFE_TESTS(&cut_life),
        cmocka_unit_test(clearing_is_whole_or_not_at_all),
    };
    return cmocka_run_group_tests_name("electricity_power", tests, NULL, NULL);
}
