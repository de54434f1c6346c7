#include "security/partner.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "security/security_error.h"

/* No password has this hash; and signing in does not find who is called so. */
#define NO_PASSWORD "!"

#define MODE_CLOSE "close"

/* "[1,22]": numbers 1 to 11. */
static int interfaces_check(const char *list)
{
    int number = 0, count = 0;

    for (const char *at = list; *at != '\0'; at++) {
        if (*at >= '0' && *at <= '9') {
            number = number * 10 + (*at - '0');
        } else if (number > 0) {
            count++;
            if (number > PARTNER_INTERFACE_COUNT || count > PARTNER_INTERFACE_COUNT)
                return SECURITY_ERR_INTERFACES;
            number = 0;
        }
        if (number > PARTNER_INTERFACE_COUNT)
            return SECURITY_ERR_INTERFACES;
    }
    return count > 0 ? 0 : SECURITY_ERR_INTERFACES;
}

static int partner_check(const struct people_store *people, const struct people_caller *caller,
    const struct partner *partner)
{
    int result = people->area_find(people->context, caller->tenant_id, caller->path, partner->area_id);

    if (result < 0)
        return result;
    if (result == 0)
        return SECURITY_ERR_AREA;
    if (partner->name[0] == '\0')
        return SECURITY_ERR_NAME;
    result = interfaces_check(partner->interfaces);
    return result < 0 ? result : network_list_check(partner->networks);
}

/* The number of commas and one: how many were asked for. */
static int devices_asked(const char *list)
{
    int count = list[0] != '\0' ? 1 : 0;

    for (const char *at = list; *at != '\0'; at++)
        count += *at == ',';
    return count;
}

static int devices_write(const struct partner_store *store, const struct people_caller *caller,
    const struct partner *partner, const char *devices)
{
    int entered = store->devices_write(store->context, partner, caller->path, devices);

    if (entered < 0)
        return entered;
    return entered == devices_asked(devices) ? 0 : SECURITY_ERR_PARTNER_DEVICE;
}

static int person_add(const struct people_store *people, const struct people_caller *caller, struct partner *partner)
{
    struct person person = {
        .tenant_id = caller->tenant_id, .area_id = partner->area_id, .created_s = caller->now_s, .disabled = true,
        .role = "viewer", .language = "zh", .password_hash = NO_PASSWORD,
    };

    /* A login with a colon can be nobody else's: those of people have none. */
    (void)snprintf(person.login, sizeof person.login, "partner:%lld", (long long)partner->partner_id);
    (void)text_copy(span_of_text(partner->name), person.display_name, sizeof person.display_name);
    return people->person_insert(people->context, &person, &partner->person_id);
}

int partner_create(const struct partner_store *store, const struct people_store *people,
    const struct people_caller *caller, struct partner *partner, const char *devices)
{
    int64_t count = 0;
    int result = partner_check(people, caller, partner);

    if (result >= 0)
        result = store->partners_count(store->context, caller->tenant_id, &count);
    if (result >= 0 && count >= PARTNER_LIMIT)
        return SECURITY_ERR_PARTNER_LIMIT;
    partner->tenant_id = caller->tenant_id;
    partner->created_s = caller->now_s;
    if (result >= 0)
        result = store->partner_insert(store->context, partner);
    if (result >= 0)
        result = person_add(people, caller, partner);
    if (result >= 0)
        result = store->partner_update(store->context, partner);
    if (result >= 0)
        result = devices_write(store, caller, partner, devices);
    return result < 0 ? result : 0;
}

/* The partner, if it is within the caller's jurisdiction. */
static int partner_load(const struct partner_store *store, const struct people_store *people,
    const struct people_caller *caller, int64_t partner_id, struct partner *out)
{
    int found = store->partner_find(store->context, partner_id, out);

    if (found > 0 && out->tenant_id != caller->tenant_id)
        found = 0;
    if (found > 0)
        found = people->area_find(people->context, caller->tenant_id, caller->path, out->area_id);
    if (found < 0)
        return found;
    return found > 0 ? 0 : SECURITY_ERR_PARTNER;
}

static void fields_take(struct partner *row, const struct partner *given, unsigned fields)
{
    if ((fields & PARTNER_NAME) != 0)
        memcpy(row->name, given->name, sizeof row->name);
    if ((fields & PARTNER_AREA) != 0)
        row->area_id = given->area_id;
    if ((fields & PARTNER_INTERFACES) != 0)
        memcpy(row->interfaces, given->interfaces, sizeof row->interfaces);
    if ((fields & PARTNER_PER_MINUTE) != 0)
        row->per_minute = given->per_minute;
    if ((fields & PARTNER_CLOSINGS) != 0)
        row->closings_per_day = given->closings_per_day;
    if ((fields & PARTNER_NETWORKS) != 0)
        memcpy(row->networks, given->networks, sizeof row->networks);
    if ((fields & PARTNER_SIGNED) != 0)
        row->is_signed = given->is_signed;
    if ((fields & PARTNER_REVEAL) != 0)
        row->reveal = given->reveal;
    if ((fields & PARTNER_DISABLED) != 0)
        row->disabled = given->disabled;
}

/* Its person is called as it is, and lives where it may act. */
static int person_follow(const struct people_store *people, const struct partner *partner)
{
    struct person person;
    int found = people->person_find(people->context, partner->person_id, &person);

    if (found <= 0)
        return found < 0 ? found : SECURITY_ERR_PERSON;
    person.area_id = partner->area_id;
    (void)text_copy(span_of_text(partner->name), person.display_name, sizeof person.display_name);
    return people->person_update(people->context, &person);
}

int partner_change(const struct partner_store *store, const struct people_store *people,
    const struct people_caller *caller, const struct partner *partner, unsigned fields, const char *devices)
{
    struct partner row;
    int result = partner_load(store, people, caller, partner->partner_id, &row);

    if (result < 0)
        return result;
    fields_take(&row, partner, fields);
    result = partner_check(people, caller, &row);
    if (result >= 0)
        result = store->partner_update(store->context, &row);
    if (result >= 0)
        result = person_follow(people, &row);
    if (result >= 0 && (fields & PARTNER_DEVICES) != 0)
        result = devices_write(store, caller, &row, devices);
    return result < 0 ? result : 0;
}

int partner_token_add(const struct partner_store *store, const struct people_store *people,
    const struct people_caller *caller, struct partner_token *token)
{
    struct partner row;
    int64_t count = 0;
    int result = partner_load(store, people, caller, token->partner_id, &row);

    if (result >= 0)
        result = store->tokens_count(store->context, token->partner_id, caller->wall_s, &count);
    if (result < 0)
        return result;
    if (count >= PARTNER_TOKEN_LIMIT)
        return SECURITY_ERR_TOKEN_LIMIT;
    token->created_s = caller->wall_s;
    result = store->token_insert(store->context, token);
    return result < 0 ? result : 0;
}

int partner_token_revoke(const struct partner_store *store, const struct people_store *people,
    const struct people_caller *caller, int64_t token_id)
{
    struct partner row;
    int64_t partner_id = 0;
    int found = store->token_find(store->context, token_id, &partner_id);

    if (found > 0) {
        found = partner_load(store, people, caller, partner_id, &row);
        if (found == SECURITY_ERR_PARTNER)
            return SECURITY_ERR_TOKEN;
        if (found == 0)
            found = store->token_revoke(store->context, token_id, caller->wall_s);
        return found < 0 ? found : 0;
    }
    return found < 0 ? found : SECURITY_ERR_TOKEN;
}

int partner_request_check(const struct partner_store *store, const struct partner_request *request, int64_t since_s,
    struct partner_request *before)
{
    struct partner row;
    int64_t count = 0;
    int found = store->request_find(store->context, request->partner_id, request->number, before);

    if (found < 0)
        return found;
    if (found > 0 && before->device_id == request->device_id && strcmp(before->mode, request->mode) == 0)
        return 1;
    if (found > 0)
        return SECURITY_ERR_REQUEST_REUSED;
    found = store->partner_find(store->context, request->partner_id, &row);
    if (found <= 0)
        return found < 0 ? found : SECURITY_ERR_PARTNER;
    if (strcmp(request->mode, MODE_CLOSE) != 0)
        return 0;
    found = store->requests_count(store->context, request->partner_id, MODE_CLOSE, since_s, &count);
    if (found < 0)
        return found;
    return count < row.closings_per_day ? 0 : SECURITY_ERR_CLOSING_LIMIT;
}
