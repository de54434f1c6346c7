/* WeChat Pay: the trade bill, a CSV whose cells begin with a back-quote and whose last two lines are totals. */
#include "payment/wechat.h"

#include <string.h>

#include "base/decimal.h"
#include "base/text.h"

enum column {
    COLUMN_TRADE, COLUMN_REFERENCE, COLUMN_STATE, COLUMN_AMOUNT, COLUMN_REFUND_NUMBER, COLUMN_REFUND_REFERENCE,
    COLUMN_REFUND_AMOUNT, COLUMN_CURRENCY, COLUMN_COUNT
};

static const char *const headings[COLUMN_COUNT] = {
    [COLUMN_TRADE] = "商户订单号",
    [COLUMN_REFERENCE] = "微信订单号",
    [COLUMN_STATE] = "交易状态",
    [COLUMN_AMOUNT] = "订单金额",
    [COLUMN_REFUND_NUMBER] = "商户退款单号",
    [COLUMN_REFUND_REFERENCE] = "微信退款单号",
    [COLUMN_REFUND_AMOUNT] = "申请退款金额",
    [COLUMN_CURRENCY] = "货币种类",
};

struct bill {
    int columns[COLUMN_COUNT];
    int64_t rows;
};

static int heading_read(struct span line, struct bill *bill)
{
    struct payment_cells cells;

    if (payment_cells_split(line, &cells) < 0)
        return PAYMENT_ERR_BILL;
    for (int column = 0; column < COLUMN_COUNT; column++) {
        bill->columns[column] = payment_cells_find(&cells, headings[column]);
        if (bill->columns[column] < 0)
            return PAYMENT_ERR_BILL;
    }
    return 0;
}

static int cell_copy(const struct payment_cells *cells, int column, char *out, size_t capacity)
{
    return text_copy(payment_cell(cells, column), out, capacity) < 0 ? PAYMENT_ERR_BILL : 0;
}

/* 1 *row is filled; 0 a line that moved no money (a revoked order); PAYMENT_ERR_BILL */
static int row_read(const struct payment_cells *cells, const struct bill *bill, struct payment_bill_row *row)
{
    struct span state = payment_cell(cells, bill->columns[COLUMN_STATE]);
    bool is_refund = span_equal_text(state, "REFUND");
    int amount = is_refund ? COLUMN_REFUND_AMOUNT : COLUMN_AMOUNT;

    if (span_equal_text(state, "REVOKED"))
        return 0;
    if (!is_refund && !span_equal_text(state, "SUCCESS"))
        return PAYMENT_ERR_BILL;
    *row = (struct payment_bill_row){ .is_refund = is_refund };
    if (!span_equal_text(payment_cell(cells, bill->columns[COLUMN_CURRENCY]), "CNY") ||
        cell_copy(cells, bill->columns[COLUMN_TRADE], row->trade_number, sizeof row->trade_number) < 0 ||
        cell_copy(cells, bill->columns[is_refund ? COLUMN_REFUND_REFERENCE : COLUMN_REFERENCE], row->reference,
                  sizeof row->reference) < 0 ||
        payment_yuan_read(payment_cell(cells, bill->columns[amount]), &row->amount_fen) < 0 || row->amount_fen < 1)
        return PAYMENT_ERR_BILL;
    if (is_refund && cell_copy(cells, bill->columns[COLUMN_REFUND_NUMBER], row->refund_number,
                               sizeof row->refund_number) < 0)
        return PAYMENT_ERR_BILL;
    return 1;
}

/* The totals begin with the number of rows: a file cut short is noticed. */
static int totals_check(struct span line, const struct bill *bill)
{
    struct payment_cells cells;
    int64_t count;

    if (payment_cells_split(line, &cells) < 0 || decimal_parse(payment_cell(&cells, 0), 0, &count) < 0)
        return PAYMENT_ERR_BILL;
    return count == bill->rows ? 0 : PAYMENT_ERR_BILL;
}

static int line_take(struct span line, struct bill *bill,
                     int (*take)(void *taker, const struct payment_bill_row *row), void *taker)
{
    struct payment_cells cells;
    struct payment_bill_row row;
    int result = payment_cells_split(line, &cells);

    if (result == 0)
        result = row_read(&cells, bill, &row);
    bill->rows++;
    return result == 1 ? take(taker, &row) : result;
}

static struct span mark_skip(struct span file)
{
    if (file.size >= 3 && memcmp(file.bytes, "\xef\xbb\xbf", 3) == 0)
        return span_of_bytes(file.bytes + 3, file.size - 3);
    return file;
}

static int hash_check(struct span file, const char *file_hash)
{
    char hash[65];

    if (payment_sha1_hex(file, hash) < 0 ||
        !text_equal_ignoring_case(span_of_text(hash), span_of_text(file_hash)))
        return PAYMENT_ERR_HASH;
    return 0;
}

int payment_wechat_bill_read(const struct payment_channel *channel, struct span file, const char *file_hash,
                             int (*take)(void *taker, const struct payment_bill_row *row), void *taker)
{
    struct bill bill = { .rows = 0 };
    struct span rest = mark_skip(file);
    struct span line;
    int error = hash_check(file, file_hash);

    (void)channel;
    if (error == 0 && (!payment_line_take(&rest, &line) || heading_read(line, &bill) < 0))
        error = PAYMENT_ERR_BILL;
    while (error == 0 && payment_line_take(&rest, &line)) {
        if (line.size > 0 && line.bytes[0] == '`')
            error = line_take(line, &bill, take, taker);
        else
            return payment_line_take(&rest, &line) ? totals_check(line, &bill) : PAYMENT_ERR_BILL;
    }
    return error < 0 ? error : PAYMENT_ERR_BILL;
}
