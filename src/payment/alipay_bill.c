/* Alipay: the trade bill, a zip archive of CSV files in GBK. Lines that begin with # are remarks. */
#include "payment/alipay.h"

#include <string.h>

#include "base/text.h"

enum column { COLUMN_REFERENCE, COLUMN_TRADE, COLUMN_KIND, COLUMN_AMOUNT, COLUMN_REFUND_NUMBER, COLUMN_COUNT };

/* As GBK writes them; the file needs no other conversion. */
static const char *const headings[COLUMN_COUNT] = {
    [COLUMN_REFERENCE] = "\xd6\xa7\xb8\xb6\xb1\xa6\xbd\xbb\xd2\xd7\xba\xc5",             /* 支付宝交易号 */
    [COLUMN_TRADE] = "\xc9\xcc\xbb\xa7\xb6\xa9\xb5\xa5\xba\xc5",                         /* 商户订单号 */
    [COLUMN_KIND] = "\xd2\xb5\xce\xf1\xc0\xe0\xd0\xcd",                                  /* 业务类型 */
    [COLUMN_AMOUNT] = "\xb6\xa9\xb5\xa5\xbd\xf0\xb6\xee\xa3\xa8\xd4\xaa\xa3\xa9",        /* 订单金额（元） */
    [COLUMN_REFUND_NUMBER] = "\xcd\xcb\xbf\xee\xc5\xfa\xb4\xce\xba\xc5/\xc7\xeb\xc7\xf3\xba\xc5", /* 退款批次号/请求号 */
};
static const char kind_trade[] = "\xbd\xbb\xd2\xd7";  /* 交易 */
static const char kind_refund[] = "\xcd\xcb\xbf\xee"; /* 退款 */

struct bill {
    int columns[COLUMN_COUNT];
    bool has_headings;
    bool ended;     /* a remark came after the rows: the file was not cut short */
    unsigned files; /* with the headings of a trade bill */
    int (*take)(void *taker, const struct payment_bill_row *row);
    void *taker;
};

static bool headings_find(const struct payment_cells *cells, struct bill *bill)
{
    for (int column = 0; column < COLUMN_COUNT; column++) {
        bill->columns[column] = payment_cells_find(cells, headings[column]);
        if (bill->columns[column] < 0)
            return false;
    }
    return true;
}

static int cell_copy(const struct payment_cells *cells, int column, char *out, size_t capacity)
{
    return text_copy(payment_cell(cells, column), out, capacity) < 0 ? PAYMENT_ERR_BILL : 0;
}

/* A refund stands with a minus sign. */
static struct span amount_cell(const struct payment_cells *cells, const struct bill *bill, bool is_refund)
{
    struct span cell = payment_cell(cells, bill->columns[COLUMN_AMOUNT]);

    if (is_refund && cell.size > 0 && cell.bytes[0] == '-')
        return span_of_bytes(cell.bytes + 1, cell.size - 1);
    return cell;
}

static int row_take(const struct payment_cells *cells, const struct bill *bill)
{
    struct span kind = payment_cell(cells, bill->columns[COLUMN_KIND]);
    struct payment_bill_row row = { .is_refund = span_equal_text(kind, kind_refund) };

    if (!row.is_refund && !span_equal_text(kind, kind_trade))
        return PAYMENT_ERR_BILL;
    if (cell_copy(cells, bill->columns[COLUMN_TRADE], row.trade_number, sizeof row.trade_number) < 0 ||
        cell_copy(cells, bill->columns[COLUMN_REFERENCE], row.reference, sizeof row.reference) < 0 ||
        payment_yuan_read(amount_cell(cells, bill, row.is_refund), &row.amount_fen) < 0 || row.amount_fen < 1)
        return PAYMENT_ERR_BILL;
    if (row.is_refund &&
        cell_copy(cells, bill->columns[COLUMN_REFUND_NUMBER], row.refund_number, sizeof row.refund_number) < 0)
        return PAYMENT_ERR_BILL;
    return bill->take(bill->taker, &row);
}

static int line_take(struct span line, struct bill *bill)
{
    struct payment_cells cells;

    if (line.size == 0)
        return 0;
    if (line.bytes[0] == '#') {
        bill->ended = bill->has_headings;
        return 0;
    }
    if (payment_cells_split(line, &cells) < 0)
        return PAYMENT_ERR_BILL;
    if (bill->has_headings)
        return row_take(&cells, bill);
    bill->has_headings = headings_find(&cells, bill);
    return 0;
}

/* The archive also holds a summary, whose headings are others: it is passed over. */
static int file_take(void *taker, struct span name, struct span file)
{
    struct bill *bill = taker;
    struct span line;
    int error = 0;

    (void)name;
    bill->has_headings = false;
    bill->ended = false;
    while (error == 0 && payment_line_take(&file, &line))
        error = line_take(line, bill);
    if (error == 0 && bill->has_headings && !bill->ended)
        error = PAYMENT_ERR_BILL;
    bill->files += bill->has_headings ? 1 : 0;
    return error;
}

int payment_alipay_bill_read(const struct payment_channel *channel, struct span file, const char *file_hash,
                             int (*take)(void *taker, const struct payment_bill_row *row), void *taker)
{
    struct bill bill = { .take = take, .taker = taker };
    int error = payment_archive_walk(file, file_take, &bill);

    (void)channel;
    (void)file_hash;
    if (error < 0)
        return error;
    return bill.files == 1 ? 0 : PAYMENT_ERR_BILL;
}
