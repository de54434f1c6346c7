#include "store/sql/collect_sql.h"

#include <stdlib.h>

#include "store/statement_table.h"

enum {
    PLANS,
    PLAN_DEVICES,
    PLAN_INSERT,
    PLAN_UPDATE,
    PLAN_DELETE,
    PLAN_DEVICE_INSERT,
    PLAN_DEVICES_DELETE,
    TASKS,
    TASK_INSERT,
    TASK_UPDATE,
    TASK_READ,
    TASK_OLD,
    TASK_DELETE,
    ITEMS_DELETE,
    ITEM_INSERT,
    ITEM_UPDATE,
    ITEM_READ,
    ITEMS_ASKED_RESET,
    ITEMS_WAITING_COUNT,
    ITEMS_WAITING,
    ITEMS_OF_DEVICE,
    ITEMS_END,
    ITEMS_OPEN_COUNT,
    TROUBLES,
    TROUBLE_PUT,
    TROUBLE_DELETE,
    LINE_PUT,
    LINES_RESET,
    STATEMENT_COUNT
};

#define PLAN_COLUMNS \
    "plan_id, created_s, last_run_s, tenant_id, coalesce(area_id, 0), coalesce(created_by, 0), every, offset_s, asked," \
    " done, failed, kind, what, unit, enabled, name"
#define TASK_COLUMNS \
    "task_id, requested_s, started_s, finished_s, expires_s, time_s, tenant_id, area_id, coalesce(requested_by, 0), day," \
    " total, done, failed, cancelled, kind, what, priority, state, freeze"
#define ITEM_COLUMNS "task_id, device_id, line_id, priority, state, route, problem, tries, at_s, next_s"

/* The figures of an open task are counted anew: its row is written once a second only. */
#define COUNTED(state) \
    "(SELECT count(*) FROM reading_task_item i WHERE i.task_id = t.task_id AND i.state = " state ")"

static const char *const texts[STATEMENT_COUNT] = {
    [PLANS] = "SELECT " PLAN_COLUMNS " FROM reading_plan ORDER BY plan_id",
    [PLAN_DEVICES] = "SELECT plan_id, device_id FROM reading_plan_device ORDER BY plan_id, device_id",
    [PLAN_INSERT] = "INSERT INTO reading_plan (created_s, tenant_id, area_id, created_by, every, offset_s, kind, what,"
                    " unit, enabled, name) VALUES (?, ?, nullif(?, 0), nullif(?, 0), ?, ?, ?, ?, ?, ?, ?)",
    [PLAN_UPDATE] = "UPDATE reading_plan SET area_id = nullif(?2, 0), every = ?3, offset_s = ?4, kind = ?5, what = ?6,"
                    " unit = ?7, enabled = ?8, last_run_s = ?9, asked = ?10, done = ?11, failed = ?12, name = ?13"
                    " WHERE plan_id = ?1",
    [PLAN_DELETE] = "DELETE FROM reading_plan WHERE plan_id = ?",
    [PLAN_DEVICE_INSERT] = "INSERT OR IGNORE INTO reading_plan_device (plan_id, device_id) VALUES (?, ?)",
    [PLAN_DEVICES_DELETE] = "DELETE FROM reading_plan_device WHERE plan_id = ?",
    [TASKS] = "SELECT task_id, requested_s, started_s, finished_s, expires_s, time_s, tenant_id, area_id,"
              " coalesce(requested_by, 0), day, total, " COUNTED("3") ", " COUNTED("4") ", " COUNTED("5") ", kind, what,"
              " priority, state, freeze FROM reading_task t WHERE state = 1 ORDER BY task_id",
    [TASK_INSERT] = "INSERT INTO reading_task (requested_s, started_s, finished_s, expires_s, time_s, tenant_id, area_id,"
                    " requested_by, day, total, done, failed, cancelled, kind, what, priority, state, freeze)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, nullif(?, 0), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [TASK_UPDATE] = "UPDATE reading_task SET started_s = ?2, finished_s = ?3, total = ?4, done = ?5, failed = ?6,"
                    " cancelled = ?7, state = ?8 WHERE task_id = ?1",
    [TASK_READ] = "SELECT " TASK_COLUMNS " FROM reading_task WHERE task_id = ?",
    [TASK_OLD] = "SELECT task_id FROM reading_task WHERE finished_s > 0 AND finished_s < ? ORDER BY finished_s LIMIT 1",
    [TASK_DELETE] = "DELETE FROM reading_task WHERE task_id = ?",
    [ITEMS_DELETE] = "DELETE FROM reading_task_item WHERE task_id = ?",
    [ITEM_INSERT] = "INSERT OR IGNORE INTO reading_task_item (" ITEM_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [ITEM_UPDATE] = "UPDATE reading_task_item SET line_id = ?3, priority = ?4, state = ?5, route = ?6, problem = ?7,"
                    " tries = ?8, at_s = ?9, next_s = ?10 WHERE task_id = ?1 AND device_id = ?2",
    [ITEM_READ] = "SELECT " ITEM_COLUMNS " FROM reading_task_item WHERE task_id = ? AND device_id = ?",
    [ITEMS_ASKED_RESET] = "UPDATE reading_task_item SET state = 1 WHERE state = 2 AND task_id IN"
                          " (SELECT task_id FROM reading_task WHERE state = 1)",
    [ITEMS_WAITING_COUNT] = "SELECT line_id, priority, count(*) FROM reading_task_item WHERE state = 1"
                            " GROUP BY line_id, priority",
    [ITEMS_WAITING] = "SELECT " ITEM_COLUMNS " FROM reading_task_item WHERE state = 1 AND line_id = ? AND priority = ?"
                      " AND next_s <= ? ORDER BY task_id, device_id LIMIT ?",
    [ITEMS_OF_DEVICE] = "SELECT " ITEM_COLUMNS " FROM reading_task_item WHERE state <= 2 AND device_id = ?"
                        " ORDER BY task_id LIMIT ?",
    [ITEMS_END] = "UPDATE reading_task_item SET problem = CASE WHEN problem = 0 THEN ?3 ELSE problem END, state = ?2,"
                  " at_s = ?4 WHERE task_id = ?1 AND state <= 2",
    [ITEMS_OPEN_COUNT] = "SELECT line_id, priority, state, count(*) FROM reading_task_item WHERE task_id = ?"
                         " AND state <= 2 GROUP BY line_id, priority, state",
    [TROUBLES] = "SELECT device_id, problem, tries, last_s, next_s, given_up, given_up_day,"
                 " interval_given_up, interval_given_up_day, interval_problem FROM collect_trouble",
    [TROUBLE_PUT] = "INSERT OR REPLACE INTO collect_trouble (device_id, problem, tries, last_s, next_s, given_up,"
                    " given_up_day, interval_given_up, interval_given_up_day, interval_problem)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [TROUBLE_DELETE] = "DELETE FROM collect_trouble WHERE device_id = ?",
    [LINE_PUT] = "INSERT INTO collect_line (line_id, online, since_s, orders) VALUES (?, ?, ?, ?)"
                 " ON CONFLICT (line_id) DO UPDATE SET online = excluded.online, since_s = excluded.since_s,"
                 " orders = excluded.orders",
    [LINES_RESET] = "UPDATE collect_line SET online = 0, orders = 0, since_s = CASE online WHEN 1 THEN ?1 ELSE since_s END",
};

struct collect_sql {
    struct collect_store store;
    struct statement_table table;
};

static int64_t number(struct statement *row, int column)
{
    return statement_integer(row, column);
}

static int run(struct statement *statement)
{
    int changed = statement_run(statement);
    return changed < 0 ? changed : 0;
}

static int run_on(struct collect_sql *sql, size_t index, int64_t key)
{
    struct statement *statement = statement_take(&sql->table, index);
    statement_bind_integer(statement, 1, key);
    return run(statement);
}

static int plans_walk(void *context, int (*visit)(void *, const struct collect_plan *), void *visitor)
{
    struct collect_sql *sql = context;
    struct statement *rows = statement_take(&sql->table, PLANS);
    int found;
    while ((found = statement_row(rows)) == 1) {
        struct collect_plan plan = {
            .plan_id = number(rows, 0), .created_s = number(rows, 1), .last_run_s = number(rows, 2),
            .tenant_id = (uint32_t)number(rows, 3), .area_id = (uint32_t)number(rows, 4),
            .created_by = (uint32_t)number(rows, 5), .every = (uint32_t)number(rows, 6),
            .offset_s = (int32_t)number(rows, 7), .asked = (uint32_t)number(rows, 8), .done = (uint32_t)number(rows, 9),
            .failed = (uint32_t)number(rows, 10), .kind = (uint8_t)number(rows, 11), .what = (uint8_t)number(rows, 12),
            .unit = (uint8_t)number(rows, 13), .enabled = (uint8_t)number(rows, 14),
        };
        statement_text(rows, 15, plan.name, sizeof plan.name);
        int answer = visit(visitor, &plan);
        if (answer < 0) {
            statement_end(rows);
            return answer;
        }
    }
    return found;
}

static int plan_devices_walk(void *context, int (*visit)(void *, int64_t, uint32_t), void *visitor)
{
    struct collect_sql *sql = context;
    struct statement *rows = statement_take(&sql->table, PLAN_DEVICES);
    int found;
    while ((found = statement_row(rows)) == 1) {
        int answer = visit(visitor, number(rows, 0), (uint32_t)number(rows, 1));
        if (answer < 0) {
            statement_end(rows);
            return answer;
        }
    }
    return found;
}

static int plan_insert(void *context, struct collect_plan *row)
{
    struct collect_sql *sql = context;
    struct statement *statement = statement_take(&sql->table, PLAN_INSERT);
    statement_bind_integers(statement,
                            (const int64_t[]){ row->created_s, row->tenant_id, row->area_id, row->created_by, row->every,
                                               row->offset_s, row->kind, row->what, row->unit, row->enabled },
                            10);
    statement_bind_text(statement, 11, row->name);
    int error = run(statement);
    if (error == 0)
        row->plan_id = store_last_identifier(sql->table.store);
    return error;
}

static int plan_update(void *context, const struct collect_plan *row)
{
    struct collect_sql *sql = context;
    struct statement *statement = statement_take(&sql->table, PLAN_UPDATE);
    statement_bind_integers(statement,
                            (const int64_t[]){ row->plan_id, row->area_id, row->every, row->offset_s, row->kind,
                                               row->what, row->unit, row->enabled, row->last_run_s, row->asked,
                                               row->done, row->failed },
                            12);
    statement_bind_text(statement, 13, row->name);
    return run(statement);
}

static int plan_devices_delete(void *context, int64_t plan_id)
{
    return run_on(context, PLAN_DEVICES_DELETE, plan_id);
}

static int plan_delete(void *context, int64_t plan_id)
{
    int error = plan_devices_delete(context, plan_id);
    return error != 0 ? error : run_on(context, PLAN_DELETE, plan_id);
}

static int plan_device_insert(void *context, int64_t plan_id, uint32_t device_id)
{
    struct collect_sql *sql = context;
    struct statement *statement = statement_take(&sql->table, PLAN_DEVICE_INSERT);
    statement_bind_integers(statement, (const int64_t[]){ plan_id, device_id }, 2);
    return run(statement);
}

static struct collect_task task_take(struct statement *row)
{
    return (struct collect_task){
        .task_id = number(row, 0), .requested_s = number(row, 1), .started_s = number(row, 2),
        .finished_s = number(row, 3), .expires_s = number(row, 4), .time_s = number(row, 5),
        .tenant_id = (uint32_t)number(row, 6), .area_id = (uint32_t)number(row, 7),
        .requested_by = (uint32_t)number(row, 8), .day = (int32_t)number(row, 9), .total = (uint32_t)number(row, 10),
        .done = (uint32_t)number(row, 11), .failed = (uint32_t)number(row, 12), .cancelled = (uint32_t)number(row, 13),
        .kind = (uint8_t)number(row, 14), .what = (uint8_t)number(row, 15), .priority = (uint8_t)number(row, 16),
        .state = (uint8_t)number(row, 17), .freeze = (uint8_t)number(row, 18),
    };
}

static int tasks_walk(void *context, int (*visit)(void *, const struct collect_task *), void *visitor)
{
    struct collect_sql *sql = context;
    struct statement *rows = statement_take(&sql->table, TASKS);
    int found;
    while ((found = statement_row(rows)) == 1) {
        struct collect_task task = task_take(rows);
        int answer = visit(visitor, &task);
        if (answer < 0) {
            statement_end(rows);
            return answer;
        }
    }
    return found;
}

static int task_insert(void *context, struct collect_task *row)
{
    struct collect_sql *sql = context;
    struct statement *statement = statement_take(&sql->table, TASK_INSERT);
    statement_bind_integers(statement,
                            (const int64_t[]){ row->requested_s, row->started_s, row->finished_s, row->expires_s,
                                               row->time_s, row->tenant_id, row->area_id, row->requested_by, row->day,
                                               row->total, row->done, row->failed, row->cancelled, row->kind, row->what,
                                               row->priority, row->state, row->freeze },
                            18);
    int error = run(statement);
    if (error == 0)
        row->task_id = store_last_identifier(sql->table.store);
    return error;
}

static int task_update(void *context, const struct collect_task *row)
{
    struct collect_sql *sql = context;
    struct statement *statement = statement_take(&sql->table, TASK_UPDATE);
    statement_bind_integers(statement,
                            (const int64_t[]){ row->task_id, row->started_s, row->finished_s, row->total, row->done,
                                               row->failed, row->cancelled, row->state },
                            8);
    return run(statement);
}

static int task_read(void *context, int64_t task_id, struct collect_task *out)
{
    struct collect_sql *sql = context;
    struct statement *query = statement_take(&sql->table, TASK_READ);
    statement_bind_integer(query, 1, task_id);
    int found = statement_row(query);
    if (found == 1)
        *out = task_take(query);
    statement_end(query);
    return found;
}

static int task_trim(void *context, int64_t before_s)
{
    struct collect_sql *sql = context;
    struct statement *query = statement_take(&sql->table, TASK_OLD);
    statement_bind_integer(query, 1, before_s);
    int found = statement_row(query);
    if (found != 1)
        return found;
    int64_t task_id = number(query, 0);
    statement_end(query);
    int error = run_on(sql, ITEMS_DELETE, task_id);
    if (error == 0)
        error = run_on(sql, TASK_DELETE, task_id);
    return error != 0 ? error : 1;
}

static struct statement *item_bind(struct collect_sql *sql, size_t index, const struct collect_item *row)
{
    struct statement *statement = statement_take(&sql->table, index);
    statement_bind_integers(statement,
                            (const int64_t[]){ row->task_id, row->device_id, row->line_id, row->priority, row->state,
                                               row->route, row->problem, row->tries, row->at_s, row->next_s },
                            10);
    return statement;
}

static int item_insert(void *context, const struct collect_item *row)
{
    return statement_run(item_bind(context, ITEM_INSERT, row));
}

static int item_update(void *context, const struct collect_item *row)
{
    return run(item_bind(context, ITEM_UPDATE, row));
}

static struct collect_item item_take(struct statement *row)
{
    return (struct collect_item){
        .task_id = number(row, 0), .device_id = (uint32_t)number(row, 1), .line_id = (uint32_t)number(row, 2),
        .priority = (uint8_t)number(row, 3), .state = (uint8_t)number(row, 4), .route = (uint8_t)number(row, 5),
        .problem = (uint8_t)number(row, 6), .tries = (uint8_t)number(row, 7), .at_s = number(row, 8),
        .next_s = number(row, 9),
    };
}

static int item_read(void *context, int64_t task_id, uint32_t device_id, struct collect_item *out)
{
    struct collect_sql *sql = context;
    struct statement *query = statement_take(&sql->table, ITEM_READ);
    statement_bind_integers(query, (const int64_t[]){ task_id, device_id }, 2);
    int found = statement_row(query);
    if (found == 1)
        *out = item_take(query);
    statement_end(query);
    return found;
}

static int items_asked_reset(void *context)
{
    struct collect_sql *sql = context;
    return run(statement_take(&sql->table, ITEMS_ASKED_RESET));
}

static int items_waiting_walk(void *context, int (*visit)(void *, uint32_t, uint8_t, uint32_t), void *visitor)
{
    struct collect_sql *sql = context;
    struct statement *rows = statement_take(&sql->table, ITEMS_WAITING_COUNT);
    int found;
    while ((found = statement_row(rows)) == 1) {
        int answer = visit(visitor, (uint32_t)number(rows, 0), (uint8_t)number(rows, 1), (uint32_t)number(rows, 2));
        if (answer < 0) {
            statement_end(rows);
            return answer;
        }
    }
    return found;
}

static int items_take(struct statement *rows, struct collect_item *out)
{
    int count = 0;
    int found;
    while ((found = statement_row(rows)) == 1)
        out[count++] = item_take(rows);
    return found < 0 ? found : count;
}

static int items_waiting(void *context, uint32_t line_id, uint8_t priority, int64_t now_s, struct collect_item *out,
                         int limit)
{
    struct collect_sql *sql = context;
    struct statement *rows = statement_take(&sql->table, ITEMS_WAITING);
    statement_bind_integers(rows, (const int64_t[]){ line_id, priority, now_s, limit }, 4);
    return items_take(rows, out);
}

static int items_of_device(void *context, uint32_t device_id, struct collect_item *out, int limit)
{
    struct collect_sql *sql = context;
    struct statement *rows = statement_take(&sql->table, ITEMS_OF_DEVICE);
    statement_bind_integers(rows, (const int64_t[]){ device_id, limit }, 2);
    return items_take(rows, out);
}

static int items_end(void *context, int64_t task_id, enum collect_item_state state, uint8_t problem, int64_t now_s)
{
    struct collect_sql *sql = context;
    struct statement *statement = statement_take(&sql->table, ITEMS_END);
    statement_bind_integers(statement, (const int64_t[]){ task_id, state, problem, now_s }, 4);
    return run(statement);
}

static int items_open_walk(void *context, int64_t task_id,
                           int (*visit)(void *, uint32_t, uint8_t, uint8_t, uint32_t), void *visitor)
{
    struct collect_sql *sql = context;
    struct statement *rows = statement_take(&sql->table, ITEMS_OPEN_COUNT);
    statement_bind_integer(rows, 1, task_id);
    int found;
    while ((found = statement_row(rows)) == 1) {
        int answer = visit(visitor, (uint32_t)number(rows, 0), (uint8_t)number(rows, 1), (uint8_t)number(rows, 2),
                           (uint32_t)number(rows, 3));
        if (answer < 0) {
            statement_end(rows);
            return answer;
        }
    }
    return found;
}

static int troubles_walk(void *context, int (*visit)(void *, const struct collect_trouble *), void *visitor)
{
    struct collect_sql *sql = context;
    struct statement *rows = statement_take(&sql->table, TROUBLES);
    int found;
    while ((found = statement_row(rows)) == 1) {
        struct collect_trouble trouble = {
            .device_id = (uint32_t)number(rows, 0), .problem = (uint8_t)number(rows, 1),
            .tries = (uint8_t)number(rows, 2), .last_s = number(rows, 3), .next_s = number(rows, 4),
            .given_up = (uint32_t)number(rows, 5), .given_up_day = (int32_t)number(rows, 6),
            .interval_given_up = (uint32_t)number(rows, 7), .interval_given_up_day = (int32_t)number(rows, 8),
            .interval_problem = (uint8_t)number(rows, 9),
        };
        int answer = visit(visitor, &trouble);
        if (answer < 0) {
            statement_end(rows);
            return answer;
        }
    }
    return found;
}

static int trouble_put(void *context, const struct collect_trouble *row)
{
    struct collect_sql *sql = context;
    struct statement *statement = statement_take(&sql->table, TROUBLE_PUT);
    statement_bind_integers(statement,
                            (const int64_t[]){ row->device_id, row->problem, row->tries, row->last_s, row->next_s,
                                               row->given_up, row->given_up_day, row->interval_given_up,
                                               row->interval_given_up_day, row->interval_problem },
                            10);
    return run(statement);
}

static int trouble_delete(void *context, uint32_t device_id)
{
    return run_on(context, TROUBLE_DELETE, device_id);
}

static int line_put(void *context, uint32_t line_id, bool online, int64_t at_s, uint32_t orders)
{
    struct collect_sql *sql = context;
    struct statement *statement = statement_take(&sql->table, LINE_PUT);
    statement_bind_integers(statement, (const int64_t[]){ line_id, online, at_s, orders }, 4);
    return run(statement);
}

static int lines_reset(void *context, int64_t at_s)
{
    return run_on(context, LINES_RESET, at_s);
}

static const struct collect_store functions = {
    .plans_walk = plans_walk,
    .plan_devices_walk = plan_devices_walk,
    .plan_insert = plan_insert,
    .plan_update = plan_update,
    .plan_delete = plan_delete,
    .plan_device_insert = plan_device_insert,
    .plan_devices_delete = plan_devices_delete,
    .tasks_walk = tasks_walk,
    .task_insert = task_insert,
    .task_update = task_update,
    .task_read = task_read,
    .task_trim = task_trim,
    .item_insert = item_insert,
    .item_update = item_update,
    .item_read = item_read,
    .items_asked_reset = items_asked_reset,
    .items_waiting_walk = items_waiting_walk,
    .items_waiting = items_waiting,
    .items_of_device = items_of_device,
    .items_end = items_end,
    .items_open_walk = items_open_walk,
    .troubles_walk = troubles_walk,
    .trouble_put = trouble_put,
    .trouble_delete = trouble_delete,
    .line_put = line_put,
    .lines_reset = lines_reset,
};

int collect_sql_open(struct store *store, struct collect_sql **out)
{
    struct collect_sql *sql = calloc(1, sizeof *sql);
    if (!sql)
        return STORE_ERR_MEMORY;
    int error = statement_table_prepare(&sql->table, store, texts, STATEMENT_COUNT);
    if (error != 0) {
        free(sql);
        return error;
    }
    sql->store = functions;
    sql->store.context = sql;
    *out = sql;
    return 0;
}

void collect_sql_close(struct collect_sql *sql)
{
    if (sql)
        statement_table_finalize(&sql->table);
    free(sql);
}

const struct collect_store *collect_sql_store(const struct collect_sql *sql)
{
    return &sql->store;
}
