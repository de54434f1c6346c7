/* A list as a spreadsheet, text or Excel workbook: pages of the view, one after another, as fast as the client takes them. Internal to the room. */
#ifndef API_CSV_EXPORT_H
#define API_CSV_EXPORT_H

#include "api/exchange.h"

/* Twice as many as the meters of the largest company. A list that goes on says so in its last line. */
#define CSV_EXPORT_ROW_LIMIT 20000000

/* Turn the exchange's answer into the export of `view` with its own filter; notes it in the audit trail.
 * returns  0 with exchange->stream set; -1 answered with an error */
int csv_export_begin(struct exchange *exchange, enum view view);

#endif
