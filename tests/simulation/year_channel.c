/* Two channels as they are on a bad day: answers that never come, callbacks twice, late, out of order, with another amount,
 * or with a word that is not true. What customers paid and got back is kept here, and is what the books must hold. */
#include "tests/unit/unit_test.h"

#include "tests/simulation/year.h"

#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "billing/payment_reconciliation.h"

#define BILLS_READY_S 37800
#define BILL_ROWS 512
#define WORK_LIMIT 64        /* steps of one channel at one moment */

static const char *const channels[] = { "wechat", "alipay" };

#define CHANNEL_COUNT (sizeof channels / sizeof channels[0])

static bool order_is_paid(const struct year_order *order, int64_t now_s)
{
    return order->known && order->pay_s != 0 && order->pay_s <= now_s;
}

static bool refund_is_done(const struct year_refund *refund, int64_t now_s)
{
    return refund->fate == YEAR_REFUND_PENDING && refund->done_s <= now_s;
}

static bool order_is_paid_twice(const struct year_order *order, int64_t now_s)
{
    return order_is_paid(order, now_s) && order->second_s != 0 && order->second_s <= now_s;
}

static void reference_write(int32_t order, bool is_second, char out[PAYMENT_ORDER_REFERENCE_SIZE])
{
    (void)snprintf(out, PAYMENT_ORDER_REFERENCE_SIZE, "42%s%d", is_second ? "second" : "", (int)order);
}

static bool mishap(struct year *year, uint64_t one_in)
{
    return !year->config.straight && random_chance(&year->delivery, 1, one_in);
}

static void call_add(struct year *year, struct year_call call)
{
    if (year->call_count == YEAR_CALL_LIMIT)
        year->calls[0] = year->calls[--year->call_count]; /* lost, as callbacks are */
    year->calls[year->call_count++] = call;
}

/* Between none and three callbacks for a word; some lie first. */
static void calls_plan(struct year *year, struct year_call call, int64_t from_s)
{
    int64_t copies = year->config.straight ? 1 : random_between(&year->delivery, 0, 3);

    call.at_s = from_s;
    for (int64_t copy = 0; copy < copies; copy++) {
        if (!year->config.straight)
            call.at_s = from_s + (mishap(year, 4) ? random_between(&year->delivery, 0, 3 * CALENDAR_DAY_S)
                                                  : random_between(&year->delivery, 0, 1200));
        /* What a second payment came to, nobody but the channel knows. */
        if (!call.is_second && mishap(year, 15)) {
            struct year_call lie = call;

            lie.amount_fen += random_between(&year->delivery, -1, 1);
            lie.word = mishap(year, 3) ? PAYMENT_WORD_CLOSED : lie.word;
            call_add(year, lie);
            year->counts.lies++;
        }
        call_add(year, call);
    }
}

static void order_calls_plan(struct year *year, int32_t index)
{
    const struct year_order *order = &year->orders[index];
    struct year_call call = { .amount_fen = order->amount_fen, .subject = index, .word = PAYMENT_WORD_PAID };

    if (order->pay_s != 0)
        calls_plan(year, call, order->pay_s);
    call.is_second = true;
    if (order->pay_s != 0 && order->second_s != 0)
        calls_plan(year, call, order->second_s);
}

struct ordering {
    struct payment_order_request request;
    struct payment_order order;
};

static int order_work(struct year *year, void *matter)
{
    struct ordering *ordering = matter;
    struct fixture *fixture = year->fixture;

    return payment_order_create(fixture->billing, &fixture->scope, fixture->now_s, &ordering->request, &ordering->order);
}

void year_channel_order(struct year *year, int64_t account_id, int64_t amount_fen)
{
    struct random truth = random_of_stream(year->config.seed, 5000 + (uint64_t)year->order_count);
    struct year_order *order = &year->orders[year->order_count];
    struct ordering ordering = { .request = { .account_id = account_id, .amount_fen = amount_fen,
                                              .chance = random_next(&truth), .description = "水费" } };

    assert_in_range(year->order_count, 0, YEAR_ORDER_LIMIT - 1);
    (void)snprintf(ordering.request.channel, sizeof ordering.request.channel, "%s", channels[random_below(&truth, CHANNEL_COUNT)]);
    (void)snprintf(ordering.request.key, sizeof ordering.request.key, "order-%d", (int)year->order_count);
    if (year_transact(year, order_work, &ordering, true) < 0)
        return;
    *order = (struct year_order){ .order_id = ordering.order.payment_order_id, .amount_fen = amount_fen };
    memcpy(order->channel, ordering.order.channel, sizeof order->channel);
    memcpy(order->number, ordering.order.trade_number, sizeof order->number);
    if (random_chance(&truth, 4, 5))
        order->pay_s = year->fixture->now_s + random_between(&truth, 30, 1700);
    if (random_chance(&truth, 1, 30))
        order->second_s = order->pay_s + random_between(&truth, 1, 90000);
    year->order_count++;
}

/* What is said to a step, and what comes of it at the channel. */
struct answer {
    struct payment_order_outcome outcome;
    char reference[PAYMENT_ORDER_REFERENCE_SIZE];
};

static void order_answer(struct year *year, int32_t index, enum payment_step step, struct answer *answer)
{
    struct year_order *order = &year->orders[index];
    int64_t now_s = year->fixture->now_s;
    bool is_heard = year->config.plain || !mishap(year, 12); /* the request reached the channel */

    reference_write(index, false, answer->reference);
    if (is_heard && step == PAYMENT_STEP_ORDER && !order->known && !order->closed) {
        order->known = true;
        if (order->pay_s != 0 && order->pay_s < now_s)
            order->pay_s = now_s + 60;
        if (order->second_s != 0 && order->second_s <= order->pay_s)
            order->second_s = order->pay_s + 60;
        order_calls_plan(year, index);
    }
    if (is_heard && step == PAYMENT_STEP_CLOSE && !order_is_paid(order, now_s)) {
        order->closed = true;
        order->pay_s = 0;
    }
    if (order_is_paid(order, now_s))
        answer->outcome.word = step == PAYMENT_STEP_QUERY ? PAYMENT_WORD_PAID : PAYMENT_WORD_REFUSED;
    else if (order->closed)
        answer->outcome.word = order->known ? PAYMENT_WORD_CLOSED : PAYMENT_WORD_ABSENT;
    else
        answer->outcome.word = order->known ? PAYMENT_WORD_PENDING : PAYMENT_WORD_ABSENT;
    if (!is_heard || mishap(year, 12))
        answer->outcome.word = PAYMENT_WORD_UNKNOWN;
}

static int32_t order_find(const struct year *year, const char *number)
{
    for (int32_t index = year->order_count - 1; index >= 0; index--)
        if (strcmp(year->orders[index].number, number) == 0)
            return index;
    fail_msg("the channel is asked about %s, which nobody ordered", number);
    return 0;
}

static int32_t refund_find(struct year *year, const struct payment_order_work *work)
{
    struct year_refund *refund = &year->refunds[year->refund_count];

    for (int32_t index = year->refund_count - 1; index >= 0; index--)
        if (strcmp(year->refunds[index].number, work->refund.refund_number) == 0)
            return index;
    assert_in_range(year->refund_count, 0, YEAR_ORDER_LIMIT - 1);
    *refund = (struct year_refund){ .amount_fen = work->refund.amount_fen };
    memcpy(refund->channel, work->order.channel, sizeof refund->channel);
    memcpy(refund->number, work->refund.refund_number, sizeof refund->number);
    return year->refund_count++;
}

/* The channel decides once; now and then only later, or not at all. */
static void refund_begin(struct year *year, int32_t index)
{
    struct year_refund *refund = &year->refunds[index];
    struct year_call call = { .amount_fen = refund->amount_fen, .subject = index, .is_refund = true,
                              .word = PAYMENT_WORD_PAID };
    uint64_t fate = random_below(&year->delivery, 10);

    refund->fate = fate == 0 ? YEAR_REFUND_FAILED : YEAR_REFUND_PENDING;
    refund->done_s = year->fixture->now_s + (fate < 3 ? random_between(&year->delivery, 600, 2 * CALENDAR_DAY_S) : 0);
    if (refund->fate == YEAR_REFUND_FAILED) {
        call.word = PAYMENT_WORD_CLOSED;
        /* What it paid out after all is the worst a channel can say. */
        if (mishap(year, 3)) {
            refund->fate = YEAR_REFUND_PENDING;
            refund->done_s = year->fixture->now_s + CALENDAR_DAY_S;
            calls_plan(year, call, year->fixture->now_s);
            call.word = PAYMENT_WORD_PAID;
        }
    }
    calls_plan(year, call, refund->fate == YEAR_REFUND_FAILED ? year->fixture->now_s : refund->done_s);
}

static void refund_answer(struct year *year, int32_t index, enum payment_step step, struct answer *answer)
{
    struct year_refund *refund = &year->refunds[index];
    bool is_heard = !mishap(year, 12);

    if (is_heard && step == PAYMENT_STEP_REFUND && refund->fate == YEAR_REFUND_UNKNOWN)
        refund_begin(year, index);
    answer->outcome.word = refund->fate == YEAR_REFUND_UNKNOWN ? PAYMENT_WORD_ABSENT
                           : refund->fate == YEAR_REFUND_FAILED ? PAYMENT_WORD_CLOSED
                           : refund_is_done(refund, year->fixture->now_s) ? PAYMENT_WORD_PAID : PAYMENT_WORD_PENDING;
    if (!is_heard || mishap(year, 12))
        answer->outcome.word = PAYMENT_WORD_UNKNOWN;
}

static int outcome_work(struct year *year, void *matter)
{
    return payment_order_outcome_take(year->fixture->billing, year->fixture->now_s, year->fixture->now_s, matter, NULL);
}

static void outcome_tell(struct year *year, struct payment_order_outcome *outcome)
{
    int result = year_transact(year, outcome_work, outcome, true);

    if (result < 0)
        year_complain(year, "the word %d of %s was not booked: %d", (int)outcome->word, outcome->number, result);
}

struct billing_day {
    const struct payment_bill_run *run;
    struct payment_bill_entry entries[BILL_ROWS];
    size_t count;
    const char *problem;
};

static void entry_add(struct billing_day *bill, const char *number, int64_t amount_fen, bool is_refund, const char *reference)
{
    struct payment_bill_entry *entry = &bill->entries[bill->count];

    if (bill->count == BILL_ROWS)
        return;
    *entry = (struct payment_bill_entry){ .is_refund = is_refund, .amount_fen = amount_fen };
    (void)snprintf(entry->number, sizeof entry->number, "%s", number);
    (void)snprintf(entry->reference, sizeof entry->reference, "%s", reference);
    bill->count++;
}

static bool is_of_day(const struct billing_day *bill, int64_t at_s)
{
    return calendar_local_day(at_s, FIXTURE_ZONE_S) == bill->run->day;
}

static void bill_write(struct year *year, struct billing_day *bill)
{
    int64_t now_s = year->fixture->now_s;
    char reference[PAYMENT_ORDER_REFERENCE_SIZE];

    for (int32_t i = 0; i < year->order_count; i++) {
        const struct year_order *order = &year->orders[i];

        if (strcmp(order->channel, bill->run->channel) != 0)
            continue;
        reference_write(i, false, reference);
        if (order_is_paid(order, now_s) && is_of_day(bill, order->pay_s))
            entry_add(bill, order->number, order->amount_fen, false, reference);
        reference_write(i, true, reference);
        if (order_is_paid_twice(order, now_s) && is_of_day(bill, order->second_s))
            entry_add(bill, order->number, order->amount_fen, false, reference);
    }
    for (int32_t i = 0; i < year->refund_count; i++) {
        const struct year_refund *refund = &year->refunds[i];

        if (refund_is_done(refund, now_s) && strcmp(refund->channel, bill->run->channel) == 0 && is_of_day(bill, refund->done_s))
            entry_add(bill, refund->number, refund->amount_fen, true, "");
    }
}

static int bill_work(struct year *year, void *matter)
{
    struct billing_day *bill = matter;

    return payment_reconciliation_take(year->fixture->billing, year->fixture->now_s, bill->run->run_id, bill->entries,
                                       bill->count, bill->problem);
}

static void bill_answer(struct year *year, const struct payment_bill_run *run)
{
    static struct billing_day bill;

    bill.run = run;
    bill.count = 0;
    bill.problem = mishap(year, 5) ? "not ready" : NULL;
    if (bill.problem == NULL)
        bill_write(year, &bill);
    if (year_transact(year, bill_work, &bill, true) < 0)
        year_complain(year, "the bill of a channel was refused");
}

struct taking {
    const char *channel;
    struct payment_order_work work;
};

static int take_work(struct year *year, void *matter)
{
    struct taking *taking = matter;

    return payment_order_work_take(year->fixture->billing, year->fixture->now_s, taking->channel, &taking->work);
}

static void step_answer(struct year *year, const struct payment_order_work *work)
{
    bool is_refund = work->step == PAYMENT_STEP_REFUND || work->step == PAYMENT_STEP_REFUND_QUERY;
    struct answer answer = { .outcome = { .step = work->step, .is_refund = is_refund, .code = "SAID", .invitation = "",
                                          .invitation_kind = "" } };

    if (work->step == PAYMENT_STEP_BILL) {
        bill_answer(year, &work->run);
        return;
    }
    if (is_refund)
        refund_answer(year, refund_find(year, work), work->step, &answer);
    else
        order_answer(year, order_find(year, work->order.trade_number), work->step, &answer);
    answer.outcome.amount_fen = is_refund ? work->refund.amount_fen : work->order.amount_fen;
    answer.outcome.channel = work->order.channel;
    answer.outcome.number = is_refund ? work->refund.refund_number : work->order.trade_number;
    answer.outcome.reference = answer.reference;
    outcome_tell(year, &answer.outcome);
}

static void channel_ask(struct year *year, const char *channel)
{
    for (int i = 0; i < WORK_LIMIT; i++) {
        struct taking taking = { .channel = channel };

        if (year_transact(year, take_work, &taking, false) != 1)
            return;
        /* The worker itself may die with what it was lent: it is lent again. */
        if (year->config.plain || !mishap(year, 40))
            step_answer(year, &taking.work);
    }
}

static void call_deliver(struct year *year, const struct year_call *call)
{
    const struct year_refund *refund = &year->refunds[call->is_refund ? call->subject : 0];
    const struct year_order *order = &year->orders[call->is_refund ? 0 : call->subject];
    char reference[PAYMENT_ORDER_REFERENCE_SIZE];
    struct payment_order_outcome outcome = { .word = call->word, .is_refund = call->is_refund,
                                             .amount_fen = call->amount_fen, .code = "CALLBACK", .reference = reference,
                                             .channel = call->is_refund ? refund->channel : order->channel,
                                             .number = call->is_refund ? refund->number : order->number };

    reference_write(call->subject, call->is_second, reference);
    if (!call->is_refund && !order_is_paid(order, year->fixture->now_s))
        return; /* closed before the customer came to it */
    year->counts.callbacks++;
    outcome_tell(year, &outcome);
}

static void calls_deliver(struct year *year)
{
    for (int32_t i = 0; i < year->call_count;) {
        struct year_call call = year->calls[i];

        if (call.at_s > year->fixture->now_s) {
            i++;
            continue;
        }
        year->calls[i] = year->calls[--year->call_count];
        call_deliver(year, &call);
    }
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Yesterday's bills are asked for each morning. */
static int64_t bills_s(const struct year *year)
{
    return calendar_midnight(year->bills_asked_day + 2, FIXTURE_ZONE_S) + BILLS_READY_S;
}

int64_t year_channel_next_s(struct year *year)
{
    int64_t next_s = earlier(bills_s(year), year_books_channel_due_s(year));

    for (int32_t i = 0; i < year->call_count; i++)
        next_s = earlier(next_s, year->calls[i].at_s);
    return next_s;
}

static int due_work(struct year *year, void *matter)
{
    return payment_reconciliation_due(year->fixture->billing, year->fixture->now_s, matter, year->bills_asked_day + 1);
}

static void bills_ask(struct year *year)
{
    for (size_t i = 0; i < CHANNEL_COUNT; i++) {
        char channel[PAYMENT_ORDER_CHANNEL_SIZE];

        (void)snprintf(channel, sizeof channel, "%s", channels[i]);
        if (year_transact(year, due_work, channel, true) < 0)
            year_complain(year, "a comparison could not be asked for");
    }
    year->bills_asked_day++;
}

void year_channel_work(struct year *year)
{
    if (bills_s(year) <= year->fixture->now_s)
        bills_ask(year);
    calls_deliver(year);
    for (size_t i = 0; i < CHANNEL_COUNT; i++)
        channel_ask(year, channels[i]);
}

int year_channel_refund_said(struct year *year, int64_t payment_refund_id)
{
    for (int32_t i = 0; i < year->refund_count; i++) {
        const struct year_refund *refund = &year->refunds[i];

        if (year_number(year, "SELECT payment_refund_id = %lld FROM payment_refund WHERE refund_number = '%s'",
                        (long long)payment_refund_id, refund->number) == 1)
            return refund_is_done(refund, year->fixture->now_s) ? 1 : refund->fate == YEAR_REFUND_FAILED ? 0 : -1;
    }
    return -1;
}

int64_t year_channel_paid_fen(const struct year *year, const char *channel)
{
    int64_t now_s = year->fixture->now_s;
    int64_t paid_fen = 0;

    for (int32_t i = 0; i < year->order_count; i++)
        if (strcmp(year->orders[i].channel, channel) == 0)
            paid_fen += year->orders[i].amount_fen *
                        (order_is_paid(&year->orders[i], now_s) + order_is_paid_twice(&year->orders[i], now_s));
    return paid_fen;
}

int64_t year_channel_refunded_fen(const struct year *year, const char *channel)
{
    int64_t refunded_fen = 0;

    for (int32_t i = 0; i < year->refund_count; i++)
        if (strcmp(year->refunds[i].channel, channel) == 0 && refund_is_done(&year->refunds[i], year->fixture->now_s))
            refunded_fen += year->refunds[i].amount_fen;
    return refunded_fen;
}

/* When all is said: what customers paid is booked, once, and what they got back has left. */
void year_channel_check(struct year *year)
{
    for (size_t i = 0; i < CHANNEL_COUNT; i++) {
        int64_t booked_fen = year_number(year, "SELECT coalesce(sum(debits_fen - credits_fen), 0) FROM ledger_account WHERE kind ="
                                               " 'channel' AND name = '%s'", channels[i]);
        int64_t truth_fen = year_channel_paid_fen(year, channels[i]) - year_channel_refunded_fen(year, channels[i]);

        if (booked_fen != truth_fen)
            year_complain(year, "%s holds %lld fen, the books say %lld", channels[i], (long long)truth_fen,
                          (long long)booked_fen);
    }
    for (int32_t i = 0; i < year->order_count; i++) {
        const struct year_order *order = &year->orders[i];
        bool is_booked = year_number(year, "SELECT state = 'paid' FROM payment_order WHERE payment_order_id = %lld",
                                     (long long)order->order_id) == 1;

        if (is_booked != order_is_paid(order, year->fixture->now_s))
            year_complain(year, "order %s is %s, the books say otherwise", order->number, is_booked ? "not paid" : "paid");
    }
}
