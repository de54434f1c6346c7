#include "base/counter.h"

#include <assert.h>

void counter_add(struct counter_table *table, size_t row, uint64_t amount)
{
    assert(row < table->count);
    atomic_fetch_add_explicit(&table->values[row].value, amount, memory_order_relaxed);
}

void counter_increment(struct counter_table *table, size_t row)
{
    counter_add(table, row, 1);
}

uint64_t counter_read(const struct counter_table *table, size_t row)
{
    assert(row < table->count);
    return atomic_load_explicit(&table->values[row].value, memory_order_relaxed);
}
