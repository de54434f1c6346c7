#include "api/live.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define CAPACITY_MINIMUM 16
#define CAPACITY_MAXIMUM 65536

struct slot {
    uint64_t sequence;
    uint32_t tenant_id;
    enum live_kind kind;
    char path[LIVE_PATH_LIMIT];
    char json[LIVE_TEXT_LIMIT];
};

/* Slot of event n: (n - 1) modulo capacity. Held: events newest - capacity + 1 to newest, but none up to `restarted`. */
struct live_hub {
    pthread_mutex_t lock;
    size_t capacity;
    uint64_t newest;
    uint64_t restarted;
    struct live_figures figures;
    void (*wake)(void *context);
    void *wake_context;
    struct slot *slots;
};

static const char *const kind_names[LIVE_KIND_COUNT] = {
    [LIVE_READING] = "reading", [LIVE_DEVICE] = "device", [LIVE_COMMAND] = "command", [LIVE_EVENT] = "event",
    [LIVE_PAYMENT] = "payment", [LIVE_NOTICE] = "notice", [LIVE_TASK] = "task",
    [LIVE_TICK] = "tick",
};

const char *live_kind_name(enum live_kind kind)
{
    return kind > 0 && kind < LIVE_KIND_COUNT ? kind_names[kind] : NULL;
}

int live_hub_open(size_t capacity, struct live_hub **out)
{
    if (capacity < CAPACITY_MINIMUM || capacity > CAPACITY_MAXIMUM || (capacity & (capacity - 1)) != 0)
        return -1;
    struct live_hub *hub = calloc(1, sizeof *hub);
    if (hub == NULL)
        return -1;
    hub->slots = calloc(capacity, sizeof *hub->slots);
    if (hub->slots == NULL) {
        free(hub);
        return -1;
    }
    hub->capacity = capacity;
    pthread_mutex_init(&hub->lock, NULL);
    *out = hub;
    return 0;
}

void live_hub_close(struct live_hub *hub)
{
    if (hub == NULL)
        return;
    pthread_mutex_destroy(&hub->lock);
    free(hub->slots);
    free(hub);
}

static bool text_fits(const char *text, size_t limit)
{
    return text != NULL && memchr(text, '\0', limit) != NULL && strpbrk(text, "\r\n") == NULL;
}

static void slot_fill(struct live_hub *hub, uint32_t tenant_id, const char *path, enum live_kind kind, const char *json)
{
    struct slot *slot = &hub->slots[hub->newest & (hub->capacity - 1)];

    hub->newest++;
    hub->figures.published++;
    slot->sequence = hub->newest;
    slot->tenant_id = tenant_id;
    slot->kind = kind;
    memcpy(slot->path, path, strlen(path) + 1);
    memcpy(slot->json, json, strlen(json) + 1);
}

static bool event_fits(const char *path, enum live_kind kind, const char *json)
{
    return text_fits(json, LIVE_TEXT_LIMIT) && text_fits(path, LIVE_PATH_LIMIT) && live_kind_name(kind) != NULL;
}

/* Unlocks the hub. */
static void readers_wake(struct live_hub *hub, bool there_is_something)
{
    void (*wake)(void *context) = there_is_something ? hub->wake : NULL;
    void *context = hub->wake_context;

    pthread_mutex_unlock(&hub->lock);
    if (wake != NULL)
        wake(context);
}

void live_publish(struct live_hub *hub, uint32_t tenant_id, const char *area_path, enum live_kind kind, const char *json)
{
    const char *path = area_path != NULL ? area_path : "";
    bool fits = event_fits(path, kind, json);

    pthread_mutex_lock(&hub->lock);
    if (fits)
        slot_fill(hub, tenant_id, path, kind, json);
    else
        hub->figures.dropped++;
    readers_wake(hub, fits);
}

void live_follow(struct live_hub *hub, const struct live_item *item)
{
    bool fits = event_fits(item->path, item->kind, item->json);

    pthread_mutex_lock(&hub->lock);
    bool newer = fits && item->sequence > hub->newest;
    if (newer && item->sequence != hub->newest + 1)
        hub->newest = hub->restarted = item->sequence - 1;
    if (newer)
        slot_fill(hub, item->tenant_id, item->path, item->kind, item->json);
    else if (!fits)
        hub->figures.dropped++;
    readers_wake(hub, newer);
}

void live_restart(struct live_hub *hub, uint64_t newest)
{
    pthread_mutex_lock(&hub->lock);
    hub->newest = hub->restarted = newest;
    readers_wake(hub, true);
}

static bool slot_passes(const struct slot *slot, const struct live_filter *filter)
{
    if (slot->tenant_id != filter->tenant_id)
        return false;
    return slot->path[0] == '\0' || strncmp(slot->path, filter->path, strlen(filter->path)) == 0;
}

/* filter  NULL lets everything through
 * returns as live_next, with the slot */
static int next_locked(struct live_hub *hub, const struct live_filter *filter, uint64_t *position, const struct slot **out)
{
    /* A position from before a restart may lie ahead of us: begin with what is new. */
    if (*position > hub->newest || *position < hub->restarted || hub->newest - *position > hub->capacity) {
        *position = hub->newest;
        hub->figures.resyncs++;
        return -1;
    }
    while (*position < hub->newest) {
        const struct slot *slot = &hub->slots[*position & (hub->capacity - 1)];
        ++*position;
        if (filter != NULL && !slot_passes(slot, filter))
            continue;
        *out = slot;
        return 1;
    }
    return 0;
}

int live_next(struct live_hub *hub, const struct live_filter *filter, uint64_t *position, struct live_event *out)
{
    const struct slot *slot;

    pthread_mutex_lock(&hub->lock);
    int result = next_locked(hub, filter, position, &slot);
    if (result == 1) {
        out->sequence = slot->sequence;
        out->kind = slot->kind;
        memcpy(out->json, slot->json, sizeof out->json);
    }
    pthread_mutex_unlock(&hub->lock);
    return result;
}

int live_next_item(struct live_hub *hub, uint64_t *position, struct live_item *out)
{
    const struct slot *slot;

    pthread_mutex_lock(&hub->lock);
    int result = next_locked(hub, NULL, position, &slot);
    if (result == 1) {
        out->sequence = slot->sequence;
        out->tenant_id = slot->tenant_id;
        out->kind = slot->kind;
        memcpy(out->path, slot->path, sizeof out->path);
        memcpy(out->json, slot->json, sizeof out->json);
    }
    pthread_mutex_unlock(&hub->lock);
    return result;
}

uint64_t live_newest(struct live_hub *hub)
{
    pthread_mutex_lock(&hub->lock);
    uint64_t newest = hub->newest;
    pthread_mutex_unlock(&hub->lock);
    return newest;
}

void live_listen(struct live_hub *hub, void (*wake)(void *context), void *context)
{
    pthread_mutex_lock(&hub->lock);
    hub->wake = wake;
    hub->wake_context = context;
    pthread_mutex_unlock(&hub->lock);
}

struct live_figures live_figures_read(struct live_hub *hub)
{
    pthread_mutex_lock(&hub->lock);
    struct live_figures figures = hub->figures;
    pthread_mutex_unlock(&hub->lock);
    return figures;
}
