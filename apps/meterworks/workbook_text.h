/* A sheet of an Excel workbook (ECMA-376, SpreadsheetML in a ZIP archive) as text between commas, so that whatever reads CSV
 * reads workbooks too. Line n of the text is row n of the sheet. */
#ifndef APPS_METERWORKS_WORKBOOK_TEXT_H
#define APPS_METERWORKS_WORKBOOK_TEXT_H

#include "base/span.h"

#define WORKBOOK_STRING_LIMIT 200000       /* shared strings */
#define WORKBOOK_ROW_LIMIT 20000
#define WORKBOOK_COLUMN_LIMIT 32           /* what stands further right is left out */

/* Whether these are the first bytes of a ZIP archive. */
bool workbook_begins(struct span bytes);

/* sheet       its path in the archive (workbook_sheets.h)
 * text_limit  bytes of the text
 * out         from malloc, with a zero behind it; the caller frees it
 * returns     its bytes; CASH_ERR_STATEMENT_TEXT for what is no workbook, _STATEMENT_EMPTY, _STATEMENT_LONG beyond a limit;
 *             STORE_ERR_MEMORY */
int64_t workbook_text(struct span bytes, const char *sheet, size_t text_limit, char **out);

#endif
