/* Partners and their tokens: what the api asks of the core, and of whoever holds the master key. */
#ifndef API_PARTNER_PORT_H
#define API_PARTNER_PORT_H

#include "api/core_port.h"
#include "security/partner.h"

#define API_PARTNER_SECRET_SIZE 33 /* hexadecimal with its zero */

/* The secret that a token's requests are signed with: derived, stored nowhere. NULL: signatures cannot be checked. Any
 * thread. */
struct api_partners {
    void *context;
    /* returns  0; negative when it cannot be derived */
    int (*secret)(void *context, int64_t token_id, char out[API_PARTNER_SECRET_SIZE]);
};

struct core_partner {
    struct core_request head; /* present: set of enum partner_field */
    int64_t area_id;
    int64_t per_minute;
    int64_t closings_per_day;
    bool is_signed;
    bool reveal;
    bool disabled;
    char name[PEOPLE_NAME_LIMIT];
    char interfaces[PARTNER_INTERFACES_SIZE];
    char networks[NETWORK_LIST_SIZE];
    char devices[PARTNER_DEVICES_SIZE];
};

struct core_partner_token {
    struct core_request head; /* object_id: the partner */
    int64_t expires_s;        /* of the world's clock */
    uint8_t token_hash[SECRET_HASH_SIZE];
    char hint[PARTNER_HINT_SIZE];
};

struct core_partner_used {
    struct core_request head; /* object_id: the token */
    char from[48];
};

struct core_partner_control {
    struct core_request head; /* object_id: the device; person_id: the partner's */
    int64_t partner_id;
    char number[PARTNER_NUMBER_SIZE];
    char mode[16];
    char reason[CORE_REASON_LIMIT];
};

#endif
