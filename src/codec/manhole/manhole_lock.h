/* Unlocking with online and offline keys (our profile MHC-1, section 6).
 *
 *     opener                                             lock
 *       | lock record (39 bytes) ----------------------> |  own ID? period, weekday, window, uses, revoked?
 *       | <----------------------------- nonce (8 bytes) |  lives 10 s, used once
 *       | answer: CMAC(Ktok, "MHC1-OPEN" || nonce || --> |  rebuilds Ktok from the record, compares, acts,
 *       |         action), first 8 bytes                 |  stores a lock event
 *
 *     Ktok = CMAC(Klock, "MHC1-TOK" || record)           the platform hands record and Ktok to the opener over TLS
 *
 * An offline key should not live longer than 24 h: a revocation may not reach the lock. */
#ifndef CODEC_MANHOLE_LOCK_H
#define CODEC_MANHOLE_LOCK_H

#include "base/cipher.h"
#include "codec/manhole/manhole_area.h"

#define MANHOLE_NONCE_SIZE 8
#define MANHOLE_LOCK_ANSWER_SIZE 8

/* Ktok of one authorisation.
 * record   as on the wire
 * returns  0; the cipher's error */
int manhole_lock_key(const struct manhole_profile *profile, const struct cipher *cipher,
                     const uint8_t lock_key[CIPHER_BLOCK_SIZE], struct span record, uint8_t out[CIPHER_BLOCK_SIZE]);

/* What the opener answers.
 * action   enum manhole_lock_action
 * returns  0; CODEC_ERR_UNKNOWN (action); the cipher's error */
int manhole_lock_answer(const struct manhole_profile *profile, const struct cipher *cipher,
                        const uint8_t key[CIPHER_BLOCK_SIZE], const uint8_t nonce[MANHOLE_NONCE_SIZE], uint8_t action,
                        uint8_t out[MANHOLE_LOCK_ANSWER_SIZE]);

/* The same on the lock's side, compared in constant time.
 * returns  0; CODEC_ERR_KEY; CODEC_ERR_UNKNOWN; the cipher's error */
int manhole_lock_answer_check(const struct manhole_profile *profile, const struct cipher *cipher,
                              const uint8_t key[CIPHER_BLOCK_SIZE], const uint8_t nonce[MANHOLE_NONCE_SIZE],
                              uint8_t action, const uint8_t answer[MANHOLE_LOCK_ANSWER_SIZE]);

/* What a lock knows when a record is shown to it. */
struct manhole_lock_moment {
    uint8_t lock_id[MANHOLE_ID_SIZE]; /* its own */
    uint32_t now_s;                   /* since 1970 UTC */
    int32_t zone_offset_s;            /* east of UTC; weekdays and daily windows are local */
    bool is_clock_set;
    bool is_revoked;
    uint32_t uses; /* of this authorisation so far */
};

/* May this record be used now? The first minute of the daily window is inside, the last outside; the period's ends are
 * both inside; a window that crosses midnight belongs to the day on which it began.
 * returns  MANHOLE_REFUSAL_NONE, or why not, in the order of enum manhole_refusal with the clock first */
enum manhole_refusal manhole_lock_permit(const struct manhole_lock_record *record,
                                         const struct manhole_lock_moment *moment);

#endif
