/* Imports, what a meter can be told, and downloads of archives. */
#include <stdlib.h>
#include <string.h>

#include "api/handlers.h"
#include "api/route.h"
#include "base/text.h"
#include "dialog/device_codec.h"

int line_prepare(struct exchange *exchange, void *request)
{
    struct core_line *line = request;

    if (exchange_value(exchange, "kind") == NULL)
        (void)text_copy(span_of_text("concentrator"), line->kind, sizeof line->kind);
    return 0;
}

static bool table_read(const char *text, size_t size, struct downlink_table *out)
{
    json_t *document = json_loadb(text, size, 0, NULL);
    const json_t *rows = json_object_get(document, "rows");
    struct downlink_table table = { .number = 1, .count = 0 };
    const json_t *number = json_object_get(document, "number");
    bool sound = json_is_array(rows) && json_array_size(rows) > 0 && json_array_size(rows) <= DOWNLINK_TABLE_LIMIT;

    if (number != NULL)
        sound = sound && json_is_integer(number) && json_integer_value(number) > 0 && json_integer_value(number) <= UINT8_MAX;
    if (number != NULL && sound)
        table.number = (uint8_t)json_integer_value(number);
    for (size_t i = 0; sound && i < json_array_size(rows); i++) {
        json_int_t from = json_integer_value(json_array_get(json_array_get(rows, i), 0));
        json_int_t value = json_integer_value(json_array_get(json_array_get(rows, i), 1));
        sound = json_array_size(json_array_get(rows, i)) == 2 && from >= 0 && from <= UINT32_MAX && value >= 0 &&
                value <= UINT32_MAX;
        table.from[i] = (uint32_t)from;
        table.value[i] = (uint32_t)value;
        table.count++;
    }
    json_decref(document);
    if (sound)
        *out = table;
    return sound;
}

int command_prepare(struct exchange *exchange, void *request)
{
    struct core_command *command = request;
    const struct field_value *table = exchange_value(exchange, "table");

    if (table == NULL || table_read((const char *)table->text.bytes, table->text.size, &command->table))
        return 0;
    return exchange_refuse(exchange, api_error_info(API_ERR_FIELD_TYPE), "table");
}

static int archive_sync(struct exchange *exchange, bool compare_only)
{
    const struct api_route *route = exchange->route;
    struct core_archive_sync request = { .head = { .object_id = exchange->object_id }, .compare_only = compare_only };
    struct core_reply reply;

    fields_copy(route->fields, route->field_count, exchange->values, &request, &request.head.present);
    if (exchange_core(exchange, route->operation, &request.head, &reply) != 0)
        return -1;
    exchange->status = 202;
    json_object_begin(&exchange->out);
    json_put_key_integer(&exchange->out, "concentrators", reply.count);
    json_object_end(&exchange->out);
    return 0;
}

int handle_archive_sync(struct exchange *exchange)
{
    return archive_sync(exchange, false);
}

int handle_archive_compare(struct exchange *exchange)
{
    return archive_sync(exchange, true);
}

static void problem_write(struct json_writer *out, const struct core_import_problem *problem, bool english)
{
    json_object_begin(out);
    json_put_key_integer(out, "row", problem->row);
    json_put_key_text(out, "column", problem->column);
    json_put_key_text(out, "value", problem->value);
    json_put_key_text(out, "rule", english ? problem->rule_en : problem->rule_zh);
    json_put_key_text(out, "fix", english ? problem->fix_en : problem->fix_zh);
    json_object_end(out);
}

static void report_write(struct exchange *exchange, const struct core_import_report *report, bool dry_run, int32_t entered)
{
    struct json_writer *out = &exchange->out;
    bool english = exchange_is_english(exchange);

    json_object_begin(out);
    json_put_key_integer(out, "rows", report->rows);
    json_put_key_integer(out, "entered", entered);
    json_put_key_boolean(out, "dry_run", dry_run);
    json_put_key_integer(out, "problem_count", report->problem_count);
    json_put_key(out, "problems");
    json_array_begin(out);
    for (int32_t i = 0; i < report->problem_count && i < CORE_IMPORT_PROBLEM_LIMIT; i++)
        problem_write(out, &report->problems[i], english);
    json_array_end(out);
    json_object_end(out);
}

/* The text with a zero behind it; NULL: no memory. A zero inside ends it early, which the reader of rows notices. */
static char *text_of_body(const struct exchange *exchange)
{
    char *text = malloc(exchange->body.size + 1);

    if (text != NULL) {
        memcpy(text, exchange->body.bytes, exchange->body.size);
        text[exchange->body.size] = '\0';
    }
    return text;
}

int handle_devices_import(struct exchange *exchange)
{
    const struct field_value *dry_run = exchange_value(exchange, "dry_run");
    struct core_import_report *report = calloc(1, sizeof *report);
    char *text = text_of_body(exchange);
    struct core_import request = { .dry_run = dry_run != NULL && dry_run->integer != 0, .text = text, .report = report };
    struct core_reply reply;
    int result = -1;

    if (report == NULL || text == NULL) {
        (void)exchange_refuse_api(exchange, API_ERR_MEMORY);
    } else if (text_utf8_check(exchange->body) < 0 || memchr(text, 0, exchange->body.size) != NULL) {
        (void)exchange_refuse_api(exchange, API_ERR_BODY_TEXT);
    } else if (exchange_core(exchange, exchange->route->operation, &request.head, &reply) == 0) {
        if (report->problem_count > 0 && !request.dry_run)
            exchange->status = 422;
        report_write(exchange, report, request.dry_run, reply.count);
        result = 0;
    }
    free(text);
    free(report);
    return result;
}

/* What of a model's commands people ask for, and under which kind; the relay's words for electricity. */
struct command_row {
    uint8_t command;       /* enum device_command_code */
    const char *kind;
    const char *kind_relay; /* NULL: the same */
    const char *zh;
    const char *en;
};

static const struct command_row command_rows[] = {
    { DEVICE_COMMAND_OPEN_VALVE, "open_valve", "close_relay", "复供", "Restore" },
    { DEVICE_COMMAND_CLOSE_VALVE, "close_valve", "open_relay", "停供", "Disconnect" },
    { DEVICE_COMMAND_PERMIT_OPEN, "permit_close", NULL, "允许合闸", "Permit connection" },
    { DEVICE_COMMAND_RECHARGE, "recharge", NULL, "充值", "Recharge" },
    { DEVICE_COMMAND_READ_NOW, "read_now", NULL, "立即抄读", "Read now" },
    { DEVICE_COMMAND_SET_CLOCK, "set_clock", NULL, "对时", "Set the clock" },
    { DEVICE_COMMAND_FREEZE_NOW, "freeze", NULL, "瞬时冻结", "Freeze now" },
    { DEVICE_COMMAND_KEEP_ON, "keep_on", NULL, "保电", "Keep on" },
    { DEVICE_COMMAND_KEEP_ON_CANCEL, "keep_on_cancel", NULL, "解除保电", "End keeping on" },
    { DEVICE_COMMAND_CLEAR_BALANCE, "clear_balance", NULL, "清除剩余金额", "Clear the balance" },
    { DEVICE_COMMAND_WRITE_STEPS, "write_steps", NULL, "写阶梯表", "Write the steps" },
    { DEVICE_COMMAND_WRITE_DAY_TABLE, "write_day_table", NULL, "写日时段表", "Write the day table" },
    { DEVICE_COMMAND_SET_MODE, "set_mode", NULL, "切换付费方式", "Set the payment mode" },
};

static void command_write(struct json_writer *out, const struct device_profile *profile,
    const struct device_profile_command *command)
{
    for (size_t i = 0; i < sizeof command_rows / sizeof command_rows[0]; i++) {
        const struct command_row *row = &command_rows[i];
        bool relay = profile->kind == DEVICE_KIND_ELECTRICITY && row->kind_relay != NULL;
        if (row->command != command->command)
            continue;
        json_object_begin(out);
        json_put_key_text(out, "kind", relay ? row->kind_relay : row->kind);
        json_put_key_text(out, "zh", command->words.zh[0] != '\0' ? command->words.zh : row->zh);
        json_put_key_text(out, "en", command->words.en[0] != '\0' ? command->words.en : row->en);
        json_put_key_boolean(out, "needs_password", (command->parameters & DEVICE_PARAMETER_PASSWORD) != 0);
        json_put_key_boolean(out, "proven", command->has_confirmation != 0);
        json_object_end(out);
    }
}

struct model_name {
    char text[DEVICE_PROFILE_NAME_LIMIT];
    bool found;
};

static int profile_take(void *context, const struct view_row *row)
{
    struct model_name *name = context;

    for (size_t i = 0; i < row->count; i++)
        if (strcmp(row->columns[i].name, "profile") == 0 && row->cells[i].type == VIEW_TEXT)
            name->found = text_copy(row->cells[i].text, name->text, sizeof name->text) >= 0;
    return 1;
}

int handle_device_commands(struct exchange *exchange)
{
    const struct api_profiles *port = &exchange->config->profiles;
    struct model_name name = { "", false };
    struct parameters parameters;
    struct json_writer *out = &exchange->out;

    parameters_fill(&parameters, exchange);
    int rows = exchange_read(exchange, VIEW_DEVICE, &parameters, profile_take, &name);
    if (rows <= 0)
        return rows < 0 ? -1 : exchange_refuse_api(exchange, API_ERR_NOT_FOUND);
    json_object_begin(out);
    json_put_key_text(out, "profile", name.text);
    json_put_key(out, "items");
    json_array_begin(out);
    const struct profile_set *set = port->hold != NULL ? port->hold(port->context) : NULL;
    const struct profile_set_row *row =
        set != NULL && name.found ? profile_set_find(set, span_of_text(name.text)) : NULL;
    for (uint16_t i = 0; row != NULL && i < row->profile.command_count; i++)
        command_write(out, &row->profile, &row->profile.commands[i]);
    if (set != NULL)
        port->release(port->context, set);
    json_array_end(out);
    json_object_end(out);
    return 0;
}
