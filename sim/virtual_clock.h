/* Time of a simulated world: runs at a chosen speed against real time, and holds still when told to.
 *
 * One thread drives it: virtual_clock_earn with its own real clock, then virtual_clock_advance as far as nothing has to
 * be waited for. All threads may read it. It never goes back. Time earned while waiting is kept up to a bound and lost
 * beyond it, so that a slow server makes the world slower instead of making it jump. */
#ifndef SIM_VIRTUAL_CLOCK_H
#define SIM_VIRTUAL_CLOCK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define VIRTUAL_CLOCK_PAUSED 0
#define VIRTUAL_CLOCK_REAL 1
#define VIRTUAL_CLOCK_HOUR_A_MINUTE 60
#define VIRTUAL_CLOCK_DAY_IN_20_S 4320
#define VIRTUAL_CLOCK_SPEED_LIMIT 100000
#define VIRTUAL_CLOCK_CREDIT_US 50000 /* of real time that may be made up for */

struct virtual_clock {
    _Atomic int64_t now_ms;     /* since 1970 UTC */
    _Atomic uint32_t speed;
    int64_t real_us;            /* of the last virtual_clock_earn; the driving thread's */
    int64_t credit_us;          /* virtual time earned and not yet used */
    bool started;
};

/* now_ms  since 1970 UTC, 0 or later; speed  0 to VIRTUAL_CLOCK_SPEED_LIMIT, more counts as the limit */
void virtual_clock_open(struct virtual_clock *clock, int64_t now_ms, uint32_t speed);

/* [any thread] ms since 1970 UTC */
int64_t virtual_clock_now_ms(const struct virtual_clock *clock);

/* [any thread] */
uint32_t virtual_clock_speed(const struct virtual_clock *clock);
void virtual_clock_speed_set(struct virtual_clock *clock, uint32_t speed);

/* [driving thread] Real time has passed.
 * real_us  a steady count of microseconds */
void virtual_clock_earn(struct virtual_clock *clock, int64_t real_us);

/* [driving thread] Go on by what was earned, but not beyond limit_ms.
 * returns   the time now */
int64_t virtual_clock_advance(struct virtual_clock *clock, int64_t limit_ms);

/* Real ms until `at_ms` at the present speed, rounded up; INT64_MAX while paused, 0 when it has come. */
int64_t virtual_clock_real_wait_ms(const struct virtual_clock *clock, int64_t at_ms);

#endif
