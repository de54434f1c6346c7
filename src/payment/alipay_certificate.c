/* Alipay's certificate mode: certificates are named by an MD5 over their issuer and serial number. */
#include "payment/alipay.h"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/pem.h>

#include "base/text.h"

#define NAME_TEXT_SIZE 1024

int payment_alipay_certificate_name(const X509 *certificate, char name[PAYMENT_SERIAL_SIZE])
{
    char serial[PAYMENT_SERIAL_SIZE];
    char text[NAME_TEXT_SIZE];
    char hex[65];
    BIO *bio = BIO_new(BIO_s_mem());
    int size = -1;

    /* As RFC 2253 writes names, but UTF-8 stays as it is. */
    if (bio != NULL && payment_serial_decimal(certificate, serial) == 0 &&
        X509_NAME_print_ex(bio, X509_get_issuer_name(certificate), 0,
                           XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) >= 0 &&
        BIO_puts(bio, serial) > 0)
        size = BIO_read(bio, text, sizeof text);
    BIO_free(bio);
    ERR_clear_error();
    if (size <= 0 || (size_t)size == sizeof text || payment_md5_hex(span_of_bytes(text, (size_t)size), hex) < 0)
        return PAYMENT_ERR_KEY;
    return text_copy(span_of_text(hex), name, PAYMENT_SERIAL_SIZE) < 0 ? PAYMENT_ERR_KEY : 0;
}

static bool is_signed_by_rsa(const X509 *certificate)
{
    int key_kind = NID_undef;

    return OBJ_find_sigid_algs(X509_get_signature_nid(certificate), NULL, &key_kind) == 1 &&
           key_kind == NID_rsaEncryption;
}

int payment_alipay_root_name(struct span pem, char *name, size_t capacity)
{
    struct writer writer = writer_of_buffer(name, capacity);
    BIO *bio = pem.size <= INT32_MAX ? BIO_new_mem_buf(pem.bytes, (int)pem.size) : NULL;
    X509 *certificate;
    int error = 0;

    while (error == 0 && bio != NULL && (certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL) {
        char one[PAYMENT_SERIAL_SIZE];
        if (is_signed_by_rsa(certificate)) {
            error = payment_alipay_certificate_name(certificate, one);
            writer_text(&writer, writer.size > 0 ? "_" : "");
            writer_text(&writer, error == 0 ? one : "");
        }
        X509_free(certificate);
    }
    BIO_free(bio);
    ERR_clear_error();
    (void)writer_terminate(&writer);
    return error < 0 || writer_result(&writer) <= 0 ? PAYMENT_ERR_KEY : 0;
}
