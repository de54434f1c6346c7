/* The bill that a settlement would issue, line by line. */
#include <stdlib.h>

#include "api/handlers.h"
#include "base/calendar.h"
#include "billing/billing_store.h"

struct sample {
    struct billing_bill bill;
    struct charge charge;
};

static void day_put(struct json_writer *out, const char *key, int64_t day)
{
    char text[CALENDAR_DATE_TEXT_LIMIT];

    if (calendar_format_date(day, text, sizeof text) >= 0)
        json_put_key_text(out, key, text);
}

static void sample_write(struct json_writer *out, const struct sample *sample)
{
    const struct billing_bill *bill = &sample->bill;

    json_object_begin(out);
    json_put_key_integer(out, "account_id", bill->account_id);
    day_put(out, "from_day", bill->from_day);
    day_put(out, "to_day", bill->to_day);
    json_put_key_integer(out, "from_total_value", bill->from_total_value);
    json_put_key_integer(out, "to_total_value", bill->to_total_value);
    json_put_key_integer(out, "usage_value", bill->usage_value);
    json_put_key_integer(out, "amount_fen", bill->amount_fen);
    json_put_key_boolean(out, "estimated", bill->estimated);
    json_put_key_integer(out, "tariff_version_id", bill->tariff_version_id);
    json_put_key(out, "charge");
    handle_charge_write(out, &sample->charge);
    json_object_end(out);
}

int handle_settlement_sample(struct exchange *exchange)
{
    struct sample *sample = calloc(1, sizeof *sample);
    struct core_sample asked = { .head = { .object_id = exchange->object_id } };
    struct core_reply reply;

    if (sample == NULL)
        return exchange_refuse_api(exchange, API_ERR_MEMORY);
    asked.account_id = exchange_integer(exchange, "account_id", 0);
    asked.bill = &sample->bill;
    asked.charge = &sample->charge;
    int result = exchange_core(exchange, CORE_RUN_SAMPLE, &asked.head, &reply);
    if (result == 0)
        sample_write(&exchange->out, sample);
    free(sample);
    return result;
}
