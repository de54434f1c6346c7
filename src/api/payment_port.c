#include "api/payment_port.h"

static enum payment_order_word order_word(enum payment_state state)
{
    static const enum payment_order_word words[] = {
        [PAYMENT_STATE_UNKNOWN] = PAYMENT_WORD_UNKNOWN, [PAYMENT_STATE_ABSENT] = PAYMENT_WORD_ABSENT,
        [PAYMENT_STATE_PENDING] = PAYMENT_WORD_PENDING, [PAYMENT_STATE_PAID] = PAYMENT_WORD_PAID,
        [PAYMENT_STATE_REFUNDED] = PAYMENT_WORD_RETURNED, [PAYMENT_STATE_CLOSED] = PAYMENT_WORD_CLOSED,
    };

    return words[state];
}

static enum payment_order_word refund_word(enum payment_refund_state state)
{
    static const enum payment_order_word words[] = {
        [PAYMENT_REFUND_NONE] = PAYMENT_WORD_UNKNOWN,    [PAYMENT_REFUND_ABSENT] = PAYMENT_WORD_ABSENT,
        [PAYMENT_REFUND_PENDING] = PAYMENT_WORD_PENDING, [PAYMENT_REFUND_DONE] = PAYMENT_WORD_PAID,
        [PAYMENT_REFUND_FAILED] = PAYMENT_WORD_CLOSED,
    };

    return words[state];
}

struct payment_order_outcome payment_order_outcome_of(const struct payment_outcome *outcome, enum payment_step step,
                                                      const char *channel)
{
    bool is_refund = outcome->refund_state != PAYMENT_REFUND_NONE;

    return (struct payment_order_outcome){
        .word = is_refund ? refund_word(outcome->refund_state) : order_word(outcome->state),
        .step = step,
        .is_refund = is_refund,
        .amount_fen = is_refund ? outcome->refund_fen : outcome->amount_fen,
        .paid_s = outcome->paid_s,
        .channel = channel,
        .number = is_refund ? outcome->refund_number : outcome->trade_number,
        .reference = outcome->reference,
        .code = outcome->code,
        .invitation_kind = payment_invitation_name(outcome->invitation_kind),
        .invitation = outcome->invitation,
    };
}
