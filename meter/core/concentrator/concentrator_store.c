/* Parameters, archive, event records: all that is true besides the freezes, in one journal of two halves.
 *
 * The journal is that of meter_journal.h. Its two "sectors" are halves of several sectors of the flash each, the first
 * of them erased first, so that a half whose erasure was cut has no header. */
#include <string.h>

#include "meter/core/concentrator/concentrator_internal.h"

/* A number is never given a new meaning: an old journal must be read rightly by new firmware. */
enum record_type {
    RECORD_ENTRIES = 1,     /* up to three entries of 27 bytes as F10 wrote them; point 0: deleted */
    RECORD_F1 = 2,          /* 6 bytes */
    RECORD_STATIONS = 3,    /* F3, 28 bytes */
    RECORD_READING = 4,     /* a block of F33 */
    RECORD_EVENT_FLAGS = 5, /* F9, 16 bytes */
    RECORD_STATE = 6,
    RECORD_EVENT = 7 /* ring, number, record */
};

#define ENTRY_SIZE Q376_ARCHIVE_ENTRY_SIZE
#define ENTRIES_OF_RECORD 3
#define STATION_SIZE 12 /* two addresses and ports */
#define STATIONS_SIZE (STATION_SIZE + sizeof((struct concentrator_station *)0)->apn)
#define STATE_SIZE 10
#define HALVES 2
#define BYTES_OF_ENTRY 64 /* an entry and room for its changes */
#define BYTES_OF_REST 8192
#define HALF_LIMIT 65536u

/* The next bytes of a record, whose size was checked; as many as are left for 0. */
static struct span take(struct reader *in, size_t size)
{
    struct span bytes = { NULL, 0 };
    (void)!reader_take_span(in, size == 0 ? reader_remaining(in) : size, &bytes);
    return bytes;
}

static void entry_read(void *device, struct reader *in)
{
    (void)archive_put(device, take(in, ENTRY_SIZE).bytes);
}

static void f1_read(void *device, struct reader *in)
{
    struct concentrator *concentrator = device;
    memcpy(concentrator->f1, take(in, sizeof concentrator->f1).bytes, sizeof concentrator->f1);
}

static void event_flags_read(void *device, struct reader *in)
{
    struct concentrator *concentrator = device;
    memcpy(concentrator->event_flags, take(in, sizeof concentrator->event_flags).bytes,
           sizeof concentrator->event_flags);
}

static void stations_write(const struct concentrator *concentrator, struct writer *out)
{
    for (int i = 0; i < 2; i++) {
        writer_put_bytes(out, concentrator->stations[i].ip, 4);
        writer_put_u16le(out, concentrator->stations[i].port);
    }
    writer_put_bytes(out, concentrator->stations[0].apn, sizeof concentrator->stations[0].apn);
}

static void stations_read(void *device, struct reader *in)
{
    struct concentrator *concentrator = device;
    const uint8_t *bytes = take(in, STATIONS_SIZE).bytes;

    for (int i = 0; i < 2; i++) {
        const uint8_t *at = bytes + 6 * i;
        memcpy(concentrator->stations[i].ip, at, 4);
        concentrator->stations[i].port = (uint16_t)(at[4] | at[5] << 8);
        memcpy(concentrator->stations[i].apn, bytes + STATION_SIZE, sizeof concentrator->stations[i].apn);
    }
}

static void reading_read(void *device, struct reader *in)
{
    struct concentrator *concentrator = device;
    struct span payload = take(in, 0);
    struct concentrator_port *port = payload.size > 0 ? port_of_number(concentrator, payload.bytes[0]) : NULL;

    if (port == NULL || payload.size > sizeof port->reading)
        return;
    memset(port->reading, 0, sizeof port->reading);
    memcpy(port->reading, payload.bytes, payload.size);
}

static uint8_t paused_ports(const struct concentrator *concentrator)
{
    unsigned set = 0;
    for (unsigned i = 0; i < CONCENTRATOR_PORT_LIMIT; i++)
        set |= concentrator->ports[i].is_paused ? 1u << i : 0u;
    return (uint8_t)set;
}

static void state_write(const struct concentrator *concentrator, struct writer *out)
{
    for (int i = 0; i < 2; i++) {
        writer_put_u8(out, concentrator->rings[i].counter);
        writer_put_u8(out, concentrator->rings[i].told);
    }
    writer_put_u8(out, concentrator->reports_forbidden ? 1 : 0);
    writer_put_u8(out, paused_ports(concentrator));
    writer_put_u32be(out, concentrator->parameters_set);
}

static void state_read(void *device, struct reader *in)
{
    struct concentrator *concentrator = device;
    const uint8_t *at = take(in, STATE_SIZE).bytes;

    for (int i = 0; i < 2; i++) {
        concentrator->rings[i].counter = at[2 * i];
        concentrator->rings[i].told = at[2 * i + 1];
    }
    concentrator->reports_forbidden = at[4] != 0;
    for (unsigned i = 0; i < CONCENTRATOR_PORT_LIMIT; i++)
        concentrator->ports[i].is_paused = (at[5] >> i & 1u) != 0;
    concentrator->parameters_set =
        (uint32_t)at[6] << 24 | (uint32_t)at[7] << 16 | (uint32_t)at[8] << 8 | (uint32_t)at[9];
}

static void event_read(void *device, struct reader *in)
{
    struct concentrator *concentrator = device;
    struct span payload = take(in, 0);

    if (payload.size < 4 || payload.bytes[0] > RING_GENERAL || payload.size - 2 > CONCENTRATOR_EVENT_SIZE)
        return;
    struct concentrator_event_ring *ring = &concentrator->rings[payload.bytes[0]];
    struct concentrator_event *event = &ring->events[payload.bytes[1] % CONCENTRATOR_EVENT_LIMIT];
    event->size = (uint8_t)(payload.size - 2);
    memcpy(event->bytes, payload.bytes + 2, event->size);
    ring->counter = (uint8_t)(payload.bytes[1] + 1);
}

static const struct meter_journal_row record_rows[] = {
    { entry_read, RECORD_ENTRIES, ENTRY_SIZE },
    { f1_read, RECORD_F1, sizeof((struct concentrator *)0)->f1 },
    { stations_read, RECORD_STATIONS, STATIONS_SIZE },
    { reading_read, RECORD_READING, 0 },
    { event_flags_read, RECORD_EVENT_FLAGS, sizeof((struct concentrator *)0)->event_flags },
    { state_read, RECORD_STATE, STATE_SIZE },
    { event_read, RECORD_EVENT, 0 },
};

static int half_read(void *context, uint32_t offset, void *bytes, uint32_t size)
{
    const struct concentrator_hal *hal = ((struct concentrator *)context)->hal;
    return hal->flash_read(hal->context, offset, bytes, size);
}

static int half_program(void *context, uint32_t offset, const void *bytes, uint32_t size)
{
    const struct concentrator_hal *hal = ((struct concentrator *)context)->hal;
    return hal->flash_program(hal->context, offset, bytes, size);
}

static int half_erase(void *context, uint16_t half)
{
    struct concentrator *concentrator = context;
    const struct concentrator_hal *hal = concentrator->hal;
    uint32_t count = concentrator->journal_hal.flash.sector_size / hal->flash.sector_size;

    for (uint32_t i = 0; i < count; i++)
        if (hal->flash_erase(hal->context, (uint16_t)(half * count + i)) < 0)
            return -1;
    return 0;
}

uint32_t store_bank_size(uint32_t sector_size, uint16_t meters)
{
    uint32_t wanted = (uint32_t)meters * BYTES_OF_ENTRY + BYTES_OF_REST;
    uint32_t size = (wanted + sector_size - 1) / sector_size * sector_size;
    return size <= HALF_LIMIT ? size : HALF_LIMIT / sector_size * sector_size;
}

static int entries_append(struct concentrator *concentrator, const uint8_t *const *entries, size_t count)
{
    uint8_t bytes[ENTRIES_OF_RECORD * ENTRY_SIZE];
    int result = 0;

    for (size_t i = 0; i < count && result == 0; i += ENTRIES_OF_RECORD) {
        struct writer writer = writer_of_buffer(bytes, sizeof bytes);
        for (size_t k = i; k < count && k < i + ENTRIES_OF_RECORD; k++)
            writer_put_bytes(&writer, entries[k], ENTRY_SIZE);
        result = meter_journal_append(&concentrator->journal, RECORD_ENTRIES, writer_span(&writer));
    }
    return result;
}

static int archive_append(struct concentrator *concentrator)
{
    const uint8_t *entries[ENTRIES_OF_RECORD];
    size_t count = 0;
    int result = 0;

    for (uint16_t i = 0; i < concentrator->meter_count && result == 0; i++) {
        if (meter_number(&concentrator->meters[i]) == 0)
            continue;
        entries[count++] = concentrator->meters[i].entry;
        if (count == ENTRIES_OF_RECORD) {
            result = entries_append(concentrator, entries, count);
            count = 0;
        }
    }
    return result == 0 ? entries_append(concentrator, entries, count) : result;
}

static int record_append(struct concentrator *concentrator, enum record_type type, const void *bytes, size_t size)
{
    return meter_journal_append(&concentrator->journal, (uint8_t)type, span_of_bytes(bytes, size));
}

static int state_append(struct concentrator *concentrator)
{
    uint8_t bytes[STATE_SIZE];
    struct writer writer = writer_of_buffer(bytes, sizeof bytes);

    state_write(concentrator, &writer);
    return record_append(concentrator, RECORD_STATE, bytes, writer.size);
}

static int stations_append(struct concentrator *concentrator)
{
    uint8_t bytes[STATIONS_SIZE];
    struct writer writer = writer_of_buffer(bytes, sizeof bytes);

    stations_write(concentrator, &writer);
    return record_append(concentrator, RECORD_STATIONS, bytes, writer.size);
}

static size_t reading_size(const struct concentrator_port *port)
{
    return 14u + 4u * port->reading[13];
}

static int event_append(struct concentrator *concentrator, enum event_ring ring, uint8_t number)
{
    const struct concentrator_event *event = &concentrator->rings[ring].events[number % CONCENTRATOR_EVENT_LIMIT];
    uint8_t bytes[2 + CONCENTRATOR_EVENT_SIZE];
    struct writer writer = writer_of_buffer(bytes, sizeof bytes);

    writer_put_u8(&writer, (uint8_t)ring);
    writer_put_u8(&writer, number);
    writer_put_bytes(&writer, event->bytes, event->size);
    return event->size == 0 ? 0 : record_append(concentrator, RECORD_EVENT, bytes, writer.size);
}

static int events_append(struct concentrator *concentrator)
{
    int result = 0;

    for (unsigned ring = 0; ring < 2; ring++)
        for (unsigned back = CONCENTRATOR_EVENT_LIMIT; back > 0 && result == 0; back--)
            result =
                event_append(concentrator, (enum event_ring)ring, (uint8_t)(concentrator->rings[ring].counter - back));
    return result;
}

/* All that is true. The counters of the state come behind the events, which count as well. */
static int truth_append(void *device)
{
    struct concentrator *concentrator = device;
    int result = archive_append(concentrator);

    if (result == 0)
        result = record_append(concentrator, RECORD_F1, concentrator->f1, sizeof concentrator->f1);
    if (result == 0)
        result = stations_append(concentrator);
    if (result == 0)
        result = record_append(concentrator, RECORD_EVENT_FLAGS, concentrator->event_flags,
                               sizeof concentrator->event_flags);
    for (int i = 0; i < CONCENTRATOR_PORT_LIMIT && result == 0; i++)
        if (concentrator->ports[i].number != 0)
            result = record_append(concentrator, RECORD_READING, concentrator->ports[i].reading,
                                   reading_size(&concentrator->ports[i]));
    if (result == 0)
        result = events_append(concentrator);
    return result == 0 ? state_append(concentrator) : result;
}

int store_rewrite(struct concentrator *concentrator)
{
    concentrator->journal_failed = meter_journal_renew(&concentrator->journal, truth_append, concentrator) < 0;
    if (!concentrator->journal_failed)
        return 0;
    concentrator->counts.flash_errors++;
    return CONCENTRATOR_ERR_FLASH;
}

/* What could not be appended is true in RAM, and so is written with all the rest into the other half. */
static int kept(struct concentrator *concentrator, int result)
{
    return result == 0 && !concentrator->journal_failed ? 0 : store_rewrite(concentrator);
}

int store_entries(struct concentrator *concentrator, const uint8_t *const *entries, size_t count)
{
    return kept(concentrator, entries_append(concentrator, entries, count));
}

int store_f1(struct concentrator *concentrator)
{
    return kept(concentrator, record_append(concentrator, RECORD_F1, concentrator->f1, sizeof concentrator->f1));
}

int store_stations(struct concentrator *concentrator)
{
    return kept(concentrator, stations_append(concentrator));
}

int store_event_flags(struct concentrator *concentrator)
{
    return kept(concentrator, record_append(concentrator, RECORD_EVENT_FLAGS, concentrator->event_flags,
                                            sizeof concentrator->event_flags));
}

int store_reading(struct concentrator *concentrator, const struct concentrator_port *port)
{
    return kept(concentrator, record_append(concentrator, RECORD_READING, port->reading, reading_size(port)));
}

int store_state(struct concentrator *concentrator)
{
    return kept(concentrator, state_append(concentrator));
}

int store_event(struct concentrator *concentrator, enum event_ring ring, uint8_t number)
{
    return kept(concentrator, event_append(concentrator, ring, number));
}

static struct meter_hal journal_hal(struct concentrator *concentrator)
{
    struct meter_hal hal;

    memset(&hal, 0, sizeof hal);
    hal.context = concentrator;
    hal.flash.sector_size = store_bank_size(concentrator->hal->flash.sector_size, concentrator->config.meter_limit);
    hal.flash.sector_count = HALVES;
    hal.flash.program_size = concentrator->hal->flash.program_size;
    hal.flash_read = half_read;
    hal.flash_program = half_program;
    hal.flash_erase = half_erase;
    return hal;
}

int concentrator_store_open(struct concentrator *concentrator)
{
    concentrator->journal_hal = journal_hal(concentrator);
    int result = meter_journal_open(&concentrator->journal, &concentrator->journal_hal);
    if (result == METER_JOURNAL_ERR_EMPTY)
        return store_rewrite(concentrator);
    if (result == METER_JOURNAL_ERR_GEOMETRY)
        return CONCENTRATOR_ERR_CONFIG;
    if (result < 0) {
        concentrator->journal_failed = true;
        return CONCENTRATOR_ERR_FLASH;
    }
    meter_journal_read(&concentrator->journal, record_rows, sizeof record_rows / sizeof record_rows[0], concentrator);
    return 0;
}
