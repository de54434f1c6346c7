/* What the files of the collector share. */
#ifndef METER_CORE_COLLECTOR_INTERNAL_H
#define METER_CORE_COLLECTOR_INTERNAL_H

#include "base/writer.h"
#include "meter/core/collector/collector.h"

#define COLLECTOR_PLACE_NONE 0xff

/* collector_store.c: in RAM and flash, or in neither. return 0; COLLECTOR_ERR_FLASH */
int collector_load(struct collector *collector);
int collector_entry_change(struct collector *collector, uint8_t place, const struct collector_entry *entry);
int collector_settings_change(struct collector *collector, const struct dlt645_address *address, uint16_t poll_minutes);

void collector_entry_write(const struct collector_entry *entry, struct writer *out);
bool collector_entry_is_allowed(const struct collector_entry *entry);
/* bytes: COLLECTOR_ENTRY_SIZE. returns 0; COLLECTOR_ERR_CONFIG for one that cannot be */
int collector_entry_read(struct span bytes, struct collector_entry *out);

/* collector_own.c: answer a frame to the collector itself; nothing written is silence. */
void collector_own_answer(struct collector *collector, const struct dlt645_frame *frame, struct writer *out);

#endif
