#include "meter/core/meter_timer.h"

struct meter_timers meter_timers_default(void)
{
#define TIMER_DEFAULT(name, value, low, high, source) .name = (value),
    return (struct meter_timers){ METER_TIMERS(TIMER_DEFAULT) };
#undef TIMER_DEFAULT
}

int meter_timers_check(const struct meter_timers *timers)
{
    int number = 0;
#define TIMER_CHECK(name, value, low, high, source) \
    number++; \
    if (timers->name < (low) || timers->name > (high)) \
        return number;
    METER_TIMERS(TIMER_CHECK)
#undef TIMER_CHECK
    return 0;
}
