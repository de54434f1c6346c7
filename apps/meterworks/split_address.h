/* Addresses as they are written on command lines, cut up in place. */
#ifndef APPS_METERWORKS_SPLIT_ADDRESS_H
#define APPS_METERWORKS_SPLIT_ADDRESS_H

#include <stddef.h>
#include <stdint.h>

#define ADDRESSES_SIZE 512 /* bytes of a list */

/* "127.0.0.1:8080", "[::1]:8080", "8080" or ":8080" for all addresses (*address NULL).
 * returns  0; -1 when it is none of these */
int http_address_split(char *text, const char **address, uint16_t *port);

/* "A,B" becomes the addresses.
 * returns  their number; 0 when there are more than `limit` */
size_t addresses_split(char *text, const char **addresses, size_t limit);

#endif
