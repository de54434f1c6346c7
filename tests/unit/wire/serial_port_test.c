/* A serial port against the other end of a pseudo-terminal. */
#include "tests/unit/unit_test.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "wire/serial_port.h"
#include "wire/wire_error.h"

#define WAIT_MS 10000 /* bounds a broken build; a good one answers at once */

struct pair {
    int other_end;
    char path[SERIAL_PATH_LIMIT];
};

static void pair_open(struct pair *pair)
{
    pair->other_end = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(pair->other_end >= 0);
    assert_int_equal(grantpt(pair->other_end), 0);
    assert_int_equal(unlockpt(pair->other_end), 0);
    assert_int_equal(ptsname_r(pair->other_end, pair->path, sizeof pair->path), 0);
}

static struct serial_port *port_of(const struct serial_port_config *config)
{
    struct serial_port *port = NULL;
    assert_int_equal(serial_port_open(config, &port), 0);
    return port;
}

static void readable_wait(int descriptor)
{
    struct pollfd wait = { descriptor, POLLIN, 0 };
    assert_int_equal(poll(&wait, 1, WAIT_MS), 1);
}

static void bytes_go_through_unchanged_both_ways(void **state)
{
    static const uint8_t bytes[] = { 0x68, 0x0d, 0x0a, 0x00, 0xff, 0x11, 0x13, 0x03, 0x1a, 0x16 };
    uint8_t received[SERIAL_RECEIVE_LIMIT];
    struct pair pair;
    (void)state;
    pair_open(&pair);
    struct serial_port *port = port_of(&(struct serial_port_config){ .path = pair.path, .baud = 9600, .parity = 'N' });
    assert_int_equal(serial_port_send(port, span_of_bytes(bytes, sizeof bytes)), WIRE_ERR_SESSION);
    assert_true(serial_port_work(port, 0));
    assert_int_equal(serial_port_due_ms(port), INT64_MAX);
    assert_int_equal(serial_port_receive(port, received, 0), 0);
    assert_int_equal(serial_port_send(port, span_of_bytes(bytes, sizeof bytes)), 0);
    readable_wait(pair.other_end);
    assert_int_equal(read(pair.other_end, received, sizeof received), sizeof bytes);
    assert_memory_equal(received, bytes, sizeof bytes);
    assert_int_equal(write(pair.other_end, bytes, sizeof bytes), sizeof bytes);
    readable_wait(serial_port_descriptor(port));
    assert_int_equal(serial_port_receive(port, received, 0), sizeof bytes);
    assert_memory_equal(received, bytes, sizeof bytes);
    serial_port_close(port);
    close(pair.other_end);
}

static void the_line_is_set_as_asked(void **state)
{
    struct termios mode;
    struct pair pair;
    (void)state;
    pair_open(&pair);
    struct serial_port *port =
        port_of(&(struct serial_port_config){ .path = pair.path, .baud = 1200, .parity = 'O', .stop_bits = 2 });
    assert_true(serial_port_work(port, 0));
    assert_int_equal(tcgetattr(serial_port_descriptor(port), &mode), 0);
    assert_int_equal(cfgetospeed(&mode), B1200);
    assert_int_equal(mode.c_cflag & CSTOPB, CSTOPB);
    assert_int_equal(mode.c_cflag & PARODD, PARODD);
    serial_port_close(port);
    close(pair.other_end);
}

static void an_unplugged_port_is_tried_again(void **state)
{
    uint8_t received[SERIAL_RECEIVE_LIMIT];
    char link[] = "/tmp/serial-port-test-XXXXXX";
    struct pair pair;
    (void)state;
    assert_non_null(mkdtemp(link));
    char path[SERIAL_PATH_LIMIT];
    assert_true(snprintf(path, sizeof path, "%s/tty", link) > 0);
    struct serial_port *port = port_of(&(struct serial_port_config){ .path = path });
    assert_false(serial_port_work(port, 0));
    assert_int_equal(serial_port_due_ms(port), SERIAL_RETRY_MS);
    pair_open(&pair);
    assert_int_equal(symlink(pair.path, path), 0);
    assert_false(serial_port_work(port, SERIAL_RETRY_MS - 1));
    assert_true(serial_port_work(port, SERIAL_RETRY_MS));
    close(pair.other_end);
    assert_int_equal(serial_port_receive(port, received, SERIAL_RETRY_MS), WIRE_ERR_SYSTEM);
    assert_int_equal(serial_port_descriptor(port), -1);
    assert_int_equal(serial_port_due_ms(port), 2 * SERIAL_RETRY_MS);
    assert_int_equal(unlink(path), 0);
    pair_open(&pair);
    assert_int_equal(symlink(pair.path, path), 0);
    assert_true(serial_port_work(port, 2 * SERIAL_RETRY_MS));
    serial_port_close(port);
    close(pair.other_end);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(link), 0);
}

static void what_nobody_takes_is_bounded(void **state)
{
    uint8_t bytes[SERIAL_SEND_LIMIT];
    struct pair pair;
    int result = 0;
    (void)state;
    memset(bytes, 0x55, sizeof bytes);
    pair_open(&pair);
    struct serial_port *port = port_of(&(struct serial_port_config){ .path = pair.path });
    assert_true(serial_port_work(port, 0));
    for (int i = 0; i < 1000 && result == 0; i++)
        result = serial_port_send(port, span_of_bytes(bytes, sizeof bytes));
    assert_int_equal(result, WIRE_ERR_FULL);
    assert_true(serial_port_is_blocked(port));
    while (serial_port_is_blocked(port)) {
        readable_wait(pair.other_end);
        assert_true(read(pair.other_end, bytes, sizeof bytes) > 0);
        assert_true(serial_port_work(port, 0));
    }
    serial_port_close(port);
    close(pair.other_end);
}

static void what_can_be_no_port_is_refused(void **state)
{
    struct serial_port *port = NULL;
    (void)state;
    assert_int_equal(serial_port_open(&(struct serial_port_config){ .path = "tty" }, &port), WIRE_ERR_ADDRESS);
    assert_int_equal(serial_port_open(&(struct serial_port_config){ .path = "/dev/null", .baud = 2401 }, &port),
                     WIRE_ERR_ADDRESS);
    assert_null(port);
    port = port_of(&(struct serial_port_config){ .path = "/dev/null" }); /* no terminal */
    assert_false(serial_port_work(port, 0));
    serial_port_close(port);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_go_through_unchanged_both_ways), cmocka_unit_test(the_line_is_set_as_asked),
        cmocka_unit_test(an_unplugged_port_is_tried_again),     cmocka_unit_test(what_nobody_takes_is_bounded),
        cmocka_unit_test(what_can_be_no_port_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
