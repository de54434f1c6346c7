/* Payments through channels: orders, refunds, and the callbacks of the channels themselves. */
#include <stdlib.h>
#include <string.h>

#include "api/client_address.h"
#include "api/client_tally.h"
#include "api/handlers.h"
#include "api/payment_port.h"
#include "api/route.h"
#include "base/text.h"
#include "document/document_code.h"

static bool channel_find(const struct exchange *exchange, const char *name, struct api_payment_channel *out)
{
    const struct api_payments *port = &exchange->config->payments;

    for (size_t i = 0; port->channel != NULL && port->channel(port->context, i, out); i++)
        if (strcmp(out->name, name) == 0)
            return true;
    return false;
}

static void scenes_write(struct json_writer *out, unsigned scenes)
{
    static const char *const names[] = { "qr", "in_app", "mobile", "page" };

    json_put_key(out, "scenes");
    json_array_begin(out);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if ((scenes & 1u << i) != 0)
            json_put_text(out, span_of_text(names[i]));
    json_array_end(out);
}

int handle_payment_channels(struct exchange *exchange)
{
    const struct api_payments *port = &exchange->config->payments;
    struct json_writer *out = &exchange->out;
    struct api_payment_channel channel;

    json_object_begin(out);
    json_put_key(out, "items");
    json_array_begin(out);
    for (size_t i = 0; port->channel != NULL && port->channel(port->context, i, &channel); i++) {
        json_object_begin(out);
        json_put_key_text(out, "name", channel.name);
        json_put_key_text(out, "kind", channel.kind);
        scenes_write(out, channel.scenes);
        if (channel.payer_page[0] != '\0')
            json_put_key_text(out, "payer_page", channel.payer_page);
        json_object_end(out);
    }
    json_array_end(out);
    json_object_end(out);
    return 0;
}

static void wake(const struct exchange *exchange)
{
    const struct api_payments *port = &exchange->config->payments;

    if (port->wake != NULL)
        port->wake(port->context);
}

int payment_order_begin(struct exchange *exchange, struct core_payment_order *asked)
{
    struct api_payment_channel channel;
    struct core_reply reply;
    int scene;

    if (!channel_find(exchange, asked->channel, &channel))
        return exchange_refuse(exchange, billing_error_info(BILLING_ERR_CHANNEL), NULL);
    scene = payment_scene_of_name(asked->scene);
    if (scene < 0 || (channel.scenes & 1u << scene) == 0)
        return exchange_refuse(exchange, payment_error_info(PAYMENT_ERR_SCENE), NULL);
    if (exchange_core(exchange, CORE_PAYMENT_ORDER_CREATE, &asked->head, &reply) != 0)
        return -1;
    wake(exchange);
    exchange->status = reply.repeated ? 200 : 201;
    json_object_begin(&exchange->out);
    json_put_key_integer(&exchange->out, "payment_order_id", reply.object_id);
    json_put_key_text(&exchange->out, "trade_number", reply.receipt);
    json_put_key_boolean(&exchange->out, "duplicate", reply.repeated);
    json_object_end(&exchange->out);
    return 0;
}

int handle_payment_order(struct exchange *exchange)
{
    struct core_payment_order asked = { .head = { .object_id = 0 } };

    fields_copy(exchange->route->fields, exchange->route->field_count, exchange->values, &asked, &asked.head.present);
    return payment_order_begin(exchange, &asked);
}

int handle_payment_order_cancel(struct exchange *exchange)
{
    int result = handle_write(exchange);

    if (result == 0)
        wake(exchange);
    return result;
}

/* What a phone scans, of an order that waits for it; empty otherwise. */
struct code_text {
    char text[DOCUMENT_CODE_TEXT_LIMIT + 1];
    bool found;
};

static int code_text_take(void *context, const struct view_row *row)
{
    struct code_text *code = context;
    struct span kind = { NULL, 0 }, state = { NULL, 0 }, invitation = { NULL, 0 };

    for (size_t i = 0; i < row->count; i++) {
        const char *name = row->columns[i].name;

        if (strcmp(name, "state") == 0)
            state = row->cells[i].text;
        else if (strcmp(name, "invitation_kind") == 0)
            kind = row->cells[i].text;
        else if (strcmp(name, "invitation") == 0)
            invitation = row->cells[i].text;
    }
    code->found = true;
    if (span_equal_text(state, "pending") && span_equal_text(kind, "qr"))
        (void)text_copy(invitation, code->text, sizeof code->text);
    return 0;
}

int handle_payment_order_code(struct exchange *exchange)
{
    struct code_text code = { .text = "" };
    struct parameters parameters;
    struct document_bytes image;
    int error;

    parameters_fill(&parameters, exchange);
    if (exchange_read(exchange, VIEW_PAYMENT_ORDER, &parameters, code_text_take, &code) < 0)
        return -1;
    if (!code.found)
        return exchange_refuse(exchange, billing_error_info(BILLING_ERR_ORDER), NULL);
    if (code.text[0] == '\0')
        return exchange_refuse(exchange, billing_error_info(BILLING_ERR_ORDER_CODE), NULL);
    error = document_code_svg(span_of_text(code.text), &image);
    if (error < 0)
        return exchange_refuse(exchange, document_error_info(error), NULL);
    json_append(&exchange->out, image.bytes, image.size);
    free(image.bytes);
    exchange->content_type_out = "image/svg+xml";
    return 0;
}

int handle_reconciliation_ask(struct exchange *exchange)
{
    struct core_reconciliation asked = { .head = { .object_id = 0 } };
    struct api_payment_channel channel;
    struct core_reply reply;

    fields_copy(exchange->route->fields, exchange->route->field_count, exchange->values, &asked, &asked.head.present);
    /* Cash is compared with its drawers, not with a channel's bill. */
    if (strcmp(asked.channel, "cash") != 0 && !channel_find(exchange, asked.channel, &channel))
        return exchange_refuse(exchange, billing_error_info(BILLING_ERR_CHANNEL), NULL);
    if (exchange_core(exchange, CORE_RECONCILIATION_ASK, &asked.head, &reply) != 0)
        return -1;
    wake(exchange);
    exchange->status = 202;
    json_object_begin(&exchange->out);
    json_put_key_integer(&exchange->out, "payment_reconciliation_id", reply.object_id);
    json_object_end(&exchange->out);
    return 0;
}

static struct payment_message message_of(const struct exchange *exchange)
{
    return (struct payment_message){
        .http_status = 200,
        .body = exchange->body,
        .serial = span_of_text(exchange->channel_serial),
        .signature = span_of_text(exchange->channel_signature),
        .timestamp = span_of_text(exchange->channel_timestamp),
        .nonce = span_of_text(exchange->channel_nonce),
    };
}

/* In the words the channel expects, so that it repeats what was refused and no longer sends what was taken. */
static int notice_answer(struct exchange *exchange, unsigned status)
{
    const struct api_payments *port = &exchange->config->payments;
    const char *text = port->reply(port->context, exchange->key, status == 200, &exchange->content_type_out);

    exchange->status = status;
    json_put_raw(&exchange->out, span_of_text(text));
    return status == 200 ? 0 : -1;
}

/* How long somebody who sends what no channel has signed must wait: what they send takes places that the channel's own
 * callbacks need. `counted`: that was one more. Behind a proxy that does not say who it speaks for nobody is told apart. */
static int64_t wrong_notice_wait_s(struct exchange *exchange, bool counted)
{
    if (network_list_holds(NETWORKS_OF_THIS_MACHINE, client_address(exchange)))
        return 0;
    return counted ? client_tally_count(exchange, CLIENT_WRONG_NOTICE) : client_tally_look(exchange, CLIENT_WRONG_NOTICE);
}

/* Nobody signs in here: the channel's signature is what admits. */
int handle_payment_notice(struct exchange *exchange)
{
    const struct api_payments *port = &exchange->config->payments;
    struct api_payment_channel channel;
    struct payment_message message = message_of(exchange);
    struct payment_outcome outcome = { .state = PAYMENT_STATE_UNKNOWN };
    struct core_payment_outcome asked = { .head = { .object_id = 0 } };
    struct core_reply reply;
    int error;

    if (!channel_find(exchange, exchange->key, &channel))
        return exchange_refuse_api(exchange, API_ERR_NOT_FOUND);
    if (exchange->body.size > API_PAYMENT_BODY_LIMIT)
        return notice_answer(exchange, 413);
    if (wrong_notice_wait_s(exchange, false) > 0)
        return notice_answer(exchange, 429);
    error = port->notice(port->context, exchange->key, &message, exchange->wall_s, &outcome);
    if (error < 0) {
        (void)wrong_notice_wait_s(exchange, error != PAYMENT_ERR_RATE);
        const struct error_info *info = payment_error_info(error);
        return notice_answer(exchange, info != NULL ? (unsigned)info->http_status : 500);
    }
    asked.outcome = payment_order_outcome_of(&outcome, PAYMENT_STEP_NONE, channel.name);
    if (exchange_core(exchange, CORE_PAYMENT_OUTCOME_TAKE, &asked.head, &reply) != 0) {
        json_writer_reset(&exchange->out);
        return notice_answer(exchange, reply.http_status > 0 ? (unsigned)reply.http_status : 503);
    }
    return notice_answer(exchange, 200);
}
