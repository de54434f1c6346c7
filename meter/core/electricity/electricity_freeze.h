/* Registers as they stood at certain moments: DL/T 645-2007 table A.6 and the settlements of table A.1. */
#ifndef METER_CORE_ELECTRICITY_ELECTRICITY_FREEZE_H
#define METER_CORE_ELECTRICITY_ELECTRICITY_FREEZE_H

#include <stddef.h>
#include <stdint.h>

#define ELECTRICITY_TARIFF_COUNT 4

/* kind, how many are kept */
#define ELECTRICITY_FREEZES(ROW) \
    ROW(DAILY, 31)      /* midnights: 0506nnxx */ \
    ROW(SETTLEMENT, 12) /* 0507nnxx, and DI0 01 to 0C of energy */ \
    ROW(INSTANT, 3)     /* 16H with all 99: 0501nnxx */ \
    ROW(TIMED, 12)      /* 16H with a time: 0500nnxx */

#define ELECTRICITY_FREEZE_ENUM(name, limit) ELECTRICITY_FREEZE_##name,
enum electricity_freeze_kind { ELECTRICITY_FREEZES(ELECTRICITY_FREEZE_ENUM) ELECTRICITY_FREEZE_KIND_COUNT };
#undef ELECTRICITY_FREEZE_ENUM

#define ELECTRICITY_FREEZE_PLUS(name, limit) +limit
enum { ELECTRICITY_FREEZE_TOTAL = 0 ELECTRICITY_FREEZES(ELECTRICITY_FREEZE_PLUS) };
#undef ELECTRICITY_FREEZE_PLUS

struct electricity_freeze {
    uint32_t minute;                                /* local, since 1970; 0 none */
    uint32_t forward[ELECTRICITY_TARIFF_COUNT + 1]; /* hundredths of a kWh; 0 the total */
    uint32_t reverse[ELECTRICITY_TARIFF_COUNT + 1];
    int32_t power_mw;
};

/* Rings, one behind the other. */
struct electricity_freezes {
    struct electricity_freeze entries[ELECTRICITY_FREEZE_TOTAL];
    uint8_t next[ELECTRICITY_FREEZE_KIND_COUNT]; /* place within its ring */
};

#define ELECTRICITY_INSTANT_LIMIT 192 /* two days of quarter-hours, eight of hours */
#define ELECTRICITY_HOUR_LIMIT 48

/* The totals at a full hour (0504nnxx) or at another instant of the load record (0604). */
struct electricity_instant {
    uint32_t minute;  /* local, since 1970; 0 none */
    uint32_t forward; /* hundredths of a kWh */
    uint32_t reverse;
};

struct electricity_instants {
    struct electricity_instant entries[ELECTRICITY_INSTANT_LIMIT];
    uint8_t next;
};

/* The same two functions for instants as for freezes below. */
void electricity_instants_put(struct electricity_instants *instants, const struct electricity_instant *instant);
const struct electricity_instant *electricity_instants_last(const struct electricity_instants *instants, unsigned n);

/* The last n-th at a full hour, 1 the newest.
 * returns  NULL when there is none (yet), or n is 0 or above ELECTRICITY_HOUR_LIMIT */
const struct electricity_instant *electricity_instants_hour(const struct electricity_instants *instants, unsigned n);

/* Put behind the newest; the oldest goes. */
void electricity_freezes_put(struct electricity_freezes *freezes, enum electricity_freeze_kind kind,
                             const struct electricity_freeze *freeze);

/* The last n-th, 1 the newest.
 * returns  NULL when there is none (yet), or n is 0 or more than are kept */
const struct electricity_freeze *electricity_freezes_last(const struct electricity_freezes *freezes,
                                                          enum electricity_freeze_kind kind, unsigned n);

/* The one of that moment; NULL. */
const struct electricity_freeze *electricity_freezes_find(const struct electricity_freezes *freezes,
                                                          enum electricity_freeze_kind kind, uint32_t minute);

/* How many of the kind are kept at most. */
unsigned electricity_freezes_limit(enum electricity_freeze_kind kind);

#endif
