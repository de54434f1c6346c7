#include "security/cipher_openssl.h"

#include <limits.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "security/security_error.h"

static bool blocks_run(EVP_CIPHER_CTX *run, const EVP_CIPHER *cipher, const uint8_t *key, const uint8_t *initial,
                       bool is_encrypting, struct span in, uint8_t *out)
{
    int written = 0;
    int rest = 0;

    return EVP_CipherInit_ex(run, cipher, NULL, key, initial, is_encrypting) == 1 &&
           EVP_CIPHER_CTX_set_padding(run, 0) == 1 &&
           EVP_CipherUpdate(run, out, &written, in.bytes, (int)in.size) == 1 &&
           EVP_CipherFinal_ex(run, out + written, &rest) == 1 && (size_t)(written + rest) == in.size;
}

static int blocks_process(const EVP_CIPHER *cipher, const uint8_t *key, const uint8_t *initial, bool is_encrypting,
                          struct span in, uint8_t *out)
{
    if (in.size == 0)
        return 0;
    if (in.size > INT_MAX)
        return SECURITY_ERR_CRYPTOGRAPHY;
    EVP_CIPHER_CTX *run = EVP_CIPHER_CTX_new();
    if (run == NULL)
        return SECURITY_ERR_CRYPTOGRAPHY;
    bool is_done = blocks_run(run, cipher, key, initial, is_encrypting, in, out);
    EVP_CIPHER_CTX_free(run);
    return is_done ? 0 : SECURITY_ERR_CRYPTOGRAPHY;
}

static int cbc_encrypt(void *context, enum cipher_algorithm algorithm, const uint8_t key[CIPHER_BLOCK_SIZE],
                       const uint8_t initial[CIPHER_BLOCK_SIZE], struct span in, uint8_t *out)
{
    (void)context;
    return blocks_process(algorithm == CIPHER_SM4 ? EVP_sm4_cbc() : EVP_aes_128_cbc(), key, initial, true, in, out);
}

static int cbc_decrypt(void *context, enum cipher_algorithm algorithm, const uint8_t key[CIPHER_BLOCK_SIZE],
                       const uint8_t initial[CIPHER_BLOCK_SIZE], struct span in, uint8_t *out)
{
    (void)context;
    return blocks_process(algorithm == CIPHER_SM4 ? EVP_sm4_cbc() : EVP_aes_128_cbc(), key, initial, false, in, out);
}

static int counter(void *context, enum cipher_algorithm algorithm, const uint8_t key[CIPHER_BLOCK_SIZE],
                   const uint8_t block[CIPHER_BLOCK_SIZE], struct span in, uint8_t *out)
{
    (void)context;
    return blocks_process(algorithm == CIPHER_SM4 ? EVP_sm4_ctr() : EVP_aes_128_ctr(), key, block, true, in, out);
}

static bool cmac_run(EVP_MAC_CTX *run, const uint8_t *key, const OSSL_PARAM *parameters, const struct span *parts,
                     size_t part_count, uint8_t *out)
{
    size_t written = 0;

    if (EVP_MAC_init(run, key, CIPHER_BLOCK_SIZE, parameters) != 1)
        return false;
    for (size_t i = 0; i < part_count; i++)
        if (parts[i].size > 0 && EVP_MAC_update(run, parts[i].bytes, parts[i].size) != 1)
            return false;
    return EVP_MAC_final(run, out, &written, CIPHER_BLOCK_SIZE) == 1 && written == CIPHER_BLOCK_SIZE;
}

static int cmac(void *context, enum cipher_algorithm algorithm, const uint8_t key[CIPHER_BLOCK_SIZE],
                const struct span *parts, size_t part_count, uint8_t out[CIPHER_BLOCK_SIZE])
{
    char aes[] = "AES-128-CBC";
    char sm4[] = "SM4-CBC";
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, algorithm == CIPHER_SM4 ? sm4 : aes, 0),
        OSSL_PARAM_construct_end(),
    };
    bool is_done = false;

    (void)context;
    EVP_MAC *algorithm_of_mac = EVP_MAC_fetch(NULL, "CMAC", NULL);
    EVP_MAC_CTX *run = algorithm_of_mac == NULL ? NULL : EVP_MAC_CTX_new(algorithm_of_mac);
    if (run != NULL)
        is_done = cmac_run(run, key, parameters, parts, part_count, out);
    EVP_MAC_CTX_free(run);
    EVP_MAC_free(algorithm_of_mac);
    return is_done ? 0 : SECURITY_ERR_CRYPTOGRAPHY;
}

const struct cipher *cipher_openssl(void)
{
    static const struct cipher openssl = { NULL, cbc_encrypt, cbc_decrypt, counter, cmac };
    return &openssl;
}
