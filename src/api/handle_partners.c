/* Partners and endpoints: what is filled in when they are made, and the secrets that are shown once. */
#include <string.h>

#include <openssl/crypto.h>

#include "api/handlers.h"
#include "api/route.h"
#include "base/text.h"

#define PER_MINUTE_DEFAULT 120
#define CLOSINGS_DEFAULT 20
#define TOKEN_DAYS_DEFAULT 365
#define DAY_S 86400

int partner_prepare(struct exchange *exchange, void *request)
{
    struct core_partner *partner = request;

    if (exchange->route->operation != CORE_PARTNER_CREATE)
        return 0;
    if (exchange_value(exchange, "per_minute") == NULL)
        partner->per_minute = PER_MINUTE_DEFAULT;
    if (exchange_value(exchange, "closings_per_day") == NULL)
        partner->closings_per_day = CLOSINGS_DEFAULT;
    return 0;
}

static int token_answer(struct exchange *exchange, const struct core_partner_token *asked, int64_t token_id,
    const char *token)
{
    const struct api_partners *port = &exchange->config->partners;
    struct json_writer *out = &exchange->out;
    char secret[API_PARTNER_SECRET_SIZE] = "";

    if (port->secret == NULL || port->secret(port->context, token_id, secret) < 0)
        return exchange_refuse_api(exchange, API_ERR_NO_SECRET);
    exchange->status = 201;
    json_object_begin(out);
    json_put_key_integer(out, "token_id", token_id);
    json_put_key_text(out, "token", token);
    json_put_key_text(out, "secret", secret);
    json_put_key_text(out, "hint", asked->hint);
    json_put_key_integer(out, "expires_s", asked->expires_s);
    json_object_end(out);
    OPENSSL_cleanse(secret, sizeof secret);
    return 0;
}

int handle_partner_token_add(struct exchange *exchange)
{
    struct core_partner_token asked = { .head = { .object_id = exchange->object_id } };
    struct secret_source source = secret_source_system();
    char token[SECRET_TOKEN_TEXT_LIMIT];
    struct core_reply reply;
    int result;

    if (secret_token_make(&source, token) != 0 || secret_hash(span_of_text(token), asked.token_hash) != 0)
        return exchange_refuse_api(exchange, API_ERR_NO_SECRET);
    memcpy(asked.hint, token, sizeof asked.hint - 1);
    asked.expires_s = exchange->wall_s + exchange_integer(exchange, "days", TOKEN_DAYS_DEFAULT) * DAY_S;
    result = exchange_core(exchange, CORE_PARTNER_TOKEN_ADD, &asked.head, &reply);
    if (result == 0)
        result = token_answer(exchange, &asked, reply.object_id, token);
    OPENSSL_cleanse(token, sizeof token);
    return result;
}

/* The secret of an endpoint that was made, or whose secret was changed. */
int handle_webhook_secret(struct exchange *exchange)
{
    const struct api_webhooks *port = &exchange->config->webhooks;
    const struct api_route *route = exchange->route;
    union {
        struct core_request head;
        struct core_webhook webhook;
        struct core_reason reason;
    } asked = { .webhook = { .head = { .object_id = exchange->object_id } } };
    char secret[API_WEBHOOK_SECRET_SIZE] = "";
    struct json_writer *out = &exchange->out;
    struct core_reply reply;

    fields_copy(route->fields, route->field_count, exchange->values, &asked, &asked.head.present);
    if (exchange_core(exchange, route->operation, &asked.head, &reply) != 0)
        return -1;
    if (port->secret == NULL || port->secret(port->context, reply.object_id, reply.count, secret) < 0)
        return exchange_refuse_api(exchange, API_ERR_NO_SECRET);
    exchange->status = 201;
    json_object_begin(out);
    json_put_key_integer(out, "endpoint_id", reply.object_id);
    json_put_key_text(out, "secret", secret);
    json_object_end(out);
    OPENSSL_cleanse(secret, sizeof secret);
    return 0;
}
