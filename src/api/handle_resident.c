/* What residents see of themselves, and what operators do for them. */
#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>

#include "api/handlers.h"
#include "api/resident_port.h"
#include "api/resident_session.h"
#include "api/route.h"
#include "api/session.h"
#include "api/view_json.h"
#include "base/calendar.h"
#include "base/text.h"
#include "security/password.h"
#include "security/resident.h"
#include "security/security_error.h"

#define FIRST_PASSWORD_DIGITS 10
#define USAGE_DAYS 30
#define USAGE_MONTHS_DAYS 365

static int object_take(void *context, const struct view_row *row)
{
    struct exchange *exchange = context;

    view_json_object(&exchange->out, row, false);
    return exchange->out.failed ? -1 : 0;
}

static int members_take(void *context, const struct view_row *row)
{
    struct exchange *exchange = context;

    view_json_members(&exchange->out, row, false);
    return exchange->out.failed ? -1 : 1;
}

static int rows_write(struct exchange *exchange, const char *key, enum view view, const struct parameters *parameters)
{
    json_put_key(&exchange->out, key);
    json_array_begin(&exchange->out);
    if (exchange_read(exchange, view, parameters, object_take, exchange) < 0)
        return -1;
    json_array_end(&exchange->out);
    return 0;
}

int handle_resident_session(struct exchange *exchange)
{
    struct parameters parameters;

    parameters_fill(&parameters, exchange);
    json_object_begin(&exchange->out);
    json_put_key_text(&exchange->out, "csrf_token", exchange->caller.csrf_token);
    json_put_key_integer(&exchange->out, "now_s", exchange->now_s);
    if (exchange_read(exchange, VIEW_RESIDENT_CONTACT, &parameters, members_take, exchange) < 0
        || rows_write(exchange, "customers", VIEW_RESIDENT_CUSTOMERS, &parameters) != 0
        || rows_write(exchange, "phones", VIEW_RESIDENT_PHONES, &parameters) != 0)
        return -1;
    json_object_end(&exchange->out);
    return 0;
}

static int unbind(struct exchange *exchange, int64_t binding_id)
{
    struct core_resident asked = { .phone_id = exchange->caller.resident_id };
    struct core_reply reply;

    asked.head.object_id = binding_id;
    if (exchange_core(exchange, CORE_RESIDENT_UNBIND, &asked.head, &reply) != 0)
        return -1;
    exchange->status = 204;
    return 0;
}

int handle_resident_forget(struct exchange *exchange)
{
    session_cookie_set(exchange, RESIDENT_COOKIE, "", 0);
    return unbind(exchange, 0);
}

int handle_resident_unbind(struct exchange *exchange)
{
    return unbind(exchange, exchange->object_id);
}

/* The first days of this month and of the one before. */
static void months_bind(const struct exchange *exchange, struct parameters *parameters)
{
    struct calendar_date date = calendar_date_of_day(exchange_today(exchange));
    int64_t first = exchange_today(exchange) - date.day_of_month + 1;
    int64_t before = first - calendar_date_of_day(first - 1).day_of_month;

    parameters_integer(parameters, "month_day", first);
    parameters_integer(parameters, "last_month_day", before);
}

int handle_resident_accounts(struct exchange *exchange)
{
    struct parameters parameters;

    parameters_fill(&parameters, exchange);
    months_bind(exchange, &parameters);
    json_object_begin(&exchange->out);
    json_put_key_integer(&exchange->out, "now_s", exchange->now_s);
    if (rows_write(exchange, "items", VIEW_RESIDENT_ACCOUNTS, &parameters) != 0)
        return -1;
    json_object_end(&exchange->out);
    return 0;
}

/* Whose meter it is, and since and until when. */
struct tenure {
    int64_t device_id;
    int64_t others_day; /* the last day of somebody else; 0: none */
    int64_t closed_s;   /* 0: it goes on */
};

static int tenure_take(void *context, const struct view_row *row)
{
    struct tenure *tenure = context;
    const struct { const char *name; int64_t *to; } wanted[] = {
        { "device_id", &tenure->device_id }, { "others_day", &tenure->others_day }, { "closed_s", &tenure->closed_s },
    };

    for (size_t i = 0; i < row->count; i++)
        for (size_t k = 0; k < sizeof wanted / sizeof wanted[0]; k++)
            if (strcmp(row->columns[i].name, wanted[k].name) == 0 && row->cells[i].type == VIEW_INTEGER)
                *wanted[k].to = row->cells[i].integer;
    return 1;
}

static void day_give(struct exchange *exchange, const char *name, int64_t day)
{
    for (size_t i = 0; i < exchange->route->field_count; i++)
        if (strcmp(exchange->route->fields[i].name, name) == 0) {
            exchange->values[i].given = true;
            exchange->values[i].integer = day;
        }
}

/* Narrow what was asked to the customer's own time at the meter. */
static void days_narrow(struct exchange *exchange, const struct tenure *tenure)
{
    const struct field_value *step = exchange_value(exchange, "step");
    int64_t length = step != NULL && span_equal_text(step->text, "month") ? USAGE_MONTHS_DAYS : USAGE_DAYS;
    int64_t to = exchange_integer(exchange, "to", exchange_today(exchange));
    int64_t from = exchange_integer(exchange, "from", to - length + 1);

    if (tenure->closed_s != 0) {
        int64_t last = calendar_local_day(tenure->closed_s, exchange->caller.zone_offset_s);
        to = to < last ? to : last;
    }
    if (tenure->others_day != 0) {
        from = from > tenure->others_day ? from : tenure->others_day + 1;
        to = to > tenure->others_day ? to : tenure->others_day + 1;
    }
    day_give(exchange, "to", to);
    day_give(exchange, "from", from < to ? from : to);
}

/* The use of a meter is a resident's when the account is, and for as long as it was. */
int handle_resident_usage(struct exchange *exchange)
{
    struct parameters parameters;
    struct tenure tenure = { .device_id = 0 };

    parameters_fill(&parameters, exchange);
    months_bind(exchange, &parameters);
    if (exchange_read(exchange, VIEW_RESIDENT_ACCOUNT, &parameters, tenure_take, &tenure) < 0)
        return -1;
    if (tenure.device_id == 0)
        return exchange_refuse_api(exchange, API_ERR_NOT_FOUND);
    days_narrow(exchange, &tenure);
    exchange->object_id = tenure.device_id;
    return handle_device_usage(exchange);
}

struct customer_row {
    bool found;
    char number[64];
    char login[64];
};

static int customer_take(void *context, const struct view_row *row)
{
    struct customer_row *customer = context;

    customer->found = true;
    for (size_t i = 0; i < row->count; i++) {
        if (row->cells[i].type != VIEW_TEXT)
            continue;
        if (strcmp(row->columns[i].name, "number") == 0)
            (void)text_copy(row->cells[i].text, customer->number, sizeof customer->number);
        if (strcmp(row->columns[i].name, "login") == 0)
            (void)text_copy(row->cells[i].text, customer->login, sizeof customer->login);
    }
    return 1;
}

/* Ten random digits: easily read from a slip and typed on a phone. 0; SECURITY_ERR_CRYPTOGRAPHY. */
static int first_password_make(char text[FIRST_PASSWORD_DIGITS + 1])
{
    struct secret_source source = secret_source_system();
    size_t digits = 0;

    while (digits < FIRST_PASSWORD_DIGITS) {
        uint8_t byte;
        int result = source.fill(source.context, &byte, 1);
        if (result != 0)
            return result;
        if (byte < 250)
            text[digits++] = (char)('0' + byte % 10);
    }
    text[digits] = '\0';
    return 0;
}

static void lower(char *text)
{
    for (; *text != '\0'; text++)
        if (*text >= 'A' && *text <= 'Z')
            *text = (char)(*text + ('a' - 'A'));
}

/* The name asked for, else the one there is, else the customer's number. */
static void login_choose(const struct exchange *exchange, const struct customer_row *customer, struct core_resident *asked)
{
    const struct field_value *wanted = exchange_value(exchange, "login");
    struct span name = span_of_text(customer->login[0] != '\0' ? customer->login : customer->number);

    if (wanted != NULL)
        name = text_trim(wanted->text);
    (void)text_copy(name, asked->login, sizeof asked->login);
    lower(asked->login);
}

static void issued_answer(struct exchange *exchange, const char *login, const char *password)
{
    exchange->status = 201;
    json_object_begin(&exchange->out);
    json_put_key_text(&exchange->out, "login", login);
    json_put_key_text(&exchange->out, "password", password);
    json_put_key_integer(&exchange->out, "days", RESIDENT_ONE_TIME_S / 86400);
    json_object_end(&exchange->out);
}

int handle_resident_issue(struct exchange *exchange)
{
    struct parameters parameters;
    struct customer_row customer = { .found = false };
    struct core_resident asked = { .one_time = true };
    struct secret_source source = secret_source_system();
    char password[FIRST_PASSWORD_DIGITS + 1];
    char hash[PASSWORD_HASH_LIMIT];
    struct core_reply reply;

    parameters_fill(&parameters, exchange);
    if (exchange_read(exchange, VIEW_CUSTOMER_RESIDENT, &parameters, customer_take, &customer) < 0)
        return -1;
    if (!customer.found)
        return exchange_refuse_api(exchange, API_ERR_NOT_FOUND);
    int result = first_password_make(password);
    if (result == 0)
        result = password_hash(span_of_text(password), &password_cost_default, &source, hash);
    if (result != 0)
        return exchange_refuse(exchange, security_error_info(result), "");
    asked.head.object_id = exchange->object_id;
    login_choose(exchange, &customer, &asked);
    (void)text_copy(span_of_text(hash), asked.password_hash, sizeof asked.password_hash);
    if (exchange_core(exchange, CORE_RESIDENT_ISSUE, &asked.head, &reply) != 0)
        return -1;
    issued_answer(exchange, asked.login, password);
    OPENSSL_cleanse(password, sizeof password);
    return 0;
}
