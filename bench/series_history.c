#include "bench/series_history.h"

#define DAY_S 86400
#define STEP_S 60

/* Watts of a household at a second of the day: standby, a refrigerator, cooking, evenings, a hot day's cooling. */
struct household {
    int64_t standby_w;
    int64_t fridge_w;
    int64_t fridge_s;    /* its cycle */
    int64_t evening_w;
    int64_t cooling_w;
    int64_t event_left_s;
    int64_t event_w;
};

static int64_t household_w(struct household *home, struct random *random, int64_t second)
{
    int64_t of_day = second % DAY_S;
    int64_t watts = home->standby_w + (second % home->fridge_s < home->fridge_s / 3 ? home->fridge_w : 0);
    if (of_day > 18 * 3600 && of_day < 23 * 3600)
        watts += home->evening_w + (int64_t)random_below(random, 40);
    if (home->cooling_w > 0 && (of_day > 21 * 3600 || of_day < 6 * 3600) && (second / 420) % 2 == 0)
        watts += home->cooling_w;
    uint64_t chance = of_day < 6 * 3600 ? 1 : of_day < 9 * 3600 || of_day > 17 * 3600 ? 12 : 5;
    if (home->event_left_s <= 0 && random_chance(random, chance, 600)) {
        home->event_left_s = random_between(random, 120, 2400);
        home->event_w = random_between(random, 300, 2200);
    }
    if (home->event_left_s > 0) {
        watts += home->event_w;
        home->event_left_s -= STEP_S;
    }
    return watts;
}

static void household_make(struct random *random, size_t per_day, int64_t *values, size_t count, int64_t step_mwh,
                           int64_t cooling_w)
{
    struct household home = { .standby_w = random_between(random, 20, 90), .fridge_w = random_between(random, 60, 130),
                              .fridge_s = random_between(random, 2400, 5400), .evening_w = random_between(random, 60, 400),
                              .cooling_w = cooling_w };
    int64_t total_ws = random_between(random, 0, INT64_C(36000000000));
    for (size_t i = 0; i < count; i++) {
        int64_t mwh = total_ws * 10 / 36;
        values[i] = mwh - mwh % step_mwh;
        for (int64_t second = 0; second < (int64_t)(DAY_S / per_day); second += STEP_S)
            total_ws += STEP_S * household_w(&home, random, (int64_t)i * (int64_t)(DAY_S / per_day) + second);
    }
}

static void home_make(struct random *random, size_t per_day, int64_t *values, size_t count)
{
    household_make(random, per_day, values, count, 10000, random_chance(random, 1, 3) ? random_between(random, 400, 1200) : 0);
}

static void fine_home_make(struct random *random, size_t per_day, int64_t *values, size_t count)
{
    household_make(random, per_day, values, count, 1000, random_chance(random, 1, 3) ? random_between(random, 400, 1200) : 0);
}

/* 0.01 kWh of a shop behind CT 40: open 9 to 21, noise of a tenth. */
static void shop_make(struct random *random, size_t per_day, int64_t *values, size_t count)
{
    int64_t step = random_between(random, 20, 300) * 96 / (int64_t)per_day;
    int64_t total = random_between(random, 0, 100000000);
    for (size_t i = 0; i < count; i++) {
        values[i] = total * 10000;
        size_t hour = i % per_day * 24 / per_day;
        bool open = hour >= 9 && hour < 21;
        total += open ? random_between(random, step * 9 / 10, step * 11 / 10) : step / 10 + (int64_t)random_below(random, 3);
    }
}

/* Litres of a flat: nothing at night, draws by day. */
static void water_make(struct random *random, size_t per_day, int64_t *values, size_t count)
{
    int64_t total_l = random_between(random, 0, 2000000);
    int64_t people = random_between(random, 1, 5);
    for (size_t i = 0; i < count; i++) {
        values[i] = total_l * 1000;
        for (size_t part = 0; part < 96 / per_day; part++) {
            size_t hour = i % per_day * 24 / per_day;
            uint64_t chance = hour < 6 ? 1 : hour < 9 || hour > 17 ? 9 : 4;
            if (random_chance(random, chance * (uint64_t)people, 100))
                total_l += random_chance(random, 1, 6) ? random_between(random, 20, 90) : random_between(random, 1, 9);
        }
    }
}

/* A pipe that never stands still: litres of a building, a leak in it. */
static void building_water_make(struct random *random, size_t per_day, int64_t *values, size_t count)
{
    int64_t total_l = random_between(random, 0, 200000000);
    for (size_t i = 0; i < count; i++) {
        values[i] = total_l * 1000;
        size_t hour = i % per_day * 24 / per_day;
        int64_t mean_l = (hour < 6 ? 40 : 260) * (int64_t)(96 / per_day);
        total_l += random_between(random, mean_l * 2 / 3, mean_l * 4 / 3);
    }
}

/* 0.1 V, swinging. */
static void voltage_make(struct random *random, size_t per_day, int64_t *values, size_t count)
{
    int64_t level = 2280;
    for (size_t i = 0; i < count; i++) {
        size_t hour = i % per_day * 24 / per_day;
        level += ((hour > 17 && hour < 23 ? 2250 : 2310) - level) / 8;
        values[i] = (level + random_between(random, -9, 9)) * 100;
    }
}

static void still_make(struct random *random, size_t per_day, int64_t *values, size_t count)
{
    int64_t total = (int64_t)random_below(random, 100000) * 1000;
    (void)per_day;
    for (size_t i = 0; i < count; i++)
        values[i] = total;
}

static void even_make(struct random *random, size_t per_day, int64_t *values, size_t count)
{
    int64_t total = 0;
    for (size_t i = 0; i < count; i++) {
        values[i] = total * 10000;
        total += INT64_C(4800) / (int64_t)(per_day / 24) + random_between(random, -6, 6);
    }
}

static void noise_make(struct random *random, size_t per_day, int64_t *values, size_t count)
{
    (void)per_day;
    for (size_t i = 0; i < count; i++)
        values[i] = (int64_t)random_next(random);
}

const struct series_history series_histories[SERIES_HISTORY_COUNT] = {
    { "household, 0.01 kWh", home_make },
    { "household, 0.001 kWh", fine_home_make },
    { "shop behind CT, 0.01 kWh", shop_make },
    { "even load, 0.01 kWh", even_make },
    { "water of a flat, 1 L", water_make },
    { "water of a building, 1 L", building_water_make },
    { "voltage, 0.1 V", voltage_make },
    { "standing still", still_make },
    { "noise of 64 bits", noise_make },
};
