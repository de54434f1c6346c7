#include <stdlib.h>
#include <string.h>

#include "api/handlers.h"
#include "api/route.h"
#include "base/decimal.h"
#include "base/quantity.h"
#include "codec/item/item_quantity.h"
#include "dialog/device_codec.h"

static void words_write(struct json_writer *out, const char *key, const char *zh, const char *en)
{
    json_put_key(out, key);
    json_object_begin(out);
    json_put_key_text(out, "zh", zh);
    json_put_key_text(out, "en", en);
    json_object_end(out);
}

static void problems_write(struct json_writer *out, const struct profile_problems *problems, bool is_english)
{
    json_put_key(out, "problems");
    json_array_begin(out);
    for (size_t i = 0; i < profile_problems_kept(problems); i++) {
        json_object_begin(out);
        json_put_key_text(out, "file", problems->rows[i].file);
        json_put_key_integer(out, "line", problems->rows[i].line);
        json_put_key_text(out, "text", is_english ? problems->rows[i].text_en : problems->rows[i].text_zh);
        json_object_end(out);
    }
    json_array_end(out);
    json_put_key_integer(out, "problem_count", (int64_t)problems->count);
}

/* What list and detail begin with. */
static void head_write(struct json_writer *out, const struct profile_set_row *row)
{
    const struct device_profile *profile = &row->profile;
    const struct device_codec_info *codec = device_codec_at(profile->codec);

    json_put_key_text(out, "profile", profile->name);
    words_write(out, "name", profile->words.zh, profile->words.en);
    json_put_key_text(out, "kind", profile_kind_name((enum device_kind)profile->kind));
    json_put_key_text(out, "codec", codec->name);
    words_write(out, "codec_name", codec->chinese, codec->english);
    json_put_key_integer(out, "points", profile->point_count);
    json_put_key_integer(out, "commands", profile->command_count);
    json_put_key_text(out, "file", row->file);
}

static void list_write(struct json_writer *out, const struct profile_set *set, const struct profile_problems *problems,
    bool is_english)
{
    json_object_begin(out);
    json_put_key(out, "items");
    json_array_begin(out);
    for (size_t i = 0; i < set->count; i++) {
        json_object_begin(out);
        head_write(out, set->rows[i]);
        json_object_end(out);
    }
    json_array_end(out);
    json_put_key_integer(out, "count", (int64_t)set->count);
    json_put_key_boolean(out, "count_exact", true);
    json_put_key(out, "next");
    json_put_null(out);
    problems_write(out, problems, is_english);
    json_object_end(out);
}

int handle_profiles(struct exchange *exchange)
{
    const struct api_profiles *port = &exchange->config->profiles;
    struct profile_problems *problems = calloc(1, sizeof *problems);

    if (problems == NULL || port->hold == NULL) {
        free(problems);
        return exchange_refuse_api(exchange, port->hold == NULL ? API_ERR_UNSUPPORTED : API_ERR_MEMORY);
    }
    const struct profile_set *set = port->hold(port->context);
    port->complaints(port->context, problems);
    list_write(&exchange->out, set, problems, exchange_is_english(exchange));
    port->release(port->context, set);
    free(problems);
    return 0;
}

static void point_write(struct json_writer *out, const struct device_point *point)
{
    const struct item_quantity_info *quantity = item_quantity_info((enum item_quantity)point->quantity);
    bool is_named = point->words.zh[0] != '\0';
    char identifier[12] = "";

    if (point->identifier_digits > 0)
        (void)snprintf(identifier, sizeof identifier, "%0*X", (int)point->identifier_digits, (unsigned)point->identifier);
    json_object_begin(out);
    json_put_key_text(out, "name", point->name);
    words_write(out, "words", is_named ? point->words.zh : quantity->chinese,
                is_named ? point->words.en : quantity->english);
    json_put_key_text(out, "quantity", quantity->name);
    json_put_key_text(out, "identifier", identifier);
    json_put_key(out, "bit");
    if (point->has_bit)
        json_put_integer(out, point->bit);
    else
        json_put_null(out);
    json_put_key_text(out, "unit", item_unit_text((enum item_unit)point->unit));
    json_put_key_integer(out, "tariff", point->tariff);
    json_put_key_integer(out, "phase", point->phase);
    json_put_key_integer(out, "storage", point->storage);
    json_put_key_text(out, "alarm", point->alarm > 0 ? alarm_name((enum alarm)(point->alarm - 1)) : "");
    json_put_key_text(out, "period", profile_period_name(point->period));
    json_put_key_text(out, "group", profile_group_name((enum device_point_group)point->group));
    json_put_key_boolean(out, "register", point->is_register != 0);
    json_object_end(out);
}

static void parameters_write(struct json_writer *out, const char *key, uint8_t set)
{
    json_put_key(out, key);
    json_array_begin(out);
    for (unsigned i = 0; i < DEVICE_PARAMETER_BIT_COUNT; i++)
        if ((set & (1u << i)) != 0)
            json_put_text(out, span_of_text(profile_parameter_name(i)));
    json_array_end(out);
}

static void command_write(struct json_writer *out, const struct device_profile *profile,
    const struct device_profile_command *command)
{
    json_object_begin(out);
    json_put_key_text(out, "command", profile_command_name((enum device_command_code)command->command));
    words_write(out, "words", command->words.zh, command->words.en);
    parameters_write(out, "parameters", command->parameters);
    parameters_write(out, "optional", command->optional);
    json_put_key(out, "confirm");
    if (command->has_confirmation) {
        json_object_begin(out);
        json_put_key_text(out, "point", profile->points[command->confirm_point].name);
        json_put_key_integer(out, "value", command->confirm_value);
        json_put_key_integer(out, "within_s", command->confirm_within_s);
        json_object_end(out);
    } else {
        json_put_null(out);
    }
    json_object_end(out);
}

static void line_write(struct json_writer *out, const struct device_profile *profile)
{
    const struct device_profile_line *line = &profile->line;
    char format[4] = { '8', (char)line->parity, (char)('0' + line->stop_bits), '\0' };

    json_put_key(out, "line");
    if (!device_codec_at(profile->codec)->has_line) {
        json_put_null(out);
        return;
    }
    json_object_begin(out);
    json_put_key_integer(out, "baud", line->baud);
    json_put_key_text(out, "format", format);
    json_put_key_integer(out, "answer_timeout_ms", line->answer_timeout_ms);
    json_put_key_integer(out, "byte_timeout_ms", line->byte_timeout_ms);
    json_put_key_integer(out, "retries", line->retries);
    json_object_end(out);
}

static void limits_write(struct json_writer *out, const struct device_profile_limits *limits)
{
    char maximum[DECIMAL_TEXT_LIMIT] = "";

    json_put_key(out, "limits");
    if (limits->integer_digits == 0) {
        json_put_null(out);
        return;
    }
    if (limits->day_maximum > 0)
        (void)decimal_format(limits->day_maximum, limits->decimals, true, maximum, sizeof maximum);
    json_object_begin(out);
    json_put_key_text(out, "unit", item_unit_text((enum item_unit)limits->unit));
    json_put_key_integer(out, "integer_digits", limits->integer_digits);
    json_put_key_integer(out, "decimals", limits->decimals);
    json_put_key_text(out, "day_maximum", maximum);
    json_object_end(out);
}

static void profile_write(struct json_writer *out, const struct profile_set_row *row)
{
    const struct device_profile *profile = &row->profile;

    json_object_begin(out);
    head_write(out, row);
    words_write(out, "note", profile->note.zh, profile->note.en);
    json_put_key_text(out, "maker", profile->maker);
    json_put_key_text(out, "transformer", profile_transformer_name((enum device_transformer)profile->transformer));
    json_put_key_integer(out, "settlement_day", profile->calendar.settlement_day);
    line_write(out, profile);
    limits_write(out, &profile->limits);
    json_put_key(out, "point_list");
    json_array_begin(out);
    for (size_t i = 0; i < profile->point_count; i++)
        point_write(out, &profile->points[i]);
    json_array_end(out);
    json_put_key(out, "command_list");
    json_array_begin(out);
    for (size_t i = 0; i < profile->command_count; i++)
        command_write(out, profile, &profile->commands[i]);
    json_array_end(out);
    json_object_end(out);
}

int handle_profile(struct exchange *exchange)
{
    const struct api_profiles *port = &exchange->config->profiles;

    if (port->hold == NULL)
        return exchange_refuse_api(exchange, API_ERR_UNSUPPORTED);
    const struct profile_set *set = port->hold(port->context);
    const struct profile_set_row *row = profile_set_find(set, span_of_text(exchange->key));
    if (row != NULL)
        profile_write(&exchange->out, row);
    port->release(port->context, set);
    return row != NULL ? 0 : exchange_refuse_api(exchange, API_ERR_PROFILE);
}

/* The usual error object, and beside it what is wrong where. */
static int reload_refuse(struct exchange *exchange, const struct profile_problems *problems)
{
    const struct error_info *info = api_error_info(API_ERR_PROFILES_WRONG);
    struct json_writer *out = &exchange->out;
    bool is_english = exchange_is_english(exchange);

    exchange->status = (unsigned)info->http_status;
    exchange->content_type_out = "application/json; charset=utf-8";
    json_object_begin(out);
    json_put_key(out, "error");
    json_object_begin(out);
    json_put_key_text(out, "code", info->code);
    json_put_key_text(out, "message", is_english ? info->text_en : info->text_zh);
    problems_write(out, problems, is_english);
    json_object_end(out);
    json_object_end(out);
    return -1;
}

/* Who asked; what comes of it stands in the answer and in the log. */
static int reload_note(struct exchange *exchange)
{
    struct core_audit audit = { .action = "profiles.reload", .object_kind = "profiles" };
    struct core_reply reply;

    return exchange_core(exchange, CORE_AUDIT_APPEND, &audit.head, &reply);
}

int handle_profiles_reload(struct exchange *exchange)
{
    const struct api_profiles *port = &exchange->config->profiles;
    struct profile_problems *problems = calloc(1, sizeof *problems);
    int result = -1;

    if (port->reload == NULL)
        exchange_refuse_api(exchange, API_ERR_UNSUPPORTED);
    else if (problems == NULL)
        exchange_refuse_api(exchange, API_ERR_MEMORY);
    else if (reload_note(exchange) != 0)
        result = -1; /* the answer is written */
    else if (port->reload(port->context, problems) < 0)
        reload_refuse(exchange, problems);
    else
        result = handle_profiles(exchange);
    free(problems);
    return result;
}
