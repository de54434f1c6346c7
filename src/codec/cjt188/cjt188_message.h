/* Requests and answers of CJ/T 188, written: what the head-end asks and what a meter (or the simulator) says.
 * source  CJ/T 188-2004, data identifiers; the table of cjt188_data.c says what each of them carries */
#ifndef CODEC_CJT188_MESSAGE_H
#define CODEC_CJT188_MESSAGE_H

#include "codec/cjt188/cjt188_item.h"

/* What all frames of one exchange share. */
struct cjt188_link {
    uint8_t meter_type;                   /* T; CJT188_WILDCARD when it is not known */
    uint8_t address[CJT188_ADDRESS_SIZE]; /* A0 … A6; all CJT188_WILDCARD for whoever hears it */
    uint8_t serial;                       /* SER: one more for each exchange, echoed by the meter */
    uint8_t preamble_size;                /* FEH before the frame */
    const struct cjt188_variant *variant; /* the model's habits; NULL the standard's */
};

/* A request for a data identifier of the table. Reads need no items; writes take those of the request's layout.
 * returns  0; CODEC_ERR_UNKNOWN (identifier not in the table), CODEC_ERR_MISSING (a field of the request has no item),
 *          CODEC_ERR_RANGE (an item does not fit its field), CODEC_ERR_FULL */
int cjt188_request_encode(const struct cjt188_link *link, uint16_t identifier, const struct item *items, size_t count,
                          struct writer *out) COMPILER_MUST_CHECK;

/* The answer to it, by the layout that the model sends; fields without an item are sent as FF.
 * returns  as cjt188_request_encode(), never CODEC_ERR_MISSING */
int cjt188_answer_encode(const struct cjt188_link *link, uint16_t identifier, const struct item *items, size_t count,
                         struct writer *out) COMPILER_MUST_CHECK;

/* Abnormal answers: the standard's (SER ST1 ST2), and the one of makers that send DI, SER and an error byte.
 * function  of the request, enum cjt188_function_code
 * status    ST1 * 256 + ST2
 * error     the maker's number
 * returns   0; CODEC_ERR_FULL */
int cjt188_abnormal_answer_encode(const struct cjt188_link *link, uint8_t function, uint16_t status,
                                  struct writer *out) COMPILER_MUST_CHECK;
int cjt188_error_answer_encode(const struct cjt188_link *link, uint8_t function, uint16_t identifier, uint8_t error,
                               struct writer *out) COMPILER_MUST_CHECK;

/* A frame with function and payload as given, for identifiers of makers.
 * control  with CJT188_FROM_METER and CJT188_ABNORMAL as wanted
 * returns  0; CODEC_ERR_TOO_LONG (payload over 252 bytes), CODEC_ERR_FULL */
int cjt188_message_encode(const struct cjt188_link *link, uint8_t control, uint16_t identifier, struct span payload,
                          struct writer *out) COMPILER_MUST_CHECK;

/* The requests by name. All return as cjt188_request_encode(). */

/* A010H: three prices (0.01 yuan), the two amounts (whole units) up to which the first and second hold, the day of the
 * month on which the table begins. */
struct cjt188_prices {
    uint32_t price_fen[3];
    uint32_t limit[2];
    uint8_t start_day;
};

int cjt188_price_table_request_encode(const struct cjt188_link *link, const struct cjt188_prices *prices,
                                      struct writer *out) COMPILER_MUST_CHECK;

/* A011H and A012H. day: 1 to 31, 99 where the model takes it for the last of the month. */
int cjt188_settlement_day_request_encode(const struct cjt188_link *link, uint8_t day,
                                         struct writer *out) COMPILER_MUST_CHECK;
int cjt188_reading_day_request_encode(const struct cjt188_link *link, uint8_t day,
                                      struct writer *out) COMPILER_MUST_CHECK;

/* A013H. A number that the meter knows already must not be credited again; whether a model keeps to that is unproven.
 * number      binary
 * amount_fen  0.01 yuan, up to 99999999 */
int cjt188_purchase_request_encode(const struct cjt188_link *link, uint8_t number, uint32_t amount_fen,
                                   struct writer *out) COMPILER_MUST_CHECK;

/* A014H. key: CJT188_KEY_SIZE bytes. */
#define CJT188_KEY_SIZE 8
int cjt188_key_request_encode(const struct cjt188_link *link, uint8_t version, const uint8_t *key,
                              struct writer *out) COMPILER_MUST_CHECK;

/* A015H. time: with ITEM_TIME_SECOND. */
int cjt188_time_request_encode(const struct cjt188_link *link, const struct item_time *time,
                               struct writer *out) COMPILER_MUST_CHECK;

/* A016H. value * 10^exponent in enum item_unit `unit`, of which the protocol must have a code. */
int cjt188_base_reading_request_encode(const struct cjt188_link *link, int64_t value, int8_t exponent, uint8_t unit,
                                       struct writer *out) COMPILER_MUST_CHECK;

/* A017H. */
int cjt188_valve_request_encode(const struct cjt188_link *link, enum cjt188_valve_command command,
                                struct writer *out) COMPILER_MUST_CHECK;

/* A018H. address: up to 14 digits, as printed; the link's address is the old one or the wildcard. */
int cjt188_address_request_encode(const struct cjt188_link *link, int64_t address,
                                  struct writer *out) COMPILER_MUST_CHECK;

#endif
