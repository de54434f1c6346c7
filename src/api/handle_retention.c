/* What a shorter retention would remove, before it does. */
#include "api/handlers.h"
#include "api/view_json.h"
#include "reading/retention.h"

static int32_t standard_days(struct span setting)
{
    for (int kind = 0; kind < RETENTION_KIND_COUNT; kind++)
        if (span_equal_text(setting, retention_setting((enum retention_kind)kind)))
            return retention_standard_days((enum retention_kind)kind);
    return 0;
}

static int loss_take(void *context, const struct view_row *row)
{
    struct exchange *exchange = context;

    view_json_object(&exchange->out, row, false);
    return 0;
}

int handle_retention_loss(struct exchange *exchange)
{
    struct parameters parameters;

    parameters_fill(&parameters, exchange);
    parameters_integer(&parameters, "standard", standard_days(exchange_value(exchange, "setting")->text));
    return exchange_read(exchange, VIEW_RETENTION_LOSS, &parameters, loss_take, exchange) < 0 ? -1 : 0;
}
