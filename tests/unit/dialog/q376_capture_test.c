/* Frames of terminals in the field, as the platform hears them: each through a conversation with its own terminal. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "codec/q376/q376_data.h"
#include "tests/unit/codec/vector_json.h"
#include "tests/unit/dialog/q376_scene.h"

#define VECTORS "q376/qgdw376.json"

struct counts {
    unsigned links;
    unsigned reports;
    unsigned answers;
    unsigned damaged;
    unsigned readings;
    unsigned events;
};

/* The first frame that was sent confirms this one. */
static void confirmation_check(struct q376_scene *scene, const struct q376_frame *frame)
{
    assert_true(scene->sent_count >= 1);
    scene->sent_count = 1;
    const struct q376_frame *confirm = q376_scene_request(scene, Q376_AFN_CONFIRM);
    assert_int_equal(confirm->sequence & Q376_SEQUENCE_NUMBER, frame->sequence & Q376_SEQUENCE_NUMBER);
    assert_int_equal(confirm->protocol, frame->protocol);
    assert_memory_equal(confirm->address.region, frame->address.region, 2);
    assert_int_equal(confirm->address.terminal, frame->address.terminal);
}

/* Everything that was offered is stored: then, not earlier, a frame that asks for it is confirmed. */
static void storing_confirms(struct q376_scene *scene, const struct q376_frame *frame)
{
    scene->sent_count = 0; /* a question about events may have left */
    for (size_t i = 0; i < scene->uplink_count; i++) {
        q376_scene_expect_silence(scene);
        q376_scene_acknowledge(scene, scene->uplinks[i].message_id, true);
    }
    if ((frame->sequence & Q376_SEQUENCE_CONFIRM) != 0)
        confirmation_check(scene, frame);
    else
        q376_scene_expect_silence(scene);
}

static void uplinks_check(struct q376_scene *scene, const struct q376_frame *frame, struct counts *counts)
{
    for (size_t i = 0; i < scene->uplink_count; i++) {
        const struct uplink *uplink = &scene->uplinks[i];
        assert_int_equal(uplink->device_id, Q376_SCENE_LINE);
        counts->readings += uplink->kind == UPLINK_REPORT ? uplink->item_count : 0u;
        counts->events += uplink->kind == UPLINK_EVENT ? uplink->item_count : 0u;
    }
    if (frame->afn == Q376_AFN_EVENT)
        assert_int_equal(scene->uplinks[1].kind, UPLINK_EVENT);
}

/* Data that answer a question: it is asked with the number that the answer has. */
static void answer_replay(struct q376_scene *scene, const struct vector_json *vector, const struct q376_frame *frame,
                          struct counts *counts)
{
    unsigned function = (unsigned)q376_functions_of(q376_unit_id_take(frame->units.bytes)).members[0];
    bool is_month = function >= 177 && function <= 184;
    struct line_order order;

    if (scene->sent_count > 0) { /* the frame announced events */
        q376_scene_request(scene, Q376_AFN_EVENT);
        q376_scene_confirm(scene, true);
    }
    for (unsigned i = frame->has_event_counters; i < (frame->sequence & Q376_SEQUENCE_NUMBER); i++) {
        order = q376_scene_order(LINE_CLOCK_READ);
        order.device_id = Q376_SCENE_LINE;
        q376_scene_give(scene, &order);
        q376_scene_request(scene, Q376_AFN_CURRENT);
        q376_scene_confirm(scene, true);
    }
    q376_scene_forget(scene);
    order = q376_scene_order(frame->afn == Q376_AFN_CURRENT ? LINE_READ_CURRENT
                             : is_month                     ? LINE_READ_MONTHLY
                                                            : LINE_READ_DAILY);
    order.measurement_point = (uint16_t)q376_points_of(q376_unit_id_take(frame->units.bytes)).members[0];
    order.device_id = 9;
    order.time_s = scene->now_ms / 1000;
    q376_scene_give(scene, &order);
    if (order.measurement_point == 0)
        return;
    q376_scene_receive(scene, vector->frame);
    for (size_t i = 0; i < scene->uplink_count; i++)
        counts->readings += scene->uplinks[i].kind == UPLINK_REPORT ? scene->uplinks[i].item_count : 0u;
}

static void frame_replay(const struct vector_json *vector, const struct q376_frame *frame, struct counts *counts)
{
    char address[16];
    struct writer text = writer_of_buffer(address, sizeof address);
    bool is_report = frame->afn == Q376_AFN_CURRENT || frame->afn == Q376_AFN_HISTORY || frame->afn == Q376_AFN_EVENT;

    q376_address_write(&frame->address, Q376_ADDRESS_HEXADECIMAL, &text);
    struct q376_scene *scene = q376_scene_make(writer_terminate(&text));
    q376_scene_receive(scene, vector->frame);
    if (frame->afn == Q376_AFN_LINK) {
        counts->links++;
        assert_int_equal(scene->uplinks[0].kind, UPLINK_PRESENCE);
        confirmation_check(scene, frame);
    } else if ((frame->control & Q376_CONTROL_PRIMARY) != 0 && is_report) {
        counts->reports++;
        uplinks_check(scene, frame, counts);
        storing_confirms(scene, frame);
    } else {
        counts->answers++;
        assert_int_equal(q376_scene_counted(scene, LINE_DIALOG_FRAMES_REFUSED), 1); /* nobody asked */
        if (frame->afn == Q376_AFN_CURRENT || frame->afn == Q376_AFN_HISTORY)
            answer_replay(scene, vector, frame, counts);
    }
    q376_scene_free(scene);
}

static void capture_replay(const struct vector_json *vector, void *context)
{
    struct counts *counts = context;
    struct q376_frame frame;
    const char *direction = vector_json_text(vector->entry, "direction");

    if (direction == NULL || strcmp(direction, "terminal->head-end") != 0)
        return;
    if (q376_frame_decode(vector->frame, &frame, NULL) == 0) {
        frame_replay(vector, &frame, counts);
        return;
    }
    counts->damaged++;
    struct q376_scene *scene = q376_scene_make(Q376_SCENE_ADDRESS);
    q376_scene_receive(scene, vector->frame);
    q376_scene_expect_silence(scene);
    assert_int_equal(scene->uplink_count, 0);
    q376_scene_free(scene);
}

static void captures_are_understood(void **state)
{
    struct counts counts = { 0 };

    (void)state;
    vector_json_each(VECTORS, capture_replay, &counts);
    print_message("%u links, %u reports (%u readings, %u events), %u answers, %u damaged\n", counts.links,
                  counts.reports, counts.readings, counts.events, counts.answers, counts.damaged);
    assert_true(counts.links >= 5 && counts.reports >= 3 && counts.answers >= 5 && counts.damaged >= 1);
    assert_true(counts.readings >= 10 && counts.events >= 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(captures_are_understood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
