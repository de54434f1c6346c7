#include "security/resident.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "security/security_error.h"

static int audit(struct resident_store *store, const struct people_caller *caller, const char *action,
    int64_t customer_id, const char *detail)
{
    return audit_append(store->people, caller, action, "customer", customer_id, detail);
}

static int audit_phone(struct resident_store *store, const struct people_caller *caller, const char *action,
    int64_t customer_id, int64_t phone_id)
{
    char detail[32];

    (void)snprintf(detail, sizeof detail, "phone %lld", (long long)phone_id);
    return audit(store, caller, action, customer_id, detail);
}

static int customer_admit(struct resident_store *store, const struct people_caller *caller, int64_t customer_id)
{
    int found = store->customer_find(store->context, caller->tenant_id, caller->path, customer_id);
    return found < 0 ? found : found == 0 ? SECURITY_ERR_RESIDENT : 0;
}

static int login_check(struct resident_store *store, const struct resident_login *login)
{
    struct resident_login taken;

    if (!people_login_is_well_formed(login->login))
        return SECURITY_ERR_LOGIN;
    if (strncmp(login->password_hash, "scrypt$", 7) != 0)
        return SECURITY_ERR_HASH;
    int found = store->login_find(store->context, login->login, &taken);
    if (found < 0)
        return found;
    return found == 1 && taken.customer_id != login->customer_id ? SECURITY_ERR_LOGIN_TAKEN : 0;
}

int resident_login_issue(struct resident_store *store, const struct people_caller *caller,
    const struct resident_login *login)
{
    struct resident_login made = *login;
    int result = customer_admit(store, caller, login->customer_id);

    if (result == 0)
        result = login_check(store, login);
    if (result != 0)
        return result;
    made.tenant_id = caller->tenant_id;
    made.failed_count = 0;
    made.locked_until_s = 0;
    made.issued_s = caller->wall_s;
    result = store->login_put(store->context, &made);
    if (result >= 0)
        result = store->bindings_trim(store->context, made.customer_id, 0, 0);
    return result < 0 ? result : audit(store, caller, "resident.issue", made.customer_id, made.login);
}

int resident_login_withdraw(struct resident_store *store, const struct people_caller *caller, int64_t customer_id)
{
    int result = customer_admit(store, caller, customer_id);

    if (result == 0)
        result = store->login_delete(store->context, customer_id);
    if (result >= 0)
        result = store->bindings_trim(store->context, customer_id, 0, 0);
    return result < 0 ? result : audit(store, caller, "resident.withdraw", customer_id, "");
}

/* The login of a customer of the caller's tenant. */
static int login_load(struct resident_store *store, const struct people_caller *caller, int64_t customer_id,
    struct resident_login *out)
{
    int found = store->login_of_customer(store->context, customer_id, out);

    if (found < 0)
        return found;
    return found == 0 || out->tenant_id != caller->tenant_id ? SECURITY_ERR_RESIDENT : 0;
}

int resident_failure_record(struct resident_store *store, const struct people_caller *caller, int64_t customer_id)
{
    struct resident_login login;
    int result = login_load(store, caller, customer_id, &login);

    if (result != 0)
        return result;
    login.failed_count++;
    int64_t lock_s = sign_in_lock_s(login.failed_count);
    if (lock_s > 0)
        login.locked_until_s = caller->wall_s + lock_s;
    result = store->login_put(store->context, &login);
    if (result < 0)
        return result;
    return audit(store, caller, lock_s > 0 ? "resident.locked" : "resident.refused", customer_id, login.login);
}

/* What was proved must still hold: between the look and this transaction the password may have been changed. */
static int proof_check(const struct people_caller *caller, const struct resident_login *login,
    const struct resident_proof *proof)
{
    if (!secret_equal(span_of_text(login->password_hash), span_of_text(proof->proved_hash)))
        return SECURITY_ERR_MISMATCH;
    if (!login->one_time)
        return 0;
    if (caller->wall_s - login->issued_s > RESIDENT_ONE_TIME_S)
        return SECURITY_ERR_RESIDENT_EXPIRED;
    return proof->new_hash[0] == '\0' ? SECURITY_ERR_RESIDENT_FIRST : 0;
}

static int password_store(struct resident_store *store, struct resident_login *login, const struct resident_proof *proof)
{
    if (proof->new_hash[0] != '\0') {
        if (strncmp(proof->new_hash, "scrypt$", 7) != 0
            || text_copy(span_of_text(proof->new_hash), login->password_hash, sizeof login->password_hash) < 0)
            return SECURITY_ERR_HASH;
        login->one_time = false;
    }
    login->failed_count = 0;
    login->locked_until_s = 0;
    int result = store->login_put(store->context, login);
    return result < 0 ? result : 0;
}

/* The phone that is bound already, or a new one. */
static int phone_provide(struct resident_store *store, const struct people_caller *caller,
    const struct resident_phone *phone, int64_t *phone_id)
{
    struct resident_phone known;
    struct resident_phone made = *phone;
    int64_t count = 0;

    made.tenant_id = caller->tenant_id;
    made.seen_s = caller->wall_s;
    if (phone->phone_id == 0) {
        int result = store->phone_insert(store->context, &made, phone_id);
        return result < 0 ? result : 0;
    }
    int found = store->phone_find(store->context, phone->phone_id, &known);
    if (found < 0)
        return found;
    if (found == 0)
        return SECURITY_ERR_RESIDENT;
    if (known.tenant_id != caller->tenant_id)
        return SECURITY_ERR_RESIDENT_TENANT;
    int result = store->bindings_count(store->context, phone->phone_id, &count);
    if (result >= 0 && count >= RESIDENT_CUSTOMERS_PER_PHONE)
        return SECURITY_ERR_RESIDENT_LIMIT;
    if (result >= 0)
        result = store->phone_token_put(store->context, &made);
    *phone_id = phone->phone_id;
    return result < 0 ? result : 0;
}

int resident_bind(struct resident_store *store, const struct people_caller *caller, const struct resident_proof *proof,
    const struct resident_phone *phone, int64_t *phone_id)
{
    struct resident_login login;
    int64_t made_id = 0;
    int result = login_load(store, caller, proof->customer_id, &login);

    if (result == 0)
        result = proof_check(caller, &login, proof);
    if (result == 0)
        result = phone_provide(store, caller, phone, &made_id);
    if (result == 0)
        result = password_store(store, &login, proof);
    if (result == 0)
        result = store->phones_sweep(store->context, caller->wall_s - RESIDENT_IDLE_S);
    if (result >= 0)
        result = store->bindings_trim(store->context, proof->customer_id, made_id, RESIDENT_PHONES_PER_CUSTOMER - 1);
    if (result >= 0)
        result = store->binding_insert(store->context, made_id, proof->customer_id, caller->wall_s);
    if (result >= 0)
        result = audit_phone(store, caller, "resident.bind", proof->customer_id, made_id);
    if (result >= 0)
        *phone_id = made_id;
    return result < 0 ? result : 0;
}

int resident_password_change(struct resident_store *store, const struct people_caller *caller,
    const struct resident_proof *proof, int64_t phone_id)
{
    struct resident_login login;
    int result = store->binding_of(store->context, phone_id, proof->customer_id);

    if (result <= 0)
        return result < 0 ? result : SECURITY_ERR_RESIDENT;
    result = login_load(store, caller, proof->customer_id, &login);
    if (result == 0)
        result = proof_check(caller, &login, proof);
    if (result == 0)
        result = password_store(store, &login, proof);
    if (result == 0)
        result = store->bindings_trim(store->context, proof->customer_id, phone_id, 0);
    return result < 0 ? result : audit_phone(store, caller, "resident.password", proof->customer_id, phone_id);
}

int resident_unbind(struct resident_store *store, const struct people_caller *caller, int64_t binding_id,
    int64_t phone_id)
{
    struct resident_binding binding;
    int found = store->binding_find(store->context, binding_id, &binding);
    int result = 0;

    if (found < 0)
        return found;
    if (found == 0 || binding.tenant_id != caller->tenant_id)
        return SECURITY_ERR_RESIDENT;
    if (phone_id == 0) {
        result = customer_admit(store, caller, binding.customer_id);
    } else {
        found = store->binding_of(store->context, phone_id, binding.customer_id);
        result = found < 0 ? found : found == 0 ? SECURITY_ERR_RESIDENT : 0;
    }
    if (result == 0)
        result = store->binding_delete(store->context, binding_id);
    return result < 0 ? result : audit_phone(store, caller, "resident.unbind", binding.customer_id, binding.phone_id);
}

int resident_forget(struct resident_store *store, const struct people_caller *caller, int64_t phone_id)
{
    int result = store->phone_delete(store->context, phone_id);
    return result < 0 ? result : audit_phone(store, caller, "resident.forget", 0, phone_id);
}

int resident_payer_keep(struct resident_store *store, const struct people_caller *caller, int64_t phone_id,
    const char *channel, const char *payer_id)
{
    int result = store->phone_payer_put(store->context, phone_id, channel, payer_id);
    return result < 0 ? result : audit_phone(store, caller, "resident.payer", 0, phone_id);
}

int resident_touch(struct resident_store *store, int64_t phone_id, int64_t wall_s)
{
    int result = store->phone_touch(store->context, phone_id, wall_s);
    return result < 0 ? result : 0;
}
