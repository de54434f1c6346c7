/* What a gate has sent and the core has not yet answered: a bounded queue in the order of sending.
 *
 * A message leaves when its answer came, whichever connection brought it. Over a new connection everything that stands
 * here is sent again, in order: the core recognises what it has stored already. An eighth of the places is kept for
 * urgent messages, so that they find room while the others are full. One thread, no clock. */
#ifndef LINK_LINK_WINDOW_H
#define LINK_LINK_WINDOW_H

#include <stdbool.h>

#include "base/uplink.h"

struct link_window;

/* capacity  messages, 8 to LINK_WINDOW_LIMIT
 * out       given back by link_window_close
 * returns   0; LINK_ERR_BOUND; LINK_ERR_MEMORY */
int link_window_open(uint32_t capacity, struct link_window **out);

/* Accepts NULL. */
void link_window_close(struct link_window *window);

/* Whether link_window_put would take a message. */
bool link_window_fits(const struct link_window *window, bool urgent);

/* Take a message in; it is to be sent.
 * returns  0; LINK_ERR_FULL */
int link_window_put(struct link_window *window, const struct uplink *uplink);

/* The next message that this connection has not carried, with the link's number as its message_id; it stays until
 * its answer comes. NULL: none. Lives until the next call. */
const struct uplink *link_window_send(struct link_window *window);

/* A new connection: it has carried nothing. */
void link_window_rewind(struct link_window *window);

/* The answer to the message with the link's number `sequence` came.
 * out      whom the gate must tell: its own message_id, device and gate; `accepted` as given
 * returns  true; false when nothing with this number waits: an answer that came twice, or of a core that is wrong */
bool link_window_answer(struct link_window *window, uint64_t sequence, bool accepted,
                        struct uplink_acknowledgement *out);

/* Messages that this connection has carried and that wait for their answer: what the other end holds. */
uint32_t link_window_carried(const struct link_window *window);

/* Messages that wait for their answer. */
uint32_t link_window_count(const struct link_window *window);

#endif
