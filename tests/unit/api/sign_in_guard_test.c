#include "tests/unit/unit_test.h"

#include <stdio.h>
#include <string.h>

#include "api/client_address.h"
#include "api/sign_in_guard.h"
#include "base/text.h"
#include "security/people.h"

static int guard_open(void **state)
{
    *state = sign_in_guard_open();
    return *state != NULL ? 0 : -1;
}

static int guard_close(void **state)
{
    sign_in_guard_close(*state);
    return 0;
}

static void failures_add(struct sign_in_guard *guard, const char *login, int times, int64_t wall_s)
{
    for (int i = 0; i < times; i++)
        sign_in_nobody_failed(guard, SIGN_IN_RESIDENT, span_of_text(login), wall_s);
}

static int64_t locked(struct sign_in_guard *guard, const char *login, int64_t wall_s)
{
    return sign_in_nobody_locked_s(guard, SIGN_IN_RESIDENT, span_of_text(login), wall_s);
}

static void nobody_is_locked_as_somebody_would_be(void **state)
{
    failures_add(*state, "100999", SIGN_IN_FREE_FAILURES - 1, 1000);
    assert_int_equal(locked(*state, "100999", 1000), 0);
    failures_add(*state, "100999", 1, 1000);
    assert_int_equal(locked(*state, "100999", 1000), sign_in_lock_s(SIGN_IN_FREE_FAILURES));
    assert_int_equal(locked(*state, "100999", 1000 + SIGN_IN_LOCK_FIRST_S), 0);
    failures_add(*state, "100999", 1, 1100);
    assert_int_equal(locked(*state, "100999", 1100), sign_in_lock_s(SIGN_IN_FREE_FAILURES + 1));
    assert_int_equal(locked(*state, "100998", 1100), 0);
    assert_int_equal(sign_in_nobody_locked_s(*state, SIGN_IN_PERSON, span_of_text("100999"), 1100), 0);
}

static void a_quiet_day_is_forgiven(void **state)
{
    failures_add(*state, "100999", SIGN_IN_FREE_FAILURES, 1000);
    failures_add(*state, "100999", 1, 1000 + 86401);
    assert_int_equal(locked(*state, "100999", 1000 + 86401), 0);
}

/* However many are tried, those tried last are remembered. */
static void many_push_the_oldest_out(void **state)
{
    char login[32];
    int known = 0;

    for (int i = 0; i < 3 * SIGN_IN_NOBODY_LIMIT; i++) {
        (void)snprintf(login, sizeof login, "login-%d", i);
        failures_add(*state, login, SIGN_IN_FREE_FAILURES, 1000 + i);
        assert_true(locked(*state, login, 1000 + i) > 0);
    }
    for (int i = 0; i < 3 * SIGN_IN_NOBODY_LIMIT; i++) {
        (void)snprintf(login, sizeof login, "login-%d", i);
        known += locked(*state, login, 1000) > 0;
    }
    assert_in_range(known, SIGN_IN_NOBODY_LIMIT * 9 / 10, SIGN_IN_NOBODY_LIMIT);
}

/* client     the peer of the connection
 * forwarded  what X-Forwarded-For says; NULL: nothing */
static uint64_t number_of(const char *client, const char *forwarded, const char *expected)
{
    static struct exchange exchange;

    memset(&exchange, 0, sizeof exchange);
    assert_true(network_address_read(span_of_text(client), &exchange.client));
    assert_true(text_copy(span_of_text(client), exchange.client_text, sizeof exchange.client_text) > 0);
    exchange.forwarded_for = forwarded;
    assert_string_equal(client_address_text(&exchange), expected);
    return client_address_number(&exchange);
}

static void only_a_proxy_of_this_machine_is_believed(void **state)
{
    (void)state;
    assert_true(number_of("127.0.0.1", "203.0.113.9", "203.0.113.9") == number_of("203.0.113.9", NULL, "203.0.113.9"));
    (void)number_of("127.0.0.1", NULL, "127.0.0.1");
    (void)number_of("127.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9");
    (void)number_of("::1", " 2001:db8::7 ", "2001:db8::7");
    (void)number_of("::ffff:127.0.0.1", "203.0.113.9", "203.0.113.9");
    (void)number_of("203.0.113.7", "198.51.100.1", "203.0.113.7");
    (void)number_of("10.0.0.1", "198.51.100.1", "10.0.0.1");
    (void)number_of("127.0.0.1", "nobody", "127.0.0.1");
    (void)number_of("127.0.0.1", "203.0.113.9,", "127.0.0.1");
    (void)number_of("127.0.0.1", "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb", "127.0.0.1");
}

static void a_house_has_one_number(void **state)
{
    (void)state;
    assert_true(number_of("2001:db8:1:2::1", NULL, "2001:db8:1:2::1")
        == number_of("2001:db8:1:2:ffff::9", NULL, "2001:db8:1:2:ffff::9"));
    assert_true(number_of("2001:db8:1:2::1", NULL, "2001:db8:1:2::1")
        != number_of("2001:db8:1:3::1", NULL, "2001:db8:1:3::1"));
    assert_true(number_of("203.0.113.9", NULL, "203.0.113.9") != number_of("203.0.113.8", NULL, "203.0.113.8"));
    assert_true(number_of("203.0.113.9", NULL, "203.0.113.9") == number_of("::ffff:203.0.113.9", NULL, "::ffff:203.0.113.9"));
    assert_true((number_of("203.0.113.9", NULL, "203.0.113.9") & UINT64_C(1) << 63) != 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nobody_is_locked_as_somebody_would_be, guard_open, guard_close),
        cmocka_unit_test_setup_teardown(a_quiet_day_is_forgiven, guard_open, guard_close),
        cmocka_unit_test_setup_teardown(many_push_the_oldest_out, guard_open, guard_close),
        cmocka_unit_test(only_a_proxy_of_this_machine_is_believed),
        cmocka_unit_test(a_house_has_one_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
