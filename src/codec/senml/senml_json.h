/* SenML packs as JSON (content format 110; RFC 8428 5, OMA LwM2M Core 1.1, 7.4.5). */
#ifndef CODEC_SENML_JSON_H
#define CODEC_SENML_JSON_H

#include "base/span.h"
#include "base/writer.h"
#include "codec/senml/json_reader.h"
#include "codec/senml/senml_record.h"

struct senml_json_reader {
    struct json_reader json;
    struct senml_base base;
    bool begun;
    bool ended;
};

struct senml_json_reader senml_json_reader(struct span pack);

/* The next record.
 * returns  1 and *out (written on success only); 0 after the last, when only blanks follow the pack;
 *          CODEC_ERR_TRAILING; CODEC_ERR_UNKNOWN for a label that ends in "_" and is not known; CODEC_ERR_TYPE; and as
 *          json_reader_next, json_reader_skip, number_parse, senml_resolve. reader->json.offset tells where it stopped */
int senml_json_next(struct senml_json_reader *reader, struct senml_record *out);

/* Write one record with the bracket or comma in front that it needs, and the closing bracket after the last.
 * index, count  of the record in the pack
 * returns       0; CODEC_ERR_RANGE for a scale beyond 18; CODEC_ERR_FULL */
int senml_json_put_entry(struct writer *out, const struct senml_entry *entry, unsigned index, unsigned count);

#endif
