/* Event records (ERC), their two rings and counters (EC), and AFN 0E. */
#include <string.h>

#include "codec/codec_error.h"
#include "meter/core/concentrator/concentrator_internal.h"

#define HEAD_SIZE 2 /* ERC, Le */
#define TIME_SIZE 5
#define ANSWER_HEAD_SIZE 4 /* EC1, EC2, Pm, Pn */
#define FLAG_BYTES 8
#define REPORT_ROOM 200

static bool flag_is_set(const uint8_t *flags, uint8_t code)
{
    return code >= 1 && code <= FLAG_BYTES * 8 && (flags[(code - 1) / 8] >> (code - 1) % 8 & 1u) != 0;
}

static enum event_ring ring_of_code(const struct concentrator *concentrator, uint8_t code)
{
    return flag_is_set(concentrator->event_flags + FLAG_BYTES, code) ? RING_IMPORTANT : RING_GENERAL;
}

bool event_is_waiting(const struct concentrator *concentrator)
{
    return concentrator->rings[RING_IMPORTANT].counter != concentrator->rings[RING_IMPORTANT].told;
}

static void record_note(struct concentrator *concentrator, uint8_t code, int64_t at_s, struct span content)
{
    enum event_ring number = ring_of_code(concentrator, code);
    struct concentrator_event_ring *ring = &concentrator->rings[number];
    struct concentrator_event *event = &ring->events[ring->counter % CONCENTRATOR_EVENT_LIMIT];
    struct writer writer = writer_of_buffer(event->bytes, sizeof event->bytes);

    if (!flag_is_set(concentrator->event_flags, code) || content.size > CONCENTRATOR_EVENT_SIZE - HEAD_SIZE - TIME_SIZE)
        return;
    writer_put_u8(&writer, code);
    writer_put_u8(&writer, (uint8_t)(TIME_SIZE + content.size));
    clock_put_minute(concentrator, at_s, &writer);
    writer_put_span(&writer, content);
    event->size = (uint8_t)writer.size;
    /* Records that were overwritten untold cannot be told any more. */
    if ((uint8_t)(ring->counter - ring->told) >= CONCENTRATOR_EVENT_LIMIT)
        ring->told = (uint8_t)(ring->counter + 1 - CONCENTRATOR_EVENT_LIMIT);
    ring->counter++;
    (void)store_event(concentrator, number, (uint8_t)(ring->counter - 1));
}

void event_note(struct concentrator *concentrator, uint8_t code, struct span content)
{
    record_note(concentrator, code, clock_now_s(concentrator), content);
}

/* The first time of the record is when power went: nobody was awake to note it. */
void event_power_note(struct concentrator *concentrator)
{
    uint8_t bytes[TIME_SIZE];
    struct writer content = writer_of_buffer(bytes, sizeof bytes);

    clock_put_minute(concentrator, clock_now_s(concentrator), &content);
    record_note(concentrator, EVENT_POWER, 0, writer_span(&content));
}

void event_parameters_changed(struct concentrator *concentrator, uint8_t station, struct q376_unit_id id)
{
    uint8_t bytes[1 + Q376_UNIT_ID_SIZE];
    struct writer writer = writer_of_buffer(bytes, sizeof bytes);

    writer_put_u8(&writer, station);
    q376_unit_id_put(id, &writer);
    event_note(concentrator, EVENT_PARAMETERS_CHANGED, writer_span(&writer));
}

void event_fault(struct concentrator *concentrator, enum concentrator_fault fault)
{
    uint8_t code = (uint8_t)fault;
    event_note(concentrator, EVENT_TERMINAL_FAULT, span_of_bytes(&code, 1));
}

/* The record with this number; NULL when it is not held any more. */
static const struct concentrator_event *event_find(const struct concentrator_event_ring *ring, uint8_t number)
{
    uint8_t age = (uint8_t)(ring->counter - number);
    const struct concentrator_event *event = &ring->events[number % CONCENTRATOR_EVENT_LIMIT];
    return age >= 1 && age <= CONCENTRATOR_EVENT_LIMIT && event->size > 0 ? event : NULL;
}

/* ECs, Pm, Pn and the records from `first` to `end` that fit and are held.
 * returns  the end of what was written */
static uint8_t records_put(const struct concentrator *concentrator, enum event_ring number, uint8_t first, uint8_t end,
                           size_t room, struct writer *out)
{
    const struct concentrator_event_ring *ring = &concentrator->rings[number];
    size_t start = out->size;

    /* What is not held any more is left out, and Pm says so. */
    while (first != end && event_find(ring, first) == NULL)
        first++;
    writer_put_u8(out, concentrator->rings[RING_IMPORTANT].counter);
    writer_put_u8(out, concentrator->rings[RING_GENERAL].counter);
    writer_put_u8(out, first);
    writer_put_u8(out, first);
    for (; first != end; first++) {
        const struct concentrator_event *event = event_find(ring, first);
        if (event == NULL || out->size + event->size > start + room)
            break;
        writer_put_bytes(out, event->bytes, event->size);
    }
    if (!out->overflow)
        out->bytes[start + ANSWER_HEAD_SIZE - 1] = first;
    return first;
}

void event_told(struct concentrator *concentrator, enum event_ring number, uint8_t end)
{
    struct concentrator_event_ring *ring = &concentrator->rings[number];

    /* A pointer that is not between what was told and what there is moves nothing. */
    if ((uint8_t)(end - ring->told) > (uint8_t)(ring->counter - ring->told) || end == ring->told)
        return;
    ring->told = end;
    (void)store_state(concentrator);
}

void event_report(struct concentrator *concentrator)
{
    const struct concentrator_event_ring *ring = &concentrator->rings[RING_IMPORTANT];
    uint8_t bytes[Q376_UNIT_ID_SIZE + REPORT_ROOM];
    struct writer units = writer_of_buffer(bytes, sizeof bytes);

    (void)!q376_unit_put(0, 1, &units);
    concentrator->link.told_end =
        records_put(concentrator, RING_IMPORTANT, ring->told, ring->counter, REPORT_ROOM, &units);
    link_start(concentrator, Q376_AFN_EVENT, 1, writer_span(&units));
}

void events_serve(struct answer *answer, unsigned function, struct span data)
{
    struct concentrator *concentrator = answer->concentrator;
    struct writer *units = &answer->units;
    enum event_ring ring = function == 1 ? RING_IMPORTANT : RING_GENERAL;

    if (data.size < 2 || function > 2)
        return;
    uint8_t first = data.bytes[0], end = data.bytes[1], written = first;
    do {
        if (units->capacity - units->size < Q376_UNIT_ID_SIZE + ANSWER_HEAD_SIZE + CONCENTRATOR_EVENT_SIZE)
            answer_flush(answer);
        (void)!q376_unit_put(0, function, units);
        first = written;
        written = records_put(concentrator, ring, first, end, units->capacity - units->size, units);
        answer->served++;
        if (written != end && written != first)
            answer_flush(answer);
    } while (written != end && written != first);
    event_told(concentrator, ring, written);
}
