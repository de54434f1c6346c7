/* A frame as text for people: a line that sums it up, and its fields in aligned columns. */
#ifndef APPS_METERWORKS_DECODE_TABLE_H
#define APPS_METERWORKS_DECODE_TABLE_H

#include "codec/explain/explain.h"

/* Columns a terminal needs for UTF-8 text: two for a Chinese character, none for a combining mark. */
size_t decode_text_columns(const char *text);

/* Explain the frame to standard output.
 * where    stands in front of the summary ("line 3", "offset 120"); "" for nothing
 * returns  0; CODEC_ERR_* why the frame is damaged, which has been printed too; CODEC_ERR_FULL also without memory */
int decode_table_print(const struct explain_protocol *protocol, enum explain_language language, struct span frame,
                       const struct explain_secret *secret, const char *where);

#endif
