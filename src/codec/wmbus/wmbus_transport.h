/* The transport layer of a telegram (EN 13757-7 clause 7): a CI field, perhaps a header, and application data.
 *
 *   none   | CI |                                                                        | data
 *   short  | CI |                                            | ACC | status | configuration 2 (3) | data
 *   long   | CI | number 4 | manufacturer 2 | version | type | ACC | status | configuration 2 (3) | data
 *
 * The configuration word says how the data are protected; mode 7 adds a third byte. */
#ifndef CODEC_WMBUS_TRANSPORT_H
#define CODEC_WMBUS_TRANSPORT_H

#include "base/writer.h"
#include "codec/wmbus/wmbus_address.h"
#include "codec/wmbus/wmbus_ci.h"

/* Modes of the configuration word, bits 8 to 12 (EN 13757-7 clause 7). */
enum wmbus_mode { WMBUS_MODE_PLAIN = 0, WMBUS_MODE_CBC_INITIAL = 5, WMBUS_MODE_CBC_DERIVED = 7 };

struct wmbus_mode_info {
    const char *english;
    const char *chinese;
};

/* What a mode is called; never NULL, "reserved" for what has no name. */
const struct wmbus_mode_info *wmbus_mode_info(unsigned mode);

struct wmbus_transport {
    uint8_t ci;
    const struct wmbus_ci *kind; /* the row of `ci` */
    bool has_header;             /* short or long */
    bool has_address;            /* long */
    bool has_extension;          /* third byte of the configuration */
    uint8_t access_number;
    uint8_t status;
    uint8_t extension;      /* mode 7: bits 4 and 5 key derivation, 0 to 3 number of the key */
    uint16_t configuration; /* 0 without header */
    struct wmbus_address address;
    struct span bytes; /* CI to the end of the header */
    struct span body;  /* application data, protected or not */
};

/* Read the layer that begins with the CI field at the start of `data`.
 * error_offset  never NULL; written on failure: in `data`
 * returns       0; CODEC_ERR_SHORT */
int wmbus_transport_decode(struct span data, struct wmbus_transport *out, size_t *error_offset);

/* Write CI field and header; `has_header` and `has_address` are taken from the CI field. */
void wmbus_transport_encode(const struct wmbus_transport *layer, struct writer *out);

/* Mode, and 16-byte blocks that are encrypted (modes 5 and 7; 0 in mode 5: all). */
unsigned wmbus_transport_mode(const struct wmbus_transport *layer);
unsigned wmbus_transport_blocks(const struct wmbus_transport *layer);

#endif
