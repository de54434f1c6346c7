#include "meter/port/host/host_board.h"

#include <string.h>

#define MS_PER_S 1000

void host_board_open(struct host_board *board, struct meter_flash_geometry geometry, uint64_t seed, int64_t now_ms)
{
    memset(board, 0, sizeof *board);
    board->now_ms = now_ms;
    host_flash_open(&board->flash, geometry, seed);
}

void host_board_close(struct host_board *board)
{
    host_flash_close(&board->flash);
}

void host_board_now_set(struct host_board *board, int64_t now_ms)
{
    if (now_ms > board->now_ms)
        board->now_ms = now_ms;
}

bool host_board_is_dead(const struct host_board *board)
{
    return !board->is_powered || board->flash.cut;
}

int64_t host_board_clock_read_s(void *board)
{
    const struct host_board *own = board;
    return own->clock_lost ? 0 : own->now_ms / MS_PER_S + own->clock_offset_s;
}

void host_board_clock_write_s(void *board, int64_t clock_s)
{
    struct host_board *own = board;
    own->clock_offset_s = clock_s - own->now_ms / MS_PER_S;
    own->clock_lost = false;
}
