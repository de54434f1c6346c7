#include "apps/meterworks/payment_worker.h"

#include <stdlib.h>
#include <string.h>

#include "api/payment_port.h"
#include "base/log.h"
#include "security/secret.h"

#define NEVER_PAID_WAIT_S 900 /* without a call to close: so long after its time an unpaid order is over */
#define CHANNEL_ZONE_S 28800  /* the channels' day is China's */
#define BILLS_READY_S 37800   /* 10:30: yesterday's bills are there */

static int moment_make(struct payment_moment *moment)
{
    static const char digits[] = "0123456789ABCDEF";
    struct secret_source source = secret_source_system();
    uint8_t bytes[(PAYMENT_NONCE_SIZE - 1) / 2];

    if (source.fill(source.context, bytes, sizeof bytes) < 0)
        return -1;
    for (size_t i = 0; i < sizeof bytes; i++) {
        moment->nonce[2 * i] = digits[bytes[i] >> 4];
        moment->nonce[2 * i + 1] = digits[bytes[i] & 15];
    }
    moment->nonce[PAYMENT_NONCE_SIZE - 1] = '\0';
    moment->now_s = work_thread_wall_s();
    return 0;
}

static struct payment_matter matter_of(const struct payment_order_work *task)
{
    struct payment_matter matter = {
        .scene = (enum payment_scene)task->order.scene,
        .amount_fen = task->order.amount_fen,
        .refund_fen = task->refund.amount_fen,
        .created_s = task->order.created_s,
        .expires_s = task->order.expires_s,
        .refund_created_s = task->refund.created_s,
    };

    memcpy(matter.trade_number, task->order.trade_number, sizeof matter.trade_number);
    memcpy(matter.refund_number, task->refund.refund_number, sizeof matter.refund_number);
    memcpy(matter.reference, task->order.reference, sizeof matter.reference);
    memcpy(matter.description, task->order.description, sizeof matter.description);
    memcpy(matter.payer_id, task->order.payer_id, sizeof matter.payer_id);
    memcpy(matter.client_ip, task->order.client_ip, sizeof matter.client_ip);
    return matter;
}

int payment_worker_fetch(struct payment_worker *worker, enum payment_call call, const struct payment_matter *matter,
                         struct payment_http_answer *answer)
{
    struct payment_moment moment;
    int error = moment_make(&moment) < 0 ? PAYMENT_ERR_UNAVAILABLE : 0;
    int status;

    if (error == 0)
        error = payment_channel_request(worker->entry->channel, call, &moment, matter, &worker->request);
    if (error < 0)
        return error;
    status = payment_http_send(&worker->http, &worker->request, answer);
    return status == 0 ? PAYMENT_ERR_UNAVAILABLE : status;
}

int payment_worker_call(struct payment_worker *worker, enum payment_call call, const struct payment_matter *matter,
                        struct payment_http_answer *answer)
{
    struct payment_moment moment;
    struct payment_message message = { .http_status = payment_worker_fetch(worker, call, matter, answer) };

    if (message.http_status < 0)
        return message.http_status;
    if (moment_make(&moment) < 0)
        return PAYMENT_ERR_UNAVAILABLE;
    message.body = span_of_bytes(answer->bytes, answer->size);
    message.serial = span_of_text(answer->serial);
    message.signature = span_of_text(answer->signature);
    message.timestamp = span_of_text(answer->timestamp);
    message.nonce = span_of_text(answer->nonce);
    return payment_channel_answer(worker->entry->channel, call, &moment, matter, &message, &worker->outcome);
}

static int call_make(struct payment_worker *worker, enum payment_call call, const struct payment_matter *matter)
{
    struct payment_http_answer answer = { .size = 0 };
    int error = payment_worker_call(worker, call, matter, &answer);

    free(answer.bytes);
    return error;
}

static int page_make(struct payment_worker *worker, const struct payment_matter *matter)
{
    struct payment_moment moment;

    if (moment_make(&moment) < 0)
        return PAYMENT_ERR_UNAVAILABLE;
    return payment_channel_page(worker->entry->channel, &moment, matter, &worker->outcome);
}

bool payment_worker_has(const struct payment_worker *worker, enum payment_call call)
{
    return payment_channel_kind_of(worker->entry->channel)->operations[call].request != NULL;
}

/* A channel without a call to close: long after its time an order that nobody paid is over. */
static int close_by_asking(struct payment_worker *worker, const struct payment_matter *matter)
{
    int error = call_make(worker, PAYMENT_CALL_QUERY, matter);
    enum payment_state state = worker->outcome.state;

    if (error == 0 && (state == PAYMENT_STATE_PENDING || state == PAYMENT_STATE_ABSENT))
        worker->outcome.state = work_thread_wall_s() >= matter->expires_s + NEVER_PAID_WAIT_S
                                    ? PAYMENT_STATE_CLOSED : PAYMENT_STATE_PENDING;
    return error;
}

static int step_do(struct payment_worker *worker, enum payment_step step, const struct payment_matter *matter)
{
    static const enum payment_call calls[] = {
        [PAYMENT_STEP_ORDER] = PAYMENT_CALL_ORDER,   [PAYMENT_STEP_QUERY] = PAYMENT_CALL_QUERY,
        [PAYMENT_STEP_CLOSE] = PAYMENT_CALL_CLOSE,   [PAYMENT_STEP_REFUND] = PAYMENT_CALL_REFUND,
        [PAYMENT_STEP_REFUND_QUERY] = PAYMENT_CALL_REFUND_QUERY,
    };

    if (step == PAYMENT_STEP_ORDER && payment_channel_is_local(worker->entry->channel, matter->scene))
        return page_make(worker, matter);
    if (step == PAYMENT_STEP_CLOSE && !payment_worker_has(worker, PAYMENT_CALL_CLOSE))
        return close_by_asking(worker, matter);
    return call_make(worker, calls[step], matter);
}

/* A clear no is the channel's, or ours about an order that cannot be put into its words; all else may have happened. */
static bool is_refusal(int error)
{
    return error == PAYMENT_ERR_REFUSED || error == PAYMENT_ERR_VALUE || error == PAYMENT_ERR_SCENE ||
           error == PAYMENT_ERR_LONG || error == PAYMENT_ERR_UNSUPPORTED;
}

static struct payment_order_outcome outcome_report(struct payment_worker *worker, int error, bool is_refund)
{
    const struct payment_order_work *task = &worker->task;
    struct payment_order_outcome report = payment_order_outcome_of(&worker->outcome, task->step, task->order.channel);

    report.is_refund = is_refund;
    report.number = is_refund ? task->refund.refund_number : task->order.trade_number;
    if (error < 0) {
        report.word = is_refusal(error) ? PAYMENT_WORD_REFUSED : PAYMENT_WORD_UNKNOWN;
        report.invitation_kind = "";
    }
    if (report.code[0] == '\0' && error < 0)
        report.code = payment_error_info(error) != NULL ? payment_error_info(error)->code : "";
    return report;
}

/* Once a day, after the channel's bill is there. */
static void bill_ask(struct payment_worker *worker)
{
    int64_t now_s = work_thread_wall_s();
    int64_t local_s = now_s + CHANNEL_ZONE_S;
    struct core_reconciliation asked = { .head = { .wall_s = now_s }, .day = local_s / 86400 - 1 };
    struct core_reply reply;

    if (local_s % 86400 < BILLS_READY_S || worker->asked_day == asked.day)
        return;
    memcpy(asked.channel, worker->entry->name, sizeof asked.channel);
    if (core_channel_call(worker->core, CORE_RECONCILIATION_DUE, &asked, &reply) == 0)
        worker->asked_day = asked.day;
}

static void task_do(struct payment_worker *worker)
{
    const struct payment_order_work *task = &worker->task;
    bool is_refund = task->step == PAYMENT_STEP_REFUND || task->step == PAYMENT_STEP_REFUND_QUERY;
    struct payment_matter matter = matter_of(task);
    struct core_payment_outcome asked = { .head = { .tenant_id = task->order.tenant_id } };
    struct core_reply reply;
    int error;

    memset(&worker->outcome, 0, sizeof worker->outcome);
    error = step_do(worker, task->step, &matter);
    if (error < 0)
        log_write(LOG_BILLING, LOG_WARNING, task->order.trade_number, "payment channel %s, step %d: %s (%s)",
                  task->order.channel, (int)task->step, payment_error_text(error), worker->outcome.code);
    asked.head.wall_s = work_thread_wall_s();
    asked.outcome = outcome_report(worker, error, is_refund);
    if (core_channel_call(worker->core, CORE_PAYMENT_OUTCOME_TAKE, &asked, &reply) < 0)
        log_write(LOG_BILLING, LOG_ERROR, task->order.trade_number, "the word of channel %s was not booked: %s",
                  task->order.channel, reply.text_en);
}

static bool task_take(struct payment_worker *worker)
{
    struct core_payment_work asked = {
        .head = { .wall_s = work_thread_wall_s() }, .channel = worker->entry->name, .work = &worker->task
    };
    struct core_reply reply;

    return core_channel_call(worker->core, CORE_PAYMENT_WORK_TAKE, &asked, &reply) == 0 && reply.count == 1;
}

static bool worker_step(void *context)
{
    struct payment_worker *worker = context;

    bill_ask(worker);
    if (!task_take(worker))
        return false;
    if (worker->task.step == PAYMENT_STEP_BILL)
        payment_worker_bill(worker);
    else
        task_do(worker);
    return true;
}

int payment_worker_open(struct payment_worker *worker, const struct payment_channel_entry *entry,
                        struct core_channel *core)
{
    *worker = (struct payment_worker){ .entry = entry, .core = core };
    if (payment_http_open(&worker->http, &worker->work.stopping) < 0)
        return -1;
    work_thread_open(&worker->work, worker_step, worker);
    return 0;
}

void payment_worker_close(struct payment_worker *worker)
{
    payment_http_close(&worker->http);
    work_thread_close(&worker->work);
}
