/* Every answer of a DL/T 645 meter as a frame, for meters and for whatever plays one.
 *
 * All of them return 0; CODEC_ERR_FULL; CODEC_ERR_TOO_LONG where there are values; CODEC_ERR_UNSUPPORTED for a function
 * that has no such answer. `address` is the meter's own. No meter answers a broadcast.
 * source  DL/T 645-2007 section 7, DL/T 645-1997, State Grid prepayment extension (control code 03H) */
#ifndef CODEC_DLT645_ANSWER_H
#define CODEC_DLT645_ANSWER_H

#include "codec/dlt645/dlt645_content.h"

/* 91H or, when more are to be read, B1H; 81H or A1H of 1997. */
int dlt645_read_answer_encode(enum dlt645_version version, const struct dlt645_address *address, uint32_t identifier,
                              struct span values, bool has_more, struct writer *out);

/* 92H or B2H with the sequence that was asked; 82H or A2H of 1997 without. */
int dlt645_read_more_answer_encode(enum dlt645_version version, const struct dlt645_address *address,
                                   uint32_t identifier, struct span values, uint8_t sequence, bool has_more,
                                   struct writer *out);

/* 83H of 1997: the last answer again. */
int dlt645_read_again_answer_encode(const struct dlt645_address *address, uint32_t identifier, struct span values,
                                    struct writer *out);

/* 93H. */
int dlt645_read_address_answer_encode(const struct dlt645_address *address, struct writer *out);

/* An answer without data: to write, write address (`address` being the new one), freeze, clear and relay requests.
 * function  DLT645_WRITE …, of that version */
int dlt645_done_answer_encode(enum dlt645_version version, const struct dlt645_address *address, uint8_t function,
                              struct writer *out);

/* 97H: the rate that will be used after this answer.
 * returns  CODEC_ERR_RANGE */
int dlt645_rate_answer_encode(const struct dlt645_address *address, uint32_t rate, struct writer *out);

/* 98H: the new password. */
int dlt645_password_answer_encode(const struct dlt645_address *address, const struct dlt645_password *new_password,
                                  struct writer *out);

/* 9DH: the output that is given now. */
int dlt645_output_answer_encode(const struct dlt645_address *address, uint8_t output, struct writer *out);

/* 83H of the prepayment extension. */
int dlt645_security_answer_encode(const struct dlt645_address *address, uint32_t identifier, struct span values,
                                  struct writer *out);

/* An abnormal answer with an error word, C0H more than the request.
 * error  ERR, one byte; SERR, two bytes, for DLT645_SECURITY */
int dlt645_error_answer_encode(enum dlt645_version version, const struct dlt645_address *address, uint8_t function,
                               uint16_t error, struct writer *out);

#endif
