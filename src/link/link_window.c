#include "link/link_window.h"

#include <stdlib.h>

#include "link/link_error.h"
#include "link/link_frame.h"

#define WINDOW_LEAST 8
#define URGENT_SHARE 8 /* one of so many places is for urgent messages alone */

struct place {
    struct uplink uplink; /* message_id is the link's number */
    uint64_t message_id;  /* the gate's */
    bool waits;
};

/* Numbers from `first` on stand in places, one behind the other; `next` is the number of the next message. Some
 * between may be answered already. `unsent` is the first number that this connection has not carried. */
struct link_window {
    uint32_t capacity;
    uint32_t count;
    uint32_t carried;
    uint64_t first;
    uint64_t unsent;
    uint64_t next;
    struct place *places;
};

int link_window_open(uint32_t capacity, struct link_window **out)
{
    if (capacity < WINDOW_LEAST || capacity > LINK_WINDOW_LIMIT)
        return LINK_ERR_BOUND;
    struct link_window *window = calloc(1, sizeof *window);
    struct place *places = calloc(capacity, sizeof *places);
    if (window == NULL || places == NULL) {
        free(window);
        free(places);
        return LINK_ERR_MEMORY;
    }
    *window = (struct link_window){ .capacity = capacity, .first = 1, .unsent = 1, .next = 1, .places = places };
    *out = window;
    return 0;
}

void link_window_close(struct link_window *window)
{
    if (window == NULL)
        return;
    free(window->places);
    free(window);
}

static struct place *place_of(const struct link_window *window, uint64_t number)
{
    return &window->places[number % window->capacity];
}

bool link_window_fits(const struct link_window *window, bool urgent)
{
    uint64_t taken = window->next - window->first;
    return taken < (urgent ? window->capacity : window->capacity - window->capacity / URGENT_SHARE);
}

int link_window_put(struct link_window *window, const struct uplink *uplink)
{
    if (!link_window_fits(window, uplink->urgent))
        return LINK_ERR_FULL;
    struct place *place = place_of(window, window->next);
    place->uplink = *uplink;
    place->message_id = uplink->message_id;
    place->uplink.message_id = window->next;
    place->waits = true;
    window->next++;
    window->count++;
    return 0;
}

const struct uplink *link_window_send(struct link_window *window)
{
    while (window->unsent < window->next) {
        const struct place *place = place_of(window, window->unsent++);
        if (place->waits) {
            window->carried++;
            return &place->uplink;
        }
    }
    return NULL;
}

void link_window_rewind(struct link_window *window)
{
    window->unsent = window->first;
    window->carried = 0;
}

bool link_window_answer(struct link_window *window, uint64_t sequence, bool accepted,
                        struct uplink_acknowledgement *out)
{
    if (sequence < window->first || sequence >= window->unsent)
        return false;
    struct place *place = place_of(window, sequence);
    if (!place->waits)
        return false;
    *out = (struct uplink_acknowledgement){ .message_id = place->message_id,
                                            .device_id = place->uplink.device_id,
                                            .gate = place->uplink.gate,
                                            .accepted = accepted };
    place->waits = false;
    window->count--;
    window->carried--;
    while (window->first < window->unsent && !place_of(window, window->first)->waits)
        window->first++;
    return true;
}

uint32_t link_window_carried(const struct link_window *window)
{
    return window->carried;
}

uint32_t link_window_count(const struct link_window *window)
{
    return window->count;
}
