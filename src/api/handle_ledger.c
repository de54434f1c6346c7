#include "api/api_server_internal.h"
#include "api/books_check.h"
#include "api/handlers.h"
#include "api/route.h"
#include "api/view_json.h"
#include "base/calendar.h"

#define BOOKS_CHECK_PATIENCE_MS 20000 /* of tens of millions of accounts on a busy machine; the page waits for nothing of it */
#define TRANSFERS_READ_LIMIT 50000 /* that are not in the sums of books yet: some tens of milliseconds */

struct balance_sink {
    struct exchange *exchange;
    int64_t debits_fen;
    int64_t credits_fen;
};

static int balance_take(void *context, const struct view_row *row)
{
    struct balance_sink *sink = context;

    sink->debits_fen += row->cells[2].integer;
    sink->credits_fen += row->cells[3].integer;
    view_json_object(&sink->exchange->out, row, true);
    return sink->exchange->out.failed ? -1 : 0;
}

/* From what is kept of books, as soon as little is posted that is not in it. -1: answered. */
static int trial_view(struct exchange *exchange, const struct parameters *parameters)
{
    bool by_day = exchange_value(exchange, "until_day") != NULL;
    int64_t behind = exchange_kept_count(exchange, VIEW_BOOKS_BEHIND, parameters);

    if (behind < 0)
        return -1;
    if (behind <= TRANSFERS_READ_LIMIT)
        return by_day ? VIEW_TRIAL_BALANCE_DAY : VIEW_TRIAL_BALANCE;
    return by_day ? VIEW_TRIAL_BALANCE_DAY_READ : VIEW_TRIAL_BALANCE_READ;
}

int handle_trial_balance(struct exchange *exchange)
{
    struct parameters parameters;
    struct balance_sink sink = { .exchange = exchange };
    struct json_writer *out = &exchange->out;
    int view;

    parameters_fill(&parameters, exchange);
    view = trial_view(exchange, &parameters);
    if (view < 0)
        return -1;
    parameters_integer(&parameters, "until_s",
                       exchange_integer(exchange, "until_day", 0) * CALENDAR_DAY_S - exchange->caller.zone_offset_s);
    json_object_begin(out);
    json_put_key(out, "items");
    json_array_begin(out);
    if (exchange_read(exchange, (enum view)view, &parameters, balance_take, &sink) < 0)
        return -1;
    json_array_end(out);
    json_put_key_integer(out, "debits_fen", sink.debits_fen);
    json_put_key_integer(out, "credits_fen", sink.credits_fen);
    json_put_key_boolean(out, "balanced", sink.debits_fen == sink.credits_fen);
    json_put_key_integer(out, "checked_s", exchange->now_s);
    json_object_end(out);
    return 0;
}

/* Whoever made it in the last minute made it for all. */
int handle_books_check(struct exchange *exchange)
{
    struct books_check *check = api_server_books_check(exchange->server);
    int64_t tenant_id = exchange->caller.tenant_id;
    uint8_t kept[BOOKS_CHECK_LIMIT];
    size_t size = books_check_find(check, tenant_id, exchange_monotonic_ms(), kept);

    if (size > 0) {
        json_put_raw(&exchange->out, span_of_bytes(kept, size));
        return 0;
    }
    exchange->deadline_ms = exchange_monotonic_ms() + BOOKS_CHECK_PATIENCE_MS;
    int result = handle_document(exchange);
    books_check_keep(check, tenant_id, exchange_monotonic_ms(), result == 0 ? json_writer_span(&exchange->out) : span_of_text(""));
    return result;
}
