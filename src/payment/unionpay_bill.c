/* UnionPay: the settlement file inside an answer: base64 of zlib data of a zip archive, whose ZM file has one line a trade
 * with fields of fixed width, one blank between them. */
#include "payment/unionpay.h"

#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/text.h"

/* Offsets in a line of the ZM file (file interface, 6.1): widths 3, 11, 11, 6, 10, 19, 12, 4, 2, 21, 2, 32, 2, 6, 10, 13,
 * 13, 4, 15, 2, 2, 6, 2, ... */
static const struct {
    size_t offset;
    size_t size;
} amount_place = { 66, 12 }, reference_place = { 87, 21 }, order_place = { 112, 32 }, type_place = { 215, 2 };
#define LINE_MINIMUM 217

struct bill {
    int (*take)(void *taker, const struct payment_bill_row *row);
    void *taker;
    unsigned files;
};

static int place_copy(struct span line, size_t offset, size_t size, char *out, size_t capacity)
{
    struct span field;

    if (span_slice(line, offset, size, &field) < 0 || text_copy(text_trim(field), out, capacity) < 0)
        return PAYMENT_ERR_BILL;
    return 0;
}

static int line_take(struct span line, const struct bill *bill)
{
    struct payment_bill_row row = { .is_refund = false };
    char amount[16];
    char type[4];
    char number[PAYMENT_NUMBER_SIZE];

    if (line.size < LINE_MINIMUM ||
        place_copy(line, amount_place.offset, amount_place.size, amount, sizeof amount) < 0 ||
        place_copy(line, reference_place.offset, reference_place.size, row.reference, sizeof row.reference) < 0 ||
        place_copy(line, order_place.offset, order_place.size, number, sizeof number) < 0 ||
        place_copy(line, type_place.offset, type_place.size, type, sizeof type) < 0)
        return PAYMENT_ERR_BILL;
    if (amount[0] < '0' || amount[0] > '9' || decimal_parse(span_of_text(amount), 0, &row.amount_fen) < 0 ||
        row.amount_fen < 1)
        return PAYMENT_ERR_BILL;
    row.is_refund = strcmp(type, "04") == 0 || strcmp(type, "31") == 0;
    if (!row.is_refund && strcmp(type, "01") != 0)
        return PAYMENT_ERR_BILL;
    memcpy(row.is_refund ? row.refund_number : row.trade_number, number, sizeof number);
    return bill->take(bill->taker, &row);
}

/* The archive holds other files too; ours is called ...ZM_merchant. */
static int file_take(void *taker, struct span name, struct span file)
{
    struct bill *bill = taker;
    bool is_ours = false;
    struct span line;
    int error = 0;

    for (size_t i = 0; i + 3 <= name.size; i++)
        is_ours = is_ours || memcmp(name.bytes + i, "ZM_", 3) == 0;
    if (!is_ours)
        return 0;
    bill->files++;
    while (error == 0 && payment_line_take(&file, &line))
        if (line.size > 0)
            error = line_take(line, bill);
    return error;
}

static int content_read(const char *content, struct bill *bill)
{
    size_t capacity = strlen(content) / 4 * 3 + 4;
    uint8_t *packed = malloc(capacity);
    uint8_t *archive = NULL;
    size_t size = 0;
    int error = PAYMENT_ERR_MEMORY;

    if (packed != NULL)
        error = payment_base64_decode(span_of_text(content), packed, capacity);
    if (error >= 0)
        error = payment_inflate(span_of_bytes(packed, (size_t)error), false, PAYMENT_BILL_FILE_LIMIT, &archive, &size);
    if (error == 0)
        error = payment_archive_walk(span_of_bytes(archive, size), file_take, bill);
    free(archive);
    free(packed);
    return error == PAYMENT_ERR_FORM ? PAYMENT_ERR_BILL : error;
}

/* `file` is the answer itself, whose signature payment_unionpay_bill_answer has checked. */
int payment_unionpay_bill_read(const struct payment_channel *channel, struct span file, const char *file_hash,
                               int (*take)(void *taker, const struct payment_bill_row *row), void *taker)
{
    size_t capacity = file.size + 2 * PAYMENT_FIELD_LIMIT + 2;
    char *store = file.size <= PAYMENT_BILL_FILE_LIMIT ? malloc(capacity) : NULL;
    struct payment_fields fields = payment_fields_of_buffer(store, store != NULL ? capacity : 0);
    struct bill bill = { take, taker, 0 };
    int error = store != NULL ? payment_unionpay_answer_parse(file, &fields) : PAYMENT_ERR_MEMORY;

    (void)channel;
    (void)file_hash;
    if (error == 0)
        error = content_read(payment_fields_value(&fields, "fileContent"), &bill);
    free(store);
    if (error == 0 && bill.files != 1)
        error = PAYMENT_ERR_BILL;
    return error == PAYMENT_ERR_FORM ? PAYMENT_ERR_BILL : error;
}
