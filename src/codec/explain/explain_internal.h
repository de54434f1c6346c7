/* What the explainers of this folder share. */
#ifndef CODEC_EXPLAIN_INTERNAL_H
#define CODEC_EXPLAIN_INTERNAL_H

#include "codec/coap/coap_message.h"
#include "codec/explain/explain.h"
#include "codec/lwm2m/lwm2m_payload.h"

/* Where a part of a frame is explained: rows get offsets in the whole frame. */
struct explain_place {
    const struct explain_sink *sink;
    struct span frame;
    unsigned depth;
};

struct explain_place explain_deeper(const struct explain_place *place);

/* A row without texts yet for `bytes`, which lie in the frame. */
struct explain_field explain_row(const struct explain_place *place, struct span bytes, const char *english,
                                 const char *chinese, const char *clause);

/* A unit in the sink's language; "" for none. */
const char *explain_unit(const struct explain_sink *sink, enum item_unit unit);

/* What a row is called, for explainers that name all of theirs in constants. */
struct explain_label {
    const char *key;
    const char *english;
    const char *chinese;
    const char *clause;
};

/* A row under a label. `bytes` lie in the frame; value and meaning NULL: none. */
void explain_label_put(const struct explain_place *place, struct span bytes, const struct explain_label *label,
                       const char *value, const char *meaning);

/* Value and meaning of one row while they are being written. */
struct explain_texts {
    char bytes[2][EXPLAIN_TEXT_LIMIT];
    struct writer value; /* these point into `bytes`: never copy the structure */
    struct writer meaning;
};
void explain_texts_open(struct explain_texts *texts);

/* Value with unit, and what it means for this resource: names of states, alarms, times. */
void explain_value(const struct explain_sink *sink, const struct lwm2m_value *value, struct writer *text,
                   struct writer *meaning);

/* "/33424/0/1 Remaining amount", in the sink's language where the table knows the resource. */
void explain_path(const struct explain_sink *sink, struct lwm2m_path path, struct writer *out);

/* Rows for the inside of an opaque value (midnight readings, price steps); none for others. */
void explain_opaque(const struct explain_place *place, struct lwm2m_path path, struct span bytes);

/* A row for each instant of a series (resource 33424/0/21); none for other paths. */
void explain_series(const struct explain_place *place, struct lwm2m_path path, struct span bytes);

/* value / 10^scale without needless zeros; a time in China's zone. */
void explain_write_decimal(struct writer *out, int64_t value, int scale);
void explain_write_time(struct writer *out, int64_t time_s);

/* Rows for a payload.
 * base           the path that was asked; depth 0 when it is not known
 * returns        0; CODEC_ERR_* with *error_offset in the frame */
int explain_senml_cbor(const struct explain_place *place, struct span pack, size_t *error_offset);
int explain_senml_json(const struct explain_place *place, struct span pack, size_t *error_offset);
int explain_tlv(const struct explain_place *place, struct lwm2m_path base, struct span payload, size_t *error_offset);
int explain_links(const struct explain_place *place, struct span text, size_t *error_offset);
int explain_arguments(const struct explain_place *place, struct lwm2m_path base, struct span payload,
                      size_t *error_offset);

/* A whole CoAP message with its payload. */
int explain_coap(const struct explain_sink *sink, struct span frame, size_t *error_offset);

/* A wireless M-Bus frame with or without check sums, and how surely it is one. */
int explain_wmbus(const struct explain_sink *sink, struct span frame, size_t *error_offset);
enum explain_belief explain_wmbus_recognise(struct span frame);

/* A whole CJ/T 188 frame. */
int explain_cjt188(const struct explain_sink *sink, struct span frame, size_t *error_offset);
enum explain_belief explain_cjt188_recognise(struct span frame);

/* Registration and heartbeat packets of DTUs. */
int explain_dtu(const struct explain_sink *sink, struct span frame, size_t *error_offset);
enum explain_belief explain_dtu_recognise(struct span frame);
size_t explain_dtu_find(struct span stream, size_t *skip);

/* What the message does in LwM2M terms ("Register", "Read", ...); rows of one statement, none when it is plain CoAP. */
void explain_lwm2m_operation(const struct explain_place *place, const struct coap_message *message);

/* The numeric path of the Uri-Path options.
 * returns  0; negative when it is none, as for /rd */
int explain_request_path(const struct coap_message *message, struct lwm2m_path *out);

/* A whole frame of Q/GDW 130, 376.1 or 1376.1, and how surely it is one. */
int explain_q376(const struct explain_sink *sink, struct span frame, size_t *error_offset);
enum explain_belief explain_q376_recognise(struct span frame);

/* DL/T 645-1997 and 2007. */
int explain_dlt645(const struct explain_sink *sink, struct span frame, size_t *error_offset);
enum explain_belief explain_dlt645_recognise(struct span frame);

/* A wired M-Bus frame (EN 13757-2 and -3). */
int explain_mbus(const struct explain_sink *sink, struct span frame, size_t *error_offset);
enum explain_belief explain_mbus_recognise(struct span frame);

/* A campus hot-water meter's frame (HW-1); a secret is the session key. */
int explain_hotwater(const struct explain_sink *sink, struct span frame, size_t *error_offset);
enum explain_belief explain_hotwater_recognise(struct span frame);

/* A manhole-cover terminal's packet (DB35/T 1803 by the profile MHC-1); a secret is the terminal's device key. */
int explain_manhole(const struct explain_sink *sink, struct span frame, size_t *error_offset);
enum explain_belief explain_manhole_recognise(struct span frame);
size_t explain_manhole_find(struct span stream, size_t *skip);

/* The protocol of which a frame has only the beginning: cut, or with bytes behind it. NULL for none.
 * belief  what another protocol believes of it */
const struct explain_protocol *explain_beginning_find(struct span frame, enum explain_belief belief);

#endif
