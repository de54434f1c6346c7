/* Reports that come together, or in a storm that is charged behind them, are charged as if they had come one by one: random towns,
 * days and batches. */
#include "tests/unit/unit_test.h"

#include "base/calendar.h"
#include "base/random.h"
#include "base/undo.h"
#include "store/statement.h"
#include "tests/unit/billing/billing_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOWNS 6
#define ACCOUNTS 60      /* and with them devices 1 to 60 */
#define DAYS 16          /* over the end of a month, where tiers begin anew */
#define FIRST_DAY "2026-05-21"
#define BOOKS_SIZE 262144
#define LINES_LIMIT 4096

enum manner { ONE_BY_ONE, TOGETHER, STORM };

struct town {
    struct fixture *fixture;
    enum manner manner;
    struct random random;           /* the same numbers in both towns */
    struct random troubles;         /* of the others only: which transactions are taken back once */
    int64_t totals[ACCOUNTS + 1];   /* of the dial at the midnight told last */
    int64_t told[ACCOUNTS + 1];     /* which that is */
};

struct batch {
    uint32_t devices[ACCOUNTS * 2];
    uint32_t count;
};

static void execute(struct town *town, const char *format, long long a, long long b)
{
    char text[256];

    (void)snprintf(text, sizeof text, format, a, b);
    assert_int_equal(store_execute(town->fixture->store, text), 0);
}

static const char *mode_of(int64_t account)
{
    return account % 9 == 0 ? "postpaid" : account % 10 == 0 ? "prepaid_meter" : "prepaid_platform";
}

/* Wallets that last for a day, a week, or for ever; accounts 22 to 26 pay from the wallet of 21; one has no meter, one no price. */
static void town_make(struct town *town)
{
    struct fixture *fixture = town->fixture;
    struct billing_payment_result paid;

    for (int64_t account = 1; account <= ACCOUNTS; account++) {
        int64_t low_fen = (int64_t)random_below(&town->random, 4) * 1500;
        char key[24];

        assert_int_equal(fixture_account_open(fixture, mode_of(account), low_fen, account % 4 == 0 ? 500 : 0), account);
        (void)snprintf(key, sizeof key, "first-%d", (int)account);
        assert_int_equal(fixture_pay(fixture, account, random_between(&town->random, 1, 9) * 1500, key, &paid), 0);
        execute(town, "UPDATE account SET persons = %lld WHERE account_id = %lld", random_between(&town->random, 1, 6), account);
    }
    for (int64_t account = 22; account <= 26; account++)
        assert_int_equal(billing_group_join(fixture->billing, &fixture->scope, fixture->now_s, account, 21), 0);
    execute(town, "UPDATE account SET device_id = NULL WHERE account_id = %lld", 31, 0);
    execute(town, "INSERT INTO tariff (tariff_id, tenant_id, name, utility) VALUES (%lld, 1, 'empty', 'water')", 99, 0);
    execute(town, "UPDATE account SET tariff_id = %lld WHERE account_id = %lld", 99, 32);
    fixture_settle(fixture);
}

static void transaction_begin(struct town *town)
{
    assert_int_equal(store_begin(town->fixture->store), 0);
}

static void transaction_end(struct town *town)
{
    assert_int_equal(store_commit(town->fixture->store), 0);
    undo_clear(town->fixture->undo);
}

static void news_tell(struct town *town, const uint32_t *devices, uint32_t count)
{
    struct fixture *fixture = town->fixture;

    transaction_begin(town);
    for (uint32_t index = 0; index < count; index++)
        billing_reading_arrived(fixture->billing, devices[index], town->told[devices[index]]);
    assert_true(billing_news_settle(fixture->billing, fixture->now_s) >= 0);
}

/* All was settled, but the transaction is not committed: as if nothing had been. */
static void transaction_fails(struct town *town)
{
    struct fixture *fixture = town->fixture;

    store_rollback(fixture->store);
    undo_revert(fixture->undo, 0);
    billing_rolled_back(fixture->billing);
}

/* Once in a while the transaction that charges is taken back, too. */
static void owed_charge(struct town *town)
{
    struct fixture *fixture = town->fixture;
    size_t story = fixture->story.size;
    uint64_t command_id = fixture->command_id;

    transaction_begin(town);
    assert_true(billing_owed_charge(fixture->billing, fixture->now_s, ACCOUNTS * 2) >= 0);
    assert_int_equal(billing_owed_count(fixture->billing), 0);
    if (!random_chance(&town->troubles, 1, 4)) {
        transaction_end(town);
        return;
    }
    transaction_fails(town);
    fixture->story.size = story;
    fixture->command_id = command_id;
}

static void batch_settle(struct town *town, const struct batch *batch)
{
    struct fixture *fixture = town->fixture;
    size_t story = fixture->story.size;
    uint64_t command_id = fixture->command_id;

    if (town->manner != ONE_BY_ONE && random_chance(&town->troubles, 1, 4)) {
        news_tell(town, batch->devices, batch->count);
        transaction_fails(town);
        fixture->story.size = story;
        fixture->command_id = command_id;
    }
    for (uint32_t index = 0; index < batch->count; index += town->manner != ONE_BY_ONE ? batch->count : 1) {
        news_tell(town, &batch->devices[index], town->manner != ONE_BY_ONE ? batch->count : 1);
        transaction_end(town);
    }
    if (town->manner == STORM)
        owed_charge(town);
}

/* The midnights that a meter had not told; some run backwards, which holds their account. */
static void midnights_store(struct town *town, uint32_t device, int64_t day, bool skips)
{
    for (int64_t at = skips ? day : town->told[device] + 1; at <= day; at++) {
        town->totals[device] += (int64_t)random_below(&town->random, 1500) * 1000;
        if (random_chance(&town->random, 1, 150))
            town->totals[device] -= 3000000;
        fixture_midnight_put(town->fixture, device, at, town->totals[device] < 0 ? 0 : town->totals[device]);
    }
    town->told[device] = day;
}

static int device_order(const void *a, const void *b)
{
    return (int)*(const uint32_t *)a - (int)*(const uint32_t *)b;
}

/* Some meters, some of them twice, and two days of those that were silent yesterday. */
static void batch_make(struct town *town, int64_t day, struct batch *batch)
{
    batch->count = 0;
    for (uint32_t device = 1; device <= ACCOUNTS; device++) {
        if (town->told[device] == day || !random_chance(&town->random, 2, 5))
            continue;
        midnights_store(town, device, day, random_chance(&town->random, 1, 20));
        batch->devices[batch->count++] = device;
        if (random_chance(&town->random, 1, 10))
            batch->devices[batch->count++] = device;
    }
    qsort(batch->devices, batch->count, sizeof batch->devices[0], device_order);
}

/* Cut-offs have their hours, and reminders: three batches a day, the last in the evening. */
static void day_run(struct town *town, int64_t day)
{
    static const int32_t hours[] = { 2, 9, 19 };
    struct fixture *fixture = town->fixture;
    struct batch batch;

    for (size_t index = 0; index < sizeof hours / sizeof hours[0]; index++) {
        fixture->now_s = calendar_midnight(day, FIXTURE_ZONE_S) + hours[index] * 3600;
        batch_make(town, day, &batch);
        batch_settle(town, &batch);
        transaction_begin(town);
        fixture_settle(fixture);
        fixture_settle(fixture); /* the walk after a failure may ask for one look more */
        transaction_end(town);
    }
    fixture_verify(fixture);
}

static void rows_tell(struct fixture *fixture, const char *query, struct writer *out)
{
    struct statement *statement;

    assert_int_equal(statement_prepare(fixture->store, query, &statement), 0);
    while (statement_row(statement) == 1) {
        for (int column = 0; column < statement_columns(statement); column++) {
            const char *text = statement_text_at(statement, column);

            writer_format(out, "%s|", text != NULL ? text : "-");
        }
        writer_text(out, "\n");
    }
    statement_finalize(statement);
}

static int line_order(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* What people were told and valves were asked, in any order. */
static void story_tell(struct fixture *fixture, struct writer *out)
{
    static char text[FIXTURE_STORY_LIMIT];
    char *lines[LINES_LIMIT];
    size_t count = 0;

    assert_true(!fixture->story.overflow && fixture->story.size < sizeof text);
    memcpy(text, fixture->story_bytes, fixture->story.size);
    text[fixture->story.size] = '\0';
    for (char *rest = text, *end; count < LINES_LIMIT && (end = strchr(rest, '\n')) != NULL; rest = end + 1) {
        *end = '\0';
        lines[count++] = rest;
    }
    qsort(lines, count, sizeof lines[0], line_order);
    for (size_t index = 0; index < count; index++)
        writer_format(out, "%s\n", lines[index]);
}

/* Everything that the days left behind. Revenue is passed on in sums: those of one area and day together. */
static void books_tell(struct fixture *fixture, struct writer *out)
{
    rows_tell(fixture, "SELECT * FROM account_standing ORDER BY account_id", out);
    rows_tell(fixture, "SELECT account_id, stage, stage_since_s, final_notice_s, look_s, held_error, valve_pending FROM account ORDER BY 1",
              out);
    rows_tell(fixture, "SELECT account_id, day, from_day, from_total_value, to_total_value, cycle_used_value, amount_fen,"
                       " tariff_version_id, charged_s, revision, transfer_id > 0, items FROM daily_charge ORDER BY 1, 2", out);
    rows_tell(fixture, "SELECT ledger_account_id, kind, name, debits_fen, credits_fen, held_fen FROM ledger_account"
                       " ORDER BY 1", out);
    rows_tell(fixture, "SELECT t.debit_account_id, t.credit_account_id, t.amount_fen, t.kind, t.reference, t.at_s, t.value_s,"
                       " coalesce(t.key, '') FROM transfer t JOIN ledger_account a ON a.ledger_account_id = t.credit_account_id"
                       " WHERE a.kind <> 'revenue' ORDER BY t.reference, t.kind, t.transfer_id", out);
    rows_tell(fixture, "SELECT t.debit_account_id, t.credit_account_id, sum(t.amount_fen), t.kind, t.reference, t.value_s"
                       " FROM transfer t JOIN ledger_account a ON a.ledger_account_id = t.credit_account_id"
                       " WHERE a.kind = 'revenue' GROUP BY 1, 2, 4, 5, 6 ORDER BY 1, 2, 4, 5, 6", out);
    rows_tell(fixture, "SELECT account_id, day, third FROM account_reminder ORDER BY 1", out);
    story_tell(fixture, out);
}

static void town_live(struct town *town, uint64_t seed, char *books)
{
    struct writer out = writer_of_buffer(books, BOOKS_SIZE);
    int64_t first = fixture_day(FIRST_DAY);
    void *state;

    assert_int_equal(fixture_open(&state), 0);
    town->fixture = state;
    town->random = random_of_seed(seed);
    town->troubles = random_of_stream(seed, 1);
    town_make(town);
    if (town->manner == STORM) {
        town->fixture->config.storm_least = 1;
        fixture_billing_restart(town->fixture);
    }
    for (uint32_t device = 1; device <= ACCOUNTS; device++)
        town->told[device] = first - 1;
    for (int64_t day = first; day < first + DAYS; day++)
        day_run(town, day);
    books_tell(town->fixture, &out);
    assert_false(out.overflow);
    (void)writer_terminate(&out);
}

static void reports_charged_together_are_charged_as_one_by_one(void **unused)
{
    static char books[3][BOOKS_SIZE];

    (void)unused;
    for (uint64_t seed = 1; seed <= TOWNS; seed++) {
        struct town alone = { .manner = ONE_BY_ONE }, together = { .manner = TOGETHER }, storm = { .manner = STORM };
        void *states[3];

        town_live(&alone, seed, books[0]);
        town_live(&together, seed, books[1]);
        town_live(&storm, seed, books[2]);
        assert_string_equal(books[0], books[1]);
        assert_string_equal(books[0], books[2]);
        /* The towns hold what the comparison is about. */
        assert_true(fixture_number(alone.fixture, "SELECT count(*) FROM daily_charge") > ACCOUNTS * DAYS / 4);
        assert_true(fixture_number(alone.fixture, "SELECT count(*) FROM daily_charge WHERE day > from_day") > 0);
        assert_true(fixture_number(alone.fixture, "SELECT count(*) FROM account WHERE stage = 'cut'") > 0);
        assert_true(fixture_number(alone.fixture, "SELECT count(*) FROM account WHERE held_error <> 0") > 0);
        assert_true(fixture_number(alone.fixture, "SELECT count(*) FROM account WHERE stage LIKE 'low%'") > 0);
        states[0] = alone.fixture;
        states[1] = together.fixture;
        states[2] = storm.fixture;
        for (size_t index = 0; index < sizeof states / sizeof states[0]; index++)
            (void)fixture_close(&states[index]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reports_charged_together_are_charged_as_one_by_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
