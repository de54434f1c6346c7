/* Orders that wait for one line, the most urgent first, in the order in which they came; all lines of a gate share one
 * pool, so that memory follows the work and not the number of lines. No allocation after line_order_pool_open().
 * An order can carry a meter's key: its place in the pool is wiped when it is given back. */
#ifndef DIALOG_LINE_ORDER_QUEUE_H
#define DIALOG_LINE_ORDER_QUEUE_H

#include <stddef.h>

#include "base/line_order.h"

struct line_order_pool;

/* capacity  orders of all lines together, 1 to 1,000,000
 * returns   NULL without memory. Given back by line_order_pool_close(), which accepts NULL */
struct line_order_pool *line_order_pool_open(uint32_t capacity);
void line_order_pool_close(struct line_order_pool *pool);

/* Orders not taken at this moment. */
uint32_t line_order_pool_free_count(const struct line_order_pool *pool);

/* All zero is an empty queue. */
struct line_order_queue {
    uint32_t first; /* 1 + index in the pool; 0 none */
    uint32_t count;
};

/* returns  0; -1 when the line has LINE_ORDER_OPEN_LIMIT orders or the pool is full: the order stays the caller's */
int line_order_queue_put(struct line_order_queue *queue, struct line_order_pool *pool, const struct line_order *order);

/* The order whose turn it is; NULL when none waits. Good until the queue changes. */
const struct line_order *line_order_queue_first(const struct line_order_queue *queue,
                                                const struct line_order_pool *pool);

/* The same, passing over orders of this operation. */
const struct line_order *line_order_queue_first_other(const struct line_order_queue *queue,
                                                      const struct line_order_pool *pool, uint16_t operation);

/* Remove the order with this identifier.
 * returns  1 and *out (NULL: not wanted); 0 when the queue has none */
int line_order_queue_take(struct line_order_queue *queue, struct line_order_pool *pool, uint64_t order_id,
                          struct line_order *out);

#endif
