/* Invoices that residents ask for themselves: of their own bills and payments alone. */
#include <stdio.h>

#include "api/handlers.h"
#include "api/invoice_port.h"
#include "api/route.h"
#include "base/text.h"

static int found_take(void *context, const struct view_row *row)
{
    (void)row;
    *(bool *)context = true;
    return 1;
}

/* The bill or the payment is the customer's, and the keys of different phones stay apart. */
int resident_invoice_prepare(struct exchange *exchange, void *request)
{
    struct core_invoice *ask = request;
    struct parameters parameters;
    bool own = false;
    char key[INVOICE_KEY_SIZE];

    parameters_fill(&parameters, exchange);
    if (exchange_read(exchange, VIEW_RESIDENT_INVOICE_BASE, &parameters, found_take, &own) < 0)
        return -1;
    if (!own)
        return exchange_refuse_api(exchange, API_ERR_NOT_FOUND);
    (void)text_copy(exchange_value(exchange, "key")->text, key, sizeof key);
    (void)snprintf(ask->key, sizeof ask->key, "h5-%lld-%.32s", (long long)exchange->caller.resident_id, key);
    return 0;
}
