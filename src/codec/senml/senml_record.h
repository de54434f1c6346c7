/* One SenML record with its base fields resolved (RFC 8428 4.6), the same for the CBOR and the JSON form.
 *
 * Names are resolved by plain concatenation of base name and name, never by splitting: fielded clients put the slash on
 * either side. */
#ifndef CODEC_SENML_RECORD_H
#define CODEC_SENML_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "base/writer.h"
#include "codec/number/number.h"

#define SENML_NAME_LIMIT 64  /* bytes of a resolved name; LwM2M paths need 24 */
#define SENML_VERSION_LIMIT 10

/* Labels of the CBOR form (RFC 8428 table 4). */
enum senml_label {
    SENML_LABEL_BASE_SUM = -6,
    SENML_LABEL_BASE_VALUE = -5,
    SENML_LABEL_BASE_UNIT = -4,
    SENML_LABEL_BASE_TIME = -3,
    SENML_LABEL_BASE_NAME = -2,
    SENML_LABEL_BASE_VERSION = -1,
    SENML_LABEL_NAME = 0,
    SENML_LABEL_UNIT = 1,
    SENML_LABEL_VALUE = 2,
    SENML_LABEL_STRING = 3,
    SENML_LABEL_BOOLEAN = 4,
    SENML_LABEL_SUM = 5,
    SENML_LABEL_TIME = 6,
    SENML_LABEL_UPDATE_TIME = 7,
    SENML_LABEL_DATA = 8,
    SENML_LABEL_LINK = 9, /* here only: on the wire the text "vlo" (OMA LwM2M Core 1.1, 7.4.5) */
    SENML_LABEL_UNKNOWN = 10
};

enum senml_kind { SENML_NOTHING, SENML_NUMBER, SENML_TEXT, SENML_BOOLEAN, SENML_BYTES, SENML_LINK };

/* How a text lies in the input. */
enum senml_coding {
    SENML_PLAIN,  /* as it is */
    SENML_QUOTED, /* JSON string without its quotes: escapes to be undone */
    SENML_BASE64  /* base64url, padding optional; the standard alphabet is accepted too */
};

struct senml_record {
    char name[SENML_NAME_LIMIT + 1]; /* resolved, zero-terminated */
    uint8_t name_size;
    uint8_t kind;   /* enum senml_kind */
    uint8_t coding; /* enum senml_coding of `text` */
    bool boolean;
    bool has_time;
    int64_t time_ms;          /* base time + time, as stated: below 2^28 s it is relative to now (RFC 8428 4.5.3) */
    struct number number;     /* without the base value */
    struct number base_value; /* in force for this record; 0 when none */
    struct span text;         /* of text, bytes, link; points into the input, see `coding` */
    size_t offset;            /* of the record in the pack */
    size_t size;              /* of the record */
};

/* value + base value at a scale.
 * returns  as number_scaled; CODEC_ERR_TYPE when the record carries no number */
int senml_record_scaled(const struct senml_record *record, int scale, int64_t *out);

/* The bytes of a text, link or opaque value with their coding undone.
 * out      appended to
 * returns  0; CODEC_ERR_TYPE for another kind; CODEC_ERR_FORMAT for wrong base64; CODEC_ERR_FULL */
int senml_record_bytes(const struct senml_record *record, struct writer *out);

/* One field of a record as it was found, and what stays in force between records. Used by the two readers. */
struct senml_text {
    struct span text;
    uint8_t coding;
};

struct senml_fields {
    uint32_t seen; /* set of 1 << (label + 6) */
    struct senml_text base_name;
    struct senml_text name;
    struct number base_time, base_value, time, value, version;
    struct senml_text string; /* of string, data, link */
    bool boolean;
    uint8_t kind;
};

struct senml_base {
    char name[SENML_NAME_LIMIT];
    uint8_t name_size;
    bool has_time;
    struct number time;
    struct number value;
};

struct senml_base senml_base_empty(void);

/* Note that a label was met.
 * returns  0; CODEC_ERR_DUPLICATE */
int senml_fields_mark(struct senml_fields *fields, enum senml_label label);

/* Note a value of a kind.
 * returns  0; CODEC_ERR_FORMAT when the record has a value already */
int senml_fields_value(struct senml_fields *fields, enum senml_kind kind);

/* Resolve the fields of one record against the base and move the base on. `record` offset and size are the caller's.
 * returns  0; CODEC_ERR_VERSION above SENML_VERSION_LIMIT; CODEC_ERR_TOO_LONG; CODEC_ERR_MISSING without any name;
 *          CODEC_ERR_RANGE for a time beyond int64 ms; CODEC_ERR_FORMAT for a name of other characters than
 *          letters, digits and -:./_ */
int senml_resolve(struct senml_base *base, const struct senml_fields *fields, struct senml_record *record);

/* One record to be written. */
struct senml_entry {
    struct span base_name; /* empty: left out */
    struct span name;      /* empty: left out */
    struct span text;      /* of SENML_TEXT, SENML_BYTES, SENML_LINK; plain */
    int64_t base_time_s;
    int64_t number;        /* of SENML_NUMBER: value * 10^scale */
    int scale;
    uint8_t kind; /* enum senml_kind */
    bool has_base_time;
    bool boolean;
};

#endif
