/* What the core and the gate tell each other of lines: which there are. */
#include "apps/meterworks/core_internal.h"

#include "base/log.h"
#include "registry/registry_line.h"

bool core_line_tell(struct core *core, uint32_t device_id)
{
    const struct core_ports *ports = &core->config.ports;
    struct line_record record;

    if (ports->line_put == NULL || registry_line_of(core->registry, device_id) != device_id)
        return true;
    if (registry_line_record_fill(core->registry, device_id, &record) < 0) {
        log_write(LOG_STORE, LOG_ERROR, "", "line %u cannot be read and is not served", (unsigned)device_id);
        return true;
    }
    return ports->line_put(ports->context, &record);
}

void core_lines_tell(struct core *core)
{
    uint32_t position = core->line_position;
    uint32_t line_id;

    while ((line_id = registry_line_next(core->registry, &position)) != 0) {
        if (!core_line_tell(core, line_id))
            return;
        core->line_position = position;
    }
}
