#include "api/handlers.h"
#include "api/route.h"
#include "api/view_json.h"
#include "base/calendar.h"

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
