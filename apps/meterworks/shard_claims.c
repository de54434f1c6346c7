#include "apps/meterworks/shard_claims.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/map.h"
#include "link/shard_number.h"

#define SECURED_ONLY ((uint64_t)1 << 63)

struct shard_claims {
    unsigned width;
    const struct device_directory *directory;
    struct map imeis; /* number of a device that is not served by its shard: its IMEI, SECURED_ONLY beside it */
};

struct shard_claims *shard_claims_open(unsigned width, const struct device_directory *directory)
{
    struct shard_claims *claims = calloc(1, sizeof *claims);

    if (claims != NULL) /* numbers are ours, not a stranger's to choose: no secret seed */
        *claims = (struct shard_claims){ width, directory, map_make(SHARD_CLAIMS_LIMIT, 1) };
    return claims;
}

void shard_claims_close(struct shard_claims *claims)
{
    if (claims != NULL)
        map_release(&claims->imeis);
    free(claims);
}

static uint32_t shard_of(const struct shard_claims *claims, uint32_t number)
{
    return shard_number_shard(claims->width, number);
}

static void claim_keep(struct shard_claims *claims, uint64_t imei, struct dialog_device device, uint32_t winner)
{
    char name[24];
    int result = map_put(&claims->imeis, device.device_id, imei | (device.secured_only ? SECURED_ONLY : 0));

    (void)snprintf(name, sizeof name, "%015" PRIu64, imei);
    log_write(LOG_WIRE, LOG_WARNING, name, "in the archives of shards %u and %u: shard %u serves it%s",
              (unsigned)shard_of(claims, winner), (unsigned)shard_of(claims, device.device_id),
              (unsigned)shard_of(claims, winner), result < 0 ? "; there are too many of these to remember the other" : "");
}

bool shard_claims_admit(struct shard_claims *claims, uint64_t imei, struct dialog_device device, uint32_t *loser)
{
    struct dialog_device holder;
    bool told = map_remove(&claims->imeis, device.device_id);

    if (!device_directory_find(claims->directory, imei, &holder) ||
        shard_of(claims, holder.device_id) == shard_of(claims, device.device_id))
        return true;
    if (shard_of(claims, device.device_id) < shard_of(claims, holder.device_id)) {
        claim_keep(claims, imei, holder, device.device_id);
        *loser = holder.device_id;
        return true;
    }
    if (told) /* and said already */
        (void)map_put(&claims->imeis, device.device_id, imei | (device.secured_only ? SECURED_ONLY : 0));
    else
        claim_keep(claims, imei, device, holder.device_id);
    return false;
}

void shard_claims_withdraw(struct shard_claims *claims, uint32_t number)
{
    (void)map_remove(&claims->imeis, number);
}

bool shard_claims_next(struct shard_claims *claims, uint64_t imei, struct dialog_device *out)
{
    struct map_slot claim;
    struct dialog_device next = { 0 };
    size_t position = 0;

    while (map_next(&claims->imeis, &position, &claim)) {
        uint32_t number = (uint32_t)claim.key;
        if ((claim.value & ~SECURED_ONLY) == imei &&
            (next.device_id == 0 || shard_of(claims, number) < shard_of(claims, next.device_id)))
            next = (struct dialog_device){ number, claim.value & SECURED_ONLY };
    }
    if (next.device_id == 0)
        return false;
    (void)map_remove(&claims->imeis, next.device_id);
    *out = next;
    return true;
}
