#include "sim/town_plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "sim/town_places.h"

#define IMEI_PREFIX UINT64_C(86723106000000) /* type allocation code of an invented module, then the number */
#define METER_NUMBER_FIRST 3120000
#define CUSTOMER_NUMBER_FIRST 100001
#define REPORT_PERIOD_STORY_S 21600

/* One place of the whole town, chosen or not. */
struct place {
    const struct town_estate *estate;
    uint32_t copy;      /* 0, or which extension of the estate */
    uint32_t building;  /* from 1 */
    uint32_t index;     /* in the building, from 0 */
};

/* People and meters that the story and the tests know by name. */
static const struct star {
    const char *estate;
    uint32_t building;
    const char *room;
    struct town_name customer;
    const char *phone;
    int32_t daily_ml;
    int64_t cushion_fen;   /* balance on the evening the story begins */
    uint8_t habit;
    uint8_t flaw;
    uint8_t coverage;
    bool is_protected;
} stars[] = {
    { "榕荫花园", 3, "1204", { "陈佳怡", "cjy" }, "138-0000-0417", 3000000, 2690, TOWN_PAYS_VERY_LATE, TOWN_SOUND, COVERAGE_PERFECT, false },
    { "榕荫花园", 1, "302", { "何秀兰", "hxl" }, "138-0000-0302", 3000000, 2640, TOWN_PAYS_NEVER, TOWN_SOUND, COVERAGE_GOOD, true },
    { "榕荫花园", 2, "904", { "周子轩", "zzx" }, "138-0000-0904", 2600000, 1830, TOWN_FORGETS, TOWN_SOUND, COVERAGE_GOOD, false },
    { "鹭湾广场", 2, "2F-07", { "许文博", "xwb" }, "138-0000-0207", 1500000, 8620, TOWN_FORGETS, TOWN_VALVE_STUCK, COVERAGE_GOOD, false },
    { "鹭湾广场", 1, "1F-12", { "林志远", "lzy" }, "138-0000-0112", 2500000, 20436, TOWN_PAYS_PROMPTLY, TOWN_SOUND, COVERAGE_GOOD, false },
    { "榕荫花园", 5, "101", { "黄丽娟", "hlj" }, "138-0000-0501", 420000, 9000, TOWN_PAYS_PROMPTLY, TOWN_LEAK, COVERAGE_GOOD, false },
    { "珠荫里", 4, "203", { "李建国", "ljg" }, "138-0000-0423", 380000, 0, TOWN_PAYS_LATE, TOWN_CLOCK_WRONG, COVERAGE_GOOD, false },
    { "珠荫里", 7, "506", { "王静", "wj" }, "138-0000-0756", 350000, 0, TOWN_PAYS_PROMPTLY, TOWN_REVERSED, COVERAGE_GOOD, false },
    { "云港新苑", 2, "101", { "张伟", "zw" }, "138-0000-0201", 450000, 0, TOWN_PAYS_PROMPTLY, TOWN_SOUND, COVERAGE_BASEMENT, false },
};

#define STAR_COUNT (sizeof stars / sizeof stars[0])

/* Of 1,000 homes. The rest is sound. */
static const struct { uint8_t flaw; uint16_t permille; } flaw_shares[] = {
    { TOWN_LEAK, 8 }, { TOWN_BATTERY_LOW, 3 }, { TOWN_BATTERY_DEAD, 3 }, { TOWN_MAGNET, 1 },
};

/* Of 100 homes. */
static const uint8_t habit_shares[TOWN_HABIT_COUNT] = {
    [TOWN_PAYS_PROMPTLY] = 72, [TOWN_PAYS_LATE] = 18, [TOWN_PAYS_VERY_LATE] = 6, [TOWN_FORGETS] = 4,
};

static uint32_t estate_homes(const struct town_estate *estate)
{
    return (uint32_t)estate->buildings * estate->meters;
}

static struct place place_of(uint32_t number)
{
    size_t count;
    const struct town_estate *estate = town_estates(&count);
    struct place place = { .copy = number / TOWN_METERS_DEFAULT };

    number %= TOWN_METERS_DEFAULT;
    while (number >= estate_homes(estate))
        number -= estate_homes(estate++);
    place.estate = estate;
    place.building = number / estate->meters + 1;
    place.index = number % estate->meters;
    return place;
}

static void room_write(const struct place *place, char *out, size_t capacity)
{
    unsigned floor = place->index / place->estate->doors + 1;
    unsigned door = place->index % place->estate->doors + 1;

    switch (place->estate->style) {
    case TOWN_ROOM_SHOP:
        if (strcmp(place->estate->building, "B1") == 0)
            (void)snprintf(out, capacity, "B1-%02u", place->index + 1);
        else
            (void)snprintf(out, capacity, "%uF-%02u", place->building, place->index + 1);
        break;
    case TOWN_ROOM_VILLAGE:
        (void)snprintf(out, capacity, "%u号", place->index + 1);
        break;
    default:
        (void)snprintf(out, capacity, "%u%02u", floor, door);
        break;
    }
}

static const struct star *star_at(const struct place *place)
{
    char room[24];

    if (place->copy != 0)
        return NULL;
    room_write(place, room, sizeof room);
    for (size_t i = 0; i < STAR_COUNT; i++)
        if (stars[i].building == place->building && strcmp(stars[i].estate, place->estate->name) == 0 &&
            strcmp(stars[i].room, room) == 0)
            return &stars[i];
    return NULL;
}

/* The index of an area, entered when it is new. Looks from the end: homes come building by building. */
static uint32_t area_get(struct town_plan *plan, uint32_t parent, enum town_area_kind kind, const char *name)
{
    for (size_t i = plan->area_count; i > 0; i--)
        if (plan->areas[i - 1].parent == parent && strcmp(plan->areas[i - 1].name, name) == 0)
            return (uint32_t)(i - 1);
    struct town_area *area = &plan->areas[plan->area_count];
    area->parent = parent;
    area->kind = (uint8_t)kind;
    (void)snprintf(area->name, sizeof area->name, "%s", name);
    return (uint32_t)plan->area_count++;
}

static uint32_t building_get(struct town_plan *plan, const struct place *place)
{
    char name[64];
    uint32_t district = area_get(plan, TOWN_NONE, TOWN_DISTRICT, place->estate->district);
    const char *number = strstr(place->estate->building, "%u");

    if (place->copy == 0)
        (void)snprintf(name, sizeof name, "%s", place->estate->name);
    else
        (void)snprintf(name, sizeof name, "%s%u期", place->estate->name, place->copy + 1);
    uint32_t estate = area_get(plan, district, TOWN_ESTATE, name);
    if (number == NULL)
        (void)snprintf(name, sizeof name, "%s", place->estate->building);
    else
        (void)snprintf(name, sizeof name, "%u%s", place->building, number + 2);
    return area_get(plan, estate, TOWN_BUILDING, name);
}

static uint64_t imei_make(uint64_t number)
{
    uint64_t digits = IMEI_PREFIX + number;
    unsigned sum = 0;

    /* Luhn: every second digit from the right counts double (GSMA TS.06). */
    for (uint64_t rest = digits, place = 0; rest != 0; rest /= 10, place++) {
        unsigned digit = (unsigned)(rest % 10);
        unsigned doubled = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        sum += place % 2 == 0 ? doubled : digit;
    }
    return digits * 10 + (10 - sum % 10) % 10;
}

static uint8_t usage_kind_choose(struct random *random, const struct town_estate *estate)
{
    if (estate->usage == USAGE_SHOP)
        return random_chance(random, 1, 5) ? USAGE_RESTAURANT : USAGE_SHOP;
    if (estate->usage != USAGE_FAMILY)
        return estate->usage;
    if (random_chance(random, 6, 100))
        return USAGE_EMPTY;
    return random_chance(random, 5, 100) ? USAGE_NIGHT_SHIFT : USAGE_FAMILY;
}

static int32_t daily_choose(struct random *random, enum usage_kind kind, unsigned persons)
{
    switch (kind) {
    case USAGE_EMPTY:
        return 8000;
    case USAGE_DORM:
        return (int32_t)(persons * (unsigned)random_between(random, 60000, 110000));
    case USAGE_SHOP:
        return (int32_t)random_between(random, 120000, 600000);
    case USAGE_RESTAURANT:
        return (int32_t)random_between(random, 1800000, 4500000);
    default:
        return (int32_t)(60000 + persons * (unsigned)random_between(random, 70000, 150000));
    }
}

static uint8_t habit_choose(struct random *random)
{
    uint64_t drawn = random_below(random, 100);

    for (uint8_t habit = 0; habit < TOWN_HABIT_COUNT; habit++) {
        if (drawn < habit_shares[habit])
            return habit;
        drawn -= habit_shares[habit];
    }
    return TOWN_PAYS_PROMPTLY;
}

static uint8_t flaw_choose(struct random *random)
{
    uint64_t drawn = random_below(random, 1000);

    for (size_t i = 0; i < sizeof flaw_shares / sizeof flaw_shares[0]; i++) {
        if (drawn < flaw_shares[i].permille)
            return flaw_shares[i].flaw;
        drawn -= flaw_shares[i].permille;
    }
    return TOWN_SOUND;
}

static uint8_t coverage_choose(struct random *random)
{
    uint64_t drawn = random_below(random, 1000);

    if (drawn < 4)
        return COVERAGE_BASEMENT;
    return drawn < 60 ? COVERAGE_EDGE : COVERAGE_GOOD;
}

static void habits_choose(struct town_home *home, struct random *random, const struct town_estate *estate)
{
    home->persons = (uint8_t)(estate->usage == USAGE_DORM ? 4 : random_between(random, 1, 5));
    home->usage.kind = usage_kind_choose(random, estate);
    home->usage.daily_ml = daily_choose(random, (enum usage_kind)home->usage.kind, home->persons);
    home->habit = habit_choose(random);
    home->flaw = flaw_choose(random);
    home->coverage = coverage_choose(random);
    /* What is left of the opening payment when the story begins. Those who forget are near the end of it. */
    home->opening_fen = home->habit == TOWN_FORGETS ? random_between(random, 300, 2500)
                                                    : random_between(random, 1500, 30000);
    if (estate->tariff == TOWN_TARIFF_SHOP) {
        home->size_dn_mm = 25;
        home->flow_limit_ml_per_h = 7875000;
        home->opening_fen *= 4;
    }
    if (estate->usage == USAGE_SHOP)
        town_name_company(random, &home->customer);
    else
        town_name_person(random, &home->customer);
    town_phone(random, home->phone);
}

static void star_apply(struct town_home *home, const struct star *star)
{
    home->customer = star->customer;
    (void)snprintf(home->phone, sizeof home->phone, "%s", star->phone);
    home->usage.kind = USAGE_FAMILY;
    home->usage.daily_ml = star->daily_ml;
    home->opening_fen = star->cushion_fen;
    home->habit = star->habit;
    home->flaw = star->flaw;
    home->coverage = star->coverage;
    home->is_protected = star->is_protected;
    home->persons = 4;
    home->secured = star == &stars[0];
}

static void home_fill(struct town_plan *plan, uint32_t index, const struct place *place)
{
    struct town_home *home = &plan->homes[index];
    const struct star *star = star_at(place);
    struct random random = random_of_stream(plan->config.seed, index);

    home->building = building_get(plan, place);
    room_write(place, home->room, sizeof home->room);
    home->imei = imei_make(index + 1);
    (void)snprintf(home->imei_text, sizeof home->imei_text, "%015llu", (unsigned long long)home->imei);
    (void)snprintf(home->meter_number, sizeof home->meter_number, "3503%08u", METER_NUMBER_FIRST + index);
    (void)snprintf(home->customer_number, sizeof home->customer_number, "%u", CUSTOMER_NUMBER_FIRST + index);
    home->usage.seed = plan->config.seed;
    home->usage.home = index;
    home->size_dn_mm = 15;
    home->flow_limit_ml_per_h = 3125000;
    home->report_period_s = place->estate->report_period_s;
    home->report_time_s = place->estate->report_time_s;
    home->payment = place->estate->payment;
    home->tariff = place->estate->tariff;
    home->maker = place->estate->maker;
    home->secured = random_chance(&random, plan->config.secured_permille, 1000);
    home->start_register_ml = random_between(&random, 5, 900) * 1000000;
    habits_choose(home, &random, place->estate);
    if (star != NULL)
        star_apply(home, star);
    if (star == &stars[0]) {
        plan->story = index;
        home->report_period_s = REPORT_PERIOD_STORY_S;
    }
    if (home->flaw == TOWN_LEAK)
        home->usage.leak_ml_per_h = 6000;
    if (home->payment == TOWN_POSTPAID)
        home->opening_fen = 0;
}

/* Every n-th place, evenly over the whole town, and all the stars. */
static void homes_choose(struct town_plan *plan, uint32_t meters, uint32_t places)
{
    uint64_t wanted = meters > STAR_COUNT ? meters - STAR_COUNT : 0;
    uint64_t extras = places - STAR_COUNT;
    uint64_t seen = 0;
    uint64_t taken = 0;
    uint32_t index = 0;

    for (uint32_t number = 0; number < places && index < meters; number++) {
        struct place place = place_of(number);

        if (star_at(&place) == NULL) {
            seen++;
            if (seen * wanted / extras <= taken)
                continue;
            taken++;
        }
        home_fill(plan, index++, &place);
    }
    plan->home_count = index;
}

/* The story's meter carries the number of the pictures, when the town is large enough to have it. */
static void story_number_swap(struct town_plan *plan)
{
    struct town_home *story = &plan->homes[plan->story];
    char number[sizeof story->meter_number];

    if (plan->home_count <= 4471)
        return;
    memcpy(number, story->meter_number, sizeof number);
    memcpy(story->meter_number, plan->homes[4471].meter_number, sizeof number);
    memcpy(plan->homes[4471].meter_number, number, sizeof number);
}

int town_plan_open(struct town_plan *plan, const struct town_plan_config *config)
{
    uint32_t meters = config->meters == 0 ? TOWN_METERS_DEFAULT : config->meters;
    uint32_t copies = (meters + TOWN_METERS_DEFAULT - 1) / TOWN_METERS_DEFAULT;

    memset(plan, 0, sizeof *plan);
    plan->config = *config;
    if (meters > TOWN_METERS_LIMIT)
        return -1;
    plan->homes = calloc(meters, sizeof *plan->homes);
    plan->areas = calloc((size_t)copies * 90 + 10, sizeof *plan->areas);
    if (plan->homes == NULL || plan->areas == NULL) {
        town_plan_close(plan);
        return -1;
    }
    homes_choose(plan, meters, copies * TOWN_METERS_DEFAULT);
    story_number_swap(plan);
    return 0;
}

void town_plan_close(struct town_plan *plan)
{
    free(plan->homes);
    free(plan->areas);
    memset(plan, 0, sizeof *plan);
}

int64_t town_register_ml(const struct town_home *home, int64_t first_day, int64_t day)
{
    int64_t register_ml = home->start_register_ml;

    for (int64_t at = first_day; at < day; at++)
        register_ml += usage_day_ml(&home->usage, at, 24);
    return register_ml - register_ml % 1000;
}
