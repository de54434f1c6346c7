#include "api/handlers.h"

static void stranger_write(struct json_writer *out, const struct api_stranger *stranger)
{
    json_object_begin(out);
    json_put_key_text(out, "address", stranger->address);
    json_put_key_text(out, "peer", stranger->peer);
    json_put_key_boolean(out, "is_concentrator", stranger->is_concentrator);
    json_put_key_integer(out, "count", stranger->count);
    json_put_key_integer(out, "first_s", stranger->first_s);
    json_put_key_integer(out, "at_s", stranger->at_s);
    json_object_end(out);
}

int handle_strangers(struct exchange *exchange)
{
    const struct api_strangers *port = &exchange->config->strangers;
    struct api_stranger strangers[API_STRANGER_LIMIT];
    size_t count = port->read != NULL ? port->read(port->context, strangers) : 0;

    json_object_begin(&exchange->out);
    json_put_key(&exchange->out, "items");
    json_array_begin(&exchange->out);
    for (size_t i = 0; i < count; i++)
        stranger_write(&exchange->out, &strangers[i]);
    json_array_end(&exchange->out);
    json_put_key_integer(&exchange->out, "count", (int64_t)count);
    json_object_end(&exchange->out);
    return 0;
}
