#include "meter/core/electricity/electricity_event.h"

#include "meter/core/electricity/electricity_internal.h"

void electricity_events_put(struct electricity_events *events, enum electricity_event_kind kind, uint32_t number,
                            const struct electricity_event *event)
{
    events->records[kind][number % ELECTRICITY_EVENT_LIMIT] = *event;
    events->counts[kind] = number;
}

const struct electricity_event *electricity_events_last(const struct electricity_events *events,
                                                        enum electricity_event_kind kind, unsigned n)
{
    uint32_t count = events->counts[kind];
    if (n == 0 || n > ELECTRICITY_EVENT_LIMIT || n > count)
        return NULL;
    return &events->records[kind][(count + 1 - n) % ELECTRICITY_EVENT_LIMIT];
}

void electricity_event_note(struct electricity_meter *meter, enum electricity_event_kind kind,
                            const struct electricity_event *event)
{
    uint32_t number = meter->events.counts[kind] + 1;
    electricity_events_put(&meter->events, kind, number, event);
    (void)electricity_store_event(meter, kind, number);
}

void electricity_event_amend(struct electricity_meter *meter, enum electricity_event_kind kind,
                             const struct electricity_event *event)
{
    uint32_t number = meter->events.counts[kind];
    electricity_events_put(&meter->events, kind, number, event);
    (void)electricity_store_event(meter, kind, number);
}
