/* What the api asks of the core about residents (security/resident.h), and of whoever makes codes for links. */
#ifndef API_RESIDENT_PORT_H
#define API_RESIDENT_PORT_H

#include "api/core_port.h"
#include "security/link_code.h"

#define CORE_HASH_LIMIT 256

/* Of all CORE_RESIDENT_* operations; each reads what it needs. Passwords never travel, only their hashes. */
struct core_resident {
    struct core_request head;
    int64_t customer_id;
    int64_t phone_id;           /* who asks; of BIND 0: a new phone */
    bool one_time;
    char login[64];
    char password_hash[CORE_HASH_LIMIT]; /* of the new password; "": none */
    char proved_hash[CORE_HASH_LIMIT];   /* the stored one that was compared */
    uint8_t token_hash[32];     /* of BIND: from now on */
    char csrf_token[65];
    char phone_name[64];
    char payer_channel[16];     /* of PAYER: a payment channel, and what it calls the phone's owner */
    char payer_id[64];
};

/* Codes of links on paper; `code` NULL: there are none, and every link is unknown. Any thread. */
struct api_links {
    void *context;
    /* 0, or a negative reason */
    int (*code)(void *context, struct span subject, char text[LINK_CODE_SIZE]);
};

#endif
