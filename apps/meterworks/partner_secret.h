/* The secrets that partners sign with, derived from the installation's master key: stored nowhere. */
#ifndef APPS_METERWORKS_PARTNER_SECRET_H
#define APPS_METERWORKS_PARTNER_SECRET_H

#include "api/partner_port.h"

struct key_holder;

/* keys  lives as long as the port is used */
struct api_partners partner_secret_port(struct key_holder *keys);

#endif
