#include "meter/core/meter_freeze.h"

#include <string.h>

#include "base/calendar.h"

#define MONTHS_A_YEAR 12

void meter_freezes_clear(struct meter_freezes *freezes)
{
    memset(freezes, 0, sizeof *freezes);
}

static int month_place(int32_t day)
{
    struct calendar_date date = calendar_date_of_day(day);
    return (date.year * MONTHS_A_YEAR + date.month - 1) % METER_FREEZE_MONTHS;
}

void meter_freezes_put_month(struct meter_freezes *freezes, int32_t day, uint32_t volume_l)
{
    if (day < 1 || day > UINT16_MAX)
        return;
    int place = month_place(day);
    freezes->months[place] = (uint16_t)day;
    freezes->month_volume_l[place] = volume_l;
}

void meter_freezes_put(struct meter_freezes *freezes, int32_t day, uint32_t volume_l)
{
    if (day < 1 || day > UINT16_MAX)
        return;
    int place = day % METER_FREEZE_DAYS;
    freezes->days[place] = (uint16_t)day;
    freezes->day_volume_l[place] = volume_l;
    if (calendar_date_of_day(day).day_of_month == 1)
        meter_freezes_put_month(freezes, day, volume_l);
}

uint32_t meter_freezes_find(const struct meter_freezes *freezes, int32_t day)
{
    if (day < 1 || day > UINT16_MAX)
        return METER_FREEZE_NONE;
    int place = day % METER_FREEZE_DAYS;
    return freezes->days[place] == day ? freezes->day_volume_l[place] : METER_FREEZE_NONE;
}

uint32_t meter_freezes_find_month(const struct meter_freezes *freezes, int32_t day)
{
    if (day < 1 || day > UINT16_MAX)
        return METER_FREEZE_NONE;
    int place = month_place(day);
    return freezes->months[place] == day ? freezes->month_volume_l[place] : METER_FREEZE_NONE;
}
