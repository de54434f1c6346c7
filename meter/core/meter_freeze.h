/* Registers latched at midnight (freeze 冻结): 31 days and 12 month beginnings (S2-026, S2-033). */
#ifndef METER_CORE_METER_FREEZE_H
#define METER_CORE_METER_FREEZE_H

#include <stdint.h>

#define METER_FREEZE_DAYS 31
#define METER_FREEZE_MONTHS 12
#define METER_FREEZE_NONE UINT32_MAX

/* A day's place is its number modulo the ring, so that latching a day again replaces it. Day 0 marks an empty place. */
struct meter_freezes {
    uint32_t day_volume_l[METER_FREEZE_DAYS];
    uint32_t month_volume_l[METER_FREEZE_MONTHS];
    uint16_t days[METER_FREEZE_DAYS];     /* local days since 1970 */
    uint16_t months[METER_FREEZE_MONTHS]; /* first days of months */
};

void meter_freezes_clear(struct meter_freezes *freezes);

/* Latch the register of the midnight that begins `day`; the first day of a month is latched as a month as well.
 * day  1 to 65,535 local days since 1970 (until the year 2149); others are ignored */
void meter_freezes_put(struct meter_freezes *freezes, int32_t day, uint32_t volume_l);

/* A month alone, as old journals hold it. */
void meter_freezes_put_month(struct meter_freezes *freezes, int32_t day, uint32_t volume_l);

/* Litres at the midnight that begins `day`; METER_FREEZE_NONE when it was not latched or is older than the ring. */
uint32_t meter_freezes_find(const struct meter_freezes *freezes, int32_t day);

/* Litres at the midnight that begins the month of which `day` is the first; METER_FREEZE_NONE likewise. */
uint32_t meter_freezes_find_month(const struct meter_freezes *freezes, int32_t day);

#endif
