/* The secrets that partners sign with and that events to endpoints are signed with, derived from the installation's master key: stored nowhere. */
#ifndef APPS_METERWORKS_PARTNER_SECRET_H
#define APPS_METERWORKS_PARTNER_SECRET_H

#include "api/partner_port.h"
#include "api/webhook_port.h"

struct key_holder;

/* keys  lives as long as the port is used */
struct api_partners partner_secret_port(struct key_holder *keys);
struct api_webhooks webhook_secret_port(struct key_holder *keys);

/* returns  0; SECURITY_ERR_CRYPTOGRAPHY */
int webhook_secret_make(const struct key_holder *keys, int64_t endpoint_id, int64_t generation,
                        char out[API_WEBHOOK_SECRET_SIZE]);

#endif
