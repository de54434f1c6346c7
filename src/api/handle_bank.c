/* A bank's statement, sent as the bank wrote it. */
#include "api/bank_port.h"
#include "api/handlers.h"
#include "api/route.h"

int handle_bank_statement(struct exchange *exchange)
{
    struct core_bank_check asked = { .bytes = exchange->body.bytes, .size = exchange->body.size };
    struct core_reply reply;

    fields_copy(exchange->route->fields, exchange->route->field_count, exchange->values, &asked, &asked.head.present);
    if (exchange_core(exchange, exchange->route->operation, &asked.head, &reply) != 0)
        return -1;
    exchange->object_id = reply.object_id;
    if (handle_document(exchange) != 0)
        return -1;
    exchange->status = 201;
    return 0;
}
