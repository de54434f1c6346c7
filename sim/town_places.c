#include "sim/town_places.h"

#include "sim/town_plan.h"

#define H 3600

static const struct town_estate estates[] = {
    { "大学城片区", "云山学院", "A5", 1, 370, 40, TOWN_ROOM_DORM, TOWN_TARIFF_CAMPUS, TOWN_PREPAID_PLATFORM, USAGE_DORM, 0, 6 * H, 1 * H },
    { "大学城片区", "云山学院", "A6", 1, 210, 30, TOWN_ROOM_DORM, TOWN_TARIFF_CAMPUS, TOWN_PREPAID_PLATFORM, USAGE_DORM, 0, 6 * H, 1 * H },
    { "大学城片区", "云山学院", "B", 1, 180, 30, TOWN_ROOM_DORM, TOWN_TARIFF_CAMPUS, TOWN_PREPAID_PLATFORM, USAGE_DORM, 0, 6 * H, 1 * H },
    { "大学城片区", "云山学院", "美院新舍", 1, 336, 42, TOWN_ROOM_DORM, TOWN_TARIFF_CAMPUS, TOWN_PREPAID_PLATFORM, USAGE_DORM, 1, 6 * H, 1 * H },
    { "榕荫片区", "榕荫花园", "%u栋", 8, 144, 8, TOWN_ROOM_FLAT, TOWN_TARIFF_HOUSEHOLD, TOWN_PREPAID_PLATFORM, USAGE_FAMILY, 0, 24 * H, 1 * H },
    { "榕荫片区", "珠荫里", "%u栋", 24, 48, 8, TOWN_ROOM_FLAT, TOWN_TARIFF_HOUSEHOLD, TOWN_POSTPAID, USAGE_FAMILY, 1, 24 * H, 1 * H },
    { "榕荫片区", "云港新苑", "%u座", 12, 120, 8, TOWN_ROOM_FLAT, TOWN_TARIFF_HOUSEHOLD, TOWN_POSTPAID, USAGE_FAMILY, 2, 24 * H, 1 * H },
    { "沙溪片区", "沙溪村", "%u巷", 16, 60, 60, TOWN_ROOM_VILLAGE, TOWN_TARIFF_HOUSEHOLD, TOWN_PREPAID_METER, USAGE_FAMILY, 1, 24 * H, 1 * H },
    { "鹭湾片区", "鹭湾广场", "B1", 1, 56, 56, TOWN_ROOM_SHOP, TOWN_TARIFF_SHOP, TOWN_PREPAID_PLATFORM, USAGE_SHOP, 2, 12 * H, 1 * H },
    { "鹭湾片区", "鹭湾广场", "%uF", 4, 60, 60, TOWN_ROOM_SHOP, TOWN_TARIFF_SHOP, TOWN_PREPAID_PLATFORM, USAGE_SHOP, 2, 12 * H, 1 * H },
};

const struct town_estate *town_estates(size_t *count)
{
    *count = sizeof estates / sizeof estates[0];
    return estates;
}
