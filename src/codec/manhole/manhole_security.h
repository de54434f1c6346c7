/* Protection of the data area (our profile MHC-1, section 4): a block cipher and a tag, keys from one device key.
 *
 *     mode 1   | IV 16   | SM4-CBC of the area, PKCS#7 padded | tag 8 |
 *     mode 2   | nonce 8 | SM4-CTR of the area                | tag 8 |     counter block: nonce, 64-bit block number
 *
 *     Kenc = CMAC(Kdev, "MHC1-ENC" || slot)   Kmac = CMAC(Kdev, "MHC1-MAC" || slot)        CMAC with SM4
 *     tag  = first bytes of CMAC(Kmac, version || terminal ID || segment head || IV or nonce || ciphertext)
 *
 * Mode 0 is plain: for commissioning and the laboratory, a platform refuses it. */
#ifndef CODEC_MANHOLE_SECURITY_H
#define CODEC_MANHOLE_SECURITY_H

#include "base/cipher.h"
#include "codec/manhole/manhole_frame.h"

#define MANHOLE_SECURITY_OVERHEAD 48 /* most bytes that protection adds: IV, padding, tag of 16 */

struct manhole_keys {
    uint8_t encryption[CIPHER_BLOCK_SIZE]; /* Kenc */
    uint8_t tag[CIPHER_BLOCK_SIZE];        /* Kmac */
};

/* Kenc and Kmac of one slot.
 * device_key  Kdev, 16 bytes
 * out         the caller wipes it (cipher_wipe), also after an error
 * returns     0; the cipher's error */
int manhole_keys_derive(const struct manhole_profile *profile, const struct cipher *cipher,
                        const uint8_t device_key[CIPHER_BLOCK_SIZE], uint8_t slot, struct manhole_keys *out);

/* How many bytes of IV or nonce a frame of this mode begins its area with; 0 when plain or unknown. */
size_t manhole_initial_size(const struct manhole_profile *profile, uint8_t mode);

/* Write a packet whose area is protected as `frame->mode` says.
 * frame    as for manhole_frame_encode, `area` in clear
 * initial  IV (16) or nonce (8), never used before with these keys; empty in mode 0
 * scratch  room for the protected area: area.size + MANHOLE_SECURITY_OVERHEAD bytes
 * returns  0; CODEC_ERR_RANGE (initial of another size), CODEC_ERR_UNSUPPORTED (mode), CODEC_ERR_FULL, those of
 *          manhole_frame_encode; the cipher's error */
int manhole_frame_seal(const struct manhole_profile *profile, const struct cipher *cipher,
                       const struct manhole_keys *keys, const struct manhole_frame *frame, struct span initial,
                       struct writer *scratch, struct writer *out);

/* Check the tag, then decrypt the area. A plain area is given as it is.
 * buffer   room for the clear area: frame->area.size bytes; used for protected areas only
 * clear    written on success only; in `buffer` or in the frame
 * returns  0; CODEC_ERR_KEY when tag or padding is wrong (nobody can tell which); CODEC_ERR_SHORT when the area cannot
 *          hold what the mode asks; CODEC_ERR_UNSUPPORTED (mode); the cipher's error */
int manhole_frame_open(const struct manhole_profile *profile, const struct cipher *cipher,
                       const struct manhole_keys *keys, const struct manhole_frame *frame, uint8_t *buffer,
                       struct span *clear);

#endif
