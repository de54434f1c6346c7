#include "apps/meterworks/core_trouble.h"

static const char *const texts[CORE_TROUBLE_COUNT] = {
    [CORE_TROUBLE_ADDRESS] = "the core cannot be reached: does it run, does it listen at this address, does a firewall let us through? "
                             "It is tried again until it answers",
    [CORE_TROUBLE_KEY] = "the core did not take the key, or hangs: the key file must come from its own installation, a gate's key for "
                         "--gate-listen, an api's key for --api-listen. It is tried again",
    [CORE_TROUBLE_GREETING] = "the other end does not speak as a core does: is this the port of --gate-listen or --api-listen?",
    [CORE_TROUBLE_OWNER] = "this core stands by: another one has the shard now. It is asked again",
};

enum { SHARD = CORE_TROUBLE_COUNT, VERSION };

/* What a matter is known by: its kind, and the number in it. */
static bool due(struct core_trouble_log *log, unsigned kind, unsigned number, int64_t now_ms)
{
    return log_repeat_due(&log->repeat, (uint64_t)kind << 32 | number, now_ms);
}

void core_trouble_say(struct core_trouble_log *log, enum log_category category, const char *core, enum core_trouble trouble,
                      int64_t now_ms)
{
    if (due(log, trouble, 0, now_ms))
        log_write(category, LOG_WARNING, core, "%s", texts[trouble]);
}

void core_trouble_say_shard(struct core_trouble_log *log, const char *core, unsigned wanted, unsigned its, int64_t now_ms)
{
    if (due(log, SHARD, its, now_ms))
        log_write(LOG_WIRE, LOG_ERROR, core, "this core has shard %u, not %u: say --core %u=%s, or name the core of shard %u",
                  its, wanted, its, core, wanted);
}

void core_trouble_say_store(struct core_trouble_log *log, const char *core, unsigned stored, unsigned its, int64_t now_ms)
{
    if (due(log, SHARD, its, now_ms))
        log_write(LOG_API, LOG_ERROR, core, "this is the core of shard %u, and --store holds shard %u: correct --core or --store",
                  its, stored);
}

void core_trouble_say_version(struct core_trouble_log *log, const char *core, unsigned ours, unsigned its, int64_t now_ms)
{
    if (due(log, VERSION, its, now_ms))
        log_write(LOG_WIRE, LOG_ERROR, core, "this core speaks version %u of the link, this gate %u: bring both to the same release",
                  its, ours);
}
