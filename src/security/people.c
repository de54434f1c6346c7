#include "security/people.h"

#include <string.h>

#include "base/text.h"
#include "security/permission.h"
#include "security/security_error.h"

int64_t sign_in_lock_s(int64_t failed_count)
{
    int64_t lock_s = SIGN_IN_LOCK_FIRST_S;

    if (failed_count < SIGN_IN_FREE_FAILURES)
        return 0;
    for (int64_t i = SIGN_IN_FREE_FAILURES; i < failed_count && lock_s < SIGN_IN_LOCK_LIMIT_S; i++)
        lock_s *= 2;
    return lock_s < SIGN_IN_LOCK_LIMIT_S ? lock_s : SIGN_IN_LOCK_LIMIT_S;
}

int audit_append(struct people_store *store, const struct people_caller *caller, const char *action,
    const char *object_kind, int64_t object_id, const char *detail)
{
    struct audit_entry entry = {
        .tenant_id = caller->tenant_id,
        .person_id = caller->person_id,
        .at_s = caller->now_s,
        .object_id = object_id,
        .action = action,
        .object_kind = object_kind,
        .detail = detail,
    };
    return store->audit_insert(store->context, &entry);
}

static int failure_record(struct people_store *store, const struct people_caller *caller, struct person *person)
{
    person->failed_count++;
    int64_t lock_s = sign_in_lock_s(person->failed_count);
    if (lock_s > 0)
        person->locked_until_s = caller->wall_s + lock_s;
    int result = store->person_update(store->context, person);
    if (result < 0)
        return result;
    return audit_append(store, caller, lock_s > 0 ? "session.locked" : "session.refused", "person", person->person_id,
        person->login);
}

static int success_record(struct people_store *store, const struct people_caller *caller, struct person *person,
    const struct session *session)
{
    struct session made = *session;

    made.person_id = person->person_id;
    made.created_s = caller->wall_s;
    made.expires_s = caller->wall_s + SESSION_LIFETIME_S;
    person->failed_count = 0;
    person->locked_until_s = 0;
    int result = store->person_update(store->context, person);
    if (result >= 0)
        result = store->sessions_trim(store->context, person->person_id, SESSION_LIMIT_PER_PERSON - 1, caller->wall_s,
            caller->wall_s - SESSION_IDLE_S);
    if (result >= 0)
        result = store->session_insert(store->context, &made);
    if (result < 0)
        return result;
    return audit_append(store, caller, "session.open", "person", person->person_id, "");
}

int sign_in_record(struct people_store *store, const struct people_caller *caller, const struct session *session)
{
    struct person person;
    int found = store->person_find(store->context, caller->person_id, &person);

    if (found < 0)
        return found;
    if (found == 0 || person.tenant_id != caller->tenant_id)
        return SECURITY_ERR_PERSON;
    if (session == NULL)
        return failure_record(store, caller, &person);
    return success_record(store, caller, &person, session);
}

int session_touch(struct people_store *store, const uint8_t token_hash[SECRET_HASH_SIZE], int64_t wall_s)
{
    int result = store->session_touch(store->context, token_hash, wall_s);
    return result < 0 ? result : 0;
}

int sign_out(struct people_store *store, const struct people_caller *caller,
    const uint8_t token_hash[SECRET_HASH_SIZE])
{
    int result = store->session_delete(store->context, token_hash);
    if (result < 0)
        return result;
    return audit_append(store, caller, "session.close", "person", caller->person_id, "");
}

bool people_login_is_well_formed(const char *login)
{
    size_t size = strlen(login);

    if (size < 2 || size > PEOPLE_LOGIN_LIMIT - 1)
        return false;
    return strspn(login, "abcdefghijklmnopqrstuvwxyz0123456789.-_") == size;
}

static int name_check(const char *name)
{
    struct span text = text_trim(span_of_text(name));

    if (text.size == 0 || text.size >= PEOPLE_NAME_LIMIT || text_utf8_check(text) < 0)
        return SECURITY_ERR_NAME;
    return 0;
}

static int language_check(const char *language)
{
    return strcmp(language, "zh") == 0 || strcmp(language, "en") == 0 ? 0 : SECURITY_ERR_LANGUAGE;
}

static int area_check(struct people_store *store, const struct people_caller *caller, int64_t area_id)
{
    int found = store->area_find(store->context, caller->tenant_id, caller->path, area_id);

    if (found < 0)
        return found;
    return found == 0 ? SECURITY_ERR_AREA : 0;
}

static int person_check(struct people_store *store, const struct people_caller *caller, const struct person *person,
    unsigned fields)
{
    int result = 0;

    if ((fields & PERSON_DISPLAY_NAME) != 0)
        result = name_check(person->display_name);
    if (result == 0 && (fields & PERSON_ROLE) != 0 && role_find(person->role) == NULL)
        result = SECURITY_ERR_ROLE;
    if (result == 0 && (fields & PERSON_LANGUAGE) != 0)
        result = language_check(person->language);
    if (result == 0 && (fields & PERSON_PASSWORD) != 0 && strncmp(person->password_hash, "scrypt$", 7) != 0)
        result = SECURITY_ERR_HASH;
    if (result == 0 && (fields & PERSON_AREA) != 0)
        result = area_check(store, caller, person->area_id);
    return result;
}

int person_create(struct people_store *store, const struct people_caller *caller, const struct person *person,
    int64_t *person_id)
{
    struct person made = *person;
    struct person taken;
    int64_t made_id = 0;

    if (!people_login_is_well_formed(person->login))
        return SECURITY_ERR_LOGIN;
    int result = person_check(store, caller, person,
        PERSON_DISPLAY_NAME | PERSON_ROLE | PERSON_LANGUAGE | PERSON_PASSWORD | PERSON_AREA);
    if (result != 0)
        return result;
    int found = store->login_find(store->context, person->login, &taken);
    if (found != 0)
        return found < 0 ? found : SECURITY_ERR_LOGIN_TAKEN;
    made.tenant_id = caller->tenant_id;
    made.created_s = caller->now_s;
    made.failed_count = 0;
    made.locked_until_s = 0;
    result = store->person_insert(store->context, &made, &made_id);
    if (result < 0)
        return result;
    result = audit_append(store, caller, "person.create", "person", made_id, made.login);
    if (result == 0)
        *person_id = made_id;
    return result;
}

/* Would the change take away the last administrator who can sign in? */
static int administrator_check(struct people_store *store, const struct person *before, const struct person *after)
{
    int64_t count = 0;
    bool was = strcmp(before->role, "administrator") == 0 && !before->disabled;
    bool is = strcmp(after->role, "administrator") == 0 && !after->disabled;

    if (!was || is)
        return 0;
    int result = store->administrators_count(store->context, before->tenant_id, &count);
    if (result < 0)
        return result;
    return count <= 1 ? SECURITY_ERR_LAST_ADMINISTRATOR : 0;
}

static void fields_copy(struct person *to, const struct person *from, unsigned fields)
{
    if ((fields & PERSON_DISPLAY_NAME) != 0)
        memcpy(to->display_name, from->display_name, sizeof to->display_name);
    if ((fields & PERSON_ROLE) != 0)
        memcpy(to->role, from->role, sizeof to->role);
    if ((fields & PERSON_LANGUAGE) != 0)
        memcpy(to->language, from->language, sizeof to->language);
    if ((fields & PERSON_AREA) != 0)
        to->area_id = from->area_id;
    if ((fields & PERSON_PASSWORD) != 0)
        memcpy(to->password_hash, from->password_hash, sizeof to->password_hash);
    if ((fields & PERSON_DISABLED) != 0)
        to->disabled = from->disabled;
}

int person_change(struct people_store *store, const struct people_caller *caller, const struct person *person,
    unsigned fields)
{
    struct person before;
    int found = store->person_find(store->context, person->person_id, &before);

    if (found < 0)
        return found;
    /* A partner's person follows its partner. */
    if (found == 0 || before.tenant_id != caller->tenant_id || strchr(before.login, ':') != NULL
        || store->area_find(store->context, caller->tenant_id, caller->path, before.area_id) != 1)
        return SECURITY_ERR_PERSON;
    int result = person_check(store, caller, person, fields);
    if (result != 0)
        return result;
    struct person after = before;
    fields_copy(&after, person, fields);
    if ((fields & PERSON_PASSWORD) != 0) {
        after.failed_count = 0;
        after.locked_until_s = 0;
    }
    result = administrator_check(store, &before, &after);
    if (result == 0)
        result = store->person_update(store->context, &after);
    if (result >= 0 && (fields & (PERSON_PASSWORD | PERSON_DISABLED)) != 0)
        result = store->sessions_trim(store->context, after.person_id, 0, caller->wall_s,
            caller->wall_s - SESSION_IDLE_S);
    if (result < 0)
        return result;
    return audit_append(store, caller, "person.change", "person", after.person_id, after.login);
}
