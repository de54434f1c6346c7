#include "store/sql/resident_sql.h"

#include <string.h>

#include "base/text.h"
#include "security/security_error.h"
#include "store/sql/people_sql.h"
#include "tests/store/store_fixture.h"
#include "tests/unit/unit_test.h"

/* Residents of one tenant over a real store: customer 1 of the estate /1/2/, customer 2 of /1/3/, 3 of another tenant. */
struct fixture {
    struct store *connection;
    struct people_sql people_sql;
    struct people_store people;
    struct resident_sql residents;
    struct resident_store store;
    struct people_caller clerk;
    struct people_caller phone;
};

#define FIRST "scrypt$first"
#define OWN "scrypt$own"

static int fixture_open(void **state)
{
    static struct fixture fixture;
    char path[STORE_FIXTURE_PATH];
    struct store_config config = { .path = path };
    store_fixture_place(path, sizeof path);
    memset(&fixture, 0, sizeof fixture);
    assert_int_equal(store_open(&config, &fixture.connection), 0);
    store_fixture_loosen(fixture.connection);
    assert_int_equal(store_execute(fixture.connection,
        "INSERT INTO tenant VALUES (1, '云榕水务', 28800, 0), (2, '鹭湾物业', 28800, 0);"
        "INSERT INTO area VALUES (1, 1, NULL, 'company', 'a', '/1/'), (2, 1, 1, 'estate', 'b', '/1/2/'),"
        " (3, 1, 1, 'estate', 'c', '/1/3/'), (9, 2, NULL, 'company', 'z', '/9/');"
        "INSERT INTO customer (customer_id, tenant_id, number, name, created_s) VALUES (1, 1, '100482', '陈佳怡', 0),"
        " (2, 1, '100483', '林志远', 0), (3, 2, '100482', '他', 0);"
        "INSERT INTO account (account_id, tenant_id, customer_id, area_id, tariff_id, payment_mode, wallet_id, opened_s)"
        " VALUES (1, 1, 1, 2, 1, 'postpaid', 1, 0), (2, 1, 2, 3, 1, 'postpaid', 2, 0);"), 0);
    assert_int_equal(people_sql_open(&fixture.people_sql, fixture.connection, &fixture.people), 0);
    assert_int_equal(resident_sql_open(&fixture.residents, fixture.connection, &fixture.people, &fixture.store), 0);
    fixture.clerk = (struct people_caller){ .tenant_id = 1, .person_id = 1, .path = "/1/2/", .now_s = 500, .wall_s = 1000 };
    fixture.phone = (struct people_caller){ .tenant_id = 1, .path = "/1/", .now_s = 500, .wall_s = 1000 };
    *state = &fixture;
    return 0;
}

static int fixture_close(void **state)
{
    struct fixture *fixture = *state;
    resident_sql_close(&fixture->residents);
    people_sql_close(&fixture->people_sql);
    store_close(fixture->connection);
    return 0;
}

static int64_t number(struct fixture *fixture, const char *query)
{
    int64_t value = -1;
    assert_int_equal(store_number(fixture->connection, query, &value), 0);
    return value;
}

static int issue(struct fixture *fixture, int64_t customer_id, const char *login)
{
    struct resident_login made = { .customer_id = customer_id, .one_time = true, .password_hash = FIRST };

    (void)text_copy(span_of_text(login), made.login, sizeof made.login);
    return resident_login_issue(&fixture->store, &fixture->clerk, &made);
}

/* phone_id  0: a phone of its own, told apart by `token` */
static int bind(struct fixture *fixture, const char *proved, const char *wanted, uint8_t token, int64_t *phone_id)
{
    struct resident_proof proof = { 1, proved, wanted };
    struct resident_phone phone = { .phone_id = *phone_id, .token_hash = { token }, .csrf_token = "csrf" };

    return resident_bind(&fixture->store, &fixture->phone, &proof, &phone, phone_id);
}

static void test_a_clerk_issues_within_the_jurisdiction(void **state)
{
    struct fixture *fixture = *state;

    assert_int_equal(issue(fixture, 2, "100483"), SECURITY_ERR_RESIDENT);
    assert_int_equal(issue(fixture, 3, "100482"), SECURITY_ERR_RESIDENT);
    assert_int_equal(issue(fixture, 1, "No Login"), SECURITY_ERR_LOGIN);
    assert_int_equal(issue(fixture, 1, "100482"), 0);
    memcpy(fixture->clerk.path, "/1/", 4);
    assert_int_equal(issue(fixture, 2, "100482"), SECURITY_ERR_LOGIN_TAKEN);
    assert_int_equal(issue(fixture, 2, "100483"), 0);
    assert_int_equal(number(fixture, "SELECT count(*) FROM audit WHERE action = 'resident.issue' AND person_id = 1"), 2);
}

static void test_a_first_password_binds_once(void **state)
{
    struct fixture *fixture = *state;
    int64_t first = 0;
    int64_t second = 0;

    assert_int_equal(issue(fixture, 1, "100482"), 0);
    assert_int_equal(bind(fixture, FIRST, "", 1, &first), SECURITY_ERR_RESIDENT_FIRST);
    assert_int_equal(bind(fixture, FIRST, OWN, 1, &first), 0);
    assert_int_equal(bind(fixture, FIRST, "scrypt$thief", 2, &second), SECURITY_ERR_MISMATCH);
    assert_int_equal(number(fixture, "SELECT count(*) FROM resident_phone"), 1);
    assert_int_equal(bind(fixture, OWN, "", 2, &second), 0);
    assert_int_not_equal(first, second);
}

/* Whoever knew the phone's token before does not see what is bound with it. */
static void test_a_bind_changes_the_token(void **state)
{
    struct fixture *fixture = *state;
    int64_t phone = 0;
    int64_t same;

    assert_int_equal(issue(fixture, 1, "100482"), 0);
    assert_int_equal(bind(fixture, FIRST, OWN, 7, &phone), 0);
    same = phone;
    assert_int_equal(bind(fixture, OWN, "", 8, &same), 0);
    assert_int_equal(same, phone);
    assert_int_equal(number(fixture, "SELECT count(*) FROM resident_phone WHERE substr(token_hash, 1, 1) = x'07'"), 0);
    assert_int_equal(number(fixture, "SELECT count(*) FROM resident_phone WHERE substr(token_hash, 1, 1) = x'08'"), 1);
}

static void test_a_first_password_grows_old(void **state)
{
    struct fixture *fixture = *state;
    int64_t phone = 0;

    assert_int_equal(issue(fixture, 1, "100482"), 0);
    fixture->phone.wall_s = 1000 + RESIDENT_ONE_TIME_S + 1;
    assert_int_equal(bind(fixture, FIRST, OWN, 1, &phone), SECURITY_ERR_RESIDENT_EXPIRED);
    fixture->phone.wall_s--;
    assert_int_equal(bind(fixture, FIRST, OWN, 1, &phone), 0);
}

static void test_failures_lock_and_a_bind_forgives(void **state)
{
    struct fixture *fixture = *state;
    int64_t phone = 0;

    assert_int_equal(resident_failure_record(&fixture->store, &fixture->phone, 1), SECURITY_ERR_RESIDENT);
    assert_int_equal(issue(fixture, 1, "100482"), 0);
    for (int i = 0; i < SIGN_IN_FREE_FAILURES; i++)
        assert_int_equal(resident_failure_record(&fixture->store, &fixture->phone, 1), 0);
    assert_int_equal(number(fixture, "SELECT locked_until_s FROM resident_login"), 1000 + SIGN_IN_LOCK_FIRST_S);
    assert_int_equal(number(fixture, "SELECT count(*) FROM audit WHERE action = 'resident.locked'"), 1);
    assert_int_equal(bind(fixture, FIRST, OWN, 1, &phone), 0);
    assert_int_equal(number(fixture, "SELECT failed_count + locked_until_s FROM resident_login"), 0);
}

static void test_the_phone_unused_for_longest_gives_way(void **state)
{
    struct fixture *fixture = *state;
    int64_t phones[RESIDENT_PHONES_PER_CUSTOMER + 1] = { 0 };

    assert_int_equal(issue(fixture, 1, "100482"), 0);
    for (uint8_t i = 0; i <= RESIDENT_PHONES_PER_CUSTOMER; i++) {
        fixture->phone.wall_s = 1000 + i;
        assert_int_equal(bind(fixture, i == 0 ? FIRST : OWN, i == 0 ? OWN : "", i, &phones[i]), 0);
        if (i == 1)
            assert_int_equal(resident_touch(&fixture->store, phones[0], 2000), 0);
    }
    assert_int_equal(number(fixture, "SELECT count(*) FROM resident_binding"), RESIDENT_PHONES_PER_CUSTOMER);
    assert_int_equal(fixture->store.binding_of(fixture->store.context, phones[0], 1), 1);
    assert_int_equal(fixture->store.binding_of(fixture->store.context, phones[1], 1), 0);
    fixture->phone.wall_s = 3000 + RESIDENT_IDLE_S;
    phones[1] = 0;
    assert_int_equal(bind(fixture, OWN, "", 99, &phones[1]), 0);
    assert_int_equal(number(fixture, "SELECT count(*) FROM resident_phone"), 1);
}

static void test_one_phone_has_a_bound_of_customers_and_one_organisation(void **state)
{
    struct fixture *fixture = *state;
    int64_t phone = 0;

    assert_int_equal(issue(fixture, 1, "100482"), 0);
    assert_int_equal(bind(fixture, FIRST, OWN, 1, &phone), 0);
    assert_int_equal(bind(fixture, OWN, "", 1, &phone), 0);
    assert_int_equal(number(fixture, "SELECT count(*) FROM resident_binding"), 1);
    assert_int_equal(store_execute(fixture->connection,
        "WITH RECURSIVE n(i) AS (SELECT 101 UNION ALL SELECT i + 1 FROM n WHERE i < 119)"
        " INSERT INTO resident_binding (resident_phone_id, customer_id, bound_s) SELECT 1, i, 0 FROM n;"), 0);
    assert_int_equal(bind(fixture, OWN, "", 1, &phone), SECURITY_ERR_RESIDENT_LIMIT);
    assert_int_equal(store_execute(fixture->connection, "UPDATE resident_phone SET tenant_id = 2"), 0);
    assert_int_equal(bind(fixture, OWN, "", 1, &phone), SECURITY_ERR_RESIDENT_TENANT);
}

static void test_only_who_is_bound_unbinds_and_changes(void **state)
{
    struct fixture *fixture = *state;
    struct resident_proof proof = { 1, OWN, "scrypt$next" };
    int64_t mine = 0;
    int64_t family = 0;

    assert_int_equal(issue(fixture, 1, "100482"), 0);
    assert_int_equal(bind(fixture, FIRST, OWN, 1, &mine), 0);
    assert_int_equal(bind(fixture, OWN, "", 2, &family), 0);
    assert_int_equal(resident_unbind(&fixture->store, &fixture->phone, 1, 77), SECURITY_ERR_RESIDENT);
    assert_int_equal(resident_unbind(&fixture->store, &fixture->phone, 55, mine), SECURITY_ERR_RESIDENT);
    assert_int_equal(resident_password_change(&fixture->store, &fixture->phone, &proof, 77), SECURITY_ERR_RESIDENT);
    assert_int_equal(resident_password_change(&fixture->store, &fixture->phone, &proof, family), 0);
    assert_int_equal(number(fixture, "SELECT resident_phone_id FROM resident_binding"), family);
    assert_int_equal(resident_password_change(&fixture->store, &fixture->phone, &proof, family), SECURITY_ERR_MISMATCH);
    memcpy(fixture->clerk.path, "/1/3/", 6);
    assert_int_equal(resident_unbind(&fixture->store, &fixture->clerk, 2, 0), SECURITY_ERR_RESIDENT);
    memcpy(fixture->clerk.path, "/1/2/", 6);
    assert_int_equal(resident_unbind(&fixture->store, &fixture->clerk, 2, 0), 0);
    assert_int_equal(number(fixture, "SELECT count(*) FROM resident_binding"), 0);
}

static void test_a_new_first_password_and_a_withdrawal_unbind_all(void **state)
{
    struct fixture *fixture = *state;
    int64_t phone = 0;

    assert_int_equal(issue(fixture, 1, "100482"), 0);
    assert_int_equal(bind(fixture, FIRST, OWN, 1, &phone), 0);
    assert_int_equal(issue(fixture, 1, "13800000417"), 0);
    assert_int_equal(number(fixture, "SELECT count(*) FROM resident_binding"), 0);
    phone = 0;
    assert_int_equal(bind(fixture, FIRST, OWN, 2, &phone), 0);
    assert_int_equal(resident_login_withdraw(&fixture->store, &fixture->clerk, 1), 0);
    assert_int_equal(number(fixture, "SELECT count(*) FROM resident_binding"), 0);
    assert_int_equal(bind(fixture, OWN, "", 2, &phone), SECURITY_ERR_RESIDENT);
    assert_int_equal(resident_forget(&fixture->store, &fixture->phone, phone), 0);
    assert_int_equal(number(fixture, "SELECT count(*) FROM resident_phone WHERE token_hash = x'02'"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_clerk_issues_within_the_jurisdiction, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(test_a_first_password_binds_once, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(test_a_bind_changes_the_token, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(test_a_first_password_grows_old, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(test_failures_lock_and_a_bind_forgives, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(test_the_phone_unused_for_longest_gives_way, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(test_one_phone_has_a_bound_of_customers_and_one_organisation, fixture_open,
            fixture_close),
        cmocka_unit_test_setup_teardown(test_only_who_is_bound_unbinds_and_changes, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(test_a_new_first_password_and_a_withdrawal_unbind_all, fixture_open, fixture_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
