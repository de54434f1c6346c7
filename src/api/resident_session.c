#include "api/resident_session.h"

#include <string.h>

#include <openssl/crypto.h>

#include "api/forward.h"
#include "api/resident_port.h"
#include "api/route.h"
#include "api/session.h"
#include "api/sign_in.h"
#include "base/text.h"
#include "security/password.h"
#include "security/resident.h"
#include "security/security_error.h"

static void cell_text(const struct view_cell *cell, char *to, size_t capacity)
{
    if (cell->type != VIEW_TEXT || text_copy(cell->text, to, capacity) < 0)
        to[0] = '\0';
}

/* In the order of the view's columns. */
static int phone_take(void *context, const struct view_row *row)
{
    struct api_caller *caller = context;
    const struct view_cell *cells = row->cells;

    caller->resident_id = cells[0].integer;
    caller->tenant_id = (uint32_t)cells[1].integer;
    cell_text(&cells[2], caller->tenant_name, sizeof caller->tenant_name);
    cell_text(&cells[3], caller->path, sizeof caller->path);
    caller->zone_offset_s = (int32_t)cells[4].integer;
    cell_text(&cells[5], caller->csrf_token, sizeof caller->csrf_token);
    caller->seen_s = cells[6].integer;
    caller->whole = true;
    return 1;
}

static void phone_keep(struct exchange *exchange)
{
    struct core_resident touch = { .phone_id = exchange->caller.resident_id };
    const struct core_port *core = &exchange->config->core;
    struct core_reply reply;

    if (exchange->wall_s - exchange->caller.seen_s < RESIDENT_TOUCH_EVERY_S)
        return;
    if (forward_is_offered(exchange)) {
        forward_keep_awake(exchange, ROUTE_PREFIX "/resident/session");
        return;
    }
    touch.head.tenant_id = exchange->caller.tenant_id;
    touch.head.wall_s = exchange->wall_s;
    memset(&reply, 0, sizeof reply);
    /* A refusal only means that the phone looks unused for a while longer. */
    (void)core->call(core->context, CORE_RESIDENT_TOUCH, &touch, &reply);
}

int resident_find(struct exchange *exchange)
{
    struct parameters parameters = { .count = 0 };
    struct api_caller *caller = &exchange->caller;
    struct span token = session_token_find(exchange, RESIDENT_COOKIE);

    if (token.size != SECRET_TOKEN_TEXT_LIMIT - 1 || secret_hash(token, caller->token_hash) != 0)
        return API_ERR_SIGNED_OUT;
    parameters_integer(&parameters, "idle_since_s", exchange->wall_s - RESIDENT_IDLE_S);
    parameters_text(&parameters, "token_hash", span_of_bytes(caller->token_hash, sizeof caller->token_hash));
    parameters.list[parameters.count - 1].type = VIEW_BLOB;
    int rows = exchange_read(exchange, VIEW_RESIDENT_SESSION, &parameters, phone_take, caller);
    if (rows <= 0)
        return rows < 0 ? -1 : API_ERR_SIGNED_OUT;
    phone_keep(exchange);
    return 0;
}

struct login_row {
    int64_t customer_id;
    int64_t tenant_id;
    int64_t locked_until_s;
    bool one_time;
    char password_hash[CORE_HASH_LIMIT];
    char login[64];
};

static int login_take(void *context, const struct view_row *row)
{
    struct login_row *login = context;

    login->customer_id = row->cells[0].integer;
    login->tenant_id = row->cells[1].integer;
    cell_text(&row->cells[2], login->password_hash, sizeof login->password_hash);
    login->locked_until_s = row->cells[3].integer;
    login->one_time = row->cells[4].integer != 0;
    if (row->count > 5)
        cell_text(&row->cells[5], login->login, sizeof login->login);
    return 1;
}

/* 0 when the password is the login's; -1 answered. */
static int password_prove(struct exchange *exchange, const struct login_row *row)
{
    struct sign_in_login login = { SIGN_IN_RESIDENT, span_of_text(row->login), row->customer_id, row->password_hash,
                                   row->locked_until_s };
    struct core_resident asked = { .customer_id = row->customer_id };
    struct core_reply reply;
    int proved = sign_in_prove(exchange, &login, exchange_value(exchange, "password")->text);

    if (proved <= 0)
        return proved;
    if (row->customer_id != 0 && exchange_core(exchange, CORE_RESIDENT_FAILURE, &asked.head, &reply) != 0)
        return -1;
    sign_in_wrong(exchange, &login);
    return exchange_refuse_api(exchange, API_ERR_SIGN_IN);
}

/* By the password that holds from now on. */
static void browser_remember(struct exchange *exchange, const struct login_row *login, const struct core_resident *asked)
{
    if (!exchange->caller.bearer && exchange_integer(exchange, "bearer", 0) == 0)
        sign_in_remember(exchange, SIGN_IN_RESIDENT, login->customer_id,
            asked->password_hash[0] != '\0' ? asked->password_hash : login->password_hash);
}

/* The new password, when one was given, hashed into `asked`. 0; -1 answered. */
static int new_password_hash(struct exchange *exchange, const struct login_row *login, struct core_resident *asked)
{
    const struct field_value *chosen = exchange_value(exchange, "new_password");
    struct secret_source source = secret_source_system();
    char hash[PASSWORD_HASH_LIMIT];

    if (chosen == NULL)
        return 0;
    int result = password_check(chosen->text, span_of_text(login->login));
    if (result == 0 && span_equal(chosen->text, exchange_value(exchange, "password")->text))
        result = SECURITY_ERR_PASSWORD_SIMPLE;
    if (result == 0)
        result = password_hash(chosen->text, &password_cost_default, &source, hash);
    if (result != 0)
        return exchange_refuse(exchange, security_error_info(result), "new_password");
    (void)text_copy(span_of_text(hash), asked->password_hash, sizeof asked->password_hash);
    return 0;
}

static void token_answer(struct exchange *exchange, const char *csrf, const char *token, bool bearer)
{
    exchange->status = 201;
    json_object_begin(&exchange->out);
    json_put_key_text(&exchange->out, "csrf_token", csrf);
    if (bearer)
        json_put_key_text(&exchange->out, "token", token);
    json_object_end(&exchange->out);
    if (!bearer)
        session_cookie_set(exchange, RESIDENT_COOKIE, token, RESIDENT_IDLE_S);
}

/* Binds the phone that asks, or a new one, to the customer of a login that was proved. Either way its token is new. */
static int phone_bind(struct exchange *exchange, const struct login_row *login, struct core_resident *asked)
{
    struct secret_source source = secret_source_system();
    const struct field_value *name = exchange_value(exchange, "phone_name");
    char token[SECRET_TOKEN_TEXT_LIMIT];
    struct core_reply reply;

    asked->customer_id = login->customer_id;
    asked->phone_id = exchange->caller.resident_id;
    (void)text_copy(span_of_text(login->password_hash), asked->proved_hash, sizeof asked->proved_hash);
    if (name != NULL)
        (void)text_copy(name->text, asked->phone_name, sizeof asked->phone_name);
    if (secret_token_make(&source, token) != 0 || secret_token_make(&source, asked->csrf_token) != 0
        || secret_hash(span_of_text(token), asked->token_hash) != 0)
        return exchange_refuse_api(exchange, API_ERR_MEMORY);
    if (exchange_core(exchange, CORE_RESIDENT_BIND, &asked->head, &reply) != 0)
        return -1;
    token_answer(exchange, asked->csrf_token, token, exchange->caller.bearer || exchange_integer(exchange, "bearer", 0) != 0);
    OPENSSL_cleanse(token, sizeof token);
    return 0;
}

/* A phone that is bound already is bound once more; any other begins anew. */
int resident_recognise(struct exchange *exchange)
{
    int found = resident_find(exchange);

    if (found == -1)
        return -1;
    if (found != 0)
        memset(&exchange->caller, 0, sizeof exchange->caller);
    return 0;
}

static void login_lower(struct span typed, char *out, size_t capacity)
{
    struct span text = text_trim(typed);

    if (text_copy(text, out, capacity) < 0)
        out[0] = '\0';
    for (char *at = out; *at != '\0'; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at + ('a' - 'A'));
}

int handle_resident_bind(struct exchange *exchange)
{
    struct parameters parameters = { .count = 0 };
    struct login_row login = { .customer_id = 0 };
    struct core_resident asked = { .head = { .object_id = 0 } };

    if (resident_recognise(exchange) != 0)
        return -1;
    login_lower(exchange_value(exchange, "login")->text, login.login, sizeof login.login);
    parameters_text(&parameters, "login", span_of_text(login.login));
    if (exchange_read(exchange, VIEW_RESIDENT_SIGN_IN, &parameters, login_take, &login) < 0)
        return -1;
    if (login.customer_id != 0)
        exchange->caller.tenant_id = (uint32_t)login.tenant_id;
    if (password_prove(exchange, &login) != 0)
        return -1;
    if (login.one_time && exchange_value(exchange, "new_password") == NULL)
        return exchange_refuse(exchange, security_error_info(SECURITY_ERR_RESIDENT_FIRST), NULL);
    if (login.one_time && new_password_hash(exchange, &login, &asked) != 0)
        return -1;
    if (phone_bind(exchange, &login, &asked) != 0)
        return -1;
    browser_remember(exchange, &login, &asked);
    return 0;
}

int handle_resident_password(struct exchange *exchange)
{
    struct parameters parameters;
    struct login_row login = { .customer_id = 0 };
    struct core_resident asked = { .phone_id = exchange->caller.resident_id };
    struct core_reply reply;

    parameters_fill(&parameters, exchange);
    int rows = exchange_read(exchange, VIEW_RESIDENT_PROOF, &parameters, login_take, &login);
    if (rows <= 0)
        return rows < 0 ? -1 : exchange_refuse_api(exchange, API_ERR_NOT_FOUND);
    if (password_prove(exchange, &login) != 0 || new_password_hash(exchange, &login, &asked) != 0)
        return -1;
    asked.customer_id = login.customer_id;
    (void)text_copy(span_of_text(login.password_hash), asked.proved_hash, sizeof asked.proved_hash);
    if (exchange_core(exchange, CORE_RESIDENT_PASSWORD, &asked.head, &reply) != 0)
        return -1;
    browser_remember(exchange, &login, &asked);
    exchange->status = 204;
    return 0;
}

int handle_resident_demo(struct exchange *exchange)
{
    struct parameters parameters = { .count = 0 };
    struct login_row login = { .customer_id = 0 };
    struct core_resident asked = { .head = { .object_id = 0 } };

    if (exchange->config->demo.describe == NULL)
        return exchange_refuse_api(exchange, API_ERR_NOT_DEMO);
    int rows = exchange_read(exchange, VIEW_RESIDENT_DEMO, &parameters, login_take, &login);
    if (rows <= 0)
        return rows < 0 ? -1 : exchange_refuse_api(exchange, API_ERR_NOT_FOUND);
    exchange->caller.tenant_id = (uint32_t)login.tenant_id;
    return phone_bind(exchange, &login, &asked);
}
