/* The extended link layer of a wireless telegram (EN 13757-4 clause 12.2), directly behind the link layer:
 *
 *   8CH  | CI | CC | ACC |
 *   8DH  | CI | CC | ACC | session number 4 | payload CRC 2 | ...
 *   8EH  | CI | CC | ACC | M 2 | A 6 |
 *   8FH  | CI | CC | ACC | M 2 | A 6 | session number 4 | payload CRC 2 | ...
 *                                                       `- from here on encrypted, when the session number says so */
#ifndef CODEC_WMBUS_EXTENDED_LINK_H
#define CODEC_WMBUS_EXTENDED_LINK_H

#include "base/cipher.h"
#include "base/writer.h"
#include "codec/wmbus/wmbus_address.h"

#define WMBUS_SESSION_CRC_SIZE 2

/* Bits of the communication control field. */
#define WMBUS_CC_BIDIRECTIONAL 0x80u
#define WMBUS_CC_RESPONSE_DELAY 0x40u
#define WMBUS_CC_SYNCHRONISED 0x20u
#define WMBUS_CC_HOP 0x10u
#define WMBUS_CC_PRIORITY 0x08u
#define WMBUS_CC_ACCESSIBLE 0x04u
#define WMBUS_CC_REPEATED 0x02u
#define WMBUS_CC_EXTENDED_DELAY 0x01u

struct wmbus_extended_link {
    uint8_t ci;
    uint8_t control; /* CC: WMBUS_CC_* */
    uint8_t access_number;
    bool has_address; /* 8EH and 8FH */
    bool has_session; /* 8DH and 8FH */
    struct wmbus_address address;
    uint32_t session;  /* bits 0 to 3 session, 4 to 28 minutes, 29 to 31 encryption */
    struct span bytes; /* CI to the session number */
    struct span body;  /* what follows; with a session the payload CRC first */
};

/* How the body is encrypted: bits 29 to 31 of the session number. */
enum wmbus_session_encryption { WMBUS_SESSION_PLAIN = 0, WMBUS_SESSION_AES_CTR = 1 };
unsigned wmbus_session_encryption(uint32_t session);

/* Read the layer that begins with the CI field at the start of `data`.
 * error_offset  never NULL; written on failure: in `data`
 * returns       0; CODEC_ERR_SHORT; CODEC_ERR_TYPE: the CI field is none of the four */
int wmbus_extended_link_decode(struct span data, struct wmbus_extended_link *out, size_t *error_offset);

/* Write the layer, without payload CRC. */
void wmbus_extended_link_encode(const struct wmbus_extended_link *layer, struct writer *out);

/* The first two bytes of `body`, low byte first, are the CRC over the others. */
bool wmbus_session_crc_check(struct span body);

/* Encrypt or decrypt a body (payload CRC included) of a session, which is the same.
 * link      address of the link layer
 * body      at most 246 bytes
 * out       body.size bytes; may be the same buffer
 * returns   0; CODEC_ERR_UNSUPPORTED when the cipher cannot */
int wmbus_session_crypt(const struct wmbus_extended_link *layer, const struct wmbus_address *link,
                        const struct cipher *cipher, const uint8_t key[CIPHER_BLOCK_SIZE], struct span body,
                        uint8_t *out);

#endif
