#include "apps/meterworks/split_address.h"

#include <stdlib.h>
#include <string.h>

int http_address_split(char *text, const char **address, uint16_t *port)
{
    char *colon = strrchr(text, ':');
    const char *digits = colon != NULL ? colon + 1 : text;
    char *end = NULL;
    long number = strtol(digits, &end, 10);

    if (end == digits || *end != '\0' || number < 0 || number > 65535)
        return -1;
    *port = (uint16_t)number;
    *address = NULL;
    if (colon == NULL || colon == text)
        return 0;
    *colon = '\0';
    if (text[0] == '[' && colon[-1] == ']') {
        colon[-1] = '\0';
        text++;
    }
    *address = text;
    return 0;
}

size_t addresses_split(char *text, const char **addresses, size_t limit)
{
    size_t count = 0;
    char *rest = NULL;

    for (char *address = strtok_r(text, ",", &rest); address != NULL; address = strtok_r(NULL, ",", &rest)) {
        if (count == limit)
            return 0;
        addresses[count++] = address;
    }
    return count;
}
