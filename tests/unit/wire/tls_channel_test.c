#include "tests/unit/unit_test.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wire/tls_channel.h"
#include "wire/wire_error.h"

#define TURNS 20

static const uint8_t north_key[TLS_CHANNEL_KEY_SIZE] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };

static bool north_only(void *context, struct span identity, uint8_t key[TLS_CHANNEL_KEY_SIZE])
{
    (void)context;
    memcpy(key, north_key, TLS_CHANNEL_KEY_SIZE);
    return span_equal_text(identity, "north");
}

struct scene {
    struct tls_party *dials, *dialled;
    struct tls_channel *from, *to;
};

static void scene_open(struct scene *scene, const char *name, uint8_t first_byte)
{
    struct tls_party_config dials = { .identity = name };
    struct tls_party_config dialled = { .key_find = north_only };
    int sockets[2];

    memcpy(dials.key, north_key, sizeof dials.key);
    dials.key[0] = first_byte;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, sockets), 0);
    assert_int_equal(tls_party_open(&dials, &scene->dials), 0);
    assert_int_equal(tls_party_open(&dialled, &scene->dialled), 0);
    assert_int_equal(tls_channel_open(scene->dials, sockets[0], &scene->from), 0);
    assert_int_equal(tls_channel_open(scene->dialled, sockets[1], &scene->to), 0);
}

static void scene_close(struct scene *scene)
{
    tls_channel_close(scene->from);
    tls_channel_close(scene->to);
    tls_party_close(scene->dials);
    tls_party_close(scene->dialled);
}

static void shake(struct scene *scene, int *from, int *to)
{
    *from = *to = 0;
    for (int i = 0; i < TURNS; i++) {
        *from = *from == 0 ? tls_channel_shake(scene->from) : *from;
        *to = *to == 0 ? tls_channel_shake(scene->to) : *to;
    }
}

static void both_ends_hold_the_key(void **state)
{
    (void)state;
    struct scene scene;
    char text[16] = "";
    int from, to;

    scene_open(&scene, "north", 1);
    shake(&scene, &from, &to);
    assert_int_equal(from, 1);
    assert_int_equal(to, 1);
    assert_string_equal(tls_channel_identity(scene.to), "north");
    assert_int_equal(tls_channel_receive(scene.to, text, sizeof text), 0);
    assert_int_equal(tls_channel_send(scene.from, span_of_text("hello")), 5);
    assert_int_equal(tls_channel_receive(scene.to, text, sizeof text), 5);
    assert_memory_equal(text, "hello", 5);
    assert_int_equal(tls_channel_send(scene.to, span_of_text("you")), 3);
    assert_int_equal(tls_channel_receive(scene.from, text, sizeof text), 3);
    tls_channel_close(scene.from);
    scene.from = NULL;
    assert_int_equal(tls_channel_receive(scene.to, text, sizeof text), WIRE_ERR_SESSION);
    scene_close(&scene);
}

static void who_does_not_hold_it_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint8_t first_byte;
    } strangers[] = { { "north", 99 }, { "south", 1 }, { "northnorthnorthnorthnorthnorthnorthnorthnorthnorthnorthnorth", 1 } };

    for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++) {
        struct scene scene;
        int from, to;
        scene_open(&scene, strangers[i].name, strangers[i].first_byte);
        shake(&scene, &from, &to);
        assert_int_equal(from, WIRE_ERR_CRYPTOGRAPHY);
        assert_int_equal(to, WIRE_ERR_CRYPTOGRAPHY);
        scene_close(&scene);
    }
}

static void bytes_that_are_no_handshake_end_it(void **state)
{
    (void)state;
    struct tls_party_config config = { .key_find = north_only };
    struct tls_party *party;
    struct tls_channel *channel;
    int sockets[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, sockets), 0);
    assert_int_equal(tls_party_open(&config, &party), 0);
    assert_int_equal(tls_channel_open(party, sockets[1], &channel), 0);
    assert_int_equal(tls_channel_shake(channel), 0);
    assert_int_equal(write(sockets[0], "GET / HTTP/1.1\r\n\r\n", 18), 18);
    assert_int_equal(tls_channel_shake(channel), WIRE_ERR_CRYPTOGRAPHY);
    tls_channel_close(channel);
    tls_party_close(party);
    close(sockets[0]);
}

/* Nobody reads: what is not taken waits with its owner, and goes on where it stopped. */
static void a_full_socket_takes_no_more(void **state)
{
    (void)state;
    static uint8_t sent[4096], got[4096];
    struct scene scene;
    size_t taken = 0, read_bytes = 0;
    int from, to, result;

    scene_open(&scene, "north", 1);
    shake(&scene, &from, &to);
    memset(sent, 0x5a, sizeof sent);
    while ((result = tls_channel_send(scene.from, span_of_bytes(sent, sizeof sent))) > 0)
        taken += (size_t)result;
    assert_int_equal(result, 0);
    assert_true(tls_channel_wants_write(scene.from));
    while ((result = tls_channel_receive(scene.to, got, sizeof got)) > 0) {
        read_bytes += (size_t)result;
        assert_true(span_is_filled(span_of_bytes(got, (size_t)result), 0x5a));
    }
    /* Of the piece that did not go through whole, a part is on its way. */
    assert_int_equal(result, 0);
    assert_true(read_bytes <= taken + sizeof sent);
    assert_true(tls_channel_send(scene.from, span_of_bytes(sent, sizeof sent)) > 0);
    assert_false(tls_channel_wants_write(scene.from));
    scene_close(&scene);
}

static void a_name_has_a_bound(void **state)
{
    (void)state;
    char name[TLS_CHANNEL_IDENTITY_LIMIT + 1] = "";
    struct tls_party_config config = { .identity = name };
    struct tls_party *party = NULL;

    assert_int_equal(tls_party_open(&config, &party), WIRE_ERR_TOO_LONG);
    memset(name, 'n', TLS_CHANNEL_IDENTITY_LIMIT);
    assert_int_equal(tls_party_open(&config, &party), WIRE_ERR_TOO_LONG);
    assert_null(party);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_ends_hold_the_key),
        cmocka_unit_test(who_does_not_hold_it_is_refused),
        cmocka_unit_test(bytes_that_are_no_handshake_end_it),
        cmocka_unit_test(a_full_socket_takes_no_more),
        cmocka_unit_test(a_name_has_a_bound),
    };
    struct sigaction ignore = { .sa_handler = SIG_IGN };
    sigaction(SIGPIPE, &ignore, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
