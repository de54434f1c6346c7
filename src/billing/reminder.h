/* Reminders of a low balance beyond the rungs of the ladder (arrears.h), as a pure decision: a third notice below a share of
 * the reminder level (S1-043), or one notice each day at a set time until it is paid (S1-042). */
#ifndef BILLING_REMINDER_H
#define BILLING_REMINDER_H

#include "billing/arrears.h"

struct reminder_policy {
    int32_t is_daily;       /* 1: one each day; 0: at the level, below second_percent and below third_percent of it */
    int32_t second_percent; /* of the reminder level */
    int32_t third_percent;
    int32_t daily_min;      /* after local midnight */
};

/* Since the balance fell below the reminder level. */
struct reminder_state {
    int64_t day;            /* local day of the last reminder */
    bool third;             /* the third was posted */
};

enum reminder { REMINDER_NONE, REMINDER_THIRD, REMINDER_DAILY };

/* Whether the balance is below the third share. */
bool reminder_is_third(const struct reminder_policy *policy, int64_t balance_fen, int64_t low_fen);

/* What is due now in this stage.
 * is_third  reminder_is_third */
enum reminder reminder_due(const struct reminder_policy *policy, const struct arrears_policy *hours,
                           enum arrears_stage stage, bool is_third, const struct reminder_state *state, int64_t now_s);

/* When something may be due though nothing changes: later than now_s, or ARREARS_NEVER_S. */
int64_t reminder_next_s(const struct reminder_policy *policy, const struct arrears_policy *hours,
                        enum arrears_stage stage, bool is_third, const struct reminder_state *state, int64_t now_s);

#endif
