/* A list as a spreadsheet: pages of the view, one after another, as fast as the client takes them. Internal to the room. */
#ifndef API_CSV_EXPORT_H
#define API_CSV_EXPORT_H

#include "api/exchange.h"

#define CSV_EXPORT_ROW_LIMIT 100000

/* Turn the exchange's answer into the export of `view` with its own filter; notes it in the audit trail.
 * returns  0 with exchange->csv set; -1 answered with an error */
int csv_export_begin(struct exchange *exchange, enum view view);

/* The next bytes, at most `capacity`.
 * returns  bytes written; 0 at the end; -1 on failure (the connection is broken off: half a list must not look whole) */
long csv_export_read(struct csv_export *export, char *bytes, size_t capacity);

/* NULL is accepted. */
void csv_export_end(struct csv_export *export);

#endif
