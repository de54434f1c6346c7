/* Worked time lines of platform prepayment as data: kind "prepaid_timeline" of rating/rating_case.h. */
#ifndef BILLING_ARREARS_CASE_H
#define BILLING_ARREARS_CASE_H

#include "rating/rating_case.h"

/* Days settled by a fixed charge, payments at their minute: the balances and every event. At most 1,000 days. */
int arrears_case_timeline(struct rating_case *rating_case);

#endif
