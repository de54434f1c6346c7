#include "tests/unit/dialog/q376_scene.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit_test.h"

static void scene_send(void *context, void *line, struct span bytes)
{
    struct q376_scene *scene = context;

    assert_ptr_equal(line, scene);
    assert_true(scene->sent_count < Q376_SCENE_LIMIT && bytes.size <= sizeof scene->sent[0]);
    memcpy(scene->sent[scene->sent_count], bytes.bytes, bytes.size);
    scene->sent_sizes[scene->sent_count++] = bytes.size;
}

static bool scene_offer(void *context, struct uplink *uplink)
{
    struct q376_scene *scene = context;

    if (scene->core_room == 0)
        return false;
    if (scene->core_room != UINT32_MAX)
        scene->core_room--;
    assert_true(scene->uplink_count < Q376_SCENE_LIMIT);
    uplink->message_id = scene->next_message_id++;
    scene->uplinks[scene->uplink_count++] = *uplink;
    return true;
}

static const struct device_profile *scene_profile_find(void *context, const char *name)
{
    const struct q376_scene *scene = context;

    return scene->profile != NULL && strcmp(scene->profile->name, name) == 0 ? scene->profile : NULL;
}

struct q376_scene *q376_scene_make(const char *address)
{
    static const uint8_t secret[LINE_SECRET_LIMIT];
    return q376_scene_make_secret(address, span_of_bytes(secret, sizeof secret));
}

struct q376_scene *q376_scene_make_secret(const char *address, struct span secret)
{
    struct q376_scene *scene = calloc(1, sizeof *scene);
    struct line_record record = {
        .line_id = Q376_SCENE_LINE, .kind = LINE_KIND_CONCENTRATOR, .zone_offset_s = 28800
    };

    assert_non_null(scene);
    memcpy(record.address, address, strlen(address) + 1);
    memcpy(record.secret, secret.bytes, secret.size);
    record.secret_size = (uint8_t)secret.size;
    scene->counters = (struct counter_table){ line_dialog_counters(), scene->values, LINE_DIALOG_COUNTER_COUNT };
    scene->house = (struct line_dialog_house){ .context = scene,
                                               .send = scene_send,
                                               .offer = scene_offer,
                                               .profile_find = scene_profile_find,
                                               .orders = line_order_pool_open(32),
                                               .counters = &scene->counters };
    scene->now_ms = Q376_SCENE_START_MS;
    scene->core_room = UINT32_MAX;
    scene->next_message_id = 100;
    scene->state = malloc(q376_session_kind.size);
    assert_non_null(scene->state);
    q376_session_kind.begin(scene->state, &scene->house, &record, scene, scene->now_ms);
    return scene;
}

void q376_scene_free(struct q376_scene *scene)
{
    q376_session_kind.end(scene->state, LINE_PROBLEM_LOST, scene->now_ms);
    assert_int_equal(line_order_pool_free_count(scene->house.orders), 32);
    line_order_pool_close(scene->house.orders);
    free(scene->state);
    free(scene);
}

void q376_scene_receive(struct q376_scene *scene, struct span bytes)
{
    uint8_t *copy = malloc(bytes.size + 1);

    assert_non_null(copy);
    if (bytes.size > 0)
        memcpy(copy, bytes.bytes, bytes.size);
    q376_session_kind.receive(scene->state, span_of_bytes(copy, bytes.size), scene->now_ms);
    free(copy);
}

void q376_scene_wait(struct q376_scene *scene, int64_t ms)
{
    int64_t until_ms = scene->now_ms + ms;
    int64_t due_ms = q376_session_kind.tick(scene->state, scene->now_ms);

    while (due_ms <= until_ms) {
        assert_true(due_ms > scene->now_ms);
        scene->now_ms = due_ms;
        due_ms = q376_session_kind.tick(scene->state, scene->now_ms);
    }
    scene->now_ms = until_ms;
}

static struct q376_address scene_address(void)
{
    struct q376_address address;

    assert_int_equal(q376_address_read(span_of_text(Q376_SCENE_ADDRESS), Q376_ADDRESS_DECIMAL, &address), 0);
    return address;
}

void q376_scene_report(struct q376_scene *scene, uint8_t afn, uint8_t sequence, bool must_confirm, struct span units,
                       const uint8_t *ec)
{
    uint8_t bytes[2200];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    struct q376_frame frame = {
        .protocol = Q376_PROTOCOL_376,
        .control = Q376_CONTROL_UPLINK | Q376_CONTROL_PRIMARY | (afn == Q376_AFN_LINK ? 9 : 4),
        .address = scene_address(),
        .afn = afn,
        .sequence = (uint8_t)(Q376_SEQUENCE_FIRST | Q376_SEQUENCE_FINAL | (must_confirm ? Q376_SEQUENCE_CONFIRM : 0) |
                              sequence),
        .units = units,
        .has_event_counters = ec != NULL,
        .important_events = ec != NULL ? ec[0] : 0,
        .general_events = ec != NULL ? ec[1] : 0,
    };

    assert_int_equal(q376_frame_encode(&frame, &out), 0);
    q376_scene_receive(scene, writer_span(&out));
}

void q376_scene_login(struct q376_scene *scene)
{
    static const uint8_t login[] = { 0x00, 0x00, 0x01, 0x00 };

    q376_scene_report(scene, Q376_AFN_LINK, 0, true, span_of_bytes(login, sizeof login), NULL);
    q376_scene_forget(scene);
}

const struct q376_frame *q376_scene_request(struct q376_scene *scene, uint8_t afn)
{
    assert_int_equal(scene->sent_count, 1);
    scene->sent_count = 0;
    assert_int_equal(q376_frame_decode(span_of_bytes(scene->sent[0], scene->sent_sizes[0]), &scene->request, NULL), 0);
    assert_int_equal(scene->request.afn, afn);
    assert_false(q376_frame_is_uplink(&scene->request));
    return &scene->request;
}

void q376_scene_answer(struct q376_scene *scene, uint8_t afn, unsigned part, bool is_last, struct span units)
{
    uint8_t bytes[2200];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);

    assert_int_equal(q376_answer_encode(&scene->request, afn, part, is_last, units, &out), 0);
    q376_scene_receive(scene, writer_span(&out));
}

void q376_scene_confirm(struct q376_scene *scene, bool is_denied)
{
    uint8_t bytes[64];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);

    assert_int_equal(q376_confirm_encode(&scene->request, is_denied, &out), 0);
    q376_scene_receive(scene, writer_span(&out));
}

const struct uplink *q376_scene_uplink(struct q376_scene *scene, enum uplink_kind kind)
{
    assert_int_equal(scene->uplink_count, 1);
    assert_int_equal(scene->uplinks[0].kind, kind);
    scene->uplink_count = 0;
    return &scene->uplinks[0];
}

void q376_scene_forget(struct q376_scene *scene)
{
    scene->uplink_count = 0;
    scene->sent_count = 0;
}

void q376_scene_acknowledge(struct q376_scene *scene, uint64_t message_id, bool is_accepted)
{
    struct uplink_acknowledgement answer = { .message_id = message_id, .accepted = is_accepted };

    q376_session_kind.acknowledge(scene->state, &answer, scene->now_ms);
}

uint64_t q376_scene_counted(const struct q376_scene *scene, enum line_dialog_counter row)
{
    return counter_read(&scene->counters, row);
}

struct line_order q376_scene_order(enum line_operation operation)
{
    static uint64_t next_id = 1;
    struct line_order order = { .order_id = next_id++,
                                .line_id = Q376_SCENE_LINE,
                                .operation = (uint16_t)operation,
                                .priority = LINE_PRIORITY_SCHEDULED,
                                .kind = DEVICE_KIND_ELECTRICITY,
                                .zone_offset_s = 28800 };
    return order;
}

void q376_scene_give(struct q376_scene *scene, const struct line_order *order)
{
    assert_int_equal(q376_session_kind.order(scene->state, order, scene->now_ms), 0);
}

void q376_scene_expect_silence(const struct q376_scene *scene)
{
    assert_int_equal(scene->sent_count, 0);
}
