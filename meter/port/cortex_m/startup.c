/* From reset to main() on a Cortex-M3 (ARMv7-M Architecture Reference Manual, B1.5.2): vectors, memory, go. */
#include <stdint.h>

#include "meter/port/cortex_m/startup.h"

extern uint32_t data_load[], data_start[], data_end[], bss_start[], bss_end[], stack_end[];

int main(void);
void reset_handler(void);

/* An exception nobody asked for: stop here, the watchdog of a real board resets into the safe state. */
static void halt(void)
{
    for (;;)
        __asm__ volatile("wfi");
}

void startup_tick(void) __attribute__((weak, alias("startup_ignore")));
void startup_gpio(void) __attribute__((weak, alias("startup_ignore")));

void startup_ignore(void)
{
}

void reset_handler(void)
{
    uint32_t *from = data_load;
    for (uint32_t *to = data_start; to < data_end; to++)
        *to = *from++;
    for (uint32_t *to = bss_start; to < bss_end; to++)
        *to = 0;
    (void)main();
    halt();
}

/* The stack to begin with, 15 system exceptions, then the interrupts of GPIO ports A and B. */
__attribute__((section(".vectors"), used)) static const struct {
    uint32_t *stack;
    void (*handlers[17])(void);
} vectors = {
    stack_end,
    { reset_handler, halt, halt, halt, halt, halt, 0, 0, 0, 0, halt, halt, 0, halt, startup_tick, startup_gpio,
      startup_gpio },
};
