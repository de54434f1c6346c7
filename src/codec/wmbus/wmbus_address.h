/* Who a wireless M-Bus telegram is about: manufacturer, number, version and type, as in the link layer, the extended
 * link layer and the long header (EN 13757-4 clause 11, EN 13757-7 clause 7). The letters are given out by the FLAG
 * association. */
#ifndef CODEC_WMBUS_ADDRESS_H
#define CODEC_WMBUS_ADDRESS_H

#include "base/span.h"

#define WMBUS_ADDRESS_SIZE 8
#define WMBUS_MANUFACTURER_TEXT_SIZE 4 /* three letters and a zero */
#define WMBUS_NUMBER_TEXT_SIZE 9       /* eight digits and a zero */

/* In the order of the link layer, which is also that of the initial vectors: manufacturer (2), number as BCD with the
 * low pair first (4), version, type. */
struct wmbus_address {
    uint8_t bytes[WMBUS_ADDRESS_SIZE];
};

/* From WMBUS_ADDRESS_SIZE bytes in the link layer's order. */
struct wmbus_address wmbus_address_of_link(const uint8_t *bytes);

/* From WMBUS_ADDRESS_SIZE bytes in the order of the long header: number, manufacturer, version, type. */
struct wmbus_address wmbus_address_of_header(const uint8_t *bytes);

/* The same, back into the order of the long header. */
void wmbus_address_header_write(const struct wmbus_address *address, uint8_t out[WMBUS_ADDRESS_SIZE]);

/* Three letters of five bits each, as registered with FLAG ("KAM"). Bit 15, which some radio converters set to say that
 * the number is not unique in the world, is left out; see wmbus_address_is_soft(). A value beyond Z gives the ASCII
 * character behind it. */
void wmbus_address_manufacturer_text(const struct wmbus_address *address, char out[WMBUS_MANUFACTURER_TEXT_SIZE]);

/* All three are letters A to Z. */
bool wmbus_address_manufacturer_check(const struct wmbus_address *address);

/* Bit 15 of the manufacturer is set. */
bool wmbus_address_is_soft(const struct wmbus_address *address);

/* Eight digits as printed on the meter; nibbles above 9, which some makers use, as letters. */
void wmbus_address_number_text(const struct wmbus_address *address, char out[WMBUS_NUMBER_TEXT_SIZE]);

uint8_t wmbus_address_version(const struct wmbus_address *address);

/* The kind of device, "medium": wmbus_device_type.h. */
uint8_t wmbus_address_type(const struct wmbus_address *address);

/* Make an address.
 * manufacturer  three letters A to Z
 * number        up to eight digits (or letters A to F)
 * returns       0; CODEC_ERR_FORMAT, CODEC_ERR_TOO_LONG (nothing written) */
int wmbus_address_make(const char *manufacturer, const char *number, uint8_t version, uint8_t type,
                       struct wmbus_address *out);

#endif
