/* Many concentrators in a process of their own: they dial in, log in, send heartbeats, and dial again when they are
 * dropped. */
#ifndef BENCH_CONCENTRATOR_LOAD_H
#define BENCH_CONCENTRATOR_LOAD_H

#include <stdatomic.h>
#include <stdint.h>
#include <sys/types.h>

#define CONCENTRATOR_LOAD_REGION "4401"
#define CONCENTRATOR_LOAD_LIMIT 60000 /* terminal numbers from 1 on */

/* Shared by the processes. */
struct concentrator_load {
    atomic_uint confirmed;    /* concentrators whose login has been confirmed */
    atomic_ulong heartbeats;  /* that have been confirmed */
    atomic_uint heartbeat_ms; /* how often each sends one; 0 never */
};

/* Memory that a process made later shares. NULL when the system refuses; never given back. */
struct concentrator_load *concentrator_load_share(void);

/* A process with the concentrators `first` to first + count - 1.
 * returns  its number; it ends when it is killed or its parent goes. -1 when the system refuses */
pid_t concentrator_load_start(struct concentrator_load *load, uint16_t port, uint32_t first, uint32_t count);

#endif
