/* The application data of a telegram as items. */
#ifndef CODEC_WMBUS_ITEMS_H
#define CODEC_WMBUS_ITEMS_H

#include "codec/item/item.h"
#include "codec/wmbus/wmbus_compact.h"
#include "codec/wmbus/wmbus_telegram.h"

/* Records, alarm bits or error code as items; bytes of other applications give none, nor does a telegram that is sealed
 * in part: its plain rest does not say where records begin. Items point into the telegram's buffer.
 * formats       of compact frames, as wmbus_compact_decode; NULL: the published ones
 * list          items are added; those before an error stay
 * error_offset  never NULL; written on failure: in the frame the telegram was decoded from
 * returns       0; CODEC_ERR_FULL; errors of mbus_record_next; of a compact frame CODEC_ERR_UNKNOWN: its format was not
 *               seen yet, keep the bytes and try again later; CODEC_ERR_CHECKSUM: the format is another one */
int wmbus_items_decode(const struct wmbus_telegram *telegram, const struct wmbus_headers_table *formats,
                       struct item_list *list, size_t *error_offset);

/* The content behind the two fillers that prove a decryption: what compact frames, codes and format frames begin with.
 */
struct span wmbus_content_body(const struct wmbus_telegram *telegram);

#endif
