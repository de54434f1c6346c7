/* Which meters the concentrator knows (F10): read in blocks, written and read back.
 *
 * An order's rows are a table of the core's; the platform is its master. What a terminal says it has taken is believed
 * when reading back shows it. */
#include "dialog/q376_session_internal.h"

#include <string.h>

#include "codec/q376/q376_request.h"

#define BLOCK_ENTRIES 24    /* of a request: 648 bytes of answer, one message */
#define EMPTY_BLOCK_LIMIT 8 /* nothing in so many blocks: the archive ends here */
#define ARCHIVE_FUNCTION 10
#define TARIFFS_USUAL 4
#define INTEGER_DIGITS_USUAL 6
#define DECIMAL_DIGITS_USUAL 2

_Static_assert(BLOCK_ENTRIES <= UPLINK_ARCHIVE_LIMIT, "a block is one message");

enum { PHASE_WRITE, PHASE_READ, PHASE_DONE };

static struct uplink_archive_row row_of(const struct q376_archive_entry *entry)
{
    struct uplink_archive_row row;

    memset(&row, 0, sizeof row);
    row.address = entry->address;
    row.collector = entry->collector;
    row.number = entry->number;
    row.measurement_point = entry->point;
    row.port = entry->port;
    row.baud_code = entry->baud;
    row.protocol_code = entry->protocol;
    row.tariffs = entry->tariffs;
    row.user_class = (uint8_t)(entry->user_major << 4 | entry->user_minor);
    return row;
}

static struct q376_archive_entry entry_of(const struct uplink_archive_row *row)
{
    struct q376_archive_entry entry;

    memset(&entry, 0, sizeof entry);
    entry.number = row->number;
    entry.point = row->measurement_point;
    entry.baud = row->baud_code;
    entry.port = row->port != 0 ? row->port : 1;
    entry.protocol = row->protocol_code;
    entry.address = row->address;
    entry.tariffs = row->tariffs != 0 ? row->tariffs : TARIFFS_USUAL;
    entry.integer_digits = INTEGER_DIGITS_USUAL;
    entry.decimal_digits = DECIMAL_DIGITS_USUAL;
    entry.collector = row->collector;
    entry.user_major = row->user_class >> 4;
    entry.user_minor = row->user_class & 15;
    return entry;
}

/* The entries of a frame: a count and so many records behind the identifier of p0 F10; a count that is larger than the
 * frame is not believed.
 * returns  how many */
static size_t entries_of(const struct q376_frame *frame, const uint8_t **first)
{
    struct span units = frame->units;
    size_t head = Q376_UNIT_ID_SIZE + 2;

    if (units.size < head)
        return 0;
    struct q376_set functions = q376_functions_of(q376_unit_id_take(units.bytes));
    if (functions.count != 1 || functions.members[0] != ARCHIVE_FUNCTION)
        return 0;
    size_t count = (size_t)(units.bytes[head - 2] | units.bytes[head - 1] << 8);
    size_t there = (units.size - head) / Q376_ARCHIVE_ENTRY_SIZE;
    *first = units.bytes + head;
    return count < there ? count : there;
}

/* Tell the rows of a frame. Empty entries are no rows.
 * returns  rows told; -1: the core takes no more */
static int rows_tell(struct q376_session *session, const struct q376_frame *frame, int64_t now_ms)
{
    const uint8_t *bytes;
    size_t count = entries_of(frame, &bytes);
    struct uplink uplink = q376_uplink_begin(session, UPLINK_ARCHIVE, 0, now_ms);
    int told = 0;

    for (size_t i = 0; i < count; i++) {
        struct q376_archive_entry entry;
        if (q376_archive_entry_decode(bytes + i * Q376_ARCHIVE_ENTRY_SIZE, &entry) < 0 || entry.point == 0)
            continue;
        struct uplink_archive_row row = row_of(&entry);
        if (uplink_archive_row_put(&uplink, &row) < 0) {
            if (!q376_uplink_offer(session, &uplink))
                return -1;
            uplink = q376_uplink_begin(session, UPLINK_ARCHIVE, 0, now_ms);
            (void)uplink_archive_row_put(&uplink, &row);
        }
        told++;
    }
    return uplink.item_count == 0 || q376_uplink_offer(session, &uplink) ? told : -1;
}

/* What is left of the order: `count` entries from `number` on; 0 entries: all, until the archive seems to end. */
static unsigned block_size(const struct line_order *order)
{
    unsigned last = order->count != 0 ? order->number + order->count - 1u : Q376_ARCHIVE_ENTRY_LIMIT;

    if (last > Q376_ARCHIVE_ENTRY_LIMIT)
        last = Q376_ARCHIVE_ENTRY_LIMIT;
    unsigned left = order->number > last ? 0 : last - order->number + 1;
    return left < BLOCK_ENTRIES ? left : BLOCK_ENTRIES;
}

static uint8_t read_ask(struct q376_session *session, struct writer *units, int64_t now_ms)
{
    struct line_order *order = &session->order;
    struct q376_work *work = &session->work;
    uint16_t numbers[BLOCK_ENTRIES];

    (void)now_ms;
    if (order->number == 0)
        order->number = 1;
    unsigned size = work->phase == PHASE_DONE ? 0 : block_size(order);
    if (size == 0) {
        session->problem = work->found > 0 ? LINE_PROBLEM_NONE : work->problem;
        return 0;
    }
    for (unsigned i = 0; i < size; i++)
        numbers[i] = (uint16_t)(order->number + i);
    work->index = (uint16_t)size;
    return q376_archive_query_put(numbers, size, units) == 0 ? Q376_AFN_QUERY : 0;
}

static void block_end(struct q376_session *session, bool is_empty)
{
    struct line_order *order = &session->order;
    struct q376_work *work = &session->work;
    bool is_all = order->count == 0;

    work->empty_blocks = is_empty ? (uint8_t)(work->empty_blocks + 1) : 0;
    if ((is_all && work->empty_blocks >= EMPTY_BLOCK_LIMIT) || (!is_all && order->count <= work->index))
        work->phase = PHASE_DONE;
    order->number = (uint16_t)(order->number + work->index);
    if (!is_all && work->phase != PHASE_DONE)
        order->count = (uint16_t)(order->count - work->index);
}

static bool read_take(struct q376_session *session, const struct q376_frame *frame, bool is_last, int64_t now_ms)
{
    struct q376_work *work = &session->work;
    int told = rows_tell(session, frame, now_ms);

    if (told < 0)
        return false;
    work->found = (uint16_t)(work->found + told);
    work->has_register |= told > 0;
    work->problem = LINE_PROBLEM_NONE; /* an archive without entries is an answer */
    if (is_last) {
        block_end(session, !work->has_register);
        work->has_register = 0;
    }
    return true;
}

/* Some terminals deny what holds no entry. */
static bool read_fail(struct q376_session *session, enum line_problem problem, int64_t now_ms)
{
    (void)now_ms;
    if (problem != LINE_PROBLEM_DENIED) {
        q376_order_end(session, problem);
        return true;
    }
    session->work.problem = (uint8_t)problem;
    block_end(session, true);
    return true;
}

const struct q376_procedure q376_archive_read_procedure = {
    .is_divisible = true, .ask = read_ask, .take = read_take, .fail = read_fail
};

static unsigned row_count(const struct line_order *order)
{
    return order->count < LINE_ARCHIVE_ROW_LIMIT ? order->count : LINE_ARCHIVE_ROW_LIMIT;
}

static uint8_t write_ask(struct q376_session *session, struct writer *units, int64_t now_ms)
{
    const struct line_order *order = &session->order;
    struct q376_work *work = &session->work;
    unsigned count = row_count(order);
    struct q376_archive_entry entries[LINE_ARCHIVE_ROW_LIMIT];
    uint16_t numbers[LINE_ARCHIVE_ROW_LIMIT];

    (void)now_ms;
    for (unsigned i = 0; i < count; i++) {
        entries[i] = entry_of(&order->body.archive[i]);
        numbers[i] = entries[i].number;
    }
    if (work->phase == PHASE_DONE || count == 0) {
        session->problem = work->problem;
        return 0;
    }
    if (work->phase == PHASE_READ)
        return q376_archive_query_put(numbers, count, units) == 0 ? Q376_AFN_QUERY : 0;
    if (q376_archive_put(entries, count, units) != 0) {
        q376_order_end(session, LINE_PROBLEM_UNSUPPORTED);
        return 0;
    }
    return Q376_AFN_SET;
}

static bool entry_is_like(const struct q376_archive_entry *a, const struct q376_archive_entry *b)
{
    return a->point == b->point && a->baud == b->baud && a->port == b->port && a->protocol == b->protocol &&
           a->address == b->address && a->tariffs == b->tariffs && a->collector == b->collector &&
           a->user_major == b->user_major && a->user_minor == b->user_minor;
}

/* Mark the rows that the frame shows as written. */
static uint32_t rows_compare(const struct line_order *order, const struct q376_frame *frame)
{
    const uint8_t *bytes;
    size_t count = entries_of(frame, &bytes);
    uint32_t alike = 0;

    for (size_t i = 0; i < count; i++) {
        struct q376_archive_entry entry;
        if (q376_archive_entry_decode(bytes + i * Q376_ARCHIVE_ENTRY_SIZE, &entry) < 0)
            continue;
        for (unsigned row = 0; row < row_count(order); row++) {
            struct q376_archive_entry wanted = entry_of(&order->body.archive[row]);
            if (wanted.number == entry.number && entry_is_like(&wanted, &entry))
                alike |= UINT32_C(1) << row;
            if (wanted.number == entry.number && wanted.point != entry.point)
                alike |= UINT32_C(1) << (row + LINE_ARCHIVE_ROW_LIMIT); /* it is there, and is not what it should be */
        }
    }
    return alike;
}

/* A row is right when it is there as written; an emptied entry is right as well when it is not there. */
static bool rows_are_right(const struct line_order *order, uint32_t seen)
{
    for (unsigned row = 0; row < row_count(order); row++) {
        bool is_alike = (seen >> row & 1) != 0, is_other = (seen >> (row + LINE_ARCHIVE_ROW_LIMIT) & 1) != 0;
        bool is_emptied = order->body.archive[row].measurement_point == 0;
        if (is_emptied ? is_other : !is_alike)
            return false;
    }
    return true;
}

static bool write_take(struct q376_session *session, const struct q376_frame *frame, bool is_last, int64_t now_ms)
{
    struct q376_work *work = &session->work;

    if (work->phase == PHASE_WRITE) {
        work->phase = PHASE_READ;
        work->answered = 0;
        return true;
    }
    if (rows_tell(session, frame, now_ms) < 0)
        return false;
    work->answered |= rows_compare(&session->order, frame);
    if (is_last) {
        work->phase = PHASE_DONE;
        work->problem = rows_are_right(&session->order, work->answered) ? LINE_PROBLEM_NONE : LINE_PROBLEM_PARTIAL;
    }
    return true;
}

/* Reading back is denied when all of the entries are empty now; else nobody knows what was written. */
static bool write_fail(struct q376_session *session, enum line_problem problem, int64_t now_ms)
{
    bool is_read = session->work.phase == PHASE_READ && problem == LINE_PROBLEM_DENIED;

    (void)now_ms;
    q376_order_end(session, !is_read                             ? problem
                            : rows_are_right(&session->order, 0) ? LINE_PROBLEM_NONE
                                                                 : LINE_PROBLEM_PARTIAL);
    return true;
}

const struct q376_procedure q376_archive_write_procedure = { .ask = write_ask, .take = write_take, .fail = write_fail };
