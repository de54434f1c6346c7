#include "apps/meterworks/line_strangers.h"

#include <stdio.h>
#include <string.h>

#include "base/writer.h"

void line_strangers_open(struct line_strangers *strangers)
{
    pthread_mutex_init(&strangers->lock, NULL);
    strangers->count = 0;
}

void line_strangers_close(struct line_strangers *strangers)
{
    pthread_mutex_destroy(&strangers->lock);
}

/* returns  its place, or count */
static size_t stranger_find(const struct line_strangers *strangers, const char *address)
{
    size_t place = 0;

    while (place < strangers->count && strcmp(strangers->rows[place].address, address) != 0)
        place++;
    return place;
}

void line_strangers_put(struct line_strangers *strangers, const char *address, bool is_concentrator,
                        const struct peer_address *from, int64_t now_s)
{
    struct line_stranger row = { .first_s = now_s };
    struct writer writer = writer_of_buffer(row.from, sizeof row.from);
    size_t place;

    peer_address_write(from, &writer);
    writer_terminate(&writer);
    pthread_mutex_lock(&strangers->lock);
    place = stranger_find(strangers, address);
    if (place < strangers->count) {
        row.first_s = strangers->rows[place].first_s;
        row.count = strangers->rows[place].count;
    } else if (strangers->count < LINE_GATE_STRANGER_LIMIT) {
        strangers->count++;
    } else {
        place = LINE_GATE_STRANGER_LIMIT - 1;
    }
    snprintf(row.address, sizeof row.address, "%s", address);
    row.is_concentrator = is_concentrator;
    row.count++;
    row.last_s = now_s;
    memmove(strangers->rows + 1, strangers->rows, place * sizeof row);
    strangers->rows[0] = row;
    pthread_mutex_unlock(&strangers->lock);
}

void line_strangers_forget(struct line_strangers *strangers, const char *address)
{
    pthread_mutex_lock(&strangers->lock);
    size_t place = stranger_find(strangers, address);
    if (place < strangers->count) {
        strangers->count--;
        memmove(strangers->rows + place, strangers->rows + place + 1,
                (strangers->count - place) * sizeof strangers->rows[0]);
    }
    pthread_mutex_unlock(&strangers->lock);
}

size_t line_strangers_read(struct line_strangers *strangers, struct line_stranger *out, size_t limit)
{
    pthread_mutex_lock(&strangers->lock);
    size_t count = strangers->count < limit ? strangers->count : limit;
    memcpy(out, strangers->rows, count * sizeof *out);
    pthread_mutex_unlock(&strangers->lock);
    return count;
}
