/* The sheets of an Excel workbook in the order of their tabs: what each is called inside the archive (ECMA-376, 18.2.19 and
 * part 2: relationships). Sheets that are hidden are left out. */
#ifndef APPS_METERWORKS_WORKBOOK_SHEETS_H
#define APPS_METERWORKS_WORKBOOK_SHEETS_H

#include "base/span.h"

#define WORKBOOK_SHEET_LIMIT 16 /* what stands behind them is left out */
#define WORKBOOK_PATH_SIZE 80

struct workbook_sheets {
    int count;
    char path[WORKBOOK_SHEET_LIMIT][WORKBOOK_PATH_SIZE];
};

/* A workbook that names no sheet has the usual one.
 * returns  0; CASH_ERR_STATEMENT_TEXT for what is no workbook, STORE_ERR_MEMORY */
int workbook_sheets_read(struct span bytes, struct workbook_sheets *out);

#endif
