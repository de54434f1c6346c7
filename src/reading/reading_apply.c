/* State items of an uplink: one row a quantity, with the range that is believed. */
#include <stddef.h>

#include "base/quantity.h"
#include "reading/reading_internal.h"

enum field_type { FIELD_INT64, FIELD_UINT32, FIELD_UINT16, FIELD_INT16, FIELD_UINT8 };

struct field {
    uint16_t quantity;
    uint16_t type; /* enum field_type */
    uint32_t offset;
    int64_t minimum;
    int64_t maximum;
};

static const struct field fields[] = {
    { QUANTITY_BALANCE, FIELD_INT64, offsetof(struct reading_state, balance_fen), -INT64_C(1000000000000),
      INT64_C(1000000000000) },
    { QUANTITY_VALVE_STATE, FIELD_UINT8, offsetof(struct reading_state, valve_state), VALVE_OPEN, VALVE_NONE },
    /* Connected and open mean supply, disconnected and closed none: the numbers agree. */
    { QUANTITY_RELAY_STATE, FIELD_UINT8, offsetof(struct reading_state, valve_state), RELAY_CONNECTED,
      RELAY_DISCONNECTED },
    { QUANTITY_ALARM_BITS, FIELD_UINT32, offsetof(struct reading_state, alarm_bits), 0, (1 << ALARM_COUNT) - 1 },
    { QUANTITY_BATTERY, FIELD_UINT16, offsetof(struct reading_state, battery_mv), 0, 65535 },
    { QUANTITY_SIGNAL_RSRP, FIELD_INT16, offsetof(struct reading_state, rsrp_dbm), -200, 0 },
    { QUANTITY_SIGNAL_SNR, FIELD_INT16, offsetof(struct reading_state, snr_db), -100, 100 },
    { QUANTITY_COVERAGE_LEVEL, FIELD_UINT8, offsetof(struct reading_state, coverage_level), 0, 2 },
    { QUANTITY_PHYSICAL_CELL, FIELD_UINT16, offsetof(struct reading_state, physical_cell), 0, 503 },
    { QUANTITY_CELL_ID, FIELD_UINT32, offsetof(struct reading_state, cell_id), 0, UINT32_MAX },
    { QUANTITY_EARFCN, FIELD_UINT32, offsetof(struct reading_state, earfcn), 0, 262143 },
    { QUANTITY_RECHARGE_SERIAL, FIELD_UINT32, offsetof(struct reading_state, recharge_serial), 0, UINT32_MAX },
    { QUANTITY_FIRMWARE_VERSION, FIELD_UINT32, offsetof(struct reading_state, firmware_version), 0, 0xffffff },
};

static void field_set(struct reading_state *state, const struct field *field, int64_t value)
{
    void *at = (char *)state + field->offset;
    switch (field->type) {
    case FIELD_INT64:
        *(int64_t *)at = value;
        break;
    case FIELD_UINT32:
        *(uint32_t *)at = (uint32_t)value;
        break;
    case FIELD_UINT16:
        *(uint16_t *)at = (uint16_t)value;
        break;
    case FIELD_INT16:
        *(int16_t *)at = (int16_t)value;
        break;
    default:
        *(uint8_t *)at = (uint8_t)value;
    }
}

static const struct field *field_find(uint16_t quantity)
{
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (fields[i].quantity == quantity)
            return &fields[i];
    return NULL;
}

void reading_state_apply(const struct uplink *uplink, struct reading_state *state)
{
    size_t count = uplink->item_count < UPLINK_ITEM_LIMIT ? uplink->item_count : UPLINK_ITEM_LIMIT;
    for (size_t i = 0; i < count; i++) {
        const struct uplink_item *item = &uplink->items[i];
        const struct field *field = item->period == UPLINK_CURRENT ? field_find(item->quantity) : NULL;
        if (field && item->value >= field->minimum && item->value <= field->maximum)
            field_set(state, field, item->value);
    }
}
