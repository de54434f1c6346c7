/* The meter archive (AFN 04 and 0A, F10): entries as they were written, found by number and by point. */
#include <string.h>

#include "codec/bcd/bcd.h"
#include "meter/core/concentrator/concentrator_internal.h"

#define ENTRY_SIZE Q376_ARCHIVE_ENTRY_SIZE
#define COUNT_SIZE 2
#define ARCHIVE_FUNCTION 10
#define DELETIONS_AT_ONCE 30 /* entries of one step of deleting */

static uint16_t word_at(const uint8_t *entry, size_t at)
{
    return (uint16_t)(entry[at] | entry[at + 1] << 8);
}

uint16_t meter_number(const struct concentrator_meter *meter)
{
    return word_at(meter->entry, ENTRY_NUMBER);
}

uint16_t meter_point(const struct concentrator_meter *meter)
{
    return word_at(meter->entry, ENTRY_POINT);
}

uint8_t meter_port(const struct concentrator_meter *meter)
{
    return meter->entry[ENTRY_PORT] & 0x1f;
}

uint8_t meter_protocol(const struct concentrator_meter *meter)
{
    return meter->entry[ENTRY_PROTOCOL];
}

bool meter_is_polled(const struct concentrator_meter *meter)
{
    switch (meter_number(meter) == 0 ? CONCENTRATOR_PROTOCOL_NONE : meter_protocol(meter)) {
    case CONCENTRATOR_PROTOCOL_DLT645_1997:
    case CONCENTRATOR_PROTOCOL_DLT645_2007:
    case CONCENTRATOR_PROTOCOL_CARRIER:
    case CONCENTRATOR_PROTOCOL_CJT188:
        return true;
    default:
        return false;
    }
}

uint8_t meter_tariffs(const struct concentrator_meter *meter)
{
    uint8_t tariffs = meter->entry[ENTRY_TARIFFS] & 0x3f;

    if (meter_protocol(meter) == CONCENTRATOR_PROTOCOL_CJT188)
        return 0;
    return tariffs < CONCENTRATOR_TARIFF_LIMIT ? tariffs : CONCENTRATOR_TARIFF_LIMIT;
}

struct concentrator_meter *meter_of_point(struct concentrator *concentrator, unsigned point)
{
    uint16_t place = point == 0 || point > Q376_POINT_LIMIT ? PLACE_NONE : concentrator->place_of_point[point];
    return place == PLACE_NONE ? NULL : &concentrator->meters[place];
}

/* The place of an entry number, a free one, or NULL. */
static struct concentrator_meter *meter_of_number(struct concentrator *concentrator, uint16_t number)
{
    struct concentrator_meter *free_place = NULL;

    for (uint16_t i = 0; i < concentrator->config.meter_limit; i++) {
        struct concentrator_meter *meter = &concentrator->meters[i];
        uint16_t held = meter_number(meter);
        if (held == number)
            return meter;
        if (held == 0 && free_place == NULL)
            free_place = meter;
    }
    return free_place;
}

void archive_index(struct concentrator *concentrator)
{
    memset(concentrator->place_of_point, 0xff, sizeof concentrator->place_of_point);
    concentrator->meter_count = 0;
    concentrator->alive = 0;
    for (uint16_t i = 0; i < concentrator->config.meter_limit; i++) {
        if (meter_number(&concentrator->meters[i]) == 0)
            continue;
        concentrator->place_of_point[meter_point(&concentrator->meters[i])] = i;
        concentrator->meter_count = (uint16_t)(i + 1);
        concentrator->alive++;
    }
}

static void curve_release(struct concentrator *concentrator, struct concentrator_meter *meter)
{
    if (meter->curve != CURVE_NONE)
        concentrator->curves[meter->curve].meter = PLACE_NONE;
    meter->curve = CURVE_NONE;
}

static void curve_claim(struct concentrator *concentrator, struct concentrator_meter *meter)
{
    if (meter->entry[ENTRY_CLASS] >> 4 != concentrator->config.curve_class)
        return;
    for (uint8_t i = 0; i < CONCENTRATOR_CURVE_LIMIT && meter->curve == CURVE_NONE; i++) {
        struct concentrator_curve *curve = &concentrator->curves[i];
        if (curve->meter != PLACE_NONE)
            continue;
        memset(curve->values, 0xff, sizeof curve->values);
        curve->meter = (uint16_t)(meter - concentrator->meters);
        curve->day = DAY_NONE;
        meter->curve = i;
    }
}

void archive_freezes_begin(const struct concentrator *concentrator, struct concentrator_meter *meter)
{
    uint8_t protocol = meter_protocol(meter);
    bool freezes = protocol == CONCENTRATOR_PROTOCOL_DLT645_2007 || protocol == CONCENTRATOR_PROTOCOL_CARRIER;

    meter->days_lost = concentrator->config.backfill_days > 31 ? 0 : ~UINT32_C(0) << concentrator->config.backfill_days;
    meter->freeze_source = freezes ? FREEZE_DAILY : FREEZE_REGISTER;
}

/* Another meter hangs there now: what was held of the old one is not the new one's. */
static void meter_begin(struct concentrator *concentrator, struct concentrator_meter *meter, const uint8_t *entry)
{
    memset(meter, 0, sizeof *meter);
    memset(meter->registers.values, 0xff, sizeof meter->registers.values);
    meter->curve = CURVE_NONE;
    memcpy(meter->entry, entry, ENTRY_SIZE);
    archive_freezes_begin(concentrator, meter);
    if (meter_number(meter) != 0)
        curve_claim(concentrator, meter);
}

static bool is_same_meter(const uint8_t *a, const uint8_t *b)
{
    return memcmp(a + ENTRY_ADDRESS, b + ENTRY_ADDRESS, ENTRY_PASSWORD - ENTRY_ADDRESS) == 0 &&
           a[ENTRY_PROTOCOL] == b[ENTRY_PROTOCOL] && word_at(a, ENTRY_POINT) == word_at(b, ENTRY_POINT) &&
           a[ENTRY_CLASS] == b[ENTRY_CLASS];
}

bool archive_put(struct concentrator *concentrator, const uint8_t *entry)
{
    static const uint8_t nothing[ENTRY_SIZE];
    struct concentrator_meter *meter = meter_of_number(concentrator, word_at(entry, ENTRY_NUMBER));
    bool deletes = word_at(entry, ENTRY_POINT) == 0;

    if (meter == NULL || word_at(entry, ENTRY_NUMBER) == 0 || word_at(entry, ENTRY_POINT) > Q376_POINT_LIMIT)
        return false;
    if (meter_number(meter) != 0 && !deletes && is_same_meter(meter->entry, entry)) {
        memcpy(meter->entry, entry, ENTRY_SIZE);
        return true;
    }
    curve_release(concentrator, meter);
    meter_begin(concentrator, meter, deletes ? nothing : entry);
    return true;
}

static bool entry_is_legal(struct concentrator *concentrator, const uint8_t *entry)
{
    struct q376_archive_entry decoded;

    if (q376_archive_entry_decode(entry, &decoded) < 0 || decoded.number < 1 ||
        decoded.number > Q376_ARCHIVE_ENTRY_LIMIT || decoded.point > Q376_POINT_LIMIT)
        return false;
    return decoded.point == 0 || port_of_number(concentrator, decoded.port) != NULL;
}

/* The last entry of a number that a request writes; NULL: it writes none. */
static const uint8_t *entry_of_request(struct span entries, uint16_t number)
{
    for (size_t at = entries.size; at >= ENTRY_SIZE; at -= ENTRY_SIZE)
        if (word_at(entries.bytes + at - ENTRY_SIZE, ENTRY_NUMBER) == number)
            return entries.bytes + at - ENTRY_SIZE;
    return NULL;
}

/* Two entries must not hold one point when all of the request is written. */
static bool point_is_taken(struct concentrator *concentrator, struct span entries, const uint8_t *entry)
{
    uint16_t number = word_at(entry, ENTRY_NUMBER), point = word_at(entry, ENTRY_POINT);
    const struct concentrator_meter *holder = meter_of_point(concentrator, point);

    if (point == 0)
        return false;
    for (size_t at = 0; at < entries.size; at += ENTRY_SIZE) {
        const uint8_t *other = entries.bytes + at;
        if (word_at(other, ENTRY_POINT) == point && word_at(other, ENTRY_NUMBER) != number &&
            entry_of_request(entries, word_at(other, ENTRY_NUMBER)) == other)
            return true;
    }
    return holder != NULL && meter_number(holder) != number && entry_of_request(entries, meter_number(holder)) == NULL;
}

static bool number_is_held(struct concentrator *concentrator, uint16_t number)
{
    const struct concentrator_meter *meter = meter_of_number(concentrator, number);
    return meter != NULL && meter_number(meter) == number;
}

/* Meters that there would be afterwards. */
static unsigned count_afterwards(struct concentrator *concentrator, struct span entries)
{
    unsigned count = concentrator->alive;

    for (size_t at = 0; at < entries.size; at += ENTRY_SIZE) {
        const uint8_t *entry = entries.bytes + at;
        uint16_t number = word_at(entry, ENTRY_NUMBER);
        if (entry_of_request(entries, number) != entry)
            continue;
        bool was_held = number_is_held(concentrator, number), stays = word_at(entry, ENTRY_POINT) != 0;
        count = count + (stays ? 1u : 0u) - (was_held ? 1u : 0u);
    }
    return count;
}

static bool request_is_legal(struct concentrator *concentrator, struct span entries)
{
    for (size_t at = 0; at < entries.size; at += ENTRY_SIZE)
        if (!entry_is_legal(concentrator, entries.bytes + at) ||
            point_is_taken(concentrator, entries, entries.bytes + at))
            return false;
    return count_afterwards(concentrator, entries) <= concentrator->config.meter_limit;
}

/* What a request changes, deletions first, so that there is always a place. An entry that is deleted and was never held
 * changes nothing. */
static size_t request_order(struct concentrator *concentrator, struct span records, const uint8_t **entries)
{
    size_t count = 0;

    for (int pass = 0; pass < 2; pass++)
        for (size_t at = 0; at < records.size; at += ENTRY_SIZE) {
            const uint8_t *entry = records.bytes + at;
            uint16_t number = word_at(entry, ENTRY_NUMBER);
            bool deletes = word_at(entry, ENTRY_POINT) == 0;
            if (deletes == (pass == 0) && entry_of_request(records, number) == entry &&
                (!deletes || number_is_held(concentrator, number)))
                entries[count++] = entry;
        }
    return count;
}

/* RAM first, then flash; when flash does not take it, RAM is read from there again. */
static int entries_write(struct concentrator *concentrator, const uint8_t *const *entries, size_t count)
{
    for (int i = 0; i < CONCENTRATOR_PORT_LIMIT; i++)
        port_abandon(concentrator, &concentrator->ports[i]);
    jobs_settle(concentrator);
    for (size_t i = 0; i < count; i++)
        archive_put(concentrator, entries[i]);
    int result = store_entries(concentrator, entries, count);
    if (result < 0) {
        archive_clear(concentrator);
        (void)concentrator_store_open(concentrator);
    }
    archive_index(concentrator);
    shelf_load(concentrator);
    port_wake(concentrator);
    return result;
}

int archive_write(struct concentrator *concentrator, struct span data)
{
    const uint8_t *entries[CONCENTRATOR_FRAME_LIMIT / ENTRY_SIZE];
    size_t count = data.size < COUNT_SIZE ? 0 : word_at(data.bytes, 0);

    if (count == 0 || data.size != COUNT_SIZE + count * ENTRY_SIZE || count > sizeof entries / sizeof entries[0])
        return CONCENTRATOR_ERR_CONFIG;
    struct span records = span_of_bytes(data.bytes + COUNT_SIZE, count * ENTRY_SIZE);
    if (concentrator->journal_failed || !request_is_legal(concentrator, records))
        return CONCENTRATOR_ERR_CONFIG;
    count = request_order(concentrator, records, entries);
    return entries_write(concentrator, entries, count);
}

int concentrator_archive_enter(struct concentrator *concentrator, const struct q376_archive_entry *entries,
                               size_t count)
{
    uint8_t bytes[Q376_UNIT_ID_SIZE + COUNT_SIZE + CONCENTRATOR_ENTRIES_AT_ONCE * ENTRY_SIZE];
    struct writer units = writer_of_buffer(bytes, sizeof bytes);

    if (count > CONCENTRATOR_ENTRIES_AT_ONCE || q376_archive_put(entries, count, &units) < 0)
        return CONCENTRATOR_ERR_CONFIG;
    return archive_write(concentrator, span_of_bytes(bytes + Q376_UNIT_ID_SIZE, units.size - Q376_UNIT_ID_SIZE));
}

/* Up to DELETIONS_AT_ONCE entries of a port, written as deleted.
 * returns  how many */
static size_t deletions_gather(const struct concentrator *concentrator, uint8_t port, uint8_t bytes[][ENTRY_SIZE],
                               const uint8_t **entries)
{
    size_t count = 0;

    for (uint16_t i = 0; i < concentrator->meter_count && count < DELETIONS_AT_ONCE; i++) {
        const struct concentrator_meter *meter = &concentrator->meters[i];
        if (meter_number(meter) == 0 || meter_port(meter) != port)
            continue;
        memset(bytes[count], 0, ENTRY_SIZE);
        memcpy(bytes[count], meter->entry, ENTRY_POINT);
        entries[count] = bytes[count];
        count++;
    }
    return count;
}

int archive_delete_port(struct concentrator *concentrator, uint8_t port)
{
    uint8_t bytes[DELETIONS_AT_ONCE][ENTRY_SIZE];
    const uint8_t *entries[DELETIONS_AT_ONCE];
    size_t count = DELETIONS_AT_ONCE;
    int result = 0;

    if (port_of_number(concentrator, port) == NULL || concentrator->journal_failed)
        return CONCENTRATOR_ERR_CONFIG;
    while (count == DELETIONS_AT_ONCE && result == 0) {
        count = deletions_gather(concentrator, port, bytes, entries);
        result = entries_write(concentrator, entries, count);
    }
    return result;
}

void archive_clear(struct concentrator *concentrator)
{
    static const uint8_t nothing[ENTRY_SIZE];

    for (uint16_t i = 0; i < CONCENTRATOR_CURVE_LIMIT; i++)
        concentrator->curves[i].meter = PLACE_NONE;
    for (uint16_t i = 0; i < CONCENTRATOR_METER_LIMIT; i++)
        meter_begin(concentrator, &concentrator->meters[i], nothing);
    archive_index(concentrator);
}

/* Entries that a query names; one that is not held is left out. */
static size_t entry_serve(struct answer *answer, uint16_t number, size_t at)
{
    struct writer *units = &answer->units;
    const struct concentrator_meter *meter = meter_of_number(answer->concentrator, number);

    if (meter == NULL || number == 0 || meter_number(meter) != number)
        return at;
    if (at != 0 && units->size + ENTRY_SIZE > units->capacity) {
        answer_flush(answer);
        at = 0;
    }
    if (at == 0) {
        if (units->size + Q376_UNIT_ID_SIZE + COUNT_SIZE + ENTRY_SIZE > units->capacity)
            answer_flush(answer);
        (void)!q376_unit_put(0, ARCHIVE_FUNCTION, units);
        at = units->size;
        writer_put_u16le(units, 0);
        answer->served++;
    }
    writer_put_bytes(units, meter->entry, ENTRY_SIZE);
    uint16_t count = (uint16_t)(word_at(units->bytes, at) + 1);
    units->bytes[at] = (uint8_t)count;
    units->bytes[at + 1] = (uint8_t)(count >> 8);
    return at;
}

void archive_serve(struct answer *answer, struct span data)
{
    struct concentrator *concentrator = answer->concentrator;
    size_t at = 0;

    if (data.size >= COUNT_SIZE)
        for (size_t i = COUNT_SIZE; i + 1 < data.size; i += 2)
            at = entry_serve(answer, word_at(data.bytes, i), at);
    else
        for (uint16_t i = 0; i < concentrator->meter_count; i++)
            at = entry_serve(answer, meter_number(&concentrator->meters[i]), at);
    /* None of them: that is an answer, not a denial. */
    if (at == 0 && answer->units.size + Q376_UNIT_ID_SIZE + COUNT_SIZE <= answer->units.capacity &&
        q376_unit_put(0, ARCHIVE_FUNCTION, &answer->units) == 0) {
        writer_put_u16le(&answer->units, 0);
        answer->served++;
    }
}
