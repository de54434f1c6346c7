/* What an order asks of a meter itself, as a request of its model, and how refusals and mistakes are named to the
 * operator: the same whether the meter hangs on a line of ours or behind a concentrator. */
#ifndef DIALOG_LINE_REQUEST_H
#define DIALOG_LINE_REQUEST_H

#include "base/line_order.h"
#include "dialog/device_codec.h"

/* To every meter of the line; nobody answers. */
bool line_order_is_broadcast(const struct line_order *order);

/* Does something to the meter rather than reading it. */
bool line_order_is_command(const struct line_order *order);

/* The request of the model that does what the order wants.
 * sequence  of CJ/T 188
 * out       its key is the order's; its cipher is the caller's to set
 * returns   0; DEVICE_CODEC_ERR_COMMAND, _POINT: the model has no such thing */
int line_request_of_order(const struct line_order *order, const struct device_profile *profile, uint8_t sequence,
                          int64_t now_ms, struct device_request *out);

/* The frame of a broadcast in the language of the model; NULL: DL/T 645.
 * returns  0; DEVICE_CODEC_ERR_COMMAND when that language has none */
int line_broadcast_encode(const struct line_order *order, const struct device_profile *profile, int64_t now_ms,
                          struct writer *out);

/* Why the model cannot be asked: one of device_codec_encode()'s errors. */
enum line_problem line_problem_of_request(const struct line_order *order, int error);

/* Why a received frame is no answer: one of device_codec_decode()'s errors. */
enum line_problem line_problem_of_frame(int error);

/* What a meter's error word means; that of a purchase is not the one of other orders. */
enum line_problem line_problem_of_refusal(const struct line_order *order, const struct device_profile *profile,
                                          uint16_t code);

/* Keep what may be told. A freeze of another midnight is true of its own and stays; a value latched at another instant
 * than the order's would pass for it and goes.
 * returns  how many are of the moment that was asked for */
unsigned line_items_sift(const struct line_order *order, const struct device_profile *profile, struct uplink *uplink);

#endif
