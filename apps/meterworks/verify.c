#include "apps/meterworks/verify.h"

#include "base/decimal.h"
#include "ledger/ledger.h"
#include "store/cut_text.h"
#include "store/sql/area_agreement.h"
#include "store/sql/ledger_sql.h"
#include "store/sql/money_flow.h"
#include "store/statement_table.h"

#include <stdio.h>
#include <string.h>

#define TENANT_NAME_LIMIT 256

/* What each item of revenue got from one of the clearing accounts. */
#define PASSED_ON(clearing) \
    " passed AS (SELECT r.ledger_account_id AS item," \
    "   sum(iif(t.debit_account_id = k.ledger_account_id, t.amount_fen, -t.amount_fen)) AS fen" \
    "  FROM transfer t JOIN ledger_account k ON k.ledger_account_id IN (t.debit_account_id, t.credit_account_id)" \
    "   AND k.kind = 'clearing' AND k.name = '" clearing "'" \
    "  JOIN ledger_account r ON r.ledger_account_id IN (t.debit_account_id, t.credit_account_id) AND r.kind = 'revenue'" \
    "  WHERE t.tenant_id = ?1 GROUP BY 1) "

#define ALL_CHARGES CUT_OR_WHOLE("all_charges()", "daily_charge")

/* What must hold between tables that speak of the same, and of readings that rest for years. A query gives what does not fit. */
static const struct agreement {
    const char *text;
    const char *query;
} agreements[] = {
    { "bills whose lines do not add up to their amount",
        "SELECT b.number FROM bill b WHERE b.tenant_id = ?1 AND b.amount_fen <>"
        " (SELECT coalesce(sum(l.amount_fen), 0) FROM bill_line l WHERE l.bill_id = b.bill_id)" },
    { "bills whose postings do not add up to their amount",
        "SELECT b.number FROM bill b LEFT JOIN transfer t ON t.transfer_id = b.transfer_id LEFT JOIN ledger_account l"
        " ON l.ledger_account_id = t.debit_account_id WHERE b.tenant_id = ?1 AND b.amount_fen <>"
        " iif(b.transfer_id IS NOT NULL, coalesce(iif(l.kind = 'clearing', -t.amount_fen, t.amount_fen), 0),"
        " (SELECT coalesce(sum(iif(l.kind = 'wallet', t.amount_fen, -t.amount_fen)), 0)"
        " FROM transfer t JOIN ledger_account l ON l.ledger_account_id = t.debit_account_id"
        " WHERE t.key >= 'bill/' || b.bill_id || '/' AND t.key < 'bill/' || b.bill_id || '0'))" },
    { "bills whose late fee is not what was posted of it",
        "SELECT b.number FROM bill b LEFT JOIN bill_late_posting p ON p.bill_id = b.bill_id LEFT JOIN transfer t"
        " ON t.transfer_id = p.transfer_id AND t.kind = 'late_fee' AND t.reference = b.bill_id LEFT JOIN ledger_account d"
        " ON d.ledger_account_id = t.debit_account_id WHERE b.tenant_id = ?1 AND (b.late_fee_fen <> 0 OR p.bill_id IS NOT NULL)"
        " GROUP BY b.bill_id HAVING b.late_fee_fen <> sum(iif(d.kind = 'wallet', t.amount_fen, -t.amount_fen))"
        " OR sum(t.transfer_id IS NULL OR p.amount_fen <> iif(d.kind = 'wallet', t.amount_fen, -t.amount_fen)) > 0" },
    { "late fees in revenue that no bill has",
        "SELECT l.name FROM ledger_account l WHERE l.tenant_id = ?1 AND l.kind = 'revenue' AND l.name = 'late_fee'"
        " AND l.credits_fen - l.debits_fen <> (SELECT coalesce(sum(late_fee_fen), 0) FROM bill WHERE tenant_id = ?1)" },
    { "payments that were booked with another amount",
        "SELECT p.receipt FROM payment p LEFT JOIN transfer t ON t.transfer_id = p.transfer_id WHERE p.tenant_id = ?1"
        " AND (t.amount_fen IS NULL OR t.amount_fen <> p.amount_fen)" },
    { "days whose postings do not add up to their charge",
        "SELECT g.account_id || ' day ' || g.day FROM " ALL_CHARGES " g JOIN account a ON a.account_id = g.account_id"
        " LEFT JOIN transfer t ON t.transfer_id = g.transfer_id LEFT JOIN ledger_account l"
        " ON l.ledger_account_id = t.debit_account_id WHERE a.tenant_id = ?1 AND CASE WHEN g.items <> '' THEN g.amount_fen <>"
        "  coalesce(iif(l.kind = 'clearing', -t.amount_fen, t.amount_fen), 0)"
        "  OR g.amount_fen <> (SELECT coalesce(sum(CAST(value AS INTEGER)), 0) FROM json_each(g.items))"
        " ELSE g.amount_fen <> (SELECT coalesce(sum(iif(l.kind IN ('wallet', 'meter_credit'),"
        "  t.amount_fen, -t.amount_fen)), 0) FROM transfer t JOIN ledger_account l ON l.ledger_account_id = t.debit_account_id"
        "  WHERE t.key >= 'charge/' || g.account_id || '/' || g.day || '/' || g.revision || '/'"
        "  AND t.key < 'charge/' || g.account_id || '/' || g.day || '/' || g.revision || '0') END" },
    { "items that revenue did not get from the days charged",
        "WITH charged AS (SELECT CAST(j.key AS INTEGER) AS item, sum(CAST(j.value AS INTEGER)) AS fen FROM " ALL_CHARGES " g"
        "  JOIN account a ON a.account_id = g.account_id CROSS JOIN json_each(iif(g.items = '', '{}', g.items)) j"
        "  WHERE a.tenant_id = ?1 GROUP BY 1)," PASSED_ON("charges")
        "SELECT l.name FROM ledger_account l LEFT JOIN charged c ON c.item = l.ledger_account_id"
        " LEFT JOIN passed p ON p.item = l.ledger_account_id WHERE l.tenant_id = ?1 AND l.kind = 'revenue'"
        " AND coalesce(c.fen, 0) <> coalesce(p.fen, 0)" },
    { "items that revenue did not get from the bills issued",
        "WITH charged AS (SELECT i.item AS item, sum(i.amount_fen) AS fen FROM bill b JOIN bill_line i ON i.bill_id = b.bill_id"
        "  WHERE b.tenant_id = ?1 AND b.transfer_id IS NOT NULL AND b.state <> 'reversed' GROUP BY 1)," PASSED_ON("bills")
        "SELECT l.name FROM ledger_account l LEFT JOIN charged c ON c.item = l.name"
        " LEFT JOIN passed p ON p.item = l.ledger_account_id WHERE l.tenant_id = ?1 AND l.kind = 'revenue'"
        " AND coalesce(c.fen, 0) <> coalesce(p.fen, 0)" },
    { "charges that were not passed on to revenue",
        "SELECT name FROM ledger_account WHERE tenant_id = ?1 AND kind = 'clearing' AND debits_fen <> credits_fen" },
    { "blocks of postings whose times do not hold them",
        "SELECT t.transfer_id FROM transfer t LEFT JOIN transfer_block b ON b.block = t.transfer_id / 4096 WHERE t.tenant_id = ?1"
        " AND (b.block IS NULL OR t.at_s < b.at_from_s OR t.at_s > b.at_to_s OR t.value_s < b.value_from_s"
        " OR t.value_s > b.value_to_s) LIMIT 10" },
    { "corrections that do not mirror what they name",
        "SELECT t.key FROM transfer t LEFT JOIN transfer o ON o.transfer_id = t.reverses WHERE t.tenant_id = ?1"
        " AND t.reverses IS NOT NULL AND (o.transfer_id IS NULL OR o.amount_fen <> t.amount_fen"
        " OR o.debit_account_id <> t.credit_account_id OR o.credit_account_id <> t.debit_account_id)" },
    { "pre-deductions that were posted otherwise than they say",
        "SELECT h.key FROM transfer_hold h LEFT JOIN transfer t ON t.transfer_id = h.transfer_id WHERE h.tenant_id = ?1"
        " AND (h.state = 'posted') <> (t.transfer_id IS NOT NULL AND t.amount_fen = h.posted_fen"
        " AND t.debit_account_id = h.debit_account_id AND t.credit_account_id = h.credit_account_id)" },
    { "closed periods with other postings than when they were closed, up to",
        "SELECT datetime(c.until_s, 'unixepoch') FROM ledger_closing c WHERE c.tenant_id = ?1 AND (c.transfers,"
        " c.amount_fen) <> (SELECT count(*), coalesce(sum(t.amount_fen), 0) FROM transfer t WHERE t.tenant_id = ?1"
        " AND t.value_s >= c.from_s AND t.value_s < c.until_s)" },
    { "sums of reports that are not those of their transfers",
        "SELECT flow || ' ' || name || ' ' || date(day * 86400, 'unixepoch') FROM (SELECT flow, name, day, amount_fen"
        " FROM money_day WHERE tenant_id = ?1 AND area_id = 0 UNION ALL SELECT flow, name, day, -amount_fen FROM ("
        MONEY_FLOWS("t.tenant_id = ?1 AND t.transfer_id <= (SELECT transfer_id FROM money_fold)") "))"
        " GROUP BY flow, name, day HAVING sum(amount_fen) <> 0" },
    { "sums of months that are not those of their days",
        "SELECT flow || ' ' || name || ' ' || date(month_day * 86400, 'unixepoch') || ' area ' || area_id FROM ("
        "SELECT area_id, flow, name, month_day, amount_fen, transfers FROM money_month WHERE tenant_id = ?1"
        " UNION ALL SELECT area_id, flow, name, " MONEY_MONTH("day") ", -amount_fen, -transfers FROM money_day WHERE tenant_id = ?1)"
        " GROUP BY area_id, flow, name, month_day HAVING sum(amount_fen) <> 0 OR sum(transfers) <> 0 LIMIT 10" },
    { "sums of books by day that are not those of their transfers",
        "WITH" BOOKED("t.tenant_id = ?1 AND t.transfer_id <= (SELECT transfer_id FROM book_fold)")
        "SELECT kind || ' ' || name || ' ' || date(day * 86400, 'unixepoch') FROM (SELECT by_value, day, kind, name, debits_fen, credits_fen"
        " FROM book_day WHERE tenant_id = ?1 UNION ALL SELECT by_value, day, kind, name, -debits_fen, -credits_fen FROM (" BOOKED_DAYS ") d) b"
        " GROUP BY by_value, day, kind, name HAVING sum(debits_fen) <> 0 OR sum(credits_fen) <> 0 LIMIT 10" },
    { "numbers of accounts of tariffs that are not those of the accounts",
        "SELECT t.name FROM tariff t WHERE t.tenant_id = ?1 AND coalesce((SELECT accounts FROM tariff_accounts n WHERE n.tariff_id = t.tariff_id), 0)"
        " <> (SELECT count(*) FROM account k WHERE k.tariff_id = t.tariff_id AND k.closed_s IS NULL) LIMIT 10" },
    { "clocks that are apart and are not noted so, or the other way round",
        "SELECT d.meter_number FROM (SELECT device_id, abs(clock_error_s) AS apart_s FROM device_state WHERE abs(clock_error_s) >= 60"
        " UNION ALL SELECT device_id, -apart_s FROM clock_apart) c JOIN device d ON d.device_id = c.device_id WHERE d.tenant_id = ?1"
        " GROUP BY d.device_id, d.meter_number HAVING sum(c.apart_s) <> 0 LIMIT 10" },
    { "sums of bills by due day that are not those of the bills",
        "SELECT date(due_day * 86400, 'unixepoch') FROM (SELECT due_day, area_id, bills, open_bills, billed_fen, paid_fen"
        " FROM bill_due WHERE tenant_id = ?1 UNION ALL SELECT due_day, area_id, -1, iif(state = 'issued', -1, 0), -amount_fen - late_fee_fen, -paid_fen"
        " FROM bill WHERE tenant_id = ?1 AND state <> 'reversed') GROUP BY due_day, area_id HAVING sum(bills) <> 0"
        " OR sum(open_bills) <> 0 OR sum(billed_fen) <> 0 OR sum(paid_fen) <> 0" },
    { "folded midnights that cannot be read",
        "SELECT d.meter_number || ' from ' || date(b.stretch * 256 * 86400, 'unixepoch') FROM " CUT_OR_WHOLE("all_midnight_blocks()", "midnight_block")
        " b CROSS JOIN device d"
        " ON d.device_id = b.device_id WHERE d.tenant_id = ?1"
        " AND midnights_known(b.registers, b.totals, b.ratios, b.arrivals, b.stretch) IS NULL" },
    { "folded quarter-hours that cannot be read",
        "SELECT d.meter_number || ' from ' || date(b.stretch * 8 * 86400, 'unixepoch') FROM " CUT_OR_WHOLE("all_interval_blocks()", "interval_block")
        " b CROSS JOIN device d"
        " ON d.device_id = b.device_id JOIN tenant t ON t.tenant_id = d.tenant_id WHERE d.tenant_id = ?1"
        " AND interval_known(b.block, b.stretch * 8 + 7, t.zone_offset_s) IS NULL" },
    { "counts of meters by status that are not those of the meters", AREA_AGREEMENT_STATUS("?1") },
    { "counts of meters that owe midnights that are not those of the meters", AREA_AGREEMENT_DUE("?1") },
    { "counts of meters by time of report that are not those of the meters", AREA_AGREEMENT_REPORT_TIME("?1") },
    { "counts of meters with gaps that are not those of the meters", AREA_AGREEMENT_GAP("?1") },
    { "figures of areas that are not the sums of those below, by their midnight", AREA_AGREEMENT_MIDNIGHT("?1") },
};

#define AGREEMENT_COUNT (sizeof agreements / sizeof agreements[0])
#define TENANTS_QUERY AGREEMENT_COUNT

struct verify {
    struct store *store;
    struct ledger_sql *ledger;
    struct statement_table table; /* the agreements, then the tenants */
    FILE *out;
    int faults;
};

static void sums_print(FILE *out, const char *label, int64_t debits_fen, int64_t credits_fen)
{
    char debits[DECIMAL_TEXT_LIMIT], credits[DECIMAL_TEXT_LIMIT];

    (void)decimal_format_fen(debits_fen, debits, sizeof debits);
    (void)decimal_format_fen(credits_fen, credits, sizeof credits);
    fprintf(out, "%s debits %s credits %s\n", label, debits, credits);
}

static void held_print(FILE *out, const char *label, int64_t stored_fen, int64_t derived_fen)
{
    char stored[DECIMAL_TEXT_LIMIT], derived[DECIMAL_TEXT_LIMIT];

    (void)decimal_format_fen(stored_fen, stored, sizeof stored);
    (void)decimal_format_fen(derived_fen, derived, sizeof derived);
    fprintf(out, "%s reserved %s, pending pre-deductions %s\n", label, stored, derived);
}

static int difference_print(void *context, const struct ledger_difference *difference)
{
    const struct verify *verify = context;
    char label[128];

    (void)snprintf(label, sizeof label, "  DIFFERENCE account %lld (%s %s): stored",
                   (long long)difference->account.ledger_account_id,
                   ledger_account_kind_name(difference->account.kind), difference->account.name);
    sums_print(verify->out, label, difference->account.debits_fen, difference->account.credits_fen);
    sums_print(verify->out, "    its postings add up to", difference->derived.debits_fen, difference->derived.credits_fen);
    if (difference->account.held_fen != difference->derived.held_fen)
        held_print(verify->out, "   ", difference->account.held_fen, difference->derived.held_fen);
    if (difference->derived.last_transfer_id < 0)
        fprintf(verify->out, "    posting %lld does not name the one before it: a posting is missing, or was changed\n",
                (long long)-difference->derived.last_transfer_id);
    else if (difference->account.last_transfer_id != difference->derived.last_transfer_id)
        fprintf(verify->out, "    its chain of postings ends at %lld, stored %lld\n",
                (long long)difference->derived.last_transfer_id, (long long)difference->account.last_transfer_id);
    return 0;
}

static int agreement_verify(struct verify *verify, size_t index, int64_t tenant_id)
{
    struct statement *statement = statement_take(&verify->table, index);
    int found;

    statement_bind_integer(statement, 1, tenant_id);
    while ((found = statement_row(statement)) == 1) {
        char name[128];

        statement_text(statement, 0, name, sizeof name);
        fprintf(verify->out, "  DIFFERENCE %s: %s\n", agreements[index].text, name);
        verify->faults++;
    }
    return found;
}

static int tenant_verify(struct verify *verify, int64_t tenant_id, const char *name)
{
    struct ledger_verification verification;
    const struct ledger_trial_row *rows = verification.trial.rows;
    char label[TENANT_NAME_LIMIT + 64];
    int error = ledger_verify(ledger_sql_store(verify->ledger), (uint32_t)tenant_id, difference_print, verify,
                              &verification);

    for (size_t index = 0; error == 0 && index < AGREEMENT_COUNT; index++)
        error = agreement_verify(verify, index, tenant_id);
    if (error < 0)
        return error;
    (void)snprintf(label, sizeof label, "tenant %lld %s: %s, %lld accounts,", (long long)tenant_id, name,
                   verification.balanced ? "balanced" : "NOT BALANCED", (long long)rows[0].accounts);
    sums_print(verify->out, label, rows[0].debits_fen, rows[0].credits_fen);
    for (int kind = 1; kind < LEDGER_KIND_COUNT; kind++) {
        (void)snprintf(label, sizeof label, "  %-12s %8lld accounts", ledger_account_kind_name(kind),
                       (long long)rows[kind].accounts);
        if (rows[kind].accounts > 0)
            sums_print(verify->out, label, rows[kind].debits_fen, rows[kind].credits_fen);
    }
    verify->faults += verification.balanced ? 0 : 1;
    return 0;
}

/* What a storm of reports left in the log is compared once it is in the rows: within a minute, or with the next start. */
static int behind_tell(struct verify *verify)
{
    int64_t rows = 0;
    int error = store_number(verify->store, "SELECT count(*) FROM state_log", &rows);

    if (error == 0 && rows > 0)
        fprintf(verify->out, "  not compared: gaps of meters, as a storm of reports is still on its way into their rows\n");
    return error;
}

static int tenants_verify(struct verify *verify)
{
    int64_t after = 0;
    int found;

    do {
        struct statement *statement = statement_take(&verify->table, TENANTS_QUERY);
        char name[TENANT_NAME_LIMIT];

        statement_bind_integer(statement, 1, after);
        found = statement_row(statement);
        if (found == 1) {
            after = statement_integer(statement, 0);
            statement_text(statement, 1, name, sizeof name);
            statement_end(statement);
            found = tenant_verify(verify, after, name) < 0 ? -1 : 1;
        }
    } while (found == 1);
    return found;
}

int verify_store(struct store *store, FILE *out, int *faults)
{
    struct verify verify = { .store = store, .out = out };
    bool is_alone = !store_in_transaction(store);
    const char *texts[AGREEMENT_COUNT + 1];
    int error = ledger_sql_open(store, &verify.ledger);

    for (size_t index = 0; index < AGREEMENT_COUNT; index++)
        texts[index] = agreements[index].query;
    texts[TENANTS_QUERY] = "SELECT tenant_id, name FROM tenant WHERE tenant_id > ?1 ORDER BY tenant_id LIMIT 1";
    if (error == 0)
        error = statement_table_prepare(&verify.table, store, texts, AGREEMENT_COUNT + 1);
    /* One reading transaction: the proof is about one moment, though the server goes on. */
    if (error == 0 && is_alone)
        error = store_execute(store, "BEGIN");
    if (error == 0)
        error = behind_tell(&verify);
    if (error == 0)
        error = tenants_verify(&verify);
    statement_table_finalize(&verify.table);
    if (is_alone)
        store_rollback(store);
    ledger_sql_close(verify.ledger);
    if (error == 0)
        *faults = verify.faults;
    return error;
}
