#include "api/district.h"

#include <string.h>

static bool is_of_key(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '-';
}

bool district_key_is_good(struct span key)
{
    if (key.size == 0 || key.size >= DISTRICT_KEY_SIZE)
        return false;
    for (size_t i = 0; i < key.size; i++)
        if (!is_of_key(key.bytes[i]))
            return false;
    return true;
}

const char *district_target(const struct district_list *list, const char *target, char *prefix)
{
    size_t lead = sizeof DISTRICT_PREFIX - 1;

    prefix[0] = '\0';
    if (strncmp(target, DISTRICT_PREFIX, lead) != 0)
        return target;
    size_t size = strcspn(target + lead, "/?");
    if (list->count == 0 || !span_equal_text(span_of_bytes(target + lead, size), list->rows[list->own].key))
        return NULL;
    memcpy(prefix, target, lead + size);
    prefix[lead + size] = '\0';
    return target[lead + size] == '/' ? target + lead + size : "/";
}
