#include "store/sql/people_sql.h"

#include <string.h>

#include "security/security_error.h"
#include "tests/store/store_fixture.h"
#include "tests/unit/unit_test.h"

/* The people of one tenant over a real store: 1 the administrator, 2 a clerk of the estate. */
struct fixture {
    struct store *connection;
    struct people_sql people;
    struct people_store store;
    struct people_caller caller;
};

static int fixture_open(void **state)
{
    static struct fixture fixture;
    char path[STORE_FIXTURE_PATH];
    struct store_config config = { .path = path };
    store_fixture_place(path, sizeof path);
    memset(&fixture, 0, sizeof fixture);
    assert_int_equal(store_open(&config, &fixture.connection), 0);
    assert_int_equal(store_execute(fixture.connection,
        "INSERT INTO tenant VALUES (1, '云榕水务', 28800, 0), (2, '鹭湾物业', 28800, 0);"
        "INSERT INTO area VALUES (1, 1, NULL, 'company', 'a', '/1/'), (2, 1, 1, 'estate', 'b', '/1/2/'),"
        " (3, 1, 1, 'estate', 'c', '/1/3/'), (9, 2, NULL, 'company', 'z', '/9/');"
        "INSERT INTO person (person_id, tenant_id, area_id, login, display_name, role, password_hash, created_s) VALUES"
        " (1, 1, 1, 'admin', '李建国', 'administrator', 'scrypt$x', 0), (2, 1, 2, 'wangjing', '王静', 'clerk', 'scrypt$x', 0),"
        " (3, 2, 9, 'other', '他', 'administrator', 'scrypt$x', 0);"), 0);
    assert_int_equal(people_sql_open(&fixture.people, fixture.connection, &fixture.store), 0);
    fixture.caller = (struct people_caller){ .tenant_id = 1, .person_id = 1, .path = "/1/", .now_s = 500, .wall_s = 1000 };
    *state = &fixture;
    return 0;
}

static int fixture_close(void **state)
{
    struct fixture *fixture = *state;
    people_sql_close(&fixture->people);
    store_close(fixture->connection);
    return 0;
}

static int64_t number(struct fixture *fixture, const char *query)
{
    int64_t value = -1;
    assert_int_equal(store_number(fixture->connection, query, &value), 0);
    return value;
}

static void sign_in_fail(struct fixture *fixture, int times)
{
    fixture->caller.person_id = 2;
    for (int i = 0; i < times; i++)
        assert_int_equal(sign_in_record(&fixture->store, &fixture->caller, NULL), 0);
}

static void test_failures_lock_and_success_forgives(void **state)
{
    struct fixture *fixture = *state;
    struct session session = { .csrf_token = "csrf" };

    sign_in_fail(fixture, SIGN_IN_FREE_FAILURES - 1);
    assert_int_equal(number(fixture, "SELECT locked_until_s FROM person WHERE person_id = 2"), 0);
    sign_in_fail(fixture, 1);
    assert_int_equal(number(fixture, "SELECT locked_until_s FROM person WHERE person_id = 2"),
        1000 + SIGN_IN_LOCK_FIRST_S);
    assert_int_equal(number(fixture, "SELECT count(*) FROM audit WHERE action = 'session.locked'"), 1);
    assert_int_equal(sign_in_record(&fixture->store, &fixture->caller, &session), 0);
    assert_int_equal(number(fixture, "SELECT failed_count + locked_until_s FROM person WHERE person_id = 2"), 0);
    assert_int_equal(number(fixture, "SELECT expires_s FROM session"), 1000 + SESSION_LIFETIME_S);
}

static void test_the_lock_doubles_up_to_its_limit(void **state)
{
    (void)state;
    assert_int_equal(sign_in_lock_s(SIGN_IN_FREE_FAILURES - 1), 0);
    assert_int_equal(sign_in_lock_s(SIGN_IN_FREE_FAILURES), SIGN_IN_LOCK_FIRST_S);
    assert_int_equal(sign_in_lock_s(SIGN_IN_FREE_FAILURES + 1), 2 * SIGN_IN_LOCK_FIRST_S);
    assert_int_equal(sign_in_lock_s(1000000), SIGN_IN_LOCK_LIMIT_S);
}

static void test_sessions_are_bounded_and_end(void **state)
{
    struct fixture *fixture = *state;
    struct session session = { .csrf_token = "csrf" };

    for (int i = 0; i < SESSION_LIMIT_PER_PERSON + 5; i++) {
        session.token_hash[0] = (uint8_t)i;
        fixture->caller.wall_s = 1000 + i;
        assert_int_equal(sign_in_record(&fixture->store, &fixture->caller, &session), 0);
    }
    assert_int_equal(number(fixture, "SELECT count(*) FROM session"), SESSION_LIMIT_PER_PERSON);
    assert_int_equal(number(fixture, "SELECT min(created_s) FROM session"), 1005);
    assert_int_equal(session_touch(&fixture->store, session.token_hash, 5000), 0);
    assert_int_equal(number(fixture, "SELECT max(seen_s) FROM session"), 5000);
    assert_int_equal(sign_out(&fixture->store, &fixture->caller, session.token_hash), 0);
    assert_int_equal(number(fixture, "SELECT count(*) FROM session"), SESSION_LIMIT_PER_PERSON - 1);
}

static struct person somebody(void)
{
    return (struct person){ .area_id = 2, .login = "zhangwei", .display_name = "张伟", .role = "operator",
        .language = "zh", .password_hash = "scrypt$16$1$1$00$00" };
}

static int create(struct fixture *fixture, const struct person *person)
{
    int64_t id = 0;
    return person_create(&fixture->store, &fixture->caller, person, &id);
}

static void test_a_person_is_created_within_the_callers_area(void **state)
{
    struct fixture *fixture = *state;
    struct person person = somebody();

    assert_int_equal(create(fixture, &person), 0);
    assert_int_equal(create(fixture, &person), SECURITY_ERR_LOGIN_TAKEN);
    assert_int_equal(number(fixture, "SELECT tenant_id FROM person WHERE login = 'zhangwei'"), 1);
    person = somebody();
    memcpy(person.login, "zhang2", 7);
    person.area_id = 9;
    assert_int_equal(create(fixture, &person), SECURITY_ERR_AREA);
    memcpy(fixture->caller.path, "/1/3/", 6);
    person.area_id = 2;
    assert_int_equal(create(fixture, &person), SECURITY_ERR_AREA);
}

static void test_wrong_persons_are_named(void **state)
{
    struct fixture *fixture = *state;
    struct person person = somebody();

    memcpy(person.login, "Zhang Wei", 10);
    assert_int_equal(create(fixture, &person), SECURITY_ERR_LOGIN);
    person = somebody();
    memcpy(person.role, "king", 5);
    assert_int_equal(create(fixture, &person), SECURITY_ERR_ROLE);
    person = somebody();
    memcpy(person.language, "fr", 3);
    assert_int_equal(create(fixture, &person), SECURITY_ERR_LANGUAGE);
    person = somebody();
    memcpy(person.display_name, "  ", 3);
    assert_int_equal(create(fixture, &person), SECURITY_ERR_NAME);
    person = somebody();
    memcpy(person.password_hash, "secret", 7);
    assert_int_equal(create(fixture, &person), SECURITY_ERR_HASH);
    assert_int_equal(number(fixture, "SELECT count(*) FROM person"), 3);
}

static void test_the_last_administrator_stays(void **state)
{
    struct fixture *fixture = *state;
    struct person change = { .person_id = 1, .role = "viewer", .disabled = true };

    assert_int_equal(person_change(&fixture->store, &fixture->caller, &change, PERSON_ROLE),
        SECURITY_ERR_LAST_ADMINISTRATOR);
    assert_int_equal(person_change(&fixture->store, &fixture->caller, &change, PERSON_DISABLED),
        SECURITY_ERR_LAST_ADMINISTRATOR);
    change.person_id = 3;
    assert_int_equal(person_change(&fixture->store, &fixture->caller, &change, PERSON_DISABLED), SECURITY_ERR_PERSON);
}

static void test_a_new_password_ends_the_sessions(void **state)
{
    struct fixture *fixture = *state;
    struct session session = { .csrf_token = "csrf" };
    struct person change = { .person_id = 2, .password_hash = "scrypt$new" };

    fixture->caller.person_id = 2;
    assert_int_equal(sign_in_record(&fixture->store, &fixture->caller, &session), 0);
    assert_int_equal(person_change(&fixture->store, &fixture->caller, &change, PERSON_PASSWORD), 0);
    assert_int_equal(number(fixture, "SELECT count(*) FROM session"), 0);
    assert_int_equal(number(fixture, "SELECT count(*) FROM person WHERE password_hash = 'scrypt$new'"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_failures_lock_and_success_forgives, fixture_open, fixture_close),
        cmocka_unit_test(test_the_lock_doubles_up_to_its_limit),
        cmocka_unit_test_setup_teardown(test_sessions_are_bounded_and_end, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(test_a_person_is_created_within_the_callers_area, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(test_wrong_persons_are_named, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(test_the_last_administrator_stays, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(test_a_new_password_ends_the_sessions, fixture_open, fixture_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
