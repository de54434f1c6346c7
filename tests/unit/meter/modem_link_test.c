#include "tests/unit/unit_test.h"

#include <string.h>

#include "meter/port/cortex_m/modem_link.h"

static uint8_t line[2 * MODEM_FRAME_LIMIT + 8];
static size_t line_size;

static void byte_write(uint8_t byte)
{
    line_size += (size_t)modem_link_escape(byte, line + line_size);
}

static void frame_write(enum modem_frame_kind kind, struct span content)
{
    line[line_size++] = MODEM_FRAME_END;
    byte_write((uint8_t)kind);
    for (size_t i = 0; i < content.size; i++)
        byte_write(content.bytes[i]);
    line[line_size++] = MODEM_FRAME_END;
}

static int setup(void **state)
{
    static struct modem_link link;
    memset(&link, 0, sizeof link);
    line_size = 0;
    *state = &link;
    return 0;
}

/* Frames that come out of the line; the last one in link->bytes. */
static int frames_take(struct modem_link *link, uint16_t *size)
{
    int frames = 0;
    for (size_t i = 0; i < line_size; i++) {
        uint16_t now = 0;
        if (modem_link_take(link, line[i], &now)) {
            *size = now;
            frames++;
        }
    }
    return frames;
}

static void every_byte_passes_unchanged(void **state)
{
    uint8_t content[256];
    uint16_t size = 0;
    struct modem_link *link = *state;
    for (size_t i = 0; i < sizeof content; i++)
        content[i] = (uint8_t)i;
    frame_write(MODEM_MESSAGE, span_of_bytes(content, sizeof content));
    assert_int_equal(frames_take(link, &size), 1);
    assert_int_equal(size, sizeof content + 1);
    assert_int_equal(link->bytes[0], MODEM_MESSAGE);
    assert_memory_equal(link->bytes + 1, content, sizeof content);
}

static void overlong_frame_is_dropped_whole(void **state)
{
    static uint8_t content[MODEM_FRAME_LIMIT];
    uint16_t size = 0;
    frame_write(MODEM_MESSAGE, span_of_bytes(content, sizeof content));
    assert_int_equal(frames_take(*state, &size), 0);
    line_size = 0;
    frame_write(MODEM_ATTACHED, span_of_bytes(NULL, 0));
    assert_int_equal(frames_take(*state, &size), 1);
    assert_int_equal(size, 1);
}

static void signal_is_read_whole_or_not_at_all(void **state)
{
    static const uint8_t bytes[] = { 0xff, 0x87, 0xff, 0xfb, 2, 0, 213, 0, 0x0a, 0x3f, 0x21, 0, 0, 0x09, 0xca };
    struct meter_signal signal;
    (void)state;
    memset(&signal, 0, sizeof signal);
    for (size_t size = 0; size < sizeof bytes; size++)
        assert_false(modem_link_signal(span_of_bytes(bytes, size), &signal));
    assert_int_equal(signal.rsrp_dbm, 0);
    assert_true(modem_link_signal(span_of_bytes(bytes, sizeof bytes), &signal));
    assert_int_equal(signal.rsrp_dbm, -121);
    assert_int_equal(signal.snr_db, -5);
    assert_int_equal(signal.coverage_level, 2);
    assert_int_equal(signal.physical_cell, 213);
    assert_int_equal(signal.earfcn, 2506);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_byte_passes_unchanged, setup, NULL),
        cmocka_unit_test_setup_teardown(overlong_frame_is_dropped_whole, setup, NULL),
        cmocka_unit_test_setup_teardown(signal_is_read_whole_or_not_at_all, setup, NULL),
    };
    return cmocka_run_group_tests_name("modem_link", tests, NULL, NULL);
}
