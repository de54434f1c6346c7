/* The estates of the town as a table. */
#ifndef SIM_TOWN_PLACES_H
#define SIM_TOWN_PLACES_H

#include <stddef.h>
#include <stdint.h>

enum town_room_style {
    TOWN_ROOM_FLAT,    /* 1204: floor 12, door 04 */
    TOWN_ROOM_DORM,    /* 312 */
    TOWN_ROOM_SHOP,    /* 1F-12 */
    TOWN_ROOM_VILLAGE  /* 17号 */
};

struct town_estate {
    const char *district;
    const char *name;
    const char *building;      /* with one %u for its number, or a name of its own */
    uint16_t buildings;        /* of this row */
    uint16_t meters;           /* of each building */
    uint16_t doors;            /* of a floor */
    uint8_t style;             /* enum town_room_style */
    uint8_t tariff;            /* enum town_tariff */
    uint8_t payment;           /* enum town_payment */
    uint8_t usage;             /* enum usage_kind of most homes */
    uint8_t maker;
    int32_t report_period_s;
    int32_t report_time_s;
};

const struct town_estate *town_estates(size_t *count);

#endif
