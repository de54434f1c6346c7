/* Transfers posted per second: the room alone over a store of plain arrays, then durable in SQLite: in batches as a settlement
 * posts them, in batches with a key each, and one by one. Beside them the peer: what an application writes that keeps the same
 * books by plain SQL in the same SQLite, a row and two balances for each transfer.
 *
 * usage: ledger_bench [stages]: only a settlement's batches, where bench_place.h says, as a line of stage_count.h */
#include "bench/bench_place.h"
#include "bench/stage_count.h"
#include "ledger/ledger.h"
#include "ledger/ledger_cache.h"
#include "store/sql/ledger_sql.h"
#include "store/statement_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ROOM_TRANSFERS 2000000u
#define KEY_SLOTS (1u << 22)
#define ACCOUNTS 10000u
#define BATCH 8192u
#define DURABLE_TRANSFERS (BATCH * 40u)
#define SINGLE_TRANSFERS 500u

/* A store of arrays: keys in an open hash table, so that what is measured is the ledger. */
struct arrays {
    struct ledger_account accounts[ACCOUNTS + 1];
    struct ledger_transfer *transfers;
    uint32_t *slots; /* transfer number, 0 empty */
    uint32_t count;
};

static uint32_t *slot_find(struct arrays *arrays, const char *key)
{
    uint64_t hash = UINT64_C(1469598103934665603);

    for (const char *c = key; *c != '\0'; c++)
        hash = (hash ^ (uint8_t)*c) * UINT64_C(1099511628211);
    for (uint32_t index = (uint32_t)(hash ^ hash >> 32);; index++) {
        uint32_t *slot = &arrays->slots[index % KEY_SLOTS];

        if (*slot == 0 || strcmp(arrays->transfers[*slot].key, key) == 0)
            return slot;
    }
}

static int account_read(void *context, int64_t id, struct ledger_account *out)
{
    const struct arrays *arrays = context;

    if (id < 1 || id > ACCOUNTS)
        return 0;
    *out = arrays->accounts[id];
    return 1;
}

static int account_update(void *context, const struct ledger_account *account)
{
    struct arrays *arrays = context;

    arrays->accounts[account->ledger_account_id] = *account;
    return 0;
}

static int transfer_find_key(void *context, const char *key, struct ledger_transfer *out)
{
    struct arrays *arrays = context;
    const uint32_t *slot = slot_find(arrays, key);

    if (*slot == 0)
        return 0;
    *out = arrays->transfers[*slot];
    return 1;
}

static int transfer_insert(void *context, struct ledger_transfer *transfer)
{
    struct arrays *arrays = context;

    transfer->transfer_id = ++arrays->count;
    arrays->transfers[arrays->count] = *transfer;
    *slot_find(arrays, transfer->key) = arrays->count;
    return 0;
}

static int span_widen(void *context, const struct ledger_span *span)
{
    (void)context;
    (void)span;
    return 0;
}

static int closed_until(void *context, uint32_t tenant_id, int64_t *until_s)
{
    (void)context;
    (void)tenant_id;
    *until_s = 500;
    return 0;
}

static double now_s(clockid_t clock)
{
    struct timespec time;

    clock_gettime(clock, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static struct ledger_transfer transfer_of(uint32_t number)
{
    return (struct ledger_transfer){
        .debit_account_id = 1 + number * UINT32_C(2654435761) % (ACCOUNTS - 1), .credit_account_id = ACCOUNTS,
        .amount_fen = 1 + number % 1000, .at_s = 1000, .tenant_id = 1, .kind = LEDGER_CHARGE
    };
}

static void keyed_post(const struct ledger_store *store, uint32_t number)
{
    struct ledger_transfer transfer = transfer_of(number);

    (void)snprintf(transfer.key, sizeof transfer.key, "charge/%u/20000/0/water", number);
    if (ledger_post(store, &transfer) != 0)
        abort();
}

static void room_measure(void)
{
    struct arrays *arrays = calloc(1, sizeof *arrays);
    struct ledger_store store = { .context = arrays, .account_read = account_read, .account_update = account_update,
                                  .transfer_find_key = transfer_find_key, .transfer_insert = transfer_insert,
                                  .span_widen = span_widen, .closed_until = closed_until };
    double start_s;

    if (arrays == NULL)
        abort();
    arrays->transfers = calloc(ROOM_TRANSFERS + 1, sizeof *arrays->transfers);
    arrays->slots = calloc(KEY_SLOTS, sizeof *arrays->slots);
    if (arrays->transfers == NULL || arrays->slots == NULL)
        abort();
    for (uint32_t id = 1; id <= ACCOUNTS; id++)
        arrays->accounts[id] = (struct ledger_account){ .ledger_account_id = id, .tenant_id = 1, .kind = LEDGER_WALLET };
    start_s = now_s(CLOCK_PROCESS_CPUTIME_ID);
    for (uint32_t number = 0; number < ROOM_TRANSFERS; number++)
        keyed_post(&store, number);
    start_s = now_s(CLOCK_PROCESS_CPUTIME_ID) - start_s;
    printf("ledger, room alone: %u transfers, %.0f a second of processor time\n", ROOM_TRANSFERS, ROOM_TRANSFERS / start_s);
    free(arrays->slots);
    free(arrays->transfers);
    free(arrays);
}

struct durable {
    struct store *store;
    struct ledger_sql *sql;
    struct ledger_cache *cache;
    struct statement_table plain;
    uint32_t posted;
};

/* One way to post `count` transfers inside a transaction. */
typedef void (*way_post)(struct durable *durable, uint32_t count);

static void post_named(struct durable *durable, uint32_t count)
{
    static int64_t payers[BATCH];

    for (uint32_t index = 0; index < count; index++)
        payers[index] = transfer_of(durable->posted + index).debit_account_id;
    if (ledger_cache_prime(durable->cache, payers, count) != 0)
        abort();
    for (uint32_t index = 0; index < count; index++) {
        struct ledger_transfer transfer = transfer_of(durable->posted++);

        if (ledger_post_named(ledger_cache_store(durable->cache), &transfer) != 0)
            abort();
    }
    if (ledger_cache_flush(durable->cache) != 0)
        abort();
}

static void post_keyed(struct durable *durable, uint32_t count)
{
    for (uint32_t index = 0; index < count; index++)
        keyed_post(ledger_sql_store(durable->sql), durable->posted++);
}

enum { PLAIN_INSERT, PLAIN_DEBIT, PLAIN_CREDIT, PLAIN_COUNT };

static const char *const plain_texts[PLAIN_COUNT] = {
    [PLAIN_INSERT] = "INSERT INTO plain_transfer VALUES (NULL, ?1, ?2, ?3, ?4, 'charge')",
    [PLAIN_DEBIT] = "UPDATE plain_account SET debits_fen = debits_fen + ?2 WHERE account_id = ?1",
    [PLAIN_CREDIT] = "UPDATE plain_account SET credits_fen = credits_fen + ?2 WHERE account_id = ?1",
};

static void plain_run(struct durable *durable, int index, const int64_t values[], int count)
{
    struct statement *statement = statement_take(&durable->plain, (size_t)index);

    statement_bind_integers(statement, values, count);
    if (statement_run(statement) != 1)
        abort();
}

static void post_plain(struct durable *durable, uint32_t count)
{
    for (uint32_t index = 0; index < count; index++) {
        struct ledger_transfer one = transfer_of(durable->posted++);

        plain_run(durable, PLAIN_INSERT,
                  (int64_t[]){ one.debit_account_id, one.credit_account_id, one.amount_fen, one.at_s }, 4);
        plain_run(durable, PLAIN_DEBIT, (int64_t[]){ one.debit_account_id, one.amount_fen }, 2);
        plain_run(durable, PLAIN_CREDIT, (int64_t[]){ one.credit_account_id, one.amount_fen }, 2);
    }
}

/* returns  transfers a second on the wall */
static double durable_run(struct durable *durable, const char *name, way_post post, uint32_t count, uint32_t batch)
{
    double wall_s = now_s(CLOCK_MONOTONIC), processor_s = now_s(CLOCK_PROCESS_CPUTIME_ID);

    for (uint32_t done = 0; done < count; done += batch) {
        if (store_begin(durable->store) != 0)
            abort();
        post(durable, batch);
        if (store_commit(durable->store) != 0)
            abort();
    }
    wall_s = now_s(CLOCK_MONOTONIC) - wall_s;
    processor_s = now_s(CLOCK_PROCESS_CPUTIME_ID) - processor_s;
    printf("%s, durable, in transactions of %u: %u transfers in %.2f s, %.0f a second, %.0f a second of processor time\n",
           name, batch, count, wall_s, count / wall_s, count / processor_s);
    return count / wall_s;
}

static void verify(const struct durable *durable)
{
    struct ledger_verification verification;

    if (ledger_verify(ledger_sql_store(durable->sql), 1, NULL, NULL, &verification) != 0 || !verification.balanced)
        abort();
}

static void books_open(struct durable *durable, const char *path)
{
    struct store_config config = { .path = path };
    int64_t id;

    if (store_open(&config, &durable->store) != 0 || ledger_sql_open(durable->store, &durable->sql) != 0 ||
        store_execute(durable->store, "INSERT INTO tenant VALUES (1, 'bench', 28800, 0)") != 0 ||
        store_begin(durable->store) != 0)
        abort();
    for (uint32_t account = 0; account < ACCOUNTS; account++) {
        if (ledger_account_add(ledger_sql_store(durable->sql), 1, LEDGER_WALLET, "", &id) != 0)
            abort();
    }
    durable->cache = ledger_cache_open(ledger_sql_store(durable->sql));
    if (durable->cache == NULL || store_commit(durable->store) != 0)
        abort();
}

static void plain_open(struct durable *durable)
{
    if (store_execute(durable->store,
            "CREATE TABLE plain_account (account_id INTEGER PRIMARY KEY, debits_fen INTEGER NOT NULL, credits_fen INTEGER NOT NULL);"
            "CREATE TABLE plain_transfer (transfer_id INTEGER PRIMARY KEY, debit_account_id INTEGER NOT NULL,"
            " credit_account_id INTEGER NOT NULL, amount_fen INTEGER NOT NULL, at_s INTEGER NOT NULL, kind TEXT NOT NULL);"
            "INSERT INTO plain_account SELECT ledger_account_id, 0, 0 FROM ledger_account") != 0 ||
        statement_table_prepare(&durable->plain, durable->store, plain_texts, PLAIN_COUNT) != 0)
        abort();
}

static void durable_measure(const char *path)
{
    struct durable durable = { .posted = 0 };
    double named, plain;

    books_open(&durable, path);
    plain_open(&durable);
    named = durable_run(&durable, "ledger, named by rows", post_named, DURABLE_TRANSFERS, BATCH);
    plain = durable_run(&durable, "peer, plain SQL", post_plain, DURABLE_TRANSFERS, BATCH);
    printf("ledger, named by rows: %.2f times the peer\n", named / plain);
    (void)durable_run(&durable, "ledger, by keys", post_keyed, DURABLE_TRANSFERS, BATCH);
    (void)durable_run(&durable, "ledger, by keys", post_keyed, SINGLE_TRANSFERS, 1);
    (void)durable_run(&durable, "peer, plain SQL", post_plain, SINGLE_TRANSFERS, 1);
    verify(&durable);
    ledger_cache_close(durable.cache);
    statement_table_finalize(&durable.plain);
    ledger_sql_close(durable.sql);
    store_close(durable.store);
}

static void stages_measure(void)
{
    struct stage stage = { .name = "a posting of a settlement, 8,192 a transaction" };
    struct durable durable = { .posted = 0 };
    struct bench_place place;

    bench_place_make(&place, "ledger");
    books_open(&durable, place.path);
    stage_server_set(bench_place_process(&place, durable.store));
    for (uint32_t done = 0; done < DURABLE_TRANSFERS / 4; done += BATCH) {
        stage_begin(&stage);
        if (store_begin(durable.store) != 0)
            abort();
        post_named(&durable, BATCH);
        if (store_commit(durable.store) != 0)
            abort();
        stage_end(&stage, BATCH);
    }
    stage_print(&stage);
    verify(&durable);
    ledger_cache_close(durable.cache);
    ledger_sql_close(durable.sql);
    store_close(durable.store);
    bench_place_remove(&place);
}

int main(int count, char **words)
{
    char folder[] = "/tmp/ledger_bench_XXXXXX";
    char path[64];

    if (count == 2 && strcmp(words[1], "stages") == 0) {
        stages_measure();
        return 0;
    }
    room_measure();
    if (mkdtemp(folder) == NULL)
        return 1;
    (void)snprintf(path, sizeof path, "%s/ledger.db", folder);
    durable_measure(path);
    (void)unlink(path);
    (void)snprintf(path, sizeof path, "%s/ledger.db-wal", folder);
    (void)unlink(path);
    (void)snprintf(path, sizeof path, "%s/ledger.db-shm", folder);
    (void)unlink(path);
    return rmdir(folder) != 0;
}
