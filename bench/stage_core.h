/* The stages of a report behind the gate: judged, stored, committed; and what each kind of row costs. */
#ifndef BENCH_STAGE_CORE_H
#define BENCH_STAGE_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/uplink.h"

struct stage_core;

/* A core over a fresh file with so many water meters, whose IMEI are `imei_first` and the next ones.
 * NULL: told on the standard error output. Given back by stage_core_close, which removes the file. */
struct stage_core *stage_core_open(uint32_t devices, uint64_t imei_first, bool secured);
void stage_core_close(struct stage_core *core);

/* The number of the meter with imei_first + index. */
uint32_t stage_core_device(const struct stage_core *core, uint32_t index);

/* One transaction of these uplinks, as the program does it, and what they cost alone where that can be said: judged by a
 * room whose store drops everything, then the same number of rows of each kind written by themselves.
 * returns  false: not all were stored */
bool stage_core_take(struct stage_core *core, const struct uplink *uplinks, size_t count, int32_t round);

/* Tables have grown: from here on it counts. */
void stage_core_steady(struct stage_core *core);

void stage_core_print(const struct stage_core *core);

#endif
