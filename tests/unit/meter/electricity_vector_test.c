/* The recorded frames of tests/vectors/dlt645 with the electricity meter at their other end: every request is answered
 * as the standard has it, and where the meter can be brought to the state that a recorded answer tells of, its own
 * answer is that frame, byte for byte. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/calendar.h"
#include "codec/bcd/bcd.h"
#include "codec/dlt645/dlt645_field.h"
#include "tests/unit/codec/vector_json.h"
#include "tests/unit/meter/electricity_world.h"

#define REQUESTS 32
#define COMPARED 43

static struct electricity_world world;

static const char *const files[] = { "dlt645/dlt645.json", "dlt645/field.json" };

static uint32_t identifier_of(const struct vector_json *vector)
{
    const char *text = vector_json_text(vector->meaning, "di");
    uint32_t identifier = 0;
    for (; text != NULL && *text != 0; text++)
        identifier = identifier << 4 | (uint32_t)(*text <= '9' ? *text - '0' : *text - 'A' + 10);
    return identifier;
}

/* A meter of the address that the frame speaks of, or 000000004321 where it speaks to any or all. */
static void meter_make(const struct dlt645_frame *frame)
{
    bool is_open = false;

    world_prepare(&world);
    for (size_t i = 0; i < DLT645_ADDRESS_SIZE; i++)
        is_open = is_open || frame->address.bytes[i] == 0xaa || frame->address.bytes[i] == 0x99;
    if (!is_open)
        world.address = frame->address;
    memcpy(world.config.parameters.address, world.address.bytes, DLT645_ADDRESS_SIZE);
    memcpy(world.config.parameters.meter_number, world.address.bytes, DLT645_ADDRESS_SIZE);
    memset(world.config.parameters.passwords, 0, sizeof world.config.parameters.passwords);
    world_start(&world);
}

static bool is_from_meter(const struct vector_json *vector)
{
    return strcmp(vector_json_text(vector->entry, "direction"), "meter->master") == 0;
}

static bool is_refused(uint32_t identifier)
{
    const uint32_t refused[] = { 0x83de, 0x9110, 0x028022ff, 0x070104ff, 0x03300001 };
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        if (refused[i] == identifier)
            return true;
    return false;
}

/* What a meter of this kind has to say; 0 silence. */
static uint8_t answer_due(const struct dlt645_frame *frame, uint32_t identifier)
{
    bool is_for_all = memcmp(frame->address.bytes, dlt645_address_broadcast.bytes, DLT645_ADDRESS_SIZE) == 0;

    if (is_for_all || frame->control == DLT645_WRITE_ADDRESS)
        return 0;
    return (uint8_t)(frame->control | (is_refused(identifier) ? 0xc0 : 0x80));
}

static void request_replay(const struct vector_json *vector, void *context)
{
    int *count = context;
    uint8_t bytes[VECTOR_FRAME_LIMIT];
    struct writer request = writer_of_buffer(bytes, sizeof bytes);
    struct dlt645_frame frame;

    if (is_from_meter(vector))
        return;
    if (dlt645_frame_split(vector->frame, &frame, NULL) < 0)
        fail_msg("vector %d is no frame", (int)vector->index);
    meter_make(&frame);
    world_run(&world, WORLD_DAY, WORLD_HOUR); /* so that there is a daily freeze to read */
    writer_put_span(&request, vector->frame);
    bool is_sound = json_is_true(json_object_get(vector->meaning, "frame_valid"));
    uint8_t due = is_sound ? answer_due(&frame, identifier_of(vector)) : 0;
    uint8_t control = world_send(&world, &request);
    if (control != due)
        fail_msg("vector %d: answer %02x, due %02x", (int)vector->index, control, due);
    ++*count;
    world_close(&world);
}

static void requests_are_answered(void **state)
{
    int count = 0;
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        vector_json_each(files[i], request_replay, &count);
    assert_int_equal(count, REQUESTS);
}

/* Bringing the meter where the recorded values are. False: it cannot be there. */
typedef bool state_function(struct electricity_meter *meter, struct span values);

static bool forward_set(struct electricity_meter *meter, struct span values)
{
    meter->state.forward_mwh[0] = bcd_read(values) * 10000;
    return true;
}

static bool reverse_set(struct electricity_meter *meter, struct span values)
{
    meter->state.reverse_mwh[0] = bcd_read(values) * 10000;
    return true;
}

static bool tariffs_set(struct electricity_meter *meter, struct span values)
{
    if (values.size < 20)
        return false;
    for (size_t i = 0; i < 4; i++)
        meter->state.forward_mwh[i] = bcd_read_4(values.bytes + 4 + 4 * i) * 10000;
    /* a total is not always the sum of its rounded parts */
    meter->state.forward_mwh[0] += bcd_read_4(values.bytes) * 10000 - electricity_forward_mwh(meter, 0);
    return meter->state.forward_mwh[0] / 10000 == bcd_read_4(values.bytes + 4);
}

static bool voltage_set(struct electricity_meter *meter, struct span values)
{
    meter->sample.voltage_mv = (int32_t)bcd_read(span_of_bytes(values.bytes, 2)) * 100;
    return values.size == 2 || span_is_filled(span_of_bytes(values.bytes + 2, values.size - 2), 0xff);
}

static bool whole_voltage_set(struct electricity_meter *meter, struct span values)
{
    meter->sample.voltage_mv = (int32_t)bcd_read(values) * 1000;
    return true;
}

static bool current_set(struct electricity_meter *meter, struct span values)
{
    meter->sample.current_ma = (int32_t)bcd_read(values);
    return true;
}

static bool power_set(struct electricity_meter *meter, struct span values)
{
    meter->sample.power_mw = (int32_t)bcd_read(values) * 100;
    return true;
}

static bool reactive_set(struct electricity_meter *meter, struct span values)
{
    meter->sample.reactive_mvar = (int32_t)bcd_read(values) * 100;
    return true;
}

static bool apparent_set(struct electricity_meter *meter, struct span values)
{
    meter->sample.voltage_mv = 100000;
    meter->sample.current_ma = (int32_t)bcd_read(values);
    return true;
}

static bool factor_set(struct electricity_meter *meter, struct span values)
{
    meter->sample.power_factor = (int32_t)bcd_read(values);
    return true;
}

static bool frequency_set(struct electricity_meter *meter, struct span values)
{
    meter->sample.frequency_mhz = (int32_t)bcd_read(values) * 10;
    return true;
}

static bool balance_set(struct electricity_meter *meter, struct span values)
{
    meter->state.balance_grains = bcd_read(values) * ELECTRICITY_GRAINS_PER_CENT;
    return true;
}

static bool covers_set(struct electricity_meter *meter, struct span values)
{
    meter->events.counts[ELECTRICITY_EVENT_COVER] = (uint32_t)bcd_read(values);
    return true;
}

static bool trips_set(struct electricity_meter *meter, struct span values)
{
    meter->events.counts[ELECTRICITY_EVENT_TRIP] = (uint32_t)bcd_read(values);
    return true;
}

/* The clock to those bytes of ss mm hh DD MM YY, the others at any. */
static bool clock_set(struct electricity_meter *meter, const uint8_t *bytes, size_t at, size_t size)
{
    uint8_t whole[6] = { 0x00, 0x00, 0x12, 0x21, 0x11, 0x26 };
    struct item_time time;
    int64_t day;

    memcpy(whole + at, bytes, size);
    if (dlt645_time_read(span_of_bytes(whole, sizeof whole), &time) < 0)
        return false;
    struct calendar_date date = { time.year, time.month, time.day };
    assert_int_equal(calendar_day_of_date(date, &day), 0);
    int64_t local_s = day * 86400 + time.hour * 3600 + time.minute * 60 + time.second;
    world.host.board.clock_offset_s = local_s - 28800 - world.now_ms / 1000;
    (void)host_electricity_step(&world.host, world.now_ms + 1);
    return meter->local_s == local_s;
}

static bool date_set(struct electricity_meter *meter, struct span values)
{
    return clock_set(meter, values.bytes + 1, 3, 3);
}

static bool time_of_day_set(struct electricity_meter *meter, struct span values)
{
    return clock_set(meter, values.bytes, 0, 3);
}

static const struct {
    uint32_t identifier;
    state_function *set;
} states[] = {
    { 0x9000, forward_set },     { 0x9010, forward_set },         { 0x901f, tariffs_set },
    { 0x9020, reverse_set },     { 0xb611, whole_voltage_set },   { 0xc010, date_set },
    { 0xc011, time_of_day_set }, { 0x00000000, forward_set },     { 0x00010000, forward_set },
    { 0x00020000, reverse_set }, { 0x0001ff00, tariffs_set },     { 0x00900200, balance_set },
    { 0x02010100, voltage_set }, { 0x0201ff00, voltage_set },     { 0x02020100, current_set },
    { 0x02030000, power_set },   { 0x02040000, reactive_set },    { 0x02050000, apparent_set },
    { 0x02060000, factor_set },  { 0x02800002, frequency_set },   { 0x03300d00, covers_set },
    { 0x04000101, date_set },    { 0x04000102, time_of_day_set }, { 0x1d000001, trips_set },
};

static state_function *state_of(uint32_t identifier)
{
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
        if (states[i].identifier == identifier)
            return states[i].set;
    return NULL;
}

static void answer_compare(const struct vector_json *vector, void *context)
{
    int *count = context;
    struct dlt645_frame frame;
    struct dlt645_message message;
    uint8_t bytes[64];
    struct writer request = writer_of_buffer(bytes, sizeof bytes);

    if (!is_from_meter(vector) || dlt645_frame_decode(vector->frame, &frame, NULL) < 0 ||
        dlt645_direction_of(frame.control) != DLT645_ANSWER || frame.address.bytes[0] == 0xaa)
        return;
    dlt645_message_decode(&frame, &message);
    if (!message.has_identifier || state_of(message.identifier) == NULL)
        return;
    meter_make(&frame);
    if (state_of(message.identifier)(&world.host.meter, message.values)) {
        assert_int_equal(dlt645_read_request_encode((enum dlt645_version)frame.version, &frame.address,
                                                    message.identifier, &request),
                         0);
        assert_int_equal(world_send(&world, &request), frame.control);
        assert_int_equal(world.answer_size, frame.wire.size);
        assert_memory_equal(world.answer, frame.wire.bytes, frame.wire.size);
        ++*count;
    }
    world_close(&world);
}

static void answers_are_the_recorded_ones(void **state)
{
    int count = 0;
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        vector_json_each(files[i], answer_compare, &count);
    assert_int_equal(count, COMPARED);
}

/* Answers without an identifier that a meter of that address gives. */
static void address_is_answered_as_recorded(void **state)
{
    struct dlt645_frame frame;
    uint8_t bytes[32];
    struct writer request = writer_of_buffer(bytes, sizeof bytes);
    static const uint8_t recorded[] = { 0x68, 0x69, 0x40, 0x17, 0x10, 0x12, 0x00, 0x68, 0x93,
                                        0x06, 0x9c, 0x73, 0x4a, 0x43, 0x45, 0x33, 0x5f, 0x16 };
    (void)state;
    assert_int_equal(dlt645_frame_decode(span_of_bytes(recorded, sizeof recorded), &frame, NULL), 0);
    meter_make(&frame);
    assert_int_equal(dlt645_read_address_request_encode(&request), 0);
    assert_int_equal(world_send(&world, &request), 0x93);
    assert_int_equal(world.answer_size, sizeof recorded);
    assert_memory_equal(world.answer, recorded, sizeof recorded);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_are_answered),
        cmocka_unit_test(answers_are_the_recorded_ones),
        cmocka_unit_test(address_is_answered_as_recorded),
    };
    return cmocka_run_group_tests_name("electricity_vector", tests, NULL, NULL);
}
