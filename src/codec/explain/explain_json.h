/* A frame explained as one JSON object, for the command line and the HTTP interface. */
#ifndef CODEC_EXPLAIN_JSON_H
#define CODEC_EXPLAIN_JSON_H

#include "base/writer.h"
#include "codec/explain/explain.h"

/* {"protocol":"coap","size":46,"fields":[{"offset":0,"size":1,"bytes":"44","name":…,"value":…,
 * "meaning":…,"clause":…,"children":[…]},…],"valid":true}; of a damaged frame also "error" (text) and "error_offset".
 * A field of more than 64 bytes shows the first 64 of them.
 * protocol  NULL: guessed
 * out       appended to; about 200 bytes for each field
 * returns   0; the CODEC_ERR_* why the frame is damaged, the object being complete all the same; CODEC_ERR_FULL */
int explain_json_write(const struct explain_protocol *protocol, enum explain_language language, struct span frame,
                       struct writer *out);

#endif
