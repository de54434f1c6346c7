/* Against a cluster that is played: which statements it gets, what it keeps of them, and an answer that fails somewhere. */
#include "store/postgres/citus_distribute.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/postgres/citus_places.h"
#include "store/store_engine.h"
#include "tests/unit/unit_test.h"

#define TABLE_LIMIT 16
#define NAME_LIMIT 64

struct cluster {
    struct store store;
    bool has_extension;
    int fails_at; /* the statement that is answered with STORE_ERR_BUSY, counted down; 0 none */
    bool open;    /* a transaction */
    int cut_count;
    int committed;
    char cut[TABLE_LIMIT][NAME_LIMIT];
    char column[TABLE_LIMIT][NAME_LIMIT];
    char with[TABLE_LIMIT][NAME_LIMIT]; /* the table it lies with, SHARDS of the first */
    char key[256];                      /* of the last ALTER TABLE */
};

static struct cluster *cluster_of(struct store *store)
{
    return (struct cluster *)store;
}

static bool fails(struct cluster *cluster)
{
    return cluster->fails_at > 0 && --cluster->fails_at == 0;
}

static int play_begin(struct store *store)
{
    cluster_of(store)->open = true;
    return 0;
}

static int play_commit(struct store *store)
{
    struct cluster *cluster = cluster_of(store);

    if (fails(cluster))
        return STORE_ERR_BUSY;
    cluster->open = false;
    cluster->committed = cluster->cut_count;
    return 0;
}

static void play_rollback(struct store *store)
{
    cluster_of(store)->open = false;
    cluster_of(store)->cut_count = cluster_of(store)->committed;
}

static bool play_in_transaction(const struct store *store)
{
    return ((const struct cluster *)store)->open;
}

static void table_note(struct cluster *cluster, const char *text)
{
    char *name = cluster->cut[cluster->cut_count], *with = cluster->with[cluster->cut_count];
    char *column = cluster->column[cluster->cut_count];

    assert_true(cluster->open && cluster->cut_count < TABLE_LIMIT);
    if (sscanf(text, "SELECT create_distributed_table('%63[^']', '%63[^']', 'hash', 'none', %63[0-9])", name, column, with) != 3)
        assert_int_equal(sscanf(text, "SELECT create_distributed_table('%63[^']', '%63[^']', 'hash', '%63[^']')", name, column, with), 3);
    for (int i = 0; i < cluster->cut_count; i++)
        assert_string_not_equal(cluster->cut[i], name);
    cluster->cut_count++;
}

static int play_execute(struct store *store, const char *text)
{
    struct cluster *cluster = cluster_of(store);

    if (fails(cluster))
        return STORE_ERR_BUSY;
    if (strstr(text, "create_distributed_table(") != NULL)
        table_note(cluster, text);
    if (strncmp(text, "ALTER TABLE", 11) == 0)
        snprintf(cluster->key, sizeof cluster->key, "%s", text);
    return 0;
}

/* A question of one number. */
struct question {
    struct statement statement;
    int64_t answer;
};

static int question_row(struct statement *statement)
{
    (void)statement;
    return 1;
}

static int64_t question_integer(struct statement *statement, int column)
{
    assert_int_equal(column, 0);
    return ((struct question *)statement)->answer;
}

static void question_finalize(struct statement *statement)
{
    free(statement);
}

static const struct statement_engine question_engine = {
    .finalize = question_finalize, .row = question_row, .integer = question_integer,
};

static int64_t answer_find(const struct cluster *cluster, const char *text)
{
    char name[NAME_LIMIT];

    if (strstr(text, "pg_extension") != NULL)
        return cluster->has_extension;
    assert_int_equal(sscanf(strstr(text, "to_regclass"), "to_regclass('%63[^']')", name), 1);
    for (int i = 0; i < cluster->cut_count; i++)
        if (strcmp(cluster->cut[i], name) == 0)
            return 1;
    return 0;
}

static int play_prepare(struct store *store, const char *text, struct statement **out)
{
    struct question *question;

    if (fails(cluster_of(store)))
        return STORE_ERR_BUSY;
    question = calloc(1, sizeof *question);
    assert_non_null(question);
    *question = (struct question){ { &question_engine, store }, answer_find(cluster_of(store), text) };
    *out = &question->statement;
    return 0;
}

static const struct store_engine play_engine = {
    .begin = play_begin, .commit = play_commit, .rollback = play_rollback, .in_transaction = play_in_transaction,
    .execute = play_execute, .prepare = play_prepare,
};

static int cut_tables(void)
{
    int count = 0;

    for (size_t i = 0; i < citus_table_count; i++)
        count += citus_columns[citus_tables[i].place] != NULL;
    return count;
}

static void test_the_extension_is_asked_for(void **state)
{
    struct cluster cluster = { .store = { .engine = &play_engine } };
    bool present = true;

    (void)state;
    assert_int_equal(citus_present(&cluster.store, &present), 0);
    assert_false(present);
    cluster.has_extension = true;
    assert_int_equal(citus_present(&cluster.store, &present), 0);
    assert_true(present);
}

/* The first of the tables that are cut by the same column as one. */
static int first_of_column(const struct cluster *cluster, int table)
{
    int first = 0;

    while (strcmp(cluster->column[first], cluster->column[table]) != 0)
        first++;
    return first;
}

static void test_tables_lie_as_the_first_one(void **state)
{
    struct cluster cluster = { .store = { .engine = &play_engine } };

    (void)state;
    assert_int_equal(citus_distribute(&cluster.store, 48), cut_tables());
    assert_int_equal(cluster.committed, cut_tables());
    for (int i = 0; i < cluster.cut_count; i++)
        assert_string_equal(cluster.with[i], first_of_column(&cluster, i) == i ? "48" : cluster.cut[first_of_column(&cluster, i)]);
    assert_string_equal(cluster.column[0], "device_id");
    assert_string_equal(cluster.column[cluster.cut_count - 1], "account_id");
    assert_string_equal(cluster.key, "ALTER TABLE frame DROP CONSTRAINT frame_pkey, ADD PRIMARY KEY (frame_id, device_id)");
    assert_int_equal(citus_distribute(&cluster.store, 48), 0);
}

/* Wherever it is interrupted, nothing is half done and the next time does the rest. */
static void test_what_was_interrupted_is_done_again(void **state)
{
    int stops = 0;

    (void)state;
    for (int at = 1;; at++) {
        struct cluster cluster = { .store = { .engine = &play_engine }, .fails_at = at };
        int before;

        if (citus_distribute(&cluster.store, 32) >= 0)
            break;
        stops++;
        assert_false(cluster.open);
        assert_int_equal(cluster.cut_count, cluster.committed);
        before = cluster.committed;
        assert_int_equal(citus_distribute(&cluster.store, 32), cut_tables() - before);
        assert_int_equal(cluster.committed, cut_tables());
    }
    assert_true(stops > 3 * cut_tables());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_extension_is_asked_for),
        cmocka_unit_test(test_tables_lie_as_the_first_one),
        cmocka_unit_test(test_what_was_interrupted_is_done_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
