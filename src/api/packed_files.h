/* The console's files, packed into the program at build time by tools/pack_files.
 *
 * Without a built console (no Node.js on the machine) the table holds one page that says so. */
#ifndef API_PACKED_FILES_H
#define API_PACKED_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct packed_file {
    const char *path;         /* "/assets/index-1f2e3d.js": begins with '/', sorted bytewise in the table */
    const char *content_type; /* "text/javascript; charset=utf-8" */
    const uint8_t *bytes;     /* as sent: gzip when `compressed` */
    size_t size;              /* of `bytes` */
    const char *entity_tag;   /* with its quotes: "\"9f86d081884c7d65\"" from SHA-256 of the unpacked file */
    bool compressed;          /* Content-Encoding: gzip */
    bool immutable;           /* the name holds a hash of the content: may be cached for ever */
};

extern const struct packed_file packed_files[];
extern const size_t packed_file_count;

#endif
