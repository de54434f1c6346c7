#include "apps/meterworks/call_batch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int call_batch_open(struct call_batch *batch, struct core *core, int64_t now_s)
{
    memset(batch, 0, sizeof *batch);
    batch->core = core;
    batch->now_s = now_s;
    batch->requests = calloc(CORE_CALL_LIMIT, sizeof *batch->requests);
    batch->replies = calloc(CORE_CALL_LIMIT, sizeof *batch->replies);
    batch->object_ids = calloc(CORE_CALL_LIMIT, sizeof *batch->object_ids);
    if (batch->requests != NULL && batch->replies != NULL && batch->object_ids != NULL)
        return 0;
    call_batch_close(batch);
    return -1;
}

void call_batch_close(struct call_batch *batch)
{
    free(batch->requests);
    free(batch->replies);
    free(batch->object_ids);
    memset(batch, 0, sizeof *batch);
}

static void answers_take(struct call_batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        if (batch->calls[i].result < 0 && batch->result == 0) {
            batch->result = batch->calls[i].result;
            (void)snprintf(batch->problem, sizeof batch->problem, "%.39s: %.200s", batch->replies[i].code,
                           batch->replies[i].text_en);
        }
        if (batch->calls[i].result >= 0 && batch->object_ids[i] != NULL)
            *batch->object_ids[i] = batch->replies[i].object_id;
    }
}

int call_batch_send(struct call_batch *batch)
{
    struct core_call *calls[CORE_CALL_LIMIT];
    int result;

    for (size_t i = 0; i < batch->count; i++)
        calls[i] = &batch->calls[i];
    if (batch->count > 0 && batch->result == 0) {
        result = core_work(batch->core, NULL, 0, calls, batch->count, batch->now_s);
        answers_take(batch);
        if (result < 0 && batch->result == 0) {
            batch->result = result;
            (void)snprintf(batch->problem, sizeof batch->problem, "%s", core_error_text(result));
        }
    }
    batch->count = 0;
    return batch->result;
}

union call_request *call_batch_add(struct call_batch *batch, enum core_operation operation,
                                   const struct core_request *head, int64_t *object_id)
{
    union call_request *request;

    if (batch->count == CORE_CALL_LIMIT)
        (void)call_batch_send(batch);
    request = &batch->requests[batch->count];
    memset(request, 0, sizeof *request);
    request->head = *head;
    batch->object_ids[batch->count] = object_id;
    batch->calls[batch->count] = (struct core_call){
        .operation = operation, .request = request, .reply = &batch->replies[batch->count],
    };
    batch->count++;
    return request;
}
