#include "reading/interval.h"

#include <string.h>

#include "base/wide.h"
#include "reading/reading_internal.h"

#define BEGIN_CANDIDATES 8   /* values tried as the beginning when no midnight says it */
#define BEFORE_DAY (-1)      /* the slot of the midnight before */
#define LAST_SLOT (INTERVAL_SLOTS - 1)
#define HOUR_SLOTS 4
#define NIGHT_FROM_SLOT 4    /* the quarter that begins at 01:00 */
#define NIGHT_TO_SLOT 20     /* ... at 05:00 */
#define STILL_UNKNOWN_LIMIT 8
#define LIMIT_LARGEST (INT64_MAX / 256)

/* The last place of the usual dial: 1 L, 0.01 kWh. */
static const int64_t dial_units[DEVICE_KIND_COUNT] = {
    [DEVICE_KIND_NONE] = 1,           [DEVICE_KIND_COLD_WATER] = 1000, [DEVICE_KIND_HOT_WATER] = 1000,
    [DEVICE_KIND_ELECTRICITY] = 10000, [DEVICE_KIND_GAS] = 1000,       [DEVICE_KIND_HEAT] = 36000,
};

bool interval_state_believed(uint8_t state)
{
    return state < INTERVAL_RANGE;
}

const char *interval_state_name(uint8_t state)
{
    static const char *const names[] = { "good", "doubted", "conflict", "range", "spike", "backward", "midnight" };
    return state < sizeof names / sizeof names[0] ? names[state] : "gap";
}

void interval_day_clear(struct interval_day *day)
{
    memset(day->values, 0, sizeof day->values);
    memset(day->states, INTERVAL_GAP, sizeof day->states);
}

struct interval_bounds interval_bounds_of(const struct registry_device *device)
{
    int64_t slot_limit = device->flow_limit_value_per_h / HOUR_SLOTS + 1;
    return (struct interval_bounds){
        .modulus_value = device->register_modulus_value,
        .slot_limit_value = slot_limit < LIMIT_LARGEST ? slot_limit : LIMIT_LARGEST,
        .dial_unit_value = device->kind < DEVICE_KIND_COUNT ? dial_units[device->kind] : 1,
    };
}

/* A believed place to measure the next one from. */
struct place {
    int64_t value;
    int slot;
    bool known;
    bool midnight;
};

static enum interval_state step_judge(const struct interval_bounds *bounds, const struct place *from, int slot,
                                      int64_t value)
{
    if (!from->known)
        return INTERVAL_GOOD;
    int64_t grown_value = value - from->value;
    if (grown_value < 0 && from->midnight && grown_value >= -bounds->dial_unit_value)
        return INTERVAL_GOOD;
    bool wrapped = grown_value < 0;
    if (wrapped)
        grown_value += bounds->modulus_value;
    if (grown_value <= (slot - from->slot + 1) * bounds->slot_limit_value)
        return INTERVAL_GOOD;
    return wrapped ? INTERVAL_BACKWARD : INTERVAL_SPIKE;
}

static bool end_reachable(const struct interval_bounds *bounds, int slot, int64_t value)
{
    int64_t left_value = bounds->midnight_values[1] - value;
    if (left_value >= -bounds->dial_unit_value && left_value <= bounds->dial_unit_value)
        return true;
    if (slot == LAST_SLOT)
        return false;
    if (left_value < 0)
        left_value += bounds->modulus_value;
    return left_value <= (LAST_SLOT - slot + 1) * bounds->slot_limit_value;
}

static enum interval_state value_judge(const struct interval_bounds *bounds, const struct place *from, int slot,
                                       int64_t value)
{
    if (value < 0 || value >= bounds->modulus_value)
        return INTERVAL_RANGE;
    enum interval_state state = step_judge(bounds, from, slot, value);
    if (state == INTERVAL_GOOD && bounds->midnight_known[1] && !end_reachable(bounds, slot, value))
        return INTERVAL_MIDNIGHT;
    return state;
}

/* Judge from slot `begin` on; values before it contradict the beginning that was chosen.
 * returns  how many are believed */
static unsigned day_walk(const struct interval_bounds *bounds, const struct interval_day *day, int begin,
                         uint8_t states[INTERVAL_SLOTS])
{
    struct place from = { bounds->midnight_values[0], BEFORE_DAY, bounds->midnight_known[0], true };
    unsigned believed = 0;

    for (int slot = 0; slot < INTERVAL_SLOTS; slot++) {
        uint8_t old = day->states[slot];
        states[slot] = INTERVAL_GAP;
        if (old == INTERVAL_GAP)
            continue;
        enum interval_state state =
            slot < begin ? INTERVAL_SPIKE : value_judge(bounds, &from, slot, day->values[slot]);
        states[slot] = state == INTERVAL_GOOD && interval_state_believed(old) ? old : (uint8_t)state;
        if (state != INTERVAL_GOOD)
            continue;
        from = (struct place){ day->values[slot], slot, true, false };
        believed++;
    }
    return believed;
}

/* Nothing says where the day begins: the first value does, unless too few agree with it. */
static unsigned begin_choose(const struct interval_bounds *bounds, const struct interval_day *day, unsigned present,
                             unsigned believed, uint8_t states[INTERVAL_SLOTS])
{
    uint8_t tried[INTERVAL_SLOTS];
    unsigned candidates = 0;

    for (int slot = 0; slot < INTERVAL_SLOTS && candidates < BEGIN_CANDIDATES && believed < present; slot++) {
        if (day->states[slot] == INTERVAL_GAP)
            continue;
        if (candidates++ == 0)
            continue;
        unsigned found = day_walk(bounds, day, slot, tried);
        if (found <= believed)
            continue;
        believed = found;
        memcpy(states, tried, sizeof tried);
    }
    return believed;
}

/* Hours when all values lie on hours, half hours likewise, else quarters. */
static uint8_t period_find(const struct interval_day *day)
{
    unsigned odd = 0;
    for (unsigned slot = 0; slot < INTERVAL_SLOTS; slot++)
        if (day->states[slot] != INTERVAL_GAP)
            odd |= (slot + 1) % HOUR_SLOTS;
    return (odd & 1) != 0 ? 1 : odd != 0 ? 2 : HOUR_SLOTS;
}

static void sum_check(const struct interval_bounds *bounds, const struct interval_day *day,
                      struct interval_summary *summary)
{
    uint8_t state = day->states[LAST_SLOT];
    summary->sum_checked = bounds->midnight_known[1] && state != INTERVAL_GAP;
    summary->sum_differs = summary->sum_checked && !interval_state_believed(state);
}

void interval_day_judge(const struct interval_bounds *bounds, struct interval_day *day, struct interval_summary *summary)
{
    uint8_t states[INTERVAL_SLOTS];
    unsigned present = 0;

    for (unsigned slot = 0; slot < INTERVAL_SLOTS; slot++)
        present += day->states[slot] != INTERVAL_GAP;
    unsigned believed = day_walk(bounds, day, 0, states);
    if (!bounds->midnight_known[0] && believed < present)
        believed = begin_choose(bounds, day, present, believed, states);
    memcpy(day->states, states, sizeof states);
    *summary = (struct interval_summary){ .period_slots = period_find(day),
                                          .believed = (uint8_t)believed,
                                          .refused = (uint8_t)(present - believed) };
    summary->missing = (uint8_t)(INTERVAL_SLOTS / summary->period_slots - present);
    sum_check(bounds, day, summary);
}

unsigned interval_day_merge(struct interval_day *day, const struct interval_day *fresh, unsigned *repeated,
                            uint32_t displaced[INTERVAL_SLOTS / 32], int64_t others[INTERVAL_SLOTS])
{
    unsigned changed = 0;

    *repeated = 0;
    memset(displaced, 0, INTERVAL_SLOTS / 8);
    for (unsigned slot = 0; slot < INTERVAL_SLOTS; slot++) {
        if (fresh->states[slot] == INTERVAL_GAP)
            continue;
        uint8_t stored = day->states[slot];
        if (stored != INTERVAL_GAP && day->values[slot] == fresh->values[slot]) {
            ++*repeated;
            continue;
        }
        changed++;
        if (stored == INTERVAL_GAP) {
            day->values[slot] = fresh->values[slot];
            day->states[slot] = fresh->states[slot];
            continue;
        }
        displaced[slot / 32] |= UINT32_C(1) << slot % 32;
        others[slot] = interval_state_believed(stored) ? fresh->values[slot] : day->values[slot];
        if (!interval_state_believed(stored))
            day->values[slot] = fresh->values[slot];
        day->states[slot] = INTERVAL_CONFLICT;
    }
    return changed;
}

/* What flowed since the beginning of the day at each instant; entry 0 is the midnight, entry k + 1 slot k. */
struct curve {
    int64_t flowed[INTERVAL_SLOTS + 1];
    uint8_t marks[INTERVAL_SLOTS + 1];
};

/* Between two known instants growth is spread evenly. */
static void stretch_estimate(struct curve *curve, int from, int to)
{
    int64_t grown = curve->flowed[to] - curve->flowed[from];
    for (int i = from + 1; i < to; i++) {
        int64_t part = 0;
        (void)wide_multiply_divide_truncate(grown, i - from, to - from, &part);
        curve->flowed[i] = curve->flowed[from] + part;
        curve->marks[i] = INTERVAL_ESTIMATED;
    }
}

/* The next instant whose dial is known, at or behind `at`; false behind the last. */
static bool dial_find(const struct interval_bounds *bounds, const struct interval_day *day, int *at, int64_t *value)
{
    for (; *at <= INTERVAL_SLOTS; ++*at) {
        if (*at > 0 && interval_state_believed(day->states[*at - 1])) {
            *value = day->values[*at - 1];
            return true;
        }
        bool is_end = *at == INTERVAL_SLOTS;
        if ((*at == 0 || is_end) && bounds->midnight_known[is_end]) {
            *value = bounds->midnight_values[is_end];
            return true;
        }
    }
    return false;
}

/* A midnight and an instant may differ by a unit of the dial, and that is no growth over its end. */
static int64_t growth_of(const struct registry_device *device, const struct interval_bounds *bounds, int64_t from,
                         int64_t to, int64_t multiplier_e3)
{
    if (to < from && from - to <= bounds->dial_unit_value)
        return 0;
    return reading_growth_value(device, from, to, multiplier_e3);
}

static void curve_make(const struct registry_device *device, const struct interval_bounds *bounds,
                       const struct interval_day *day, int64_t multiplier_e3, struct curve *curve)
{
    int64_t value = 0, before = 0;
    int last = -1;

    memset(curve->flowed, 0, sizeof curve->flowed);
    memset(curve->marks, INTERVAL_UNKNOWN, sizeof curve->marks);
    for (int at = 0; dial_find(bounds, day, &at, &value); at++) {
        if (last >= 0) {
            curve->flowed[at] = curve->flowed[last] + growth_of(device, bounds, before, value, multiplier_e3);
            stretch_estimate(curve, last, at);
        }
        curve->marks[at] = INTERVAL_MEASURED;
        before = value;
        last = at;
    }
}

void interval_use_make(const struct registry_device *device, const struct interval_bounds *bounds,
                       const struct interval_day *day, unsigned slots, int64_t multiplier_e3, struct interval_use *use)
{
    struct curve curve;

    curve_make(device, bounds, day, multiplier_e3, &curve);
    use->count = (uint8_t)(INTERVAL_SLOTS / slots);
    for (unsigned i = 0; i < use->count; i++) {
        unsigned from = i * slots, to = from + slots;
        uint8_t mark = curve.marks[from] > curve.marks[to] ? curve.marks[from] : curve.marks[to];
        use->marks[i] = mark;
        use->values[i] = mark == INTERVAL_UNKNOWN ? 0 : curve.flowed[to] - curve.flowed[from];
    }
}

int64_t interval_night_minimum(const struct interval_use *quarters)
{
    int64_t least = INTERVAL_NIGHT_UNKNOWN;

    for (unsigned from = NIGHT_FROM_SLOT; quarters->count == INTERVAL_SLOTS && from + HOUR_SLOTS <= NIGHT_TO_SLOT;
         from++) {
        int64_t hour = 0;
        bool measured = true;
        for (unsigned i = from; i < from + HOUR_SLOTS; i++) {
            hour += quarters->values[i];
            measured = measured && quarters->marks[i] == INTERVAL_MEASURED;
        }
        if (measured && (least == INTERVAL_NIGHT_UNKNOWN || hour < least))
            least = hour;
    }
    return least;
}

bool interval_never_still(const struct interval_use *quarters)
{
    unsigned measured = 0;

    for (unsigned i = 0; i < quarters->count; i++) {
        if (quarters->marks[i] != INTERVAL_MEASURED)
            continue;
        measured++;
        if (quarters->values[i] <= 0)
            return false;
    }
    return quarters->count == INTERVAL_SLOTS && measured + STILL_UNKNOWN_LIMIT >= INTERVAL_SLOTS;
}
