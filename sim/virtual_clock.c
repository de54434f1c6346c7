#include "sim/virtual_clock.h"

void virtual_clock_open(struct virtual_clock *clock, int64_t now_ms, uint32_t speed)
{
    atomic_init(&clock->now_ms, now_ms < 0 ? 0 : now_ms);
    atomic_init(&clock->speed, 0);
    virtual_clock_speed_set(clock, speed);
    clock->real_us = 0;
    clock->credit_us = 0;
    clock->started = false;
}

int64_t virtual_clock_now_ms(const struct virtual_clock *clock)
{
    return atomic_load_explicit(&clock->now_ms, memory_order_acquire);
}

uint32_t virtual_clock_speed(const struct virtual_clock *clock)
{
    return atomic_load_explicit(&clock->speed, memory_order_relaxed);
}

void virtual_clock_speed_set(struct virtual_clock *clock, uint32_t speed)
{
    if (speed > VIRTUAL_CLOCK_SPEED_LIMIT)
        speed = VIRTUAL_CLOCK_SPEED_LIMIT;
    atomic_store_explicit(&clock->speed, speed, memory_order_relaxed);
}

void virtual_clock_earn(struct virtual_clock *clock, int64_t real_us)
{
    int64_t passed_us = clock->started && real_us > clock->real_us ? real_us - clock->real_us : 0;
    int64_t speed = virtual_clock_speed(clock);
    int64_t bound_us = VIRTUAL_CLOCK_CREDIT_US * speed;

    clock->real_us = real_us;
    clock->started = true;
    if (passed_us > VIRTUAL_CLOCK_CREDIT_US)
        passed_us = VIRTUAL_CLOCK_CREDIT_US;
    clock->credit_us += passed_us * speed;
    if (clock->credit_us > bound_us)
        clock->credit_us = bound_us;
}

int64_t virtual_clock_advance(struct virtual_clock *clock, int64_t limit_ms)
{
    int64_t now_ms = virtual_clock_now_ms(clock);
    int64_t step_ms = clock->credit_us / 1000;

    if (step_ms > limit_ms - now_ms)
        step_ms = limit_ms - now_ms;
    if (step_ms <= 0)
        return now_ms;
    clock->credit_us -= step_ms * 1000;
    atomic_store_explicit(&clock->now_ms, now_ms + step_ms, memory_order_release);
    return now_ms + step_ms;
}

int64_t virtual_clock_real_wait_ms(const struct virtual_clock *clock, int64_t at_ms)
{
    int64_t left_ms = at_ms - virtual_clock_now_ms(clock);
    int64_t speed = virtual_clock_speed(clock);

    if (left_ms <= 0)
        return 0;
    if (speed == VIRTUAL_CLOCK_PAUSED)
        return INT64_MAX;
    return left_ms / speed + (left_ms % speed != 0);
}
