#include "apps/meterworks/town_lines.h"

#include <stdio.h>
#include <stdlib.h>

#include "apps/meterworks/archive_call.h"
#include "apps/meterworks/call_batch.h"
#include "base/device_profile.h"
#include "sim/meter_key.h"

#define DISTRICT "鹭湾片区 (集抄)"
#define SHOW_FLAT "样板间"
#define SHOW_ADDRESS_FIRST UINT64_C(889900000001)
#define HEARTBEAT_S 900          /* as town_lines_runner.c beats */
#define ANSWER_TIMEOUT_MS 600000 /* of the town's time, which may run thousands of times faster than the network */
#define SHOW_PASSWORD "000000"   /* of meters as they are made */
#define MAKER "鹭岛仪表"

#define FIELD_SET(field, text) (void)snprintf(field, sizeof(field), "%s", text)

/* How the archive names what the plan numbers. */
static const struct {
    const char *kind;
    const char *profile;
    const char *transformer_profile; /* behind current transformers */
} kinds[DEVICE_KIND_COUNT] = {
    [DEVICE_KIND_COLD_WATER] = { "cold_water", "cjt188-cold-water", NULL },
    [DEVICE_KIND_HOT_WATER] = { "hot_water", "cjt188-hot-water", NULL },
    [DEVICE_KIND_ELECTRICITY] = { "electricity", "dlt645-2007-single-phase-prepaid", "dlt645-2007-three-phase-ct-pt" },
    [DEVICE_KIND_GAS] = { "gas", "cjt188-gas", NULL },
    [DEVICE_KIND_HEAT] = { "heat", "cjt188-heat", NULL },
};

/* In the order of concentrator_meters_open(). */
static const struct {
    uint8_t kind;
    uint8_t port;
} show_meters[] = {
    { DEVICE_KIND_ELECTRICITY, 2 },
    { DEVICE_KIND_COLD_WATER, 3 },
    { DEVICE_KIND_GAS, 3 },
    { DEVICE_KIND_HEAT, 3 },
};

struct entering {
    struct town_archive *archive;
    const struct estate_plan *plan;
    struct call_batch batch;
    struct core_request head;
    int64_t installed_s;
    int64_t estate_id;
    int64_t show_area_id;
    int64_t *area_ids;   /* by concentrator */
    int64_t *line_ids;   /* by concentrator; the show flat's last */
    int64_t *supply_ids; /* by concentrator: the meter before its transformer area */
};

static int area_enter(struct entering *entering, int64_t parent_id, const char *kind, const char *name, int64_t *out)
{
    struct core_area *request = &call_batch_add(&entering->batch, CORE_AREA_CREATE, &entering->head, out)->area;

    request->parent_area_id = parent_id;
    FIELD_SET(request->kind, kind);
    FIELD_SET(request->name, name);
    return 0;
}

static int areas_enter(struct entering *entering)
{
    const struct estate_plan *plan = entering->plan;
    int64_t district_id = 0;
    char name[32];

    area_enter(entering, entering->archive->root_area_id, "district", DISTRICT, &district_id);
    if (call_batch_send(&entering->batch) < 0)
        return -1;
    area_enter(entering, district_id, "estate", estate_name(false), &entering->estate_id);
    if (call_batch_send(&entering->batch) < 0)
        return -1;
    for (size_t i = 0; i < plan->concentrator_count; i++) {
        bool is_plaza = plan->concentrators[i].building == 0;
        (void)snprintf(name, sizeof name, "%u栋", (unsigned)plan->concentrators[i].building);
        area_enter(entering, entering->estate_id, "building", is_plaza ? estate_name(true) : name,
                   &entering->area_ids[i]);
    }
    area_enter(entering, entering->estate_id, "building", SHOW_FLAT, &entering->show_area_id);
    return call_batch_send(&entering->batch);
}

static void line_enter(struct entering *entering, uint32_t terminal, int64_t area_id, int64_t *out)
{
    struct core_line *request = &call_batch_add(&entering->batch, CORE_LINE_CREATE, &entering->head, out)->line;

    request->head.present = CORE_LINE_HAS_HEARTBEAT_S | CORE_LINE_HAS_ANSWER_TIMEOUT;
    request->area_id = area_id;
    request->heartbeat_s = HEARTBEAT_S;
    request->answer_timeout_ms = ANSWER_TIMEOUT_MS;
    FIELD_SET(request->kind, "concentrator");
    FIELD_SET(request->maker, MAKER);
    FIELD_SET(request->room, "配电室");
    (void)snprintf(request->name, sizeof request->name, "C-%u", (unsigned)terminal);
    (void)snprintf(request->address, sizeof request->address, ESTATE_REGION "%05u", (unsigned)terminal);
}

static int lines_enter(struct entering *entering)
{
    const struct estate_plan *plan = entering->plan;

    for (size_t i = 0; i < plan->concentrator_count; i++)
        line_enter(entering, plan->concentrators[i].terminal, entering->area_ids[i], &entering->line_ids[i]);
    line_enter(entering, TOWN_LINES_SHOW_TERMINAL, entering->show_area_id,
               &entering->line_ids[plan->concentrator_count]);
    return call_batch_send(&entering->batch);
}

static struct core_device *meter_add(struct entering *entering, size_t line, int64_t area_id, uint8_t kind,
                                     uint64_t address, int64_t *out)
{
    struct core_device *request = &call_batch_add(&entering->batch, CORE_DEVICE_CREATE, &entering->head, out)->device;

    request->parent_device_id = entering->line_ids[line];
    request->area_id = area_id;
    request->installed_s = entering->installed_s;
    FIELD_SET(request->kind, kinds[kind].kind);
    FIELD_SET(request->profile, kinds[kind].profile);
    FIELD_SET(request->maker, MAKER);
    (void)snprintf(request->meter_number, sizeof request->meter_number, "%012llu", (unsigned long long)address);
    return request;
}

static void plan_meter_enter(struct entering *entering, const struct estate_meter *meter)
{
    struct core_device *request =
        meter_add(entering, meter->concentrator, entering->area_ids[meter->concentrator], meter->kind, meter->address,
                  meter->use == ESTATE_SUPPLY ? &entering->supply_ids[meter->concentrator] : NULL);

    request->head.present = CORE_DEVICE_HAS_START_REGISTER;
    request->start_register_value = estate_meter_register(entering->plan, meter, entering->installed_s);
    request->measurement_point = meter->measurement_point;
    request->port = meter->port;
    request->ct_primary_a = meter->ct_primary_a;
    request->ct_secondary_a = meter->ct_secondary_a;
    FIELD_SET(request->room, meter->room);
    if (meter->ct_primary_a > 0)
        FIELD_SET(request->profile, kinds[meter->kind].transformer_profile);
}

static int meters_enter(struct entering *entering)
{
    const struct estate_plan *plan = entering->plan;

    for (size_t i = 0; i < plan->meter_count; i++)
        plan_meter_enter(entering, &plan->meters[i]);
    for (unsigned i = 0; i < TOWN_LINES_SHOW_METERS; i++) {
        uint8_t kind = show_meters[i % 4].kind;
        struct core_device *request =
            meter_add(entering, plan->concentrator_count, entering->show_area_id, kind, SHOW_ADDRESS_FIRST + i, NULL);
        request->installed_s = entering->batch.now_s; /* real cores, made now: they have no midnights of before */
        request->port = show_meters[i % 4].port;
        request->measurement_point = (int32_t)(i + 1);
        (void)snprintf(request->room, sizeof request->room, "%u号", i / 4 + 1);
        if (kind == DEVICE_KIND_ELECTRICITY) {
            request->head.present |= CORE_DEVICE_HAS_PASSWORD | CORE_DEVICE_HAS_KEY;
            FIELD_SET(request->password, SHOW_PASSWORD);
            FIELD_SET(request->key, METER_KEY_SIMULATED);
        }
    }
    return call_batch_send(&entering->batch);
}

/* A transformer area each: what its supply meter counts against what the meters behind it sold. */
static int zones_enter(struct entering *entering)
{
    const struct estate_plan *plan = entering->plan;

    for (size_t i = 0; i < plan->concentrator_count; i++) {
        struct core_balance_zone *request =
            &call_batch_add(&entering->batch, CORE_BALANCE_ZONE_CREATE, &entering->head, NULL)->balance_zone;
        request->area_id = entering->area_ids[i];
        FIELD_SET(request->utility, "electricity");
        if (plan->concentrators[i].building == 0)
            FIELD_SET(request->name, "鹭湾广场台区");
        else
            (void)snprintf(request->name, sizeof request->name, "%s%u栋台区", estate_name(false),
                           (unsigned)plan->concentrators[i].building);
        (void)snprintf(request->supply, sizeof request->supply, "[%lld]", (long long)entering->supply_ids[i]);
    }
    return call_batch_send(&entering->batch);
}

/* The hours of the first building, each morning. A plan may name many meters and is too large for a batch. */
static int plan_enter(struct entering *entering, char problem[256])
{
    struct core_reading_plan *request = calloc(1, sizeof *request);
    struct core_reply reply = { 0 };
    int result = -1;

    if (request != NULL) {
        request->head = entering->head;
        request->area_id = entering->area_ids[0];
        request->head.present = CORE_READING_PLAN_HAS_AREA | CORE_READING_PLAN_HAS_NAME | CORE_READING_PLAN_HAS_KIND |
                                CORE_READING_PLAN_HAS_WHAT | CORE_READING_PLAN_HAS_UNIT;
        FIELD_SET(request->name, "1栋电表小时曲线");
        FIELD_SET(request->kind, "electricity");
        FIELD_SET(request->what, "curve");
        FIELD_SET(request->unit, "hour");
        result =
            core_execute(entering->archive->core, CORE_READING_PLAN_CREATE, request, &reply, entering->batch.now_s);
    }
    if (result < 0)
        (void)snprintf(problem, 256, "%.39s: %.200s", reply.field, reply.text_en);
    free(request);
    return result;
}

static int archives_download(struct entering *entering)
{
    struct core_archive_sync *request =
        &call_batch_add(&entering->batch, CORE_ARCHIVE_SYNC, &entering->head, NULL)->archive_sync;

    request->area_id = entering->estate_id;
    return call_batch_send(&entering->batch);
}

int town_lines_enter(struct town_archive *archive, const struct estate_plan *plan, int64_t installed_s, int64_t now_s,
                     char problem[256])
{
    struct entering entering = { .archive = archive, .plan = plan, .installed_s = installed_s };
    int result = -1;

    archive_call_head(&entering.head, archive->tenant_id, archive->root_area_id, now_s);
    entering.area_ids = calloc(plan->concentrator_count + 1, sizeof *entering.area_ids);
    entering.line_ids = calloc(plan->concentrator_count + 1, sizeof *entering.line_ids);
    entering.supply_ids = calloc(plan->concentrator_count + 1, sizeof *entering.supply_ids);
    if (entering.area_ids == NULL || entering.line_ids == NULL || entering.supply_ids == NULL ||
        call_batch_open(&entering.batch, archive->core, now_s) < 0)
        (void)snprintf(problem, 256, "out of memory");
    else if (areas_enter(&entering) < 0 || lines_enter(&entering) < 0 || meters_enter(&entering) < 0 ||
             zones_enter(&entering) < 0 || archives_download(&entering) < 0)
        (void)snprintf(problem, 256, "%s", entering.batch.problem);
    else
        result = plan_enter(&entering, problem);
    call_batch_close(&entering.batch);
    free(entering.area_ids);
    free(entering.line_ids);
    free(entering.supply_ids);
    return result;
}
