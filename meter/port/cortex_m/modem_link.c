#include "meter/port/cortex_m/modem_link.h"

#include "base/reader.h"

#define END MODEM_FRAME_END
#define ESCAPE 0xdb
#define ESCAPED_END 0xdc
#define ESCAPED_ESCAPE 0xdd

static void append(struct modem_link *link, uint8_t byte)
{
    if (link->size < MODEM_FRAME_LIMIT)
        link->bytes[link->size++] = byte;
    else
        link->overlong = true;
}

static void restart(struct modem_link *link)
{
    link->size = 0;
    link->escaped = false;
    link->overlong = false;
}

static uint8_t unescape(uint8_t byte)
{
    if (byte == ESCAPED_END)
        return END;
    return byte == ESCAPED_ESCAPE ? (uint8_t)ESCAPE : byte;
}

bool modem_link_take(struct modem_link *link, uint8_t byte, uint16_t *size)
{
    if (byte == END) {
        bool whole = link->size > 0 && !link->overlong;
        *size = link->size;
        restart(link);
        return whole;
    }
    if (byte == ESCAPE) {
        link->escaped = true;
        return false;
    }
    append(link, link->escaped ? unescape(byte) : byte);
    link->escaped = false;
    return false;
}

int modem_link_escape(uint8_t byte, uint8_t out[2])
{
    if (byte != END && byte != ESCAPE) {
        out[0] = byte;
        return 1;
    }
    out[0] = ESCAPE;
    out[1] = byte == END ? ESCAPED_END : ESCAPED_ESCAPE;
    return 2;
}

bool modem_link_signal(struct span content, struct meter_signal *out)
{
    struct reader reader = reader_of_span(content);
    struct meter_signal signal;
    uint16_t rsrp = 0, snr = 0;
    bool whole = reader_take_u16be(&reader, &rsrp) == 0 && reader_take_u16be(&reader, &snr) == 0 &&
                 reader_take_u8(&reader, &signal.coverage_level) == 0 &&
                 reader_take_u16be(&reader, &signal.physical_cell) == 0 &&
                 reader_take_u32be(&reader, &signal.cell_id) == 0 && reader_take_u32be(&reader, &signal.earfcn) == 0;
    if (!whole)
        return false;
    signal.rsrp_dbm = (int16_t)rsrp;
    signal.snr_db = (int16_t)snr;
    *out = signal;
    return true;
}
