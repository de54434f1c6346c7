/* Meters that hold units: what a sum of money buys. */
#include "api/handlers.h"
#include "api/route.h"
#include "api/unit_port.h"
#include "rating/charge.h"

static void line_write(struct json_writer *out, const struct charge *charge, const struct charge_line *line)
{
    json_object_begin(out);
    json_put_key_text(out, "item", charge->items[line->item].name);
    json_put_key_integer(out, "tier", line->tier);
    json_put_key_integer(out, "quantity_e4", line->quantity_e4);
    json_put_key_integer(out, "coefficient_e8", line->coefficient_e8);
    json_put_key_integer(out, "price_e8", line->price_e8);
    json_object_end(out);
}

int handle_unit_quote(struct exchange *exchange)
{
    struct billing_unit_quote quote;
    struct core_unit_quote asked = { .out = &quote };
    struct core_reply reply;
    struct json_writer *out = &exchange->out;

    fields_copy(exchange->route->fields, exchange->route->field_count, exchange->values, &asked, &asked.head.present);
    asked.head.object_id = exchange->object_id;
    if (exchange_core(exchange, CORE_UNIT_QUOTE, &asked.head, &reply) != 0)
        return -1;
    json_object_begin(out);
    json_put_key_integer(out, "money_fen", quote.money_fen);
    json_put_key_integer(out, "units", quote.units);
    json_put_key_integer(out, "units_value", quote.units * quote.unit_value);
    json_put_key_integer(out, "cost_fen", quote.cost_fen);
    json_put_key_integer(out, "wallet_fen", quote.rest_fen);
    json_put_key(out, "lines");
    json_array_begin(out);
    for (int32_t index = 0; index < quote.charge.line_count; index++)
        line_write(out, &quote.charge, &quote.charge.lines[index]);
    json_array_end(out);
    json_object_end(out);
    return 0;
}
