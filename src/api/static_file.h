/* The console's files: packed into the program, or from a folder during development. Internal to the room. */
#ifndef API_STATIC_FILE_H
#define API_STATIC_FILE_H

#include "api/packed_files.h"
#include "base/span.h"

/* Is it an address of the residents' page ("/resident", "/resident/pay")? */
bool static_file_is_resident(struct span path);

/* The packed file for a path. "/" and paths of the console's own pages ("/meters/7", no dot in the last segment) give
 * "/index.html", those of the residents' page "/resident.html"; a name that is not there gives NULL. */
const struct packed_file *static_file_find(const struct packed_file *files, size_t count, struct span path);

/* The same from a folder: reads the whole file.
 * bytes    from malloc, owned by the caller
 * returns  0, or -1 when there is no such file, it is larger than 16 MiB, or the path climbs */
int static_file_read(const char *folder, struct span path, char **bytes, size_t *size, const char **content_type);

#endif
