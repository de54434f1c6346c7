#include "tests/unit/unit_test.h"

#include <poll.h>
#include <string.h>

#include "wire/notifier.h"
#include "wire/udp_engine.h"
#include "wire/wire_error.h"

#define WAIT_MS 10000 /* loopback answers at once; this only bounds a broken build */

struct inbox {
    int count;
    size_t bytes;
    size_t last_size;
    uint8_t last[UDP_DATAGRAM_LIMIT];
    struct peer_address from;
};

static void inbox_take(void *context, const struct peer_address *from, struct span bytes)
{
    struct inbox *inbox = context;
    inbox->count++;
    inbox->bytes += bytes.size;
    inbox->last_size = bytes.size;
    inbox->from = *from;
    if (bytes.size > 0)
        memcpy(inbox->last, bytes.bytes, bytes.size);
}

static struct udp_engine *engine_on(const char *address, uint32_t send_capacity)
{
    struct udp_engine *engine;
    struct udp_engine_config config = { .address = address, .send_capacity = send_capacity };
    assert_int_equal(udp_engine_open(&config, &engine), 0);
    return engine;
}

static void receive_until(struct udp_engine *engine, struct inbox *inbox, int count)
{
    struct pollfd wait = { udp_engine_descriptor(engine), POLLIN, 0 };
    while (inbox->count < count && poll(&wait, 1, WAIT_MS) > 0)
        assert_true(udp_engine_receive(engine, inbox_take, inbox) >= 0);
    assert_int_equal(inbox->count, count);
}

static void batches_arrive_whole_and_are_answered(void **state)
{
    (void)state;
    struct udp_engine *server = engine_on("127.0.0.1:0", 0);
    struct udp_engine *client = engine_on("127.0.0.1:0", 0);
    struct peer_address to = peer_address_of_loopback(udp_engine_port(server));
    for (uint8_t i = 0; i < 100; i++)
        assert_int_equal(udp_engine_send(client, &to, span_of_bytes(&i, 1)), 0);
    assert_int_equal(udp_engine_flush(client), 0);
    struct inbox inbox = { 0 };
    receive_until(server, &inbox, 100);
    assert_int_equal(inbox.bytes, 100);
    assert_int_equal(inbox.from.port, udp_engine_port(client));
    assert_int_equal(counter_read(udp_engine_counters(client), UDP_SENT), 100);
    assert_int_equal(counter_read(udp_engine_counters(server), UDP_RECEIVED), 100);
    struct inbox answer = { 0 };
    assert_int_equal(udp_engine_send(server, &inbox.from, span_of_text("ok")), 0);
    assert_int_equal(udp_engine_flush(server), 0);
    receive_until(client, &answer, 1);
    assert_memory_equal(answer.last, "ok", 2);
    udp_engine_close(client);
    udp_engine_close(server);
}

static void one_socket_serves_both_families(void **state)
{
    (void)state;
    struct udp_engine *server;
    struct udp_engine_config config = { .address = "[::]:0" };
    if (udp_engine_open(&config, &server) != 0)
        skip(); /* a machine without IPv6 */
    struct udp_engine *client = engine_on("127.0.0.1:0", 0);
    struct peer_address to = peer_address_of_loopback(udp_engine_port(server));
    struct inbox inbox = { 0 };
    udp_engine_send(client, &to, span_of_text("four"));
    udp_engine_flush(client);
    receive_until(server, &inbox, 1);
    struct peer_address client_address = peer_address_of_loopback(udp_engine_port(client));
    assert_true(peer_address_equal(&inbox.from, &client_address));
    struct inbox answer = { 0 };
    udp_engine_send(server, &inbox.from, span_of_text("back"));
    udp_engine_flush(server);
    receive_until(client, &answer, 1);
    udp_engine_close(client);
    udp_engine_close(server);
}

static void datagrams_beyond_the_limit_are_dropped_and_counted(void **state)
{
    (void)state;
    struct udp_engine *server = engine_on("127.0.0.1:0", 0);
    struct udp_engine *client = engine_on("127.0.0.1:0", 0);
    struct peer_address to = peer_address_of_loopback(udp_engine_port(server));
    static uint8_t bytes[UDP_DATAGRAM_LIMIT + 1];
    assert_int_equal(udp_engine_send(client, &to, span_of_bytes(bytes, sizeof bytes)), WIRE_ERR_TOO_LONG);
    assert_int_equal(udp_engine_send(client, &to, span_of_bytes(bytes, UDP_DATAGRAM_LIMIT)), 0);
    assert_int_equal(udp_engine_flush(client), 0);
    struct inbox inbox = { 0 };
    receive_until(server, &inbox, 1);
    assert_int_equal(inbox.last_size, UDP_DATAGRAM_LIMIT);
    udp_engine_close(client);
    udp_engine_close(server);
}

static void full_send_queue_empties_itself(void **state)
{
    (void)state;
    struct udp_engine *server = engine_on("127.0.0.1:0", 0);
    struct udp_engine *client = engine_on("127.0.0.1:0", 4);
    struct peer_address to = peer_address_of_loopback(udp_engine_port(server));
    for (int i = 0; i < 5; i++)
        assert_int_equal(udp_engine_send(client, &to, span_of_text("x")), 0);
    assert_int_equal(counter_read(udp_engine_counters(client), UDP_SENT), 4);
    assert_int_equal(udp_engine_flush(client), 0);
    assert_int_equal(counter_read(udp_engine_counters(client), UDP_SENT), 5);
    udp_engine_close(client);
    udp_engine_close(server);
}

static void refused_datagram_does_not_stop_the_others(void **state)
{
    (void)state;
    struct udp_engine *server = engine_on("127.0.0.1:0", 0);
    struct udp_engine *client = engine_on("127.0.0.1:0", 0);
    struct peer_address nowhere = peer_address_of_loopback(0); /* port 0 cannot be sent to */
    struct peer_address to = peer_address_of_loopback(udp_engine_port(server));
    udp_engine_send(client, &nowhere, span_of_text("lost"));
    udp_engine_send(client, &to, span_of_text("kept"));
    assert_int_equal(udp_engine_flush(client), 0);
    assert_int_equal(counter_read(udp_engine_counters(client), UDP_SEND_REFUSED), 1);
    struct inbox inbox = { 0 };
    receive_until(server, &inbox, 1);
    assert_memory_equal(inbox.last, "kept", 4);
    udp_engine_close(client);
    udp_engine_close(server);
}

static void wrong_addresses_are_named(void **state)
{
    (void)state;
    static const char *const wrong[] = { "", "localhost", "127.0.0.1", "127.0.0.1:", "300.1.1.1:5683", "[::1:5683",
                                         "127.0.0.1:port", "example.org:5683", "127.0.0.1:65536", "127.0.0.1:-1" };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct udp_engine *engine = NULL;
        struct udp_engine_config config = { .address = wrong[i] };
        assert_int_equal(udp_engine_open(&config, &engine), WIRE_ERR_ADDRESS);
        assert_null(engine);
    }
    struct udp_engine *taken = engine_on("127.0.0.1:0", 0);
    char address[32];
    struct writer writer = writer_of_buffer(address, sizeof address);
    struct peer_address own = peer_address_of_loopback(udp_engine_port(taken));
    peer_address_write(&own, &writer);
    struct udp_engine *second;
    struct udp_engine_config config = { .address = writer_terminate(&writer) };
    assert_int_equal(udp_engine_open(&config, &second), WIRE_ERR_BIND);
    udp_engine_close(taken);
}

static void addresses_are_written_as_people_read_them(void **state)
{
    (void)state;
    char text[PEER_ADDRESS_TEXT_LIMIT];
    struct writer writer = writer_of_buffer(text, sizeof text);
    struct peer_address four = peer_address_of_loopback(5683);
    peer_address_write(&four, &writer);
    assert_string_equal(writer_terminate(&writer), "127.0.0.1:5683");
    struct peer_address six = { .ip = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 }, .port = 5684 };
    writer = writer_of_buffer(text, sizeof text);
    peer_address_write(&six, &writer);
    assert_string_equal(writer_terminate(&writer), "[2001:db8:0:0:0:0:0:1]:5684");
}

static void notifier_wakes_once_for_many_signals(void **state)
{
    (void)state;
    struct notifier notifier;
    assert_int_equal(notifier_open(&notifier), 0);
    struct pollfd wait = { notifier.descriptor, POLLIN, 0 };
    assert_int_equal(poll(&wait, 1, 0), 0);
    notifier_signal(&notifier);
    notifier_signal(&notifier);
    assert_int_equal(poll(&wait, 1, 0), 1);
    notifier_drain(&notifier);
    assert_int_equal(poll(&wait, 1, 0), 0);
    notifier_drain(&notifier);
    notifier_close(&notifier);
    notifier_close(&notifier);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(batches_arrive_whole_and_are_answered),
        cmocka_unit_test(one_socket_serves_both_families),
        cmocka_unit_test(datagrams_beyond_the_limit_are_dropped_and_counted),
        cmocka_unit_test(full_send_queue_empties_itself),
        cmocka_unit_test(refused_datagram_does_not_stop_the_others),
        cmocka_unit_test(wrong_addresses_are_named),
        cmocka_unit_test(addresses_are_written_as_people_read_them),
        cmocka_unit_test(notifier_wakes_once_for_many_signals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
