#include <string.h>

#include "api/handlers.h"
#include "api/route.h"
#include "api/view_json.h"
#include "api/walk.h"
#include "base/calendar.h"
#include "base/text.h"

#define PREVIEW_ACCOUNTS 5000 /* of a part: some tens of milliseconds */
#define EXCEPTIONS_LIMIT 200 /* listed one by one; the figures count all */

int handle_payment(struct exchange *exchange)
{
    struct core_payment asked = { .head = { .object_id = 0 } };
    struct core_reply reply;
    struct json_writer *out = &exchange->out;

    fields_copy(exchange->route->fields, exchange->route->field_count, exchange->values, &asked, &asked.head.present);
    if (exchange_core(exchange, CORE_PAYMENT_TAKE, &asked.head, &reply) != 0)
        return -1;
    exchange->status = reply.repeated ? 200 : 201;
    json_object_begin(out);
    json_put_key_integer(out, "payment_id", reply.object_id);
    json_put_key_text(out, "receipt", reply.receipt);
    json_put_key_integer(out, "amount_fen", reply.amount_fen != 0 ? reply.amount_fen : asked.amount_fen);
    json_put_key_integer(out, "before_fen", reply.before_fen);
    json_put_key_integer(out, "balance_fen", reply.balance_fen);
    json_put_key_boolean(out, "will_restore", reply.will_restore);
    json_put_key(out, "command_id");
    if (reply.command_id != 0)
        json_put_integer(out, reply.command_id);
    else
        json_put_null(out);
    json_put_key_integer(out, "at_s", exchange->now_s);
    json_put_key_boolean(out, "duplicate", reply.repeated);
    const char *note = exchange_is_english(exchange) ? reply.note_en : reply.note_zh;
    if (note[0] != '\0')
        json_put_key_text(out, "note", note);
    json_object_end(out);
    return 0;
}

int tariff_prepare(struct exchange *exchange, void *request)
{
    struct core_tariff *tariff = request;

    if (exchange_value(exchange, "utility") == NULL)
        (void)text_copy(span_of_text("water"), tariff->utility, sizeof tariff->utility);
    return 0;
}

struct preview {
    struct exchange *exchange;
    int64_t ready;
    int64_t held;
    int64_t estimated;
    int listed;
};

/* The view's fifth column is the kind: ready, missing_reading, negative, zero, jump. */
static int preview_take(void *context, const struct view_row *row)
{
    struct preview *preview = context;
    struct span kind = row->cells[4].text;

    if (span_equal_text(kind, "ready")) {
        preview->ready++;
        return 0;
    }
    if (span_equal_text(kind, "missing_reading") || span_equal_text(kind, "negative"))
        preview->held++;
    else
        preview->ready++;
    if (preview->listed == EXCEPTIONS_LIMIT)
        return 0;
    preview->listed++;
    view_json_object(&preview->exchange->out, row, exchange_may(preview->exchange, PERMISSION_PEOPLE_REVEAL));
    return preview->exchange->out.failed ? -1 : 0;
}

/* What the ready bills come to; -1 when that is not known: of one area alone, of too many accounts, or in a later part.
 * returns  0; -1 when refused, the answer being written */
static int preview_amount(struct exchange *exchange, int64_t to_day, int64_t *amount_fen)
{
    struct core_settlement asked = { .to_day = to_day };
    struct core_reply reply;

    *amount_fen = -1;
    if (exchange_value(exchange, "area_id") != NULL || exchange_value(exchange, "cursor") != NULL)
        return 0;
    if (exchange_core(exchange, CORE_SETTLEMENT_PREVIEW, &asked.head, &reply) != 0)
        return -1;
    *amount_fen = reply.amount_fen;
    return 0;
}

int handle_settlement_preview(struct exchange *exchange)
{
    struct parameters parameters;
    int64_t amount_fen;
    struct preview preview = { .exchange = exchange };
    struct walk walk;
    struct json_writer *out = &exchange->out;
    int64_t to_day = exchange_integer(exchange, "to_day", exchange_today(exchange));
    char text[CALENDAR_DATE_TEXT_LIMIT];

    parameters_fill(&parameters, exchange);
    parameters_integer(&parameters, "to_day", to_day);
    if (calendar_format_date(to_day, text, sizeof text) < 0)
        return exchange_refuse_api(exchange, API_ERR_DAYS);
    if (preview_amount(exchange, to_day, &amount_fen) < 0 ||
        walk_begin(exchange, &parameters, VIEW_ACCOUNTS_STEP, VIEW_DEVICES_COUNT, PREVIEW_ACCOUNTS, &walk) != 0)
        return -1;
    json_object_begin(out);
    json_put_key_text(out, "to_day", text);
    json_put_key(out, "exceptions");
    json_array_begin(out);
    if (exchange_read(exchange, VIEW_SETTLEMENT_PREVIEW, &parameters, preview_take, &preview) < 0)
        return -1;
    json_array_end(out);
    json_put_key_integer(out, "ready", preview.ready);
    json_put_key_integer(out, "estimated", preview.estimated);
    json_put_key_integer(out, "held", preview.held);
    json_put_key(out, "amount_fen");
    if (amount_fen < 0)
        json_put_null(out);
    else
        json_put_integer(out, amount_fen);
    walk_write(exchange, &walk);
    json_object_end(out);
    return 0;
}

int handle_settlement_run(struct exchange *exchange)
{
    struct core_settlement asked = { .head = { .object_id = 0 } };
    struct core_reply reply;

    fields_copy(exchange->route->fields, exchange->route->field_count, exchange->values, &asked, &asked.head.present);
    if (exchange_core(exchange, CORE_SETTLEMENT_RUN, &asked.head, &reply) != 0)
        return -1;
    json_object_begin(&exchange->out);
    json_put_key_integer(&exchange->out, "issued", reply.count);
    json_put_key_integer(&exchange->out, "held", reply.held);
    json_put_key_integer(&exchange->out, "amount_fen", reply.amount_fen);
    json_object_end(&exchange->out);
    return 0;
}

static int account_take(void *context, const struct view_row *row)
{
    struct exchange *exchange = context;

    view_json_object(&exchange->out, row, exchange_may(exchange, PERMISSION_PEOPLE_REVEAL));
    return exchange->out.failed ? -1 : 0;
}

int handle_cash_desk_find(struct exchange *exchange)
{
    struct parameters parameters;
    struct search_words words;
    struct json_writer *out = &exchange->out;

    search_words_split(exchange_value(exchange, "query")->text, &words);
    parameters_fill(&parameters, exchange);
    search_words_bind(&words, &parameters);
    json_object_begin(out);
    json_put_key(out, "items");
    json_array_begin(out);
    int found = exchange_read(exchange, VIEW_CASH_DESK_PHONE, &parameters, account_take, exchange);
    if (found == 0)
        found = exchange_read(exchange, VIEW_CASH_DESK_FIND, &parameters, account_take, exchange);
    if (found < 0)
        return -1;
    json_array_end(out);
    json_put_key(out, "shift"); /* sums: always one row */
    if (exchange_read(exchange, VIEW_CASH_DESK_SHIFT, &parameters, account_take, exchange) < 0)
        return -1;
    json_object_end(out);
    return 0;
}
