/* A log of small records in flash that survives loss of power between and within any two flash operations.
 *
 * The flash is a ring of sectors; exactly one is current and holds everything that is true:
 *
 *   slot 0   header: magic "MWJ1", sequence u32, erasures u32, CRC-32 of the 12 bytes before
 *   slot 1.. records, each in whole slots of 16 bytes: type u8, size u8, CRC-32, payload, 0xFF up to the slot's end
 *
 * Numbers are big endian. A record's CRC covers the sector's sequence, the slot's number, type, size and payload, so
 * that a record can be believed only where and when it was written. What is damaged is passed over slot by slot.
 *
 * A full sector is left in four steps: erase the next; write all that is true as records; write the header; only now
 * is the new sector current, because the header with the highest sequence wins. Losing power before the header leaves
 * the old sector in force. */
#ifndef METER_CORE_METER_JOURNAL_H
#define METER_CORE_METER_JOURNAL_H

#include <stdint.h>

#include "base/reader.h"
#include "base/span.h"
#include "base/writer.h"
#include "meter/hal.h"

#define METER_JOURNAL_SLOT_SIZE 16
#define METER_JOURNAL_RECORD_OVERHEAD 6
#define METER_JOURNAL_PAYLOAD_LIMIT 106 /* 7 slots with the overhead */
#define METER_JOURNAL_SECTOR_NONE UINT16_MAX
#define METER_JOURNAL_PROGRAM_TRIES 3   /* places tried when the flash does not read back what was written */

#define METER_JOURNAL_ERRORS(ROW) \
    ROW(METER_JOURNAL_ERR_GEOMETRY, -1, "the flash geometry is outside its bounds") \
    ROW(METER_JOURNAL_ERR_EMPTY, -2, "no sector holds a journal") \
    ROW(METER_JOURNAL_ERR_FULL, -3, "the sector is full") \
    ROW(METER_JOURNAL_ERR_FLASH, -4, "the flash does not keep what is written") \
    ROW(METER_JOURNAL_ERR_SIZE, -5, "the record is too long")

#define METER_JOURNAL_ERROR_ENUM(name, value, text) name = (value),
enum meter_journal_error { METER_JOURNAL_ERRORS(METER_JOURNAL_ERROR_ENUM) };
#undef METER_JOURNAL_ERROR_ENUM

struct meter_journal {
    const struct meter_hal *hal;
    uint32_t sequence; /* of the sector written to */
    uint32_t erasures; /* of the sector written to, over its life */
    uint16_t in_force; /* sector that holds all that is true: never erased; METER_JOURNAL_SECTOR_NONE */
    uint16_t sector;   /* written to; another one than in_force between begin and finish */
    uint16_t slot;     /* next free */
    uint16_t slot_count; /* of a sector */
};

struct meter_journal_record {
    uint8_t type;
    uint8_t size;
    uint8_t payload[METER_JOURNAL_PAYLOAD_LIMIT];
};

/* Find the current sector and the end of what is written there.
 * returns  0; METER_JOURNAL_ERR_EMPTY: begin a sector; METER_JOURNAL_ERR_GEOMETRY; METER_JOURNAL_ERR_FLASH */
int meter_journal_open(struct meter_journal *journal, const struct meter_hal *hal);

/* Read the records of the current sector, oldest first.
 * slot     where to look, 1 at the start; moved on
 * returns  1 and *out; 0 at the end */
int meter_journal_next(const struct meter_journal *journal, uint16_t *slot, struct meter_journal_record *out);

/* How a device reads its records of one type, entry by entry. */
struct meter_journal_row {
    void (*entry_read)(void *device, struct reader *in); /* takes entry_size bytes, which are there */
    uint8_t type;
    uint8_t entry_size; /* 0: one entry, as long as the record */
};

/* Read all records of the current sector into the device, oldest first. A record of no row, or that is no whole number
 * of entries, comes from other firmware and is passed over. */
void meter_journal_read(const struct meter_journal *journal, const struct meter_journal_row *rows, size_t row_count,
                        void *device);

/* Write one record; it is in flash when this returns 0.
 * returns  0; METER_JOURNAL_ERR_FULL, METER_JOURNAL_ERR_FLASH: begin a sector, this one takes no more;
 *          METER_JOURNAL_ERR_SIZE */
int meter_journal_append(struct meter_journal *journal, uint8_t type, struct span payload);

/* Append what was gathered when no further entry fits behind it, and begin to gather anew.
 * entry_size  of the next one; METER_JOURNAL_NO_ENTRY: there is none
 * returns     as meter_journal_append */
#define METER_JOURNAL_NO_ENTRY SIZE_MAX
int meter_journal_gather(struct meter_journal *journal, uint8_t type, struct writer *gathered, size_t entry_size);

/* Everything that is true into another sector, with as many tries as there are sectors.
 * all_append  appends it; 0, or why it could not
 * returns     0; METER_JOURNAL_ERR_FLASH: the old sector stays in force, and takes no more */
int meter_journal_renew(struct meter_journal *journal, int (*all_append)(void *device), void *device);

/* The two steps of that. Erase the next sector that lets itself be erased; appended records go there. The old one stays in force.
 * returns  0; METER_JOURNAL_ERR_FLASH when no other sector can be erased */
int meter_journal_sector_begin(struct meter_journal *journal);

/* All that is true was appended: the new sector takes over.
 * returns  0; METER_JOURNAL_ERR_FLASH: the old one stays in force, begin another */
int meter_journal_sector_finish(struct meter_journal *journal);

#endif
