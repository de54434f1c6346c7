/* Top-ups and control of meters through the open interfaces: what is repeated under its number is done once. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "api/handlers.h"
#include "api/route.h"
#include "api/view_json.h"
#include "base/text.h"
#include "billing/billing_error.h"

static int members_take(void *context, const struct view_row *row)
{
    struct exchange *exchange = context;

    view_json_members(&exchange->out, row, exchange_may(exchange, PERMISSION_PEOPLE_REVEAL));
    return exchange->out.failed ? -1 : 1;
}

static int number_check(struct exchange *exchange, const char *field)
{
    static const char permitted[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.-_";
    struct span number = exchange_value(exchange, field)->text;

    for (size_t i = 0; i < number.size; i++)
        if (number.bytes[i] == '\0' || strchr(permitted, number.bytes[i]) == NULL)
            return exchange_refuse(exchange, api_error_info(API_ERR_TRADE_NUMBER), field);
    return 0;
}

/* A top-up's key as billing stores it: the partner's, whichever of its tokens it comes with. */
static void key_make(const struct exchange *exchange, char key[CORE_KEY_LIMIT])
{
    struct span number = exchange_value(exchange, "trade_number")->text;

    (void)snprintf(key, CORE_KEY_LIMIT, "%s%.*s", exchange->partner.key_prefix, (int)number.size,
        (const char *)number.bytes);
}

/* returns  rows written, as members of the object that is open; -1 answered */
static int top_up_write(struct exchange *exchange)
{
    struct parameters parameters;
    char key[CORE_KEY_LIMIT];

    key_make(exchange, key);
    parameters_fill(&parameters, exchange);
    parameters_text(&parameters, "key", span_of_text(key));
    return exchange_read(exchange, VIEW_OPEN_TOP_UP, &parameters, members_take, exchange);
}

static int account_take(void *context, const struct view_row *row)
{
    *(int64_t *)context = row->cells[0].integer;
    return 1;
}

/* The account that pays for the device. 0; -1 answered. */
static int account_find(struct exchange *exchange, int64_t *account_id)
{
    struct parameters parameters;
    char key[CORE_KEY_LIMIT];
    int64_t device_id = 0;
    int rows;

    key_make(exchange, key);
    parameters_fill(&parameters, exchange);
    parameters_text(&parameters, "key", span_of_text(key));
    rows = exchange_read(exchange, VIEW_OPEN_ACCOUNT, &parameters, account_take, account_id);
    if (rows != 0)
        return rows < 0 ? -1 : 0;
    rows = exchange_read(exchange, VIEW_OPEN_DEVICE, &parameters, account_take, &device_id);
    if (rows < 0)
        return -1;
    return exchange_refuse_api(exchange, rows > 0 ? API_ERR_NO_ACCOUNT : API_ERR_OPEN_DEVICE);
}

static int note_write(struct exchange *exchange, const struct core_reply *reply)
{
    const char *note = exchange_is_english(exchange) ? reply->note_en : reply->note_zh;

    json_put_key_boolean(&exchange->out, "repeated", reply->repeated);
    if (note[0] != '\0')
        json_put_key_text(&exchange->out, "note", note);
    json_object_end(&exchange->out);
    return 0;
}

/* What billing calls a key is the partner's trade number. */
static int top_up_refuse(struct exchange *exchange, const struct core_reply *reply)
{
    const struct error_info *reused = billing_error_info(BILLING_ERR_KEY_REUSED);

    return strcmp(reply->code, reused->code) == 0 ? exchange_refuse_api(exchange, API_ERR_TRADE_REUSED) : -1;
}

int handle_open_top_up(struct exchange *exchange)
{
    struct core_payment asked = { .amount_fen = exchange_integer(exchange, "amount_fen", 0), .method = "partner" };
    struct span number = exchange_value(exchange, "trade_number")->text;
    struct core_reply reply;

    if (number_check(exchange, "trade_number") != 0 || account_find(exchange, &asked.account_id) != 0)
        return -1;
    (void)snprintf(asked.key, sizeof asked.key, "p%" PRId64 ":%.*s", exchange->partner.partner_id, (int)number.size,
        (const char *)number.bytes);
    (void)snprintf(asked.source, sizeof asked.source, "partner/%" PRId64, exchange->partner.partner_id);
    if (exchange_core(exchange, CORE_PAYMENT_TAKE, &asked.head, &reply) != 0)
        return top_up_refuse(exchange, &reply);
    json_object_begin(&exchange->out);
    if (top_up_write(exchange) < 0)
        return -1;
    return note_write(exchange, &reply);
}

int handle_open_top_up_result(struct exchange *exchange)
{
    int rows;

    if (number_check(exchange, "trade_number") != 0)
        return -1;
    json_object_begin(&exchange->out);
    rows = top_up_write(exchange);
    if (rows <= 0)
        return rows < 0 ? -1 : exchange_refuse_api(exchange, API_ERR_TRADE_UNKNOWN);
    json_object_end(&exchange->out);
    return 0;
}

/* The device is the partner's to control? 0; -1 answered. */
static int device_require(struct exchange *exchange, const struct parameters *parameters)
{
    int64_t device_id = 0;
    int rows = exchange_read(exchange, VIEW_OPEN_DEVICE, parameters, account_take, &device_id);

    if (rows < 0)
        return -1;
    return rows > 0 ? 0 : exchange_refuse_api(exchange, API_ERR_OPEN_DEVICE);
}

int handle_open_control(struct exchange *exchange)
{
    struct core_partner_control asked = { .head = { .object_id = exchange->object_id },
                                          .partner_id = exchange->partner.partner_id };
    const struct field_value *reason = exchange_value(exchange, "reason");
    struct parameters parameters;
    struct core_reply reply;

    if (number_check(exchange, "request_number") != 0)
        return -1;
    parameters_fill(&parameters, exchange);
    if (device_require(exchange, &parameters) != 0)
        return -1;
    (void)text_copy(exchange_value(exchange, "request_number")->text, asked.number, sizeof asked.number);
    (void)text_copy(exchange_value(exchange, "mode")->text, asked.mode, sizeof asked.mode);
    if (reason != NULL)
        (void)text_copy(reason->text, asked.reason, sizeof asked.reason);
    if (exchange_core(exchange, CORE_PARTNER_CONTROL, &asked.head, &reply) != 0)
        return -1;
    json_object_begin(&exchange->out);
    if (exchange_read(exchange, VIEW_OPEN_CONTROL, &parameters, members_take, exchange) < 0)
        return -1;
    return note_write(exchange, &reply);
}
