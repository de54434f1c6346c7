/* What the collect room needs of a store. store/sql/collect_sql.h implements it.
 *
 * Functions answer 0 (or as said) or a negative number of the store, which the room hands on unchanged. They run inside
 * the transaction that the core has open. */
#ifndef COLLECT_COLLECT_STORE_H
#define COLLECT_COLLECT_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/line_order.h"

#define COLLECT_NAME_LIMIT 121

/* What is read. The numbers are stored. */
enum collect_what {
    COLLECT_CURRENT = 1, /* registers of now */
    COLLECT_DAILY,       /* frozen at a midnight */
    COLLECT_MONTHLY,     /* frozen at the first midnight of a month */
    COLLECT_CURVE,       /* hourly values */
    COLLECT_INTERVAL,    /* the quarter-hours (or hours) of a whole day; of tasks and re-reading, not of plans */
    COLLECT_WHAT_COUNT
};

/* High goes into the half of a line's orders that nobody else may use. */
enum collect_priority { COLLECT_HIGH = 1, COLLECT_NORMAL, COLLECT_LOW };

enum collect_task_state { COLLECT_TASK_OPEN = 1, COLLECT_TASK_DONE, COLLECT_TASK_CANCELLED, COLLECT_TASK_STATE_COUNT };

enum collect_item_state {
    COLLECT_ITEM_WAITING = 1,
    COLLECT_ITEM_ASKED,
    COLLECT_ITEM_DONE, /* the value is believed and stored */
    COLLECT_ITEM_FAILED,
    COLLECT_ITEM_CANCELLED,
    COLLECT_ITEM_STATE_COUNT
};

/* Why a meter is not read, beyond enum line_problem: constant suffix, number, name in JSON, English, Chinese. */
#define COLLECT_REASONS(ROW) \
    ROW(NOT_BELIEVED, 64, "not_believed", "it answered with a value that is not believed", "读数不可信，已转待定") \
    ROW(ASLEEP, 65, "asleep", "the meter sleeps until its next report", "表计休眠，待下次上报") \
    ROW(UNREACHABLE, 66, "unreachable", "the meter has neither a line nor a radio", "表计既无线路也无无线模块") \
    ROW(REMOVED, 67, "removed", "the meter was taken out of service", "表计已拆除") \
    ROW(LINE_OFFLINE, 68, "line_offline", "its line is not connected", "所属线路离线") \
    ROW(BEFORE_START, 69, "before_start", "the day lies before its installation or its first reading", \
        "早于安装日期或首次读数")

#define COLLECT_REASON_ENUM(name, number, word, english, chinese) COLLECT_REASON_##name = (number),
enum collect_reason { COLLECT_REASONS(COLLECT_REASON_ENUM) COLLECT_REASON_LIMIT = 127 };
#undef COLLECT_REASON_ENUM

/* Every how many of which unit a plan runs. */
enum collect_unit { COLLECT_MINUTE = 1, COLLECT_HOUR, COLLECT_DAY, COLLECT_WEEK, COLLECT_MONTH, COLLECT_UNIT_COUNT };

struct collect_plan {
    int64_t plan_id;
    int64_t created_s;
    int64_t last_run_s; /* the instant of its last run; 0: never */
    uint32_t tenant_id;
    uint32_t area_id;    /* 0: an explicit set of meters */
    uint32_t created_by; /* person */
    uint32_t every;
    int32_t offset_s; /* after the unit's beginning in the tenant's zone; a week begins on Monday */
    uint32_t asked;   /* of its last run */
    uint32_t done;
    uint32_t failed;
    uint8_t kind; /* enum device_kind; 0: all */
    uint8_t what; /* enum collect_what */
    uint8_t unit; /* enum collect_unit */
    uint8_t enabled;
    char name[COLLECT_NAME_LIMIT];
};

struct collect_task {
    int64_t task_id;
    int64_t requested_s;
    int64_t started_s;  /* the first order; 0: none yet */
    int64_t finished_s; /* 0: open */
    int64_t expires_s;
    int64_t time_s; /* the midnight asked, or the instant of the freeze; 0: now */
    uint32_t tenant_id;
    uint32_t area_id; /* where it is shown: the area asked, or the jurisdiction of who chose the meters */
    uint32_t requested_by;
    int32_t day; /* local days since 1970; 0: now */
    uint32_t total;
    uint32_t done;
    uint32_t failed;
    uint32_t cancelled;
    uint8_t kind; /* enum device_kind; 0: all */
    uint8_t what;
    uint8_t priority;
    uint8_t state;  /* enum collect_task_state */
    uint8_t freeze; /* 1: latch all of them at one instant first */
};

struct collect_item {
    int64_t task_id;
    int64_t at_s;   /* of the last change */
    int64_t next_s; /* not asked before */
    uint32_t device_id;
    uint32_t line_id; /* 0: a meter with a radio of its own */
    uint8_t priority;
    uint8_t state;   /* enum collect_item_state */
    uint8_t route;   /* enum line_route */
    uint8_t problem; /* enum line_problem or enum collect_reason of the last try */
    uint8_t tries;
};

/* A meter that the room could not read by itself. */
struct collect_trouble {
    int64_t last_s;
    int64_t next_s;
    uint32_t device_id;
    uint32_t given_up; /* bit k: the midnight of given_up_day - k is not asked any more */
    uint32_t interval_given_up; /* bit k: so are the quarter-hours of interval_given_up_day - k */
    int32_t given_up_day;
    int32_t interval_given_up_day;
    uint8_t problem;
    uint8_t tries;
    uint8_t interval_problem; /* of the last of them that was given up */
};

struct collect_store {
    void *context;
    int (*plans_walk)(void *context, int (*visit)(void *visitor, const struct collect_plan *row), void *visitor);
    int (*plan_devices_walk)(void *context, int (*visit)(void *visitor, int64_t plan_id, uint32_t device_id),
                             void *visitor);
    int (*plan_insert)(void *context, struct collect_plan *row); /* fills plan_id */
    int (*plan_update)(void *context, const struct collect_plan *row);
    int (*plan_delete)(void *context, int64_t plan_id); /* with its devices */
    int (*plan_device_insert)(void *context, int64_t plan_id, uint32_t device_id);
    int (*plan_devices_delete)(void *context, int64_t plan_id);

    int (*tasks_walk)(void *context, int (*visit)(void *visitor, const struct collect_task *row), void *visitor);
    int (*task_insert)(void *context, struct collect_task *row); /* fills task_id */
    int (*task_update)(void *context, const struct collect_task *row);
    /* 1 and *out; 0 when there is none. */
    int (*task_read)(void *context, int64_t task_id, struct collect_task *out);
    /* Remove one task that ended before `before_s`, with its items: 1, 0 none. */
    int (*task_trim)(void *context, int64_t before_s);

    /* 1 the row is new; 0 the task has this meter already. */
    int (*item_insert)(void *context, const struct collect_item *row);
    int (*item_update)(void *context, const struct collect_item *row);
    /* 1 and *out; 0 when there is none. */
    int (*item_read)(void *context, int64_t task_id, uint32_t device_id, struct collect_item *out);
    /* What was asked when the program ended waits again. */
    int (*items_asked_reset)(void *context);
    /* Lines with waiting items, and how many of each priority. */
    int (*items_waiting_walk)(void *context,
                              int (*visit)(void *visitor, uint32_t line_id, uint8_t priority, uint32_t count),
                              void *visitor);
    /* At most `limit` waiting items of a line and a priority that may be asked at now_s, by task, then device; how many. */
    int (*items_waiting)(void *context, uint32_t line_id, uint8_t priority, int64_t now_s, struct collect_item *out,
                         int limit);
    /* Open items of a device; how many, at most `limit`. */
    int (*items_of_device)(void *context, uint32_t device_id, struct collect_item *out, int limit);
    /* End what is open of a task: state, and `problem` for those without a reason of their own. Each is visited before. */
    int (*items_end)(void *context, int64_t task_id, enum collect_item_state state, uint8_t problem, int64_t now_s);
    int (*items_open_walk)(void *context, int64_t task_id,
                           int (*visit)(void *visitor, uint32_t line_id, uint8_t priority, uint8_t state,
                                        uint32_t count),
                           void *visitor);

    int (*troubles_walk)(void *context, int (*visit)(void *visitor, const struct collect_trouble *row), void *visitor);
    int (*trouble_put)(void *context, const struct collect_trouble *row);
    int (*trouble_delete)(void *context, uint32_t device_id);

    /* Whether a line is connected, for those who look at the store only. */
    int (*line_put)(void *context, uint32_t line_id, bool online, int64_t at_s, uint32_t orders);
    int (*lines_reset)(void *context, int64_t at_s); /* none is connected */
};

/* "current", "daily", "monthly", "curve", "interval"; "unknown" outside the list. The numbers of these names; 0 when there is none. */
const char *collect_what_name(int what);
int collect_what_of_name(const char *name);
const char *collect_unit_name(int unit);
int collect_unit_of_name(const char *name);
const char *collect_priority_name(int priority);
int collect_priority_of_name(const char *name);

/* enum line_problem and enum collect_reason alike: "no_answer", "not_believed", ... Never NULL. */
const char *collect_problem_name(int problem);
const char *collect_problem_text(int problem, int is_chinese);

#endif
