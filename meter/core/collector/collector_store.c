/* Archive and settings as records of the journal. */
#include "meter/core/collector/collector_internal.h"

#include <string.h>

/* Types of records. A number is never given a new meaning. */
enum record_type {
    RECORD_SETTINGS = 1, /* address 6, poll minutes u16 */
    RECORD_ENTRIES = 2   /* any number of: place u8, entry 10 */
};

#define SETTINGS_SIZE 8
#define PLACED_SIZE (1 + COLLECTOR_ENTRY_SIZE)
#define BAUD_100_LOWEST 3
#define BAUD_100_HIGHEST 192

void collector_entry_write(const struct collector_entry *entry, struct writer *out)
{
    writer_put_u8(out, entry->protocol);
    writer_put_u8(out, entry->baud_100);
    writer_put_u8(out, entry->type);
    writer_put_bytes(out, entry->address, sizeof entry->address);
}

bool collector_entry_is_allowed(const struct collector_entry *entry)
{
    bool is_speed = entry->baud_100 >= BAUD_100_LOWEST && entry->baud_100 <= BAUD_100_HIGHEST;
    bool is_everybody = memcmp(entry->address, dlt645_address_broadcast.bytes, DLT645_ADDRESS_SIZE) == 0;
    bool is_address =
        entry->protocol == COLLECTOR_CJT188 || (entry->address[DLT645_ADDRESS_SIZE] == 0 && !is_everybody);
    return entry->protocol == COLLECTOR_NONE || (entry->protocol < COLLECTOR_PROTOCOL_COUNT && is_speed && is_address);
}

int collector_entry_read(struct span bytes, struct collector_entry *out)
{
    struct collector_entry entry = { bytes.bytes[0], bytes.bytes[1], bytes.bytes[2], { 0 } };
    memcpy(entry.address, bytes.bytes + 3, sizeof entry.address);
    if (!collector_entry_is_allowed(&entry))
        return COLLECTOR_ERR_CONFIG;
    if (entry.protocol == COLLECTOR_NONE)
        memset(&entry, 0, sizeof entry);
    *out = entry;
    return 0;
}

static void settings_read(void *device, struct reader *in)
{
    struct collector *collector = device;
    struct span address;
    uint16_t minutes;
    if (reader_take_span(in, DLT645_ADDRESS_SIZE, &address) < 0 || reader_take_u16be(in, &minutes) < 0)
        return;
    memcpy(collector->address.bytes, address.bytes, DLT645_ADDRESS_SIZE);
    collector->poll_minutes = minutes;
}

static void entry_read(void *device, struct reader *in)
{
    struct collector *collector = device;
    struct span bytes;
    uint8_t place;
    if (reader_take_u8(in, &place) < 0 || reader_take_span(in, COLLECTOR_ENTRY_SIZE, &bytes) < 0 ||
        place >= COLLECTOR_METER_LIMIT)
        return;
    (void)collector_entry_read(bytes, &collector->entries[place]);
}

static const struct meter_journal_row record_rows[] = {
    { settings_read, RECORD_SETTINGS, SETTINGS_SIZE },
    { entry_read, RECORD_ENTRIES, PLACED_SIZE },
};

static int put_settings(struct collector *collector)
{
    uint8_t bytes[SETTINGS_SIZE];
    struct writer payload = writer_of_buffer(bytes, sizeof bytes);
    writer_put_bytes(&payload, collector->address.bytes, sizeof collector->address.bytes);
    writer_put_u16be(&payload, collector->poll_minutes);
    return meter_journal_append(&collector->journal, RECORD_SETTINGS, writer_span(&payload));
}

static void placed_write(const struct collector *collector, uint8_t place, struct writer *out)
{
    writer_put_u8(out, place);
    collector_entry_write(&collector->entries[place], out);
}

static int put_entry(struct collector *collector, uint8_t place)
{
    uint8_t bytes[PLACED_SIZE];
    struct writer payload = writer_of_buffer(bytes, sizeof bytes);
    placed_write(collector, place, &payload);
    return meter_journal_append(&collector->journal, RECORD_ENTRIES, writer_span(&payload));
}

/* All places that are taken, as many to a record as fit. */
static int put_entries(struct collector *collector)
{
    uint8_t bytes[METER_JOURNAL_PAYLOAD_LIMIT];
    struct writer gathered = writer_of_buffer(bytes, sizeof bytes);
    int error = 0;
    for (uint8_t place = 0; place < COLLECTOR_METER_LIMIT && error == 0; place++) {
        if (collector->entries[place].protocol == COLLECTOR_NONE)
            continue;
        placed_write(collector, place, &gathered);
        error = meter_journal_gather(&collector->journal, RECORD_ENTRIES, &gathered, PLACED_SIZE);
    }
    return error < 0 ? error
                     : meter_journal_gather(&collector->journal, RECORD_ENTRIES, &gathered, METER_JOURNAL_NO_ENTRY);
}

static int put_all(void *device)
{
    int error = put_settings(device);
    return error < 0 ? error : put_entries(device);
}

/* A record that did not fit is in the new sector already: RAM was changed first. */
static int appended(struct collector *collector, int error)
{
    if (error != 0)
        error = meter_journal_renew(&collector->journal, put_all, collector);
    collector->flash_failed = error != 0;
    return error != 0 ? COLLECTOR_ERR_FLASH : 0;
}

int collector_entry_change(struct collector *collector, uint8_t place, const struct collector_entry *entry)
{
    struct collector_entry before = collector->entries[place];
    collector->entries[place] = *entry;
    if (appended(collector, put_entry(collector, place)) < 0) {
        collector->entries[place] = before;
        return COLLECTOR_ERR_FLASH;
    }
    collector->cached[place].size = 0; /* it was another meter's */
    return 0;
}

int collector_settings_change(struct collector *collector, const struct dlt645_address *address, uint16_t poll_minutes)
{
    struct dlt645_address address_before = collector->address;
    uint16_t minutes_before = collector->poll_minutes;
    collector->address = *address;
    collector->poll_minutes = poll_minutes;
    if (appended(collector, put_settings(collector)) == 0)
        return 0;
    collector->address = address_before;
    collector->poll_minutes = minutes_before;
    return COLLECTOR_ERR_FLASH;
}

int collector_load(struct collector *collector)
{
    int error = meter_journal_open(&collector->journal, collector->hal->flash);
    if (error == METER_JOURNAL_ERR_GEOMETRY)
        return COLLECTOR_ERR_CONFIG;
    if (error != 0)
        return appended(collector, error);
    meter_journal_read(&collector->journal, record_rows, sizeof record_rows / sizeof record_rows[0], collector);
    return 0;
}
