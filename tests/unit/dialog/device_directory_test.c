#include "tests/unit/unit_test.h"

#include <string.h>

#include "dialog/device_directory.h"

#define FIRST_IMEI 350000000000000

static struct device_directory *directory_make(uint32_t limit)
{
    struct device_directory *directory;
    assert_int_equal(device_directory_open(limit, (struct hash_key){ 1, 2 }, &directory), 0);
    return directory;
}

static int put(struct device_directory *directory, uint64_t imei, uint32_t device_id)
{
    struct dialog_device device = { .device_id = device_id, .secured_only = device_id % 3 == 0 };
    return device_directory_put(directory, imei, device);
}

static void many_devices_come_and_go(void **state)
{
    (void)state;
    struct device_directory *directory = directory_make(0);
    struct dialog_device found;
    for (uint32_t id = 1; id <= 20000; id++)
        assert_int_equal(put(directory, FIRST_IMEI + id * 7, id), 0);
    for (uint32_t id = 2; id <= 20000; id += 2)
        device_directory_remove(directory, id);
    assert_int_equal(device_directory_count(directory), 10000);
    for (uint32_t id = 1; id <= 20000; id++) {
        bool there = device_directory_find(directory, FIRST_IMEI + id * 7, &found);
        assert_int_equal(there, id % 2);
        if (there) {
            assert_int_equal(found.device_id, id);
            assert_int_equal(found.secured_only, id % 3 == 0);
        }
    }
    assert_false(device_directory_find(directory, FIRST_IMEI + 1, &found));
    device_directory_close(directory);
}

static void room_can_be_made_beforehand(void **state)
{
    (void)state;
    struct device_directory *directory = directory_make(0);
    struct dialog_device found;
    assert_int_equal(put(directory, FIRST_IMEI, 1), 0);
    assert_int_equal(device_directory_reserve(directory, 5000), 0);
    for (uint32_t id = 2; id <= 5001; id++)
        assert_int_equal(put(directory, FIRST_IMEI + id, id), 0);
    assert_int_equal(device_directory_reserve(directory, 1), 0);
    assert_true(device_directory_find(directory, FIRST_IMEI, &found));
    assert_int_equal(found.device_id, 1);
    assert_true(device_directory_find(directory, FIRST_IMEI + 5001, &found));
    assert_int_equal(device_directory_count(directory), 5001);
    device_directory_close(directory);
}

static void many_are_entered_at_once(void **state)
{
    (void)state;
    static struct device_directory_entry entries[DEVICE_DIRECTORY_TOGETHER];
    struct device_directory *directory = directory_make(0);
    struct dialog_device found;
    assert_int_equal(put(directory, FIRST_IMEI, 1), 0);
    for (uint32_t first = 2; first < 20000; first += DEVICE_DIRECTORY_TOGETHER) {
        for (uint32_t i = 0; i < DEVICE_DIRECTORY_TOGETHER; i++)
            entries[i] = (struct device_directory_entry){ (uint64_t)FIRST_IMEI + first + i, { first + i, i % 2 == 0 } };
        assert_int_equal(device_directory_put_all(directory, entries, DEVICE_DIRECTORY_TOGETHER), 0);
    }
    assert_int_equal(device_directory_count(directory), 1 + 20 * DEVICE_DIRECTORY_TOGETHER);
    for (uint32_t id = 2; id < 2 + 20 * DEVICE_DIRECTORY_TOGETHER; id++) {
        assert_true(device_directory_find(directory, FIRST_IMEI + id, &found));
        assert_int_equal(found.device_id, id);
        assert_int_equal(found.secured_only, id % 2 == 0);
    }
    assert_int_equal(put(directory, FIRST_IMEI + 2, 3), 0); /* they are entries like any other */
    assert_int_equal(device_directory_imei(directory, 2), 0);
    device_directory_close(directory);
}

static void of_many_all_are_entered_or_none(void **state)
{
    (void)state;
    struct device_directory_entry entries[] = { { FIRST_IMEI, { 5, false } }, { FIRST_IMEI + 1, { 100, false } } };
    struct device_directory *directory = directory_make(100);
    assert_int_equal(device_directory_put_all(directory, entries, 2), DEVICE_DIRECTORY_ERR_RANGE);
    assert_int_equal(device_directory_imei(directory, 5), 0);
    entries[1] = (struct device_directory_entry){ 0, { 6, false } };
    assert_int_equal(device_directory_put_all(directory, entries, 2), DEVICE_DIRECTORY_ERR_RANGE);
    assert_int_equal(device_directory_count(directory), 0);
    assert_int_equal(device_directory_put_all(directory, entries, DEVICE_DIRECTORY_TOGETHER + 1), DEVICE_DIRECTORY_ERR_RANGE);
    assert_int_equal(device_directory_put_all(directory, entries, 0), 0);
    device_directory_close(directory);
}

static void the_last_entry_wins(void **state)
{
    (void)state;
    struct device_directory *directory = directory_make(0);
    struct dialog_device found;
    put(directory, FIRST_IMEI, 5);
    put(directory, FIRST_IMEI + 1, 5); /* the device got another module */
    assert_false(device_directory_find(directory, FIRST_IMEI, &found));
    assert_int_equal(device_directory_imei(directory, 5), FIRST_IMEI + 1);
    put(directory, FIRST_IMEI + 1, 6); /* the module moved to another device */
    assert_true(device_directory_find(directory, FIRST_IMEI + 1, &found));
    assert_int_equal(found.device_id, 6);
    assert_int_equal(device_directory_imei(directory, 5), 0);
    assert_int_equal(device_directory_count(directory), 1);
    device_directory_remove(directory, 99);
    device_directory_close(directory);
}

static void numbers_outside_the_range_are_refused(void **state)
{
    (void)state;
    struct device_directory *directory = directory_make(100);
    assert_int_equal(put(directory, 0, 1), DEVICE_DIRECTORY_ERR_RANGE);
    assert_int_equal(put(directory, 1000000000000000, 1), DEVICE_DIRECTORY_ERR_RANGE);
    assert_int_equal(put(directory, FIRST_IMEI, 0), DEVICE_DIRECTORY_ERR_RANGE);
    assert_int_equal(put(directory, FIRST_IMEI, 100), DEVICE_DIRECTORY_ERR_RANGE);
    assert_int_equal(put(directory, FIRST_IMEI, 99), 0);
    struct device_directory *none = NULL;
    assert_int_equal(device_directory_open(16777217, (struct hash_key){ 1, 2 }, &none), DEVICE_DIRECTORY_ERR_RANGE);
    assert_true(strlen(device_directory_error_text(DEVICE_DIRECTORY_ERR_RANGE)) > 0);
    device_directory_close(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_devices_come_and_go),
        cmocka_unit_test(room_can_be_made_beforehand),
        cmocka_unit_test(many_are_entered_at_once),
        cmocka_unit_test(of_many_all_are_entered_or_none),
        cmocka_unit_test(the_last_entry_wins),
        cmocka_unit_test(numbers_outside_the_range_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
