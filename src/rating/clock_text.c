#include "rating/clock_text.h"

#include "base/calendar.h"

#include <string.h>

static const char *const weekday_names[] = { "", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };

int32_t clock_text_minutes(const char *text)
{
    int32_t hour, minute;

    if (strlen(text) != 5 || text[2] != ':' || strspn(text, "0123456789:") != 5 || strchr(text, ':') != text + 2 ||
        strrchr(text, ':') != text + 2)
        return RATING_ERR_DOCUMENT;
    hour = (text[0] - '0') * 10 + text[1] - '0';
    minute = (text[3] - '0') * 10 + text[4] - '0';
    if (minute > 59 || hour * 60 + minute > CLOCK_TEXT_DAY_MIN)
        return RATING_ERR_DOCUMENT;
    return hour * 60 + minute;
}

static int weekday_find(const char *text)
{
    for (int weekday = CALENDAR_MONDAY; weekday <= CALENDAR_SUNDAY; weekday++) {
        if (strncmp(text, weekday_names[weekday], 3) == 0)
            return weekday;
    }
    return 0;
}

/* One "Mon" or "Sat-Mon" at *text, which moves behind it; 0 when there is none. */
static int32_t range_read(const char **text)
{
    int first = weekday_find(*text);
    int last = first;
    int32_t days = 0;

    if (first == 0)
        return 0;
    *text += 3;
    if (**text == '-') {
        last = weekday_find(*text + 1);
        if (last == 0)
            return 0;
        *text += 4;
    }
    for (int day = first; day != last; day = day % 7 + 1)
        days |= 1 << day;
    return days | 1 << last;
}

int32_t clock_text_weekdays(const char *text)
{
    int32_t days = 0;

    while (*text != '\0') {
        int32_t range = range_read(&text);

        if (range == 0 || (*text != '\0' && *text != ','))
            return RATING_ERR_DOCUMENT;
        days |= range;
        if (*text == ',')
            text++;
    }
    return days;
}
