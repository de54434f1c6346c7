/* The pages of days and months in flash: README.md has every byte.
 *
 * A page is a few sectors of its own and holds one midnight of all meters; the day says which page (modulo the ring),
 * so nothing has to be searched and an old page is never needed when it is erased. A sector's header names the day,
 * and a record's CRC covers the day, its place and the meter's address: a record is believed only for that meter, that
 * day and that place. So a power cut in an erasure or a write leaves records that count, or nothing. */
#include <string.h>

#include "base/calendar.h"
#include "meter/core/concentrator/concentrator_internal.h"
#include "meter/core/meter_checksum.h"

#define SLOT_SIZE 32
#define MAGIC UINT32_C(0x4d574331)             /* "MWC1" */
#define DAY_PAGES (CONCENTRATOR_DAY_LIMIT + 1) /* one is being filled while the others are whole */
#define MONTH_PAGES (CONCENTRATOR_MONTH_LIMIT + 1)
#define CHECKED_SIZE (SLOT_SIZE - 4)
#define ADDRESS_SIZE 6
#define PREFIX_SIZE 12
#define SPARE_DIVISOR 16 /* places for records that a power cut tore: one for so many meters, and one more */
#define PROGRAM_TRIES 3
#define REST_S 600
#define SECTOR_SMALLEST 512u
#define SECTOR_LARGEST 65536u
#define ERASED 0xff
#define POINT_MASK 0x07ff
#define DECIMALS_SHIFT 11

enum page_kind { PAGE_DAY = 1, PAGE_MONTH = 2 };

/* One page of the flash. */
struct page {
    enum page_kind kind;
    int32_t day; /* of a month its last */
    uint32_t sector;
};

static uint32_t ring_number(enum page_kind kind, int32_t day)
{
    if (kind == PAGE_DAY)
        return (uint32_t)day % DAY_PAGES;
    return DAY_PAGES + (uint32_t)month_number(day) % MONTH_PAGES;
}

static struct page page_of(const struct concentrator *concentrator, enum page_kind kind, int32_t day)
{
    const struct concentrator_shelf *shelf = &concentrator->shelf;
    struct page page = { kind, day, shelf->first_sector + ring_number(kind, day) * shelf->page_sectors };
    return page;
}

static uint32_t slot_offset(const struct concentrator *concentrator, const struct page *page, unsigned part,
                            unsigned slot)
{
    return (page->sector + part) * concentrator->hal->flash.sector_size + slot * SLOT_SIZE;
}

static bool slot_read(const struct concentrator *concentrator, const struct page *page, unsigned part, unsigned slot,
                      uint8_t *bytes)
{
    const struct concentrator_hal *hal = concentrator->hal;
    return hal->flash_read(hal->context, slot_offset(concentrator, page, part, slot), bytes, SLOT_SIZE) >= 0;
}

/* Program a slot and look whether it holds. */
static bool slot_program(const struct concentrator *concentrator, const struct page *page, unsigned part, unsigned slot,
                         const uint8_t *bytes)
{
    const struct concentrator_hal *hal = concentrator->hal;
    uint8_t held[SLOT_SIZE];

    return hal->flash_program(hal->context, slot_offset(concentrator, page, part, slot), bytes, SLOT_SIZE) >= 0 &&
           slot_read(concentrator, page, part, slot, held) && memcmp(held, bytes, SLOT_SIZE) == 0;
}

static void header_write(const struct page *page, unsigned part, uint8_t *bytes)
{
    struct writer writer = writer_of_buffer(bytes, SLOT_SIZE);

    memset(bytes, ERASED, SLOT_SIZE);
    writer_put_u32be(&writer, MAGIC);
    writer_put_u16be(&writer, (uint16_t)page->day);
    writer_put_u8(&writer, (uint8_t)page->kind);
    writer_put_u8(&writer, (uint8_t)part);
    writer.size = CHECKED_SIZE;
    writer_put_u32be(&writer, meter_checksum(METER_CHECKSUM_START, bytes, CHECKED_SIZE));
}

/* The sector belongs to this day. */
static bool header_is_there(const struct concentrator *concentrator, const struct page *page, unsigned part)
{
    uint8_t wanted[SLOT_SIZE], held[SLOT_SIZE];

    header_write(page, part, wanted);
    return slot_read(concentrator, page, part, 0, held) && memcmp(held, wanted, SLOT_SIZE) == 0;
}

static uint32_t record_checksum(const struct page *page, unsigned part, unsigned slot, const uint8_t *address,
                                const uint8_t *bytes)
{
    uint8_t prefix[PREFIX_SIZE];
    struct writer writer = writer_of_buffer(prefix, sizeof prefix);

    writer_put_u8(&writer, (uint8_t)page->kind);
    writer_put_u16be(&writer, (uint16_t)page->day);
    writer_put_u8(&writer, (uint8_t)part);
    writer_put_u16be(&writer, (uint16_t)slot);
    writer_put_bytes(&writer, address, ADDRESS_SIZE);
    uint32_t crc = meter_checksum(METER_CHECKSUM_START, prefix, sizeof prefix);
    return meter_checksum(crc, bytes, CHECKED_SIZE);
}

static void record_write(const struct page *page, unsigned part, unsigned slot, const struct concentrator_meter *meter,
                         const struct concentrator_freeze *freeze, uint8_t *bytes)
{
    struct writer writer = writer_of_buffer(bytes, SLOT_SIZE);

    writer_put_u16be(&writer, (uint16_t)(meter_point(meter) | freeze->registers.decimals << DECIMALS_SHIFT));
    writer_put_u16be(&writer, freeze->read_min);
    for (int i = 0; i < CONCENTRATOR_REGISTER_COUNT; i++)
        writer_put_u32be(&writer, freeze->registers.values[i]);
    writer_put_u32be(&writer, record_checksum(page, part, slot, meter->entry + ENTRY_ADDRESS, bytes));
}

static uint16_t word_at(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

static uint32_t number_at(const uint8_t *bytes)
{
    return (uint32_t)word_at(bytes) << 16 | word_at(bytes + 2);
}

/* The record is this meter's, whole. */
static bool record_is_sound(const struct page *page, unsigned part, unsigned slot,
                            const struct concentrator_meter *meter, const uint8_t *bytes)
{
    return (word_at(bytes) & POINT_MASK) == meter_point(meter) &&
           number_at(bytes + CHECKED_SIZE) == record_checksum(page, part, slot, meter->entry + ENTRY_ADDRESS, bytes);
}

static void record_read(const uint8_t *bytes, struct concentrator_freeze *out)
{
    out->registers.decimals = (uint8_t)(word_at(bytes) >> DECIMALS_SHIFT & 7u);
    out->read_min = word_at(bytes + 2);
    for (int i = 0; i < CONCENTRATOR_REGISTER_COUNT; i++)
        out->registers.values[i] = number_at(bytes + 4 + 4 * i);
}

/* The first slot behind all that was ever written in a sector; sector_slots + 1: it is full. */
static unsigned sector_end(const struct concentrator *concentrator, const struct page *page, unsigned part)
{
    uint8_t bytes[SLOT_SIZE];
    unsigned slot = concentrator->shelf.sector_slots;

    while (slot > 0 && slot_read(concentrator, page, part, slot, bytes) &&
           span_is_filled(span_of_bytes(bytes, SLOT_SIZE), ERASED))
        slot--;
    return slot + 1;
}

/* A sector of another day, of none, or torn, becomes one of this day. */
static bool sector_begin(const struct concentrator *concentrator, const struct page *page, unsigned part)
{
    const struct concentrator_hal *hal = concentrator->hal;
    uint8_t bytes[SLOT_SIZE];

    if (hal->flash_erase(hal->context, (uint16_t)(page->sector + part)) < 0)
        return false;
    header_write(page, part, bytes);
    return slot_program(concentrator, page, part, 0, bytes);
}

static bool record_append(const struct concentrator *concentrator, const struct page *page,
                          const struct concentrator_meter *meter, const struct concentrator_freeze *freeze)
{
    uint8_t bytes[SLOT_SIZE];
    int tries = 0;

    for (unsigned part = 0; part < concentrator->shelf.page_sectors; part++) {
        if (!header_is_there(concentrator, page, part) && !sector_begin(concentrator, page, part))
            continue;
        unsigned slot = sector_end(concentrator, page, part);
        for (; slot <= concentrator->shelf.sector_slots && tries < PROGRAM_TRIES; slot++, tries++) {
            record_write(page, part, slot, meter, freeze, bytes);
            if (slot_program(concentrator, page, part, slot, bytes))
                return true;
        }
    }
    return false;
}

/* Where the last record was found is where the next is looked for: they are asked for in the order of writing. */
static int record_find(struct concentrator *concentrator, const struct page *page,
                       const struct concentrator_meter *meter, struct concentrator_freeze *out)
{
    uint8_t bytes[SLOT_SIZE];

    for (unsigned part = 0; part < concentrator->shelf.page_sectors; part++) {
        if (!header_is_there(concentrator, page, part))
            continue;
        for (unsigned slot = 1; slot <= concentrator->shelf.sector_slots; slot++) {
            if (!slot_read(concentrator, page, part, slot, bytes) || !record_is_sound(page, part, slot, meter, bytes))
                continue;
            record_read(bytes, out);
            return 1;
        }
    }
    return 0;
}

/* Bit of a day or month among those held; -1: too old, or not over yet. */
static int bit_of(const struct concentrator *concentrator, enum page_kind kind, int32_t day)
{
    if (concentrator->newest_day == DAY_NONE || day == DAY_NONE || day > concentrator->newest_day)
        return -1;
    if (kind == PAGE_DAY)
        return concentrator->newest_day - day < CONCENTRATOR_DAY_LIMIT ? concentrator->newest_day - day : -1;
    /* The month that is running has no end yet: bit 0 is the last one that ended. */
    int32_t newest = month_number(concentrator->newest_day + 1) - 1, back = newest - month_number(day);
    return back >= 0 && back < CONCENTRATOR_MONTH_LIMIT ? (int)back : -1;
}

static bool is_held(const struct concentrator *concentrator, const struct concentrator_meter *meter,
                    enum page_kind kind, int32_t day)
{
    int bit = bit_of(concentrator, kind, day);
    uint32_t held = kind == PAGE_DAY ? meter->days_held : meter->months_held;
    return bit >= 0 && (held >> bit & 1u) != 0;
}

static void held_set(const struct concentrator *concentrator, struct concentrator_meter *meter, enum page_kind kind,
                     int32_t day)
{
    int bit = bit_of(concentrator, kind, day);
    if (bit < 0)
        return;
    if (kind == PAGE_DAY)
        meter->days_held |= UINT32_C(1) << bit;
    else
        meter->months_held = (uint16_t)(meter->months_held | 1u << bit);
}

static int find(struct concentrator *concentrator, const struct concentrator_meter *meter, enum page_kind kind,
                int32_t day, struct concentrator_freeze *out)
{
    if (!concentrator->shelf.is_usable || !is_held(concentrator, meter, kind, day))
        return 0;
    struct page page = page_of(concentrator, kind, day);
    return record_find(concentrator, &page, meter, out);
}

int shelf_find_day(struct concentrator *concentrator, const struct concentrator_meter *meter, int32_t day,
                   struct concentrator_freeze *out)
{
    return find(concentrator, meter, PAGE_DAY, day, out);
}

int shelf_find_month(struct concentrator *concentrator, const struct concentrator_meter *meter, int32_t last_day,
                     struct concentrator_freeze *out)
{
    return last_day == month_last_day(last_day) ? find(concentrator, meter, PAGE_MONTH, last_day, out) : 0;
}

static int put(struct concentrator *concentrator, struct concentrator_meter *meter, enum page_kind kind, int32_t day,
               const struct concentrator_freeze *freeze)
{
    if (is_held(concentrator, meter, kind, day) || bit_of(concentrator, kind, day) < 0)
        return 0;
    struct page page = page_of(concentrator, kind, day);
    if (!concentrator->shelf.is_usable || steady_s(concentrator) < concentrator->shelf.rest_until_s)
        return CONCENTRATOR_ERR_FLASH;
    if (!record_append(concentrator, &page, meter, freeze)) {
        concentrator->counts.flash_errors++;
        concentrator->shelf.rest_until_s = steady_s(concentrator) + REST_S;
        return CONCENTRATOR_ERR_FLASH;
    }
    held_set(concentrator, meter, kind, day);
    return 0;
}

/* The month before the day: when power goes between them, the day is read again and both are there. */
int shelf_put(struct concentrator *concentrator, struct concentrator_meter *meter, int32_t day,
              const struct concentrator_freeze *freeze)
{
    int result = 0;

    if (day == month_last_day(day))
        result = put(concentrator, meter, PAGE_MONTH, day, freeze);
    return result == 0 ? put(concentrator, meter, PAGE_DAY, day, freeze) : result;
}

static void page_load(struct concentrator *concentrator, enum page_kind kind, int32_t day)
{
    struct page page = page_of(concentrator, kind, day);
    uint8_t bytes[SLOT_SIZE];

    for (unsigned part = 0; part < concentrator->shelf.page_sectors; part++) {
        if (!header_is_there(concentrator, &page, part))
            continue;
        for (unsigned slot = 1; slot <= concentrator->shelf.sector_slots; slot++) {
            if (!slot_read(concentrator, &page, part, slot, bytes))
                continue;
            struct concentrator_meter *meter = meter_of_point(concentrator, word_at(bytes) & POINT_MASK);
            if (meter != NULL && record_is_sound(&page, part, slot, meter, bytes))
                held_set(concentrator, meter, kind, day);
        }
    }
}

void shelf_load(struct concentrator *concentrator)
{
    int32_t newest = concentrator->newest_day;

    for (uint16_t i = 0; i < concentrator->meter_count; i++) {
        concentrator->meters[i].days_held = 0;
        concentrator->meters[i].months_held = 0;
    }
    if (newest == DAY_NONE || !concentrator->shelf.is_usable || concentrator->alive == 0)
        return;
    for (int32_t back = 0; back < CONCENTRATOR_DAY_LIMIT; back++)
        page_load(concentrator, PAGE_DAY, newest - back);
    for (int32_t back = 0; back < CONCENTRATOR_MONTH_LIMIT; back++)
        page_load(concentrator, PAGE_MONTH, (int32_t)calendar_month_start_after(newest + 1, -back) - 1);
}

/* A day begins to be the newest and has a page already: it was written when the clock stood ahead. */
static void page_void(const struct concentrator *concentrator, enum page_kind kind, int32_t day)
{
    const struct concentrator_hal *hal = concentrator->hal;
    struct page page = page_of(concentrator, kind, day);

    for (unsigned part = 0; concentrator->shelf.is_usable && part < concentrator->shelf.page_sectors; part++)
        if (header_is_there(concentrator, &page, part))
            (void)hal->flash_erase(hal->context, (uint16_t)(page.sector + part));
}

/* What the meters had or had not was asked by another clock. */
static void freezes_begin(struct concentrator *concentrator)
{
    for (uint16_t i = 0; i < concentrator->meter_count; i++)
        archive_freezes_begin(concentrator, &concentrator->meters[i]);
    shelf_load(concentrator);
}

void shelf_day_set(struct concentrator *concentrator, int32_t newest_day)
{
    int64_t passed = (int64_t)newest_day - concentrator->newest_day; /* one of them may be no day */
    bool jumped = concentrator->newest_day == DAY_NONE || newest_day == DAY_NONE || passed < 0 || passed > 1;
    int32_t months = jumped ? 0 : month_number(newest_day + 1) - month_number(concentrator->newest_day + 1);

    concentrator->newest_day = newest_day;
    if (jumped) {
        freezes_begin(concentrator);
        return;
    }
    page_void(concentrator, PAGE_DAY, newest_day);
    if (months > 0)
        page_void(concentrator, PAGE_MONTH, newest_day);
    for (uint16_t i = 0; i < concentrator->meter_count; i++) {
        struct concentrator_meter *meter = &concentrator->meters[i];
        meter->days_held <<= passed;
        meter->days_lost <<= passed;
        meter->months_held = (uint16_t)((uint32_t)meter->months_held << months);
    }
}

void shelf_clear(struct concentrator *concentrator)
{
    const struct concentrator_hal *hal = concentrator->hal;
    uint32_t count = (DAY_PAGES + MONTH_PAGES) * concentrator->shelf.page_sectors;

    for (uint32_t i = 0; concentrator->shelf.is_usable && i < count; i++)
        if (hal->flash_erase(hal->context, (uint16_t)(concentrator->shelf.first_sector + i)) < 0)
            concentrator->counts.flash_errors++;
    shelf_load(concentrator);
}

static uint16_t page_sectors(uint32_t sector_size, uint16_t meters)
{
    uint32_t slots = sector_size / SLOT_SIZE - 1, wanted = meters + meters / SPARE_DIVISOR + 1u;
    return (uint16_t)((wanted + slots - 1) / slots);
}

uint32_t concentrator_flash_size(uint32_t sector_size, uint16_t meters)
{
    if (sector_size < SECTOR_SMALLEST || sector_size > SECTOR_LARGEST || sector_size % SLOT_SIZE != 0 || meters == 0 ||
        meters > CONCENTRATOR_METER_LIMIT)
        return 0;
    return 2 * store_bank_size(sector_size, meters) +
           (DAY_PAGES + MONTH_PAGES) * page_sectors(sector_size, meters) * sector_size;
}

int shelf_open(struct concentrator *concentrator)
{
    const struct meter_flash_geometry *flash = &concentrator->hal->flash;
    struct concentrator_shelf *shelf = &concentrator->shelf;
    uint32_t size = concentrator_flash_size(flash->sector_size, concentrator->config.meter_limit);

    if (size == 0 || size > flash->sector_size * flash->sector_count)
        return CONCENTRATOR_ERR_CONFIG;
    shelf->first_sector =
        2 * store_bank_size(flash->sector_size, concentrator->config.meter_limit) / flash->sector_size;
    shelf->page_sectors = page_sectors(flash->sector_size, concentrator->config.meter_limit);
    shelf->sector_slots = (uint16_t)(flash->sector_size / SLOT_SIZE - 1);
    shelf->is_usable = true;
    return 0;
}

int concentrator_day_find(struct concentrator *concentrator, uint16_t point, int32_t day,
                          struct concentrator_freeze *out)
{
    const struct concentrator_meter *meter = meter_of_point(concentrator, point);
    return meter == NULL ? 0 : shelf_find_day(concentrator, meter, day, out);
}

int concentrator_month_find(struct concentrator *concentrator, uint16_t point, int32_t last_day,
                            struct concentrator_freeze *out)
{
    const struct concentrator_meter *meter = meter_of_point(concentrator, point);
    return meter == NULL ? 0 : shelf_find_month(concentrator, meter, last_day, out);
}
