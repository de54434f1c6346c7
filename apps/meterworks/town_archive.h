/* The planned town as an archive of the platform: tenant, people who sign in, places, meters, tariffs, customers and
 * accounts, entered through the core's own calls. */
#ifndef APPS_METERWORKS_TOWN_ARCHIVE_H
#define APPS_METERWORKS_TOWN_ARCHIVE_H

#include <stdint.h>

#include "apps/meterworks/core.h"
#include "sim/town_plan.h"

#define TOWN_PASSWORD "meterworks-demo"
#define TOWN_LANDLORD "云榕水务"

struct town_archive {
    struct core *core;              /* used by one thread, before the server starts */
    const struct town_plan *plan;
    uint32_t tenant_id;
    uint32_t root_area_id;
    int64_t tariff_ids[TOWN_TARIFF_COUNT];
    int64_t *area_ids;              /* by index of the plan */
    int64_t *device_ids;            /* by home */
    int64_t *customer_ids;
    int64_t *account_ids;           /* 0: none yet */
};

/* returns  0; -1 no memory */
int town_archive_open(struct town_archive *archive, struct core *core, const struct town_plan *plan);

/* Accepts a zero one. */
void town_archive_close(struct town_archive *archive);

/* Tenant, people, tariffs, places, meters and customers, at now_s.
 * problem  one sentence when it fails
 * returns  0; negative */
int town_archive_enter(struct town_archive *archive, int64_t now_s, char problem[256]);

/* Open the accounts of one way of paying, with their opening payments.
 * opening_fen  of each home by its index; 0: no payment
 * returns  0; negative with `problem` */
int town_archive_accounts_open(struct town_archive *archive, enum town_payment payment, const int64_t *opening_fen,
                               int64_t now_s, char problem[256]);

#endif
