#include <stdarg.h>
#include <stdio.h>

#include "apps/meterworks/core_internal.h"

void core_live_add(struct core *core, uint32_t tenant_id, uint32_t area_id, enum live_kind kind, const char *format,
                   ...)
{
    struct core_live_event *event;
    va_list arguments;
    int size;

    if (core->config.live == NULL)
        return;
    /* In a storm of reports there is always room for what an alarm or a payment says. */
    if (core->live_count >= (kind == LIVE_READING ? CORE_LIVE_READING_LIMIT : CORE_LIVE_LIMIT)) {
        counter_increment(&core->counters, CORE_LIVE_DROPPED);
        return;
    }
    event = &core->live[core->live_count];
    event->tenant_id = tenant_id;
    event->area_id = area_id;
    event->kind = kind;
    va_start(arguments, format);
    size = vsnprintf(event->json, sizeof event->json, format, arguments);
    va_end(arguments);
    if (size > 0 && (size_t)size < sizeof event->json)
        core->live_count++;
    else
        counter_increment(&core->counters, CORE_LIVE_DROPPED);
}

void core_live_flush(struct core *core)
{
    for (size_t i = 0; i < core->live_count; i++) {
        const struct core_live_event *event = &core->live[i];
        const struct area_record *area = registry_area_find(core->registry, event->area_id);

        live_publish(core->config.live, event->tenant_id, area != NULL ? area->path : NULL, event->kind, event->json);
    }
    core->live_count = 0;
}
