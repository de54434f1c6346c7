/* Refunds, and what waits for a second person. */
#include <string.h>

#include "api/case_port.h"
#include "api/handlers.h"
#include "api/route.h"
#include "api/view_json.h"
#include "base/text.h"

static void wake(const struct exchange *exchange)
{
    const struct api_payments *port = &exchange->config->payments;

    if (port->wake != NULL)
        port->wake(port->context);
}

static void refund_write(struct json_writer *out, const struct billing_refund *refund)
{
    json_put_key_integer(out, "account_id", refund->row.account_id);
    json_put_key_integer(out, "amount_fen", refund->row.amount_fen);
    json_put_key(out, "parts");
    json_array_begin(out);
    for (int32_t index = 0; index < refund->count; index++) {
        const struct refund_part *part = &refund->parts[index];

        json_object_begin(out);
        json_put_key_text(out, "route", refund_route_name(part->route));
        json_put_key_integer(out, "amount_fen", part->amount_fen);
        if (part->payment_order_id != 0)
            json_put_key_integer(out, "payment_order_id", part->payment_order_id);
        if (part->payment_refund_id != 0)
            json_put_key_integer(out, "payment_refund_id", part->payment_refund_id);
        json_object_end(out);
    }
    json_array_end(out);
}

static void invoices_write(struct json_writer *out, const struct billing_refund *refund)
{
    json_put_key(out, "invoices");
    json_array_begin(out);
    for (int32_t index = 0; index < refund->invoice_count; index++) {
        const struct billing_invoice *invoice = &refund->invoices[index];

        json_object_begin(out);
        json_put_key_integer(out, "invoice_id", invoice->invoice_id);
        json_put_key_text(out, "number", invoice->number);
        json_put_key_text(out, "state", invoice->state);
        json_put_key_integer(out, "amount_fen", invoice->amount_fen);
        json_object_end(out);
    }
    json_array_end(out);
}

static void refund_request_fill(struct exchange *exchange, struct core_refund *asked, struct billing_refund *out)
{
    fields_copy(exchange->route->fields, exchange->route->field_count, exchange->values, asked, &asked->head.present);
    asked->head.object_id = exchange->object_id;
    asked->out = out;
    if (asked->rest[0] == '\0')
        (void)text_copy(span_of_text("none"), asked->rest, sizeof asked->rest);
}

int handle_refund_preview(struct exchange *exchange)
{
    struct core_refund asked = { .what = CORE_REFUND_OF_ACCOUNT };
    struct billing_refund refund;
    struct core_reply reply;
    struct json_writer *out = &exchange->out;

    refund_request_fill(exchange, &asked, &refund);
    (void)text_copy(span_of_text("preview"), asked.key, sizeof asked.key);
    (void)text_copy(span_of_text("preview"), asked.reason, sizeof asked.reason);
    if (exchange_core(exchange, CORE_REFUND_PREVIEW, &asked.head, &reply) != 0)
        return -1;
    json_object_begin(out);
    refund_write(out, &refund);
    invoices_write(out, &refund);
    json_put_key_integer(out, "before_fen", refund.available_fen);
    json_put_key_integer(out, "balance_fen", refund.available_fen - refund.row.amount_fen);
    json_put_key_boolean(out, "needs_approval", refund.needs_approval);
    json_object_end(out);
    return 0;
}

static int refund_ask(struct exchange *exchange, struct core_refund *asked)
{
    struct billing_refund refund;
    struct core_reply reply;
    struct json_writer *out = &exchange->out;

    refund_request_fill(exchange, asked, &refund);
    if (exchange_core(exchange, CORE_REFUND_ASK, &asked->head, &reply) != 0)
        return -1;
    wake(exchange);
    exchange->status = reply.repeated ? 200 : refund.row.state == REFUND_WAITING ? 202 : 201;
    json_object_begin(out);
    json_put_key_integer(out, "refund_id", refund.row.refund_id);
    json_put_key_text(out, "state", refund_state_name(refund.row.state));
    refund_write(out, &refund);
    if (refund.invoice_count > 0)
        invoices_write(out, &refund);
    if (refund.count == 1 && refund.parts[0].payment_refund_id != 0) {
        json_put_key_integer(out, "payment_refund_id", refund.parts[0].payment_refund_id);
        json_put_key_text(out, "refund_number", refund.parts[0].refund_number);
    }
    if (refund.approval_id != 0)
        json_put_key_integer(out, "approval_id", refund.approval_id);
    json_put_key_boolean(out, "duplicate", reply.repeated);
    json_object_end(out);
    return 0;
}

int handle_refund(struct exchange *exchange)
{
    struct core_refund asked = { .what = CORE_REFUND_OF_ACCOUNT };

    return refund_ask(exchange, &asked);
}

int handle_payment_refund(struct exchange *exchange)
{
    struct core_refund asked = { .what = CORE_REFUND_OF_ORDER };

    return refund_ask(exchange, &asked);
}

/* The approval's row, and the kind it is of. */
struct approval_row {
    struct exchange *exchange;
    int kind;
};

static int approval_row_take(void *context, const struct view_row *row)
{
    struct approval_row *taken = context;
    char kind[32];

    for (size_t index = 0; index < row->count; index++)
        if (strcmp(row->columns[index].name, "kind") == 0 && text_copy(row->cells[index].text, kind, sizeof kind) >= 0)
            taken->kind = approval_kind_of_name(kind);
    view_json_members(&taken->exchange->out, row, exchange_may(taken->exchange, PERMISSION_PEOPLE_REVEAL));
    return taken->exchange->out.failed ? -1 : 1;
}

/* The permission that the kind names; PERMISSION_COUNT, which nobody has, for a kind without one. */
static enum permission kind_permission(int kind)
{
    const char *name = billing_approval_permission(kind);

    for (int index = 0; name != NULL && index < PERMISSION_COUNT; index++)
        if (strcmp(permission_info((enum permission)index)->name, name) == 0)
            return (enum permission)index;
    return PERMISSION_COUNT;
}

/* Begins an object with the row. returns 0 and *kind; -1 answered */
static int approval_begin(struct exchange *exchange, int *kind)
{
    struct approval_row taken = { .exchange = exchange };
    struct parameters parameters;
    int rows;

    parameters_fill(&parameters, exchange);
    json_object_begin(&exchange->out);
    rows = exchange_read(exchange, VIEW_APPROVAL, &parameters, approval_row_take, &taken);
    if (rows < 0)
        return -1;
    if (rows == 0)
        return exchange_refuse_api(exchange, API_ERR_NOT_FOUND);
    *kind = taken.kind;
    return 0;
}

static int64_t figure_find(const struct approval_figures *figures, const char *name, bool *found)
{
    for (int32_t index = 0; index < figures->count; index++) {
        *found = strcmp(figures->rows[index].name, name) == 0;
        if (*found)
            return figures->rows[index].value;
    }
    *found = false;
    return 0;
}

static void figure_write(struct json_writer *out, const struct approval_figure *row, const struct approval_figures *asked)
{
    bool known;
    int64_t before = figure_find(asked, row->name, &known);

    json_object_begin(out);
    json_put_key_text(out, "name", row->name);
    json_put_key_integer(out, "value", row->value);
    json_put_key(out, "asked");
    if (known)
        json_put_integer(out, before);
    else
        json_put_null(out);
    json_put_key_boolean(out, "changed", !known || before != row->value);
    json_object_end(out);
}

static void approval_write(struct exchange *exchange, const struct billing_approval *approval)
{
    const struct error_info *info = billing_approval_error_info(approval->error);
    struct json_writer *out = &exchange->out;
    char seen[CASE_FIGURES_SIZE];

    json_put_key(out, "figures");
    json_array_begin(out);
    for (int32_t index = 0; index < approval->now.count; index++)
        figure_write(out, &approval->now.rows[index], &approval->asked);
    json_array_end(out);
    if (approval_figures_write(&approval->now, seen) == 0)
        json_put_key_text(out, "seen", seen);
    json_put_key(out, "blocked");
    if (approval->error == 0)
        json_put_null(out);
    else
        json_put_text(out, span_of_text(info == NULL ? "" : exchange_is_english(exchange) ? info->text_en : info->text_zh));
}

int handle_approval(struct exchange *exchange)
{
    struct billing_approval approval;
    struct core_approval asked = { .head = { .object_id = exchange->object_id }, .out = &approval };
    struct core_reply reply;
    bool is_mine;
    int kind;

    if (approval_begin(exchange, &kind) != 0 || exchange_core(exchange, CORE_APPROVAL_READ, &asked.head, &reply) != 0)
        return -1;
    is_mine = approval.row.asked_by == exchange->caller.person_id;
    approval_write(exchange, &approval);
    json_put_key_boolean(&exchange->out, "is_mine", is_mine);
    json_put_key_boolean(&exchange->out, "may_decide", exchange_may(exchange, kind_permission(kind)));
    json_put_key_boolean(&exchange->out, "may_approve", exchange_may(exchange, kind_permission(kind)) &&
                         !(is_mine && approval.row.needs_other));
    json_object_end(&exchange->out);
    return 0;
}

static int approval_decide(struct exchange *exchange, bool approve)
{
    struct core_approval asked = { .approve = approve };
    struct core_reply reply;
    int kind;

    if (approval_begin(exchange, &kind) != 0)
        return -1;
    json_writer_reset(&exchange->out);
    if (!exchange_may(exchange, kind_permission(kind)))
        return exchange_refuse_api(exchange, API_ERR_PERMISSION);
    fields_copy(exchange->route->fields, exchange->route->field_count, exchange->values, &asked, &asked.head.present);
    asked.head.object_id = exchange->object_id;
    if (exchange_core(exchange, CORE_APPROVAL_DECIDE, &asked.head, &reply) != 0)
        return -1;
    wake(exchange);
    if (approval_begin(exchange, &kind) != 0)
        return -1;
    json_object_end(&exchange->out);
    return 0;
}

int handle_approval_approve(struct exchange *exchange)
{
    return approval_decide(exchange, true);
}

int handle_approval_refuse(struct exchange *exchange)
{
    return approval_decide(exchange, false);
}
