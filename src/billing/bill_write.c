/* Rows of table bill: number, explained lines, and the sums of bills that are due, which change with every row. */
#include "base/calendar.h"
#include "base/writer.h"
#include "billing/billing_internal.h"

#include <stdio.h>
#include <string.h>

#define FEN_PRICE_E8 1000000 /* 0.01 yuan */
#define LINE_TEXT_LIMIT (2 * (6 * TARIFF_NAME_SIZE + 3) + 5 * 21 + 3) /* two names, escaped; five numbers; brackets */

_Static_assert(CHARGE_LINE_LIMIT * LINE_TEXT_LIMIT + CHARGE_ITEM_LIMIT * LINE_TEXT_LIMIT + 2 <= BILLING_LINES_SIZE,
               "every bill fits");

static void line_write(struct writer *writer, const struct billing_bill_line *line)
{
    const int64_t values[] = { line->quantity_e4, line->coefficient_e8, line->price_e8, line->amount_fen };

    writer_text(writer, writer->size > 1 ? ",[" : "[");
    writer_json_text(writer, line->item);
    writer_put_u8(writer, ',');
    writer_integer(writer, line->tier);
    writer_put_u8(writer, ',');
    writer_json_text(writer, line->period);
    for (size_t index = 0; index < sizeof values / sizeof values[0]; index++) {
        writer_put_u8(writer, ',');
        writer_integer(writer, values[index]);
    }
    writer_put_u8(writer, ']');
}

static bool line_first(const struct charge *charge, int32_t line)
{
    for (int32_t before = 0; before < line; before++) {
        if (charge->lines[before].item == charge->lines[line].item)
            return false;
    }
    return true;
}

static void product_write(struct writer *writer, const struct charge *charge, int32_t index)
{
    const struct charge_line *product = &charge->lines[index];
    const struct charge_item *item = &charge->items[product->item];
    struct billing_bill_line line = { .tier = product->tier, .quantity_e4 = product->quantity_e4,
                                      .coefficient_e8 = product->coefficient_e8, .price_e8 = product->price_e8,
                                      .amount_fen = line_first(charge, index) ? item->amount_fen : 0 };

    (void)snprintf(line.item, sizeof line.item, "%s", item->name);
    if (product->period > 0)
        (void)snprintf(line.period, sizeof line.period, "%s", charge->period_name[product->period - 1]);
    line_write(writer, &line);
}

static void item_write(struct writer *writer, const struct charge_item *item)
{
    struct billing_bill_line line = { .quantity_e4 = TARIFF_QUANTITY_ONE, .coefficient_e8 = TARIFF_PRICE_ONE,
                                      .price_e8 = item->amount_fen * FEN_PRICE_E8, .amount_fen = item->amount_fen };

    (void)snprintf(line.item, sizeof line.item, "%s", item->name);
    line_write(writer, &line);
}

struct span billing_lines_write(struct billing *billing, const struct charge *charge)
{
    struct writer writer = writer_of_buffer(billing->lines, sizeof billing->lines);
    bool shown[CHARGE_ITEM_LIMIT] = { false };

    writer_put_u8(&writer, '[');
    for (int32_t index = 0; index < charge->line_count; index++) {
        shown[charge->lines[index].item] = true;
        product_write(&writer, charge, index);
    }
    for (int32_t item = 0; item < charge->item_count; item++) {
        if (!shown[item] && charge->items[item].amount_fen != 0)
            item_write(&writer, &charge->items[item]);
    }
    writer_put_u8(&writer, ']');
    return writer_span(&writer);
}

int billing_dues_pass(struct billing *billing)
{
    const struct billing_store *store = billing->store;
    int error = 0;

    for (uint32_t index = 0; error == 0 && index < billing->dues.count; index++)
        error = store->due_add(store->context, &billing->dues.rows[index]);
    billing->dues.count = 0;
    return error;
}

/* sign: 1 the bill is as it says, -1 it was so before */
static struct billing_due due_of(const struct billing_bill *bill, int64_t sign)
{
    int64_t counted = bill->state == BILLING_BILL_REVERSED ? 0 : sign;

    return (struct billing_due){ .tenant_id = bill->tenant_id, .due_day = bill->due_day, .area_id = bill->area_id,
                                 .bills = counted, .open_bills = bill->state == BILLING_BILL_ISSUED ? sign : 0,
                                 .billed_fen = counted * (bill->amount_fen + bill->late_fee_fen), .paid_fen = counted * bill->paid_fen };
}

static void due_join(struct billing_due *sum, const struct billing_due *due)
{
    sum->bills += due->bills;
    sum->open_bills += due->open_bills;
    sum->billed_fen += due->billed_fen;
    sum->paid_fen += due->paid_fen;
}

static int due_add(struct billing *billing, const struct billing_due *due)
{
    struct billing_due_sums *dues = &billing->dues;
    int error = 0;

    /* Neighbours come one after the other: the newest first. */
    for (uint32_t index = dues->count; index-- > 0;) {
        struct billing_due *sum = &dues->rows[index];

        if (sum->area_id == due->area_id && sum->due_day == due->due_day && sum->tenant_id == due->tenant_id) {
            due_join(sum, due);
            return 0;
        }
    }
    if (dues->count == BILLING_BILL_SUM_LIMIT)
        error = billing_dues_pass(billing);
    dues->rows[dues->count++] = *due;
    return error;
}

static int due_change(struct billing *billing, struct billing_due due)
{
    int error = due_add(billing, &due);

    return error < 0 || billing->batch_open ? error : billing_dues_pass(billing);
}

/* Inside a batch nobody else gives numbers. */
static int last_read(struct billing *billing, int64_t *bill_id)
{
    const struct billing_store *store = billing->store;
    int error = billing->bill_last != 0 ? 0 : store->bill_last(store->context, &billing->bill_last);

    *bill_id = billing->bill_last;
    if (error < 0 || !billing->batch_open)
        billing->bill_last = 0;
    return error;
}

int billing_bill_number(struct billing *billing, struct billing_bill *bill)
{
    struct calendar_date date = calendar_date_of_day(bill->to_day);
    int error = last_read(billing, &bill->bill_id);

    bill->bill_id++;
    (void)snprintf(bill->number, sizeof bill->number, "B%04d%02d%02d-%06lld", (int)date.year, (int)date.month,
                   (int)date.day_of_month, (long long)bill->bill_id);
    return error;
}

int billing_bill_insert(struct billing *billing, const struct billing_bill *bill, const struct charge *charge)
{
    const struct billing_store *store = billing->store;
    int error = store->bill_insert(store->context, bill, billing_lines_write(billing, charge));

    /* A bill that could not be posted has left its number to the next one. */
    if (error >= 0 && billing->batch_open)
        billing->bill_last = bill->bill_id;
    return error < 0 ? error : due_change(billing, due_of(bill, 1));
}

int billing_bill_update(struct billing *billing, const struct billing_bill *before, const struct billing_bill *bill)
{
    const struct billing_store *store = billing->store;
    struct billing_due due = due_of(bill, 1), old = due_of(before, -1);
    int error = store->bill_update(store->context, bill);

    due_join(&due, &old);
    return error < 0 ? error : due_change(billing, due);
}
