#include "api/handlers.h"
#include "api/route.h"
#include "api/unit_port.h"

#define FEN_LIMIT INT64_C(100000000) /* one million yuan at once */

static const struct field quote_fields[] = {
    { .name = "amount_fen", .type = FIELD_INTEGER, .required = true, .minimum = 0, .maximum = FEN_LIMIT,
        FIELD_INTO(core_unit_quote, amount_fen), .summary = "to be paid, on top of what the wallet holds" },
};
static const struct field list_fields[] = { FIELDS_OF_LIST };

static const struct api_route rows[] = {
    { .method = "GET", .path = "/accounts/{id}/unit-quote", .tag = "payments", .permission = PERMISSION_MONEY_READ,
        .handle = handle_unit_quote, ROUTE_FIELDS(quote_fields),
        ROUTE_SUMMARY("What a payment buys for a meter that holds units, and what stays in the wallet; nothing changes",
            "按量充值试算") },
    { .method = "GET", .path = "/accounts/{id}/unit-purchases", .tag = "payments", .permission = PERMISSION_MONEY_READ,
        .handle = handle_list, ROUTE_FIELDS(list_fields), .view = VIEW_UNIT_PURCHASES,
        ROUTE_SUMMARY("Units sold to the meter, each with its price and what stayed in the wallet", "购量记录") },
};

const struct route_list routes_units = { rows, sizeof rows / sizeof rows[0] };
