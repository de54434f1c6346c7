/* The archive of a whole city, written in bulk: for programs that measure how the platform bears its size.
 *
 * A hundred meters make a building, twenty buildings an estate, fifty estates a district. Every meter has a room, a customer
 * with a phone, a supply contract, a wallet and a state; a few are faulty, alarm, are silent or cut off. All of it follows
 * from the number of the meter (0 is the first), so that a load generator knows the archive without reading it. */
#ifndef METERWORKS_CITY_ARCHIVE_H
#define METERWORKS_CITY_ARCHIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/town_names.h"
#include "store/store.h"

#define CITY_BUILDING_METERS 100
#define CITY_ESTATE_BUILDINGS 20
#define CITY_DISTRICT_ESTATES 50
#define CITY_METERS_LIMIT 20000000

struct city_archive_config {
    uint32_t meters;        /* 1 to CITY_METERS_LIMIT */
    int32_t days;           /* midnights of each meter, 0 to 64, up to and with `today` */
    int32_t today;          /* local days since 1970 */
    int32_t zone_offset_s;
    uint32_t tenant_id;
    uint32_t root_area_id;  /* the company itself */
    int64_t tariff_id;
    int64_t look_s;         /* when billing first looks at the accounts */
    int64_t paid_fen;       /* what every prepaid wallet holds, paid in cash; 0: nothing */
    int32_t report_from_s;  /* second of the day from which meters report, spread over six hours; 0: 3,600 */
    uint32_t late_every;    /* of so many meters the last has not reported `today` yet (days 2 or more); 0: all have */
    /* After each slice of a step; may be NULL. false: leave off */
    bool (*tell)(void *context, const char *step, uint64_t done, uint64_t total);
    void *tell_context;
};

/* Write the archive into a store whose tenant has no meters, customers or accounts yet. Nothing is synchronised to the disk
 * and indexes are built at the end: a store in which this was cut short is of no use.
 * returns  0; STORE_ERR_* (STORE_ERR_INTERRUPTED: it was told to leave off) */
int city_archive_write(struct store *store, const struct city_archive_config *config);

/* Whether it was left out of `today`; whether its account prepays on the platform. */
static inline bool city_meter_is_late(const struct city_archive_config *config, uint32_t index)
{
    return config->late_every > 0 && index % config->late_every == config->late_every - 1;
}

static inline bool city_meter_is_prepaid(uint32_t index)
{
    return index % 10 < 7;
}

/* What is known of meter `index` (its device_id is index + 1). */
uint64_t city_meter_imei(uint32_t index);               /* 15 digits, check digit right */
void city_meter_number(uint32_t index, char out[16]);   /* 12 digits */
void city_meter_room(uint32_t index, char out[16]);     /* "2504" */
void city_customer_name(uint32_t index, struct town_name *out);
void city_customer_number(uint32_t index, char out[16]);
void city_customer_phone(uint32_t index, char out[16]); /* 11 digits of a range that nobody has */
void city_estate_name(uint32_t estate, char out[64]);
void city_district_name(uint32_t district, char out[64]);

/* Use of a day and the register at local midnight of a day, ml. */
int64_t city_meter_daily_ml(uint32_t index);
int64_t city_meter_register_ml(const struct city_archive_config *config, uint32_t index, int32_t day);

#endif
