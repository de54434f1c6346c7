#include "dialog/line_order_queue.h"

#include <stdlib.h>

#include "base/cipher.h"

struct entry {
    uint32_t next; /* in its queue, or of the free ones */
    struct line_order order;
};

struct line_order_pool {
    uint32_t free_first; /* 1 + index; 0 none */
    uint32_t free_count;
    uint32_t capacity;
    struct entry entries[];
};

struct line_order_pool *line_order_pool_open(uint32_t capacity)
{
    struct line_order_pool *pool = malloc(sizeof *pool + (size_t)capacity * sizeof pool->entries[0]);

    if (pool == NULL)
        return NULL;
    pool->capacity = capacity;
    for (uint32_t i = 0; i < capacity; i++)
        pool->entries[i].next = i + 1 < capacity ? i + 2 : 0;
    pool->free_first = capacity > 0 ? 1 : 0;
    pool->free_count = capacity;
    return pool;
}

void line_order_pool_close(struct line_order_pool *pool)
{
    if (pool != NULL)
        cipher_wipe(pool->entries, pool->capacity * sizeof pool->entries[0]);
    free(pool);
}

uint32_t line_order_pool_free_count(const struct line_order_pool *pool)
{
    return pool->free_count;
}

int line_order_queue_put(struct line_order_queue *queue, struct line_order_pool *pool, const struct line_order *order)
{
    uint32_t *link = &queue->first;
    uint32_t taken = pool->free_first;

    if (taken == 0 || queue->count == LINE_ORDER_OPEN_LIMIT)
        return -1;
    pool->free_first = pool->entries[taken - 1].next;
    pool->free_count--;
    while (*link != 0 && pool->entries[*link - 1].order.priority <= order->priority)
        link = &pool->entries[*link - 1].next;
    pool->entries[taken - 1].order = *order;
    pool->entries[taken - 1].next = *link;
    *link = taken;
    queue->count++;
    return 0;
}

const struct line_order *line_order_queue_first(const struct line_order_queue *queue,
                                                const struct line_order_pool *pool)
{
    return queue->first != 0 ? &pool->entries[queue->first - 1].order : NULL;
}

const struct line_order *line_order_queue_first_other(const struct line_order_queue *queue,
                                                      const struct line_order_pool *pool, uint16_t operation)
{
    uint32_t at = queue->first;

    while (at != 0 && pool->entries[at - 1].order.operation == operation)
        at = pool->entries[at - 1].next;
    return at != 0 ? &pool->entries[at - 1].order : NULL;
}

int line_order_queue_take(struct line_order_queue *queue, struct line_order_pool *pool, uint64_t order_id,
                          struct line_order *out)
{
    uint32_t *link = &queue->first;
    uint32_t taken;

    while (*link != 0 && pool->entries[*link - 1].order.order_id != order_id)
        link = &pool->entries[*link - 1].next;
    taken = *link;
    if (taken == 0)
        return 0;
    if (out != NULL)
        *out = pool->entries[taken - 1].order;
    *link = pool->entries[taken - 1].next;
    cipher_wipe(&pool->entries[taken - 1].order, sizeof pool->entries[taken - 1].order);
    pool->entries[taken - 1].next = pool->free_first;
    pool->free_first = taken;
    pool->free_count++;
    queue->count--;
    return 1;
}
