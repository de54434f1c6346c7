#include "bench/city_installation.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "apps/meterworks/archive_call.h"
#include "apps/meterworks/call_batch.h"
#include "base/calendar.h"
#include "bench/bench_clock.h"
#include "bench/city_progress.h"
#include "security/key_holder.h"
#include "security/password.h"
#include "security/security_error.h"
#include "sim/town_plan.h"

#define CACHE_KIB (768 * 1024)
#define PAID_FEN 10000
#define NEVER_S INT64_MAX /* when billing looks at an account that is well */

struct making {
    struct city_plan *plan;
    struct core *core;
    struct call_batch batch;
    struct core_request head;
    int64_t entered_s; /* when all that is entered is entered: yesterday, of a new city */
    int64_t area_id;
    char *path;
    char *problem;
};

#define FIELD_SET(field, text) (void)snprintf(field, sizeof(field), "%s", text)

static int problem_say(const struct making *making, const char *what, int error)
{
    if (city_is_stopped())
        making->problem[0] = '\0';
    else
        (void)snprintf(making->problem, 256, "%s: %s", what, core_error_text(error));
    return -1;
}

static int core_begin(struct making *making)
{
    struct core_config config = { .path = making->path, .seed = 1, .synchronous = "OFF" };
    return core_open(&config, &making->core, making->problem);
}

static int administrator_enter(struct making *making)
{
    struct secret_source source = secret_source_system();
    struct core_person person = { .head = making->head, .area_id = making->plan->archive.root_area_id };
    struct core_reply reply;
    int result = password_hash(span_of_text(making->plan->password), &password_cost_default, &source, person.password_hash);

    FIELD_SET(person.login, "admin");
    FIELD_SET(person.display_name, "admin");
    FIELD_SET(person.role, "administrator");
    FIELD_SET(person.language, "en");
    if (result < 0) {
        (void)snprintf(making->problem, 256, "%s", security_error_text(result));
        return result;
    }
    result = core_execute(making->core, CORE_PERSON_CREATE, &person, &reply, making->entered_s);
    return result < 0 ? problem_say(making, "administrator", result) : 0;
}

static int tariff_enter(struct making *making)
{
    struct core_tariff *request = calloc(1, sizeof *request);
    struct core_reply reply;

    if (request == NULL)
        return -1;
    request->head = making->head;
    request->effective_day = making->plan->today - CITY_LABORATORY_DAYS;
    FIELD_SET(request->name, town_tariff_name(TOWN_TARIFF_HOUSEHOLD));
    FIELD_SET(request->utility, "water");
    FIELD_SET(request->document, town_tariff_document(TOWN_TARIFF_HOUSEHOLD));
    int result = core_execute(making->core, CORE_TARIFF_CREATE, request, &reply, making->entered_s);
    making->plan->archive.tariff_id = reply.object_id;
    free(request);
    return result < 0 ? problem_say(making, "tariff", result) : 0;
}

/* Whom it belongs to and what it costs: entered through the core. */
static int beginning_enter(struct making *making)
{
    struct city_archive_config *archive = &making->plan->archive;

    if (core_begin(making) < 0)
        return -1;
    int result = core_tenant_add(making->core, "City", making->plan->zone_offset_s, making->entered_s, &archive->tenant_id,
                                 &archive->root_area_id);
    if (result < 0)
        (void)problem_say(making, "tenant", result);
    archive_call_head(&making->head, archive->tenant_id, archive->root_area_id, making->entered_s);
    if (result >= 0)
        result = administrator_enter(making);
    if (result >= 0)
        result = tariff_enter(making);
    core_close(making->core);
    making->core = NULL;
    return result;
}

static bool slice_tell(void *context, const char *step, uint64_t done, uint64_t total)
{
    (void)context;
    return city_progress(step, done, total);
}

static int archive_write(struct making *making)
{
    struct store_config config = { .path = making->path, .synchronous = "OFF", .cache_kib = CACHE_KIB };
    struct store *store = NULL;
    int result = store_open(&config, &store);

    making->plan->archive.look_s = NEVER_S;
    making->plan->archive.paid_fen = PAID_FEN;
    making->plan->archive.tell = slice_tell;
    if (result == 0)
        result = city_archive_write(store, &making->plan->archive);
    store_close(store);
    return result < 0 ? problem_say(making, "archive", result) : 0;
}

static void laboratory_describe(const struct making *making, uint32_t number, struct core_device *device)
{
    number += city_laboratory_before(making->plan);
    device->imei = CITY_LABORATORY_IMEI + number;
    device->area_id = making->area_id;
    device->start_register_value = -1; /* REGISTRY_START_UNKNOWN */
    device->installed_s = making->plan->now_s - (int64_t)CITY_LABORATORY_DAYS * CALENDAR_DAY_S;
    device->size_dn_mm = 15;
    (void)snprintf(device->meter_number, sizeof device->meter_number, "99%010u", number);
    FIELD_SET(device->security, "plain");
}

static int laboratory_enter(struct making *making)
{
    uint32_t count = making->plan->laboratory;

    if (call_batch_open(&making->batch, making->core, making->entered_s) < 0)
        return -1;
    struct core_area *area = &call_batch_add(&making->batch, CORE_AREA_CREATE, &making->head, &making->area_id)->area;
    area->parent_area_id = making->plan->archive.root_area_id;
    FIELD_SET(area->kind, "district");
    (void)snprintf(area->name, sizeof area->name, "Laboratory from %" PRIu32, city_laboratory_before(making->plan) + 1);
    int result = call_batch_send(&making->batch);
    for (uint32_t number = 0; result >= 0 && number < count; number++) {
        laboratory_describe(making, number,
                            &call_batch_add(&making->batch, CORE_DEVICE_CREATE, &making->head, NULL)->device);
        if (number % 64 == 0 && !city_progress("meters of the laboratory", number, count))
            result = -1;
    }
    if (result >= 0)
        result = call_batch_send(&making->batch);
    if (making->batch.result < 0)
        (void)snprintf(making->problem, 256, "%s", making->batch.problem);
    call_batch_close(&making->batch);
    return result;
}

/* What bulk left for the rooms to do, sums of reports above all, is done before anything is measured. */
static int due_do(struct making *making)
{
    int result;

    do {
        result = core_work(making->core, NULL, 0, NULL, 0, making->entered_s + 1);
        if (!city_progress("work that is due", 0, 0))
            return problem_say(making, "", -1);
    } while (result == 0 && core_work_remains(making->core));
    return result < 0 ? problem_say(making, "work that is due", result) : 0;
}

static int keys_make(const struct making *making)
{
    struct secret_source source = secret_source_system();
    struct key_holder *keys = NULL;
    int result = key_holder_open(making->plan->folder, &source, &keys);

    key_holder_close(keys);
    if (result < 0)
        (void)snprintf(making->problem, 256, "master.key: %s", security_error_text(result));
    return result;
}

/* Into the archive that is there: all that the core, which is begun, has to enter.
 * returns  0; -1 with making->problem */
static int rest_enter(struct making *making, double begin_s, struct city_installation_figures *out)
{
    int result = due_do(making);

    out->archive_s = bench_clock_seconds(CLOCK_MONOTONIC) - begin_s;
    if (result >= 0)
        result = laboratory_enter(making);
    out->laboratory_s = bench_clock_seconds(CLOCK_MONOTONIC) - begin_s - out->archive_s;
    city_progress_end();
    return result < 0 ? -1 : 0;
}

int city_installation_make(struct city_plan *plan, struct city_installation_figures *out, char problem[256])
{
    char path[CITY_FOLDER_SIZE + 32];
    struct making making = { .plan = plan, .path = path, .problem = problem,
                             .entered_s = plan->now_s - CALENDAR_DAY_S };
    double begin_s = bench_clock_seconds(CLOCK_MONOTONIC);

    (void)snprintf(path, sizeof path, "%s/meterworks.db", plan->folder);
    int result = keys_make(&making);
    if (result >= 0)
        result = beginning_enter(&making);
    if (result >= 0)
        result = archive_write(&making);
    if (result >= 0)
        result = core_begin(&making);
    if (result >= 0)
        result = rest_enter(&making, begin_s, out);
    core_close(making.core);
    return result < 0 ? -1 : 0;
}

static int kept_read(struct store *store, struct city_plan *plan)
{
    int64_t devices = 0, tenant_id = 0, root_area_id = 0;
    int result = store_number(store, "SELECT max(device_id) FROM device", &devices);

    if (result == 0)
        result = store_number(store, "SELECT min(tenant_id) FROM tenant", &tenant_id);
    if (result == 0)
        result = store_number(store, "SELECT min(area_id) FROM area WHERE parent_area_id IS NULL", &root_area_id);
    plan->laboratory_after = (uint32_t)devices;
    plan->archive.tenant_id = (uint32_t)tenant_id;
    plan->archive.root_area_id = (uint32_t)root_area_id;
    return result;
}

int city_installation_add(struct city_plan *plan, struct city_installation_figures *out, char problem[256])
{
    char path[CITY_FOLDER_SIZE + 32];
    struct making making = { .plan = plan, .path = path, .problem = problem, .entered_s = plan->now_s };
    double begin_s = bench_clock_seconds(CLOCK_MONOTONIC);

    (void)snprintf(path, sizeof path, "%s/meterworks.db", plan->folder);
    int result = core_begin(&making); /* of a city that an older program kept, it brings the tables up first */
    if (result >= 0 && (result = kept_read(core_store(making.core), plan)) < 0)
        (void)problem_say(&making, "the kept city", result);
    archive_call_head(&making.head, plan->archive.tenant_id, plan->archive.root_area_id, making.entered_s);
    if (result >= 0)
        result = rest_enter(&making, begin_s, out);
    core_close(making.core);
    return result < 0 ? -1 : 0;
}
