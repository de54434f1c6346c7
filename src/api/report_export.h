/* The usage report as JSON pages and as a spreadsheet that is made while the client takes it. Internal to the room. */
#ifndef API_REPORT_EXPORT_H
#define API_REPORT_EXPORT_H

#include "api/exchange.h"
#include "api/usage_report.h"

/* Turn the exchange's answer into the spreadsheet of `frame`; notes it in the audit trail.
 * returns  0 with exchange->stream set; -1 answered with an error */
int report_export_begin(struct exchange *exchange, const struct usage_frame *frame);

#endif
