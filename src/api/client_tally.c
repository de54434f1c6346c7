#include "api/client_tally.h"

#include "api/api_server_internal.h"
#include "api/client_address.h"
#include "api/open_guard.h"

static const int64_t per_minute[CLIENT_TALLY_COUNT] = {
    [CLIENT_STRANGER] = 60,
    [CLIENT_SIGN_IN] = 60,
    [CLIENT_PAYER] = 20,
    [CLIENT_WRONG_NOTICE] = 60,
};

static uint64_t number_of(struct exchange *exchange, enum client_tally tally)
{
    return client_address_number(exchange) ^ (uint64_t)tally;
}

int64_t client_tally_look(struct exchange *exchange, enum client_tally tally)
{
    return open_guard_look(api_server_guard(exchange->server), number_of(exchange, tally), per_minute[tally],
        exchange_monotonic_ms());
}

int64_t client_tally_count(struct exchange *exchange, enum client_tally tally)
{
    return open_guard_count(api_server_guard(exchange->server), number_of(exchange, tally), per_minute[tally],
        exchange_monotonic_ms());
}
