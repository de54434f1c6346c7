/* The frames of tests/vectors that a master sent, asked of meters made for them; and those that meters sent, which must
 * be heard in silence. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "tests/unit/codec/vector_json.h"
#include "tests/unit/meter/bus_meter_world.h"

struct tally {
    int answered;
    int refused;
    int silent;
    int others; /* types that no kind has */
};

/* The kind of a type; -1 none. */
static int kind_of(uint8_t type)
{
    for (unsigned kind = 0; kind < BUS_METER_KIND_COUNT; kind++)
        if (bus_meter_type((enum bus_meter_kind)kind) == type)
            return (int)kind;
    return type == CJT188_WILDCARD ? BUS_METER_COLD_WATER : -1;
}

static void cjt188_ask(const struct cjt188_frame *request, const struct vector_json *vector, struct tally *tally)
{
    static struct bus_world world;
    int kind = kind_of(request->meter_type);

    if (kind < 0) {
        tally->others++;
        return;
    }
    bus_world_open(&world, (enum bus_meter_kind)kind);
    for (size_t i = 0; i < CJT188_ADDRESS_SIZE; i++)
        if (request->address[i] != CJT188_WILDCARD)
            world.config.address[i] = request->address[i];
    world.config.any_order = true;
    bus_world_start(&world);
    uint8_t control = bus_world_hear_cjt188(&world, vector->frame);
    assert_int_equal(control & ~CJT188_ABNORMAL, CJT188_FROM_METER | request->control);
    assert_int_equal(world.frame.serial, request->serial);
    tally->answered += (control & CJT188_ABNORMAL) == 0;
    tally->refused += (control & CJT188_ABNORMAL) != 0;
    bus_world_close(&world);
}

/* A meter of every kind that is not asked by number, and says nothing all the same. */
static void cjt188_hear(const struct vector_json *vector, struct tally *tally)
{
    static struct bus_world world;
    bus_world_open(&world, BUS_METER_COLD_WATER);
    world.config.any_order = true;
    bus_world_start(&world);
    assert_int_equal(bus_world_send(&world, vector->frame), 0);
    tally->silent++;
    bus_world_close(&world);
}

static void cjt188_visit(const struct vector_json *vector, void *context)
{
    struct cjt188_frame frame;
    bool is_frame = cjt188_frame_decode(vector->frame, &frame, NULL) == 0;
    if (is_frame && (frame.control & CJT188_FROM_METER) == 0)
        cjt188_ask(&frame, vector, context);
    else
        cjt188_hear(vector, context);
}

static void recorded_requests_of_cjt188_are_answered(void **state)
{
    struct tally tally = { 0, 0, 0, 0 };

    (void)state;
    vector_json_each("cjt188/cjt188.json", cjt188_visit, &tally);
    vector_json_each("cjt188/field.json", cjt188_visit, &tally);
    print_message("# %d answered, %d refused, %d silent, %d of other types\n", tally.answered, tally.refused,
                  tally.silent, tally.others);
    assert_true(tally.answered >= 16);
    assert_true(tally.silent >= 20);
}

/* A meter that a selection means: wild cards stand for ones. */
static void selected_make(struct bus_world *world, const struct mbus_frame *frame)
{
    uint8_t header[WMBUS_ADDRESS_SIZE];
    wmbus_address_header_write(&world->config.identity, header);
    for (size_t i = 0; i < frame->data.size && i < sizeof header; i++) {
        uint8_t byte = frame->data.bytes[i];
        unsigned high = byte >> 4 == 15 ? 1u : byte >> 4, low = (byte & 15) == 15 ? 1u : byte & 15u;
        if (i < 4)
            header[i] = (uint8_t)(high << 4 | low);
        else if (byte != 0xff)
            header[i] = byte;
    }
    world->config.identity = wmbus_address_of_header(header);
}

static void mbus_ask(const struct mbus_frame *frame, const struct vector_json *vector, struct tally *tally)
{
    static struct bus_world world;
    bool is_selection = frame->ci == 0x52;

    bus_world_open(&world, BUS_METER_HEAT);
    world.config.protocols = BUS_METER_MBUS;
    if (frame->address <= MBUS_ADDRESS_LAST)
        world.config.primary = frame->address;
    if (is_selection)
        selected_make(&world, frame);
    bus_world_start(&world);
    world.host.meter.link.is_selected = frame->address == MBUS_ADDRESS_SECONDARY && !is_selection;
    size_t size = bus_world_hear_mbus(&world, vector->frame);
    assert_true(size > 0 || frame->address == MBUS_ADDRESS_BROADCAST);
    if ((frame->control & 15) != (MBUS_REQ_UD2 & 15))
        assert_true(size <= 1);
    tally->answered++;
    bus_world_close(&world);
}

static void mbus_visit(const struct vector_json *vector, void *context)
{
    static struct bus_world world;
    struct tally *tally = context;
    struct mbus_frame frame;
    bool is_frame = mbus_frame_decode(vector->frame, &frame, NULL) == 0;

    if (is_frame && frame.kind != MBUS_FRAME_ACKNOWLEDGE && (frame.control & MBUS_CONTROL_FROM_MASTER) != 0) {
        mbus_ask(&frame, vector, tally);
        return;
    }
    bus_world_open(&world, BUS_METER_HEAT);
    world.config.protocols = BUS_METER_MBUS;
    bus_world_start(&world);
    assert_int_equal(bus_world_send(&world, vector->frame), 0);
    tally->silent++;
    bus_world_close(&world);
}

static void recorded_requests_of_mbus_are_answered(void **state)
{
    struct tally tally = { 0, 0, 0, 0 };

    (void)state;
    vector_json_each("mbus/mbus.json", mbus_visit, &tally);
    print_message("# %d answered, %d silent\n", tally.answered, tally.silent);
    assert_true(tally.answered >= 8);
    assert_true(tally.silent >= 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recorded_requests_of_cjt188_are_answered),
        cmocka_unit_test(recorded_requests_of_mbus_are_answered),
    };
    return cmocka_run_group_tests_name("bus_meter_vector", tests, NULL, NULL);
}
