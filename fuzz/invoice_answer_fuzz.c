/* What a provider of invoices answers, from anybody: only an answer about the invoice moves it, and never to where it cannot be. */
#include <stdlib.h>
#include <string.h>

#include "document/invoice_provider.h"

static const enum invoice_state states[] = { INVOICE_ASKED, INVOICE_SENT, INVOICE_RED_ASKED, INVOICE_RED_SENT };

static void answer_check(const struct invoice *invoice, const struct invoice_answer *answer)
{
    bool red = invoice->state == INVOICE_RED_ASKED || invoice->state == INVOICE_RED_SENT;
    struct invoice after = *invoice;

    if (answer->word < INVOICE_WORD_WORKING || answer->word > INVOICE_WORD_UNKNOWN)
        abort();
    if (answer->word == INVOICE_WORD_ISSUED && strlen(answer->number) != 20)
        abort();
    bool changed = invoice_answer_take(&after, answer, 1000);
    if (changed != (after.state != invoice->state) || (answer->word == INVOICE_WORD_UNKNOWN && changed))
        abort();
    if (red && (strcmp(after.number, invoice->number) != 0 || strcmp(after.code, invoice->code) != 0))
        abort();
    if (after.next_s < 0 || after.next_s > 1000 + 3600 || after.amount_fen != invoice->amount_fen)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const struct invoice_provider *provider = invoice_provider_find("json");
    struct invoice_answer answer;

    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        struct invoice invoice = { .state = (uint8_t)states[i], .serial = "MW1", .number = "25440000000000000001", .code = "x" };
        provider->answer(&invoice, 200, span_of_bytes(bytes, size), &answer);
        answer_check(&invoice, &answer);
        provider->answer(&invoice, 500, span_of_bytes(bytes, size), &answer);
        if (answer.word != INVOICE_WORD_UNKNOWN)
            abort();
    }
    return 0;
}
