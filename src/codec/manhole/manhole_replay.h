/* Repeated and replayed uploads of one terminal (our profile MHC-1, section 4).
 *
 * A terminal that got no answer sends the same packet again: it gets the same answer again, and nothing is processed
 * twice. An attacker who sends an old packet gets nothing new either: the last 32 pairs of sequence and timestamp are
 * remembered, and whatever is not newer than the newest pair that was forgotten is refused. The state is the caller's,
 * one per terminal, all zero to begin with. */
#ifndef CODEC_MANHOLE_REPLAY_H
#define CODEC_MANHOLE_REPLAY_H

#include "codec/manhole/manhole_area.h"

#define MANHOLE_REPLAY_PAIRS 32

struct manhole_replay_pair {
    uint32_t sequence;
    uint32_t time_s;
    uint16_t crc;  /* of the packet: the same pair with other content is no repetition */
    uint16_t size; /* of the packet */
    struct manhole_upload_answer answer;
};

struct manhole_replay {
    uint32_t floor_s; /* newest timestamp of a forgotten pair */
    bool has_floor;
    uint8_t count;
    struct manhole_replay_pair pairs[MANHOLE_REPLAY_PAIRS];
};

enum manhole_replay_verdict {
    MANHOLE_REPLAY_NEW,    /* process it, then manhole_replay_remember */
    MANHOLE_REPLAY_REPEAT, /* give the remembered answer */
    MANHOLE_REPLAY_REFUSED /* too old, or a pair that was used for another packet */
};

/* Judge a packet whose tag was right.
 * packet   all its bytes
 * answer   written for MANHOLE_REPLAY_REPEAT only */
enum manhole_replay_verdict manhole_replay_judge(const struct manhole_replay *replay, uint32_t sequence,
                                                 uint32_t time_s, struct span packet,
                                                 struct manhole_upload_answer *answer);

/* Remember a new packet and how it was answered; the pair with the oldest timestamp makes room. */
void manhole_replay_remember(struct manhole_replay *replay, uint32_t sequence, uint32_t time_s, struct span packet,
                             const struct manhole_upload_answer *answer);

#endif
