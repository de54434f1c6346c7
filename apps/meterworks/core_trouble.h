/* Why a gate or an api on another machine does not get on with a core, in words for who set it up. A matter is said once
 * when it begins and then every LOG_REPEAT_MS, however often the core is tried. One thread. */
#ifndef APPS_METERWORKS_CORE_TROUBLE_H
#define APPS_METERWORKS_CORE_TROUBLE_H

#include "base/log.h"

enum core_trouble {
    CORE_TROUBLE_ADDRESS,  /* no connection */
    CORE_TROUBLE_KEY,      /* the handshake ended, or took too long */
    CORE_TROUBLE_GREETING, /* what came first is not what a core says, or nothing came */
    CORE_TROUBLE_OWNER,    /* it stands by for another core */
    CORE_TROUBLE_COUNT
};

/* All zeros: nothing was said yet, or all is well since. One for each core. */
struct core_trouble_log {
    struct log_repeat repeat;
};

/* category  LOG_WIRE or LOG_API
 * core      its address */
void core_trouble_say(struct core_trouble_log *log, enum log_category category, const char *core, enum core_trouble trouble,
                      int64_t now_ms);

/* The core has this shard, and another is wanted of it. */
void core_trouble_say_shard(struct core_trouble_log *log, const char *core, unsigned wanted, unsigned its, int64_t now_ms);

/* The core has this shard, and the database that an api reads another. */
void core_trouble_say_store(struct core_trouble_log *log, const char *core, unsigned stored, unsigned its, int64_t now_ms);

/* The core speaks this version of the link. */
void core_trouble_say_version(struct core_trouble_log *log, const char *core, unsigned ours, unsigned its, int64_t now_ms);

#endif
