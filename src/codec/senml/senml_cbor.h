/* SenML packs as CBOR (content format 112; RFC 8428 6, OMA LwM2M Core 1.1, 7.4.6). */
#ifndef CODEC_SENML_CBOR_H
#define CODEC_SENML_CBOR_H

#include "base/span.h"
#include "base/writer.h"
#include "codec/senml/cbor_reader.h"
#include "codec/senml/senml_record.h"

struct senml_cbor_reader {
    struct cbor_reader cbor;
    struct senml_base base;
    uint64_t remaining; /* records; UINT64_MAX: up to a break */
    bool begun;
    bool ended;
};

struct senml_cbor_reader senml_cbor_reader(struct span pack);

/* The next record.
 * returns  1 and *out (written on success only); 0 after the last, when nothing follows the pack; CODEC_ERR_TRAILING;
 *          CODEC_ERR_UNKNOWN for a text label that ends in "_" and is not known; CODEC_ERR_UNSUPPORTED for strings of
 *          indefinite length; CODEC_ERR_TYPE; and as cbor_reader_next, cbor_reader_skip, senml_resolve.
 *          reader->cbor.offset tells where it stopped */
int senml_cbor_next(struct senml_cbor_reader *reader, struct senml_record *out);

/* The head of a pack of `count` records; as many senml_cbor_put_entry must follow. */
void senml_cbor_put_pack(struct writer *out, uint64_t count);

/* returns  0; CODEC_ERR_RANGE as cbor_put_decimal; CODEC_ERR_FULL */
int senml_cbor_put_entry(struct writer *out, const struct senml_entry *entry);

/* A CBOR payload of one resource (content format 60): exactly one scalar of definite length, no tag but 4 and 5.
 * returns  0 and kind, number, boolean and text of *out; CODEC_ERR_TYPE for maps, arrays, null, undefined and others;
 *          CODEC_ERR_TRAILING; as cbor_reader_next */
int cbor_scalar_decode(struct span payload, struct senml_record *out);

#endif
