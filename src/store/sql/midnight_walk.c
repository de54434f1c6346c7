#include "store/sql/midnight_walk.h"

#include "reading/reading_store.h"
#include "store/statement_table.h"

enum { ROWS, BLOCKS, STATEMENT_COUNT };

static const char *const texts[STATEMENT_COUNT] = {
    [ROWS] = "SELECT device_id, register_value FROM daily_reading WHERE day = ?1 ORDER BY device_id",
    [BLOCKS] = "SELECT device_id, registers, totals, ratios, arrivals FROM midnight_block WHERE stretch = ?1 ORDER BY device_id",
};

/* The rows of the day, and beside them the blocks that may hold it: each at its next device. */
struct walk {
    struct statement *rows;
    struct statement *blocks;
    int32_t day;
    int row_found; /* 1: rows stands on one; 0 no more; negative of the store */
    int block_found;
    struct reading_day folded; /* of the block that blocks stands on */
};

static void row_next(struct walk *walk)
{
    walk->row_found = statement_row(walk->rows);
}

/* To the next block that has the day. */
static void block_next(struct walk *walk)
{
    struct midnight_days days;
    bool has_day = false;

    while (!has_day && (walk->block_found = statement_row(walk->blocks)) == 1) {
        struct span parts[MIDNIGHT_PART_COUNT];
        for (int part = 0; part < MIDNIGHT_PART_COUNT; part++)
            parts[part] = statement_bytes(walk->blocks, 1 + part);
        if (midnight_block_decode(midnight_block_stretch(walk->day), parts, &days) < 0)
            walk->block_found = STORE_ERR_CORRUPT;
        if (walk->block_found < 0)
            return;
        has_day = midnight_days_get(&days, walk->day, &walk->folded);
    }
}

/* Both in the order of devices; where both have one, the row counts. */
static int visit_all(struct walk *walk, midnight_visitor *visit, void *visitor)
{
    int visited = 0;

    row_next(walk);
    block_next(walk);
    while (visited == 0 && walk->row_found >= 0 && walk->block_found >= 0 && walk->row_found + walk->block_found > 0) {
        int64_t row_device = walk->row_found == 1 ? statement_integer(walk->rows, 0) : INT64_MAX;
        int64_t block_device = walk->block_found == 1 ? statement_integer(walk->blocks, 0) : INT64_MAX;
        visited = row_device <= block_device
                      ? visit(visitor, (uint32_t)row_device, statement_integer(walk->rows, 1))
                      : visit(visitor, (uint32_t)block_device, walk->folded.register_value);
        if (row_device <= block_device)
            row_next(walk);
        if (block_device <= row_device)
            block_next(walk);
    }
    return walk->row_found < 0 ? walk->row_found : walk->block_found < 0 ? walk->block_found : visited;
}

int midnight_walk(struct store *store, int64_t day, midnight_visitor *visit, void *visitor)
{
    struct statement_table table;
    int result = statement_table_prepare(&table, store, texts, STATEMENT_COUNT);

    if (result < 0)
        return result;
    struct walk walk = { .rows = statement_take(&table, ROWS), .blocks = statement_take(&table, BLOCKS), .day = (int32_t)day };
    statement_bind_integer(walk.rows, 1, day);
    statement_bind_integer(walk.blocks, 1, midnight_block_stretch(walk.day));
    result = visit_all(&walk, visit, visitor);
    statement_table_finalize(&table);
    return result;
}
