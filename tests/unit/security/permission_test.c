#include "security/permission.h"

#include <string.h>

#include "tests/unit/unit_test.h"

static bool role_may(const char *name, enum permission permission)
{
    return permission_allows(role_find(name)->permissions, permission);
}

static void test_the_administrator_may_everything(void **state)
{
    (void)state;
    for (int i = 0; i < PERMISSION_COUNT; i++)
        assert_true(role_may("administrator", (enum permission)i));
}

static void test_the_viewer_changes_nothing_and_sees_no_names(void **state)
{
    (void)state;
    for (int i = 0; i < PERMISSION_COUNT; i++) {
        const char *name = permission_info((enum permission)i)->name;
        if (strstr(name, ".write") != NULL || strstr(name, ".run") != NULL)
            assert_false(role_may("viewer", (enum permission)i));
    }
    assert_false(role_may("viewer", PERMISSION_PEOPLE_REVEAL));
    assert_true(role_may("viewer", PERMISSION_DEVICES_READ));
}

static void test_money_and_valves_are_apart(void **state)
{
    (void)state;
    assert_true(role_may("clerk", PERMISSION_PAYMENTS_WRITE));
    assert_false(role_may("clerk", PERMISSION_COMMANDS_WRITE));
    assert_true(role_may("operator", PERMISSION_COMMANDS_WRITE));
    assert_false(role_may("operator", PERMISSION_PAYMENTS_WRITE));
    assert_false(role_may("clerk", PERMISSION_TARIFFS_WRITE));
}

static void test_unknown_roles_and_permissions_give_nothing(void **state)
{
    (void)state;
    assert_null(role_find("root"));
    assert_null(role_find(""));
    assert_null(role_at(role_count()));
    assert_null(permission_info(PERMISSION_COUNT));
    assert_false(permission_allows(UINT32_MAX, PERMISSION_COUNT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_administrator_may_everything),
        cmocka_unit_test(test_the_viewer_changes_nothing_and_sees_no_names),
        cmocka_unit_test(test_money_and_valves_are_apart),
        cmocka_unit_test(test_unknown_roles_and_permissions_give_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
