/* Table interval_day. Where a statement waits for a server, days are kept back and written some hundred in one, and those that a
 * transaction is going to ask for are brought together; what is kept is read here and not there. */
#include <stdlib.h>
#include <string.h>

#include "store/given_rows.h"
#include "store/sql/reading_sql_internal.h"
#include "store/store_error.h"

#define KEPT_LIMIT 1024
#define SLOTS 4096 /* a power of two */
#define SLOT_BITS 12
#define EXPECT_LIMIT 4096
#define LOOK_AHEAD 512 /* days that were expected and not asked for, in a row: the rest are read one by one */

enum { INTERVAL_READ, INTERVALS_READ, INTERVAL_WRITE, INTERVALS_WRITE, STATEMENT_COUNT };

static const char *const texts[STATEMENT_COUNT] = {
    [INTERVAL_READ] =
        "SELECT missing, refused, sum_state, scale_e3, received_s, block FROM interval_day"
        " WHERE day = ? AND device_id = ? AND channel = ?",
    [INTERVALS_READ] =
        "SELECT d.missing, d.refused, d.sum_state, d.scale_e3, d.received_s, d.block, d.day, d.device_id, d.channel"
        " FROM given_rows(?1) g JOIN interval_day d ON d.day = g.v0 AND d.device_id = g.v1 AND d.channel = g.v2",
    [INTERVAL_WRITE] =
        "INSERT INTO interval_day (day, device_id, channel, missing, refused, sum_state, scale_e3, received_s, block)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (day, device_id, channel) DO UPDATE SET missing = ?4,"
        " refused = ?5, sum_state = ?6, scale_e3 = ?7, received_s = ?8, block = ?9",
    [INTERVALS_WRITE] =
        "INSERT INTO interval_day (day, device_id, channel, missing, refused, sum_state, scale_e3, received_s, block)"
        " SELECT v0, v1, v2, v3, v4, v5, v6, v7, v8 FROM given_rows(?1) WHERE true ON CONFLICT (day, device_id, channel)"
        " DO UPDATE SET missing = excluded.missing, refused = excluded.refused, sum_state = excluded.sum_state,"
        " scale_e3 = excluded.scale_e3, received_s = excluded.received_s, block = excluded.block",
};

enum kept_kind { KEPT_MISSING, KEPT_READ, KEPT_WRITTEN }; /* no row is there; as it is there; to be written */

struct kept_day {
    struct interval_row row;
    enum kept_kind kind;
    uint32_t missing;
    uint32_t refused;
    uint32_t sum;
    struct span block;
};

struct reading_intervals {
    size_t expected_count;
    size_t next; /* of the expected days, behind the one that was asked for last */
    struct interval_key expected[EXPECT_LIMIT];
    size_t count;
    uint16_t slots[SLOTS]; /* of a key: where its day is, counted from 1; 0: none */
    struct kept_day days[KEPT_LIMIT];
};

static const struct given_column day_columns[] = {
    { offsetof(struct kept_day, row.day), GIVEN_INT32, NULL },
    { offsetof(struct kept_day, row.device_id), GIVEN_UINT32, NULL },
    { offsetof(struct kept_day, row.channel), GIVEN_UINT32, NULL },
    { offsetof(struct kept_day, missing), GIVEN_UINT32, NULL },
    { offsetof(struct kept_day, refused), GIVEN_UINT32, NULL },
    { offsetof(struct kept_day, sum), GIVEN_UINT32, NULL },
    { offsetof(struct kept_day, row.scale_e3), GIVEN_INT64, NULL },
    { offsetof(struct kept_day, row.received_s), GIVEN_INT64, NULL },
    { offsetof(struct kept_day, block), GIVEN_BYTES, NULL },
};

static const struct given_column key_columns[] = {
    { offsetof(struct interval_key, day), GIVEN_INT32, NULL },
    { offsetof(struct interval_key, device_id), GIVEN_UINT32, NULL },
    { offsetof(struct interval_key, channel), GIVEN_UINT32, NULL },
};

/* The slot of the key: its own, or the free one where it would be. There are more slots than days. */
static uint16_t *slot_find(struct reading_intervals *kept, const struct interval_row *key)
{
    uint64_t mixed = ((uint64_t)key->device_id << 32 | key->channel) * UINT64_C(0x9e3779b97f4a7c15) + (uint32_t)key->day;

    for (size_t at = (mixed * UINT64_C(0x9e3779b97f4a7c15)) >> (64 - SLOT_BITS);; at = (at + 1) % SLOTS) {
        const struct interval_row *row = &kept->days[kept->slots[at] - (kept->slots[at] > 0)].row;
        if (kept->slots[at] == 0 ||
            (row->device_id == key->device_id && row->channel == key->channel && row->day == key->day))
            return &kept->slots[at];
    }
}

static int day_order(const void *left, const void *right)
{
    const struct interval_row *a = &((const struct kept_day *)left)->row;
    const struct interval_row *b = &((const struct kept_day *)right)->row;
    bool a_last = ((const struct kept_day *)left)->kind != KEPT_WRITTEN, b_last = ((const struct kept_day *)right)->kind != KEPT_WRITTEN;
    if (a_last != b_last)
        return a_last ? 1 : -1;
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    if (a->device_id != b->device_id)
        return a->device_id < b->device_id ? -1 : 1;
    return (a->channel > b->channel) - (a->channel < b->channel);
}

static void kept_clear(struct reading_intervals *kept)
{
    if (kept->count == 0)
        return;
    kept->count = 0;
    memset(kept->slots, 0, sizeof kept->slots);
}

void reading_sql_intervals_forget(struct reading_sql *sql)
{
    if (sql->intervals_kept != NULL)
        kept_clear(sql->intervals_kept);
}

/* Those to be written come first.
 * returns  how many they are */
static size_t written_gather(struct reading_intervals *kept)
{
    size_t count = 0;

    qsort(kept->days, kept->count, sizeof kept->days[0], day_order);
    while (count < kept->count && kept->days[count].kind == KEPT_WRITTEN) {
        struct kept_day *day = &kept->days[count++];
        day->block = span_of_bytes(day->row.block, day->row.block_size);
    }
    return count;
}

int reading_sql_intervals_settle(struct reading_sql *sql)
{
    struct reading_intervals *kept = sql->intervals_kept;

    if (kept == NULL || kept->count == 0)
        return 0;
    size_t count = written_gather(kept);
    kept_clear(kept);
    if (count == 0)
        return 0;
    struct statement *write = statement_take(&sql->intervals, INTERVALS_WRITE);
    given_rows_bind(write, 1, &(struct given_rows){ .first = kept->days, .size = sizeof kept->days[0], .count = count,
                                                    .columns = day_columns,
                                                    .column_count = sizeof day_columns / sizeof day_columns[0] });
    return statement_change(write);
}

/* A day that is kept back already is replaced. */
static int day_keep(struct reading_sql *sql, const struct interval_row *row)
{
    struct reading_intervals *kept = sql->intervals_kept;
    uint16_t *slot = slot_find(kept, row);

    if (*slot == 0 && kept->count == KEPT_LIMIT) {
        int error = reading_sql_intervals_settle(sql);
        if (error != 0)
            return error;
        slot = slot_find(kept, row);
    }
    if (*slot == 0)
        *slot = (uint16_t)++kept->count;
    kept->days[*slot - 1] = (struct kept_day){ .row = *row, .kind = KEPT_WRITTEN, .missing = row->missing,
                                                  .refused = row->refused, .sum = row->sum };
    return 0;
}

static void row_take(struct statement *query, struct interval_row *row)
{
    row->missing = (uint8_t)statement_int(query, 0);
    row->refused = (uint8_t)statement_int(query, 1);
    row->sum = (uint8_t)statement_int(query, 2);
    row->scale_e3 = statement_integer(query, 3);
    row->received_s = statement_integer(query, 4);
    row->block_size = reading_sql_block_take(query, 5, row->block, sizeof row->block);
}

static void intervals_expect(void *context, const struct interval_key keys[], size_t count)
{
    struct reading_intervals *kept = ((struct reading_sql *)context)->intervals_kept;

    kept->next = 0;
    kept->expected_count = count < EXPECT_LIMIT ? count : EXPECT_LIMIT;
    memcpy(kept->expected, keys, kept->expected_count * sizeof *keys);
}

/* Is this a day that was expected? What lies before it will not be asked for any more. */
static bool expected_find(struct reading_intervals *kept, const struct interval_row *row)
{
    for (size_t i = kept->next; i < kept->expected_count && i < kept->next + LOOK_AHEAD; i++) {
        const struct interval_key *key = &kept->expected[i];
        if (key->device_id == row->device_id && key->channel == row->channel && key->day == row->day) {
            kept->next = i + 1;
            return true;
        }
    }
    return false;
}

/* Until one is found to be there, it is missing. */
static void missing_keep(struct reading_intervals *kept, const struct interval_key *keys, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct interval_row row = { .device_id = keys[i].device_id, .channel = keys[i].channel, .day = keys[i].day };
        uint16_t *slot = slot_find(kept, &row);
        if (*slot != 0)
            continue;
        *slot = (uint16_t)++kept->count;
        kept->days[*slot - 1] = (struct kept_day){ .row = row, .kind = KEPT_MISSING };
    }
}

static void found_keep(struct reading_intervals *kept, struct statement *query)
{
    struct interval_row row = { .day = statement_int(query, 6), .device_id = (uint32_t)statement_integer(query, 7),
                                .channel = (uint32_t)statement_integer(query, 8) };
    struct kept_day *day = &kept->days[*slot_find(kept, &row) - 1];

    row_take(query, &row);
    day->row = row;
    day->kind = KEPT_READ;
}

/* Bring the day that was expected and those after it, as many as are kept. */
static int expected_read(struct reading_sql *sql)
{
    struct reading_intervals *kept = sql->intervals_kept;
    const struct interval_key *keys = &kept->expected[kept->next - 1];
    size_t left = kept->expected_count - kept->next + 1, count = left < KEPT_LIMIT ? left : KEPT_LIMIT;
    int found = reading_sql_intervals_settle(sql);

    if (found != 0)
        return found;
    struct statement *query = statement_take(&sql->intervals, INTERVALS_READ);
    given_rows_bind(query, 1, &(struct given_rows){ .first = keys, .size = sizeof *keys, .count = count, .columns = key_columns,
                                                    .column_count = sizeof key_columns / sizeof key_columns[0] });
    missing_keep(kept, keys, count);
    while ((found = statement_row(query)) == 1)
        found_keep(kept, query);
    if (found != 0)
        kept_clear(kept);
    return found;
}

static int kept_take(const struct reading_intervals *kept, uint16_t slot, struct interval_row *row)
{
    const struct kept_day *day = &kept->days[slot - 1];

    if (day->kind == KEPT_MISSING)
        return 0;
    *row = day->row;
    return 1;
}

static int single_read(struct reading_sql *sql, struct interval_row *row)
{
    struct statement *query = statement_take(&sql->intervals, INTERVAL_READ);
    statement_bind_integers(query, (const int64_t[]){ row->day, row->device_id, row->channel }, 3);
    int found = statement_row(query);
    if (found != 1)
        return found;
    row_take(query, row);
    statement_end(query);
    return 1;
}

static int interval_read(void *context, struct interval_row *row)
{
    struct reading_sql *sql = context;
    struct reading_intervals *kept = sql->intervals_kept;

    if (kept == NULL)
        return single_read(sql, row);
    bool expected = expected_find(kept, row);
    uint16_t slot = *slot_find(kept, row);
    if (slot == 0 && expected) {
        int error = expected_read(sql);
        if (error != 0)
            return error;
        slot = *slot_find(kept, row);
    }
    return slot != 0 ? kept_take(kept, slot, row) : single_read(sql, row);
}

static int interval_write(void *context, const struct interval_row *row)
{
    struct reading_sql *sql = context;
    if (sql->intervals_kept != NULL)
        return day_keep(sql, row);
    struct statement *write = statement_take(&sql->intervals, INTERVAL_WRITE);
    statement_bind_integers(write,
                            (const int64_t[]){ row->day, row->device_id, row->channel, row->missing, row->refused,
                                               row->sum, row->scale_e3, row->received_s },
                            8);
    statement_bind_bytes(write, 9, row->block, row->block_size);
    return statement_change(write);
}

int reading_sql_intervals_open(struct reading_sql *sql, struct store *store)
{
    int error = statement_table_prepare(&sql->intervals, store, texts, STATEMENT_COUNT);
    if (error != 0)
        return error;
    if (store_answers_late(store)) {
        sql->intervals_kept = calloc(1, sizeof *sql->intervals_kept);
        if (sql->intervals_kept == NULL)
            return STORE_ERR_MEMORY;
        sql->store.intervals_expect = intervals_expect;
    }
    sql->store.interval_read = interval_read;
    sql->store.interval_write = interval_write;
    return 0;
}

void reading_sql_intervals_close(struct reading_sql *sql)
{
    statement_table_finalize(&sql->intervals);
    free(sql->intervals_kept);
    sql->intervals_kept = NULL;
}
