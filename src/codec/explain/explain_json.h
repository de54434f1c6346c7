/* A frame explained as one JSON object, for the command line and the HTTP interface. */
#ifndef CODEC_EXPLAIN_JSON_H
#define CODEC_EXPLAIN_JSON_H

#include "base/writer.h"
#include "codec/explain/explain.h"

/* {"protocol":"dlt645","protocol_name":…,"size":20,"bytes":"68…16",
 *  "fields":[{"offset":0,"size":1,"bytes":"68","key":"start","name":…,"value":…,"meaning":…,"clause":…,
 *             "children":[…]},…],
 *  "address":"000000004321",
 *  "items":[{"quantity":"energy_active_import","name":…,"value":"12.34","unit":"kWh","quality":"good",…},…],
 *  "valid":true}
 * Of a damaged frame also "error" (text) and "error_offset". "address" is there when the frame has one. Of an item
 * "meaning" (words for the value), "time", "phase", "tariff", "tier", "storage", "subunit", "function" and "modifier"
 * are there when they say something, "identifier" as the protocol's hexadecimal number. A field of more than 64 bytes
 * shows the first 64 of them.
 * protocol  NULL: guessed
 * secret    NULL: protected parts stay closed
 * out       appended to; about 200 bytes for each field and item
 * returns   0; the CODEC_ERR_* why the frame is damaged, the object being complete all the same; CODEC_ERR_FULL */
int explain_json_write(const struct explain_protocol *protocol, enum explain_language language, struct span frame,
                       const struct explain_secret *secret, struct writer *out);

/* The same members without the braces around them, for an object that has others beside them (a line, an offset). */
int explain_json_members_write(const struct explain_protocol *protocol, enum explain_language language,
                               struct span frame, const struct explain_secret *secret, struct writer *out);

#endif
