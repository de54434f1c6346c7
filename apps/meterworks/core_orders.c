/* Orders to lines: commands of the command room, the looks that prove them, and downloads of archives. */
#include "apps/meterworks/core_internal.h"

#include <string.h>

#include "base/cipher.h"
#include "registry/registry_line.h"

/* Whose order it is stands in the upper bits of its identifier; ESTATE_ORDER_SPACE is the third kind,
 * searches (core_search.c) have bit 60. */
#define COMMAND_SPACE (UINT64_C(1) << 63) /* the command's identifier below */
#define VISIT_SPACE (UINT64_C(1) << 61)   /* a serial and the device's identifier below */
#define VISIT_SERIAL_SHIFT 32
#define VISIT_SERIAL_MASK 0xFFFFFFu
#define ORDER_LIFE_S 150                  /* less than COMMAND_ANSWER_BOUND_S: the gate says so before the room gives up */
#define RETRY_S 15
#define SWEEP_PER_TICK 20000              /* devices that are asked whether something waits for them, each second */

/* When a device that has done a command is looked at, after the command and after the look before; a valve takes up to a
 * minute, and the last look comes when COMMAND_SETTLE_S lets a state refute. */
static const int16_t visit_waits_s[] = { 2, 8, 20, 30, 60, 90, 120 };
#define VISIT_STEPS (sizeof visit_waits_s / sizeof visit_waits_s[0])

/* Of one that does not answer: looked at, and told of its purchases, ever more seldom, until the command expires or the
 * meter answers anything. */
static const int16_t absence_waits_s[] = { 300, 900, 3600, 14400 };

static struct core_visit *visit_find(struct core *core, uint32_t device_id, uint16_t operation)
{
    for (size_t i = 0; i < core->visit_count; i++)
        if (core->visits[i].device_id == device_id && core->visits[i].operation == operation)
            return &core->visits[i];
    return NULL;
}

static int64_t absence_wait_s(size_t times)
{
    size_t last = sizeof absence_waits_s / sizeof absence_waits_s[0] - 1;
    return absence_waits_s[times < last ? times : last];
}

/* A place for one more: when there is none, the one whose time is furthest off gives its own, if that is later. The
 * sweep finds again who lost it. */
static struct core_visit *visit_place(struct core *core, int64_t at_s)
{
    struct core_visit *last = &core->visits[0];

    if (core->visit_count < CORE_VISIT_LIMIT)
        return &core->visits[core->visit_count++];
    for (size_t i = 1; i < CORE_VISIT_LIMIT; i++)
        if (core->visits[i].at_s > last->at_s)
            last = &core->visits[i];
    return last->at_s > at_s ? last : NULL;
}

void core_visit_add(struct core *core, uint32_t device_id, uint16_t operation, uint16_t step, int64_t at_s)
{
    struct core_visit visit = { device_id, operation, step, at_s };
    struct core_visit *known = visit_find(core, device_id, operation);

    if (known == NULL)
        known = visit_place(core, at_s);
    if (known != NULL)
        *known = visit;
}

void core_visits_hasten(struct core *core, uint32_t device_id)
{
    for (size_t i = 0; i < core->visit_count; i++)
        if (core->visits[i].device_id == device_id && core->visits[i].at_s > core->now_s + ORDER_LIFE_S)
            core->visits[i].at_s = core->now_s;
}

void core_count_read(struct core *core, uint32_t device_id)
{
    if (visit_find(core, device_id, LINE_READ_CURRENT) == NULL)
        core_visit_add(core, device_id, LINE_READ_CURRENT, 0, core->now_s);
}

void core_visits_listen(struct core *core)
{
    for (size_t i = 0; i < core->visit_count; i++)
        if (core->visits[i].operation == 0 && core->visits[i].at_s <= core->now_s)
            core_listen(core, core->visits[i].device_id, false);
}

void core_visits_sweep(struct core *core)
{
    uint32_t count = registry_device_count(core->registry);

    for (uint32_t i = 0; i < SWEEP_PER_TICK && i < count; i++) {
        core->sweep_position = core->sweep_position >= count ? 1 : core->sweep_position + 1;
        uint32_t line_id = registry_line_of(core->registry, core->sweep_position);
        if (line_id != 0 && command_waiting(core->command, core->sweep_position) &&
            estate_connected(core->estate, line_id) && visit_find(core, core->sweep_position, 0) == NULL)
            core_visit_add(core, core->sweep_position, 0, 0, core->now_s);
    }
}

/* Which operation of a line does it: some have one of their own. */
static uint16_t line_operation_of(uint16_t operation)
{
    switch (operation) {
    case DOWNLINK_READ_NOW:
        return LINE_READ_CURRENT;
    case DOWNLINK_SET_CLOCK:
        return LINE_CLOCK_SET;
    default:
        return LINE_COMMAND;
    }
}

/* A concentrator has only what it read before; what proves a command must come from the meter itself. */
static void route_choose(const struct core *core, struct line_order *order)
{
    struct registry_line_figures figures;

    registry_line_figures(core->registry, order->line_id, &figures);
    if (figures.kind == LINE_KIND_CONCENTRATOR && order->device_id != order->line_id)
        order->route = LINE_ROUTE_FORWARD;
}

int core_order_add(struct core *core, const struct downlink *downlink)
{
    struct line_order *order = &core->orders[core->order_count];
    struct command_record command;
    int result = command_read(core->command, downlink->command_id, &command);

    if (result < 0)
        return result;
    bool was_sent = result == 1 && command.tries > 0;
    *order = (struct line_order){
        .order_id = COMMAND_SPACE | downlink->command_id,
        .operation = line_operation_of(downlink->operation),
        .priority = LINE_PRIORITY_SAFETY,
        .time_s = downlink->operation == DOWNLINK_SET_CLOCK ? downlink->value : 0,
        .is_repeated = was_sent, /* by an order whose end nobody told, be it because the program ended */
        .expires_s = core->now_s + ORDER_LIFE_S < downlink->expires_s ? core->now_s + ORDER_LIFE_S : downlink->expires_s,
    };
    result = registry_line_order_fill(core->registry, downlink->device_id, order);
    if (result < 0)
        return result;
    if (downlink->operation == DOWNLINK_READ_NOW)
        order->priority = LINE_PRIORITY_ON_DEMAND;
    route_choose(core, order);
    core_secrets_fill(core, order);
    if (order->operation == LINE_COMMAND)
        order->body.command = *downlink;
    result = command_line_left(core->command, downlink->command_id, core->now_s);
    if (result == 0)
        core->order_count++;
    return result;
}

/* What shows that it was done. */
static uint16_t look_of(const struct command_record *command)
{
    return command->operation == DOWNLINK_SET_CLOCK ? LINE_CLOCK_READ : LINE_READ_CURRENT;
}

/* Only purchases are tried more often than COMMAND_TRY_LIMIT. */
static int64_t retry_wait_s(const struct command_record *command)
{
    bool is_absent = command->finished_s == 0 && command->tries >= COMMAND_TRY_LIMIT;
    return is_absent ? absence_wait_s((size_t)command->tries - COMMAND_TRY_LIMIT) : RETRY_S;
}

static int command_ended(struct core *core, const struct uplink *uplink)
{
    uint64_t command_id = uplink->order_id & ~COMMAND_SPACE;
    enum line_problem problem = (enum line_problem)uplink->problem;
    struct command_record command;
    int found = command_read(core->command, command_id, &command);
    int result;

    if (found <= 0)
        return found;
    result = command_line_ended(core->command, command.device_id, command_id, problem, uplink->answer_code,
                                uplink->item_count, core->now_s);
    if (result >= 0 && problem == LINE_PROBLEM_PARTIAL && uplink->answer_about != 0)
        result = command_difference_note(core->command, command_id, uplink->answer_about, core->now_s);
    if (result < 0)
        return result;
    found = command_read(core->command, command_id, &command);
    if (found == 1 && command.state == COMMAND_EXECUTED)
        core_visit_add(core, command.device_id, look_of(&command), 0, core->now_s + visit_waits_s[0]);
    if (command_waiting(core->command, command.device_id))
        core_visit_add(core, command.device_id, 0, 0,
                       core->now_s + (problem == LINE_PROBLEM_NONE || found < 0 ? 0 : retry_wait_s(&command)));
    return found < 0 ? found : 0;
}

/* The meter has spoken, if only to say that it does not have all that was asked. */
static bool is_word(enum line_problem problem)
{
    return problem == LINE_PROBLEM_NONE || problem == LINE_PROBLEM_NO_DATA || problem == LINE_PROBLEM_PARTIAL ||
           problem == LINE_PROBLEM_DENIED || problem == LINE_PROBLEM_REFUSED || problem == LINE_PROBLEM_UNSUPPORTED;
}

/* When a meter is looked at again that has or has not spoken. A word after an absence begins anew.
 * returns  0: no more, it has been looked at often enough */
static int64_t visit_wait_s(struct core_visit *visit, bool has_spoken)
{
    if (has_spoken && visit->step + 1u == VISIT_STEPS)
        return 0;
    if (has_spoken && visit->step >= VISIT_STEPS)
        visit->step = 0;
    else if (visit->step < UINT16_MAX)
        visit->step++;
    return visit->step < VISIT_STEPS ? visit_waits_s[visit->step] : absence_wait_s(visit->step - VISIT_STEPS);
}

/* The look is over; while a command still waits for its proof there is another. */
static void visit_ended(struct core *core, uint32_t device_id, bool has_spoken)
{
    for (size_t i = 0; i < core->visit_count; i++) {
        struct core_visit *visit = &core->visits[i];
        if (visit->device_id != device_id || visit->operation == 0)
            continue;
        int64_t wait_s = command_waiting(core->command, device_id) ? visit_wait_s(visit, has_spoken) : 0;
        if (wait_s == 0) {
            *visit = core->visits[--core->visit_count];
            return;
        }
        visit->at_s = core->now_s + wait_s;
    }
}

static int look_ended(struct core *core, const struct uplink *uplink)
{
    uint32_t device_id = (uint32_t)uplink->order_id;
    bool has_spoken = is_word((enum line_problem)uplink->problem);

    visit_ended(core, device_id, has_spoken);
    if (!has_spoken)
        return 0;
    if (command_waiting(core->command, device_id))
        core_visit_add(core, device_id, 0, 0, core->now_s);
    return command_line_looked(core->command, device_id, core->now_s);
}

bool core_order_is_look(const struct uplink *uplink)
{
    return uplink->order_id >> 61 == 1;
}

int core_order_answer(struct core *core, const struct uplink *uplink)
{
    if (!uplink->order_ended)
        return 0;
    if ((uplink->order_id & COMMAND_SPACE) != 0)
        return command_ended(core, uplink);
    return core_order_is_look(uplink) ? look_ended(core, uplink) : 0;
}

static bool order_leave(struct core *core, const struct line_order *order)
{
    const struct core_ports *ports = &core->config.ports;
    return ports->line_order != NULL && ports->line_order(ports->context, order);
}

bool core_collect_leave(void *context, const struct line_order *order)
{
    struct core *core = context;
    struct line_order whole = *order;

    if (order->device_id != 0 && order->device_id != order->line_id)
        core_secrets_fill(core, &whole);
    bool taken = order_leave(core, &whole);
    cipher_wipe(&whole, sizeof whole);
    return taken;
}

bool core_collect_cancel(void *context, uint32_t line_id, uint64_t order_id)
{
    struct core *core = context;
    return core->config.ports.line_cancel(core->config.ports.context, line_id, order_id);
}

static void commands_leave(struct core *core)
{
    for (size_t i = 0; i < core->order_count; i++) {
        struct line_order *order = &core->orders[i];
        if (order_leave(core, order)) {
            counter_increment(&core->counters, CORE_DOWNLINKS);
        } else {
            counter_increment(&core->counters, CORE_DOWNLINKS_RETURNED);
            core->returned[core->returned_count++] =
                (struct core_returned){ order->order_id & ~COMMAND_SPACE, order->device_id };
        }
        cipher_wipe(order, sizeof *order);
    }
    core->order_count = 0;
}

static void look(struct core *core, struct core_visit *visit)
{
    struct line_order order = { .operation = visit->operation, .priority = LINE_PRIORITY_ON_DEMAND,
                                .expires_s = core->now_s + ORDER_LIFE_S };

    core->visit_serial = (core->visit_serial + 1) & VISIT_SERIAL_MASK;
    order.order_id = VISIT_SPACE | (uint64_t)core->visit_serial << VISIT_SERIAL_SHIFT | visit->device_id;
    visit->at_s = core->now_s + RETRY_S;
    if (registry_line_order_fill(core->registry, visit->device_id, &order) < 0 ||
        !estate_connected(core->estate, order.line_id))
        return;
    route_choose(core, &order);
    core_secrets_fill(core, &order);
    if (order_leave(core, &order))
        visit->at_s = core->now_s + ORDER_LIFE_S; /* its end comes before */
    cipher_wipe(&order, sizeof order);
}

/* were_full: not every command of this transaction found a place; those who still wait are listened to again. */
static void visits_make(struct core *core, bool were_full)
{
    for (size_t i = 0; i < core->visit_count;) {
        struct core_visit *visit = &core->visits[i];
        bool is_due = visit->at_s <= core->now_s;
        bool is_over = !command_waiting(core->command, visit->device_id) || (is_due && visit->operation == 0 && !were_full);
        if (is_over) {
            *visit = core->visits[--core->visit_count];
            continue;
        }
        if (is_due && visit->operation != 0)
            look(core, visit);
        i++;
    }
}

void core_orders_send(struct core *core)
{
    struct line_order order;
    size_t position = 0;
    bool were_full = core->order_count == CORE_ORDER_LIMIT;

    commands_leave(core);
    while (estate_order_next(core->estate, &position, core->now_s, &order))
        if (order_leave(core, &order))
            estate_order_left(core->estate, &order, core->now_s);
    visits_make(core, were_full);
}
