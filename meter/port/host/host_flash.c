#include "meter/port/host/host_flash.h"

#include <stdlib.h>
#include <string.h>

#define ERASED 0xff

void host_flash_open(struct host_flash *flash, struct meter_flash_geometry geometry, uint64_t seed)
{
    memset(flash, 0, sizeof *flash);
    flash->geometry = geometry;
    if (flash->geometry.sector_count > HOST_FLASH_SECTOR_LIMIT)
        flash->geometry.sector_count = HOST_FLASH_SECTOR_LIMIT;
    flash->sectors = calloc(flash->geometry.sector_count, sizeof flash->sectors[0]);
    if (flash->sectors == NULL)
        flash->geometry.sector_count = 0;
    flash->random = random_of_seed(seed);
}

void host_flash_close(struct host_flash *flash)
{
    for (size_t i = 0; i < flash->geometry.sector_count; i++)
        free(flash->sectors[i]);
    free(flash->sectors);
    flash->sectors = NULL;
    flash->geometry.sector_count = 0;
}

void host_flash_restore(struct host_flash *flash)
{
    flash->cut = false;
}

/* Is this the operation that loses power? */
static bool power_is_lost(struct host_flash *flash)
{
    flash->operations++;
    flash->cut = flash->operations == flash->cut_at;
    return flash->cut;
}

static bool place_find(const struct host_flash *flash, uint32_t offset, uint32_t size, uint32_t *sector, uint32_t *at)
{
    uint32_t sector_size = flash->geometry.sector_size;
    *sector = offset / sector_size;
    *at = offset % sector_size;
    return !flash->cut && *sector < flash->geometry.sector_count && size <= sector_size - *at;
}

int host_flash_read(void *flash, uint32_t offset, void *bytes, uint32_t size)
{
    const struct host_flash *own = flash;
    uint32_t sector = 0, at = 0;
    if (!place_find(own, offset, size, &sector, &at))
        return -1;
    if (own->sectors[sector] == NULL)
        memset(bytes, ERASED, size);
    else
        memcpy(bytes, own->sectors[sector] + at, size);
    return 0;
}

static uint8_t *sector_use(struct host_flash *flash, uint32_t sector)
{
    if (flash->sectors[sector] == NULL) {
        flash->sectors[sector] = malloc(flash->geometry.sector_size);
        if (flash->sectors[sector] != NULL)
            memset(flash->sectors[sector], ERASED, flash->geometry.sector_size);
    }
    return flash->sectors[sector];
}

static void torn_program(struct host_flash *flash, uint8_t *place, const uint8_t *bytes, uint32_t size)
{
    uint32_t end = flash->tear == HOST_FLASH_TEAR_PREFIX ? (uint32_t)random_below(&flash->random, size) : size;
    if (flash->tear == HOST_FLASH_TEAR_BEFORE)
        return;
    for (uint32_t i = 0; i < end; i++) {
        uint8_t kept = flash->tear == HOST_FLASH_TEAR_BITS ? (uint8_t)random_next(&flash->random) : (uint8_t)0;
        place[i] = (uint8_t)(place[i] & (bytes[i] | kept));
    }
}

int host_flash_program(void *flash, uint32_t offset, const void *bytes, uint32_t size)
{
    struct host_flash *own = flash;
    const uint8_t *from = bytes;
    uint32_t sector = 0, at = 0, unit = own->geometry.program_size;
    if (!place_find(own, offset, size, &sector, &at) || at % unit != 0 || size % unit != 0)
        return -1;
    uint8_t *place = sector_use(own, sector);
    if (place == NULL)
        return -1;
    place += at;
    for (uint32_t i = 0; i < size; i++)
        own->overprogrammed = own->overprogrammed || place[i] != ERASED;
    if (power_is_lost(own)) {
        torn_program(own, place, from, size);
        return -1;
    }
    for (uint32_t i = 0; i < size; i++)
        place[i] &= from[i];
    return 0;
}

/* A broken erasure leaves each bit where it was, or erased. */
static void torn_erase(struct host_flash *flash, uint8_t *place)
{
    uint32_t size = flash->geometry.sector_size;
    uint32_t end = flash->tear == HOST_FLASH_TEAR_PREFIX ? (uint32_t)random_below(&flash->random, size) : size;
    if (flash->tear == HOST_FLASH_TEAR_BEFORE)
        return;
    for (uint32_t i = 0; i < end; i++) {
        bool partly = flash->tear == HOST_FLASH_TEAR_BITS;
        place[i] = partly ? (uint8_t)(place[i] | (uint8_t)random_next(&flash->random)) : (uint8_t)ERASED;
    }
}

int host_flash_erase(void *flash, uint16_t sector)
{
    struct host_flash *own = flash;
    if (own->cut || sector >= own->geometry.sector_count)
        return -1;
    if (power_is_lost(own)) {
        if (own->sectors[sector] != NULL)
            torn_erase(own, own->sectors[sector]);
        return -1;
    }
    free(own->sectors[sector]);
    own->sectors[sector] = NULL;
    own->erasures[sector]++;
    return 0;
}

struct meter_hal host_flash_hal(struct host_flash *flash)
{
    return (struct meter_hal){
        .context = flash,
        .flash = flash->geometry,
        .flash_read = host_flash_read,
        .flash_program = host_flash_program,
        .flash_erase = host_flash_erase,
    };
}
