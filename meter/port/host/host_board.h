/* What every simulated device stands on: flash, power, a steady count of time and a calendar clock beside it. */
#ifndef METER_PORT_HOST_HOST_BOARD_H
#define METER_PORT_HOST_HOST_BOARD_H

#include <stdbool.h>
#include <stdint.h>

#include "meter/port/host/host_flash.h"

/* The first member of a host, so that the context of its hal is that of the functions here and of host_flash.h. */
struct host_board {
    struct host_flash flash; /* first */
    int64_t now_ms;          /* of simulated time, ms since 1970 UTC */
    int64_t clock_offset_s;  /* calendar clock = now_ms / 1000 + this; an error is simulated here */
    bool clock_lost;         /* the clock chip lost its supply; mended when it is set */
    bool is_powered;
};

/* Empty flash, the clock right, no power. */
void host_board_open(struct host_board *board, struct meter_flash_geometry geometry, uint64_t seed, int64_t now_ms);
void host_board_close(struct host_board *board);

/* Time never goes back. */
void host_board_now_set(struct host_board *board, int64_t now_ms);

/* Without power, or after a power cut in the flash: nothing moves or goes out any more, whatever the core still tries. */
bool host_board_is_dead(const struct host_board *board);

/* As in struct meter_hal.
 * board  struct host_board */
int64_t host_board_clock_read_s(void *board);
void host_board_clock_write_s(void *board, int64_t clock_s);

#endif
