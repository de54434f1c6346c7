#include "base/calendar.h"
#include "base/decimal.h"
#include "base/text.h"
#include "store/sql/billing_sql_internal.h"
#include "store/given_rows.h"
#include "store/sqlite/midnight_table.h"

#include <string.h>

#define SETTING_SIZE 256

enum {
    STEP_BEGIN, STEP_KEEP, STEP_REVERT, POLICY_TENANT, POLICY_SETTING, CUSTOMER_READ, CUSTOMER_WITHIN, CUSTOMER_NUMBER, CUSTOMER_INSERT,
    CUSTOMER_UPDATE, ACCOUNT_READ,
    ACCOUNT_OF_DEVICE, ACCOUNT_INSERT, ACCOUNT_UPDATE, ACCOUNTS_ADVANCE, ACCOUNTS_DUE, ACCOUNTS_POSTPAID, ACCOUNTS_OF_DEVICES, ACCOUNT_POSTPAID_NEXT, ACCOUNTS_LOOK,
    ACCOUNTS_BEHIND, ACCOUNT_LAST, SETTLEMENT_BEGIN, DEVICE_READ, MIDNIGHT_READ, TARIFF_READ, TARIFF_NAME, TARIFF_INSERT, VERSION_INSERT, VERSION_ON,
    DOCUMENT_READ, GROUP_SET, PLACE_SET, MEMBER_NEXT, ACCOUNT_LOOK, REMINDER_READ, REMINDER_WRITE, ACCOUNTS_OF_TARIFF, STATEMENT_COUNT
};

#define ACCOUNT_COLUMNS \
    "SELECT a.account_id, a.tenant_id, a.customer_id, a.device_id, a.area_id, a.tariff_id," \
    " a.payment_mode, a.persons, a.settlement_day, a.low_balance_fen, a.overdraft_fen, a.restore_fen, a.grace_h," \
    " a.wallet_id, a.meter_credit_id, a.stage, a.stage_since_s, a.final_notice_s, standing.settled_day," \
    " standing.settled_total_value, standing.cycle_start_day, standing.cycle_used_value, a.look_s, a.held_error, a.opened_s, a.closed_s," \
    " t.zone_offset_s, a.valve_pending, a.settlement_months, a.settlement_first_month, a.main_account_id, a.is_public," \
    " a.closing_id, a.deposit_id, a.holds_units, a.persons_before, a.persons_from_day, a.persons_until_day"
#define STANDING_OF_ACCOUNT \
    " CROSS JOIN account_standing standing ON standing.account_id = a.account_id" \
    " CROSS JOIN tenant t ON t.tenant_id = a.tenant_id"
#define FROM_ACCOUNT " FROM account a" STANDING_OF_ACCOUNT
#define MIDNIGHT_OF(day) \
    ", " day ", " MIDNIGHT_TOTAL(day, "a.device_id")
#define OLDEST_BILL \
    ", (SELECT b.due_day FROM bill b WHERE b.account_id = a.account_id AND b.state = 'issued' ORDER BY b.to_day LIMIT 1)"
#define DEVICE_COLUMN 3
#define JOINED_COLUMN 38 /* the first behind ACCOUNT_COLUMNS */

static const char *const texts[STATEMENT_COUNT] = {
    [STEP_BEGIN] = "SAVEPOINT billing_step",
    [STEP_KEEP] = "RELEASE billing_step",
    [STEP_REVERT] = "ROLLBACK TO billing_step",
    [POLICY_TENANT] = "SELECT zone_offset_s, name FROM tenant WHERE tenant_id = ?1",
    [POLICY_SETTING] = "SELECT value FROM setting WHERE tenant_id = ?1 AND key = ?2",
    [REMINDER_READ] = "SELECT day, third FROM account_reminder WHERE account_id = ?1",
    [REMINDER_WRITE] = "INSERT INTO account_reminder (account_id, day, third) VALUES (?1, ?2, ?3)"
        " ON CONFLICT (account_id) DO UPDATE SET day = excluded.day, third = excluded.third",
    [CUSTOMER_READ] = "SELECT customer_id, tenant_id, protected_until_s, created_s, number, name, name_initials, phones,"
        " protected_reason FROM customer WHERE customer_id = ?1 AND tenant_id = ?2",
    [CUSTOMER_WITHIN] = "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM account WHERE customer_id = ?1) OR EXISTS (SELECT 1 FROM account k"
        " JOIN area a USING (area_id) WHERE k.customer_id = ?1 AND substr(a.path, 1, length(?2)) = ?2)",
    [CUSTOMER_NUMBER] = "SELECT 1 FROM customer WHERE tenant_id = ?1 AND number = ?2",
    [CUSTOMER_INSERT] = "INSERT INTO customer (tenant_id, protected_until_s, created_s, number, name, name_initials,"
        " phones, protected_reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    [CUSTOMER_UPDATE] = "UPDATE customer SET protected_until_s = ?2, created_s = ?3, number = ?4, name = ?5,"
        " name_initials = ?6, phones = ?7, protected_reason = ?8 WHERE customer_id = ?1",
    [ACCOUNT_READ] = ACCOUNT_COLUMNS ", c.protected_until_s, r.path, r.name, d.room, c.phones"
        FROM_ACCOUNT " JOIN customer c ON c.customer_id = a.customer_id"
        " JOIN area r ON r.area_id = a.area_id LEFT JOIN device d ON d.device_id = a.device_id WHERE a.account_id = ?1",
    [ACCOUNTS_DUE] = ACCOUNT_COLUMNS MIDNIGHT_OF("standing.settled_day + 1") FROM_ACCOUNT
        " WHERE a.closed_s IS NULL AND a.look_s <= ?1 ORDER BY a.look_s, a.account_id LIMIT ?2",
    [ACCOUNTS_POSTPAID] = ACCOUNT_COLUMNS MIDNIGHT_OF("CAST(?3 AS INTEGER)") OLDEST_BILL
        FROM_ACCOUNT " WHERE a.tenant_id = ?1 AND a.account_id >= ?2"
        " AND a.closed_s IS NULL AND a.payment_mode = 'postpaid' ORDER BY a.account_id LIMIT ?4",
    [ACCOUNTS_OF_TARIFF] = ACCOUNT_COLUMNS MIDNIGHT_OF("CAST(?3 AS INTEGER)")
        ", (SELECT c.protected_until_s FROM customer c WHERE c.customer_id = a.customer_id)" FROM_ACCOUNT
        " WHERE a.tariff_id = ?1 AND a.account_id >= ?2 AND a.closed_s IS NULL ORDER BY a.account_id LIMIT ?4",
    [ACCOUNTS_OF_DEVICES] = ACCOUNT_COLUMNS MIDNIGHT_OF("standing.settled_day + 1")
        " FROM given_rows(?1) g CROSS JOIN account a ON a.device_id = g.v0 AND a.closed_s IS NULL" STANDING_OF_ACCOUNT,
    [ACCOUNT_OF_DEVICE] = "SELECT account_id FROM account WHERE device_id = ?1 AND closed_s IS NULL"
        " ORDER BY account_id DESC LIMIT 1",
    [ACCOUNT_INSERT] = "INSERT INTO account (tenant_id, customer_id, device_id, area_id, tariff_id, persons,"
        " settlement_day, low_balance_fen, overdraft_fen, restore_fen, grace_h, wallet_id, meter_credit_id,"
        " stage_since_s, final_notice_s, look_s, held_error, opened_s, closed_s, valve_pending, stage, payment_mode,"
        " settlement_months, settlement_first_month, holds_units) VALUES (?1, ?2, nullif(?3, 0),"
        " ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, nullif(?19, 0), ?20, ?21, ?22, ?23, ?24, ?25)",
    /* Each look writes this: a column that is indexed or refers to another table costs a search, changed or not. */
    [ACCOUNT_UPDATE] = "UPDATE account SET persons = ?2, settlement_day = ?3, settlement_months = ?4,"
        " settlement_first_month = ?5, low_balance_fen = ?6, overdraft_fen = ?7, restore_fen = ?8, grace_h = ?9,"
        " wallet_id = ?10, stage_since_s = ?11, final_notice_s = ?12, look_s = ?13, held_error = ?14,"
        " valve_pending = ?15, stage = ?16 WHERE account_id = ?1",
    [ACCOUNTS_ADVANCE] = "REPLACE INTO account_standing (account_id, settled_day, settled_total_value, cycle_start_day,"
        " cycle_used_value) SELECT v0, v1, v2, v3, v4 FROM given_rows(?1)",
    [PLACE_SET] = "UPDATE account SET device_id = nullif(?2, 0), area_id = ?3, tariff_id = ?4, persons_before = ?5,"
        " persons_from_day = ?6, persons_until_day = ?7 WHERE account_id = ?1",
    [ACCOUNT_POSTPAID_NEXT] = "SELECT account_id FROM account WHERE tenant_id = ?1 AND account_id >= ?2"
        " AND closed_s IS NULL AND payment_mode = 'postpaid' ORDER BY account_id LIMIT 1",
    [GROUP_SET] = "UPDATE account SET main_account_id = ?2 WHERE account_id = ?1",
    [MEMBER_NEXT] = "SELECT account_id FROM account WHERE main_account_id = ?1 AND main_account_id <> 0 AND account_id > ?2"
        " AND closed_s IS NULL ORDER BY account_id LIMIT 1",
    [ACCOUNT_LOOK] = "UPDATE account SET look_s = ?2 WHERE account_id = ?1 AND look_s > ?2",
    [ACCOUNTS_LOOK] = "UPDATE account SET look_s = ?2 WHERE customer_id = ?1 AND closed_s IS NULL AND look_s > ?2",
    [ACCOUNTS_BEHIND] = ACCOUNT_COLUMNS MIDNIGHT_OF("standing.settled_day + 1") FROM_ACCOUNT
        " WHERE a.account_id > ?1 AND a.account_id <= ?2 AND a.closed_s IS NULL"
        " AND standing.settled_day < (?3 + t.zone_offset_s) / 86400 AND (a.payment_mode <> 'postpaid' OR a.look_s < ?4)"
        " ORDER BY a.account_id LIMIT ?5",
    [ACCOUNT_LAST] = "SELECT coalesce(max(account_id), 0) FROM account",
    [SETTLEMENT_BEGIN] = "SELECT coalesce(min(((?1 + zone_offset_s) / 86400 + 1) * 86400 - zone_offset_s + ?2),"
        " 9223372036854775807) FROM tenant",
    [DEVICE_READ] = "SELECT d.tenant_id, d.area_id, d.start_total_value, r.path, coalesce(s.total_value, d.start_total_value),"
        " coalesce(s.balance_fen, 0), coalesce(s.last_report_s, 0), coalesce(s.valve_state, 0),"
        " coalesce(s.newest_day, 0), coalesce(" MIDNIGHT_TOTAL("s.newest_day", "d.device_id") ", 0), (SELECT coalesce(sum(c.amount_fen), 0) FROM command c"
        " WHERE c.device_id = d.device_id AND c.kind = 'recharge' AND c.finished_s IS NULL),"
        " CASE d.kind WHEN 'cold_water' THEN 'water' ELSE d.kind END, coalesce(s.register_s, 0) FROM device d JOIN area r ON r.area_id = d.area_id"
        " LEFT JOIN device_state s ON s.device_id = d.device_id"
        " WHERE d.device_id = ?1 AND d.removed_s IS NULL",
    [MIDNIGHT_READ] = CUT_OR_WHOLE("SELECT x.total_value FROM (SELECT midnight_at(?1, ?2) AS total_value) x WHERE x.total_value IS NOT NULL",
        "SELECT total_value FROM daily_reading WHERE day = ?1 AND device_id = ?2 UNION ALL"
        " SELECT x.total_value FROM (SELECT midnight_total(b.registers, b.totals, b.ratios, b.arrivals, ?1) AS total_value"
        " FROM midnight_block b WHERE b.stretch = ?1 / 256 AND b.device_id = ?2) x WHERE x.total_value IS NOT NULL LIMIT 1"),
    [TARIFF_READ] = "SELECT tariff_id, tenant_id, name, utility FROM tariff WHERE tariff_id = ?1 AND tenant_id = ?2",
    [TARIFF_NAME] = "SELECT 1 FROM tariff WHERE tenant_id = ?1 AND name = ?2",
    [TARIFF_INSERT] = "INSERT INTO tariff (tenant_id, name, utility) VALUES (?1, ?2, ?3)",
    [VERSION_INSERT] = "INSERT INTO tariff_version (tariff_id, effective_day, created_s, created_by, late_rate_e8,"
        " late_rate_later_e8, late_minimum_fen, late_cap_e8, late_grace_days, document)"
        " VALUES (?1, ?2, ?3, nullif(?4, 0), ?5, ?6, ?7, ?8, ?9, ?10)",
    [VERSION_ON] = "SELECT tariff_version_id, tariff_id, effective_day, created_s, coalesce(created_by, 0)"
        " FROM tariff_version WHERE tariff_id = ?1 AND effective_day <= ?2 ORDER BY effective_day DESC LIMIT 1",
    [DOCUMENT_READ] = "SELECT document FROM tariff_version WHERE tariff_version_id = ?1",
};

static struct statement *take(void *context, size_t index)
{
    struct billing_sql *billing = context;

    return statement_take(&billing->accounts, index);
}

static int64_t inserted(void *context)
{
    struct billing_sql *billing = context;

    return store_last_identifier(billing->accounts.store);
}

/* 1 when the query has a row, 0 when not. */
static int row_exists(struct statement *statement)
{
    int found = statement_row(statement);

    if (found == 1)
        statement_end(statement);
    return found;
}

static int identifier_row(struct statement *statement, int64_t *out)
{
    int found = statement_row(statement);

    if (found == 1) {
        *out = statement_integer(statement, 0);
        statement_end(statement);
    }
    return found;
}

static int run(struct statement *statement)
{
    int changed = statement_run(statement);

    return changed < 0 ? changed : 0;
}

/* A change by two numbers. */
static int pair_run(void *context, size_t index, int64_t first, int64_t second)
{
    struct statement *statement = take(context, index);

    statement_bind_integer(statement, 1, first);
    statement_bind_integer(statement, 2, second);
    return run(statement);
}

/* The identifier that a query by two numbers finds: 1; 0 none. */
static int pair_find(void *context, size_t index, int64_t first, int64_t second, int64_t *out)
{
    struct statement *statement = take(context, index);

    statement_bind_integer(statement, 1, first);
    statement_bind_integer(statement, 2, second);
    return identifier_row(statement, out);
}

static int step_begin(void *context)
{
    return run(take(context, STEP_BEGIN));
}

static int step_keep(void *context)
{
    return run(take(context, STEP_KEEP));
}

static int step_revert(void *context)
{
    int error = run(take(context, STEP_REVERT));

    return error < 0 ? error : step_keep(context);
}

/* The tenant's value of a setting: 1; 0 when it has set none. */
static int setting_read(void *context, uint32_t tenant_id, const char *key, char value[SETTING_SIZE])
{
    struct statement *statement = take(context, POLICY_SETTING);
    int found;

    statement_bind_integer(statement, 1, tenant_id);
    statement_bind_text(statement, 2, key);
    found = statement_row(statement);
    if (found == 1) {
        statement_text(statement, 0, value, SETTING_SIZE);
        statement_end(statement);
    }
    return found;
}

static int setting_integer_read(void *context, uint32_t tenant_id, const char *key, int32_t *out)
{
    char value[SETTING_SIZE];
    int found = setting_read(context, tenant_id, key, value);
    int64_t number = 0;

    if (found == 1 && decimal_parse(span_of_text(value), 0, &number) == 0)
        *out = (int32_t)number;
    return found < 0 ? found : 0;
}

/* Walk a comma separated list. */
static struct span list_part(const char **text)
{
    size_t size = strcspn(*text, ",");
    struct span part = text_trim(span_of_bytes(*text, size));

    *text += size + ((*text)[size] == ',' ? 1 : 0);
    return part;
}

static int weekdays_read(void *context, uint32_t tenant_id, struct arrears_policy *policy)
{
    char value[SETTING_SIZE];
    const char *text = value;
    int found = setting_read(context, tenant_id, "cut_weekdays", value);

    if (found <= 0)
        return found;
    policy->cut_weekdays = 0;
    while (*text != '\0') {
        struct span part = list_part(&text);

        if (part.size == 1 && part.bytes[0] >= '1' && part.bytes[0] <= '7')
            policy->cut_weekdays |= (uint8_t)(1 << (part.bytes[0] - '0'));
    }
    return 0;
}

static int holidays_read(void *context, uint32_t tenant_id, struct arrears_policy *policy)
{
    char value[SETTING_SIZE];
    const char *text = value;
    int found = setting_read(context, tenant_id, "cut_holidays", value);

    if (found <= 0)
        return found;
    policy->holiday_count = 0;
    while (*text != '\0' && policy->holiday_count < ARREARS_HOLIDAY_LIMIT) {
        if (calendar_parse_date(list_part(&text), &policy->holidays[policy->holiday_count]) == 0)
            policy->holiday_count++;
    }
    return 0;
}

static int policy_tenant_read(void *context, uint32_t tenant_id, struct billing_policy *policy)
{
    struct statement *statement = take(context, POLICY_TENANT);
    int found;

    statement_bind_integer(statement, 1, tenant_id);
    found = statement_row(statement);
    if (found != 1)
        return found;
    policy->arrears.zone_offset_s = statement_int(statement, 0);
    statement_text(statement, 1, policy->organisation, sizeof policy->organisation);
    statement_end(statement);
    return 0;
}

static int policy_names_read(void *context, uint32_t tenant_id, struct billing_policy *policy)
{
    char value[SETTING_SIZE];
    int found = setting_read(context, tenant_id, "organisation_short_name", value);

    if (found == 1 && value[0] != '\0')
        (void)text_copy(span_of_text(value), policy->organisation, sizeof policy->organisation);
    if (found >= 0)
        found = setting_read(context, tenant_id, "organisation_phone", value);
    if (found == 1)
        (void)text_copy(span_of_text(value), policy->phone, sizeof policy->phone);
    return found < 0 ? found : 0;
}

static int policy_read(void *context, uint32_t tenant_id, struct billing_policy *policy)
{
    const struct {
        const char *key;
        int32_t *value;
    } integers[] = {
        { "notice_start_min", &policy->arrears.notice_from_min }, { "notice_end_min", &policy->arrears.notice_to_min },
        { "reminder_daily", &policy->reminders.is_daily },
        { "reminder_daily_min", &policy->reminders.daily_min },
        { "reminder_second_percent", &policy->reminders.second_percent },
        { "reminder_third_percent", &policy->reminders.third_percent },
        { "cut_start_min", &policy->arrears.cut_from_min },       { "cut_end_min", &policy->arrears.cut_to_min },
        { "cut_limit_per_run", &policy->cut_limit },              { "bill_due_days", &policy->bill_due_days },
        { "bills_by_run", &policy->bills_by_run },
        { "cut_release_above", &policy->cut_release_above },
        { "cash_shift_required", &policy->cash_shift_required },
        { "cash_difference_limit_fen", &policy->cash_difference_limit_fen },
        { "approval_hours", &policy->approval_hours },
        { "cut_approval_min", &policy->cut_approval_min },
        { "refund_release_above_fen", &policy->refund_release_above_fen },
    };
    int error = policy_tenant_read(context, tenant_id, policy);

    for (size_t index = 0; error == 0 && index < sizeof integers / sizeof integers[0]; index++)
        error = setting_integer_read(context, tenant_id, integers[index].key, integers[index].value);
    if (error == 0)
        error = weekdays_read(context, tenant_id, &policy->arrears);
    if (error == 0)
        error = holidays_read(context, tenant_id, &policy->arrears);
    return error < 0 ? error : policy_names_read(context, tenant_id, policy);
}

static int reminder_read(void *context, int64_t account_id, struct reminder_state *out)
{
    struct statement *statement = take(context, REMINDER_READ);
    int found;

    statement_bind_integer(statement, 1, account_id);
    found = statement_row(statement);
    if (found != 1)
        return found;
    out->day = statement_integer(statement, 0);
    out->third = statement_int(statement, 1) != 0;
    statement_end(statement);
    return 1;
}

static int reminder_write(void *context, int64_t account_id, const struct reminder_state *state)
{
    struct statement *statement = take(context, REMINDER_WRITE);
    int changed;

    statement_bind_integer(statement, 1, account_id);
    statement_bind_integer(statement, 2, state->day);
    statement_bind_integer(statement, 3, state->third);
    changed = statement_run(statement);
    return changed < 0 ? changed : 0;
}

static int customer_read(void *context, uint32_t tenant_id, int64_t customer_id, struct billing_customer *out)
{
    struct statement *statement = take(context, CUSTOMER_READ);
    int found;

    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, tenant_id);
    found = statement_row(statement);
    if (found != 1)
        return found;
    memset(out, 0, sizeof *out);
    out->customer_id = statement_integer(statement, 0);
    out->tenant_id = (uint32_t)statement_integer(statement, 1);
    out->protected_until_s = statement_integer(statement, 2);
    out->created_s = statement_integer(statement, 3);
    statement_text(statement, 4, out->number, sizeof out->number);
    statement_text(statement, 5, out->name, sizeof out->name);
    statement_text(statement, 6, out->name_initials, sizeof out->name_initials);
    statement_text(statement, 7, out->phones, sizeof out->phones);
    statement_text(statement, 8, out->protected_reason, sizeof out->protected_reason);
    statement_end(statement);
    return 1;
}

static int customer_within(void *context, int64_t customer_id, const char *path)
{
    struct statement *statement = take(context, CUSTOMER_WITHIN);

    statement_bind_integer(statement, 1, customer_id);
    statement_bind_text(statement, 2, path);
    return row_exists(statement);
}

static int customer_number_taken(void *context, uint32_t tenant_id, const char *number)
{
    struct statement *statement = take(context, CUSTOMER_NUMBER);

    statement_bind_integer(statement, 1, tenant_id);
    statement_bind_text(statement, 2, number);
    return row_exists(statement);
}

static void customer_bind(struct statement *statement, int64_t first, const struct billing_customer *row)
{
    const int64_t values[] = { first, row->protected_until_s, row->created_s };
    const char *const words[] = { row->number, row->name, row->name_initials, row->phones, row->protected_reason };

    statement_bind_integers(statement, values, 3);
    for (int index = 0; index < 5; index++)
        statement_bind_text(statement, 4 + index, words[index]);
}

static int customer_insert(void *context, struct billing_customer *row)
{
    struct statement *statement = take(context, CUSTOMER_INSERT);
    int error;

    customer_bind(statement, row->tenant_id, row);
    error = run(statement);
    if (error == 0)
        row->customer_id = inserted(context);
    return error;
}

static int customer_update(void *context, const struct billing_customer *row)
{
    struct statement *statement = take(context, CUSTOMER_UPDATE);

    customer_bind(statement, row->customer_id, row);
    return run(statement);
}

static void account_terms_columns(struct statement *statement, struct billing_account *out)
{
    char word[32];

    out->account_id = statement_integer(statement, 0);
    out->tenant_id = (uint32_t)statement_integer(statement, 1);
    out->customer_id = statement_integer(statement, 2);
    out->device_id = (uint32_t)statement_integer(statement, 3);
    out->area_id = statement_integer(statement, 4);
    out->tariff_id = statement_integer(statement, 5);
    statement_text(statement, 6, word, sizeof word);
    out->mode = (uint8_t)billing_mode_of_name(word);
    out->persons = statement_int(statement, 7);
    out->settlement_day = statement_int(statement, 8);
    out->low_balance_fen = statement_integer(statement, 9);
    out->overdraft_fen = statement_integer(statement, 10);
    out->restore_fen = statement_integer(statement, 11);
    out->grace_h = statement_int(statement, 12);
    out->wallet_id = statement_integer(statement, 13);
    out->meter_credit_id = statement_integer(statement, 14);
}

static void account_state_columns(struct statement *statement, struct billing_account *out)
{
    char word[32];
    int stage;

    statement_text(statement, 15, word, sizeof word);
    stage = arrears_stage_of_name(word);
    out->arrears.stage = stage >= 0 ? (enum arrears_stage)stage : ARREARS_GOOD;
    out->arrears.stage_since_s = statement_integer(statement, 16);
    out->arrears.final_notice_s = statement_integer(statement, 17);
    out->settled_day = statement_integer(statement, 18);
    out->settled_total_value = statement_integer(statement, 19);
    out->cycle_start_day = statement_integer(statement, 20);
    out->cycle_used_value = statement_integer(statement, 21);
    out->look_s = statement_integer(statement, 22);
    out->held_error = statement_int(statement, 23);
    out->opened_s = statement_integer(statement, 24);
    out->closed_s = statement_integer(statement, 25);
    out->zone_offset_s = statement_int(statement, 26);
    out->valve_pending = (uint8_t)statement_int(statement, 27);
    out->settlement_months = statement_int(statement, 28);
    out->settlement_first_month = statement_int(statement, 29);
    out->main_account_id = statement_integer(statement, 30);
    out->is_public = statement_int(statement, 31) != 0;
    out->closing_id = statement_integer(statement, 32);
    out->deposit_id = statement_integer(statement, 33);
    out->holds_units = statement_int(statement, 34) != 0;
    out->persons_before = statement_int(statement, 35);
    out->persons_from_day = statement_integer(statement, 36);
    out->persons_until_day = statement_integer(statement, 37);
}

static void account_place_columns(struct statement *statement, struct billing_account *out)
{
    out->protected_until_s = statement_integer(statement, JOINED_COLUMN);
    statement_text(statement, JOINED_COLUMN + 1, out->area_path, sizeof out->area_path);
    statement_text(statement, JOINED_COLUMN + 2, out->area_name, sizeof out->area_name);
    statement_text(statement, JOINED_COLUMN + 3, out->room, sizeof out->room);
    statement_text(statement, JOINED_COLUMN + 4, out->phones, sizeof out->phones);
    out->placed = true;
}

/* A row with the midnight of a day instead of the place: texts are ended, not cleared. */
static void account_look_columns(struct statement *statement, struct billing_account *out)
{
    memset(out, 0, offsetof(struct billing_account, area_path));
    out->area_path[0] = out->area_name[0] = out->room[0] = out->phones[0] = '\0';
    account_terms_columns(statement, out);
    account_state_columns(statement, out);
    out->midnight_day = statement_integer(statement, JOINED_COLUMN);
    out->midnight_known = !statement_is_null(statement, JOINED_COLUMN + 1);
    out->midnight_total_value = statement_integer(statement, JOINED_COLUMN + 1);
}

static void account_bill_columns(struct statement *statement, struct billing_account *out)
{
    account_look_columns(statement, out);
    out->bills_known = true;
    out->bill_open = !statement_is_null(statement, JOINED_COLUMN + 2);
    out->bill_due_day = statement_integer(statement, JOINED_COLUMN + 2);
}

static void account_try_columns(struct statement *statement, struct billing_account *out)
{
    account_look_columns(statement, out);
    out->protected_until_s = statement_integer(statement, JOINED_COLUMN + 2);
}

static int account_rows(struct statement *statement, void (*columns)(struct statement *statement, struct billing_account *out),
                        struct billing_account *rows)
{
    int count = 0;
    int found;

    while ((found = statement_row(statement)) == 1)
        columns(statement, &rows[count++]);
    return found < 0 ? found : count;
}

static int accounts_due(void *context, int64_t now_s, int32_t limit, struct billing_account *rows)
{
    struct statement *statement = take(context, ACCOUNTS_DUE);

    statement_bind_integer(statement, 1, now_s);
    statement_bind_integer(statement, 2, limit);
    return account_rows(statement, account_look_columns, rows);
}

static int accounts_postpaid(void *context, uint32_t tenant_id, int64_t from, int64_t day, int32_t limit,
                             struct billing_account *rows)
{
    struct statement *statement = take(context, ACCOUNTS_POSTPAID);
    const int64_t values[] = { tenant_id, from, day, limit };

    statement_bind_integers(statement, values, 4);
    return account_rows(statement, account_bill_columns, rows);
}

static int accounts_of_tariff(void *context, int64_t tariff_id, int64_t from, int64_t day, int32_t limit,
                              struct billing_account *rows)
{
    struct statement *statement = take(context, ACCOUNTS_OF_TARIFF);
    const int64_t values[] = { tariff_id, from, day, limit };

    statement_bind_integers(statement, values, 4);
    return account_rows(statement, account_try_columns, rows);
}

/* The rows of one device come one after the other, the newest account last. */
static int accounts_of_devices(void *context, const uint32_t *device_ids, uint32_t count, struct billing_account *rows)
{
    static const struct given_column column = { 0, GIVEN_UINT32, NULL };
    const struct given_rows given = { device_ids, sizeof *device_ids, count, &column, 1 };
    struct statement *statement = take(context, ACCOUNTS_OF_DEVICES);
    int written = 0;
    int found;

    given_rows_bind(statement, 1, &given);
    while ((found = statement_row(statement)) == 1) {
        uint32_t device_id = (uint32_t)statement_integer(statement, DEVICE_COLUMN);

        if (written == 0 || rows[written - 1].device_id != device_id)
            written++;
        account_look_columns(statement, &rows[written - 1]);
    }
    return found < 0 ? found : written;
}

static int account_read(void *context, int64_t account_id, struct billing_account *out)
{
    struct statement *statement = take(context, ACCOUNT_READ);
    int found;

    statement_bind_integer(statement, 1, account_id);
    found = statement_row(statement);
    if (found != 1)
        return found;
    memset(out, 0, sizeof *out);
    account_terms_columns(statement, out);
    account_state_columns(statement, out);
    account_place_columns(statement, out);
    statement_end(statement);
    return 1;
}

static int account_group_set(void *context, int64_t account_id, int64_t main_account_id)
{
    return pair_run(context, GROUP_SET, account_id, main_account_id);
}

static int account_member_next(void *context, int64_t main_account_id, int64_t after, int64_t *account_id)
{
    return pair_find(context, MEMBER_NEXT, main_account_id, after, account_id);
}

static int account_look(void *context, int64_t account_id, int64_t look_s)
{
    return pair_run(context, ACCOUNT_LOOK, account_id, look_s);
}

static int account_of_device(void *context, uint32_t device_id, int64_t *account_id)
{
    struct statement *statement = take(context, ACCOUNT_OF_DEVICE);

    statement_bind_integer(statement, 1, device_id);
    return identifier_row(statement, account_id);
}

static const struct given_column standing_given[] = {
    { offsetof(struct billing_standing, account_id), GIVEN_INT64, NULL },
    { offsetof(struct billing_standing, settled_day), GIVEN_INT64, NULL },
    { offsetof(struct billing_standing, settled_total_value), GIVEN_INT64, NULL },
    { offsetof(struct billing_standing, cycle_start_day), GIVEN_INT64, NULL },
    { offsetof(struct billing_standing, cycle_used_value), GIVEN_INT64, NULL },
};

/* Rows are replaced whole: cheaper than to find out which column moved. */
static int accounts_advance(void *context, const struct billing_standing *rows, uint32_t count)
{
    const struct given_rows given = { rows, sizeof *rows, count, standing_given, sizeof standing_given / sizeof *standing_given };
    struct statement *statement = take(context, ACCOUNTS_ADVANCE);

    given_rows_bind(statement, 1, &given);
    return run(statement);
}

static int account_advance(void *context, const struct billing_account *row)
{
    const struct billing_standing standing = { row->account_id, row->settled_day, row->settled_total_value,
                                               row->cycle_start_day, row->cycle_used_value };

    return accounts_advance(context, &standing, 1);
}

static int account_insert(void *context, struct billing_account *row)
{
    struct statement *statement = take(context, ACCOUNT_INSERT);
    const int64_t values[] = {
        row->tenant_id, row->customer_id, row->device_id, row->area_id, row->tariff_id, row->persons,
        row->settlement_day, row->low_balance_fen, row->overdraft_fen, row->restore_fen, row->grace_h, row->wallet_id,
        row->meter_credit_id, row->arrears.stage_since_s, row->arrears.final_notice_s, row->look_s, row->held_error,
        row->opened_s, row->closed_s, row->valve_pending,
    };
    int error;

    statement_bind_integers(statement, values, 20);
    statement_bind_text(statement, 21, arrears_stage_name((int)row->arrears.stage));
    statement_bind_text(statement, 22, billing_mode_name(row->mode));
    statement_bind_integer(statement, 23, row->settlement_months);
    statement_bind_integer(statement, 24, row->settlement_first_month);
    statement_bind_integer(statement, 25, row->holds_units);
    error = run(statement);
    if (error < 0)
        return error;
    row->account_id = inserted(context);
    return account_advance(context, row);
}

static int account_update(void *context, const struct billing_account *row)
{
    struct statement *statement = take(context, ACCOUNT_UPDATE);
    const int64_t values[] = {
        row->account_id, row->persons, row->settlement_day, row->settlement_months, row->settlement_first_month,
        row->low_balance_fen, row->overdraft_fen, row->restore_fen, row->grace_h, row->wallet_id,
        row->arrears.stage_since_s, row->arrears.final_notice_s, row->look_s, row->held_error, row->valve_pending,
    };
    int error;

    statement_bind_integers(statement, values, 15);
    statement_bind_text(statement, 16, arrears_stage_name((int)row->arrears.stage));
    error = run(statement);
    return error < 0 ? error : account_advance(context, row);
}

static int account_place_set(void *context, const struct billing_account *row)
{
    struct statement *statement = take(context, PLACE_SET);
    const int64_t values[] = { row->account_id, row->device_id, row->area_id, row->tariff_id, row->persons_before,
        row->persons_from_day, row->persons_until_day };

    statement_bind_integers(statement, values, 7);
    return run(statement);
}

static int account_postpaid_next(void *context, uint32_t tenant_id, int64_t from, int64_t *account_id)
{
    return pair_find(context, ACCOUNT_POSTPAID_NEXT, tenant_id, from, account_id);
}

static int accounts_look(void *context, int64_t customer_id, int64_t look_s)
{
    return pair_run(context, ACCOUNTS_LOOK, customer_id, look_s);
}

static int accounts_behind(void *context, const struct billing_range *range, int64_t now_s, struct billing_account *rows)
{
    struct statement *statement = take(context, ACCOUNTS_BEHIND);
    const int64_t values[] = { range->after, range->until, now_s - range->settle_second, now_s + 86400, range->limit };

    statement_bind_integers(statement, values, 5);
    return account_rows(statement, account_look_columns, rows);
}

static int account_last(void *context, int64_t *account_id)
{
    int found = identifier_row(take(context, ACCOUNT_LAST), account_id);

    return found < 0 ? found : 0;
}

static int settlement_begin_next(void *context, int32_t settle_second, int64_t now_s, int64_t *begin_s)
{
    int found = pair_find(context, SETTLEMENT_BEGIN, now_s - settle_second, settle_second, begin_s);

    return found < 0 ? found : 0;
}

static int device_read(void *context, uint32_t device_id, struct billing_device *out)
{
    struct statement *statement = take(context, DEVICE_READ);
    int found;

    statement_bind_integer(statement, 1, device_id);
    found = statement_row(statement);
    if (found != 1)
        return found;
    memset(out, 0, sizeof *out);
    out->tenant_id = (uint32_t)statement_integer(statement, 0);
    out->area_id = statement_integer(statement, 1);
    out->start_total_value = statement_integer(statement, 2);
    statement_text(statement, 3, out->area_path, sizeof out->area_path);
    out->total_value = statement_integer(statement, 4);
    out->balance_fen = statement_integer(statement, 5);
    out->report_s = statement_integer(statement, 6);
    out->valve_state = (uint8_t)statement_int(statement, 7);
    out->newest_day = statement_integer(statement, 8);
    out->newest_total_value = statement_integer(statement, 9);
    out->pending_fen = statement_integer(statement, 10);
    statement_text(statement, 11, out->utility, sizeof out->utility);
    out->total_s = statement_integer(statement, 12);
    statement_end(statement);
    return 1;
}

static int midnight_read(void *context, uint32_t device_id, int64_t day, int64_t *total_value)
{
    return pair_find(context, MIDNIGHT_READ, day, device_id, total_value);
}

static int tariff_read(void *context, uint32_t tenant_id, int64_t tariff_id, struct billing_tariff *out)
{
    struct statement *statement = take(context, TARIFF_READ);
    int found;

    statement_bind_integer(statement, 1, tariff_id);
    statement_bind_integer(statement, 2, tenant_id);
    found = statement_row(statement);
    if (found != 1)
        return found;
    memset(out, 0, sizeof *out);
    out->tariff_id = statement_integer(statement, 0);
    out->tenant_id = (uint32_t)statement_integer(statement, 1);
    statement_text(statement, 2, out->name, sizeof out->name);
    statement_text(statement, 3, out->utility, sizeof out->utility);
    statement_end(statement);
    return 1;
}

static int tariff_name_taken(void *context, uint32_t tenant_id, const char *name)
{
    struct statement *statement = take(context, TARIFF_NAME);

    statement_bind_integer(statement, 1, tenant_id);
    statement_bind_text(statement, 2, name);
    return row_exists(statement);
}

static int tariff_insert(void *context, struct billing_tariff *row)
{
    struct statement *statement = take(context, TARIFF_INSERT);
    int error;

    statement_bind_integer(statement, 1, row->tenant_id);
    statement_bind_text(statement, 2, row->name);
    statement_bind_text(statement, 3, row->utility);
    error = run(statement);
    if (error == 0)
        row->tariff_id = inserted(context);
    return error;
}

static int tariff_version_insert(void *context, struct billing_tariff_version *row, const char *document)
{
    struct statement *statement = take(context, VERSION_INSERT);
    const struct late_fee_rule *late = &row->late_fee;
    const int64_t values[] = { row->tariff_id, row->effective_day, row->created_s, row->created_by, late->rate_same_year_e8,
                               late->rate_later_year_e8, late->minimum_fen, late->cap_e8, late->grace_days };
    int error;

    statement_bind_integers(statement, values, 9);
    statement_bind_text(statement, 10, document);
    error = run(statement);
    if (error == 0)
        row->tariff_version_id = inserted(context);
    return error;
}

static int tariff_version_on(void *context, int64_t tariff_id, int64_t day, struct billing_tariff_version *out)
{
    struct statement *statement = take(context, VERSION_ON);
    int found;

    statement_bind_integer(statement, 1, tariff_id);
    statement_bind_integer(statement, 2, day);
    found = statement_row(statement);
    if (found != 1)
        return found;
    *out = (struct billing_tariff_version){
        .tariff_version_id = statement_integer(statement, 0),
        .tariff_id = statement_integer(statement, 1),
        .effective_day = statement_integer(statement, 2),
        .created_s = statement_integer(statement, 3),
        .created_by = (uint32_t)statement_integer(statement, 4),
    };
    statement_end(statement);
    return 1;
}

static int tariff_document_read(void *context, int64_t tariff_version_id, char *document, size_t capacity)
{
    struct statement *statement = take(context, DOCUMENT_READ);
    int found;

    statement_bind_integer(statement, 1, tariff_version_id);
    found = statement_row(statement);
    if (found == 1) {
        statement_text(statement, 0, document, capacity);
        statement_end(statement);
    }
    return found;
}

int billing_sql_accounts_open(struct store *store, struct billing_sql *sql)
{
    int error = statement_table_prepare(&sql->accounts, store, texts, STATEMENT_COUNT);

    if (error < 0)
        return error;
    sql->store.step_begin = step_begin;
    sql->store.step_keep = step_keep;
    sql->store.step_revert = step_revert;
    sql->store.policy_read = policy_read;
    sql->store.customer_read = customer_read;
    sql->store.customer_within = customer_within;
    sql->store.customer_number_taken = customer_number_taken;
    sql->store.customer_insert = customer_insert;
    sql->store.customer_update = customer_update;
    sql->store.reminder_read = reminder_read;
    sql->store.reminder_write = reminder_write;
    sql->store.account_read = account_read;
    sql->store.account_of_device = account_of_device;
    sql->store.account_group_set = account_group_set;
    sql->store.account_member_next = account_member_next;
    sql->store.account_look = account_look;
    sql->store.account_insert = account_insert;
    sql->store.account_update = account_update;
    sql->store.account_place_set = account_place_set;
    sql->store.account_advance = account_advance;
    sql->store.accounts_advance = accounts_advance;
    sql->store.accounts_due = accounts_due;
    sql->store.accounts_of_devices = accounts_of_devices;
    sql->store.accounts_postpaid = accounts_postpaid;
    sql->store.accounts_of_tariff = accounts_of_tariff;
    sql->store.account_postpaid_next = account_postpaid_next;
    sql->store.accounts_look = accounts_look;
    sql->store.accounts_behind = accounts_behind;
    sql->store.account_last = account_last;
    sql->store.settlement_begin_next = settlement_begin_next;
    sql->store.device_read = device_read;
    sql->store.midnight_read = midnight_read;
    sql->store.tariff_read = tariff_read;
    sql->store.tariff_name_taken = tariff_name_taken;
    sql->store.tariff_insert = tariff_insert;
    sql->store.tariff_version_insert = tariff_version_insert;
    sql->store.tariff_version_on = tariff_version_on;
    sql->store.tariff_document_read = tariff_document_read;
    return 0;
}
