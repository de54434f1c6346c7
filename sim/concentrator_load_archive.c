/* The archive of a concentrator for load: a formula until somebody writes an entry. */
#include <stdlib.h>
#include <string.h>

#include "codec/bcd/bcd.h"
#include "sim/concentrator_load_internal.h"

#define PORT_ELECTRICITY 2
#define PORT_BUS 3
#define PROTOCOL_2007 30

static uint16_t word_at(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] | bytes[1] << 8);
}

static uint8_t made_protocol(const struct concentrator_load *load, unsigned index)
{
    return load->config->is_four && index % 4 != 0 ? CONCENTRATOR_LOAD_PROTOCOL_BUS : PROTOCOL_2007;
}

/* The meter of a point (the point is the entry's number in the archive that it was made with). */
bool load_meter_find(const struct concentrator_load *load, unsigned point, struct load_meter *out)
{
    if (load->archive == NULL) {
        if (point == 0 || point > load->config->meters)
            return false;
        out->address = concentrator_load_meter(load->terminal, point - 1);
        out->number = (uint16_t)point;
        out->protocol = made_protocol(load, point - 1);
        return true;
    }
    for (unsigned i = 0; i < CONCENTRATOR_LOAD_METER_LIMIT; i++) {
        const uint8_t *entry = load->archive + i * LOAD_ENTRY_SIZE;
        if (word_at(entry) == 0 || word_at(entry + 2) != point)
            continue;
        int64_t address = bcd_read(span_of_bytes(entry + 6, 6));
        out->address = address < 0 ? 0 : (uint64_t)address;
        out->number = word_at(entry);
        out->protocol = entry[5];
        return true;
    }
    return false;
}

static void entry_make(const struct concentrator_load *load, unsigned index, uint8_t *out)
{
    struct writer writer = writer_of_buffer(out, LOAD_ENTRY_SIZE);
    bool is_bus = made_protocol(load, index) == CONCENTRATOR_LOAD_PROTOCOL_BUS;
    uint8_t address[6], nothing[6] = { 0 };

    (void)!bcd_write((int64_t)concentrator_load_meter(load->terminal, index), address, sizeof address);
    writer_put_u16le(&writer, (uint16_t)(index + 1));
    writer_put_u16le(&writer, (uint16_t)(index + 1));
    writer_put_u8(&writer, (uint8_t)(3 << 5 | (is_bus ? PORT_BUS : PORT_ELECTRICITY)));
    writer_put_u8(&writer, made_protocol(load, index));
    writer_put_bytes(&writer, address, sizeof address);
    writer_put_bytes(&writer, nothing, sizeof nothing);
    writer_put_u8(&writer, is_bus ? 1 : LOAD_TARIFFS);
    writer_put_u8(&writer, 0x09);
    writer_put_bytes(&writer, nothing, sizeof nothing);
    writer_put_u8(&writer, 0x10);
}

/* The entry of a number; NULL when there is none.
 * made  room for one that nobody wrote */
const uint8_t *load_entry_find(const struct concentrator_load *load, unsigned number, uint8_t *made)
{
    if (load->archive != NULL) {
        for (unsigned i = 0; i < CONCENTRATOR_LOAD_METER_LIMIT; i++)
            if (number != 0 && word_at(load->archive + i * LOAD_ENTRY_SIZE) == number)
                return load->archive + i * LOAD_ENTRY_SIZE;
        return NULL;
    }
    if (number == 0 || number > load->config->meters)
        return NULL;
    entry_make(load, number - 1, made);
    return made;
}

static bool archive_own(struct concentrator_load *load)
{
    if (load->archive != NULL)
        return true;
    uint8_t *archive = calloc(CONCENTRATOR_LOAD_METER_LIMIT, LOAD_ENTRY_SIZE);
    if (archive == NULL)
        return false;
    for (unsigned i = 0; i < load->config->meters; i++)
        entry_make(load, i, archive + i * LOAD_ENTRY_SIZE);
    load->archive = archive;
    return true;
}

static bool entry_write(struct concentrator_load *load, const uint8_t *entry)
{
    uint8_t *place = NULL;

    for (unsigned i = 0; i < CONCENTRATOR_LOAD_METER_LIMIT; i++) {
        uint8_t *at = load->archive + i * LOAD_ENTRY_SIZE;
        if (word_at(at) == word_at(entry)) {
            place = at;
            break;
        }
        if (word_at(at) == 0 && place == NULL)
            place = at;
    }
    if (place == NULL || word_at(entry) == 0)
        return false;
    memcpy(place, entry, LOAD_ENTRY_SIZE);
    if (word_at(entry + 2) == 0)
        memset(place, 0, LOAD_ENTRY_SIZE);
    return true;
}

bool load_archive_write(struct concentrator_load *load, struct span data)
{
    size_t count = data.size < 2 ? 0 : word_at(data.bytes);

    if (count == 0 || data.size != 2 + count * LOAD_ENTRY_SIZE || !archive_own(load))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!entry_write(load, data.bytes + 2 + i * LOAD_ENTRY_SIZE))
            return false;
    return true;
}
