/* The QR text on a hot-water meter (HW-1 section 8):
 *
 *     https://<operator host>/hw/<12 digits>-<2 check digits>
 *
 * Check digits by ISO 7064 MOD 97-10 over the meter number. */
#ifndef CODEC_HOTWATER_CODE_H
#define CODEC_HOTWATER_CODE_H

#include "codec/hotwater/hotwater_message.h"

#define HOTWATER_HOST_LIMIT 253 /* characters of a host with its port */

/* 98 - (number * 100 mod 97): 2 to 98.
 * returns  the check digits; CODEC_ERR_RANGE when a digit is above 9 */
int hotwater_check_digits(const uint8_t meter[HOTWATER_METER_SIZE]);

/* Write the text, not zero-terminated.
 * host     letters, digits, '-', '.', ':' (before a port)
 * returns  0; CODEC_ERR_RANGE (number or host); CODEC_ERR_FULL */
int hotwater_code_write(struct span host, const uint8_t meter[HOTWATER_METER_SIZE], struct writer *out);

/* Read it.
 * host     written on success only, may be NULL; points into the text
 * returns  0; CODEC_ERR_FORMAT; CODEC_ERR_CHECKSUM for wrong check digits */
int hotwater_code_read(struct span text, uint8_t meter[HOTWATER_METER_SIZE], struct span *host);

#endif
