#include "tests/unit/unit_test.h"

#include <string.h>

#include "api/district.h"

static const struct district_list city = { { { "north", "城北" }, { "south", "城南" } }, 2, 0 };
static const struct district_list none = { .count = 0 };

static void expect(const struct district_list *list, const char *target, const char *within, const char *prefix)
{
    char found[DISTRICT_PREFIX_SIZE];
    const char *rest = district_target(list, target, found);

    if (within == NULL)
        assert_null(rest);
    else
        assert_string_equal(rest, within);
    assert_string_equal(found, prefix);
}

static void test_the_own_prefix_is_taken_off(void **state)
{
    (void)state;
    expect(&city, "/d/north/api/v1/devices?limit=2", "/api/v1/devices?limit=2", "/d/north");
    expect(&city, "/d/north/", "/", "/d/north");
    expect(&city, "/d/north", "/", "/d/north");
    expect(&city, "/d/north?x=1", "/", "/d/north");
    expect(&city, "/d/north//d/south/x", "//d/south/x", "/d/north");
    expect(&city, "/api/v1/devices", "/api/v1/devices", "");
    expect(&none, "/demo/d/x", "/demo/d/x", "");
}

static void test_others_are_not_ours(void **state)
{
    static const char *const others[] = { "/d/south/x", "/d/", "/d//x", "/d/nort", "/d/northern/x", "/d/North/x", "/d/n%6frth/x" };

    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        expect(&city, others[i], NULL, "");
        expect(&none, others[i], NULL, "");
    }
    expect(&none, "/d/north/x", NULL, "");
}

static void test_keys(void **state)
{
    (void)state;
    assert_true(district_key_is_good(span_of_text("a")));
    assert_true(district_key_is_good(span_of_text("north-2")));
    assert_true(district_key_is_good(span_of_text("abcdefghijklmnopqrstuvwxyz012345")));
    assert_false(district_key_is_good(span_of_text("abcdefghijklmnopqrstuvwxyz0123456")));
    assert_false(district_key_is_good(span_of_text("")));
    assert_false(district_key_is_good(span_of_text("North")));
    assert_false(district_key_is_good(span_of_text("a/b")));
    assert_false(district_key_is_good(span_of_text("a;b")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_own_prefix_is_taken_off),
        cmocka_unit_test(test_others_are_not_ours),
        cmocka_unit_test(test_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
