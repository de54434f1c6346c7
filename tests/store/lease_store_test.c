/* Two cores on two connections to one database: the row decides. */
#include "tests/unit/unit_test.h"

#include "store/sql/lease_sql.h"
#include "tests/store/postgres_fixture.h"
#include "tests/store/store_fixture.h"

#define SHARD 3

struct side {
    struct store *connection;
    struct lease_sql rows;
    struct lease_store store;
    struct lease lease;
};

static void side_open(struct side *side, const char *path, const char *owner)
{
    struct store_config config = { .path = path, .busy_timeout_ms = 50, .idle_limit_ms = 500 };

    *side = (struct side){ 0 };
    assert_int_equal(store_open(&config, &side->connection), 0);
    assert_int_equal(lease_sql_open(&side->rows, side->connection, &side->store), 0);
    assert_int_equal(lease_begin(&side->lease, &side->store, SHARD, owner), 0);
}

static void side_close(struct side *side)
{
    lease_sql_close(&side->rows);
    store_close(side->connection);
}

static void place_make(char *path, size_t capacity)
{
    if (postgres_fixture_there())
        postgres_fixture_path(path, capacity);
    else
        store_fixture_path(path, capacity);
}

static void place_remove(const char *path)
{
    if (!postgres_fixture_there())
        store_fixture_remove(path);
}

/* A transaction of a core: it writes what nobody else may overwrite, if the shard is its own. */
static int transaction(struct side *side, const char *text)
{
    int result = store_begin(side->connection);

    if (result == 0)
        result = lease_prove(&side->lease);
    if (result == 0)
        result = store_execute(side->connection, text);
    if (result == 0)
        result = store_commit(side->connection);
    if (result != 0)
        store_rollback(side->connection);
    return result;
}

static int64_t number(struct side *side, const char *query)
{
    int64_t value = -1;
    assert_int_equal(store_number(side->connection, query, &value), 0);
    return value;
}

static void one_of_two_writes(void **state)
{
    (void)state;
    char path[STORE_FIXTURE_PATH];
    struct side north, south;

    place_make(path, sizeof path);
    side_open(&north, path, "north");
    side_open(&south, path, "south");
    assert_int_equal(lease_look(&north.lease, 0), 1);
    assert_int_equal(lease_look(&south.lease, 0), 0);
    assert_int_equal(transaction(&north, "CREATE TABLE mark (value INTEGER)"), 0);
    assert_int_equal(transaction(&north, "INSERT INTO mark (value) VALUES (1)"), 0);
    assert_int_equal(lease_look(&south.lease, LEASE_QUIET_MS), 0); /* it was not quiet */
    assert_int_equal(lease_look(&south.lease, 2 * LEASE_QUIET_MS), 1);
    assert_int_equal(south.lease.epoch, 2);
    assert_int_equal(transaction(&south, "UPDATE mark SET value = 2"), 0);
    assert_int_equal(transaction(&north, "UPDATE mark SET value = 1"), LEASE_ERR_LOST);
    assert_int_equal(number(&north, "SELECT value FROM mark"), 2);
    assert_int_equal(lease_give_back(&south.lease), 0);
    assert_int_equal(lease_look(&north.lease, 10), 1);
    assert_int_equal(north.lease.epoch, 3);
    assert_int_equal(number(&south, "SELECT count(*) FROM core_lease"), 1);
    side_close(&north);
    side_close(&south);
    place_remove(path);
}

/* Nobody takes a shard over in the middle of a transaction, however long it has been quiet outside. */
static void a_transaction_under_way_is_not_overtaken(void **state)
{
    (void)state;
    char path[STORE_FIXTURE_PATH];
    struct side north, south;

    place_make(path, sizeof path);
    side_open(&north, path, "north");
    side_open(&south, path, "south");
    assert_int_equal(lease_look(&north.lease, 0), 1);
    assert_int_equal(lease_look(&south.lease, 0), 0);
    assert_int_equal(store_begin(north.connection), 0);
    assert_int_equal(lease_prove(&north.lease), 0);
    assert_int_equal(lease_look(&south.lease, LEASE_QUIET_MS), STORE_ERR_BUSY);
    assert_int_equal(store_commit(north.connection), 0);
    assert_int_equal(lease_look(&south.lease, LEASE_QUIET_MS + 1), 0); /* seen anew: it lives */
    assert_int_equal(lease_prove(&north.lease), 0);
    side_close(&north);
    side_close(&south);
    place_remove(path);
}

/* On a server: a core that stands still in the middle of a transaction is put out of it by the server. */
static void who_stands_still_loses_the_transaction(void **state)
{
    (void)state;
    char path[STORE_FIXTURE_PATH];
    struct side north, south;
    int result = STORE_ERR_BUSY;

    if (!postgres_fixture_there())
        return; /* a file has no server to judge; the lock of the folder stands for it (apps/meterworks/folder_lock.h) */
    place_make(path, sizeof path);
    side_open(&north, path, "north");
    side_open(&south, path, "south");
    assert_int_equal(lease_look(&north.lease, 0), 1);
    assert_int_equal(lease_look(&south.lease, 0), 0);
    assert_int_equal(store_begin(north.connection), 0);
    assert_int_equal(lease_prove(&north.lease), 0);
    for (int tries = 0; tries < 1000 && result == STORE_ERR_BUSY; tries++) /* 50 ms each */
        result = lease_look(&south.lease, LEASE_QUIET_MS);
    assert_int_equal(result, 1);
    assert_true(store_commit(north.connection) < 0);
    store_rollback(north.connection);
    assert_int_equal(transaction(&north, "SELECT 1"), LEASE_ERR_LOST);
    assert_int_equal(transaction(&south, "CREATE TABLE mark (value INTEGER)"), 0);
    side_close(&north);
    side_close(&south);
    place_remove(path);
}

static void a_database_holds_one_shard(void **state)
{
    (void)state;
    char path[STORE_FIXTURE_PATH];
    struct side north;
    uint32_t shard = 7;

    place_make(path, sizeof path);
    side_open(&north, path, "north");
    assert_int_equal(lease_sql_shard(north.connection, &shard), 0);
    assert_int_equal(shard, 0);
    assert_int_equal(lease_sql_shard_set(north.connection, SHARD), 0);
    assert_int_equal(lease_sql_shard_set(north.connection, SHARD), 0);
    assert_int_equal(lease_sql_shard_set(north.connection, SHARD + 1), STORE_ERR_CONSTRAINT);
    assert_int_equal(lease_sql_shard_set(north.connection, 0), STORE_ERR_CONSTRAINT);
    assert_int_equal(lease_look(&north.lease, 0), 1);
    assert_int_equal(transaction(&north, "SELECT 1"), 0);
    assert_int_equal(lease_sql_shard(north.connection, &shard), 0);
    assert_int_equal(shard, SHARD);
    assert_int_equal(number(&north, "SELECT count(*) FROM core_lease"), 1);
    side_close(&north);
    place_remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_of_two_writes),
        cmocka_unit_test(a_transaction_under_way_is_not_overtaken),
        cmocka_unit_test(who_stands_still_loses_the_transaction),
        cmocka_unit_test(a_database_holds_one_shard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
