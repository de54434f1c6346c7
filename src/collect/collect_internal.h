/* Shared by the files of this room. */
#ifndef COLLECT_COLLECT_INTERNAL_H
#define COLLECT_COLLECT_INTERNAL_H

#include "base/calendar.h"
#include "base/dense_array.h"
#include "base/map.h"
#include "collect/collect.h"

#define COLLECT_READY_LIMIT 8192  /* lines that something came from in one transaction */
#define COLLECT_CANCEL_LIMIT 4096 /* cancellations not sent yet */
#define COLLECT_FETCH_LIMIT 2048  /* items looked at for one order */
#define COLLECT_ITEM_TRIES 3      /* of a person's task; then it has failed */
#define COLLECT_ITEM_PAUSE_S 20   /* between two of them */
#define COLLECT_ROUND_TRIES 14    /* of the room's own; then the meter is left alone until the next midnight */
#define COLLECT_ORDER_LIFE_S 7200 /* a scheduled order that has not begun by then is asked anew */
#define COLLECT_ORDER_LOST_S 7200 /* after its life: the gate has forgotten it */

#define COLLECT_CURVE_MIN 60   /* between two values of a curve */
#define COLLECT_CURVE_HOURS 24 /* of one order, and as far back as the first one reaches */

#define COLLECT_RADIO_LINE 0 /* stands for the meters with a radio of their own */

enum collect_device_flag {
    COLLECT_DEVICE_FORWARD = 1, /* the concentrator has nothing: ask the meter itself */
    COLLECT_DEVICE_STORED = 2,  /* has a row of its troubles */
    COLLECT_DEVICE_INTERVAL_FORWARD = 8, /* the same of its quarter-hours */
    COLLECT_DEVICE_INTERVAL_NEWEST = 16, /* interval_next_s is of yesterday alone */
    COLLECT_DEVICE_TELLING = 4  /* of a radio: a command asks it for a day of quarter-hours */
};

/* What lies in memory of one wired meter, and of one with a radio that owes quarter-hours. */
struct collect_device {
    uint32_t next_s;    /* not asked by the room itself before; while it is asked: until it is lost */
    uint32_t current_s; /* when a current value was believed last */
    uint32_t curve_s;   /* interval values are there up to */
    uint32_t given_up;  /* bit k: the midnight of given_up_day - k */
    uint32_t interval_given_up; /* bit k: the quarter-hours of interval_given_up_day - k */
    uint32_t interval_next_s;   /* no quarter-hours asked before: they keep no midnight waiting */
    uint16_t given_up_day;
    uint16_t interval_given_up_day;
    uint16_t interval_asked_day; /* of a radio */
    uint16_t months_known; /* bit k: the first midnight of the month k before months_of is stored, or given up */
    uint16_t months_of;    /* months since 1970; 0: not looked up yet */
    uint8_t tries;
    uint8_t problem;
    uint8_t flags;
    uint8_t interval_tries; /* of a radio: of interval_asked_day */
    uint8_t interval_problem;
    uint8_t reserved;
};

/* One order at a line. */
struct collect_order {
    uint64_t order_id; /* 0: a free place */
    int64_t task_id;   /* 0: the room's own */
    int64_t plan_id;   /* 0: none */
    int64_t time_s;
    int64_t lost_s; /* the gate has forgotten it by then */
    uint32_t line_id;
    uint32_t device_id; /* 0: those of points */
    uint32_t next_free;
    int32_t day;
    uint16_t left;  /* meters that have not answered */
    uint16_t count; /* interval values asked */
    uint8_t period_min; /* between two of COLLECT_INTERVAL */
    uint8_t what;   /* enum collect_what; 0: a freeze */
    uint8_t route;
    uint8_t scheduled; /* counts among COLLECT_SCHEDULED_LIMIT */
    uint8_t set;       /* several meters */
    uint8_t points[LINE_POINT_LIMIT / 8];
};

/* One line: a concentrator or a bus. */
struct collect_line {
    uint32_t line_id;
    uint32_t next_s;                        /* nothing of the room's own is due before */
    uint32_t waiting[COLLECT_LOW + 1];      /* items of tasks, by priority; [0] all */
    uint32_t waiting_s;                     /* none of them may be asked before */
    uint32_t orders[LINE_ORDER_OPEN_LIMIT]; /* places in room->orders; the first order_count */
    uint8_t order_count;
    uint8_t scheduled_count;
    uint8_t online;
    uint8_t ready;    /* in room->ready */
    uint8_t changed;  /* its row is to be written */
    uint32_t since_s; /* online or not */
};

struct collect_open_task {
    struct collect_task row; /* task_id 0: a free place */
    int64_t told_s;
    uint8_t dirty; /* its row is to be written, and people are to be told */
};

struct collect_room {
    struct collect_store store;
    struct registry *registry;
    struct reading_room *reading;
    struct undo *undo;
    void *listener;
    void (*progressed)(void *listener, const struct collect_task *task);
    int (*radio_read)(void *listener, uint32_t device_id, uint32_t person_id);
    int (*radio_intervals)(void *listener, uint32_t device_id, uint32_t person_id, int64_t time_s);

    struct dense_array devices; /* struct collect_device by device_id */
    struct map line_index;      /* line_id -> place in lines */
    struct dense_array lines;   /* struct collect_line, 1 to line_count; place 1 is COLLECT_RADIO_LINE */
    uint32_t line_count;
    uint32_t registry_seen; /* devices looked at for lines */

    struct dense_array orders; /* struct collect_order, 1 to pool.high */
    struct collect_pool {
        uint32_t high; /* places ever used */
        uint32_t free; /* first free place; 0: take a new one */
        uint32_t count;
        uint32_t serial; /* of order identifiers */
    } pool;

    struct collect_open_task *tasks; /* COLLECT_TASK_LIMIT places */
    uint32_t task_count;

    struct collect_plan *plans; /* COLLECT_PLAN_LIMIT places; plan_id 0: free */
    uint32_t plan_count;
    bool plans_stale; /* the store has others: load them before they are used */
    uint64_t seed;
    struct map plan_devices; /* what << 32 | device_id -> place in plans + 1 */
    struct map plan_of_area; /* what << 40 | kind << 32 | area_id -> place + 1, or 0; made when first asked */
    uint8_t plan_dirty[COLLECT_PLAN_LIMIT];

    uint32_t ready[COLLECT_READY_LIMIT]; /* places of lines */
    uint32_t ready_count;
    int64_t round_s; /* the second of the last round over all lines */
    uint32_t round_position;
    uint32_t round_left;
    uint8_t round_open;
    uint8_t started;     /* lines_reset was done */
    uint32_t radio_open; /* open items of meters with a radio of their own */
    int line_writes;     /* rows of lines that may still be written in this tick */
    int64_t plans_flushed_s;

    struct line_order *out; /* COLLECT_SEND_LIMIT */
    uint32_t out_count;
    uint32_t out_kept; /* of them, committed earlier */
    struct collect_cancellation {
        uint64_t order_id;
        uint32_t line_id;
    } * cancellations; /* COLLECT_CANCEL_LIMIT */
    uint32_t cancellation_count;
    uint32_t cancellation_kept;

    struct collect_item *fetched; /* COLLECT_FETCH_LIMIT */
    int looks;                    /* meters that may still be looked at in this tick */
};

/* collect_line.c */

/* The line's record, made when new; NULL without memory or beyond COLLECT_LINE_LIMIT. */
struct collect_line *collect_line_reserve(struct collect_room *room, uint32_t line_id);
struct collect_line *collect_line_find(const struct collect_room *room, uint32_t line_id);
/* Remember before a change: 0; COLLECT_ERR_FULL. */
int collect_save(struct collect_room *room, void *target, size_t size);
/* Something may be given to this line in this transaction. */
int collect_line_ready(struct collect_room *room, struct collect_line *line);
/* The connection came or went. */
int collect_line_online(struct collect_room *room, uint32_t line_id, bool online, int64_t now_s);
/* Items of tasks that wait for a line became more or fewer. */
int collect_line_waiting(struct collect_room *room, uint32_t line_id, uint8_t priority, int32_t change);
/* Open items of meters with a radio of their own became more or fewer. */
int collect_radio_count(struct collect_room *room, int32_t change);
/* Visit the meters in service of a line; a non-zero answer ends the walk and is returned. */
int collect_line_meters(struct collect_room *room, uint32_t line_id,
                        int (*visit)(void *visitor, const struct registry_device *device), void *visitor);
/* The wired meter's record, made when new and remembered: 0; COLLECT_ERR_MEMORY, _FULL. */
int collect_device_touch(struct collect_room *room, uint32_t device_id, struct collect_device **out);

/* collect_order.c */

/* A place for an order at the line. NULL when the pool is full or the memory is out. */
struct collect_order *collect_order_take(struct collect_room *room, struct collect_line *line, bool scheduled,
                                         bool set);
/* The order of an identifier at a line; NULL when there is none. */
struct collect_order *collect_order_find(const struct collect_room *room, uint64_t order_id);
int collect_order_free(struct collect_room *room, struct collect_order *order);
bool collect_order_holds(const struct collect_order *order, const struct registry_device *device);
void collect_order_strike(struct collect_order *order, const struct registry_device *device);
/* Fill and queue the message; the order's own fields are the caller's. 0; negative. */
/* Whether an order for meters of a kind names their model: a heat meter counts in kWh or in GJ, and only its model says
 * which. 1 when the meter is of this model, 0; negative of the store. */
int collect_model_fits(struct collect_room *room, const struct registry_device *device, const char *profile);
/* The model of a meter whose kind needs it, else "". 0; negative. */
int collect_model_read(struct collect_room *room, const struct registry_device *device,
                       char profile[LINE_PROFILE_LIMIT]);
int collect_order_send(struct collect_room *room, struct collect_order *order, uint8_t priority, uint32_t any_device_id,
                       int64_t now_s, int64_t expires_s);
/* Its members that have not answered end with the problem, or with no data; then its place is free. */
int collect_order_end(struct collect_room *room, struct collect_order *order, uint8_t problem, int64_t now_s);
void collect_order_cancel(struct collect_room *room, const struct collect_order *order);

/* collect_need.c */

/* What a wired meter owes at this moment. */
struct collect_need {
    int64_t time_s; /* of the midnight or of the first interval value */
    int32_t day;
    uint8_t what;   /* 0: nothing */
    uint8_t route;  /* LINE_ROUTE_POINT or _FORWARD; the line's kind decides about _DIRECT */
    uint16_t count; /* of a curve */
    uint8_t period_min; /* of COLLECT_INTERVAL */
    uint16_t plan;  /* place + 1 of the plan; 0 none */
};

/* *next_s is lowered to when something more will be due. Returns 0; negative of the store. */
int collect_need_find(struct collect_room *room, const struct registry_device *device, int64_t now_s,
                      struct collect_need *need, int64_t *next_s);
/* It answered, or did not. */
int collect_need_met(struct collect_room *room, uint32_t device_id, const struct collect_order *order, int64_t now_s);
int collect_need_failed(struct collect_room *room, uint32_t device_id, const struct collect_order *order,
                        uint8_t problem, int64_t now_s);
/* Whether the line and not the meter is the reason: no try of the meter is counted. */
bool collect_problem_of_line(uint8_t problem);
/* How long such a line is left alone. A lost connection needs no pause: the line is asked when it logs in again. */
int64_t collect_line_pause_s(uint8_t problem);
/* Whether the concentrator lacks the value and the meter itself may have it. */
bool collect_problem_of_point(uint8_t problem);

/* Bits of days, the newest at bit 0, seen from a day so much later. */
static inline uint32_t collect_days_shift(uint32_t bits, int64_t by)
{
    if (by >= 32 || by <= -32)
        return 0;
    return by >= 0 ? bits << by : bits >> -by;
}
/* An hour after the next midnight of the meter. */
uint32_t collect_next_midnight_s(struct collect_room *room, uint32_t device_id, int64_t now_s);
/* The line is looked at again by then. 0; COLLECT_ERR_FULL. */
int collect_line_hasten(struct collect_room *room, struct collect_line *line, uint32_t next_s);
/* Write the meter's row of troubles. 0; negative of the store. */
int collect_trouble_put(struct collect_room *room, uint32_t device_id, struct collect_device *record, int64_t now_s);

/* collect_interval.c: days of quarter-hours. */

/* The newest incomplete day of a wired meter that is due and not given up; *need is left alone when there is none. *next_s as
 * in collect_need_find. */
void collect_interval_find(struct collect_room *room, const struct registry_device *device,
                           const struct collect_device *record, int64_t now_s, struct collect_need *need, int64_t *next_s);
/* It did not come: ask the meter itself, later, or never again. 0; negative of the store. */
int collect_interval_failed(struct collect_room *room, uint32_t device_id, const struct collect_order *order, uint8_t problem,
                            int64_t now_s);
/* It came. */
void collect_interval_met(struct collect_device *record, const struct collect_order *order, int64_t now_s);
/* Minutes between two instants of the meter: 15, 30 or 60. */
uint8_t collect_interval_period_min(const struct collect_room *room, uint32_t device_id);
/* The first instant of a day. */
int64_t collect_interval_first_s(int64_t midnight_s, uint8_t period_min);
/* The local day that a message of a device's own quarter-hours speaks of; 0: it is none. */
int32_t collect_interval_told(const struct collect_room *room, const struct uplink *uplink);
/* The command of a device ended; see collect_radio_told. */
int collect_interval_radio_ended(struct collect_room *room, uint32_t device_id, uint8_t problem, int64_t now_s);
/* A meter with a radio opened its window, or told a day: ask what is missing. 0; negative of the store. */
int collect_interval_radio(struct collect_room *room, const struct registry_device *device, const struct uplink *uplink,
                           const struct reading_outcome *outcome, int64_t now_s);

/* collect_plan.c */

int collect_plans_load(struct collect_room *room);
/* The plan of a meter for one kind of reading: its own before that of the nearest area. NULL none. */
struct collect_plan *collect_plan_of(struct collect_room *room, const struct registry_device *device, uint8_t what);
void collect_plan_count(struct collect_room *room, struct collect_plan *plan, int64_t due_s, uint32_t asked,
                        uint32_t done, uint32_t failed);
int collect_plans_flush(struct collect_room *room);

/* collect_task.c */
int collect_tasks_load(struct collect_room *room);
struct collect_open_task *collect_task_find(struct collect_room *room, int64_t task_id);
int collect_task_touch(struct collect_room *room, struct collect_open_task *task);
int collect_tasks_flush(struct collect_room *room, int64_t now_s);
/* End the tasks whose time is over, and forget one that ended long ago. */
int collect_tasks_expire(struct collect_room *room, int64_t now_s);
/* Nothing of it is open any more? Then it has ended. */
int collect_task_settle(struct collect_room *room, struct collect_open_task *task, int64_t now_s);

/* collect_item.c: one meter of a task. */
int collect_item_asked(struct collect_room *room, struct collect_open_task *task, struct collect_item *item,
                       int64_t now_s);
int collect_item_met(struct collect_room *room, struct collect_open_task *task, struct collect_item *item,
                     int64_t now_s);
int collect_item_failed(struct collect_room *room, struct collect_open_task *task, struct collect_item *item,
                        uint8_t problem, int64_t now_s);
/* It has failed, and is not asked again. */
int collect_item_give_up(struct collect_room *room, struct collect_open_task *task, struct collect_item *item,
                         uint8_t problem, int64_t now_s);

/* collect_dispatch.c */
int collect_line_dispatch(struct collect_room *room, struct collect_line *line, int64_t now_s);
/* Latch all connected lines of a new task in this transaction. 0; negative. */
int collect_task_freeze(struct collect_room *room, struct collect_open_task *task, int64_t now_s);

/* collect_answer.c */
/* Whether the value asked for is believed and stored: 1, 0 no; negative of the store. */
int collect_value_known(struct collect_room *room, uint32_t device_id, uint8_t what, int32_t day);

#endif
