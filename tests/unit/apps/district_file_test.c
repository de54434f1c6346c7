#include "tests/unit/unit_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/meterworks/district_file.h"

static char path[] = "/tmp/meterworks-districts-XXXXXX";

static int file_make(void **state)
{
    int descriptor = mkstemp(path);

    (void)state;
    assert_true(descriptor >= 0);
    close(descriptor);
    return 0;
}

static int file_remove(void **state)
{
    (void)state;
    return unlink(path);
}

static int read_text(const char *text, const char *own, struct district_list *out, char problem[256])
{
    FILE *file = fopen(path, "we");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    return district_file_read(path, own, out, problem);
}

static void test_a_list(void **state)
{
    struct district_list list;
    char problem[256] = "";

    (void)state;
    assert_int_equal(read_text("north 城北 分公司\n\n  south   城南  \r\neast-2 E", "south", &list, problem), 0);
    assert_int_equal(list.count, 3);
    assert_int_equal(list.own, 1);
    assert_string_equal(list.rows[0].key, "north");
    assert_string_equal(list.rows[0].name, "城北 分公司");
    assert_string_equal(list.rows[1].name, "城南");
    assert_string_equal(list.rows[2].key, "east-2");
    assert_int_equal(district_file_read(NULL, NULL, &list, problem), 0);
    assert_int_equal(list.count, 0);
}

static void expect_problem(const char *text, const char *own, const char *part)
{
    struct district_list list = { .count = 99 };
    char problem[256] = "";

    assert_int_equal(read_text(text, own, &list, problem), -1);
    assert_non_null(strstr(problem, part));
    assert_int_equal(list.count, 99);
}

static void test_what_is_wrong_is_said(void **state)
{
    char many[1024] = "", large[400];
    struct district_list list;
    char problem[256] = "";

    (void)state;
    for (int i = 0; i < 17; i++)
        (void)snprintf(many + strlen(many), sizeof many - strlen(many), "d%d D\n", i);
    (void)snprintf(large, sizeof large, "north %0300d\n", 0);
    expect_problem("north N\nSouth S\n", "north", "line 2");
    expect_problem("north N\nnorth S\n", "north", "stands above");
    expect_problem("north\n", "north", "name");
    expect_problem("north \xff\n", "north", "UTF-8");
    expect_problem("north N\n", "south", "no district 'south'");
    expect_problem("", "south", "no district");
    expect_problem(many, "d0", "more than 16");
    expect_problem(large, "north", "too long");
    assert_int_equal(district_file_read(path, NULL, &list, problem), -1);
    assert_int_equal(district_file_read(NULL, "north", &list, problem), -1);
    assert_int_equal(district_file_read("/nowhere/at-all", "north", &list, problem), -1);
    assert_non_null(strstr(problem, "/nowhere/at-all"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_list),
        cmocka_unit_test(test_what_is_wrong_is_said),
    };
    return cmocka_run_group_tests(tests, file_make, file_remove);
}
