/* Hours and weekdays as people write them in tariffs and policies. */
#ifndef RATING_CLOCK_TEXT_H
#define RATING_CLOCK_TEXT_H

#include "rating/rating_error.h"

#include <stdint.h>

#define CLOCK_TEXT_DAY_MIN 1440

/* "08:30" as minutes after midnight; "24:00" is the end of the day.
 * returns  0 to CLOCK_TEXT_DAY_MIN; RATING_ERR_DOCUMENT */
int32_t clock_text_minutes(const char *text);

/* "Mon-Fri", "Mon,Wed,Fri", "Sat-Mon": bit 1 Monday ... bit 7 Sunday.
 * returns  the bits, 0 for an empty text; RATING_ERR_DOCUMENT */
int32_t clock_text_weekdays(const char *text);

#endif
