/* Whose money a transfer is, by what its payer wrote. */
#include <string.h>

#include "base/text.h"
#include "billing/bank_import.h"
#include "billing/billing_internal.h"

#define TOKEN_MINIMUM 4 /* shorter numbers are amounts, rooms, days */
#define TOKEN_LIMIT 40
#define NAME_CHARACTERS_MINIMUM 2
#define NAME_CHARACTERS_LIMIT 4 /* of a person in front of other words: "陈佳怡水费" */
#define CANDIDATE_LIMIT 16

/* Accounts that might be meant, each once. */
struct candidates {
    const struct bank_store *bank;
    uint32_t tenant_id;
    size_t count;
    bool more;
    int64_t ids[CANDIDATE_LIMIT];
};

static void candidate_add(struct candidates *found, int64_t account_id)
{
    for (size_t i = 0; i < found->count; i++)
        if (found->ids[i] == account_id)
            return;
    if (found->count == CANDIDATE_LIMIT)
        found->more = true;
    else
        found->ids[found->count++] = account_id;
}

static int customer_add(struct candidates *found, int64_t customer_id)
{
    const struct bank_store *bank = found->bank;
    int64_t account_id = 0;
    int result;

    while (!found->more && (result = bank->account_of_customer(bank->context, customer_id, account_id, &account_id)) != 0) {
        if (result < 0)
            return result;
        candidate_add(found, account_id);
    }
    return 0;
}

static int token_look(struct candidates *found, const char *token)
{
    const struct bank_store *bank = found->bank;
    int64_t identifier;
    int result = bank->customer_of_number(bank->context, found->tenant_id, token, &identifier);

    if (result != 0)
        return result < 0 ? result : customer_add(found, identifier);
    result = bank->account_of_bill(bank->context, found->tenant_id, token, &identifier);
    if (result == 0)
        result = bank->account_of_meter(bank->context, found->tenant_id, token, &identifier);
    if (result == 1)
        candidate_add(found, identifier);
    return result < 0 ? result : 0;
}

static bool token_byte(uint8_t byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || byte == '-';
}

/* Every run of letters, digits and dashes is looked up as a number of ours. */
static int tokens_look(struct candidates *found, const char *text)
{
    int error = 0;

    while (error == 0 && *text != '\0') {
        char token[TOKEN_LIMIT];
        size_t size = 0;
        while (token_byte((uint8_t)text[size]))
            size++;
        if (size >= TOKEN_MINIMUM && size < sizeof token) {
            memcpy(token, text, size);
            token[size] = '\0';
            error = token_look(found, token);
        }
        text += size > 0 ? size : 1;
    }
    return error;
}

static int name_look(struct candidates *found, struct span name)
{
    const struct bank_store *bank = found->bank;
    char text[BILLING_NAME_SIZE];
    int64_t customer_id = 0;
    int result;

    if (name.size == 0 || text_copy(name, text, sizeof text) < 0)
        return 0;
    while (!found->more && (result = bank->customer_of_name(bank->context, found->tenant_id, text, customer_id, &customer_id)) != 0) {
        if (result == 1)
            result = customer_add(found, customer_id);
        if (result < 0)
            return result;
    }
    return 0;
}

/* Bytes of the first `characters` characters of a run that is not ASCII; 0 when it is shorter. */
static size_t run_cut(const char *text, size_t characters)
{
    size_t size = 0;

    while (characters > 0 && ((uint8_t)text[size] & 0x80u) != 0) {
        do
            size++;
        while (((uint8_t)text[size] & 0xC0u) == 0x80u);
        characters--;
    }
    return characters == 0 ? size : 0;
}

/* A run of Chinese is a name as a whole, or begins with one. */
static int names_look(struct candidates *found, const char *text)
{
    int error = 0;

    while (error == 0 && *text != '\0') {
        size_t size = 0;
        while (((uint8_t)text[size] & 0x80u) != 0)
            size++;
        if (size > 0)
            error = name_look(found, span_of_bytes((const uint8_t *)text, size));
        for (size_t i = NAME_CHARACTERS_MINIMUM; error == 0 && i <= NAME_CHARACTERS_LIMIT; i++) {
            size_t cut = run_cut(text, i);
            if (cut > 0 && cut < size)
                error = name_look(found, span_of_bytes((const uint8_t *)text, cut));
        }
        text += size > 0 ? size : 1;
    }
    return error;
}

/* The one candidate that owes just this amount. 1 and *account_id; 0 none or several; negative. */
static int owing_find(struct billing *billing, const struct candidates *found, int64_t amount_fen, int64_t *account_id)
{
    size_t owing = 0;

    for (size_t i = 0; i < found->count; i++) {
        struct billing_account account;
        int64_t balance_fen;
        int result = billing->store->account_read(billing->store->context, found->ids[i], &account);
        if (result == 1)
            result = billing_balance(billing, &account, &balance_fen);
        else if (result == 0)
            continue;
        if (result < 0)
            return result;
        if (-balance_fen == amount_fen) {
            *account_id = found->ids[i];
            owing++;
        }
    }
    return owing == 1 && !found->more;
}

static int candidates_weigh(struct billing *billing, const struct candidates *found, bool by_number, struct bank_line *line)
{
    int result;

    line->verdict = found->count == 0 ? BANK_UNMATCHED : BANK_AMBIGUOUS;
    line->account_id = found->count == 0 ? 0 : found->ids[0];
    if (found->count == 1 && by_number)
        line->verdict = BANK_MATCHED;
    if (found->count == 0 || line->verdict == BANK_MATCHED)
        return 0;
    result = owing_find(billing, found, line->amount_fen, &line->account_id);
    if (result == 1)
        line->verdict = BANK_MATCHED;
    return result < 0 ? result : 0;
}

int bank_line_match(struct billing *billing, struct bank_line *line)
{
    struct candidates found = { .bank = billing->config.bank, .tenant_id = line->tenant_id };
    int error = tokens_look(&found, line->remark);

    if (error == 0 && found.count > 0)
        return candidates_weigh(billing, &found, true, line);
    if (error == 0)
        error = name_look(&found, text_trim(span_of_text(line->payer)));
    if (error == 0)
        error = names_look(&found, line->remark);
    return error < 0 ? error : candidates_weigh(billing, &found, false, line);
}
