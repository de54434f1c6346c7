/* Control codes, error words and silence of the electricity meter, and bytes of strangers. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/random.h"
#include "codec/dlt645/dlt645_assembly.h"
#include "codec/dlt645/dlt645_items.h"
#include "tests/unit/meter/electricity_world.h"

static struct electricity_world world;
static uint8_t bytes[300];
static struct writer request;

static int world_begin(void **state)
{
    (void)state;
    world_open(&world);
    request = writer_of_buffer(bytes, sizeof bytes);
    return 0;
}

static int world_end(void **state)
{
    (void)state;
    world_close(&world);
    return 0;
}

static struct writer *anew(void)
{
    request = writer_of_buffer(bytes, sizeof bytes);
    return &request;
}

static uint8_t ask(const struct dlt645_address *address, uint32_t identifier)
{
    assert_int_equal(dlt645_read_request_encode(DLT645_2007, address, identifier, anew()), 0);
    return world_send(&world, &request);
}

static struct dlt645_address address_of(const char *digits)
{
    struct dlt645_address address;
    assert_int_equal(dlt645_address_read(span_of_text(digits), &address), 0);
    return address;
}

static void only_its_own_address_is_answered(void **state)
{
    const struct dlt645_address other = address_of("4322"), shortened = address_of("AAAAAAAA4321"),
                                wrong = address_of("AAAAAAAA4322");
    (void)state;
    assert_int_equal(ask(&world.address, 0x00010000), 0x91);
    assert_int_equal(ask(&dlt645_address_any, 0x00010000), 0x91);
    assert_int_equal(ask(&shortened, 0x00010000), 0x91);
    assert_int_equal(ask(&other, 0x00010000), 0);
    assert_int_equal(ask(&wrong, 0x00010000), 0);
    assert_int_equal(ask(&dlt645_address_broadcast, 0x00010000), 0);
}

/* Other meters' answers pass by on the line, and echoes of the converter. */
static void answers_are_not_answered(void **state)
{
    const struct span nothing = { NULL, 0 };
    (void)state;
    for (unsigned control = 0; control < 256; control++) {
        assert_int_equal(dlt645_frame_encode(&world.address, (uint8_t)control, nothing, anew()), 0);
        uint8_t answered = world_send(&world, &request);
        if ((control & 0xe0) != 0)
            assert_int_equal(answered, 0);
        else if (answered != 0)
            assert_int_equal(answered & 0x1f, control);
    }
}

static void a_broken_frame_is_met_with_silence(void **state)
{
    (void)state;
    assert_int_equal(ask(&world.address, 0x00010000), 0x91);
    for (size_t i = 0; i < request.size; i++) {
        uint8_t broken[300];
        memcpy(broken, bytes, request.size);
        broken[i] ^= 0x01;
        assert_int_equal(electricity_meter_receive(&world.host.meter, span_of_bytes(broken, request.size), world.answer,
                                                   sizeof world.answer),
                         0);
    }
}

static void what_it_has_not_it_says(void **state)
{
    const uint32_t unknown[] = { 0x00030000, 0x00010500, 0x00010010, 0x02010200, 0x04000c01, 0x04000c03,
                                 0x05060001, 0x05060101, 0x06010000, 0x03330701, 0x03330100, 0x03320101,
                                 0x00900100, 0x0400050a, 0xffffffff, 0x1d00010b };
    (void)state;
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        assert_int_equal(ask(&world.address, unknown[i]), 0xd1);
        assert_int_equal(world_error(&world), ELECTRICITY_REFUSE_NO_DATA);
    }
    assert_int_equal(dlt645_load_request_encode(&world.address, 0x06010001, 2, NULL, anew()), 0);
    assert_int_equal(world_send(&world, &request), 0xd1);
}

/* Every parameter of the table reads as it was written at the factory; secrets never do. */
static void every_parameter_is_read(void **state)
{
    const struct electricity_parameter_row *row;
    (void)state;
    for (size_t n = 0; (row = electricity_parameter_at(n)) != NULL; n++)
        for (unsigned index = 0; index < row->count; index++) {
            struct span values = world_read(&world, row->identifier + index);
            struct span held = electricity_parameter_bytes(&world.host.meter.parameters, row, index);
            assert_int_equal(values.size, row->is_secret ? 0 : held.size);
            if (!row->is_secret)
                assert_memory_equal(values.bytes, held.bytes, held.size);
        }
}

/* What the codec's own table says of an identifier fits the bytes the meter sends. */
static void values_have_the_form_of_the_standard(void **state)
{
    const uint32_t identifiers[] = { 0x00000000, 0x0001ff00, 0x00020301, 0x0001ff01, 0x00900200, 0x00900201, 0x000b0000,
                                     0x01010000, 0x0201ff00, 0x0202ff00, 0x02030000, 0x02060000, 0x02800001, 0x02800002,
                                     0x0280000b, 0x04000101, 0x04000102, 0x04000503, 0x03110000, 0x03110001, 0x03300001,
                                     0x03300101, 0x03300301, 0x03300401, 0x03300d01, 0x030f0000, 0x030f0101, 0x03330101,
                                     0x03330201, 0x03330301, 0x1d000001, 0x1d000101, 0x1e000101, 0x05060001, 0x05060101,
                                     0x05061001, 0x05040001, 0x0504ff01, 0x04010000, 0x04010001, 0x04030001, 0x04050101,
                                     0x04060001 };
    (void)state;
    world_load(&world, 1000, 1000);
    world_run(&world, 11 * WORLD_DAY, WORLD_HOUR);
    for (size_t i = 0; i < sizeof identifiers / sizeof identifiers[0]; i++) {
        struct item items[64];
        struct item_list list = item_list_of(items, 64);
        assert_int_equal(ask(&world.address, identifiers[i]), 0x91);
        assert_int_equal(dlt645_items_decode(&world.frame, &list), 0);
        assert_true(list.count > 0);
        for (size_t k = 0; k < list.count; k++)
            if (items[k].quality == ITEM_INVALID || items[k].quantity == ITEM_OTHER)
                fail_msg("%08x item %d", identifiers[i], (int)k);
    }
}

static uint8_t ask_more(uint32_t identifier, uint8_t sequence)
{
    assert_int_equal(dlt645_read_more_request_encode(DLT645_2007, &world.address, identifier, sequence, anew()), 0);
    return world_send(&world, &request);
}

static void long_items_come_in_several_frames(void **state)
{
    struct dlt645_assembly assembly;
    struct item items[128];
    struct item_list list = item_list_of(items, 128);
    uint8_t first[DLT645_DATA_LIMIT], whole[2 * DLT645_DATA_LIMIT];
    (void)state;
    world_load(&world, 1000, 1000);
    world_run(&world, WORLD_DAY, WORLD_HOUR);
    assert_int_equal(ask(&world.address, 0x0506ff01), 0xb1);
    assert_int_equal(world.frame.data_size, 200);
    dlt645_assembly_start(&assembly, DLT645_2007, &world.address, 0x0506ff01, whole, sizeof whole);
    assert_int_equal(dlt645_assembly_add(&assembly, &world.frame), 0);
    assert_int_equal(ask_more(0x0506ff01, 2), 0xd2);
    assert_int_equal(ask_more(0x05060101, 1), 0xd2);
    assert_int_equal(ask_more(0x0506ff01, 1), 0x92);
    memcpy(first, world.frame.data, world.frame.data_size);
    assert_int_equal(ask_more(0x0506ff01, 1), 0x92); /* the answer was lost on the line */
    assert_memory_equal(first, world.frame.data, world.frame.data_size);
    assert_int_equal(dlt645_assembly_add(&assembly, &world.frame), 0);
    assert_int_equal(assembly.state, DLT645_ASSEMBLY_WHOLE);
    assert_int_equal(ask_more(0x0506ff01, 2), 0xd2);
    assert_int_equal(dlt645_assembly_items_decode(&assembly, &list), 0);
    assert_int_equal(items[0].quantity, ITEM_DATE_TIME);
    assert_int_equal(items[1].value, 2400);
    assert_int_equal(items[6].quantity, ITEM_ENERGY_ACTIVE_EXPORT);
    assert_int_equal(list.count, 1 + 8 * 5 + 2 * 5 + 8);
}

static void wrong_passwords_lock_for_the_day(void **state)
{
    (void)state;
    world.authority.password.digits = 0x111111;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(world_relay(&world, DLT645_RELAY_TRIP), 0xdc);
        assert_int_equal(world_error(&world), ELECTRICITY_REFUSE_PASSWORD);
    }
    world.authority.password.digits = 0x123456;
    assert_int_equal(world_relay(&world, DLT645_RELAY_TRIP), 0xdc);
    world_restart(&world); /* no way out of it */
    assert_int_equal(world_relay(&world, DLT645_RELAY_TRIP), 0xdc);
    assert_true(world.host.relay_closed);
    assert_int_equal(ask(&world.address, 0x00010000), 0x91);
    world_run(&world, WORLD_DAY, WORLD_HOUR);
    assert_int_equal(world_relay(&world, DLT645_RELAY_TRIP), 0x9c);
    assert_false(world.host.relay_closed);
}

static void two_mistakes_are_forgiven(void **state)
{
    (void)state;
    world.authority.password.digits = 0x111111;
    for (int i = 0; i < 2; i++)
        assert_int_equal(world_relay(&world, DLT645_RELAY_TRIP), 0xdc);
    world.authority.password.digits = 0x123456;
    assert_int_equal(world_relay(&world, DLT645_RELAY_TRIP), 0x9c);
}

/* Level 4 sets what does not touch money; prices and the relay want level 2. */
static void levels_are_kept_apart(void **state)
{
    (void)state;
    world.authority.password.level = 4;
    assert_int_equal(world_write_number(&world, ELECTRICITY_LOAD_LIMIT, 50000, 3), 0x94);
    assert_int_equal(world_write_number(&world, 0x04050101, 1, 4), 0xd4);
    assert_int_equal(world_error(&world), ELECTRICITY_REFUSE_PASSWORD);
    assert_int_equal(world_relay(&world, DLT645_RELAY_TRIP), 0xdc);
    world.authority.password.level = 0x98; /* a security module, which it has not */
    assert_int_equal(world_relay(&world, DLT645_RELAY_TRIP), 0xdc);
    world.authority.password.level = 2;
    assert_int_equal(world_write_number(&world, 0x04050101, 1, 4), 0x94);
    assert_int_equal(world_number(&world, ELECTRICITY_LOAD_LIMIT), 50000);
}

static void passwords_are_changed(void **state)
{
    struct dlt645_password old_password = { 2, 0x123456 }, new_password = { 4, 0x777777 };
    (void)state;
    assert_int_equal(
        dlt645_password_request_encode(DLT645_2007, &world.address, 4, &old_password, &new_password, anew()), 0);
    assert_int_equal(world_send(&world, &request), 0x98);
    assert_memory_equal(world.frame.data, "\x04\x77\x77\x77", 4);
    world.authority.password.level = 4;
    assert_int_equal(world_write_number(&world, ELECTRICITY_LOAD_LIMIT, 50000, 3), 0xd4);
    world_restart(&world);
    world.authority.password.digits = 0x777777;
    assert_int_equal(world_write_number(&world, ELECTRICITY_LOAD_LIMIT, 50000, 3), 0x94);
    /* a lower level never changes a higher one, and the levels must agree */
    old_password.level = 4;
    old_password.digits = 0x777777;
    new_password.level = 2;
    assert_int_equal(
        dlt645_password_request_encode(DLT645_2007, &world.address, 2, &old_password, &new_password, anew()), 0);
    assert_int_equal(world_send(&world, &request), 0xd8);
    new_password.level = 3;
    assert_int_equal(
        dlt645_password_request_encode(DLT645_2007, &world.address, 4, &old_password, &new_password, anew()), 0);
    assert_int_equal(world_send(&world, &request), 0xd8);
}

static void address_is_written_with_the_key(void **state)
{
    const struct dlt645_address another = address_of("123456789012");
    (void)state;
    assert_int_equal(dlt645_write_address_request_encode(DLT645_2007, &another, anew()), 0);
    assert_int_equal(world_send(&world, &request), 0);
    electricity_meter_inputs(&world.host.meter, ELECTRICITY_INPUT_PROGRAMMING_KEY, world.now_ms);
    assert_int_equal(world_send(&world, &request), 0x95);
    world_restart(&world);
    assert_int_equal(ask(&world.address, 0x00010000), 0);
    assert_int_equal(ask(&another, 0x00010000), 0x91);
    assert_int_equal(dlt645_read_address_request_encode(anew()), 0);
    assert_int_equal(world_send(&world, &request), 0x93);
    assert_memory_equal(world.frame.data, another.bytes, DLT645_ADDRESS_SIZE);
    /* nobody is called like everybody */
    electricity_meter_inputs(&world.host.meter, ELECTRICITY_INPUT_PROGRAMMING_KEY, world.now_ms);
    assert_int_equal(dlt645_write_address_request_encode(DLT645_2007, &dlt645_address_broadcast, anew()), 0);
    assert_int_equal(world_send(&world, &request), 0);
}

static void rate_is_changed_after_the_answer(void **state)
{
    (void)state;
    assert_int_equal(dlt645_rate_request_encode(DLT645_2007, &world.address, 9600, anew()), 0);
    assert_int_equal(world_send(&world, &request), 0x97);
    assert_int_equal(world.host.rate, 9600);
    assert_int_equal(world_read(&world, ELECTRICITY_PORT_RATE).bytes[0], 0x20);
    const uint8_t two_rates = 0x0c;
    assert_int_equal(dlt645_frame_encode(&world.address, DLT645_RATE, span_of_bytes(&two_rates, 1), anew()), 0);
    assert_int_equal(world_send(&world, &request), 0xd7);
    assert_int_equal(world_error(&world), ELECTRICITY_REFUSE_RATE);
    world.host.hal.rate_set = NULL;
    assert_int_equal(dlt645_rate_request_encode(DLT645_2007, &world.address, 2400, anew()), 0);
    assert_int_equal(world_send(&world, &request), 0xd7);
}

/* identifier, bytes, ERR */
static const struct {
    uint32_t identifier;
    const char *values;
    size_t size;
    unsigned error;
} refusals[] = {
    { 0x04000201, "\x15", 1, ELECTRICITY_REFUSE_ZONES },
    { 0x04000202, "\x09", 1, ELECTRICITY_REFUSE_PERIODS },
    { 0x04000203, "\x15", 1, ELECTRICITY_REFUSE_PERIODS },
    { 0x04000204, "\x05", 1, ELECTRICITY_REFUSE_TARIFFS },
    { 0x04010000, "\x01\x31\x02", 3, ELECTRICITY_REFUSE_ZONES },
    { 0x04010000, "\x01\x01\x05\x01\x01\x04", 6, ELECTRICITY_REFUSE_ZONES },
    { 0x04010000, "\x09\x01\x05", 3, ELECTRICITY_REFUSE_ZONES },
    { 0x04010001, "\x05\x00\x00", 3, ELECTRICITY_REFUSE_TARIFFS },
    { 0x04010001, "\x01\x60\x00", 3, ELECTRICITY_REFUSE_PERIODS },
    { 0x04010001, "\x01\x00\x24", 3, ELECTRICITY_REFUSE_PERIODS },
    { 0x04010001, "\x01\x00\x09\x02\x00\x08", 6, ELECTRICITY_REFUSE_PERIODS },
    { 0x04010001, "\x01\x00\x09\x02", 4, ELECTRICITY_REFUSE_OTHER },
    { 0x04050101, "\x0a\x00\x00\x00", 4, ELECTRICITY_REFUSE_OTHER },
    { 0x04050101, "\x00\x00\x00", 3, ELECTRICITY_REFUSE_OTHER },
    { 0x04000b01, "\x00\x29", 2, ELECTRICITY_REFUSE_OTHER },
    { 0x04000b01, "\x24\x01", 2, ELECTRICITY_REFUSE_OTHER },
    { 0x04030001, "\x01\x30\x02\x26", 4, ELECTRICITY_REFUSE_OTHER },
    { ELECTRICITY_PERIOD_SWITCH, "\x00\x00\x31\x11\x26", 5, ELECTRICITY_REFUSE_OTHER },
    { ELECTRICITY_MALICIOUS_LIMIT, "\x99\x04\x00", 3, ELECTRICITY_REFUSE_OTHER },
    { ELECTRICITY_PAYMENT, "\x03", 1, ELECTRICITY_REFUSE_OTHER },
    { ELECTRICITY_METERING, "\x03", 1, ELECTRICITY_REFUSE_OTHER },
    { ELECTRICITY_SCREENS, "\x13\0\0\0\0\0\0\0\0\0\0\0", 12, ELECTRICITY_REFUSE_OTHER },
    { ELECTRICITY_ADDRESS, "\x99\x99\x99\x99\x99\x99", 6, ELECTRICITY_REFUSE_OTHER },
    { ELECTRICITY_PORT_RATE, "\x03", 1, ELECTRICITY_REFUSE_RATE },
    { 0x0400040d, "0123456789012345", 16, ELECTRICITY_REFUSE_PASSWORD },
    { 0x04000c03, "\x02\x11\x11\x11", 4, ELECTRICITY_REFUSE_PASSWORD },
    { 0x00010000, "\x00\x00\x00\x00", 4, ELECTRICITY_REFUSE_NO_DATA },
    { 0x04000503, "\x00\x00", 2, ELECTRICITY_REFUSE_NO_DATA },
    { 0x04000101, "\x00\x31\x11\x26", 4, ELECTRICITY_REFUSE_OTHER },
    { 0x04000102, "\x00\x00\x12\x00", 4, ELECTRICITY_REFUSE_OTHER },
};

static void senseless_values_are_refused(void **state)
{
    (void)state;
    struct electricity_parameters before = world.host.meter.parameters;
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        struct span values = span_of_bytes(refusals[i].values, refusals[i].size);
        uint8_t control = world_write(&world, refusals[i].identifier, values);
        if (control != 0xd4 || world_error(&world) != refusals[i].error)
            fail_msg("row %d: %02x", (int)i, control);
    }
    assert_memory_equal(&before, &world.host.meter.parameters, sizeof before);
}

static void demand_meter_and_events_are_cleared(void **state)
{
    (void)state;
    world_load(&world, 1000, 1000);
    assert_int_equal(world_recharge(&world, DLT645_OPEN_ACCOUNT, 1, 500), 0x83);
    world_run(&world, 2 * WORLD_DAY, WORLD_HOUR);
    assert_true(world_number(&world, 0x01010000) > 0);
    assert_int_equal(dlt645_clear_demand_request_encode(DLT645_2007, &world.address, &world.authority, anew()), 0);
    assert_int_equal(world_send(&world, &request), 0x99);
    assert_int_equal(world_number(&world, 0x01010000), 0);
    assert_int_equal(world_relay(&world, DLT645_RELAY_TRIP), 0x9c);
    assert_int_equal(world_relay(&world, DLT645_RELAY_CLOSE), 0x9c);
    assert_int_equal(dlt645_clear_events_request_encode(&world.address, &world.authority, 0x1d00ffff, anew()), 0);
    assert_int_equal(world_send(&world, &request), 0x9b);
    assert_int_equal(world_number(&world, 0x1d000001), 0);
    assert_int_equal(world_number(&world, 0x1e000001), 1);
    assert_int_equal(dlt645_clear_events_request_encode(&world.address, &world.authority, DLT645_ALL_EVENTS, anew()),
                     0);
    assert_int_equal(world_send(&world, &request), 0x9b);
    assert_int_equal(world_number(&world, 0x1e000001), 0);
    assert_int_equal(world_number(&world, 0x03300300), 2);
    assert_int_equal(dlt645_clear_meter_request_encode(&world.address, &world.authority, anew()), 0);
    assert_int_equal(world_send(&world, &request), 0x9a);
    world_restart(&world);
    assert_int_equal(world_number(&world, 0x00010000), 0);
    assert_int_equal(ask(&world.address, 0x05060001), 0xd1);
    assert_int_equal(world_number(&world, 0x03300100), 1);
    /* what was paid stays, and an old recharge is not good again */
    assert_int_equal(world_number(&world, 0x00900200), 500);
    assert_int_equal(world_recharge(&world, DLT645_RECHARGE, 1, 500), 0xc3);
}

static void reading_of_1997_is_answered_when_wanted(void **state)
{
    (void)state;
    world_load(&world, 2200, 1000);
    world_run(&world, WORLD_HOUR, WORLD_MINUTE);
    const struct {
        uint32_t identifier;
        uint8_t control;
        const char *data;
        size_t size;
    } rows[] = {
        { 0x9010, 0x81, "\x20\x02\x00\x00", 4 }, { 0x9020, 0x81, "\x00\x00\x00\x00", 4 },
        { 0xb611, 0x81, "\x20\x02", 2 },         { 0xb621, 0x81, "\x00\x10", 2 },
        { 0xb630, 0x81, "\x00\x20\x02", 3 },     { 0xb650, 0x81, "\x00\x10", 2 },
        { 0xc010, 0x81, "\x06\x21\x11\x26", 4 }, { 0x9110, 0xc1, "", 0 },
        { 0x9410, 0x81, "\xff\xff\xff\xff", 4 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(dlt645_read_request_encode(DLT645_1997, &world.address, rows[i].identifier, anew()), 0);
        assert_int_equal(world_send(&world, &request), rows[i].control);
        if (rows[i].control == 0x81)
            assert_memory_equal(world.frame.data + 2, rows[i].data, rows[i].size);
    }
    assert_int_equal(dlt645_write_request_encode(DLT645_1997, &world.address, 0xc010, &world.authority,
                                                 span_of_text("1234"), anew()),
                     0);
    assert_int_equal(world_send(&world, &request), 0xc4);
    world.config.answers_1997 = false;
    world_restart(&world);
    assert_int_equal(dlt645_read_request_encode(DLT645_1997, &world.address, 0x9010, anew()), 0);
    assert_int_equal(world_send(&world, &request), 0);
}

/* Frames that are sound and mean anything, and bytes that mean nothing: it answers in frames of its own, or not at all,
 * and neither registers nor money move. */
static void strangers_change_nothing(void **state)
{
    struct random random = random_of_seed(645);
    const struct electricity_state before = world.host.meter.state;
    (void)state;
    for (int i = 0; i < 60000; i++) {
        uint8_t data[DLT645_DATA_LIMIT];
        size_t size = random_below(&random, 40);
        uint8_t control = (uint8_t)random_below(&random, 32);
        for (size_t k = 0; k < size; k++)
            data[k] = (uint8_t)(random_below(&random, 3) == 0 ? random_below(&random, 256) : random_below(&random, 7));
        assert_int_equal(dlt645_frame_encode(&world.address, control, span_of_bytes(data, size), anew()), 0);
        uint8_t answered = world_send(&world, &request);
        assert_true(answered == 0 || (answered & 0x1f) == control);
    }
    for (int i = 0; i < 20000; i++) {
        uint8_t noise[64];
        size_t size = random_below(&random, sizeof noise);
        for (size_t k = 0; k < size; k++)
            noise[k] = (uint8_t)random_below(&random, 256);
        assert_int_equal(
            electricity_meter_receive(&world.host.meter, span_of_bytes(noise, size), world.answer, sizeof world.answer),
            0);
    }
    assert_memory_equal(before.forward_mwh, world.host.meter.state.forward_mwh, sizeof before.forward_mwh);
    assert_int_equal(before.balance_grains, world.host.meter.state.balance_grains);
    assert_int_equal(before.purchase_count, world.host.meter.state.purchase_count);
    assert_true(world.host.relay_closed);
}

/* An answer that does not fit the caller's buffer is no answer, and nothing is written behind it. */
static void a_small_buffer_is_respected(void **state)
{
    uint8_t small[20];
    (void)state;
    memset(small, 0x77, sizeof small);
    assert_int_equal(dlt645_read_request_encode(DLT645_2007, &world.address, 0x0001ff00, anew()), 0);
    assert_int_equal(electricity_meter_receive(&world.host.meter, writer_span(&request), small, 10), 0);
    for (size_t i = 10; i < sizeof small; i++)
        assert_int_equal(small[i], 0x77);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, world_begin, world_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(only_its_own_address_is_answered),
        CASE(answers_are_not_answered),
        CASE(a_broken_frame_is_met_with_silence),
        CASE(what_it_has_not_it_says),
        CASE(every_parameter_is_read),
        CASE(values_have_the_form_of_the_standard),
        CASE(long_items_come_in_several_frames),
        CASE(wrong_passwords_lock_for_the_day),
        CASE(two_mistakes_are_forgiven),
        CASE(levels_are_kept_apart),
        CASE(passwords_are_changed),
        CASE(address_is_written_with_the_key),
        CASE(rate_is_changed_after_the_answer),
        CASE(senseless_values_are_refused),
        CASE(demand_meter_and_events_are_cleared),
        CASE(reading_of_1997_is_answered_when_wanted),
        CASE(strangers_change_nothing),
        CASE(a_small_buffer_is_respected),
    };
    return cmocka_run_group_tests_name("electricity_line", tests, NULL, NULL);
}
