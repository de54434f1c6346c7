#include "security/setting.h"

#include <string.h>

#include "security/security_error.h"
#include "tests/unit/unit_test.h"

static int check(const char *key, const char *value)
{
    return setting_check(setting_find(key), value);
}

static void test_every_default_is_permitted(void **state)
{
    (void)state;
    for (size_t i = 0; i < setting_count(); i++) {
        const struct setting *setting = setting_at(i);
        assert_int_equal(setting_check(setting, setting->value), 0);
        assert_ptr_equal(setting_find(setting->key), setting);
        assert_true(setting->help_zh[0] != '\0' && setting->help_en[0] != '\0');
    }
    assert_null(setting_at(setting_count()));
    assert_null(setting_find("nothing"));
}

static void test_values_outside_their_bounds_are_refused(void **state)
{
    static const struct { const char *key; const char *value; } wrong[] = {
        { "cut_limit_per_run", "0" }, { "cut_limit_per_run", "10001" }, { "cut_limit_per_run", "many" },
        { "cut_limit_per_run", "" }, { "cut_limit_per_run", "99999999999999999999" }, { "cut_start_min", "1441" },
        { "cut_start_min", "-1" }, { "cut_weekdays", "0" }, { "cut_weekdays", "1,8" }, { "cut_weekdays", "1,,2" },
        { "cut_holidays", "2026-02-30" }, { "cut_holidays", "2026-10-01," },
        { "organisation_phone", "123456789012345678901" }, { "organisation_short_name", "\xff" },
        { "receipt_paper", "8" }, { "receipt_paper", "80,58" }, { "receipt_paper", "" }, { "message_language", "de" },
        { "bills_by_run", "2" }, { "bills_by_run", "yes" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(check(wrong[i].key, wrong[i].value), SECURITY_ERR_SETTING_VALUE);
}

static void test_good_values(void **state)
{
    (void)state;
    assert_int_equal(check("cut_holidays", "2026-10-01, 2026-10-02"), 0);
    assert_int_equal(check("cut_weekdays", ""), 0);
    assert_int_equal(check("receipt_paper", "80"), 0);
    assert_int_equal(check("receipt_paper", "a4"), 0);
    assert_int_equal(check("bills_by_run", "1"), 0);
    assert_int_equal(check("organisation_short_name", "云榕水务"), 0);
    assert_int_equal(setting_integer(setting_find("cut_limit_per_run"), "250"), 250);
    assert_int_equal(setting_integer(setting_find("cut_limit_per_run"), NULL), 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_default_is_permitted),
        cmocka_unit_test(test_values_outside_their_bounds_are_refused),
        cmocka_unit_test(test_good_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
