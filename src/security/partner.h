/* Partners: other systems that call the open interfaces (S1-072). What each may do and where, its tokens, and the
 * requests that it numbered itself.
 *
 * A partner acts under a person of its own, who can never sign in: so receipts, commands and the audit trail name it as
 * they name people. Runs in the core over a small store interface. Tokens count real seconds (wall_s), as sessions do. */
#ifndef SECURITY_PARTNER_H
#define SECURITY_PARTNER_H

#include "security/network_list.h"
#include "security/people.h"

#define PARTNER_LIMIT 200         /* of a tenant */
#define PARTNER_TOKEN_LIMIT 8     /* good at once, of one partner: an old and a new one overlap */
#define PARTNER_INTERFACE_COUNT 11
#define PARTNER_INTERFACES_SIZE 64
#define PARTNER_DEVICE_LIMIT 1000 /* named one by one */
#define PARTNER_DEVICES_SIZE (PARTNER_DEVICE_LIMIT * 11 + 3)
#define PARTNER_HINT_SIZE 8
#define PARTNER_NUMBER_SIZE 33    /* of a request, chosen by the partner */
#define PARTNER_USED_EVERY_S 60   /* last use is written at most so often: reads stay reads */

struct partner {
    int64_t partner_id;
    int64_t tenant_id;
    int64_t person_id;
    int64_t area_id;
    int64_t created_s;
    int64_t per_minute;           /* requests by one token, 1 to 6000 */
    int64_t closings_per_day;     /* of valves and relays, 0 to 10000 */
    bool is_signed;               /* every request must carry a signature */
    bool reveal;                  /* sees names and phones in full */
    bool disabled;
    char name[PEOPLE_NAME_LIMIT];
    char interfaces[PARTNER_INTERFACES_SIZE]; /* "[1,2,4]": numbers 1 to 11 */
    char networks[NETWORK_LIST_SIZE];         /* network_list.h; "": from anywhere */
};

struct partner_token {
    int64_t token_id;
    int64_t partner_id;
    int64_t created_s;
    int64_t expires_s;
    uint8_t token_hash[SECRET_HASH_SIZE];
    char hint[PARTNER_HINT_SIZE]; /* how it begins, to tell tokens apart */
};

/* A request that the partner numbered: the same number again is the same request. */
struct partner_request {
    int64_t partner_id;
    int64_t device_id;
    int64_t command_id;
    int64_t at_s;
    char number[PARTNER_NUMBER_SIZE];
    char mode[16];
};

/* "find" functions return 1 found, 0 not; the others 0 or more; negative of the store. */
struct partner_store {
    void *context;
    int (*partner_find)(void *context, int64_t partner_id, struct partner *out);
    int (*partner_insert)(void *context, struct partner *partner);
    int (*partner_update)(void *context, const struct partner *partner);
    int (*partners_count)(void *context, int64_t tenant_id, int64_t *count);
    /* Forget the devices, then enter those of `list` ("[1,2]") that are the tenant's and at or below `path`.
     * returns  how many were entered */
    int (*devices_write)(void *context, const struct partner *partner, const char *path, const char *list);
    int (*token_insert)(void *context, struct partner_token *token);
    int (*token_find)(void *context, int64_t token_id, int64_t *partner_id);
    int (*token_revoke)(void *context, int64_t token_id, int64_t wall_s);
    int (*token_used)(void *context, int64_t token_id, int64_t wall_s, const char *from);
    int (*tokens_count)(void *context, int64_t partner_id, int64_t wall_s, int64_t *count);
    int (*request_find)(void *context, int64_t partner_id, const char *number, struct partner_request *out);
    int (*request_insert)(void *context, const struct partner_request *request);
    /* Requests of the mode since then. */
    int (*requests_count)(void *context, int64_t partner_id, const char *mode, int64_t since_s, int64_t *count);
};

enum partner_field {
    PARTNER_NAME = 1 << 0, PARTNER_AREA = 1 << 1, PARTNER_INTERFACES = 1 << 2, PARTNER_PER_MINUTE = 1 << 3,
    PARTNER_CLOSINGS = 1 << 4, PARTNER_NETWORKS = 1 << 5, PARTNER_SIGNED = 1 << 6, PARTNER_REVEAL = 1 << 7,
    PARTNER_DISABLED = 1 << 8, PARTNER_DEVICES = 1 << 9
};

/* Add a partner and its person.
 * devices  "" for all of the area
 * returns  0 with partner_id and person_id filled; SECURITY_ERR_AREA, _NAME, _INTERFACES, _NETWORKS, _PARTNER_LIMIT,
 *          _PARTNER_DEVICE; the store's */
int partner_create(const struct partner_store *store, const struct people_store *people,
    const struct people_caller *caller, struct partner *partner, const char *devices);

/* Change the fields named in `fields` (a set of enum partner_field).
 * returns  0; as above; SECURITY_ERR_PARTNER there is none within the caller's jurisdiction */
int partner_change(const struct partner_store *store, const struct people_store *people,
    const struct people_caller *caller, const struct partner *partner, unsigned fields, const char *devices);

/* Give a partner a token; its hash, hint and end come filled.
 * returns  0 with token_id; SECURITY_ERR_PARTNER, _TOKEN_LIMIT; the store's */
int partner_token_add(const struct partner_store *store, const struct people_store *people,
    const struct people_caller *caller, struct partner_token *token);

/* From now on nobody knows the token.
 * returns  0, also for one revoked before; SECURITY_ERR_TOKEN; the store's */
int partner_token_revoke(const struct partner_store *store, const struct people_store *people,
    const struct people_caller *caller, int64_t token_id);

/* Was the request made before?
 * since_s  the beginning of the local day, for the bound on closings
 * returns  1 with *before; 0 it is new and permitted; SECURITY_ERR_REQUEST_REUSED its number came with other content;
 *          SECURITY_ERR_CLOSING_LIMIT; SECURITY_ERR_PARTNER; the store's */
int partner_request_check(const struct partner_store *store, const struct partner_request *request, int64_t since_s,
    struct partner_request *before);

#endif
