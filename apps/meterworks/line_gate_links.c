/* Connections: who dials in, which line he is, and what becomes of strangers. */
#include <stdlib.h>
#include <string.h>

#include "apps/meterworks/line_gate_internal.h"
#include "base/log.h"

static struct gate_link *link_at(struct line_gate *gate, uint64_t connection)
{
    return &gate->links[tcp_engine_place(connection)];
}

static void waiting_add(struct line_gate *gate, struct gate_link *link)
{
    uint32_t place = tcp_engine_place(link->connection);

    link->previous = gate->waiting_last;
    link->next = LINE_NONE;
    if (gate->waiting_last != LINE_NONE)
        gate->links[gate->waiting_last].next = place;
    else
        gate->waiting_first = place;
    gate->waiting_last = place;
}

static void waiting_remove(struct line_gate *gate, struct gate_link *link)
{
    if (link->previous != LINE_NONE)
        gate->links[link->previous].next = link->next;
    else
        gate->waiting_first = link->next;
    if (link->next != LINE_NONE)
        gate->links[link->next].previous = link->previous;
    else
        gate->waiting_last = link->previous;
    free(link->said);
    link->said = NULL;
    link->size = 0;
}

static void link_forget(struct line_gate *gate, struct gate_link *link)
{
    if (link->line == LINE_NONE)
        waiting_remove(gate, link);
    link->connection = 0;
    link->line = LINE_NONE;
}

static void link_close(struct line_gate *gate, struct gate_link *link)
{
    tcp_engine_end(gate->tcp, link->connection);
    link_forget(gate, link);
}

void line_gate_link_opened(void *context, uint64_t connection, const struct peer_address *peer)
{
    struct line_gate *gate = context;
    struct gate_link *link = link_at(gate, connection);

    if (link->connection == connection) { /* dialled: the line is known */
        gate->lines[link->line].is_open = true;
        line_gate_line_begin(gate, link->line);
        return;
    }
    *link = (struct gate_link){ .connection = connection,
                                .line = LINE_NONE,
                                .peer = *peer,
                                .until_ms = gate->thread.monotonic_ms + LINE_IDENTIFY_WAIT_MS };
    waiting_add(gate, link);
}

static void stranger_refuse(struct line_gate *gate, struct gate_link *link, const struct line_identity *identity)
{
    bool is_concentrator = identity->kind == LINE_IDENTITY_STRANGER_CONCENTRATOR;

    counter_increment(&gate->counters, is_concentrator ? LINE_GATE_STRANGERS : LINE_GATE_NAMELESS);
    if (identity->address[0] != '\0')
        line_strangers_put(&gate->strangers, identity->address, is_concentrator, &link->peer, gate->thread.now_ms / 1000);
    link_close(gate, link);
}

/* It has said who it is. An older connection of the same line is given up: a concentrator that dials in again has lost
 * the first one, even when we have not noticed. */
static void link_recognise(struct line_gate *gate, struct gate_link *link, uint32_t line)
{
    struct gate_line *owner = &gate->lines[line];

    if (owner->state != NULL && owner->connection != 0) {
        counter_increment(&gate->counters, LINE_GATE_REPLACED);
        link_close(gate, link_at(gate, owner->connection));
        owner->connection = 0;
        line_gate_line_end(gate, line, LINE_PROBLEM_LOST, UPLINK_PRESENCE_REPLACED);
    }
    if (!line_gate_line_begin(gate, line)) {
        link_close(gate, link);
        return;
    }
    waiting_remove(gate, link);
    link->line = line;
    owner->connection = link->connection;
}

/* Decide by all it has said so far. `stream` may lie in link->said, which a decision gives back. */
static void link_identify(struct line_gate *gate, struct gate_link *link, struct span stream)
{
    uint64_t connection = link->connection;
    struct line_identity identity;
    uint8_t rest[LINE_IDENTIFY_BYTES_LIMIT + TCP_RECEIVE_LIMIT];
    size_t size;

    line_identify_look(gate->identify, stream, &identity);
    uint32_t line = identity.kind == LINE_IDENTITY_LINE ? line_gate_line_find(gate, identity.line_id) : LINE_NONE;
    if (identity.kind == LINE_IDENTITY_MORE)
        return;
    if (line == LINE_NONE) {
        stranger_refuse(gate, link, &identity);
        return;
    }
    size = stream.size - identity.used;
    memcpy(rest, stream.bytes + identity.used, size);
    link_recognise(gate, link, line);
    if (size > 0 && link->connection == connection && link->line == line)
        line_gate_line_receive(gate, line, span_of_bytes(rest, size));
}

/* returns  false without memory */
static bool said_keep(struct gate_link *link, struct span bytes)
{
    size_t room = LINE_IDENTIFY_BYTES_LIMIT - link->size;
    size_t kept = bytes.size < room ? bytes.size : room;

    if (link->said == NULL)
        link->said = malloc(LINE_IDENTIFY_BYTES_LIMIT);
    if (link->said == NULL)
        return false;
    memcpy(link->said + link->size, bytes.bytes, kept);
    link->size += (uint32_t)kept;
    return true;
}

static void newcomer_receive(struct line_gate *gate, struct gate_link *link, struct span bytes)
{
    uint64_t connection = link->connection;
    uint8_t joined[LINE_IDENTIFY_BYTES_LIMIT + TCP_RECEIVE_LIMIT];
    struct span stream = bytes;

    if (link->size > 0) {
        memcpy(joined, link->said, link->size);
        memcpy(joined + link->size, bytes.bytes, bytes.size);
        stream = span_of_bytes(joined, link->size + bytes.size);
    }
    link_identify(gate, link, stream);
    if (link->connection == connection && link->line == LINE_NONE && !said_keep(link, bytes))
        link_close(gate, link);
}

void line_gate_link_received(void *context, uint64_t connection, struct span bytes)
{
    struct line_gate *gate = context;
    struct gate_link *link = link_at(gate, connection);

    if (link->line == LINE_NONE)
        newcomer_receive(gate, link, bytes);
    else
        line_gate_line_receive(gate, link->line, bytes);
}

void line_gate_link_closed(void *context, uint64_t connection)
{
    struct line_gate *gate = context;
    struct gate_link *link = link_at(gate, connection);
    struct gate_line *line = link->line != LINE_NONE ? &gate->lines[link->line] : NULL;

    if (line == NULL) {
        counter_increment(&gate->counters, LINE_GATE_NAMELESS);
        link_forget(gate, link);
        return;
    }
    if (line->state != NULL)
        counter_increment(&gate->counters, LINE_GATE_LOST);
    line->is_open = false;
    line_gate_line_end(gate, link->line, LINE_PROBLEM_LOST, UPLINK_PRESENCE_LOST);
    if (line->record.kind == LINE_KIND_TCP) /* the engine dials it again */
        return;
    line->connection = 0;
    link_forget(gate, link);
}

void line_gate_link_dial(struct line_gate *gate, uint32_t line)
{
    struct gate_line *owner = &gate->lines[line];
    uint64_t connection;

    if (tcp_engine_dial(gate->tcp, owner->record.address, &connection) != 0) {
        log_write(LOG_WIRE, LOG_WARNING, owner->record.address, "line %u: this serial server cannot be dialled",
                  (unsigned)owner->record.line_id);
        return;
    }
    *link_at(gate, connection) = (struct gate_link){ .connection = connection, .line = line };
    owner->connection = connection;
}

void line_gate_link_end(struct line_gate *gate, struct gate_line *line)
{
    if (line->connection == 0)
        return;
    link_close(gate, link_at(gate, line->connection));
    line->connection = 0;
    line->is_open = false;
}

int64_t line_gate_links_work(struct line_gate *gate)
{
    while (gate->waiting_first != LINE_NONE) {
        struct gate_link *link = &gate->links[gate->waiting_first];
        struct line_identity identity;

        if (link->until_ms > gate->thread.monotonic_ms)
            return link->until_ms;
        line_identify_give_up(span_of_bytes(link->said, link->size), &identity);
        stranger_refuse(gate, link, &identity);
    }
    return INT64_MAX;
}

void line_gate_links_close(struct line_gate *gate)
{
    for (uint32_t i = 0; gate->links != NULL && i < gate->config.connection_limit; i++)
        free(gate->links[i].said);
    free(gate->links);
}
