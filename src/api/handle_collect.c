/* Reading tasks, and the completeness of many days by building, concentrator or maker. */
#include <stdlib.h>

#include "api/handlers.h"
#include "api/route.h"
#include "api/view_json.h"

/* "[1,22,333]" as field.c left it: numbers only, and no more than the list holds. */
static void device_list_read(struct span text, struct core_device_list *out)
{
    uint32_t number = 0;

    for (size_t i = 0; i < text.size; i++) {
        uint8_t byte = text.bytes[i];
        if (byte >= '0' && byte <= '9') {
            number = number * 10 + (uint32_t)(byte - '0');
        } else if (number > 0 && out->count < CORE_DEVICE_LIST_LIMIT) {
            out->ids[out->count++] = number;
            number = 0;
        }
    }
}

int device_list_prepare(struct exchange *exchange, void *request)
{
    const struct field_value *value = exchange_value(exchange, "device_ids");
    struct core_device_list *list = exchange->route->operation == CORE_READING_TASK_CREATE
                                        ? &((struct core_reading_task *)request)->devices
                                        : &((struct core_reading_plan *)request)->devices;

    if (value != NULL)
        device_list_read(value->text, list);
    return 0;
}

static void reach_write(struct json_writer *out, const struct core_reach *reach)
{
    json_put_key(out, "reach");
    json_object_begin(out);
    json_put_key_integer(out, "total", reach->total);
    json_put_key_integer(out, "now", reach->now);
    json_put_key_integer(out, "offline", reach->offline);
    json_put_key_integer(out, "asleep", reach->asleep);
    json_put_key_integer(out, "unreachable", reach->unreachable);
    json_object_end(out);
}

static int members_take(void *context, const struct view_row *row)
{
    struct exchange *exchange = context;

    view_json_members(&exchange->out, row, exchange_may(exchange, PERMISSION_PEOPLE_REVEAL));
    return exchange->out.failed ? -1 : 1;
}

static int task_answer(struct exchange *exchange, const struct core_reading_task *request, const struct core_reply *reply)
{
    struct parameters parameters;

    json_object_begin(&exchange->out);
    if (!request->preview) {
        exchange->status = 201;
        exchange->object_id = reply->object_id;
        parameters_fill(&parameters, exchange);
        if (exchange_read(exchange, VIEW_READING_TASK, &parameters, members_take, exchange) < 0)
            return -1;
    }
    reach_write(&exchange->out, &reply->reach);
    json_object_end(&exchange->out);
    return 0;
}

int handle_reading_task(struct exchange *exchange)
{
    const struct api_route *route = exchange->route;
    struct core_reply reply;
    struct core_reading_task *request = calloc(1, sizeof *request);

    if (request == NULL)
        return exchange_refuse_api(exchange, API_ERR_MEMORY);
    request->head.object_id = exchange->object_id;
    fields_copy(route->fields, route->field_count, exchange->values, request, &request->head.present);
    int result = route->prepare != NULL ? route->prepare(exchange, request) : 0;
    if (result == 0)
        result = exchange_core(exchange, route->operation, &request->head, &reply);
    if (result == 0)
        result = task_answer(exchange, request, &reply);
    free(request);
    return result;
}
