#include "sim/town_water.h"

#include "base/calendar.h"
#include "base/random.h"

#define HOUR_MS INT64_C(3600000)
#define MINUTE_MS INT64_C(60000)
#define LITRE_ML 1000
#define DRAWS_AN_HOUR 8      /* who uses much draws more at once rather than more often */
#define WORTH_A_DRAW_ML 5000 /* less waits for the next hour: meters need not wake for a glass of water */

/* What people do, as often as it stands here: hands, toilets and dishes, a machine or a bucket, a shower. */
#define HABIT_COUNT 16
static const int32_t habits_ml[HABIT_COUNT] = { 6000, 6000,  6000,  6000,  6000,  6000,  6000,  9000,
                                                9000, 9000, 9000, 15000, 15000, 15000, 28000, 28000 };
#define HABIT_MEAN_ML 11000

/* The same for the same home and moment. */
static uint64_t chance(const struct town_home *home, int64_t time_ms)
{
    uint64_t state = home->usage.seed ^ (uint64_t)home->usage.home << 40 ^ (uint64_t)time_ms;

    return random_splitmix(&state);
}

static int64_t hour_use_ml(const struct town_home *home, int64_t hour_ms)
{
    int64_t time_s = hour_ms / 1000;
    int64_t day = calendar_local_day(time_s, TOWN_ZONE_OFFSET_S);

    return usage_hour_ml(&home->usage, day, calendar_second_of_day(time_s, TOWN_ZONE_OFFSET_S) / 3600);
}

/* In a minute at most three fifths of what the meter calls too much. */
static int64_t draw_limit_ml(const struct town_home *home)
{
    return (int64_t)home->flow_limit_ml_per_h / 100;
}

void town_water_begin(struct town_water *water, const struct town_home *home, int64_t now_ms)
{
    int64_t now_s = now_ms / 1000;
    int64_t day = calendar_local_day(now_s, TOWN_ZONE_OFFSET_S);
    int hours = calendar_second_of_day(now_s, TOWN_ZONE_OFFSET_S) / 3600;

    water->hour_ms = now_ms - now_ms % HOUR_MS;
    water->left_ml = usage_day_ml(&home->usage, day, hours);
    water->due_ms = now_ms + MINUTE_MS;
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* One thing that somebody does. */
static int64_t draw_ml(const struct town_water *water, const struct town_home *home, uint64_t chosen)
{
    int64_t habit_ml = habits_ml[chosen % HABIT_COUNT];
    int64_t share_ml = water->left_ml / DRAWS_AN_HOUR;
    int64_t wanted_ml = smaller(habit_ml > share_ml ? habit_ml : share_ml, draw_limit_ml(home));

    wanted_ml = smaller(wanted_ml, water->left_ml);
    return wanted_ml < WORTH_A_DRAW_ML ? 0 : wanted_ml - wanted_ml % LITRE_ML;
}

/* How many draws so much water takes. */
static int64_t draws_of(int64_t wanted_ml)
{
    return smaller(wanted_ml / HABIT_MEAN_ML, DRAWS_AN_HOUR) + 1;
}

/* What is left to do is spread over what is left of the hour, never evenly. */
static int64_t pause_ms(const struct town_water *water, uint64_t chosen)
{
    int64_t mean_ms = (water->hour_ms - water->due_ms) / draws_of(water->left_ml);
    int64_t pause = mean_ms / 2 + (int64_t)(chosen % (uint64_t)(mean_ms > 0 ? mean_ms : 1));

    return pause < MINUTE_MS ? MINUTE_MS : pause;
}

/* The first draw of the next hour comes the sooner the more it has to do. */
static int64_t next_hour_ms(const struct town_water *water, const struct town_home *home, uint64_t chosen)
{
    int64_t draws = draws_of(water->left_ml + hour_use_ml(home, water->hour_ms));

    return water->hour_ms + (int64_t)(chosen % (uint64_t)(HOUR_MS / draws));
}

int32_t town_water_draw_l(struct town_water *water, const struct town_home *home, bool supplied)
{
    uint64_t chosen = chance(home, water->due_ms);
    int64_t drawn_ml;

    while (water->hour_ms <= water->due_ms) {
        water->left_ml += hour_use_ml(home, water->hour_ms);
        water->hour_ms += HOUR_MS;
    }
    if (!supplied)
        water->left_ml = 0;
    drawn_ml = draw_ml(water, home, chosen);
    water->left_ml -= drawn_ml;
    if (water->left_ml >= WORTH_A_DRAW_ML)
        water->due_ms += pause_ms(water, chosen >> 8);
    else
        water->due_ms = next_hour_ms(water, home, chosen >> 8);
    return (int32_t)(drawn_ml / LITRE_ML);
}
