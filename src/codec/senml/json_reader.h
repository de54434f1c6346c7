/* Reads JSON token by token (RFC 8259), in place. */
#ifndef CODEC_JSON_READER_H
#define CODEC_JSON_READER_H

#include "base/span.h"
#include "base/writer.h"

#define JSON_DEPTH_LIMIT 8

enum json_kind {
    JSON_OBJECT_BEGIN,
    JSON_OBJECT_END,
    JSON_ARRAY_BEGIN,
    JSON_ARRAY_END,
    JSON_COLON,
    JSON_COMMA,
    JSON_STRING,
    JSON_NUMBER,
    JSON_TRUE,
    JSON_FALSE,
    JSON_NULL,
    JSON_END /* nothing but blanks was left */
};

struct json_token {
    int kind;         /* enum json_kind */
    struct span text; /* of a string without its quotes, escapes untouched; of a number its characters */
    size_t offset;
};

struct json_reader {
    struct span in;
    size_t offset; /* of the next token; where reading stopped on failure */
};

struct json_reader json_reader(struct span in);

/* Blanks are passed over. Strings are checked: closed, legal escapes, no control characters, UTF-8. Numbers are only
 * cut out; number_parse checks them.
 * returns  0 and *out; CODEC_ERR_SHORT; CODEC_ERR_FORMAT. The reader stays on failure */
int json_reader_next(struct json_reader *reader, struct json_token *out);

/* Pass over one whole value, `first` being its first token, already read.
 * returns  0; CODEC_ERR_DEPTH beyond JSON_DEPTH_LIMIT; CODEC_ERR_FORMAT; CODEC_ERR_SHORT */
int json_reader_skip(struct json_reader *reader, const struct json_token *first);

/* The text of a checked string with its escapes undone.
 * returns  0; CODEC_ERR_FORMAT for a wrong escape; CODEC_ERR_FULL */
int json_string_write(struct span text, struct writer *out);

/* Quotes and escapes around a UTF-8 text; ask writer_result at the end. */
void json_string_put(struct writer *out, struct span text);

#endif
