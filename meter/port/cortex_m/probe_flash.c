#include "meter/port/cortex_m/probe_flash.h"

#include <string.h>

int probe_flash_read(void *context, uint32_t offset, void *bytes, uint32_t size)
{
    (void)context;
    (void)offset;
    memset(bytes, 0xff, size);
    return 0;
}

int probe_flash_program(void *context, uint32_t offset, const void *bytes, uint32_t size)
{
    (void)context;
    (void)offset;
    (void)bytes;
    (void)size;
    return -1;
}

int probe_flash_erase(void *context, uint16_t sector)
{
    (void)context;
    (void)sector;
    return 0;
}
