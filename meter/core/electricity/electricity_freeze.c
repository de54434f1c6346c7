#include "meter/core/electricity/electricity_freeze.h"

#include "meter/core/electricity/electricity_internal.h"

#define LIMIT_OF(name, limit) limit,
static const uint8_t limits[] = { ELECTRICITY_FREEZES(LIMIT_OF) };
#undef LIMIT_OF

unsigned electricity_freezes_limit(enum electricity_freeze_kind kind)
{
    return limits[kind];
}

static unsigned ring_start(enum electricity_freeze_kind kind)
{
    unsigned start = 0;
    for (unsigned i = 0; i < (unsigned)kind; i++)
        start += limits[i];
    return start;
}

void electricity_freezes_put(struct electricity_freezes *freezes, enum electricity_freeze_kind kind,
                             const struct electricity_freeze *freeze)
{
    unsigned place = freezes->next[kind];
    freezes->entries[ring_start(kind) + place] = *freeze;
    freezes->next[kind] = (uint8_t)((place + 1) % limits[kind]);
}

const struct electricity_freeze *electricity_freezes_last(const struct electricity_freezes *freezes,
                                                          enum electricity_freeze_kind kind, unsigned n)
{
    unsigned limit = limits[kind];
    if (n == 0 || n > limit)
        return NULL;
    const struct electricity_freeze *freeze =
        &freezes->entries[ring_start(kind) + (freezes->next[kind] + limit - n) % limit];
    return freeze->minute != 0 ? freeze : NULL;
}

const struct electricity_freeze *electricity_freezes_find(const struct electricity_freezes *freezes,
                                                          enum electricity_freeze_kind kind, uint32_t minute)
{
    for (unsigned n = 1; n <= limits[kind]; n++) {
        const struct electricity_freeze *freeze = electricity_freezes_last(freezes, kind, n);
        if (freeze != NULL && freeze->minute == minute)
            return freeze;
    }
    return NULL;
}

void electricity_hours_put(struct electricity_hours *hours, const struct electricity_hour *hour)
{
    hours->entries[hours->next] = *hour;
    hours->next = (uint8_t)((hours->next + 1) % ELECTRICITY_HOUR_LIMIT);
}

const struct electricity_hour *electricity_hours_last(const struct electricity_hours *hours, unsigned n)
{
    if (n == 0 || n > ELECTRICITY_HOUR_LIMIT)
        return NULL;
    const struct electricity_hour *hour =
        &hours->entries[(hours->next + ELECTRICITY_HOUR_LIMIT - n) % ELECTRICITY_HOUR_LIMIT];
    return hour->minute != 0 ? hour : NULL;
}

/* Void the newest that are of a later minute. returns  whether there was one */
static bool freezes_void(struct electricity_freezes *freezes, enum electricity_freeze_kind kind, uint32_t minute)
{
    bool is_void = false;

    for (unsigned i = 0; i < limits[kind]; i++) {
        unsigned place = (freezes->next[kind] + limits[kind] - 1u) % limits[kind];
        struct electricity_freeze *newest = &freezes->entries[ring_start(kind) + place];
        if (newest->minute <= minute)
            break;
        newest->minute = 0;
        freezes->next[kind] = (uint8_t)place;
        is_void = true;
    }
    return is_void;
}

static bool hours_void(struct electricity_hours *hours, uint32_t minute)
{
    bool is_void = false;

    for (unsigned i = 0; i < ELECTRICITY_HOUR_LIMIT; i++) {
        unsigned place = (hours->next + ELECTRICITY_HOUR_LIMIT - 1u) % ELECTRICITY_HOUR_LIMIT;
        if (hours->entries[place].minute <= minute)
            break;
        hours->entries[place].minute = 0;
        hours->next = (uint8_t)place;
        is_void = true;
    }
    return is_void;
}

bool electricity_freezes_void(struct electricity_meter *meter, uint32_t minute)
{
    bool is_void = hours_void(&meter->hours, minute);

    for (unsigned kind = 0; kind < ELECTRICITY_FREEZE_KIND_COUNT; kind++)
        if (kind != ELECTRICITY_FREEZE_INSTANT)
            is_void = freezes_void(&meter->freezes, (enum electricity_freeze_kind)kind, minute) || is_void;
    return is_void;
}

static bool hour_is_there(const struct electricity_hours *hours, uint32_t minute)
{
    for (size_t i = 0; i < ELECTRICITY_HOUR_LIMIT; i++)
        if (hours->entries[i].minute == minute)
            return true;
    return false;
}

int electricity_hour_take(struct electricity_meter *meter, uint32_t minute)
{
    struct electricity_hour hour = { minute, electricity_cents_of(electricity_forward_mwh(meter, 0)),
                                     electricity_cents_of(electricity_reverse_mwh(meter, 0)) };

    if (hour_is_there(&meter->hours, minute))
        return 0;
    if (meter->uncommitted_mwh > 0 && electricity_store_state(meter) < 0)
        return ELECTRICITY_ERR_FLASH;
    electricity_hours_put(&meter->hours, &hour);
    return electricity_store_hour(meter, &hour);
}

/* The register is written before its freeze: no freeze is above what a restart finds. */
int electricity_freeze_take(struct electricity_meter *meter, enum electricity_freeze_kind kind, uint32_t minute)
{
    struct electricity_freeze freeze;

    if (electricity_freezes_find(&meter->freezes, kind, minute) != NULL)
        return 0;
    freeze.minute = minute;
    freeze.power_mw = meter->sample.power_mw;
    for (unsigned i = 0; i <= ELECTRICITY_TARIFF_COUNT; i++) {
        freeze.forward[i] = electricity_cents_of(electricity_forward_mwh(meter, i));
        freeze.reverse[i] = electricity_cents_of(electricity_reverse_mwh(meter, i));
    }
    if (meter->uncommitted_mwh > 0 && electricity_store_state(meter) < 0)
        return ELECTRICITY_ERR_FLASH;
    electricity_freezes_put(&meter->freezes, kind, &freeze);
    return electricity_store_freeze(meter, kind, &freeze);
}
