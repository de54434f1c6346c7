#include "tests/unit/reading/report_builder.h"

#include "tests/store/room_fixture.h"

struct uplink report_make(uint32_t device_id, int64_t received_s)
{
    static uint64_t reports;
    return (struct uplink){ .device_id = device_id, .kind = UPLINK_REPORT, .received_s = received_s,
                            .content_hash = ++reports };
}

void report_item(struct uplink *uplink, uint16_t quantity, uint8_t period, int64_t value, int64_t time_s)
{
    uplink->items[uplink->item_count++] =
        (struct uplink_item){ .quantity = quantity, .period = period, .value = value, .time_s = time_s };
}

void report_midnight(struct uplink *uplink, int32_t day, int64_t register_value)
{
    report_item(uplink, QUANTITY_WATER_VOLUME, UPLINK_DAILY_FREEZE, register_value, room_fixture_midnight_s(day));
}

struct uplink report_full(uint32_t device_id, int32_t day, const int64_t *registers_value, int count, int64_t current_value)
{
    int64_t now_s = room_fixture_midnight_s(day) + 3 * 3600;
    struct uplink uplink = report_make(device_id, now_s);
    report_item(&uplink, QUANTITY_DEVICE_TIME, UPLINK_CURRENT, now_s - 2, now_s - 2);
    report_item(&uplink, QUANTITY_WATER_VOLUME, UPLINK_CURRENT, current_value, now_s - 2);
    for (int i = 0; i < count; i++)
        report_midnight(&uplink, day - i, registers_value[i]);
    return uplink;
}
