#include "codec/wmbus/wmbus_address.h"

#include <string.h>

#include "codec/bcd/bcd.h"
#include "codec/codec_error.h"

#define NUMBER_AT 2
#define NUMBER_SIZE 4
#define VERSION_AT 6
#define TYPE_AT 7
#define LETTERS 3
#define LETTER_BASE 64 /* one before 'A' */

struct wmbus_address wmbus_address_of_link(const uint8_t *bytes)
{
    struct wmbus_address address;
    memcpy(address.bytes, bytes, sizeof address.bytes);
    return address;
}

struct wmbus_address wmbus_address_of_header(const uint8_t *bytes)
{
    struct wmbus_address address;
    memcpy(address.bytes, bytes + NUMBER_SIZE, NUMBER_AT);
    memcpy(address.bytes + NUMBER_AT, bytes, NUMBER_SIZE);
    memcpy(address.bytes + VERSION_AT, bytes + VERSION_AT, 2);
    return address;
}

void wmbus_address_header_write(const struct wmbus_address *address, uint8_t out[WMBUS_ADDRESS_SIZE])
{
    memcpy(out, address->bytes + NUMBER_AT, NUMBER_SIZE);
    memcpy(out + NUMBER_SIZE, address->bytes, NUMBER_AT);
    memcpy(out + VERSION_AT, address->bytes + VERSION_AT, 2);
}

void wmbus_address_manufacturer_text(const struct wmbus_address *address, char out[WMBUS_MANUFACTURER_TEXT_SIZE])
{
    unsigned code = address->bytes[0] | (unsigned)address->bytes[1] << 8;

    for (unsigned i = 0; i < LETTERS; i++)
        out[i] = (char)(LETTER_BASE + (code >> 5 * (LETTERS - 1 - i) & 31));
    out[LETTERS] = '\0';
}

bool wmbus_address_manufacturer_check(const struct wmbus_address *address)
{
    char text[WMBUS_MANUFACTURER_TEXT_SIZE];
    bool is_letters = true;

    wmbus_address_manufacturer_text(address, text);
    for (unsigned i = 0; i < LETTERS; i++)
        is_letters = is_letters && text[i] >= 'A' && text[i] <= 'Z';
    return is_letters;
}

bool wmbus_address_is_soft(const struct wmbus_address *address)
{
    return (address->bytes[1] & 0x80) != 0;
}

void wmbus_address_number_text(const struct wmbus_address *address, char out[WMBUS_NUMBER_TEXT_SIZE])
{
    bcd_text(span_of_bytes(address->bytes + NUMBER_AT, NUMBER_SIZE), out);
}

uint8_t wmbus_address_version(const struct wmbus_address *address)
{
    return address->bytes[VERSION_AT];
}

uint8_t wmbus_address_type(const struct wmbus_address *address)
{
    return address->bytes[TYPE_AT];
}

int wmbus_address_make(const char *manufacturer, const char *number, uint8_t version, uint8_t type,
                       struct wmbus_address *out)
{
    struct wmbus_address address;
    unsigned code = 0;

    if (strlen(manufacturer) != LETTERS)
        return CODEC_ERR_FORMAT;
    for (unsigned i = 0; i < LETTERS; i++) {
        if (manufacturer[i] < 'A' || manufacturer[i] > 'Z')
            return CODEC_ERR_FORMAT;
        code = code << 5 | (unsigned)(manufacturer[i] - LETTER_BASE);
    }
    int result = bcd_text_read(span_of_text(number), address.bytes + NUMBER_AT, NUMBER_SIZE);
    if (result < 0)
        return result;
    address.bytes[0] = (uint8_t)code;
    address.bytes[1] = (uint8_t)(code >> 8);
    address.bytes[VERSION_AT] = version;
    address.bytes[TYPE_AT] = type;
    *out = address;
    return 0;
}
