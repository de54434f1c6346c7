/* A flash that is always empty, for devices that are linked only to be measured. */
#ifndef METER_PORT_CORTEX_M_PROBE_FLASH_H
#define METER_PORT_CORTEX_M_PROBE_FLASH_H

#include "meter/hal.h"

/* As in struct meter_hal: reads find erased bytes, programs fail. */
int probe_flash_read(void *context, uint32_t offset, void *bytes, uint32_t size);
int probe_flash_program(void *context, uint32_t offset, const void *bytes, uint32_t size);
int probe_flash_erase(void *context, uint16_t sector);

#endif
