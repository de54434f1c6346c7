#include "api/core_people.h"

#include <string.h>

#include "api/api_error.h"
#include "base/text.h"
#include "security/security_error.h"
#include "security/setting.h"

struct call {
    struct people_store *store;
    struct people_caller caller;
    struct core_reply *reply;
};

static int sign_in_execute(struct call *call, const void *request)
{
    const struct core_sign_in *asked = request;
    struct session session = { .person_id = asked->head.person_id };

    if (!asked->succeeded)
        return sign_in_record(call->store, &call->caller, NULL);
    memcpy(session.token_hash, asked->token_hash, sizeof session.token_hash);
    (void)text_copy(span_of_text(asked->csrf_token), session.csrf_token, sizeof session.csrf_token);
    return sign_in_record(call->store, &call->caller, &session);
}

static int touch_execute(struct call *call, const void *request)
{
    const struct core_session *asked = request;
    return session_touch(call->store, asked->token_hash, call->caller.wall_s);
}

static int sign_out_execute(struct call *call, const void *request)
{
    const struct core_session *asked = request;
    return sign_out(call->store, &call->caller, asked->token_hash);
}

static int person_of_request(const struct core_person *asked, struct person *person)
{
    memset(person, 0, sizeof *person);
    person->person_id = asked->head.object_id;
    person->area_id = asked->area_id;
    person->disabled = asked->disabled;
    if (text_copy(span_of_text(asked->login), person->login, sizeof person->login) < 0)
        return SECURITY_ERR_LOGIN;
    if (text_copy(span_of_text(asked->display_name), person->display_name, sizeof person->display_name) < 0)
        return SECURITY_ERR_NAME;
    if (text_copy(span_of_text(asked->password_hash), person->password_hash, sizeof person->password_hash) < 0)
        return SECURITY_ERR_HASH;
    (void)text_copy(span_of_text(asked->role), person->role, sizeof person->role);
    (void)text_copy(span_of_text(asked->language), person->language, sizeof person->language);
    return 0;
}

static int person_create_execute(struct call *call, const void *request)
{
    struct person person;
    int result = person_of_request(request, &person);

    if (person.language[0] == '\0')
        memcpy(person.language, "zh", 3);
    return result != 0 ? result : person_create(call->store, &call->caller, &person, &call->reply->object_id);
}

/* The bits of core_port.h are those of enum person_field. */
_Static_assert(CORE_PERSON_HAS_DISPLAY_NAME == PERSON_DISPLAY_NAME && CORE_PERSON_HAS_ROLE == PERSON_ROLE
        && CORE_PERSON_HAS_LANGUAGE == PERSON_LANGUAGE && CORE_PERSON_HAS_AREA == PERSON_AREA
        && CORE_PERSON_HAS_PASSWORD == PERSON_PASSWORD && CORE_PERSON_HAS_DISABLED == PERSON_DISABLED,
    "person fields differ");

static int person_change_execute(struct call *call, const void *request)
{
    const struct core_person *asked = request;
    struct person person;
    int result = person_of_request(asked, &person);

    if (result == 0)
        result = person_change(call->store, &call->caller, &person, (unsigned)asked->head.present);
    if (result == 0)
        call->reply->object_id = asked->head.object_id;
    return result;
}

static int setting_execute(struct call *call, const void *request)
{
    const struct core_setting *asked = request;
    const struct setting *setting = setting_find(asked->key);

    if (setting == NULL)
        return SECURITY_ERR_SETTING;
    int result = setting_check(setting, asked->value);
    if (result == 0)
        result = call->store->setting_put(call->store->context, call->caller.tenant_id, asked->key, asked->value);
    if (result < 0)
        return result;
    return audit_append(call->store, &call->caller, "setting.put", "setting", 0, asked->key);
}

static int audit_execute(struct call *call, const void *request)
{
    const struct core_audit *asked = request;
    return audit_append(call->store, &call->caller, asked->action, asked->object_kind, asked->head.object_id,
        asked->detail);
}

static int (*const executors[CORE_AREA_CREATE])(struct call *call, const void *request) = {
    [CORE_SIGN_IN_RECORD] = sign_in_execute,
    [CORE_SESSION_TOUCH] = touch_execute,
    [CORE_SIGN_OUT] = sign_out_execute,
    [CORE_PERSON_CREATE] = person_create_execute,
    [CORE_PERSON_CHANGE] = person_change_execute,
    [CORE_SETTING_PUT] = setting_execute,
    [CORE_AUDIT_APPEND] = audit_execute,
};

bool core_people_knows(enum core_operation operation)
{
    return operation > 0 && operation < CORE_AREA_CREATE && executors[operation] != NULL;
}

int core_people_execute(struct people_store *store, int64_t now_s, enum core_operation operation, const void *request,
    struct core_reply *reply)
{
    const struct core_request *head = request;
    struct call call = { .store = store, .reply = reply };

    if (!core_people_knows(operation))
        return core_reply_refuse(reply, core_error_info(CORE_ERR_UNSUPPORTED));
    call.caller.tenant_id = head->tenant_id;
    call.caller.person_id = head->person_id;
    call.caller.now_s = now_s;
    call.caller.wall_s = head->wall_s;
    (void)text_copy(span_of_text(head->scope_path), call.caller.path, sizeof call.caller.path);
    int result = executors[operation](&call, request);
    if (result >= 0)
        return 0;
    const struct error_info *info = security_error_info(result);
    (void)core_reply_refuse(reply, info != NULL ? info : api_error_info(API_ERR_STORE));
    return result;
}
