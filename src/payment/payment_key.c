/* Keys and certificates out of PEM text. */
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <string.h>

#include "base/text.h"
#include "payment/payment_internal.h"

#define RSA_BITS_MINIMUM 2048
#define RSA_BITS_MAXIMUM 4096

static BIO *bio_of(struct span pem)
{
    return pem.size > 0 && pem.size <= INT32_MAX ? BIO_new_mem_buf(pem.bytes, (int)pem.size) : NULL;
}

static bool key_is_usable(const EVP_PKEY *key)
{
    return key != NULL && EVP_PKEY_is_a(key, "RSA") && EVP_PKEY_get_bits(key) >= RSA_BITS_MINIMUM &&
           EVP_PKEY_get_bits(key) <= RSA_BITS_MAXIMUM;
}

/* Never asks a terminal for the password of an encrypted key. */
static int password_refuse(char *buffer, int size, int writing, void *context)
{
    (void)buffer;
    (void)size;
    (void)writing;
    (void)context;
    return -1;
}

EVP_PKEY *payment_private_key_read(struct span pem)
{
    BIO *bio = bio_of(pem);
    EVP_PKEY *key = bio != NULL ? PEM_read_bio_PrivateKey(bio, NULL, password_refuse, NULL) : NULL;

    BIO_free(bio);
    ERR_clear_error();
    if (key_is_usable(key))
        return key;
    EVP_PKEY_free(key);
    return NULL;
}

X509 *payment_certificate_read(struct span pem)
{
    BIO *bio = bio_of(pem);
    X509 *certificate = bio != NULL ? PEM_read_bio_X509(bio, NULL, password_refuse, NULL) : NULL;

    BIO_free(bio);
    ERR_clear_error();
    return certificate;
}

static EVP_PKEY *bare_key_read(struct span pem)
{
    BIO *bio = bio_of(pem);
    EVP_PKEY *key = bio != NULL ? PEM_read_bio_PUBKEY(bio, NULL, password_refuse, NULL) : NULL;

    BIO_free(bio);
    ERR_clear_error();
    return key;
}

int payment_public_key_read(struct span pem, struct payment_channel_key *out)
{
    X509 *certificate = payment_certificate_read(pem);
    EVP_PKEY *key = certificate != NULL ? X509_get_pubkey(certificate) : bare_key_read(pem);

    if (!key_is_usable(key)) {
        EVP_PKEY_free(key);
        X509_free(certificate);
        return PAYMENT_ERR_KEY;
    }
    out->key = key;
    out->certificate = certificate;
    return 0;
}

bool payment_key_holds(const struct payment_channel_key *key, int64_t now_s)
{
    time_t now = (time_t)now_s;

    return key->certificate == NULL || X509_cmp_time(X509_get0_notAfter(key->certificate), &now) > 0;
}

static int serial_write(const X509 *certificate, char *(*write)(const BIGNUM *), char serial[PAYMENT_SERIAL_SIZE])
{
    BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), NULL);
    char *text = number != NULL ? write(number) : NULL;
    int size = text != NULL ? text_copy(span_of_text(text), serial, PAYMENT_SERIAL_SIZE) : -1;

    OPENSSL_free(text);
    BN_free(number);
    return size > 0 ? 0 : PAYMENT_ERR_KEY;
}

int payment_serial_hex(const X509 *certificate, char serial[PAYMENT_SERIAL_SIZE])
{
    return serial_write(certificate, BN_bn2hex, serial);
}

int payment_serial_decimal(const X509 *certificate, char serial[PAYMENT_SERIAL_SIZE])
{
    return serial_write(certificate, BN_bn2dec, serial);
}
