/* Whole frames of the wired bus, ready to send: what a master asks and orders (EN 13757-2 clause 5.7, EN 13757-3
 * clause 8 to 10), and what a slave answers. The master keeps one FCB for each slave: it toggles it with every new
 * SND_UD or REQ_UD2, repeats a message with the same one, and begins with 1 after SND_NKE.
 *
 * What does not fit into `out` (MBUS_FRAME_LIMIT bytes are always enough) shows in its overflow. */
#ifndef CODEC_MBUS_COMMAND_H
#define CODEC_MBUS_COMMAND_H

#include "codec/mbus/mbus_message.h"

#define MBUS_SECONDARY_NUMBER_DIGITS 8
#define MBUS_SUBCODE_NONE (-1)

/* Whom a secondary address means; wildcards match every meter. */
struct mbus_secondary {
    char number[MBUS_SECONDARY_NUMBER_DIGITS + 1];   /* digits as printed, F for any; "" for any number */
    char manufacturer[WMBUS_MANUFACTURER_TEXT_SIZE]; /* three letters, "" for any */
    uint8_t version;                                 /* FFH for any */
    uint8_t medium;                                  /* FFH for any */
};

/* SND_NKE: resets the link, and deselects the selected slave when sent to MBUS_ADDRESS_SECONDARY. */
void mbus_link_reset_encode(uint8_t address, struct writer *out);

/* REQ_UD2, and REQ_UD1 for alarm data. */
void mbus_data_request_encode(uint8_t address, bool fcb, struct writer *out);
void mbus_alarm_request_encode(uint8_t address, bool fcb, struct writer *out);

/* SND_UD with records (mbus_item_encode); returns 0; CODEC_ERR_TOO_LONG. */
int mbus_data_send_encode(uint8_t address, bool fcb, struct span records, struct writer *out);

/* Select the slaves that match (CI 52H); they answer E5 and then listen to MBUS_ADDRESS_SECONDARY.
 * returns  0; CODEC_ERR_FORMAT for a number or manufacturer that is none */
int mbus_select_encode(const struct mbus_secondary *whom, bool fcb, struct writer *out);

/* Give the slave another primary address, 0 to MBUS_ADDRESS_LAST. returns 0; CODEC_ERR_RANGE */
int mbus_address_set_encode(uint8_t address, bool fcb, uint8_t new_address, struct writer *out);

/* CI 50H. subcode 0 to 255, or MBUS_SUBCODE_NONE. */
void mbus_application_reset_encode(uint8_t address, bool fcb, int subcode, struct writer *out);

/* CI B8H to BFH: 300, 600, 1200, 2400, 4800, 9600, 19200 or 38400 baud. returns 0; CODEC_ERR_RANGE */
int mbus_baud_set_encode(uint8_t address, bool fcb, unsigned baud, struct writer *out);

/* Ask for everything with the next REQ_UD2: DIF 7FH. */
void mbus_global_readout_encode(uint8_t address, bool fcb, struct writer *out);

/* Set date and time, type F, by the minute. returns 0; errors of mbus_time_encode */
int mbus_clock_set_encode(uint8_t address, bool fcb, const struct item_time *time, struct writer *out);

/* RSP_UD of a slave: long header and records.
 * flags    MBUS_CONTROL_ACD, MBUS_CONTROL_DFC or 0
 * meter    number, manufacturer, version, medium
 * records  at most 240 bytes
 * returns  0; CODEC_ERR_TOO_LONG */
int mbus_response_encode(uint8_t address, uint8_t flags, const struct wmbus_address *meter, uint8_t access_number,
                         uint8_t status, struct span records, struct writer *out);

/* RSP_UD with an application error (CI 70H). */
void mbus_error_response_encode(uint8_t address, uint8_t code, struct writer *out);

#endif
