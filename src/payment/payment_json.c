#include "payment/payment_internal.h"

#include "base/text.h"

#include <stdlib.h>

const char *payment_json_text(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text != NULL ? text : "";
}

int payment_json_copy(const json_t *object, const char *name, char *out, size_t capacity)
{
    return payment_value_copy(payment_json_text(object, name), out, capacity);
}

json_t *payment_json_read(struct span bytes)
{
    json_t *value;

    if (bytes.size == 0 || bytes.size > PAYMENT_MESSAGE_LIMIT)
        return NULL;
    value = json_loadb((const char *)bytes.bytes, bytes.size, JSON_REJECT_DUPLICATES, NULL);
    if (json_is_object(value))
        return value;
    json_decref(value);
    return NULL;
}

int payment_json_write(json_t *object, char *out, size_t capacity)
{
    char *text = object != NULL ? json_dumps(object, JSON_COMPACT) : NULL;
    int size;

    json_decref(object);
    if (text == NULL)
        return PAYMENT_ERR_MEMORY;
    size = text_copy(span_of_text(text), out, capacity);
    free(text);
    return size < 0 ? PAYMENT_ERR_LONG : size;
}
