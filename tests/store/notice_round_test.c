/* Notices of a round: told as they would be one by one, though most is read once for all of them. */
#include "tests/unit/unit_test.h"

#include <stdio.h>
#include <string.h>

#include "notify/notify.h"
#include "notify/outbox.h"
#include "store/sql/notify_sql.h"
#include "tests/store/store_fixture.h"

#define SMS MESSAGE_CHANNEL_BIT(MESSAGE_SMS)
#define NOON_S INT64_C(1768449600) /* 2026-01-15 in Beijing */

static struct store *store;
static struct undo *undo;
static struct notify_sql *sql;
static const struct notify_store *rooms;

/* Two tenants; accounts 1 and 2 in building 3 below 1, account 3 in building 4, account 9 is the other tenant's. */
static int round_open(void **state)
{
    (void)state;
    store = store_fixture_memory();
    assert_int_equal(undo_open(1 << 16, &undo), 0);
    assert_int_equal(store_execute(store,
        "PRAGMA foreign_keys = OFF;"
        "INSERT INTO tenant VALUES (1, 'T', 28800, 0), (2, 'U', 28800, 0);"
        "INSERT INTO area VALUES (1, 1, NULL, 'company', 'T', '/1/'), (2, 2, NULL, 'company', 'U', '/2/'),"
        " (3, 1, 1, 'building', '3', '/1/3/'), (4, 1, 1, 'building', '4', '/1/4/');"
        "INSERT INTO account (account_id, tenant_id, customer_id, area_id, tariff_id, payment_mode, wallet_id, opened_s, look_s)"
        " VALUES (1, 1, 1, 3, 1, 'postpaid', 1, 0, 0), (2, 1, 1, 3, 1, 'postpaid', 2, 0, 0),"
        " (3, 1, 1, 4, 1, 'postpaid', 3, 0, 0), (9, 2, 1, 2, 1, 'postpaid', 9, 0, 0)"), 0);
    assert_int_equal(notify_sql_open(store, undo, &sql), 0);
    rooms = notify_sql_store(sql);
    return 0;
}

static int round_close(void **state)
{
    (void)state;
    notify_sql_close(sql);
    undo_close(undo);
    store_close(store);
    return 0;
}

static int64_t number(const char *query)
{
    int64_t value = 0;

    assert_int_equal(store_number(store, query, &value), 0);
    return value;
}

static int tell(int64_t account_id, enum notice_kind kind, const char *phones, int64_t now_s)
{
    char key[64];
    struct notify_request request = {
        .tenant_id = account_id == 9 ? 2 : 1, .account_id = account_id, .kind = kind, .key = key, .recipient = phones,
        .channels = SMS, .now_s = now_s,
        .values = { .organisation = "T", .phone = "", .place_zh = "3栋\"1204\"", .place_en = "3-1204", .due_fen = 100 }
    };

    (void)snprintf(key, sizeof key, "%d/%lld/%lld", (int)kind, (long long)account_id, (long long)now_s);
    return notify_post(rooms, &request, NULL);
}

static void recipient_add(int64_t area_id, int64_t account_id, const char *kind, const char *address)
{
    struct notify_sql_recipient recipient = { .tenant_id = 1, .area_id = area_id, .account_id = account_id, .kind = kind,
                                                 .name = "n", .recipient = { .channel = MESSAGE_SMS } };
    int64_t recipient_id;

    (void)snprintf(recipient.recipient.address, sizeof recipient.recipient.address, "%s", address);
    assert_int_equal(notify_sql_recipient_insert(sql, &recipient, &recipient_id), 0);
}

/* A number that no order of reading can give by accident: recipients in the order of their messages. */
static int64_t told(int64_t account_id)
{
    char query[200];

    (void)snprintf(query, sizeof query, "SELECT CAST(group_concat(substr(recipient, -1), '') AS INTEGER) FROM (SELECT recipient"
                   " FROM message WHERE account_id = %lld ORDER BY message_id)", (long long)account_id);
    return number(query);
}

static void counts_differ_never(void)
{
    assert_int_equal(number("SELECT count(*) FROM (SELECT tenant_id, channel, state, count(*) AS n FROM message GROUP BY 1, 2, 3)"
                            " m FULL JOIN message_count c USING (tenant_id, channel, state) WHERE coalesce(m.n, 0) <>"
                            " coalesce(c.messages, 0)"), 0);
}

static void everybody_entered_is_told_in_the_same_order(void **state)
{
    (void)state;
    recipient_add(3, 0, "bill", "13900000002");
    recipient_add(3, 1, "", "13900000003");
    recipient_add(1, 0, "", "13900000004");
    recipient_add(3, 2, "cut", "13900000005");
    recipient_add(3, 1, "bill", "13900000006");
    for (int round = 0; round < 2; round++) {
        assert_int_equal(store_execute(store, "DELETE FROM message; DELETE FROM notice; DELETE FROM message_count"), 0);
        if (round == 1)
            notify_sql_round_begin(sql);
        assert_int_equal(tell(1, NOTICE_BILL, "13900000001", NOON_S), 0);
        assert_int_equal(tell(2, NOTICE_BILL, "13900000001", NOON_S), 0);
        assert_int_equal(tell(2, NOTICE_CUT, "13900000001", NOON_S), 0);
        assert_int_equal(tell(3, NOTICE_BILL, "13900000001", NOON_S), 0);
        assert_int_equal(tell(9, NOTICE_BILL, "13900000001", NOON_S), 0);
        if (round == 1)
            assert_int_equal(notify_sql_round_end(sql, 7), 7);
        assert_int_equal(told(1), 12346);
        assert_int_equal(told(2), 124145);
        assert_int_equal(told(3), 14);
        assert_int_equal(told(9), 1);
        counts_differ_never();
    }
}

static void messages_are_counted_while_the_round_goes_on(void **state)
{
    int64_t waiting;
    struct message message;

    (void)state;
    assert_int_equal(tell(1, NOTICE_BILL, "13900000001", NOON_S), 0);
    notify_sql_round_begin(sql);
    assert_int_equal(tell(2, NOTICE_BILL, "13900000002", NOON_S), 0);
    assert_int_equal(tell(9, NOTICE_BILL, "13900000003", NOON_S), 0);
    assert_int_equal(rooms->messages_waiting(rooms->context, 1, &waiting), 1);
    assert_int_equal(waiting, 2);
    assert_int_equal(rooms->messages_waiting(rooms->context, 2, &waiting), 1);
    assert_int_equal(waiting, 1);
    assert_int_equal(number("SELECT sum(messages) FROM message_count"), 1);
    /* One that moves meanwhile is counted where it was, and then where it is. */
    assert_int_equal(rooms->message_read(rooms->context, 3, &message), 1);
    message.state = MESSAGE_DEAD;
    assert_int_equal(rooms->message_write(rooms->context, &message, NOON_S), 0);
    assert_int_equal(rooms->messages_waiting(rooms->context, 2, &waiting), 1);
    assert_int_equal(waiting, 0);
    assert_int_equal(notify_sql_round_end(sql, 0), 0);
    counts_differ_never();
}

/* What fails is taken back by its transaction: nothing of it may be added later. */
static void a_round_that_fails_counts_nothing(void **state)
{
    (void)state;
    assert_int_equal(store_begin(store), 0);
    notify_sql_round_begin(sql);
    assert_int_equal(tell(1, NOTICE_BILL, "13900000001", NOON_S), 0);
    assert_int_equal(notify_sql_round_end(sql, -1001), -1001);
    store_rollback(store);
    assert_int_equal(tell(2, NOTICE_BILL, "13900000002", NOON_S), 0);
    assert_int_equal(number("SELECT sum(messages) FROM message_count"), 1);
    counts_differ_never();
}

/* One account's part is taken back, the round goes on: with a count begun before it, and one written out inside it. */
static void a_step_that_is_taken_back_counts_nothing(void **state)
{
    struct message message;
    int64_t waiting;

    (void)state;
    assert_int_equal(store_begin(store), 0);
    notify_sql_round_begin(sql);
    assert_int_equal(tell(1, NOTICE_BILL, "13900000001", NOON_S), 0);
    for (int moves = 0; moves < 2; moves++) {
        size_t mark = undo_mark(undo);

        assert_int_equal(store_savepoint(store), 0);
        assert_int_equal(tell(2, NOTICE_BILL, "13900000002", NOON_S), 0);
        assert_int_equal(tell(9, NOTICE_BILL, "13900000003", NOON_S), 0);
        if (moves == 1) {
            assert_int_equal(rooms->message_read(rooms->context, 3, &message), 1);
            message.state = MESSAGE_DEAD;
            assert_int_equal(rooms->message_write(rooms->context, &message, NOON_S), 0);
            assert_int_equal(rooms->messages_waiting(rooms->context, 1, &waiting), 1);
            assert_int_equal(waiting, 2);
        }
        assert_int_equal(store_revert(store), 0);
        undo_revert(undo, mark);
        assert_int_equal(rooms->messages_waiting(rooms->context, 1, &waiting), 1);
        assert_int_equal(waiting, 1);
    }
    assert_int_equal(tell(3, NOTICE_BILL, "13900000004", NOON_S), 0);
    assert_int_equal(notify_sql_round_end(sql, 0), 0);
    assert_int_equal(store_commit(store), 0);
    assert_int_equal(number("SELECT sum(messages) FROM message_count"), 2);
    counts_differ_never();
}

static void the_next_round_knows_what_was_changed(void **state)
{
    struct notify_sql_template words = { .tenant_id = 1, .kind = "bill", .language = NOTICE_CHINESE, .text = "{due}!" };

    (void)state;
    for (int change = 0; change < 2; change++) {
        notify_sql_round_begin(sql);
        assert_int_equal(tell(1, NOTICE_BILL, "13900000001", NOON_S + change), 0);
        assert_int_equal(tell(2, NOTICE_BILL, "13900000001", NOON_S + change), 0);
        assert_int_equal(notify_sql_round_end(sql, 0), 0);
        assert_int_equal(number("SELECT count(*) FROM message WHERE text = '1.00!'"), 3 * change);
        assert_int_equal(number("SELECT count(*) FROM message WHERE due_s > created_s"), 3 * change);
        if (change == 0) {
            assert_int_equal(notify_sql_template_put(sql, &words), 0);
            recipient_add(1, 1, "", "13900000007");
            assert_int_equal(store_execute(store, "INSERT INTO setting VALUES (1, 'message_daily_limit', '3'),"
                                                  " (1, 'notice_end_min', '600')"), 0);
        }
    }
    assert_int_equal(number("SELECT count(*) FROM message WHERE reason = 'daily_limit'"), 1);
}

/* Words of providers are JSON whatever a place is called. */
static void words_are_json(void **state)
{
    (void)state;
    assert_int_equal(tell(1, NOTICE_BILL, "13900000001", NOON_S), 0);
    assert_int_equal(number("SELECT words ->> 'place' = '3栋\"1204\"' AND words ->> 'due' = '1.00' FROM message"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(everybody_entered_is_told_in_the_same_order, round_open, round_close),
        cmocka_unit_test_setup_teardown(messages_are_counted_while_the_round_goes_on, round_open, round_close),
        cmocka_unit_test_setup_teardown(a_round_that_fails_counts_nothing, round_open, round_close),
        cmocka_unit_test_setup_teardown(a_step_that_is_taken_back_counts_nothing, round_open, round_close),
        cmocka_unit_test_setup_teardown(the_next_round_knows_what_was_changed, round_open, round_close),
        cmocka_unit_test_setup_teardown(words_are_json, round_open, round_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
