/* Who dials in: from the first bytes of a connection to a line of the archive.
 *
 * A concentrator is known by the address in its first frame (Q/GDW 130, 376.1: whatever it says first), a DTU by the
 * registration packet that the archive names for it. Packets that are fixed bytes are found by their hash; those with a
 * part that varies are tried one after the other, so there may be LINE_IDENTIFY_PATTERN_LIMIT of them only.
 *
 * Pure: holds the archive's lines, no connection. */
#ifndef DIALOG_LINE_IDENTIFY_H
#define DIALOG_LINE_IDENTIFY_H

#include "base/hash.h"
#include "base/line_order.h"
#include "base/span.h"

#define LINE_IDENTIFY_PATTERN_LIMIT 64
#define LINE_IDENTIFY_BYTES_LIMIT 512 /* of a connection; who has not said his name within them is a stranger */
#define LINE_IDENTIFY_WAIT_MS 30000   /* and within this time */

struct line_identify;

enum line_identity_kind {
    LINE_IDENTITY_MORE = 0,              /* it may become something: come back with more bytes */
    LINE_IDENTITY_LINE,                  /* line_id is who it is */
    LINE_IDENTITY_STRANGER_CONCENTRATOR, /* the archive has no such concentrator */
    LINE_IDENTITY_STRANGER               /* neither a frame of a concentrator nor a registered packet */
};

struct line_identity {
    uint8_t kind; /* enum line_identity_kind */
    uint32_t line_id;
    size_t used; /* bytes that belong to the introduction alone; those behind them are for the conversation */
    char address[LINE_ADDRESS_LIMIT]; /* as the archive writes it: "440112345"; of other strangers what they sent: text
                                       * as it is, else hexadecimal, cut */
};

/* limit    lines at most
 * secret   drawn at start: strangers choose what is looked up
 * returns  NULL without memory. Given back by line_identify_close(), which accepts NULL */
struct line_identify *line_identify_open(uint32_t limit, struct hash_key secret);
void line_identify_close(struct line_identify *identify);

/* Know a line: a concentrator by "440112345" or, the terminal in hexadecimal, "44013039". Of other kinds than
 * concentrator and DTU nothing is kept. A second line with the same address takes the place of the first.
 * returns  0; -1 when the address is none of its kind, or there are too many lines or patterns */
int line_identify_put(struct line_identify *identify, const struct line_record *record);

/* Forget it; nothing happens when its address belongs to another line by now. */
void line_identify_remove(struct line_identify *identify, const struct line_record *record);

/* stream  all bytes of the connection so far, at least one
 * out     written always */
void line_identify_look(const struct line_identify *identify, struct span stream, struct line_identity *out);

/* For one who has run out of time or bytes: a stranger, with what he sent as his address. */
void line_identify_give_up(struct span stream, struct line_identity *out);

#endif
