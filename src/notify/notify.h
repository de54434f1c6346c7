/* Telling people: a message is rendered once in both languages and put into the outbox once for its key.
 *
 * Channels (SMS, WeChat, e-mail) come to the outbox through struct notify_channel; without any, messages are read in the
 * console. */
#ifndef NOTIFY_NOTIFY_H
#define NOTIFY_NOTIFY_H

#include "notify/notice_text.h"

#define NOTICE_KEY_SIZE 80
#define NOTICE_RECIPIENT_SIZE 128
#define NOTICE_CHANNEL_SIZE 16

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

/* What the room needs of a store. store/sqlite/notify_sqlite.h implements it. */
struct notify_store {
    void *context;
    /* 1 inserted, notice_id filled; 0 the key is there already, nothing done; negative of the store. */
    int (*notice_insert)(void *context, struct notice *notice);
};

/* A way out of the house, such as an SMS provider. Called after the commit that holds the message. */
struct notify_channel {
    void *context;
    const char *name;
    /* 0 taken over; negative: try again later. */
    int (*deliver)(void *context, const struct notice *notice);
};

struct notify_request {
    uint32_t tenant_id;
    int64_t account_id;
    enum notice_kind kind;
    const char *key;       /* the same key twice is one message */
    const char *recipient; /* phone numbers, comma separated */
    int64_t now_s;
    struct notice_values values;
};

/* Put a message into the outbox.
 * out      the row as stored (with notice_id unless repeated); may be NULL
 * returns  0 posted; 1 its key was posted before, nothing done; NOTIFY_ERR_*; negative of the store */
int notify_post(const struct notify_store *store, const struct notify_request *request, struct notice *out);

#endif
