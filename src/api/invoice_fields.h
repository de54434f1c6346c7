/* What the request for an invoice says, besides its key: the same for people and for residents. Internal to the room. */
#ifndef API_INVOICE_FIELDS_H
#define API_INVOICE_FIELDS_H

#include "api/invoice_port.h"
#include "api/route.h"

#define FIELDS_OF_INVOICE \
    { .name = "bill_id", .type = FIELD_INTEGER, .minimum = 1, .maximum = INT64_MAX, FIELD_INTO(core_invoice, bill_id), \
        .summary = "the bill it is of; or payment_id" }, \
    { .name = "payment_id", .type = FIELD_INTEGER, .minimum = 1, .maximum = INT64_MAX, FIELD_INTO(core_invoice, payment_id), \
        .summary = "the payment it is of, of an account that prepays" }, \
    { .name = "title", .type = FIELD_TEXT, .required = true, .minimum = 1, .maximum = 120, FIELD_INTO(core_invoice, title), \
        .summary = "the buyer: a company's registered name, or a person's" }, \
    { .name = "tax_number", .type = FIELD_TEXT, .minimum = 0, .maximum = 20, FIELD_INTO(core_invoice, tax_number), \
        .summary = "of a company: 15 to 20 digits and capital letters; absent: a person" }, \
    { .name = "contact", .type = FIELD_TEXT, .minimum = 0, .maximum = 120, FIELD_INTO(core_invoice, contact), \
        .summary = "phone or e-mail address the provider delivers it to" }

#endif
