#include "tests/unit/unit_test.h"

#include "tests/unit/billing/billing_fixture.h"

#include "base/calendar.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/store/store_fixture.h"

#define UNDO_SIZE 65536

const char fixture_document[] =
    "{\"utility\": \"water\", \"unit\": \"m3\", \"cycle\": \"month\", \"limits\": [22, 30], \"items\": ["
    "{\"name\": \"water\", \"prices\": [\"2.67\", \"4.01\", \"8.01\"]},"
    "{\"name\": \"sewage\", \"coef\": \"0.9\", \"prices\": [\"0.90\", \"1.00\", \"1.10\"]},"
    "{\"name\": \"garbage\", \"coef\": \"0.9\", \"price\": \"0.59\"}]}";

static const char archive[] =
    "INSERT INTO tenant VALUES (1, '云榕水务', 28800, 0), (2, '另一家', 28800, 0);"
    "INSERT INTO area VALUES (1, 1, NULL, 'company', '云榕水务', '/1/'), (2, 1, 1, 'building', '3栋', '/1/2/'),"
    " (3, 1, 1, 'building', '4栋', '/1/3/');"
    "INSERT INTO setting VALUES (1, 'organisation_phone', '88880000');";

void fixture_tell(struct fixture *fixture, const char *format, ...)
{
    char text[512], at[CALENDAR_TIME_TEXT_LIMIT];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    assert_true(calendar_format_time(fixture->now_s, FIXTURE_ZONE_S, at, sizeof at) > 0);
    writer_format(&fixture->story, "%.16s %s\n", at, text);
}

static int valve_note(void *context, uint32_t device_id, enum billing_valve valve, const char *reason, int64_t now_s,
                      struct billing_command *out)
{
    struct fixture *fixture = context;

    (void)now_s;
    if (fixture->valve_refusals > 0) {
        fixture->valve_refusals--;
        return -1301;
    }
    *out = (struct billing_command){ ++fixture->command_id, fixture->now_s + 3600, fixture->awake };
    fixture_tell(fixture, "valve %u %s: %s", device_id, valve == BILLING_VALVE_OPEN ? "open" : "close", reason);
    return 0;
}

static int recharge_note(void *context, uint32_t device_id, int64_t amount_fen, const char *reason, int64_t now_s,
                         struct billing_command *out)
{
    struct fixture *fixture = context;

    (void)reason;
    (void)now_s;
    if (fixture->recharge_refusals > 0) {
        fixture->recharge_refusals--;
        return -1301;
    }
    *out = (struct billing_command){ ++fixture->command_id, fixture->now_s + 3600, fixture->awake };
    (void)undo_save(fixture->undo, &fixture->recharged_fen, sizeof fixture->recharged_fen);
    fixture->recharged_fen += amount_fen;
    fixture_tell(fixture, "recharge %u %lld", device_id, (long long)amount_fen);
    return 0;
}

static int units_note(void *context, uint32_t device_id, int64_t value, const char *reason, int64_t now_s,
                      struct billing_command *out)
{
    struct fixture *fixture = context;

    (void)reason;
    (void)now_s;
    *out = (struct billing_command){ ++fixture->command_id, fixture->now_s + 3600, fixture->awake };
    fixture->recharged_value += value;
    fixture_tell(fixture, "units %u %lld", device_id, (long long)value);
    return 0;
}

static int holding_note(void *context, uint32_t device_id, struct billing_holding *out)
{
    struct fixture *fixture = context;

    (void)device_id;
    *out = fixture->holding;
    return 0;
}

static int clear_note(void *context, uint32_t device_id, const char *reason, int64_t now_s, struct billing_command *out)
{
    struct fixture *fixture = context;

    (void)reason;
    (void)now_s;
    *out = (struct billing_command){ ++fixture->command_id, fixture->now_s + 3600, fixture->awake };
    fixture_tell(fixture, "clear %u", device_id);
    return 0;
}

int fixture_notice_post(void *context, const struct billing_notice *notice)
{
    struct fixture *fixture = context;
    struct notify_request request = {
        .tenant_id = notice->tenant_id, .account_id = notice->account_id,
        .kind = (enum notice_kind)notice_kind_of_name(notice->kind), .key = notice->key,
        .recipient = notice->recipient, .now_s = notice->now_s,
        .values = { .utility = notice->utility, .organisation = notice->organisation, .phone = notice->phone, .place_zh = notice->place_zh,
                    .place_en = notice->place_en, .balance_fen = notice->balance_fen, .due_fen = notice->due_fen,
                    .paid_fen = notice->paid_fen, .at_s = notice->at_s, .zone_offset_s = notice->zone_offset_s,
                    .days_left = notice->days_left },
    };
    struct notice row;
    int result = notify_post(notify_sql_store(fixture->notify_sql), &request, &row);

    if (result == 0)
        fixture_tell(fixture, "%s: %s", notice->kind, row.text_zh);
    return result < 0 ? result : 0;
}

static int journal_note(void *context, uint32_t tenant_id, int64_t account_id, const char *action, const char *detail,
                        int64_t now_s)
{
    (void)tenant_id;
    (void)account_id;
    (void)now_s;
    fixture_tell(context, "journal %s %s", action, detail);
    return 0;
}

int fixture_open_file(void **state, const char *path)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    struct store_config config = { .path = path };

    assert_non_null(fixture);
    fixture->story = writer_of_buffer(fixture->story_bytes, sizeof fixture->story_bytes);
    fixture->now_s = fixture_time("2026-05-20T12:00");
    fixture->scope = (struct billing_scope){ .tenant_id = 1, .person_id = 7, .path = "/1/" };
    assert_int_equal(store_open(&config, &fixture->store), 0);
    assert_int_equal(billing_sql_open(fixture->store, &fixture->billing_sql), 0);
    assert_int_equal(ledger_sql_open(fixture->store, &fixture->ledger_sql), 0);
    assert_int_equal(notify_sql_open(fixture->store, NULL, &fixture->notify_sql), 0);
    assert_int_equal(payment_sql_open(fixture->store, &fixture->payment_sql), 0);
    assert_int_equal(measure_sql_open(fixture->store, &fixture->measure_sql), 0);
    assert_int_equal(share_sql_open(fixture->store, &fixture->share_sql), 0);
    assert_int_equal(unit_sql_open(fixture->store, &fixture->unit_sql), 0);
    assert_int_equal(late_sql_open(fixture->store, &fixture->late_sql), 0);
    assert_int_equal(money_carry_sql_open(fixture->store, &fixture->money_carry_sql), 0);
    assert_int_equal(case_sql_open(fixture->store, &fixture->case_sql), 0);
    assert_int_equal(tariff_sql_open(fixture->store, &fixture->tariff_sql), 0);
    fixture->actions = (struct billing_actions){ .context = fixture, .request_valve = valve_note,
                                                 .request_recharge = recharge_note, .notice = fixture_notice_post,
                                                 .journal = journal_note, .request_clear = clear_note,
                                                 .request_units = units_note, .holding = holding_note };
    assert_int_equal(cash_sql_open(fixture->store, &fixture->cash_sql), 0);
    assert_int_equal(bank_sql_open(fixture->store, &fixture->bank_sql), 0);
    fixture->config = (struct billing_config){ .store = billing_sql_store(fixture->billing_sql),
                                               .ledger = ledger_sql_store(fixture->ledger_sql),
                                               .actions = &fixture->actions,
                                               .orders = payment_sql_store(fixture->payment_sql),
                                               .cash = cash_sql_store(fixture->cash_sql),
                                               .bank = bank_sql_store(fixture->bank_sql),
                                               .measures = measure_sql_store(fixture->measure_sql),
                                               .shares = share_sql_store(fixture->share_sql),
                                               .units = unit_sql_store(fixture->unit_sql),
                                               .lates = late_sql_store(fixture->late_sql),
                                               .carries = money_carry_sql_store(fixture->money_carry_sql),
                                               .cases = case_sql_store(fixture->case_sql),
                                               .drafts = tariff_sql_store(fixture->tariff_sql) };
    assert_int_equal(undo_open(UNDO_SIZE, &fixture->undo), 0);
    fixture->config.undo = fixture->undo;
    assert_int_equal(billing_open(&fixture->config, &fixture->billing), 0);
    *state = fixture;
    return 0;
}

void fixture_billing_restart(struct fixture *fixture)
{
    billing_close(fixture->billing);
    assert_int_equal(billing_open(&fixture->config, &fixture->billing), 0);
}

int fixture_open_new(void **state, const char *path)
{
    struct fixture *fixture;
    int error = fixture_open_file(state, path);

    if (error != 0)
        return error;
    fixture = *state;
    assert_int_equal(store_execute(fixture->store, archive), 0);
    assert_int_equal(billing_tariff_create(fixture->billing, &fixture->scope, fixture->now_s, "居民用水", "water",
                                           fixture_day("2020-01-01"), fixture_document, NULL, &fixture->tariff_id),
                     0);
    return 0;
}

int fixture_open(void **state)
{
    char path[STORE_FIXTURE_PATH];

    store_fixture_place(path, sizeof path);
    return fixture_open_new(state, path);
}

int fixture_close(void **state)
{
    struct fixture *fixture = *state;

    billing_close(fixture->billing);
    undo_close(fixture->undo);
    bank_sql_close(fixture->bank_sql);
    cash_sql_close(fixture->cash_sql);
    tariff_sql_close(fixture->tariff_sql);
    measure_sql_close(fixture->measure_sql);
    unit_sql_close(fixture->unit_sql);
    late_sql_close(fixture->late_sql);
    money_carry_sql_close(fixture->money_carry_sql);
    share_sql_close(fixture->share_sql);
    case_sql_close(fixture->case_sql);
    payment_sql_close(fixture->payment_sql);
    notify_sql_close(fixture->notify_sql);
    ledger_sql_close(fixture->ledger_sql);
    billing_sql_close(fixture->billing_sql);
    store_close(fixture->store);
    free(fixture);
    return 0;
}

int64_t fixture_number(struct fixture *fixture, const char *query)
{
    int64_t number = 0;

    assert_int_equal(store_number(fixture->store, query, &number), 0);
    return number;
}

void fixture_flat_price(struct fixture *fixture, const char *price)
{
    char document[256];

    (void)snprintf(document, sizeof document,
                   "{\"cycle\": \"calendar-year\", \"items\": [{\"name\": \"water\", \"price\": \"%s\"}]}", price);
    assert_int_equal(billing_tariff_create(fixture->billing, &fixture->scope, fixture->now_s, price, "water",
                                           fixture_day("2020-01-01"), document, NULL, &fixture->tariff_id),
                     0);
}

static void execute(struct fixture *fixture, const char *text)
{
    assert_int_equal(store_execute(fixture->store, text), 0);
}

uint32_t fixture_device_add(struct fixture *fixture)
{
    uint32_t device_id = (uint32_t)fixture_number(fixture, "SELECT coalesce(max(device_id), 0) + 1 FROM device");
    char text[512];

    (void)snprintf(text, sizeof text,
                   "INSERT INTO device (device_id, tenant_id, area_id, room, imei, meter_number, installed_s)"
                   " VALUES (%u, 1, 2, '%u', 86000000000000%u, '%012u', 0);"
                   "INSERT INTO device_state (device_id) VALUES (%u)",
                   device_id, 1203 + device_id, device_id, device_id, device_id);
    execute(fixture, text);
    return device_id;
}

int64_t fixture_account_open(struct fixture *fixture, const char *payment_mode, int64_t low_fen, int64_t overdraft_fen)
{
    struct billing_account_terms terms = { .low_balance_fen = low_fen, .overdraft_fen = overdraft_fen, .grace_h = 24 };
    struct billing_customer customer = { .name = "陈佳怡", .name_initials = "cjy", .phones = "138-0000-0417" };
    int64_t account_id;

    terms.device_id = fixture_device_add(fixture);
    terms.tariff_id = fixture->tariff_id;
    (void)snprintf(terms.payment_mode, sizeof terms.payment_mode, "%s", payment_mode);
    (void)snprintf(customer.number, sizeof customer.number, "1004%u", terms.device_id);
    assert_int_equal(billing_customer_create(fixture->billing, &fixture->scope, fixture->now_s, &customer), 0);
    terms.customer_id = customer.customer_id;
    assert_int_equal(billing_account_open(fixture->billing, &fixture->scope, fixture->now_s, &terms, &account_id), 0);
    return account_id;
}

void fixture_midnight_put(struct fixture *fixture, uint32_t device_id, int64_t day, int64_t total_value)
{
    char text[512];

    (void)snprintf(text, sizeof text,
                   "INSERT INTO daily_reading VALUES (%lld, %u, %lld, %lld, 0, 0, 1000) ON CONFLICT DO UPDATE SET total_value ="
                   " excluded.total_value; UPDATE device_state SET newest_day = max(newest_day, %lld), total_value ="
                   " max(total_value, %lld), last_report_s = 1 WHERE device_id = %u",
                   (long long)day, device_id, (long long)total_value, (long long)total_value, (long long)day,
                   (long long)total_value, device_id);
    execute(fixture, text);
}

void fixture_midnight(struct fixture *fixture, uint32_t device_id, int64_t day, int64_t total_value)
{
    fixture_midnight_put(fixture, device_id, day, total_value);
    billing_reading_arrived(fixture->billing, device_id, day);
}

void fixture_settle(struct fixture *fixture)
{
    int done;

    do {
        done = billing_tick(fixture->billing, fixture->now_s, 100);
        assert_true(done >= 0);
    } while (done == 100);
}

void fixture_run(struct fixture *fixture, int64_t until_s)
{
    for (; fixture->now_s < until_s; fixture->now_s += 600)
        fixture_settle(fixture);
    fixture->now_s = until_s;
    fixture_settle(fixture);
}

int64_t fixture_day(const char *date)
{
    int64_t day;

    assert_int_equal(calendar_parse_date(span_of_text(date), &day), 0);
    return day;
}

int64_t fixture_time(const char *local_time)
{
    char text[CALENDAR_TIME_TEXT_LIMIT];
    int64_t time_s;

    (void)snprintf(text, sizeof text, "%s:00+08:00", local_time);
    assert_int_equal(calendar_parse_time(span_of_text(text), &time_s), 0);
    return time_s;
}

int64_t fixture_balance(struct fixture *fixture, int64_t account_id)
{
    struct billing_account account;
    int64_t balance_fen;

    assert_int_equal(billing_account_read(fixture->billing, &fixture->scope, account_id, &account, &balance_fen), 0);
    return balance_fen;
}

struct billing_account fixture_account(struct fixture *fixture, int64_t account_id)
{
    struct billing_account account;
    int64_t balance_fen;

    assert_int_equal(billing_account_read(fixture->billing, &fixture->scope, account_id, &account, &balance_fen), 0);
    return account;
}

int fixture_pay(struct fixture *fixture, int64_t account_id, int64_t amount_fen, const char *key,
                struct billing_payment_result *out)
{
    struct billing_payment_request request = { .account_id = account_id, .amount_fen = amount_fen, .method = "cash" };
    struct billing_payment_result result;
    int error;

    (void)snprintf(request.key, sizeof request.key, "%s", key);
    error = billing_payment_take(fixture->billing, &fixture->scope, fixture->now_s, &request, &result);
    if (error == 0 && out != NULL)
        *out = result;
    return error;
}

void fixture_verify(struct fixture *fixture)
{
    struct ledger_verification verification;

    assert_int_equal(ledger_verify(ledger_sql_store(fixture->ledger_sql), 1, NULL, NULL, &verification), 0);
    assert_true(verification.balanced);
    /* At every commit, charges have been passed on to revenue. */
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM ledger_account WHERE kind = 'clearing'"
                                             " AND debits_fen <> credits_fen"),
                     0);
    /* And bills by the day they are due are what the bills say. */
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM (SELECT tenant_id, due_day, area_id, sum(state <> 'reversed'),"
                                             " sum(state = 'issued'), sum(iif(state = 'reversed', 0, amount_fen + late_fee_fen)),"
                                             " sum(iif(state = 'reversed', 0, paid_fen)) FROM bill GROUP BY 1, 2, 3"
                                             " EXCEPT SELECT * FROM bill_due)"),
                     0);
    /* And late fees are what was posted of them. */
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM bill b WHERE late_fee_fen <> (SELECT coalesce(sum(amount_fen), 0)"
                                             " FROM bill_late_posting p WHERE p.bill_id = b.bill_id)"),
                     0);
}

void fixture_story(struct fixture *fixture, const char *expected)
{
    assert_string_equal(writer_terminate(&fixture->story), expected);
    fixture->story = writer_of_buffer(fixture->story_bytes, sizeof fixture->story_bytes);
}
