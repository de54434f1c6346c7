/* Speaks with who issues invoices, on a thread of its own: takes what is due from the core, one invoice at a time, sends
 * it, and tells the core what was said. What was under way when the program ended is asked about after the next start. */
#ifndef APPS_METERWORKS_INVOICE_DESK_H
#define APPS_METERWORKS_INVOICE_DESK_H

#include "apps/meterworks/core_channel.h"

struct invoice_desk;

/* path     of the file that docs/invoices.md describes; only its owner may read it
 * channel  to the core; lives longer
 * returns  0 with *out owned by the caller; -1 with one sentence */
int invoice_desk_open(const char *path, struct core_channel *channel, struct invoice_desk **out, char problem[256]);

/* Let it work. returns 0; -1 */
int invoice_desk_start(struct invoice_desk *desk);

/* Ends the thread, giving up the request under way. The core must still answer. Accepts NULL. */
void invoice_desk_stop(struct invoice_desk *desk);

/* After invoice_desk_stop. Accepts NULL. */
void invoice_desk_close(struct invoice_desk *desk);

#endif
