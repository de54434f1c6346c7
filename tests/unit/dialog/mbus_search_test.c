/* The search for meters on an M-Bus, against a bus on paper: all are found, few questions, nothing told twice. */
#include "tests/unit/unit_test.h"

#include <stdlib.h>
#include <string.h>

#include "codec/mbus/mbus_message.h"
#include "dialog/mbus_search.h"

struct slave {
    const char *number;
    uint8_t primary;
    const char *maker;
    bool cannot_be_selected;
    bool is_selected;
};

struct bus {
    struct slave *slaves;
    size_t count;
    uint8_t bytes[MBUS_FRAME_LIMIT];
    struct mbus_frame answer;
    unsigned questions;
};

static bool number_fits(struct span mask, const char *number)
{
    for (size_t i = 0; i < 8; i++) {
        unsigned digit = (unsigned)mask.bytes[3 - i / 2] >> (i % 2 == 0 ? 4 : 0) & 15;
        if (digit != 15 && digit != (unsigned)(number[i] - '0'))
            return false;
    }
    return true;
}

/* Who speaks up, and how many. */
static size_t slaves_meant(const struct bus *bus, const struct mbus_frame *request, struct slave **one)
{
    size_t count = 0;
    for (size_t i = 0; i < bus->count; i++) {
        struct slave *slave = &bus->slaves[i];
        bool is_meant =
            request->address == slave->primary || (request->address == MBUS_ADDRESS_SECONDARY && slave->is_selected);
        if (request->ci == 0x52) {
            is_meant = !slave->cannot_be_selected && number_fits(request->data, slave->number);
            slave->is_selected = is_meant;
        }
        count += is_meant;
        *one = is_meant ? slave : *one;
    }
    return count;
}

static void answer_make(struct bus *bus, const struct slave *slave)
{
    struct writer writer = writer_of_buffer(bus->bytes, sizeof bus->bytes);
    struct wmbus_address meter;
    assert_int_equal(wmbus_address_make(slave->maker, slave->number, 1, 4, &meter), 0);
    assert_int_equal(
        mbus_response_encode(slave->primary, 0, &meter, 1, 0, span_of_bytes("\x04\x06\x01\x02\x03\x04", 6), &writer),
        0);
    assert_int_equal(mbus_frame_decode(writer_span(&writer), &bus->answer, NULL), 0);
}

/* Acknowledgements of several are one acknowledgement; answers of several are rubbish. */
static enum mbus_search_heard bus_hear(struct bus *bus, struct span question)
{
    struct mbus_frame request;
    struct slave *one = NULL;
    bus->questions++;
    assert_int_equal(mbus_frame_decode(question, &request, NULL), 0);
    size_t count = slaves_meant(bus, &request, &one);
    if (count == 0)
        return MBUS_HEARD_NOTHING;
    if (request.kind == MBUS_FRAME_LONG || (request.control & 0x0f) == 0)
        return MBUS_HEARD_ACKNOWLEDGE;
    if (count > 1)
        return MBUS_HEARD_DAMAGED;
    answer_make(bus, one);
    return MBUS_HEARD_ANSWER;
}

static size_t bus_search(struct bus *bus, struct mbus_search *search, uint64_t *found, size_t limit)
{
    size_t count = 0;
    mbus_search_begin(search);
    while (true) {
        uint8_t bytes[MBUS_FRAME_LIMIT];
        struct writer writer = writer_of_buffer(bytes, sizeof bytes);
        struct uplink_archive_row row;
        if (!mbus_search_ask(search, &writer))
            return count;
        enum mbus_search_heard heard = bus_hear(bus, writer_span(&writer));
        if (mbus_search_take(search, heard, heard == MBUS_HEARD_ANSWER ? &bus->answer : NULL, &row)) {
            assert_true(count < limit);
            found[count++] = row.address;
        }
    }
}

static bool is_among(uint64_t address, const uint64_t *found, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (found[i] == address)
            return true;
    return false;
}

static void every_meter_is_told_once(void **state)
{
    struct slave slaves[] = {
        { .number = "12345678", .primary = 1, .maker = "KAM" },
        { .number = "12345679", .primary = 0, .maker = "KAM" },
        { .number = "12345670", .primary = 0, .maker = "ELS" },
        { .number = "00000000", .primary = 0, .maker = "KAM" },
        { .number = "99999999", .primary = 250, .maker = "LUG" },
        { .number = "55555555", .primary = 77, .maker = "SON", .cannot_be_selected = true },
    };
    struct bus bus = { slaves, 6, { 0 }, { 0 }, 0 };
    struct mbus_search search;
    uint64_t found[8];
    (void)state;
    size_t count = bus_search(&bus, &search, found, 8);
    assert_int_equal(count, 6);
    assert_int_equal(search.unresolved, 0);
    assert_true(is_among(12345678, found, count) && is_among(12345679, found, count));
    assert_true(is_among(12345670, found, count) && is_among(0, found, count));
    assert_true(is_among(99999999, found, count) && is_among(55555555, found, count));
    /* 251 primary addresses; and ten digits at each place where numbers differ, silent ones asked twice. */
    assert_true(bus.questions < 251 + 2 * 10 * 8 * 3);
}

static void a_row_says_who_made_the_meter(void **state)
{
    struct slave slave = { .number = "00012345", .primary = 9, .maker = "KAM" };
    struct bus bus = { &slave, 1, { 0 }, { 0 }, 0 };
    struct mbus_search search;
    struct uplink_archive_row row;
    (void)state;
    mbus_search_begin(&search);
    assert_false(mbus_search_take(&search, MBUS_HEARD_ACKNOWLEDGE, NULL, &row));
    answer_make(&bus, &slave);
    assert_true(mbus_search_take(&search, MBUS_HEARD_ANSWER, &bus.answer, &row));
    assert_int_equal(row.address, 12345);
    assert_int_equal(row.maker, ('K' - 64) << 10 | ('A' - 64) << 5 | ('M' - 64));
    assert_int_equal(row.version, 1);
    assert_int_equal(row.protocol_code, 4);
    assert_int_equal(row.port, 9);
}

static void the_same_number_twice_is_left_unresolved(void **state)
{
    struct slave slaves[] = { { .number = "12345678", .primary = 3, .maker = "KAM" },
                              { .number = "12345678", .primary = 3, .maker = "ELS" },
                              { .number = "12345000", .primary = 4, .maker = "ELS" } };
    struct bus bus = { slaves, 3, { 0 }, { 0 }, 0 };
    struct mbus_search search;
    uint64_t found[4];
    (void)state;
    assert_int_equal(bus_search(&bus, &search, found, 4), 1);
    assert_int_equal(found[0], 12345000);
    assert_int_equal(search.unresolved, 1);
}

static void a_line_where_everything_answers_ends_at_last(void **state)
{
    struct mbus_search search;
    struct uplink_archive_row row;
    uint8_t bytes[MBUS_FRAME_LIMIT];
    unsigned steps = 0;
    (void)state;
    mbus_search_begin(&search);
    while (true) {
        struct writer writer = writer_of_buffer(bytes, sizeof bytes);
        if (!mbus_search_ask(&search, &writer))
            break;
        assert_false(mbus_search_take(&search, MBUS_HEARD_DAMAGED, NULL, &row));
        assert_true(++steps <= MBUS_SEARCH_STEP_LIMIT);
    }
    assert_true(search.unresolved > 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_meter_is_told_once),
        cmocka_unit_test(a_row_says_who_made_the_meter),
        cmocka_unit_test(the_same_number_twice_is_left_unresolved),
        cmocka_unit_test(a_line_where_everything_answers_ends_at_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
