#include "api/core_resident.h"

#include <string.h>

#include "api/api_error.h"
#include "api/resident_port.h"
#include "base/text.h"
#include "security/security_error.h"

struct call {
    struct resident_store *store;
    struct people_caller caller;
    struct core_reply *reply;
};

static struct resident_proof proof_of(const struct core_resident *asked)
{
    return (struct resident_proof){ asked->customer_id, asked->proved_hash, asked->password_hash };
}

static int issue_execute(struct call *call, const struct core_resident *asked)
{
    struct resident_login login = { .customer_id = asked->head.object_id, .one_time = asked->one_time };

    if (text_copy(span_of_text(asked->login), login.login, sizeof login.login) < 0)
        return SECURITY_ERR_LOGIN;
    if (text_copy(span_of_text(asked->password_hash), login.password_hash, sizeof login.password_hash) < 0)
        return SECURITY_ERR_HASH;
    return resident_login_issue(call->store, &call->caller, &login);
}

static int withdraw_execute(struct call *call, const struct core_resident *asked)
{
    return resident_login_withdraw(call->store, &call->caller, asked->head.object_id);
}

static int failure_execute(struct call *call, const struct core_resident *asked)
{
    return resident_failure_record(call->store, &call->caller, asked->customer_id);
}

static int bind_execute(struct call *call, const struct core_resident *asked)
{
    struct resident_phone phone = { .phone_id = asked->phone_id };
    struct resident_proof proof = proof_of(asked);

    memcpy(phone.token_hash, asked->token_hash, sizeof phone.token_hash);
    (void)text_copy(span_of_text(asked->csrf_token), phone.csrf_token, sizeof phone.csrf_token);
    (void)text_copy(span_of_text(asked->phone_name), phone.name, sizeof phone.name);
    return resident_bind(call->store, &call->caller, &proof, &phone, &call->reply->object_id);
}

static int password_execute(struct call *call, const struct core_resident *asked)
{
    struct resident_proof proof = proof_of(asked);

    return resident_password_change(call->store, &call->caller, &proof, asked->phone_id);
}

static int unbind_execute(struct call *call, const struct core_resident *asked)
{
    if (asked->head.object_id == 0)
        return resident_forget(call->store, &call->caller, asked->phone_id);
    return resident_unbind(call->store, &call->caller, asked->head.object_id, asked->phone_id);
}

static int touch_execute(struct call *call, const struct core_resident *asked)
{
    return resident_touch(call->store, asked->phone_id, call->caller.wall_s);
}

static int payer_execute(struct call *call, const struct core_resident *asked)
{
    return resident_payer_keep(call->store, &call->caller, asked->phone_id, asked->payer_channel, asked->payer_id);
}

static int (*const executors[CORE_OPERATION_COUNT])(struct call *call, const struct core_resident *asked) = {
    [CORE_RESIDENT_ISSUE] = issue_execute,
    [CORE_RESIDENT_WITHDRAW] = withdraw_execute,
    [CORE_RESIDENT_FAILURE] = failure_execute,
    [CORE_RESIDENT_BIND] = bind_execute,
    [CORE_RESIDENT_PASSWORD] = password_execute,
    [CORE_RESIDENT_UNBIND] = unbind_execute,
    [CORE_RESIDENT_TOUCH] = touch_execute,
    [CORE_RESIDENT_PAYER] = payer_execute,
};

bool core_resident_knows(enum core_operation operation)
{
    return operation > 0 && operation < CORE_OPERATION_COUNT && executors[operation] != NULL;
}

int core_resident_execute(struct resident_store *store, int64_t now_s, enum core_operation operation, const void *request,
    struct core_reply *reply)
{
    const struct core_resident *asked = request;
    struct call call = { .store = store, .reply = reply };

    if (!core_resident_knows(operation))
        return core_reply_refuse(reply, core_error_info(CORE_ERR_UNSUPPORTED));
    call.caller.tenant_id = asked->head.tenant_id;
    call.caller.person_id = asked->head.person_id;
    call.caller.now_s = now_s;
    call.caller.wall_s = asked->head.wall_s;
    (void)text_copy(span_of_text(asked->head.scope_path), call.caller.path, sizeof call.caller.path);
    int result = executors[operation](&call, asked);
    if (result >= 0)
        return 0;
    const struct error_info *info = security_error_info(result);
    (void)core_reply_refuse(reply, info != NULL ? info : api_error_info(API_ERR_STORE));
    return result;
}
