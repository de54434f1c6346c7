#include "bench/concentrator_load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "codec/q376/q376_frame.h"

#define LOGIN 1     /* Fn of AFN 02 */
#define HEARTBEAT 4 /* F3 as its bit */
#define REDIAL_MS 1000
#define LOGIN_AGAIN_MS 10000 /* a login that nobody confirms is said again */
#define LOOK_MS 20
#define EVENTS 1024
#define SOURCES 2000 /* connections of one source address: the kernel looks long for a port among many that are taken */

struct concentrator {
    int descriptor; /* -1: not connected */
    bool is_connected;
    bool is_confirmed;
    int64_t due_ms; /* to dial, to log in again or to send a heartbeat */
};

struct process {
    struct concentrator_load *load;
    uint16_t port;
    uint32_t first;
    uint32_t count;
    int epoll;
    int64_t now_ms;
    struct concentrator *concentrators;
};

struct concentrator_load *concentrator_load_share(void)
{
    void *memory =
        mmap(NULL, sizeof(struct concentrator_load), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return memory != MAP_FAILED ? memory : NULL;
}

static int64_t monotonic_ms(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void dial(struct process *process, uint32_t index)
{
    struct concentrator *concentrator = &process->concentrators[index];
    uint32_t source = INADDR_LOOPBACK + 1 + (process->first + index) / SOURCES;
    struct sockaddr_in from = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(source) };
    struct sockaddr_in to = { .sin_family = AF_INET,
                              .sin_port = htons(process->port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct epoll_event event = { .events = EPOLLOUT, .data.u32 = index };
    int one = 1;

    concentrator->due_ms = process->now_ms + REDIAL_MS;
    concentrator->descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (concentrator->descriptor < 0)
        return;
    setsockopt(concentrator->descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    if (bind(concentrator->descriptor, (struct sockaddr *)&from, sizeof from) == 0 &&
        (connect(concentrator->descriptor, (struct sockaddr *)&to, sizeof to) == 0 || errno == EINPROGRESS) &&
        epoll_ctl(process->epoll, EPOLL_CTL_ADD, concentrator->descriptor, &event) == 0)
        return;
    close(concentrator->descriptor);
    concentrator->descriptor = -1;
}

static void hang_up(struct process *process, struct concentrator *concentrator)
{
    if (concentrator->is_confirmed)
        atomic_fetch_sub(&process->load->confirmed, 1);
    close(concentrator->descriptor);
    *concentrator = (struct concentrator){ .descriptor = -1, .due_ms = process->now_ms + REDIAL_MS };
}

static bool frame_send(struct process *process, uint32_t index, uint8_t function)
{
    const uint8_t units[4] = { 0, 0, function, 0 };
    struct q376_frame frame = { .protocol = Q376_PROTOCOL_376,
                                .control = Q376_CONTROL_UPLINK | Q376_CONTROL_PRIMARY | 9,
                                .afn = Q376_AFN_LINK,
                                .sequence = Q376_SEQUENCE_FIRST | Q376_SEQUENCE_FINAL | Q376_SEQUENCE_CONFIRM,
                                .units = { units, sizeof units } };
    uint8_t bytes[64];
    char address[16];
    struct writer writer = writer_of_buffer(bytes, sizeof bytes);

    snprintf(address, sizeof address, CONCENTRATOR_LOAD_REGION "%05u", (unsigned)(process->first + index));
    if (q376_address_read(span_of_text(address), Q376_ADDRESS_DECIMAL, &frame.address) != 0 ||
        q376_frame_encode(&frame, &writer) != 0)
        abort();
    return send(process->concentrators[index].descriptor, bytes, writer.size, MSG_NOSIGNAL) == (ssize_t)writer.size;
}

static void answer_take(struct process *process, struct concentrator *concentrator, uint32_t index)
{
    uint8_t bytes[512];
    uint32_t pause_ms = atomic_load(&process->load->heartbeat_ms);

    if (recv(concentrator->descriptor, bytes, sizeof bytes, 0) <= 0) {
        hang_up(process, concentrator);
        return;
    }
    if (concentrator->is_confirmed) {
        atomic_fetch_add(&process->load->heartbeats, 1);
        return;
    }
    concentrator->is_confirmed = true;
    concentrator->due_ms = process->now_ms + (pause_ms > 0 ? (int64_t)index * pause_ms / process->count : 0);
    atomic_fetch_add(&process->load->confirmed, 1);
}

static void event_take(struct process *process, const struct epoll_event *event)
{
    uint32_t index = event->data.u32;
    struct concentrator *concentrator = &process->concentrators[index];
    struct epoll_event listen = { .events = EPOLLIN, .data.u32 = index };

    if ((event->events & EPOLLIN) != 0) {
        answer_take(process, concentrator, index);
        return;
    }
    concentrator->due_ms = process->now_ms + LOGIN_AGAIN_MS;
    if ((event->events & (EPOLLERR | EPOLLHUP)) != 0 || !frame_send(process, index, LOGIN) ||
        epoll_ctl(process->epoll, EPOLL_CTL_MOD, concentrator->descriptor, &listen) != 0)
        hang_up(process, concentrator);
    else
        concentrator->is_connected = true;
}

static void due_do(struct process *process, uint32_t index)
{
    struct concentrator *concentrator = &process->concentrators[index];
    uint32_t pause_ms = atomic_load(&process->load->heartbeat_ms);
    bool is_sent = true;

    if (concentrator->descriptor < 0) {
        dial(process, index);
    } else if (concentrator->is_confirmed && pause_ms > 0) {
        concentrator->due_ms = process->now_ms + pause_ms;
        is_sent = frame_send(process, index, HEARTBEAT);
    } else if (concentrator->is_connected) {
        concentrator->due_ms = process->now_ms + LOGIN_AGAIN_MS;
        is_sent = frame_send(process, index, LOGIN);
    }
    if (!is_sent)
        hang_up(process, concentrator);
}

static void process_run(struct process *process)
{
    struct epoll_event events[EVENTS];
    int64_t look_ms = 0;

    while (true) {
        int count = epoll_wait(process->epoll, events, EVENTS, LOOK_MS);
        process->now_ms = monotonic_ms();
        for (int i = 0; i < count; i++)
            event_take(process, &events[i]);
        if (process->now_ms >= look_ms) {
            for (uint32_t i = 0; i < process->count; i++)
                if (process->concentrators[i].due_ms <= process->now_ms)
                    due_do(process, i);
            look_ms = process->now_ms + LOOK_MS;
        }
    }
}

pid_t concentrator_load_start(struct concentrator_load *load, uint16_t port, uint32_t first, uint32_t count)
{
    struct process process = { .load = load, .port = port, .first = first, .count = count };
    pid_t child = fork();

    if (child != 0)
        return child;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close_range(STDERR_FILENO + 1, ~0U, 0); /* the gate's sockets are not ours */
    process.epoll = epoll_create1(EPOLL_CLOEXEC);
    process.concentrators = calloc(count, sizeof *process.concentrators);
    if (process.epoll < 0 || process.concentrators == NULL)
        _exit(1);
    for (uint32_t i = 0; i < count; i++)
        process.concentrators[i].descriptor = -1;
    process_run(&process);
    _exit(0);
}
