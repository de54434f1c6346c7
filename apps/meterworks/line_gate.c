#include "apps/meterworks/line_gate.h"

#include <stdlib.h>

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
        return GATE_ERR_MEMORY;
    int error = tcp_engine_open(&tcp, &ports, &gate->tcp);
    if (error == WIRE_ERR_MEMORY)
        return GATE_ERR_MEMORY;
    return error == 0 ? 0 : GATE_ERR_LINE_SOCKET;
}

static int acknowledgements_make(struct line_gate *gate)
{
    size_t capacity = (size_t)gate->config.uplink_capacity + CORE_BATCH_LIMIT;
    return ring_make(capacity, sizeof(struct uplink_acknowledgement), &gate->acknowledgements) == 0 ? 0
                                                                                                    : GATE_ERR_MEMORY;
}

static void gate_empty(struct line_gate *gate, const struct line_gate_config *config,
                       const struct line_gate_ports *ports)
{
    gate->config = *config;
    gate->ports = *ports;
    gate->waiting_first = LINE_NONE;
    gate->waiting_last = LINE_NONE;
    gate->counters = (struct counter_table){ rows, gate->values, LINE_GATE_COUNTER_COUNT };
    gate->dialog_counters =
        (struct counter_table){ line_dialog_counters(), gate->dialog_values, LINE_DIALOG_COUNTER_COUNT };
    line_strangers_open(&gate->strangers);
    line_found_open(&gate->found);
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
    int count = 0;
    while (ring_take(gate->acknowledgements, &acknowledgement) == 0)
        line_gate_acknowledgement_take(gate, &acknowledgement);
    while (count < MESSAGES_PER_TURN && line_gate_has_room(gate) &&
           gate_thread_message_take(&gate->thread, &message)) {
        message_take(gate, &message);
        cipher_wipe(&message, sizeof message);
        count++;
    }
    return count == MESSAGES_PER_TURN;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* What goes by the machine's clock. returns when it is due again */
static int64_t machine_work(struct line_gate *gate)
{
    int64_t due_ms = tcp_engine_work(gate->tcp, gate->thread.monotonic_ms);
    due_ms = earlier(due_ms, line_gate_serial_work(gate));
    return earlier(due_ms, line_gate_links_work(gate));
}

static int gate_turn(void *context, const struct epoll_event *events, int count)
{
    struct line_gate *gate = context;
    if (gate->thread.is_set_back)
        line_gate_lines_set_back(gate);
    bool more = messages_take(gate);
    for (int i = 0; i < count; i++)
        line_gate_serial_receive(gate, events[i].data.u64);
    int64_t machine_due_ms = machine_work(gate);
    int64_t line_due_ms = line_gate_lines_work(gate);
    return more ? 0 : gate_thread_wait_ms(&gate->thread, machine_due_ms, line_due_ms);
}

static int thread_make(struct line_gate *gate)
{
    const struct line_gate_config *config = &gate->config;
    struct gate_thread_config thread = {
        .gate = gate,
        .name = "line gate",
        .turn = gate_turn,
        .clock_context = gate->ports.context,
        .clock_read = gate->ports.clock_read,
        .machine_clock_read = gate->ports.machine_clock_read,
        .uplink_capacity = config->uplink_capacity,
        .message_capacity = config->order_capacity,
        .message_size = sizeof(struct line_message),
        .speed = config->speed,
    };
    return gate_thread_open(&gate->thread, &thread);
}

static int parts_make(struct line_gate *gate)
{
    int error = links_make(gate);
    if (!error)
        error = line_gate_lines_make(gate);
    if (!error)
        error = acknowledgements_make(gate);
    return error ? error : gate_thread_watch(&gate->thread, tcp_engine_descriptor(gate->tcp), GATE_THREAD_WAKE);
}

int line_gate_open(const struct line_gate_config *config, const struct line_gate_ports *ports, struct line_gate **out)
{
    struct line_gate *gate = calloc(1, sizeof *gate);
    if (!gate)
        return GATE_ERR_MEMORY;
    gate_empty(gate, config, ports);
    config_complete(&gate->config);
    int error = thread_make(gate);
    if (error) {
        free(gate);
        return error;
    }
    error = parts_make(gate);
    if (error) {
        line_gate_close(gate);
        return error;
    }
    *out = gate;
    return 0;
}

struct gate_thread *line_gate_thread_of(struct line_gate *gate)
{
    return &gate->thread;
}

void line_gate_close(struct line_gate *gate)
{
    if (!gate)
        return;
    gate_thread_stop(&gate->thread);
    gate_thread_close(&gate->thread);
    tcp_engine_close(gate->tcp);
    line_gate_links_close(gate);
    line_gate_lines_close(gate);
    line_strangers_close(&gate->strangers);
    line_found_close(&gate->found);
    ring_release(gate->acknowledgements);
    free(gate);
}

uint16_t line_gate_port(const struct line_gate *gate)
{
    return tcp_engine_port(gate->tcp);
}

int line_gate_acknowledge(struct line_gate *gate, const struct uplink_acknowledgement *acknowledgement)
{
    return ring_put(gate->acknowledgements, acknowledgement) == 0 ? 0 : GATE_ERR_FULL;
}

int line_gate_order(struct line_gate *gate, const struct line_order *order)
{
    if (!gate_thread_message_fits(&gate->thread))
        return GATE_ERR_FULL;
    struct line_message message = { .kind = LINE_MESSAGE_ORDER, .body.order = *order };
    if (order->operation == LINE_SEARCH) /* before the gate can tell anything of it */
        line_found_begin(&gate->found, order, gate->ports.clock_read(gate->ports.context) / 1000);
    int result = gate_thread_message_put(&gate->thread, &message);
    cipher_wipe(&message, sizeof message); /* of a meter's key */
    return result;
}

int line_gate_cancel(struct line_gate *gate, uint32_t line_id, uint64_t order_id)
{
    struct line_message message = { .kind = LINE_MESSAGE_CANCEL, .body.cancel = { order_id, line_id } };
    return gate_thread_message_put(&gate->thread, &message);
}

int line_gate_put(struct line_gate *gate, const struct line_record *record)
{
    struct line_message message = { .kind = LINE_MESSAGE_PUT, .body.record = *record };
    if (gate_thread_is_running(&gate->thread))
        return gate_thread_message_put(&gate->thread, &message);
    line_gate_line_put(gate, record);
    return 0;
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
