#include "reading/interval_standing.h"

#include <string.h>

static void newer_begin(struct interval_standing *standing, int32_t day)
{
    int32_t by = day - standing->newest_day;
    standing->complete_days = by < INTERVAL_STANDING_DAYS ? standing->complete_days << by : 0;
    standing->newest_day = (uint16_t)day;
}

/* A meter that records quarters owes all of them, though one day only its hours came. */
static bool is_complete(const struct interval_standing *standing, const struct interval_summary *summary)
{
    return summary->missing == 0 && summary->period_slots <= standing->period_slots;
}

static bool is_recording(const struct interval_standing *standing, const struct interval_summary *summary)
{
    return standing->newest_day != 0 || summary->believed + summary->refused >= INTERVAL_STANDING_LEAST;
}

bool interval_standing_note(struct interval_standing *standing, int32_t day, const struct interval_summary *summary)
{
    struct interval_standing noted = *standing;
    if (day < 1 || day > UINT16_MAX || summary->period_slots == 0 || !is_recording(standing, summary))
        return false;
    if (noted.newest_day == 0 || day < noted.first_day)
        noted.first_day = (uint16_t)day;
    if (noted.period_slots == 0 || summary->period_slots < noted.period_slots)
        noted.period_slots = summary->period_slots;
    if (day > noted.newest_day)
        newer_begin(&noted, day);
    int32_t back = noted.newest_day - day;
    uint32_t bit = back < INTERVAL_STANDING_DAYS ? 1u << back : 0;
    noted.complete_days = is_complete(&noted, summary) ? noted.complete_days | bit : noted.complete_days & ~bit;
    if (memcmp(&noted, standing, sizeof noted) == 0)
        return false;
    *standing = noted;
    return true;
}
