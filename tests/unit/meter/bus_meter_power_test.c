/* A scripted life of a prepaid bus meter, lived again and again with the power cut at every flash operation, in every
 * manner of tearing, and once more soon after the restart. What the meter told or acknowledged must hold.
 */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/calendar.h"
#include "meter/core/meter_credit.h"
#include "tests/unit/meter/bus_meter_world.h"
#include "tests/unit/meter/power_life.h"

#define ACTIONS 130
#define START_ML INT64_C(123456000)
#define PRICE_FEN 250
#define PURCHASE_FEN(number) (1000 + 7 * (uint32_t)(number))
#define MONTHS_LIMIT 40
#define SECOND_CUT_WITHIN 12
#define POUR_ML 3000

struct life {
    struct bus_world world;
    struct random random;
    int64_t true_ml;    /* water that the register can know of */
    int64_t stated_ml;  /* register as last told */
    uint8_t purchases;  /* acknowledged: numbers 1 to this */
    bool purchase_open; /* the next was asked and not acknowledged */
    int closed;         /* as acknowledged; -1 asked, but not acknowledged */
    int primary;        /* the same */
    unsigned cuts;
    int64_t settled_ml[MONTHS_LIMIT]; /* as told, by month since the start; -1 */
    int32_t first_month;
};

static struct life whole_life;

static int32_t month_of(int64_t day)
{
    struct calendar_date date = calendar_date_of_day(day);
    return date.year * 12 + date.month;
}

static int64_t today(const struct life *life)
{
    return calendar_local_day(life->world.now_s, 28800);
}

static void life_open(struct life *life)
{
    struct cjt188_prices prices = { { PRICE_FEN, PRICE_FEN, PRICE_FEN }, { 0, 0 }, 1 };
    uint8_t bytes[CJT188_FRAME_LIMIT];
    struct writer asked = writer_of_buffer(bytes, sizeof bytes);
    memset(life, 0, sizeof *life);
    bus_world_open(&life->world, BUS_METER_COLD_WATER);
    life->random = random_of_seed(42);
    life->world.config.prepaid = true;
    life->world.config.start_volume_ml = START_ML;
    life->true_ml = START_ML;
    life->primary = life->world.config.primary;
    life->first_month = month_of(today(life));
    for (int i = 0; i < MONTHS_LIMIT; i++)
        life->settled_ml[i] = -1;
    bus_world_start(&life->world);
    assert_int_equal(cjt188_price_table_request_encode(&life->world.link, &prices, &asked), 0);
    assert_int_equal(bus_world_hear_cjt188(&life->world, writer_span(&asked)), CJT188_FROM_METER | CJT188_WRITE_DATA);
}

/* Every state record is a balanced account: what came in, less the price of the water, is what is left. */
static void money_check(struct life *life)
{
    const struct bus_meter_state *state = &life->world.host.meter.state;
    int64_t paid_fen = 0;
    if (life->purchase_open && state->purchase_number == life->purchases + 1)
        life->purchases++; /* done, but the word was lost */
    life->purchase_open = false;
    assert_int_equal(state->purchase_number, life->purchases);
    for (uint8_t number = 1; number <= life->purchases; number++)
        paid_fen += PURCHASE_FEN(number);
    assert_int_equal(state->purchased_fen, paid_fen);
    int64_t charge = (state->volume_ml - START_ML) * PRICE_FEN * 100;
    assert_int_equal(paid_fen * METER_CREDIT_PER_FEN - charge,
                     state->balance_fen * METER_CREDIT_PER_FEN - (int64_t)state->charge_rest);
}

static void history_check(const struct life *life)
{
    const struct bus_meter *meter = &life->world.host.meter;
    int64_t above_ml = meter->state.volume_ml;
    int32_t this_month = month_of(today(life));
    if (this_month > life->first_month)
        assert_int_equal(meter->history[0].day, calendar_month_start(today(life)));
    for (int32_t i = 0; i < BUS_METER_HISTORY_LIMIT && meter->history[i].day != 0; i++) {
        int32_t month = month_of(meter->history[i].day);
        assert_int_equal(month, this_month - i);
        assert_true(meter->history[i].value <= above_ml);
        above_ml = meter->history[i].value;
        if (life->settled_ml[month - life->first_month] >= 0)
            assert_int_equal(above_ml, life->settled_ml[month - life->first_month]);
    }
}

static void promises_check(struct life *life)
{
    const struct bus_meter *meter = &life->world.host.meter;
    assert_true(meter->state.volume_ml >= life->stated_ml);
    assert_true(meter->state.volume_ml <= life->true_ml);
    assert_true(life->true_ml - meter->state.volume_ml < (int64_t)meter->config.commit_ml + POUR_ML);
    money_check(life);
    history_check(life);
    if (life->closed >= 0)
        assert_int_equal(meter->state.closed_by_command, life->closed);
    if (life->primary >= 0)
        assert_int_equal(meter->settings.primary, life->primary);
    assert_false(life->world.host.board.flash.overprogrammed);
}

/* Power comes back; perhaps it goes again while the meter starts. */
static void power_back(struct life *life)
{
    struct bus_world *world = &life->world;
    do {
        uint64_t done = world->host.board.flash.operations;
        if (life->cuts++ == 0)
            world->host.board.flash.cut_at = done + 1 + random_below(&life->random, SECOND_CUT_WITHIN);
        (void)host_bus_meter_power_up(&world->host, &world->config, world->now_s);
    } while (world->host.board.flash.cut);
    promises_check(life);
    life->true_ml = world->host.meter.state.volume_ml;
}

static void water(struct life *life)
{
    for (int i = 0; i < 9 && !life->world.host.board.flash.cut; i++) {
        bus_world_run(&life->world, 600);
        if (life->world.host.board.flash.cut)
            return;
        life->true_ml += POUR_ML;
        bus_meter_flow(&life->world.host.meter, POUR_ML, 0);
    }
}

static void read_register(struct life *life)
{
    uint8_t control = bus_world_read(&life->world, CJT188_METERING);
    if (control == (CJT188_FROM_METER | CJT188_READ_DATA))
        life->stated_ml = bus_world_item(&life->world, ITEM_VOLUME, 0)->value * 10000;
}

static void read_history(struct life *life)
{
    if (bus_world_read(&life->world, CJT188_HISTORY_FIRST) == 0 || life->world.items[0].quality != ITEM_GOOD)
        return;
    life->settled_ml[month_of(today(life)) - life->first_month] = life->world.host.meter.history[0].value;
}

static void purchase(struct life *life)
{
    uint8_t bytes[CJT188_FRAME_LIMIT];
    struct writer asked = writer_of_buffer(bytes, sizeof bytes);
    uint8_t number = (uint8_t)(life->purchases + 1);
    assert_int_equal(cjt188_purchase_request_encode(&life->world.link, number, PURCHASE_FEN(number), &asked), 0);
    life->purchase_open = true;
    if (bus_world_hear_cjt188(&life->world, writer_span(&asked)) == (CJT188_FROM_METER | CJT188_WRITE_DATA)) {
        life->purchases = number;
        life->purchase_open = false;
    }
}

static void valve_turn(struct life *life)
{
    uint8_t bytes[CJT188_FRAME_LIMIT];
    struct writer asked = writer_of_buffer(bytes, sizeof bytes);
    bool closed = life->closed != 1;
    life->closed = -1;
    assert_int_equal(
        cjt188_valve_request_encode(&life->world.link, closed ? CJT188_VALVE_CLOSE : CJT188_VALVE_OPEN, &asked), 0);
    if (bus_world_hear_cjt188(&life->world, writer_span(&asked)) == (CJT188_FROM_METER | CJT188_WRITE_DATA))
        life->closed = closed;
}

static void address_write(struct life *life)
{
    uint8_t bytes[MBUS_FRAME_LIMIT];
    struct writer asked = writer_of_buffer(bytes, sizeof bytes);
    uint8_t primary = (uint8_t)(1 + random_below(&life->random, 250));
    life->primary = -1;
    mbus_link_reset_encode(MBUS_ADDRESS_TEST, &asked);
    bus_world_send(&life->world, writer_span(&asked));
    asked.size = 0;
    assert_int_equal(mbus_address_set_encode(MBUS_ADDRESS_TEST, true, primary, &asked), 0);
    if (bus_world_hear_mbus(&life->world, writer_span(&asked)) == 1)
        life->primary = primary;
}

static void clock_set(struct life *life)
{
    uint8_t bytes[CJT188_FRAME_LIMIT];
    struct writer asked = writer_of_buffer(bytes, sizeof bytes);
    struct item_time time = item_time_of_unix(life->world.now_s + 28800);
    assert_int_equal(cjt188_time_request_encode(&life->world.link, &time, &asked), 0);
    (void)bus_world_hear_cjt188(&life->world, writer_span(&asked));
}

static void weeks_pass(struct life *life)
{
    for (int i = 0; i < 20 && !life->world.host.board.flash.cut; i++) {
        life->true_ml += POUR_ML;
        bus_meter_flow(&life->world.host.meter, POUR_ML, 0);
        if (life->world.host.board.flash.cut)
            return;
        life->world.now_s += BUS_WORLD_DAY_S;
        host_bus_meter_step(&life->world.host, life->world.now_s);
    }
}

static void (*const actions[])(struct life *life) = {
    water,         read_register, purchase,   weeks_pass, read_history, valve_turn,   water,
    read_register, address_write, weeks_pass, water,      clock_set,    read_history,
};

/* Live it all.
 * returns  flash operations */
static uint64_t life_run(struct life *life, uint64_t cut_at, enum host_flash_tear tear)
{
    struct bus_world *world = &life->world;
    life_open(life);
    if (cut_at > 0)
        world->host.board.flash.cut_at = world->host.board.flash.operations + cut_at;
    world->host.board.flash.tear = (uint8_t)tear;
    uint64_t before = world->host.board.flash.operations;
    for (size_t i = 0; i < ACTIONS; i++) {
        actions[i % (sizeof actions / sizeof actions[0])](life);
        if (world->host.board.flash.cut)
            power_back(life);
    }
    promises_check(life);
    bus_world_close(world);
    return world->host.board.flash.operations - before;
}

static void life_without_cut_is_sound(void **state)
{
    (void)state;
    uint64_t operations = life_run(&whole_life, 0, HOST_FLASH_TEAR_BEFORE);
    assert_int_equal(whole_life.cuts, 0);
    assert_int_equal(whole_life.purchases, 10);
    assert_int_equal(whole_life.closed, 0);
    assert_true(whole_life.world.host.board.flash.erasures[7] >= 1);
    print_message("# %u flash operations in this life\n", (unsigned)operations);
}

static uint64_t life_whole(uint64_t cut_at, enum host_flash_tear tear, unsigned *cuts)
{
    uint64_t operations = life_run(&whole_life, cut_at, tear);
    *cuts = whole_life.cuts;
    return operations;
}

int main(void)
{
    static struct power_life cut_life = { life_whole };
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(life_without_cut_is_sound),
        POWER_LIFE_TESTS(&cut_life),
    };
    return cmocka_run_group_tests_name("bus_meter_power", tests, NULL, NULL);
}
