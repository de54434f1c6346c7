/* When a debtor is reminded, warned, cut off and restored: rule 18 as a pure state machine.
 *
 *   good -> low_first -> low_second -> overdraft -> final_notice -> cut
 *
 * Up the ladder (worse) only inside notice hours, each rung with its notice; down silently as soon as the balance is
 * better. The cut is the first moment that is at least the final notice plus grace, inside the cut window, on no holiday;
 * the balance is looked at again right then. Restored at once, day or night. */
#ifndef BILLING_ARREARS_H
#define BILLING_ARREARS_H

#include <stdbool.h>
#include <stdint.h>

#define ARREARS_HOLIDAY_LIMIT 64
#define ARREARS_NEVER_S INT64_MAX

/* The name in the table is arrears_stage_name(). */
enum arrears_stage {
    ARREARS_GOOD = 0,    /* nothing to say */
    ARREARS_LOW_FIRST,   /* reminded: below the reminder level */
    ARREARS_LOW_SECOND,  /* reminded again: below half of it, or another share */
    ARREARS_OVERDRAFT,   /* warned: owes, within the overdraft */
    ARREARS_FINAL_NOTICE, /* told when supply stops: beyond the overdraft */
    ARREARS_CUT,         /* the valve was told to close */
    ARREARS_STAGE_COUNT
};

/* What somebody has to do after a step. */
enum arrears_action {
    ARREARS_NOTHING = 0,
    ARREARS_REMIND_FIRST,
    ARREARS_REMIND_SECOND,
    ARREARS_WARN_OVERDRAFT,
    ARREARS_WARN_FINAL,
    ARREARS_CLOSE,
    ARREARS_CUT_CANCELLED, /* at the moment of cutting the balance was no longer beyond the limit, or the customer protected */
    ARREARS_RESTORE,
    ARREARS_ACTION_COUNT
};

struct arrears_policy {
    int32_t zone_offset_s;
    int32_t notice_from_min, notice_to_min; /* after local midnight; notices fall in [from, to) */
    int32_t cut_from_min, cut_to_min;       /* cuts fall in [from, to) */
    uint8_t cut_weekdays;                   /* bit 1 Monday ... bit 7 Sunday */
    int32_t holiday_count;
    int64_t holidays[ARREARS_HOLIDAY_LIMIT]; /* local days since 1970 */
};

struct arrears_state {
    enum arrears_stage stage;
    int64_t stage_since_s;
    int64_t final_notice_s; /* of ARREARS_FINAL_NOTICE */
};

/* The account as it is right now. */
struct arrears_facts {
    enum arrears_stage level; /* ARREARS_GOOD to ARREARS_FINAL_NOTICE: where the balance alone would put it */
    bool restorable;          /* at or above the restore level */
    bool is_protected;        /* never cut off: no final notice either */
    bool may_cut;             /* false: this run's limit is used up, or the platform holds no valve */
    int64_t grace_s;
};

#define ARREARS_SECOND_PERCENT 50

/* The rung of a prepaid balance: below low_fen, below second_percent of it, below zero, below -overdraft_fen. */
enum arrears_stage arrears_level(int64_t balance_fen, int64_t low_fen, int64_t overdraft_fen, int32_t second_percent);

/* One step; call again until it says ARREARS_NOTHING. Changes `state` to match the action. */
enum arrears_action arrears_step(const struct arrears_policy *policy, const struct arrears_facts *facts,
                                 struct arrears_state *state, int64_t now_s);

/* When the next step may become possible though the facts stay the same: later than now_s, or ARREARS_NEVER_S. */
int64_t arrears_next_s(const struct arrears_policy *policy, const struct arrears_facts *facts,
                       const struct arrears_state *state, int64_t now_s);

/* The first moment >= from_s inside the cut window; ARREARS_NEVER_S when no weekday is permitted. */
int64_t arrears_cut_moment_s(const struct arrears_policy *policy, int64_t from_s);

/* "good", "low_first", ...; "unknown" outside the list. */
const char *arrears_stage_name(int stage);
/* The number of this name; -1 when there is none. */
int arrears_stage_of_name(const char *name);

#endif
