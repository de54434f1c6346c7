/* What people do about their water: who pays when, how much, and who goes to the meter and presses its button.
 *
 * Pure: the same home in the same situation at the same hour decides the same. */
#ifndef SIM_PEOPLE_H
#define SIM_PEOPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/town_plan.h"

/* Rungs of the arrears ladder as people feel them. */
enum people_trouble {
    PEOPLE_AT_EASE,
    PEOPLE_REMINDED,
    PEOPLE_REMINDED_TWICE,
    PEOPLE_WARNED,
    PEOPLE_LAST_NOTICE,
    PEOPLE_CUT_OFF,
    PEOPLE_TROUBLE_COUNT
};

/* What somebody knows about the account. */
struct people_account {
    enum people_trouble trouble;
    int64_t trouble_since_s;
    int64_t owed_fen;      /* open bills; 0 none */
    int64_t owed_since_s;
    int64_t balance_fen;   /* of prepayment */
    bool valve_closed;     /* no water in the tap */
};

/* Fen that the customer pays at this hour; 0: nothing yet. The cash desk is open from 9 to 18. */
int64_t people_payment_fen(const struct town_home *home, const struct people_account *account, int64_t now_s);

/* Does somebody go and press the meter's button after a payment? People without water do. */
bool people_press_button(const struct people_account *account);

#endif
