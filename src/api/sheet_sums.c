#include "api/sheet_sums.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* Which columns of a list add up: amounts of its rows, never balances or levels.
 * void_column  rows in which it is one of void_words (without words: not 0) do not count */
struct sheet_sum_rule {
    enum view view;
    const char *columns;
    const char *void_column, *void_words;
};

static const struct sheet_sum_rule rules[] = {
    { VIEW_BILLS, "amount_fen paid_fen", "state", "reversed" },
    { VIEW_PAYMENTS, "amount_fen", "undone_s", NULL },
    { VIEW_PAYMENTS_OF_ACCOUNT, "amount_fen", "undone_s", NULL },
    { VIEW_PAYMENTS_OF_CUSTOMER, "amount_fen", "undone_s", NULL },
    { VIEW_PAYMENTS_OF_SHIFT, "amount_fen", "undone_s", NULL },
    { VIEW_PAYMENTS_OF_DAY, "amount_fen", "undone_s", NULL },
    { VIEW_REFUNDS, "amount_fen", "progress", "waiting refused failed" },
    { VIEW_ARREARS, "owed_fen", NULL, NULL },
    { VIEW_ARREARS_IN_AREA, "owed_fen", NULL, NULL },
    { VIEW_REPORT_AGEING, "not_due_fen days_30_fen days_60_fen days_90_fen days_180_fen days_365_fen older_fen owed_fen late_fee_fen"
        " due_fen", NULL, NULL },
    { VIEW_ACCOUNTS, "owed_fen", NULL, NULL },
    { VIEW_ACCOUNTS_IN_AREA, "owed_fen", NULL, NULL },
    { VIEW_ACCOUNTS_OF_CUSTOMER, "owed_fen", NULL, NULL },
    { VIEW_ACCOUNTS_IN_STAGE, "owed_fen", NULL, NULL },
    { VIEW_CASH_SHIFTS, "cash_fen other_fen refunded_fen expected_fen counted_fen difference_fen", NULL, NULL },
    { VIEW_CASH_DEPOSITS, "amount_fen", NULL, NULL },
    { VIEW_ACCOUNT_STATEMENT, "debit_fen credit_fen", NULL, NULL },
    { VIEW_LEDGER_STATEMENT, "debit_fen credit_fen", NULL, NULL },
    { VIEW_ACCOUNT_CHARGES, "amount_fen", NULL, NULL },
    { VIEW_ACCOUNT_MEMBERS, "charged_fen", NULL, NULL },
    { VIEW_SHARE_PARTS, "amount_fen", NULL, NULL },
    { VIEW_INVOICES, "amount_fen net_fen tax_fen", "state", "refused cancelled red_lettered" },
    { VIEW_PAYMENT_ORDERS, "amount_fen refunded_fen", "state", "created pending closed disputed" },
};

/* Whether `word` stands in a list of words between spaces. */
static bool listed(const char *list, struct span word)
{
    while (*list != '\0') {
        size_t size = strcspn(list, " ");
        if (size == word.size && memcmp(list, word.bytes, size) == 0)
            return true;
        list += size + (list[size] == ' ');
    }
    return false;
}

void sheet_sums_begin(struct sheet_sums *sums, enum view view, const struct view_row *row)
{
    *sums = (struct sheet_sums){ .rule = NULL };
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (rules[i].view == view)
            sums->rule = &rules[i];
    for (size_t i = 0; i < row->count && sums->column_count < SHEET_COLUMN_LIMIT; i++)
        if (row->columns[i].kind != VIEW_KIND_CURSOR)
            sums->summed[sums->column_count++] = sums->rule != NULL
                && listed(sums->rule->columns, span_of_text(row->columns[i].name));
}

static bool counts(const struct sheet_sum_rule *rule, const struct view_row *row)
{
    for (size_t i = 0; rule->void_column != NULL && i < row->count; i++) {
        const struct view_cell *cell = &row->cells[i];
        if (strcmp(row->columns[i].name, rule->void_column) != 0)
            continue;
        if (rule->void_words == NULL)
            return cell->type != VIEW_INTEGER || cell->integer == 0;
        return cell->type != VIEW_TEXT || !listed(rule->void_words, cell->text);
    }
    return true;
}

void sheet_sums_take(struct sheet_sums *sums, const struct view_row *row)
{
    size_t shown = 0;

    if (sums->rule == NULL)
        return;
    if (!counts(sums->rule, row)) {
        sums->left_out++;
        return;
    }
    for (size_t i = 0; i < row->count && shown < sums->column_count; i++) {
        if (row->columns[i].kind == VIEW_KIND_CURSOR)
            continue;
        if (sums->summed[shown] && row->cells[i].type == VIEW_INTEGER
            && __builtin_add_overflow(sums->sum_fen[shown], row->cells[i].integer, &sums->sum_fen[shown]))
            sums->overflowed[shown] = true;
        shown++;
    }
}

static void words_write(const struct sheet_sums *sums, bool english, bool cut, char *text, size_t capacity)
{
    char out[80] = "";

    if (sums->left_out > 0)
        (void)snprintf(out, sizeof out, english ? ", without %lld taken back or not done" : ", 不含 %lld 行已冲正、撤销或未成的",
            (long long)sums->left_out);
    (void)snprintf(text, capacity, "%s%s%s", english ? "Total" : "合计", out,
        !cut ? "" : english ? ", of the rows above" : ", 仅以上各行");
}

void sheet_sums_write(const struct sheet_sums *sums, struct sheet_writer *sheet, bool english, bool cut)
{
    char text[160];
    bool said = false;

    if (sums->rule == NULL)
        return;
    words_write(sums, english, cut, text, sizeof text);
    sheet_row_begin(sheet);
    for (size_t i = 0; i < sums->column_count; i++) {
        if (sums->summed[i] && !sums->overflowed[i]) {
            sheet_cell_number(sheet, sums->sum_fen[i], 2);
        } else if (!said && !sums->summed[i]) {
            sheet_cell_title(sheet, span_of_text(text));
            said = true;
        } else {
            sheet_cell_empty(sheet);
        }
    }
    sheet_row_end(sheet);
}
