/* A session with a gateway of short messages over one connection: CMPP or SMPP. Bytes in, bytes out, time passed in.
 *
 *   CLOSED -> SIGNING_IN -> READY -> BROKEN        (any state -> BROKEN with a problem)
 *
 * Messages go out in parts, at most `window` unanswered; a silent gateway is asked whether it is there, and given up after
 * STREAM_ANSWER_MS. What was unanswered then is to be tried again: it may arrive twice, these protocols know no number of
 * ours. */
#ifndef NOTIFY_STREAM_SESSION_H
#define NOTIFY_STREAM_SESSION_H

#include "base/writer.h"
#include "notify/provider.h"
#include "notify/sms_text.h"

#define STREAM_FRAME_LIMIT 2048      /* longer frames are not of these protocols as we use them */
#define STREAM_OUTPUT_SIZE 32768
#define STREAM_MESSAGE_LIMIT 16      /* unanswered messages */
#define STREAM_SLOT_LIMIT 128        /* unanswered parts */
#define STREAM_RECEIPT_LIMIT 64      /* receipts not yet taken */
#define STREAM_ANSWER_MS 60000
#define STREAM_IDLE_MS 45000         /* then ask whether anybody is there */

enum stream_state { STREAM_CLOSED, STREAM_SIGNING_IN, STREAM_READY, STREAM_BROKEN };

struct stream_slot {
    bool used;
    uint8_t message;                 /* index of its message */
    uint32_t sequence;
    int64_t sent_ms;
};

struct stream_message {
    bool used;
    uint32_t waiting;                /* parts without an answer */
    struct message_result result;
};

struct stream_session {
    const struct provider *provider;
    const struct digest *digest;
    enum stream_state state;
    uint32_t sequence;
    uint8_t reference;               /* of the next long message */
    uint8_t secret_proof[DIGEST_MD5_SIZE]; /* CMPP: what the gateway's own proof is made of */
    int64_t wall_s;                  /* at the beginning */
    int64_t now_ms;
    int64_t heard_ms;
    int64_t asked_ms;                /* when the gateway was asked something that is open; 0: nothing is */
    size_t input_size;
    size_t output_size;
    uint32_t receipt_count;
    struct stream_slot slots[STREAM_SLOT_LIMIT];
    struct stream_message messages[STREAM_MESSAGE_LIMIT];
    struct message_receipt receipts[STREAM_RECEIPT_LIMIT];
    int64_t receipts_ms[STREAM_RECEIPT_LIMIT]; /* when each came */
    char problem[MESSAGE_REASON_SIZE];
    uint8_t input[STREAM_FRAME_LIMIT];
    uint8_t output[STREAM_OUTPUT_SIZE];
};

/* What the protocols differ in. Writers append to the session's output through stream_output_begin. */
struct stream_protocol {
    /* The size of the frame that begins here. > 0; 0 too little to know; NOTIFY_ERR_FRAME */
    int (*frame_size)(struct span bytes);
    /* One whole frame. 0; NOTIFY_ERR_FRAME: it is not well formed */
    int (*frame_take)(struct stream_session *session, struct span frame);
    int (*sign_in)(struct stream_session *session);
    void (*probe)(struct stream_session *session);
    void (*part_send)(struct stream_session *session, const struct message *message, const struct sms_text *text,
                      uint8_t part, uint32_t sequence);
};

/* Begin on a new connection: the output then holds the first frame.
 * returns  0; a negative error of the digest, or NOTIFY_ERR_LONG for settings that do not fit the protocol */
int stream_session_open(struct stream_session *session, const struct provider *provider, const struct digest *digest,
                        int64_t wall_s, int64_t now_ms);

/* Bytes as received. What is wrong breaks the session. */
void stream_session_input(struct stream_session *session, struct span bytes, int64_t now_ms);

/* How many messages may be handed over now: 0 unless READY and the window has room. */
uint32_t stream_session_room(const struct stream_session *session);

/* Put a message into the output. A result follows through stream_session_results.
 * returns  0; NOTIFY_ERR_LONG, NOTIFY_ERR_ADDRESS: it can never leave this way */
int stream_session_send(struct stream_session *session, const struct message *message, int64_t now_ms);

/* Ask the silent, give up who does not answer. */
void stream_session_tick(struct stream_session *session, int64_t now_ms);

/* The gateway is gone: BROKEN. */
void stream_session_lost(struct stream_session *session, const char *reason);

/* Take results: answered messages, and of a broken session all others as "retry".
 * returns  how many, at most `limit` */
uint32_t stream_session_results(struct stream_session *session, struct message_result out[], uint32_t limit);

/* Take receipts, oldest first. A receipt may come before the answer to the part it is about, which alone makes its number
 * known: it waits until every part that had left before it is answered and its message's result was taken.
 * returns  how many, at most `limit` */
uint32_t stream_session_receipts(struct stream_session *session, struct message_receipt out[], uint32_t limit);

/* `size` bytes of the output have left. */
void stream_session_sent(struct stream_session *session, size_t size);

/* Internal to the protocols. */
struct writer stream_output_begin(struct stream_session *session);
/* Patch the frame's length into its first four bytes and keep it; a frame that does not fit breaks the session. */
void stream_output_end(struct stream_session *session, const struct writer *writer);
void stream_session_ready(struct stream_session *session);
/* An answer to the part with this sequence. Unknown ones change nothing. */
void stream_part_answered(struct stream_session *session, uint32_t sequence, enum message_outcome outcome,
                          const char *reference, const char *reason);
/* false: there is no room; the gateway is not told that it was taken, and sends it again. */
bool stream_receipt_add(struct stream_session *session, const struct message_receipt *receipt);

#endif
