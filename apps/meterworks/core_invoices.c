/* Calls about invoices: asked by people, moved on by what the provider says. Times of invoices are real ones, because the
 * provider's clock is. */
#include <stdio.h>
#include <string.h>

#include "api/invoice_port.h"
#include "apps/meterworks/core_internal.h"
#include "base/text.h"
#include "document/document_error.h"
#include "document/document_words.h"
#include "document/invoice_store.h"
#include "security/setting.h"

static const struct invoice_store *store_of(const struct core *core)
{
    return invoice_sql_store(core->invoice_sql);
}

static int setting_read(struct core *core, uint32_t tenant_id, const char *key, char value[SETTING_VALUE_LIMIT])
{
    int result = store_of(core)->setting_read(store_of(core)->context, tenant_id, key, value, SETTING_VALUE_LIMIT);
    const struct setting *setting = setting_find(key);

    if (result == 0 && value[0] == '\0' && setting != NULL)
        (void)text_copy(span_of_text(setting->value), value, SETTING_VALUE_LIMIT);
    return result;
}

/* The tax category of a line: sewage has its own, all else that of the utility. */
static int line_complete(struct core *core, uint32_t tenant_id, const char *utility, struct invoice_line *line)
{
    char key[48], value[SETTING_VALUE_LIMIT];
    bool sewage = strcmp(line->item, "sewage") == 0 || strstr(line->item, "污水") != NULL;
    const char *words = document_word("item", span_of_text(line->item), DOCUMENT_CHINESE);

    (void)snprintf(key, sizeof key, "invoice_category_%s", sewage ? "sewage" : utility);
    int result = setting_read(core, tenant_id, key, value);
    if (result < 0)
        return result;
    if (words != NULL)
        (void)text_copy(span_of_text(words), line->item, sizeof line->item);
    return invoice_category_read(span_of_text(value), line) < 0 ? DOCUMENT_ERR_CATEGORY : 0;
}

/* The lines of a bill by item; one line when they do not add up to its amount, and of a payment. */
static int lines_make(struct core *core, const struct invoice_base *base, struct invoice *invoice)
{
    int64_t sum_fen = 0;
    int result = 0;

    for (int32_t i = 0; i < base->line_count; i++)
        if (base->lines[i].amount_fen > 0) {
            invoice->lines[invoice->line_count++] = base->lines[i];
            sum_fen += base->lines[i].amount_fen;
        }
    if (invoice->line_count == 0 || sum_fen != base->amount_fen) {
        invoice->line_count = 1;
        invoice->lines[0] = (struct invoice_line){ .amount_fen = base->amount_fen };
        (void)text_copy(span_of_text(base->utility), invoice->lines[0].item, sizeof invoice->lines[0].item);
    }
    for (int32_t i = 0; result == 0 && i < invoice->line_count; i++)
        result = line_complete(core, invoice->tenant_id, base->utility, &invoice->lines[i]);
    return result == 0 ? invoice_tax_compute(invoice) : result;
}

static int base_check(const struct invoice_base *base, bool is_bill)
{
    if (base->is_void || base->amount_fen <= 0)
        return DOCUMENT_ERR_INVOICE_VOID;
    return !is_bill && base->postpaid ? DOCUMENT_ERR_INVOICE_POSTPAID : 0;
}

static int invoice_fill(struct core *core, const struct core_invoice *ask, const struct invoice_base *base,
    struct invoice *invoice)
{
    char value[SETTING_VALUE_LIMIT];

    *invoice = (struct invoice){ .tenant_id = ask->head.tenant_id, .account_id = base->account_id, .bill_id = ask->bill_id,
                                 .payment_id = ask->payment_id, .asked_s = ask->head.wall_s, .next_s = ask->head.wall_s,
                                 .asked_by = ask->head.person_id, .state = INVOICE_ASKED,
                                 .company = ask->tax_number[0] != '\0' };
    if (invoice->company && !invoice_tax_number_valid(span_of_text(ask->tax_number)))
        return DOCUMENT_ERR_TAX_NUMBER;
    int result = setting_read(core, ask->head.tenant_id, "invoice_seller_tax_number", value);
    if (result < 0)
        return result;
    if (!invoice_tax_number_valid(span_of_text(value)))
        return DOCUMENT_ERR_SELLER;
    (void)text_copy(span_of_text(value), invoice->seller_tax_number, sizeof invoice->seller_tax_number);
    memcpy(invoice->seller_name, base->seller_name, sizeof invoice->seller_name);
    memcpy(invoice->buyer_title, ask->title, sizeof invoice->buyer_title);
    memcpy(invoice->buyer_tax_number, ask->tax_number, sizeof invoice->buyer_tax_number);
    memcpy(invoice->buyer_contact, ask->contact, sizeof invoice->buyer_contact);
    return lines_make(core, base, invoice);
}

/* The same key again: the first answer, if it was about the same. 1 answered; 0 new; negative */
static int repeat_find(struct core *core, const struct core_invoice *ask, const struct registry_scope *scope,
    struct core_reply *reply)
{
    struct invoice before;
    int64_t invoice_id = 0;
    int found = store_of(core)->key_find(store_of(core)->context, ask->head.tenant_id, ask->key, &invoice_id);

    if (found == 1)
        found = store_of(core)->read(store_of(core)->context, ask->head.tenant_id, invoice_id, scope->path_from, scope->path_to,
            &before);
    if (found != 1)
        return invoice_id != 0 && found == 0 ? DOCUMENT_ERR_INVOICE_KEY : found;
    if (before.bill_id != ask->bill_id || before.payment_id != ask->payment_id
        || strcmp(before.buyer_title, ask->title) != 0 || strcmp(before.buyer_tax_number, ask->tax_number) != 0)
        return DOCUMENT_ERR_INVOICE_KEY;
    reply->object_id = invoice_id;
    reply->repeated = true;
    return 1;
}

int core_invoice_ask(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_invoice *ask = request;
    bool is_bill = ask->bill_id != 0;
    struct registry_scope scope;
    struct invoice_base base;
    struct invoice invoice;
    int result = core_scope(core, &ask->head, &scope);

    if (result < 0)
        return result;
    if (is_bill == (ask->payment_id != 0))
        return DOCUMENT_ERR_INVOICE_BASE;
    result = repeat_find(core, ask, &scope, reply);
    if (result != 0)
        return result < 0 ? result : 0;
    result = store_of(core)->base_read(store_of(core)->context, ask->head.tenant_id, is_bill,
        is_bill ? ask->bill_id : ask->payment_id, scope.path_from, scope.path_to, &base);
    if (result <= 0)
        return result < 0 ? result : DOCUMENT_ERR_INVOICE_BASE;
    result = base_check(&base, is_bill);
    if (result == 0)
        result = invoice_fill(core, ask, &base, &invoice);
    if (result == 0)
        result = store_of(core)->insert(store_of(core)->context, &invoice, ask->key);
    if (result < 0)
        return result == STORE_ERR_CONSTRAINT ? DOCUMENT_ERR_INVOICE_LIVING : result;
    (void)snprintf(invoice.serial, sizeof invoice.serial, "MW%08u%012lld", (unsigned)invoice.tenant_id,
        (long long)invoice.invoice_id);
    result = store_of(core)->update(store_of(core)->context, &invoice);
    reply->object_id = invoice.invoice_id;
    reply->amount_fen = invoice.amount_fen;
    return result < 0 ? result : core_audit(core, &ask->head, "invoice.ask", "invoice", invoice.invoice_id, invoice.serial);
}

static int invoice_find(struct core *core, const struct core_request *head, struct invoice *invoice)
{
    struct registry_scope scope;
    int result = core_scope(core, head, &scope);

    if (result < 0)
        return result;
    result = store_of(core)->read(store_of(core)->context, head->tenant_id, head->object_id, scope.path_from, scope.path_to,
        invoice);
    return result < 0 ? result : result == 0 ? DOCUMENT_ERR_INVOICE : 0;
}

static int invoice_keep(struct core *core, const struct core_reason *ask, const struct invoice *invoice, const char *action,
    struct core_reply *reply)
{
    int result = store_of(core)->update(store_of(core)->context, invoice);

    reply->object_id = invoice->invoice_id;
    return result < 0 ? result : core_audit(core, &ask->head, action, "invoice", invoice->invoice_id, ask->reason);
}

/* Only one that the provider cannot have heard of. */
int core_invoice_cancel(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_reason *ask = request;
    struct invoice invoice;
    int result = invoice_find(core, &ask->head, &invoice);

    if (result < 0)
        return result;
    if (invoice.state != INVOICE_ASKED || invoice.attempts > 0)
        return DOCUMENT_ERR_INVOICE_STATE;
    invoice.state = INVOICE_CANCELLED;
    return invoice_keep(core, ask, &invoice, "invoice.cancel", reply);
}

int core_invoice_red_letter(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_reason *ask = request;
    struct invoice invoice;
    int result = invoice_find(core, &ask->head, &invoice);

    if (result < 0)
        return result;
    if (invoice.state != INVOICE_ISSUED)
        return DOCUMENT_ERR_INVOICE_STATE;
    (void)invoice_take_back(&invoice, span_of_text(ask->reason), ask->head.wall_s);
    return invoice_keep(core, ask, &invoice, "invoice.red_letter", reply);
}

/* What the provider works on is asked about now; how often it was tried before is forgotten. */
int core_invoice_retry(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_request *ask = request;
    struct invoice invoice;
    int result = invoice_find(core, ask, &invoice);

    if (result < 0)
        return result;
    if (!invoice_is_under_way(&invoice))
        return DOCUMENT_ERR_INVOICE_STATE;
    invoice.next_s = ask->wall_s;
    if (invoice.attempts > 1)
        invoice.attempts = 1;
    reply->object_id = invoice.invoice_id;
    result = store_of(core)->update(store_of(core)->context, &invoice);
    return result < 0 ? result : core_audit(core, ask, "invoice.retry", "invoice", invoice.invoice_id, "");
}

/* An invoice that is handed out counts as tried before anything is sent: from then on it cannot be cancelled. */
int core_invoice_work_take(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_invoice_work *ask = request;
    struct invoice_answer silence = { .word = INVOICE_WORD_UNKNOWN };
    struct invoice after;
    int64_t invoice_id = 0;
    int found = store_of(core)->due(store_of(core)->context, ask->head.wall_s, &invoice_id);

    if (found == 1)
        found = store_of(core)->read(store_of(core)->context, 0, invoice_id, NULL, NULL, ask->invoice);
    if (found != 1)
        return found;
    after = *ask->invoice;
    (void)invoice_answer_take(&after, &silence, ask->head.wall_s);
    int result = store_of(core)->update(store_of(core)->context, &after);
    reply->count = 1;
    return result;
}

int core_invoice_take_back(struct core *core, int64_t invoice_id, const char *reason, uint32_t person_id)
{
    struct core_request head = { .person_id = person_id };
    struct invoice invoice;
    int result = store_of(core)->read(store_of(core)->context, 0, invoice_id, NULL, NULL, &invoice);

    if (result <= 0)
        return result < 0 ? result : DOCUMENT_ERR_INVOICE;
    head.tenant_id = invoice.tenant_id;
    /* Times of invoices are real, those of money are not always: the earliest is due at once. */
    if (!invoice_take_back(&invoice, span_of_text(reason), 1))
        return 0;
    result = store_of(core)->update(store_of(core)->context, &invoice);
    return result < 0 ? result : core_audit(core, &head, invoice.state == INVOICE_CANCELLED ? "invoice.cancel" : "invoice.red_letter",
                                            "invoice", invoice_id, reason);
}

/* While it was being issued, its bill was taken back or its money went back: it is red-lettered at once. */
static int issued_check(struct core *core, struct invoice *invoice, int64_t now_s)
{
    bool is_bill = invoice->bill_id != 0;
    struct invoice_base base;
    int found = store_of(core)->base_read(store_of(core)->context, invoice->tenant_id, is_bill,
        is_bill ? invoice->bill_id : invoice->payment_id, NULL, NULL, &base);

    if (found == 1 && (base.is_void || base.amount_fen < invoice->amount_fen))
        (void)invoice_take_back(invoice, span_of_text("开票期间款项已退回或账单已冲正"), now_s);
    return found < 0 ? found : 0;
}

int core_invoice_answer_take(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_invoice_answer *ask = request;
    struct core_request head = ask->head;
    struct invoice invoice;
    int found = store_of(core)->read(store_of(core)->context, 0, ask->head.object_id, NULL, NULL, &invoice);

    if (found <= 0)
        return found < 0 ? found : DOCUMENT_ERR_INVOICE;
    if (invoice.state != ask->state || ask->answer.word == INVOICE_WORD_UNKNOWN)
        return 0;
    bool changed = invoice_answer_take(&invoice, &ask->answer, ask->head.wall_s);
    int result = changed && invoice.state == INVOICE_ISSUED && ask->answer.word == INVOICE_WORD_ISSUED
        ? issued_check(core, &invoice, ask->head.wall_s) : 0;
    if (result == 0)
        result = store_of(core)->update(store_of(core)->context, &invoice);
    reply->object_id = invoice.invoice_id;
    if (result < 0 || !changed)
        return result;
    head.tenant_id = invoice.tenant_id;
    return core_audit(core, &head, "invoice.answer", "invoice", invoice.invoice_id, invoice_state_name(invoice.state));
}
