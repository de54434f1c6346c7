/* Which days of quarter-hours of a meter are complete (分时完整性): what re-reading asks, and what people see.
 *
 * Of the main register alone. A meter is one that records as soon as a day of it has INTERVAL_STANDING_LEAST values: a look at the
 * dial at a whole hour is none. Twelve bytes of memory and one row
 * (interval_standing) a meter that records; the row is written when a day begins or becomes complete, not with every part. */
#ifndef READING_INTERVAL_STANDING_H
#define READING_INTERVAL_STANDING_H

#include "reading/interval.h"

#define INTERVAL_STANDING_DAYS 32
#define INTERVAL_STANDING_LEAST 4

struct interval_standing {
    uint32_t complete_days; /* bit k: nothing is missing of newest_day - k */
    uint16_t newest_day;    /* local day since 1970; 0: the meter never sent one */
    uint16_t first_day;     /* older days are not owed */
    uint8_t period_slots;   /* 1, 2 or 4: it records quarters, half hours or hours; the finest that was seen */
    uint8_t reserved[3];
};

/* Whether the day is complete, or too old to be remembered. */
static inline bool interval_standing_complete(const struct interval_standing *standing, int32_t day)
{
    int32_t back = standing->newest_day - day;
    return back >= INTERVAL_STANDING_DAYS || (back >= 0 && (standing->complete_days >> back & 1u) != 0);
}

/* Note what is known of a day of which a part came.
 * returns  whether *standing changed */
bool interval_standing_note(struct interval_standing *standing, int32_t day, const struct interval_summary *summary);

#endif
