/* A bounded queue of fixed-size messages from one thread to one other, without locks. C11 (atomics).
 *
 * Messages are copied in and out, so the two sides share no pointers. When the ring is full the producer is told and
 * decides: stay silent towards the device, drop and count, or come back. Nothing that waits is ever overwritten, and
 * nothing that was taken stays: messages carry keys and passwords, so a place is wiped when its message leaves it. */
#ifndef BASE_RING_H
#define BASE_RING_H

#include <stddef.h>
#include <stdint.h>

struct ring;

/* A ring for `capacity` messages of `message_size` bytes each; capacity is rounded up to a power of two.
 * returns  0; BASE_ERR_RANGE for a zero or for more than 2^31 messages; BASE_ERR_MEMORY. Release with ring_release */
int ring_make(size_t capacity, size_t message_size, struct ring **out);

/* NULL is accepted. Both sides must have stopped. What still waits is wiped. */
void ring_release(struct ring *ring);

/* Producer: copy one message in.
 * returns  0; BASE_ERR_FULL */
int ring_put(struct ring *ring, const void *message);

/* Consumer: copy the oldest message out and wipe its place; the copy is the caller's to wipe.
 * returns  0; BASE_ERR_EMPTY with `message` untouched */
int ring_take(struct ring *ring, void *message);

/* Messages waiting; exact for the consumer and producer when the other stands still, otherwise a moment old. */
size_t ring_count(const struct ring *ring);

/* Messages that fit, as rounded. */
size_t ring_capacity(const struct ring *ring);

#endif
