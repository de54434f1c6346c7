/* The core's end of a link, spoken to by a gate written for this test; then by the program's own. */
#include "tests/unit/unit_test.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/meterworks/gate_client.h"
#include "apps/meterworks/gate_links.h"
#include "apps/meterworks/link_stream.h"
#include "base/log.h"
#include "wire/tcp_socket.h"

#define PATIENCE_MS 60000
#define LOOK_MS 5
#define IMEI 352000000000017
#define SHARD 5

static const uint8_t gate_key[TLS_CHANNEL_KEY_SIZE] = "sixteen bytes ok";
static atomic_bool owns;

struct peer {
    struct tls_party *party;
    struct link_stream stream;
};

static int64_t clock_stands(void *context)
{
    (void)context;
    return 1795219200000;
}

static bool gate_key_find(void *context, struct span name, uint8_t key[TLS_CHANNEL_KEY_SIZE])
{
    (void)context;
    memcpy(key, gate_key, TLS_CHANNEL_KEY_SIZE);
    return span_equal_text(name, "north");
}

static bool device_key_find(void *context, uint64_t imei, uint8_t key[TLS_CHANNEL_KEY_SIZE])
{
    (void)context;
    memset(key, 7, TLS_CHANNEL_KEY_SIZE);
    return imei == IMEI;
}

static bool owner(void *context, uint32_t shard, uint64_t *epoch)
{
    (void)context;
    (void)shard;
    *epoch = 3;
    return atomic_load(&owns);
}

static struct gate_links *links_make(void)
{
    struct gate_links_config config = { .address = "127.0.0.1:0", .shard = SHARD, .handle_key = { 11, 12 }, .device_limit = 1000 };
    struct gate_links_ports ports = { .clock_read = clock_stands, .gate_key_find = gate_key_find,
                                      .device_key_find = device_key_find, .owner = owner };
    struct gate_links *links;

    atomic_store(&owns, true);
    assert_int_equal(gate_links_open(&config, &ports, &links), 0);
    assert_int_equal(gate_thread_start(gate_links_thread_of(links)), 0);
    return links;
}

static void peer_dial(struct peer *peer, const struct gate_links *links)
{
    char address[32];

    (void)snprintf(address, sizeof address, "127.0.0.1:%u", (unsigned)gate_links_port(links));
    int descriptor = tcp_socket_dial(address);
    assert_true(descriptor >= 0);
    assert_int_equal(poll(&(struct pollfd){ descriptor, POLLOUT, 0 }, 1, PATIENCE_MS), 1);
    assert_int_equal(link_stream_open(&peer->stream, peer->party, descriptor, 0), 0);
}

static struct peer *peer_make(const struct gate_links *links)
{
    struct tls_party_config config = { .identity = "north" };
    struct peer *peer = calloc(1, sizeof *peer);

    assert_non_null(peer);
    memcpy(config.key, gate_key, sizeof config.key);
    assert_int_equal(tls_party_open(&config, &peer->party), 0);
    peer_dial(peer, links);
    return peer;
}

static void peer_free(struct peer *peer)
{
    link_stream_close(&peer->stream);
    tls_party_close(peer->party);
    free(peer);
}

/* The next frame that is not ALIVE; false: the connection ended. Time stands, so silence ends nothing here. */
static bool frame_wait(struct peer *peer, struct link_message *out)
{
    for (int waited = 0; waited < PATIENCE_MS; waited += LOOK_MS) {
        int result = link_stream_work(&peer->stream, 0);
        while (link_stream_next(&peer->stream, out) == 1) {
            link_stream_taken(&peer->stream);
            if (out->kind != LINK_ALIVE)
                return true;
        }
        if (result < 0)
            return false;
        poll(&(struct pollfd){ link_stream_descriptor(&peer->stream), POLLIN, 0 }, 1, LOOK_MS);
    }
    fail();
    return false;
}

static void say(struct peer *peer, const struct link_message *message)
{
    assert_int_equal(link_stream_put(&peer->stream, message), 0);
    assert_true(link_stream_work(&peer->stream, 0) >= 0);
}

static struct link_message hello_say(struct peer *peer)
{
    struct link_message message = { .kind = LINK_HELLO, .body.hello = { LINK_MAGIC, LINK_VERSION, SHARD } };

    assert_int_equal(link_stream_put(&peer->stream, &message), 0);
    assert_true(frame_wait(peer, &message));
    assert_int_equal(message.kind, LINK_WELCOME);
    return message;
}

static void report_say(struct peer *peer, uint64_t number, uint32_t device_id)
{
    struct link_message message = { .kind = LINK_UPLINK };

    message.body.uplink = (struct uplink){ .message_id = number, .device_id = device_id, .kind = UPLINK_REPORT };
    say(peer, &message);
}

static struct uplink uplink_wait(struct gate_links *links)
{
    struct gate_thread *thread = gate_links_thread_of(links);
    struct pollfd wait = { gate_thread_uplink_descriptor(thread), POLLIN, 0 };
    struct uplink uplink;

    while (gate_thread_uplink_take(thread, &uplink) < 0) {
        assert_int_equal(poll(&wait, 1, PATIENCE_MS), 1);
        gate_thread_uplink_drain(thread);
    }
    return uplink;
}

static void acknowledge(struct gate_links *links, const struct uplink *uplink)
{
    struct uplink_acknowledgement answer = { uplink->message_id, uplink->device_id, uplink->gate, 1, 0 };

    gate_links_acknowledge(links, &answer);
    gate_thread_wake(gate_links_thread_of(links));
}

/* The gate reports of a device, and is told that it is stored. */
static struct uplink report_through(struct gate_links *links, struct peer *peer, uint32_t device_id)
{
    struct link_message message;

    report_say(peer, 1, device_id);
    struct uplink uplink = uplink_wait(links);
    assert_int_equal(uplink.device_id, device_id);
    acknowledge(links, &uplink);
    assert_true(frame_wait(peer, &message));
    assert_int_equal(message.kind, LINK_ACKNOWLEDGEMENT);
    assert_int_equal(message.body.acknowledgement.message_id, 1);
    assert_int_equal(message.body.acknowledgement.accepted, 1);
    return uplink;
}

/* A command for a device reaches the gate. */
static void command_through(struct gate_links *links, struct peer *peer, uint64_t command_id, uint32_t device_id)
{
    struct downlink downlink = { .command_id = command_id, .device_id = device_id, .operation = DOWNLINK_READ_NOW };
    struct link_message message;

    assert_int_equal(gate_links_deliver(links, &downlink), 0);
    gate_thread_wake(gate_links_thread_of(links));
    assert_true(frame_wait(peer, &message));
    assert_int_equal(message.kind, LINK_DOWNLINK);
    assert_int_equal(message.body.downlink.command_id, command_id);
}

static void counted_wait(struct gate_links *links, enum gate_links_counter row, uint64_t count)
{
    for (int waited = 0; waited < PATIENCE_MS; waited += LOOK_MS) {
        if (counter_read(gate_links_counters(links), row) >= count)
            return;
        poll(NULL, 0, LOOK_MS);
    }
    fail();
}

static void what_a_gate_says_is_answered_over_its_connection(void **state)
{
    (void)state;
    struct gate_links *links = links_make();
    struct peer *peer = peer_make(links);
    struct link_message message = hello_say(peer);

    assert_int_equal(message.body.welcome.owner, 1);
    assert_int_equal(message.body.welcome.epoch, 3);
    assert_int_equal(message.body.welcome.window, GATE_LINKS_WINDOW);
    assert_int_equal(message.body.welcome.handle_second, 12);
    assert_true(report_through(links, peer, 5).gate >= GATE_LINKS_NUMBER_FIRST);
    assert_true(gate_links_has(links, 5));
    command_through(links, peer, 9, 5);
    gate_links_heard_here(links, 5);
    assert_false(gate_links_has(links, 5));
    peer_free(peer);
    gate_links_close(links);
}

/* The gate numbers its messages anew when it is a new process: an answer to its predecessor must not reach it. */
static void an_answer_never_reaches_a_later_connection(void **state)
{
    (void)state;
    struct gate_links *links = links_make();
    struct peer *peer = peer_make(links);
    struct link_message message;

    hello_say(peer);
    report_say(peer, 1, 5);
    struct uplink first = uplink_wait(links);
    link_stream_close(&peer->stream);
    counted_wait(links, GATE_LINKS_CLOSED, 1);
    peer_dial(peer, links);
    hello_say(peer);
    report_say(peer, 1, 6);
    struct uplink second = uplink_wait(links);
    assert_int_not_equal(first.gate, second.gate);
    acknowledge(links, &first);
    counted_wait(links, GATE_LINKS_LATE_ANSWERS, 1);
    second.message_id = 77;
    acknowledge(links, &second);
    assert_true(frame_wait(peer, &message));
    assert_int_equal(message.body.acknowledgement.message_id, 77);
    peer_free(peer);
    gate_links_close(links);
}

static void a_gate_that_leaves_gives_its_commands_back(void **state)
{
    (void)state;
    struct gate_links *links = links_make();
    struct peer *peer = peer_make(links);
    struct link_message message = { .kind = LINK_UPLINK };

    hello_say(peer);
    (void)report_through(links, peer, 5);
    command_through(links, peer, 20, 5);
    message.body.uplink = (struct uplink){ .message_id = 2, .device_id = 5, .kind = UPLINK_ANSWER,
                                           .answer = UPLINK_ANSWER_EXECUTED, .command_id = 20 };
    say(peer, &message);
    assert_int_equal(uplink_wait(links).answer, UPLINK_ANSWER_EXECUTED);
    command_through(links, peer, 21, 5);
    link_stream_close(&peer->stream);
    struct uplink uplink = uplink_wait(links);
    assert_int_equal(uplink.kind, UPLINK_ANSWER);
    assert_int_equal(uplink.answer, UPLINK_ANSWER_TIMEOUT);
    assert_int_equal(uplink.command_id, 21); /* not 20: that one has ended */
    assert_int_equal(uplink.device_id, 5);
    struct downlink late = { .command_id = 23, .device_id = 5, .operation = DOWNLINK_READ_NOW };
    assert_int_equal(gate_links_deliver(links, &late), GATE_ERR_FULL);
    peer_free(peer);
    gate_links_close(links);
}

static void what_has_no_place_closes(void **state)
{
    (void)state;
    struct link_message hello = { .kind = LINK_HELLO, .body.hello = { LINK_MAGIC, LINK_VERSION, 0 } };
    struct link_message alive = { .kind = LINK_ALIVE };
    struct link_message filled = { .kind = LINK_FILLED };
    struct link_message answer = { .kind = LINK_ACKNOWLEDGEMENT, .body.acknowledgement.message_id = 1 };
    const struct {
        bool welcomed;
        const struct link_message *message;
    } cases[] = { { false, &alive }, { false, &answer }, { true, &hello }, { true, &answer }, { true, &filled } };
    struct gate_links *links = links_make();
    struct link_message message;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct peer *peer = peer_make(links);
        if (cases[i].welcomed)
            hello_say(peer);
        assert_int_equal(link_stream_put(&peer->stream, cases[i].message), 0);
        assert_false(frame_wait(peer, &message));
        peer_free(peer);
    }
    counted_wait(links, GATE_LINKS_BAD_FRAME, sizeof cases / sizeof cases[0]);
    gate_links_close(links);
}

static void a_gate_that_says_more_than_its_window_is_closed(void **state)
{
    (void)state;
    struct gate_links *links = links_make();
    struct peer *peer = peer_make(links);
    struct link_message message = hello_say(peer);

    message = (struct link_message){ .kind = LINK_UPLINK };
    for (uint64_t number = 1; number <= GATE_LINKS_WINDOW + 1; number++) {
        message.body.uplink = (struct uplink){ .message_id = number, .device_id = 5, .kind = UPLINK_REPORT };
        if (link_stream_put(&peer->stream, &message) < 0 || link_stream_work(&peer->stream, 0) < 0)
            break;
    }
    assert_false(frame_wait(peer, &message));
    counted_wait(links, GATE_LINKS_BAD_FRAME, 1);
    assert_int_equal(counter_read(gate_links_counters(links), GATE_LINKS_UPLINKS), GATE_LINKS_WINDOW);
    peer_free(peer);
    gate_links_close(links);
}

static void who_does_not_own_the_shard_says_so(void **state)
{
    (void)state;
    struct gate_links *links = links_make();
    struct peer *peer = peer_make(links);
    struct link_message message;

    atomic_store(&owns, false);
    message = hello_say(peer);
    assert_int_equal(message.body.welcome.owner, 0);
    assert_false(frame_wait(peer, &message));
    link_stream_close(&peer->stream);
    atomic_store(&owns, true);
    peer_dial(peer, links);
    message = (struct link_message){ .kind = LINK_HELLO, .body.hello = { LINK_MAGIC, LINK_VERSION + 1, SHARD } };
    assert_int_equal(link_stream_put(&peer->stream, &message), 0);
    assert_true(frame_wait(peer, &message));
    assert_int_equal(message.body.welcome.owner, 0);
    link_stream_close(&peer->stream);
    peer_dial(peer, links);
    message = (struct link_message){ .kind = LINK_HELLO, .body.hello = { LINK_MAGIC, LINK_VERSION, SHARD + 1 } };
    assert_int_equal(link_stream_put(&peer->stream, &message), 0);
    assert_true(frame_wait(peer, &message));
    assert_int_equal(message.body.welcome.owner, 0);
    assert_int_equal(counter_read(gate_links_counters(links), GATE_LINKS_NOT_OWNER), 3);
    peer_free(peer);
    gate_links_close(links);
}

static void keys_of_devices_are_told_one_by_one(void **state)
{
    (void)state;
    struct gate_links *links = links_make();
    struct peer *peer = peer_make(links);
    struct link_message ask = { .kind = LINK_KEY_ASK, .body.key_ask.imei = IMEI };
    struct link_message answer;

    hello_say(peer);
    say(peer, &ask);
    assert_true(frame_wait(peer, &answer));
    assert_int_equal(answer.kind, LINK_KEY);
    assert_int_equal(answer.body.key.found, 1);
    assert_int_equal(answer.body.key.key[15], 7);
    ask.body.key_ask.imei = 1;
    say(peer, &ask);
    assert_true(frame_wait(peer, &answer));
    assert_int_equal(answer.body.key.found, 0);
    peer_free(peer);
    gate_links_close(links);
}

static struct gate *no_gate(void *context, const struct hash_key *handle_key)
{
    (void)handle_key;
    ++*(int *)context;
    return NULL;
}

static bool never_runs(void *context)
{
    (void)context;
    fail();
    return false;
}

/* The times are those of an injected clock: a gate leaves a core that says nothing after LINK_SILENCE_MS. */
static void a_gate_leaves_a_silent_core_for_the_next(void **state)
{
    (void)state;
    uint16_t port;
    int welcomes = 0;
    char addresses[2][32];
    struct gate_links *links = links_make();
    int silent = tcp_socket_listen("127.0.0.1:0", &port);
    struct gate_client_config config = { .cores = { addresses[0], addresses[1] }, .core_count = 2, .name = "north",
                                         .shard = SHARD };
    struct gate_client_ports ports = { &welcomes, no_gate, never_runs };
    struct gate_client *client;
    bool writable;

    (void)snprintf(addresses[0], sizeof addresses[0], "127.0.0.1:%u", (unsigned)port);
    (void)snprintf(addresses[1], sizeof addresses[1], "127.0.0.1:%u", (unsigned)gate_links_port(links));
    memcpy(config.key, gate_key, sizeof config.key);
    assert_int_equal(gate_client_open(&config, &ports, &client), 0);
    for (int i = 0; i < 20; i++) {
        (void)gate_client_work(client, 1000 + i * LINK_SILENCE_MS / 20);
        poll(&(struct pollfd){ gate_client_socket(client, &writable), POLLOUT, 0 }, 1, LOOK_MS);
    }
    assert_int_equal(counter_read(gate_client_counters(client), GATE_CLIENT_DIALLED), 1);
    for (int waited = 0; waited < PATIENCE_MS && welcomes == 0; waited += LOOK_MS) {
        int wait_ms = gate_client_work(client, 1000 + LINK_SILENCE_MS + 1);
        poll(&(struct pollfd){ gate_client_socket(client, &writable), POLLIN, 0 }, 1, wait_ms < LOOK_MS ? wait_ms : LOOK_MS);
    }
    assert_int_equal(welcomes, 1); /* and as it has no gate, it goes on looking */
    assert_int_equal(counter_read(gate_client_counters(client), GATE_CLIENT_DIALLED), 2);
    assert_int_equal(counter_read(gate_client_counters(client), GATE_CLIENT_FAILED), 2);
    assert_false(gate_client_is_linked(client));
    gate_client_close(client);
    gate_links_close(links);
    assert_true(silent >= 0);
}

struct said {
    pthread_t listener; /* the thread whose lines are taken */
    unsigned count;
    char words[LOG_LINE_LIMIT];
};

static void said_take(void *context, enum log_category category, enum log_level level, const char *identity, const char *words)
{
    struct said *said = context;

    (void)category, (void)identity;
    if (!pthread_equal(pthread_self(), said->listener) || level < LOG_WARNING)
        return;
    said->count++;
    (void)snprintf(said->words, sizeof said->words, "%s", words);
}

/* A gate tries until it has failed three times; what it says of it goes to `said`. */
static void failures_wait(const struct gate_client_config *config, enum gate_client_counter failure, struct said *said)
{
    int welcomes = 0;
    struct gate_client_ports ports = { &welcomes, no_gate, never_runs };
    struct gate_client *client;
    bool writable;

    *said = (struct said){ .listener = pthread_self() };
    log_sink_set(said_take, said);
    assert_int_equal(gate_client_open(config, &ports, &client), 0);
    int64_t now_ms = 1000;
    for (int waited = 0; waited < PATIENCE_MS && counter_read(gate_client_counters(client), failure) < 3; waited += LOOK_MS) {
        (void)gate_client_work(client, now_ms += GATE_CLIENT_PAUSE_LIMIT_MS / 10);
        poll(&(struct pollfd){ gate_client_socket(client, &writable), POLLIN, 0 }, 1, LOOK_MS);
    }
    assert_int_equal(counter_read(gate_client_counters(client), failure), 3);
    log_sink_set(NULL, NULL);
    gate_client_close(client);
}

static void a_gate_says_once_why_no_core_takes_it(void **state)
{
    (void)state;
    struct said said;
    char address[32];
    struct gate_links *links = links_make();
    struct gate_client_config config = { .cores = { address }, .core_count = 1, .name = "north", .shard = SHARD + 1 };

    (void)snprintf(address, sizeof address, "127.0.0.1:%u", (unsigned)gate_links_port(links));
    memcpy(config.key, gate_key, sizeof config.key);
    failures_wait(&config, GATE_CLIENT_NOT_OWNER, &said);
    assert_int_equal(said.count, 1);
    assert_non_null(strstr(said.words, "this core has shard 5, not 6"));
    config.key[0] ^= 1;
    failures_wait(&config, GATE_CLIENT_FAILED, &said);
    assert_int_equal(said.count, 1);
    assert_non_null(strstr(said.words, "did not take the key"));
    gate_links_close(links);
    failures_wait(&config, GATE_CLIENT_FAILED, &said);
    assert_int_equal(said.count, 1);
    assert_non_null(strstr(said.words, "cannot be reached"));
}

/* A core written for this test, and the program's own gate, whose thread does not run. */
struct told {
    struct tls_party *party;
    struct link_stream core;
    struct gate_client *client;
    struct gate *gate;
};

static struct gate *told_gate_open(void *context, const struct hash_key *handle_key)
{
    struct told *told = context;
    struct gate_config config = { .shards = 1 << 1 | 1 << 2, .handle_key = *handle_key };
    struct gate_ports ports = { NULL, clock_stands, NULL, NULL };

    if (told->gate == NULL)
        assert_int_equal(gate_open(&config, &ports, &told->gate), 0);
    return told->gate;
}

static void told_dial(struct told *told)
{
    uint16_t port;
    char address[32];
    struct peer_address peer;
    struct tls_party_config party = { .key_find = gate_key_find };
    struct gate_client_ports ports = { told, told_gate_open, never_runs };
    struct gate_client_config config = { .cores = { address }, .core_count = 1, .name = "north", .shard = 2, .width = 2 };
    int listener = tcp_socket_listen("127.0.0.1:0", &port);
    int descriptor;

    (void)snprintf(address, sizeof address, "127.0.0.1:%u", (unsigned)port);
    memcpy(config.key, gate_key, sizeof config.key);
    assert_int_equal(gate_client_open(&config, &ports, &told->client), 0);
    assert_int_equal(tls_party_open(&party, &told->party), 0);
    (void)gate_client_work(told->client, 0);
    assert_int_equal(poll(&(struct pollfd){ listener, POLLIN, 0 }, 1, PATIENCE_MS), 1);
    descriptor = tcp_socket_accept(listener, &peer);
    assert_true(descriptor >= 0);
    assert_int_equal(link_stream_open(&told->core, told->party, descriptor, 0), 0);
    close(listener);
}

static void told_greet(struct told *told)
{
    struct link_message message = { .kind = LINK_ALIVE };
    bool writable;

    for (int waited = 0; waited < PATIENCE_MS && message.kind != LINK_HELLO; waited += LOOK_MS) {
        (void)gate_client_work(told->client, 0);
        assert_true(link_stream_work(&told->core, 0) >= 0);
        if (link_stream_next(&told->core, &message) == 0)
            poll(&(struct pollfd){ gate_client_socket(told->client, &writable), POLLIN, 0 }, 1, LOOK_MS);
    }
    assert_int_equal(message.body.hello.shard, 2);
    link_stream_taken(&told->core);
    message = (struct link_message){ .kind = LINK_WELCOME,
                                     .body.welcome = { LINK_MAGIC, LINK_VERSION, 1, 2, 1, GATE_LINKS_WINDOW, 11, 12 } };
    assert_int_equal(link_stream_put(&told->core, &message), 0);
}

/* As much of the archive as the connection takes without being read. returns  bytes of it */
static size_t told_tell(struct told *told)
{
    struct link_message message = { .kind = LINK_DEVICE, .body.device = { .imei = IMEI, .present = 1 } };
    size_t said = 0;
    int descriptor = link_stream_descriptor(&told->core);

    while (poll(&(struct pollfd){ descriptor, POLLOUT, 0 }, 1, LOOK_MS) == 1) {
        size_t waiting = link_stream_waiting(&told->core);
        for (int i = 0; i < 1000 && link_stream_fits(&told->core); i++) {
            message.body.device.device_id++;
            message.body.device.imei++;
            assert_int_equal(link_stream_put(&told->core, &message), 0);
        }
        said += link_stream_waiting(&told->core) - waiting;
        assert_true(link_stream_work(&told->core, 0) >= 0);
    }
    return said - link_stream_waiting(&told->core);
}

/* Taking over a large district, a core tells millions of meters: those of others are heard in between. */
static void a_core_that_tells_much_leaves_time_for_others(void **state)
{
    (void)state;
    struct told told = { 0 };

    told_dial(&told);
    told_greet(&told);
    size_t said = told_tell(&told);
    assert_true(said > 5 * LINK_IN_LIMIT);
    int turns = 0;
    while (gate_client_work(told.client, 0) == 0)
        turns++;
    assert_true(turns > 0);
    gate_client_close(told.client);
    gate_close(told.gate);
    link_stream_close(&told.core);
    tls_party_close(told.party);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_gate_says_is_answered_over_its_connection),
        cmocka_unit_test(an_answer_never_reaches_a_later_connection),
        cmocka_unit_test(a_gate_that_leaves_gives_its_commands_back),
        cmocka_unit_test(what_has_no_place_closes),
        cmocka_unit_test(a_gate_that_says_more_than_its_window_is_closed),
        cmocka_unit_test(who_does_not_own_the_shard_says_so),
        cmocka_unit_test(keys_of_devices_are_told_one_by_one),
        cmocka_unit_test(a_gate_leaves_a_silent_core_for_the_next),
        cmocka_unit_test(a_gate_says_once_why_no_core_takes_it),
        cmocka_unit_test(a_core_that_tells_much_leaves_time_for_others),
    };
    struct sigaction ignore = { .sa_handler = SIG_IGN };

    sigaction(SIGPIPE, &ignore, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
