/* Meters of an estate from a spreadsheet (POST /devices/import): all of its rows or none, and for each wrong cell its row,
 * column, value, the rule, and what would be right.
 *
 * Every row is really entered, in the order of the text, inside a savepoint: so a number that comes twice is found by the
 * same rule as one that another meter has. A dry run, or one wrong cell, takes everything back. Their rows go into the store some
 * hundred in a statement. */
#include <stdio.h>
#include <string.h>

#include "apps/meterworks/core_internal.h"
#include "apps/meterworks/csv_row.h"
#include "apps/meterworks/house_error.h"
#include "base/decimal.h"
#include "base/text.h"
#include "registry/registry_line.h"

#define ROW_LIMIT 5000 /* an estate; more at once would hold up everybody */
#define JOULE_PER_MILLI_KWH 3600

_Static_assert(ROW_LIMIT < CORE_CHANGE_LIMIT, "the gate can be told of all meters of a spreadsheet");

/* A row as it is being understood. */
struct import {
    struct core *core;
    const struct core_import *ask;
    struct registry_scope scope;
    struct core_import_report *report;
    int columns[CSV_CELL_COUNT]; /* index in `columns` below; -1: not known, refused */
    const struct csv_row *csv;
    int32_t row;
    struct device_record record;
    char start[CSV_CELL_LIMIT];
    char password[CSV_CELL_LIMIT];
    char parent_text[CSV_CELL_LIMIT]; /* the parent found last, so that an estate's rows find it at once */
    uint32_t parent_id;
};

/* NULL fix: nobody can know it. */
struct rule {
    const char *zh;
    const char *en;
    const char *fix_zh;
    const char *fix_en;
};

static const struct rule rule_number = { "须为整数", "a whole number", "去掉单位和空格", "leave out units and blanks" };
static const struct rule rule_long = { "文字过长", "the text is too long", NULL, NULL };
static const struct rule rule_kind = { "没有该表计类型", "there is no such kind of meter",
                                       "冷水 热水 电 燃气 热量", "cold_water hot_water electricity gas heat" };
static const struct rule rule_area = { "管辖范围内没有该区域，或名称不唯一", "no such area, or several have this name",
                                       "填写区域编号", "write the area's number" };
static const struct rule rule_parent = { "没有该集中器、采集器或线路", "no such concentrator, collector or line",
                                         "先登记集中器，再填写其地址或名称", "enter it first, then write its address or name" };
static const struct rule rule_start = { "表底须为千瓦时或立方米的数字", "a number of kWh or m3",
                                        "例如 1234.56", "for example 1234.56" };
static const struct rule rule_password = { "密码须为 1 至 6 位数字", "a password has 1 to 6 digits", NULL, NULL };

static const struct rule rule_cells = { "该行单元格多于标题行", "the row has more cells than the heading",
                                        "内容含逗号时请加引号", "put text with commas in quotes" };

static void problem_add(struct import *import, const char *column, const char *value, const struct rule *rule)
{
    struct core_import_report *report = import->report;
    struct core_import_problem *problem = &report->problems[report->problem_count];

    if (report->problem_count++ >= CORE_IMPORT_PROBLEM_LIMIT)
        return;
    problem->row = import->row;
    (void)snprintf(problem->column, sizeof problem->column, "%s", column);
    (void)snprintf(problem->value, sizeof problem->value, "%.*s", (int)text_utf8_cut(span_of_text(value), 63), value);
    (void)snprintf(problem->rule_zh, sizeof problem->rule_zh, "%s", rule->zh);
    (void)snprintf(problem->rule_en, sizeof problem->rule_en, "%s", rule->en);
    (void)snprintf(problem->fix_zh, sizeof problem->fix_zh, "%s", rule->fix_zh != NULL ? rule->fix_zh : "");
    (void)snprintf(problem->fix_en, sizeof problem->fix_en, "%s", rule->fix_en != NULL ? rule->fix_en : "");
}

/* Takers of cells: NULL when it is understood, else the rule. `size` is that of a text member. */
typedef const struct rule *cell_taker(struct import *import, const char *cell, void *member, size_t size);

static const struct rule *text_take(struct import *import, const char *cell, void *member, size_t size)
{
    (void)import;
    return text_copy(span_of_text(cell), member, size) < 0 ? &rule_long : NULL;
}

static const struct rule *number_take(struct import *import, const char *cell, void *member, size_t size)
{
    int64_t value = 0;

    (void)import;
    if (decimal_parse(span_of_text(cell), 0, &value) != 0 || value < 0 || value > INT32_MAX ||
        (size == 1 && value > UINT8_MAX) || (size == 2 && value > UINT16_MAX))
        return &rule_number;
    if (size == 1)
        *(uint8_t *)member = (uint8_t)value;
    else if (size == 2)
        *(uint16_t *)member = (uint16_t)value;
    else
        *(int32_t *)member = (int32_t)value;
    return NULL;
}

static const struct rule *kind_take(struct import *import, const char *cell, void *member, size_t size)
{
    static const struct { const char *zh; enum device_kind kind; } words[] = {
        { "冷水", DEVICE_KIND_COLD_WATER },  { "水", DEVICE_KIND_COLD_WATER },   { "热水", DEVICE_KIND_HOT_WATER },
        { "电", DEVICE_KIND_ELECTRICITY },   { "燃气", DEVICE_KIND_GAS },        { "热量", DEVICE_KIND_HEAT },
    };
    uint32_t kind = registry_kind_of_name(cell);

    (void)member;
    (void)size;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strncmp(cell, words[i].zh, strlen(words[i].zh)) == 0)
            kind = words[i].kind;
    if (kind == DEVICE_KIND_NONE || kind >= DEVICE_KIND_COUNT)
        return &rule_kind;
    import->record.kind = kind;
    return NULL;
}

/* A number, or a name that one area of the jurisdiction has. */
static const struct rule *area_take(struct import *import, const char *cell, void *member, size_t size)
{
    const struct registry *registry = import->core->registry;
    const struct area_record *area;
    int64_t number = 0;
    uint32_t found = 0;

    (void)member;
    (void)size;
    if (decimal_parse(span_of_text(cell), 0, &number) == 0 && number > 0 && number <= REGISTRY_AREA_LIMIT) {
        import->record.area_id = (uint32_t)number;
        return NULL;
    }
    for (uint32_t id = 1; (area = registry_area_find(registry, id)) != NULL; id++) {
        bool inside = area->tenant_id == import->scope.tenant_id && strcmp(area->path, import->scope.path_from) >= 0 &&
                      strcmp(area->path, import->scope.path_to) < 0;
        if (!inside || strcmp(area->name, cell) != 0)
            continue;
        if (found != 0)
            return &rule_area;
        found = id;
    }
    import->record.area_id = found;
    return found != 0 ? NULL : &rule_area;
}

static bool carrier_is_called(struct import *import, uint32_t device_id, const char *name)
{
    struct device_record row;

    if (registry_device_read(import->core->registry, &import->scope, device_id, &row) < 0 || row.removed_s != 0)
        return false;
    return strcmp(row.address, name) == 0 || strcmp(row.meter_number, name) == 0;
}

static uint32_t carrier_find(struct import *import, const char *name)
{
    const struct registry *registry = import->core->registry;
    uint32_t position = 0;
    uint32_t line_id;

    while ((line_id = registry_line_next(registry, &position)) != 0) {
        if (carrier_is_called(import, line_id, name))
            return line_id;
        for (uint32_t child = registry_child_next(registry, line_id, 0); child != 0;
             child = registry_child_next(registry, line_id, child))
            if (!registry_is_meter(registry_device_find(registry, child)) && carrier_is_called(import, child, name))
                return child;
    }
    return 0;
}

static const struct rule *parent_take(struct import *import, const char *cell, void *member, size_t size)
{
    (void)member;
    (void)size;
    if (strcmp(import->parent_text, cell) != 0) {
        import->parent_id = carrier_find(import, cell);
        (void)snprintf(import->parent_text, sizeof import->parent_text, "%s", cell);
    }
    import->record.parent_device_id = import->parent_id;
    return import->parent_id != 0 ? NULL : &rule_parent;
}

static const struct rule *password_take(struct import *import, const char *cell, void *member, size_t size)
{
    size_t digits = strlen(cell);

    (void)import;
    if (digits > 6 || strspn(cell, "0123456789") != digits)
        return &rule_password;
    return text_take(import, cell, member, size);
}

static const struct rule *imei_take(struct import *import, const char *cell, void *member, size_t size)
{
    int64_t imei = 0;

    (void)member;
    (void)size;
    if (decimal_parse(span_of_text(cell), 0, &imei) != 0 || imei < 0)
        return &rule_number;
    import->record.imei = (uint64_t)imei;
    return NULL;
}

struct column {
    const char *name; /* as the api calls the field, so that its reasons find the column */
    const char *zh;
    cell_taker *take;
    size_t offset;
    size_t size;
};

#define INTO(member) offsetof(struct import, member), sizeof(((struct import *)0)->member)

static const struct column columns[] = {
    { "meter_number", "表号", text_take, INTO(record.meter_number) },
    { "kind", "类型", kind_take, 0, 0 },
    { "parent_device_id", "集中器", parent_take, 0, 0 },
    { "area_id", "区域", area_take, 0, 0 },
    { "room", "房号", text_take, INTO(record.room) },
    { "address", "通信地址", text_take, INTO(record.address) },
    { "port", "端口", number_take, INTO(record.port) },
    { "measurement_point", "测量点", number_take, INTO(record.measurement_point) },
    { "profile", "型号", text_take, INTO(record.profile) },
    { "maker", "厂家", text_take, INTO(record.maker) },
    { "size_dn_mm", "口径", number_take, INTO(record.size_dn_mm) },
    { "start_register_value", "表底", text_take, INTO(start) },
    { "ct_primary_a", "CT一次", number_take, INTO(record.ct_primary_a) },
    { "ct_secondary_a", "CT二次", number_take, INTO(record.ct_secondary_a) },
    { "pt_primary_v", "PT一次", number_take, INTO(record.pt_primary_v) },
    { "pt_secondary_v", "PT二次", number_take, INTO(record.pt_secondary_v) },
    { "password", "密码", password_take, INTO(password) },
    { "imei", "IMEI", imei_take, 0, 0 },
};

#define COLUMN_COUNT (sizeof columns / sizeof columns[0])

static int column_find(const char *name)
{
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        if (strcmp(name, columns[i].zh) == 0 || text_equal_ignoring_case(span_of_text(name), span_of_text(columns[i].name)))
            return (int)i;
    /* Short forms people write: the heading that an export of ours has. */
    if (strcmp(name, "parent") == 0)
        return column_find("parent_device_id");
    if (strcmp(name, "area") == 0)
        return column_find("area_id");
    return strcmp(name, "start") == 0 ? column_find("start_register_value") : -1;
}

static void cell_trim(char cell[CSV_CELL_LIMIT])
{
    struct span inside = text_trim(span_of_text(cell));
    size_t size = inside.size;

    memmove(cell, inside.bytes, size);
    cell[size] = '\0';
}

static bool heading_take(struct import *import, struct csv_row *row)
{
    static const struct rule unknown = { "没有该列", "there is no such column",
                                         "表号 类型 集中器 区域 房号 通信地址 端口 测量点 型号 表底 密码",
                                         "meter_number kind parent area room address port measurement_point profile start" };
    bool has_number = false;

    import->row = 1;
    for (size_t i = 0; i < row->count; i++) {
        cell_trim(row->cells[i]);
        import->columns[i] = column_find(row->cells[i]);
        if (import->columns[i] < 0)
            problem_add(import, row->cells[i], row->cells[i], &unknown);
        has_number |= import->columns[i] == 0;
    }
    if (!has_number)
        problem_add(import, "meter_number", "",
                    &(struct rule){ "缺少表号列", "the column of meter numbers is missing", "表号", "meter_number" });
    return import->report->problem_count == 0;
}

/* The dial in people's units: kWh of electricity and heat, m3 of all else. */
static bool start_take(struct import *import)
{
    struct device_record *record = &import->record;
    bool heat = record->kind == DEVICE_KIND_HEAT;
    int64_t value = 0;

    record->start_register_value = REGISTRY_START_UNKNOWN;
    if (import->start[0] == '\0')
        return true;
    if (decimal_parse(span_of_text(import->start), heat ? 3 : 6, &value) != 0 || value < 0 ||
        value > INT64_MAX / JOULE_PER_MILLI_KWH)
        return false;
    record->start_register_value = heat ? value * JOULE_PER_MILLI_KWH : value;
    return true;
}

static bool cells_take(struct import *import, struct csv_row *row)
{
    int32_t before = import->report->problem_count;

    memset(&import->record, 0, sizeof import->record);
    import->start[0] = import->password[0] = '\0';
    for (size_t i = 0; i < row->count; i++) {
        const struct column *column = &columns[import->columns[i]];
        const struct rule *rule = NULL;
        cell_trim(row->cells[i]);
        if (row->cells[i][0] != '\0')
            rule = column->take(import, row->cells[i], (char *)import + column->offset, column->size);
        if (rule != NULL)
            problem_add(import, column->name, row->cells[i], rule);
    }
    if (!start_take(import))
        problem_add(import, "start_register_value", import->start, &rule_start);
    return import->report->problem_count == before;
}

/* Which cell a room's reason is about. */
static const char *cell_of(const struct import *import, const char *field)
{
    for (size_t i = 0; i < import->csv->count; i++)
        if (strcmp(columns[import->columns[i]].name, field) == 0)
            return import->csv->cells[i];
    return "";
}

static void refusal_add(struct import *import, int error)
{
    const struct error_info *info = house_error_info(error);
    struct registry_line_figures figures;
    char fix[2][96] = { "", "" };

    if (error == REGISTRY_ERR_LINE_FULL) {
        registry_line_figures(import->core->registry,
                              registry_line_of(import->core->registry, import->record.parent_device_id), &figures);
        (void)snprintf(fix[0], sizeof fix[0], "该集中器已有 %u 块表，上限 %u 块", (unsigned)figures.meter_count,
                       (unsigned)figures.meter_limit);
        (void)snprintf(fix[1], sizeof fix[1], "it has %u meters, its limit is %u", (unsigned)figures.meter_count,
                       (unsigned)figures.meter_limit);
    } else if (error == REGISTRY_ERR_POINT_TAKEN) {
        (void)snprintf(fix[0], sizeof fix[0], "留空以取下一个空闲测量点");
        (void)snprintf(fix[1], sizeof fix[1], "leave it empty to take the next free one");
    }
    problem_add(import, info->field, cell_of(import, info->field),
                &(struct rule){ info->text_zh, info->text_en, fix[0], fix[1] });
}

/* returns  0, also when the row was refused; negative when the store is in trouble */
static int meter_enter(struct import *import)
{
    struct core *core = import->core;
    const struct registry_device *parent = registry_device_find(core->registry, import->record.parent_device_id);
    int result;

    import->record.report_time_s = REGISTRY_REPORT_TIME_S;
    if (import->record.area_id == 0 && parent != NULL)
        import->record.area_id = parent->area_id;
    result = registry_device_add(core->registry, &import->scope, core->now_s, &import->record);
    if (result < 0 && registry_error_info(result) != NULL) {
        refusal_add(import, result);
        return 0;
    }
    if (result == 0 && import->password[0] != '\0')
        result = registry_devices_write(core->registry);
    if (result == 0 && import->password[0] != '\0')
        result = core_secret_put(core, import->record.device_id, "password", (const uint8_t *)import->password,
                                 strlen(import->password));
    return result == 0 ? core_archive_changed(core, import->record.device_id) : result;
}

static void text_problem_add(struct import *import, const struct csv_row *row, int error)
{
    static const struct rule rules[] = {
        { "列过多", "too many columns", NULL, NULL },
        { "单元格过长", "a cell is too long", NULL, NULL },
        { "引号不配对", "a quote does not end", "检查引号", "look at the quotes" },
        { "含有空字节，请另存为 UTF-8 文本", "it holds a zero byte; save it as UTF-8 text", NULL, NULL },
    };
    char line[32];

    (void)snprintf(line, sizeof line, "line %zu", row->line);
    import->row++;
    problem_add(import, "", line, &rules[-error - 1]);
}

static int rows_enter(struct import *import)
{
    static const struct rule too_many = { "一次最多导入 5000 行", "at most 5,000 rows at once", "分批导入", "split it" };
    struct csv_text text = csv_text_of(span_of_text(import->ask->text));
    struct csv_row row;
    int result = 0;
    int found = csv_row_next(&text, &row);

    import->csv = &row;
    if (found > 0 && !heading_take(import, &row))
        return 0;
    size_t column_count = row.count;
    while (found > 0 && result == 0 && (found = csv_row_next(&text, &row)) > 0) {
        import->row++;
        if (++import->report->rows > ROW_LIMIT) {
            problem_add(import, "", "", &too_many);
            return 0;
        }
        if (row.count > column_count)
            problem_add(import, "", row.cells[column_count], &rule_cells);
        else if (cells_take(import, &row))
            result = meter_enter(import);
    }
    if (found < 0)
        text_problem_add(import, &row, found);
    return result;
}

/* Nothing is gathered any more when it returns; a dry run, or one with problems, has entered what is taken back. */
static int meters_enter(struct import *import)
{
    struct registry *registry = import->core->registry;
    int result;

    registry_devices_gather(registry);
    result = rows_enter(import);
    if (result == 0 && import->report->problem_count == 0 && !import->ask->dry_run)
        result = registry_devices_write(registry);
    registry_devices_end(registry);
    return result;
}

int core_devices_import(struct core *core, const void *request, struct core_reply *reply)
{
    struct import import = { .core = core, .ask = request };
    size_t mark = undo_mark(core->undo);
    size_t change_count = core->change_count;
    int result = core_scope(core, &import.ask->head, &import.scope);

    import.report = import.ask->report;
    memset(import.report, 0, sizeof *import.report);
    if (result == 0)
        result = store_savepoint(core->store);
    if (result < 0)
        return result;
    result = meters_enter(&import);
    if (result < 0) {
        (void)store_revert(core->store);
        return result;
    }
    if (import.report->problem_count == 0 && !import.ask->dry_run) {
        reply->count = import.report->rows;
        result = store_release(core->store);
        return result < 0 ? result
                          : core_audit(core, &import.ask->head, "device.import", "device", 0, "");
    }
    undo_revert(core->undo, mark);
    core->change_count = change_count;
    return store_revert(core->store);
}
