/* A request is admitted when its token is good, it comes from where the partner may call, it is signed as agreed, it is
 * not one too many, and its interface was granted: asked in this order, the first that fails is the answer.
 *
 * Signature: HMAC-SM3(secret, method "\n" path "\n" timestamp "\n" nonce "\n" hex SM3(body)), in lower-case hexadecimal. */
#include "api/open_admission.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>

#include "api/api_server_internal.h"
#include "api/client_address.h"
#include "api/client_tally.h"
#include "api/open_guard.h"
#include "api/route.h"
#include "base/calendar.h"
#include "base/decimal.h"
#include "base/hex.h"
#include "base/text.h"
#include "security/digest_openssl.h"

#define SIGNED_TEXT_SIZE 256
#define SIGNATURE_PREFIX "sm3="
#define NONCE_SHORTEST 8
#define NONCE_LONGEST 64

static void cell_text(const struct view_cell *cell, char *to, size_t capacity)
{
    if (cell->type != VIEW_TEXT || text_copy(cell->text, to, capacity) < 0)
        to[0] = '\0';
}

/* In the order of the view's columns. */
static int partner_take(void *context, const struct view_row *row)
{
    struct exchange *exchange = context;
    struct api_caller *caller = &exchange->caller;
    struct open_partner *partner = &exchange->partner;
    const struct view_cell *cells = row->cells;

    partner->partner_id = cells[0].integer;
    partner->token_id = cells[1].integer;
    caller->person_id = (uint32_t)cells[2].integer;
    caller->tenant_id = (uint32_t)cells[3].integer;
    cell_text(&cells[4], caller->display_name, sizeof caller->display_name);
    caller->area_id = cells[5].integer;
    cell_text(&cells[6], caller->path, sizeof caller->path);
    caller->zone_offset_s = (int32_t)cells[7].integer;
    caller->whole = cells[8].integer != 0;
    caller->expires_s = cells[9].integer;
    partner->revoked = cells[10].integer != 0;
    caller->seen_s = cells[11].integer;
    partner->disabled = cells[12].integer != 0;
    cell_text(&cells[13], partner->networks, sizeof partner->networks);
    partner->per_minute = cells[14].integer;
    partner->is_signed = cells[15].integer != 0;
    if (cells[16].integer != 0)
        caller->permissions |= PERMISSION_BIT(PERMISSION_PEOPLE_REVEAL);
    cell_text(&cells[17], partner->interfaces, sizeof partner->interfaces);
    partner->limited = cells[18].integer != 0;
    memcpy(caller->language, "zh", sizeof "zh");
    partner->month_day = exchange_today(exchange);
    partner->month_day -= calendar_date_of_day(partner->month_day).day_of_month - 1;
    (void)snprintf(partner->key_prefix, sizeof partner->key_prefix, "%" PRIu32 "/p%" PRId64 ":", caller->tenant_id,
        partner->partner_id);
    return 1;
}

static struct span token_of(const struct exchange *exchange)
{
    static const char scheme[] = "Bearer ";
    const json_t *token = json_object_get(exchange->json, "token");

    if (json_is_string(token))
        return span_of_bytes(json_string_value(token), json_string_length(token));
    if (exchange->authorization != NULL && strncmp(exchange->authorization, scheme, sizeof scheme - 1) == 0)
        return text_trim(span_of_text(exchange->authorization + sizeof scheme - 1));
    return (struct span){ NULL, 0 };
}

/* Guessing tokens is slow: an address has only so many tries. */
static int stranger_refuse(struct exchange *exchange, int error)
{
    (void)client_tally_count(exchange, CLIENT_STRANGER);
    return exchange_refuse_api(exchange, error);
}

static int token_check(struct exchange *exchange)
{
    struct parameters parameters = { .count = 0 };
    struct api_caller *caller = &exchange->caller;
    struct span token = token_of(exchange);
    int64_t wait_s = client_tally_look(exchange, CLIENT_STRANGER);

    if (wait_s > 0)
        return exchange_refuse_for_now(exchange, wait_s);
    if (token.size != SECRET_TOKEN_TEXT_LIMIT - 1 || secret_hash(token, caller->token_hash) != 0)
        return stranger_refuse(exchange, API_ERR_TOKEN_UNKNOWN);
    parameters_text(&parameters, "token_hash", span_of_bytes(caller->token_hash, sizeof caller->token_hash));
    parameters.list[parameters.count - 1].type = VIEW_BLOB;
    int rows = exchange_read(exchange, VIEW_PARTNER_CALLER, &parameters, partner_take, exchange);
    if (rows < 0)
        return -1;
    if (rows == 0)
        return stranger_refuse(exchange, API_ERR_TOKEN_UNKNOWN);
    if (exchange->partner.revoked)
        return stranger_refuse(exchange, API_ERR_TOKEN_REVOKED);
    if (caller->expires_s <= exchange->wall_s)
        return stranger_refuse(exchange, API_ERR_TOKEN_EXPIRED);
    if (exchange->partner.disabled)
        return exchange_refuse_api(exchange, API_ERR_PARTNER_DISABLED);
    if (!network_list_holds(exchange->partner.networks, client_address(exchange)))
        return exchange_refuse_api(exchange, API_ERR_NETWORK);
    return 0;
}

/* "1768435200": within the window, and not from before we began to remember nonces: that second itself was shared with
 * whoever remembered them before. */
static bool timestamp_is_near(const struct exchange *exchange)
{
    int64_t at_s = 0;
    int64_t began_s = exchange->wall_s - api_server_uptime_s(exchange->server);

    if (decimal_parse(span_of_text(exchange->open_timestamp), 0, &at_s) != 0)
        return false;
    return at_s >= exchange->wall_s - OPEN_SKEW_S && at_s <= exchange->wall_s + OPEN_SKEW_S && at_s > began_s;
}

static int signature_make(struct exchange *exchange, char hex[2 * DIGEST_SM3_SIZE + 1])
{
    const struct api_partners *port = &exchange->config->partners;
    const struct digest *digest = digest_openssl();
    char secret[API_PARTNER_SECRET_SIZE], text[SIGNED_TEXT_SIZE], body[2 * DIGEST_SM3_SIZE + 1];
    uint8_t code[DIGEST_SM3_SIZE];
    int size;

    if (port->secret == NULL || port->secret(port->context, exchange->partner.token_id, secret) < 0 ||
        digest->sm3(exchange->body, code) != 0)
        return -1;
    (void)hex_encode(span_of_bytes(code, sizeof code), body, sizeof body);
    size = snprintf(text, sizeof text, "%s\n" OPEN_ROUTE_PREFIX "%s\n%s\n%s\n%s", exchange->route->method,
        exchange->route->path, exchange->open_timestamp, exchange->open_nonce, body);
    int result = size < 0 || (size_t)size >= sizeof text
        ? -1 : digest->hmac_sm3(span_of_text(secret), span_of_bytes(text, (size_t)size), code);
    OPENSSL_cleanse(secret, sizeof secret);
    (void)hex_encode(span_of_bytes(code, sizeof code), hex, 2 * DIGEST_SM3_SIZE + 1);
    return result;
}

static int nonce_check(struct exchange *exchange)
{
    char text[2 * NONCE_LONGEST];
    uint8_t digest[SECRET_HASH_SIZE];
    enum open_nonce seen = OPEN_NONCE_FULL;

    (void)snprintf(text, sizeof text, "%" PRId64 "/%s", exchange->partner.token_id, exchange->open_nonce);
    if (secret_hash(span_of_text(text), digest) == 0)
        seen = open_guard_nonce(api_server_guard(exchange->server), digest, exchange->wall_s + 2 * OPEN_SKEW_S,
            exchange->wall_s);
    if (seen == OPEN_NONCE_FULL)
        return exchange_refuse_for_now(exchange, OPEN_SKEW_S);
    return seen == OPEN_NONCE_REPEATED ? exchange_refuse_api(exchange, API_ERR_NONCE) : 0;
}

/* Who signs although nobody asked for it is checked all the same. */
static int signature_check(struct exchange *exchange)
{
    char expected[sizeof SIGNATURE_PREFIX + 2 * DIGEST_SM3_SIZE] = SIGNATURE_PREFIX;
    size_t nonce_size = exchange->open_nonce != NULL ? strlen(exchange->open_nonce) : 0;

    if (exchange->open_signature == NULL && !exchange->partner.is_signed)
        return 0;
    if (exchange->open_signature == NULL || exchange->open_timestamp == NULL || nonce_size < NONCE_SHORTEST ||
        nonce_size > NONCE_LONGEST)
        return exchange_refuse_api(exchange, API_ERR_SIGNATURE_MISSING);
    if (!timestamp_is_near(exchange))
        return exchange_refuse_api(exchange, API_ERR_TIMESTAMP);
    if (signature_make(exchange, expected + sizeof SIGNATURE_PREFIX - 1) != 0 ||
        !secret_equal(span_of_text(expected), span_of_text(exchange->open_signature)))
        return stranger_refuse(exchange, API_ERR_SIGNATURE);
    return nonce_check(exchange);
}

/* "[1,2,11]" holds 2. */
static bool interface_is_granted(const char *list, int number)
{
    int read = 0;

    for (; *list != '\0'; list++) {
        if (*list >= '0' && *list <= '9')
            read = read * 10 + (*list - '0');
        else if (read == number)
            return true;
        else
            read = 0;
    }
    return false;
}

static void use_note(struct exchange *exchange)
{
    struct core_partner_used used = { .head = { .object_id = exchange->partner.token_id } };
    const struct core_port *core = &exchange->config->core;
    struct core_reply reply;

    if (exchange->wall_s - exchange->caller.seen_s < PARTNER_USED_EVERY_S)
        return;
    used.head.tenant_id = exchange->caller.tenant_id;
    used.head.wall_s = exchange->wall_s;
    (void)text_copy(span_of_text(client_address_text(exchange)), used.from, sizeof used.from);
    memset(&reply, 0, sizeof reply);
    /* A refusal only means that the token looks unused for a while longer. */
    (void)core->call(core->context, CORE_PARTNER_USED, &used, &reply);
}

int open_admit(struct exchange *exchange)
{
    if (token_check(exchange) != 0 || signature_check(exchange) != 0)
        return -1;
    int64_t wait_s = open_guard_count(api_server_guard(exchange->server), (uint64_t)exchange->partner.token_id,
        exchange->partner.per_minute, exchange_monotonic_ms());
    if (wait_s > 0)
        return exchange_refuse_for_now(exchange, wait_s);
    if (!interface_is_granted(exchange->partner.interfaces, exchange->route->interface_number))
        return exchange_refuse_api(exchange, API_ERR_INTERFACE);
    use_note(exchange);
    return 0;
}
