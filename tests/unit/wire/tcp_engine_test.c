/* Connections over loopback: bursts, bounds, ends, dialling again. */
#include "tests/unit/unit_test.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wire/socket_address.h"
#include "wire/tcp_engine.h"
#include "wire/wire_error.h"

#define WAIT_MS 10000 /* loopback answers at once; this only bounds a broken build */
#define PEERS 64

/* What the engine told. */
struct diary {
    struct tcp_engine *engine;
    int64_t now_ms;
    int64_t due_ms;
    unsigned opened;
    unsigned closed;
    uint64_t last;
    size_t received;
    uint8_t bytes[TCP_RECEIVE_LIMIT];
    bool ends_who_speaks;
};

static void diary_opened(void *context, uint64_t connection, const struct peer_address *peer)
{
    struct diary *diary = context;
    assert_int_not_equal(connection, 0);
    assert_int_not_equal(peer->port, 0);
    diary->opened++;
    diary->last = connection;
}

static void diary_received(void *context, uint64_t connection, struct span bytes)
{
    struct diary *diary = context;
    assert_in_range(bytes.size, 1, TCP_RECEIVE_LIMIT);
    memcpy(diary->bytes, bytes.bytes, bytes.size);
    diary->received += bytes.size;
    diary->last = connection;
    if (diary->ends_who_speaks)
        tcp_engine_end(diary->engine, connection);
}

static void diary_closed(void *context, uint64_t connection)
{
    struct diary *diary = context;
    diary->closed++;
    diary->last = connection;
}

static void engine_open(struct diary *diary, const struct tcp_engine_config *config)
{
    struct tcp_engine_ports ports = { diary, diary_opened, diary_received, diary_closed };
    *diary = (struct diary){ .now_ms = 1000 };
    assert_int_equal(tcp_engine_open(config, &ports, &diary->engine), 0);
}

static void work(struct diary *diary)
{
    diary->due_ms = tcp_engine_work(diary->engine, diary->now_ms);
}

/* Work until `*count` is what it should be. */
static void work_until(struct diary *diary, const unsigned *count, unsigned wanted)
{
    work(diary);
    while (*count < wanted) {
        struct pollfd wait = { tcp_engine_descriptor(diary->engine), POLLIN, 0 };
        assert_int_equal(poll(&wait, 1, WAIT_MS), 1);
        work(diary);
    }
    assert_int_equal(*count, wanted);
}

static int peer_dial(uint16_t port)
{
    struct socket_address to;
    char text[32];
    snprintf(text, sizeof text, "127.0.0.1:%u", port);
    assert_int_equal(socket_address_read(span_of_text(text), &to), 0);
    int peer = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(peer, (const struct sockaddr *)&to.any, to.size), 0);
    return peer;
}

static void readable_wait(int peer)
{
    struct pollfd wait = { peer, POLLIN, 0 };
    assert_int_equal(poll(&wait, 1, WAIT_MS), 1);
}

static void peer_is_closed(int peer)
{
    uint8_t byte;
    readable_wait(peer);
    assert_true(recv(peer, &byte, 1, 0) <= 0);
    close(peer);
}

static void many_come_at_once_and_talk(void **state)
{
    static struct diary diary;
    int peers[PEERS];
    char text[8];
    (void)state;
    engine_open(&diary, &(struct tcp_engine_config){ .address = "127.0.0.1:0" });
    for (size_t i = 0; i < PEERS; i++)
        peers[i] = peer_dial(tcp_engine_port(diary.engine));
    work_until(&diary, &diary.opened, PEERS);
    assert_int_equal(tcp_engine_count(diary.engine), PEERS);
    for (size_t i = 0; i < PEERS; i++)
        assert_int_equal(send(peers[i], "hello", 5, 0), 5);
    while (diary.received < 5 * PEERS) {
        struct pollfd wait = { tcp_engine_descriptor(diary.engine), POLLIN, 0 };
        assert_int_equal(poll(&wait, 1, WAIT_MS), 1);
        work(&diary);
    }
    assert_memory_equal(diary.bytes, "hello", 5);
    assert_int_equal(tcp_engine_send(diary.engine, diary.last, span_of_text("yes")), 0);
    for (size_t i = 0; i < PEERS; i++)
        if (recv(peers[i], text, sizeof text, MSG_DONTWAIT) == 3)
            diary.received = 0;
    assert_int_equal(diary.received, 0);
    for (size_t i = 0; i < PEERS; i++)
        close(peers[i]);
    work_until(&diary, &diary.closed, PEERS);
    assert_int_equal(tcp_engine_count(diary.engine), 0);
    assert_int_equal(tcp_engine_send(diary.engine, diary.last, span_of_text("yes")), WIRE_ERR_SESSION);
    assert_int_equal(counter_read(tcp_engine_counters(diary.engine), TCP_RECEIVED_BYTES), 5 * PEERS);
    tcp_engine_close(diary.engine);
}

static void who_comes_beyond_the_limit_is_sent_away(void **state)
{
    static struct diary diary;
    (void)state;
    engine_open(&diary, &(struct tcp_engine_config){ .address = "127.0.0.1:0", .connection_limit = 2 });
    int first = peer_dial(tcp_engine_port(diary.engine));
    int second = peer_dial(tcp_engine_port(diary.engine));
    int third = peer_dial(tcp_engine_port(diary.engine));
    work_until(&diary, &diary.opened, 2);
    work(&diary);
    peer_is_closed(third);
    assert_int_equal(counter_read(tcp_engine_counters(diary.engine), TCP_REFUSED_FULL), 1);
    close(first);
    work_until(&diary, &diary.closed, 1);
    int fourth = peer_dial(tcp_engine_port(diary.engine));
    work_until(&diary, &diary.opened, 3);
    close(second);
    close(fourth);
    tcp_engine_close(diary.engine);
}

static void a_peer_that_takes_nothing_is_given_up(void **state)
{
    static struct diary diary;
    uint8_t bytes[4096];
    int result = 0;
    (void)state;
    memset(bytes, 7, sizeof bytes);
    engine_open(&diary, &(struct tcp_engine_config){ .address = "127.0.0.1:0" });
    int peer = peer_dial(tcp_engine_port(diary.engine));
    work_until(&diary, &diary.opened, 1);
    uint64_t connection = diary.last;
    for (int i = 0; i < 100000 && result == 0; i++)
        result = tcp_engine_send(diary.engine, connection, span_of_bytes(bytes, sizeof bytes));
    assert_int_equal(result, WIRE_ERR_FULL);
    assert_int_equal(diary.closed, 0); /* told from work only */
    work_until(&diary, &diary.closed, 1);
    assert_int_equal(counter_read(tcp_engine_counters(diary.engine), TCP_SEND_OVERFLOW), 1);
    close(peer);
    tcp_engine_close(diary.engine);
}

static void what_waits_leaves_when_the_peer_takes_it(void **state)
{
    static struct diary diary;
    static uint8_t bytes[8192];
    uint64_t sent = 0, taken = 0;
    (void)state;
    engine_open(&diary, &(struct tcp_engine_config){ .address = "127.0.0.1:0" });
    int peer = peer_dial(tcp_engine_port(diary.engine));
    work_until(&diary, &diary.opened, 1);
    do {
        assert_int_equal(tcp_engine_send(diary.engine, diary.last, span_of_bytes(bytes, sizeof bytes)), 0);
        sent += sizeof bytes;
    } while (counter_read(tcp_engine_counters(diary.engine), TCP_SENT_BYTES) == sent);
    while (taken < sent) {
        readable_wait(peer);
        ssize_t size = recv(peer, bytes, sizeof bytes, 0);
        assert_true(size > 0);
        taken += (uint64_t)size;
        work(&diary);
    }
    assert_int_equal(counter_read(tcp_engine_counters(diary.engine), TCP_SENT_BYTES), sent);
    close(peer);
    tcp_engine_close(diary.engine);
}

static void a_connection_may_be_ended_while_it_speaks(void **state)
{
    static struct diary diary;
    (void)state;
    engine_open(&diary, &(struct tcp_engine_config){ .address = "127.0.0.1:0" });
    diary.ends_who_speaks = true;
    int peer = peer_dial(tcp_engine_port(diary.engine));
    assert_int_equal(send(peer, "hello", 5, 0), 5);
    work_until(&diary, &diary.opened, 1);
    while (diary.received == 0)
        work(&diary);
    peer_is_closed(peer);
    work(&diary);
    assert_int_equal(diary.closed, 0);
    assert_int_equal(tcp_engine_count(diary.engine), 0);
    tcp_engine_end(diary.engine, diary.last); /* known no more */
    tcp_engine_close(diary.engine);
}

static int listener_open(char *address, size_t size)
{
    struct socket_address any;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(socket_address_read(span_of_text("127.0.0.1:0"), &any), 0);
    assert_int_equal(bind(listener, (const struct sockaddr *)&any.any, any.size), 0);
    assert_int_equal(listen(listener, 4), 0);
    snprintf(address, size, "127.0.0.1:%u", socket_address_port(listener));
    return listener;
}

static void a_server_is_dialled_again_with_growing_pauses(void **state)
{
    static struct diary diary;
    char address[32];
    uint64_t connection = 0;
    (void)state;
    engine_open(&diary, &(struct tcp_engine_config){ .address = NULL });
    assert_int_equal(tcp_engine_port(diary.engine), 0);
    int listener = listener_open(address, sizeof address);
    assert_int_equal(tcp_engine_dial(diary.engine, "serial.example:4001", &connection), WIRE_ERR_ADDRESS);
    assert_int_equal(tcp_engine_dial(diary.engine, address, &connection), 0);
    work_until(&diary, &diary.opened, 1);
    assert_int_equal(diary.last, connection);
    close(accept(listener, NULL, NULL));
    close(listener);
    work_until(&diary, &diary.closed, 1);
    assert_int_equal(diary.due_ms, diary.now_ms + TCP_DIAL_PAUSE_MS);
    for (int64_t pause_ms = 2 * TCP_DIAL_PAUSE_MS; pause_ms <= TCP_DIAL_PAUSE_LIMIT_MS; pause_ms *= 2) {
        uint64_t failed = counter_read(tcp_engine_counters(diary.engine), TCP_DIAL_FAILED);
        diary.now_ms = diary.due_ms;
        do
            work(&diary);
        while (counter_read(tcp_engine_counters(diary.engine), TCP_DIAL_FAILED) == failed);
        assert_int_equal(diary.due_ms, diary.now_ms + pause_ms);
    }
    tcp_engine_end(diary.engine, connection);
    diary.now_ms = diary.due_ms;
    work(&diary);
    assert_int_equal(diary.due_ms, INT64_MAX);
    assert_int_equal(diary.closed, 1);
    tcp_engine_close(diary.engine);
}

static void both_families_come_in_at_one_door(void **state)
{
    static struct diary diary;
    struct tcp_engine_ports ports = { &diary, diary_opened, diary_received, diary_closed };
    (void)state;
    diary = (struct diary){ .now_ms = 0 };
    if (tcp_engine_open(&(struct tcp_engine_config){ .address = "[::]:0" }, &ports, &diary.engine) != 0)
        skip(); /* a machine without IPv6 */
    int peer = peer_dial(tcp_engine_port(diary.engine));
    work_until(&diary, &diary.opened, 1);
    close(peer);
    tcp_engine_close(diary.engine);
}

static void what_cannot_be_bound_is_refused(void **state)
{
    static struct diary diary;
    struct tcp_engine_ports ports = { &diary, diary_opened, diary_received, diary_closed };
    struct tcp_engine *engine = NULL;
    char address[32];
    (void)state;
    int listener = listener_open(address, sizeof address);
    assert_int_equal(tcp_engine_open(&(struct tcp_engine_config){ .address = address }, &ports, &engine),
                     WIRE_ERR_BIND);
    assert_int_equal(tcp_engine_open(&(struct tcp_engine_config){ .address = "7376" }, &ports, &engine),
                     WIRE_ERR_ADDRESS);
    assert_null(engine);
    close(listener);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_come_at_once_and_talk),
        cmocka_unit_test(who_comes_beyond_the_limit_is_sent_away),
        cmocka_unit_test(a_peer_that_takes_nothing_is_given_up),
        cmocka_unit_test(what_waits_leaves_when_the_peer_takes_it),
        cmocka_unit_test(a_connection_may_be_ended_while_it_speaks),
        cmocka_unit_test(a_server_is_dialled_again_with_growing_pauses),
        cmocka_unit_test(both_families_come_in_at_one_door),
        cmocka_unit_test(what_cannot_be_bound_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
