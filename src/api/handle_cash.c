/* The cash desk: counts of notes and coins. */
#include <jansson.h>

#include "api/cash_port.h"
#include "api/handlers.h"
#include "billing/cash_error.h"
#include "base/decimal.h"

#define PIECES_LIMIT 100000

static bool value_is_money(int64_t value_fen)
{
    static const int64_t values_fen[] = { 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1 };

    for (size_t i = 0; i < sizeof values_fen / sizeof values_fen[0]; i++)
        if (values_fen[i] == value_fen)
            return true;
    return false;
}

static bool notes_sum(const char *text, int64_t *sum_fen)
{
    json_t *notes = json_loads(text, 0, NULL);
    bool sound = json_is_object(notes);
    const char *name;
    json_t *pieces;

    *sum_fen = 0;
    json_object_foreach(notes, name, pieces) {
        int64_t value_fen = 0;
        sound = sound && decimal_parse(span_of_text(name), 0, &value_fen) == 0 && value_is_money(value_fen) &&
                json_is_integer(pieces) && json_integer_value(pieces) >= 0 && json_integer_value(pieces) <= PIECES_LIMIT;
        if (sound)
            *sum_fen += value_fen * json_integer_value(pieces);
    }
    json_decref(notes);
    return sound;
}

int cash_shift_prepare(struct exchange *exchange, void *request)
{
    const struct core_cash_shift *shift = request;
    int64_t sum_fen = 0;

    if (shift->notes[0] == '\0' || (notes_sum(shift->notes, &sum_fen) && sum_fen == shift->counted_fen))
        return 0;
    return exchange_refuse(exchange, cash_error_info(CASH_ERR_NOTES), NULL);
}
