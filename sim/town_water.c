#include "sim/town_water.h"

#include "base/calendar.h"

#define HOUR_MS INT64_C(3600000)
#define MINUTE_MS INT64_C(60000)
#define LITRE_ML 1000
#define WORTH_A_DRAW_ML 5000 /* less waits for the next hour: meters need not wake for a glass of water */

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

/* The draws left to do are spread over what is left of the hour. */
static int64_t pause_ms(const struct town_water *water, const struct town_home *home)
{
    int64_t draws = water->left_ml / draw_limit_ml(home) + 1;
    int64_t left_ms = water->hour_ms - water->due_ms;
    int64_t pause = left_ms > 0 ? left_ms / draws : 0;

    return pause < MINUTE_MS ? MINUTE_MS : pause;
}

int32_t town_water_draw_l(struct town_water *water, const struct town_home *home, struct random *random, bool supplied)
{
    int64_t drawn_ml;

    while (water->hour_ms <= water->due_ms) {
        water->left_ml += hour_use_ml(home, water->hour_ms);
        water->hour_ms += HOUR_MS;
    }
    if (!supplied)
        water->left_ml = 0;
    drawn_ml = water->left_ml > draw_limit_ml(home) ? draw_limit_ml(home) : water->left_ml;
    if (drawn_ml < WORTH_A_DRAW_ML)
        drawn_ml = 0;
    drawn_ml -= drawn_ml % LITRE_ML;
    water->left_ml -= drawn_ml;
    if (water->left_ml >= WORTH_A_DRAW_ML)
        water->due_ms += pause_ms(water, home);
    else
        water->due_ms = water->hour_ms + random_between(random, 0, HOUR_MS / 4);
    return (int32_t)(drawn_ml / LITRE_ML);
}
