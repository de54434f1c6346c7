#include "api/session.h"

#include <string.h>

#include <openssl/crypto.h>

#include "api/client_address.h"
#include "api/forward.h"
#include "api/route.h"
#include "api/sign_in.h"
#include "base/text.h"
#include "security/password.h"
#include "security/people.h"

static void cell_text(const struct view_cell *cell, char *to, size_t capacity)
{
    if (cell->type != VIEW_TEXT || text_copy(cell->text, to, capacity) < 0)
        to[0] = '\0';
}

/* In the order of the view's columns. */
static int caller_take(void *context, const struct view_row *row)
{
    struct api_caller *caller = context;
    const struct view_cell *cells = row->cells;

    caller->person_id = (uint32_t)cells[0].integer;
    cell_text(&cells[1], caller->display_name, sizeof caller->display_name);
    cell_text(&cells[2], caller->login, sizeof caller->login);
    cell_text(&cells[3], caller->role, sizeof caller->role);
    cell_text(&cells[4], caller->language, sizeof caller->language);
    caller->tenant_id = (uint32_t)cells[5].integer;
    cell_text(&cells[6], caller->tenant_name, sizeof caller->tenant_name);
    caller->area_id = cells[7].integer;
    cell_text(&cells[8], caller->area_name, sizeof caller->area_name);
    cell_text(&cells[9], caller->path, sizeof caller->path);
    caller->zone_offset_s = (int32_t)cells[10].integer;
    cell_text(&cells[11], caller->csrf_token, sizeof caller->csrf_token);
    caller->expires_s = cells[12].integer;
    caller->seen_s = cells[13].integer;
    caller->whole = cells[14].integer != 0;
    return 1;
}

struct span session_cookie_find(const char *header, const char *name)
{
    struct span rest = span_of_text(header);
    size_t size = strlen(name);

    while (rest.size > 0) {
        ptrdiff_t end = span_find_byte(rest, ';');
        struct span part = text_trim((struct span){ rest.bytes, end < 0 ? rest.size : (size_t)end });
        if (part.size > size && part.bytes[size] == '=' && memcmp(part.bytes, name, size) == 0)
            return (struct span){ part.bytes + size + 1, part.size - size - 1 };
        if (end < 0)
            break;
        rest.bytes += end + 1;
        rest.size -= (size_t)end + 1;
    }
    return (struct span){ NULL, 0 };
}

struct span session_token_find(struct exchange *exchange, const char *cookie_name)
{
    static const char scheme[] = "Bearer ";

    if (exchange->authorization != NULL && strncmp(exchange->authorization, scheme, sizeof scheme - 1) == 0) {
        exchange->caller.bearer = true;
        return text_trim(span_of_text(exchange->authorization + sizeof scheme - 1));
    }
    return exchange->cookie != NULL ? session_cookie_find(exchange->cookie, cookie_name) : (struct span){ NULL, 0 };
}

static void session_keep_awake(struct exchange *exchange)
{
    struct core_session touch = { .head = { .person_id = 0 } };
    struct core_reply reply;
    const struct core_port *core = &exchange->config->core;

    if (exchange->wall_s - exchange->caller.seen_s < SESSION_TOUCH_EVERY_S)
        return;
    if (forward_is_offered(exchange)) {
        forward_keep_awake(exchange, ROUTE_PREFIX "/session");
        return;
    }
    memcpy(touch.token_hash, exchange->caller.token_hash, sizeof touch.token_hash);
    touch.head.tenant_id = exchange->caller.tenant_id;
    touch.head.person_id = exchange->caller.person_id;
    touch.head.wall_s = exchange->wall_s;
    memset(&reply, 0, sizeof reply);
    /* A refusal only means that the session looks idle for a while longer. */
    (void)core->call(core->context, CORE_SESSION_TOUCH, &touch, &reply);
}

int session_find(struct exchange *exchange)
{
    struct parameters parameters = { .count = 0 };
    struct api_caller *caller = &exchange->caller;
    struct span token = session_token_find(exchange, SESSION_COOKIE);

    if (token.size != SECRET_TOKEN_TEXT_LIMIT - 1 || secret_hash(token, caller->token_hash) != 0)
        return API_ERR_SIGNED_OUT;
    parameters_integer(&parameters, "wall_s", exchange->wall_s);
    parameters_integer(&parameters, "idle_since_s", exchange->wall_s - SESSION_IDLE_S);
    parameters_text(&parameters, "token_hash", span_of_bytes(caller->token_hash, sizeof caller->token_hash));
    parameters.list[parameters.count - 1].type = VIEW_BLOB;
    int rows = exchange_read(exchange, VIEW_SESSION, &parameters, caller_take, caller);
    if (rows < 0)
        return -1;
    const struct role *role = rows == 1 ? role_find(caller->role) : NULL;
    if (role == NULL)
        return API_ERR_SIGNED_OUT;
    caller->permissions = role->permissions;
    session_keep_awake(exchange);
    return 0;
}

int session_csrf_check(const struct exchange *exchange)
{
    if (exchange->caller.bearer)
        return 0;
    if (exchange->csrf == NULL
        || !secret_equal(span_of_text(exchange->csrf), span_of_text(exchange->caller.csrf_token)))
        return API_ERR_CSRF;
    return 0;
}

static void permissions_write(struct json_writer *out, permission_set permissions)
{
    json_put_key(out, "permissions");
    json_array_begin(out);
    for (int i = 0; i < PERMISSION_COUNT; i++)
        if (permission_allows(permissions, (enum permission)i))
            json_put_text(out, span_of_text(permission_info((enum permission)i)->name));
    json_array_end(out);
}

static void session_write(struct exchange *exchange, const char *token)
{
    const struct api_caller *caller = &exchange->caller;
    struct json_writer *out = &exchange->out;

    json_object_begin(out);
    json_put_key(out, "person");
    json_object_begin(out);
    json_put_key_integer(out, "person_id", caller->person_id);
    json_put_key_text(out, "display_name", caller->display_name);
    json_put_key_text(out, "login", caller->login);
    json_put_key_text(out, "role", caller->role);
    json_put_key_text(out, "language", caller->language);
    json_put_key_integer(out, "tenant_id", caller->tenant_id);
    json_put_key_text(out, "tenant_name", caller->tenant_name);
    json_put_key_integer(out, "area_id", caller->area_id);
    json_put_key_text(out, "area_name", caller->area_name);
    permissions_write(out, caller->permissions);
    json_object_end(out);
    json_put_key_text(out, "csrf_token", caller->csrf_token);
    json_put_key_integer(out, "expires_s", caller->expires_s);
    if (token != NULL)
        json_put_key_text(out, "token", token);
    json_object_end(out);
}

int handle_session_read(struct exchange *exchange)
{
    session_write(exchange, NULL);
    return 0;
}

void session_cookie_set(struct exchange *exchange, const char *name, const char *token, int64_t lifetime_s)
{
    const char *prefix = client_prefix(exchange);
    char value[EXCHANGE_HEADER_TEXT_LIMIT];

    (void)snprintf(value, sizeof value, "%s=%s; Path=%s; HttpOnly; SameSite=Strict; Max-Age=%lld%s", name, token,
        prefix[0] != '\0' ? prefix : "/", (long long)lifetime_s, client_is_by_tls(exchange) ? "; Secure" : "");
    exchange_header_add(exchange, "Set-Cookie", value);
}

int handle_session_close(struct exchange *exchange)
{
    struct core_session asked = { .head = { .object_id = 0 } };
    struct core_reply reply;

    memcpy(asked.token_hash, exchange->caller.token_hash, sizeof asked.token_hash);
    if (exchange_core(exchange, CORE_SIGN_OUT, &asked.head, &reply) != 0)
        return -1;
    session_cookie_set(exchange, SESSION_COOKIE, "", 0);
    exchange->status = 204;
    return 0;
}

struct sign_in_person {
    int64_t person_id;
    int64_t tenant_id;
    int64_t locked_until_s;
    bool disabled;
    char password_hash[PASSWORD_HASH_LIMIT];
};

static int sign_in_take(void *context, const struct view_row *row)
{
    struct sign_in_person *person = context;

    person->person_id = row->cells[0].integer;
    person->tenant_id = row->cells[1].integer;
    cell_text(&row->cells[2], person->password_hash, sizeof person->password_hash);
    person->disabled = row->cells[3].integer != 0;
    person->locked_until_s = row->cells[4].integer;
    return 1;
}

static int role_person_take(void *context, const struct view_row *row)
{
    struct sign_in_person *person = context;

    person->person_id = row->cells[0].integer;
    person->tenant_id = row->cells[1].integer;
    return 1;
}

/* Make the session of a person who has proved to be one, and answer with it. */
static int session_begin(struct exchange *exchange, const struct sign_in_person *person, bool bearer)
{
    struct secret_source source = secret_source_system();
    struct core_sign_in asked = { .succeeded = true, .bearer = bearer };
    struct core_reply reply;
    char token[SECRET_TOKEN_TEXT_LIMIT];

    if (secret_token_make(&source, token) != 0 || secret_token_make(&source, asked.csrf_token) != 0
        || secret_hash(span_of_text(token), asked.token_hash) != 0)
        return exchange_refuse_api(exchange, API_ERR_MEMORY);
    asked.head.person_id = (uint32_t)person->person_id;
    asked.head.tenant_id = (uint32_t)person->tenant_id;
    if (exchange_core(exchange, CORE_SIGN_IN_RECORD, &asked.head, &reply) != 0)
        return -1;
    char header[128];
    (void)snprintf(header, sizeof header, "Bearer %s", token);
    exchange->authorization = header;
    int found = session_find(exchange);
    exchange->authorization = NULL;
    if (found != 0)
        return found < 0 && found != -1 ? exchange_refuse_api(exchange, found) : -1;
    exchange->status = 201;
    if (!bearer)
        session_cookie_set(exchange, SESSION_COOKIE, token, SESSION_LIFETIME_S);
    session_write(exchange, bearer ? token : NULL);
    OPENSSL_cleanse(token, sizeof token);
    OPENSSL_cleanse(header, sizeof header);
    return 0;
}

static int failure_answer(struct exchange *exchange, const struct sign_in_person *person, const struct sign_in_login *login)
{
    struct core_sign_in asked = { .succeeded = false };
    struct core_reply reply;

    if (person->person_id != 0) {
        asked.head.person_id = (uint32_t)person->person_id;
        asked.head.tenant_id = (uint32_t)person->tenant_id;
        if (exchange_core(exchange, CORE_SIGN_IN_RECORD, &asked.head, &reply) != 0)
            return -1;
    }
    sign_in_wrong(exchange, login);
    return exchange_refuse_api(exchange, API_ERR_SIGN_IN);
}

int handle_session_open(struct exchange *exchange)
{
    struct parameters parameters = { .count = 0 };
    struct sign_in_person person = { .person_id = 0 };
    struct sign_in_login login = { .door = SIGN_IN_PERSON, .login = exchange_value(exchange, "login")->text };
    bool bearer = exchange_integer(exchange, "bearer", 0) != 0;

    parameters_text(&parameters, "login", login.login);
    if (exchange_read(exchange, VIEW_SIGN_IN, &parameters, sign_in_take, &person) < 0)
        return -1;
    login.owner_id = person.person_id;
    login.hash = person.password_hash;
    login.locked_until_s = person.locked_until_s;
    int proved = sign_in_prove(exchange, &login, exchange_value(exchange, "password")->text);
    if (proved < 0)
        return -1;
    if (proved != 0 || person.disabled)
        return failure_answer(exchange, &person, &login);
    if (session_begin(exchange, &person, bearer) != 0)
        return -1;
    if (!bearer)
        sign_in_remember(exchange, SIGN_IN_PERSON, person.person_id, person.password_hash);
    return 0;
}

int handle_demo_session_open(struct exchange *exchange)
{
    struct parameters parameters = { .count = 0 };
    struct sign_in_person person = { .person_id = 0 };

    if (exchange->config->demo.describe == NULL)
        return exchange_refuse_api(exchange, API_ERR_NOT_DEMO);
    parameters_text(&parameters, "role", exchange_value(exchange, "role")->text);
    int rows = exchange_read(exchange, VIEW_ROLE_PERSON, &parameters, role_person_take, &person);
    if (rows < 0)
        return -1;
    if (rows == 0)
        return exchange_refuse_api(exchange, API_ERR_NOT_FOUND);
    return session_begin(exchange, &person, false);
}
