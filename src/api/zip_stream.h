/* A ZIP archive written from front to back, without ever knowing what comes: sizes and checksums follow each entry
 * (PKWARE APPNOTE 6.3.10, 4.3.9 data descriptor). Memory is one deflate state, whatever the size. Internal to the room. */
#ifndef API_ZIP_STREAM_H
#define API_ZIP_STREAM_H

#define ZLIB_CONST
#include <zlib.h>

#include "api/json_writer.h"

#define ZIP_ENTRY_LIMIT 64
#define ZIP_NAME_LIMIT 48

struct zip_entry {
    char name[ZIP_NAME_LIMIT];
    uint32_t checksum;
    uint32_t packed_size;
    uint32_t size;
    uint32_t offset;
};

struct zip_stream {
    z_stream deflate;
    struct json_writer *out;  /* where bytes go; the caller empties it */
    uint64_t offset;          /* bytes written so far */
    uint64_t entry_size;      /* of the entry that is open */
    uint64_t entry_packed;
    struct zip_entry entries[ZIP_ENTRY_LIMIT];
    size_t entry_count;
    bool failed;              /* no memory, an entry beyond 4 GiB, or too many: the archive must be thrown away */
};

/* returns  0; -1 without memory */
int zip_stream_begin(struct zip_stream *zip, struct json_writer *out);

/* name  at most ZIP_NAME_LIMIT - 1 bytes of ASCII */
void zip_entry_begin(struct zip_stream *zip, const char *name);
void zip_entry_write(struct zip_stream *zip, const void *bytes, size_t size);
void zip_entry_end(struct zip_stream *zip);

/* Write the directory. Nothing more can be added. */
void zip_stream_end(struct zip_stream *zip);

/* Release the memory; accepts a stream of zeros. */
void zip_stream_free(struct zip_stream *zip);

#endif
