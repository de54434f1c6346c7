/* What the room needs of a store. store/sql/notify_sql.h implements it. */
#ifndef NOTIFY_NOTIFY_STORE_H
#define NOTIFY_NOTIFY_STORE_H

#include "notify/message.h"

#define NOTICE_KEY_SIZE 80
#define NOTICE_RECIPIENT_SIZE 128
#define NOTICE_CHANNEL_SIZE 16
#define NOTIFY_RECIPIENT_LIMIT 32   /* of one notice: phones and those of table message_recipient */

/* One row of table notice. */
struct notice {
    int64_t notice_id;
    int64_t account_id;
    int64_t created_s;
    uint32_t tenant_id;
    uint8_t kind;                          /* enum notice_kind */
    char key[NOTICE_KEY_SIZE];
    char channel[NOTICE_CHANNEL_SIZE];
    char recipient[NOTICE_RECIPIENT_SIZE]; /* phone numbers, comma separated; may be empty */
    char text_zh[NOTICE_TEXT_SIZE];
    char text_en[NOTICE_TEXT_SIZE];
};

/* A tenant's rules for messages, from its settings. */
struct notify_policy {
    int32_t zone_offset_s;
    int32_t from_min, to_min;      /* routine messages leave in [from, to) after local midnight; equal: always */
    int32_t daily_limit;           /* routine messages to one address a day; 0: no bound */
    enum notice_language language; /* of the customer's own phones */
};

struct notify_recipient {
    enum message_channel channel;
    enum notice_language language;
    char address[MESSAGE_RECIPIENT_SIZE];
};

/* All functions: negative of the store when it fails. */
struct notify_store {
    void *context;
    /* 1 inserted, notice_id filled; 0 the key is there already, nothing done. */
    int (*notice_insert)(void *context, struct notice *notice);
    int (*policy_read)(void *context, uint32_t tenant_id, struct notify_policy *out);
    /* 1 with the operator's own words; 0 there are none. */
    int (*template_read)(void *context, uint32_t tenant_id, const char *kind, enum notice_language language,
                         char text[NOTICE_TEXT_SIZE]);
    /* Those of table message_recipient for a notice of this kind about the account, and the account's area.
     * returns  how many, at most `capacity` */
    int (*recipients_read)(void *context, int64_t account_id, const char *kind, struct notify_recipient out[],
                           int capacity, int64_t *area_id);
    /* message_id is filled. */
    int (*message_insert)(void *context, struct message *message);
    /* How many messages of the tenant are waiting or being sent. */
    int (*messages_waiting)(void *context, uint32_t tenant_id, int64_t *out);
    /* How many routine messages to the address were made since then and not given up. */
    int (*messages_to)(void *context, uint32_t tenant_id, const char *recipient, int64_t since_s, int64_t *out);
    /* The next that is due: waiting or with a sender that vanished, of the channel and priority, for `recipient` alone
     * unless that is "". 1 with it; 0 none. */
    int (*message_due)(void *context, enum message_channel channel, enum message_priority priority,
                       const char *recipient, int64_t now_s, struct message *out);
    /* When the next of the channel becomes due; 0 none. 0. */
    int (*message_next_due)(void *context, enum message_channel channel, int64_t *due_s);
    /* 1 with the row; 0 there is none. */
    int (*message_read)(void *context, int64_t message_id, struct message *out);
    /* Write state, attempts, due_s, expires_s, provider, reason and cost; when it moved on, sent_s and ended_s follow. */
    int (*message_write)(void *context, const struct message *message, int64_t now_s);
    int (*message_parts_write)(void *context, int64_t message_id, int32_t parts, const char *reference);
    int (*attempt_insert)(void *context, const struct message *message, enum message_outcome outcome, int64_t now_s);
    int (*reference_insert)(void *context, const char *provider, const char *reference, int64_t message_id);
    /* Mark the part delivered and find its message.
     * returns  1 with *message_id and how many parts are still under way; 0 no such reference */
    int (*reference_deliver)(void *context, const char *provider, const char *reference, int64_t *message_id,
                             int64_t *under_way);
    /* The provider's messages under way are nobody's any more: due at once. How many. */
    int (*provider_release)(void *context, const char *provider, int64_t now_s);
    /* One that has expired, waiting or being sent. 1 with it; 0 none. */
    int (*message_expired)(void *context, int64_t now_s, struct message *out);
};

#endif
