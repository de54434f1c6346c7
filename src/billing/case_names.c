#include "billing/case_store.h"

#include <string.h>

static const char *const approval_kinds[APPROVAL_KIND_COUNT] = {
    [APPROVAL_REFUND] = "refund",
    [APPROVAL_CUT_OFF_BATCH] = "cut_off_batch",
    [APPROVAL_SETTLEMENT_RUN] = "settlement_run",
    [APPROVAL_CLOSING] = "closing",
    [APPROVAL_PAYMENT_MOVE] = "payment_move",
    [APPROVAL_PAYMENT_UNDO] = "payment_undo",
    [APPROVAL_TARIFF] = "tariff",
    [APPROVAL_CASH_DIFFERENCE] = "cash_difference",
    [APPROVAL_BANK_RETURN] = "bank_return",
    [APPROVAL_LATE_FEE] = "late_fee",
    [APPROVAL_METER_CARRY] = "meter_carry",
};
static const char *const approval_states[APPROVAL_STATE_COUNT] = {
    [APPROVAL_WAITING] = "waiting", [APPROVAL_APPROVED] = "approved",
    [APPROVAL_REFUSED] = "refused", [APPROVAL_LAPSED] = "lapsed",
};
static const char *const refund_states[REFUND_STATE_COUNT] = {
    [REFUND_WAITING] = "waiting", [REFUND_RELEASED] = "released", [REFUND_REFUSED] = "refused",
};
static const char *const refund_routes[REFUND_ROUTE_COUNT] = {
    [REFUND_BY_NONE] = "none", [REFUND_BY_CHANNEL] = "channel", [REFUND_BY_CASH] = "cash", [REFUND_BY_BANK] = "bank",
};
static const char *const part_states[REFUND_PART_STATE_COUNT] = {
    [REFUND_PART_WAITING] = "waiting", [REFUND_PART_PAYING] = "paying",   [REFUND_PART_DONE] = "done",
    [REFUND_PART_FAILED] = "failed",   [REFUND_PART_REFUSED] = "refused",
};

static const char *const closing_kinds[CLOSING_KIND_COUNT] = {
    [CLOSING_MOVE_OUT] = "move_out", [CLOSING_TENANT_CHANGE] = "tenant_change",
    [CLOSING_OWNER_CHANGE] = "owner_change",
};
static const char *const closing_states[CLOSING_STATE_COUNT] = {
    [CLOSING_CLEARING] = "clearing", [CLOSING_WAITING] = "waiting",
    [CLOSING_DONE] = "done",         [CLOSING_REFUSED] = "refused",
};
static const char *const closing_readings[CLOSING_READING_COUNT] = {
    [CLOSING_READ_METER] = "meter", [CLOSING_READ_TYPED] = "typed", [CLOSING_READ_ESTIMATED] = "estimated",
};
static const char *const move_states[PAYMENT_MOVE_STATE_COUNT] = {
    [PAYMENT_MOVE_WAITING] = "waiting", [PAYMENT_MOVE_DONE] = "done", [PAYMENT_MOVE_REFUSED] = "refused",
};

static const char *name_at(const char *const names[], int count, int index)
{
    return index >= 0 && index < count && names[index] != NULL ? names[index] : "unknown";
}

static int index_of(const char *const names[], int count, const char *name)
{
    for (int index = 0; index < count; index++)
        if (names[index] != NULL && strcmp(names[index], name) == 0)
            return index;
    return 0;
}

/* The two functions of one table of names. */
#define NAMES(stem, table, count) \
    const char *stem##_name(int index) \
    { \
        return name_at(table, count, index); \
    } \
    int stem##_of_name(const char *name) \
    { \
        return index_of(table, count, name); \
    }

NAMES(approval_kind, approval_kinds, APPROVAL_KIND_COUNT)
NAMES(approval_state, approval_states, APPROVAL_STATE_COUNT)
NAMES(refund_state, refund_states, REFUND_STATE_COUNT)
NAMES(refund_route, refund_routes, REFUND_ROUTE_COUNT)
NAMES(refund_part_state, part_states, REFUND_PART_STATE_COUNT)
NAMES(closing_kind, closing_kinds, CLOSING_KIND_COUNT)
NAMES(closing_state, closing_states, CLOSING_STATE_COUNT)
NAMES(closing_reading, closing_readings, CLOSING_READING_COUNT)
NAMES(payment_move_state, move_states, PAYMENT_MOVE_STATE_COUNT)
