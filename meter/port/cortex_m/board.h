/* The LM3S6965 as a water meter's processor: the example to start a real port from.
 *
 *   PB0      pulse contact, falling edge           PD0, PD1  valve motor: open, close
 *   PD2, PD3 valve end contacts: open, closed      PF0..PF3  reed fault, magnet, moved, housing
 *   UART0    NB-IoT module (modem_link.h)          ADC 0     battery, divided by two
 *   flash    eight sectors of 1 KiB at the end      hibernation module  calendar clock */
#ifndef METER_PORT_CORTEX_M_BOARD_H
#define METER_PORT_CORTEX_M_BOARD_H

#include <stdbool.h>
#include <stdint.h>

#include "meter/hal.h"

/* Start clock, ports, UART and timer. */
void board_open(void);

/* ms since board_open(), never going back. */
int64_t board_now_ms(void);

/* Pulses since the last call. */
int32_t board_pulses_take(void);

/* A byte from the module, if one waits. */
bool board_byte_take(uint8_t *byte);
void board_byte_write(uint8_t byte);

/* Sleep until an interrupt: the tick, a pulse. */
void board_sleep(void);

/* Fill in everything but the radio and the display. */
void board_hal_fill(struct meter_hal *hal);

#endif
