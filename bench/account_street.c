#include "tests/unit/unit_test.h"

#include "bench/account_street.h"

#include "store/sqlite/sqlite_store.h"

#include <sqlite3.h>
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
    assert_int_equal(sqlite_store_execute(street->fixture->store, text), 0);
}

/* The columns of a table with other expressions for some: "name" "expression" pairs, ended by NULL. */
static void columns_read(struct account_street *street, const char *table, const char *const others[], char *names,
                         char *values)
{
    sqlite3_stmt *statement;
    char text[128];
    int names_size = 0, values_size = 0;

    (void)snprintf(text, sizeof text, "SELECT name FROM pragma_table_info('%s')", table);
    assert_int_equal(sqlite3_prepare_v2(sqlite_store_connection(street->fixture->store), text, -1, &statement, NULL), SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(statement, 0);
        const char *value = name;

        for (int index = 0; others[index] != NULL; index += 2) {
            if (strcmp(others[index], name) == 0)
                value = others[index + 1];
        }
        names_size += snprintf(names + names_size, TEXT_SIZE / 4, "%s%s", names_size > 0 ? ", " : "", name);
        values_size += snprintf(values + values_size, TEXT_SIZE / 4, "%s%s", values_size > 0 ? ", " : "", value);
        assert_true(names_size < TEXT_SIZE / 4 && values_size < TEXT_SIZE / 4);
    }
    sqlite3_finalize(statement);
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
    static const char *const customer[] = { "customer_id", "i", "number", "'1004' || i", NULL };

    rows_copy(street, "device", "device_id = 1", device, count);
    rows_copy(street, "device_state", "device_id = 1", state, count);
    rows_copy(street, "customer", "customer_id = 1", customer, count);
}

/* Wallets follow each other from that of the first account on. */
static void accounts_copy(struct account_street *street, uint32_t count, int64_t wallet_id)
{
    char wallet[48];
    const char *account[] = { "account_id", "i", "customer_id", "i", "device_id", "i", "wallet_id", wallet, NULL };
    const char *ledger_account[] = { "ledger_account_id", wallet, "debits_fen", "0", "credits_fen", "0", "last_transfer_id", "0",
        NULL };
    char where[64];

    (void)snprintf(wallet, sizeof wallet, "%lld + i", (long long)wallet_id - 1);
    (void)snprintf(where, sizeof where, "ledger_account_id = %lld", (long long)wallet_id);
    rows_copy(street, "ledger_account", where, ledger_account, count);
    rows_copy(street, "account", "account_id = 1", account, count);
}

/* Every wallet but the first is paid into by one transfer from the cash account; the chains of both are kept. */
static void wallets_pay(struct account_street *street, uint32_t count, int64_t wallet_id)
{
    struct fixture *fixture = street->fixture;
    long long cash_id = (long long)fixture_number(fixture, "SELECT debit_account_id FROM transfer ORDER BY transfer_id LIMIT 1");
    long long last = (long long)fixture_number(fixture, "SELECT max(transfer_id) FROM transfer");
    long long before = (long long)fixture_number(fixture, "SELECT last_transfer_id FROM ledger_account WHERE kind = 'cash'");
    long long first = last - 1;

    execute(street, NUMBERS "INSERT INTO transfer (transfer_id, tenant_id, debit_account_id, credit_account_id, amount_fen, at_s,"
            " value_s, debit_before, credit_before, kind) SELECT %lld + i, 1, %lld, %lld + i, %d, %lld, %lld,"
            " CASE i WHEN 2 THEN %lld ELSE %lld + i - 1 END, 0, 'payment' FROM n", 2u, count, first, cash_id,
            (long long)wallet_id - 1, PAID_FEN, (long long)fixture->now_s, (long long)fixture->now_s, before, first);
    execute(street, "UPDATE ledger_account SET credits_fen = %d, last_transfer_id = %lld + ledger_account_id - %lld"
            " WHERE ledger_account_id > %lld AND ledger_account_id < %lld + %u", PAID_FEN, first, (long long)wallet_id - 1,
            (long long)wallet_id, (long long)wallet_id, count);
    execute(street, "UPDATE ledger_account SET debits_fen = debits_fen + %lld, last_transfer_id = %lld + %u"
            " WHERE ledger_account_id = %lld", (long long)PAID_FEN * (count - 1), first, count, cash_id);
    execute(street, "INSERT OR REPLACE INTO transfer_block SELECT transfer_id / 4096, min(at_s), max(at_s), min(value_s),"
            " max(value_s) FROM transfer GROUP BY 1");
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

void account_street_fill(struct account_street *street, const char *payment_mode, uint32_t count, int64_t from_day)
{
    struct fixture *fixture = street->fixture;
    bool prepaid = strcmp(payment_mode, "prepaid_platform") == 0;
    struct billing_payment_result paid;
    int64_t wallet_id;

    fixture->tariff_id = street->tariff_id;
    assert_int_equal(sqlite_store_execute(fixture->store, "PRAGMA foreign_keys = OFF"), 0);
    assert_int_equal(fixture_account_open(fixture, payment_mode, 0, 0), 1);
    wallet_id = fixture_account(fixture, 1).wallet_id;
    /* As a look leaves it that finds nothing to do. */
    execute(street, "UPDATE account SET look_s = %lld", (long long)(prepaid ? ARREARS_NEVER_S : fixture->now_s));
    accounts_copy(street, count, wallet_id);
    execute(street, "UPDATE account_standing SET settled_day = %lld, settled_total_value = 0", (long long)from_day);
    archive_copy(street, count);
    if (prepaid) {
        assert_int_equal(fixture_pay(fixture, 1, PAID_FEN, "first", &paid), 0);
        if (count > 1)
            wallets_pay(street, count, wallet_id);
    }
    account_street_read(street, count, from_day, "0");
    assert_int_equal(sqlite_store_execute(fixture->store, "PRAGMA foreign_keys = ON"), 0);
}

void account_street_read(struct account_street *street, uint32_t count, int64_t day, const char *total_of_i)
{
    execute(street, NUMBERS "INSERT INTO daily_reading SELECT %lld, i, %s, %s, 0, 0, 1000 FROM n", 1u, count, (long long)day,
            total_of_i, total_of_i);
    execute(street, "UPDATE device_state SET newest_day = %lld, last_report_s = 1, total_value = (SELECT m.total_value"
            " FROM daily_reading m WHERE m.day = %lld AND m.device_id = device_state.device_id)", (long long)day, (long long)day);
}
