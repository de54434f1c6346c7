/* Endpoints of other systems that hear of events: what the api asks of the core, and the secret that is shown once. */
#ifndef API_WEBHOOK_PORT_H
#define API_WEBHOOK_PORT_H

#include "api/core_port.h"
#include "notify/event.h"

#define API_WEBHOOK_SECRET_SIZE 33 /* hexadecimal with its zero */

/* NULL: nothing can be signed. Any thread. */
struct api_webhooks {
    void *context;
    /* returns  0; negative when it cannot be derived */
    int (*secret)(void *context, int64_t endpoint_id, int64_t generation, char out[API_WEBHOOK_SECRET_SIZE]);
};

#define CORE_WEBHOOK_HAS_AREA (UINT64_C(1) << 0)
#define CORE_WEBHOOK_HAS_NAME (UINT64_C(1) << 1)
#define CORE_WEBHOOK_HAS_URL (UINT64_C(1) << 2)
#define CORE_WEBHOOK_HAS_KINDS (UINT64_C(1) << 3)
#define CORE_WEBHOOK_HAS_DISABLED (UINT64_C(1) << 4)
struct core_webhook {
    struct core_request head;
    int64_t area_id;
    bool disabled;
    char name[EVENT_NAME_SIZE];
    char url[MESSAGE_URL_SIZE];
    char kinds[EVENT_KINDS_SIZE]; /* names, comma separated */
};

#endif
