/* A scripted life of a prepayment meter, lived again and again with the power cut at every flash operation, in every
 * manner of tearing, and once more soon after the restart. What the meter acknowledged or stated must hold.
 */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/calendar.h"
#include "meter/core/meter_credit.h"
#include "tests/unit/meter/meter_world.h"
#include "tests/unit/meter/power_life.h"

#define ACTIONS 200
#define START_FEN 20000
#define START_ML INT64_C(123456000)
#define RECHARGE_FEN(serial) (1000 + 7 * (int64_t)(serial))
#define DAYS_LIMIT 64
#define SECOND_CUT_WITHIN 12

struct life {
    struct meter_world world;
    struct random random;
    int64_t true_ml;    /* water since the beginning that the register can know of */
    int64_t stated_ml;  /* register as last told to the platform */
    uint32_t recharges; /* serials acknowledged: 1 to this */
    uint32_t valve_serial;
    int closed;      /* as acknowledged; -1 asked, but not acknowledged */
    int32_t low_fen; /* as acknowledged; -1 */
    unsigned cuts;
    uint32_t freezes[DAYS_LIMIT]; /* as told; METER_FREEZE_NONE */
    int32_t first_day;
};

static void life_open(struct life *life)
{
    memset(life, 0, sizeof *life);
    world_open(&life->world);
    life->random = random_of_seed(42);
    life->world.config.prepayment = true;
    life->world.config.start_balance_fen = START_FEN;
    life->world.config.start_volume_ml = START_ML;
    life->true_ml = START_ML;
    life->low_fen = life->world.config.parameters.low_balance_fen;
    life->first_day = (int32_t)calendar_local_day(WORLD_NOW_MS / 1000, 28800);
    for (int i = 0; i < DAYS_LIMIT; i++)
        life->freezes[i] = METER_FREEZE_NONE;
}

/* Remember what the platform was told. */
static void told_note(struct life *life)
{
    const struct meter_world *world = &life->world;
    if (world->event.volume_ml > life->stated_ml)
        life->stated_ml = world->event.volume_ml;
    if (world->counts.reports == 0)
        return;
    int32_t newest = (int32_t)calendar_local_day(world->report.midnight_s, 28800);
    for (int32_t i = 0; i < WATER_METER_HISTORY_DAYS; i++) {
        int32_t place = newest - i - life->first_day;
        if (place >= 0 && place < DAYS_LIMIT && world->report.history_l[i] != WATER_METER_HISTORY_NONE)
            life->freezes[place] = world->report.history_l[i];
    }
}

/* Every state record is a balanced account: what came in, less the price of the water, is what is left. */
static void money_check(const struct life *life)
{
    const struct meter_state *state = &life->world.host.meter.state;
    int64_t paid_fen = START_FEN;
    for (uint32_t serial = 1; serial <= life->recharges + 1; serial++) {
        bool used = meter_serial_is_used(&state->recharge_serial, serial);
        assert_true(used || serial > life->recharges);
        paid_fen += used ? RECHARGE_FEN(serial) : 0;
    }
    int64_t price = life->world.config.parameters.price_steps.steps[0].price;
    int64_t charge = (state->volume_ml - START_ML) * price;
    assert_int_equal(paid_fen * METER_CREDIT_PER_FEN - charge,
                     state->balance_fen * METER_CREDIT_PER_FEN - (int64_t)state->charge_rest);
}

static void freezes_check(const struct life *life)
{
    const struct meter *meter = &life->world.host.meter;
    uint32_t before_l = 0;
    for (int32_t place = 0; place < DAYS_LIMIT; place++) {
        uint32_t held_l = meter_freezes_find(&meter->freezes, life->first_day + place);
        if (life->freezes[place] != METER_FREEZE_NONE && held_l != METER_FREEZE_NONE)
            assert_int_equal(held_l, life->freezes[place]);
        if (held_l == METER_FREEZE_NONE)
            continue;
        assert_true(held_l >= before_l && held_l <= meter->state.volume_ml / 1000);
        before_l = held_l;
    }
    int32_t today = (int32_t)calendar_local_day(life->world.now_ms / 1000, 28800);
    for (int32_t day = today - METER_FREEZE_DAYS + 2; day <= today; day++)
        if (day >= life->first_day && life->freezes[day - life->first_day] != METER_FREEZE_NONE)
            assert_int_not_equal(meter_freezes_find(&meter->freezes, day), METER_FREEZE_NONE);
}

static void promises_check(struct life *life)
{
    const struct meter *meter = &life->world.host.meter;
    assert_true(meter->state.volume_ml >= life->stated_ml);
    assert_true(meter->state.volume_ml <= life->true_ml);
    assert_true(life->true_ml - meter->state.volume_ml < (int64_t)meter->config.commit_ml + meter->config.pulse_ml);
    assert_int_equal(meter->state.cycle_ml, meter->state.volume_ml - START_ML);
    money_check(life);
    freezes_check(life);
    if (life->closed >= 0)
        assert_int_equal((meter->state.valve_holds & METER_HOLD_COMMAND) != 0, life->closed);
    if (life->low_fen >= 0)
        assert_int_equal(meter->parameters.low_balance_fen, life->low_fen);
    assert_false(life->world.host.board.flash.overprogrammed);
}

/* Power comes back; perhaps it goes again while the meter starts. */
static void power_back(struct life *life)
{
    struct meter_world *world = &life->world;
    told_note(life);
    memset(world->answer_sizes, 0, sizeof world->answer_sizes);
    world->attach_waits = false;
    do {
        uint64_t done = world->host.board.flash.operations;
        if (life->cuts++ == 0)
            world->host.board.flash.cut_at = done + 1 + random_below(&life->random, SECOND_CUT_WITHIN);
        (void)host_meter_power_up(&world->host, &world->config, world->now_ms);
        world->due_ms = host_meter_step(&world->host, world->now_ms);
    } while (world->host.board.flash.cut);
    promises_check(life);
    life->true_ml = world->host.meter.state.volume_ml;
}

static void water(struct life *life)
{
    for (int i = 0; i < 9; i++) {
        world_run(&life->world, 20 * WORLD_MINUTE);
        if (life->world.host.board.flash.cut)
            return;
        life->true_ml += (int64_t)life->world.config.pulse_ml;
        world_pulse(&life->world, 1);
        told_note(life);
    }
}

/* A hand at the button, until the meter listens. */
static void call(struct life *life)
{
    struct meter_world *world = &life->world;
    world->due_ms = host_meter_button(&world->host, world->now_ms);
    for (int i = 0; i < 60 && world->host.meter.session.state != METER_SESSION_LISTENING; i++)
        world_run(world, WORLD_SECOND);
}

static void recharge(struct life *life)
{
    uint32_t serial = life->recharges + 1;
    call(life);
    if (world_recharge(&life->world, serial, RECHARGE_FEN(serial)) == COAP_CODE_CHANGED)
        life->recharges = serial;
}

static void valve_turn(struct life *life)
{
    bool closed = life->closed != 1;
    call(life);
    life->closed = -1;
    if (world_valve(&life->world, closed, ++life->valve_serial) == COAP_CODE_CHANGED)
        life->closed = closed ? 1 : 0;
}

static void parameter_write(struct life *life)
{
    struct water_meter_command command;
    memset(&command, 0, sizeof command);
    command.operation = DOWNLINK_WRITE_PARAMETER;
    command.parameter = PARAMETER_LOW_BALANCE;
    command.value = 100 + (int64_t)random_below(&life->random, 900);
    call(life);
    life->low_fen = -1;
    if (world_ask(&life->world, &command) == COAP_CODE_CHANGED)
        life->low_fen = (int32_t)command.value;
}

static void day_pass(struct life *life)
{
    world_run(&life->world, WORLD_DAY);
}

static void sensors_touch(struct life *life)
{
    struct meter_world *world = &life->world;
    uint8_t sensors = (uint8_t)(world->host.sensors ^ METER_SENSOR_MOVED);
    world->due_ms = host_meter_set_sensors(&world->host, sensors, world->now_ms);
    world_run(world, WORLD_MINUTE);
}

static void (*const actions[])(struct life *life) = { water, recharge,      water, day_pass, valve_turn,
                                                      water, sensors_touch, water, recharge, parameter_write };

/* Live it all.
 * returns  flash operations */
static uint64_t life_run(struct life *life, uint64_t cut_at, enum host_flash_tear tear)
{
    struct meter_world *world = &life->world;
    life_open(life);
    world->host.board.flash.cut_at = cut_at;
    world->host.board.flash.tear = (uint8_t)tear;
    (void)host_meter_power_up(&world->host, &world->config, world->now_ms);
    world->due_ms = host_meter_step(&world->host, world->now_ms);
    for (size_t i = 0; i < ACTIONS; i++) {
        actions[i % (sizeof actions / sizeof actions[0])](life);
        if (world->host.board.flash.cut)
            power_back(life);
        told_note(life);
    }
    promises_check(life);
    world_close(world);
    return world->host.board.flash.operations;
}

static void life_without_cut_is_sound(void **state)
{
    static struct life life;
    (void)state;
    uint64_t operations = life_run(&life, 0, HOST_FLASH_TEAR_BEFORE);
    assert_int_equal(life.cuts, 0);
    assert_int_equal(life.recharges, 40);
    assert_int_equal(life.closed, 0);
    assert_true(life.world.host.board.flash.erasures[7] > 1);
    print_message("# %u flash operations in this life\n", (unsigned)operations);
}

static uint64_t life_whole(uint64_t cut_at, enum host_flash_tear tear, unsigned *cuts)
{
    static struct life life;
    uint64_t operations = life_run(&life, cut_at, tear);
    *cuts = life.cuts;
    return operations;
}

int main(void)
{
    static struct power_life cut_life = { life_whole };
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(life_without_cut_is_sound),
        POWER_LIFE_TESTS(&cut_life),
    };
    return cmocka_run_group_tests_name("meter_power", tests, NULL, NULL);
}
