/* Builds JSON text in memory that grows up to a bound; commas and quotes are its business. */
#ifndef API_JSON_WRITER_H
#define API_JSON_WRITER_H

#include "base/span.h"

#define JSON_WRITER_LIMIT (32u * 1024 * 1024)

struct json_writer {
    char *bytes;     /* from malloc; whoever takes it frees it */
    size_t size;
    size_t capacity;
    size_t limit;    /* bytes at most */
    bool failed;     /* no memory, or the limit: what is there is not the whole */
    bool comma;      /* a value came before in this object or array */
};

struct json_writer json_writer_make(size_t limit);
void json_writer_free(struct json_writer *writer);

/* Forget what was written, keep the memory. */
void json_writer_reset(struct json_writer *writer);

void json_object_begin(struct json_writer *writer);
void json_object_end(struct json_writer *writer);
void json_array_begin(struct json_writer *writer);
void json_array_end(struct json_writer *writer);

/* The name of the next value. */
void json_put_key(struct json_writer *writer, const char *key);

/* Bytes that are not UTF-8 become U+FFFD; control characters are escaped. */
void json_put_text(struct json_writer *writer, struct span text);
void json_put_integer(struct json_writer *writer, int64_t value);
void json_put_boolean(struct json_writer *writer, bool value);
void json_put_null(struct json_writer *writer);

/* Text that is JSON already. */
void json_put_raw(struct json_writer *writer, struct span json);

/* key and value at once */
void json_put_key_text(struct json_writer *writer, const char *key, const char *text);
void json_put_key_integer(struct json_writer *writer, const char *key, int64_t value);
/* null when it is not known */
void json_put_key_known(struct json_writer *writer, const char *key, bool known, int64_t value);
void json_put_key_boolean(struct json_writer *writer, const char *key, bool value);

/* Bytes as they are, without comma or quotes: CSV, headers of an event stream. */
void json_append(struct json_writer *writer, const void *bytes, size_t size);
void json_append_text(struct json_writer *writer, const char *text);

struct span json_writer_span(const struct json_writer *writer);

#endif
