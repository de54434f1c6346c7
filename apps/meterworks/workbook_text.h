/* The first sheet of an Excel workbook (ECMA-376, SpreadsheetML in a ZIP archive) as text between commas, so that whatever
 * reads CSV reads workbooks too. Line n of the text is row n of the sheet. A document type, which a workbook never has, is
 * refused, and with it every entity that could grow. */
#ifndef APPS_METERWORKS_WORKBOOK_TEXT_H
#define APPS_METERWORKS_WORKBOOK_TEXT_H

#include "base/span.h"

#define WORKBOOK_PART_LIMIT (8u * 1048576) /* bytes of a part of the archive, unpacked */
#define WORKBOOK_STRING_LIMIT 200000       /* shared strings */
#define WORKBOOK_ROW_LIMIT 20000
#define WORKBOOK_COLUMN_LIMIT 32           /* what stands further right is left out */

/* Whether these are the first bytes of a ZIP archive. */
bool workbook_begins(struct span bytes);

/* text_limit  bytes of the text
 * out         from malloc, with a zero behind it; the caller frees it
 * returns     its bytes; CASH_ERR_STATEMENT_TEXT for what is no workbook, _STATEMENT_LONG beyond a limit; STORE_ERR_MEMORY */
int64_t workbook_text(struct span bytes, size_t text_limit, char **out);

#endif
