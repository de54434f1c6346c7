/* What differs between meters of different kinds: the quantity of their main register, and the usual dial and pipe. */
#include <string.h>

#include "base/wide.h"
#include "registry/registry_internal.h"

/* The usual register of a kind, and how much can flow.
 *
 * step_value          the finest step of a dial: a ratio must turn it into whole units
 * flow_limit_value_per_h  0: by the nominal size of the pipe
 * flow_unit_value     what one ml of flow is worth in the register's unit, for limits by size */
struct kind_row {
    const char *name;
    enum quantity quantity;
    int64_t modulus_value;
    int64_t step_value;
    int64_t flow_limit_value_per_h;
    int64_t flow_unit_value;
};

#define WATER_MODULUS_ML REGISTRY_REGISTER_MODULUS_ML
#define ELECTRICITY_MODULUS_MWH INT64_C(1000000000000) /* XXXXXX.XX kWh (DL/T 645) */
#define ELECTRICITY_STEP_MWH 100                       /* 0.0001 kWh, the finest register of DL/T 645-2007 */
#define ELECTRICITY_LIMIT_MWH_PER_H INT64_C(66000000)  /* three phases of 220 V, 100 A */
#define GAS_LIMIT_ML_PER_H INT64_C(10000000)           /* G6 */
#define HEAT_MODULUS_J INT64_C(3600000000000)          /* XXXXXX.XX kWh (CJ/T 188); others give their own */
#define HEAT_J_PER_ML 418                              /* water cooled by 100 K */

static const struct kind_row kinds[REGISTRY_KIND_COUNT] = {
    [DEVICE_KIND_NONE] = { "", QUANTITY_NONE, 0, 1, 0, 1 },
    [DEVICE_KIND_COLD_WATER] = { "cold_water", QUANTITY_WATER_VOLUME, WATER_MODULUS_ML, 1, 0, 1 },
    [DEVICE_KIND_HOT_WATER] = { "hot_water", QUANTITY_HOT_WATER_VOLUME, WATER_MODULUS_ML, 1, 0, 1 },
    [DEVICE_KIND_ELECTRICITY] = { "electricity", QUANTITY_ENERGY_ACTIVE_IMPORT, ELECTRICITY_MODULUS_MWH,
                                  ELECTRICITY_STEP_MWH, ELECTRICITY_LIMIT_MWH_PER_H, 1 },
    [DEVICE_KIND_GAS] = { "gas", QUANTITY_GAS_VOLUME, WATER_MODULUS_ML, 1, GAS_LIMIT_ML_PER_H, 1 },
    [DEVICE_KIND_HEAT] = { "heat", QUANTITY_HEAT_ENERGY, HEAT_MODULUS_J, 1, 0, HEAT_J_PER_ML },
    [REGISTRY_KIND_COLLECTOR] = { "collector", QUANTITY_NONE, WATER_MODULUS_ML, 1, 0, 1 },
    [REGISTRY_KIND_CONCENTRATOR] = { "concentrator", QUANTITY_NONE, WATER_MODULUS_ML, 1, 0, 1 },
    [REGISTRY_KIND_LINE] = { "line", QUANTITY_NONE, WATER_MODULUS_ML, 1, 0, 1 },
};

const char *registry_kind_name(uint32_t kind)
{
    return kind < REGISTRY_KIND_COUNT ? kinds[kind].name : "";
}

uint32_t registry_kind_of_name(const char *name)
{
    for (uint32_t kind = 1; kind < REGISTRY_KIND_COUNT; kind++)
        if (strcmp(kinds[kind].name, name) == 0)
            return kind;
    return DEVICE_KIND_NONE;
}

enum quantity registry_kind_quantity(uint32_t kind)
{
    return kind < REGISTRY_KIND_COUNT ? kinds[kind].quantity : QUANTITY_NONE;
}

enum quantity registry_device_quantity(const struct registry_device *device)
{
    return registry_kind_quantity(device->kind);
}

int64_t registry_flow_limit_usual(uint32_t kind, int32_t size_dn_mm)
{
    const struct kind_row *row = &kinds[kind < REGISTRY_KIND_COUNT ? kind : DEVICE_KIND_NONE];

    return row->flow_limit_value_per_h > 0 ? row->flow_limit_value_per_h
                                           : registry_flow_limit_of_size(size_dn_mm) * row->flow_unit_value;
}

void registry_kind_fill(struct device_record *row)
{
    if (row->kind >= REGISTRY_KIND_COUNT)
        return;
    if (row->multiplier_e3 == 0)
        row->multiplier_e3 = REGISTRY_MULTIPLIER_NONE_E3;
    if (row->register_modulus_value == 0)
        row->register_modulus_value = kinds[row->kind].modulus_value;
    if (row->flow_limit_value_per_h == 0)
        row->flow_limit_value_per_h = registry_flow_limit_usual(row->kind, row->size_dn_mm);
}

int registry_kind_check(const struct device_record *row)
{
    int64_t largest_value;

    if (row->kind == DEVICE_KIND_NONE || row->kind >= REGISTRY_KIND_COUNT)
        return REGISTRY_ERR_KIND;
    if (row->multiplier_e3 < 1 || row->multiplier_e3 > REGISTRY_MULTIPLIER_LARGEST_E3 ||
        kinds[row->kind].step_value * row->multiplier_e3 % REGISTRY_MULTIPLIER_NONE_E3 != 0)
        return REGISTRY_ERR_MULTIPLIER_STEP;
    if (row->register_modulus_value < REGISTRY_MODULUS_SMALLEST_VALUE ||
        row->register_modulus_value > REGISTRY_MODULUS_LARGEST_VALUE)
        return REGISTRY_ERR_MODULUS;
    if (wide_multiply_divide_truncate(row->register_modulus_value, row->multiplier_e3, REGISTRY_MULTIPLIER_NONE_E3,
                                      &largest_value) < 0 ||
        largest_value > REGISTRY_MODULUS_LARGEST_VALUE)
        return REGISTRY_ERR_MULTIPLIER_STEP;
    if (row->flow_limit_value_per_h < REGISTRY_FLOW_LIMIT_SMALLEST ||
        row->flow_limit_value_per_h > REGISTRY_FLOW_LIMIT_LARGEST * kinds[row->kind].flow_unit_value)
        return REGISTRY_ERR_FLOW_LIMIT;
    return 0;
}
