/* As much of cmocka as the meter's unit tests use, for a bare Cortex-M3: the same test files run on both machines. */
#ifndef TESTS_METER_SHIM_CMOCKA_H
#define TESTS_METER_SHIM_CMOCKA_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct CMUnitTest {
    const char *name;
    void (*run)(void **state);
    int (*setup)(void **state);
    int (*teardown)(void **state);
    void *initial_state;
};

#define cmocka_unit_test(function) { #function, function, NULL, NULL, NULL }
#define cmocka_unit_test_setup_teardown(function, setup, teardown) { #function, function, setup, teardown, NULL }
#define cmocka_unit_test_prestate(function, state) { #function, function, NULL, NULL, state }
#define cmocka_run_group_tests(tests, setup, teardown) shim_tests_run(tests, sizeof(tests) / sizeof((tests)[0]))
#define cmocka_run_group_tests_name(group, tests, setup, teardown) cmocka_run_group_tests(tests, setup, teardown)

#define shim_check(condition, text) \
    do { \
        if (!(condition)) \
            shim_fail(__FILE__, __LINE__, text); \
    } while (0)

#define assert_true(value) shim_check((value), #value)
#define assert_false(value) shim_check(!(value), "not " #value)
#define assert_int_equal(a, b) shim_check((uint64_t)(a) == (uint64_t)(b), #a " == " #b)
#define assert_int_not_equal(a, b) shim_check((uint64_t)(a) != (uint64_t)(b), #a " != " #b)
#define assert_in_range(value, low, high) \
    shim_check((uint64_t)(value) - (uint64_t)(low) <= (uint64_t)(high) - (uint64_t)(low), #value " in range")
#define assert_string_equal(a, b) shim_check(strcmp((a), (b)) == 0, #a " equals " #b)
#define assert_memory_equal(a, b, size) shim_check(memcmp((a), (b), (size)) == 0, #a " equals " #b)
#define assert_non_null(value) shim_check((value) != NULL, #value)
#define assert_null(value) shim_check((value) == NULL, #value)
#define fail_msg(...) shim_check(0, #__VA_ARGS__)
#define print_message printf
#define test_malloc malloc
#define test_free free

void shim_fail(const char *file, int line, const char *text) __attribute__((noreturn));

/* Run all, report in TAP. Gives the number of failures. */
int shim_tests_run(const struct CMUnitTest *tests, size_t count);

#endif
