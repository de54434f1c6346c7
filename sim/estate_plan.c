#include "sim/estate_plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/device_profile.h"
#include "base/random.h"

#define FLOORS_A_BUILDING 25
#define DOORS_A_FLOOR 4
#define SHOPS_A_FLOOR 30
#define METERS_A_HOUSEHOLD 4
#define TERMINAL_FIRST 10001
#define ADDRESS_FIRST UINT64_C(880100000001)
#define PORT_ELECTRICITY 2
#define PORT_OTHERS 3

/* What the households of one building have, in the order of their measurement points. */
static const struct {
    uint8_t kind;
    uint8_t use;
    uint8_t port;
} household_meters[METERS_A_HOUSEHOLD] = {
    { DEVICE_KIND_ELECTRICITY, ESTATE_HOUSEHOLD_ELECTRICITY, PORT_ELECTRICITY },
    { DEVICE_KIND_COLD_WATER, ESTATE_HOUSEHOLD_WATER, PORT_OTHERS },
    { DEVICE_KIND_GAS, ESTATE_HOUSEHOLD_GAS, PORT_OTHERS },
    { DEVICE_KIND_HEAT, ESTATE_HOUSEHOLD_HEAT, PORT_OTHERS },
};

/* Usual transformers of shops, by size. */
static const uint16_t shop_transformers_a[] = { 75, 100, 150, 200, 300 };

const char *estate_name(bool is_plaza)
{
    return is_plaza ? "鹭湾广场 (电)" : "鹭湾家园";
}

const struct estate_meter *estate_plan_meter(const struct estate_plan *plan, uint64_t address)
{
    if (address < ADDRESS_FIRST || address - ADDRESS_FIRST >= plan->meter_count)
        return NULL;
    return &plan->meters[address - ADDRESS_FIRST];
}

int32_t estate_meter_multiplier_e3(const struct estate_meter *meter)
{
    return meter->ct_primary_a == 0 ? 1000 : 1000 * meter->ct_primary_a / meter->ct_secondary_a;
}

/* The plan being filled. */
struct drawing {
    struct estate_plan *plan;
    struct estate_concentrator *concentrator;
};

static void concentrator_begin(struct drawing *drawing, uint16_t building)
{
    struct estate_plan *plan = drawing->plan;

    drawing->concentrator = &plan->concentrators[plan->concentrator_count];
    *drawing->concentrator = (struct estate_concentrator){
        .meter_first = (uint32_t)plan->meter_count,
        .building = building,
        .terminal = TERMINAL_FIRST + (uint32_t)plan->concentrator_count,
    };
    plan->concentrator_count++;
}

static struct estate_meter *meter_add(struct drawing *drawing, uint8_t kind, uint8_t use, uint8_t port)
{
    struct estate_plan *plan = drawing->plan;
    struct estate_meter *meter = &plan->meters[plan->meter_count];

    *meter = (struct estate_meter){
        .address = ADDRESS_FIRST + plan->meter_count,
        .number = (uint32_t)plan->meter_count,
        .concentrator = (uint32_t)plan->concentrator_count - 1,
        .measurement_point = (uint16_t)(drawing->concentrator->meter_count + 1),
        .building = drawing->concentrator->building,
        .kind = kind,
        .use = use,
        .port = port,
    };
    plan->meter_count++;
    drawing->concentrator->meter_count++;
    return meter;
}

static void supply_add(struct drawing *drawing, uint16_t ct_primary_a)
{
    struct estate_meter *meter = meter_add(drawing, DEVICE_KIND_ELECTRICITY, ESTATE_SUPPLY, PORT_ELECTRICITY);

    meter->ct_primary_a = ct_primary_a;
    meter->ct_secondary_a = 5;
    (void)snprintf(meter->room, sizeof meter->room, "配电室");
}

static void building_draw(struct drawing *drawing, uint16_t building, uint32_t home_first, uint32_t homes)
{
    concentrator_begin(drawing, building);
    supply_add(drawing, 600);
    for (uint32_t home = 0; home < homes; home++)
        for (size_t i = 0; i < METERS_A_HOUSEHOLD; i++) {
            struct estate_meter *meter =
                meter_add(drawing, household_meters[i].kind, household_meters[i].use, household_meters[i].port);
            meter->home = home_first + home;
            (void)snprintf(meter->room, sizeof meter->room, "%u%02u",
                           (unsigned)(home / DOORS_A_FLOOR % FLOORS_A_BUILDING + 1),
                           (unsigned)(home % DOORS_A_FLOOR + 1));
        }
}

static void shop_draw(struct drawing *drawing, uint32_t shop, uint32_t home)
{
    struct estate_meter *meter = meter_add(drawing, DEVICE_KIND_ELECTRICITY, ESTATE_SHOP_ELECTRICITY, PORT_ELECTRICITY);
    uint64_t chance = drawing->plan->seed ^ shop;

    meter->home = home;
    meter->ct_primary_a =
        shop_transformers_a[random_splitmix(&chance) % (sizeof shop_transformers_a / sizeof shop_transformers_a[0])];
    meter->ct_secondary_a = 5;
    (void)snprintf(meter->room, sizeof meter->room, "%uF-%02u", (unsigned)(shop / SHOPS_A_FLOOR + 1),
                   (unsigned)(shop % SHOPS_A_FLOOR + 1));
    if (shop >= ESTATE_AIR_CONDITIONERS)
        return;
    meter = meter_add(drawing, DEVICE_KIND_ELECTRICITY, ESTATE_SHOP_AIR_CONDITIONING, PORT_ELECTRICITY);
    meter->home = home;
    (void)snprintf(meter->room, sizeof meter->room, "%uF-%02u 空调", (unsigned)(shop / SHOPS_A_FLOOR + 1),
                   (unsigned)(shop % SHOPS_A_FLOOR + 1));
}

static void plan_draw(struct estate_plan *plan, bool has_plaza)
{
    struct drawing drawing = { .plan = plan };

    for (uint32_t building = 0; building < plan->buildings; building++) {
        uint32_t first = building * ESTATE_HOUSEHOLDS_A_BUILDING;
        uint32_t left = plan->households - first;
        building_draw(&drawing, (uint16_t)(building + 1), first,
                      left < ESTATE_HOUSEHOLDS_A_BUILDING ? left : ESTATE_HOUSEHOLDS_A_BUILDING);
    }
    if (!has_plaza)
        return;
    concentrator_begin(&drawing, 0);
    supply_add(&drawing, 2000);
    for (uint32_t shop = 0; shop < ESTATE_SHOPS; shop++)
        shop_draw(&drawing, shop, plan->households + shop);
}

int estate_plan_open(struct estate_plan *plan, uint64_t seed, uint32_t households, bool has_plaza)
{
    uint32_t homes = households == 0 ? ESTATE_HOUSEHOLDS_DEFAULT : households;
    struct estate_plan made = { .seed = seed, .households = homes };
    size_t meters;

    if (homes > ESTATE_HOUSEHOLDS_LIMIT)
        return -1;
    made.buildings = (homes + ESTATE_HOUSEHOLDS_A_BUILDING - 1) / ESTATE_HOUSEHOLDS_A_BUILDING;
    meters = (size_t)homes * METERS_A_HOUSEHOLD + made.buildings;
    if (has_plaza)
        meters += 1 + ESTATE_SHOPS + ESTATE_AIR_CONDITIONERS;
    made.meters = calloc(meters, sizeof *made.meters);
    made.concentrators = calloc((size_t)made.buildings + 1, sizeof *made.concentrators);
    if (made.meters == NULL || made.concentrators == NULL) {
        estate_plan_close(&made);
        return -1;
    }
    plan_draw(&made, has_plaza);
    *plan = made;
    return 0;
}

void estate_plan_close(struct estate_plan *plan)
{
    free(plan->meters);
    free(plan->concentrators);
    memset(plan, 0, sizeof *plan);
}
