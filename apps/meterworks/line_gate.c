#include "apps/meterworks/line_gate.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "apps/meterworks/core.h"
#include "apps/meterworks/file_limit.h"
#include "apps/meterworks/line_gate_internal.h"
#include "wire/wire_error.h"

#define LINE_LIMIT_DEFAULT 65536
#define CONNECTION_LIMIT_DEFAULT 20480
#define ORDER_LIMIT_DEFAULT 8192
#define UPLINK_CAPACITY_DEFAULT 8192
#define ORDER_CAPACITY_DEFAULT 4096
#define MESSAGES_PER_TURN 1024
#define EVENTS_PER_TURN 64
#define WAIT_LIMIT_MS 1000

static const struct counter_description rows[LINE_GATE_COUNTER_COUNT] = {
    [LINE_GATE_CONNECTED] = { "line_gate_connected", "times that a line of the archive was connected" },
    [LINE_GATE_REPLACED] = { "line_gate_replaced", "connections closed because the same address dialled in again" },
    [LINE_GATE_SILENT] = { "line_gate_silent", "connections closed because three heartbeats were missing" },
    [LINE_GATE_LOST] = { "line_gate_lost", "connections of lines that the peer or the network ended" },
    [LINE_GATE_STRANGERS] = { "line_gate_strangers", "concentrators sent away because the archive has them not" },
    [LINE_GATE_NAMELESS] = { "line_gate_nameless", "connections that never said who they are" },
    [LINE_GATE_ORDERS] = { "line_gate_orders", "orders taken for lines" },
    [LINE_GATE_ORDERS_OFFLINE] = { "line_gate_orders_offline",
                                   "orders answered at once, the line not being connected" },
    [LINE_GATE_CORE_FULL] = { "line_gate_core_full", "messages that the core had no room for" },
};

const char *line_gate_error_text(int error)
{
#define LINE_GATE_ERROR_CASE(name, value, text) \
    case name: \
        return text;
    switch (error) {
        LINE_GATE_ERRORS(LINE_GATE_ERROR_CASE)
    default:
        return "unknown error";
    }
#undef LINE_GATE_ERROR_CASE
}

static void clocks_read(struct line_gate *gate)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    gate->monotonic_ms = (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
    int64_t before_ms = gate->now_ms;
    gate->now_ms = gate->ports.clock_read(gate->ports.context);
    if (gate->now_ms < before_ms)
        line_gate_lines_set_back(gate);
}

static uint32_t either(uint32_t value, uint32_t otherwise)
{
    return value != 0 ? value : otherwise;
}

static void config_complete(struct line_gate_config *config)
{
    config->line_limit = either(config->line_limit, LINE_LIMIT_DEFAULT);
    config->connection_limit = file_limit_raise(either(config->connection_limit, CONNECTION_LIMIT_DEFAULT));
    config->order_limit = either(config->order_limit, ORDER_LIMIT_DEFAULT);
    config->uplink_capacity = either(config->uplink_capacity, UPLINK_CAPACITY_DEFAULT);
    config->order_capacity = either(config->order_capacity, ORDER_CAPACITY_DEFAULT);
}

static int links_make(struct line_gate *gate)
{
    struct tcp_engine_ports ports = { gate, line_gate_link_opened, line_gate_link_received, line_gate_link_closed };
    struct tcp_engine_config tcp = { .address = gate->config.address,
                                     .connection_limit = gate->config.connection_limit };

    gate->links = calloc(gate->config.connection_limit, sizeof *gate->links);
    if (gate->links == NULL)
        return LINE_GATE_ERR_MEMORY;
    int error = tcp_engine_open(&tcp, &ports, &gate->tcp);
    if (error == WIRE_ERR_MEMORY)
        return LINE_GATE_ERR_MEMORY;
    return error == 0 ? 0 : LINE_GATE_ERR_SOCKET;
}

static int rings_make(struct line_gate *gate)
{
    if (ring_make(gate->config.uplink_capacity, sizeof(struct uplink), &gate->uplinks) != 0 ||
        ring_make(gate->config.order_capacity, sizeof(struct line_message), &gate->messages) != 0 ||
        ring_make((size_t)gate->config.uplink_capacity + CORE_BATCH_LIMIT, sizeof(struct uplink_acknowledgement),
                  &gate->acknowledgements) != 0)
        return LINE_GATE_ERR_MEMORY;
    if (notifier_open(&gate->to_core) != 0 || notifier_open(&gate->to_gate) != 0)
        return LINE_GATE_ERR_SYSTEM;
    return 0;
}

static int watches_make(struct line_gate *gate)
{
    struct epoll_event event = { .events = EPOLLIN, .data.u64 = 0 };

    gate->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (gate->epoll < 0 || epoll_ctl(gate->epoll, EPOLL_CTL_ADD, gate->to_gate.descriptor, &event) != 0 ||
        epoll_ctl(gate->epoll, EPOLL_CTL_ADD, tcp_engine_descriptor(gate->tcp), &event) != 0)
        return LINE_GATE_ERR_SYSTEM;
    return 0;
}

static void gate_empty(struct line_gate *gate, const struct line_gate_config *config,
                       const struct line_gate_ports *ports)
{
    gate->config = *config;
    gate->ports = *ports;
    gate->epoll = -1;
    gate->to_core.descriptor = -1;
    gate->to_gate.descriptor = -1;
    gate->waiting_first = LINE_NONE;
    gate->waiting_last = LINE_NONE;
    gate->counters = (struct counter_table){ rows, gate->values, LINE_GATE_COUNTER_COUNT };
    gate->dialog_counters =
        (struct counter_table){ line_dialog_counters(), gate->dialog_values, LINE_DIALOG_COUNTER_COUNT };
    line_strangers_open(&gate->strangers);
    line_found_open(&gate->found);
    atomic_store(&gate->speed, either(config->speed, 1));
}

int line_gate_open(const struct line_gate_config *config, const struct line_gate_ports *ports, struct line_gate **out)
{
    struct line_gate *gate = calloc(1, sizeof *gate);
    if (!gate)
        return LINE_GATE_ERR_MEMORY;
    gate_empty(gate, config, ports);
    config_complete(&gate->config);
    int error = links_make(gate);
    if (!error)
        error = line_gate_lines_make(gate);
    if (!error)
        error = rings_make(gate);
    if (!error)
        error = watches_make(gate);
    if (error) {
        line_gate_close(gate);
        return error;
    }
    clocks_read(gate);
    *out = gate;
    return 0;
}

static void message_take(struct line_gate *gate, const struct line_message *message)
{
    switch ((enum line_message_kind)message->kind) {
    case LINE_MESSAGE_ORDER:
        line_gate_order_take(gate, &message->body.order);
        break;
    case LINE_MESSAGE_CANCEL:
        line_gate_cancel_take(gate, &message->body.cancel);
        break;
    case LINE_MESSAGE_PUT:
        line_gate_line_put(gate, &message->body.record);
        break;
    }
}

/* returns true when the rings may hold more that can be taken now */
static bool messages_take(struct line_gate *gate)
{
    struct uplink_acknowledgement acknowledgement;
    struct line_message message;
    while (ring_take(gate->acknowledgements, &acknowledgement) == 0)
        line_gate_acknowledgement_take(gate, &acknowledgement);
    for (int i = 0; i < MESSAGES_PER_TURN; i++) {
        if (!line_gate_has_room(gate) || ring_take(gate->messages, &message) != 0)
            return false;
        message_take(gate, &message);
        cipher_wipe(&message, sizeof message);
    }
    return true;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* How long nothing will be due, in ms of the world. */
static int wait_of(struct line_gate *gate, int64_t machine_due_ms, int64_t line_due_ms)
{
    int64_t wait_ms = earlier(WAIT_LIMIT_MS, machine_due_ms - gate->monotonic_ms);
    unsigned speed = atomic_load_explicit(&gate->speed, memory_order_relaxed);
    if (line_due_ms != INT64_MAX && speed > 0)
        wait_ms = earlier(wait_ms, (line_due_ms - gate->now_ms) / speed);
    /* At high speed the platform's milliseconds are shorter than the world's: look once per millisecond. */
    return wait_ms < 1 ? 1 : (int)wait_ms;
}

/* What goes by the machine's clock. returns when it is due again */
static int64_t machine_work(struct line_gate *gate)
{
    int64_t due_ms = tcp_engine_work(gate->tcp, gate->monotonic_ms);
    due_ms = earlier(due_ms, line_gate_serial_work(gate));
    return earlier(due_ms, line_gate_links_work(gate));
}

static void *gate_run(void *context)
{
    struct line_gate *gate = context;
    struct epoll_event events[EVENTS_PER_TURN];
    int wait_ms = 0;
    while (!atomic_load_explicit(&gate->stopping, memory_order_acquire)) {
        int count = epoll_wait(gate->epoll, events, EVENTS_PER_TURN, wait_ms);
        clocks_read(gate);
        notifier_drain(&gate->to_gate);
        bool more = messages_take(gate);
        for (int i = 0; i < count; i++)
            line_gate_serial_receive(gate, events[i].data.u64);
        int64_t machine_due_ms = machine_work(gate);
        int64_t line_due_ms = line_gate_lines_work(gate);
        wait_ms = more ? 0 : wait_of(gate, machine_due_ms, line_due_ms);
        if (gate->offered)
            notifier_signal(&gate->to_core);
        gate->offered = false;
    }
    return NULL;
}

int line_gate_start(struct line_gate *gate)
{
    atomic_store(&gate->running, true);
    if (pthread_create(&gate->thread, NULL, gate_run, gate) == 0)
        return 0;
    atomic_store(&gate->running, false);
    return LINE_GATE_ERR_SYSTEM;
}

void line_gate_stop(struct line_gate *gate)
{
    if (!atomic_load(&gate->running))
        return;
    atomic_store_explicit(&gate->stopping, true, memory_order_release);
    notifier_signal(&gate->to_gate);
    pthread_join(gate->thread, NULL);
    atomic_store(&gate->running, false);
}

void line_gate_close(struct line_gate *gate)
{
    if (!gate)
        return;
    line_gate_stop(gate);
    tcp_engine_close(gate->tcp);
    line_gate_links_close(gate);
    line_gate_lines_close(gate);
    line_strangers_close(&gate->strangers);
    line_found_close(&gate->found);
    ring_release(gate->uplinks);
    ring_release(gate->messages);
    ring_release(gate->acknowledgements);
    notifier_close(&gate->to_core);
    notifier_close(&gate->to_gate);
    if (gate->epoll >= 0)
        close(gate->epoll);
    free(gate);
}

uint16_t line_gate_port(const struct line_gate *gate)
{
    return tcp_engine_port(gate->tcp);
}

int line_gate_uplink_descriptor(const struct line_gate *gate)
{
    return gate->to_core.descriptor;
}

void line_gate_uplink_drain(struct line_gate *gate)
{
    notifier_drain(&gate->to_core);
}

int line_gate_uplink_take(struct line_gate *gate, struct uplink *out)
{
    return ring_take(gate->uplinks, out) == 0 ? 0 : LINE_GATE_ERR_EMPTY;
}

static int message_put(struct line_gate *gate, const struct line_message *message)
{
    return ring_put(gate->messages, message) == 0 ? 0 : LINE_GATE_ERR_FULL;
}

int line_gate_acknowledge(struct line_gate *gate, const struct uplink_acknowledgement *acknowledgement)
{
    return ring_put(gate->acknowledgements, acknowledgement) == 0 ? 0 : LINE_GATE_ERR_FULL;
}

int line_gate_order(struct line_gate *gate, const struct line_order *order)
{
    struct line_message message = { .kind = LINE_MESSAGE_ORDER, .body.order = *order };
    int result = message_put(gate, &message);
    cipher_wipe(&message, sizeof message); /* of a meter's key */
    return result;
}

int line_gate_cancel(struct line_gate *gate, uint32_t line_id, uint64_t order_id)
{
    struct line_message message = { .kind = LINE_MESSAGE_CANCEL, .body.cancel = { order_id, line_id } };
    return message_put(gate, &message);
}

int line_gate_put(struct line_gate *gate, const struct line_record *record)
{
    struct line_message message = { .kind = LINE_MESSAGE_PUT, .body.record = *record };
    if (atomic_load(&gate->running))
        return message_put(gate, &message);
    line_gate_line_put(gate, record);
    return 0;
}

void line_gate_wake(struct line_gate *gate)
{
    notifier_signal(&gate->to_gate);
}

void line_gate_speed_set(struct line_gate *gate, uint32_t speed)
{
    atomic_store_explicit(&gate->speed, speed, memory_order_relaxed);
    line_gate_wake(gate);
}

size_t line_gate_strangers(struct line_gate *gate, struct line_stranger *out, size_t limit)
{
    return line_strangers_read(&gate->strangers, out, limit);
}

bool line_gate_found(struct line_gate *gate, uint32_t line_id, struct line_found_search *out)
{
    return line_found_read(&gate->found, line_id, out);
}

uint32_t line_gate_connected_count(struct line_gate *gate)
{
    return atomic_load_explicit(&gate->connected, memory_order_relaxed);
}

size_t line_gate_connection_bytes(const struct line_gate *gate)
{
    const struct line_dialog_kind *kind = gate->config.concentrator_kind;
    return tcp_engine_connection_bytes() + sizeof(struct gate_link) + (kind != NULL ? kind->size : 0);
}

size_t line_gate_counters(struct line_gate *gate, struct counter_table *tables[LINE_GATE_COUNTER_TABLE_LIMIT])
{
    size_t count = 0;
    tables[count++] = tcp_engine_counters(gate->tcp);
    tables[count++] = &gate->counters;
    tables[count++] = &gate->dialog_counters;
    return count;
}
