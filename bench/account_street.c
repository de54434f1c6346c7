#include "tests/unit/unit_test.h"

#include "bench/account_street.h"

#include "store/store.h"
#include "store/statement.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define TEXT_SIZE 8192
#define NUMBERS "WITH RECURSIVE n (i) AS (SELECT %u UNION ALL SELECT i + 1 FROM n WHERE i < %u) "
#define PAID_FEN 10000

static void execute(struct account_street *street, const char *format, ...) COMPILER_PRINTF(2, 3);

static void execute(struct account_street *street, const char *format, ...)
{
    char text[TEXT_SIZE];
    va_list arguments;

    va_start(arguments, format);
    assert_true(vsnprintf(text, sizeof text, format, arguments) < (int)sizeof text);
    va_end(arguments);
    assert_int_equal(store_execute(street->fixture->store, text), 0);
}

/* The columns of a table with other expressions for some: "name" "expression" pairs, ended by NULL. */
static void columns_read(struct account_street *street, const char *table, const char *const others[], char *names,
                         char *values)
{
    struct statement *statement;
    char text[128];
    int names_size = 0, values_size = 0;

    (void)snprintf(text, sizeof text, "SELECT name FROM pragma_table_info('%s')", table);
    assert_int_equal(statement_prepare(street->fixture->store, text, &statement), 0);
    while (statement_row(statement) == 1) {
        const char *name = statement_text_at(statement, 0);
        const char *value = name;

        for (int index = 0; others[index] != NULL; index += 2) {
            if (strcmp(others[index], name) == 0)
                value = others[index + 1];
        }
        names_size += snprintf(names + names_size, TEXT_SIZE / 4, "%s%s", names_size > 0 ? ", " : "", name);
        values_size += snprintf(values + values_size, TEXT_SIZE / 4, "%s%s", values_size > 0 ? ", " : "", value);
        assert_true(names_size < TEXT_SIZE / 4 && values_size < TEXT_SIZE / 4);
    }
    statement_finalize(statement);
}

/* Copies of the first account's row for the numbers 2 to count. */
static void rows_copy(struct account_street *street, const char *table, const char *where, const char *const others[],
                      uint32_t count)
{
    char names[TEXT_SIZE / 2], values[TEXT_SIZE / 2];

    columns_read(street, table, others, names, values);
    execute(street, NUMBERS "INSERT INTO %s (%s) SELECT %s FROM n CROSS JOIN (SELECT * FROM %s WHERE %s)", 2u, count, table, names,
            values, table, where);
}

static void archive_copy(struct account_street *street, uint32_t count)
{
    static const char *const device[] = { "device_id", "i", "imei", "860000000000000 + i", "meter_number",
        "printf('%012d', i)", "room", "CAST(1000 + i AS TEXT)", NULL };
    static const char *const state[] = { "device_id", "i", NULL };
    static const char *const customer[] = { "customer_id", "i", "number", "printf('1004%08d', i)", NULL };

    rows_copy(street, "device", "device_id = 1", device, count);
    rows_copy(street, "device_state", "device_id = 1", state, count);
    rows_copy(street, "customer", "customer_id = 1", customer, count);
}

/* The wallet of account i, and the transfer that paid into it. */
struct copies {
    int64_t first_wallet_id, first_paid_id; /* first_paid_id 0: nobody paid */
    char wallet[48], paid[48];              /* of the others, as SQL of i */
};

static void accounts_copy(struct account_street *street, uint32_t count, const struct copies *copies)
{
    const char *account[] = { "account_id", "i", "customer_id", "i", "device_id", "i", "wallet_id", copies->wallet, NULL };
    const char *standing[] = { "account_id", "i", NULL };
    const char *ledger_account[] = { "ledger_account_id", copies->wallet, "last_transfer_id", copies->paid, NULL };
    char where[64];

    (void)snprintf(where, sizeof where, "ledger_account_id = %lld", (long long)copies->first_wallet_id);
    rows_copy(street, "ledger_account", where, ledger_account, count);
    rows_copy(street, "account", "account_id = 1", account, count);
    rows_copy(street, "account_standing", "account_id = 1", standing, count);
}

/* Copies of the transfer that paid into the first wallet; the chain of the cash account goes through all of them. */
static void payments_copy(struct account_street *street, uint32_t count, const struct copies *copies)
{
    long long paid_id = (long long)copies->first_paid_id;
    char before[64], where[64];
    const char *columns[] = { "transfer_id", copies->paid, "credit_account_id", copies->wallet, "debit_before", before,
        "key", "NULL", NULL };

    (void)snprintf(before, sizeof before, "%s - 1", copies->paid);
    (void)snprintf(where, sizeof where, "transfer_id = %lld", paid_id);
    rows_copy(street, "transfer", where, columns, count);
    execute(street, "UPDATE ledger_account SET debits_fen = debits_fen + %lld, last_transfer_id = %lld"
            " WHERE ledger_account_id = (SELECT debit_account_id FROM transfer WHERE transfer_id = %lld)",
            (long long)PAID_FEN * (count - 1), paid_id - 1 + count, paid_id);
    execute(street, "INSERT OR REPLACE INTO transfer_block SELECT transfer_id / 4096, min(at_s), max(at_s), min(value_s),"
            " max(value_s) FROM transfer GROUP BY 1");
}

/* Take down the indexes and triggers that rows in bulk would pay for one by one.
 * texts    what builds them again, each ended by ";" */
static void indexes_drop(struct account_street *street, char *texts)
{
    struct statement *statement;
    char names[TEXT_SIZE] = "";
    int names_size = 0, texts_size = 0;

    assert_int_equal(statement_prepare(street->fixture->store,
        "SELECT type, name, sql FROM sqlite_schema WHERE type IN ('index', 'trigger') AND sql IS NOT NULL AND tbl_name IN"
        " ('device', 'device_state', 'customer', 'account', 'ledger_account', 'transfer')", &statement), 0);
    texts[0] = '\0';
    while (statement_row(statement) == 1) {
        names_size += snprintf(names + names_size, TEXT_SIZE - (size_t)names_size, "DROP %s %s;",
                               statement_text_at(statement, 0), statement_text_at(statement, 1));
        texts_size += snprintf(texts + texts_size, TEXT_SIZE - (size_t)texts_size, "%s;",
                               statement_text_at(statement, 2));
        assert_true(names_size < TEXT_SIZE && texts_size < TEXT_SIZE);
    }
    statement_finalize(statement);
    execute(street, "%s", names);
}

int account_street_open(struct account_street *street)
{
    void *state;

    (void)snprintf(street->folder, sizeof street->folder, "/tmp/account_street_XXXXXX");
    if (mkdtemp(street->folder) == NULL)
        return -1;
    (void)snprintf(street->path, sizeof street->path, "%s/house.db", street->folder);
    if (fixture_open_new(&state, street->path) != 0)
        return -1;
    street->fixture = state;
    street->tariff_id = street->fixture->tariff_id;
    return 0;
}

void account_street_close(struct account_street *street)
{
    static const char *const endings[] = { "", "-wal", "-shm" };
    void *state = street->fixture;
    char path[80];

    (void)fixture_close(&state);
    for (size_t index = 0; index < sizeof endings / sizeof endings[0]; index++) {
        (void)snprintf(path, sizeof path, "%s%s", street->path, endings[index]);
        (void)unlink(path);
    }
    (void)rmdir(street->folder);
}

/* The first account's wallet and, when it is prepaid, a payment into it; those of the others follow behind what is there. */
static struct copies first_pay(struct account_street *street, bool prepaid)
{
    struct fixture *fixture = street->fixture;
    struct copies copies = { .first_wallet_id = fixture_account(fixture, 1).wallet_id, .paid = "0" };
    struct billing_payment_result paid;

    if (prepaid) {
        assert_int_equal(fixture_pay(fixture, 1, PAID_FEN, "first", &paid), 0);
        copies.first_paid_id = fixture_number(fixture, "SELECT max(transfer_id) FROM transfer");
        (void)snprintf(copies.paid, sizeof copies.paid, "%lld + i", (long long)copies.first_paid_id - 1);
    }
    (void)snprintf(copies.wallet, sizeof copies.wallet, "%lld + i",
                   (long long)fixture_number(fixture, "SELECT max(ledger_account_id) FROM ledger_account") - 1);
    return copies;
}

void account_street_fill(struct account_street *street, const char *payment_mode, uint32_t count, int64_t from_day)
{
    struct fixture *fixture = street->fixture;
    bool prepaid = strcmp(payment_mode, "prepaid_platform") == 0;
    char indexes[TEXT_SIZE];
    struct copies copies;

    fixture->tariff_id = street->tariff_id;
    assert_int_equal(fixture_account_open(fixture, payment_mode, 0, 0), 1);
    copies = first_pay(street, prepaid);
    /* As a look leaves it that finds nothing to do. */
    execute(street, "UPDATE account SET look_s = %lld; UPDATE account_standing SET settled_day = %lld, settled_total_value = 0",
            (long long)(prepaid ? ARREARS_NEVER_S : fixture->now_s), (long long)from_day);
    execute(street, "PRAGMA foreign_keys = OFF; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
    indexes_drop(street, indexes);
    accounts_copy(street, count, &copies);
    archive_copy(street, count);
    if (prepaid && count > 1)
        payments_copy(street, count, &copies);
    account_street_read(street, count, from_day, "0");
    execute(street, "%s", indexes);
    execute(street, "PRAGMA synchronous = FULL; PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON");
}

void account_street_read(struct account_street *street, uint32_t count, int64_t day, const char *total_of_i)
{
    execute(street, NUMBERS "INSERT INTO daily_reading SELECT %lld, i, %s, %s, 0, 0, 1000 FROM n", 1u, count, (long long)day,
            total_of_i, total_of_i);
    execute(street, "UPDATE device_state SET newest_day = %lld, last_report_s = 1, total_value ="
            " (SELECT %s FROM (SELECT device_state.device_id AS i))", (long long)day, total_of_i);
}
