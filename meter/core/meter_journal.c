#include "meter/core/meter_journal.h"

#include <stdbool.h>
#include <string.h>

#include "meter/core/meter_checksum.h"

#define SLOT_SIZE METER_JOURNAL_SLOT_SIZE
#define OVERHEAD METER_JOURNAL_RECORD_OVERHEAD
#define MAGIC UINT32_C(0x4d574a31) /* "MWJ1" */
#define HEADER_SIZE 16
#define HEADER_CHECKED_SIZE 12
#define RECORD_SIZE_LIMIT (METER_JOURNAL_PAYLOAD_LIMIT + OVERHEAD)
#define SECTOR_SIZE_SMALLEST 512
#define SECTOR_SIZE_LARGEST 65536
#define SECTOR_COUNT_LARGEST 256
#define ERASED 0xff

static bool geometry_is_sound(const struct meter_flash_geometry *flash)
{
    bool program_size_is_power = flash->program_size != 0 && (flash->program_size & (flash->program_size - 1)) == 0;
    return flash->sector_size >= SECTOR_SIZE_SMALLEST && flash->sector_size <= SECTOR_SIZE_LARGEST &&
           flash->sector_size % SLOT_SIZE == 0 && flash->sector_count >= 2 &&
           flash->sector_count <= SECTOR_COUNT_LARGEST && program_size_is_power && flash->program_size <= SLOT_SIZE;
}

static uint32_t offset_of_slot(const struct meter_journal *journal, uint16_t sector, uint16_t slot)
{
    return (uint32_t)sector * journal->hal->flash.sector_size + (uint32_t)slot * SLOT_SIZE;
}

static int flash_read(const struct meter_journal *journal, uint16_t slot, void *bytes, uint32_t size)
{
    uint32_t offset = offset_of_slot(journal, journal->sector, slot);
    return journal->hal->flash_read(journal->hal->context, offset, bytes, size);
}

static bool bytes_are_erased(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i] != ERASED)
            return false;
    return true;
}

/* Sequence of a sector with a sound header; 0 without. */
static uint32_t header_read(const struct meter_journal *journal, uint16_t sector, uint32_t *erasures)
{
    uint8_t bytes[HEADER_SIZE];
    const struct meter_hal *hal = journal->hal;
    if (hal->flash_read(hal->context, offset_of_slot(journal, sector, 0), bytes, sizeof bytes) < 0)
        return 0;
    struct reader reader = reader_of_span(span_of_bytes(bytes, sizeof bytes));
    uint32_t magic = 0, sequence = 0, count = 0, checksum = 0;
    bool whole = reader_take_u32be(&reader, &magic) == 0 && reader_take_u32be(&reader, &sequence) == 0 &&
                 reader_take_u32be(&reader, &count) == 0 && reader_take_u32be(&reader, &checksum) == 0;
    if (!whole || magic != MAGIC || checksum != meter_checksum(METER_CHECKSUM_START, bytes, HEADER_CHECKED_SIZE))
        return 0;
    *erasures = count;
    return sequence;
}

/* The first slot after everything that was ever written: a torn record may begin with erased bytes. */
static uint16_t end_find(const struct meter_journal *journal)
{
    uint16_t end = 1;
    for (uint16_t slot = 1; slot < journal->slot_count; slot++) {
        uint8_t bytes[SLOT_SIZE];
        if (flash_read(journal, slot, bytes, sizeof bytes) < 0 || !bytes_are_erased(bytes, sizeof bytes))
            end = (uint16_t)(slot + 1);
    }
    return end;
}

int meter_journal_open(struct meter_journal *journal, const struct meter_hal *hal)
{
    if (!geometry_is_sound(&hal->flash))
        return METER_JOURNAL_ERR_GEOMETRY;
    memset(journal, 0, sizeof *journal);
    journal->hal = hal;
    journal->slot_count = (uint16_t)(hal->flash.sector_size / SLOT_SIZE);
    journal->slot = journal->slot_count;
    journal->in_force = METER_JOURNAL_SECTOR_NONE;
    /* Without any header the first sector to begin is number 0. */
    journal->sector = (uint16_t)(hal->flash.sector_count - 1);
    for (uint16_t sector = 0; sector < hal->flash.sector_count; sector++) {
        uint32_t erasures = 0;
        uint32_t sequence = header_read(journal, sector, &erasures);
        if (sequence > journal->sequence) {
            journal->sequence = sequence;
            journal->erasures = erasures;
            journal->sector = sector;
            journal->in_force = sector;
        }
    }
    if (journal->sequence == 0)
        return METER_JOURNAL_ERR_EMPTY;
    journal->slot = end_find(journal);
    return 0;
}

static uint32_t record_checksum(const struct meter_journal *journal, uint16_t slot, uint8_t type, struct span payload)
{
    uint8_t place[8];
    struct writer writer = writer_of_buffer(place, sizeof place);
    writer_put_u32be(&writer, journal->sequence);
    writer_put_u16be(&writer, slot);
    writer_put_u8(&writer, type);
    writer_put_u8(&writer, (uint8_t)payload.size);
    uint32_t crc = meter_checksum(METER_CHECKSUM_START, place, sizeof place);
    return meter_checksum(crc, payload.bytes, payload.size);
}

static uint16_t slots_of_payload(size_t size)
{
    return (uint16_t)((size + OVERHEAD + SLOT_SIZE - 1) / SLOT_SIZE);
}

/* Slots of the sound record that begins at `slot`; 0 when there is none. */
static uint16_t record_read(const struct meter_journal *journal, uint16_t slot, struct meter_journal_record *out)
{
    uint8_t bytes[RECORD_SIZE_LIMIT];
    if (flash_read(journal, slot, bytes, SLOT_SIZE) < 0 || bytes[1] > METER_JOURNAL_PAYLOAD_LIMIT)
        return 0;
    uint16_t slots = slots_of_payload(bytes[1]);
    if (slots > journal->slot_count - slot)
        return 0;
    if (slots > 1 && flash_read(journal, slot, bytes, (uint32_t)slots * SLOT_SIZE) < 0)
        return 0;
    struct reader reader = reader_of_span(span_of_bytes(bytes + 2, 4));
    uint32_t checksum = 0;
    struct span payload = span_of_bytes(bytes + OVERHEAD, bytes[1]);
    if (reader_take_u32be(&reader, &checksum) < 0 || checksum != record_checksum(journal, slot, bytes[0], payload))
        return 0;
    out->type = bytes[0];
    out->size = bytes[1];
    memcpy(out->payload, payload.bytes, payload.size);
    return slots;
}

int meter_journal_next(const struct meter_journal *journal, uint16_t *slot, struct meter_journal_record *out)
{
    while (*slot < journal->slot) {
        uint16_t slots = record_read(journal, *slot, out);
        *slot = (uint16_t)(*slot + (slots > 0 ? slots : 1));
        if (slots > 0)
            return 1;
    }
    return 0;
}

static void entries_read(const struct meter_journal_row *row, const struct meter_journal_record *record, void *device)
{
    struct reader reader = reader_of_span(span_of_bytes(record->payload, record->size));

    if (row->entry_size != 0 && record->size % row->entry_size != 0)
        return;
    while (reader_remaining(&reader) > 0)
        row->entry_read(device, &reader);
}

void meter_journal_read(const struct meter_journal *journal, const struct meter_journal_row *rows, size_t row_count,
                        void *device)
{
    struct meter_journal_record record;
    uint16_t slot = 1;

    while (meter_journal_next(journal, &slot, &record) > 0)
        for (size_t i = 0; i < row_count; i++)
            if (rows[i].type == record.type)
                entries_read(&rows[i], &record, device);
}

/* Program whole slots of the current sector and look whether they hold. */
static int slots_program(const struct meter_journal *journal, uint16_t slot, const uint8_t *bytes, uint16_t slots)
{
    const struct meter_hal *hal = journal->hal;
    uint32_t size = (uint32_t)slots * SLOT_SIZE;
    if (hal->flash_program(hal->context, offset_of_slot(journal, journal->sector, slot), bytes, size) < 0)
        return METER_JOURNAL_ERR_FLASH;
    for (uint16_t i = 0; i < slots; i++) {
        uint8_t held[SLOT_SIZE];
        uint16_t place = (uint16_t)(slot + i);
        if (flash_read(journal, place, held, sizeof held) < 0 || memcmp(held, bytes + i * SLOT_SIZE, SLOT_SIZE) != 0)
            return METER_JOURNAL_ERR_FLASH;
    }
    return 0;
}

static void record_write(const struct meter_journal *journal, uint8_t type, struct span payload, uint8_t *bytes)
{
    struct writer writer = writer_of_buffer(bytes, RECORD_SIZE_LIMIT);
    memset(bytes, ERASED, RECORD_SIZE_LIMIT);
    writer_put_u8(&writer, type);
    writer_put_u8(&writer, (uint8_t)payload.size);
    writer_put_u32be(&writer, record_checksum(journal, journal->slot, type, payload));
    writer_put_span(&writer, payload);
}

int meter_journal_append(struct meter_journal *journal, uint8_t type, struct span payload)
{
    if (payload.size > METER_JOURNAL_PAYLOAD_LIMIT)
        return METER_JOURNAL_ERR_SIZE;
    uint16_t slots = slots_of_payload(payload.size);
    for (int tries = 0; tries < METER_JOURNAL_PROGRAM_TRIES; tries++) {
        uint8_t bytes[RECORD_SIZE_LIMIT];
        if (slots > journal->slot_count - journal->slot) {
            /* A sector that cannot take over takes nothing more: a smaller record would be kept for nobody. */
            if (journal->sector != journal->in_force)
                journal->slot = journal->slot_count;
            return METER_JOURNAL_ERR_FULL;
        }
        uint16_t slot = journal->slot;
        record_write(journal, type, payload, bytes);
        journal->slot = (uint16_t)(slot + slots);
        if (slots_program(journal, slot, bytes, slots) == 0)
            return 0;
    }
    journal->slot = journal->slot_count;
    return METER_JOURNAL_ERR_FLASH;
}

int meter_journal_gather(struct meter_journal *journal, uint8_t type, struct writer *gathered, size_t entry_size)
{
    if (gathered->size == 0 || entry_size <= gathered->capacity - gathered->size)
        return 0;
    int error = meter_journal_append(journal, type, writer_span(gathered));
    gathered->size = 0;
    return error;
}

int meter_journal_sector_begin(struct meter_journal *journal)
{
    const struct meter_hal *hal = journal->hal;
    uint16_t count = hal->flash.sector_count;
    uint16_t last = journal->sector;
    journal->slot = journal->slot_count;
    for (uint16_t step = 1; step <= count; step++) {
        uint16_t sector = (uint16_t)((last + step) % count);
        /* A sector without a header forgot its count; in a ring it is one erasure behind the one before it. */
        uint32_t erasures = journal->erasures > 0 ? journal->erasures - 1 : 0;
        if (sector == journal->in_force)
            continue;
        header_read(journal, sector, &erasures);
        if (hal->flash_erase(hal->context, sector) < 0)
            continue;
        journal->sector = sector;
        journal->slot = 1;
        journal->sequence++;
        journal->erasures = erasures + 1;
        return 0;
    }
    return METER_JOURNAL_ERR_FLASH;
}

int meter_journal_sector_finish(struct meter_journal *journal)
{
    uint8_t bytes[HEADER_SIZE];
    struct writer writer = writer_of_buffer(bytes, sizeof bytes);
    writer_put_u32be(&writer, MAGIC);
    writer_put_u32be(&writer, journal->sequence);
    writer_put_u32be(&writer, journal->erasures);
    writer_put_u32be(&writer, meter_checksum(METER_CHECKSUM_START, bytes, HEADER_CHECKED_SIZE));
    if (slots_program(journal, 0, bytes, 1) < 0) {
        journal->slot = journal->slot_count;
        return METER_JOURNAL_ERR_FLASH;
    }
    journal->in_force = journal->sector;
    return 0;
}

int meter_journal_renew(struct meter_journal *journal, int (*all_append)(void *device), void *device)
{
    for (uint16_t i = 0; i < journal->hal->flash.sector_count; i++)
        if (meter_journal_sector_begin(journal) == 0 && all_append(device) == 0 &&
            meter_journal_sector_finish(journal) == 0)
            return 0;
    return METER_JOURNAL_ERR_FLASH;
}
