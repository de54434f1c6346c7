/* What the collector says itself: the items of its own, as a table. */
#include "codec/dlt645/dlt645_answer.h"
#include "codec/dlt645/dlt645_message.h"
#include "meter/core/collector/collector_internal.h"

#include <string.h>

#define MS_PER_S 1000
#define VALUES_LIMIT 200 /* DL/T 645-2007: data of a read */
#define PLACE_MASK 0xffu

/* ERR of DL/T 645. */
enum { ERROR_OTHER = 0x01, ERROR_NO_DATA = 0x02, ERROR_PASSWORD = 0x04 };

static void u32le_put(uint32_t value, struct writer *out)
{
    writer_put_u16le(out, (uint16_t)value);
    writer_put_u16le(out, (uint16_t)(value >> 16));
}

static uint8_t status_read(const struct collector *collector, uint8_t place, struct writer *out)
{
    uint8_t meters = 0, cached = 0;
    (void)place;
    for (size_t i = 0; i < COLLECTOR_METER_LIMIT; i++) {
        meters = (uint8_t)(meters + (collector->entries[i].protocol != COLLECTOR_NONE));
        cached = (uint8_t)(cached + (collector->cached[i].size > 0));
    }
    writer_put_u8(out, meters);
    writer_put_u16le(out, collector->poll_minutes);
    u32le_put(collector->counts.down, out);
    u32le_put(collector->counts.up, out);
    u32le_put(collector->counts.unanswered, out);
    u32le_put(collector->counts.foreign, out);
    writer_put_u8(out, cached);
    writer_put_u8(out, collector->flash_failed ? 1 : 0);
    writer_put_u8(out, collector_is_busy(collector) ? 1 : 0);
    return 0;
}

static uint8_t poll_read(const struct collector *collector, uint8_t place, struct writer *out)
{
    (void)place;
    writer_put_u16le(out, collector->poll_minutes);
    return 0;
}

static uint8_t poll_write(struct collector *collector, uint8_t place, struct span values)
{
    (void)place;
    uint16_t minutes = (uint16_t)(values.bytes[0] | values.bytes[1] << 8);
    return collector_settings_change(collector, &collector->address, minutes) < 0 ? ERROR_OTHER : 0;
}

static uint8_t entry_read(const struct collector *collector, uint8_t place, struct writer *out)
{
    collector_entry_write(&collector->entries[place], out);
    return 0;
}

/* Two places for one meter would make its answers nobody's. */
static bool is_elsewhere(const struct collector *collector, uint8_t place, const struct collector_entry *entry)
{
    for (uint8_t i = 0; i < COLLECTOR_METER_LIMIT; i++)
        if (i != place && collector->entries[i].protocol != COLLECTOR_NONE &&
            memcmp(collector->entries[i].address, entry->address, sizeof entry->address) == 0 &&
            (collector->entries[i].protocol == COLLECTOR_CJT188) == (entry->protocol == COLLECTOR_CJT188))
            return true;
    return false;
}

int collector_meter_set(struct collector *collector, uint8_t place, const struct collector_entry *entry)
{
    if (place >= COLLECTOR_METER_LIMIT || !collector_entry_is_allowed(entry) ||
        (entry->protocol != COLLECTOR_NONE && is_elsewhere(collector, place, entry)))
        return COLLECTOR_ERR_CONFIG;
    return collector_entry_change(collector, place, entry);
}

static uint8_t entry_write(struct collector *collector, uint8_t place, struct span values)
{
    struct collector_entry entry;
    if (collector_entry_read(values, &entry) < 0)
        return ERROR_OTHER;
    return collector_meter_set(collector, place, &entry) < 0 ? ERROR_OTHER : 0;
}

static uint8_t cache_read(const struct collector *collector, uint8_t place, struct writer *out)
{
    const struct collector_cached *cached = &collector->cached[place];
    if (cached->size == 0)
        return ERROR_NO_DATA;
    u32le_put((uint32_t)((collector->now_ms - cached->heard_ms) / MS_PER_S), out);
    writer_put_bytes(out, cached->bytes, cached->size);
    return 0;
}

static uint8_t address_read(const struct collector *collector, uint8_t place, struct writer *out)
{
    (void)place;
    writer_put_bytes(out, collector->address.bytes, sizeof collector->address.bytes);
    return 0;
}

static uint8_t address_write(struct collector *collector, uint8_t place, struct span values)
{
    struct dlt645_address address;
    (void)place;
    for (size_t i = 0; i < DLT645_ADDRESS_SIZE; i++)
        if (values.bytes[i] >> 4 > 9 || (values.bytes[i] & 15) > 9)
            return ERROR_OTHER;
    memcpy(address.bytes, values.bytes, sizeof address.bytes);
    if (memcmp(&address, &dlt645_address_broadcast, sizeof address) == 0)
        return ERROR_OTHER;
    return collector_settings_change(collector, &address, collector->poll_minutes) < 0 ? ERROR_OTHER : 0;
}

/* returns  0, or ERR */
typedef uint8_t item_read(const struct collector *collector, uint8_t place, struct writer *out);
typedef uint8_t item_write(struct collector *collector, uint8_t place, struct span values);

/* enum collector_item. */
static const struct item_row {
    uint32_t identifier;
    bool is_placed; /* DI0 is a place, 01H to 40H */
    uint8_t size;   /* of what is written */
    item_read *read;
    item_write *write; /* NULL: read only */
} rows[] = {
    { COLLECTOR_ITEM_STATUS, false, 0, status_read, NULL },
    { COLLECTOR_ITEM_POLL, false, 2, poll_read, poll_write },
    { COLLECTOR_ITEM_ENTRY, true, COLLECTOR_ENTRY_SIZE, entry_read, entry_write },
    { COLLECTOR_ITEM_CACHE, true, 0, cache_read, NULL },
    { COLLECTOR_ITEM_ADDRESS, false, DLT645_ADDRESS_SIZE, address_read, address_write },
};

static const struct item_row *row_find(uint32_t identifier, uint8_t *place)
{
    uint32_t number = identifier & PLACE_MASK;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool is_it = rows[i].is_placed ? rows[i].identifier == (identifier & ~PLACE_MASK) && number >= 1 &&
                                             number <= COLLECTOR_METER_LIMIT
                                       : rows[i].identifier == identifier;
        if (is_it) {
            *place = rows[i].is_placed ? (uint8_t)(number - 1) : 0;
            return &rows[i];
        }
    }
    return NULL;
}

static int error_put(const struct collector *collector, const struct dlt645_frame *frame, uint8_t error,
                     struct writer *out)
{
    return dlt645_error_answer_encode(DLT645_2007, &collector->address, frame->control & DLT645_CONTROL_FUNCTION, error,
                                      out);
}

static int read_answer(const struct collector *collector, const struct dlt645_frame *frame,
                       const struct dlt645_content *content, struct writer *out)
{
    uint8_t bytes[VALUES_LIMIT], place = 0;
    struct writer values = writer_of_buffer(bytes, sizeof bytes);
    const struct item_row *row = row_find(content->identifier, &place);
    uint8_t error = row == NULL ? (uint8_t)ERROR_NO_DATA : row->read(collector, place, &values);
    if (error != 0 || values.overflow)
        return error_put(collector, frame, error, out);
    return dlt645_read_answer_encode(DLT645_2007, &collector->address, content->identifier, writer_span(&values), false,
                                     out);
}

static int write_answer(struct collector *collector, const struct dlt645_frame *frame,
                        const struct dlt645_content *content, struct writer *out)
{
    const struct dlt645_password *password = &collector->config.password;
    struct dlt645_address asked = collector->address; /* the answer comes from where it was asked */
    uint8_t place = 0, error = 0;
    const struct item_row *row = row_find(content->identifier, &place);
    if (content->password.level != password->level || content->password.digits != password->digits)
        error = ERROR_PASSWORD;
    else if (row == NULL || row->write == NULL)
        error = ERROR_NO_DATA;
    else
        error =
            content->values.size == row->size ? row->write(collector, place, content->values) : (uint8_t)ERROR_OTHER;
    if (error != 0)
        return error_put(collector, frame, error, out);
    return dlt645_done_answer_encode(DLT645_2007, &asked, DLT645_WRITE, out);
}

void collector_own_answer(struct collector *collector, const struct dlt645_frame *frame, struct writer *out)
{
    struct dlt645_message message;
    struct dlt645_content content;
    int error;
    dlt645_message_decode(frame, &message);
    memset(&content, 0, sizeof content);
    uint8_t function = frame->control & DLT645_CONTROL_FUNCTION;
    bool is_sound = dlt645_content_decode(&message, &content) == 0;
    if (function == DLT645_READ_ADDRESS)
        error = dlt645_read_address_answer_encode(&collector->address, out);
    else if (is_sound && function == DLT645_READ)
        error = read_answer(collector, frame, &content, out);
    else if (is_sound && function == DLT645_WRITE)
        error = write_answer(collector, frame, &content, out);
    else
        error = error_put(collector, frame, ERROR_OTHER, out);
    if (error < 0)
        out->size = 0;
}
