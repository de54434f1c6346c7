/* One request and its answer on their way through the api: what handlers read and write. Internal to the room. */
#ifndef API_EXCHANGE_H
#define API_EXCHANGE_H

#include "api/api_error.h"
#include "api/api_server.h"
#include "api/field.h"
#include "api/json_writer.h"
#include "api/partner_port.h"
#include "api/request_target.h"
#include "security/network_list.h"
#include "security/permission.h"
#include "security/secret.h"

#define EXCHANGE_HEADER_LIMIT 6
#define EXCHANGE_HEADER_TEXT_LIMIT 320
#define CLIENT_TEXT_SIZE 48
#define EXCHANGE_KEY_LIMIT 64

struct api_route;
struct body_stream;
struct live_stream;

/* Who asks; filled from the session. */
struct api_caller {
    uint32_t tenant_id;
    uint32_t person_id;
    int64_t resident_id;             /* the phone of a resident; 0 of everybody else */
    int64_t area_id;
    int32_t zone_offset_s;
    bool whole;                      /* jurisdiction is the whole tenant */
    bool bearer;                     /* by Authorization header: no CSRF token needed */
    char path[CORE_PATH_LIMIT];
    char role[16];
    char language[4];
    char csrf_token[SECRET_TOKEN_TEXT_LIMIT];
    char display_name[128];
    char login[64];
    char tenant_name[128];
    char area_name[128];
    uint8_t token_hash[SECRET_HASH_SIZE];
    int64_t seen_s;
    int64_t expires_s;
    permission_set permissions;
};

/* Of a request of the open interfaces: the partner behind the token. Its person, jurisdiction and rights are the
 * caller's. */
struct open_partner {
    int64_t partner_id;              /* 0: no such request */
    int64_t token_id;
    int64_t per_minute;
    bool revoked;                    /* the token */
    bool disabled;
    bool is_signed;
    bool limited;                    /* to the devices named one by one */
    int64_t month_day;               /* the first day of the present month */
    char key_prefix[40];             /* of its top-ups' keys, as billing stores them */
    char interfaces[PARTNER_INTERFACES_SIZE];
    char networks[NETWORK_LIST_SIZE];
};

struct exchange_header {
    const char *name;                /* static */
    char value[EXCHANGE_HEADER_TEXT_LIMIT];
};

struct exchange {
    struct api_server *server;
    const struct api_config *config;
    const struct api_route *route;
    struct request_target target;
    struct api_caller caller;
    char prefix[DISTRICT_PREFIX_SIZE]; /* taken off the target: "/d/north"; "" none. Read through client_address.h */
    bool open;                       /* of the open interfaces: answers are in their envelope */
    bool elsewhere;                  /* a core in another process is to answer, not this one: forward.h */
    bool to_note;                    /* or only to note in the audit what this process then answers: forward.h */
    bool noted;                      /* which has been done */
    bool note_only;                  /* here is that core, and another process answers */
    struct open_partner partner;
    struct network_address client;   /* who is at the other end of the connection */
    char client_text[CLIENT_TEXT_SIZE];
    struct network_address far;      /* the same behind a proxy; read through client_address.h */
    char far_text[CLIENT_TEXT_SIZE];
    const char *accept_language;     /* request headers; NULL when absent */
    const char *authorization;
    const char *cookie;
    const char *csrf;
    const char *content_type;
    const char *forwarded_for;
    const char *forwarded_proto;
    const char *forwarded_prefix;
    const char *last_event_id;
    const char *channel_serial;      /* Wechatpay-Serial, -Signature, -Timestamp, -Nonce of a callback */
    const char *channel_signature;
    const char *channel_timestamp;
    const char *channel_nonce;
    const char *open_timestamp;      /* X-Meterworks-Timestamp, -Nonce, -Signature */
    const char *open_nonce;
    const char *open_signature;
    struct span body;
    json_t *json;
    struct field_value values[FIELD_LIMIT];
    int64_t object_id;               /* {id} of the path */
    char key[EXCHANGE_KEY_LIMIT];    /* {key} of the path */
    char path_low[CORE_PATH_LIMIT];  /* jurisdiction, narrowed by area_id */
    char path_high[CORE_PATH_LIMIT];
    bool whole;                      /* what remains is the whole tenant */
    bool head_only;                  /* HEAD: the answer's body is not sent */
    int64_t now_s;
    int64_t wall_s;
    struct view_moment *moment;      /* that is read of; NULL: each reading is of its own */
    int64_t deadline_ms;             /* monotonic: reads are interrupted then */
    int client_socket;               /* to see whether anybody still listens; -1 unknown */
    bool gone;                       /* nobody does */
    uint64_t number;                 /* of the request, for the reference in errors */

    unsigned status;
    const char *content_type_out;
    struct json_writer out;
    struct exchange_header headers[EXCHANGE_HEADER_LIMIT];
    size_t header_count;
    struct body_stream *stream;      /* the answer is this stream instead of `out` */
    struct live_stream *live;        /* likewise */
};

/* Room for the parameters of one view. */
struct parameters {
    struct view_parameter list[VIEW_PARAMETER_LIMIT + FIELD_LIMIT];
    size_t count;
};

/* Answer with an error: `info` from any room. `field` overrides info->field unless NULL. Gives -1. */
int exchange_refuse(struct exchange *exchange, const struct error_info *info, const char *field);

/* Answer with one of API_ERR_*. Gives -1. */
int exchange_refuse_api(struct exchange *exchange, int error);

/* Answer with what was wrong about a field. Gives -1. */
int exchange_refuse_field(struct exchange *exchange, const struct field_problem *problem);

/* Answer with the core's refusal. Gives -1. */
int exchange_refuse_core(struct exchange *exchange, const struct core_reply *reply);

/* Too many for now: 429 with Retry-After. -1 */
int exchange_refuse_for_now(struct exchange *exchange, int64_t wait_s);

/* "zh" or "en": the session's language, else the browser's, else zh. */
const char *exchange_language(const struct exchange *exchange);
bool exchange_is_english(const struct exchange *exchange);

bool exchange_may(const struct exchange *exchange, enum permission permission);

void exchange_header_add(struct exchange *exchange, const char *name, const char *value);

/* Into the open object of the answer: `next`, the cursor that the asker brings for what follows, as text; null when nothing does. */
void exchange_put_next(struct exchange *exchange, bool more, int64_t cursor);

/* The value of a field of the route; NULL when the route has no such field or it was not given. */
const struct field_value *exchange_value(const struct exchange *exchange, const char *name);
int64_t exchange_integer(const struct exchange *exchange, const char *name, int64_t otherwise);

/* Today in the tenant's zone, days since 1970. */
int64_t exchange_today(const struct exchange *exchange);

/* Scope, clock, path object and all given fields as view parameters; spans point into the exchange. */
void parameters_fill(struct parameters *parameters, const struct exchange *exchange);
void parameters_integer(struct parameters *parameters, const char *name, int64_t value);
void parameters_text(struct parameters *parameters, const char *name, struct span value);

/* Their texts into `texts`, for an answer that goes on after the exchange. 0; -1 when they are longer than `capacity`. */
int parameters_own(struct parameters *parameters, uint8_t *texts, size_t capacity);

/* Read a view within the exchange's deadline.
 * returns  rows given; -1 when the exchange has been answered with an error */
int exchange_read(struct exchange *exchange, enum view view, const struct parameters *parameters,
    int (*take)(void *context, const struct view_row *row), void *context);

/* All readings between the two are of one state of the store. Where that cannot be had, each is of its own. */
void exchange_moment_begin(struct exchange *exchange);
void exchange_moment_end(struct exchange *exchange);

#define EXCHANGE_COUNT_UNKNOWN (-2)

/* For struct view_query, with the exchange as context: too late, or the browser has gone. Either way nobody reads the
 * answer. */
bool exchange_is_abandoned(void *exchange);

/* The number that the only row of a view gives, which is kept and costs nothing to ask; 0 without a row. -1 after an error. */
int64_t exchange_kept_count(struct exchange *exchange, enum view view, const struct parameters *parameters);

/* How many rows a view gives; EXCHANGE_COUNT_UNKNOWN when counting takes too long; -1 as above. */
int64_t exchange_count(struct exchange *exchange, enum view view, const struct parameters *parameters);

/* Narrow the scope to ?area_id= when the route has that field and it was given. 0, or -1 answered. */
int exchange_scope_narrow(struct exchange *exchange);

/* Call the core with the head filled. 0, or -1 answered. */
int exchange_core(struct exchange *exchange, enum core_operation operation, struct core_request *request,
    struct core_reply *reply);

/* Monotonic milliseconds, for time-outs only. */
int64_t exchange_monotonic_ms(void);

#endif
