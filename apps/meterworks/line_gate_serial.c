/* Serial ports of this machine: one line each, served while the port is there. */
#include "apps/meterworks/line_gate_internal.h"
#include "base/log.h"
#include "wire/serial_port.h"

/* There are dozens of them at most: each turn may look at all. */
void line_gate_serial_add(struct line_gate *gate, uint32_t place)
{
    struct gate_line *line = &gate->lines[place];
    struct serial_port_config config = { line->record.address, line->record.baud, line->record.parity,
                                         line->record.stop_bits };

    if (serial_port_open(&config, &line->serial) != 0) {
        log_write(LOG_WIRE, LOG_WARNING, line->record.address, "line %u: there can be no such serial port or rate",
                  (unsigned)line->record.line_id);
        return;
    }
    line->serial_next = gate->serial_first;
    gate->serial_first = place + 1;
}

/* Closing takes the port out of epoll as well. */
void line_gate_serial_end(struct line_gate *gate, struct gate_line *line)
{
    uint32_t *link = &gate->serial_first;

    if (line->serial == NULL)
        return;
    while (*link != 0 && &gate->lines[*link - 1] != line)
        link = &gate->lines[*link - 1].serial_next;
    if (*link != 0)
        *link = line->serial_next;
    serial_port_close(line->serial);
    line->serial = NULL;
    line->is_open = false;
}

static bool watch_begin(const struct line_gate *gate, uint32_t place)
{
    return gate_thread_watch(&gate->thread, serial_port_descriptor(gate->lines[place].serial), (uint64_t)place + 1) == 0;
}

static void watch_change(const struct line_gate *gate, uint32_t place)
{
    const struct serial_port *port = gate->lines[place].serial;
    /* Refused, the port is looked at again when something else wakes the gate, a second later at most. */
    int result = gate_thread_watch_change(&gate->thread, serial_port_descriptor(port), (uint64_t)place + 1,
                                          serial_port_is_blocked(port));
    (void)result;
}

static void port_lost(struct line_gate *gate, uint32_t place)
{
    counter_increment(&gate->counters, LINE_GATE_LOST);
    gate->lines[place].is_open = false;
    line_gate_line_end(gate, place, LINE_PROBLEM_LOST, UPLINK_PRESENCE_LOST);
}

/* The line stays offline, and its orders are answered so, until the port can be served. */
static void port_refuse(struct line_gate *gate, struct gate_line *line)
{
    log_write(LOG_WIRE, LOG_WARNING, line->record.address, "line %u: this port is open, but the system refuses to serve "
              "it; tried again in %d s", (unsigned)line->record.line_id, SERIAL_RETRY_MS / 1000);
    line->is_open = false;
    serial_port_give_up(line->serial, gate->thread.monotonic_ms);
}

static void port_begin(struct line_gate *gate, uint32_t place)
{
    struct gate_line *line = &gate->lines[place];

    line->is_open = watch_begin(gate, place);
    if (line->is_open)
        line_gate_line_begin(gate, place);
    if (!line->is_open || line->state == NULL) /* one that is still ending begins by itself */
        port_refuse(gate, line);
}

static void port_work(struct line_gate *gate, uint32_t place)
{
    struct gate_line *line = &gate->lines[place];
    bool is_open = serial_port_work(line->serial, gate->thread.monotonic_ms);

    if (is_open && !line->is_open)
        port_begin(gate, place);
    else if (!is_open && line->is_open)
        port_lost(gate, place);
}

void line_gate_serial_receive(struct line_gate *gate, uint64_t watch)
{
    uint32_t place = (uint32_t)(watch - 1);
    uint8_t bytes[SERIAL_RECEIVE_LIMIT];

    if (watch == 0 || place >= gate->line_count || gate->lines[place].serial == NULL || !gate->lines[place].is_open)
        return;
    int size = serial_port_receive(gate->lines[place].serial, bytes, gate->thread.monotonic_ms);
    if (size > 0)
        line_gate_line_receive(gate, place, span_of_bytes(bytes, (size_t)size));
    else if (size < 0)
        port_lost(gate, place);
}

void line_gate_serial_send(struct line_gate *gate, const struct gate_line *line, struct span bytes)
{
    /* Bytes that cannot leave are lost bytes; the conversation repeats. */
    int result = serial_port_send(line->serial, bytes);
    (void)result;
    if (serial_port_is_blocked(line->serial))
        watch_change(gate, (uint32_t)(line - gate->lines));
}

int64_t line_gate_serial_work(struct line_gate *gate)
{
    int64_t next_ms = INT64_MAX;

    for (uint32_t at = gate->serial_first; at != 0; at = gate->lines[at - 1].serial_next) {
        struct gate_line *line = &gate->lines[at - 1];
        bool was_blocked = serial_port_is_blocked(line->serial);
        if (was_blocked || serial_port_due_ms(line->serial) <= gate->thread.monotonic_ms)
            port_work(gate, at - 1);
        if (was_blocked && line->is_open && !serial_port_is_blocked(line->serial))
            watch_change(gate, at - 1);
        if (serial_port_due_ms(line->serial) < next_ms)
            next_ms = serial_port_due_ms(line->serial);
    }
    return next_ms;
}
