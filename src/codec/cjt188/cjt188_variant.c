#include "codec/cjt188/cjt188_variant.h"

#include "codec/cjt188/cjt188_code.h"

#define MAP(name) CJT188_STATUS_MAP_##name

/*  name, options, status, status of heat readings, litres, low DI byte first, write address, write sync */
const struct cjt188_variant cjt188_variants[] = {
    { "standard", 0, MAP(STANDARD), MAP(HEAT), -2, false, CJT188_WRITE_ADDRESS, CJT188_WRITE_SYNC },
    { "low_first", 0, MAP(STANDARD), MAP(HEAT), -2, true, CJT188_WRITE_ADDRESS, CJT188_WRITE_SYNC },
    { "mirrored_status", 0, MAP(MIRRORED), MAP(MIRRORED), -2, false, CJT188_WRITE_ADDRESS, CJT188_WRITE_SYNC },
    { "heat_valve", 0, MAP(STANDARD), MAP(STANDARD), -2, false, CJT188_WRITE_ADDRESS, CJT188_WRITE_SYNC },
    { "heat_faults", 0, MAP(STANDARD), MAP(HEAT_FAULTS), -2, false, CJT188_WRITE_ADDRESS, CJT188_WRITE_SYNC },
    { "whole_litres", 0, MAP(STANDARD), MAP(HEAT), 0, false, CJT188_WRITE_ADDRESS, CJT188_WRITE_SYNC },
    { "unit_first", CJT188_OPTION_UNIT_FIRST, MAP(STANDARD), MAP(HEAT), -2, false, CJT188_WRITE_ADDRESS,
      CJT188_WRITE_SYNC },
    { "short_reading", CJT188_OPTION_SHORT_READING, MAP(STANDARD), MAP(HEAT), -2, false, CJT188_WRITE_ADDRESS,
      CJT188_WRITE_SYNC },
    { "cooling_first", CJT188_OPTION_COOLING_FIRST, MAP(STANDARD), MAP(HEAT), -2, false, CJT188_WRITE_ADDRESS,
      CJT188_WRITE_SYNC },
    { "all_writes_04", 0, MAP(STANDARD), MAP(HEAT), -2, false, CJT188_WRITE_DATA, CJT188_WRITE_DATA },
    { "write_address_05", 0, MAP(STANDARD), MAP(HEAT), -2, false, CJT188_WRITE_ADDRESS_VENDOR, CJT188_WRITE_SYNC },
};

#define VARIANT_COUNT (sizeof cjt188_variants / sizeof cjt188_variants[0])

const struct cjt188_variant *cjt188_variant_at(size_t index)
{
    return index < VARIANT_COUNT ? &cjt188_variants[index] : NULL;
}

const struct cjt188_variant *cjt188_variant_find(struct span name)
{
    for (size_t i = 0; i < VARIANT_COUNT; i++)
        if (span_equal_text(name, cjt188_variants[i].name))
            return &cjt188_variants[i];
    return NULL;
}

static const char *const valve_words[][2] = {
    { "open", "开" },
    { "closed", "关" },
    { "reserved", "保留" },
    { "abnormal", "异常" },
};
static const char *const battery_words[][2] = {
    { "battery normal", "电池正常" },
    { "battery low", "电池欠压" },
};
static const char *const heat_fault_words[][2] = {
    { "calculator fault", "积算仪故障" },
    { "supply sensor fault", "供水温度传感器故障" },
    { "return sensor fault", "回水温度传感器故障" },
    { "flow sensor fault", "流量传感器故障" },
};

/* Shifts count in ST1 * 256 + ST2: bit 0 of ST1 is 8. A width of 0 ends a map. */
const struct cjt188_status_bits cjt188_status_maps[CJT188_STATUS_MAP_COUNT][CJT188_STATUS_PLACES] = {
    [CJT188_STATUS_MAP_STANDARD] = {
        { ITEM_VALVE, 8, 2, false, valve_words },
        { ITEM_BATTERY_LOW, 10, 1, false, battery_words },
    },
    [CJT188_STATUS_MAP_MIRRORED] = {
        { ITEM_VALVE, 14, 2, false, valve_words },
        { ITEM_BATTERY_LOW, 13, 1, false, battery_words },
    },
    [CJT188_STATUS_MAP_HEAT] = {
        { ITEM_BATTERY_LOW, 10, 1, false, battery_words },
    },
    [CJT188_STATUS_MAP_HEAT_FAULTS] = {
        { ITEM_BATTERY_LOW, 10, 1, false, battery_words },
        { ITEM_ERROR_FLAGS, 0, 4, true, heat_fault_words },
    },
};

const struct cjt188_status_bits *cjt188_status_bits_of(uint16_t quantity)
{
    for (size_t map = 0; map < CJT188_STATUS_MAP_COUNT; map++)
        for (const struct cjt188_status_bits *bits = cjt188_status_maps[map]; bits->width > 0; bits++)
            if (bits->quantity == quantity)
                return bits;
    return NULL;
}
