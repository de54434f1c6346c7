/* Use and register of one meter over time, period by period: what the report of any set of meters is made of (S1-030,
 * S1-031, S1-035). Internal to the room. */
#ifndef API_USAGE_REPORT_H
#define API_USAGE_REPORT_H

#include "api/exchange.h"
#include "reading/reading.h"

#define USAGE_BOUNDARY_LIMIT 2500 /* of hours: 100 days and one more hour */
#define USAGE_TEXT_LIMIT 192

enum usage_step { USAGE_MINUTE = 1, USAGE_HOUR, USAGE_DAY, USAGE_MONTH, USAGE_YEAR };

/* Why a use is not known, or what is to be known of it. */
enum usage_mark {
    USAGE_GOOD = 0,
    USAGE_MISSING,    /* a value at one end is not there */
    USAGE_ESTIMATED,  /* one end was estimated */
    USAGE_DOUBTED,    /* by the device itself, or another value was reported for the same instant */
    USAGE_BACKWARD,   /* the dial went back */
    USAGE_JUMP,       /* more than can flow in the time */
    USAGE_RUNNING,    /* the month or year is not over: until the newest midnight */
    USAGE_MARK_COUNT
};

/* What is asked: the time from from_s to to_s in steps, cut to whole ones. */
struct usage_frame {
    enum usage_step step;
    int32_t zone_offset_s;
    int64_t from_s;
    int64_t to_s;
    size_t boundary_count;        /* of hours and longer; 0 of minutes: every stored instant is one */
    int64_t boundaries[USAGE_BOUNDARY_LIMIT];
    int64_t running_from_s;       /* begin of the month or year that is not over, when it is asked for; else 0 */
    int64_t running_to_s;         /* the last midnight */
    char days[16 * 1024];         /* the midnights among them, as a JSON array; of the running period the newest ones */
};

struct usage_meter {
    int64_t device_id;
    int64_t installed_s;
    int64_t removed_s;             /* 0: in service */
    struct registry_device device; /* modulus, flow limit and kind */
    char meter_number[32];
    char place[USAGE_TEXT_LIMIT];
    char kind[16];
    int64_t multiplier_e3;         /* of today */
};

struct usage_row {
    int64_t from_s;
    int64_t to_s;
    int64_t register_value;  /* of the dial at to_s */
    int64_t usage_value;     /* what flowed, the ratio in it */
    int64_t multiplier_e3;   /* with which it was counted */
    bool register_known;
    bool usage_known;
    enum usage_mark mark;
};

/* "", "missing", "estimated", "doubted", "backward", "jump", "running". */
const char *usage_mark_name(enum usage_mark mark);

/* Cut a time into steps.
 * from_day, to_day  local days, both included; what lies after now_s is left out. A month or year that now_s lies in goes
 *                   until the last midnight
 * returns  0; -1 when they are in the wrong order or too many for the step */
int usage_frame_make(enum usage_step step, int64_t from_day, int64_t to_day, int32_t zone_offset_s, int64_t now_s,
                     struct usage_frame *frame);

/* The meter of a row of VIEW_REPORT_METERS. */
void usage_meter_take(const struct view_row *row, struct usage_meter *meter);

/* Give the rows of one meter, in order; a negative answer of `take` ends it.
 * query  with the scope's parameters; the meter's are added
 * returns  0; negative of the views or of `take` */
int usage_rows_give(const struct view_store *views, struct view_query *query, struct parameters *parameters,
                    const struct usage_frame *frame, const struct usage_meter *meter,
                    int (*take)(void *context, const struct usage_meter *meter, const struct usage_row *row),
                    void *context);

#endif
