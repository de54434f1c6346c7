/* What the explainer's files of wired M-Bus share. */
#ifndef CODEC_EXPLAIN_MBUS_INTERNAL_H
#define CODEC_EXPLAIN_MBUS_INTERNAL_H

#include "codec/explain/explain_mbus.h"
#include "codec/mbus/mbus_message.h"

#define MBUS_CLAUSE_CI "EN 13757-3 5, table 1"

/* How a number is shown. */
enum mbus_number { MBUS_NUMBER_DECIMAL, MBUS_NUMBER_HEX_BYTE, MBUS_NUMBER_HEX_WORD };

void mbus_number_put(const struct explain_place *place, struct span bytes, const struct explain_label *label,
                     enum mbus_number form, unsigned number, const char *meaning);

/* The bytes themselves as value, cut with "..." when they do not fit. */
void mbus_hex_put(const struct explain_place *place, struct span bytes, const struct explain_label *label,
                  const char *meaning);

/* One of two texts, by the language. */
const char *mbus_choose(const struct explain_place *place, const char *english, const char *chinese);

/* Rows and items of the application layer.
 * returns  0; errors of mbus_records_decode; CODEC_ERR_KEY for the wrong key; *error_offset in the frame */
int mbus_message_put(const struct explain_place *place, const struct mbus_message *message, size_t *error_offset);

#endif
