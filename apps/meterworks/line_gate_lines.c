/* Lines: the archive's copy, one conversation over each that is connected, and when each is due. */
#include <stdlib.h>
#include <string.h>

#include "apps/meterworks/line_gate_internal.h"
#include "base/log.h"
#include "registry/profile.h"
#include "wire/serial_port.h"

#define HEARTBEAT_DEFAULT_S 60
#define HEARTBEATS_MISSED 3
#define ENDING_RETRY_MS 100
#define ROOM_KEPT (LINE_ORDER_OPEN_LIMIT + 8) /* an answer to every order of a line, and presences */

static uint32_t place_of(const struct line_gate *gate, const struct gate_line *line)
{
    return (uint32_t)(line - gate->lines);
}

/* From now on the conversation is asked before the turn ends when it wants to be heard again. */
static void line_touch(struct line_gate *gate, struct gate_line *line)
{
    if (line->is_touched)
        return;
    line->is_touched = true;
    line->next = gate->touched_first;
    gate->touched_first = place_of(gate, line) + 1;
}

bool line_gate_has_room(const struct line_gate *gate)
{
    const struct ring *uplinks = gate->thread.lanes[0].uplinks;

    return ring_count(uplinks) + ROOM_KEPT <= ring_capacity(uplinks);
}

/* The upper half of a message's number says whose it is. */
static bool uplink_offer(struct line_gate *gate, uint32_t place, struct uplink *uplink)
{
    uplink->gate = LINE_GATE_NUMBER;
    uplink->message_id = (uint64_t)(place + 1) << 32 | (gate->last_message + 1);
    if (!gate_thread_offer(&gate->thread, uplink)) {
        counter_increment(&gate->counters, LINE_GATE_CORE_FULL);
        return false;
    }
    gate->last_message++;
    line_found_note(&gate->found, uplink);
    return true;
}

static bool house_offer(void *context, struct uplink *uplink)
{
    struct line_gate *gate = context;
    struct gate_line *line = gate->speaking;

    if (!uplink_offer(gate, place_of(gate, line), uplink))
        return false;
    if (uplink->kind == UPLINK_PRESENCE)
        line->is_logged_out = uplink->presence == UPLINK_PRESENCE_LOGOUT;
    return true;
}

static void house_send(void *context, void *to, struct span bytes)
{
    struct line_gate *gate = context;
    const struct gate_line *line = to;
    if (line->serial != NULL) {
        line_gate_serial_send(gate, line, bytes);
        return;
    }
    /* Bytes that cannot leave are lost bytes; the engine counts why, the conversation repeats. */
    int result = tcp_engine_send(gate->tcp, line->connection, bytes);
    (void)result;
}

static const struct device_profile *house_profile_find(void *context, const char *name)
{
    struct line_gate *gate = context;

    if (gate->profiles == NULL && gate->ports.profiles_hold != NULL)
        gate->profiles = gate->ports.profiles_hold(gate->ports.context);
    if (gate->profiles == NULL)
        return NULL;
    const struct profile_set_row *row = profile_set_find(gate->profiles, span_of_text(name));
    return row != NULL ? &row->profile : NULL;
}

int line_gate_lines_make(struct line_gate *gate)
{
    struct hash_key secret;

    memcpy(&secret, gate->config.random, sizeof secret);
    gate->identify = line_identify_open(gate->config.line_limit, secret);
    gate->timer = line_timer_open(gate->config.line_limit);
    gate->orders = line_order_pool_open(gate->config.order_limit);
    gate->lines = calloc(gate->config.line_limit, sizeof *gate->lines);
    gate->lines_by_id = map_make(gate->config.line_limit, secret.first);
    if (gate->identify == NULL || gate->timer == NULL || gate->orders == NULL || gate->lines == NULL)
        return GATE_ERR_MEMORY;
    gate->house = (struct line_dialog_house){
        gate, house_send, house_offer, house_profile_find, gate->config.cipher, gate->orders, &gate->dialog_counters
    };
    return 0;
}

void line_gate_lines_close(struct line_gate *gate)
{
    for (uint32_t i = 0; i < gate->line_count; i++) {
        serial_port_close(gate->lines[i].serial);
        free(gate->lines[i].state);
        free(gate->lines[i].stream);
    }
    free(gate->lines);
    map_release(&gate->lines_by_id);
    line_identify_close(gate->identify);
    line_timer_close(gate->timer);
    line_order_pool_close(gate->orders);
}

uint32_t line_gate_line_find(const struct line_gate *gate, uint32_t line_id)
{
    uint64_t place;
    return map_get(&gate->lines_by_id, line_id, &place) ? (uint32_t)place : LINE_NONE;
}

static void presence_tell(struct line_gate *gate, struct gate_line *line, enum uplink_presence presence)
{
    struct uplink uplink = { .kind = UPLINK_PRESENCE,
                             .device_id = line->record.line_id,
                             .received_s = gate->thread.now_ms / 1000,
                             .presence = (uint8_t)presence };
    /* A core that has no room learns of the line by the next word. */
    bool told = uplink_offer(gate, place_of(gate, line), &uplink);
    (void)told;
}

/* Concentrators tell of their coming themselves, each protocol in its own words. */
static bool gate_tells_presence(const struct gate_line *line)
{
    return line->record.kind != LINE_KIND_CONCENTRATOR;
}

static const struct line_dialog_kind *kind_of(const struct line_gate *gate, const struct line_record *record)
{
    return record->kind == LINE_KIND_CONCENTRATOR ? gate->config.concentrator_kind : gate->config.transparent_kind;
}

bool line_gate_line_begin(struct line_gate *gate, uint32_t place)
{
    struct gate_line *line = &gate->lines[place];

    if (line->state != NULL)
        return false;
    line->kind = kind_of(gate, &line->record);
    if (line->kind == NULL)
        return false;
    line->state = malloc(line->kind->size);
    if (line->state == NULL)
        return false;
    if (line->record.kind == LINE_KIND_DTU) {
        line->stream = malloc(sizeof *line->stream);
        if (line->stream != NULL)
            *line->stream = dtu_stream_of(&line->record);
    }
    line->heard_ms = gate->thread.elapsed_ms;
    line->is_logged_out = false;
    counter_increment(&gate->counters, LINE_GATE_CONNECTED);
    atomic_fetch_add_explicit(&gate->connected, 1, memory_order_relaxed);
    gate->speaking = line;
    line->kind->begin(line->state, &gate->house, &line->record, line, gate->thread.now_ms);
    if (gate_tells_presence(line))
        presence_tell(gate, line, UPLINK_PRESENCE_LOGIN);
    line_touch(gate, line);
    return true;
}

/* Its place is free when the turn ends, for something may still point to it. */
static void line_free(struct line_gate *gate, struct gate_line *line)
{
    line_touch(gate, line);
    map_remove(&gate->lines_by_id, line->record.line_id);
    *line = (struct gate_line){ .is_touched = true, .next = line->next };
}

/* The last words of a conversation whose connection is gone already. */
static void line_finish(struct line_gate *gate, struct gate_line *line)
{
    if (!line_gate_has_room(gate)) {
        line_timer_set(gate->timer, place_of(gate, line), gate->thread.now_ms + ENDING_RETRY_MS);
        return;
    }
    gate->speaking = line;
    line->kind->end(line->state, (enum line_problem)line->ending_problem, gate->thread.now_ms);
    if (!line->is_logged_out || line->ending_presence != UPLINK_PRESENCE_LOST)
        presence_tell(gate, line, (enum uplink_presence)line->ending_presence);
    free(line->state);
    free(line->stream);
    line->state = NULL;
    line->stream = NULL;
    line->is_ending = false;
    atomic_fetch_sub_explicit(&gate->connected, 1, memory_order_relaxed);
    line_timer_set(gate->timer, place_of(gate, line), INT64_MAX);
    if (line->record.removed)
        line_free(gate, line);
    else if (line->is_open) /* dialled again meanwhile */
        line_gate_line_begin(gate, place_of(gate, line));
}

void line_gate_line_end(struct line_gate *gate, uint32_t place, enum line_problem problem,
                        enum uplink_presence presence)
{
    struct gate_line *line = &gate->lines[place];

    if (line->state == NULL || line->is_ending)
        return;
    line->is_ending = true;
    line->ending_problem = (uint8_t)problem;
    line->ending_presence = (uint8_t)presence;
    line_finish(gate, line);
}

/* What is left when the unit's own packets are out. */
static void stream_receive(struct line_gate *gate, struct gate_line *line, struct span bytes)
{
    uint8_t left[LINE_IDENTIFY_BYTES_LIMIT + TCP_RECEIVE_LIMIT];
    unsigned heartbeats = 0;

    memcpy(left, bytes.bytes, bytes.size);
    size_t size = dtu_stream_strip(line->stream, left, bytes.size, &heartbeats);
    if (heartbeats > 0)
        presence_tell(gate, line, UPLINK_PRESENCE_CONTACT);
    if (size > 0)
        line->kind->receive(line->state, span_of_bytes(left, size), gate->thread.now_ms);
}

void line_gate_line_receive(struct line_gate *gate, uint32_t place, struct span bytes)
{
    struct gate_line *line = &gate->lines[place];

    if (line->state == NULL || line->is_ending)
        return;
    line->heard_ms = gate->thread.elapsed_ms;
    gate->speaking = line;
    if (line->stream != NULL)
        stream_receive(gate, line, bytes);
    else
        line->kind->receive(line->state, bytes, gate->thread.now_ms);
    line_touch(gate, line);
}

/* returns  LINE_NONE when there are too many */
static uint32_t place_take(struct line_gate *gate)
{
    if (gate->line_free == 0)
        return gate->line_count < gate->config.line_limit ? gate->line_count++ : LINE_NONE;
    uint32_t place = gate->line_free - 1;
    gate->line_free = gate->lines[place].next;
    return place;
}

static void line_serve(struct line_gate *gate, uint32_t place)
{
    struct gate_line *line = &gate->lines[place];

    if (line_identify_put(gate->identify, &line->record) != 0)
        log_write(LOG_DIALOG, LOG_WARNING, line->record.address,
                  "line %u: this address is none of its kind, or there are too many of them",
                  (unsigned)line->record.line_id);
    line_strangers_forget(&gate->strangers, line->record.address);
    if (line->record.kind == LINE_KIND_TCP)
        line_gate_link_dial(gate, place);
    if (line->record.kind == LINE_KIND_SERIAL)
        line_gate_serial_add(gate, place);
}

/* The archive says something else of it, or nothing any more. */
static void line_drop(struct line_gate *gate, uint32_t place, bool is_removed)
{
    struct gate_line *line = &gate->lines[place];

    line_identify_remove(gate->identify, &line->record);
    line_gate_link_end(gate, line);
    line_gate_serial_end(gate, line);
    line->record.removed = is_removed;
    if (line->state == NULL && is_removed)
        line_free(gate, line);
    else
        line_gate_line_end(gate, place, is_removed ? LINE_PROBLEM_CANCELLED : LINE_PROBLEM_LOST, UPLINK_PRESENCE_LOST);
}

static void line_change(struct line_gate *gate, uint32_t place, const struct line_record *record)
{
    struct gate_line *line = &gate->lines[place];

    if (memcmp(&line->record, record, sizeof *record) == 0)
        return;
    line_drop(gate, place, record->removed);
    if (!record->removed) {
        line->record = *record;
        line_serve(gate, place);
    }
}

static void line_add(struct line_gate *gate, const struct line_record *record)
{
    uint32_t place = place_take(gate);

    if (place == LINE_NONE || map_put(&gate->lines_by_id, record->line_id, place) < 0) {
        log_write(LOG_DIALOG, LOG_ERROR, record->address, "line %u: there are too many lines",
                  (unsigned)record->line_id);
        return;
    }
    gate->lines[place] = (struct gate_line){ .record = *record };
    line_serve(gate, place);
}

void line_gate_line_put(struct line_gate *gate, const struct line_record *record)
{
    uint32_t place = line_gate_line_find(gate, record->line_id);

    if (place != LINE_NONE)
        line_change(gate, place, record);
    else if (record->line_id != 0 && !record->removed)
        line_add(gate, record);
}

static void order_refuse(struct line_gate *gate, const struct line_order *order, enum line_problem problem)
{
    struct uplink uplink = line_order_ended(order, problem, gate->thread.now_ms);
    /* Always taken: messages of the core are read only while there is room. */
    bool told = uplink_offer(gate, LINE_NONE, &uplink);
    (void)told;
}

/* The line's conversation; NULL when it is not connected. */
static struct gate_line *line_connected(struct line_gate *gate, uint32_t line_id)
{
    uint32_t place = line_gate_line_find(gate, line_id);
    struct gate_line *line = place != LINE_NONE ? &gate->lines[place] : NULL;

    return line != NULL && line->state != NULL && !line->is_ending ? line : NULL;
}

void line_gate_order_take(struct line_gate *gate, const struct line_order *order)
{
    struct gate_line *line = line_connected(gate, order->line_id);

    counter_increment(&gate->counters, LINE_GATE_ORDERS);
    if (line == NULL) {
        counter_increment(&gate->counters, LINE_GATE_ORDERS_OFFLINE);
        order_refuse(gate, order, LINE_PROBLEM_OFFLINE);
        return;
    }
    gate->speaking = line;
    if (line->kind->order(line->state, order, gate->thread.now_ms) != 0)
        order_refuse(gate, order, LINE_PROBLEM_FULL);
    line_touch(gate, line);
}

void line_gate_cancel_take(struct line_gate *gate, const struct line_cancel *cancel)
{
    struct gate_line *line = line_connected(gate, cancel->line_id);

    if (line == NULL) /* then its orders have ended */
        return;
    gate->speaking = line;
    line->kind->cancel(line->state, cancel->order_id, gate->thread.now_ms);
    line_touch(gate, line);
}

void line_gate_acknowledgement_take(struct line_gate *gate, const struct uplink_acknowledgement *acknowledgement)
{
    uint32_t place = (uint32_t)(acknowledgement->message_id >> 32) - 1;
    struct gate_line *line = place < gate->line_count ? &gate->lines[place] : NULL;

    if (line == NULL || line->state == NULL || line->is_ending)
        return;
    gate->speaking = line;
    line->kind->acknowledge(line->state, acknowledgement, gate->thread.now_ms);
    line_touch(gate, line);
}

/* How long a silent peer has left until it counts as gone, whatever the platform's clock is set to meanwhile. Only those
 * that send heartbeats are known to be silent: others are asked, and a connection without an answer ends by TCP. */
static int64_t patience_left_ms(const struct line_gate *gate, const struct gate_line *line)
{
    int64_t heartbeat_s = line->record.heartbeat_s != 0 ? line->record.heartbeat_s : HEARTBEAT_DEFAULT_S;
    bool sends = line->record.kind == LINE_KIND_CONCENTRATOR ||
                 (line->record.kind == LINE_KIND_DTU && line->record.heartbeat[0] != '\0');

    return sends ? line->heard_ms + HEARTBEATS_MISSED * heartbeat_s * 1000 - gate->thread.elapsed_ms : INT64_MAX;
}

static void line_tick(struct line_gate *gate, struct gate_line *line)
{
    int64_t now_ms = gate->thread.now_ms;
    int64_t due_ms, left_ms;

    if (line->is_ending) {
        line_finish(gate, line);
        return;
    }
    if (line->state == NULL)
        return;
    left_ms = patience_left_ms(gate, line);
    if (left_ms <= 0) {
        counter_increment(&gate->counters, LINE_GATE_SILENT);
        line_gate_link_end(gate, line);
        line_gate_line_end(gate, place_of(gate, line), LINE_PROBLEM_LOST, UPLINK_PRESENCE_LOST);
        return;
    }
    gate->speaking = line;
    due_ms = line->kind->tick(line->state, now_ms);
    if (left_ms != INT64_MAX && due_ms > now_ms + left_ms)
        due_ms = now_ms + left_ms;
    line_timer_set(gate->timer, place_of(gate, line), due_ms > now_ms ? due_ms : now_ms + 1);
}

/* What was due by the later time would stand still until it comes again: all are asked anew when they want to be
 * heard. */
void line_gate_lines_set_back(struct line_gate *gate)
{
    for (uint32_t place = 0; place < gate->line_count; place++) {
        struct gate_line *line = &gate->lines[place];
        if (line->state == NULL)
            continue;
        if (line->heard_ms > gate->thread.now_ms)
            line->heard_ms = gate->thread.elapsed_ms;
        line_touch(gate, line);
    }
}

int64_t line_gate_lines_work(struct line_gate *gate)
{
    uint32_t place;

    while (line_timer_take(gate->timer, gate->thread.now_ms, &place))
        line_tick(gate, &gate->lines[place]);
    while (gate->touched_first != 0) {
        struct gate_line *line = &gate->lines[gate->touched_first - 1];
        gate->touched_first = line->next;
        line->is_touched = false;
        if (line->record.line_id != 0) {
            line_tick(gate, line);
            continue;
        }
        line->next = gate->line_free;
        gate->line_free = place_of(gate, line) + 1;
    }
    if (gate->profiles != NULL)
        gate->ports.profiles_release(gate->ports.context, gate->profiles);
    gate->profiles = NULL;
    return line_timer_next(gate->timer);
}
