/* The outbox on the real store: one sender at a time, every end with its reason, nothing in quiet hours. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "notify/notify_error.h"
#include "notify/outbox.h"
#include "store/sql/notify_sql.h"
#include "tests/store/store_fixture.h"

#define SMS MESSAGE_CHANNEL_BIT(MESSAGE_SMS)
/* 2026-01-15 in Beijing. */
#define MIDNIGHT_S INT64_C(1768406400)
#define NOON_S (MIDNIGHT_S + 12 * 3600)

static struct store *store;
static struct notify_sql *sql;
static const struct notify_store *rooms;
static struct message taken[OUTBOX_CLAIM_LIMIT];
static uint32_t count;
static int64_t next_s;

static int outbox_open(void **state)
{
    (void)state;
    store = store_fixture_memory();
    assert_int_equal(store_execute(store,
        "INSERT INTO tenant VALUES (1, 'T', 28800, 0), (2, 'U', 28800, 0);"
        "INSERT INTO area VALUES (1, 1, NULL, 'company', 'T', '/1/'), (2, 2, NULL, 'company', 'U', '/2/')"), 0);
    assert_int_equal(notify_sql_open(store, NULL, &sql), 0);
    rooms = notify_sql_store(sql);
    return 0;
}

static int outbox_close(void **state)
{
    (void)state;
    notify_sql_close(sql);
    store_close(store);
    return 0;
}

static int64_t put(const char *recipient, enum message_priority priority, int64_t now_s)
{
    struct message message = { .tenant_id = 1, .area_id = 1, .channel = MESSAGE_SMS, .priority = (uint8_t)priority,
                               .kind = "bill", .text = "x", .words = "{}" };
    struct notify_policy policy;

    memcpy(message.recipient, recipient, strlen(recipient) + 1);
    assert_int_equal(rooms->policy_read(rooms->context, 1, &policy), 0);
    assert_int_equal(outbox_put(rooms, &policy, SMS, now_s, &message), 0);
    return message.message_id;
}

static uint32_t take(const char *provider, bool fresh, int64_t now_s)
{
    struct outbox_claim claim = { provider, MESSAGE_SMS, "", fresh, 8 };

    assert_int_equal(outbox_take(rooms, &claim, now_s, taken, &count, &next_s), 0);
    return count;
}

static void settle(const char *provider, int64_t message_id, enum message_outcome outcome, int64_t now_s)
{
    struct message_result result = { .message_id = message_id, .outcome = outcome, .reason = "because", .cost_e4 = 100,
                                     .parts = 2, .reference_count = 2, .references = { "a", "b" } };

    assert_int_equal(outbox_settle(rooms, provider, &result, now_s), 0);
}

static struct message row(int64_t message_id)
{
    struct message message;

    assert_int_equal(rooms->message_read(rooms->context, message_id, &message), 1);
    return message;
}

static void a_message_is_with_one_sender_at_a_time(void **state)
{
    int64_t first = put("13800000001", MESSAGE_ROUTINE, NOON_S);
    int64_t urgent = put("13800000002", MESSAGE_URGENT, NOON_S + 1);

    (void)state;
    assert_int_equal(take("one", true, NOON_S + 2), 2);
    assert_int_equal(taken[0].message_id, urgent);
    assert_int_equal(taken[1].message_id, first);
    assert_int_equal(take("two", true, NOON_S + 2), 0);
    assert_int_equal(next_s, NOON_S + 2 + MESSAGE_LEASE_S);
    settle("two", first, MESSAGE_OUT_SENT, NOON_S + 3); /* it has not got it */
    assert_int_equal(row(first).state, MESSAGE_SENDING);
    settle("one", first, MESSAGE_OUT_SENT, NOON_S + 3);
    assert_int_equal(row(first).state, MESSAGE_SENT);
    settle("one", first, MESSAGE_OUT_REFUSED, NOON_S + 4); /* once is enough */
    assert_int_equal(row(first).state, MESSAGE_SENT);
}

static void what_a_sender_had_when_it_died_is_handed_out_again(void **state)
{
    int64_t message_id = put("13800000001", MESSAGE_ROUTINE, NOON_S);

    (void)state;
    assert_int_equal(take("one", true, NOON_S), 1);
    assert_int_equal(take("two", false, NOON_S + MESSAGE_LEASE_S - 1), 0);
    assert_int_equal(take("two", false, NOON_S + MESSAGE_LEASE_S), 1);
    assert_int_equal(take("two", true, NOON_S + MESSAGE_LEASE_S + 1), 1); /* it started anew: its own are due at once */
    assert_int_equal(row(message_id).attempts, 3);
    settle("one", message_id, MESSAGE_OUT_SENT, NOON_S + 200); /* the first comes back from the dead */
    assert_int_equal(row(message_id).state, MESSAGE_SENDING);
}

static void a_message_that_keeps_killing_its_sender_is_given_up(void **state)
{
    int64_t message_id = put("13800000001", MESSAGE_URGENT, NOON_S);

    (void)state;
    for (int i = 0; i < MESSAGE_ATTEMPT_LIMIT; i++)
        assert_int_equal(take("one", true, NOON_S + i), 1);
    assert_int_equal(take("one", true, NOON_S + 100), 0);
    assert_int_equal(row(message_id).state, MESSAGE_DEAD);
    assert_string_equal(row(message_id).reason, "sender_vanished");
}

static void attempts_end(void **state)
{
    int64_t message_id = put("13800000001", MESSAGE_URGENT, NOON_S);
    int64_t now_s = NOON_S;
    int attempts = 0;

    (void)state;
    while (row(message_id).state != MESSAGE_DEAD) {
        assert_int_equal(take("one", false, now_s), 1);
        settle("one", message_id, MESSAGE_OUT_RETRY, now_s);
        now_s = row(message_id).due_s;
        attempts++;
    }
    assert_int_equal(attempts, MESSAGE_ATTEMPT_LIMIT);
    assert_string_equal(row(message_id).reason, "because");
    assert_int_equal(row(message_id).cost_e4, 800);
    assert_int_equal(outbox_resend(rooms, 2, message_id, SMS, now_s), NOTIFY_ERR_MESSAGE);
    assert_int_equal(outbox_resend(rooms, 1, message_id, 0, now_s), NOTIFY_ERR_CHANNEL);
    assert_int_equal(outbox_resend(rooms, 1, message_id, SMS, now_s), 0);
    assert_int_equal(outbox_resend(rooms, 1, message_id, SMS, now_s), NOTIFY_ERR_UNDER_WAY);
    assert_int_equal(take("one", false, now_s), 1);
}

static void being_throttled_costs_no_attempt_but_time_runs_out(void **state)
{
    int64_t message_id = put("13800000001", MESSAGE_URGENT, NOON_S);

    (void)state;
    for (int i = 0; i < 20; i++) {
        assert_int_equal(take("one", false, NOON_S + i * 3600), 1);
        settle("one", message_id, MESSAGE_OUT_THROTTLED, NOON_S + i * 3600);
        assert_int_equal(row(message_id).attempts, 0);
    }
    assert_int_equal(outbox_expire(rooms, NOON_S + MESSAGE_LIFE_S - 1), 0);
    assert_int_equal(outbox_expire(rooms, NOON_S + MESSAGE_LIFE_S), 1);
    assert_int_equal(row(message_id).state, MESSAGE_DEAD);
}

static void routine_waits_for_the_morning(void **state)
{
    int64_t evening_s = MIDNIGHT_S + 22 * 3600;
    int64_t message_id = put("13800000001", MESSAGE_ROUTINE, evening_s);
    int64_t late = put("13800000003", MESSAGE_ROUTINE, MIDNIGHT_S + 20 * 3600);

    (void)state;
    assert_int_equal(row(message_id).due_s, MIDNIGHT_S + 32 * 3600);
    put("13800000002", MESSAGE_URGENT, evening_s);
    assert_int_equal(take("one", true, evening_s), 1); /* the urgent one; the late one missed its hour */
    assert_int_equal(row(late).due_s, MIDNIGHT_S + 32 * 3600);
    assert_int_equal(row(late).attempts, 0);
    assert_int_equal(take("one", false, MIDNIGHT_S + 32 * 3600), 3);
}

static void one_number_is_not_flooded(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++)
        assert_int_equal(row(put("13800000001", MESSAGE_ROUTINE, NOON_S + i)).state, MESSAGE_WAITING);
    assert_string_equal(row(put("13800000001", MESSAGE_ROUTINE, NOON_S + 11)).reason, "daily_limit");
    assert_int_equal(row(put("13800000001", MESSAGE_URGENT, NOON_S + 12)).state, MESSAGE_WAITING);
    assert_int_equal(row(put("13800000002", MESSAGE_ROUTINE, NOON_S + 13)).state, MESSAGE_WAITING);
    assert_int_equal(row(put("13800000001", MESSAGE_ROUTINE, NOON_S + 86400)).state, MESSAGE_WAITING);
}

static void every_part_must_arrive(void **state)
{
    int64_t message_id = put("13800000001", MESSAGE_ROUTINE, NOON_S);
    struct message_receipt receipt = { .outcome = MESSAGE_OUT_DELIVERED, .reference = "a" };

    (void)state;
    assert_int_equal(outbox_receive(rooms, "one", &receipt, NOON_S), 0);
    take("one", true, NOON_S);
    settle("one", message_id, MESSAGE_OUT_SENT, NOON_S);
    assert_int_equal(outbox_receive(rooms, "two", &receipt, NOON_S), 0); /* another provider's number */
    assert_int_equal(outbox_receive(rooms, "one", &receipt, NOON_S), 1);
    assert_int_equal(outbox_receive(rooms, "one", &receipt, NOON_S), 1); /* again: still one part of two */
    assert_int_equal(row(message_id).state, MESSAGE_SENT);
    receipt.reference[0] = 'b';
    assert_int_equal(outbox_receive(rooms, "one", &receipt, NOON_S), 1);
    assert_int_equal(row(message_id).state, MESSAGE_DELIVERED);
    receipt.outcome = MESSAGE_OUT_UNDELIVERED;
    assert_int_equal(outbox_receive(rooms, "one", &receipt, NOON_S), 1);
    assert_int_equal(row(message_id).state, MESSAGE_DELIVERED);
}

static void counts_follow_every_change(void **state)
{
    int64_t waiting = -1;

    (void)state;
    put("13800000001", MESSAGE_ROUTINE, NOON_S);
    put("13800000002", MESSAGE_ROUTINE, NOON_S);
    take("one", true, NOON_S);
    settle("one", taken[0].message_id, MESSAGE_OUT_SENT, NOON_S);
    assert_int_equal(rooms->messages_waiting(rooms->context, 1, &waiting), 1);
    assert_int_equal(waiting, 1);
}

/* Whoever tells many waits while many wait; single messages still find room. */
static void many_at_once_leave_room_for_others(void **state)
{
    (void)state;
    put("13800000001", MESSAGE_ROUTINE, NOON_S);
    assert_int_equal(outbox_room(rooms, 1), 1);
    assert_int_equal(store_execute(store, "UPDATE message_count SET messages = 1499999"), 0);
    assert_int_equal(outbox_room(rooms, 1), 1);
    assert_int_equal(row(put("13800000002", MESSAGE_ROUTINE, NOON_S)).state, MESSAGE_WAITING);
    assert_int_equal(outbox_room(rooms, 1), 0);
    assert_int_equal(outbox_room(rooms, 2), 1);
    assert_int_equal(row(put("13800000003", MESSAGE_ROUTINE, NOON_S)).state, MESSAGE_WAITING);
    assert_int_equal(store_execute(store, "UPDATE message_count SET messages = 2000000"), 0);
    assert_string_equal(row(put("13800000004", MESSAGE_ROUTINE, NOON_S)).reason, "outbox_full");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_message_is_with_one_sender_at_a_time, outbox_open, outbox_close),
        cmocka_unit_test_setup_teardown(what_a_sender_had_when_it_died_is_handed_out_again, outbox_open, outbox_close),
        cmocka_unit_test_setup_teardown(a_message_that_keeps_killing_its_sender_is_given_up, outbox_open, outbox_close),
        cmocka_unit_test_setup_teardown(attempts_end, outbox_open, outbox_close),
        cmocka_unit_test_setup_teardown(being_throttled_costs_no_attempt_but_time_runs_out, outbox_open, outbox_close),
        cmocka_unit_test_setup_teardown(routine_waits_for_the_morning, outbox_open, outbox_close),
        cmocka_unit_test_setup_teardown(one_number_is_not_flooded, outbox_open, outbox_close),
        cmocka_unit_test_setup_teardown(every_part_must_arrive, outbox_open, outbox_close),
        cmocka_unit_test_setup_teardown(counts_follow_every_change, outbox_open, outbox_close),
        cmocka_unit_test_setup_teardown(many_at_once_leave_room_for_others, outbox_open, outbox_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
