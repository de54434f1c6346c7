/* Those who dialled in lately and are no line of the archive. Any thread. */
#ifndef APPS_METERWORKS_LINE_STRANGERS_H
#define APPS_METERWORKS_LINE_STRANGERS_H

#include <pthread.h>

#include "apps/meterworks/line_gate.h"

/* Full: the one not heard of for longest gives way. */
struct line_strangers {
    pthread_mutex_t lock;
    size_t count;
    struct line_stranger rows[LINE_GATE_STRANGER_LIMIT]; /* the latest first */
};

void line_strangers_open(struct line_strangers *strangers);
void line_strangers_close(struct line_strangers *strangers);

void line_strangers_put(struct line_strangers *strangers, const char *address, bool is_concentrator,
                        const struct peer_address *from, int64_t now_s);

/* A line of this address is in the archive now. */
void line_strangers_forget(struct line_strangers *strangers, const char *address);

/* returns  how many were written, at most `limit` */
size_t line_strangers_read(struct line_strangers *strangers, struct line_stranger *out, size_t limit);

#endif
