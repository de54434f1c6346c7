/* Bank transfers from a bank's statement: each line is checked, then booked once.
 *
 * A check finds whose money a line is: by customer number, bill number or meter number in its texts, else by the payer's name
 * together with the amount. What is not certain is booked to "suspense: bank transfers" and assigned by a person. A line's
 * fingerprint (the bank's serial number, or all it says) is booked once for a tenant and bank, however often it comes. */
#ifndef BILLING_BANK_IMPORT_H
#define BILLING_BANK_IMPORT_H

#include "billing/bank_store.h"
#include "billing/billing.h"
#include "billing/cash_error.h"

#define BANK_LINE_LIMIT 5000      /* of one statement */
#define BANK_BOOKING_SLICE 50     /* lines booked in one tick */

/* Find whose money a line is: fills account_id and verdict of a line that can be read.
 * returns  0; negative of the store */
int bank_line_match(struct billing *billing, struct bank_line *line);

/* Keep a statement that was read and checked; nothing is booked.
 * row      bank and file_name; lines: `count` of them with fingerprint, verdict 0 or BANK_OUTGOING or BANK_BAD
 * returns  0; BILLING_ERR_WHOLE; CASH_ERR_BANK, CASH_ERR_STATEMENT_EMPTY */
int bank_statement_check(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                         struct bank_statement *row, struct bank_line *lines, size_t count);

/* Begin to book a checked statement; billing_tick goes on with it, slice by slice, also after a restart.
 * returns  0; CASH_ERR_STATEMENT, _STATEMENT_STATE; BILLING_ERR_WHOLE */
int bank_statement_book(struct billing *billing, const struct billing_scope *scope, int64_t statement_id);

/* Forget a checked statement, or stop one that is being booked: what is booked stands. As bank_statement_book. */
int bank_statement_cancel(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t statement_id);

/* Say whose a line is: of a checked statement the verdict becomes matched; out of suspense the money is paid to the account.
 * returns  0 and *out; CASH_ERR_LINE, CASH_ERR_LINE_STATE; BILLING_ERR_ACCOUNT, _ACCOUNT_CLOSED, _WHOLE; LEDGER_ERR_* */
int bank_line_assign(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t line_id,
                     int64_t account_id, struct bank_line *out);

/* Ask for the money of a line in suspense to go back to whoever sent it; another person approves (approval.h). The transfer
 * itself is made at the bank.
 * reason   1 to 120 bytes
 * returns  0 and *approval_id; BILLING_ERR_WHOLE; CASH_ERR_LINE, _LINE_STATE, _REASON, _RETURN_ASKED */
int bank_line_return_ask(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t line_id,
                         const char *reason, int64_t *approval_id);

/* Book at most `limit` lines of what waits. returns how many; negative: take the transaction back */
int bank_import_continue(struct billing *billing, int64_t now_s, int32_t limit);

/* Remember which heading is what. returns 0; CASH_ERR_BANK, CASH_ERR_MAPPING; BILLING_ERR_WHOLE */
int bank_mapping_put(struct billing *billing, const struct billing_scope *scope, struct bank_mapping *row);

#endif
