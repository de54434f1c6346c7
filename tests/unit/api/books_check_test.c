#include "tests/unit/unit_test.h"

#include <string.h>

#include "api/books_check.h"

#define NOW_MS 1000000

static uint8_t answer[BOOKS_CHECK_LIMIT];

static void keep(struct books_check *check, int64_t tenant_id, int64_t now_ms, const char *text)
{
    books_check_keep(check, tenant_id, now_ms, span_of_text(text));
}

static void expect(struct books_check *check, int64_t tenant_id, int64_t now_ms, const char *text)
{
    size_t size = books_check_find(check, tenant_id, now_ms, answer);
    assert_int_equal(size, strlen(text));
    assert_memory_equal(answer, text, size);
}

static void one_answer_serves_a_minute(void **state)
{
    (void)state;
    struct books_check *check = books_check_open();
    expect(check, 1, NOW_MS, "");
    keep(check, 1, NOW_MS + 700, "{first}");
    expect(check, 1, NOW_MS + 700 + BOOKS_CHECK_KEPT_MS - 1, "{first}");
    expect(check, 2, NOW_MS + 700, "");
    expect(check, 1, NOW_MS + 700 + BOOKS_CHECK_KEPT_MS, "");
    books_check_close(check);
}

static void while_a_new_one_is_made_the_last_one_serves(void **state)
{
    (void)state;
    struct books_check *check = books_check_open();
    keep(check, 1, NOW_MS, "{first}");
    expect(check, 1, NOW_MS + BOOKS_CHECK_KEPT_MS, ""); /* this asker makes it */
    expect(check, 1, NOW_MS + BOOKS_CHECK_KEPT_MS, "{first}");
    keep(check, 1, NOW_MS + BOOKS_CHECK_KEPT_MS + 1, "{second}");
    expect(check, 1, NOW_MS + BOOKS_CHECK_KEPT_MS + 2, "{second}");
    books_check_close(check);
}

/* Too slow, or too long to keep: the next one tries again. */
static void what_could_not_be_made_is_tried_again(void **state)
{
    (void)state;
    char long_text[BOOKS_CHECK_LIMIT + 2] = { 0 };
    struct books_check *check = books_check_open();
    memset(long_text, 'x', BOOKS_CHECK_LIMIT + 1);
    expect(check, 1, NOW_MS, "");
    keep(check, 1, NOW_MS, "");
    expect(check, 1, NOW_MS, "");
    keep(check, 1, NOW_MS, long_text);
    expect(check, 1, NOW_MS, "");
    books_check_close(check);
}

static void of_too_many_tenants_the_oldest_answer_goes(void **state)
{
    (void)state;
    struct books_check *check = books_check_open();
    for (int64_t tenant_id = 1; tenant_id <= BOOKS_CHECK_TENANTS; tenant_id++)
        keep(check, tenant_id, NOW_MS + (tenant_id == 3 ? 0 : tenant_id), "{kept}");
    keep(check, 100, NOW_MS + 100, "{new}");
    expect(check, 100, NOW_MS + 100, "{new}");
    expect(check, 1, NOW_MS + 100, "{kept}");
    expect(check, 3, NOW_MS + 100, "");
    books_check_close(check);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_answer_serves_a_minute),
        cmocka_unit_test(while_a_new_one_is_made_the_last_one_serves),
        cmocka_unit_test(what_could_not_be_made_is_tried_again),
        cmocka_unit_test(of_too_many_tenants_the_oldest_answer_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
