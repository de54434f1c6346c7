/* Connections that fail at any request, and servers that are killed: what the store says of a commit is what is there.
 *
 * Every attempt at a transaction has a number of its own and is made again until the store says that it is stored. At the
 * end the table holds exactly the attempts of which that was said. */
#include "tests/unit/unit_test.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "store/statement.h"
#include "store/store.h"
#include "tests/store/cutting_proxy.h"
#include "tests/store/postgres_fixture.h"

#define ATTEMPT_LIMIT 4000
#define REQUESTS_AHEAD 9 /* a cut falls on one of so many requests: of a transaction, or of what connects again */

struct trial {
    struct cutting_proxy *proxy;
    char direct[500]; /* the path past the proxy */
    struct store *store;
    struct statement *insert;
    struct random random;
    bool stored[ATTEMPT_LIMIT]; /* by attempt: what the store said */
    char path[500];
    int unsure; /* attempts of which the store could not say */
    int attempts;
};

/* What a program does when it starts. */
static void trial_begin(struct trial *trial)
{
    assert_int_equal(store_open(&(struct store_config){ .path = trial->path, .alone = true }, &trial->store), 0);
    trial->insert = NULL;
}

static void trial_open(struct trial *trial, uint64_t seed)
{
    char server[100], *host, *rest;

    memset(trial, 0, sizeof *trial);
    trial->random = random_of_seed(seed);
    postgres_fixture_path(trial->direct, sizeof trial->direct);
    host = strstr(trial->direct, "host=") + 5;
    rest = strchr(host, '&');
    snprintf(server, sizeof server, "%.*s/.s.PGSQL.5432", (int)(rest - host), host);
    trial->proxy = cutting_proxy_open(server);
    snprintf(trial->path, sizeof trial->path, "%.*s%s%s", (int)(host - trial->direct), trial->direct, cutting_proxy_host(trial->proxy), rest);
    trial_begin(trial);
    assert_int_equal(store_execute(trial->store, "CREATE TABLE entry (attempt BIGINT NOT NULL, part BIGINT NOT NULL)"), 0);
}

static void trial_close(struct trial *trial)
{
    statement_finalize(trial->insert);
    store_close(trial->store);
    cutting_proxy_close(trial->proxy);
}

static int part_insert(struct trial *trial, int attempt, int part)
{
    int error = trial->insert != NULL
                    ? 0
                    : statement_prepare(trial->store, "INSERT INTO entry (attempt, part) VALUES (?1, ?2)", &trial->insert);
    if (error != 0)
        return error;
    statement_reset(trial->insert);
    statement_bind_integer(trial->insert, 1, attempt);
    statement_bind_integer(trial->insert, 2, part);
    return statement_change(trial->insert);
}

/* Two parts under a mark and one that is taken back: what a batch of the core does. */
static int parts_insert(struct trial *trial, int attempt)
{
    int result = store_savepoint(trial->store);

    if (result == 0)
        result = part_insert(trial, attempt, 1);
    if (result == 0)
        result = store_release(trial->store);
    if (result == 0)
        result = store_savepoint(trial->store);
    if (result == 0)
        result = part_insert(trial, attempt, 3);
    if (result == 0)
        result = store_revert(trial->store);
    return result == 0 ? part_insert(trial, attempt, 2) : result;
}

/* The store could not say what became of an attempt: as the program does, begin anew with what is there. */
static void unsure_learn(struct trial *trial, int attempt)
{
    char query[80];
    int64_t parts = 0;

    statement_finalize(trial->insert);
    store_close(trial->store);
    trial_begin(trial);
    snprintf(query, sizeof query, "SELECT count(*) FROM entry WHERE attempt = %d", attempt);
    assert_int_equal(store_number(trial->store, query, &parts), 0);
    trial->stored[attempt] = parts > 0;
    trial->unsure++;
}

static int attempt_make(struct trial *trial)
{
    int attempt = trial->attempts++;
    int result = store_begin(trial->store);

    assert_true(trial->attempts < ATTEMPT_LIMIT);
    if (result == 0)
        result = parts_insert(trial, attempt);
    if (result == 0)
        result = store_commit(trial->store);
    if (result != 0)
        store_rollback(trial->store);
    assert_false(store_in_transaction(trial->store));
    if (result == STORE_ERR_UNSURE) {
        assert_int_equal(store_begin(trial->store), STORE_ERR_UNSURE);
        unsure_learn(trial, attempt);
    } else {
        assert_true(result == 0 || result == STORE_ERR_CONNECTION);
        trial->stored[attempt] = result == 0;
    }
    return trial->stored[attempt] ? 0 : STORE_ERR_CONNECTION;
}

static void stored_is_what_was_said(struct trial *trial)
{
    struct store *store;
    struct statement *parts;

    assert_int_equal(store_open(&(struct store_config){ .path = trial->direct }, &store), 0);
    assert_int_equal(statement_prepare(store, "SELECT count(*), sum(part) FROM entry WHERE attempt = ?1", &parts), 0);
    for (int attempt = 0; attempt < trial->attempts; attempt++) {
        statement_reset(parts);
        statement_bind_integer(parts, 1, attempt);
        assert_int_equal(statement_row(parts), 1);
        assert_int_equal(statement_integer(parts, 0), trial->stored[attempt] ? 2 : 0);
        assert_int_equal(statement_integer(parts, 1), trial->stored[attempt] ? 3 : 0);
        assert_int_equal(statement_row(parts), 0);
    }
    statement_finalize(parts);
    store_close(store);
}

/* A reader outside transactions is never told of a failure that asking again mends. */
static void the_line_is_cut_at_any_request(void **state)
{
    static struct trial trial;
    int kept = 0, cuts = 0;

    (void)state;
    trial_open(&trial, 7);
    for (int transaction = 0; transaction < 400; transaction++) {
        int before = trial.attempts;
        cutting_proxy_cut(trial.proxy, 1 + (unsigned)random_below(&trial.random, REQUESTS_AHEAD),
                          (enum proxy_cut)random_below(&trial.random, PROXY_CUT_COUNT));
        while (attempt_make(&trial) != 0)
            cuts++;
        kept += trial.attempts == before + 1 ? 1 : 0;
    }
    cutting_proxy_cut(trial.proxy, 0, PROXY_CUT_BEFORE);
    assert_true(cutting_proxy_cuts(trial.proxy) > 150);
    assert_true(cuts > 20 && kept > 20); /* some cost the transaction, some only its connection */
    stored_is_what_was_said(&trial);
    trial_close(&trial);
}

/* The server is killed and started again while transactions go on. */
static void the_server_is_killed(void **state)
{
    static struct trial trial;

    (void)state;
    trial_open(&trial, 8);
    for (int kill = 0; kill < 6; kill++) {
        uint64_t transactions = random_below(&trial.random, 40);
        long process;
        for (uint64_t i = 0; i < transactions; i++)
            while (attempt_make(&trial) != 0)
                continue;
        process = postgres_fixture_server_begin("restart");
        for (uint64_t i = 0; i < 20; i++)
            while (attempt_make(&trial) != 0)
                postgres_fixture_server_await(&process);
        postgres_fixture_server_await(&process);
    }
    while (attempt_make(&trial) != 0)
        continue;
    stored_is_what_was_said(&trial);
    trial_close(&trial);
}

static bool always(void *context)
{
    (void)context;
    return true;
}

/* A reader that nobody waits for is free again though the server says nothing; and asks again when it does. */
static void nobody_waits_for_a_server_that_stands_still(void **state)
{
    static struct trial trial;
    struct store *reader;
    struct statement *rows;

    (void)state;
    trial_open(&trial, 11);
    assert_int_equal(store_open(&(struct store_config){ .path = trial.direct, .read_only = true }, &reader), 0);
    assert_int_equal(statement_prepare(reader, "SELECT count(*) FROM entry", &rows), 0);
    postgres_fixture_server("freeze");
    store_abandon_ask(reader, always, NULL);
    assert_int_equal(statement_row(rows), STORE_ERR_CONNECTION);
    store_abandon_ask(reader, NULL, NULL);
    statement_reset(rows);
    postgres_fixture_server("thaw");
    assert_int_equal(statement_row(rows), 1);
    statement_finalize(rows);
    store_close(reader);
    trial_close(&trial);
}

/* The server is gone for good while transactions go on, and another one takes its place: it has all that was answered. */
static void another_server_takes_over(void **state)
{
    static struct trial trial;
    char first[sizeof trial.direct], *host, *rest;

    (void)state;
    postgres_fixture_server("replica");
    trial_open(&trial, 10);
    trial_close(&trial);
    snprintf(first, sizeof first, "%s", trial.direct);
    host = strstr(first, "host=") + 5;
    rest = strchr(host, '&');
    snprintf(trial.path, sizeof trial.path, "%.*s,%.*s/second%s", (int)(rest - first), first, (int)(rest - host), host, rest);
    snprintf(trial.direct, sizeof trial.direct, "%s", trial.path);
    trial_begin(&trial);
    for (int i = 0; i < 100; i++)
        assert_int_equal(attempt_make(&trial), 0);
    long process = postgres_fixture_server_begin("takeover");
    for (int i = 0; i < 400; i++)
        while (attempt_make(&trial) != 0)
            postgres_fixture_server_await(&process);
    postgres_fixture_server_await(&process);
    while (attempt_make(&trial) != 0)
        continue;
    assert_true(trial.unsure <= 1);
    stored_is_what_was_said(&trial);
    statement_finalize(trial.insert);
    store_close(trial.store);
}

/* Somebody ends our sessions, as an operator or a balancer does. */
static void sessions_are_ended(void **state)
{
    static struct trial trial;

    (void)state;
    trial_open(&trial, 9);
    for (int i = 0; i < 60; i++) {
        if (random_chance(&trial.random, 1, 2))
            postgres_fixture_execute("SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity"
                                     " WHERE application_name = 'meterworks'");
        assert_int_equal(attempt_make(&trial), 0); /* before its first statement: the next connection takes it */
    }
    stored_is_what_was_said(&trial);
    trial_close(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_line_is_cut_at_any_request),
        cmocka_unit_test(the_server_is_killed),
        cmocka_unit_test(sessions_are_ended),
        cmocka_unit_test(nobody_waits_for_a_server_that_stands_still),
        cmocka_unit_test(another_server_takes_over), /* the last: the first server is gone */
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
