/* Orders of many lines in one pool: urgency, order of arrival, bounds, nothing lost from the pool. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "dialog/line_order_queue.h"

#define POOL 10

static struct line_order order_of(uint64_t order_id, enum line_priority priority)
{
    return (struct line_order){ .order_id = order_id, .priority = (uint8_t)priority };
}

static void put(struct line_order_queue *queue, struct line_order_pool *pool, uint64_t id, enum line_priority priority)
{
    struct line_order order = order_of(id, priority);
    assert_int_equal(line_order_queue_put(queue, pool, &order), 0);
}

static void the_urgent_come_first_and_equals_in_their_order(void **state)
{
    static const uint64_t expected[] = { 4, 3, 5, 1, 2 };
    struct line_order_pool *pool = line_order_pool_open(POOL);
    struct line_order_queue queue = { 0 };

    (void)state;
    put(&queue, pool, 1, LINE_PRIORITY_SCHEDULED);
    put(&queue, pool, 2, LINE_PRIORITY_SCHEDULED);
    put(&queue, pool, 3, LINE_PRIORITY_ON_DEMAND);
    put(&queue, pool, 4, LINE_PRIORITY_SAFETY);
    put(&queue, pool, 5, LINE_PRIORITY_ON_DEMAND);
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        struct line_order taken;
        assert_int_equal(line_order_queue_first(&queue, pool)->order_id, expected[i]);
        assert_int_equal(line_order_queue_take(&queue, pool, expected[i], &taken), 1);
        assert_int_equal(taken.order_id, expected[i]);
    }
    assert_null(line_order_queue_first(&queue, pool));
    assert_int_equal(line_order_pool_free_count(pool), POOL);
    line_order_pool_close(pool);
}

static void a_line_and_the_pool_have_their_bounds(void **state)
{
    struct line_order_pool *pool = line_order_pool_open(POOL);
    struct line_order_queue one = { 0 };
    struct line_order_queue other = { 0 };
    struct line_order order = order_of(99, LINE_PRIORITY_SAFETY);

    (void)state;
    for (uint64_t id = 1; id <= LINE_ORDER_OPEN_LIMIT; id++)
        put(&one, pool, id, LINE_PRIORITY_REPEAT);
    assert_int_equal(line_order_queue_put(&one, pool, &order), -1);
    put(&other, pool, 50, LINE_PRIORITY_REPEAT);
    put(&other, pool, 51, LINE_PRIORITY_REPEAT);
    assert_int_equal(line_order_queue_put(&other, pool, &order), -1);
    assert_int_equal(line_order_queue_take(&one, pool, 5, NULL), 1);
    assert_int_equal(line_order_queue_take(&one, pool, 5, NULL), 0);
    assert_int_equal(line_order_queue_put(&other, pool, &order), 0);
    assert_int_equal(line_order_queue_first(&other, pool)->order_id, 99);
    line_order_pool_close(pool);
}

static void a_given_back_place_holds_no_key(void **state)
{
    static const uint8_t nothing[LINE_SECRET_LIMIT];
    struct line_order_pool *pool = line_order_pool_open(POOL);
    struct line_order_queue queue = { 0 };
    struct line_order order = order_of(1, LINE_PRIORITY_SAFETY);

    (void)state;
    memset(order.key, 0x5A, sizeof order.key);
    order.password = 123456;
    assert_int_equal(line_order_queue_put(&queue, pool, &order), 0);
    const struct line_order *place = line_order_queue_first(&queue, pool);
    assert_int_equal(line_order_queue_take(&queue, pool, 1, &order), 1);
    assert_memory_equal(place->key, nothing, sizeof nothing);
    assert_int_equal(place->password, 0);
    assert_int_equal(order.password, 123456);
    line_order_pool_close(pool);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_urgent_come_first_and_equals_in_their_order),
        cmocka_unit_test(a_line_and_the_pool_have_their_bounds),
        cmocka_unit_test(a_given_back_place_holds_no_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
