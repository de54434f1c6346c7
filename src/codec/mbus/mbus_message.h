/* What a wired frame says: the application layer of EN 13757-3 behind the CI field.
 *
 *   72  | number 4 | manufacturer 2 | version | medium | access | status | configuration 2 | records
 *   7A                                                 | access | status | configuration 2 | records
 *   78                                                                                     | records
 *   73  | number 4 | access | status | units 2 | counter 1, 4 | counter 2, 4 |        (old fixed structure)
 *   51  | records to the slave |      52  | number 4 | manufacturer 2 | version | medium |      70  | error code | */
#ifndef CODEC_MBUS_MESSAGE_H
#define CODEC_MBUS_MESSAGE_H

#include "codec/mbus/mbus_frame.h"
#include "codec/mbus/mbus_record.h"
#include "codec/wmbus/wmbus_security.h"

/* What stands behind a CI field. */
enum mbus_content {
    MBUS_CONTENT_BYTES,    /* of another application, or not described here: kept as they are */
    MBUS_CONTENT_NONE,     /* nothing is expected */
    MBUS_CONTENT_RESET,    /* nothing, or a subcode */
    MBUS_CONTENT_RECORDS,  /* to the slave, or without a header */
    MBUS_CONTENT_SHORT,    /* short header and records */
    MBUS_CONTENT_VARIABLE, /* long header and records */
    MBUS_CONTENT_FIXED,    /* the old fixed structure */
    MBUS_CONTENT_SELECT,   /* secondary address, perhaps with wildcards */
    MBUS_CONTENT_ERROR,    /* one byte, or nothing */
    MBUS_CONTENT_ALARM,    /* one byte of the manufacturer's */
    MBUS_CONTENT_OBSOLETE  /* as without bit 2 in CI but with the most significant byte first: not decoded */
};

/* One row of the CI field (EN 13757-3 table 1). */
struct mbus_ci {
    uint8_t ci;
    uint8_t content; /* enum mbus_content */
    const char *english;
    const char *chinese;
};

/* NULL when the value is in no row. */
const struct mbus_ci *mbus_ci_find(uint8_t ci);

/* Two counters of the old structure. */
struct mbus_fixed {
    uint8_t medium;          /* 0 to 15 */
    uint8_t units[2];        /* codes 0 to 63 */
    struct span counters[2]; /* 4 bytes each */
    bool is_binary;          /* else BCD */
    bool is_stored;          /* both as they were at a fixed date */
};

struct mbus_message {
    uint8_t content;   /* enum mbus_content */
    bool has_number;   /* number; manufacturer, version and medium unless the structure is the fixed one */
    bool has_status;   /* access number and status */
    bool is_encrypted; /* the configuration word announces a security mode and the records do not stand open */
    bool is_open;      /* it does and they do: somebody has decrypted them before, and nothing proves them */
    uint8_t access_number;
    uint8_t status;
    uint16_t configuration; /* "signature" in old editions; 0 when there is none */
    struct wmbus_address address;
    struct span header; /* behind CI, up to the body */
    struct span body;   /* records, or what the content is */
    struct mbus_fixed fixed;
};

/* The application layer of a control or long frame.
 * error_offset  on failure: in the frame. May be NULL
 * returns       0; CODEC_ERR_SHORT for a header that is cut; CODEC_ERR_TRAILING; CODEC_ERR_TYPE for a frame without
 *               CI, at offset 0 */
int mbus_message_decode(const struct mbus_frame *frame, struct mbus_message *out, size_t *error_offset);

/* Decrypt the records of an encrypted message: mode 5, wholly or the first blocks of it, as by radio.
 * secret   key and cipher of the meter
 * buffer   MBUS_DATA_LIMIT bytes; the message's body is in there afterwards, byte for byte in place of the sealed one
 * returns  0; CODEC_ERR_KEY: the wrong key; CODEC_ERR_SHORT when there are fewer bytes than the announced blocks;
 *          CODEC_ERR_UNSUPPORTED for other modes and for short headers, which do not say whose the key is. The message
 *          is changed on success only */
int mbus_message_open(struct mbus_message *message, const struct wmbus_secret *secret, uint8_t *buffer);

/* The values of a message as items: records, counters of the fixed structure, the alarm byte.
 * more_follow   DIF 1FH: ask again with the other FCB; written on success. May be NULL
 * error_offset  in the body, written on failure
 * returns       0, also when there is nothing to take; errors of mbus_records_decode, items in front of the damage
 *               staying in the list; CODEC_ERR_KEY when the records are encrypted; CODEC_ERR_UNSUPPORTED for obsolete
 *               CI fields */
int mbus_message_items(const struct mbus_message *message, struct item_list *list, bool *more_follow,
                       size_t *error_offset);

/* The values of a frame: mbus_message_decode and mbus_message_items.
 * more_follow   as above. May be NULL
 * error_offset  in the frame. May be NULL
 * returns       as both; 0 without items for frames that have no CI field */
int mbus_items_decode(const struct mbus_frame *frame, struct item_list *list, bool *more_follow, size_t *error_offset);

/* "more than 10 DIFEs": the error codes of CI 70H (EN 13757-3 clause 8, table 9); never NULL. */
const char *mbus_application_error_text(uint8_t code, bool is_chinese);

/* The status byte in words: "application busy, low power"; "no error" for 0; manufacturer's bits as "manufacturer 20H".
 * At most 128 bytes. */
void mbus_status_write(uint8_t status, bool is_chinese, struct writer *out);

/* The medium of the fixed structure, which has a table of its own; never NULL. */
const char *mbus_fixed_medium_text(uint8_t medium, bool is_chinese);

/* A counter of the fixed structure as item. index 0 or 1. */
void mbus_fixed_item(const struct mbus_message *message, size_t index, struct item *out);

#endif
