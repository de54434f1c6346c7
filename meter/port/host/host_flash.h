/* Flash in memory, sector by sector as it is first written, that can lose power at any operation. */
#ifndef METER_PORT_HOST_HOST_FLASH_H
#define METER_PORT_HOST_HOST_FLASH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/random.h"
#include "meter/hal.h"

#define HOST_FLASH_SECTOR_LIMIT 256

/* How the operation that loses power ends. */
enum host_flash_tear {
    HOST_FLASH_TEAR_BEFORE, /* nothing of it happened */
    HOST_FLASH_TEAR_PREFIX, /* the first bytes of it */
    HOST_FLASH_TEAR_BITS,   /* some of the bits, anywhere */
    HOST_FLASH_TEAR_AFTER,  /* all of it, but nobody was told */
    HOST_FLASH_TEAR_COUNT
};

struct host_flash {
    struct meter_flash_geometry geometry;
    uint8_t **sectors; /* NULL: erased throughout */
    uint32_t erasures[HOST_FLASH_SECTOR_LIMIT];
    uint64_t operations;  /* programs and erases since it was made */
    uint64_t cut_at;      /* the operation of this number loses power; 0 never */
    uint8_t tear;         /* enum host_flash_tear */
    bool cut;             /* power is gone: all fails until host_flash_restore */
    bool overprogrammed;  /* a program unit was written twice without erasure: a fault of the core */
    struct random random; /* for torn bits */
};

/* sector_count at most HOST_FLASH_SECTOR_LIMIT. Without memory it has no sectors, and all fails. */
void host_flash_open(struct host_flash *flash, struct meter_flash_geometry geometry, uint64_t seed);
void host_flash_close(struct host_flash *flash);

/* Power is back; a cut_at still to come stays. */
void host_flash_restore(struct host_flash *flash);

/* As in struct meter_hal, -1 on failure.
 * flash  struct host_flash, or a host that begins with one */
int host_flash_read(void *flash, uint32_t offset, void *bytes, uint32_t size);
int host_flash_program(void *flash, uint32_t offset, const void *bytes, uint32_t size);
int host_flash_erase(void *flash, uint16_t sector);

/* A hal that lends this flash and nothing else. */
struct meter_hal host_flash_hal(struct host_flash *flash);

#endif
