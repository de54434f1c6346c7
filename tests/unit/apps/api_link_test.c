/* The api's end of its link, spoken to by a core written for this test. */
#include "tests/unit/unit_test.h"

#include <poll.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "apps/meterworks/api_link.h"
#include "apps/meterworks/gate_thread.h"
#include "apps/meterworks/link_caller.h"
#include "wire/tcp_socket.h"

#define PATIENCE_MS 60000
#define LOOK_MS 5
#define TEXT_LIMIT 8192

static const uint8_t api_key[TLS_CHANNEL_KEY_SIZE] = "sixteen bytes ok";

struct core {
    struct tls_party *party;
    int listener;
    uint16_t port;
};

struct house {
    struct core cores[2];
    struct live_hub *hub;
    struct api_link *link;
    struct api_forward port;
    struct tls_channel *feed;
    sem_t woken;
};

static bool key_find(void *context, struct span name, uint8_t key[TLS_CHANNEL_KEY_SIZE])
{
    (void)context;
    memcpy(key, api_key, TLS_CHANNEL_KEY_SIZE);
    return span_equal_text(name, "hall");
}

static void core_make(struct core *core)
{
    struct tls_party_config config = { .key_find = key_find };

    assert_int_equal(tls_party_open(&config, &core->party), 0);
    core->listener = tcp_socket_listen("127.0.0.1:0", &core->port);
    assert_true(core->listener >= 0);
}

static void core_free(struct core *core)
{
    if (core->listener >= 0)
        close(core->listener);
    tls_party_close(core->party);
}

/* The next caller, with its key proved or not. NULL: it was not. */
static struct tls_channel *caller_take(struct core *core)
{
    struct pollfd wait = { .fd = core->listener, .events = POLLIN };
    struct peer_address peer;
    struct tls_channel *channel;
    int result = 0;

    assert_int_equal(poll(&wait, 1, PATIENCE_MS), 1);
    int descriptor = tcp_socket_accept(core->listener, &peer);
    assert_true(descriptor >= 0);
    assert_int_equal(tls_channel_open(core->party, descriptor, &channel), 0);
    for (int waited = 0; result == 0 && waited < PATIENCE_MS; waited += LOOK_MS) {
        result = tls_channel_shake(channel);
        if (result == 0)
            (void)poll(&(struct pollfd){ descriptor, POLLIN, 0 }, 1, LOOK_MS);
    }
    if (result == 1)
        return channel;
    tls_channel_close(channel);
    return NULL;
}

/* What comes until `end` is among it; false: the connection ended. */
static bool hear(struct tls_channel *channel, char text[TEXT_LIMIT], const char *end)
{
    size_t size = 0;

    text[0] = '\0';
    for (int waited = 0; waited < PATIENCE_MS && strstr(text, end) == NULL; waited += LOOK_MS) {
        int got = tls_channel_receive(channel, text + size, TEXT_LIMIT - 1 - size);
        if (got < 0)
            return false;
        size += (size_t)got;
        text[size] = '\0';
        if (got == 0)
            (void)poll(&(struct pollfd){ tls_channel_descriptor(channel), POLLIN, 0 }, 1, LOOK_MS);
    }
    assert_non_null(strstr(text, end));
    return true;
}

static void say(struct tls_channel *channel, const char *text)
{
    assert_int_equal(tls_channel_send(channel, span_of_text(text)), (int)strlen(text));
}

static void pause_look(void)
{
    (void)poll(NULL, 0, LOOK_MS);
}

static void linked_await(const struct house *house, bool linked)
{
    int waited = 0;

    while (house->port.is_linked(house->port.context) != linked && waited < PATIENCE_MS) {
        pause_look();
        waited += LOOK_MS;
    }
    assert_int_equal(house->port.is_linked(house->port.context), linked);
}

/* The feed comes, asks, and hears where the events are. */
static void feed_welcome(struct house *house, struct core *core)
{
    char text[TEXT_LIMIT];

    house->feed = caller_take(core);
    assert_non_null(house->feed);
    assert_true(hear(house->feed, text, "\n"));
    assert_string_equal(text, LINK_CALLER_FEED);
    say(house->feed, "R 40 3\n");
    linked_await(house, true);
}

static void link_make(struct house *house, const char *name)
{
    static char addresses[2][32];
    struct api_link_config config = { .core_count = 2, .shard = 3, .name = name, .live = house->hub,
                                      .silence_ms = 10 * PATIENCE_MS, .dial_ms = 10 * PATIENCE_MS };

    for (size_t i = 0; i < 2; i++) {
        (void)snprintf(addresses[i], sizeof addresses[i], "127.0.0.1:%u", (unsigned)house->cores[i].port);
        config.cores[i] = addresses[i];
    }
    memcpy(config.key, api_key, sizeof config.key);
    assert_int_equal(api_link_open(&config, &house->link), 0);
    house->port = api_link_port(house->link);
}

static int house_open_named(void **state, const char *name)
{
    struct house *house = calloc(1, sizeof *house);

    assert_non_null(house);
    core_make(&house->cores[0]);
    core_make(&house->cores[1]);
    assert_int_equal(live_hub_open(16, &house->hub), 0);
    sem_init(&house->woken, 0, 0);
    link_make(house, name);
    *state = house;
    return 0;
}

static int house_open(void **state)
{
    (void)house_open_named(state, "hall");
    feed_welcome(*state, &((struct house *)*state)->cores[0]);
    return 0;
}

static int stranger_open(void **state)
{
    return house_open_named(state, "nobody");
}

static int house_close(void **state)
{
    struct house *house = *state;

    api_link_stop(house->link);
    api_link_close(house->link);
    tls_channel_close(house->feed);
    core_free(&house->cores[0]);
    core_free(&house->cores[1]);
    live_hub_close(house->hub);
    sem_destroy(&house->woken);
    free(house);
    return 0;
}

static void wake(void *context)
{
    sem_post(context);
}

static void woken_await(struct house *house)
{
    struct timespec until;

    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PATIENCE_MS / 1000;
    assert_int_equal(sem_timedwait(&house->woken, &until), 0);
}

static int ask_begin(struct house *house, const char *method, int client, struct forwarded **out)
{
    struct forward_request request = { .method = method, .target = "/api/v1/areas?x=1", .client_socket = client,
                                       .headers = { { "Cookie", "session=abc" } }, .header_count = 1,
                                       .body = span_of_text("{\"n\":1}") };

    return house->port.begin(house->port.context, &request, wake, &house->woken, out);
}

static struct forwarded *ask(struct house *house, const char *method)
{
    struct forwarded *forwarded = NULL;

    assert_int_equal(ask_begin(house, method, -1, &forwarded), 0);
    assert_non_null(forwarded);
    return forwarded;
}

static int head_await(struct house *house, struct forwarded *forwarded, struct forward_head *head)
{
    int result;

    while ((result = house->port.head(forwarded, head)) == 0)
        woken_await(house);
    return result;
}

/* returns  bytes read until the end; what ended it in *how */
static size_t body_await(struct house *house, struct forwarded *forwarded, char *bytes, size_t capacity, long *how)
{
    size_t size = 0;
    long got;

    while ((got = house->port.read(forwarded, bytes + size, capacity - size)) >= 0) {
        size += (size_t)got;
        if (got == 0)
            woken_await(house);
    }
    *how = got;
    return size;
}

/* The core's side of a request: its text, and the connection to answer on. */
static struct tls_channel *asked(struct house *house, char text[TEXT_LIMIT])
{
    struct tls_channel *channel = caller_take(&house->cores[0]);

    assert_non_null(channel);
    assert_true(hear(channel, text, "{\"n\":1}"));
    return channel;
}

static void test_a_request_and_its_answer(void **state)
{
    struct house *house = *state;
    struct forwarded *forwarded = ask(house, "POST");
    struct forward_head head;
    char text[TEXT_LIMIT], body[64];
    long how;
    struct tls_channel *channel = asked(house, text);

    assert_string_equal(text, "POST /api/v1/areas?x=1 HTTP/1.1\r\nHost: core\r\nContent-Length: 7\r\nCookie: session=abc\r\n\r\n"
                              "{\"n\":1}");
    assert_int_equal(house->port.head(forwarded, &head), 0);
    say(channel, "HTTP/1.1 201 Created\r\nContent-Length: 4\r\nRetry-After: 2\r\n\r\n");
    assert_int_equal(head_await(house, forwarded, &head), 1);
    assert_int_equal(head.status, 201);
    assert_int_equal(head.size, 4);
    assert_int_equal(head.header_count, 1);
    assert_string_equal(head.headers[0].value, "2");
    assert_int_equal(house->port.read(forwarded, body, sizeof body), 0);
    say(channel, "done");
    assert_int_equal(body_await(house, forwarded, body, sizeof body, &how), 4);
    assert_int_equal(how, FORWARD_END);
    assert_memory_equal(body, "done", 4);
    house->port.end(forwarded);
    assert_false(hear(channel, text, "never")); /* it is closed, and not used for another one */
    tls_channel_close(channel);
}

static void expect_outcome(struct house *house, const char *method, const char *answer, int expected)
{
    struct forwarded *forwarded = ask(house, method);
    struct forward_head head;
    char text[TEXT_LIMIT];
    struct tls_channel *channel = asked(house, text);

    if (answer[0] != '\0')
        say(channel, answer);
    tls_channel_close(channel);
    assert_int_equal(head_await(house, forwarded, &head), expected);
    house->port.end(forwarded);
}

static void test_an_answer_that_never_comes(void **state)
{
    struct house *house = *state;

    expect_outcome(house, "POST", "", FORWARD_UNKNOWN);
    expect_outcome(house, "DELETE", "HTTP/1.1 201 Cr", FORWARD_UNKNOWN);
    expect_outcome(house, "POST", "what?\r\n\r\n", FORWARD_UNKNOWN);
    expect_outcome(house, "GET", "", FORWARD_NO_CORE); /* nothing can have been changed */
    assert_int_equal(counter_read(api_link_counters(house->link), API_LINK_UNKNOWN), 3);
    linked_await(house, true);
}

static void test_an_answer_that_breaks_off(void **state)
{
    struct house *house = *state;
    struct forwarded *forwarded = ask(house, "POST");
    struct forward_head head;
    char text[TEXT_LIMIT];
    long how;
    struct tls_channel *channel = asked(house, text);

    say(channel, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
    assert_int_equal(head_await(house, forwarded, &head), 1);
    tls_channel_close(channel);
    assert_int_equal(body_await(house, forwarded, text, sizeof text, &how), 4);
    assert_int_equal(how, FORWARD_UNKNOWN);
    house->port.end(forwarded);
}

/* More than any buffer between: whoever does not read stops the other, and nothing is lost. */
static void test_a_large_answer_waits_for_its_reader(void **state)
{
    enum { SIZE = 24 * 1024 * 1024 };
    struct house *house = *state;
    struct forwarded *forwarded = ask(house, "POST");
    struct forward_head head;
    char text[TEXT_LIMIT], head_text[64];
    char *sent = malloc(SIZE), *got = malloc(SIZE);
    size_t given = 0, taken = 0;
    struct tls_channel *channel = asked(house, text);
    bool stopped = false;

    assert_true(sent != NULL && got != NULL);
    for (size_t i = 0; i < SIZE; i++)
        sent[i] = (char)(i * 7 + i / 251);
    (void)snprintf(head_text, sizeof head_text, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", SIZE);
    say(channel, head_text);
    assert_int_equal(head_await(house, forwarded, &head), 1);
    for (int waited = 0; taken < SIZE && waited < PATIENCE_MS; waited++) {
        int more = tls_channel_send(channel, span_of_bytes(sent + given, SIZE - given));
        long size = 0;
        assert_true(more >= 0);
        given += (size_t)more;
        if (more == 0 || given == SIZE) {
            stopped |= given < SIZE;
            size = house->port.read(forwarded, got + taken, SIZE - taken);
            assert_true(size >= 0);
            taken += (size_t)size;
        }
        if (more == 0 && size == 0)
            (void)poll(NULL, 0, 1);
    }
    assert_int_equal(taken, SIZE);
    assert_true(stopped);
    assert_memory_equal(sent, got, SIZE);
    house->port.end(forwarded);
    tls_channel_close(channel);
    free(sent);
    free(got);
}

static void test_whose_client_goes_is_given_up(void **state)
{
    struct house *house = *state;
    struct forwarded *forwarded = NULL;
    struct forward_head head;
    char text[TEXT_LIMIT];
    int pair[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    assert_int_equal(ask_begin(house, "GET", pair[0], &forwarded), 0);
    struct tls_channel *channel = asked(house, text);
    close(pair[1]);
    assert_false(hear(channel, text, "never"));
    assert_int_equal(head_await(house, forwarded, &head), FORWARD_NO_CORE);
    assert_int_equal(counter_read(api_link_counters(house->link), API_LINK_GIVEN_UP), 1);
    house->port.end(forwarded);
    tls_channel_close(channel);
    close(pair[0]);
}

static void test_so_many_and_no_more(void **state)
{
    struct house *house = *state;
    struct forwarded *all[API_LINK_REQUESTS], *one_more = NULL;
    struct forward_head head;

    for (size_t i = 0; i < API_LINK_REQUESTS; i++)
        all[i] = ask(house, "POST");
    assert_int_equal(ask_begin(house, "POST", -1, &one_more), FORWARD_FULL);
    assert_null(one_more);
    api_link_stop(house->link);
    for (size_t i = 0; i < API_LINK_REQUESTS; i++) {
        assert_int_not_equal(house->port.head(all[i], &head), 0);
        house->port.end(all[i]);
    }
    assert_int_equal(ask_begin(house, "POST", -1, &one_more), FORWARD_NO_CORE);
}

static void test_events_are_repeated(void **state)
{
    struct house *house = *state;
    struct live_item item;
    uint64_t position = 40;
    int found = 0;

    say(house->feed, "P\nE 41 3 2 /1/ {\"device_id\":1}\nE 42 3 2");
    say(house->feed, " - {}\n");
    for (int waited = 0; found < 2 && waited < PATIENCE_MS; waited += LOOK_MS) {
        found += live_next_item(house->hub, &position, &item) == 1;
        if (found < 2)
            pause_look();
    }
    assert_int_equal(item.sequence, 42);
    assert_int_equal(item.tenant_id, 3);
    assert_string_equal(item.json, "{}");
}

/* The core that was found ends: the next one is, and who asks meanwhile is told. */
static void test_the_next_core_is_found(void **state)
{
    struct house *house = *state;
    struct forwarded *forwarded = NULL;
    uint64_t position = 41;
    struct live_item item;

    close(house->cores[0].listener);
    house->cores[0].listener = -1;
    tls_channel_close(house->feed);
    house->feed = NULL;
    linked_await(house, false);
    assert_int_equal(ask_begin(house, "POST", -1, &forwarded), FORWARD_NO_CORE);
    feed_welcome(house, &house->cores[1]);
    assert_int_equal(live_next_item(house->hub, &position, &item), -1);
}

/* A line that is none, or has no end: whoever says it is no core. */
static void test_a_feed_that_makes_no_sense(void **state)
{
    static const char *const wrong[] = { "E 41 3 2\n", "HTTP/1.1 400 Bad Request\r\n", "\n", "R 40 4\n" };
    struct house *house = *state;
    char large[LIVE_TEXT_LIMIT * 3];

    memset(large, 'x', sizeof large - 1);
    large[sizeof large - 1] = '\0';
    for (size_t i = 0; i <= sizeof wrong / sizeof wrong[0]; i++) {
        char text[TEXT_LIMIT];
        say(house->feed, i < sizeof wrong / sizeof wrong[0] ? wrong[i] : large);
        assert_false(hear(house->feed, text, "never"));
        tls_channel_close(house->feed);
        house->feed = NULL;
        feed_welcome(house, &house->cores[(i + 1) % 2]); /* they are tried in turn */
    }
}

static void test_nobody_of_that_name_is_linked(void **state)
{
    struct house *house = *state;

    assert_null(caller_take(&house->cores[0]));
    assert_null(caller_take(&house->cores[1]));
    assert_false(house->port.is_linked(house->port.context));
}

int main(void)
{
    const struct sigaction ignore = { .sa_handler = SIG_IGN };
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_request_and_its_answer, house_open, house_close),
        cmocka_unit_test_setup_teardown(test_an_answer_that_never_comes, house_open, house_close),
        cmocka_unit_test_setup_teardown(test_an_answer_that_breaks_off, house_open, house_close),
        cmocka_unit_test_setup_teardown(test_a_large_answer_waits_for_its_reader, house_open, house_close),
        cmocka_unit_test_setup_teardown(test_whose_client_goes_is_given_up, house_open, house_close),
        cmocka_unit_test_setup_teardown(test_so_many_and_no_more, house_open, house_close),
        cmocka_unit_test_setup_teardown(test_events_are_repeated, house_open, house_close),
        cmocka_unit_test_setup_teardown(test_the_next_core_is_found, house_open, house_close),
        cmocka_unit_test_setup_teardown(test_a_feed_that_makes_no_sense, house_open, house_close),
        cmocka_unit_test_setup_teardown(test_nobody_of_that_name_is_linked, stranger_open, house_close),
    };
    sigaction(SIGPIPE, &ignore, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
