#include "document/invoice.h"

#include <string.h>

#include "base/decimal.h"
#include "base/text.h"
#include "base/wide.h"
#include "rating/tax.h"

#define WORKING_WAIT_S 1
#define WAIT_LIMIT_S 3600
#define CODE_SIZE 18 /* of a tax number with a check digit */

static const char *const state_names[INVOICE_STATE_COUNT] = {
    [INVOICE_ASKED] = "asked",         [INVOICE_SENT] = "sent",           [INVOICE_ISSUED] = "issued",
    [INVOICE_REFUSED] = "refused",     [INVOICE_CANCELLED] = "cancelled", [INVOICE_RED_ASKED] = "red_asked",
    [INVOICE_RED_SENT] = "red_sent",   [INVOICE_RED_LETTERED] = "red_lettered",
};

/* Where each word leads from each state that is under way; 0: it stays. A refused red letter leaves the invoice as it was. */
static const uint8_t next_states[INVOICE_STATE_COUNT][INVOICE_WORD_UNKNOWN + 1] = {
    [INVOICE_ASKED] = { [INVOICE_WORD_WORKING] = INVOICE_SENT, [INVOICE_WORD_ISSUED] = INVOICE_ISSUED,
                        [INVOICE_WORD_REFUSED] = INVOICE_REFUSED },
    [INVOICE_SENT] = { [INVOICE_WORD_ISSUED] = INVOICE_ISSUED, [INVOICE_WORD_REFUSED] = INVOICE_REFUSED },
    [INVOICE_RED_ASKED] = { [INVOICE_WORD_WORKING] = INVOICE_RED_SENT, [INVOICE_WORD_ISSUED] = INVOICE_RED_LETTERED,
                            [INVOICE_WORD_REFUSED] = INVOICE_ISSUED },
    [INVOICE_RED_SENT] = { [INVOICE_WORD_ISSUED] = INVOICE_RED_LETTERED, [INVOICE_WORD_REFUSED] = INVOICE_ISSUED },
};

const char *invoice_state_name(int state)
{
    return state > 0 && state < INVOICE_STATE_COUNT ? state_names[state] : "unknown";
}

int invoice_state_of_name(const char *name)
{
    for (int state = 1; state < INVOICE_STATE_COUNT; state++)
        if (strcmp(state_names[state], name) == 0)
            return state;
    return 0;
}

static struct span word_take(struct span *rest)
{
    *rest = text_trim(*rest);
    ptrdiff_t end = span_find_byte(*rest, ' ');
    struct span word = { rest->bytes, end < 0 ? rest->size : (size_t)end };
    *rest = (struct span){ rest->bytes + word.size, rest->size - word.size };
    return word;
}

static bool all_digits(struct span text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.bytes[i] < '0' || text.bytes[i] > '9')
            return false;
    return text.size > 0;
}

int invoice_category_read(struct span text, struct invoice_line *line)
{
    struct span code = word_take(&text);
    struct span rate = word_take(&text);
    struct span name = text_trim(text);
    int64_t rate_e4 = 0;

    if (!all_digits(code) || code.size != INVOICE_CODE_SIZE - 1 || decimal_parse(rate, 2, &rate_e4) < 0 || rate_e4 < 0
        || rate_e4 > 10000 || name.size == 0 || name.size >= sizeof line->category || text_utf8_check(name) < 0)
        return -1;
    (void)text_copy(code, line->code, sizeof line->code);
    (void)text_copy(name, line->category, sizeof line->category);
    line->rate_e8 = rate_e4 * 10000;
    return 0;
}

/* GB 32100-2015, clause 6: a check digit to the base 31, weights the powers of 3. */
static bool credit_code_checks(struct span text)
{
    static const char digits[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    unsigned sum = 0, weight = 1;

    for (size_t i = 0; i < CODE_SIZE; i++) {
        const char *digit = strchr(digits, text.bytes[i]);
        if (digit == NULL)
            return false;
        sum += (unsigned)(digit - digits) * (i + 1 < CODE_SIZE ? weight : 1);
        weight = weight * 3 % 31;
    }
    return sum % 31 == 0;
}

/* GB 11643-1999 (ISO 7064, MOD 11-2): each weight is twice the one after it; X is ten. */
static bool identity_number_checks(struct span text)
{
    unsigned rest = 0;

    for (size_t i = 0; i < CODE_SIZE; i++) {
        uint8_t byte = text.bytes[i];
        if (!(byte >= '0' && byte <= '9') && !(byte == 'X' && i + 1 == CODE_SIZE))
            return false;
        rest = (rest * 2 + (byte == 'X' ? 10u : (unsigned)byte - '0')) % 11;
    }
    return rest == 1;
}

bool invoice_tax_number_valid(struct span text)
{
    for (size_t i = 0; i < text.size; i++)
        if (!(text.bytes[i] >= '0' && text.bytes[i] <= '9') && !(text.bytes[i] >= 'A' && text.bytes[i] <= 'Z'))
            return false;
    if (text.size == CODE_SIZE)
        return credit_code_checks(text) || identity_number_checks(text);
    return text.size >= 15 && text.size <= 20;
}

int invoice_tax_compute(struct invoice *invoice)
{
    invoice->amount_fen = invoice->net_fen = invoice->tax_fen = 0;
    for (int32_t i = 0; i < invoice->line_count; i++) {
        struct invoice_line *line = &invoice->lines[i];
        int result = line->amount_fen < 0 ? RATING_ERR_RANGE : tax_contained(line->amount_fen, line->rate_e8, &line->tax_fen);
        if (result < 0)
            return result;
        line->net_fen = line->amount_fen - line->tax_fen;
        if (wide_add(invoice->amount_fen, line->amount_fen, &invoice->amount_fen) < 0)
            return RATING_ERR_RANGE;
        invoice->net_fen += line->net_fen;
        invoice->tax_fen += line->tax_fen;
    }
    return 0;
}

bool invoice_adds_up(const struct invoice *invoice)
{
    struct invoice sums = *invoice;

    if (invoice->line_count < 1 || invoice->line_count > INVOICE_LINE_LIMIT || invoice_tax_compute(&sums) < 0)
        return false;
    for (int32_t i = 0; i < invoice->line_count; i++)
        if (invoice->lines[i].net_fen != sums.lines[i].net_fen || invoice->lines[i].tax_fen != sums.lines[i].tax_fen)
            return false;
    return invoice->amount_fen == sums.amount_fen && invoice->net_fen == sums.net_fen && invoice->tax_fen == sums.tax_fen;
}

bool invoice_is_under_way(const struct invoice *invoice)
{
    return invoice->state == INVOICE_ASKED || invoice->state == INVOICE_SENT || invoice->state == INVOICE_RED_ASKED
        || invoice->state == INVOICE_RED_SENT;
}

bool invoice_take_back(struct invoice *invoice, struct span reason, int64_t now_s)
{
    bool unseen = invoice->state == INVOICE_ASKED && invoice->attempts == 0;

    if (invoice->state != INVOICE_ISSUED && !unseen)
        return false;
    invoice->state = unseen ? INVOICE_CANCELLED : INVOICE_RED_ASKED;
    invoice->attempts = 0;
    invoice->next_s = unseen ? 0 : now_s;
    reason.size = text_utf8_cut(reason, sizeof invoice->reason - 1);
    (void)text_copy(reason, invoice->reason, sizeof invoice->reason);
    return true;
}

/* 1 s, 2 s, 4 s ... an hour. */
static int64_t wait_of(int32_t attempts)
{
    int64_t wait_s = WORKING_WAIT_S;

    for (int32_t i = 1; i < attempts && wait_s < WAIT_LIMIT_S; i++)
        wait_s *= 2;
    return wait_s < WAIT_LIMIT_S ? wait_s : WAIT_LIMIT_S;
}

bool invoice_answer_take(struct invoice *invoice, const struct invoice_answer *answer, int64_t now_s)
{
    bool red = invoice->state == INVOICE_RED_ASKED || invoice->state == INVOICE_RED_SENT;

    if (!invoice_is_under_way(invoice))
        return false;
    /* The invoice's own number says nothing of its red-letter invoice. */
    bool of_itself = red && answer->word == INVOICE_WORD_ISSUED && strcmp(answer->number, invoice->number) == 0;
    uint8_t next = of_itself ? 0 : next_states[invoice->state][answer->word];
    if (next == 0) {
        invoice->attempts++;
        invoice->next_s = now_s + wait_of(invoice->attempts);
        return false;
    }
    if (answer->word == INVOICE_WORD_ISSUED && red) {
        memcpy(invoice->red_number, answer->number, sizeof invoice->red_number);
    } else if (answer->word == INVOICE_WORD_ISSUED) {
        memcpy(invoice->number, answer->number, sizeof invoice->number);
        memcpy(invoice->code, answer->code, sizeof invoice->code);
        invoice->test = answer->test;
    }
    if (answer->word == INVOICE_WORD_REFUSED)
        memcpy(invoice->reason, answer->reason, sizeof invoice->reason);
    if (next == INVOICE_ISSUED && !red)
        invoice->issued_s = now_s;
    invoice->state = next;
    invoice->attempts = 0;
    invoice->next_s = invoice_is_under_way(invoice) ? now_s + WORKING_WAIT_S : 0;
    return true;
}
