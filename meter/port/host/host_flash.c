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

int host_flash_read(const struct host_flash *flash, uint32_t offset, void *bytes, uint32_t size)
{
    uint32_t sector = 0, at = 0;
    if (!place_find(flash, offset, size, &sector, &at))
        return -1;
    if (flash->sectors[sector] == NULL)
        memset(bytes, ERASED, size);
    else
        memcpy(bytes, flash->sectors[sector] + at, size);
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

int host_flash_program(struct host_flash *flash, uint32_t offset, const void *bytes, uint32_t size)
{
    const uint8_t *from = bytes;
    uint32_t sector = 0, at = 0, unit = flash->geometry.program_size;
    if (!place_find(flash, offset, size, &sector, &at) || at % unit != 0 || size % unit != 0)
        return -1;
    uint8_t *place = sector_use(flash, sector);
    if (place == NULL)
        return -1;
    place += at;
    for (uint32_t i = 0; i < size; i++)
        flash->overprogrammed = flash->overprogrammed || place[i] != ERASED;
    if (power_is_lost(flash)) {
        torn_program(flash, place, from, size);
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

int host_flash_erase(struct host_flash *flash, uint16_t sector)
{
    if (flash->cut || sector >= flash->geometry.sector_count)
        return -1;
    if (power_is_lost(flash)) {
        if (flash->sectors[sector] != NULL)
            torn_erase(flash, flash->sectors[sector]);
        return -1;
    }
    free(flash->sectors[sector]);
    flash->sectors[sector] = NULL;
    flash->erasures[sector]++;
    return 0;
}
