#include "apps/meterworks/line_found.h"

#include <string.h>

void line_found_open(struct line_found *found)
{
    memset(found->searches, 0, sizeof found->searches);
    pthread_mutex_init(&found->lock, NULL);
}

void line_found_close(struct line_found *found)
{
    pthread_mutex_destroy(&found->lock);
}

/* The line's own, else the one begun longest ago; free ones began at 0. */
static struct line_found_search *place_choose(struct line_found *found, uint32_t line_id)
{
    struct line_found_search *place = &found->searches[0];

    for (size_t i = 0; i < LINE_FOUND_SEARCH_LIMIT; i++) {
        struct line_found_search *search = &found->searches[i];
        if (search->line_id == line_id)
            return search;
        if (search->started_s < place->started_s)
            place = search;
    }
    return place;
}

void line_found_begin(struct line_found *found, const struct line_order *order, int64_t now_s)
{
    pthread_mutex_lock(&found->lock);
    struct line_found_search *search = place_choose(found, order->line_id);
    *search = (struct line_found_search){ .line_id = order->line_id, .order_id = order->order_id, .started_s = now_s };
    pthread_mutex_unlock(&found->lock);
}

static void search_note(struct line_found_search *search, const struct uplink *uplink)
{
    for (unsigned i = 0; uplink->kind == UPLINK_ARCHIVE && i < uplink->item_count; i++)
        if (search->count < LINE_FOUND_ROW_LIMIT)
            search->rows[search->count++] = uplink_archive_row_at(uplink, i);
    if (uplink->order_ended) {
        search->ended_s = uplink->received_s;
        search->problem = uplink->problem;
    }
}

void line_found_note(struct line_found *found, const struct uplink *uplink)
{
    if (uplink->kind != UPLINK_ARCHIVE && !uplink->order_ended)
        return;
    pthread_mutex_lock(&found->lock);
    for (size_t i = 0; i < LINE_FOUND_SEARCH_LIMIT; i++)
        if (found->searches[i].line_id != 0 && found->searches[i].order_id == uplink->order_id)
            search_note(&found->searches[i], uplink);
    pthread_mutex_unlock(&found->lock);
}

bool line_found_read(struct line_found *found, uint32_t line_id, struct line_found_search *out)
{
    bool is_there = false;

    pthread_mutex_lock(&found->lock);
    for (size_t i = 0; i < LINE_FOUND_SEARCH_LIMIT && !is_there; i++)
        if (found->searches[i].line_id == line_id) {
            *out = found->searches[i];
            is_there = true;
        }
    pthread_mutex_unlock(&found->lock);
    return is_there;
}
