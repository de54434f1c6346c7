#include "meter/core/electricity/electricity_freeze.h"

#include "meter/core/electricity/electricity_internal.h"

#define MINUTES_PER_HOUR 60

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

void electricity_instants_put(struct electricity_instants *instants, const struct electricity_instant *instant)
{
    instants->entries[instants->next] = *instant;
    instants->next = (uint8_t)((instants->next + 1) % ELECTRICITY_INSTANT_LIMIT);
}

const struct electricity_instant *electricity_instants_last(const struct electricity_instants *instants, unsigned n)
{
    if (n == 0 || n > ELECTRICITY_INSTANT_LIMIT)
        return NULL;
    const struct electricity_instant *instant =
        &instants->entries[(instants->next + ELECTRICITY_INSTANT_LIMIT - n) % ELECTRICITY_INSTANT_LIMIT];
    return instant->minute != 0 ? instant : NULL;
}

const struct electricity_instant *electricity_instants_hour(const struct electricity_instants *instants, unsigned n)
{
    const struct electricity_instant *instant;

    if (n == 0 || n > ELECTRICITY_HOUR_LIMIT)
        return NULL;
    for (unsigned i = 1; (instant = electricity_instants_last(instants, i)) != NULL; i++)
        if (instant->minute % MINUTES_PER_HOUR == 0 && --n == 0)
            return instant;
    return NULL;
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

static bool instants_void(struct electricity_instants *instants, uint32_t minute)
{
    bool is_void = false;

    for (unsigned i = 0; i < ELECTRICITY_INSTANT_LIMIT; i++) {
        unsigned place = (instants->next + ELECTRICITY_INSTANT_LIMIT - 1u) % ELECTRICITY_INSTANT_LIMIT;
        if (instants->entries[place].minute <= minute)
            break;
        instants->entries[place].minute = 0;
        instants->next = (uint8_t)place;
        is_void = true;
    }
    return is_void;
}

bool electricity_freezes_void(struct electricity_meter *meter, uint32_t minute)
{
    bool is_void = instants_void(&meter->instants, minute);

    for (unsigned kind = 0; kind < ELECTRICITY_FREEZE_KIND_COUNT; kind++)
        if (kind != ELECTRICITY_FREEZE_INSTANT)
            is_void = freezes_void(&meter->freezes, (enum electricity_freeze_kind)kind, minute) || is_void;
    return is_void;
}

static bool instant_is_there(const struct electricity_instants *instants, uint32_t minute)
{
    for (size_t i = 0; i < ELECTRICITY_INSTANT_LIMIT; i++)
        if (instants->entries[i].minute == minute)
            return true;
    return false;
}

int electricity_instant_take(struct electricity_meter *meter, uint32_t minute)
{
    struct electricity_instant instant = { minute, electricity_cents_of(electricity_forward_mwh(meter, 0)),
                                           electricity_cents_of(electricity_reverse_mwh(meter, 0)) };

    if (instant_is_there(&meter->instants, minute))
        return 0;
    if (meter->uncommitted_mwh > 0 && electricity_store_state(meter) < 0)
        return ELECTRICITY_ERR_FLASH;
    electricity_instants_put(&meter->instants, &instant);
    return electricity_store_instant(meter, &instant);
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
