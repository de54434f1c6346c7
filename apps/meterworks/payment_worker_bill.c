/* A channel's bill of a day: asked for, fetched, read, compared by the core. */
#include <stdlib.h>
#include <string.h>

#include "apps/meterworks/payment_worker.h"
#include "base/log.h"

/* The rows of a bill as they are read. */
struct bill {
    struct payment_bill_entry *entries;
    size_t count;
    size_t capacity;
};

static int bill_row_take(void *context, const struct payment_bill_row *row)
{
    struct bill *bill = context;

    if (bill->count == bill->capacity) {
        size_t wanted = bill->capacity == 0 ? 1024 : bill->capacity * 2;
        struct payment_bill_entry *more = wanted <= 2 * PAYMENT_BILL_ROW_LIMIT
                                              ? realloc(bill->entries, wanted * sizeof bill->entries[0]) : NULL;
        if (more == NULL)
            return PAYMENT_ERR_MEMORY;
        bill->entries = more;
        bill->capacity = wanted;
    }
    struct payment_bill_entry *entry = &bill->entries[bill->count++];
    *entry = (struct payment_bill_entry){ .is_refund = row->is_refund, .amount_fen = row->amount_fen };
    memcpy(entry->number, row->is_refund ? row->refund_number : row->trade_number, sizeof entry->number);
    memcpy(entry->reference, row->reference, sizeof entry->reference);
    return 0;
}

/* The file of which worker->outcome says where it is: no channel signs it, its hash was in the signed answer. */
static int bill_file_read(struct payment_worker *worker, struct payment_matter *matter, struct bill *bill)
{
    const struct payment_channel *channel = worker->entry->channel;
    struct payment_http_answer answer = { .size = 0 };
    int status;

    memcpy(matter->file_url, worker->outcome.file_url, sizeof matter->file_url);
    status = payment_worker_fetch(worker, PAYMENT_CALL_BILL_FILE, matter, &answer);
    if (status == 200)
        status = payment_channel_kind_of(channel)->bill_read(channel, span_of_bytes(answer.bytes, answer.size),
                                                             worker->outcome.file_hash, bill_row_take, bill);
    free(answer.bytes);
    return status > 0 ? PAYMENT_ERR_UNAVAILABLE : status;
}

static int bill_read(struct payment_worker *worker, struct bill *bill)
{
    const struct payment_channel *channel = worker->entry->channel;
    struct payment_matter matter = { .bill_day = worker->task.run.day };
    struct payment_http_answer answer = { .size = 0 };
    int error = payment_worker_call(worker, PAYMENT_CALL_BILL, &matter, &answer);

    if (error == 0 && payment_worker_has(worker, PAYMENT_CALL_BILL_FILE))
        error = bill_file_read(worker, &matter, bill);
    else if (error == 0)
        error = payment_channel_kind_of(channel)->bill_read(channel, span_of_bytes(answer.bytes, answer.size), "",
                                                            bill_row_take, bill);
    free(answer.bytes);
    return error;
}

void payment_worker_bill(struct payment_worker *worker)
{
    struct core_bill asked = { .head = { .object_id = worker->task.run.run_id } };
    struct bill bill = { .count = 0 };
    struct core_reply reply;
    int error;

    memset(&worker->outcome, 0, sizeof worker->outcome);
    error = bill_read(worker, &bill);
    if (error < 0)
        asked.problem = worker->outcome.code[0] != '\0' ? worker->outcome.code : payment_error_info(error)->code;
    asked.head.wall_s = work_thread_wall_s();
    asked.entries = bill.entries;
    asked.count = error < 0 ? 0 : bill.count;
    if (core_channel_call(worker->core, CORE_RECONCILIATION_TAKE, &asked, &reply) < 0)
        log_write(LOG_BILLING, LOG_ERROR, worker->entry->name, "a bill was not compared: %s", reply.text_en);
    free(bill.entries);
}
