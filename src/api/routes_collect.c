#include "api/handlers.h"
#include "api/route.h"

#define KINDS "cold_water hot_water electricity gas heat"
#define KIND(type_, present_) \
    { .name = "kind", .type = FIELD_CHOICE, .choices = KINDS, FIELD_INTO(type_, kind), .present = present_, \
        .summary = "only meters of this utility; all when absent" }
#define KIND_FILTER { .name = "kind", .type = FIELD_CHOICE, .choices = KINDS, .summary = "only meters of this utility" }
#define DEVICE_IDS(summary_) \
    { .name = "device_ids", .type = FIELD_NUMBERS, .maximum = CORE_DEVICE_LIST_LIMIT, .summary = summary_ }

static const struct field task_list_fields[] = {
    FIELDS_OF_LIST,
    { .name = "state", .type = FIELD_CHOICE, .choices = "open done cancelled", .summary = "only tasks in it" },
};
static const struct field task_fields[] = {
    { .name = "area_id", .type = FIELD_INTEGER, .minimum = 1, .maximum = INT32_MAX,
        FIELD_INTO(core_reading_task, area_id), .summary = "read all meters of this area and below" },
    DEVICE_IDS("or exactly these meters"),
    KIND(core_reading_task, 0),
    { .name = "what", .type = FIELD_CHOICE, .required = true, .choices = "current daily monthly interval",
        FIELD_INTO(core_reading_task, what), .summary = "registers of now or of a midnight, or the quarter-hours of a day" },
    { .name = "date", .type = FIELD_DAY, FIELD_INTO(core_reading_task, day),
        .summary = "of daily: one of the last 31 midnights; of monthly: the first of one of the last 12 months; of interval: one of"
            " the last 30 whole days" },
    { .name = "priority", .type = FIELD_CHOICE, .choices = "high normal low", FIELD_INTO(core_reading_task, priority),
        .summary = "high for one meter, else normal, when absent" },
    { .name = "freeze", .type = FIELD_BOOLEAN, FIELD_INTO(core_reading_task, freeze),
        .summary = "of current: all meters latch at one instant, then what was latched is read" },
    { .name = "expires_s", .type = FIELD_INTEGER, .minimum = 60, .maximum = 31 * 86400,
        FIELD_INTO(core_reading_task, expires_s), .summary = "give up after so many seconds; an hour for one meter, else a day" },
    { .name = "preview", .type = FIELD_BOOLEAN, FIELD_INTO(core_reading_task, preview),
        .summary = "true: read nothing, only say how the meters can be reached" },
};
static const struct field device_read_fields[] = {
    { .name = "what", .type = FIELD_CHOICE, .choices = "current daily monthly interval",
        FIELD_INTO(core_reading_task, what), .summary = "current when absent" },
    { .name = "date", .type = FIELD_DAY, FIELD_INTO(core_reading_task, day), .summary = "of daily, monthly and interval" },
};
static const struct field item_fields[] = {
    FIELDS_OF_LIST,
    { .name = "state", .type = FIELD_CHOICE, .choices = "waiting asked done failed cancelled", .summary = "only these" },
};
static const struct field reason_fields[] = {
    { .name = "reason", .type = FIELD_TEXT, .minimum = 0, .maximum = 255, FIELD_INTO(core_reason, reason),
        .summary = "why; kept with the act" },
};
static const struct field plan_list_fields[] = { FIELDS_OF_LIST };

#define PLAN_FIELDS(required_) \
    { .name = "name", .type = FIELD_TEXT, .required = required_, .minimum = 1, .maximum = 120, \
        FIELD_INTO(core_reading_plan, name), .present = CORE_READING_PLAN_HAS_NAME, .summary = "what people call it" }, \
    { .name = "area_id", .type = FIELD_INTEGER, .minimum = 1, .maximum = INT32_MAX, \
        FIELD_INTO(core_reading_plan, area_id), .present = CORE_READING_PLAN_HAS_AREA, \
        .summary = "for all meters of this area and below that have no plan of their own" }, \
    KIND(core_reading_plan, CORE_READING_PLAN_HAS_KIND), \
    { .name = "what", .type = FIELD_CHOICE, .required = required_, .choices = "current daily monthly curve", \
        FIELD_INTO(core_reading_plan, what), .present = CORE_READING_PLAN_HAS_WHAT, \
        .summary = "registers of now, midnights, first midnights of months, hourly values" }, \
    { .name = "every", .type = FIELD_INTEGER, .minimum = 1, .maximum = 59, FIELD_INTO(core_reading_plan, every), \
        .present = CORE_READING_PLAN_HAS_EVERY, .summary = "so many units; 1 when absent" }, \
    { .name = "unit", .type = FIELD_CHOICE, .required = required_, .choices = "minute hour day week month", \
        FIELD_INTO(core_reading_plan, unit), .present = CORE_READING_PLAN_HAS_UNIT, \
        .summary = "59 minutes, 23 hours, 31 days, 8 weeks or 12 months at most" }, \
    { .name = "offset_s", .type = FIELD_INTEGER, .minimum = 0, .maximum = 28 * 86400, \
        FIELD_INTO(core_reading_plan, offset_s), .present = CORE_READING_PLAN_HAS_OFFSET, \
        .summary = "after the beginning of the unit, in the tenant's zone; a week begins on Monday" }, \
    { .name = "enabled", .type = FIELD_BOOLEAN, FIELD_INTO(core_reading_plan, enabled), \
        .present = CORE_READING_PLAN_HAS_ENABLED, .summary = "true when absent" }

static const struct field plan_create_fields[] = { PLAN_FIELDS(true), DEVICE_IDS("instead of an area: exactly these meters") };
static const struct field plan_change_fields[] = { PLAN_FIELDS(false) };
static const struct field missing_fields[] = {
    FIELDS_OF_LIST,
    { .name = "day", .type = FIELD_DAY, .required = true, .summary = "the midnight that is missing" },
    KIND_FILTER,
    { .name = "reason", .type = FIELD_CHOICE,
        .choices = "not_due replaced bad_value given_up line_offline failed waiting silent late", .summary = "only these" },
};
static const struct field missing_interval_fields[] = {
    FIELDS_OF_LIST,
    { .name = "day", .type = FIELD_DAY, .required = true, .summary = "the day whose quarter-hours are incomplete" },
    KIND_FILTER,
    { .name = "reason", .type = FIELD_CHOICE, .choices = "not_due given_up line_offline silent failed waiting", .summary = "only these" },
};
static const struct field reread_fields[] = {
    { .name = "what", .type = FIELD_CHOICE, .choices = "daily interval", FIELD_INTO(core_reread, what),
        .summary = "midnights when absent, or the quarter-hours of meters that record them" },
    { .name = "area_id", .type = FIELD_INTEGER, .minimum = 1, .maximum = INT32_MAX, FIELD_INTO(core_reread, area_id),
        .summary = "this area and below; all when absent" },
    KIND(core_reread, 0),
    { .name = "from_day", .type = FIELD_DAY, .required = true, FIELD_INTO(core_reread, from_day),
        .summary = "first midnight or day, one of the last 31" },
    { .name = "to_day", .type = FIELD_DAY, .required = true, FIELD_INTO(core_reread, to_day), .summary = "last midnight" },
};

#define READ(path_, handle_, en, zh) \
    .method = "GET", .path = path_, .tag = "collection", .permission = PERMISSION_DEVICES_READ, .handle = handle_, \
    ROUTE_SUMMARY(en, zh)
#define WRITE(method_, path_, handle_, operation_, type_, en, zh) \
    .method = method_, .path = path_, .tag = "collection", .permission = PERMISSION_COMMANDS_WRITE, .handle = handle_, \
    .operation = operation_, ROUTE_REQUEST(type_), ROUTE_SUMMARY(en, zh)

static const struct api_route rows[] = {
    { READ("/reading-tasks", handle_list, "Reading tasks and how far they are", "抄表任务列表"),
        ROUTE_FIELDS(task_list_fields), .view = VIEW_READING_TASKS },
    { WRITE("POST", "/reading-tasks", handle_reading_task, CORE_READING_TASK_CREATE, core_reading_task,
        "Read an area or a set of meters now", "新建抄表任务"), ROUTE_FIELDS(task_fields),
        .prepare = device_list_prepare, .view = VIEW_READING_TASK },
    { READ("/reading-tasks/{id}", handle_document, "One reading task", "抄表任务详情"), .view = VIEW_READING_TASK },
    { READ("/reading-tasks/{id}/items", handle_list, "Its meters, each with its state and reason", "任务内表计明细"),
        ROUTE_FIELDS(item_fields), .view = VIEW_READING_TASK_ITEMS },
    { WRITE("POST", "/reading-tasks/{id}/cancel", handle_write, CORE_READING_TASK_CANCEL, core_reason,
        "Cancel what has not been asked yet", "取消抄表任务"), ROUTE_FIELDS(reason_fields), .view = VIEW_READING_TASK },
    { WRITE("POST", "/devices/{id}/read", handle_reading_task, CORE_DEVICE_READ, core_reading_task,
        "Read one meter before all others", "单表点抄"), ROUTE_FIELDS(device_read_fields),
        .view = VIEW_READING_TASK },
    { READ("/reading-plans", handle_list, "Reading plans", "抄表计划列表"), ROUTE_FIELDS(plan_list_fields),
        .view = VIEW_READING_PLANS },
    { WRITE("POST", "/reading-plans", handle_write, CORE_READING_PLAN_CREATE, core_reading_plan, "Add a reading plan",
        "新增抄表计划"), ROUTE_FIELDS(plan_create_fields), .prepare = device_list_prepare, .view = VIEW_READING_PLAN },
    { READ("/reading-plans/{id}", handle_document, "One reading plan", "抄表计划详情"), .view = VIEW_READING_PLAN },
    { WRITE("PATCH", "/reading-plans/{id}", handle_write, CORE_READING_PLAN_CHANGE, core_reading_plan,
        "Change a reading plan", "修改抄表计划"), ROUTE_FIELDS(plan_change_fields), .view = VIEW_READING_PLAN },
    { WRITE("DELETE", "/reading-plans/{id}", handle_write, CORE_READING_PLAN_DELETE, core_reason,
        "Delete a reading plan", "删除抄表计划") },
    { READ("/completeness/missing", handle_list, "Who is missing on a day, and why", "某日缺抄表计及原因"),
        ROUTE_FIELDS(missing_fields), .view = VIEW_COMPLETENESS_MISSING },
    { READ("/completeness/missing-intervals", handle_list, "Whose quarter-hours of a day are incomplete, and why",
        "某日分时数据不完整的表计及原因"), ROUTE_FIELDS(missing_interval_fields), .view = VIEW_COMPLETENESS_INTERVALS },
    { WRITE("POST", "/completeness/reread", handle_write, CORE_REREAD, core_reread,
        "Ask for missing midnights or quarter-hours again, one task a day", "补抄缺失的日冻结或分时数据"), ROUTE_FIELDS(reread_fields),
        .view = VIEW_READING_TASK },
    { READ("/reading-load", handle_document, "How busy the lines are", "线路占用情况"), .view = VIEW_READING_LOAD },
};

const struct route_list routes_collect = { rows, sizeof rows / sizeof rows[0] };
