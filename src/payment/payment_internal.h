/* Shared by the files of this room only. */
#ifndef PAYMENT_PAYMENT_INTERNAL_H
#define PAYMENT_PAYMENT_INTERNAL_H

#include <jansson.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/writer.h"
#include "payment/payment_channel.h"

#define PAYMENT_SETTING_SIZE 256
#define PAYMENT_SERIAL_SIZE 96
#define PAYMENT_SIGNATURE_SIZE 1024  /* base64 of an RSA signature of at most 4096 bits, and a zero */
#define PAYMENT_SIGNED_SIZE 16384    /* text that is signed by us */
#define PAYMENT_MESSAGE_LIMIT (1u << 20) /* bytes of an answer or callback that are looked at */

struct payment_channel_key {
    EVP_PKEY *key;
    X509 *certificate;               /* NULL: a bare public key */
    char serial[PAYMENT_SERIAL_SIZE];
};

struct payment_channel {
    const struct payment_channel_kind *kind;
    EVP_PKEY *private_key;
    struct payment_channel_key keys[PAYMENT_KEY_LIMIT];
    size_t key_count;
    char base_url[PAYMENT_SETTING_SIZE];
    char bill_url[PAYMENT_SETTING_SIZE];
    char notify_url[PAYMENT_SETTING_SIZE];
    char return_url[PAYMENT_SETTING_SIZE];
    char merchant_id[PAYMENT_SETTING_SIZE];
    char application_id[PAYMENT_SETTING_SIZE];
    char signer_name[PAYMENT_SETTING_SIZE];
    char login_secret[PAYMENT_SETTING_SIZE];      /* of payer.h; "": nobody is asked who pays */
    char authorize_url[PAYMENT_SETTING_SIZE];
    char identity_url[PAYMENT_SETTING_SIZE];
    char certificate_serial[PAYMENT_SERIAL_SIZE]; /* hex for WeChat, decimal for UnionPay, MD5 for Alipay; "" none */
    char root_serial[PAYMENT_SETTING_SIZE * 4];   /* Alipay's alipay_root_cert_sn; "" none */
    uint8_t cipher_key[32];
    int32_t zone_offset_s;
};

typedef int payment_request_function(const struct payment_channel *channel, const struct payment_moment *moment,
                                     const struct payment_matter *matter, struct payment_request *out);
typedef int payment_answer_function(const struct payment_channel *channel, const struct payment_moment *moment,
                                    const struct payment_matter *matter, const struct payment_message *message,
                                    struct payment_outcome *out);
typedef int payment_notice_function(const struct payment_channel *channel, const struct payment_moment *moment,
                                    const struct payment_message *message, struct payment_outcome *out);

/* The whole outcome, or of a failure only the channel's word for it. Gives `error` back. */
int payment_outcome_give(int error, const struct payment_outcome *outcome, struct payment_outcome *out);

/* payment_crypto.c: RSASSA-PKCS1-v1_5 with SHA-256, base64 in one line. 0; PAYMENT_ERR_KEY */
int payment_rsa_sign(EVP_PKEY *key, struct span text, char signature[PAYMENT_SIGNATURE_SIZE]);
/* 0; PAYMENT_ERR_SIGNATURE */
int payment_rsa_verify(EVP_PKEY *key, struct span text, struct span signature);
/* Strict base64 without blanks. Bytes written; PAYMENT_ERR_FORM */
int payment_base64_decode(struct span text, uint8_t *out, size_t capacity);
/* Lower-case hex of a digest, zero-terminated: SHA-256 has 64 digits, SHA-1 40. 0; PAYMENT_ERR_KEY */
int payment_sha256_hex(struct span text, char hex[65]);
int payment_sha1_hex(struct span text, char hex[65]);
int payment_md5_hex(struct span text, char hex[65]);
/* AES-256-GCM, the tag behind the ciphertext. Bytes written; PAYMENT_ERR_CIPHER */
int payment_gcm_open(const uint8_t key[32], struct span nonce, struct span additional, struct span sealed, uint8_t *out,
                     size_t capacity);

/* payment_key.c: keys out of PEM. NULL when unreadable. */
EVP_PKEY *payment_private_key_read(struct span pem);
X509 *payment_certificate_read(struct span pem);
/* A public key, or that of a certificate, which is then given too. 0; PAYMENT_ERR_KEY */
int payment_public_key_read(struct span pem, struct payment_channel_key *out);
/* Not by a certificate whose time is over: its private key is guarded no longer. A bare key has no end. */
bool payment_key_holds(const struct payment_channel_key *key, int64_t now_s);
/* Serial number of a certificate. 0; PAYMENT_ERR_KEY */
int payment_serial_hex(const X509 *certificate, char serial[PAYMENT_SERIAL_SIZE]);
int payment_serial_decimal(const X509 *certificate, char serial[PAYMENT_SERIAL_SIZE]);

/* payer.c: what WeChat's channels have of it. 0; PAYMENT_ERR_SETTING: one is too long */
int payment_payer_prepare(struct payment_channel *channel, const struct payment_channel_config *config);

/* payment_json.c: text of a member; "" when it is missing or no text. Lives as long as the object. */
const char *payment_json_text(const json_t *object, const char *name);
/* Copies it. 0; PAYMENT_ERR_FORM when it is longer than the room for it */
int payment_json_copy(const json_t *object, const char *name, char *out, size_t capacity);
/* An object out of bytes: bounded, whole, without duplicate names. NULL when it is none. The caller releases it. */
json_t *payment_json_read(struct span bytes);
/* Compact text of `object`, which is released. Characters; PAYMENT_ERR_LONG, _MEMORY (also of NULL) */
int payment_json_write(json_t *object, char *out, size_t capacity);

/* payment_fields.c */
#define PAYMENT_FIELD_LIMIT 64

/* Names and values of a form or a request. Values are decoded text, owned by `store`. */
struct payment_fields {
    struct {
        const char *name;
        const char *value;
    } rows[PAYMENT_FIELD_LIMIT];
    size_t count;
    struct writer store;
};

/* Empty fields whose text is copied into `buffer`, which lives as long as they do. */
struct payment_fields payment_fields_of_buffer(char *buffer, size_t capacity);
/* Too many or too long is remembered: payment_fields_whole(). An empty value is left out. */
void payment_fields_add(struct payment_fields *fields, const char *name, const char *value);
void payment_fields_add_integer(struct payment_fields *fields, const char *name, int64_t value);
bool payment_fields_whole(const struct payment_fields *fields);
/* The value of a name; "" when it is not there. */
const char *payment_fields_value(const struct payment_fields *fields, const char *name);
/* application/x-www-form-urlencoded, decoded once; a name twice is refused. 0; PAYMENT_ERR_FORM */
int payment_fields_parse(struct span form, struct payment_fields *fields);
/* In the order of their names' bytes. */
void payment_fields_sort(struct payment_fields *fields);
/* "a=1&b=2" of the sorted fields but for those named in `without` (ends with NULL), as they are. */
void payment_fields_join(const struct payment_fields *fields, const char *const without[], struct writer *out);
/* The same, names and values URL-encoded for sending, nothing left out. */
void payment_fields_encode(const struct payment_fields *fields, struct writer *out);
/* RFC 3986: everything but letters, digits and -._~ as %XX. */
void payment_url_encode(struct span text, struct writer *out);

/* payment_text.c */
/* 8 to 32 letters and digits? */
bool payment_number_permitted(const char *number);
/* "2026-01-15T08:00:00+08:00" */
void payment_time_rfc3339(int64_t at_s, int32_t zone_offset_s, char out[40]);
/* "2026-01-15T08:00:00+08:00", or "2026-01-15 08:00:00" of the channel's zone. 0: it is no such time */
int64_t payment_time_read(const char *text, int32_t zone_offset_s);
/* Local time after a pattern: Y M D h m s stand for digits, everything else for itself. */
void payment_time_format(int64_t at_s, int32_t zone_offset_s, const char *pattern, char *out, size_t capacity);
/* "12", "12.3", "12.34" yuan to fen, at most nine digits before the point. 0; PAYMENT_ERR_AMOUNT */
int payment_yuan_read(struct span text, int64_t *amount_fen);
void payment_yuan_write(int64_t amount_fen, char out[32]);
/* Copy of outside text without control characters, cut to the room, for a code in a log. */
void payment_code_copy(const char *text, char out[PAYMENT_CODE_SIZE]);
/* Copies a value from outside. 0; PAYMENT_ERR_FORM when it does not fit */
int payment_value_copy(const char *text, char *out, size_t capacity);

/* payment_bill.c: lines and cells of a bill file. */
#define PAYMENT_CELL_LIMIT 48
struct payment_cells {
    struct span cells[PAYMENT_CELL_LIMIT]; /* without quotes around and blanks, tabs and back-quotes in front */
    size_t count;
};
/* Takes a line without its end off `rest`; false: nothing is left. */
bool payment_line_take(struct span *rest, struct span *line);
/* 0; PAYMENT_ERR_BILL: too many cells, an open quote */
int payment_cells_split(struct span line, struct payment_cells *out);
/* Which column has this heading; -1. */
int payment_cells_find(const struct payment_cells *cells, const char *heading);
/* The cell, or an empty one beyond the row's end. */
struct span payment_cell(const struct payment_cells *cells, int column);

/* payment_archive.c: every file of a zip archive, unpacked, in order.
 * returns 0; PAYMENT_ERR_BILL, _MEMORY; what `take` answered when that was negative */
int payment_archive_walk(struct span archive, int (*take)(void *taker, struct span name, struct span file), void *taker);
/* zlib data. 0 with *out, to be freed by the caller, and *size; PAYMENT_ERR_BILL, _MEMORY */
int payment_inflate(struct span packed, bool raw, size_t size_limit, uint8_t **out, size_t *size);

/* wechat.c, alipay.c, unionpay.c: what payment_channel_open still has to do for the kind. 0; PAYMENT_ERR_SETTING, _KEY */
int payment_wechat_prepare(struct payment_channel *channel, const struct payment_channel_config *config);
int payment_alipay_prepare(struct payment_channel *channel, const struct payment_channel_config *config);
int payment_unionpay_prepare(struct payment_channel *channel, const struct payment_channel_config *config);

extern const struct payment_channel_kind payment_wechat_kind;
extern const struct payment_channel_kind payment_alipay_kind;
extern const struct payment_channel_kind payment_unionpay_kind;

#endif
