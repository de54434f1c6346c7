/* Frames between the meter's processor and its NB-IoT module over a serial line.
 *
 * Each frame is a kind and its content, in SLIP (RFC 1055): END 0xC0, escape 0xDB 0xDC for END, 0xDB 0xDD for 0xDB.
 * Damaged frames are CoAP's business: a frame that is too long is dropped whole. */
#ifndef METER_PORT_CORTEX_M_MODEM_LINK_H
#define METER_PORT_CORTEX_M_MODEM_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "meter/core/meter.h"

#define MODEM_FRAME_LIMIT (METER_MESSAGE_LIMIT + 1)
#define MODEM_FRAME_END 0xc0

enum modem_frame_kind {
    MODEM_OPEN = 'O',      /* to the module: leave PSM, search */
    MODEM_CLOSE = 'C',     /* to the module: into PSM */
    MODEM_FORGET = 'F',    /* to the module: clear stored frequencies */
    MODEM_MESSAGE = 'M',   /* both ways: one CoAP message; an answer is expected */
    MODEM_LAST = 'L',      /* to the module: one CoAP message, no answer will come (release assistance) */
    MODEM_ATTACHED = 'A',  /* from the module: it has an address */
    MODEM_DETACHED = 'N',  /* from the module: no network */
    MODEM_SIGNAL = 'S'     /* from the module: rsrp i16, snr i16, coverage u8, PCI u16, cell u32, EARFCN u32; big endian */
};

/* Takes bytes, gives frames. All zero is the beginning. */
struct modem_link {
    uint16_t size;
    bool escaped;
    bool overlong;
    uint8_t bytes[MODEM_FRAME_LIMIT];
};

/* One byte from the line.
 * returns  true when a frame is complete: link->bytes and *size, until the next call */
bool modem_link_take(struct modem_link *link, uint8_t byte, uint16_t *size);

/* The form in which a byte of a frame goes over the line. Before and after each frame goes MODEM_FRAME_END.
 * returns  number of bytes in `out`, 1 or 2 */
int modem_link_escape(uint8_t byte, uint8_t out[2]);

/* Read the content of a MODEM_SIGNAL frame. False, and `out` untouched, when it is too short. */
bool modem_link_signal(struct span content, struct meter_signal *out);

#endif
