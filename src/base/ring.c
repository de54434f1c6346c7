#include "base/ring.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/cipher.h"
#include "base/error.h"

#define CACHE_LINE 64
#define CAPACITY_LIMIT ((size_t)1 << 31)

/* `put_count` and `take_count` only grow (and wrap together); their difference is the number of messages waiting.
 * Only the producer writes put_count, only the consumer take_count. They live on cache lines of their own. */
struct ring {
    _Alignas(CACHE_LINE) atomic_size_t put_count;
    _Alignas(CACHE_LINE) atomic_size_t take_count;
    _Alignas(CACHE_LINE) size_t capacity;
    size_t message_size;
    uint8_t *messages;
};

static size_t power_of_two_up(size_t count)
{
    size_t power = 1;
    while (power < count)
        power *= 2;
    return power;
}

int ring_make(size_t capacity, size_t message_size, struct ring **out)
{
    if (capacity == 0 || message_size == 0 || capacity > CAPACITY_LIMIT)
        return BASE_ERR_RANGE;
    size_t rounded = power_of_two_up(capacity);
    struct ring *ring = aligned_alloc(CACHE_LINE, sizeof *ring);
    uint8_t *messages = calloc(rounded, message_size);
    if (!ring || !messages) {
        free(ring);
        free(messages);
        return BASE_ERR_MEMORY;
    }
    atomic_init(&ring->put_count, 0);
    atomic_init(&ring->take_count, 0);
    ring->capacity = rounded;
    ring->message_size = message_size;
    ring->messages = messages;
    *out = ring;
    return 0;
}

static uint8_t *message_place(const struct ring *ring, size_t count)
{
    return ring->messages + (count & (ring->capacity - 1)) * ring->message_size;
}

/* The others were wiped when they were taken. */
static void waiting_wipe(struct ring *ring)
{
    size_t put = atomic_load_explicit(&ring->put_count, memory_order_acquire);
    for (size_t taken = atomic_load_explicit(&ring->take_count, memory_order_acquire); taken != put; taken++)
        cipher_wipe(message_place(ring, taken), ring->message_size);
}

void ring_release(struct ring *ring)
{
    if (!ring)
        return;
    waiting_wipe(ring);
    free(ring->messages);
    free(ring);
}

int ring_put(struct ring *ring, const void *message)
{
    size_t put = atomic_load_explicit(&ring->put_count, memory_order_relaxed);
    size_t taken = atomic_load_explicit(&ring->take_count, memory_order_acquire);
    if (put - taken >= ring->capacity)
        return BASE_ERR_FULL;
    memcpy(message_place(ring, put), message, ring->message_size);
    atomic_store_explicit(&ring->put_count, put + 1, memory_order_release);
    return 0;
}

int ring_take(struct ring *ring, void *message)
{
    size_t taken = atomic_load_explicit(&ring->take_count, memory_order_relaxed);
    size_t put = atomic_load_explicit(&ring->put_count, memory_order_acquire);
    if (put == taken)
        return BASE_ERR_EMPTY;
    memcpy(message, message_place(ring, taken), ring->message_size);
    memset(message_place(ring, taken), 0, ring->message_size); /* the ring lives on: no compiler may leave it out */
    atomic_store_explicit(&ring->take_count, taken + 1, memory_order_release);
    return 0;
}

size_t ring_count(const struct ring *ring)
{
    size_t taken = atomic_load_explicit(&ring->take_count, memory_order_acquire);
    size_t put = atomic_load_explicit(&ring->put_count, memory_order_acquire);
    return put - taken;
}

size_t ring_capacity(const struct ring *ring)
{
    return ring->capacity;
}
