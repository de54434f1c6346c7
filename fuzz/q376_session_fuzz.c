/* A hostile concentrator: bytes, frames, answers and reports of any content, between orders of any kind, with a core
 * that takes, refuses or is full.
 *
 * The input is a sequence of steps, each one byte of kind, one of circumstances, one of length, and so many bytes.
 * Every order ends exactly once, every frame sent is one, and every message stays within its bounds. */
#include <stdlib.h>
#include <string.h>

#include "codec/item/item_quantity.h"
#include "codec/q376/q376_request.h"
#include "dialog/line_dialog.h"

#define START_MS INT64_C(1795190400000)
#define ORDER_LIMIT 200
#define LINE_ID 7

enum step {
    STEP_BYTES,
    STEP_FRAME,
    STEP_ANSWER,
    STEP_REPORT,
    STEP_ORDER,
    STEP_TIME,
    STEP_CORE,
    STEP_CANCEL,
    STEP_COUNT
};

struct world {
    struct line_dialog_house house;
    struct device_profile profile;
    void *state;
    int64_t now_ms;
    uint64_t next_message_id;
    uint64_t acknowledged; /* messages below were answered */
    bool is_full;
    bool is_ended;
    size_t order_count;
    uint8_t ends[ORDER_LIMIT];
    size_t request_size; /* of the last request */
    uint8_t request[1024];
};

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void send(void *context, void *line, struct span bytes)
{
    struct world *world = context;
    struct q376_frame frame;

    must(line == world && !world->is_ended && bytes.size <= sizeof world->request);
    must(q376_frame_decode(bytes, &frame, NULL) == 0 && !q376_frame_is_uplink(&frame));
    if ((frame.control & Q376_CONTROL_PRIMARY) == 0)
        return;
    memcpy(world->request, bytes.bytes, bytes.size);
    world->request_size = bytes.size;
}

static bool offer(void *context, struct uplink *uplink)
{
    struct world *world = context;

    must(uplink->device_id != 0 && uplink->measurement_point <= Q376_POINT_LIMIT);
    must(uplink->item_count <= (uplink->kind == UPLINK_ARCHIVE ? UPLINK_ARCHIVE_LIMIT : UPLINK_ITEM_LIMIT));
    must(uplink->order_id <= world->order_count);
    if (world->is_full && !world->is_ended)
        return false;
    uplink->message_id = world->next_message_id++;
    if (uplink->order_id != 0)
        must(world->ends[uplink->order_id - 1] == 0);
    if (uplink->order_ended)
        world->ends[uplink->order_id - 1]++;
    return true;
}

static const struct device_profile *profile_find(void *context, const char *name)
{
    struct world *world = context;
    return name[0] == 'm' ? &world->profile : NULL;
}

/* A model of any codec that has lines. */
static void profile_make(struct device_profile *profile, uint8_t codec)
{
    memset(profile, 0, sizeof *profile);
    profile->codec = codec % 5;
    profile->kind = DEVICE_KIND_ELECTRICITY;
    profile->line = (struct device_profile_line){ 2400, 'E', 1, 2, 0, 1500, 500 };
    profile->settings.preamble = 4;
    profile->settings.meter_type = 0x10;
    profile->point_count = 2;
    profile->points[0] = (struct device_point){ .identifier = 0x00010000,
                                                .identifier_digits = 8,
                                                .quantity = ITEM_ENERGY_ACTIVE_IMPORT };
    profile->points[1] = (struct device_point){ .identifier = 0x05060101,
                                                .identifier_digits = 8,
                                                .quantity = ITEM_ENERGY_ACTIVE_IMPORT,
                                                .period = UPLINK_DAILY_FREEZE };
    for (uint8_t i = 1; i < DEVICE_COMMAND_COUNT; i++)
        profile->commands[profile->command_count++].command = i;
}

static struct q376_address address_make(void)
{
    struct q376_address address;
    must(q376_address_read(span_of_text("961213398"), Q376_ADDRESS_DECIMAL, &address) == 0);
    return address;
}

static void receive(struct world *world, struct span bytes)
{
    uint8_t *copy = malloc(bytes.size + 1); /* exactly so large, for the sanitizer */

    must(copy != NULL);
    if (bytes.size > 0)
        memcpy(copy, bytes.bytes, bytes.size);
    q376_session_kind.receive(world->state, span_of_bytes(copy, bytes.size), world->now_ms);
    free(copy);
}

static void frame_receive(struct world *world, const struct q376_frame *frame)
{
    uint8_t bytes[400];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);

    if (q376_frame_encode(frame, &out) == 0)
        receive(world, writer_span(&out));
}

/* Units behind a head that fits: what a terminal of bad will can say. */
static void answer_receive(struct world *world, uint8_t circumstances, struct span units)
{
    struct q376_frame request, answer;

    if (world->request_size == 0 ||
        q376_frame_decode(span_of_bytes(world->request, world->request_size), &request, NULL) != 0)
        return;
    memset(&answer, 0, sizeof answer);
    answer.protocol = request.protocol;
    answer.control = Q376_CONTROL_UPLINK | 8;
    answer.address = request.address;
    answer.afn = (circumstances & 1) != 0 ? Q376_AFN_CONFIRM : request.afn;
    unsigned part = circumstances >> 4;
    answer.sequence =
        (uint8_t)((part == 0 ? Q376_SEQUENCE_FIRST : 0) | ((circumstances & 2) != 0 ? 0 : Q376_SEQUENCE_FINAL) |
                  ((request.sequence + part) & Q376_SEQUENCE_NUMBER));
    answer.has_event_counters = (circumstances & 4) != 0;
    answer.important_events = (uint8_t)units.size;
    answer.units = units;
    frame_receive(world, &answer);
}

static void report_receive(struct world *world, uint8_t circumstances, struct span units)
{
    struct q376_frame report;

    memset(&report, 0, sizeof report);
    report.protocol = Q376_PROTOCOL_376;
    report.control = Q376_CONTROL_UPLINK | Q376_CONTROL_PRIMARY | 4;
    report.address = address_make();
    report.afn = circumstances & 0x1F;
    report.sequence = (uint8_t)(Q376_SEQUENCE_FIRST | Q376_SEQUENCE_FINAL | Q376_SEQUENCE_CONFIRM | circumstances >> 4);
    report.units = units;
    frame_receive(world, &report);
}

static void order_give(struct world *world, uint8_t circumstances, struct span bytes)
{
    struct line_order order;
    uint8_t set[64] = { 0 };

    if (world->order_count == ORDER_LIMIT)
        return;
    memcpy(set, bytes.bytes, bytes.size < sizeof set ? bytes.size : sizeof set);
    memset(&order, 0, sizeof order);
    order.order_id = world->order_count + 1;
    order.line_id = LINE_ID;
    order.operation = circumstances % 16;
    order.priority = circumstances >> 6;
    order.route = circumstances >> 4 & 3;
    order.device_id = set[0] % 3 == 0 ? 0 : set[0] % 3 == 1 ? LINE_ID : 9;
    order.measurement_point = (uint16_t)(set[1] | set[2] << 8);
    order.kind = set[3] % (DEVICE_KIND_COUNT + 1);
    order.port = set[4];
    order.time_s = START_MS / 1000 + ((int64_t)set[5] - 200) * 86400 * (set[6] % 40);
    order.back = set[7];
    order.count = (uint16_t)(set[8] | (set[9] & 7) << 8);
    order.number = (uint16_t)(set[10] | set[11] << 8);
    order.interval_min = set[12];
    order.has_password = 1;
    memcpy(order.address, "12345678", 9);
    memcpy(order.profile, set[13] % 8 == 0 ? "x" : "m", 2);
    if (order.operation == LINE_COMMAND)
        order.body.command.operation = set[14] % (DOWNLINK_OPERATION_COUNT + 1);
    else
        memcpy(&order.body, set + 14, sizeof set - 14);
    world->order_count++; /* it may end before order() returns */
    if (q376_session_kind.order(world->state, &order, world->now_ms) != 0)
        world->order_count--;
}

static void core_step(struct world *world, uint8_t circumstances)
{
    world->is_full = (circumstances & 1) != 0;
    while (world->acknowledged < world->next_message_id && (circumstances & 2) != 0) {
        struct uplink_acknowledgement answer = { .message_id = world->acknowledged++,
                                                 .accepted = (circumstances & 4) != 0 };
        q376_session_kind.acknowledge(world->state, &answer, world->now_ms);
    }
}

static void step_do(struct world *world, enum step step, uint8_t circumstances, struct span bytes)
{
    uint64_t order_id = world->order_count == 0 ? 0 : 1 + circumstances % world->order_count;

    switch (step) {
    case STEP_BYTES:
        receive(world, bytes);
        break;
    case STEP_FRAME:
    case STEP_REPORT:
        report_receive(world, step == STEP_FRAME ? Q376_AFN_LINK : circumstances, bytes);
        break;
    case STEP_ANSWER:
        answer_receive(world, circumstances, bytes);
        break;
    case STEP_ORDER:
        order_give(world, circumstances, bytes);
        break;
    case STEP_TIME:
        world->now_ms += (int64_t)circumstances * 500;
        break;
    case STEP_CORE:
        core_step(world, circumstances);
        break;
    case STEP_CANCEL:
        q376_session_kind.cancel(world->state, order_id, world->now_ms);
        break;
    case STEP_COUNT:
        break;
    }
    must(q376_session_kind.tick(world->state, world->now_ms) > world->now_ms);
}

static void world_end(struct world *world)
{
    world->is_full = false;
    world->is_ended = true;
    q376_session_kind.end(world->state, LINE_PROBLEM_LOST, world->now_ms);
    for (size_t i = 0; i < world->order_count; i++)
        must(world->ends[i] == 1);
    must(line_order_pool_free_count(world->house.orders) == LINE_ORDER_OPEN_LIMIT);
    line_order_pool_close(world->house.orders);
    free(world->state);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct world world;
    struct line_record record = {
        .line_id = LINE_ID, .zone_offset_s = 28800, .secret_size = 16, .address = "961213398"
    };

    memset(&world, 0, sizeof world);
    if (size > 0)
        profile_make(&world.profile, data[0]);
    world.now_ms = START_MS;
    world.next_message_id = world.acknowledged = 1;
    world.house = (struct line_dialog_house){ .context = &world,
                                              .send = send,
                                              .offer = offer,
                                              .profile_find = profile_find,
                                              .orders = line_order_pool_open(LINE_ORDER_OPEN_LIMIT) };
    world.state = malloc(q376_session_kind.size);
    must(world.state != NULL && world.house.orders != NULL);
    q376_session_kind.begin(world.state, &world.house, &record, &world, world.now_ms);
    while (size >= 3) {
        size_t length = data[2] < size - 3 ? data[2] : size - 3;
        step_do(&world, (enum step)(data[0] % STEP_COUNT), data[1], span_of_bytes(data + 3, length));
        data += 3 + length;
        size -= 3 + length;
    }
    world_end(&world);
    return 0;
}
