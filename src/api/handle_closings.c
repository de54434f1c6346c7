/* Contracts that end, security deposits, payments that go to another account. */
#include <string.h>

#include "api/case_port.h"
#include "api/handlers.h"
#include "api/route.h"
#include "base/text.h"

static void closing_write(struct json_writer *out, const struct billing_closing *closing)
{
    json_put_key_integer(out, "account_id", closing->row.account_id);
    json_put_key_text(out, "kind", closing_kind_name(closing->row.kind));
    json_put_key_text(out, "state", closing_state_name(closing->row.state));
    json_put_key_text(out, "reading", closing_reading_name(closing->row.reading));
    json_put_key_integer(out, "total_value", closing->row.total_value);
    json_put_key_integer(out, "read_s", closing->row.read_s);
    json_put_key_boolean(out, "clears_meter", closing->row.clear_command_id != 0);
    json_put_key(out, "figures");
    json_array_begin(out);
    for (int32_t index = 0; index < closing->figures.count; index++) {
        json_object_begin(out);
        json_put_key_text(out, "name", closing->figures.rows[index].name);
        json_put_key_integer(out, "value", closing->figures.rows[index].value);
        json_object_end(out);
    }
    json_array_end(out);
}

static int closing_call(struct exchange *exchange, bool preview, struct billing_closing *closing, struct core_reply *reply)
{
    struct core_closing asked = { .preview = preview, .out = closing };

    fields_copy(exchange->route->fields, exchange->route->field_count, exchange->values, &asked, &asked.head.present);
    asked.head.object_id = exchange->object_id;
    if (asked.rest[0] == '\0')
        (void)text_copy(span_of_text("none"), asked.rest, sizeof asked.rest);
    if (preview)
        (void)text_copy(span_of_text("preview"), asked.key, sizeof asked.key);
    if (preview && asked.reason[0] == '\0')
        (void)text_copy(span_of_text("preview"), asked.reason, sizeof asked.reason);
    return exchange_core(exchange, CORE_CLOSING_ASK, &asked.head, reply);
}

int handle_closing_preview(struct exchange *exchange)
{
    struct billing_closing closing;
    struct core_reply reply;

    if (closing_call(exchange, true, &closing, &reply) != 0)
        return -1;
    json_object_begin(&exchange->out);
    closing_write(&exchange->out, &closing);
    json_object_end(&exchange->out);
    return 0;
}

int handle_closing(struct exchange *exchange)
{
    struct billing_closing closing;
    struct core_reply reply;
    struct json_writer *out = &exchange->out;

    if (closing_call(exchange, false, &closing, &reply) != 0)
        return -1;
    exchange->status = reply.repeated ? 200 : 202;
    json_object_begin(out);
    json_put_key_integer(out, "closing_id", closing.row.closing_id);
    closing_write(out, &closing);
    if (closing.approval_id != 0)
        json_put_key_integer(out, "approval_id", closing.approval_id);
    json_put_key_boolean(out, "duplicate", reply.repeated);
    json_object_end(out);
    return 0;
}

int handle_deposit(struct exchange *exchange)
{
    struct core_deposit asked = { .head = { .object_id = 0 } };
    struct core_reply reply;

    fields_copy(exchange->route->fields, exchange->route->field_count, exchange->values, &asked, &asked.head.present);
    asked.head.object_id = exchange->object_id;
    if (exchange_core(exchange, CORE_DEPOSIT_KEEP, &asked.head, &reply) != 0)
        return -1;
    exchange->status = 201;
    json_object_begin(&exchange->out);
    json_put_key_integer(&exchange->out, "deposit_fen", reply.amount_fen);
    json_object_end(&exchange->out);
    return 0;
}

static int move_ask(struct exchange *exchange, bool of_order)
{
    struct billing_move move;
    struct core_payment_move asked = { .of_order = of_order, .out = &move };
    struct core_reply reply;
    struct json_writer *out = &exchange->out;

    fields_copy(exchange->route->fields, exchange->route->field_count, exchange->values, &asked, &asked.head.present);
    asked.head.object_id = exchange->object_id;
    if (exchange_core(exchange, CORE_PAYMENT_MOVE_ASK, &asked.head, &reply) != 0)
        return -1;
    exchange->status = reply.repeated ? 200 : 202;
    json_object_begin(out);
    json_put_key_integer(out, "payment_move_id", move.row.payment_move_id);
    json_put_key_integer(out, "from_account_id", move.row.from_account_id);
    json_put_key_integer(out, "to_account_id", move.row.to_account_id);
    json_put_key_integer(out, "amount_fen", move.row.amount_fen);
    if (move.approval_id != 0)
        json_put_key_integer(out, "approval_id", move.approval_id);
    json_put_key_boolean(out, "duplicate", reply.repeated);
    json_object_end(out);
    return 0;
}

int handle_payment_move(struct exchange *exchange)
{
    return move_ask(exchange, false);
}

int handle_suspense_move(struct exchange *exchange)
{
    return move_ask(exchange, true);
}
