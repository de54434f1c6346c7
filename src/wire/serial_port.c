#include "wire/serial_port.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <termios.h>
#include <unistd.h>

#include "base/text.h"
#include "wire/wire_error.h"

#define BAUD_DEFAULT 2400
#define PSEUDO_TERMINAL_FIRST 136 /* major numbers of /dev/pts (Linux, admin-guide/devices.txt) */
#define PSEUDO_TERMINAL_LAST 143

struct serial_port {
    char path[SERIAL_PATH_LIMIT];
    speed_t speed;
    uint8_t parity;
    uint8_t stop_bits;
    int descriptor;
    int64_t retry_ms;
    size_t waiting;
    uint8_t queue[SERIAL_SEND_LIMIT];
};

static const struct {
    uint32_t baud;
    speed_t speed;
} speeds[] = {
    { 300, B300 },   { 600, B600 },     { 1200, B1200 },   { 2400, B2400 },   { 4800, B4800 },
    { 9600, B9600 }, { 19200, B19200 }, { 38400, B38400 }, { 57600, B57600 }, { 115200, B115200 },
};

static bool speed_find(uint32_t baud, speed_t *out)
{
    for (size_t i = 0; i < sizeof speeds / sizeof speeds[0]; i++)
        if (speeds[i].baud == baud) {
            *out = speeds[i].speed;
            return true;
        }
    return false;
}

int serial_port_open(const struct serial_port_config *config, struct serial_port **out)
{
    uint32_t baud = config->baud != 0 ? config->baud : BAUD_DEFAULT;
    struct serial_port *port = calloc(1, sizeof *port);

    if (port == NULL)
        return WIRE_ERR_MEMORY;
    port->descriptor = -1;
    port->retry_ms = INT64_MIN;
    port->parity = config->parity != 0 ? config->parity : 'E';
    port->stop_bits = config->stop_bits != 0 ? config->stop_bits : 1;
    if (!speed_find(baud, &port->speed) || config->path[0] != '/' ||
        text_copy(span_of_text(config->path), port->path, sizeof port->path) < 0) {
        free(port);
        return WIRE_ERR_ADDRESS;
    }
    *out = port;
    return 0;
}

static void descriptor_close(struct serial_port *port)
{
    if (port->descriptor >= 0)
        close(port->descriptor);
    port->descriptor = -1;
    port->waiting = 0;
}

void serial_port_close(struct serial_port *port)
{
    if (port == NULL)
        return;
    descriptor_close(port);
    free(port);
}

/* No wire, no parity: the C library takes it as an error that a pseudo terminal does not set it. */
static bool is_pseudo_terminal(int descriptor)
{
    struct stat status;

    return fstat(descriptor, &status) == 0 && major(status.st_rdev) >= PSEUDO_TERMINAL_FIRST &&
           major(status.st_rdev) <= PSEUDO_TERMINAL_LAST;
}

/* Eight data bits, nothing translated, no flow control, no modem lines. */
static bool mode_set(const struct serial_port *port)
{
    struct termios mode;

    if (tcgetattr(port->descriptor, &mode) != 0)
        return false;
    cfmakeraw(&mode);
    mode.c_cflag &= ~(tcflag_t)(PARENB | PARODD | CSTOPB | CRTSCTS);
    mode.c_cflag |= CLOCAL | CREAD;
    if (port->parity != 'N' && !is_pseudo_terminal(port->descriptor))
        mode.c_cflag |= PARENB;
    if (port->parity == 'O')
        mode.c_cflag |= PARODD;
    if (port->stop_bits == 2)
        mode.c_cflag |= CSTOPB;
    mode.c_cc[VMIN] = 1; /* so that nothing there is EAGAIN, and 0 bytes the end */
    mode.c_cc[VTIME] = 0;
    return cfsetspeed(&mode, port->speed) == 0 && tcsetattr(port->descriptor, TCSANOW, &mode) == 0 &&
           tcflush(port->descriptor, TCIOFLUSH) == 0;
}

void serial_port_give_up(struct serial_port *port, int64_t now_ms)
{
    descriptor_close(port);
    port->retry_ms = now_ms + SERIAL_RETRY_MS;
}

static void queue_flush(struct serial_port *port, int64_t now_ms)
{
    ssize_t sent = write(port->descriptor, port->queue, port->waiting);

    if (sent < 0 && errno != EAGAIN && errno != EINTR) {
        serial_port_give_up(port, now_ms);
    } else if (sent > 0) {
        port->waiting -= (size_t)sent;
        memmove(port->queue, port->queue + sent, port->waiting);
    }
}

bool serial_port_work(struct serial_port *port, int64_t now_ms)
{
    if (port->descriptor < 0 && now_ms >= port->retry_ms) {
        port->descriptor = open(port->path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
        if (port->descriptor < 0 || !mode_set(port))
            serial_port_give_up(port, now_ms);
    }
    if (port->descriptor >= 0 && port->waiting > 0)
        queue_flush(port, now_ms);
    return port->descriptor >= 0;
}

int serial_port_descriptor(const struct serial_port *port)
{
    return port->descriptor;
}

bool serial_port_is_blocked(const struct serial_port *port)
{
    return port->waiting > 0;
}

int64_t serial_port_due_ms(const struct serial_port *port)
{
    return port->descriptor < 0 ? port->retry_ms : INT64_MAX;
}

/* A terminal that nobody holds at the other end answers EIO, one that was pulled out ENXIO or the end of the file. */
int serial_port_receive(struct serial_port *port, uint8_t bytes[SERIAL_RECEIVE_LIMIT], int64_t now_ms)
{
    ssize_t size;

    if (port->descriptor < 0)
        return WIRE_ERR_SYSTEM;
    size = read(port->descriptor, bytes, SERIAL_RECEIVE_LIMIT);
    if (size > 0)
        return (int)size;
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return 0;
    serial_port_give_up(port, now_ms);
    return WIRE_ERR_SYSTEM;
}

int serial_port_send(struct serial_port *port, struct span bytes)
{
    ssize_t sent = 0;

    if (port->descriptor < 0)
        return WIRE_ERR_SESSION;
    if (bytes.size > sizeof port->queue - port->waiting)
        return WIRE_ERR_FULL;
    if (port->waiting == 0)
        sent = write(port->descriptor, bytes.bytes, bytes.size);
    if (sent < 0)
        sent = 0; /* a port that is gone shows when it is read */
    memcpy(port->queue + port->waiting, bytes.bytes + sent, bytes.size - (size_t)sent);
    port->waiting += bytes.size - (size_t)sent;
    return 0;
}
