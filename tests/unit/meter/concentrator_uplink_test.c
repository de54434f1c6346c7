#include "tests/unit/unit_test.h"

#include "tests/unit/meter/concentrator_world.h"

#include <string.h>

#include "codec/dlt645/dlt645_frame.h"
#include "codec/dlt645/dlt645_request.h"

static struct concentrator_world world;

static void it_logs_in_and_beats(void **state)
{
    (void)state;
    concentrator_world_open(&world);
    assert_int_equal(world.logins, 1);
    concentrator_world_run(&world, 10 * WORLD_MINUTE_MS);
    assert_true(world.heartbeats >= 10 && world.heartbeats <= 11);
    concentrator_world_close(&world);
}

static void an_archive_comes_back_as_it_was_written(void **state)
{
    static const uint16_t numbers[] = { 1, 2, 3 };
    uint8_t bytes[64];
    struct writer units = writer_of_buffer(bytes, sizeof bytes);
    struct q376_archive_entry entry;

    (void)state;
    concentrator_world_open(&world);
    assert_int_equal(q376_archive_query_put(numbers, 3, &units), 0);
    assert_int_equal(concentrator_world_ask(&world, Q376_AFN_QUERY, writer_span(&units), 1000), Q376_AFN_QUERY);
    assert_true(world.fits);
    assert_int_equal(world.size, 4 + 2); /* none of them */
    units.size = 0;
    concentrator_world_meter(&world, 2, CONCENTRATOR_PROTOCOL_DLT645_2007, 123456789012);
    concentrator_world_meter(&world, 3, CONCENTRATOR_PROTOCOL_CJT188, 210987654321);
    concentrator_world_archive(&world);
    assert_int_equal(q376_archive_query_put(numbers, 3, &units), 0);
    assert_int_equal(concentrator_world_ask(&world, Q376_AFN_QUERY, writer_span(&units), 1000), Q376_AFN_QUERY);
    assert_true(world.fits);
    assert_int_equal(world.size, 4 + 2 + 2 * Q376_ARCHIVE_ENTRY_SIZE);
    assert_int_equal(q376_archive_entry_decode(world.units + 6 + Q376_ARCHIVE_ENTRY_SIZE, &entry), 0);
    assert_int_equal(entry.address, 210987654321);
    assert_int_equal(entry.protocol, 40);
    concentrator_world_close(&world);
}

static void a_forwarded_frame_is_answered(void **state)
{
    uint8_t bytes[64], request[64];
    struct writer units = writer_of_buffer(bytes, sizeof bytes), out = writer_of_buffer(request, sizeof request);
    struct dlt645_address address;
    struct q376_forward forward, answer;
    struct dlt645_frame frame;

    (void)state;
    concentrator_world_open(&world);
    concentrator_world_meter(&world, 2, CONCENTRATOR_PROTOCOL_DLT645_2007, 4321);
    assert_int_equal(dlt645_address_read(span_of_text("4321"), &address), 0);
    assert_int_equal(dlt645_read_request_encode(DLT645_2007, &address, 0x00010000, &out), 0);
    memset(&forward, 0, sizeof forward);
    forward.port = 2;
    forward.control = Q376_FORWARD_2400_8E1;
    forward.frame_wait_ms = 1000;
    forward.byte_wait_ms = 100;
    forward.content = writer_span(&out);
    assert_int_equal(q376_forward_put(&forward, &units), 0);
    assert_int_equal(concentrator_world_ask(&world, Q376_AFN_FORWARD, writer_span(&units), 5000), Q376_AFN_FORWARD);
    assert_int_equal(q376_forward_decode(&world.last, &answer), 0);
    assert_int_equal(dlt645_frame_decode(answer.content, &frame, NULL), 0);
    assert_int_equal(frame.control, 0x91);
    /* Nobody of that address: no content. */
    units.size = 0;
    request[1] = 0x99;
    out.size = 0;
    assert_int_equal(dlt645_address_read(span_of_text("99"), &address), 0);
    assert_int_equal(dlt645_read_request_encode(DLT645_2007, &address, 0x00010000, &out), 0);
    assert_int_equal(q376_forward_put(&forward, &units), 0);
    assert_int_equal(concentrator_world_ask(&world, Q376_AFN_FORWARD, writer_span(&units), 5000), Q376_AFN_FORWARD);
    assert_int_equal(q376_forward_decode(&world.last, &answer), 0);
    assert_int_equal(answer.content.size, 0);
    concentrator_world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_logs_in_and_beats),
        cmocka_unit_test(an_archive_comes_back_as_it_was_written),
        cmocka_unit_test(a_forwarded_frame_is_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
