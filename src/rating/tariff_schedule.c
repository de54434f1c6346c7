/* Periods of the day by the clock: rule 8. */
#include "rating/tariff_json_internal.h"

#include "base/calendar.h"
#include "rating/clock_text.h"

#include <stdio.h>
#include <string.h>

#define MONTH_BITS_ALL 0x1ffe
#define WEEKDAY_BITS_ALL 0xfe

static bool row_fits(const struct tariff_schedule_row *row, int month, int weekday, bool holiday, int32_t minute)
{
    bool inside = row->from_min < row->to_min ? minute >= row->from_min && minute < row->to_min
                                              : minute >= row->from_min || minute < row->to_min;

    return inside && (row->months & (1 << month)) != 0 && (row->weekdays & (1 << weekday)) != 0 &&
           (holiday ? row->on_holidays : row->on_other_days);
}

/* The first row that fits; -1: none. */
static int32_t row_find(const struct tariff *tariff, int month, int weekday, bool holiday, int32_t minute)
{
    for (int32_t row = 0; row < tariff->schedule_count; row++) {
        if (row_fits(&tariff->schedule[row], month, weekday, holiday, minute))
            return row;
    }
    return -1;
}

int32_t tariff_period_at(const struct tariff *tariff, int64_t day, bool holiday, int32_t minute)
{
    int32_t row =
        row_find(tariff, calendar_date_of_day(day).month, (int)calendar_weekday_of_day(day), holiday, minute);

    return row < 0 ? -1 : tariff->schedule[row].period;
}

/* Lists of months as bits; all of them when nobody says. */
static int months_read(struct tariff_reader *reader, const json_t *list, const char *path, uint16_t *months)
{
    *months = list == NULL ? MONTH_BITS_ALL : 0;
    for (size_t index = 0; index < json_array_size(list); index++) {
        const json_t *entry = json_array_get(list, index);
        json_int_t month = json_is_integer(entry) ? json_integer_value(entry) : 0;

        if (month < 1 || month > 12)
            return tariff_refuse(reader, path, "月份应为 1 到 12", "must hold months from 1 to 12");
        *months = (uint16_t)(*months | 1 << month);
    }
    if (*months == 0)
        return tariff_refuse(reader, path, "应为月份的数组,例如 [7, 8]",
                             "must be an array of months, for example [7, 8]");
    return 0;
}

static int hours_read(struct tariff_reader *reader, const json_t *entry, const char *path,
                      struct tariff_schedule_row *row)
{
    const json_t *from = json_object_get(entry, "from");
    const json_t *to = json_object_get(entry, "to");
    int32_t from_min = clock_text_minutes(json_is_string(from) ? json_string_value(from) : "");
    int32_t to_min = clock_text_minutes(json_is_string(to) ? json_string_value(to) : "");

    if (from_min < 0 || to_min < 0 || from_min == to_min || from_min == CLOCK_TEXT_DAY_MIN)
        return tariff_refuse(reader, path, "from 与 to 应为不同的时刻,例如 \"23:00\" 与 \"07:00\"",
                             "needs from and to as different times, for example \"23:00\" and \"07:00\"");
    row->from_min = (int16_t)from_min;
    row->to_min = (int16_t)to_min;
    return 0;
}

static int weekdays_read(struct tariff_reader *reader, const json_t *value, const char *path, uint8_t *weekdays)
{
    int32_t days = value == NULL           ? WEEKDAY_BITS_ALL
                   : json_is_string(value) ? clock_text_weekdays(json_string_value(value))
                                           : 0;

    if (days <= 0)
        return tariff_refuse(reader, path, "days 应为星期,例如 \"Mon-Fri\"",
                             "needs days as weekdays, for example \"Mon-Fri\"");
    *weekdays = (uint8_t)days;
    return 0;
}

static int row_read(struct tariff_reader *reader, const json_t *entry, const char *path,
                    struct tariff_schedule_row *row)
{
    static const char *const names[] = { "period", "months", "days", "holiday", "from", "to", NULL };
    const json_t *period = json_object_get(entry, "period");
    const json_t *holiday = json_object_get(entry, "holiday");
    const struct tariff *tariff = reader->tariff;
    int error = tariff_members_check(reader, entry, path, names);

    if (error < 0)
        return error;
    row->period = 0;
    while (json_is_string(period) && row->period < tariff->period_count &&
           strcmp(tariff->period_name[row->period], json_string_value(period)) != 0)
        row->period++;
    if (!json_is_string(period) || row->period == tariff->period_count)
        return tariff_refuse(reader, path, "period 应为有价格的时段", "needs the name of a period that an item prices");
    if (holiday != NULL && !json_is_boolean(holiday))
        return tariff_refuse(reader, path, "holiday 应为 true 或 false", "needs holiday as true or false");
    row->on_holidays = holiday == NULL || json_is_true(holiday);
    row->on_other_days = holiday == NULL || !json_is_true(holiday);
    error = months_read(reader, json_object_get(entry, "months"), path, &row->months);
    if (error == 0)
        error = weekdays_read(reader, json_object_get(entry, "days"), path, &row->weekdays);
    return error < 0 ? error : hours_read(reader, entry, path, row);
}

/* Where no row fits on one kind of day; rows begin and end at the only minutes that need a look. -1: nowhere. */
static int32_t gap_find(const struct tariff *tariff, int month, int weekday, bool holiday)
{
    if (row_find(tariff, month, weekday, holiday, 0) < 0)
        return 0;
    for (int32_t row = 0; row < tariff->schedule_count; row++) {
        int32_t end = tariff->schedule[row].to_min % CLOCK_TEXT_DAY_MIN;

        if (row_find(tariff, month, weekday, holiday, end) < 0)
            return end;
    }
    return -1;
}

static int gaps_check(struct tariff_reader *reader)
{
    for (int day = 0; day < 12 * 7 * 2; day++) {
        int month = day / 14 + 1, weekday = day / 2 % 7 + 1;
        int32_t gap = gap_find(reader->tariff, month, weekday, day % 2 != 0);
        char chinese[128], english[128];

        if (gap < 0)
            continue;
        (void)snprintf(chinese, sizeof chinese, "有空缺:%d 月、星期 %d%s %02d:%02d 起没有时段", month, weekday,
                       day % 2 != 0 ? "(节假日)" : "", (int)gap / 60, (int)gap % 60);
        (void)snprintf(english, sizeof english, "leaves a gap: no period from %02d:%02d in month %d, weekday %d%s",
                       (int)gap / 60, (int)gap % 60, month, weekday, day % 2 != 0 ? ", on holidays" : "");
        return tariff_refuse(reader, "tou_schedule", chinese, english);
    }
    return 0;
}

/* Rows that hold on one kind of day, as bits: each begins to hold at its own start or where one before it ends. */
static uint64_t rows_holding(const struct tariff *tariff, int month, int weekday, bool holiday)
{
    uint64_t holding = 0;

    for (int32_t row = 0; row < tariff->schedule_count; row++) {
        const int32_t minutes[] = { 0, tariff->schedule[row].from_min,
                                    tariff->schedule[row].to_min % CLOCK_TEXT_DAY_MIN };

        for (size_t index = 0; index < sizeof minutes / sizeof minutes[0]; index++) {
            int32_t found = row_find(tariff, month, weekday, holiday, minutes[index]);

            if (found >= 0)
                holding |= UINT64_C(1) << found;
        }
    }
    return holding;
}

/* A row whose whole time is taken by the rows before it was written by mistake. */
static int overlaps_check(struct tariff_reader *reader)
{
    uint64_t holding = 0;

    if (!reader->strict)
        return 0;
    for (int day = 0; day < 12 * 7 * 2; day++)
        holding |= rows_holding(reader->tariff, day / 14 + 1, day / 2 % 7 + 1, day % 2 != 0);
    for (int32_t row = 0; row < reader->tariff->schedule_count; row++) {
        char path[40];

        (void)snprintf(path, sizeof path, "tou_schedule[%d]", (int)row);
        if ((holding >> row & 1) == 0)
            return tariff_refuse(reader, path, "与前面的行重叠,永远轮不到这一行",
                                 "overlaps: the rows before it take all of its time");
    }
    return 0;
}

int tariff_schedule_field(struct tariff_reader *reader, const json_t *value)
{
    struct tariff *tariff = reader->tariff;
    int error;

    if (!json_is_array(value) || json_array_size(value) == 0 || json_array_size(value) > TARIFF_SCHEDULE_LIMIT)
        return tariff_refuse(reader, "tou_schedule", "应为 1 到 48 行的数组", "must be an array of 1 to 48 rows");
    for (size_t index = 0; index < json_array_size(value); index++) {
        char path[40];

        (void)snprintf(path, sizeof path, "tou_schedule[%zu]", index);
        error = row_read(reader, json_array_get(value, index), path, &tariff->schedule[index]);
        if (error < 0)
            return error;
        tariff->schedule_count++;
    }
    error = gaps_check(reader);
    return error < 0 ? error : overlaps_check(reader);
}
