#include "api/request_target.h"

#include <string.h>

#include "api/api_error.h"
#include "tests/unit/unit_test.h"

static struct request_target target;

static int parse(const char *text)
{
    return request_target_parse(span_of_text(text), &target);
}

static void assert_value(const char *name, const char *value)
{
    struct span found = request_target_find(&target, name);
    assert_non_null(found.bytes);
    assert_true(span_equal_text(found, value));
}

static void test_path_and_pairs(void **state)
{
    (void)state;
    assert_int_equal(parse("/a%20b/c?x=1&y=&z&q=3%E6%A0%8B+1204"), 0);
    assert_true(span_equal_text(target.path, "/a b/c"));
    assert_int_equal(target.pair_count, 4);
    assert_value("x", "1");
    assert_value("y", "");
    assert_value("z", "");
    assert_value("q", "3栋 1204");
    assert_null(request_target_find(&target, "w").bytes);
    assert_int_equal(parse("/a+b"), 0);
    assert_true(span_equal_text(target.path, "/a+b"));
}

static void test_damaged_targets_are_refused(void **state)
{
    static const char *const damaged[] = { "", "a", "?x", "/%", "/%4", "/%zz", "/%00", "/%ff", "/../x", "/a/../b", "/a/..",
        "/%2e%2e/x", "/a?x=%", "/a?%80=1" };
    (void)state;
    for (size_t i = 0; i < sizeof damaged / sizeof damaged[0]; i++)
        assert_int_equal(parse(damaged[i]), API_ERR_TARGET);
    assert_int_equal(parse("/a..b/.c"), 0);
}

static void test_bounds(void **state)
{
    char text[REQUEST_TARGET_TEXT_LIMIT + 8];
    size_t size = 0;

    (void)state;
    memset(text, 'a', sizeof text);
    text[0] = '/';
    text[REQUEST_TARGET_TEXT_LIMIT] = '\0';
    assert_int_equal(parse(text), 0);
    text[REQUEST_TARGET_TEXT_LIMIT] = 'a';
    text[REQUEST_TARGET_TEXT_LIMIT + 1] = '\0';
    assert_int_equal(parse(text), API_ERR_TARGET);
    text[size++] = '/';
    text[size++] = '?';
    for (int i = 0; i < REQUEST_TARGET_PAIR_LIMIT; i++) {
        memcpy(text + size, "a=1&", 4);
        size += 4;
    }
    text[size] = '\0';
    assert_int_equal(parse(text), 0);
    memcpy(text + size, "b=1", 4);
    assert_int_equal(parse(text), API_ERR_QUERY_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_path_and_pairs),
        cmocka_unit_test(test_damaged_targets_are_refused),
        cmocka_unit_test(test_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
