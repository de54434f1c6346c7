/* Download of the archive to a concentrator (S2-027).
 *
 *   QUEUED --> READING --+-- nothing differs ------------------------------> AGREED
 *                        +-- compared only -------------------------------> DIFFERS
 *                        v                                                     ^
 *                     WRITING --> CHECKING --+-- nothing differs --> AGREED    |
 *                        ^                   +-- still differs, last pass -----+
 *                        +---- once more ----+
 *
 * FAILED from anywhere, when the concentrator is connected and yet does not answer. Each state is stored before its
 * order leaves, so that a restart asks again: reading twice does no harm, and writing an entry twice leaves the same.
 * Entries go ESTATE rows at a time; a set that is denied is sent again one by one, so that the denied one is known. */
#include <string.h>

#include "estate/estate_internal.h"

#define QUEUED_PER_TICK 200
#define RETRY_S 10
#define FULL_RETRY_S 5
#define ORDER_LIFE_S 1200
#define SERIAL_SHIFT 32
#define SERIAL_MASK 0xFFFFFFu

static struct estate_active *active_find(struct estate_room *room, uint32_t line_id)
{
    for (size_t i = 0; i < ESTATE_SYNC_LIMIT; i++)
        if (room->active[i].used && room->active[i].row.device_id == line_id)
            return &room->active[i];
    return NULL;
}

static struct estate_active *active_free(struct estate_room *room)
{
    for (size_t i = 0; i < ESTATE_SYNC_LIMIT; i++)
        if (!room->active[i].used)
            return &room->active[i];
    return NULL;
}

static int active_save(struct estate_room *room, struct estate_active *active)
{
    return undo_save(room->undo, active, sizeof *active) == 0 ? 0 : ESTATE_ERR_FULL;
}

/* Store what changed and tell who listens. */
static int row_store(struct estate_room *room, const struct estate_sync *row)
{
    int error = room->store.sync_write(room->store.context, row);
    if (error == 0 && room->synced)
        error = room->synced(room->listener, row);
    return error < 0 ? error : 0;
}

int estate_sync_ask(struct estate_room *room, uint32_t line_id, bool write, uint32_t person_id, int64_t now_s)
{
    const struct registry_device *device = registry_device_find(room->registry, line_id);
    struct estate_sync row = { .device_id = line_id };
    if (!device || device->removed || device->kind != REGISTRY_KIND_CONCENTRATOR)
        return ESTATE_ERR_CONCENTRATOR;
    int found = room->store.sync_read(room->store.context, line_id, &row);
    if (found < 0)
        return found;
    if (found == 1 && row.finished_s == 0)
        return ESTATE_ERR_SYNC_BUSY;
    row = (struct estate_sync){
        .device_id = line_id,
        .state = ESTATE_SYNC_QUEUED,
        .write = write,
        .requested_by = person_id,
        .requested_s = now_s,
        .round = row.round,
        .agreed_s = row.agreed_s,
    };
    room->sync_position = 0;
    return row_store(room, &row);
}

static int finish(struct estate_room *room, struct estate_active *active, enum estate_sync_state state, int64_t now_s)
{
    active->row.state = (uint8_t)state;
    active->row.finished_s = now_s;
    if (state == ESTATE_SYNC_AGREED)
        active->row.agreed_s = now_s;
    active->used = 0;
    int error = row_store(room, &active->row);
    if (error < 0 || state == ESTATE_SYNC_FAILED)
        return error;
    return estate_condition_tell(room, active->row.device_id, ESTATE_ARCHIVE, state == ESTATE_SYNC_DIFFERS, "", now_s);
}

static int go_on(struct estate_room *room, struct estate_active *active, enum estate_sync_state state, int64_t now_s)
{
    active->row.state = (uint8_t)state;
    active->row.tries = 0;
    active->next_s = now_s;
    if (state == ESTATE_SYNC_READING || state == ESTATE_SYNC_CHECKING)
        active->row.round++;
    return row_store(room, &active->row);
}

static int write_begin(struct estate_room *room, struct estate_active *active, int64_t now_s)
{
    active->passes++;
    active->row.position = 0;
    active->row.denied = 0;
    active->single_until = 0;
    return go_on(room, active, ESTATE_SYNC_WRITING, now_s);
}

/* Not answered well. A concentrator that is away is no failure: the download goes on when it is back. */
static int again(struct estate_room *room, struct estate_active *active, enum line_problem problem, int64_t now_s)
{
    bool away = problem == LINE_PROBLEM_OFFLINE || problem == LINE_PROBLEM_LOST || problem == LINE_PROBLEM_CANCELLED ||
                problem == LINE_PROBLEM_EXPIRED || problem == LINE_PROBLEM_FULL;
    active->next_s = now_s + FULL_RETRY_S;
    if (!away) {
        active->row.tries++;
        active->next_s = now_s + RETRY_S * active->row.tries;
    }
    if (active->row.tries >= ESTATE_SYNC_TRIES)
        return finish(room, active, ESTATE_SYNC_FAILED, now_s);
    return row_store(room, &active->row);
}

static int reading_ended(struct estate_room *room, struct estate_active *active, int64_t now_s)
{
    struct estate_sync *row = &active->row;
    int error = room->store.archive_trim(room->store.context, row->device_id, row->round);
    int count = error < 0 ? error : room->store.archive_difference_count(room->store.context, row->device_id);
    if (count < 0)
        return count;
    row->differences = (uint32_t)count;
    if (count == 0)
        return finish(room, active, ESTATE_SYNC_AGREED, now_s);
    if (row->write && active->passes < ESTATE_SYNC_PASSES)
        return write_begin(room, active, now_s);
    return finish(room, active, ESTATE_SYNC_DIFFERS, now_s);
}

/* The entry is dealt with; is there another? */
static int writing_goes_on(struct estate_room *room, struct estate_active *active, int64_t now_s)
{
    struct uplink_archive_row next;
    active->row.position = active->batch_last;
    int found = room->store.archive_differences(room->store.context, active->row.device_id, active->row.position, &next, 1);
    if (found < 0)
        return found;
    return go_on(room, active, found > 0 ? ESTATE_SYNC_WRITING : ESTATE_SYNC_CHECKING, now_s);
}

static bool is_denial(enum line_problem problem)
{
    return problem == LINE_PROBLEM_DENIED || problem == LINE_PROBLEM_REFUSED || problem == LINE_PROBLEM_UNSUPPORTED ||
           problem == LINE_PROBLEM_PASSWORD;
}

static int writing_ended(struct estate_room *room, struct estate_active *active, enum line_problem problem,
                         int64_t now_s)
{
    if (is_denial(problem) && active->batch_count > 1) {
        active->single_until = active->batch_last;
        return go_on(room, active, ESTATE_SYNC_WRITING, now_s);
    }
    if (is_denial(problem)) {
        active->row.denied++;
        return writing_goes_on(room, active, now_s);
    }
    if (problem != LINE_PROBLEM_NONE && problem != LINE_PROBLEM_PARTIAL)
        return again(room, active, problem, now_s);
    active->row.written += active->batch_count;
    return writing_goes_on(room, active, now_s);
}

static int rows_take(struct estate_room *room, const struct estate_active *active, const struct uplink *uplink)
{
    for (unsigned i = 0; i < uplink->item_count && i < UPLINK_ARCHIVE_LIMIT; i++) {
        struct uplink_archive_row row = uplink_archive_row_at(uplink, i);
        if (row.number == 0 || row.measurement_point == 0)
            continue;
        int error = room->store.archive_write(room->store.context, active->row.device_id, active->row.round, &row);
        if (error < 0)
            return error;
    }
    return 0;
}

/* An empty archive may be answered as "no such data"; many deny it altogether. One that cannot be read at all shows when
 * what was written is checked. */
static bool is_read(const struct estate_active *active, enum line_problem problem)
{
    return problem == LINE_PROBLEM_NONE || problem == LINE_PROBLEM_NO_DATA ||
           (problem == LINE_PROBLEM_DENIED && active->row.state == ESTATE_SYNC_READING);
}

int estate_sync_answer(struct estate_room *room, const struct uplink *uplink, int64_t now_s)
{
    struct estate_active *active = active_find(room, (uint32_t)uplink->order_id);
    enum line_problem problem = (enum line_problem)uplink->problem;
    if (!active || active->order_id != uplink->order_id)
        return 0;
    int error = active_save(room, active);
    bool reads = active->row.state == ESTATE_SYNC_READING || active->row.state == ESTATE_SYNC_CHECKING;
    if (error == 0 && uplink->kind == UPLINK_ARCHIVE && reads)
        error = rows_take(room, active, uplink);
    if (error != 0 || !uplink->order_ended)
        return error;
    active->order_id = 0;
    active->row.problem = (uint8_t)problem;
    if (!reads)
        return writing_ended(room, active, problem, now_s);
    if (!is_read(active, problem))
        return again(room, active, problem, now_s);
    return reading_ended(room, active, now_s);
}

static int take_up(struct estate_room *room, const struct estate_sync *row, int64_t now_s)
{
    struct estate_active *active = active_free(room);
    int error = active_save(room, active);
    if (error != 0)
        return error;
    *active = (struct estate_active){ .row = *row, .used = 1, .passes = row->state > ESTATE_SYNC_READING };
    if (row->state == ESTATE_SYNC_WRITING)
        return go_on(room, active, ESTATE_SYNC_WRITING, now_s);
    return go_on(room, active, row->state == ESTATE_SYNC_CHECKING ? ESTATE_SYNC_CHECKING : ESTATE_SYNC_READING, now_s);
}

/* Unfinished ones of connected concentrators get a turn, in the order of their identifiers, round and round. */
static int queued_take_up(struct estate_room *room, int64_t now_s)
{
    struct estate_sync row;
    for (int i = 0; i < QUEUED_PER_TICK && active_free(room); i++) {
        int found = room->store.sync_next(room->store.context, room->sync_position, &row);
        if (found <= 0) {
            room->sync_position = 0;
            return found;
        }
        room->sync_position = row.device_id;
        if (!estate_connected(room, row.device_id) || active_find(room, row.device_id))
            continue;
        int error = take_up(room, &row, now_s);
        if (error != 0)
            return error;
    }
    return 0;
}

int estate_sync_tick(struct estate_room *room, int64_t now_s)
{
    for (size_t i = 0; i < ESTATE_SYNC_LIMIT; i++) {
        struct estate_active *active = &room->active[i];
        bool forgotten = active->order_id != 0 && now_s - active->sent_s > ESTATE_SYNC_ANSWER_S;
        bool waits = active->order_id == 0 && !estate_connected(room, active->row.device_id);
        if (!active->used || (!forgotten && !waits))
            continue;
        int error = active_save(room, active);
        if (error != 0)
            return error;
        active->order_id = 0;
        /* Its place is for those who are there; the stored row brings it back. */
        active->used = !waits;
        error = forgotten ? again(room, active, LINE_PROBLEM_NO_ANSWER, now_s) : 0;
        if (error < 0)
            return error;
    }
    return queued_take_up(room, now_s);
}

/* Rows of the next writing order; 0: none are left, which the answer before has found out already. */
static int rows_fill(struct estate_room *room, struct estate_active *active, struct line_order *order)
{
    bool single = active->row.position < active->single_until;
    int count = room->store.archive_differences(room->store.context, active->row.device_id, active->row.position,
                                                order->body.archive, single ? 1 : LINE_ARCHIVE_ROW_LIMIT);
    if (count <= 0)
        return count;
    active->batch_count = (uint16_t)count;
    active->batch_last = order->body.archive[count - 1].number;
    order->count = (uint16_t)count;
    order->number = order->body.archive[0].number;
    return count;
}

static bool order_fill(struct estate_room *room, struct estate_active *active, int64_t now_s, struct line_order *out)
{
    struct line_order order = {
        .line_id = active->row.device_id,
        .device_id = active->row.device_id,
        .operation = LINE_ARCHIVE_READ,
        .priority = LINE_PRIORITY_ON_DEMAND,
        .number = 1,
        .expires_s = now_s + ORDER_LIFE_S,
        .zone_offset_s = registry_zone_offset_s(room->registry, active->row.device_id),
    };
    room->serial = (room->serial + 1) & SERIAL_MASK;
    order.order_id = ESTATE_ORDER_SPACE | (uint64_t)room->serial << SERIAL_SHIFT | active->row.device_id;
    if (active->row.state == ESTATE_SYNC_WRITING) {
        order.operation = LINE_ARCHIVE_WRITE;
        if (rows_fill(room, active, &order) <= 0)
            return false;
    }
    *out = order;
    return true;
}

bool estate_order_next(struct estate_room *room, size_t *position, int64_t now_s, struct line_order *out)
{
    while (*position < ESTATE_SYNC_LIMIT) {
        struct estate_active *active = &room->active[(*position)++];
        if (active->used && active->order_id == 0 && active->next_s <= now_s &&
            estate_connected(room, active->row.device_id) && order_fill(room, active, now_s, out))
            return true;
    }
    return false;
}

void estate_order_left(struct estate_room *room, const struct line_order *order, int64_t now_s)
{
    struct estate_active *active = active_find(room, order->line_id);
    if (!active)
        return;
    active->order_id = order->order_id;
    active->sent_s = now_s;
}
