/* The line gate over real sockets, with a conversation that repeats what it hears. */
#include "tests/unit/unit_test.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "apps/meterworks/line_gate.h"
#include "codec/q376/q376_frame.h"
#include "wire/serial_port.h"
#include "wire/socket_address.h"

#define WAIT_MS 20000 /* bounds a broken build; a good one answers at once */
#define NOW_MS 1795219200000
#define LINE 7
#define DTU_LINE 8
#define HEARTBEAT_S 60
#define DAY_MS 86400000

/* Sends back what it hears, tells the core of it, keeps orders until it ends. */
struct parrot {
    const struct line_dialog_house *house;
    void *line;
    size_t order_count;
    struct line_order orders[LINE_ORDER_OPEN_LIMIT];
};

static void parrot_begin(void *state, const struct line_dialog_house *house, const struct line_record *record,
                         void *line, int64_t now_ms)
{
    struct parrot *parrot = state;
    (void)record;
    (void)now_ms;
    *parrot = (struct parrot){ .house = house, .line = line };
}

static void parrot_receive(void *state, struct span bytes, int64_t now_ms)
{
    struct parrot *parrot = state;
    struct uplink uplink = {
        .kind = UPLINK_EVENT, .device_id = LINE, .received_s = now_ms / 1000, .frame_size = (uint16_t)bytes.size
    };
    memcpy(uplink.frame, bytes.bytes, bytes.size < UPLINK_FRAME_LIMIT ? bytes.size : UPLINK_FRAME_LIMIT);
    parrot->house->send(parrot->house->context, parrot->line, bytes);
    parrot->house->offer(parrot->house->context, &uplink);
}

static int parrot_order(void *state, const struct line_order *order, int64_t now_ms)
{
    struct parrot *parrot = state;
    (void)now_ms;
    if (parrot->order_count == LINE_ORDER_OPEN_LIMIT)
        return -1;
    parrot->orders[parrot->order_count++] = *order;
    return 0;
}

static void parrot_answer(struct parrot *parrot, const struct line_order *order, enum line_problem problem,
                          int64_t now_ms)
{
    struct uplink uplink = line_order_ended(order, problem, now_ms);
    assert_true(parrot->house->offer(parrot->house->context, &uplink));
}

static void parrot_cancel(void *state, uint64_t order_id, int64_t now_ms)
{
    struct parrot *parrot = state;
    for (size_t i = 0; i < parrot->order_count; i++)
        if (parrot->orders[i].order_id == order_id) {
            parrot_answer(parrot, &parrot->orders[i], LINE_PROBLEM_CANCELLED, now_ms);
            parrot->orders[i] = parrot->orders[--parrot->order_count];
        }
}

static void parrot_acknowledge(void *state, const struct uplink_acknowledgement *acknowledgement, int64_t now_ms)
{
    struct parrot *parrot = state;
    (void)now_ms;
    parrot->house->send(parrot->house->context, parrot->line,
                        span_of_text(acknowledgement->accepted ? "stored" : "refused"));
}

static int64_t parrot_tick(void *state, int64_t now_ms)
{
    (void)state;
    (void)now_ms;
    return INT64_MAX;
}

static void parrot_end(void *state, enum line_problem problem, int64_t now_ms)
{
    struct parrot *parrot = state;
    for (size_t i = 0; i < parrot->order_count; i++)
        parrot_answer(parrot, &parrot->orders[i], problem, now_ms);
}

static const struct line_dialog_kind parrot_kind = { "parrot",           sizeof(struct parrot), parrot_begin,
                                                     parrot_receive,     parrot_order,          parrot_cancel,
                                                     parrot_acknowledge, parrot_tick,           parrot_end };

struct scene {
    struct line_gate *gate;
    _Atomic int64_t now_ms;     /* the platform's clock */
    _Atomic int64_t machine_ms; /* the other clock, which nobody sets */
    uint8_t login[64];
    size_t login_size;
};

static int64_t scene_clock(void *context)
{
    struct scene *scene = context;
    return scene->now_ms;
}

static int64_t scene_machine_clock(void *context)
{
    struct scene *scene = context;
    return scene->machine_ms;
}

static void time_pass(struct scene *scene, int64_t span_ms)
{
    scene->machine_ms += span_ms;
    scene->now_ms += span_ms;
    gate_thread_wake(line_gate_thread_of(scene->gate));
}

/* Somebody corrects the platform's clock. */
static void clock_step(struct scene *scene, int64_t span_ms)
{
    scene->now_ms += span_ms;
    gate_thread_wake(line_gate_thread_of(scene->gate));
}

static struct line_record record_of(uint32_t line_id, enum line_kind kind, const char *address)
{
    struct line_record record = { .line_id = line_id, .kind = (uint8_t)kind, .heartbeat_s = HEARTBEAT_S };
    snprintf(record.address, sizeof record.address, "%s", address);
    return record;
}

static size_t login_write(const char *address, uint8_t *out, size_t capacity)
{
    static const uint8_t login[4] = { 0, 0, 1, 0 };
    struct q376_frame frame = { .protocol = Q376_PROTOCOL_376,
                                .control = Q376_CONTROL_UPLINK | Q376_CONTROL_PRIMARY | 9,
                                .afn = Q376_AFN_LINK,
                                .sequence = Q376_SEQUENCE_FIRST | Q376_SEQUENCE_FINAL,
                                .units = span_of_bytes(login, sizeof login) };
    struct writer writer = writer_of_buffer(out, capacity);
    assert_int_equal(q376_address_read(span_of_text(address), Q376_ADDRESS_DECIMAL, &frame.address), 0);
    assert_int_equal(q376_frame_encode(&frame, &writer), 0);
    return writer.size;
}

static void lines_put(struct scene *scene)
{
    struct line_record concentrator = record_of(LINE, LINE_KIND_CONCENTRATOR, "440112345");
    struct line_record dtu = record_of(DTU_LINE, LINE_KIND_DTU, "DTU-0001");
    snprintf(dtu.heartbeat, sizeof dtu.heartbeat, "beat");
    assert_int_equal(line_gate_put(scene->gate, &concentrator), 0);
    assert_int_equal(line_gate_put(scene->gate, &dtu), 0);
}

static int scene_open_with(void **state, uint32_t uplink_capacity)
{
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    scene->now_ms = NOW_MS;
    struct line_gate_config config = { .address = "127.0.0.1:0",
                                       .line_limit = 16,
                                       .connection_limit = 8,
                                       .uplink_capacity = uplink_capacity,
                                       .concentrator_kind = &parrot_kind,
                                       .transparent_kind = &parrot_kind };
    struct line_gate_ports ports = { scene, scene_clock, scene_machine_clock, NULL, NULL };
    assert_int_equal(line_gate_open(&config, &ports, &scene->gate), 0);
    lines_put(scene);
    assert_int_equal(gate_thread_start(line_gate_thread_of(scene->gate)), 0);
    scene->login_size = login_write("440112345", scene->login, sizeof scene->login);
    *state = scene;
    return 0;
}

static int scene_open(void **state)
{
    return scene_open_with(state, 256);
}

static int scene_close(void **state)
{
    struct scene *scene = *state;
    line_gate_close(scene->gate);
    free(scene);
    return 0;
}

static int dial(const struct scene *scene)
{
    struct socket_address to;
    char text[32];
    snprintf(text, sizeof text, "127.0.0.1:%u", line_gate_port(scene->gate));
    assert_int_equal(socket_address_read(span_of_text(text), &to), 0);
    int peer = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(peer >= 0);
    assert_int_equal(connect(peer, (const struct sockaddr *)&to.any, to.size), 0);
    return peer;
}

static void say(int peer, const void *bytes, size_t size)
{
    assert_int_equal(send(peer, bytes, size, MSG_NOSIGNAL), size);
}

/* Exactly these bytes come back. */
static void hear(int peer, const void *bytes, size_t size)
{
    uint8_t heard[256];
    size_t count = 0;
    assert_true(size <= sizeof heard);
    while (count < size) {
        struct pollfd wait = { peer, POLLIN, 0 };
        assert_int_equal(poll(&wait, 1, WAIT_MS), 1);
        ssize_t more = recv(peer, heard + count, size - count, 0);
        assert_true(more > 0);
        count += (size_t)more;
    }
    assert_memory_equal(heard, bytes, size);
}

static void hear_the_end(int peer)
{
    uint8_t byte;
    struct pollfd wait = { peer, POLLIN, 0 };
    assert_int_equal(poll(&wait, 1, WAIT_MS), 1);
    assert_true(recv(peer, &byte, 1, 0) <= 0);
    close(peer);
}

static struct uplink uplink_wait(const struct scene *scene)
{
    struct uplink uplink;
    while (gate_thread_uplink_take(line_gate_thread_of(scene->gate), &uplink) != 0) {
        struct pollfd wait = { gate_thread_uplink_descriptor(line_gate_thread_of(scene->gate)), POLLIN, 0 };
        assert_int_equal(poll(&wait, 1, WAIT_MS), 1);
        gate_thread_uplink_drain(line_gate_thread_of(scene->gate));
    }
    assert_int_equal(uplink.gate, LINE_GATE_NUMBER);
    return uplink;
}

static void presence_wait(const struct scene *scene, uint32_t line_id, enum uplink_presence presence)
{
    struct uplink uplink = uplink_wait(scene);
    assert_int_equal(uplink.kind, UPLINK_PRESENCE);
    assert_int_equal(uplink.presence, presence);
    assert_int_equal(uplink.device_id, line_id);
}

static void ended_wait(const struct scene *scene, uint64_t order_id, enum line_problem problem)
{
    struct uplink uplink = uplink_wait(scene);
    assert_int_equal(uplink.order_id, order_id);
    assert_int_equal(uplink.order_ended, 1);
    assert_int_equal(uplink.problem, problem);
}

static void order_give(const struct scene *scene, uint32_t line_id, uint64_t order_id)
{
    struct line_order order = { .order_id = order_id, .line_id = line_id, .operation = LINE_READ_CURRENT };
    assert_int_equal(line_gate_order(scene->gate, &order), 0);
    gate_thread_wake(line_gate_thread_of(scene->gate));
}

/* A concentrator that is connected; its login has come back to it and gone to the core. */
static int concentrator_connect(const struct scene *scene)
{
    int peer = dial(scene);
    say(peer, scene->login, scene->login_size);
    hear(peer, scene->login, scene->login_size);
    assert_int_equal(uplink_wait(scene).kind, UPLINK_EVENT);
    return peer;
}

static void a_concentrator_is_known_by_its_first_frame(void **state)
{
    struct scene *scene = *state;
    int peer = concentrator_connect(scene);
    assert_int_equal(line_gate_connected_count(scene->gate), 1);
    say(peer, "and", 3);
    hear(peer, "and", 3);
    struct uplink uplink = uplink_wait(scene);
    struct uplink_acknowledgement answer = { .message_id = uplink.message_id, .gate = uplink.gate, .accepted = 1 };
    assert_int_equal(line_gate_acknowledge(scene->gate, &answer), 0);
    gate_thread_wake(line_gate_thread_of(scene->gate));
    hear(peer, "stored", 6);
    close(peer);
    presence_wait(scene, LINE, UPLINK_PRESENCE_LOST);
}

static void a_first_frame_may_come_in_pieces_with_more_behind_it(void **state)
{
    struct scene *scene = *state;
    int peer = dial(scene);
    for (size_t i = 0; i + 1 < scene->login_size; i++)
        say(peer, scene->login + i, 1);
    uint8_t rest[3] = { scene->login[scene->login_size - 1], 'x', 'y' };
    say(peer, rest, sizeof rest);
    hear(peer, scene->login, scene->login_size);
    hear(peer, "xy", 2);
    close(peer);
}

static void orders_are_answered_whatever_becomes_of_the_line(void **state)
{
    struct scene *scene = *state;
    order_give(scene, LINE, 1);
    ended_wait(scene, 1, LINE_PROBLEM_OFFLINE);
    order_give(scene, 99, 2);
    ended_wait(scene, 2, LINE_PROBLEM_OFFLINE);
    int peer = concentrator_connect(scene);
    for (uint64_t id = 10; id <= 10 + LINE_ORDER_OPEN_LIMIT; id++)
        order_give(scene, LINE, id);
    ended_wait(scene, 10 + LINE_ORDER_OPEN_LIMIT, LINE_PROBLEM_FULL);
    assert_int_equal(line_gate_cancel(scene->gate, LINE, 17), 0);
    gate_thread_wake(line_gate_thread_of(scene->gate));
    ended_wait(scene, 17, LINE_PROBLEM_CANCELLED);
    close(peer);
    for (uint64_t id = 10; id < 17; id++)
        ended_wait(scene, id, LINE_PROBLEM_LOST);
    presence_wait(scene, LINE, UPLINK_PRESENCE_LOST);
}

static void the_newer_of_two_connections_wins_once_it_has_spoken(void **state)
{
    struct scene *scene = *state;
    int older = concentrator_connect(scene);
    order_give(scene, LINE, 5);
    int newer = dial(scene);
    say(older, "still here", 10);
    hear(older, "still here", 10);
    assert_int_equal(uplink_wait(scene).kind, UPLINK_EVENT);
    say(newer, scene->login, scene->login_size);
    hear(newer, scene->login, scene->login_size);
    ended_wait(scene, 5, LINE_PROBLEM_LOST);
    presence_wait(scene, LINE, UPLINK_PRESENCE_REPLACED);
    assert_int_equal(uplink_wait(scene).kind, UPLINK_EVENT);
    hear_the_end(older);
    assert_int_equal(line_gate_connected_count(scene->gate), 1);
    close(newer);
}

static void a_stranger_is_sent_away_and_remembered_until_the_archive_has_him(void **state)
{
    struct scene *scene = *state;
    struct line_stranger strangers[4];
    uint8_t login[64];
    size_t size = login_write("440154321", login, sizeof login);
    for (int i = 0; i < 2; i++) {
        int peer = dial(scene);
        say(peer, login, size);
        hear_the_end(peer);
    }
    assert_int_equal(line_gate_strangers(scene->gate, strangers, 4), 1);
    assert_string_equal(strangers[0].address, "440154321");
    assert_int_equal(strangers[0].is_concentrator, 1);
    assert_int_equal(strangers[0].count, 2);
    assert_int_equal(strangers[0].last_s, NOW_MS / 1000);
    assert_memory_equal(strangers[0].from, "127.0.0.1:", 10);
    struct line_record record = record_of(9, LINE_KIND_CONCENTRATOR, "440154321");
    assert_int_equal(line_gate_put(scene->gate, &record), 0);
    gate_thread_wake(line_gate_thread_of(scene->gate));
    order_give(scene, LINE, 1); /* answered when the record has been taken */
    ended_wait(scene, 1, LINE_PROBLEM_OFFLINE);
    assert_int_equal(line_gate_strangers(scene->gate, strangers, 4), 0);
    int peer = dial(scene);
    say(peer, login, size);
    hear(peer, login, size);
    close(peer);
}

static void a_flood_of_nonsense_is_not_listened_to_for_ever(void **state)
{
    struct scene *scene = *state;
    struct line_stranger stranger;
    char nonsense[600];
    int peer = dial(scene);
    memset(nonsense, 'n', sizeof nonsense);
    say(peer, nonsense, sizeof nonsense);
    hear_the_end(peer);
    assert_int_equal(line_gate_strangers(scene->gate, &stranger, 1), 1);
    assert_string_equal(stranger.address, "nnnnnnnnnnnnnnnnnnnnnnnn");
    assert_int_equal(stranger.is_concentrator, 0);
}

static void three_missing_heartbeats_end_a_connection(void **state)
{
    struct scene *scene = *state;
    int peer = concentrator_connect(scene);
    time_pass(scene, 3 * HEARTBEAT_S * 1000 - 1);
    say(peer, "late", 4);
    hear(peer, "late", 4);
    assert_int_equal(uplink_wait(scene).kind, UPLINK_EVENT);
    time_pass(scene, 3 * HEARTBEAT_S * 1000);
    presence_wait(scene, LINE, UPLINK_PRESENCE_LOST);
    hear_the_end(peer);
}

/* Orders to nobody, answered one after the other: the gate has gone through its turns. */
static void turns_pass(const struct scene *scene)
{
    for (uint64_t id = 1001; id <= 1003; id++) {
        order_give(scene, 99, id);
        ended_wait(scene, id, LINE_PROBLEM_OFFLINE);
    }
}

static void a_clock_that_is_set_makes_nobody_silent(void **state)
{
    static const int64_t steps_ms[] = { DAY_MS, -2 * DAY_MS, 3 * DAY_MS };
    struct scene *scene = *state;
    int peer = concentrator_connect(scene);
    for (size_t i = 0; i < sizeof steps_ms / sizeof steps_ms[0]; i++) {
        clock_step(scene, steps_ms[i]);
        turns_pass(scene);
        assert_int_equal(line_gate_connected_count(scene->gate), 1);
        time_pass(scene, 3 * HEARTBEAT_S * 1000 - 1);
        turns_pass(scene);
        say(peer, "beat", 4);
        hear(peer, "beat", 4);
        assert_int_equal(uplink_wait(scene).received_s, scene->now_ms / 1000);
    }
    close(peer);
    presence_wait(scene, LINE, UPLINK_PRESENCE_LOST);
}

static void a_clock_that_is_set_keeps_no_silent_peer(void **state)
{
    static const int64_t steps_ms[] = { DAY_MS, -DAY_MS };
    struct scene *scene = *state;
    for (size_t i = 0; i < sizeof steps_ms / sizeof steps_ms[0]; i++) {
        int peer = concentrator_connect(scene);
        time_pass(scene, 2 * HEARTBEAT_S * 1000);
        clock_step(scene, steps_ms[i]);
        turns_pass(scene);
        time_pass(scene, HEARTBEAT_S * 1000);
        presence_wait(scene, LINE, UPLINK_PRESENCE_LOST);
        hear_the_end(peer);
    }
}

static void a_units_own_packets_do_not_reach_the_meters_conversation(void **state)
{
    struct scene *scene = *state;
    int peer = dial(scene);
    say(peer, "DTU-0001", 8);
    presence_wait(scene, DTU_LINE, UPLINK_PRESENCE_LOGIN);
    say(peer, "beat", 4);
    presence_wait(scene, DTU_LINE, UPLINK_PRESENCE_CONTACT);
    say(peer, "beatmeterbeat", 13);
    hear(peer, "meter", 5);
    presence_wait(scene, DTU_LINE, UPLINK_PRESENCE_CONTACT);
    assert_int_equal(uplink_wait(scene).frame_size, 5);
    close(peer);
    presence_wait(scene, DTU_LINE, UPLINK_PRESENCE_LOST);
}

static void a_line_taken_out_of_the_archive_is_left_at_once(void **state)
{
    struct scene *scene = *state;
    struct line_record record = record_of(LINE, LINE_KIND_CONCENTRATOR, "440112345");
    int peer = concentrator_connect(scene);
    order_give(scene, LINE, 3);
    record.removed = 1;
    assert_int_equal(line_gate_put(scene->gate, &record), 0);
    gate_thread_wake(line_gate_thread_of(scene->gate));
    ended_wait(scene, 3, LINE_PROBLEM_CANCELLED);
    presence_wait(scene, LINE, UPLINK_PRESENCE_LOST);
    hear_the_end(peer);
    int again = dial(scene);
    say(again, scene->login, scene->login_size);
    hear_the_end(again);
}

/* A line is put or changed in the archive. */
static void line_put(const struct scene *scene, const struct line_record *record)
{
    assert_int_equal(line_gate_put(scene->gate, record), 0);
    gate_thread_wake(line_gate_thread_of(scene->gate));
}

/* A socket that a serial server listens on, and a line that dials it. */
static int serial_server_make(uint32_t line_id, struct line_record *record)
{
    struct socket_address any;
    assert_int_equal(socket_address_read(span_of_text("127.0.0.1:0"), &any), 0);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listener, (const struct sockaddr *)&any.any, any.size), 0);
    assert_int_equal(listen(listener, 1), 0);
    char address[32];
    snprintf(address, sizeof address, "127.0.0.1:%u", socket_address_port(listener));
    *record = record_of(line_id, LINE_KIND_TCP, address);
    return listener;
}

/* The meters' end of a serial line. */
static int serial_port_make(uint32_t line_id, struct line_record *record)
{
    char path[32];
    int meter = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(meter >= 0 && grantpt(meter) == 0 && unlockpt(meter) == 0);
    assert_int_equal(ptsname_r(meter, path, sizeof path), 0);
    *record = record_of(line_id, LINE_KIND_SERIAL, path);
    return meter;
}

static void a_serial_server_is_dialled(void **state)
{
    struct scene *scene = *state;
    struct line_record record;
    int listener = serial_server_make(11, &record);
    line_put(scene, &record);
    presence_wait(scene, 11, UPLINK_PRESENCE_LOGIN);
    int peer = accept(listener, NULL, NULL);
    say(peer, "meter", 5);
    hear(peer, "meter", 5);
    assert_int_equal(uplink_wait(scene).kind, UPLINK_EVENT);
    order_give(scene, 11, 4);
    order_give(scene, 99, 5); /* behind it, so the first has been taken when this is answered */
    ended_wait(scene, 5, LINE_PROBLEM_OFFLINE);
    close(peer);
    ended_wait(scene, 4, LINE_PROBLEM_LOST);
    presence_wait(scene, 11, UPLINK_PRESENCE_LOST);
    close(listener);
}

/* And hears it again. */
static void meter_says(const struct scene *scene, int meter)
{
    char heard[3];
    struct pollfd wait = { meter, POLLIN, 0 };
    assert_int_equal(write(meter, "\xfe\x68\x16", 3), 3);
    assert_int_equal(uplink_wait(scene).frame_size, 3);
    assert_int_equal(poll(&wait, 1, WAIT_MS), 1);
    assert_int_equal(read(meter, heard, sizeof heard), 3);
    assert_memory_equal(heard, "\xfe\x68\x16", 3);
}

static void a_serial_port_is_served_while_it_is_there(void **state)
{
    struct scene *scene = *state;
    struct line_record record;
    int meter = serial_port_make(12, &record);
    line_put(scene, &record);
    presence_wait(scene, 12, UPLINK_PRESENCE_LOGIN);
    meter_says(scene, meter);
    order_give(scene, 12, 9);
    order_give(scene, 99, 10); /* behind it, so the first has been taken when this is answered */
    ended_wait(scene, 10, LINE_PROBLEM_OFFLINE);
    close(meter);
    ended_wait(scene, 9, LINE_PROBLEM_LOST);
    presence_wait(scene, 12, UPLINK_PRESENCE_LOST);
}

/* A port that the system opens and does not let us wait for. */
static atomic_int watches_refused; /* how many are still to be */

int epoll_ctl(int epoll, int operation, int descriptor, struct epoll_event *event)
{
    if (operation == EPOLL_CTL_ADD && isatty(descriptor) && watches_refused > 0) {
        watches_refused--;
        errno = ENOSPC;
        return -1;
    }
    return (int)syscall(SYS_epoll_ctl, epoll, operation, descriptor, event);
}

static void a_serial_port_that_cannot_be_served_answers_and_is_tried_again(void **state)
{
    struct scene *scene = *state;
    struct line_record record;
    int meter = serial_port_make(13, &record);
    watches_refused = 1;
    line_put(scene, &record);
    order_give(scene, 13, 1);
    ended_wait(scene, 1, LINE_PROBLEM_OFFLINE);
    turns_pass(scene);
    assert_int_equal(watches_refused, 0);
    assert_int_equal(line_gate_connected_count(scene->gate), 0);
    struct pollfd closed = { meter, POLLIN, 0 };
    assert_int_equal(poll(&closed, 1, WAIT_MS), 1);
    assert_true((closed.revents & POLLHUP) != 0);
    time_pass(scene, SERIAL_RETRY_MS);
    presence_wait(scene, 13, UPLINK_PRESENCE_LOGIN);
    meter_says(scene, meter);
    close(meter);
}

/* Meters move from one way of reaching them to another while somebody asks them. */
static void a_line_changes_its_kind_while_it_is_connected(void **state)
{
    struct scene *scene = *state;
    struct line_record record = record_of(LINE, LINE_KIND_DTU, "DTU-0007");
    int peer = concentrator_connect(scene);
    order_give(scene, LINE, 1);
    line_put(scene, &record);
    ended_wait(scene, 1, LINE_PROBLEM_LOST);
    presence_wait(scene, LINE, UPLINK_PRESENCE_LOST);
    hear_the_end(peer);
    peer = dial(scene);
    say(peer, scene->login, scene->login_size);
    hear_the_end(peer); /* a stranger now */
    peer = dial(scene);
    say(peer, "DTU-0007meter", 13);
    presence_wait(scene, LINE, UPLINK_PRESENCE_LOGIN);
    hear(peer, "meter", 5);
    assert_int_equal(uplink_wait(scene).frame_size, 5);
    order_give(scene, LINE, 2);
    int meter = serial_port_make(LINE, &record);
    line_put(scene, &record);
    ended_wait(scene, 2, LINE_PROBLEM_LOST);
    presence_wait(scene, LINE, UPLINK_PRESENCE_LOST);
    presence_wait(scene, LINE, UPLINK_PRESENCE_LOGIN);
    hear_the_end(peer);
    meter_says(scene, meter);
    order_give(scene, LINE, 3);
    int listener = serial_server_make(LINE, &record);
    line_put(scene, &record);
    ended_wait(scene, 3, LINE_PROBLEM_LOST);
    presence_wait(scene, LINE, UPLINK_PRESENCE_LOST);
    presence_wait(scene, LINE, UPLINK_PRESENCE_LOGIN);
    record = record_of(LINE, LINE_KIND_CONCENTRATOR, "440112345");
    line_put(scene, &record);
    presence_wait(scene, LINE, UPLINK_PRESENCE_LOST);
    peer = accept(listener, NULL, NULL);
    hear_the_end(peer);
    peer = concentrator_connect(scene);
    assert_int_equal(line_gate_connected_count(scene->gate), 1);
    close(peer);
    close(meter);
    close(listener);
}

static int small_scene_open(void **state)
{
    return scene_open_with(state, 16); /* just the room that a line's end needs */
}

static void a_line_ends_when_the_core_has_room_to_hear_of_it(void **state)
{
    struct scene *scene = *state;
    int peer = concentrator_connect(scene);
    for (uint64_t id = 1; id <= 3; id++)
        order_give(scene, LINE, id);
    say(peer, "more", 4); /* one message waits in the ring: the line cannot end beside it */
    hear(peer, "more", 4);
    close(peer);
    time_pass(scene, 1000);
    assert_int_equal(uplink_wait(scene).kind, UPLINK_EVENT);
    time_pass(scene, 1000);
    for (uint64_t id = 1; id <= 3; id++)
        ended_wait(scene, id, LINE_PROBLEM_LOST);
    presence_wait(scene, LINE, UPLINK_PRESENCE_LOST);
}

static struct line_found_search found_of(const struct scene *scene)
{
    struct line_found_search found = { 0 };
    assert_true(line_gate_found(scene->gate, LINE, &found));
    return found;
}

/* Whoever asks as soon as a search was taken is not told of the one before: the gate has not even woken up. */
static void a_search_is_the_lines_last_once_it_is_taken(void **state)
{
    struct scene *scene = *state;
    struct line_order search = { .order_id = 7, .line_id = LINE, .operation = LINE_SEARCH };
    struct line_found_search found;
    assert_false(line_gate_found(scene->gate, LINE, &found));
    assert_int_equal(line_gate_order(scene->gate, &search), 0);
    gate_thread_wake(line_gate_thread_of(scene->gate));
    ended_wait(scene, 7, LINE_PROBLEM_OFFLINE);
    assert_int_equal(found_of(scene).problem, LINE_PROBLEM_OFFLINE);
    assert_int_not_equal(found_of(scene).ended_s, 0);
    gate_thread_stop(line_gate_thread_of(scene->gate));
    search.order_id = 8;
    assert_int_equal(line_gate_order(scene->gate, &search), 0);
    assert_int_equal(found_of(scene).order_id, 8);
    assert_int_equal(found_of(scene).started_s, scene->now_ms / 1000);
    assert_int_equal(found_of(scene).ended_s, 0);
}

int main(void)
{
#define SCENE_TEST(test) cmocka_unit_test_setup_teardown(test, scene_open, scene_close)
    static const struct CMUnitTest tests[] = {
        SCENE_TEST(a_concentrator_is_known_by_its_first_frame),
        SCENE_TEST(a_first_frame_may_come_in_pieces_with_more_behind_it),
        SCENE_TEST(orders_are_answered_whatever_becomes_of_the_line),
        SCENE_TEST(a_search_is_the_lines_last_once_it_is_taken),
        SCENE_TEST(the_newer_of_two_connections_wins_once_it_has_spoken),
        SCENE_TEST(a_stranger_is_sent_away_and_remembered_until_the_archive_has_him),
        SCENE_TEST(a_flood_of_nonsense_is_not_listened_to_for_ever),
        SCENE_TEST(three_missing_heartbeats_end_a_connection),
        SCENE_TEST(a_clock_that_is_set_makes_nobody_silent),
        SCENE_TEST(a_clock_that_is_set_keeps_no_silent_peer),
        SCENE_TEST(a_units_own_packets_do_not_reach_the_meters_conversation),
        SCENE_TEST(a_line_taken_out_of_the_archive_is_left_at_once),
        SCENE_TEST(a_serial_server_is_dialled),
        SCENE_TEST(a_serial_port_is_served_while_it_is_there),
        SCENE_TEST(a_serial_port_that_cannot_be_served_answers_and_is_tried_again),
        SCENE_TEST(a_line_changes_its_kind_while_it_is_connected),
        cmocka_unit_test_setup_teardown(a_line_ends_when_the_core_has_room_to_hear_of_it, small_scene_open,
                                        scene_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
