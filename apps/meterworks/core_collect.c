/* Calls about reading plans and tasks, and what the collect room tells the core. */
#include <string.h>

#include "apps/meterworks/core_internal.h"
#include "base/span.h"
#include "base/text.h"
#include "store/store_error.h"

static const char *task_state_name(uint8_t state)
{
    static const char *const names[COLLECT_TASK_STATE_COUNT] = {
        [COLLECT_TASK_OPEN] = "open", [COLLECT_TASK_DONE] = "done", [COLLECT_TASK_CANCELLED] = "cancelled",
    };
    return state > 0 && state < COLLECT_TASK_STATE_COUNT ? names[state] : "unknown";
}

static void task_publish(void *context, const struct collect_task *task)
{
    struct core *core = context;

    core_live_add(core, task->tenant_id, task->area_id, LIVE_TASK,
                  "{\"task_id\":%lld,\"state\":\"%s\",\"total\":%u,\"done\":%u,\"failed\":%u,\"cancelled\":%u,\"at_s\":%lld}",
                  (long long)task->task_id, task_state_name(task->state), task->total, task->done, task->failed,
                  task->cancelled, (long long)core->now_s);
}

/* 1 asked; 0 it cannot be asked; negative of the store. */
static int radio_ask(struct core *core, const struct command_request *request)
{
    struct command_ticket ticket;
    int result = command_request(core->command, request, core->now_s, &ticket);

    if (result >= 0)
        return 1;
    return store_error_info(result) != NULL || result == COMMAND_ERR_FULL || result == COMMAND_ERR_MEMORY ? result : 0;
}

static int radio_read(void *context, uint32_t device_id, uint32_t person_id)
{
    struct command_request request = {
        .device_id = device_id,
        .requested_by = person_id,
        .operation = DOWNLINK_READ_NOW,
        .priority = COMMAND_PRIORITY_NORMAL,
        .reason = "reading task",
    };
    return radio_ask(context, &request);
}

static int radio_intervals(void *context, uint32_t device_id, uint32_t person_id, int64_t time_s)
{
    struct command_request request = {
        .device_id = device_id,
        .requested_by = person_id,
        .operation = DOWNLINK_TELL_INTERVALS,
        .value = time_s,
        .priority = person_id != 0 ? COMMAND_PRIORITY_NORMAL : COMMAND_PRIORITY_BULK,
        .reason = "reading task",
    };
    return radio_ask(context, &request);
}

int core_collect_open(struct core *core)
{
    struct collect_config config = {
        .store = collect_sql_store(core->collect_sql), .registry = core->registry, .reading = core->reading,
        .undo = core->undo, .device_limit = core->config.device_limit, .seed = core->config.seed, .listener = core,
        .progressed = task_publish, .radio_read = radio_read, .radio_intervals = radio_intervals,
    };
    return collect_open(&config, &core->collect);
}

static int request_fill(struct core *core, const struct core_reading_task *ask, struct collect_request *out)
{
    int result = core_scope(core, &ask->head, &out->scope);

    if (result < 0)
        return result;
    out->device_ids = ask->devices.ids;
    out->device_count = ask->devices.count;
    out->area_id = (uint32_t)ask->area_id;
    out->requested_by = ask->head.person_id;
    out->day = (int32_t)ask->day;
    out->expires_s = ask->expires_s;
    out->kind = (uint8_t)registry_kind_of_name(ask->kind);
    out->what = (uint8_t)collect_what_of_name(ask->what);
    out->priority = (uint8_t)collect_priority_of_name(ask->priority);
    out->freeze = ask->freeze;
    return 0;
}

static void reach_fill(const struct collect_preview *preview, struct core_reach *out)
{
    *out = (struct core_reach){
        .total = (int32_t)preview->total,
        .now = (int32_t)preview->now,
        .offline = (int32_t)preview->offline,
        .asleep = (int32_t)preview->asleep,
        .unreachable = (int32_t)preview->unreachable,
    };
}

static int task_create(struct core *core, const struct core_reading_task *ask, const struct collect_request *request,
                       struct core_reply *reply)
{
    struct collect_preview preview;
    struct collect_task task;
    int result = collect_task_create(core->collect, request, core->now_s, &task, &preview);

    if (result < 0)
        return result;
    reach_fill(&preview, &reply->reach);
    reply->object_id = task.task_id;
    reply->count = (int32_t)task.total;
    return core_audit(core, &ask->head, "reading_task.create", "reading_task", task.task_id,
                      collect_what_name(task.what));
}

int core_reading_task_create(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_reading_task *ask = request;
    struct collect_request wanted = { 0 };
    struct collect_preview preview;
    int result = request_fill(core, ask, &wanted);

    if (result < 0)
        return result;
    if (!ask->preview)
        return task_create(core, ask, &wanted, reply);
    result = collect_task_preview(core->collect, &wanted, core->now_s, &preview);
    if (result == 0)
        reach_fill(&preview, &reply->reach);
    return result;
}

int core_device_read(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_reading_task *ask = request;
    struct collect_request wanted = { 0 };
    uint32_t device_id = (uint32_t)ask->head.object_id;
    int result = request_fill(core, ask, &wanted);

    wanted.device_ids = &device_id;
    wanted.device_count = 1;
    wanted.area_id = 0;
    if (wanted.what == 0)
        wanted.what = COLLECT_CURRENT;
    return result < 0 ? result : task_create(core, ask, &wanted, reply);
}

int core_reading_task_cancel(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_reason *ask = request;
    struct registry_scope scope;
    struct registry_scope area;
    struct collect_task task;
    int result = core_scope(core, &ask->head, &scope);

    if (result == 0)
        result = collect_task_read(core->collect, ask->head.object_id, &task);
    if (result <= 0)
        return result < 0 ? result : COLLECT_ERR_TASK;
    if (task.tenant_id != scope.tenant_id ||
        registry_scope_make(core->registry, task.tenant_id, task.area_id, &area) != 0 ||
        strcmp(area.path_from, scope.path_from) < 0 || strcmp(area.path_from, scope.path_to) >= 0)
        return COLLECT_ERR_TASK;
    result = collect_task_cancel(core->collect, task.task_id, core->now_s);
    reply->object_id = ask->head.object_id;
    return result < 0 ? result
                      : core_audit(core, &ask->head, "reading_task.cancel", "reading_task", task.task_id, ask->reason);
}

/* One task for each day of which something is missing. Of meters that never told quarter-hours none are missing. */
int core_reread(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_reread *ask = request;
    struct collect_request wanted = { .what = COLLECT_DAILY, .only_missing = 1, .priority = COLLECT_LOW };
    struct collect_preview preview;
    struct collect_task task;
    int result = core_scope(core, &ask->head, &wanted.scope);

    if (result == 0 && (ask->from_day > ask->to_day || ask->to_day - ask->from_day >= COLLECT_DAYS))
        result = COLLECT_ERR_DATE;
    if (strcmp(ask->what, collect_what_name(COLLECT_INTERVAL)) == 0)
        wanted.what = COLLECT_INTERVAL;
    wanted.area_id = (uint32_t)ask->area_id;
    wanted.kind = (uint8_t)registry_kind_of_name(ask->kind);
    wanted.requested_by = ask->head.person_id;
    for (int64_t day = ask->from_day; result == 0 && day <= ask->to_day; day++) {
        wanted.day = (int32_t)day;
        result = collect_task_create(core->collect, &wanted, core->now_s, &task, &preview);
        if (result == 0) {
            reply->object_id = task.task_id;
            reply->count++;
        }
        result = result == COLLECT_ERR_NOBODY ? 0 : result;
    }
    if (result == 0 && reply->count == 0)
        result = COLLECT_ERR_NOBODY;
    return result < 0 ? result
                      : core_audit(core, &ask->head, "reading.reread", "reading_task", reply->object_id, ask->kind);
}

static int plan_fill(const struct core_reading_plan *ask, uint64_t given, struct collect_plan *plan)
{
    if (given & CORE_READING_PLAN_HAS_AREA)
        plan->area_id = (uint32_t)ask->area_id;
    if (given & CORE_READING_PLAN_HAS_KIND)
        plan->kind = (uint8_t)registry_kind_of_name(ask->kind);
    if (given & CORE_READING_PLAN_HAS_WHAT)
        plan->what = (uint8_t)collect_what_of_name(ask->what);
    if (given & CORE_READING_PLAN_HAS_UNIT)
        plan->unit = (uint8_t)collect_unit_of_name(ask->unit);
    if (given & CORE_READING_PLAN_HAS_EVERY)
        plan->every = (uint32_t)ask->every;
    if (given & CORE_READING_PLAN_HAS_OFFSET)
        plan->offset_s = (int32_t)ask->offset_s;
    if (given & CORE_READING_PLAN_HAS_ENABLED)
        plan->enabled = ask->enabled;
    if ((given & CORE_READING_PLAN_HAS_NAME) != 0 &&
        text_copy(span_of_text(ask->name), plan->name, sizeof plan->name) < 0)
        return COLLECT_ERR_NAME;
    return 0;
}

/* Whether the plan and its meters lie in the caller's jurisdiction. */
static int plan_scope_check(struct core *core, const struct core_request *head, const struct collect_plan *plan,
                            const struct core_device_list *devices, struct registry_scope *scope)
{
    struct registry_scope area;
    int result = core_scope(core, head, scope);

    if (result < 0)
        return result;
    if (plan->tenant_id != 0 && plan->tenant_id != scope->tenant_id)
        return COLLECT_ERR_PLAN;
    if (plan->area_id != 0 &&
        (registry_scope_make(core->registry, scope->tenant_id, plan->area_id, &area) != 0 ||
         strcmp(area.path_from, scope->path_from) < 0 || strcmp(area.path_from, scope->path_to) >= 0))
        return REGISTRY_ERR_AREA;
    for (uint32_t i = 0; devices != NULL && i < devices->count; i++)
        if (!registry_scope_holds(core->registry, scope, devices->ids[i]))
            return COLLECT_ERR_DEVICE;
    return 0;
}

int core_reading_plan_create(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_reading_plan *ask = request;
    struct collect_plan plan = { .enabled = 1, .every = 1, .created_s = core->now_s, .created_by = ask->head.person_id };
    struct registry_scope scope;
    int result = plan_fill(ask, ask->head.present, &plan);

    if (result == 0)
        result = plan_scope_check(core, &ask->head, &plan, &ask->devices, &scope);
    plan.tenant_id = ask->head.tenant_id;
    if (result == 0)
        result = collect_plan_create(core->collect, &plan, ask->devices.ids, ask->devices.count);
    reply->object_id = plan.plan_id;
    return result < 0 ? result
                      : core_audit(core, &ask->head, "reading_plan.create", "reading_plan", plan.plan_id, plan.name);
}

/* A plan of chosen meters belongs to the whole tenant: who sees less of it may not change it. */
static int plan_take(struct core *core, const struct core_request *head, struct collect_plan *out)
{
    const struct collect_plan *plan = collect_plan_find(core->collect, head->object_id);
    struct registry_scope scope;

    if (plan == NULL || plan->tenant_id != head->tenant_id)
        return COLLECT_ERR_PLAN;
    *out = *plan;
    int result = plan_scope_check(core, head, out, NULL, &scope);
    if (result == REGISTRY_ERR_AREA)
        return COLLECT_ERR_PLAN;
    return result;
}

int core_reading_plan_change(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_reading_plan *ask = request;
    struct collect_plan plan;
    struct registry_scope scope;
    int result = plan_take(core, &ask->head, &plan);

    if (result == 0)
        result = plan_fill(ask, ask->head.present, &plan);
    if (result == 0)
        result = plan_scope_check(core, &ask->head, &plan, NULL, &scope);
    if (result == 0)
        result = collect_plan_change(core->collect, &plan);
    reply->object_id = ask->head.object_id;
    return result < 0 ? result
                      : core_audit(core, &ask->head, "reading_plan.change", "reading_plan", reply->object_id, plan.name);
}

int core_reading_plan_delete(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_reason *ask = request;
    struct collect_plan plan;
    int result = plan_take(core, &ask->head, &plan);

    if (result == 0)
        result = collect_plan_delete(core->collect, ask->head.object_id);
    reply->object_id = ask->head.object_id;
    return result < 0 ? result
                      : core_audit(core, &ask->head, "reading_plan.delete", "reading_plan", reply->object_id, plan.name);
}
