/* Paying from the residents' page: for one's own account, or for a bill whose link one holds. */
#include <stdio.h>
#include <string.h>

#include "api/client_address.h"
#include "api/client_tally.h"
#include "api/handlers.h"
#include "api/payment_port.h"
#include "api/resident_port.h"
#include "api/resident_session.h"
#include "api/route.h"
#include "api/view_json.h"
#include "base/text.h"
#include "payment/payment_error.h"

#define ORDERS_LIMIT 20 /* of one account within half an hour, the life of an order */

/* What the channel shows to the payer. */
static const struct {
    const char *kind;
    const char *words;
} fees[] = {
    { "cold_water", "水费" }, { "electricity", "电费" }, { "gas", "燃气费" }, { "heat", "热费" }, { "hot_water", "热水费" },
};

/* Who pays for what, before an order is made of it. */
struct payable {
    bool found;
    int64_t account_id;
    int64_t tenant_id;
    int64_t due_fen;
    int64_t orders;
    char number[64];
    const char *words;
};

static void kind_take(struct payable *payable, struct span kind)
{
    for (size_t i = 0; i < sizeof fees / sizeof fees[0]; i++)
        if (span_equal_text(kind, fees[i].kind))
            payable->words = fees[i].words;
}

static int payable_take(void *context, const struct view_row *row)
{
    struct payable *payable = context;
    const struct { const char *name; int64_t *to; } numbers[] = {
        { "account_id", &payable->account_id }, { "tenant_id", &payable->tenant_id },
        { "due_fen", &payable->due_fen }, { "orders", &payable->orders },
    };

    payable->found = true;
    for (size_t i = 0; i < row->count; i++) {
        const char *name = row->columns[i].name;
        for (size_t k = 0; k < sizeof numbers / sizeof numbers[0]; k++)
            if (strcmp(name, numbers[k].name) == 0 && row->cells[i].type == VIEW_INTEGER)
                *numbers[k].to = row->cells[i].integer;
        if (row->cells[i].type != VIEW_TEXT)
            continue;
        if (strcmp(name, "device_kind") == 0)
            kind_take(payable, row->cells[i].text);
        if (strcmp(name, "number") == 0 || strcmp(name, "customer_number") == 0)
            (void)text_copy(row->cells[i].text, payable->number, sizeof payable->number);
    }
    return 1;
}

static int payer_take(void *context, const struct view_row *row)
{
    struct core_payment_order *asked = context;
    return text_copy(row->cells[0].text, asked->payer_id, sizeof asked->payer_id) < 0 ? -1 : 1;
}

/* What the channel called the owner of the phone that asks; nothing when it was not asked yet. 0; -1 answered */
static int payer_recall(struct exchange *exchange, struct core_payment_order *asked)
{
    struct parameters parameters;

    parameters_fill(&parameters, exchange);
    parameters_text(&parameters, "channel", span_of_text(asked->channel));
    if (exchange->caller.resident_id == 0)
        return 0;
    return exchange_read(exchange, VIEW_RESIDENT_PAYER, &parameters, payer_take, asked) < 0 ? -1 : 0;
}

/* who       keeps the keys of different payers apart */
static int order_make(struct exchange *exchange, const struct payable *payable, int64_t amount_fen, const char *who)
{
    struct core_payment_order asked = { .account_id = payable->account_id, .amount_fen = amount_fen };
    const struct field_value *payer = exchange_value(exchange, "payer_id");
    char key[33];

    if (payable->orders >= ORDERS_LIMIT) {
        exchange_header_add(exchange, "Retry-After", "1800");
        return exchange_refuse_api(exchange, API_ERR_ORDERS);
    }
    (void)text_copy(exchange_value(exchange, "channel")->text, asked.channel, sizeof asked.channel);
    (void)text_copy(exchange_value(exchange, "scene")->text, asked.scene, sizeof asked.scene);
    (void)text_copy(exchange_value(exchange, "key")->text, key, sizeof key);
    (void)snprintf(asked.key, sizeof asked.key, "%s-%s", who, key);
    (void)snprintf(asked.description, sizeof asked.description, "%s %s", payable->words, payable->number);
    if (payer != NULL)
        (void)text_copy(payer->text, asked.payer_id, sizeof asked.payer_id);
    else if (payer_recall(exchange, &asked) != 0)
        return -1;
    if (text_copy(span_of_text(client_address_text(exchange)), asked.client_ip, sizeof asked.client_ip) <= 0)
        (void)text_copy(span_of_text("127.0.0.1"), asked.client_ip, sizeof asked.client_ip);
    return payment_order_begin(exchange, &asked);
}

int handle_resident_order(struct exchange *exchange)
{
    struct parameters parameters;
    struct payable payable = { .words = "缴费" };
    char who[32];

    parameters_fill(&parameters, exchange);
    if (exchange_read(exchange, VIEW_RESIDENT_ACCOUNT, &parameters, payable_take, &payable) < 0)
        return -1;
    if (!payable.found)
        return exchange_refuse_api(exchange, API_ERR_NOT_FOUND);
    (void)snprintf(who, sizeof who, "h5-%lld", (long long)exchange->caller.resident_id);
    return order_make(exchange, &payable, exchange_integer(exchange, "amount_fen", 0), who);
}

static int link_code_make_of(const struct exchange *exchange, int64_t bill_id, char code[LINK_CODE_SIZE])
{
    const struct api_links *links = &exchange->config->links;
    char subject[40];

    (void)snprintf(subject, sizeof subject, "bill %lld", (long long)bill_id);
    return links->code != NULL ? links->code(links->context, span_of_text(subject), code) : -1;
}

/* 0 when the link is one of ours; -1 answered. */
static int link_check(struct exchange *exchange)
{
    char code[LINK_CODE_SIZE];

    if (link_code_make_of(exchange, exchange_integer(exchange, "bill", 0), code) != 0
        || !secret_equal(span_of_text(code), exchange_value(exchange, "code")->text))
        return exchange_refuse_api(exchange, API_ERR_LINK);
    return 0;
}

int resident_pay_path(const struct exchange *exchange, int64_t bill_id, char path[RESIDENT_PAY_PATH_LIMIT])
{
    char code[LINK_CODE_SIZE];
    int result = link_code_make_of(exchange, bill_id, code);

    if (result == 0)
        (void)snprintf(path, RESIDENT_PAY_PATH_LIMIT, "/resident/pay?bill=%lld&code=%s", (long long)bill_id, code);
    return result;
}

int handle_resident_pay_link(struct exchange *exchange)
{
    struct parameters parameters;
    struct payable payable = { .words = "" };
    char path[RESIDENT_PAY_PATH_LIMIT];

    parameters_fill(&parameters, exchange);
    if (exchange_read(exchange, VIEW_BILL, &parameters, payable_take, &payable) < 0)
        return -1;
    if (!payable.found || resident_pay_path(exchange, exchange->object_id, path) != 0)
        return exchange_refuse_api(exchange, API_ERR_NOT_FOUND);
    json_object_begin(&exchange->out);
    json_put_key_text(&exchange->out, "path", path);
    json_object_end(&exchange->out);
    return 0;
}

/* Only what a payer needs to know is on the right bill: no name in full, no place, no meter. */
static int link_bill_take(void *context, const struct view_row *row)
{
    static const char *const shown[] = { "number", "name", "device_kind", "from_day", "to_day", "due_day", "state", "due_fen" };
    struct exchange *exchange = context;
    struct view_row part = *row;
    size_t count = 0;

    while (count < row->count && count < sizeof shown / sizeof shown[0]
        && strcmp(row->columns[count].name, shown[count]) == 0)
        count++;
    part.count = count;
    view_json_object(&exchange->out, &part, false);
    return exchange->out.failed ? -1 : 1;
}

int handle_link_bill(struct exchange *exchange)
{
    struct parameters parameters;

    if (link_check(exchange) != 0)
        return -1;
    parameters_fill(&parameters, exchange);
    int rows = exchange_read(exchange, VIEW_RESIDENT_LINK_BILL, &parameters, link_bill_take, exchange);
    if (rows == 0)
        return exchange_refuse_api(exchange, API_ERR_LINK);
    return rows < 0 ? -1 : 0;
}

static int tenant_take(void *context, const struct view_row *row)
{
    struct api_caller *caller = context;

    caller->zone_offset_s = (int32_t)row->cells[0].integer;
    return text_copy(row->cells[1].text, caller->path, sizeof caller->path) < 0 ? -1 : 1;
}

/* Anybody may pay what is due on a bill; the amount is the bill's. */
int handle_link_order(struct exchange *exchange)
{
    struct parameters parameters;
    struct payable payable = { .words = "缴费" };
    char who[32];

    if (link_check(exchange) != 0)
        return -1;
    parameters_fill(&parameters, exchange);
    if (exchange_read(exchange, VIEW_RESIDENT_LINK_BILL, &parameters, payable_take, &payable) < 0)
        return -1;
    if (!payable.found)
        return exchange_refuse_api(exchange, API_ERR_LINK);
    if (payable.due_fen <= 0)
        return exchange_refuse_api(exchange, API_ERR_NOTHING_DUE);
    parameters_integer(&parameters, "tenant", payable.tenant_id);
    exchange->caller.tenant_id = (uint32_t)payable.tenant_id;
    if (exchange_read(exchange, VIEW_RESIDENT_TENANT, &parameters, tenant_take, &exchange->caller) < 0)
        return -1;
    (void)snprintf(who, sizeof who, "bill-%lld", (long long)exchange_integer(exchange, "bill", 0));
    return order_make(exchange, &payable, payable.due_fen, who);
}

static int order_take(void *context, const struct view_row *row)
{
    struct exchange *exchange = context;

    view_json_object(&exchange->out, row, false);
    return exchange->out.failed ? -1 : 1;
}

int handle_link_order_read(struct exchange *exchange)
{
    struct parameters parameters;

    parameters_fill(&parameters, exchange);
    parameters_text(&parameters, "trade_number", span_of_text(exchange->key));
    int rows = exchange_read(exchange, VIEW_RESIDENT_LINK_ORDER, &parameters, order_take, exchange);
    if (rows == 0)
        return exchange_refuse_api(exchange, API_ERR_NOT_FOUND);
    return rows < 0 ? -1 : 0;
}

/* Each try is a question to the channel: an address has only so many. */
static int payer_admit(struct exchange *exchange)
{
    int64_t wait_s = client_tally_count(exchange, CLIENT_PAYER);

    return wait_s == 0 ? 0 : exchange_refuse_for_now(exchange, wait_s);
}

static int payer_keep(struct exchange *exchange, const char *payer_id)
{
    struct core_resident asked = { .phone_id = exchange->caller.resident_id };
    struct core_reply reply;

    if (asked.phone_id == 0)
        return 0;
    (void)text_copy(exchange_value(exchange, "channel")->text, asked.payer_channel, sizeof asked.payer_channel);
    (void)text_copy(span_of_text(payer_id), asked.payer_id, sizeof asked.payer_id);
    return exchange_core(exchange, CORE_RESIDENT_PAYER, &asked.head, &reply);
}

int handle_resident_payer(struct exchange *exchange)
{
    const struct api_payments *port = &exchange->config->payments;
    char payer_id[PAYMENT_PAYER_SIZE], channel[PAYMENT_ORDER_CHANNEL_SIZE];
    int error = PAYMENT_ERR_UNSUPPORTED;

    if (payer_admit(exchange) != 0 || resident_recognise(exchange) != 0)
        return -1;
    if (port->payer != NULL && text_copy(exchange_value(exchange, "channel")->text, channel, sizeof channel) > 0)
        error = port->payer(port->context, channel, exchange_value(exchange, "code")->text, payer_id);
    if (error == PAYMENT_ERR_RATE)
        exchange_header_add(exchange, "Retry-After", "1");
    if (error < 0)
        return exchange_refuse(exchange, payment_error_info(error), "code");
    if (payer_keep(exchange, payer_id) != 0)
        return -1;
    json_object_begin(&exchange->out);
    json_put_key_text(&exchange->out, "payer_id", payer_id);
    json_object_end(&exchange->out);
    return 0;
}
