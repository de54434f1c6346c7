#include <stdlib.h>
#include <string.h>

#include "api/api_metrics.h"
#include "api/handlers.h"
#include "api/live_stream.h"
#include "api/openapi.h"
#include "api/route.h"
#include "api/shard_figures.h"
#include "base/text.h"
#include "security/password.h"
#include "security/security_error.h"
#include "security/setting.h"

#define DEMO_TEXT_LIMIT 2048

static uint32_t speed_read(const struct exchange *exchange)
{
    const struct api_clock *clock = &exchange->config->clock;
    return clock->speed != NULL ? clock->speed(clock->context) : 1;
}

int handle_clock(struct exchange *exchange)
{
    struct json_writer *out = &exchange->out;

    json_object_begin(out);
    json_put_key_integer(out, "now_s", exchange->now_s);
    json_put_key_integer(out, "zone_offset_s", exchange->caller.person_id != 0 ? exchange->caller.zone_offset_s : 28800);
    json_put_key_integer(out, "speed", speed_read(exchange));
    json_object_end(out);
    return 0;
}

/* The demo's own JSON object with the clock in front. */
int handle_demo(struct exchange *exchange)
{
    const struct api_demo *demo = &exchange->config->demo;
    struct json_writer *out = &exchange->out;
    char text[DEMO_TEXT_LIMIT];

    if (demo->describe == NULL)
        return exchange_refuse_api(exchange, API_ERR_NOT_DEMO);
    int size = demo->describe(demo->context, text, sizeof text);
    json_object_begin(out);
    json_put_key_boolean(out, "enabled", true);
    json_put_key_integer(out, "speed", speed_read(exchange));
    json_put_key_integer(out, "now_s", exchange->now_s);
    if (size > 2) {
        json_append(out, ",", 1);
        json_append(out, text + 1, (size_t)size - 2);
    }
    json_object_end(out);
    return 0;
}

int handle_demo_speed(struct exchange *exchange)
{
    const struct api_demo *demo = &exchange->config->demo;

    if (demo->speed_set == NULL)
        return exchange_refuse_api(exchange, API_ERR_NOT_DEMO);
    if (demo->speed_set(demo->context, (uint32_t)exchange_integer(exchange, "speed", 1)) != 0)
        return exchange_refuse(exchange, api_error_info(API_ERR_FIELD_CHOICE), "speed");
    return handle_demo(exchange);
}

struct stored_settings {
    size_t count;
    struct {
        char key[64];
        char value[SETTING_VALUE_LIMIT];
    } rows[64];
};

static int setting_take(void *context, const struct view_row *row)
{
    struct stored_settings *stored = context;

    if (stored->count == sizeof stored->rows / sizeof stored->rows[0])
        return 1;
    if (text_copy(row->cells[0].text, stored->rows[stored->count].key, sizeof stored->rows[0].key) >= 0
        && text_copy(row->cells[1].text, stored->rows[stored->count].value, sizeof stored->rows[0].value) >= 0)
        stored->count++;
    return 0;
}

static const char *stored_find(const struct stored_settings *stored, const struct setting *setting)
{
    for (size_t i = 0; i < stored->count; i++)
        if (strcmp(stored->rows[i].key, setting->key) == 0)
            return stored->rows[i].value;
    return setting->value;
}

static void setting_write(struct json_writer *out, const struct setting *setting, const char *value)
{
    bool bounded = setting->type == SETTING_INTEGER || setting->type == SETTING_CLOCK_MIN;

    json_object_begin(out);
    json_put_key_text(out, "key", setting->key);
    json_put_key_text(out, "value", value);
    json_put_key_text(out, "type", setting_type_name(setting->type));
    json_put_key_text(out, "section", setting_section_name(setting->section));
    json_put_key_text(out, "unit", setting->unit);
    if (setting->type == SETTING_CHOICE)
        json_put_key_text(out, "choices", setting_choices(setting));
    json_put_key_text(out, "default", setting->value);
    json_put_key(out, "minimum");
    if (bounded)
        json_put_integer(out, setting->minimum);
    else
        json_put_null(out);
    json_put_key(out, "maximum");
    if (bounded)
        json_put_integer(out, setting->maximum);
    else
        json_put_null(out);
    json_put_key_text(out, "help_zh", setting->help_zh);
    json_put_key_text(out, "help_en", setting->help_en);
    json_object_end(out);
}

int handle_settings(struct exchange *exchange)
{
    struct parameters parameters;
    struct json_writer *out = &exchange->out;
    struct stored_settings *stored = calloc(1, sizeof *stored);

    if (stored == NULL)
        return exchange_refuse_api(exchange, API_ERR_MEMORY);
    parameters_fill(&parameters, exchange);
    int rows = exchange_read(exchange, VIEW_SETTINGS, &parameters, setting_take, stored);
    if (rows >= 0) {
        json_object_begin(out);
        json_put_key(out, "items");
        json_array_begin(out);
        for (size_t i = 0; i < setting_count(); i++)
            setting_write(out, setting_at(i), stored_find(stored, setting_at(i)));
        json_array_end(out);
        json_object_end(out);
    }
    free(stored);
    return rows < 0 ? -1 : 0;
}

int handle_setting_put(struct exchange *exchange)
{
    const struct setting *setting = setting_find(exchange->key);
    struct core_setting asked = { .head = { .object_id = 0 } };
    struct core_reply reply;

    if (setting == NULL)
        return exchange_refuse(exchange, security_error_info(SECURITY_ERR_SETTING), "key");
    (void)text_copy(span_of_text(exchange->key), asked.key, sizeof asked.key);
    fields_copy(exchange->route->fields, exchange->route->field_count, exchange->values, &asked, &asked.head.present);
    if (exchange_core(exchange, CORE_SETTING_PUT, &asked.head, &reply) != 0)
        return -1;
    setting_write(&exchange->out, setting, asked.value);
    return 0;
}

/* The password is hashed here, in the api's thread: the core gets the hash only. */
int person_prepare(struct exchange *exchange, void *request)
{
    struct core_person *person = request;
    const struct field_value *password = exchange_value(exchange, "password");
    struct secret_source source = secret_source_system();
    char hash[PASSWORD_HASH_LIMIT];

    if (password == NULL)
        return 0;
    int result = password_check(password->text, span_of_text(person->login));
    if (result == 0)
        result = password_hash(password->text, &password_cost_default, &source, hash);
    if (result != 0)
        return exchange_refuse(exchange, security_error_info(result), NULL);
    (void)text_copy(span_of_text(hash), person->password_hash, sizeof person->password_hash);
    return 0;
}

int handle_health(struct exchange *exchange)
{
    struct parameters parameters = { .count = 0 };
    struct shard_figures shard;
    struct json_writer *out = &exchange->out;
    const struct api_forward *forward = &exchange->config->forward;
    bool reads = exchange_count(exchange, VIEW_TENANT, &parameters) != -1;
    bool tells = reads && shard_figures_read(exchange, &shard) == 0;

    json_writer_reset(out);
    exchange->status = reads ? 200 : 503;
    exchange->content_type_out = "application/json; charset=utf-8";
    json_object_begin(out);
    json_put_key_text(out, "status", reads ? "ok" : "degraded");
    json_put_key_text(out, "version", exchange->config->version != NULL ? exchange->config->version : "");
    if (forward->begin != NULL)
        json_put_key_text(out, "core", forward->is_linked(forward->context) ? "linked" : "none");
    if (tells)
        shard_figures_write(&shard, out);
    api_metrics_health(exchange, out);
    json_object_end(out);
    return 0;
}

int handle_metrics(struct exchange *exchange)
{
    struct shard_figures shard;
    bool tells = shard_figures_read(exchange, &shard) == 0;

    json_writer_reset(&exchange->out);
    exchange->status = 200;
    exchange->content_type_out = "text/plain; version=0.0.4; charset=utf-8";
    api_metrics_prometheus(exchange, &exchange->out);
    if (tells)
        shard_figures_prometheus(&shard, &exchange->out);
    return 0;
}

/* While the database cannot be read the names that the installation was started with are told. */
int handle_district(struct exchange *exchange)
{
    const struct district_list *districts = &exchange->config->districts;
    struct json_writer *out = &exchange->out;
    struct shard_figures shard;
    bool tells = shard_figures_read(exchange, &shard) == 0;

    json_writer_reset(out);
    exchange->status = 200;
    json_object_begin(out);
    json_put_key_known(out, "shard", tells, tells ? shard.number : 0);
    json_put_key_text(out, "name", tells ? shard.name : "");
    json_put_key_text(out, "key", districts->count > 0 ? districts->rows[districts->own].key : "");
    json_put_key(out, "districts");
    json_array_begin(out);
    for (size_t i = 0; i < districts->count; i++) {
        json_object_begin(out);
        json_put_key_text(out, "key", districts->rows[i].key);
        json_put_key_text(out, "name", districts->rows[i].name);
        json_object_end(out);
    }
    json_array_end(out);
    json_object_end(out);
    return 0;
}

int handle_openapi(struct exchange *exchange)
{
    openapi_write(&exchange->out, exchange->config->version);
    return 0;
}

int handle_live(struct exchange *exchange)
{
    return live_stream_begin(exchange);
}
