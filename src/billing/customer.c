#include "base/text.h"
#include "billing/billing_internal.h"

#include <string.h>

#define NAME_LIMIT 120
#define NUMBER_LIMIT 31
#define PHONE_LIMIT 5

static bool text_permitted(const char *text, size_t minimum, size_t maximum)
{
    struct span span = span_of_text(text);

    return span.size >= minimum && span.size <= maximum && text_utf8_check(span) >= 0 &&
           text_trim(span).size == span.size;
}

static bool made_of(const char *text, size_t minimum, size_t maximum, const char *permitted)
{
    size_t size = strlen(text);

    return size >= minimum && size <= maximum && strspn(text, permitted) == size;
}

static bool phones_permitted(const char *phones)
{
    int count = 0;

    if (phones[0] == '\0')
        return true;
    for (const char *at = phones;; at++) {
        size_t size = strcspn(at, ",");

        if (++count > PHONE_LIMIT || size < 5 || size > 20 || strspn(at, "0123456789+-*") < size)
            return false;
        at += size;
        if (*at == '\0')
            return true;
    }
}

static int row_check(const struct billing_customer *row)
{
    static const char *const initials = "abcdefghijklmnopqrstuvwxyz0123456789";
    static const char *const number = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-";

    if (!made_of(row->number, 1, NUMBER_LIMIT, number))
        return BILLING_ERR_CUSTOMER_NUMBER;
    if (!text_permitted(row->name, 1, NAME_LIMIT))
        return BILLING_ERR_NAME;
    if (!phones_permitted(row->phones))
        return BILLING_ERR_PHONES;
    if (!made_of(row->name_initials, 0, NUMBER_LIMIT, initials))
        return BILLING_ERR_INITIALS;
    if (row->protected_until_s < 0 || !text_permitted(row->protected_reason, 0, NAME_LIMIT) ||
        (row->protected_until_s > 0 && row->protected_reason[0] == '\0'))
        return BILLING_ERR_PROTECTION;
    return 0;
}

int billing_customer_create(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                            struct billing_customer *row)
{
    const struct billing_store *store = billing->store;
    int result = row_check(row);

    if (result < 0)
        return result;
    result = store->customer_number_taken(store->context, scope->tenant_id, row->number);
    if (result != 0)
        return result < 0 ? result : BILLING_ERR_CUSTOMER_TAKEN;
    row->tenant_id = scope->tenant_id;
    row->created_s = now_s;
    return store->customer_insert(store->context, row);
}

int billing_customer_admit(struct billing *billing, const struct billing_scope *scope, int64_t customer_id)
{
    const struct billing_store *store = billing->store;
    int found = 1;

    if (scope->path != NULL && billing_scope_check_whole(scope) != 0)
        found = store->customer_within(store->context, customer_id, scope->path);
    return found < 0 ? found : found == 0 ? BILLING_ERR_CUSTOMER : 0;
}

static void fields_apply(uint64_t fields, const struct billing_customer *from, struct billing_customer *to)
{
    if (fields & BILLING_CUSTOMER_NAME)
        memcpy(to->name, from->name, sizeof to->name);
    if (fields & BILLING_CUSTOMER_INITIALS)
        memcpy(to->name_initials, from->name_initials, sizeof to->name_initials);
    if (fields & BILLING_CUSTOMER_PHONES)
        memcpy(to->phones, from->phones, sizeof to->phones);
    if (fields & BILLING_CUSTOMER_PROTECTED_UNTIL)
        to->protected_until_s = from->protected_until_s;
    if (fields & BILLING_CUSTOMER_PROTECTED_REASON)
        memcpy(to->protected_reason, from->protected_reason, sizeof to->protected_reason);
}

int billing_customer_change(struct billing *billing, const struct billing_scope *scope, uint64_t fields, int64_t now_s,
                            const struct billing_customer *row)
{
    const struct billing_store *store = billing->store;
    struct billing_customer changed;
    int result = store->customer_read(store->context, scope->tenant_id, row->customer_id, &changed);

    if (result == 1)
        result = billing_customer_admit(billing, scope, row->customer_id);
    else if (result == 0)
        result = BILLING_ERR_CUSTOMER;
    if (result < 0)
        return result;
    fields_apply(fields, row, &changed);
    result = row_check(&changed);
    if (result == 0)
        result = store->customer_update(store->context, &changed);
    return result < 0 ? result : store->accounts_look(store->context, row->customer_id, now_s);
}
