/* Many small calls to a core that is not running yet, several in one transaction. */
#ifndef APPS_METERWORKS_CALL_BATCH_H
#define APPS_METERWORKS_CALL_BATCH_H

#include <stddef.h>
#include <stdint.h>

#include "api/resident_port.h"
#include "apps/meterworks/core.h"

union call_request {
    struct core_request head;
    struct core_area area;
    struct core_device device;
    struct core_line line;
    struct core_archive_sync archive_sync;
    struct core_balance_zone balance_zone;
    struct core_customer customer;
    struct core_account account;
    struct core_payment payment;
    struct core_person person;
    struct core_setting setting;
    struct core_resident resident;
};

struct call_batch {
    struct core *core;
    union call_request *requests;   /* CORE_CALL_LIMIT */
    struct core_reply *replies;
    int64_t **object_ids;           /* where the answers go; NULL: nobody asks */
    struct core_call calls[CORE_CALL_LIMIT];
    size_t count;
    int64_t now_s;
    int result;                     /* first refusal; everything after it is left out */
    char problem[256];
};

/* returns 0; -1 no memory */
int call_batch_open(struct call_batch *batch, struct core *core, int64_t now_s);

/* Accepts a zero one. What was not sent is lost. */
void call_batch_close(struct call_batch *batch);

/* A request to fill in, zero and with its head filled from `head`; sent with the next call_batch_send or when the batch is full.
 * object_id  written when the call was answered; may be NULL */
union call_request *call_batch_add(struct call_batch *batch, enum core_operation operation,
                                   const struct core_request *head, int64_t *object_id);

/* returns  0; the first refusal so far, with `problem` */
int call_batch_send(struct call_batch *batch);

#endif
