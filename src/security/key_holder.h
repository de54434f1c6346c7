/* Holds the master key and does key operations, nothing else: the key itself never leaves this file.
 *
 * A device's DTLS pre-shared key is the first 16 bytes of HMAC-SHA256(master key, "psk" || IMEI as 15 digits): it can be
 * derived again at any time, so no table of keys exists to be stolen. */
#ifndef SECURITY_KEY_HOLDER_H
#define SECURITY_KEY_HOLDER_H

#include "base/span.h"
#include "security/secret.h"

#define KEY_HOLDER_MASTER_SIZE 32
#define KEY_HOLDER_PSK_SIZE 16

#define KEY_HOLDER_SEAL_SIZE 29 /* bytes that sealing adds: form, nonce of 12, tag of 16 */
#define KEY_HOLDER_SEALED_LIMIT 128

struct key_holder;

/* Read FOLDER/master.key, or make it (mode 0600, 64 hexadecimal digits) when the folder has none.
 * returns  0 with *out owned by the caller; SECURITY_ERR_FILE (missing rights, full disk), SECURITY_ERR_FILE_FORM,
 *          SECURITY_ERR_FILE_MODE (others may read it), SECURITY_ERR_CRYPTOGRAPHY */
int key_holder_open(const char *folder, const struct secret_source *source, struct key_holder **out);

/* The same over a key from elsewhere, for tests and simulation. NULL: no memory. */
struct key_holder *key_holder_of_key(const uint8_t master[KEY_HOLDER_MASTER_SIZE]);

/* Erases the key. NULL is accepted. */
void key_holder_close(struct key_holder *holder);

/* imei     15 digits, 10^14 to 10^15 - 1
 * returns  0; BASE_ERR_RANGE; SECURITY_ERR_CRYPTOGRAPHY. Thread-safe. */
int key_holder_device_psk(const struct key_holder *holder, uint64_t imei, uint8_t psk[KEY_HOLDER_PSK_SIZE]);

/* A key for a purpose of this installation's own, the same at every start: registration handles, cookies.
 * purpose  a fixed text, not beginning with "psk"
 * returns  0; SECURITY_ERR_CRYPTOGRAPHY. Thread-safe. */
int key_holder_purpose_key(const struct key_holder *holder, struct span purpose, uint8_t key[KEY_HOLDER_PSK_SIZE]);

/* Seal a secret for the database: AES-128-GCM under a key derived for that alone, with a nonce of its own each time.
 * place    what the secret is of ("device 17 password"): only the same place opens it, so rows cannot be exchanged
 * plain    at most KEY_HOLDER_SEALED_LIMIT - KEY_HOLDER_SEAL_SIZE bytes
 * out      KEY_HOLDER_SEALED_LIMIT bytes
 * returns  bytes written; BASE_ERR_RANGE; SECURITY_ERR_CRYPTOGRAPHY. Thread-safe. */
int key_holder_seal(const struct key_holder *holder, const struct secret_source *source, struct span place,
                    struct span plain, uint8_t out[KEY_HOLDER_SEALED_LIMIT]);

/* The secret of that place again. Whoever asked wipes it.
 * out      KEY_HOLDER_SEALED_LIMIT bytes; of no worth on failure
 * returns  bytes written; SECURITY_ERR_CRYPTOGRAPHY when it was sealed elsewhere, by another master key, or changed */
int key_holder_unseal(const struct key_holder *holder, struct span place, struct span sealed,
                      uint8_t out[KEY_HOLDER_SEALED_LIMIT]);

/* The IMEI named by a PSK identity: "urn:imei:123456789012345" or the bare 15 digits.
 * returns  0; BASE_ERR_SYNTAX for any other text */
int key_holder_identity_parse(struct span identity, uint64_t *imei);

#endif
