/* A bank's statement, as its online bank exports it: rows of text between commas, in UTF-8 or GB18030, or a sheet of an Excel
 * workbook; often with lines about the account in front of the heading and sums behind the last line. */
#ifndef APPS_METERWORKS_BANK_FILE_H
#define APPS_METERWORKS_BANK_FILE_H

#include "base/span.h"
#include "billing/bank_store.h"

#define BANK_FILE_TEXT_LIMIT (4u * 1048576) /* bytes of a statement in UTF-8 */
#define BANK_FILE_HEADING_LIMIT 40          /* rows in which the heading is looked for */

/* What a statement that cannot be read is about. */
struct bank_file_fault {
    size_t line;             /* of the text, the first is 1; 0 unknown */
    char missing[BANK_COLUMN_SIZE]; /* a heading that is not there */
};

/* In how many sheets the lines may be: of a text file in one.
 * returns  from 1 to WORKBOOK_SHEET_LIMIT; CASH_ERR_STATEMENT_TEXT, STORE_ERR_MEMORY */
int bank_file_sheets(struct span bytes);

/* The statement as UTF-8.
 * sheet    from 0; of a text file passed over
 * out      from malloc, with a zero behind it; the caller frees it
 * returns  its bytes; CASH_ERR_STATEMENT_TEXT for neither UTF-8 nor GB18030 nor a workbook, _STATEMENT_LONG,
 *          _STATEMENT_EMPTY; STORE_ERR_MEMORY */
int64_t bank_file_text(struct span bytes, int sheet, char **out);

/* Read the lines of a statement.
 * mapping  which heading is what; NULL: the headings that banks usually write
 * lines    `capacity` of them; filled: row, amount, serial, happened, payer, payer_tail, remark, fingerprint, and of lines
 *          with nothing to book the verdict BANK_OUTGOING or BANK_BAD with `problem`
 * returns  how many; CASH_ERR_STATEMENT_TEXT, _STATEMENT_COLUMNS, _STATEMENT_LONG with *fault written */
int bank_file_read(struct span text, const struct bank_mapping *mapping, struct bank_line *lines, size_t capacity,
                   struct bank_file_fault *fault);

#endif
