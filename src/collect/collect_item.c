/* One meter of a person's task: asked, answered, asked again, given up. */
#include "collect/collect_internal.h"

static int item_write(struct collect_room *room, struct collect_item *item, enum collect_item_state state,
                      int64_t now_s)
{
    bool waited = item->state == COLLECT_ITEM_WAITING;
    bool waits = state == COLLECT_ITEM_WAITING;
    item->state = (uint8_t)state;
    item->at_s = now_s;
    int error = room->store.item_update(room->store.context, item);
    if (error == 0 && waited != waits)
        error = collect_line_waiting(room, item->line_id, item->priority, waits ? 1 : -1);
    if (error == 0 && item->line_id == COLLECT_RADIO_LINE && state > COLLECT_ITEM_ASKED)
        error = collect_radio_count(room, -1);
    return error;
}

int collect_item_asked(struct collect_room *room, struct collect_open_task *task, struct collect_item *item,
                       int64_t now_s)
{
    if (task->row.started_s == 0) {
        int error = collect_task_touch(room, task);
        if (error != 0)
            return error;
        task->row.started_s = now_s;
    }
    item->tries++;
    return item_write(room, item, COLLECT_ITEM_ASKED, now_s);
}

int collect_item_met(struct collect_room *room, struct collect_open_task *task, struct collect_item *item,
                     int64_t now_s)
{
    int error = collect_task_touch(room, task);
    item->problem = 0;
    if (error == 0)
        error = item_write(room, item, COLLECT_ITEM_DONE, now_s);
    if (error != 0)
        return error;
    task->row.done++;
    return collect_task_settle(room, task, now_s);
}

/* It waits again, from next_s on. */
static int item_wait(struct collect_room *room, struct collect_item *item, uint8_t problem, int64_t next_s,
                     int64_t now_s)
{
    item->problem = problem;
    item->next_s = next_s;
    return item_write(room, item, COLLECT_ITEM_WAITING, now_s);
}

/* What may pass, or succeed by another way. */
static bool worth_another(const struct collect_item *item, uint8_t problem)
{
    if (problem == LINE_PROBLEM_NO_ANSWER || problem == LINE_PROBLEM_CHECKSUM || problem == LINE_PROBLEM_ADDRESS ||
        problem == LINE_PROBLEM_COLLISION)
        return item->tries < COLLECT_ITEM_TRIES;
    return false;
}

int collect_item_failed(struct collect_room *room, struct collect_open_task *task, struct collect_item *item,
                        uint8_t problem, int64_t now_s)
{
    if (collect_problem_of_line(problem)) {
        item->tries = item->tries > 0 ? (uint8_t)(item->tries - 1) : 0;
        return item_wait(room, item, problem, now_s + collect_line_pause_s(problem), now_s);
    }
    /* Quarter-hours that the concentrator lacks and the model cannot tell are not there. */
    if (problem == LINE_PROBLEM_UNSUPPORTED && task->row.what == COLLECT_INTERVAL && collect_problem_of_point(item->problem))
        problem = item->problem;
    if (collect_problem_of_point(problem) && item->route == LINE_ROUTE_POINT && item->line_id != 0) {
        item->route = LINE_ROUTE_FORWARD;
        return item_wait(room, item, problem, now_s, now_s);
    }
    if (worth_another(item, problem))
        return item_wait(room, item, problem, now_s + COLLECT_ITEM_PAUSE_S, now_s);
    return collect_item_give_up(room, task, item, problem, now_s);
}

int collect_item_give_up(struct collect_room *room, struct collect_open_task *task, struct collect_item *item,
                         uint8_t problem, int64_t now_s)
{
    int error = collect_task_touch(room, task);
    item->problem = problem;
    if (error == 0)
        error = item_write(room, item, COLLECT_ITEM_FAILED, now_s);
    if (error != 0)
        return error;
    task->row.failed++;
    return collect_task_settle(room, task, now_s);
}
