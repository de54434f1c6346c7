#include "tests/unit/unit_test.h"

#include <string.h>

#include "meter/core/meter_checksum.h"
#include "meter/core/meter_journal.h"
#include "meter/port/host/host_flash.h"

/* A journal of numbered records on flash of its own. */
struct bench {
    struct host_flash flash;
    struct meter_hal hal;
    struct meter_journal journal;
};

static int setup(void **state)
{
    static struct bench bench;
    memset(&bench, 0, sizeof bench);
    host_flash_open(&bench.flash, (struct meter_flash_geometry){ 512, 3, 8 }, 5);
    bench.hal = host_flash_hal(&bench.flash);
    *state = &bench;
    return 0;
}

static int teardown(void **state)
{
    struct bench *bench = *state;
    host_flash_close(&bench->flash);
    return 0;
}

static int put(struct bench *bench, uint8_t number, size_t size)
{
    uint8_t payload[METER_JOURNAL_PAYLOAD_LIMIT];
    memset(payload, number, sizeof payload);
    return meter_journal_append(&bench->journal, number, span_of_bytes(payload, size));
}

static void begin(struct bench *bench)
{
    assert_int_equal(meter_journal_open(&bench->journal, &bench->hal), METER_JOURNAL_ERR_EMPTY);
    assert_int_equal(meter_journal_sector_begin(&bench->journal), 0);
    assert_int_equal(meter_journal_sector_finish(&bench->journal), 0);
}

/* Types of all records after a restart. */
static int types_read(struct bench *bench, uint8_t *types)
{
    struct meter_journal_record record;
    uint16_t slot = 1;
    int count = 0;
    assert_int_equal(meter_journal_open(&bench->journal, &bench->hal), 0);
    while (meter_journal_next(&bench->journal, &slot, &record) > 0) {
        for (int i = 0; i < record.size; i++)
            assert_int_equal(record.payload[i], record.type);
        types[count++] = record.type;
    }
    return count;
}

/* Check value of the catalogue of CRCs: "123456789". */
static void checksum_is_the_standard_one(void **state)
{
    (void)state;
    const uint8_t digits[] = "123456789";
    assert_int_equal(meter_checksum(METER_CHECKSUM_START, digits, 9), 0xcbf43926);
    uint32_t half = meter_checksum(METER_CHECKSUM_START, digits, 4);
    assert_int_equal(meter_checksum(half, digits + 4, 5), 0xcbf43926);
}

static void records_come_back_in_order(void **state)
{
    struct bench *bench = *state;
    uint8_t types[32];
    begin(bench);
    assert_int_equal(put(bench, 1, 0), 0);
    assert_int_equal(put(bench, 2, 10), 0);
    assert_int_equal(put(bench, 3, 11), 0);
    assert_int_equal(put(bench, 4, METER_JOURNAL_PAYLOAD_LIMIT), 0);
    assert_int_equal(types_read(bench, types), 4);
    assert_memory_equal(types, "\1\2\3\4", 4);
}

static void too_long_is_refused(void **state)
{
    struct bench *bench = *state;
    uint8_t payload[METER_JOURNAL_PAYLOAD_LIMIT + 1] = { 0 };
    begin(bench);
    assert_int_equal(meter_journal_append(&bench->journal, 1, span_of_bytes(payload, sizeof payload)),
                     METER_JOURNAL_ERR_SIZE);
}

static void full_sector_says_so(void **state)
{
    struct bench *bench = *state;
    uint8_t types[32];
    begin(bench);
    for (int i = 0; i < 31; i++)
        assert_int_equal(put(bench, (uint8_t)(i + 1), 10), 0);
    assert_int_equal(put(bench, 99, 10), METER_JOURNAL_ERR_FULL);
    assert_int_equal(types_read(bench, types), 31);
}

static void wrong_geometry_is_refused(void **state)
{
    struct bench *bench = *state;
    static const struct meter_flash_geometry wrong[] = {
        { 256, 3, 8 }, { 520, 3, 8 }, { 512, 1, 8 }, { 512, 3, 0 }, { 512, 3, 3 }, { 512, 3, 32 }, { 131072, 3, 8 },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        bench->hal.flash = wrong[i];
        assert_int_equal(meter_journal_open(&bench->journal, &bench->hal), METER_JOURNAL_ERR_GEOMETRY);
    }
}

/* The sector in force is never erased, however often a new one fails. */
static void unfinished_sectors_never_win(void **state)
{
    struct bench *bench = *state;
    uint8_t types[32];
    begin(bench);
    assert_int_equal(put(bench, 1, 10), 0);
    for (int i = 0; i < 7; i++) {
        assert_int_equal(meter_journal_sector_begin(&bench->journal), 0);
        assert_int_not_equal(bench->journal.sector, bench->journal.in_force);
        assert_int_equal(put(bench, 2, 10), 0);
    }
    assert_int_equal(types_read(bench, types), 1);
    assert_int_equal(types[0], 1);
    assert_int_equal(bench->flash.erasures[bench->journal.in_force], 1);
}

static void all_sectors_take_their_turn(void **state)
{
    struct bench *bench = *state;
    begin(bench);
    for (int i = 0; i < 29; i++) {
        assert_int_equal(meter_journal_sector_begin(&bench->journal), 0);
        assert_int_equal(meter_journal_sector_finish(&bench->journal), 0);
    }
    for (int i = 0; i < 3; i++)
        assert_int_equal(bench->flash.erasures[i], 10);
    assert_int_equal(bench->journal.erasures, 10);
}

/* A flipped bit costs the record it is in and no other. */
static void damage_costs_one_record(void **state)
{
    struct bench *bench = *state;
    for (size_t at = 16; at < 16 + 6 * 16; at++) {
        uint8_t types[32];
        teardown(state);
        setup(state);
        begin(bench);
        for (uint8_t i = 1; i <= 3; i++)
            assert_int_equal(put(bench, i, 26), 0);
        bench->flash.sectors[bench->journal.in_force][at] ^= 1;
        assert_int_equal(types_read(bench, types), 2);
        assert_int_equal(put(bench, 4, 26), 0);
        assert_int_equal(types_read(bench, types), 3);
        assert_false(bench->flash.overprogrammed);
        teardown(state);
    }
}

/* The same bytes in another place or another round are no record. */
static void records_count_only_where_they_were_written(void **state)
{
    struct bench *bench = *state;
    uint8_t types[32];
    begin(bench);
    assert_int_equal(put(bench, 1, 10), 0);
    uint8_t *sector = bench->flash.sectors[bench->journal.in_force];
    memcpy(sector + 48, sector + 16, 16);
    assert_int_equal(types_read(bench, types), 1);
}

/* A cell that does not take its bits: the record goes to the next place. */
static void worn_places_are_passed_over(void **state)
{
    struct bench *bench = *state;
    uint8_t types[32];
    begin(bench);
    bench->flash.sectors[bench->journal.in_force][20] = 0;
    assert_int_equal(put(bench, 7, 10), 0);
    assert_int_equal(types_read(bench, types), 1);
    assert_int_equal(types[0], 7);
}

/* What did not fit into the next sector leaves the old one in force: nothing more is taken until another is begun. */
static void a_sector_that_could_not_be_filled_takes_nothing(void **state)
{
    struct bench *bench = *state;
    uint8_t types[32];
    begin(bench);
    assert_int_equal(put(bench, 1, 10), 0);
    assert_int_equal(meter_journal_sector_begin(&bench->journal), 0);
    for (int i = 0; i < 4; i++)
        assert_int_equal(put(bench, 2, METER_JOURNAL_PAYLOAD_LIMIT), 0);
    assert_int_equal(put(bench, 2, METER_JOURNAL_PAYLOAD_LIMIT), METER_JOURNAL_ERR_FULL);
    assert_int_equal(put(bench, 3, 10), METER_JOURNAL_ERR_FULL);
    assert_int_equal(types_read(bench, types), 1);
    assert_int_equal(types[0], 1);
}

/* Power is cut at every operation in every manner: what was kept is there, and the journal goes on. */
static void power_cuts_lose_nothing_kept(void **state)
{
    struct bench *bench = *state;
    for (uint8_t tear = 0; tear < HOST_FLASH_TEAR_COUNT; tear++) {
        for (uint64_t cut_at = 4; cut_at < 40; cut_at++) {
            uint8_t types[40];
            int kept = 0;
            teardown(state);
            setup(state);
            begin(bench);
            bench->flash.tear = tear;
            bench->flash.cut_at = cut_at;
            while (kept < 20 && put(bench, (uint8_t)(kept + 1), (size_t)(kept % 2 == 0 ? 10 : 40)) == 0)
                kept++;
            host_flash_restore(&bench->flash);
            bench->flash.cut_at = 0;
            int found = types_read(bench, types);
            assert_in_range(found, kept, kept + 1);
            for (int i = 0; i < found; i++)
                assert_int_equal(types[i], i + 1);
            int error = put(bench, 77, 5);
            assert_true(error == 0 || error == METER_JOURNAL_ERR_FULL);
            assert_int_equal(types_read(bench, types), found + (error == 0 ? 1 : 0));
            teardown(state);
        }
    }
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(checksum_is_the_standard_one),
        CASE(records_come_back_in_order),
        CASE(too_long_is_refused),
        CASE(full_sector_says_so),
        CASE(wrong_geometry_is_refused),
        CASE(unfinished_sectors_never_win),
        CASE(all_sectors_take_their_turn),
        CASE(damage_costs_one_record),
        CASE(records_count_only_where_they_were_written),
        CASE(worn_places_are_passed_over),
        CASE(a_sector_that_could_not_be_filled_takes_nothing),
        CASE(power_cuts_lose_nothing_kept),
    };
    return cmocka_run_group_tests_name("meter_journal", tests, NULL, NULL);
}
