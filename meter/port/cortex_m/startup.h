/* Exceptions that a program on the Cortex-M3 may take over by defining them. */
#ifndef METER_PORT_CORTEX_M_STARTUP_H
#define METER_PORT_CORTEX_M_STARTUP_H

/* SysTick. */
void startup_tick(void);

/* GPIO ports A and B. */
void startup_gpio(void);

/* What both are until then. */
void startup_ignore(void);

#endif
