/* Protection of application data: modes 5 and 7 of the configuration word, and the keys of mode 7 (EN 13757-7 clause 7
 * and 9, OMS Vol. 2 clause 9). The cipher is passed in; nothing here keeps a key. */
#ifndef CODEC_WMBUS_SECURITY_H
#define CODEC_WMBUS_SECURITY_H

#include "base/cipher.h"
#include "codec/wmbus/wmbus_transport.h"

/* The key of one meter (mode 7: its master key), and who computes. */
struct wmbus_secret {
    const struct cipher *cipher; /* never NULL */
    const uint8_t *key;          /* CIPHER_BLOCK_SIZE bytes */
};

/* What a derived key is for: the first byte of the derivation (EN 13757-7 clause 9). */
enum wmbus_key_use {
    WMBUS_KEY_ENCRYPTION_METER = 0x00,
    WMBUS_KEY_MAC_METER = 0x01,
    WMBUS_KEY_ENCRYPTION_PARTNER = 0x10, /* of messages to the meter */
    WMBUS_KEY_MAC_PARTNER = 0x11
};

/* KDF-A: the key of one message.
 * counter  message counter of the AFL
 * meter    its number goes in
 * out      the caller wipes it (cipher_wipe)
 * returns  0; CODEC_ERR_UNSUPPORTED when the cipher cannot */
int wmbus_key_derive(const struct wmbus_secret *master, enum wmbus_key_use use, uint32_t counter,
                     const struct wmbus_address *meter, uint8_t out[CIPHER_BLOCK_SIZE]);

/* The initial vector of mode 5: address, access number eight times. */
void wmbus_initial_vector(const struct wmbus_address *meter, uint8_t access_number, uint8_t out[CIPHER_BLOCK_SIZE]);

/* How many bytes at the front of the body are encrypted in modes 5 and 7: the blocks of the configuration word, all
 * whole blocks when mode 5 says none. May be more than the body has. */
size_t wmbus_sealed_size(const struct wmbus_transport *layer);

/* Decrypted bodies begin with two fillers: the proof of the key. */
bool wmbus_plain_check(struct span body);

/* Decrypt `sealed`, after looking into its first block.
 * initial  the initial vector, zero in mode 7
 * sealed   whole blocks, at least one
 * out      sealed.size bytes, may be the same buffer; untouched on failure
 * returns  0; CODEC_ERR_KEY: does not begin with 2F2F; CODEC_ERR_UNSUPPORTED when the cipher cannot */
int wmbus_seal_open(const struct wmbus_secret *secret, const uint8_t initial[CIPHER_BLOCK_SIZE], struct span sealed,
                    uint8_t *out);

/* Encrypt whole blocks that begin with 2F2F; the same bounds.
 * returns  0; CODEC_ERR_UNSUPPORTED */
int wmbus_seal_close(const struct wmbus_secret *secret, const uint8_t initial[CIPHER_BLOCK_SIZE], struct span plain,
                     uint8_t *out);

#endif
