/* Load limits (S1-050 to S1-054). The rules, each with how long the excess must stand:
 *
 *   maximum load    power above 04000E01 for 2 s
 *   surge           power at least 04800101 above the lowest power of the 2 s before, for 1 s
 *   malicious load  the same step with 04800102, when it is resistive: the reactive power moved by at most a fifth of
 *                   it, which is a power factor of 0.98 (kettles, heaters; not motors, lamps with drivers, chargers)
 *
 * A trip holds the relay open for three minutes; after more trips on a day than 04800103 allows it stays open until an
 * administrator closes. When the relay closes again, the load is compared with the one before the step that tripped:
 * whoever switched the offending appliance off has his light back, whoever did not trips again. After any other closing
 * the load that comes back is the new reference. */
#include "meter/core/electricity/electricity_internal.h"

#include <string.h>

#define OFF_MS 180000  /* S1-052 */
#define WINDOW_MS 2000 /* a rise within it is a step */
#define PLACE_MS (WINDOW_MS / (ELECTRICITY_SAMPLE_HISTORY - 1))
#define SETTLE_MS 2000   /* after closing, until the load is judged */
#define MW_PER_LIMIT 100 /* limits are in 0.1 W */
#define RESISTIVE 5      /* reactive part of a step: at most one of so many parts */

static const int32_t stands_ms[ELECTRICITY_LIMIT_COUNT] = { 0, 2000, 1000, 1000 };

static int64_t limit_mw(const struct electricity_meter *meter, enum electricity_limit limit)
{
    const struct electricity_parameters *parameters = &meter->parameters;
    const uint8_t *const bytes[ELECTRICITY_LIMIT_COUNT] = { NULL, parameters->load_limit, parameters->surge_limit,
                                                            parameters->malicious_limit };
    return (int64_t)electricity_number(bytes[limit], 3) * MW_PER_LIMIT;
}

static void watch_clear(struct electricity_watch *watch)
{
    watch->is_judging = false;
    for (unsigned i = 0; i < ELECTRICITY_SAMPLE_HISTORY; i++)
        watch->until_ms[i] = INT64_MIN;
    for (unsigned i = 0; i < ELECTRICITY_LIMIT_COUNT; i++)
        watch->since_ms[i] = ELECTRICITY_NEVER;
}

void electricity_limit_open(struct electricity_meter *meter)
{
    watch_clear(&meter->watch);
    meter->watch.close_due_ms = ELECTRICITY_NEVER;
    meter->watch.tripped = ELECTRICITY_LIMIT_NONE;
}

void electricity_limit_closed(struct electricity_meter *meter)
{
    struct electricity_watch *watch = &meter->watch;

    watch_clear(watch);
    watch->settled_ms = meter->now_ms + SETTLE_MS;
    if (watch->tripped == ELECTRICITY_LIMIT_SURGE || watch->tripped == ELECTRICITY_LIMIT_MALICIOUS) {
        watch->history[0] = watch->reference[watch->tripped];
        watch->until_ms[0] = watch->settled_ms;
    }
    watch->tripped = ELECTRICITY_LIMIT_NONE;
}

/* A sample that held for no time is not worth a place. Of those that ended close to each other the lowest has it, so
 * that the places reach through the window however often the port measures. */
static void history_push(struct electricity_meter *meter)
{
    struct electricity_watch *watch = &meter->watch;
    struct electricity_load load = { meter->sample.power_mw, meter->sample.reactive_mvar };
    bool is_close = watch->until_ms[0] / PLACE_MS == meter->now_ms / PLACE_MS;
    size_t moved = ELECTRICITY_SAMPLE_HISTORY - 1;

    if (watch->until_ms[0] == meter->now_ms)
        return;
    if (!is_close) {
        memmove(&watch->history[1], &watch->history[0], moved * sizeof watch->history[0]);
        memmove(&watch->until_ms[1], &watch->until_ms[0], moved * sizeof watch->until_ms[0]);
    }
    if (!is_close || load.power_mw < watch->history[0].power_mw)
        watch->history[0] = load;
    watch->until_ms[0] = meter->now_ms;
}

/* The lowest load that held within the window; NULL: nothing is known of it. */
static const struct electricity_load *load_before(const struct electricity_meter *meter)
{
    const struct electricity_watch *watch = &meter->watch;
    const struct electricity_load *lowest = NULL;

    for (unsigned i = 0; i < ELECTRICITY_SAMPLE_HISTORY; i++)
        if (watch->until_ms[i] != INT64_MIN && watch->until_ms[i] > meter->now_ms - WINDOW_MS &&
            (lowest == NULL || watch->history[i].power_mw < lowest->power_mw))
            lowest = &watch->history[i];
    return lowest;
}

static bool step_exceeds(enum electricity_limit limit, int64_t allowed_mw, const struct electricity_load *before,
                         const struct electricity_sample *sample)
{
    int64_t rise_mw = (int64_t)sample->power_mw - before->power_mw;
    int64_t rise_mvar = (int64_t)sample->reactive_mvar - before->reactive_mvar;

    if (allowed_mw == 0 || rise_mw < allowed_mw)
        return false;
    rise_mvar = rise_mvar < 0 ? -rise_mvar : rise_mvar;
    return limit != ELECTRICITY_LIMIT_MALICIOUS || rise_mvar * RESISTIVE <= rise_mw;
}

static void step_judge(struct electricity_meter *meter, enum electricity_limit limit,
                       const struct electricity_sample *sample)
{
    struct electricity_watch *watch = &meter->watch;
    bool is_watched = watch->since_ms[limit] != ELECTRICITY_NEVER;
    const struct electricity_load *before = is_watched ? &watch->reference[limit] : load_before(meter);

    if (before == NULL || !step_exceeds(limit, limit_mw(meter, limit), before, sample)) {
        watch->since_ms[limit] = ELECTRICITY_NEVER;
    } else if (!is_watched) {
        watch->reference[limit] = *before;
        watch->since_ms[limit] = meter->now_ms;
    }
}

static void load_judge(struct electricity_meter *meter, const struct electricity_sample *sample)
{
    int64_t *since_ms = &meter->watch.since_ms[ELECTRICITY_LIMIT_LOAD];
    int64_t allowed_mw = limit_mw(meter, ELECTRICITY_LIMIT_LOAD);

    if (allowed_mw == 0 || sample->power_mw <= allowed_mw)
        *since_ms = ELECTRICITY_NEVER;
    else if (*since_ms == ELECTRICITY_NEVER)
        *since_ms = meter->now_ms;
}

static void steps_judge(struct electricity_meter *meter, const struct electricity_sample *sample)
{
    meter->watch.is_judging = true;
    step_judge(meter, ELECTRICITY_LIMIT_SURGE, sample);
    step_judge(meter, ELECTRICITY_LIMIT_MALICIOUS, sample);
}

void electricity_limit_sample(struct electricity_meter *meter, const struct electricity_sample *sample)
{
    load_judge(meter, sample);
    if (!meter->relay_closed || meter->now_ms < meter->watch.settled_ms)
        return;
    if (meter->watch.is_judging)
        history_push(meter);
    steps_judge(meter, sample);
}

static void trip(struct electricity_meter *meter, enum electricity_limit limit)
{
    struct electricity_watch *watch = &meter->watch;
    int64_t stood_s = (meter->now_ms - watch->since_ms[limit]) / ELECTRICITY_MS_PER_S;
    uint32_t local_s = (uint32_t)meter->local_s;
    struct electricity_event event = { { local_s == 0 ? 0 : local_s - (uint32_t)stood_s, local_s, limit } };
    bool is_last = meter->state.limit_trips >= electricity_number(meter->parameters.trips_allowed, 1);

    watch_clear(watch);
    watch->tripped = (uint8_t)limit;
    watch->close_due_ms = is_last ? ELECTRICITY_NEVER : meter->now_ms + OFF_MS;
    meter->state.holds |= is_last ? ELECTRICITY_HOLD_LOCK : ELECTRICITY_HOLD_LIMIT;
    if (meter->state.limit_trips < UINT8_MAX)
        meter->state.limit_trips++;
    (void)electricity_store_state(meter);
    electricity_event_note(meter, ELECTRICITY_EVENT_OVERLOAD, &event);
    electricity_relay_apply(meter, 0);
}

/* After a restart within the three minutes they begin anew. */
static void close_again(struct electricity_meter *meter)
{
    struct electricity_watch *watch = &meter->watch;

    if ((meter->state.holds & ELECTRICITY_HOLD_LIMIT) == 0) {
        watch->close_due_ms = ELECTRICITY_NEVER;
        return;
    }
    if (watch->close_due_ms == ELECTRICITY_NEVER)
        watch->close_due_ms = meter->now_ms + OFF_MS;
    if (meter->now_ms < watch->close_due_ms)
        return;
    watch->close_due_ms = ELECTRICITY_NEVER;
    meter->state.holds &= (uint8_t)~ELECTRICITY_HOLD_LIMIT;
    (void)electricity_store_state(meter);
    electricity_relay_apply(meter, 0);
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t electricity_limit_step(struct electricity_meter *meter)
{
    struct electricity_watch *watch = &meter->watch;
    int64_t due_ms = ELECTRICITY_NEVER;

    close_again(meter);
    if (meter->relay_closed)
        load_judge(meter, &meter->sample);
    if (meter->relay_closed && !watch->is_judging && meter->now_ms >= watch->settled_ms)
        steps_judge(meter, &meter->sample);
    for (unsigned limit = ELECTRICITY_LIMIT_LOAD; limit < ELECTRICITY_LIMIT_COUNT; limit++) {
        if (watch->since_ms[limit] == ELECTRICITY_NEVER || !meter->relay_closed || meter->state.keep_on)
            continue;
        int64_t trip_ms = watch->since_ms[limit] + stands_ms[limit];
        if (meter->now_ms >= trip_ms)
            trip(meter, (enum electricity_limit)limit);
        else
            due_ms = smaller(due_ms, trip_ms);
    }
    if (meter->relay_closed && !watch->is_judging)
        due_ms = smaller(due_ms, watch->settled_ms);
    return smaller(due_ms, watch->close_due_ms);
}

void electricity_limit_restore(struct electricity_meter *meter)
{
    meter->state.limit_trips = 0;
    meter->watch.close_due_ms = ELECTRICITY_NEVER;
    meter->watch.tripped = ELECTRICITY_LIMIT_NONE;
}
