/* A message: one notice on its way to one recipient through one channel, and what may become of it.
 *
 *   waiting -> sending -> sent -> delivered
 *      ^          |         `---> failed        (the network says so)
 *      |          +-> waiting again, later      (retry, throttled, a sender that vanished)
 *      |          `-> dead                      (refused, tried too often, too old)
 *      `--------------- a person sends it again
 *   kept: nobody serves its channel; it is read in the console. */
#ifndef NOTIFY_MESSAGE_H
#define NOTIFY_MESSAGE_H

#include "notify/notice_text.h"

#define MESSAGE_RECIPIENT_SIZE 128
#define MESSAGE_WORDS_SIZE 1600      /* JSON object of every placeholder's value */
#define MESSAGE_KIND_SIZE 24
#define MESSAGE_PROVIDER_SIZE 24
#define MESSAGE_REFERENCE_SIZE 72
#define MESSAGE_REASON_SIZE 120
#define MESSAGE_PART_LIMIT 8         /* SMS parts of one message */
#define MESSAGE_NUMBER_SIZE 40
#define MESSAGE_URL_SIZE 256

#define MESSAGE_ATTEMPT_LIMIT 8      /* then it is given up */
#define MESSAGE_LIFE_S (48 * 3600)   /* older ones are given up: nobody wants yesterday's warning */
#define MESSAGE_LEASE_S 120          /* a sender that said nothing for so long has vanished */

/* The name in the API is message_channel_name(). */
enum message_channel {
    MESSAGE_SMS = 1,
    MESSAGE_WECHAT,
    MESSAGE_EMAIL,
    MESSAGE_WEBHOOK,
    MESSAGE_EVENT,             /* to an endpoint of event.h, whose number is the recipient */
    MESSAGE_CHANNEL_COUNT
};

#define MESSAGE_CHANNEL_BIT(channel) (1u << (channel))

enum message_state {
    MESSAGE_WAITING = 1,
    MESSAGE_SENDING,
    MESSAGE_SENT,
    MESSAGE_DELIVERED,
    MESSAGE_FAILED,
    MESSAGE_DEAD,
    MESSAGE_KEPT,
    MESSAGE_STATE_COUNT
};

/* What a sender or a receipt says. */
enum message_outcome {
    MESSAGE_OUT_SENT = 1,      /* the provider took it */
    MESSAGE_OUT_DELIVERED,     /* it has arrived */
    MESSAGE_OUT_UNDELIVERED,   /* the network could not deliver it */
    MESSAGE_OUT_RETRY,         /* not now: busy, broken, unreachable */
    MESSAGE_OUT_THROTTLED,     /* not so fast: does not count as an attempt */
    MESSAGE_OUT_REFUSED,       /* never: wrong number, no template, no right */
    MESSAGE_OUTCOME_COUNT
};

enum message_priority { MESSAGE_URGENT, MESSAGE_ROUTINE };

/* One row of table message, as far as senders need it. */
struct message {
    int64_t message_id;
    int64_t notice_id;         /* 0: a test */
    int64_t account_id;
    int64_t area_id;
    int64_t created_s;
    int64_t due_s;             /* sending: until when the sender has it */
    int64_t expires_s;
    uint32_t tenant_id;
    int32_t attempts;          /* this one included while it is being sent */
    int32_t cost_e4;           /* so far */
    uint8_t channel;           /* enum message_channel */
    uint8_t state;
    uint8_t language;          /* enum notice_language */
    uint8_t priority;
    char kind[MESSAGE_KIND_SIZE];
    char recipient[MESSAGE_RECIPIENT_SIZE];
    char text[NOTICE_TEXT_SIZE];
    char words[MESSAGE_WORDS_SIZE];
    char provider[MESSAGE_PROVIDER_SIZE];
    char reason[MESSAGE_REASON_SIZE];

    /* of MESSAGE_EVENT, filled when it is handed out, never stored */
    int64_t generation;        /* of the endpoint's secret */
    bool overlaps;             /* the secret before it signs too */
    char url[MESSAGE_URL_SIZE]; /* "": the endpoint is gone */
};

/* What a sender says of one message. */
struct message_result {
    int64_t message_id;
    enum message_outcome outcome;
    int32_t retry_after_s;     /* of THROTTLED and RETRY; 0: our own back-off */
    int32_t parts;             /* 0: not known */
    int32_t cost_e4;           /* ten-thousandths of a yuan of this attempt */
    uint32_t reference_count;
    char references[MESSAGE_PART_LIMIT][MESSAGE_REFERENCE_SIZE];
    char reason[MESSAGE_REASON_SIZE];
};

/* What the network says later. */
struct message_receipt {
    enum message_outcome outcome; /* DELIVERED or UNDELIVERED */
    char reference[MESSAGE_REFERENCE_SIZE];
    char reason[MESSAGE_REASON_SIZE];
};

/* "sms", "wechat", "email", "webhook", "event"; "unknown" outside. */
const char *message_channel_name(int channel);
/* 0 when there is none of this name. */
int message_channel_of_name(const char *name);

/* "waiting", ... "kept"; "unknown" outside. */
const char *message_state_name(int state);

/* "sent", "delivered", "undelivered", "retry", "throttled", "refused"; "unknown" outside. */
const char *message_outcome_name(int outcome);

/* Is `address` one that the channel can reach? A phone has 5 to 20 digits after an optional '+', a masked one is none; an
 * e-mail address one '@' between printable characters; openid and webhook names are words of letters, digits, '-', '_'. */
bool message_address_permitted(enum message_channel channel, struct span address);

/* Seconds until the next attempt after `attempts` of them, 1 and up: 30 s, 2 min, 8 min, ... at most 4 h. */
int64_t message_backoff_s(int32_t attempts);

/* Our number of a message for providers that refuse a number twice: the same for every attempt. */
void message_number_write(const struct message *message, char number[MESSAGE_NUMBER_SIZE]);

#endif
