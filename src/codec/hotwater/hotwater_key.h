/* Keys, tags and card IDs of HW-1 (sections 5 to 7). CMAC is CMAC-SM4; nothing here keeps a key.
 *
 *     Kg    one per meter: Kgrant = CMAC(Kg, "HWK1" || grant)               in the app beside its grant
 *     session key = CMAC(Kgrant, "HWS1" || meter number || phone nonce || meter nonce)
 *     Krec  one per meter, known to meter and platform only:
 *           record tag       = first 8 bytes of CMAC(Krec, "HWR1" || meter number || record)
 *           confirmation tag = first 8 bytes of CMAC(Krec, "HWA1" || meter number || last number)
 *
 * Every function returns 0 or an error of the cipher; the checks CODEC_ERR_KEY when the tag is wrong, in constant
 * time. Who asked for a key wipes it (cipher_wipe). */
#ifndef CODEC_HOTWATER_KEY_H
#define CODEC_HOTWATER_KEY_H

#include "base/cipher.h"
#include "codec/hotwater/hotwater_message.h"

/* grant  as on the wire: HOTWATER_GRANT_SIZE or, of a card, HOTWATER_CARD_GRANT_SIZE bytes */
int hotwater_grant_key(const struct cipher *cipher, const uint8_t meter_key[CIPHER_BLOCK_SIZE], struct span grant,
                       uint8_t out[CIPHER_BLOCK_SIZE]);

int hotwater_session_key(const struct cipher *cipher, const uint8_t grant_key[CIPHER_BLOCK_SIZE],
                         const uint8_t meter[HOTWATER_METER_SIZE], const uint8_t phone_nonce[HOTWATER_NONCE_SIZE],
                         const uint8_t meter_nonce[HOTWATER_NONCE_SIZE], uint8_t out[CIPHER_BLOCK_SIZE]);

/* record  as on the wire, HOTWATER_RECORD_SIZE bytes */
int hotwater_record_tag(const struct cipher *cipher, const uint8_t record_key[CIPHER_BLOCK_SIZE],
                        const uint8_t meter[HOTWATER_METER_SIZE], struct span record, uint8_t out[HOTWATER_TAG_SIZE]);
int hotwater_record_check(const struct cipher *cipher, const uint8_t record_key[CIPHER_BLOCK_SIZE],
                          const uint8_t meter[HOTWATER_METER_SIZE], struct span tagged_record);

int hotwater_confirmation_tag(const struct cipher *cipher, const uint8_t record_key[CIPHER_BLOCK_SIZE],
                              const uint8_t meter[HOTWATER_METER_SIZE], uint32_t last_number,
                              uint8_t out[HOTWATER_TAG_SIZE]);
int hotwater_confirmation_check(const struct cipher *cipher, const uint8_t record_key[CIPHER_BLOCK_SIZE],
                                const uint8_t meter[HOTWATER_METER_SIZE],
                                const struct hotwater_confirmation *confirmation);

/* The card ID of a UID: its length, 4 or 7 bytes, zeros. A UID of 10 bytes is cut to 7 by CMAC under a key of zeros, so
 * that it is the same on every meter (our reading: the profile names no key).
 * returns  also CODEC_ERR_RANGE for another length */
int hotwater_card_id(const struct cipher *cipher, struct span uid, uint8_t out[HOTWATER_CARD_SIZE]);

#endif
