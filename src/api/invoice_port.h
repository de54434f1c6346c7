/* What the api, and whoever speaks with the provider, ask of the core about invoices; part of core_port.h. */
#ifndef API_INVOICE_PORT_H
#define API_INVOICE_PORT_H

#include "api/core_port.h"
#include "document/invoice.h"

struct core_invoice {
    struct core_request head;
    int64_t bill_id;            /* or payment_id; the other is 0 */
    int64_t payment_id;
    char key[INVOICE_KEY_SIZE];
    char title[INVOICE_TITLE_SIZE];
    char tax_number[INVOICE_TAX_NUMBER_SIZE]; /* "": a person */
    char contact[INVOICE_TITLE_SIZE];
};

/* Written by the core during the call, whose caller waits. */
struct core_invoice_work {
    struct core_request head;
    struct invoice *invoice;
};

struct core_invoice_answer {
    struct core_request head;   /* object_id: the invoice */
    uint8_t state;              /* in which it was spoken about: an answer to another state is late and says nothing */
    struct invoice_answer answer;
};

#endif
