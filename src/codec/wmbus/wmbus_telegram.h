/* A whole wireless telegram: link layer, extended link layer, authentication layer, transport layer, opened as far as
 * the key allows, down to the application data.
 *
 *   L C address | [ 8C..8F extended link ] [ 90 AFL ] CI header | application data | (check sums in between)
 *                `----------- CTR, whole ------------------------------------------'
 *                                                             `-- CBC, N blocks --'
 */
#ifndef CODEC_WMBUS_TELEGRAM_H
#define CODEC_WMBUS_TELEGRAM_H

#include "codec/wmbus/wmbus_extended_link.h"
#include "codec/wmbus/wmbus_fragment.h"
#include "codec/wmbus/wmbus_frame.h"
#include "codec/wmbus/wmbus_security.h"

/* What became of an encryption that a layer announces. */
enum wmbus_protection {
    WMBUS_PROTECTION_NONE,    /* none announced */
    WMBUS_PROTECTION_OPENED,  /* decrypted with the key, the proof found */
    WMBUS_PROTECTION_ALREADY, /* announced, but the bytes are plain: somebody has decrypted them before. Nothing proves
                                    that they come from the meter; who holds its key should refuse them */
    WMBUS_PROTECTION_KEY_NEEDED, /* no key was given */
    WMBUS_PROTECTION_UNSUPPORTED /* a method that is not spoken here */
};

/* What became of the MAC of the authentication layer. */
enum wmbus_mac { WMBUS_MAC_NONE, WMBUS_MAC_UNCHECKED, WMBUS_MAC_RIGHT };

struct wmbus_telegram {
    struct wmbus_frame link;
    bool has_extended_link;
    bool has_fragment;
    bool has_transport; /* false: the bytes that would say so are encrypted, or a fragment, or not there */
    struct wmbus_extended_link extended_link;
    struct wmbus_fragment fragment;
    struct wmbus_transport transport;
    struct wmbus_address meter;       /* whom the data are about: of the long header, else of the link layer */
    enum wmbus_protection session;    /* of the extended link layer */
    enum wmbus_protection protection; /* of the transport layer */
    enum wmbus_mac mac;
    struct span sealed;  /* bytes that are encrypted and stay so; none when everything is plain */
    struct span opened;  /* bytes that an announced encryption covered and that are plain now */
    struct span content; /* application data in plain; of a partly sealed telegram the plain rest */
};

/* Take a telegram apart and open it.
 * frame         one whole frame, with or without check sums
 * secret        NULL: no key; encrypted bytes stay in `sealed` and that is no error
 * buffer        WMBUS_TELEGRAM_LIMIT bytes; all spans of `out` point into it. May be written on failure
 * error_offset  never NULL; written on failure: in `frame`
 * returns       0; errors of wmbus_frame_decode; CODEC_ERR_SHORT, CODEC_ERR_FORMAT, CODEC_ERR_RESERVED of the layers;
 *               CODEC_ERR_CHECKSUM: payload CRC of an extended link layer that is not encrypted;
 *               CODEC_ERR_KEY at the start of the encrypted bytes (of the transport layer when a MAC is all that
 *               protects it): the key is wrong or they were changed */
int wmbus_telegram_decode(struct span frame, const struct wmbus_secret *secret, uint8_t *buffer,
                          struct wmbus_telegram *out, size_t *error_offset);

/* What is the same for repetitions of one telegram and differs between a meter's telegrams as long as its access number
 * has not gone round: the meter's address and the access number, of the transport layer, else of the extended link
 * layer (256 when there is neither). Forget it after a while: the access number comes again after 256 telegrams. */
struct wmbus_repetition {
    uint8_t meter[WMBUS_ADDRESS_SIZE];
    uint16_t access_number;
};
struct wmbus_repetition wmbus_telegram_repetition(const struct wmbus_telegram *telegram);
bool wmbus_repetition_equal(const struct wmbus_repetition *a, const struct wmbus_repetition *b);

/* The highest message counter that was accepted of a meter; keep it as long as the key. All zero: none yet. */
struct wmbus_replay {
    uint32_t counter;
    bool is_known;
};

/* Accept a message counter whose MAC was right (WMBUS_MAC_RIGHT), once.
 * returns  0, the counter being remembered; CODEC_ERR_DUPLICATE: the same again; CODEC_ERR_ORDER: an older one */
int wmbus_replay_accept(struct wmbus_replay *replay, uint32_t counter);

/* What to write into a telegram. */
struct wmbus_message {
    enum wmbus_format format;
    uint8_t control; /* C field */
    uint8_t ci;      /* of the transport layer */
    bool has_extended_link;
    uint8_t mode; /* enum wmbus_mode: 0, 5 or 7; mode 7 adds an authentication layer with counter and 8 bytes of MAC */
    uint8_t key_number; /* mode 7, 0 to 15 */
    uint8_t access_number;
    uint8_t status;
    uint32_t counter;                         /* mode 7: higher than ever before */
    struct wmbus_address link;                /* of the sender */
    struct wmbus_address meter;               /* of the long header; without one it is `link` that goes into the keys */
    struct wmbus_extended_link extended_link; /* ci, control, access number, session, address; an encrypted session is
                                                 encrypted with the same key */
    struct span content;                      /* application data, without fillers */
};

/* Write a telegram, protected as the message says.
 * secret   needed for modes 5 and 7 and for encrypted sessions, else NULL
 * returns  0; CODEC_ERR_TOO_LONG: does not fit a telegram, or more than 15 blocks; CODEC_ERR_MISSING: no secret;
 *          CODEC_ERR_UNSUPPORTED: another mode, a mode for a CI field without header, or a cipher that cannot. What
 *          does not fit into `out` shows in its overflow */
int wmbus_telegram_encode(const struct wmbus_message *message, const struct wmbus_secret *secret, struct writer *out);

#endif
