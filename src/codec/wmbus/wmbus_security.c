#include "codec/wmbus/wmbus_security.h"

#include <string.h>

#include "codec/codec_error.h"

#define FILLER 0x2f
#define DERIVATION_PADDING 0x07 /* EN 13757-7 clause 9, KDF-A: seven bytes of it fill the block */
#define NUMBER_AT 2
#define NUMBER_SIZE 4

int wmbus_key_derive(const struct wmbus_secret *master, enum wmbus_key_use use, uint32_t counter,
                     const struct wmbus_address *meter, uint8_t out[CIPHER_BLOCK_SIZE])
{
    uint8_t block[CIPHER_BLOCK_SIZE];
    const struct span part = { block, sizeof block };

    memset(block, DERIVATION_PADDING, sizeof block);
    block[0] = (uint8_t)use;
    for (unsigned i = 0; i < 4; i++)
        block[1 + i] = (uint8_t)(counter >> 8 * i);
    memcpy(block + 5, meter->bytes + NUMBER_AT, NUMBER_SIZE);
    return master->cipher->cmac(master->cipher->context, CIPHER_AES128, master->key, &part, 1, out) == 0
               ? 0
               : CODEC_ERR_UNSUPPORTED;
}

void wmbus_initial_vector(const struct wmbus_address *meter, uint8_t access_number, uint8_t out[CIPHER_BLOCK_SIZE])
{
    memcpy(out, meter->bytes, WMBUS_ADDRESS_SIZE);
    memset(out + WMBUS_ADDRESS_SIZE, access_number, CIPHER_BLOCK_SIZE - WMBUS_ADDRESS_SIZE);
}

size_t wmbus_sealed_size(const struct wmbus_transport *layer)
{
    unsigned blocks = wmbus_transport_blocks(layer);

    if (blocks == 0 && wmbus_transport_mode(layer) == WMBUS_MODE_CBC_INITIAL)
        return layer->body.size / CIPHER_BLOCK_SIZE * CIPHER_BLOCK_SIZE;
    return blocks * (size_t)CIPHER_BLOCK_SIZE;
}

bool wmbus_plain_check(struct span body)
{
    return body.size >= 2 && body.bytes[0] == FILLER && body.bytes[1] == FILLER;
}

static int decrypt(const struct wmbus_secret *secret, const uint8_t initial[CIPHER_BLOCK_SIZE], struct span sealed,
                   uint8_t *out)
{
    const struct cipher *cipher = secret->cipher;
    return cipher->cbc_decrypt(cipher->context, CIPHER_AES128, secret->key, initial, sealed, out) == 0
               ? 0
               : CODEC_ERR_UNSUPPORTED;
}

int wmbus_seal_open(const struct wmbus_secret *secret, const uint8_t initial[CIPHER_BLOCK_SIZE], struct span sealed,
                    uint8_t *out)
{
    uint8_t first[CIPHER_BLOCK_SIZE];
    int result = decrypt(secret, initial, span_of_bytes(sealed.bytes, sizeof first), first);

    if (result < 0)
        return result;
    if (!wmbus_plain_check(span_of_bytes(first, sizeof first)))
        return CODEC_ERR_KEY;
    return decrypt(secret, initial, sealed, out);
}

int wmbus_seal_close(const struct wmbus_secret *secret, const uint8_t initial[CIPHER_BLOCK_SIZE], struct span plain,
                     uint8_t *out)
{
    const struct cipher *cipher = secret->cipher;
    return cipher->cbc_encrypt(cipher->context, CIPHER_AES128, secret->key, initial, plain, out) == 0
               ? 0
               : CODEC_ERR_UNSUPPORTED;
}
