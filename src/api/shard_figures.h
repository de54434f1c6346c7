/* Which shard (docs/several-machines.md) this installation is, what people call it, and which core works on it: for /health,
 * /metrics and the head of every page. Internal to the room. */
#ifndef API_SHARD_FIGURES_H
#define API_SHARD_FIGURES_H

#include "api/exchange.h"

#define SHARD_NAME_LIMIT 64  /* setting district_name, with its end */
#define SHARD_OWNER_LIMIT 64

struct shard_figures {
    int64_t number;                /* 0 where a city is not divided, too */
    int64_t epoch;                 /* of the core that owns it; 0: over a file of its own, where nobody need */
    char owner[SHARD_OWNER_LIMIT]; /* that core's name; "": nobody now */
    char name[SHARD_NAME_LIMIT];   /* "": it has none */
};

/* Waits a second at most.
 * returns  0 with *out; -1 it cannot be read now: the exchange has been answered with an error */
int shard_figures_read(struct exchange *exchange, struct shard_figures *out);

/* Members of an object. */
void shard_figures_write(const struct shard_figures *figures, struct json_writer *out);

/* Lines of Prometheus text. */
void shard_figures_prometheus(const struct shard_figures *figures, struct json_writer *out);

#endif
