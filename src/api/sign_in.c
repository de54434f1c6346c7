#include "api/sign_in.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "api/api_server_internal.h"
#include "api/client_tally.h"
#include "api/session.h"
#include "base/hex.h"
#include "security/digest_openssl.h"
#include "security/password.h"
#include "security/secret.h"
#include "security/security_error.h"

/* Each verification takes 32 MiB: strangers shall not fill the memory with them. */
#define VERIFICATIONS_AT_ONCE 2

#define MARK_SIZE (SECRET_TOKEN_TEXT_LIMIT - 1)
#define PROOF_SIZE ((size_t)(2 * DIGEST_SHA256_SIZE))
#define NAME_SIZE 48

static atomic_int verifications;

static const struct {
    const char *cookie; /* with the owner's number behind it: some browsers are shared */
    int locked;
    const char *zh;
    const char *en;
} doors[] = {
    [SIGN_IN_PERSON] = { "meterworks_known_", API_ERR_LOCKED, "请管理员重设密码", "ask an administrator for a new password" },
    [SIGN_IN_RESIDENT] = { "meterworks_resident_known_", API_ERR_RESIDENT_LOCKED, "到收费处重设密码",
        "ask the cash desk for a new password" },
};

static void cookie_name(enum sign_in_door door, int64_t owner_id, char name[NAME_SIZE])
{
    (void)snprintf(name, NAME_SIZE, "%s%" PRId64, doors[door].cookie, owner_id);
}

/* HMAC-SHA256(stored hash, cookie's name "/" mark) in hexadecimal. */
static int proof_make(const char *name, struct span mark, const char *hash, char hex[PROOF_SIZE + 1])
{
    char text[NAME_SIZE + MARK_SIZE + 2];
    uint8_t proof[DIGEST_SHA256_SIZE];

    (void)snprintf(text, sizeof text, "%s/%.*s", name, (int)mark.size, (const char *)mark.bytes);
    if (digest_openssl()->hmac_sha256(span_of_text(hash), span_of_text(text), proof) != 0)
        return -1;
    return hex_encode(span_of_bytes(proof, sizeof proof), hex, PROOF_SIZE + 1) < 0 ? -1 : 0;
}

/* Did this browser sign in with this password before? Its mark then. */
static bool browser_is_known(const struct exchange *exchange, const struct sign_in_login *login, struct span *mark)
{
    char name[NAME_SIZE], expected[PROOF_SIZE + 1];

    if (login->owner_id == 0 || exchange->cookie == NULL)
        return false;
    cookie_name(login->door, login->owner_id, name);
    struct span value = session_cookie_find(exchange->cookie, name);
    if (value.size != MARK_SIZE + PROOF_SIZE)
        return false;
    *mark = span_of_bytes(value.bytes, MARK_SIZE);
    return proof_make(name, *mark, login->hash, expected) == 0
        && secret_equal(span_of_bytes(value.bytes + MARK_SIZE, PROOF_SIZE), span_of_text(expected));
}

void sign_in_remember(struct exchange *exchange, enum sign_in_door door, int64_t owner_id, const char *hash)
{
    struct secret_source source = secret_source_system();
    char name[NAME_SIZE], value[MARK_SIZE + PROOF_SIZE + 1];

    cookie_name(door, owner_id, name);
    if (secret_token_make(&source, value) == 0
        && proof_make(name, span_of_bytes(value, MARK_SIZE), hash, value + MARK_SIZE) == 0)
        session_cookie_set(exchange, name, value, SIGN_IN_COOKIE_S);
}

static int64_t locked_s(struct exchange *exchange, const struct sign_in_login *login)
{
    struct sign_in_guard *guard = api_server_sign_in_guard(exchange->server);
    struct span mark;

    if (login->owner_id == 0)
        return sign_in_nobody_locked_s(guard, login->door, login->login, exchange->wall_s);
    if (browser_is_known(exchange, login, &mark))
        return sign_in_nobody_locked_s(guard, SIGN_IN_BROWSER, mark, exchange->wall_s);
    return login->locked_until_s - exchange->wall_s;
}

void sign_in_wrong(struct exchange *exchange, const struct sign_in_login *login)
{
    struct sign_in_guard *guard = api_server_sign_in_guard(exchange->server);
    struct span mark;

    if (login->owner_id == 0)
        sign_in_nobody_failed(guard, login->door, login->login, exchange->wall_s);
    else if (browser_is_known(exchange, login, &mark))
        sign_in_nobody_failed(guard, SIGN_IN_BROWSER, mark, exchange->wall_s);
    (void)client_tally_count(exchange, CLIENT_SIGN_IN);
}

static int locked_refuse(struct exchange *exchange, enum sign_in_door door, int64_t left_s)
{
    struct field_problem problem = { .error = doors[door].locked, .field = "login" };
    char seconds[24];

    (void)client_tally_count(exchange, CLIENT_SIGN_IN);
    (void)snprintf(problem.text_en, sizeof problem.text_en, "Too many wrong passwords: try again in %lld s, or %s",
        (long long)left_s, doors[door].en);
    (void)snprintf(problem.text_zh, sizeof problem.text_zh, "密码错误次数过多: 请 %lld 秒后再试, 或%s", (long long)left_s,
        doors[door].zh);
    (void)snprintf(seconds, sizeof seconds, "%lld", (long long)left_s);
    exchange_header_add(exchange, "Retry-After", seconds);
    return exchange_refuse_field(exchange, &problem);
}

/* hash NULL: of nobody, at the same cost. */
static int password_prove(const char *hash, struct span password)
{
    int result = API_ERR_SIGN_IN_BUSY;

    if (atomic_fetch_add(&verifications, 1) < VERIFICATIONS_AT_ONCE) {
        if (hash != NULL) {
            result = password_verify(password, hash);
        } else {
            password_verify_nobody(password);
            result = SECURITY_ERR_MISMATCH;
        }
    }
    (void)atomic_fetch_sub(&verifications, 1);
    return result;
}

int sign_in_prove(struct exchange *exchange, const struct sign_in_login *login, struct span password)
{
    int64_t wait_s = client_tally_look(exchange, CLIENT_SIGN_IN);
    if (wait_s > 0)
        return exchange_refuse_for_now(exchange, wait_s);
    int64_t left_s = locked_s(exchange, login);
    if (left_s > 0)
        return locked_refuse(exchange, login->door, left_s);
    int proved = password_prove(login->owner_id != 0 ? login->hash : NULL, password);
    if (proved == API_ERR_SIGN_IN_BUSY) {
        exchange_header_add(exchange, "Retry-After", "1");
        return exchange_refuse_api(exchange, proved);
    }
    if (proved == SECURITY_ERR_CRYPTOGRAPHY || proved == SECURITY_ERR_HASH)
        return exchange_refuse(exchange, security_error_info(proved), "");
    return proved != 0 ? 1 : 0;
}
